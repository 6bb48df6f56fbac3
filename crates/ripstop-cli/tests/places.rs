//! Where results go, with the real binary: places that are taken, mounted, locked, links, devices, forged; folders that were changed since.
#![cfg(target_os = "linux")]

mod common;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ripstop_case::Code;
use ripstop_study::output::same_results;
use serde_json::Value;

use common::{TempDir, done, flagship, json, refused, ripstop, text};

impl TempDir {
    /// With a small case in `case` and a run of it in `run`.
    fn small() -> Self {
        let dir = Self::new();
        done(&["new", &dir.path("case"), "--yes", "--days", "150"]);
        done(&["run", &dir.path("case"), "--draws", "0", "--out", &dir.path("run")]);
        dir
    }

    fn names(&self, inner: &str) -> Vec<String> {
        let names = fs::read_dir(self.0.join(inner)).unwrap();
        let mut names: Vec<String> = names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

fn run(dir: &TempDir, out: impl AsRef<Path>) {
    done(&["run", &dir.path("case"), "--draws", "0", "--out", dir.0.join(out).to_str().unwrap()]);
}

/// Every file the manifest of a run names is there and whole, and nothing else is.
fn assert_whole(out: impl AsRef<Path>) {
    let out = out.as_ref();
    assert_eq!(ripstop_study::run_folder::changed(out, &json(out.join("manifest.json"))), Vec::<String>::new(), "{}", out.display());
    let names = fs::read_dir(out).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let hidden: Vec<String> = names.filter(|name| name.starts_with('.')).collect();
    assert!(hidden.is_empty(), "{hidden:?}");
}

/// Runs a command in a process space and mounts of its own, in which it has number 1; `None` where the system does not let us.
fn contained(line: &str) -> Option<Command> {
    let may = Command::new("unshare").args(["-pfm", "true"]).stderr(Stdio::null()).status().is_ok_and(|done| done.success());
    let mut command = Command::new("unshare");
    command.args(["-pfm", "sh", "-c", line, env!("CARGO_BIN_EXE_ripstop")]);
    may.then_some(command)
}

fn wait_for(path: &Path) {
    let started = Instant::now();
    while !path.exists() {
        assert!(started.elapsed() < Duration::from_secs(60), "{} never came", path.display());
        std::thread::sleep(Duration::from_millis(3));
    }
}

#[test]
fn two_containers_cannot_write_one_folder() {
    let dir = TempDir::new();
    let (out, case) = (dir.path("out"), flagship());
    let line = format!("exec \"$0\" run {case} --draws 100 --checkpoint-every 300 --out {out}");
    let Some(mut first) = contained(&line) else { return };
    let first: Child = first.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for(&dir.0.join("out.checkpoint/manifest.json"));
    for more in ["", "--resume", "--scenario no-closure"] {
        let second = contained(&format!("exec \"$0\" run {case} --draws 0 --out {out} {more}")).unwrap().output().unwrap();
        let said = text(&second.stderr);
        assert_eq!(second.status.code(), Some(1), "{said}");
        assert!(said.contains(&format!("error[{}]", Code::PlaceTaken.id())) && said.contains("help: "), "{said}");
    }
    // By another way to the same place.
    symlink(&dir.0, dir.0.join("way")).unwrap();
    refused(&["run", &case, "--draws", "0", "--out", &dir.path("way/out")], Code::PlaceTaken);
    let first = first.wait_with_output().unwrap();
    assert!(first.status.success(), "{}", text(&first.stderr));
    assert_whole(&out);
    assert_eq!(dir.names(""), ["out", "way"], "no lock and no checkpoint stays");
}

#[test]
fn many_at_once_leave_one_whole_run() {
    let dir = TempDir::small();
    for out in ["free", "run", "empty"] {
        if out == "empty" {
            fs::create_dir(dir.0.join(out)).unwrap();
        }
        let line = format!("exec \"$0\" run {} --draws 0 --out {}", dir.path("case"), dir.path(out));
        let start = || {
            contained(&line).unwrap_or_else(|| {
                let mut command = Command::new("sh");
                command.args(["-c", &line, env!("CARGO_BIN_EXE_ripstop")]);
                command
            })
        };
        let children: Vec<Child> = (0..8).map(|_| start().stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()).collect();
        let mut wrote = 0;
        for child in children {
            let ended = child.wait_with_output().unwrap();
            let said = text(&ended.stderr);
            wrote += usize::from(ended.status.success());
            assert!(ended.status.success() || said.contains(Code::PlaceTaken.id()), "{said}");
        }
        assert!(wrote > 0, "one of them writes");
        assert_whole(dir.path(out));
        assert!(same_results(&dir.0.join(out), &dir.0.join("run")).unwrap().iter().all(|(_, same)| *same));
    }
    assert_eq!(dir.names(""), ["case", "empty", "free", "run"]);
}

#[test]
fn what_another_one_is_writing_is_not_touched() {
    let dir = TempDir::small();
    // As process 1 of any container would have named them, and as we name them.
    for name in [".out.1.tmp", ".made.1.tmp", ".ripstop-0123456789abcdef.tmp", "out.earlier"] {
        fs::create_dir(dir.0.join(name)).unwrap();
        fs::write(dir.0.join(name).join("summary.json"), "another one's").unwrap();
    }
    fs::create_dir(dir.0.join("out.checkpoint")).unwrap();
    for _ in 0..2 {
        run(&dir, "out");
    }
    done(&["new", &dir.path("made"), "--yes"]);
    done(&["generate", "--firms", "600", "--links", "1800", "--out", &dir.path("firms")]);
    for name in [".out.1.tmp", ".made.1.tmp", ".ripstop-0123456789abcdef.tmp", "out.earlier"] {
        assert_eq!(fs::read_to_string(dir.0.join(name).join("summary.json")).unwrap(), "another one's", "{name}");
    }
    // A file in place of the lock is nobody's to remove, nor is a link written through.
    symlink(dir.0.join("case/case.toml"), dir.0.join(".linked.ripstop-lock")).unwrap();
    let before = fs::read(dir.0.join("case/case.toml")).unwrap();
    run(&dir, "linked");
    assert_eq!(fs::read(dir.0.join("case/case.toml")).unwrap(), before);
    assert!(dir.0.join(".linked.ripstop-lock").is_symlink());
}

#[test]
fn a_page_replaces_nothing_but_a_page() {
    let dir = TempDir::small();
    let (case, run) = (dir.path("case"), dir.path("run"));
    let firms = fs::read(format!("{case}/firms.csv")).unwrap();
    symlink(format!("{case}/firms.csv"), dir.0.join("link.html")).unwrap();
    symlink(format!("{run}/report.html"), dir.0.join("page.html")).unwrap();
    symlink(dir.0.join("nowhere"), dir.0.join("dangling.html")).unwrap();
    fs::hard_link(format!("{case}/firms.csv"), dir.0.join("second.csv")).unwrap();
    fs::create_dir(dir.0.join("folder.html")).unwrap();
    fs::write(dir.0.join("other.html"), "<!doctype html>\n<title>My page</title>").unwrap();
    fs::write(dir.0.join("blank.html"), "").unwrap();
    assert!(Command::new("mkfifo").arg(dir.0.join("pipe")).status().unwrap().success());
    let null = Command::new("mknod").arg(dir.0.join("null")).args(["c", "1", "3"]).stderr(Stdio::null()).status();
    let mut taken =
        vec!["case/firms.csv", "link.html", "page.html", "dangling.html", "second.csv", "folder.html", "other.html", "blank.html", "pipe"];
    if null.is_ok_and(|made| made.success()) {
        taken.push("null");
    }
    for name in &taken {
        refused(&["report", &run, "--out", &dir.path(name)], Code::ForeignFile);
        refused(&["report", &run, &run, "--out", &dir.path(name)], Code::ForeignFile);
    }
    for file in ["summary.json", "manifest.json", "series.parquet", "inputs/firms.csv"] {
        refused(&["report", &run, "--out", &format!("{run}/{file}")], Code::ForeignFile);
    }
    assert_whole(&run);
    assert_eq!(fs::read(format!("{case}/firms.csv")).unwrap(), firms);
    assert_eq!(fs::read(dir.0.join("second.csv")).unwrap(), firms);
    for link in ["link.html", "page.html", "dangling.html"] {
        assert!(dir.0.join(link).is_symlink(), "{link}");
    }
    assert!(fs::metadata(dir.0.join("pipe")).unwrap().file_type().is_fifo() && !dir.0.join("nowhere").exists());
    assert!(!taken.contains(&"null") || fs::metadata(dir.0.join("null")).unwrap().file_type().is_char_device());
    // A page, or nothing, is.
    for _ in 0..2 {
        done(&["report", &run, "--out", &dir.path("new.html")]);
        done(&["report", &run]);
        done(&["report", &run, &run]);
    }
    assert_whole(&run);
    // The page of a run folder is where it belongs, unless it is none.
    fs::remove_file(format!("{run}/report.html")).unwrap();
    symlink(format!("{case}/firms.csv"), format!("{run}/report.html")).unwrap();
    refused(&["report", &run], Code::ForeignFile);
    for missing in ["no/such/folder/page.html", "case/firms.csv/page.html"] {
        refused(&["report", &run, "--out", &dir.path(missing)], Code::OutputNotWritten);
    }
    assert_eq!(fs::read(format!("{case}/firms.csv")).unwrap(), firms);
    assert!(dir.names("").iter().all(|name| !name.starts_with('.')), "{:?}", dir.names(""));
}

#[test]
fn no_command_that_makes_a_folder_replaces_anything() {
    let dir = TempDir::small();
    let thesis = |name: &str| {
        fs::create_dir_all(dir.0.join(name)).unwrap();
        fs::write(dir.0.join(name).join("firms.csv"), "years of work").unwrap();
    };
    thesis("full");
    thesis("demo/sinuiju-2020");
    fs::write(dir.0.join("file"), "years of work").unwrap();
    symlink(dir.0.join("nowhere"), dir.0.join("dangling")).unwrap();
    symlink(dir.0.join("full"), dir.0.join("to-full")).unwrap();
    assert!(Command::new("mkfifo").arg(dir.0.join("pipe")).status().unwrap().success());
    for place in ["full", "file", "dangling", "to-full", "pipe", "case"] {
        let to = dir.path(place);
        for arguments in [
            vec!["new", &to, "--yes"],
            vec!["new", &to, "--from", "sinuiju-2020"],
            vec!["generate", "--firms", "600", "--links", "1800", "--out", &to],
            vec!["run", &dir.path("case"), "--draws", "0", "--out", &to],
        ] {
            assert_eq!(ripstop(&arguments).status.code(), Some(1), "{arguments:?}");
        }
    }
    assert_eq!(ripstop(&["demo", &dir.path("demo"), "--no-open"]).status.code(), Some(1));
    for file in ["full/firms.csv", "file", "demo/sinuiju-2020/firms.csv"] {
        assert_eq!(fs::read_to_string(dir.0.join(file)).unwrap(), "years of work");
    }
    assert!(dir.0.join("dangling").is_symlink() && !dir.0.join("nowhere").exists());
    // An empty folder is filled, also by a link to it, and stays what it was.
    for (name, arguments) in
        [("a", &["new", "DIR", "--yes"][..]), ("b", &["generate", "--firms", "600", "--links", "1800", "--out", "DIR"])]
    {
        fs::create_dir(dir.0.join(name)).unwrap();
        fs::set_permissions(dir.0.join(name), fs::Permissions::from_mode(0o2770)).unwrap();
        symlink(name, dir.0.join(format!("to-{name}"))).unwrap();
        let was = fs::metadata(dir.0.join(name)).unwrap();
        let to = dir.path(&format!("to-{name}"));
        let words: Vec<&str> = arguments.iter().map(|word| if *word == "DIR" { to.as_str() } else { word }).collect();
        done(&words);
        let is = fs::metadata(dir.0.join(name)).unwrap();
        assert_eq!((was.ino(), was.mode()), (is.ino(), is.mode()));
        assert!(dir.0.join(name).join("case.toml").exists() && dir.names(name).iter().all(|name| !name.starts_with('.')));
    }
}

#[test]
fn an_existing_folder_is_filled_where_it_is() {
    let dir = TempDir::small();
    fs::create_dir(dir.0.join("empty")).unwrap();
    let was = fs::metadata(dir.0.join("empty")).unwrap().ino();
    // From within, twice: whoever stands in it goes on standing in it.
    for _ in 0..2 {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ripstop"));
        let made = command.args(["run", "../case", "--draws", "0", "--out", "."]).current_dir(dir.0.join("empty")).output().unwrap();
        assert!(made.status.success(), "{}", text(&made.stderr));
        assert_whole(dir.path("empty"));
    }
    fs::create_dir(dir.0.join("stays")).unwrap();
    let before = fs::metadata(dir.0.join("stays")).unwrap().ino();
    run(&dir, "stays");
    assert_eq!(fs::metadata(dir.0.join("stays")).unwrap().ino(), before);
    assert!(was > 0);
    // Other ways to say it.
    symlink("stays", dir.0.join("link")).unwrap();
    for out in ["link", "stays/", "stays/.", "case/../stays", "new/", "deep/er/still", "신의주", "with space", "-dash"] {
        run(&dir, out);
    }
    assert!(dir.0.join("link").is_symlink());
    let raw = dir.0.join(<OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"raw\xff"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_ripstop"));
    let made = command.args(["run", &dir.path("case"), "--draws", "0", "--out"]).arg(&raw).output().unwrap();
    assert!(made.status.success() && raw.join("manifest.json").exists(), "{}", text(&made.stderr));
    for out in ["stays", "new", "deep/er/still", "신의주", "with space", "-dash"] {
        assert_whole(dir.path(out));
    }
    assert!(dir.names("").iter().all(|name| !name.starts_with('.')), "{:?}", dir.names(""));
}

#[test]
fn what_cannot_work_is_said_before_the_work() {
    let dir = TempDir::small();
    // A run that would take minutes: the refusal comes at once.
    let refuse = |out: &str, code: Code| {
        let started = Instant::now();
        refused(&["run", &flagship(), "--draws", "100000", "--out", out], code);
        assert!(started.elapsed() < Duration::from_secs(20), "{out}");
    };
    fs::write(dir.0.join("file"), "mine").unwrap();
    refuse(&dir.path("file"), Code::ForeignFolder);
    refuse(&dir.path("file/out"), Code::OutputNotWritten);
    refuse(&dir.path(&"n".repeat(256)), Code::OutputNotWritten);
    refuse(&dir.path(&format!("new/{}/out", "n".repeat(256))), Code::OutputNotWritten);
    refuse(&dir.path(&format!("new/{}", "n".repeat(300))), Code::OutputNotWritten);
    refuse("/", Code::ForeignFolder);
    refuse("/proc/ripstop-run", Code::OutputNotWritten);
    refuse(&dir.path("case"), Code::ForeignFolder);
    let case = dir.path("case");
    for out in ["case", "case/.", "case/rules", "case/rules/out", "case/behaviour", "."] {
        refused(&["run", &case, "--draws", "0", "--out", &dir.path(out)], Code::ForeignFolder);
    }
    assert_eq!(dir.names(""), ["case", "file", "run"], "nothing is left of what was refused");
    // Inside the case all the same, where nothing is read; and the longest name there is.
    run(&dir, "case/runs/out");
    run(&dir, "n".repeat(255));
    assert_whole(dir.path(&"n".repeat(255)));
    // Its own copy of the inputs may be run again into the same place.
    done(&["run", &dir.path("run/inputs"), "--draws", "0", "--out", &dir.path("run")]);
    assert_whole(dir.path("run"));
}

#[test]
fn a_mounted_folder_is_filled_within() {
    let dir = TempDir::small();
    fs::create_dir(dir.0.join("mount")).unwrap();
    fs::create_dir(dir.0.join("kept")).unwrap();
    let script = "set -e; cd \"$1\"; case=\"$1/case\"
        mount -t tmpfs none mount; mkdir mount/lost+found
        \"$0\" run $case --draws 0 --out mount > /dev/null; cp -r mount kept/first
        \"$0\" run $case --draws 0 --out mount > /dev/null; ls -A mount > kept/names; cp -r mount kept/second
        mkdir bound; mount --bind kept bound; mkdir kept/inner; mount --bind kept/inner bound/inner; \"$0\" run $case --draws 0 --out bound/inner > /dev/null
        mkdir ro; mount -t tmpfs none ro; mkdir ro/out ro/taken; touch ro/taken/mine; mount --bind ro ro; mount -o remount,bind,ro ro
        for out in ro/out ro/new; do code=0; \"$0\" run $case --draws 100000 --out $out 2> kept/said > /dev/null || code=$?; echo $code >> kept/codes; cat kept/said >> kept/all; done
        mkdir parent; mkdir parent/out; mount --bind parent parent; mount -t tmpfs none parent/out; mount -o remount,bind,ro parent
        \"$0\" run $case --draws 4 --out parent/out > /dev/null 2> kept/quiet; cp -r parent/out kept/third
        echo done > kept/done";
    let may = Command::new("unshare").args(["-m", "true"]).stderr(Stdio::null()).status().is_ok_and(|done| done.success());
    if !may {
        return;
    }
    let ended = Command::new("unshare").args(["-m", "sh", "-c", script, env!("CARGO_BIN_EXE_ripstop"), &dir.path("")]).output().unwrap();
    assert!(dir.0.join("kept/done").exists(), "{}", text(&ended.stderr));
    for run in ["first", "second", "inner", "third"] {
        assert_whole(dir.0.join("kept").join(run));
        assert!(
            same_results(&dir.0.join("kept").join(run), &dir.0.join("run"))
                .unwrap()
                .iter()
                .all(|(what, same)| *same || what.is_empty() || run == "third"),
            "{run}"
        );
    }
    assert!(fs::read_to_string(dir.0.join("kept/names")).unwrap().contains("lost+found"));
    assert_eq!(fs::read_to_string(dir.0.join("kept/codes")).unwrap(), "1\n1\n");
    let said = fs::read_to_string(dir.0.join("kept/all")).unwrap();
    assert_eq!(said.matches(Code::OutputNotWritten.id()).count(), 2, "{said}");
    assert_eq!(fs::read_to_string(dir.0.join("kept/quiet")).unwrap(), "");
}

#[test]
fn a_run_that_was_interrupted_within_its_folder_is_made_again() {
    let dir = TempDir::small();
    fs::create_dir_all(dir.0.join("torn/.ripstop-0123456789abcdef.tmp")).unwrap();
    // Half of the files are up, the manifest is still below.
    fs::copy(dir.path("run/manifest.json"), dir.path("torn/.ripstop-0123456789abcdef.tmp/manifest.json")).unwrap();
    fs::copy(dir.path("run/case.json"), dir.path("torn/case.json")).unwrap();
    refused(&["report", &dir.path("torn")], Code::NotARun);
    run(&dir, "torn");
    assert!(same_results(&dir.0.join("torn"), &dir.0.join("run")).unwrap().iter().all(|(_, same)| *same));
    // With something of somebody else's in it, it is left alone.
    fs::remove_file(dir.path("torn/manifest.json")).unwrap();
    fs::write(dir.path("torn/thesis.txt"), "years of work").unwrap();
    refused(&["run", &dir.path("case"), "--draws", "0", "--out", &dir.path("torn")], Code::ForeignFolder);
    assert!(dir.0.join("torn/thesis.txt").exists());
}

#[test]
fn a_folder_that_was_changed_says_so_wherever_it_is_read() {
    let dir = TempDir::small();
    let (run_dir, page) = (dir.path("run"), dir.path("run/report.html"));
    done(&["run", &dir.path("case"), "--draws", "0", "--format", "csv", "--out", &dir.path("csv")]);
    let said = |arguments: &[&str], file: &str| {
        let output = ripstop(arguments);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(err.contains(&format!("warning[{}]", Code::ChangedSinceRun.id())) && err.contains(file), "{arguments:?}: {err}");
        out
    };
    let quiet = |arguments: &[&str]| {
        let output = ripstop(arguments);
        assert!(output.status.success() && output.stderr.is_empty(), "{arguments:?}: {}", text(&output.stderr));
    };
    for arguments in [
        &["report", run_dir.as_str()][..],
        &["diff", &run_dir, &run_dir],
        &["cite", &run_dir],
        &["reproduce", &run_dir],
        &["report", &dir.path("csv")],
    ] {
        quiet(arguments);
    }
    let edits: [(&str, &str, &str, &str); 5] = [
        ("run", "summary.json", "\"model\": \"flow\"", "\"model\": \"flaw\""),
        ("run", "claims.json", "[", "[ "),
        ("run", "case.json", "\"currency\": \"USD\"", "\"currency\": \"EUR\""),
        ("csv", "series.csv", ",total,", ",total,"),
        ("run", "series.parquet", "", ""),
    ];
    for (folder, file, from, to) in edits {
        let (out, path) = (dir.path(folder), dir.path(&format!("{folder}/{file}")));
        let kept = fs::read(&path).unwrap();
        if file == "series.csv" {
            fs::write(&path, text(&kept).replacen(",0,", ",7,", 1)).unwrap();
        } else if file == "series.parquet" {
            // Those of another run.
            done(&["run", &dir.path("case"), "--draws", "0", "--seed", "2", "--record", "totals", "--out", &dir.path("other")]);
            fs::copy(dir.path("other/series.parquet"), &path).unwrap();
        } else {
            assert!(text(&kept).contains(from), "{file}");
            fs::write(&path, text(&kept).replacen(from, to, 1)).unwrap();
        }
        assert!(said(&["report", &out], file).contains("not what the run wrote"));
        let html = fs::read_to_string(dir.path(&format!("{folder}/report.html"))).unwrap();
        assert!(html.contains("<div role=\"alert\"") && html.contains(&format!("{file} has changed")), "{file}");
        assert!(said(&["diff", &out, &out], file).contains(file));
        let found: Value = serde_json::from_str(&said(&["diff", &out, &out, "--json"], file)).unwrap();
        assert_eq!(found["changed_since_run"]["b"][0], format!("{file} has changed"));
        assert!(said(&["cite", &out], file).contains(file) && said(&["cite", &out, "--format", "bibtex"], file).starts_with("% "));
        let cited: Value = serde_json::from_str(&said(&["cite", &out, "--format", "json"], file)).unwrap();
        assert_eq!(cited["changed_since_run"][0], format!("{file} has changed"));
        assert!(said(&["reproduce", &out], file).contains(file));
        fs::write(&path, &kept).unwrap();
        quiet(&["report", &out]);
        assert!(!fs::read_to_string(dir.path(&format!("{folder}/report.html"))).unwrap().contains("<div role=\"alert\""));
    }
    // A file that was removed, and one that was added.
    fs::rename(dir.path("run/claims.json"), dir.path("claims")).unwrap();
    said(&["cite", &run_dir], "claims.json is gone");
    fs::rename(dir.path("claims"), dir.path("run/claims.json")).unwrap();
    fs::copy(dir.path("csv/series.csv"), dir.path("run/series.csv")).unwrap();
    said(&["report", &run_dir], "series.csv is new");
    assert!(fs::read_to_string(page).unwrap().contains("series.csv is new"));
    fs::remove_file(dir.path("run/series.csv")).unwrap();
    fs::write(dir.path("run/inputs/firms.csv"), "id\n").unwrap();
    said(&["report", &run_dir], "inputs/firms.csv has changed");
    said(&["diff", &run_dir, &dir.path("csv")], "inputs/firms.csv has changed");
}

/// A random number of a small generator; the same every time.
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// What stands in place of a value.
fn other(state: &mut u64) -> Value {
    let all = [
        Value::Null,
        Value::Bool(true),
        serde_json::json!([]),
        serde_json::json!([1, "a", null, []]),
        serde_json::json!({}),
        serde_json::json!({ "id": 7 }),
        serde_json::json!(-1),
        serde_json::json!(1e300),
        serde_json::json!(u64::MAX),
        serde_json::json!("</script>"),
        serde_json::json!(""),
    ];
    all[(random(state) % all.len() as u64) as usize].clone()
}

/// Replaces or removes a value somewhere.
fn mutate(value: &mut Value, state: &mut u64) {
    let deeper = !random(state).is_multiple_of(8);
    match value {
        Value::Object(map) if deeper && !map.is_empty() => {
            let at = (random(state) % map.len() as u64) as usize;
            let key = map.keys().nth(at).unwrap().clone();
            if random(state).is_multiple_of(6) {
                map.remove(&key);
            } else {
                mutate(&mut map[&key], state);
            }
        }
        Value::Array(list) if deeper && !list.is_empty() => {
            let at = (random(state) % list.len() as u64) as usize;
            if random(state).is_multiple_of(6) {
                list.remove(at);
            } else {
                mutate(&mut list[at], state);
            }
        }
        value => *value = other(state),
    }
}

/// Thousands of folders with a damaged file: the page is made, or an error names the file; nothing panics.
#[test]
fn damaged_files_of_a_run_are_errors_and_no_panics() {
    let dir = TempDir::small();
    done(&["run", &dir.path("case"), "--draws", "0", "--format", "csv", "--out", &dir.path("csv")]);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let files = ["case.json", "summary.json", "claims.json", "manifest.json"];
    let (mut read, mut not) = (0, 0);
    let mut damaged = Vec::new();
    for round in 0..3_000_u64 {
        let folder = if round % 2 == 0 { "run" } else { "csv" };
        let names = [files[0], files[1], files[2], files[3], if folder == "run" { "series.parquet" } else { "series.csv" }];
        let name = names[(random(&mut state) % 5) as usize];
        let path = dir.0.join(folder).join(name);
        let kept = fs::read(&path).unwrap();
        let mut bytes = kept.clone();
        if name.ends_with(".json") && round % 5 != 0 {
            let mut value: Value = serde_json::from_slice(&kept).unwrap();
            mutate(&mut value, &mut state);
            bytes = value.to_string().into_bytes();
        } else {
            bytes.truncate(if round % 10 == 0 { (random(&mut state) % kept.len() as u64) as usize } else { kept.len() });
            for _ in 0..1 + round % 4 {
                let at = (random(&mut state) % bytes.len().max(1) as u64) as usize;
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = random(&mut state) as u8;
                }
            }
        }
        fs::write(&path, &bytes).unwrap();
        let (a, b) = (dir.0.join("run"), dir.0.join("csv"));
        match ripstop_study::run_folder::read(&dir.0.join(folder)) {
            Ok(run) => {
                read += 1;
                let _ = ripstop_study::run_folder::changed(&dir.0.join(folder), &run.manifest);
                // The binary makes pages and compares; a few hundred starts are enough.
                if round % 10 == 0 {
                    damaged.push((folder, name, bytes));
                }
            }
            Err(error) => {
                not += 1;
                let said = error.to_string();
                assert!(said.contains(name) && said.contains("run"), "{said}");
            }
        }
        if let (Some(a_manifest), Some(b_manifest)) = (ripstop_study::output::manifest_of(&a), ripstop_study::output::manifest_of(&b))
            && round % 8 == 0
        {
            let _ = ripstop_study::compare::compare((&a, &a_manifest), (&b, &b_manifest));
        }
        fs::write(&path, &kept).unwrap();
    }
    assert!(read > 400 && not > 400, "{read} were read, {not} were not");
    for (folder, name, bytes) in damaged {
        let path = dir.0.join(folder).join(name);
        let kept = fs::read(&path).unwrap();
        fs::write(&path, bytes).unwrap();
        for arguments in [
            &["report", &dir.path(folder), "--out", &dir.path("page.html")][..],
            &["cite", &dir.path(folder)],
            &["diff", &dir.path("run"), &dir.path("csv")],
        ] {
            let output = ripstop(arguments);
            assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?} with {name}: {}", text(&output.stderr));
        }
        fs::write(&path, &kept).unwrap();
    }
}

#[test]
fn files_of_other_shapes_are_errors_with_the_file_and_the_way_out() {
    let dir = TempDir::small();
    let run_dir = dir.path("run");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for file in ["case.json", "summary.json", "claims.json"] {
        let path = dir.path(&format!("run/{file}"));
        let kept = fs::read_to_string(&path).unwrap();
        let half = &kept[..kept.len() / 2];
        let list = if file == "claims.json" { "{}" } else { "[]" };
        for text_of in [list, "null", "7", "\"text\"", "", "{", half, &deep, "\u{0}"] {
            fs::write(&path, text_of).unwrap();
            let output = ripstop(&["report", &run_dir]);
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{file} as {text_of:.20}: {said}");
            assert!(said.contains(file) && (said.contains("run the case again") || said.contains("ripstop run")), "{said}");
        }
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert_eq!(ripstop(&["report", &run_dir]).status.code(), Some(1), "{file} is a folder");
        fs::remove_dir(&path).unwrap();
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        assert_eq!(ripstop(&["report", &run_dir]).status.code(), Some(1), "{file} is a pipe that nobody fills");
        fs::remove_file(&path).unwrap();
        // Larger than anything that is read; it takes no room on the disk.
        fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
        assert_eq!(ripstop(&["report", &run_dir]).status.code(), Some(1), "{file} is huge");
        fs::write(&path, kept).unwrap();
    }
    for broken in ["[]", "null", "{}", "{\"ripstop\": 1}", ""] {
        fs::write(dir.path("run/manifest.json"), broken).unwrap();
        for command in ["report", "cite", "reproduce"] {
            refused(&[command, &run_dir], Code::NotARun);
        }
        refused(&["diff", &run_dir, &run_dir], Code::NotARun);
    }
}

#[test]
fn seeds_are_exact_to_the_last_digit() {
    let dir = TempDir::small();
    let seeds = [(1_u64 << 53) + 1, u64::MAX, u64::MAX - 1, (1 << 63) + 1];
    for seed in seeds {
        let out = dir.path("out");
        done(&["run", &dir.path("case"), "--draws", "3", "--seed", &seed.to_string(), "--out", &out]);
        assert_eq!(json(format!("{out}/manifest.json"))["seed"].as_u64(), Some(seed));
        assert!(fs::read_to_string(format!("{out}/report.html")).unwrap().contains(&format!("\"seed\":\"{seed}\"")), "the page of {seed}");
        assert!(done(&["reproduce", &out]).contains("same bits"));
        // The same from the case.
        let toml = fs::read_to_string(dir.path("case/case.toml")).unwrap();
        let other = dir.path(&format!("case-{seed}"));
        done(&["new", &other, "--from", &dir.path("case")]);
        assert!(toml.contains("[settings]"));
        let without: String = toml.lines().filter(|line| !line.starts_with("seed")).map(|line| format!("{line}\n")).collect();
        fs::write(format!("{other}/case.toml"), without.replacen("[settings]", &format!("[settings]\nseed = {seed}"), 1)).unwrap();
        done(&["run", &other, "--draws", "3", "--out", &dir.path("from-case")]);
        assert_eq!(json(dir.path("from-case/manifest.json"))["seed"].as_u64(), Some(seed));
    }
    let (a, b) = (dir.path("a"), dir.path("b"));
    for (out, seed) in [(&a, "9007199254740993"), (&b, "9007199254740992")] {
        done(&["run", &dir.path("case"), "--draws", "3", "--seed", seed, "--out", out]);
    }
    assert!(done(&["diff", &a, &b]).contains("seed: 9007199254740993 → 9007199254740992"));
    assert_eq!(ripstop(&["run", &dir.path("case"), "--seed", "18446744073709551616"]).status.code(), Some(2));
}

#[test]
fn what_a_spreadsheet_would_run_is_masked_in_csv_and_comes_back() {
    let dir = TempDir::new();
    done(&["new", &dir.path("case"), "--yes", "--days", "150"]);
    // A sector that a spreadsheet would take for a formula.
    let firms = fs::read_to_string(dir.path("case/firms.csv")).unwrap();
    let header = firms.lines().find(|line| line.starts_with("id,")).unwrap();
    let at = header.split(',').position(|name| name == "sector").unwrap();
    let masked = |line: &str| {
        let mut cells: Vec<&str> = line.split(',').collect();
        cells[at] = "=1+1";
        cells.join(",")
    };
    let mut body = false;
    let lines: Vec<String> = firms
        .lines()
        .map(|line| {
            let line_of_row = body && !line.is_empty();
            body |= line.starts_with("id,");
            if line_of_row { masked(line) } else { line.to_string() }
        })
        .collect();
    fs::write(dir.path("case/firms.csv"), lines.join("\n") + "\n").unwrap();
    for (format, out) in [("csv", "csv"), ("parquet", "parquet")] {
        done(&["run", &dir.path("case"), "--draws", "0", "--format", format, "--out", &dir.path(out)]);
    }
    let series = fs::read_to_string(dir.path("csv/series.csv")).unwrap();
    assert!(series.contains(",sector,'=1+1,") && !series.contains(",=1+1,"));
    // Numbers below zero are numbers.
    for line in series.lines().skip(1) {
        let value = line.split(',').nth(5).unwrap();
        assert!(value.parse::<f64>().is_ok(), "{line}");
    }
    assert!(done(&["diff", &dir.path("csv"), &dir.path("parquet")]).contains("Nothing differs"));
    done(&["report", &dir.path("csv")]);
    assert!(done(&["reproduce", &dir.path("csv")]).contains("same bits: series.csv"));
}
