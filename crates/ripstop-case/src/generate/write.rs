//! The case folder of a made network.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::{IoTable, Made, NAMES, Request, SHIPPED};
use crate::disk::OutputError;
use crate::disk::place::Place;
use crate::language::dates::date_of;

/// First day of the case: that of the shipped table's year.
const START: i32 = 14_975;

/// Rows of a row group.
const GROUP: usize = 1 << 20;

/// Writes the case into its place, whole or not at all; a folder that is there already must be empty.
///
/// Errors: the file system fails, or something has come to stand there.
pub fn write(place: &Place, table: &IoTable, request: &Request, made: &Made) -> Result<(), OutputError> {
    let name = place.asked().file_name().map_or_else(|| "firms".into(), |name| name.to_string_lossy().into_owned());
    place.fill(|fresh| fill(fresh, table, request, made, &name))
}

fn fill(dir: &Path, table: &IoTable, request: &Request, made: &Made, name: &str) -> Result<(), OutputError> {
    let text = |file: &str, body: String| {
        let path = dir.join(file);
        crate::disk::write_whole(&path, body.as_bytes()).map_err(|error| OutputError::Io { path, error })
    };
    text("case.toml", case_toml(table, request, made, name))?;
    text("places.csv", places(table))?;
    text("products.csv", products(table))?;
    text("sources.csv", sources(table))?;
    text("events.csv", events(request, made))?;
    text("README.md", readme(table, request, made))?;
    text("generate.json", serde_json::to_string_pretty(&made.report).unwrap_or_default() + "\n")?;
    firms(&dir.join("firms.parquet"), table, made)?;
    links(&dir.join("links.parquet"), made)
}

/// Whether the table is the one that comes with ripstop, whatever its path.
fn is_shipped(table: &IoTable) -> bool {
    table.blake3 == blake3::hash(SHIPPED).to_hex().as_str()
}

/// The id of a firm: whole numbers from 1.
fn id(firm: u32) -> u32 {
    firm + 1
}

/// The name of a sector, where it is known.
fn sector_name(table: &IoTable, sector: usize) -> String {
    let code = &table.sectors[sector];
    let mut names = csv::ReaderBuilder::new().from_reader(NAMES.as_bytes());
    let known = names.records().flatten().find(|record| record.get(0) == Some(code)).and_then(|record| record.get(1).map(str::to_owned));
    known.filter(|_| is_shipped(table)).unwrap_or_else(|| code.clone())
}

/// An ISO 3166-1 code of two letters for a region; `ZZ` where it is no one country's.
pub(super) fn country(region: &str) -> String {
    const KNOWN: &str = "AUS AU AUT AT BEL BE BGR BG BRA BR CAN CA CHE CH CHN CN CYP CY CZE CZ DEU DE DNK DK ESP ES EST EE FIN FI FRA FR \
        GBR GB GRC GR HRV HR HUN HU IDN ID IND IN IRL IE ISL IS ITA IT JPN JP KOR KR LTU LT LUX LU LVA LV MEX MX MLT MT NLD NL NOR NO \
        POL PL PRT PT ROM RO ROU RO RUS RU SVK SK SVN SI SWE SE TUR TR TWN TW USA US ZAF ZA";
    let mut words = KNOWN.split_whitespace();
    while let (Some(three), Some(two)) = (words.next(), words.next()) {
        if three == region {
            return two.to_owned();
        }
    }
    let two = region.len() == 2 && region.bytes().all(|byte| byte.is_ascii_uppercase());
    if two {
        region.to_owned()
    } else if region.starts_with("EU") {
        "EU".to_owned()
    } else {
        "ZZ".to_owned()
    }
}

fn day(step: usize) -> String {
    date_of(START + step as i32).to_string()
}

/// First and last day of the stop in the scenario `shock`.
fn stop(request: &Request) -> (usize, usize) {
    let from = (request.days / 6).min(59);
    (from, (from + 29).min(request.days.saturating_sub(1)))
}

