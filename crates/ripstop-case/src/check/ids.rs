//! Names that can be taken for each other: people check a case by reading it, and the program by its letters.

use std::collections::BTreeMap;

use unicode_script::{Script, UnicodeScript};
use unicode_security::skeleton;

use super::Checker;
use crate::language::diagnostic::{Code, Diagnostic, Position};
use crate::tables::names::unseen;

/// Larger groups of names that are ASCII were made by a program: nobody reads them.
const READ_MAX: usize = 50_000;

/// Names of one kind: what they are called, each with its place.
type Group<'a> = (&'a str, Vec<(&'a str, Box<dyn Fn() -> Position + 'a>)>);

/// Names that look like another of their kind, that mix alphabets with letters that look alike, or hold what nobody sees.
pub fn check(checker: &mut Checker) {
    let mut found = Vec::new();
    for (kind, names) in groups(checker) {
        if names.len() > READ_MAX && names.iter().all(|(name, _)| name.is_ascii()) {
            continue;
        }
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (name, at) in &names {
            let look: String = skeleton(name).filter(|c| !matches!(c, '\u{200c}' | '\u{200d}')).collect();
            let first = *seen.entry(look).or_insert(name);
            if first != *name {
                let message = format!("the {kind} `{name}` looks like another, `{first}`: {}", apart(first, name));
                found.push(Diagnostic::new(Code::LooksAlike, &at(), message));
            } else if let Some(letter) = mixed(name) {
                let message = format!(
                    "the {kind} `{name}` mixes Latin letters with {letter:?} (U+{:04X}, {}), which looks like one",
                    u32::from(letter),
                    letter.script().full_name()
                );
                found.push(Diagnostic::new(Code::LooksAlike, &at(), message));
            }
        }
    }
    checker.diagnostics.append(&mut found);
    hidden(checker);
}

/// Names that are no ids of a table: what nobody sees is refused in them too.
fn hidden(checker: &mut Checker) {
    let case = checker.case;
    let scenarios = case.scenarios.iter().map(|scenario| ("scenario", scenario.name.as_str(), &scenario.position));
    let claims = case.claims.iter().map(|claim| ("claim", claim.id.as_str(), &claim.position));
    let mut found = Vec::new();
    for (kind, name, at) in scenarios.chain(claims) {
        if let Some(bad) = name.chars().find(|c| c.is_control()).or_else(|| unseen(name)) {
            found.push(Diagnostic::new(Code::BadId, at, format!("the name of the {kind} `{name}` contains {bad:?}")));
        }
    }
    let firms = checker.table("firms");
    let sector = firms.col("sector");
    let mut before = "";
    for row in 0..firms.rows() {
        let name = firms.text(sector, row).unwrap_or_default();
        if name != before
            && let Some(bad) = name.chars().find(|c| c.is_control()).or_else(|| unseen(name))
        {
            found.push(Diagnostic::new(Code::BadId, &firms.position(sector, row), format!("the sector `{name}` contains {bad:?}")));
        }
        before = name;
    }
    checker.diagnostics.append(&mut found);
}

/// Every kind of name of a case.
fn groups<'a>(checker: &Checker<'a>) -> Vec<Group<'a>> {
    let case = checker.case;
    let mut groups: Vec<Group<'a>> = Vec::new();
    for table in case.tables().iter().filter(|table| table.ids() > 0 && !table.spec().key.is_empty()) {
        let col = table.col(table.spec().key[0]);
        // Keys that are made of references repeat the ids of another table.
        if table.column(col).spec.kind != crate::language::schema::Kind::Id {
            continue;
        }
        let at = move |id: u32| -> Box<dyn Fn() -> Position + 'a> {
            Box::new(move || table.position(col, table.rows_of(id).first().map_or(0, |&row| row as usize)))
        };
        groups.push((table.spec().name, (0..table.ids() as u32).map(|id| (table.id(id), at(id))).collect()));
    }
    let firms = checker.table("firms");
    let sector = firms.col("sector");
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for row in 0..firms.rows() {
        if let Some(name) = firms.text(sector, row) {
            first.entry(name).or_insert(row);
        }
    }
    let of_sector = move |row: usize| -> Box<dyn Fn() -> Position + 'a> { Box::new(move || firms.position(sector, row)) };
    groups.push(("sector", first.into_iter().map(|(name, row)| (name, of_sector(row))).collect()));
    let place = |at: &'a Position| -> Box<dyn Fn() -> Position + 'a> { Box::new(move || at.clone()) };
    groups.push(("scenario", case.scenarios.iter().map(|scenario| (scenario.name.as_str(), place(&scenario.position))).collect()));
    groups.push(("claim", case.claims.iter().map(|claim| (claim.id.as_str(), place(&claim.position))).collect()));
    groups
}

/// Which characters tell two names apart.
fn apart(a: &str, b: &str) -> String {
    let shown = |c: Option<char>| c.map_or("nothing".to_owned(), |c| format!("{c:?} (U+{:04X})", u32::from(c)));
    let at = a.chars().zip(b.chars()).position(|(a, b)| a != b).unwrap_or_else(|| a.chars().count().min(b.chars().count()));
    format!("{} and {}", shown(a.chars().nth(at)), shown(b.chars().nth(at)))
}

/// A letter of another alphabet that looks like a Latin one, in a name with Latin letters. Names in one alphabet are as they are, and
/// Chinese, Japanese and Korean stand beside Latin everywhere.
fn mixed(name: &str) -> Option<char> {
    if name.is_ascii() || !name.chars().any(|c| c.script() == Script::Latin) {
        return None;
    }
    let other = |c: &char| {
        matches!(c.script(), Script::Cyrillic | Script::Greek | Script::Armenian | Script::Cherokee | Script::Coptic | Script::Lisu)
    };
    let latin = |c: &char| skeleton(c.encode_utf8(&mut [0; 4])).all(|c| c.is_ascii());
    name.chars().find(|c| other(c) && latin(c))
}

#[cfg(test)]
mod tests {
    use super::{apart, mixed};

    #[test]
    fn alphabets_that_look_alike_are_told_apart() {
        for fine in ["mill", "завод", "Завод-1", "평양 factory", "新工厂 A", "工場カナ", "Ελλάς", "Müller-Süd", "مصنع A", "Жд_2"]
        {
            assert_eq!(mixed(fine), None, "{fine}");
        }
        for wrong in ["m\u{456}ll", "mill-\u{430}", "\u{391}lpha", "p\u{3bf}rt"] {
            assert!(mixed(wrong).is_some(), "{wrong}");
        }
        assert_eq!(apart("mill", "m\u{456}ll"), "'i' (U+0069) and 'і' (U+0456)");
        assert_eq!(apart("a", "ab"), "nothing and 'b' (U+0062)");
    }
}
