//! `new`, `cases` and `demo` as a newcomer meets them: in an empty folder, with nothing but the binary.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let dir = std::env::temp_dir().join(format!("ripstop-new-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        Folder(dir)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_ripstop")).args(arguments).current_dir(&self.0).stdin(Stdio::null()).output().unwrap()
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let done = self.run(arguments);
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).into_owned()
    }

    fn fails(&self, arguments: &[&str], says: &str) {
        let done = self.run(arguments);
        let text = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(!done.status.success() && text.contains(says), "{arguments:?}: {text}");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The files of a folder, those of its folders with `/`.
fn files(dir: &Path) -> Vec<String> {
    let inside = |name: String| -> Vec<String> {
        let path = dir.join(&name);
        if path.is_dir() { files(&path).into_iter().map(|file| format!("{name}/{file}")).collect() } else { vec![name] }
    };
    names(dir).into_iter().flat_map(inside).collect()
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir).unwrap().flatten().map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_new_case_speaks_of_its_own_currency() {
    let folder = Folder::new("currency");
    folder.ok(&["new", "euros", "--currency", "EUR"]);
    let text = |file: &str| fs::read_to_string(folder.0.join("euros").join(file)).unwrap();
    for (file, line) in [
        ("contracts.csv", "# price_usd_per_unit: [EUR per unit] Price"),
        ("firms.csv", "# wage_usd_per_month: [EUR per worker and month] Full wage"),
        ("parameters.csv", "fee,10,EUR per unit"),
        ("case.toml", "currency = \"EUR\""),
    ] {
        assert!(text(file).contains(line), "{file}: {}", text(file));
    }
    let said = names(&folder.0.join("euros")).into_iter().find(|file| text(file).contains("[USD"));
    assert_eq!(said, None);
    folder.ok(&["check", "euros", "--strict"]);
}

#[test]
fn a_new_case_is_faultless_and_shows_its_story() {
    let folder = Folder::new("usual");
    for kind in ["processing", "trade"] {
        folder.ok(&["new", kind, "--kind", kind]);
        let text = folder.ok(&["check", kind, "--strict"]);
        assert!(text.starts_with(&format!("{kind}: no errors.")), "{text}");
        let summary: serde_json::Value = serde_json::from_str(&folder.ok(&["run", kind, "--json", "--draws", "20"])).unwrap();
        assert!(summary["losses"]["value_added_usd"].as_f64().unwrap() > 0.0);
        if kind == "processing" {
            assert!(summary["stranded"]["value_usd"].as_f64().unwrap() > 0.0 && summary["unpaid"]["overdue_usd"].as_f64().unwrap() > 0.0);
        }
        let open: serde_json::Value =
            serde_json::from_str(&folder.ok(&["run", kind, "--json", "--draws", "0", "--scenario", "open-border"])).unwrap();
        assert_eq!(open["losses"]["value_added_usd"], 0.0);
    }
    assert_eq!(names(&folder.0), ["processing", "runs", "trade"], "nothing half-made is left");
}

#[test]
fn every_column_of_a_new_case_is_explained_at_the_top_of_its_file() {
    let folder = Folder::new("columns");
    for kind in ["processing", "trade"] {
        folder.ok(&["new", kind, "--kind", kind]);
        for file in names(&folder.0.join(kind)).iter().filter(|name| name.ends_with(".csv")) {
            let text = fs::read_to_string(folder.0.join(kind).join(file)).unwrap();
            let header = text.lines().find(|line| !line.starts_with('#')).unwrap();
            for column in header.split(',') {
                assert!(text.lines().any(|line| line.starts_with(&format!("# {column}: "))), "{kind}/{file}: {column}");
            }
            assert!(text.lines().skip_while(|line| line.starts_with('#')).all(|line| !line.starts_with('#')));
        }
    }
}

#[test]
fn answers_come_from_flags() {
    let folder = Folder::new("flags");
    let title = "Näh \"und\" <b>\\weg";
    folder.ok(&[
        "new",
        "Mein Fall",
        "--title",
        title,
        "--start",
        "2019-12-31",
        "--days",
        "200",
        "--currency",
        "eur",
        "--maker-country",
        "kp",
        "--client-country",
        "CN",
    ]);
    let toml = fs::read_to_string(folder.0.join("Mein Fall/case.toml")).unwrap();
    for line in ["id = \"mein-fall\"", "start = \"2019-12-31\"", "end = \"2020-07-17\"", "currency = \"EUR\""] {
        assert!(toml.contains(line), "{line}: {toml}");
    }
    folder.ok(&["check", "Mein Fall", "--strict"]);
    let run = folder.ok(&["run", "Mein Fall", "--draws", "0"]);
    assert!(run.starts_with(title) && run.contains("EUR"), "{run}");
    folder.fails(&["new", "x", "--start", "31.12.2019"], "2025-01-01");
    folder.fails(&["new", "x", "--days", "10"], "150");
    folder.fails(&["new", "x", "--currency", "euros"], "three letters");
    folder.fails(&["new", "x", "--maker-country", "CN", "--client-country", "CN"], "a border needs two");
    assert!(!folder.0.join("x").exists());
}

#[test]
fn nothing_is_overwritten() {
    let folder = Folder::new("overwrite");
    fs::create_dir(folder.0.join("empty")).unwrap();
    folder.ok(&["new", "empty"]);
    fs::write(folder.0.join("empty/contracts.csv"), "mine").unwrap();
    folder.fails(&["new", "empty"], "name another one");
    folder.fails(&["new", "empty", "--from", "sinuiju-2020"], "name another one");
    assert_eq!(fs::read_to_string(folder.0.join("empty/contracts.csv")).unwrap(), "mine");
    fs::write(folder.0.join("file"), "").unwrap();
    folder.fails(&["new", "file"], "name another one");
}

#[test]
fn a_copy_keeps_results_of_its_own() {
    let folder = Folder::new("copies");
    for name in ["one", "two"] {
        folder.ok(&["new", name, "--from", "chain-closure"]);
        folder.ok(&["run", name, "--no-report"]);
    }
    // Both have the id of the original, and neither replaced the other's results.
    assert_eq!(names(&folder.0.join("runs")), ["one", "two"]);
}

#[test]
fn bundled_cases_are_listed_and_copied_whole() {
    let folder = Folder::new("bundled");
    let list: serde_json::Value = serde_json::from_str(&folder.ok(&["cases", "--json"])).unwrap();
    let list = list.as_array().unwrap();
    let text = folder.ok(&["cases"]);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(list.len() >= 14, "{}", list.len());
    for (at, case) in list.iter().enumerate() {
        let name = case["name"].as_str().unwrap();
        assert!(text.contains(name));
        let copy = format!("copy{at}");
        folder.ok(&["new", &copy, "--from", name]);
        let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(name);
        assert_eq!(files(&folder.0.join(&copy)), files(&original), "{name}");
        for file in files(&original) {
            assert_eq!(fs::read(folder.0.join(&copy).join(&file)).unwrap(), fs::read(original.join(&file)).unwrap(), "{name}/{file}");
        }
    }
    folder.ok(&["new", "short", "--from", "chain-closure"]);
    folder.ok(&["new", "path", "--from", "cases/teaching/chain-closure/"]);
    folder.ok(&["new", "own", "--from", "short"]);
    assert_eq!(names(&folder.0.join("short")), names(&folder.0.join("own")));
    folder.fails(&["new", "x", "--from", "sinuiju"], "`ripstop cases` lists the bundled ones");
    folder.fails(&["new", "x", "--from", "sinuiju-2021"], "; did you mean `sinuiju-2020`? `ripstop cases` lists");
    folder.fails(&["new", "x", "--from", "nowhere"], "no case folder `nowhere`; `ripstop cases` lists the bundled ones");
    folder.fails(&["report", "runs/nowhere"], "error[RS-E105]: runs/nowhere is no run of ripstop");
    folder.fails(&["run", "gaza-2007"], "ripstop new DIR --from gaza-2007");
    folder.fails(&["check", "chain-closur"], "did you mean the bundled case `teaching/chain-closure`");
}

#[test]
fn the_demo_runs_the_flagship_from_the_binary_alone() {
    let folder = Folder::new("demo");
    let text = folder.ok(&["demo"]);
    assert!(text.contains("North Korean garment processing") && text.contains("ripstop run ripstop-demo/sinuiju-2020"), "{text}");
    assert!(folder.0.join("ripstop-demo/results/summary.json").exists());
    // Again: the case is the user's now and stays as it is.
    let parameters = folder.0.join("ripstop-demo/sinuiju-2020/case.toml");
    let changed = fs::read_to_string(&parameters).unwrap().replace("draws = 200", "draws = 0");
    fs::write(&parameters, &changed).unwrap();
    folder.ok(&["demo", "--no-open"]);
    assert_eq!(fs::read_to_string(&parameters).unwrap(), changed);
}
