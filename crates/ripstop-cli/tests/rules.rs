//! `ripstop screen` and `ripstop rules`: findings of the flagship, the shipped book, exit codes, and what no finding and no function says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ripstop_case::rules::shipped;
use ripstop_study::rules::rule_book_page;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn flagship() -> String {
    root().join("cases/sinuiju-2020").display().to_string()
}

fn ripstop(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ripstop")).args(arguments).output().unwrap()
}

fn out(done: &Output) -> String {
    String::from_utf8_lossy(&done.stdout).into_owned()
}

fn findings(arguments: &[&str]) -> Value {
    let done = ripstop(&[&["screen", &flagship(), "--json"], arguments].concat());
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Every text in a value.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, found)),
        _ => {}
    }
}

#[test]
fn every_garment_contract_has_its_paragraph_and_first_date() {
    let found = findings(&[]);
    let garments = ["winter_formal_coat", "winter_hiking_jacket", "spring_golf_wear", "light_hiking_wear"];
    let mut judged = 0;
    for contract in list(&found["contracts"]).iter().filter(|c| c["kind"] == "processing" && garments.iter().any(|g| c["product"] == *g)) {
        judged += 1;
        let of = |rule: &str, object: &str| {
            let is = |f: &&Value| f["rule"] == rule && f["object"] == object;
            list(&contract["findings"])
                .iter()
                .find(is)
                .unwrap_or_else(|| panic!("{} lacks {rule} on {object}", contract["contract"]))
                .clone()
        };
        // The return leg, the contract and the inbound leg are judged apart.
        let back = of("UN-2375-16", "goods");
        assert_eq!((back["outcome"].as_str(), back["paragraph"].as_str()), (Some("breach"), Some("S/RES/2375 (2017) ¶16")));
        assert!(back["first"].as_str().unwrap() >= "2018-09-01" && back["shipments"].as_u64() > Some(0));
        assert_eq!(of("UN-2375-18", "contract")["outcome"], "arguable", "disputed wording is never a breach");
        assert_eq!(of("UN-2397-7", "inputs")["outcome"], "not-covered", "fabric is not on the list");
        assert_eq!(of("CN-52-2017-1", "goods")["outcome"], "breach");
        // Facts say how we know, exemptions why they fail.
        assert!(list(&back["facts"]).iter().any(|f| f["test"] == "goods" && f["text"].as_str().unwrap().contains("HS2017 62")));
        assert!(list(&back["facts"]).iter().all(|f| ["sourced", "inferred", "assumed"].iter().any(|b| f["basis"] == *b)), "{back}");
        assert!(list(&back["exemptions"]).iter().any(|e| e["id"] == "written-contract-90-days" && e["outcome"] == "failed"));
        assert_eq!(contract["as_modelled"], true, "the factories stand for published groups");
    }
    assert_eq!(judged, 72);
}

#[test]
fn a_jacket_sold_in_seoul_or_tokyo_meets_their_older_bans_too() {
    let found = findings(&[]);
    for (buyer, rule) in [("brand-kr", "KR-524-2010"), ("brand-jp", "JP-2006")] {
        let contracts: Vec<&Value> = list(&found["contracts"]).iter().filter(|c| c["buyer"] == buyer).collect();
        assert_eq!(contracts.len(), 12);
        for contract in contracts {
            let outcome = |rule: &str| list(&contract["findings"]).iter().find(|f| f["rule"] == rule).map(|f| f["outcome"].clone());
            assert_eq!(outcome(rule), Some("breach".into()), "{contract}");
            assert_eq!(outcome("UN-2375-16"), Some("arguable".into()));
            assert_eq!(outcome("US-ADVISORY-2018-LABEL"), Some("indicator".into()));
            assert_eq!(outcome("US-CAATSA-321b"), None, "nothing goes to the United States");
        }
    }
}

#[test]
fn no_finding_says_clear() {
    for scenario in ["closure", "no-sanctions", "sanctions-obeyed"] {
        let found = findings(&["--scenario", scenario]);
        assert!(found["disclaimer"].as_str().unwrap().contains("not legal advice"));
        let mut said = Vec::new();
        texts(&found, &mut said);
        for text in &said {
            let words: Vec<String> = text.to_lowercase().split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
            assert!(!words.iter().any(|w| ["clear", "compliant", "permitted", "innocent", "guilty"].contains(&w.as_str())), "{text}");
        }
        let outcomes = found["counts"].as_object().unwrap();
        assert!(!outcomes.contains_key("clear") && outcomes.len() == 8, "{outcomes:?}");
    }
}

