//! What differs in the series of two runs.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, RowGroupReader};
use parquet::file::serialized_reader::SerializedFileReader;
use ripstop::model::calendar::Day;
use serde_json::{Value, json};

use super::CompareError;

/// Series that are told one by one; of others the number.
const TOLD_MAX: usize = 1000;
/// Days of the years 1 to 9999.
const DAYS: std::ops::RangeInclusive<i32> = -719_162..=2_932_896;
/// Levels from the widest to the narrowest.
const LEVELS: [&str; 11] = ["total", "country", "group", "place", "sector", "market", "crossing", "product", "firm", "contract", "store"];

/// Run (`scenario` or `counterfactual`), place in the order of levels, level, entity, variable, unit.
type Key = (String, usize, String, String, String, String);
/// Values by day.
type Series = BTreeMap<i32, f64>;

/// The series that differ; a series that is left out is zero.
pub fn compare(a: (&Path, &Value), b: (&Path, &Value)) -> Result<Value, CompareError> {
    let (a, b) = (read(a.0, a.1)?, read(b.0, b.1)?);
    let none = Series::new();
    let keys: std::collections::BTreeSet<&Key> = a.keys().chain(b.keys()).collect();
    let (mut list, mut by_level, mut differ) = (Vec::new(), BTreeMap::<(usize, String), usize>::new(), 0_usize);
    for key in &keys {
        let (a, b) = (a.get(*key).unwrap_or(&none), b.get(*key).unwrap_or(&none));
        let Some((day, _)) = widest(a, b) else { continue };
        differ += 1;
        *by_level.entry((key.1, key.2.clone())).or_default() += 1;
        if list.len() < TOLD_MAX {
            let at = |series: &Series| series.get(&day).copied().unwrap_or(0.0);
            list.push(json!({
                "run": key.0, "level": key.2, "entity": key.3, "variable": key.4, "unit": key.5,
                "min_a": extreme(a, f64::min), "min_b": extreme(b, f64::min), "max_a": extreme(a, f64::max), "max_b": extreme(b, f64::max),
                "widest": { "date": Day(day).to_string(), "a": at(a), "b": at(b) },
            }));
        }
    }
    let by_level: serde_json::Map<String, Value> = by_level.into_iter().map(|((_, level), count)| (level, json!(count))).collect();
    Ok(json!({ "compared": keys.len(), "differ": differ, "by_level": by_level, "list": list }))
}

fn extreme(series: &Series, of: fn(f64, f64) -> f64) -> f64 {
    series.values().copied().reduce(of).unwrap_or(0.0)
}

/// The first day of the largest difference.
fn widest(a: &Series, b: &Series) -> Option<(i32, f64)> {
    let at = |series: &Series, day: i32| series.get(&day).copied().unwrap_or(0.0);
    let gaps = a.keys().chain(b.keys()).map(|&day| (day, (at(a, day) - at(b, day)).abs())).filter(|(_, gap)| *gap > 0.0);
    gaps.reduce(|best, one| if one.1 > best.1 || one.1 == best.1 && one.0 < best.0 { one } else { best })
}

/// Collects rows into series. Rows of a series stand together, so its key is made once.
struct Collector<'a> {
    scenario: &'a str,
    found: BTreeMap<Key, Series>,
    words: [String; 5],
    open: Series,
}

impl Collector<'_> {
    fn row(&mut self, day: i32, words: [&str; 5], value: f64) {
        if self.words.iter().zip(words).any(|(last, word)| last != word) {
            self.close();
            self.words = words.map(str::to_string);
        }
        self.open.insert(day, value);
    }

    fn close(&mut self) {
        let series = std::mem::take(&mut self.open);
        if series.is_empty() {
            return;
        }
        let [scenario, level, entity, variable, unit] = std::mem::take(&mut self.words);
        let run = if scenario == self.scenario { "scenario".to_string() } else { scenario };
        let rank = LEVELS.iter().position(|known| *known == level).unwrap_or(LEVELS.len());
        self.found.entry((run, rank, level, entity, variable, unit)).or_default().extend(series);
    }
}

fn read(dir: &Path, scenario: &Value) -> Result<BTreeMap<Key, Series>, CompareError> {
    let scenario = scenario.as_str().unwrap_or_default();
    let mut rows = Collector { scenario, found: BTreeMap::new(), words: Default::default(), open: Series::new() };
    let (parquet, csv) = (dir.join("series.parquet"), dir.join("series.csv"));
    if parquet.exists() {
        // The library may panic on a damaged file; that is a fault of the file here, not of the program.
        let read = ripstop_case::read::parquet_in::quietly(|| read_parquet(&parquet, &mut rows));
        let read = read.unwrap_or_else(|| Err(ParquetError::General("it is damaged".to_string())));
        read.map_err(|error| CompareError::new(&parquet, error))?;
    } else {
        read_csv(&csv, &mut rows).map_err(|error| CompareError::new(&csv, error))?;
    }
    rows.close();
    Ok(rows.found)
}

fn read_csv(path: &Path, rows: &mut Collector<'_>) -> Result<(), csv::Error> {
    for record in csv::Reader::from_path(path)?.records() {
        let record = record?;
        let cell = |column: usize| record.get(column).unwrap_or_default();
        let day = ripstop_case::parse_date(cell(0)).ok_or_else(|| std::io::Error::other(format!("`{}` is no date", cell(0))))?;
        let value = cell(5).parse().map_err(std::io::Error::other)?;
        rows.row(day, [1, 2, 3, 4, 6].map(|column| crate::study::series_out::spoken(cell(column))), value);
    }
    Ok(())
}

fn read_parquet(path: &Path, rows: &mut Collector<'_>) -> Result<(), ParquetError> {
    let reader = SerializedFileReader::new(File::open(path)?)?;
    for index in 0..reader.num_row_groups() {
        let group = reader.get_row_group(index)?;
        if group.num_columns() != 7 {
            return Err(ParquetError::General("it has not the columns of a series".to_string()));
        }
        let days = column::<Int32Type>(&*group, 0)?;
        let values = column::<DoubleType>(&*group, 5)?;
        let words: [Vec<ByteArray>; 5] = [
            column::<ByteArrayType>(&*group, 1)?,
            column::<ByteArrayType>(&*group, 2)?,
            column::<ByteArrayType>(&*group, 3)?,
            column::<ByteArrayType>(&*group, 4)?,
            column::<ByteArrayType>(&*group, 6)?,
        ];
        for (row, (&day, &value)) in days.iter().zip(&values).enumerate() {
            let mut texts = [""; 5];
            for (text, column) in texts.iter_mut().zip(&words) {
                *text = column[row].as_utf8()?;
            }
            if !DAYS.contains(&day) {
                return Err(ParquetError::General(format!("{day} is no day of a calendar")));
            }
            rows.row(day, texts, value);
        }
    }
    Ok(())
}

fn column<T: DataType>(group: &dyn RowGroupReader, index: usize) -> Result<Vec<T::T>, ParquetError> {
    let count = group.metadata().num_rows() as usize;
    let mut cells = Vec::with_capacity(count);
    get_typed_column_reader::<T>(group.get_column_reader(index)?).read_records(count, None, None, &mut cells)?;
    if cells.len() == count { Ok(cells) } else { Err(ParquetError::EOF("a column is cut short".to_string())) }
}
