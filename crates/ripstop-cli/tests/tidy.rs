//! The code and its documents checked as text: what `ARCHITECTURE.md` and `CONTRIBUTING.md` promise and no compiler checks.

#[path = "tidy/circles.rs"]
mod circles;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const FUNCTION_LINES_MAX: usize = 70;
const SOURCE_LINES_MAX: usize = 600;
/// Of tests and benchmarks.
const FILE_LINES_MAX: usize = 900;
/// Of a function, `self` not counted.
const PARAMETERS_MAX: usize = 5;

/// Kernels take columns, each as a slice of its own.
const KERNELS: &str = "crates/ripstop/src/bulk/sweep.rs";

/// `unwrap` and `expect` outside tests that are right, each with the reason. Rather put the reason in a comment on the line above.
const MAY_PANIC: [(&str, &str); 1] = [
    // A documented panic: tables are limited where they are read.
    ("crates/ripstop/src/model/ids.rs", "a table has fewer than 2^32 rows"),
];

/// Functions of `std` whose last bits differ from platform to platform. `sqrt` and `mul_add` are exact everywhere.
const INEXACT: [&str; 24] = [
    "ln", "ln_1p", "log", "log2", "log10", "exp", "exp2", "exp_m1", "powf", "powi", "sin", "cos", "tan", "sin_cos", "asin", "acos", "atan",
    "atan2", "sinh", "cosh", "tanh", "cbrt", "hypot", "gamma",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Files under a folder of the repository, sorted, as paths relative to its root. Build and run folders are left out.
fn files(dir: &str) -> Vec<String> {
    let (root, mut found, mut todo) = (root(), Vec::new(), vec![PathBuf::from(dir)]);
    while let Some(dir) = todo.pop() {
        for entry in fs::read_dir(root.join(&dir)).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if dir == Path::new(".") { PathBuf::from(&name) } else { dir.join(&name) };
            let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_dir && !matches!(name.as_str(), "target" | ".git" | "runs" | ".venv" | "__pycache__" | "node_modules") {
                todo.push(path);
            } else if !is_dir && name != ".git" {
                found.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

fn rust(dir: &str) -> Vec<String> {
    files(dir).into_iter().filter(|path| path.ends_with(".rs")).collect()
}

/// Rust sources that are shipped: no tests, examples or benchmarks.
fn sources() -> Vec<String> {
    rust("crates").into_iter().filter(|path| path.contains("/src/")).collect()
}

/// The text with the contents of comments, strings and character literals blanked; lines and columns stay.
fn code(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes[at..].starts_with(b"//") => line_end(bytes, at),
            b'/' if bytes[at..].starts_with(b"/*") => find(bytes, at + 2, b"*/") + 2,
            b'"' => string_end(bytes, at),
            b'r' if bytes.get(at + 1).is_some_and(|b| matches!(b, b'"' | b'#')) && !word_before(bytes, at) => raw_end(bytes, at),
            b'\'' => char_end(bytes, at),
            _ => at + 1,
        };
        if end > at + 1 {
            out[at..end.min(bytes.len())].iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
        }
        at = end;
    }
    out
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> usize {
    (from..bytes.len()).find(|&at| bytes[at..].starts_with(what)).unwrap_or(bytes.len())
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    find(bytes, from, b"\n")
}

fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn word_before(bytes: &[u8], at: usize) -> bool {
    at > 0 && word(bytes[at - 1]) && bytes[at - 1] != b'b'
}

fn string_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += 1 + usize::from(bytes[at] == b'\\');
    }
    at + 1
}

/// End of `r#"…"#`; of `r#name`, just the first letter.
fn raw_end(bytes: &[u8], from: usize) -> usize {
    let hashes = bytes[from + 1..].iter().take_while(|b| **b == b'#').count();
    if bytes.get(from + 1 + hashes) != Some(&b'"') {
        return from + 1;
    }
    let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    find(bytes, from + 2 + hashes, &close) + close.len()
}

/// End of a character literal; of a lifetime, just the quote.
fn char_end(bytes: &[u8], from: usize) -> usize {
    let Some(text) = std::str::from_utf8(&bytes[from + 1..]).ok() else { return from + 1 };
    let mut letters = text.char_indices();
    match letters.next() {
        Some((_, '\\')) => find(bytes, from + 3, b"'") + 1,
        Some((_, first)) if text[first.len_utf8()..].starts_with('\'') => from + 2 + first.len_utf8(),
        _ => from + 1,
    }
}

/// The closing brace that belongs to the first opening one after `from`, or the `;` that ends a declaration without a body.
fn body_end(code: &[u8], from: usize) -> usize {
    let (mut braces, mut brackets) = (0_usize, 0_usize);
    for (at, byte) in code.iter().enumerate().skip(from) {
        match byte {
            b'{' => braces += 1,
            b'}' if braces <= 1 => return at,
            b'}' => braces -= 1,
            b'(' | b'[' => brackets += 1,
            b')' | b']' => brackets = brackets.saturating_sub(1),
            b';' if braces == 0 && brackets == 0 => return at,
            _ => {}
        }
    }
    code.len()
}

fn line_of(code: &[u8], at: usize) -> usize {
    code[..at.min(code.len())].iter().filter(|b| **b == b'\n').count() + 1
}

/// Where functions begin.
fn functions(code: &[u8]) -> impl Iterator<Item = usize> {
    (0..code.len()).filter(|&at| code[at..].starts_with(b"fn ") && (at == 0 || !word(code[at - 1])))
}

/// How many parameters the function that begins here has, `self` not counted: commas between its round brackets, outside any others.
fn parameters(code: &[u8], from: usize) -> usize {
    // Names of types may hold brackets of their own: `fn f<T: Fn(u8) -> u8>(x: T)`; and `->` closes nothing.
    let (mut depth, mut generics, mut list) = (0_usize, 0_usize, vec![Vec::new()]);
    for (at, &byte) in code.iter().enumerate().skip(from) {
        let closes_angle = byte == b'>' && code[at - 1] != b'-';
        match byte {
            b'(' | b'[' | b'{' if depth == 0 && generics == 0 => {
                if byte != b'(' {
                    break;
                }
                depth = 1;
                continue;
            }
            b'<' if depth == 0 => generics += 1,
            _ if depth == 0 && closes_angle => generics = generics.saturating_sub(1),
            b')' if depth == 1 => break,
            b',' if depth == 1 => {
                list.push(Vec::new());
                continue;
            }
            b'(' | b'[' | b'{' | b'<' if depth > 0 => depth += 1,
            b')' | b']' | b'}' if depth > 0 => depth -= 1,
            _ if depth > 0 && closes_angle => depth -= 1,
            _ => {}
        }
        if depth > 0 {
            list.last_mut().into_iter().for_each(|one: &mut Vec<u8>| one.push(byte));
        }
    }
    let is_self = |name: &str| name.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|name| name == "self");
    let names = list.iter().map(|one| String::from_utf8_lossy(one).into_owned());
    // A type may name a path that begins with `self::`; a receiver stands before its own colon, if it has one.
    names.filter(|one| !one.trim().is_empty() && !is_self(one.split(':').next().unwrap_or_default())).count()
}

