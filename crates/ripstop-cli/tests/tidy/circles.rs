//! Who imports whom: rooms (the folders of a crate's `src`) do not import each other in a circle, nor do more than two files.
//!
//! Read are `use crate::…`, `super::…` and paths written out in the code; a file and those in its own folder below are one thing, so what it
//! takes from them by their bare name is not read. A name that a root or a `mod.rs` of nothing but declarations passes on counts for the
//! file it stands in.

use std::collections::{BTreeMap, BTreeSet};

use super::{none, read, rust, shipped, word};

const CRATES: [&str; 4] = ["crates/ripstop", "crates/ripstop-case", "crates/ripstop-study", "crates/ripstop-cli"];

/// More files than this may not import each other in a circle.
const CIRCLE_FILES_MAX: usize = 2;

type Names = Vec<String>;

/// A source file.
struct File {
    path: String,
    /// Its module: `crate::map::act` is `[map, act]`, a root nothing.
    module: Names,
    code: String,
    /// Whether it only declares modules and passes names on, or is a root: then it is no place of its own.
    passes_on: bool,
    /// What it imports, from the root of the crate.
    imports: Vec<Names>,
    /// Names it passes on with where they come from, from the root of the crate; `*` for all of a module.
    passed: Vec<(String, Names)>,
}

impl File {
    fn of(src: &str, path: &str, text: &str) -> File {
        let code = String::from_utf8_lossy(&shipped(text)).into_owned();
        let inner = path.strip_prefix(src).unwrap_or(path).trim_start_matches('/').trim_end_matches(".rs");
        let mut module: Names = inner.split('/').map(str::to_owned).collect();
        let is_root = inner == "lib" || inner == "main";
        let is_mod = module.last().is_some_and(|name| name == "mod");
        if is_root || is_mod {
            module.pop();
        }
        let (imports, passed) = (imports(&code, &module), passed(&code, &module));
        File { path: path.to_owned(), passes_on: is_root || is_mod && only_declares(&code), module, code, imports, passed }
    }

    fn room(&self) -> Option<&str> {
        (self.module.len() > 1 || self.path.ends_with("/mod.rs")).then(|| self.module.first().map(String::as_str)).flatten()
    }

    fn defines(&self, name: &str) -> bool {
        let kinds = ["fn", "struct", "enum", "type", "const", "static", "trait", "mod", "macro_rules!"];
        let words: Vec<&str> =
            self.code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '!')).filter(|w| !w.is_empty()).collect();
        words.windows(2).any(|pair| kinds.contains(&pair[0]) && pair[1] == name)
    }
}

/// Whether nothing stands in a file but modules, imports and attributes.
fn only_declares(code: &str) -> bool {
    let mut rest = code.trim_start();
    while !rest.is_empty() {
        rest = match rest.strip_prefix("pub").filter(|after| after.starts_with(['(', ' '])) {
            Some(after) if after.starts_with('(') => after.split_once(')').map_or("", |(_, after)| after),
            Some(after) => after,
            None => rest,
        };
        rest = rest.trim_start();
        let end = if rest.starts_with("#") { ']' } else { ';' };
        let declares = rest.starts_with("use ") || rest.starts_with("mod ") && rest.find('{').is_none_or(|at| rest.find(';') < Some(at));
        if end == ';' && !declares {
            return false;
        }
        rest = rest.split_once(end).map_or("", |(_, after)| after).trim_start();
    }
    true
}

/// The paths of a tree of imports, each with the name it has here: `a::{b, c as d}` is `a::b` (b) and `a::c` (d).
fn tree(text: &str) -> Vec<(Names, String)> {
    let mut found = Vec::new();
    let (mut before, mut rest) = (Names::new(), text.trim_start());
    loop {
        if let Some(inner) = rest.strip_prefix('{') {
            for branch in branches(inner) {
                found.extend(tree(branch).into_iter().map(|(path, name)| ([before.clone(), path].concat(), name)));
            }
            return found;
        }
        let length = rest.bytes().take_while(|b| word(*b)).count();
        let (name, after) = if rest.starts_with('*') { rest.split_at(1) } else { rest.split_at(length) };
        let after = after.trim_start();
        let goes_on = after
            .strip_prefix("::")
            .map(str::trim_start)
            .filter(|next| next.starts_with(['{', '*']) || next.bytes().next().is_some_and(word));
        if name.is_empty() {
            return found;
        }
        if name != "self" || before.is_empty() {
            before.push(name.to_owned());
        }
        let Some(next) = goes_on else {
            let other =
                after.strip_prefix("as ").map(|other| other.trim_start().bytes().take_while(|b| word(*b)).map(char::from).collect());
            let own = before.last().cloned().unwrap_or_default();
            found.push((before, other.unwrap_or(own)));
            return found;
        };
        rest = next;
    }
}