#[test]
fn scenarios_of_law_differ_as_they_must() {
    let breaches = |scenario: &str| findings(&["--scenario", scenario])["counts"]["breach"].as_u64().unwrap();
    assert!(breaches("closure") > 100);
    assert_eq!(breaches("sanctions-obeyed"), 0, "who obeys does nothing that is forbidden");
    assert_eq!(breaches("no-sanctions"), 0, "without a rule nothing is a breach");
    for scenario in ["closure", "no-sanctions", "sanctions-obeyed"] {
        let text = out(&ripstop(&["screen", &flagship(), "--scenario", scenario]));
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains("of wages unpaid") && flat.contains("worker-days to 17 Apr 2020 without work"), "{scenario}: {text}");
    }
    let text = out(&ripstop(&["screen", &flagship(), "--scenario", "sanctions-obeyed"]));
    assert!(text.contains("because a rule stopped their"), "{text}");
}

#[test]
fn fail_on_ends_with_code_4_and_names_what_it_does_not_know() {
    let code = |arguments: &[&str]| ripstop(&[&["screen", &flagship()], arguments].concat());
    assert_eq!(code(&["--fail-on", "breach"]).status.code(), Some(4));
    assert_eq!(code(&["--fail-on", "exempt,wind-down"]).status.code(), Some(0));
    let wrong = code(&["--fail-on", "breech"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("did you mean `breach`?"));
    let wrong = code(&["--rules", "UN-2375-61"]);
    assert!(!wrong.status.success() && String::from_utf8_lossy(&wrong.stderr).contains("did you mean `UN-2375-16`?"));
    let wrong = code(&["--contract", "unha-sinuiju.yalu.caot"]);
    assert!(!wrong.status.success() && String::from_utf8_lossy(&wrong.stderr).contains("did you mean `unha-sinuiju.yalu.coat`?"));
}

#[test]
fn one_contract_is_shown_with_its_facts_within_80_columns() {
    for arguments in [&["--contract", "unha-sinuiju.yalu.coat"][..], &[], &["--rules", "all"]] {
        let text = out(&ripstop(&[&["screen", &flagship()], arguments].concat()));
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
    let listed = out(&ripstop(&["screen", &flagship()]));
    assert!(listed.contains("112 contracts have a finding.") && listed.contains("  contract  "), "{listed}");
    let text = out(&ripstop(&["screen", &flagship(), "--contract", "unha-sinuiju.yalu.coat"]));
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("exemption written-contract-cleared-by-10-december: failed"), "{text}");
    assert!(flat.contains("its legs leave KP and enter CN"), "{text}");
}

#[test]
fn a_run_leaves_the_same_findings_and_counts_them() {
    let dir = std::env::temp_dir().join(format!("ripstop-rules-{}", std::process::id()));
    let target = dir.join("closure").display().to_string();
    let done = ripstop(&["run", &flagship(), "--draws", "0", "--out", &target]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let json = |file: &str| -> Value { serde_json::from_slice(&fs::read(dir.join("closure").join(file)).unwrap()).unwrap() };
    assert_eq!(json("findings.json"), findings(&[]));
    assert_eq!(json("summary.json")["findings"], json("findings.json")["counts"]);
    let c12 = list(&json("claims.json")).iter().find(|c| c["id"] == "C12").unwrap().clone();
    assert_eq!((c12["holds"].as_bool(), c12["simulated"][0].as_f64()), (Some(true), Some(1.0)));
    assert!(out(&done).contains("What the rules in force say of it"));
    // A case without rules has no findings, and says nothing of them.
    let plain = dir.join("plain").display().to_string();
    let case = root().join("cases/teaching/chain-closure").display().to_string();
    let done = ripstop(&["run", &case, "--out", &plain]);
    assert!(done.status.success() && !out(&done).contains("rules in force"));
    assert!(!dir.join("plain/findings.json").exists());
    let _ = fs::remove_dir_all(dir);
}

#[test]
fn a_case_without_rules_is_held_against_the_whole_book() {
    let case = root().join("cases/kaesong-2013").display().to_string();
    let done = ripstop(&["screen", &case]);
    assert!(done.status.success());
    assert!(out(&done).split_whitespace().collect::<Vec<_>>().join(" ").contains("held against every rule that comes with ripstop"));
}

#[test]
fn the_shipped_book_is_read_listed_explained_and_honest() {
    let ids: Vec<&str> = shipped().rules.iter().map(|rule| rule.id.as_str()).collect();
    let text = out(&ripstop(&["rules", "list"]));
    let asked = ["UN-2371-9", "UN-2375-16", "UN-2375-18", "UN-2397-6", "UN-2397-7", "UN-2397-8", "CN-40-2017", "CN-52-2017-1"];
    for id in asked.into_iter().chain(["KR-524-2010", "JP-2006", "US-CAATSA-321b"]) {
        assert!(ids.contains(&id) && text.contains(id), "{id}");
    }
    for rule in &shipped().rules {
        assert!(!rule.sources.is_empty() && !rule.when.is_empty(), "{}", rule.id);
        // Of the UN's rules only paragraph 18 was read in an official text.
        let may = !rule.id.starts_with("UN-") || rule.id == "UN-2375-18";
        assert!(may || rule.verified != "text" || rule.id == "UN-2270-29", "{} says it was read", rule.id);
        for name in &rule.implements {
            assert!(ids.contains(&name.as_str()), "{} implements {name}", rule.id);
        }
        let done = ripstop(&["rules", "explain", &rule.id]);
        assert!(done.status.success() && out(&done).contains(&rule.title.split(' ').next().unwrap().to_owned()));
        assert!(out(&done).contains("not legal advice"));
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let text = out(&ripstop(&["rules", "explain", "cn-52-2017-1"]));
    assert!(text.contains("2017-12-11 00:00 +08:00"), "{text}");
    let wrong = ripstop(&["rules", "explain", "CN-25-2017-1"]);
    assert!(!wrong.status.success() && String::from_utf8_lossy(&wrong.stderr).contains("did you mean"));
}

#[test]
fn the_page_of_the_book_is_what_the_rules_say() {
    let path = root().join("docs/rule-book.md");
    if std::env::var_os("RIPSTOP_BLESS").is_some() {
        fs::write(&path, rule_book_page()).unwrap();
    }
    let same = fs::read_to_string(&path).ok().as_deref() == Some(rule_book_page().as_str());
    assert!(same, "docs/rule-book.md is out of date: RIPSTOP_BLESS=1 cargo test -p ripstop-cli --test rules");
}

#[test]
fn a_file_of_ones_own_is_checked() {
    let path = std::env::temp_dir().join(format!("ripstop-own-{}.toml", std::process::id()));
    let good = "schema = \"ripstop-law/1\"\n[[rule]]\nid = \"MY-1\"\ntitle = \"Mine\"\nauthority = \"Me\"\ninstrument = \"A rule\"\nsources = [\"none\"]\nverified = \"interpretation\"\nin_force = 2020-01-01T00:00:00Z\n[[rule.when]]\norigin = [\"KP\"]\n";
    fs::write(&path, good).unwrap();
    let file = path.display().to_string();
    let done = ripstop(&["rules", "check", &file]);
    assert!(done.status.success() && out(&done).contains("no errors, 1 rule."), "{}", out(&done));
    fs::write(&path, good.replace("00:00:00Z", "00:00:00").replace("origin", "orgin")).unwrap();
    let done = ripstop(&["rules", "check", &file]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(1));
    assert!(said.contains("RS-E113") && said.contains("did you mean `origin`?"), "{said}");
    let _ = fs::remove_file(path);
}

/// A rule of the house: nothing here compares routes, labels or crossings by the chance of being found. The chance has a name of its own,
/// so whoever reads it can be listed.
#[test]
fn no_function_ranks_routes_labels_or_crossings_by_detection() {
    let mut stack = vec![root().join("crates")];
    let (mut readers, mut offences) = (Vec::new(), Vec::new());
    while let Some(dir) = stack.pop() {
        for path in fs::read_dir(dir).unwrap().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                stack.push(path);
                continue;
            }
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            if !name.ends_with(".rs") || !name.contains("/src/") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            let mut reads = false;
            for (row, line) in lines.iter().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
                let of_chance = line.contains("detection") || line.contains("seized_share") || line.contains("ends_share");
                reads |= of_chance;
                // A chance may be taken and used, not sorted, minimised or put beside a way.
                let around = lines[row.saturating_sub(3)..(row + 4).min(lines.len())].join("\n").to_lowercase().replace("at_least", "");
                let ranks = ["sort", "min_by", "max_by", ".min(", "rank", "best", "least", "lowest", "partial_cmp", "total_cmp"];
                let ways = ["route", "crossing", "label", "declared_origin"];
                let code_only = |word: &&&str| around.lines().any(|l| !l.trim_start().starts_with("//") && l.contains(**word));
                if of_chance
                    && (ranks.iter().any(|w| code_only(&w)) || ways.iter().filter(|_| name.contains("ripstop/src")).any(|w| code_only(&w)))
                {
                    offences.push(format!("{name}:{}: {}", row + 1, line.trim()));
                }
            }
            if reads {
                readers.push(name);
            }
        }
    }
    readers.sort();
    assert!(offences.is_empty(), "{offences:#?}");
    let known = [
        "crates/ripstop-case/src/language/schema/law.rs",
        "crates/ripstop-case/src/map/act.rs",
        "crates/ripstop-case/src/tables/law/behaviour.rs",
        "crates/ripstop-case/src/tables/law/keys.rs",
        "crates/ripstop-cli/src/account/events.rs",
        "crates/ripstop/src/day/receive.rs",
        "crates/ripstop/src/model/enforcement.rs",
        // Whether it is a share at all.
        "crates/ripstop/src/model/fields.rs",
        "crates/ripstop/src/model/validate/events.rs",
    ];
    assert_eq!(readers, known, "who reads the chance of being found is listed here, and asked why");
}
