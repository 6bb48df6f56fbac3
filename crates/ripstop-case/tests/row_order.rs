//! The order in which rows stand in a file is nothing: every table of every bundled case, shuffled, says the same.

mod common;

use std::path::{Path, PathBuf};

use common::{Files, LAW};
use ripstop::model::calendar::Day;
use ripstop_case::network::Mapper;
use ripstop_case::{Case, Code, Limits, load_files};
use ripstop_study::series_out;
use ripstop_study::study::summary;
use ripstop_study::study::{Request, study};
use serde_json::{Value, json};

type Folder = Vec<(String, Vec<u8>)>;

fn bundled() -> Vec<PathBuf> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases");
    let in_folder = |dir: &Path| -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
        found.sort();
        found.into_iter().filter(|path| path.join("case.toml").exists()).collect()
    };
    in_folder(&cases).into_iter().chain(in_folder(&cases.join("teaching"))).collect()
}

fn files_of(dir: &Path) -> Folder {
    let mut files = Vec::new();
    for folder in ["", "rules", "behaviour"] {
        let Ok(entries) = std::fs::read_dir(dir.join(folder)) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let name = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            files.push((name, std::fs::read(&path).unwrap()));
        }
    }
    files
}

/// A number from a seed (Steele, Lea & Flood 2014: SplitMix64).
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The rows of a table behind its header, in an order drawn by seed.
fn shuffled(bytes: &[u8], mut seed: u64) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    let (head, mut rows): (Vec<&str>, Vec<&str>) = {
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let header = lines.iter().position(|line| !line.starts_with('#')).unwrap();
        (lines[..=header].to_vec(), lines[header + 1..].to_vec())
    };
    assert!(rows.iter().all(|row| row.matches('"').count() % 2 == 0), "a cell goes over several lines");
    for last in (1..rows.len()).rev() {
        rows.swap(last, (next(&mut seed) % (last as u64 + 1)) as usize);
    }
    let mut all = head;
    all.extend(rows);
    (all.join("\n") + "\n").into_bytes()
}

fn with_shuffled(files: &Folder, seed: u64, which: impl Fn(&str) -> bool) -> Folder {
    let one = |(name, bytes): &(String, Vec<u8>)| {
        let table = name.ends_with(".csv") && which(name);
        (name.clone(), if table { shuffled(bytes, seed ^ name.len() as u64) } else { bytes.clone() })
    };
    files.iter().map(one).collect()
}

fn load(files: &Folder) -> Case {
    let loaded = load_files("case", files, &Limits::DEFAULT);
    loaded.case.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics))
}

/// Everything a run of the default scenario says.
fn told(case: &Case, draws: usize, sweep: bool) -> Value {
    let index = case.scenarios.iter().position(|scenario| scenario.name == case.meta.default_scenario).unwrap_or(0);
    let name = &case.scenarios[index].name;
    let request = Request { scenario: index, rows: 0..draws, seed: case.settings.seed, sweep, record: None };
    let study = study(case, &request, &|| {}).unwrap();
    let mut summary = summary::summary(case, &study, name);
    for part in ["", "/draws"] {
        let part = summary.pointer_mut(part).and_then(Value::as_object_mut);
        part.into_iter().for_each(|part| part.retain(|key, _| !key.ends_with("seconds") && key != "days_per_second"));
    }
    summary["case"] = Value::Null;
    let mut evidence = ripstop_study::evidence_out::evidence(case, &study.evidence, name);
    sort_lists(&mut evidence);
    evidence["case"] = Value::Null;
    let series = series_out::series(case, &Mapper::new(case), &study.outcome.plan, &study.outcome.scenario);
    let findings = study.findings.as_ref().map(|told| ripstop_study::rules::findings_json(case, name, Day(case.meta.as_of), told));
    let findings = findings.map(|mut findings| {
        findings["case"] = Value::Null;
        findings
    });
    json!({
        "summary": summary,
        "claims": summary::claims(case, &study),
        "evidence": evidence,
        "findings": findings,
        "series": series.iter().map(|s| json!([s.level, s.entity, s.variable, s.values])).collect::<Vec<_>>(),
    })
}

/// Observations are told in the order of their file: their lists are compared as sets.
fn sort_lists(value: &mut Value) {
    match value {
        Value::Array(list) => {
            list.iter_mut().for_each(sort_lists);
            list.sort_by_cached_key(Value::to_string);
        }
        Value::Object(map) => map.values_mut().for_each(sort_lists),
        _ => {}
    }
}

/// Where two accounts differ: texts at all, numbers by more than rounding.
fn differences(a: &Value, b: &Value, at: &str, found: &mut Vec<String>) {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => {
            let (x, y) = (x.as_f64().unwrap(), y.as_f64().unwrap());
            if (x - y).abs() > 1e-12 * x.abs().max(y.abs()) {
                found.push(format!("{at}: {x} {y}"));
            }
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            x.iter().zip(y).enumerate().for_each(|(index, (x, y))| differences(x, y, &format!("{at}/{index}"), found));
        }
        (Value::Object(x), Value::Object(y)) if x.keys().eq(y.keys()) => {
            x.iter().zip(y.values()).for_each(|((key, x), y)| differences(x, y, &format!("{at}/{key}"), found));
        }
        _ if a == b => {}
        _ => found.push(format!("{at}: {a} {b}")),
    }
}