/// The code with test modules blanked too, and files that are only compiled for tests as a whole.
fn shipped(text: &str) -> Vec<u8> {
    let mut code = code(text);
    if find(&code, 0, b"#![cfg(test)]") < code.len() {
        return vec![b'\n'; code.iter().filter(|b| **b == b'\n').count()];
    }
    let mut from = 0;
    let next = |code: &[u8], from| ["#[cfg(test)]", "#[cfg(all(test"].map(|mark| find(code, from, mark.as_bytes())).into_iter().min();
    while let Some(at) = next(&code, from).filter(|at| *at < code.len()) {
        let end = body_end(&code, at);
        code[at..end].iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
        from = end;
    }
    code
}

/// Lines of the code on which a condition holds, as `path:line: text`.
fn offences(path: &str, code: &[u8], wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let text = String::from_utf8_lossy(code).into_owned();
    let said = |(row, line): (usize, &str)| format!("{path}:{}: {}", row + 1, line.trim());
    text.lines().enumerate().filter(|(_, line)| wrong(line)).map(said).collect()
}

fn none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

#[test]
fn the_engine_keeps_its_bits() {
    let mut found = Vec::new();
    let calls: Vec<String> =
        INEXACT.iter().flat_map(|name| [format!(".{name}("), format!("f64::{name}"), format!("f32::{name}")]).collect();
    let called =
        |line: &str, call: &str| line.split(call).skip(1).any(|rest| call.ends_with('(') || !rest.bytes().next().is_some_and(word));
    for path in rust("crates/ripstop/src") {
        let code = code(&read(&path));
        found.extend(offences(&path, &code, |line| line.contains("HashMap") || line.contains("HashSet")));
        found.extend(offences(&path, &code, |line| calls.iter().any(|call| called(line, call))));
    }
    none("hash maps and inexact functions of std break the same-bits promise of the engine", &found);
}

