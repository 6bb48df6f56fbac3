//! What others do to the output of the real binary: full disks, closed streams, names that steer a terminal.
#![cfg(unix)]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::{TempDir, done, ripstop, text};

/// A line of a shell in which `ripstop` is the binary.
fn shell(dir: &Path, line: &str) -> Output {
    let line = format!("ripstop() {{ {} \"$@\"; }}; {line}", env!("CARGO_BIN_EXE_ripstop"));
    Command::new("sh").args(["-c", &line]).current_dir(dir).stdin(Stdio::null()).output().unwrap()
}

/// A small case in `case`, a run of it in `out`.
fn small(dir: &TempDir) {
    done(&["new", &dir.path("case"), "--yes", "--days", "150"]);
    done(&["run", &dir.path("case"), "--draws", "0", "--out", &dir.path("out")]);
}

/// Every command that prints, in a folder with a case and a run.
const PRINTING: [&str; 22] = [
    "--help",
    "--version",
    "help run",
    "run case --draws 0 --out again",
    "run case --draws 0 --out again --json",
    "run case --draws 4 --out again",
    "check case",
    "check case --json",
    "screen case",
    "screen case --json",
    "rules list",
    "rules list --json",
    "rules explain UN-2375-16",
    "cases",
    "cases --json",
    "schema",
    "report out",
    "reproduce out",
    "reproduce out --json",
    "diff out out",
    "cite out",
    "cite out --format cff",
];

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_no_success_and_a_closed_pipe_is_quiet() {
    let dir = TempDir::new();
    small(&dir);
    for command in PRINTING {
        let full = shell(&dir.0, &format!("ripstop {command} > /dev/full"));
        assert_eq!(full.status.code(), Some(1), "{command}: {}", text(&full.stderr));
        assert!(text(&full.stderr).contains("cannot write standard output"), "{command}: {}", text(&full.stderr));
        let pipe = shell(&dir.0, &format!("{{ ripstop {command}; echo $? > code; }} | true; cat code"));
        assert_eq!((text(&pipe.stdout).trim(), text(&pipe.stderr).as_str()), ("0", ""), "{command}");
    }
    // A disk that fills up in the middle: a limit on the size of files stands for it.
    let full = shell(&dir.0, "trap '' XFSZ; ulimit -f 1; ripstop schema > half; echo $?");
    assert_eq!(text(&full.stdout).trim(), "1", "{}", text(&full.stderr));
    let pages = "ripstop new made --yes --days 150 > /dev/full; echo $?; ripstop generate --firms 600 --links 1800 --out firms > /dev/full; echo $?";
    assert_eq!(text(&shell(&dir.0, pages).stdout), "1\n1\n");
    assert!(dir.0.join("made/case.toml").exists() && dir.0.join("firms/case.toml").exists(), "what was made is whole all the same");
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_worse_is_told_before_a_lost_word() {
    let dir = TempDir::new();
    small(&dir);
    // Wrong arguments, a wrong case and a result that differs keep their codes, wherever the words go.
    for to in ["> /dev/full", "| true", "2> /dev/full", "2>&1 | true", "> /dev/full 2>&1"] {
        for (command, code) in [("run case --nonsense", "2"), ("run nowhere", "1"), ("cite nowhere", "1")] {
            let line = format!("{{ ripstop {command}; echo $? > code; }} {to}; cat code");
            assert_eq!(text(&shell(&dir.0, &line).stdout).trim(), code, "{command} {to}");
        }
    }
    let rules =
        "ripstop new silk --from sinuiju-2020 > made; { ripstop screen silk --fail-on breach; echo $? > code; } > /dev/full; cat code";
    assert_eq!(text(&shell(&dir.0, rules).stdout).trim(), "4");
}

#[test]
#[cfg(target_os = "linux")]
fn closed_or_full_standard_streams_never_abort() {
    let dir = TempDir::new();
    small(&dir);
    fs::write(dir.0.join("case/groups.csv"), "id,nonsense\n").unwrap();
    for closed in ["2>&-", "1>&-", "0<&-", "2>&- 1>&-", "0<&- 1>&- 2>&-", "2> /dev/full", "> /dev/full 2> /dev/full", "2> >(true)"] {
        for command in
            ["--help", "run case --nonsense", "check case", "run case --draws 0 --out again", "report out", "cite nowhere", "new case"]
        {
            let line = format!("{} {command} {closed}; echo \"code $?\" >&3", env!("CARGO_BIN_EXE_ripstop"));
            let output =
                Command::new("bash").args(["-c", &format!("exec 3>code; {line}")]).current_dir(&dir.0).stdin(Stdio::null()).output();
            assert!(output.is_ok());
            let said = fs::read_to_string(dir.0.join("code")).unwrap();
            let code: u8 = said.trim().trim_start_matches("code ").parse().unwrap();
            assert!(code <= 2, "{command} {closed}: {code}");
            let wrong = matches!(command, "check case" | "cite nowhere" | "new case" | "run case --draws 0 --out again");
            assert!(!wrong || code == 1, "{command} {closed}: {code}");
        }
    }
}

#[test]
fn any_number_of_threads_ends() {
    let dir = TempDir::new();
    small(&dir);
    let run = ripstop(&["run", &dir.path("case"), "--draws", "8", "--threads", "65535", "--out", &dir.path("many")]);
    assert!(run.status.success() && text(&run.stderr).contains("threads are used, not 65535"), "{}", text(&run.stderr));
    done(&["run", &dir.path("case"), "--draws", "8", "--threads", "1", "--out", &dir.path("one")]);
    let same = ripstop_study::output::same_results(&dir.0.join("many"), &dir.0.join("one")).unwrap();
    assert!(same.iter().all(|(_, same)| *same), "{same:?}");
}

/// Characters that a terminal obeys, or that show other text than is there; line breaks are ours.
fn steers(text: &str) -> Option<char> {
    text.chars().find(|&c| {
        c.is_control() && !matches!(c, '\n' | '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
    })
}

/// A name that would clear the screen, recolour it, set the title, and turn what follows around.
const EVIL: &str = "E\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}\u{2066}\u{7f}\u{8}vil";

#[test]
fn names_do_not_steer_the_terminal() {
    let dir = TempDir::new();
    small(&dir);
    let case = dir.path("case");
    let toml = fs::read_to_string(format!("{case}/case.toml")).unwrap();
    let escaped: String =
        EVIL.chars().map(|c| if c.is_ascii_graphic() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) }).collect();
    let title = toml.lines().find(|line| line.starts_with("title")).unwrap();
    fs::write(format!("{case}/case.toml"), toml.replacen(title, &format!("title = \"{escaped}\""), 1)).unwrap();
    for (file, from) in [("firms.csv", "The factory"), ("places.csv", "")] {
        let path = format!("{case}/{file}");
        let text = fs::read_to_string(&path).unwrap();
        let name = if from.is_empty() { "\u{0}" } else { from };
        fs::write(&path, text.replace(name, EVIL)).unwrap();
    }
    let run = dir.path("evil\u{1b}[31m");
    let commands: [&[&str]; 12] = [
        &["run", &case, "--out", &run],
        &["run", &case, "--out", &run, "--json"],
        &["check", &case],
        &["check", &case, "--json"],
        &["screen", &case],
        &["cite", &run],
        &["cite", &run, "--format", "bibtex"],
        &["cite", &run, "--format", "cff"],
        &["diff", &run, &dir.path("out")],
        &["reproduce", &run],
        &["run", &case, "--scenario", EVIL],
        &["check", "no\u{1b}[31mwhere", EVIL],
    ];
    for arguments in commands {
        let output = ripstop(arguments);
        for said in [text(&output.stdout), text(&output.stderr)] {
            assert_eq!(steers(&said), None, "{arguments:?}: {said:?}");
        }
    }
    // Faults of a file are shown with its line.
    fs::write(format!("{case}/groups.csv"), format!("id,name,{EVIL}\na,b,c\n{EVIL},b,{EVIL}\n")).unwrap();
    let said = text(&ripstop(&["check", &case]).stderr);
    assert!(steers(&said).is_none() && said.contains("\\u{1b}"), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn names_that_are_no_text_are_no_panic() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let dir = TempDir::new();
    small(&dir);
    let out = dir.0.join(OsStr::from_bytes(b"out\xff\xfe"));
    let run = |words: &[&OsStr]| Command::new(env!("CARGO_BIN_EXE_ripstop")).args(words).output().unwrap();
    let case = dir.0.join("case");
    let made = run(&["run".as_ref(), case.as_ref(), "--draws".as_ref(), "0".as_ref(), "--out".as_ref(), out.as_ref()]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    assert!(out.join("manifest.json").exists());
    for command in ["report", "cite", "reproduce"] {
        let done = run(&[command.as_ref(), out.as_ref()]);
        assert!(done.status.success(), "{command}: {}", text(&done.stderr));
    }
    assert_eq!(run(&[OsStr::from_bytes(b"\xff"), out.as_ref()]).status.code(), Some(2));
}

#[test]
fn a_terminal_that_hangs_up_leaves_a_checkpoint() {
    let dir = TempDir::new();
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/sinuiju-2020");
    let (case, out) = (case.to_str().unwrap(), dir.path("out"));
    let run = |nohup: bool| {
        let line = if nohup { "trap '' HUP; exec \"$0\" \"$@\"" } else { "exec \"$0\" \"$@\"" };
        let words = ["-c", line, env!("CARGO_BIN_EXE_ripstop"), "run", case, "--draws", "40", "--checkpoint-every", "300", "--out", &out];
        let child = Command::new("sh").args(words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let started = std::time::Instant::now();
        while !dir.0.join("out.checkpoint/manifest.json").exists() {
            assert!(started.elapsed().as_secs() < 60, "no checkpoint came");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert!(Command::new("kill").args(["-HUP", &child.id().to_string()]).status().unwrap().success());
        child.wait_with_output().unwrap()
    };
    let stopped = run(false);
    assert_eq!(stopped.status.code(), Some(5), "{}", text(&stopped.stderr));
    assert!(text(&stopped.stderr).contains("--resume") && dir.0.join("out.checkpoint/manifest.json").exists());
    fs::remove_dir_all(dir.0.join("out.checkpoint")).unwrap();
    // Who starts it with `nohup` wants it to go on.
    assert_eq!(run(true).status.code(), Some(0));
    assert!(dir.0.join("out/manifest.json").exists());
}

/// A copy of the small case with one file changed.
fn with(dir: &TempDir, name: &str, file: &str, change: impl Fn(String) -> String) -> String {
    let case = dir.path(name);
    done(&["new", &case, "--from", &dir.path("case")]);
    let path = format!("{case}/{file}");
    let before = fs::read_to_string(&path).unwrap();
    let after = change(before.clone());
    assert_ne!(before, after, "{name}");
    fs::write(path, after).unwrap();
    case
}

/// A copy of the small case with sources of these ids, which nothing needs.
fn sourced(dir: &TempDir, name: &str, ids: &[&str]) -> String {
    let case = dir.path(name);
    done(&["new", &case, "--from", &dir.path("case")]);
    let rows: String = ids.iter().map(|id| format!("{id},Something,Somebody,2020-01-01,en,C,\n")).collect();
    fs::write(format!("{case}/sources.csv"), format!("id,statement,publisher,date,language,grade,url\n{rows}")).unwrap();
    case
}

#[test]
fn names_that_can_be_taken_for_each_other_are_told() {
    let dir = TempDir::new();
    done(&["new", &dir.path("case"), "--yes", "--days", "150"]);
    let (alike, bad) = (ripstop_case::Code::LooksAlike.id(), ripstop_case::Code::BadId.id());
    let wrong: [(&[&str], &str); 14] = [
        (&["paper", "p\u{430}per"], alike),
        (&["mill", "m\u{456}ll"], alike),
        (&["KO-1", "\u{41a}O-1"], alike),
        (&["port", "p\u{3bf}rt"], alike),
        (&["bank1", "bankl"], alike),
        (&["O15", "015"], alike),
        (&["modern", "modem"], alike),
        (&["caf\u{e9}", "cafe\u{301}"], alike),
        (&["mill-\u{430}"], alike),
        (&["a\u{200b}b"], bad),
        (&["a\u{202e}b"], bad),
        (&["a\u{2066}b\u{2069}"], bad),
        (&["a\u{ad}b"], bad),
        (&["\u{3164}"], bad),
    ];
    for (at, (ids, code)) in wrong.iter().enumerate() {
        let case = sourced(&dir, &format!("wrong{at}"), ids);
        let said = text(&ripstop(&["check", &case]).stderr);
        assert!(said.contains(code) && said.contains("sources.csv"), "{ids:?}: {said}");
    }
    let fine: &[&str] = &[
        "신의주-공장",
        "Sinuiju factory",
        "평양 mill",
        "工厂",
        "新工厂 A",
        "工場カナ",
        "завод",
        "Завод-2",
        "Ελλάς",
        "مصنع",
        "می\u{200c}خواهم",
        "Müller-Süd",
        "Łódź",
        "A1",
        "A2",
        "B1",
        "l1",
        "l2",
        "node-10",
        "node-100",
    ];
    let case = sourced(&dir, "fine", fine);
    let said = text(&ripstop(&["check", &case]).stderr);
    assert!(!said.contains(alike) && !said.contains(bad), "{said}");
    // Sectors and scenarios are names too.
    let case = with(&dir, "scenario", "case.toml", |toml| format!("{toml}\n[scenarios.\"cl\u{43e}sure\"]\ntitle = \"b\"\n"));
    assert!(text(&ripstop(&["check", &case]).stderr).contains(alike));
    let case = with(&dir, "hidden", "case.toml", |toml| format!("{toml}\n[scenarios.\"b\\u001b[2Jc\"]\ntitle = \"b\"\n"));
    let said = text(&ripstop(&["check", &case]).stderr);
    assert!(said.contains(bad) && steers(&said).is_none(), "{said}");
}

#[test]
fn a_number_beyond_all_measure_is_an_error_of_the_input() {
    let dir = TempDir::new();
    done(&["new", &dir.path("case"), "--yes", "--days", "150"]);
    let mut tried = 0;
    for entry in fs::read_dir(dir.0.join("case")).unwrap().map(|entry| entry.unwrap().path()) {
        let name = entry.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.ends_with(".csv") {
            continue;
        }
        let text_of = fs::read_to_string(&entry).unwrap();
        let rows: Vec<(usize, &str)> = text_of.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.is_empty()).collect();
        let Some(&(at, row)) = rows.get(1) else { continue };
        let cells: Vec<&str> = row.split(',').collect();
        for column in (0..cells.len()).filter(|&column| cells[column].parse::<f64>().is_ok()) {
            for extreme in ["1e308", "1e155", "1e31", "1e-308", "4.9e-324"] {
                let mut changed = cells.clone();
                changed[column] = extreme;
                let lines: Vec<String> =
                    text_of.lines().enumerate().map(|(line, old)| if line == at { changed.join(",") } else { old.to_owned() }).collect();
                let case = with(&dir, &format!("c{tried}"), &name, |_| lines.join("\n") + "\n");
                let output = ripstop(&["run", &case, "--draws", "2", "--out", &dir.path("out")]);
                let said = text(&output.stderr);
                assert_eq!(output.status.code(), Some(1), "{name} column {column} as {extreme}: {said}");
                assert!(said.contains(&name) && !said.contains("a bug in ripstop"), "{said}");
                tried += 1;
            }
        }
    }
    assert!(tried > 30, "{tried} were tried");
    for (setting, extreme) in [("expect_days", "1e308"), ("spare_capacity_share", "1e308")] {
        let case = with(&dir, setting, "case.toml", |toml| toml.replacen("[settings]", &format!("[settings]\n{setting} = {extreme}"), 1));
        let output = ripstop(&["run", &case, "--draws", "2", "--out", &dir.path("out")]);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    }
}
