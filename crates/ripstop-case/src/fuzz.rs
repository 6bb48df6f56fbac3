//! Random faults in every reader, the same ones in every run: nothing panics, nothing hangs, memory stays bounded.
//! `fuzz/` at the top of the project looks further with coverage, and `tests/fuzz_corpus.rs` reads what it kept; this is what every run of the tests
//! does besides.

#![cfg(test)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::language::diagnostic::Diagnostic;
use crate::language::limits::Limits;
use crate::language::schema::TABLES;
use crate::load::load_files;
use crate::read::bytes::{RawTable, read_text};
use crate::read::dialect;
use crate::tables::names::Names;
use crate::tables::parameters::ParamId;
use crate::tables::selector::Selector;
use crate::{language::dates, language::expr, read::parquet_in, tables::claims, tables::settings};

/// Marsaglia's xorshift: the same inputs in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }
}

/// Pieces that break readers.
const PIECES: &[&[u8]] = &[
    b",",
    b";",
    b"\t",
    b"\"",
    b"\"\"",
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"sep=;",
    b"$",
    b"$x * ",
    b"((((((((",
    b"))",
    b"1e999",
    b"-",
    b"NaN",
    b"none",
    b"2020-02-30",
    b"31/12/2020",
    b"1.234,5",
    b"1,234",
    b"#REF!",
    b"'",
    "−".as_bytes(),
    "\u{a0}".as_bytes(),
    "\u{202e}".as_bytes(),
    "🧵".as_bytes(),
    b"[[",
    b"]]",
    b"=",
    b"\"\"\"",
    b"{",
    b"}",
    b"firm:",
    b" & ",
    b"!",
    b"*",
    b"/",
    b"00000000000000000000000000000000",
    b"9999-12-31",
    b"-9999",
    b"\xc3\x28",
    b"#",
];

/// A few changes to a text: bytes flipped, pieces put in, parts doubled, moved or cut.
fn changed(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(6) {
            0 if at < bytes.len() => bytes[at] = dice.next() as u8,
            1 => drop(bytes.splice(at..at, PIECES[dice.below(PIECES.len())].iter().copied())),
            2 => bytes.truncate(at),
            3 => {
                let end = (at + dice.below(40)).min(bytes.len());
                let part = bytes[at..end].to_vec();
                let to = dice.below(bytes.len() + 1);
                drop(bytes.splice(to..to, part));
            }
            4 => {
                let end = (at + dice.below(20)).min(bytes.len());
                drop(bytes.drain(at..end));
            }
            _ => {
                let end = (at + PIECES[dice.below(PIECES.len())].len()).min(bytes.len());
                drop(bytes.splice(at..end, PIECES[dice.below(PIECES.len())].iter().copied()));
            }
        }
    }
    bytes
}

fn seeds() -> Vec<(String, Vec<u8>)> {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/teaching/processing-unpaid");
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(dir)
        .unwrap()
        .flatten()
        .map(|file| (file.file_name().to_string_lossy().into_owned(), std::fs::read(file.path()).unwrap()))
        .filter(|(name, _)| !name.ends_with(".md"))
        .collect();
    files.sort();
    files
}

/// No single input may take this long, on any machine: a hang, not a speed.
const HANG: Duration = Duration::from_secs(20);

fn each(count: usize, seed: u64, mut one: impl FnMut(&mut Dice)) {
    let mut dice = Dice(seed);
    for _ in 0..count {
        let start = Instant::now();
        one(&mut dice);
        assert!(start.elapsed() < HANG);
    }
}

/// Peak memory of this process in kilobytes, where the system says it.
fn peak_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().split(' ').next()?.parse().ok())
}

#[test]
fn tables() {
    let seeds = seeds();
    let before = peak_kilobytes();
    each(90_000, 0x9e37_79b9_7f4a_7c15, |dice| {
        let (name, text) = &seeds[dice.below(seeds.len())];
        let spec = TABLES.iter().find(|spec| spec.file == name).unwrap_or(&TABLES[dice.below(TABLES.len())]);
        let bytes = changed(text, dice);
        let mut diagnostics = Vec::new();
        let source = Arc::new(read_text(spec.file, &bytes, Some(spec), &Limits::DEFAULT, &mut diagnostics));
        if source.readable {
            let mut raw = RawTable::parse(spec, source, &Limits::DEFAULT, &mut diagnostics);
            dialect::read(&mut raw, &mut diagnostics);
        }
        inside(&diagnostics);
    });
    if let Some((before, after)) = before.zip(peak_kilobytes()) {
        assert!(after < before + 500_000, "{before} kB, then {after} kB");
    }
}

/// Whatever is said has a place that exists.
fn inside(diagnostics: &[Diagnostic]) {
    assert!(diagnostics.iter().all(|d| d.column > 0 || d.field.is_some()), "{diagnostics:#?}");
}