/// The file that asks for the time.
const CLOCK: &str = "crates/ripstop-study/src/study/clock.rs";

/// A page in a browser has no clock: who asks for one there ends the program, so it is asked for in one place.
#[test]
fn one_file_asks_for_the_time() {
    let mut found = Vec::new();
    let crates = ["crates/ripstop/src", "crates/ripstop-case/src", "crates/ripstop-study/src"];
    for path in crates.into_iter().flat_map(rust) {
        if path == CLOCK {
            continue;
        }
        let shipped = String::from_utf8_lossy(&shipped(&read(&path))).into_owned();
        let asks = |line: &&str| ["Instant::now", "SystemTime", "std::time::Instant"].iter().any(|clock| line.contains(clock));
        found.extend(
            shipped.lines().enumerate().filter(|(_, line)| asks(line)).map(|(row, line)| format!("{path}:{}: {}", row + 1, line.trim())),
        );
    }
    none("only the clock asks for the time", &found);
}

#[test]
fn nothing_panics_without_a_reason() {
    let mut found = Vec::new();
    for path in sources() {
        let text = read(&path);
        let lines: Vec<&str> = text.lines().collect();
        let shipped = String::from_utf8_lossy(&shipped(&text)).into_owned();
        for (row, line) in shipped.lines().enumerate() {
            let reason = |line: &str| line.trim_start().starts_with("// ") || line.contains(" // ");
            let explained = reason(lines[row]) || row > 0 && lines[row - 1].trim_start().starts_with("// ");
            let listed = MAY_PANIC.iter().any(|(file, text)| *file == path && lines[row].contains(text));
            if (line.contains(".unwrap()") || line.contains(".expect(")) && !explained && !listed {
                found.push(format!("{path}:{}: {}", row + 1, lines[row].trim()));
            }
        }
    }
    none("an error that can happen is returned; one that cannot needs a comment that says why", &found);
}

#[test]
fn functions_and_files_stay_short() {
    let mut found = Vec::new();
    for path in rust("crates").into_iter().chain(rust("benches")) {
        let text = read(&path);
        let lines = text.lines().count();
        let most = if path.contains("/src/") { SOURCE_LINES_MAX } else { FILE_LINES_MAX };
        if lines > most {
            found.push(format!("{path}: {lines} lines, at most {most}"));
        }
        if !path.contains("/src/") {
            continue;
        }
        let code = code(&text);
        for at in functions(&code) {
            let length = line_of(&code, body_end(&code, at)) + 1 - line_of(&code, at);
            if length > FUNCTION_LINES_MAX {
                found.push(format!("{path}:{}: a function of {length} lines, at most {FUNCTION_LINES_MAX}", line_of(&code, at)));
            }
        }
    }
    none("too long to be read at a glance", &found);
}

#[test]
fn functions_take_few_parameters() {
    let mut found = Vec::new();
    for path in sources().into_iter().filter(|path| path != KERNELS) {
        let code = code(&read(&path));
        for at in functions(&code) {
            let count = parameters(&code, at);
            if count > PARAMETERS_MAX {
                found.push(format!("{path}:{}: {count} parameters, at most {PARAMETERS_MAX}", line_of(&code, at)));
            }
        }
    }
    none("what belongs together is passed together", &found);
}

