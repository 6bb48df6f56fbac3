//! What each target does with its bytes. Nothing is written or read: every file is in memory.
//!
//! Every target starts from a case in which nothing is wrong, and puts its bytes in the place of a part of it. So a change gets past the
//! reader to the checks behind it, which look at all tables at once.

#[path = "../../crates/ripstop-case/tests/common/mod.rs"]
mod common;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{BEHAVIOUR, Files, LAW};
use ripstop::record::{Detail, Record};
use ripstop::run::Pair;
use ripstop_case::network::Mapper;
use ripstop_case::schema::{Kind, TABLES};
use ripstop_case::{Case, Expr, Limits, Loaded, ParamId, load_files, parse_date};
use ripstop_study::{Request, rules_of, study};

type List = Vec<(String, Vec<u8>)>;

/// A case with every table, and law and behaviour of its own.
static BASE: LazyLock<List> = LazyLock::new(|| {
    Files::everything()
        .with("rules/own.toml", LAW)
        .with("rules/hs.csv", "vintage,code,title\nHS2017,6201,Coats\nHS2017,6202,Coats for women\nHS2017,5407,Fabric\n")
        .with("behaviour/half.toml", BEHAVIOUR)
        .edit("case.toml", "about = \"Nothing passes.\"", "about = \"Nothing passes.\"\nbehaviour = [\"half\"]")
        .edit("parameters.csv", "wage,110", "comply,0.5,share,0.2,0.8,assumed,,,\nwage,110")
        .column("products.csv", "hs", &["6201", "5407"])
        .column("crossings.csv", "utc_offset", &["+08:00"])
        .into_list()
});

/// Two firms for five days: short enough to be run with draws.
static LOOP: LazyLock<List> = LazyLock::new(|| Files::steady_loop().edit("case.toml", "2020-03-01", "2020-01-05").into_list());

/// A network of links for five days.
static LINKS: LazyLock<List> = LazyLock::new(|| {
    let case = "[case]\ntitle = \"Links\"\nstart = 2024-01-01\nend = 2024-01-05\ndefault_scenario = \"s\"\n[scenarios.s]\nabout = \"Half of a.\"\n";
    Files::empty()
        .with("case.toml", case)
        .with("firms.csv", "id,sector,final_demand_per_day,stock_days\n1,a,5,\n2,b,7,3\nthree,b,,\n")
        .with("links.csv", "seller,buyer,value_per_day\n1,2,3.5\n2,three,1\nthree,1,0.5\n1,2,1\n")
        .with("events.csv", "id,kind,target,from,to,value,scenarios\nhalf,damage,sector:a,2024-01-02,,0.5,s\n")
        .into_list()
});

const TOML_FILES: &[&str] = &["case.toml", "claims.toml", "rules/own.toml", "behaviour/half.toml"];

/// A target: its name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// The targets by name.
pub const TARGETS: &[Target] = &[("table", table), ("parquet", parquet), ("toml", toml), ("case", case)];

/// What a search begins with where nothing is kept yet: target, name and bytes.
pub fn seeds() -> Vec<(&'static str, String, Vec<u8>)> {
    let mut seeds = Vec::new();
    let joined = |head: &str, bytes: &[u8]| [head.as_bytes(), b"\n", bytes].concat();
    for name in tables() {
        let text = text_of(home(name), name);
        let rows = first_line(text).map_or(&b""[..], |(_, rows)| rows);
        seeds.push(("table", name.to_owned(), joined(name, text)));
        seeds.push(("table", format!("short {name}"), joined(&format!("+{name}"), rows)));
    }
    for spec in TABLES {
        let column = spec.all_columns().find(|column| matches!(column.kind, Kind::Number | Kind::Date | Kind::Selector));
        let column = column.map_or("id", |column| column.name);
        seeds.push(("table", format!("cell of {}", spec.name), joined(&format!("{} 1 {column}", spec.file), b"$lead * 2 + 1")));
    }
    for name in TOML_FILES {
        seeds.push(("toml", (*name).to_owned(), joined(name, text_of(&BASE, name))));
        seeds.push(("case", (*name).to_owned(), joined(&format!("all\n@{name}"), text_of(&BASE, name))));
    }
    for (base, files) in [("loop", &LOOP), ("links", &LINKS)] {
        let files = files.iter().map(|(name, bytes)| joined(&format!("@{name}"), bytes)).collect::<Vec<_>>().concat();
        seeds.push(("case", base.to_owned(), joined(base, &files)));
    }
    seeds
}

