//! `ripstop check`: what a person and an editor see, and what `--strict` and `--allow` make of warnings.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A copy of a teaching case with edits, in a folder that goes when it is dropped.
struct Copy(PathBuf);

impl Copy {
    fn new(name: &str, edits: &[(&str, &str, &str)]) -> Copy {
        let dir = std::env::temp_dir().join(format!("ripstop-check-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/teaching/season-missed");
        for file in fs::read_dir(from).unwrap().flatten() {
            fs::copy(file.path(), dir.join(file.file_name())).unwrap();
        }
        for (file, old, new) in edits {
            let text = fs::read_to_string(dir.join(file)).unwrap();
            assert!(text.contains(old), "{file} has no {old:?}");
            fs::write(dir.join(file), text.replacen(old, new, 1)).unwrap();
        }
        Copy(dir)
    }

    fn ripstop(&self, command: &str, arguments: &[&str]) -> Output {
        let out = self.0.join("out");
        let out = if command == "run" { vec!["--draws", "0", "--out", out.to_str().unwrap()] } else { Vec::new() };
        Command::new(env!("CARGO_BIN_EXE_ripstop")).arg(command).arg(&self.0).args(arguments).args(out).output().unwrap()
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn problems(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A coat of 3 USD takes fabric for 4; a product nobody uses: two warnings of different names.
fn two_warnings(name: &str) -> Copy {
    Copy::new(
        name,
        &[("products.csv", "Winter coat,piece,14", "Winter coat,piece,3"), ("products.csv", "fabric,", "silk,Silk,m,2,,\nfabric,")],
    )
}

#[test]
fn warnings_are_named_and_promoted() {
    let case = two_warnings("strict");
    for command in ["check", "run"] {
        let code = |arguments: &[&str]| case.ripstop(command, arguments).status.code();
        let shown = case.ripstop(command, &[]);
        assert_eq!(shown.status.code(), Some(0));
        assert!(problems(&shown).contains("warning[RS-W040 value-vanishes]"), "{}", problems(&shown));
        assert!(problems(&shown).contains("warning[RS-W055 unused-row]"));
        assert_eq!(code(&["--strict"]), Some(1));
        assert_eq!(code(&["--strict=unused-row"]), Some(1));
        assert_eq!(code(&["--strict=never-paid"]), Some(0));
        assert_eq!(code(&["--strict=never-paid,RS-W040"]), Some(1));
        assert_eq!(code(&["--strict", "--allow=unused-row,value-vanishes"]), Some(0));
        let mixed = case.ripstop(command, &["--strict=unused-row", "--allow=value-vanishes"]);
        assert!(problems(&mixed).contains("error[RS-W055 unused-row]") && problems(&mixed).contains("1 error"), "{}", problems(&mixed));
        assert!(!problems(&mixed).contains("value-vanishes"));
        let slip = case.ripstop(command, &["--strict=unused-rwo"]);
        assert_eq!(slip.status.code(), Some(2));
        assert!(problems(&slip).contains("did you mean `unused-row`?"), "{}", problems(&slip));
        assert_eq!(code(&["--allow=missing-file"]), Some(2), "an error cannot be allowed");
    }
}

#[test]
fn an_editor_reads_where_each_problem_is() {
    let case = two_warnings("json");
    let output = case.ripstop("check", &["--json", "--strict=unused-row"]);
    assert_eq!(output.status.code(), Some(1));
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    let silk = &list[0];
    assert_eq!((silk["file"].as_str(), silk["line"].as_u64()), (Some("products.csv"), Some(2)));
    assert_eq!((silk["column"].as_u64(), silk["end_column"].as_u64()), (Some(1), Some(5)), "silk has four letters");
    assert_eq!(
        (silk["severity"].as_str(), silk["code"].as_str(), silk["name"].as_str()),
        (Some("error"), Some("RS-W055"), Some("unused-row"))
    );
    assert!(silk["message"].as_str().unwrap().contains("silk") && !silk["fix"].as_str().unwrap().is_empty());
    assert_eq!(list[1]["severity"].as_str(), Some("warning"));
    assert_eq!(case.ripstop("check", &["--json", "--allow=unused-row,value-vanishes"]).stdout, b"[]\n");
}

/// Ten slips of a first day fit a terminal of 80 columns, each with what was probably meant or what to do.
#[test]
fn ten_slips_fit_eighty_columns() {
    let case = Copy::new(
        "slips",
        &[
            ("case.toml", "start = ", "strat = "),
            ("events.csv", "crossing:bridge,2024-03-14,2024-04-15", "bridge,2024-03-14,2024-03-01"),
            ("firms.csv", "The factory,factory-town", "The factory,factroy-town"),
            ("lines.csv", "capacity_per_day", "capcity_per_day"),
            ("orders.csv", "240,2024-03-25", "many,2024-3-55"),
            ("recipes.csv", "client", "cleint"),
            ("terms.csv", "2,0.2,0.5", "2,20,0.5"),
            ("contracts.csv", "client,coat,processing", "client,coat,procesing"),
        ],
    );
    let output = case.ripstop("check", &[]);
    let text = problems(&output);
    assert_eq!(output.status.code(), Some(1));
    let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(wide.is_empty(), "{wide:#?}");
    for meant in ["`start`", "`crossing:bridge`", "`factory-town`", "`capacity_per_day`", "`client`", "`0.2`", "`processing`"] {
        assert!(text.contains(&format!("did you mean {meant}?")), "{meant}: {text}");
    }
    assert!(text.contains("such as start = 2018-09-01"), "{text}");
    assert_eq!(text.matches("= help:").count(), text.matches("error[").count());
    assert!(text.matches("error[").count() >= 10, "{text}");
}

/// Shipped cases in which output moves before the first event: they begin too near to it, or their warm-up is too short.
const DRIFTING: [&str; 3] = ["gaza-2007", "kaesong-2013", "sinuiju-2020"];

/// Whatever ships is without errors and without warnings, but for starts that drift.
#[test]
fn shipped_cases_are_clean() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases");
    let mut folders = vec![root];
    let mut cases = 0;
    while let Some(folder) = folders.pop() {
        if folder.join("case.toml").exists() {
            let drifts = DRIFTING.iter().any(|name| folder.ends_with(name));
            let check = || Command::new(env!("CARGO_BIN_EXE_ripstop")).arg("check").arg(&folder).output().unwrap();
            assert_eq!(problems(&check()).contains("RS-W097"), drifts, "{}", folder.display());
            let strict: &[&str] = if drifts { &["--strict", "--allow=start-drifts"] } else { &["--strict"] };
            let output = Command::new(env!("CARGO_BIN_EXE_ripstop")).arg("check").arg(&folder).args(strict).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{}: {}", folder.display(), problems(&output));
            cases += 1;
        }
        folders.extend(fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path()).filter(|path| path.is_dir()));
    }
    assert!(cases >= 12, "{cases} cases");
}

/// A formula that only a draw of two parameters makes negative is refused when it is drawn, at its cell.
#[test]
fn a_refusal_in_a_draw_has_a_code_and_a_place() {
    let case = Copy::new("draw", &[("terms.csv", "2,0.2,0.5", "2,$a - $b,0.5")]);
    let parameters = "name,value,unit,low,high,basis\na,0.5,share,0.4,0.6,assumed\nb,0.35,share,0.3,0.49,assumed\n";
    fs::write(case.0.join("parameters.csv"), parameters).unwrap();
    assert_eq!(case.ripstop("check", &["--strict"]).status.code(), Some(0));
    let out = case.0.join("drawn");
    let arguments = ["--draws", "200", "--out", out.to_str().unwrap()];
    let output = Command::new(env!("CARGO_BIN_EXE_ripstop")).arg("run").arg(&case.0).args(arguments).output().unwrap();
    let text = problems(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("error[RS-E087 cannot-simulate]: in draw ") && text.contains("terms.csv:2:23"), "{text}");
    assert!(!out.exists());
}
