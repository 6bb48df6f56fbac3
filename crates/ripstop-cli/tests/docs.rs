//! Documents that show commands and their output are followed literally, in an empty folder.
//!
//! In `docs/your-own-case.md`: ` ```sh ` holds commands, the ` ```text ` after it what they print; ` ```diff FILE ` a change to a file.
//! Of what is printed a line `…` stands for any number of lines; times are not compared.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::TempDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The fenced blocks of a document: what stands after the fence, and the lines inside.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info.trim().to_owned(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some((_, body)), None) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

/// Runs a command line of the document; `ripstop` is the binary under test. Gives what a terminal would show.
fn run(line: &str, dir: &Path) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(words[0], "ripstop", "only ripstop's commands are run: {line}");
    let done =
        Command::new(env!("CARGO_BIN_EXE_ripstop")).args(&words[1..]).current_dir(dir).stdin(std::process::Stdio::null()).output().unwrap();
    String::from_utf8_lossy(&done.stderr).into_owned() + &String::from_utf8_lossy(&done.stdout)
}

/// Figures that differ from machine to machine become `#`.
fn masked(line: &str) -> String {
    let timed = ["days/s", " draws in ", " kB)"].iter().any(|word| line.contains(word));
    if !timed {
        return line.trim_end().to_owned();
    }
    let mut out = String::new();
    // A quick machine takes less than can be shown.
    for letter in line.trim_end().replace("< ", "").chars() {
        let shown = if letter.is_ascii_digit() { '#' } else { letter };
        if shown != '#' || !out.ends_with('#') && !out.ends_with("#.") && !out.ends_with("#,") {
            out.push(shown);
        }
    }
    out
}

/// Whether the text shown is what was printed; `…` alone on a line stands for any lines.
fn shows(shown: &str, printed: &str) -> Result<(), String> {
    let printed: Vec<String> = printed.lines().map(masked).collect();
    let (mut at, mut free) = (0, false);
    for line in shown.lines().map(masked) {
        if line.trim() == "…" {
            free = true;
            continue;
        }
        let found = if free { printed[at..].iter().position(|p| *p == line) } else { (printed.get(at) == Some(&line)).then_some(0) };
        let Some(skip) = found else {
            return Err(format!("shown: {line}\nprinted from line {}:\n{}", at + 1, printed[at..].join("\n")));
        };
        at += skip + 1;
        free = false;
    }
    if free || at == printed.len() || printed[at..].iter().all(String::is_empty) {
        Ok(())
    } else {
        Err(format!("printed, not shown:\n{}", printed[at..].join("\n")))
    }
}

/// Applies a change shown as `-old` and `+new` lines; a `+` line without `-` before it goes to the end of the file.
fn change(file: &Path, diff: &str) {
    let mut text = std::fs::read_to_string(file).unwrap();
    let mut old: Option<String> = None;
    for line in diff.lines() {
        if let Some(gone) = line.strip_prefix('-') {
            old = Some(gone.to_owned());
        } else if let Some(new) = line.strip_prefix('+') {
            match old.take() {
                Some(gone) => {
                    assert!(text.lines().any(|l| l == gone), "{} has no line {gone:?}", file.display());
                    text = text.lines().map(|l| if l == gone { new } else { l }).map(|l| format!("{l}\n")).collect();
                }
                None => text.push_str(&format!("{new}\n")),
            }
        }
    }
    std::fs::write(file, text).unwrap();
}

/// The program of the README is one that is compiled with the tests.
#[test]
fn the_readmes_program_is_an_example() {
    let read = |path: &str| std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)).unwrap();
    let (readme, example) = (read("README.md"), read("crates/ripstop/examples/spinner.rs"));
    assert!(
        readme.contains(&format!("```rust\n{example}```\n")),
        "README.md, In your own program, differs from crates/ripstop/examples/spinner.rs"
    );
}

#[test]
fn your_own_case_is_followed_literally() {
    let path = root().join("docs/your-own-case.md");
    let document = std::fs::read_to_string(&path).unwrap();
    let folder = TempDir::new();
    let bless = std::env::var_os("RIPSTOP_BLESS").is_some();
    let mut blessed = document.clone();
    let (mut printed, mut commands) = (String::new(), 0);
    for (info, body) in blocks(&document) {
        if info == "sh" {
            printed = body.lines().map(|line| run(line, &folder.0)).collect();
            commands += body.lines().count();
        } else if info == "text" {
            if let Err(why) = shows(&body, &printed) {
                assert!(bless && !body.lines().any(|line| line.trim() == "…"), "docs/your-own-case.md shows what is not printed.\n{why}");
                blessed = blessed.replacen(&format!("```text\n{body}```"), &format!("```text\n{printed}```"), 1);
            }
        } else if let Some(file) = info.strip_prefix("diff ") {
            change(&folder.0.join(file), &body);
        }
    }
    if bless {
        std::fs::write(path, blessed).unwrap();
    }
    assert!(commands >= 8, "{commands} commands");
}