fn case_toml(table: &IoTable, request: &Request, made: &Made, name: &str) -> String {
    let (from, to) = stop(request);
    let sector = sector_name(table, made.shock_sector).replace('"', "'");
    let count = made.stopped.len();
    format!(
        "# Made by `ripstop generate`; README.md says how, generate.json what was asked for and obtained.\n\n[case]\nid = {:?}\n\
         title = \"{} firms made from an input-output table\"\n\
         question = \"What does the economy lose when the {count} largest firms of one sector stop for {} days?\"\n\
         start = {}\nend = {}\ncurrency = \"USD\"\ndefault_scenario = \"steady\"\n\n[settings]\nstart_state = \"steady\"\ndraws = 0\n\n\
         [scenarios.steady]\ntitle = \"Nothing happens\"\nabout = \"Nothing is to happen: every firm makes and buys the same every day.\"\n\n\
         [scenarios.shock]\ntitle = \"The {count} largest firms of {sector} stop\"\nabout = \"They make nothing from {} to {}; nobody stands in for them.\"\n",
        name.trim_start_matches('.'),
        made.industry.len(),
        to + 1 - from,
        day(0),
        day(request.days - 1),
        day(from),
        day(to),
    )
}

fn places(table: &IoTable) -> String {
    let mut text = String::from("id,country\n");
    for region in &table.regions {
        text.push_str(&format!("{region},{}\n", country(region)));
    }
    text
}

fn products(table: &IoTable) -> String {
    let mut text = String::from("id,name,unit,value_usd_per_unit,basis,source\n");
    for (sector, code) in table.sectors.iter().enumerate() {
        let name = sector_name(table, sector).replace('"', "\"\"");
        text.push_str(&format!("{code},\"{name}\",USD,1,inferred,table\n"));
    }
    text
}

fn sources(table: &IoTable) -> String {
    let statement = if is_shipped(table) {
        "\"Who buys what of whom in 2011: 35 sectors, aggregated to 8 regions\",World Input-Output Database (release 2013; CC BY 4.0),2013,en,A,https://doi.org/10.1111/roie.12178".to_owned()
    } else {
        format!("\"Who buys what of whom: the input-output table {}\",unknown,,,B,", table.file.replace('"', "'"))
    };
    format!("id,statement,publisher,date,language,grade,url\ntable,{statement}\n")
}

fn events(request: &Request, made: &Made) -> String {
    let (from, to) = stop(request);
    let firms: Vec<String> = made.stopped.iter().map(|&firm| format!("firm:{}", id(firm))).collect();
    let mut text = String::from("id,kind,target,from,to,value,scenarios\n");
    if !firms.is_empty() {
        text.push_str(&format!("stop,capacity,{},{},{},0,shock\n", firms.join(";"), day(from), day(to)));
    }
    text
}

fn readme(table: &IoTable, request: &Request, made: &Made) -> String {
    let cite = if is_shipped(table) {
        "World Input-Output Database, release 2013, year 2011, aggregated to 8 regions and 35 sectors. Licence CC BY 4.0. Cite: M. P. Timmer, E. Dietzenbacher, B. Los, \
         R. Stehrer, G. J. de Vries (2015): An Illustrated User Guide to the World Input-Output Database: the Case of Global Automotive Production. Review of \
         International Economics 23(3), 575-605, doi 10.1111/roie.12178."
            .to_owned()
    } else {
        format!("{} (blake3 {}). Cite its publisher.", table.file, table.blake3)
    };
    format!(
        "# {} firms, {} links\n\nMade by `ripstop generate` (version {}), seed {}. **The firms are invented.** What is real is the input-output table, and the exponents \
         of the tails.\n\n## Table\n{cite}\n\nValues are the table's millions a year, as USD a day (x 1,000,000 / 365).\n\n## Asked and obtained\n{}\n\n\
         All figures: generate.json. How it is made and what it cannot tell: docs/national.md of ripstop.\n\n## Literature\n\
         - Degrees: Y. Fujiwara, H. Aoyama (2010): Large-scale structure of a nation-wide production network. European Physical Journal B 77, 565-580.\n\
         - Sizes: R. L. Axtell (2001): Zipf distribution of U.S. firm sizes. Science 293, 1818-1820.\n",
        made.industry.len(),
        made.seller.len(),
        env!("CARGO_PKG_VERSION"),
        request.seed,
        super::lines(made)
            .into_iter()
            .map(|(what, asked, obtained)| format!("| {what} | {asked} | {obtained} |\n"))
            .fold("| | asked | obtained |\n|---|---|---|\n".to_owned(), |text, line| text + &line),
    )
}