/// Cases in which nothing is wrong: what every target starts from.
pub fn complete() -> [Loaded; 3] {
    [&BASE, &LOOP, &LINKS].map(|files| load(files))
}

/// The first line, and what follows.
fn first_line(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = data.iter().position(|byte| *byte == b'\n')?;
    Some((&data[..end], &data[end + 1..]))
}

/// The name that is meant. A word that is none stands for any of them, so that no change of it is in vain; the names stay when the schema grows.
fn pick<'a>(word: &[u8], names: impl Iterator<Item = &'a str> + Clone) -> &'a str {
    let any = word.iter().map(|byte| usize::from(*byte)).sum::<usize>() % names.clone().count().max(1);
    let known = names.clone().find(|name| name.as_bytes() == word);
    known.or_else(|| names.clone().nth(any)).unwrap_or("")
}

fn tables() -> impl Iterator<Item = &'static str> + Clone {
    TABLES.iter().map(|spec| spec.file).chain(["rules/hs.csv"])
}

/// The complete case that has a table.
fn home(file: &str) -> &'static List {
    if file == "links.csv" { &LINKS } else { &BASE }
}

/// A case with one of its files replaced.
fn with(base: &List, name: &str, bytes: Vec<u8>) -> List {
    let mut files: List = base.iter().filter(|(other, _)| other != name).cloned().collect();
    files.push((name.to_owned(), bytes));
    files
}

fn text_of<'a>(base: &'a List, name: &str) -> &'a [u8] {
    base.iter().find(|(other, _)| other == name).map_or(&[], |(_, bytes)| bytes)
}

/// Reads and checks, and holds what holds of every case.
fn load(files: &List) -> Loaded {
    let loaded = load_files("fuzz", files, &Limits::DEFAULT);
    for problem in &loaded.diagnostics {
        assert!(problem.field.is_some() || problem.line > 0 && problem.column > 0, "no place: {problem:#?}");
        assert!(!problem.message.is_empty());
    }
    assert_eq!(loaded.case.is_some(), loaded.errors() == 0);
    loaded
}

/// The first line says what the rest is: `firms.csv` a table, `+firms.csv` its rows, `firms.csv 2 workers` the cell of a row and a column.
pub fn table(data: &[u8]) {
    let Some((words, rest)) = first_line(data) else { return };
    let mut words = words.split(|byte| *byte == b' ');
    let word = words.next().unwrap_or(b"");
    let (rows_only, word) = word.strip_prefix(b"+").map_or((false, word), |word| (true, word));
    let name = pick(word, tables());
    let complete = text_of(home(name), name);
    let bytes = match words.next() {
        Some(row) => with_cell(name, row, words.next().unwrap_or(b""), &String::from_utf8_lossy(rest)),
        None if rows_only => first_line(complete).map(|(header, _)| [header, b"\n", rest].concat()),
        None => Some(rest.to_vec()),
    };
    if let Some(bytes) = bytes {
        load(&with(home(name), name, bytes));
    }
}

/// A table with another text in a cell; a column that it has not is added.
fn with_cell(name: &str, row: &[u8], column: &[u8], text: &str) -> Option<Vec<u8>> {
    alone(text);
    let columns: Vec<&str> = TABLES.iter().filter(|spec| spec.file == name).flat_map(|spec| spec.all_columns()).map(|c| c.name).collect();
    let column = pick(column, columns.iter().copied());
    let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text_of(home(name), name));
    let rows: Vec<csv::StringRecord> = reader.into_records().flatten().collect();
    let place = rows.first()?.iter().position(|name| name == column);
    let row = row.iter().map(|byte| usize::from(byte.wrapping_sub(b'0'))).sum::<usize>() % (rows.len() - 1).max(1) + 1;
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for (at, cells) in rows.iter().enumerate() {
        let mut cells: Vec<&str> = cells.iter().collect();
        match place {
            Some(place) if at == row => *cells.get_mut(place)? = text,
            Some(_) => {}
            None if at == 0 => cells.push(column),
            None => cells.push(if at == row { text } else { "" }),
        }
        writer.write_record(&cells).ok()?;
    }
    writer.into_inner().ok()
}