#[test]
fn every_dependency_has_its_line() {
    let manifest = read("Cargo.toml");
    let section = manifest.split("[workspace.dependencies]").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    let names = section.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name.trim());
    let mut wanted: Vec<&str> = names.filter(|name| !name.starts_with("ripstop")).collect();
    wanted.sort_unstable();
    let page = read("docs/dependencies.md");
    let mut listed: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    listed.sort_unstable();
    assert_eq!(wanted, listed, "left: [workspace.dependencies]; right: the tables of docs/dependencies.md");
}

#[test]
fn every_phase_has_a_file_and_a_chapter() {
    let day = read("crates/ripstop/src/day/mod.rs");
    let mut used: Vec<&str> = day.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    // The day calls them in order; the list of modules is sorted by name.
    used.sort_by_key(|name| day.find(&format!("    {name}::")).unwrap_or(usize::MAX));
    let chapters: Vec<String> = (1..).zip(&used).map(|(number, name)| format!("## {number}. {name}")).collect();
    let model = read("docs/model.md");
    let found: Vec<&str> =
        model.lines().filter(|line| line.starts_with("## ") && line.as_bytes().get(3).is_some_and(u8::is_ascii_digit)).collect();
    assert_eq!(chapters, found, "left: phases of day/mod.rs; right: numbered headings of docs/model.md");
    let mut phases: Vec<String> = used.iter().map(|name| format!("crates/ripstop/src/day/{name}.rs")).collect();
    phases.sort();
    let on_disk: Vec<String> = rust("crates/ripstop/src/day")
        .into_iter()
        .filter(|path| {
            !["mod.rs", "ahead.rs", "newcomers.rs", "places.rs", "restock.rs", "stores.rs", "switching.rs", "today.rs", "twins.rs"]
                .iter()
                .any(|file| path.ends_with(file))
        })
        .collect();
    assert_eq!(phases, on_disk);
}

#[test]
fn the_readme_names_its_two_commands() {
    let readme = read("README.md");
    for command in ["cargo run --release -- run cases/sinuiju-2020", "scripts/test"] {
        assert!(readme.lines().any(|line| line.trim() == command), "README.md lacks the line `{command}`");
    }
}

#[test]
fn no_file_names_a_path_of_a_machine() {
    // Put together here, so that this file does not name them.
    let everywhere = ["work", "root", "home"].map(|dir| format!("/{dir}/"));
    let outside_docs = format!("/{}/", "tmp");
    let mut found = Vec::new();
    for path in files(".").into_iter().filter(|path| path.contains(['/', '.']) && !path.ends_with(".lock")) {
        let Ok(text) = fs::read_to_string(root().join(&path)) else { continue };
        let named = |line: &str, needle: &str| {
            line.match_indices(needle).any(|(at, _)| at == 0 || !matches!(line.as_bytes()[at - 1], b if word(b) || b"./-}*".contains(&b)))
        };
        let wrong =
            |line: &str| everywhere.iter().any(|needle| named(line, needle)) || !path.starts_with("docs/") && named(line, &outside_docs);
        found.extend(offences(&path, text.as_bytes(), wrong));
    }
    none("a path that exists on one machine only", &found);
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut found = Vec::new();
    for path in files(".").into_iter().filter(|path| path.ends_with(".md")) {
        let folder = Path::new(&path).parent().unwrap_or(Path::new("")).to_path_buf();
        for link in read(&path).split("](").skip(1).filter_map(|rest| rest.split(')').next().map(str::to_owned)) {
            let file = link.split('#').next().unwrap_or_default();
            if !file.is_empty() && !link.contains("://") && !link.starts_with("mailto:") && !root().join(&folder).join(file).exists() {
                found.push(format!("{path}: {link}"));
            }
        }
    }
    none("links without a target", &found);
}

/// What stands before the tables.
const DIAGNOSTICS: &str = r#"# Diagnostics

Every problem `ripstop` can find in a case, with its stable code and name. All problems of a case are found in one pass; each is shown
with file, line and column, what was probably meant, and a fix. With errors (`RS-E`) a case does not run; with warnings (`RS-W`) it does.

Warnings from `RS-W040` on ask whether a case that can run says what was meant: does value vanish, can an order arrive in time, is anybody
paid, does an event touch anything? They look at the base values of the parameters, and come once a case has no errors, because one
misspelt id would make half of the other rows look unused. A case of more than 200,000 contracts is data rather than a text somebody
wrote; of it they are not asked.