/// What stands between the commas of a group, up to its closing brace.
fn branches(inner: &str) -> Vec<&str> {
    let (mut depth, mut start, mut list) = (0_usize, 0, Vec::new());
    for (at, letter) in inner.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                list.push(inner[start..at].trim());
                start = at + 1;
                if letter == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    list.retain(|branch| !branch.is_empty());
    list
}

/// A path from the root of the crate; `None`: it leads into another crate.
fn from_root(path: &[String], module: &[String]) -> Option<Names> {
    let mut base = match path.first()?.as_str() {
        "crate" => Names::new(),
        "self" => module.to_vec(),
        "super" => module[..module.len().checked_sub(1)?].to_vec(),
        _ => return None,
    };
    for name in &path[1..] {
        if name == "super" {
            base.pop()?;
        } else {
            base.push(name.clone());
        }
    }
    Some(base)
}

/// Every path that begins with `crate` or `super`, in imports and elsewhere.
fn imports(code: &str, module: &[String]) -> Vec<Names> {
    let starts = ["crate", "super"].into_iter().flat_map(|start| code.match_indices(start));
    let begins = |at: &usize| {
        let (before, here) = (code[..*at].trim_end(), &code[*at..]);
        let alone = !code[..*at].bytes().next_back().is_some_and(|b| word(b) || b == b'$');
        // `pub(in crate::x)` says who may see; `super::super` is one path.
        alone && here["crate".len()..].trim_start().starts_with("::") && !before.ends_with("::") && !before.ends_with("(in")
    };
    starts.map(|(at, _)| at).filter(begins).flat_map(|at| tree(&code[at..])).filter_map(|(path, _)| from_root(&path, module)).collect()
}

/// What the imports of a file make of names, for those who take them from it.
fn passed(code: &str, module: &[String]) -> Vec<(String, Names)> {
    let begins = |at: &usize| !code[..*at].bytes().next_back().is_some_and(word);
    let uses = code.match_indices("use ").map(|(at, _)| at).filter(begins);
    let known = |path: Names| from_root(&path, module).unwrap_or_else(|| [module.to_vec(), path].concat());
    uses.flat_map(|at| tree(&code[at + "use ".len()..])).map(|(path, name)| (name, known(path))).collect()
}

/// The files of a crate by module.
struct Sources {
    files: Vec<File>,
    by_module: BTreeMap<Names, usize>,
}

impl Sources {
    fn new(files: Vec<File>) -> Sources {
        let by_module = files.iter().enumerate().map(|(at, file)| (file.module.clone(), at)).collect();
        Sources { files, by_module }
    }

    fn of(folder: &str) -> Sources {
        let src = format!("{folder}/src");
        Sources::new(rust(&src).into_iter().map(|path| File::of(&src, &path, &read(&path))).collect())
    }

    /// The file that a path leads to; `None`: a place that is none.
    fn target(&self, path: &[String], steps: usize) -> Option<usize> {
        let (length, at) = (0..=path.len()).rev().find_map(|n| Some((n, *self.by_module.get(&path[..n])?)))?;
        let file = &self.files[at];
        if !file.passes_on {
            return Some(at);
        }
        let (name, rest) = path.get(length).zip(path.get(length + 1..)).filter(|_| steps > 0)?;
        let onward = |(passed, from): &(String, Names)| match passed.as_str() {
            "*" => {
                let of = self.target(&from[..from.len() - 1], steps - 1)?;
                self.files[of].defines(name).then_some(of)
            }
            _ if passed == name && *from != path => self.target(&[from, rest].concat(), steps - 1),
            _ => None,
        };
        file.passed.iter().find_map(onward)
    }

    /// File → files it imports.
    fn between_files(&self) -> Graph {
        let mut graph = Graph::new();
        for file in self.files.iter().filter(|file| !file.passes_on) {
            let targets = file.imports.iter().filter_map(|path| self.target(path, 4)).map(|at| self.files[at].path.clone());
            graph.entry(file.path.clone()).or_default().extend(targets.filter(|target| *target != file.path));
        }
        graph
    }