#[test]
fn the_chapter_on_national_economies_is_followed() {
    let document = std::fs::read_to_string(root().join("docs/national.md")).unwrap();
    let folder = TempDir::new();
    let mut commands = 0;
    for line in blocks(&document)
        .into_iter()
        .filter(|(info, _)| info == "sh")
        .flat_map(|(_, body)| body.lines().map(str::to_owned).collect::<Vec<_>>())
    {
        let words: Vec<&str> = line.split_whitespace().collect();
        let done = Command::new(env!("CARGO_BIN_EXE_ripstop")).args(&words[1..]).current_dir(&folder.0).output().unwrap();
        assert!(done.status.success(), "{line}\n{}", String::from_utf8_lossy(&done.stderr));
        commands += 1;
    }
    assert!(commands >= 4, "{commands} commands");
    let summary = |run: &str| -> serde_json::Value {
        serde_json::from_str(&std::fs::read_to_string(folder.0.join(run).join("summary.json")).unwrap()).unwrap()
    };
    let (full, sums) = (summary("result"), summary("sums"));
    for key in ["output_usd", "value_added_usd", "direct_usd", "indirect_usd", "final_demand_unmet_usd"] {
        let [a, b] = [&full, &sums].map(|summary| summary["losses"][key].as_f64().unwrap());
        assert!((a - b).abs() <= 1e-9 * a.abs(), "{key}: {a} recorded in full, {b} as sums");
    }
    assert_eq!(full["stopped_days_by_cause"], sums["stopped_days_by_cause"]);
    // The four firms of the second half.
    let case = folder.0.join("four");
    std::fs::create_dir(&case).unwrap();
    let toml = blocks(&document).into_iter().find(|(info, _)| info == "toml").unwrap().1;
    std::fs::write(case.join("case.toml"), toml).unwrap();
    std::fs::write(case.join("firms.csv"), "id,sector,final_demand_per_day\nfarm,grain,0\nmill,flour,\nbaker,bread,40\ncook,bread,20\n")
        .unwrap();
    std::fs::write(case.join("links.csv"), "seller,buyer,value_per_day\nfarm,mill,10\nmill,baker,20\nmill,cook,10\n").unwrap();
    let events = "id,kind,target,from,to,value,scenarios\nstrike,capacity,firm:mill,2024-01-10,2024-01-19,0,strike\n";
    std::fs::write(case.join("events.csv"), events).unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_ripstop")).args(["run", "four", "--json"]).current_dir(&folder.0).output().unwrap();
    assert!(done.status.success() && done.stderr.is_empty(), "{}", String::from_utf8_lossy(&done.stderr));
    let summary: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    // Ten days of 30 a day not milled; stocks of fifteen days keep the bakers going.
    assert!((summary["losses"]["direct_usd"].as_f64().unwrap() - 300.0).abs() < 300.0);
    assert_eq!(summary["losses"]["final_demand_unmet_usd"], 0.0);
}

#[test]
fn the_readme_shows_what_the_flagship_prints() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let (_, shown) = blocks(&readme).into_iter().find(|(_, body)| body.contains("Timeline, ")).unwrap();
    let folder = TempDir::new();
    let case = root().join("cases/sinuiju-2020");
    let done = Command::new(env!("CARGO_BIN_EXE_ripstop")).arg("run").arg(case).current_dir(&folder.0).output().unwrap();
    let printed = String::from_utf8_lossy(&done.stdout).into_owned();
    if let Err(why) = shows(&shown, &printed) {
        if std::env::var_os("RIPSTOP_BLESS").is_some() && !shown.lines().any(|line| line.trim() == "…") {
            std::fs::write(root().join("README.md"), readme.replacen(&shown, &printed, 1)).unwrap();
            return;
        }
        panic!("README.md shows what the run does not print.\n{why}");
    }
}

#[test]
fn every_command_that_a_document_names_is_one() {
    let help = Command::new(env!("CARGO_BIN_EXE_ripstop")).arg("--help").output().unwrap();
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let commands: Vec<&str> = help
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .filter(|word| word.chars().all(|c| c.is_ascii_lowercase()))
        .collect();
    let mut pages: Vec<PathBuf> = std::fs::read_dir(root().join("docs")).unwrap().flatten().map(|entry| entry.path()).collect();
    pages.push(root().join("README.md"));
    let mut wrong = Vec::new();
    for page in pages.iter().filter(|page| page.extension().is_some_and(|end| end == "md")) {
        let text = std::fs::read_to_string(page).unwrap();
        let shown = blocks(&text).into_iter().flat_map(|(_, body)| body.lines().map(str::to_owned).collect::<Vec<_>>());
        let inline = text.split('`').skip(1).step_by(2).map(str::to_owned);
        for line in shown.chain(inline).filter(|line| line.starts_with("ripstop ")) {
            let word = line.split_whitespace().nth(1).unwrap_or("");
            let named = word.starts_with('-') || word.starts_with('…') || word.chars().all(|c| c.is_ascii_uppercase());
            if !named && !commands.contains(&word) {
                wrong.push(format!("{}: {line}", page.file_name().unwrap().to_string_lossy()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}\nknown: {commands:?}");
}