fn same(what: &str, a: &Value, b: &Value) {
    let mut found = Vec::new();
    differences(a, b, "", &mut found);
    found.truncate(10);
    assert!(found.is_empty(), "{what}: {found:#?}");
}

#[test]
fn all_tables_of_every_bundled_case() {
    for dir in bundled() {
        let files = files_of(&dir);
        let sweep = !dir.ends_with("sinuiju-2020"); // 80 rows with ranges, twice each
        let expected = told(&load(&files), 3, sweep);
        for seed in [1, 2] {
            let case = load(&with_shuffled(&files, seed, |_| true));
            same(&format!("{} shuffled by {seed}", dir.display()), &expected, &told(&case, 3, sweep));
        }
    }
}

#[test]
fn each_table_of_the_flagship() {
    let dir = bundled().into_iter().find(|dir| dir.ends_with("sinuiju-2020")).unwrap();
    let files = files_of(&dir);
    let expected = told(&load(&files), 0, false);
    for (table, _) in files.iter().filter(|(name, _)| name.ends_with(".csv")) {
        let case = load(&with_shuffled(&files, 7, |name| name == table));
        same(&format!("{table} shuffled"), &expected, &told(&case, 0, false));
    }
}

#[test]
fn ties_go_by_id_and_numbers_in_ids_by_size() {
    // Two orders due on one day: o2 is served before o10, however they stand.
    let due = |first: &str, second: &str| {
        let orders = format!("id,contract,quantity,due_date\n{first},coats,1,2019-12-10\n{second},coats,2,2019-12-10\n");
        let case = Files::valid().with("orders.csv", orders).readable();
        let network = Mapper::new(&case).network(&case.parameters.base_values());
        let orders = case.table("orders");
        let by_calendar = network.orders.len() - orders.rows();
        let quantities: Vec<f64> = network.orders[by_calendar..].iter().map(|order| order.quantity).collect();
        ((0..orders.rows()).map(|row| orders.key(row)).collect::<Vec<_>>(), quantities)
    };
    assert_eq!(due("o2", "o10"), (vec!["o2".to_owned(), "o10".to_owned()], vec![1.0, 2.0]));
    assert_eq!(due("o10", "o2"), (vec!["o2".to_owned(), "o10".to_owned()], vec![2.0, 1.0]));
}

#[test]
fn a_fault_keeps_the_line_of_its_file() {
    // The rows of lines.csv are maker, client, mill; of recipes' routes `in` has its second leg first.
    Files::valid().edit("lines.csv", "client,coat,,,true", "client,coat,some,,true").fails(Code::NotANumber, "lines.csv", "some");
    Files::valid().edit("routes.csv", "in,1,town,town", "in,1,town,twon").fails(Code::UnknownId, "routes.csv", "twon");
    let twice = Files::valid().edit("orders.csv", "extra,", "zz,coats,1200,2019-12-10,2020-02-15\nextra,");
    assert!(twice.fails(Code::SameRowTwice, "orders.csv", "extra,").message.contains("zz in line 2"));
}

#[test]
fn links_that_stand_twice() {
    let rows = ["7,10,0.1", "7,10,0.2", "9,10,3", "7,10,0.3", "10,7,1", "9,7,2"];
    let links = |order: [usize; 6]| {
        let rows: Vec<&str> = order.iter().map(|row| rows[*row]).collect();
        let firms = if order[0] == 0 { "7,b,\n9,a,\n10,b,9\n" } else { "10,b,9\n9,a,\n7,b,\n" };
        let case = Files::empty()
            .with(
                "case.toml",
                "[case]\ntitle = \"T\"\nstart = 2024-01-01\nend = 2024-02-01\ndefault_scenario = \"s\"\n[scenarios.s]\nabout = \"-\"\n",
            )
            .with("firms.csv", format!("id,sector,final_demand_per_day\n{firms}"))
            .with("links.csv", format!("seller,buyer,value_per_day\n{}\n", rows.join("\n")))
            .readable();
        told(&case, 0, false).to_string()
    };
    let first = links([0, 1, 2, 3, 4, 5]);
    for order in [[3, 1, 0, 5, 4, 2], [5, 4, 3, 2, 1, 0], [1, 3, 2, 0, 5, 4]] {
        assert_eq!(links(order), first, "{order:?}");
    }
}

#[test]
fn rules_and_behaviours_of_a_file() {
    let (head, rule) = LAW.split_at(LAW.find("[[rule]]").unwrap());
    let other = rule.replace("OWN-1", "OWN-0").replace("2019-06-01", "2019-08-01");
    let behaviour = Files::ruled().text("behaviour/half.toml");
    let (top, acts) = behaviour.split_at(behaviour.find("[[behaviour]]").unwrap());
    let id = acts.split('"').nth(1).unwrap();
    let stricter = acts.replace(id, "a-second");
    let says = |law: String, behaviour: String| {
        told(&Files::ruled().with("rules/own.toml", law).with("behaviour/half.toml", behaviour).readable(), 0, false).to_string()
    };
    let one = says(format!("{head}{rule}\n{other}"), format!("{top}{acts}\n{stricter}"));
    assert_eq!(one, says(format!("{head}{other}\n{rule}"), format!("{top}{stricter}\n{acts}")));
}