#[test]
fn toml_files() {
    let seeds = seeds();
    let claims_text = std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/sinuiju-2020/claims.toml")).unwrap();
    let raws: Vec<RawTable> = TABLES.iter().map(RawTable::absent).collect();
    let names = Names::build(&raws, Vec::new(), "USD", &mut Vec::new());
    let case = &seeds.iter().find(|(name, _)| name == "case.toml").unwrap().1;
    each(30_000, 0x1234_5678_9abc_def1, |dice| {
        let mut diagnostics = Vec::new();
        let of_claims = dice.below(4) == 0;
        // A part of the claims at a time: the whole file is long.
        let start = dice.below(claims_text.len());
        let seed = if of_claims { &claims_text[start..(start + 600).min(claims_text.len())] } else { case };
        let source = read_text("case.toml", &changed(seed, dice), None, &Limits::DEFAULT, &mut diagnostics);
        if of_claims {
            let _ = claims::read(&source, &names, &mut diagnostics);
        } else {
            let _ = settings::read(&source, "case", &mut diagnostics);
        }
        inside(&diagnostics);
    });
}

#[test]
fn cells() {
    let raws: Vec<RawTable> = TABLES.iter().map(RawTable::absent).collect();
    let names = Names::build(&raws, Vec::new(), "USD", &mut Vec::new());
    const SEEDS: &[&[u8]] = &[
        b"$a * (1 + $b) / 12 - 3e2",
        b"-(-1)",
        b"2020-04-17",
        b"$closed + 5",
        b"31/01/2020",
        b"1.250,5",
        b"place:sinuiju & sector:garments ; firm:a",
        b"!group:unha",
        b"02-29",
        b"2019-02",
        b"17 Apr 2020",
        b"1 500,25",
    ];
    each(100_000, 0xdead_beef_cafe_f00d, |dice| {
        let bytes = changed(SEEDS[dice.below(SEEDS.len())], dice);
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(expr) = expr::Expr::parse(&text, &|name| (name.len() < 3).then_some(ParamId(0))) {
            let _ = expr.evaluate(&[2.0]);
        }
        let _ = (expr::plain_number(&text), dates::parse_date(&text), dates::parse_period(&text), dates::parse_month_day(&text));
        let _ = (dates::looks_like_date(&text), dates::suggest_date(&text), Selector::parse(&text, &names));
    });
}

#[test]
fn whole_cases() {
    let seeds = seeds();
    each(3_000, 0x0bad_5eed_0bad_5eed, |dice| {
        let mut files = seeds.clone();
        for _ in 0..=dice.below(3) {
            let at = dice.below(files.len());
            files[at].1 = changed(&files[at].1, dice);
        }
        inside(&load_files("case", &files, &Limits::DEFAULT).diagnostics);
    });
}

#[test]
fn links() {
    let case = "[case]\ntitle = \"x\"\nstart = 2024-01-01\nend = 2024-02-01\ndefault_scenario = \"s\"\n[scenarios.s]\nabout = \"x\"\n";
    let firms = "id,sector,final_demand_per_day,stock_days\n1,a,5,\n2,b,7,3\nthree,b,,\n";
    let text = "seller,buyer,value_per_day\n1,2,3.5\n2,three,1\nthree,1,0.5\n1,2,1\n";
    let columns = small_links();
    each(8_000, 0x1111_2222_3333_4444, |dice| {
        let mut files = vec![("case.toml".to_owned(), case.as_bytes().to_vec()), ("firms.csv".to_owned(), firms.as_bytes().to_vec())];
        if dice.below(3) == 0 {
            files[1].1 = changed(&files[1].1, dice);
        }
        files.push(match dice.below(2) {
            0 => ("links.csv".to_owned(), changed(text.as_bytes(), dice)),
            _ => ("links.parquet".to_owned(), changed(&columns, dice)),
        });
        inside(&load_files("case", &files, &Limits::DEFAULT).diagnostics);
    });
}

fn small_links() -> Vec<u8> {
    use parquet::data_type::{DoubleType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    let schema = "message links { required int64 seller; optional int64 buyer; required double value_per_day; }";
    let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(WriterProperties::builder().build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(&[1, 2, 1], None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(&[2, 1], Some(&[1, 1, 0]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<DoubleType>().write_batch(&[3.5, 1.0, f64::NAN], None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn parquet_files() {
    let seed = small_parquet();
    let spec = TABLES.iter().find(|spec| spec.name == "groups").unwrap();
    each(5_000, 0x7777_1234_7777_4321, |dice| {
        let mut diagnostics = Vec::new();
        let _ = parquet_in::read(spec, "groups.parquet", changed(&seed, dice), &Limits::DEFAULT, &mut diagnostics);
    });
}

fn small_parquet() -> Vec<u8> {
    use parquet::data_type::{ByteArray, ByteArrayType};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    let schema = "message groups { required binary id (UTF8); optional binary name (UTF8); }";
    let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(WriterProperties::builder().build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let cells = [ByteArray::from("unha"), ByteArray::from("ponghwa")];
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&cells, None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&cells[..1], Some(&[1, 0]), None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}
