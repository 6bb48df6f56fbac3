//! Runs that are killed, stopped, refused, repeated, compared and cited: the real binary. Codes of `RS-E100` and up are shown here.

mod common;

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ripstop_case::Code;
use ripstop_study::output::same_results;
use serde_json::Value;

use common::{TempDir, command, done, flagship, json, refused, repository, ripstop, text};

fn edit(path: impl AsRef<Path>, from: &str, to: &str) {
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from} is in {}", path.as_ref().display());
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// A copy of the flagship that may be changed.
fn copy(dir: &TempDir) -> String {
    let to = dir.path("case");
    copy_folder(flagship().as_ref(), Path::new(&to));
    to
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let name = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy_folder(&entry, &name);
        } else {
            fs::copy(&entry, name).unwrap();
        }
    }
}

fn names(dir: &TempDir) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(&dir.0).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn assert_same(a: &str, b: &str) {
    for (what, same) in same_results(Path::new(a), Path::new(b)).unwrap() {
        assert!(same, "{what} of {a} and {b}");
    }
}

fn start(arguments: &[&str]) -> Child {
    command(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

#[cfg(unix)]
fn send(signal: &str, child: &Child) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

/// Waits for the first checkpoint of a run.
fn wait_for(path: &str) {
    let started = Instant::now();
    while !Path::new(path).exists() {
        assert!(started.elapsed() < Duration::from_secs(60), "{path} never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Every file the manifest of a checkpoint names is there and whole.
fn assert_whole_checkpoint(folder: &str) -> bool {
    let manifest = format!("{folder}/manifest.json");
    if !Path::new(&manifest).exists() {
        return false;
    }
    for (kind, entry) in json(&manifest)["files"].as_object().unwrap() {
        let bytes = fs::read(format!("{folder}/{}", entry["file"].as_str().unwrap())).unwrap();
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), entry["blake3"].as_str().unwrap(), "{kind} is torn");
    }
    true
}

/// Every result the manifest of a run names is there and whole.
fn assert_whole_run(out: &str) {
    let manifest = json(format!("{out}/manifest.json"));
    for (file, hash) in manifest["results_blake3"].as_object().unwrap() {
        let bytes = fs::read(format!("{out}/{file}")).unwrap();
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), hash.as_str().unwrap(), "{file} is torn");
    }
    for (file, hash) in manifest["inputs_blake3"].as_object().unwrap() {
        let bytes = fs::read(format!("{out}/inputs/{file}")).unwrap();
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), hash.as_str().unwrap(), "{file} of the inputs");
    }
}

/// Killed fifty times without warning, at moments that differ from run to run, and taken up each time.
#[test]
#[cfg(unix)]
fn killed_at_fifty_moments_nothing_is_torn_and_the_bits_are_the_same() {
    let dir = TempDir::new();
    let (whole, out) = (dir.path("whole"), dir.path("out"));
    done(&["run", &flagship(), "--draws", "16", "--out", &whole]);
    let folder = format!("{out}.checkpoint");
    let arguments = ["run", &flagship(), "--draws", "16", "--out", &out, "--checkpoint-every", "400", "--resume"];
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let mut random = clock.as_nanos() as u64 | 1;
    let (mut with_checkpoint, mut finished) = (0, 0);
    for kill in 0..50 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let mut child = start(&arguments);
        std::thread::sleep(Duration::from_millis(random % 500));
        // SIGKILL; a run that was quicker has left its results.
        child.kill().unwrap();
        child.wait().unwrap();
        with_checkpoint += usize::from(assert_whole_checkpoint(&folder));
        if Path::new(&out).exists() {
            assert_whole_run(&out);
            assert_same(&whole, &out);
            finished += 1;
            // Sometimes the next run replaces it, sometimes it finds nothing.
            if kill % 2 == 0 {
                fs::remove_dir_all(&out).unwrap();
            }
        }
    }
    assert!(with_checkpoint > 0, "some kills came after a checkpoint ({finished} runs finished)");
    done(&arguments);
    assert_whole_run(&out);
    assert_same(&whole, &out);
    assert!(!Path::new(&folder).exists(), "a completed run removes its checkpoint");
    // What a killed run was writing is hidden, and is nobody's result.
    assert!(names(&dir).iter().all(|name| name.starts_with('.') || ["out", "whole"].contains(&name.as_str())), "{:?}", names(&dir));
}