`RS-E100` to `RS-E108`, `RS-E136`, `RS-E137` and `RS-W093` are not about a case but about run folders and checkpoints: see [`runs.md`](runs.md).

This page is written from the code: `RIPSTOP_BLESS=1 cargo test -p ripstop-cli --test tidy` rewrites it.

## Warnings made errors, or left out

`check` and `run` take both options; a name may be given as a code too, and several have commas between them.

| option | what it does |
|---|---|
| `--strict` | every warning is an error |
| `--strict=NAME,NAME` | the warnings named are errors, the others stay warnings |
| `--allow=NAME,NAME` | the warnings named are left out, unless `--strict=` names them too |

A name that no warning has ends the command with code 2 and says which was probably meant.

## For editors

`ripstop check CASE --json` prints a list of objects to standard output, sorted by file, line and column; `[]` if there is nothing to say.
The exit code is 1 if one of them is an error.

| field | value |
|---|---|
| `file` | path from the case's folder, `/` between its parts |
| `line` | line, 1-based |
| `column`, `end_column` | first byte, and the byte after the last, 1-based; a byte order mark does not count |
| `length` | `end_column` − `column` |
| `severity` | `error` or `warning`, after `--strict` and `--allow` |
| `code`, `name` | as in the tables below |
| `message` | what is wrong, with the values |
| `suggestion` | the word that was probably meant, in place of what stands there; `null` if there is none |
| `fix` | what to do |
"#;

fn diagnostics_page() -> String {
    let mut page = String::from(DIAGNOSTICS);
    for (title, prefix) in [("Errors", "RS-E"), ("Warnings", "RS-W")] {
        let _ = write!(page, "\n## {title}\n\n| code | name | what it means | how to mend it |\n|---|---|---|---|\n");
        for code in ripstop_case::Code::all().iter().filter(|code| code.id().starts_with(prefix)) {
            let cell = |text: &str| text.replace('|', "\\|");
            let _ = writeln!(page, "| `{}` | {} | {} | {} |", code.id(), code.name(), cell(code.about()), cell(code.fix()));
        }
    }
    page
}

#[test]
fn the_diagnostics_page_is_the_code() {
    let page = diagnostics_page();
    if std::env::var_os("RIPSTOP_BLESS").is_some_and(|value| value == "1") {
        fs::write(root().join("docs/diagnostics.md"), &page).expect("docs/diagnostics.md can be written");
    }
    assert!(read("docs/diagnostics.md") == page, "docs/diagnostics.md is out of date: set RIPSTOP_BLESS=1 and run this test again");
}

#[test]
fn this_test_reads_rust_right() {
    let text = "fn a(x: [u8; 2]) -> &'static str { // }\n    let c = '}'; let q = '\\''; r#\"}\"#\n}\nfn b();\n";
    let code = code(text);
    assert_eq!(code.len(), text.len());
    assert_eq!(line_of(&code, body_end(&code, 0)), 3);
    for (count, text) in [
        (0, "fn a();"),
        (0, "fn a(&'a mut self) {}"),
        (2, "fn a<T: Fn(u8, u8) -> Vec<u8>, const N: usize>(x: T, // b, c: d,\n    y: [u8; N],\n) -> (u8, u8) { f(1, 2, 3) }"),
        (3, "fn a(self, (x, y): (u8, u8), z: HashMap<u8, (u8, u8)>, f: &dyn Fn(u8, u8) -> u8) { |a, b, c| 1 }"),
        (1, "fn a(x: self::B) where T: Fn(u8, u8) {}"),
        (1, "fn a(mut self: Box<Self>, x: impl Fn(&[u8]) -> Vec<(u8, u8)>) {}"),
    ] {
        assert_eq!(parameters(&self::code(text), 0), count, "{text}");
    }
    let tests = "fn a() {}\n#[cfg(test)]\nmod tests { fn f() { x.unwrap() } }\nfn z() { y }\n";
    let shipped = String::from_utf8(shipped(tests)).expect("blanks are text");
    assert!(!shipped.contains("unwrap") && shipped.contains("fn z() { y }"));
}