/// The first line names the table.
pub fn parquet(data: &[u8]) {
    let Some((word, rest)) = first_line(data) else { return };
    let name = pick(word, TABLES.iter().map(|spec| spec.file));
    let files: List = home(name).iter().filter(|(other, _)| other != name).cloned().collect();
    load(&with(&files, &name.replace(".csv", ".parquet"), rest.to_vec()));
}

/// The first line names the file.
pub fn toml(data: &[u8]) {
    let Some((word, rest)) = first_line(data) else { return };
    load(&with(&BASE, pick(word, TOML_FILES.iter().copied()), rest.to_vec()));
}

/// A formula over two parameters, and a date.
fn alone(text: &str) {
    let find = |name: &str| match name {
        "a" => Some(ParamId(0)),
        "b" => Some(ParamId(1)),
        _ => None,
    };
    if let Ok(expr) = Expr::parse(text, &find) {
        let _ = (expr.evaluate(&[2.0, 0.0]), expr.parameters().count(), expr.as_parameter());
    }
    let _ = parse_date(text);
}

/// The first line chooses the complete case: `all`, `loop` or `links`. Then a line `@name` starts a file that replaces one of it, and
/// `@@name` leaves one out.
pub fn case(data: &[u8]) {
    let Some((word, rest)) = first_line(data) else { return };
    let base: &List = match pick(word, ["all", "loop", "links"].into_iter()) {
        "all" => &BASE,
        "loop" => &LOOP,
        _ => &LINKS,
    };
    let mut files = base.clone();
    for part in parts(rest) {
        let end = part.iter().position(|byte| *byte == b'\n').unwrap_or(part.len());
        let name = String::from_utf8_lossy(&part[..end]);
        files = match name.strip_prefix('@') {
            Some(gone) => files.into_iter().filter(|(name, _)| name != gone).collect(),
            None => with(&files, &name, part.get(end + 1..).unwrap_or(&[]).to_vec()),
        };
    }
    let mut loaded = load(&files);
    loaded.refuse();
    if let Some(case) = &loaded.case {
        run(case);
    }
}

/// What stands behind each `@` at the start of a line, up to the next.
fn parts(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let starts: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at] == b'@' && (at == 0 || bytes[at - 1] == b'\n')).collect();
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).map(|(start, end)| &bytes[start + 1..end])
}

/// Days that are run of a long case.
const STEPS: usize = 12;
/// Days of a case that is run to its end, with draws.
const SHORT_DAYS: i32 = 8;
/// Points of the series at most: larger networks only sum up.
const POINTS: usize = 200_000;

/// Goods or money that may be missing of what moved, share: rounding.
const RESIDUAL_MAX: f64 = 1e-6;

/// The first days of every scenario; of a short case a whole study.
fn run(case: &Case) {
    let mapper = Mapper::new(case);
    let days = case.meta.end - case.first_simulated() + 1;
    for scenario in 0..case.scenarios.len().min(2) {
        if days <= SHORT_DAYS {
            let request = Request { scenario, rows: 0..2, seed: 1, sweep: true, record: None };
            if let Ok(study) = study(case, &request, &|| ()) {
                balances(&study.outcome.scenario);
                balances(&study.outcome.counterfactual);
            }
        } else {
            first_days(case, &mapper, scenario, days);
        }
    }
}

/// Goods and money of every day come out even; what is no number does not.
fn balances(record: &Record) {
    for (day, totals) in record.totals.iter().enumerate() {
        let residuals = [totals.goods_residual, totals.money_residual];
        assert!(residuals.iter().all(|residual| *residual <= RESIDUAL_MAX), "day {day}: {residuals:?}");
    }
}

fn first_days(case: &Case, mapper: &Mapper, scenario: usize, days: i32) {
    let values = case.parameters.values_in(&case.scenarios[scenario], &[]);
    let network = mapper.network_in(&values, Some(scenario));
    let events = mapper.events(&network, &values, scenario);
    let rules = rules_of(case, mapper, scenario);
    for claim in &case.claims {
        mapper.conditions(&network, claim.date.unwrap_or(case.meta.as_of), &claim.parts, rules.as_ref());
    }
    let small = (network.contracts.len() + network.lines.len() + network.firms.len()) * days.max(0) as usize <= POINTS;
    let Ok(mut pair) = Pair::new(network, events, if small { Detail::Full } else { Detail::Sectors }, &[1]) else { return };
    let steps = AtomicUsize::new(0);
    pair.run_while(&|| steps.fetch_add(1, Ordering::Relaxed) < STEPS);
}