    /// Room → rooms it imports.
    fn between_rooms(&self) -> Graph {
        let rooms: BTreeSet<&str> = self.files.iter().filter_map(File::room).collect();
        let mut graph = Graph::new();
        for (file, room) in self.files.iter().filter_map(|file| Some((file, file.room()?))) {
            for path in &file.imports {
                let found = self.target(path, 4).map_or(path.first().map(String::as_str), |at| self.files[at].room());
                let others = found.filter(|other| *other != room && rooms.contains(other));
                graph.entry(room.to_owned()).or_default().extend(others.map(str::to_owned));
            }
        }
        graph
    }
}

type Graph = BTreeMap<String, BTreeSet<String>>;

fn reached<'a>(graph: &'a Graph, from: &'a str) -> BTreeSet<&'a str> {
    let (mut seen, mut todo) = (BTreeSet::new(), vec![from]);
    while let Some(one) = todo.pop() {
        todo.extend(graph.get(one).into_iter().flatten().map(String::as_str).filter(|next| seen.insert(*next)));
    }
    seen
}

/// Circles of more than so many, each told with who imports whom.
fn circles(graph: &Graph, most: usize) -> Vec<String> {
    let reach: BTreeMap<&str, BTreeSet<&str>> = graph.keys().map(|one| (one.as_str(), reached(graph, one))).collect();
    let meets = |a: &str, b: &str| reach[a].contains(b) && reach.get(b).is_some_and(|back| back.contains(a));
    let circle = |one: &&str| -> BTreeSet<&str> { reach[*one].iter().copied().filter(|other| meets(one, other)).collect() };
    let all: BTreeSet<BTreeSet<&str>> = reach.keys().map(circle).filter(|circle| circle.len() > most).collect();
    let told = |circle: &BTreeSet<&str>| {
        let of =
            |one: &&str| graph[*one].iter().filter(|to| circle.contains(to.as_str())).map(|to| format!("    {to}")).collect::<Vec<_>>();
        let lines: Vec<String> = circle.iter().map(|one| format!("  {one} imports\n{}", of(one).join("\n"))).collect();
        format!("a circle of {}:\n{}", circle.len(), lines.join("\n"))
    };
    all.iter().map(told).collect()
}

#[test]
fn rooms_import_each_other_in_no_circle() {
    let found: Vec<String> = CRATES.iter().flat_map(|folder| circles(&Sources::of(folder).between_rooms(), 1)).collect();
    none("a room may use those below it, never one that uses it", &found);
}

#[test]
fn no_more_than_two_files_import_each_other_in_a_circle() {
    let found: Vec<String> = CRATES.iter().flat_map(|folder| circles(&Sources::of(folder).between_files(), CIRCLE_FILES_MAX)).collect();
    none("what several files share belongs into a file of its own", &found);
}

#[test]
fn this_test_finds_circles() {
    let file = |path: &str, text: &str| File::of("src", &format!("src/{path}"), text);
    let sources = Sources::new(vec![
        file("lib.rs", "mod a;\npub use a::one::{One, Two as Other};\npub use b::*;"),
        file("a/mod.rs", "//! A.\npub(crate) mod one;\n#[allow(x)]\nmod two;\npub use self::one::One;"),
        file("a/one.rs", "use super::two::{self, f};\nuse crate::b::{three::{g, h}, Four};\npub struct One; pub struct Two;"),
        file("a/two.rs", "// use crate::b::x;\nfn f() { crate::One::new() }\n#[cfg(test)]\nmod tests { use crate::c::d; }"),
        file("b/mod.rs", "mod three;\nfn four() { \"crate::a\"; }"),
        file("b/three.rs", "pub(in crate::a) fn g(x: &super::super::Other) { std::super_x::y(); $crate::c::d() }"),
        file("c.rs", "use crate::a;\nuse crate::b::four as five;"),
    ]);
    let of = |path: &str| sources.between_files()[&format!("src/{path}")].iter().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(of("a/one.rs"), "src/a/two.rs src/b/mod.rs src/b/three.rs");
    assert_eq!(of("a/two.rs"), "src/a/one.rs");
    assert_eq!(of("b/mod.rs"), "");
    assert_eq!(of("b/three.rs"), "src/a/one.rs");
    assert_eq!(of("c.rs"), "src/b/mod.rs");
    assert!(!sources.between_files().contains_key("src/a/mod.rs"), "it only passes names on");
    assert_eq!(circles(&sources.between_rooms(), 1).len(), 1);
    assert_eq!(circles(&sources.between_files(), 2).len(), 1);
    assert_eq!(circles(&sources.between_files(), 3), Vec::<String>::new());
}
