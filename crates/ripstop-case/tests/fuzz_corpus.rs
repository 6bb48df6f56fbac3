//! The inputs that the search of `fuzz/` keeps, run once each, and its dictionary.

#[allow(dead_code)]
#[path = "../../../fuzz/src/lib.rs"]
mod harness;

use ripstop_case::schema::{self, TABLES};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// No single input may take this long, on any machine: a hang, not a speed.
const HANG: Duration = Duration::from_secs(20);
/// Bytes of all inputs together: what is kept is small enough to be read in every run of the tests.
const BYTES_MAX: usize = 300_000;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

/// Else a search would see no more than how a fault of its own is told.
#[test]
fn complete_cases_are_faultless() {
    for loaded in harness::complete() {
        assert_eq!(loaded.errors(), 0, "{:#?}", loaded.diagnostics);
    }
}

/// `RIPSTOP_BLESS=seeds` writes them into the corpus, to begin a search anew.
#[test]
fn seeds_are_read() {
    for (target, name, bytes) in harness::seeds() {
        let run = harness::TARGETS.iter().find(|(other, _)| *other == target).unwrap().1;
        run(&bytes);
        if std::env::var("RIPSTOP_BLESS").is_ok_and(|what| what == "seeds") {
            let folder = folder().join("corpus").join(target);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(name.replace('/', "-")), bytes).unwrap();
        }
    }
}

#[test]
fn nothing_kept_panics_or_hangs() {
    let mut bytes = 0;
    for (target, run) in harness::TARGETS {
        let mut inputs: Vec<PathBuf> =
            std::fs::read_dir(folder().join("corpus").join(target)).unwrap().map(|entry| entry.unwrap().path()).collect();
        inputs.sort();
        assert!(!inputs.is_empty(), "{target} has no inputs");
        for input in inputs {
            let data = std::fs::read(&input).unwrap();
            bytes += data.len();
            let start = Instant::now();
            run(&data);
            assert!(start.elapsed() < HANG, "{}", input.display());
        }
    }
    assert!(bytes < BYTES_MAX, "{bytes} bytes");
}

/// `RIPSTOP_BLESS=1` rewrites it.
#[test]
fn the_dictionary_has_the_words_of_the_schema() {
    let mut words: BTreeSet<String> = TABLES.iter().map(|spec| spec.file.to_owned()).collect();
    words.extend(TABLES.iter().flat_map(|spec| spec.all_columns()).map(|column| column.name.to_owned()));
    words.extend(schema::words().iter().map(|word| (*word).to_owned()));
    let lists =
        [schema::RULE_KEYS, schema::WHEN_KEYS, schema::EXEMPTION_KEYS, schema::GOODS_KEYS, schema::LAW_KEYS, schema::BEHAVIOUR_KEYS];
    words.extend(lists.iter().flat_map(|list| list.iter()).map(|key| key.name.to_owned()));
    words.extend(MARKS.iter().map(|mark| (*mark).to_owned()));
    let mut text = "# Written by `RIPSTOP_BLESS=1 cargo test -p ripstop-case --test fuzz_corpus`.\n".to_owned();
    for word in words {
        let bytes = word.bytes().map(|byte| match byte {
            b'"' | b'\\' => format!("\\{}", char::from(byte)),
            b' '..=b'~' => char::from(byte).to_string(),
            _ => format!("\\x{byte:02X}"),
        });
        writeln!(text, "\"{}\"", bytes.collect::<String>()).unwrap();
    }
    let path = folder().join("dictionary.txt");
    if std::env::var_os("RIPSTOP_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "RIPSTOP_BLESS=1 rewrites it");
}

/// What readers look for besides words.
const MARKS: &[&str] = &[
    "\u{feff}",
    "\u{ff}\u{fe}",
    "sep=;",
    "\r\n",
    "\"\"",
    "\n@",
    "\n@@",
    "[[",
    "]]",
    "\"\"\"",
    " & ",
    ";",
    "!",
    "$",
    "$lead",
    "$wage * 2",
    "_low",
    "_high",
    "none",
    "true",
    "1e999",
    "-1e-300",
    "NaN",
    "2020-02-29",
    "9999-12-31",
    "-9999-01-01",
    "02-29",
    "2020-02-01T00:00:00+08:00",
    "1,234",
    "1.234,5",
    "50%",
    "firm:maker",
    "place:port",
    "group:unha",
    "crossing:bridge",
    "contract:coats",
    "country:CN",
    "sector:garments",
    "product:coat",
    "\u{2212}",
    "\u{a0}",
    "\u{202e}",
    "PAR1",
];