/// A column of a file.
enum Cells<'a> {
    Whole(&'a dyn Fn(usize) -> i32),
    Real(&'a dyn Fn(usize) -> f64),
    Text(&'a dyn Fn(usize) -> ByteArray),
}

fn firms(path: &Path, table: &IoTable, made: &Made) -> Result<(), OutputError> {
    let words = |list: &[String]| -> Vec<ByteArray> { list.iter().map(|word| ByteArray::from(word.as_str())).collect() };
    let (sectors, regions) = (words(&table.sectors), words(&table.regions));
    let of = |firm: usize| table.of[made.industry[firm] as usize];
    columns(
        path,
        made.industry.len(),
        &[
            ("id", Cells::Whole(&|firm| id(firm as u32) as i32)),
            ("place", Cells::Text(&|firm| regions[of(firm).0].clone())),
            ("sector", Cells::Text(&|firm| sectors[of(firm).1].clone())),
            ("final_demand_per_day", Cells::Real(&|firm| made.final_demand[firm])),
        ],
    )
}

fn links(path: &Path, made: &Made) -> Result<(), OutputError> {
    let mut buyers = Vec::with_capacity(made.seller.len());
    for buyer in 0..made.industry.len() {
        buyers.resize(buyers.len() + made.of(buyer).len(), id(buyer as u32) as i32);
    }
    columns(
        path,
        made.seller.len(),
        &[
            ("seller", Cells::Whole(&|link| id(made.seller[link]) as i32)),
            ("buyer", Cells::Whole(&|link| buyers[link])),
            ("value_per_day", Cells::Real(&|link| made.value[link])),
        ],
    )
}

/// Writes columns as Parquet: numbers as they are, words by dictionary.
fn columns(path: &Path, rows: usize, list: &[(&str, Cells<'_>)]) -> Result<(), OutputError> {
    let failed = |error| OutputError::Parquet { path: path.to_path_buf(), error };
    let broken = |error| OutputError::Io { path: path.to_path_buf(), error };
    let file = fs::File::create(path).map_err(broken)?;
    let file = write_columns(file, rows, list).map_err(failed)?;
    file.sync_all().map_err(broken)
}

fn write_columns(file: fs::File, rows: usize, list: &[(&str, Cells<'_>)]) -> Result<fs::File, ParquetError> {
    let mut properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
    let mut fields = Vec::new();
    for (name, cells) in list {
        let physical = match cells {
            Cells::Whole(_) => Physical::INT32,
            Cells::Real(_) => Physical::DOUBLE,
            Cells::Text(_) => Physical::BYTE_ARRAY,
        };
        if physical == Physical::INT32 {
            properties = properties
                .set_column_dictionary_enabled((*name).into(), false)
                .set_column_encoding((*name).into(), Encoding::DELTA_BINARY_PACKED);
        } else if physical == Physical::DOUBLE {
            properties = properties.set_column_dictionary_enabled((*name).into(), false);
        }
        let built = Type::primitive_type_builder(name, physical).with_repetition(Repetition::REQUIRED);
        let logical = (physical == Physical::BYTE_ARRAY).then_some(LogicalType::String);
        fields.push(Arc::new(built.with_logical_type(logical).build()?));
    }
    let schema = Type::group_type_builder("table").with_fields(fields).build()?;
    let mut writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties.build()))?;
    for start in (0..rows).step_by(GROUP) {
        let span = start..(start + GROUP).min(rows);
        let mut group = writer.next_row_group()?;
        for (_, cells) in list {
            let Some(mut column) = group.next_column()? else { break };
            match cells {
                Cells::Whole(of) => column.typed::<Int32Type>().write_batch(&span.clone().map(of).collect::<Vec<_>>(), None, None)?,
                Cells::Real(of) => column.typed::<DoubleType>().write_batch(&span.clone().map(of).collect::<Vec<_>>(), None, None)?,
                Cells::Text(of) => column.typed::<ByteArrayType>().write_batch(&span.clone().map(of).collect::<Vec<_>>(), None, None)?,
            };
            column.close()?;
        }
        group.close()?;
    }
    writer.into_inner()
}