#[test]
#[cfg(unix)]
fn a_signal_leaves_a_checkpoint_and_says_how_to_go_on() {
    let dir = TempDir::new();
    let whole = dir.path("whole");
    done(&["run", &flagship(), "--draws", "40", "--out", &whole]);
    for (signal, name) in [("-TERM", "a term"), ("-INT", "int")] {
        let out = dir.path(name);
        let mut arguments = vec!["run".to_string(), flagship(), "--draws".into(), "40".into(), "--out".into(), out.clone()];
        arguments.extend(["--checkpoint-every".into(), "300".into()]);
        let child = start(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        wait_for(&format!("{out}.checkpoint/manifest.json"));
        send(signal, &child);
        let stopped = child.wait_with_output().unwrap();
        let said = text(&stopped.stderr);
        assert_eq!(stopped.status.code(), Some(5), "{said}");
        assert!(assert_whole_checkpoint(&format!("{out}.checkpoint")) && !Path::new(&out).exists());
        // The line it prints is run as it stands.
        let line = said.lines().last().unwrap().trim();
        assert!(line.ends_with(" --resume"), "{said}");
        assert!(Command::new("sh").args(["-c", line]).stdout(Stdio::null()).status().unwrap().success(), "{line}");
        assert_same(&whole, &out);
    }
}

/// Stops a run by a signal; returns the arguments that take it up.
#[cfg(unix)]
fn stopped(case: &str, out: &str) -> Vec<String> {
    let arguments: Vec<String> =
        ["run", case, "--draws", "400", "--out", out, "--checkpoint-every", "300"].iter().map(|word| (*word).to_string()).collect();
    let mut child = start(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    wait_for(&format!("{out}.checkpoint/manifest.json"));
    send("-TERM", &child);
    assert_eq!(child.wait().unwrap().code(), Some(5));
    arguments.into_iter().chain(["--resume".to_string()]).collect()
}

#[test]
#[cfg(unix)]
fn a_checkpoint_of_another_run_is_refused() {
    let dir = TempDir::new();
    let (case, out) = (copy(&dir), dir.path("out"));
    let resume = stopped(&case, &out);
    let resume: Vec<&str> = resume.iter().map(String::as_str).collect();
    let manifest = format!("{out}.checkpoint/manifest.json");
    let kept = fs::read_to_string(&manifest).unwrap();
    let mut another_seed = resume.clone();
    another_seed.extend(["--seed", "77"]);
    assert!(refused(&another_seed, Code::CheckpointOfAnotherRun).contains("seed was 1, is 77"));
    edit(format!("{case}/firms.csv"), "Brand in Japan", "Brand of Japan");
    assert!(refused(&resume, Code::CheckpointOfAnotherRun).contains("firms.csv has changed"));
    edit(format!("{case}/firms.csv"), "Brand of Japan", "Brand in Japan");
    edit(&manifest, &format!("\"ripstop\": \"{}\"", env!("CARGO_PKG_VERSION")), "\"ripstop\": \"0.0.9\"");
    assert!(refused(&resume, Code::CheckpointOfAnotherRun).contains("version of ripstop was 0.0.9"));
    fs::write(&manifest, &kept[..kept.len() / 2]).unwrap();
    refused(&resume, Code::CheckpointDamaged);
    fs::write(&manifest, &kept).unwrap();
    for entry in fs::read_dir(format!("{out}.checkpoint")).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.extension().is_some_and(|end| end == "arrow") {
            let mut bytes = fs::read(&entry).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(&entry, bytes).unwrap();
        }
    }
    refused(&resume, Code::CheckpointDamaged);
    assert!(!Path::new(&out).exists());
    // Without --resume the run begins anew, says so, and leaves no checkpoint.
    let anew = ripstop(&["run", &case, "--draws", "0", "--out", &out]);
    assert!(anew.status.success() && text(&anew.stderr).contains("begins anew"), "{}", text(&anew.stderr));
    assert_eq!(names(&dir), ["case", "out"]);
}

#[test]
fn what_is_not_ours_is_not_touched() {
    let dir = TempDir::new();
    let out = dir.path("out");
    fs::create_dir(format!("{out}.checkpoint")).unwrap();
    fs::write(format!("{out}.checkpoint/thesis.txt"), "years of work").unwrap();
    refused(&["run", &flagship(), "--draws", "0", "--out", &out], Code::ForeignFolder);
    assert_eq!(fs::read_to_string(format!("{out}.checkpoint/thesis.txt")).unwrap(), "years of work");
    let run = dir.path("run");
    done(&["run", &flagship(), "--draws", "0", "--out", &run]);
    fs::write(format!("{run}/inputs/notes.md"), "mine").unwrap();
    refused(&["run", &flagship(), "--draws", "0", "--out", &run], Code::ForeignFolder);
    assert_eq!(fs::read_to_string(format!("{run}/inputs/notes.md")).unwrap(), "mine");
}

/// A limit on the size of files stands for a full disk: a write fails in the middle.
#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_is_full_leaves_nothing_half_written() {
    let dir = TempDir::new();
    let out = dir.path("out");
    let limited = |out: &str, more: &str, blocks: u32| {
        let line = format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec {} run {} --draws 0 --out {out} {more}",
            env!("CARGO_BIN_EXE_ripstop"),
            flagship()
        );
        Command::new("sh").args(["-c", &line]).output().unwrap()
    };
    // With little room it fails at the evidence, with more at the series.
    for blocks in [20, 400] {
        let full = limited(&out, "", blocks);
        let said = text(&full.stderr);
        assert_eq!(full.status.code(), Some(1), "{said}");
        assert!(said.contains(&format!("error[{}]", Code::OutputNotWritten.id())) && said.contains("help: "), "{said}");
        assert!(names(&dir).is_empty(), "{:?}", names(&dir));
    }
    // Checkpoints that cannot be written are told once, and stop nobody; an earlier run stays.
    done(&["run", &flagship(), "--draws", "0", "--out", &out]);
    let before = fs::read(format!("{out}/manifest.json")).unwrap();
    let full = limited(&out, "--scenario no-closure --checkpoint-every 100", 20);
    let said = text(&full.stderr);
    assert_eq!(said.matches(&format!("warning[{}]", Code::CheckpointNotWritten.id())).count(), 1, "{said}");
    assert_eq!(full.status.code(), Some(1));
    assert_eq!(fs::read(format!("{out}/manifest.json")).unwrap(), before);
    assert_whole_run(&out);
    assert_eq!(names(&dir), ["out"]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_that_cannot_be_written_is_refused_before_the_work() {
    use std::os::unix::fs::PermissionsExt;
    // Nobody may make folders here, not even root.
    refused(&["run", &flagship(), "--out", "/proc/ripstop-run"], Code::OutputNotWritten);
    let dir = TempDir::new();
    let locked = dir.path("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
    // Root may write everywhere; then there is nothing to refuse.
    if fs::create_dir(format!("{locked}/trial")).is_err() {
        refused(&["run", &flagship(), "--out", &format!("{locked}/out")], Code::OutputNotWritten);
        assert_eq!(fs::read_dir(&locked).unwrap().count(), 0);
    }
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_run_is_reproduced_from_its_folder_alone() {
    let dir = TempDir::new();
    let (case, out) = (copy(&dir), dir.path("out"));
    done(&["run", &case, "--draws", "4", "--seed", "9", "--scenario", "clients-pay", "--out", &out]);
    edit(format!("{case}/firms.csv"), "Brand in Japan", "Brand of Japan");
    let found: Value = serde_json::from_str(&done(&["reproduce", &out, "--json"])).unwrap();
    assert_eq!(found["reproduced"], true);
    assert_eq!(found["compared"].as_array().unwrap().len(), 7, "state, summary, claims, evidence, findings, case, series: {found}");
    // The case folder has changed since, and that is said with the file's name.
    assert!(refused(&["reproduce", &out, "--case", &case], Code::InputsChanged).contains("firms.csv has changed"));
    // A file the run did not have counts as well.
    edit(format!("{case}/firms.csv"), "Brand of Japan", "Brand in Japan");
    done(&["reproduce", &out, "--case", &case]);
    fs::write(format!("{case}/traffic.csv"), "crossing,toward,class,tonnes_per_day\n").unwrap();
    assert!(refused(&["reproduce", &out, "--case", &case], Code::InputsChanged).contains("traffic.csv is new"));
    // A result that somebody touched is not what the inputs give.
    edit(format!("{out}/claims.json"), "\"holds\": true", "\"holds\": false");
    let said = ripstop(&["reproduce", &out]);
    assert!(text(&said.stdout).contains("differs:   claims.json") && text(&said.stdout).contains("same bits: series.parquet"));
    refused(&["reproduce", &out], Code::NotReproduced);
    fs::remove_dir_all(format!("{out}/inputs")).unwrap();
    fs::remove_dir_all(&case).unwrap();
    refused(&["reproduce", &out], Code::NoInputs);
    refused(&["reproduce", &dir.path("nowhere")], Code::NotARun);
}

#[test]
fn diff_says_what_differs_by_row_and_figure() {
    let dir = TempDir::new();
    let (case, a, b) = (copy(&dir), dir.path("a"), dir.path("b"));
    done(&["run", &case, "--draws", "0", "--out", &a]);
    edit(format!("{case}/parameters.csv"), "unha_workers,25000", "unha_workers,24000");
    edit(format!("{case}/case.toml"), "expect_days = 28", "expect_days = 30");
    edit(format!("{case}/groups.csv"), "ponghwa,", "ponghwa2,");
    edit(format!("{case}/groups.csv"), "ponghwa2,", "ponghwa,");
    done(&["run", &case, "--draws", "0", "--format", "csv", "--out", &b]);
    let found: Value = serde_json::from_str(&done(&["diff", &a, &b, "--json"])).unwrap();
    assert_eq!(found["same"], false);
    let inputs = found["inputs"].as_array().unwrap();
    assert_eq!(inputs.iter().map(|f| f["file"].as_str().unwrap()).collect::<Vec<_>>(), ["case.toml", "parameters.csv"]);
    assert_eq!(inputs[0]["rows"][0]["row"], "settings/expect_days");
    let row = &inputs[1]["rows"][0];
    let cell = ["row", "column", "a", "b"].map(|key| row[key].as_str().unwrap());
    assert_eq!(cell, ["unha_workers", "value", "25000", "24000"]);
    assert_eq!((&row["line_a"], inputs[1]["rows"].as_array().unwrap().len()), (&Value::from(2), 1));
    // The figures are those of the two summaries.
    let output = |out: &str| json(format!("{out}/summary.json"))["losses"]["output_usd"].clone();
    let figures = found["results"]["figures"].as_array().unwrap();
    let losses = figures.iter().find(|f| f["what"] == "losses/output_usd").unwrap();
    assert_eq!((&losses["a"], &losses["b"]), (&output(&a), &output(&b)));
    // A thousand workers less are a thousand workers less present, on the first day already.
    let list = found["results"]["series"]["list"].as_array().unwrap();
    let labour = list.iter().find(|s| s["level"] == "group" && s["entity"] == "unha" && s["variable"] == "labour_present").unwrap();
    let widest = &labour["widest"];
    assert!(widest["a"].as_f64().unwrap() > widest["b"].as_f64().unwrap() && widest["date"].is_string());
    let screen = done(&["diff", &a, &b]);
    for line in screen.lines().skip(2) {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(screen.contains("line 2, unha_workers: value 25000 → 24000") && screen.contains("losses/output_usd"), "{screen}");
    assert!(done(&["diff", &a, &a]).contains("Nothing differs"));
    refused(&["diff", &a, &case], Code::NotARun);
}

#[test]
fn cite_names_software_models_and_the_sources_of_this_run() {
    let dir = TempDir::new();
    let (case, out) = (copy(&dir), dir.path("out"));
    // A statement nobody uses is no source of the run.
    let mut sources = fs::read_to_string(format!("{case}/sources.csv")).unwrap();
    sources.push_str("unused-statement,Nothing rests on this,Nobody,2020-01-01,en,C,\n");
    fs::write(format!("{case}/sources.csv"), sources).unwrap();
    done(&["run", &case, "--draws", "0", "--out", &out]);
    let cited: Value = serde_json::from_str(&done(&["cite", &out, "--format", "json"])).unwrap();
    let ids: Vec<&str> = cited["sources"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"kotra-2012-unha-workers") && !ids.contains(&"unused-statement"), "{ids:?}");
    let models: Vec<&str> = cited["models"].as_array().unwrap().iter().map(|m| m["doi"].as_str().unwrap()).collect();
    assert_eq!(models.len(), 3, "no input is less than critical, so that paper is not used: {models:?}");
    // The papers are those of CITATION.cff.
    let citation = fs::read_to_string(repository().join("CITATION.cff")).unwrap();
    assert!(models.iter().all(|doi| citation.contains(&format!("doi: {doi}"))), "{models:?}");
    let text = done(&["cite", &out]);
    assert!(text.contains(env!("CARGO_PKG_VERSION")) && text.contains("Inoue, Hiroyasu"));
    assert!(text.lines().all(|line| line.chars().count() <= 80 || line.trim().starts_with("http")), "{text}");
    let bibtex = done(&["cite", &out, "--format", "bibtex"]);
    assert_eq!(bibtex.matches("\n@").count() + 1, 1 + models.len() + ids.len());
    assert_eq!(bibtex.matches('{').count() - bibtex.matches("\\{").count(), bibtex.matches('}').count() - bibtex.matches("\\}").count());
    let cff = done(&["cite", &out, "--format", "cff"]);
    assert!(cff.starts_with("cff-version: 1.2.0") && cff.matches("  - type: generic").count() == ids.len());
}

/// The commands of docs/runs.md, in order, in an empty folder beside the cases; `# exit N` says which code is right.
#[test]
#[cfg(unix)]
fn the_commands_of_the_chapter_work() {
    let dir = TempDir::new();
    std::os::unix::fs::symlink(repository().join("cases").canonicalize().unwrap(), dir.0.join("cases")).unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_ripstop")).parent().unwrap().to_path_buf();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap_or_default());
    let page = fs::read_to_string(repository().join("docs/runs.md")).unwrap();
    let mut count = 0;
    for line in page.split("```sh\n").skip(1).filter_map(|block| block.split("```").next()).flat_map(str::lines) {
        let (line, code) = line.split_once("# exit ").map_or((line, 0), |(line, code)| (line, code.trim().parse().unwrap()));
        let output = Command::new("sh").args(["-c", line]).current_dir(&dir.0).env("PATH", &path).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{line}: {}", text(&output.stderr));
        count += 1;
    }
    assert!(count >= 10, "{count} commands");
}
