//! Country codes of tables and claims are codes of ISO 3166-1.

use super::Checker;
use crate::language::countries::{Standing, standing, unknown_country};
use crate::language::diagnostic::{Diagnostic, Position};
use crate::language::schema::Kind;
use crate::tables::case::Case;
use crate::tables::claims::KeyValue;
use crate::tables::law::read::is_country;
use crate::tables::law::read::items;
use std::collections::{BTreeMap, BTreeSet};

/// A code that is no country is said once a file, with how often it stands there.
pub fn codes(checker: &mut Checker) {
    let mut found: BTreeMap<(&str, String), (Position, usize)> = BTreeMap::new();
    for_each(checker.case, &mut |file, code, at| {
        // A code of another form is diagnosed where it is read.
        if is_country(code) && standing(code) == Standing::Unknown {
            found.entry((file, code.to_owned())).or_insert_with(|| (at(), 0)).1 += 1;
        }
    });
    for ((_, code), (at, count)) in found {
        let told = |d: &Diagnostic| (d.line, d.column) == (at.line, at.column) && d.file.as_path() == &*at.file;
        if !checker.diagnostics.iter().any(told) {
            checker.diagnostics.push(unknown_country(&code, &at, count));
        }
    }
}

/// What is done with a code: file, code, where it stands.
type Call<'a, 'b> = &'b mut dyn FnMut(&'a str, &str, &dyn Fn() -> Position);

/// Calls back for each code of two capital letters in tables and claims: file, code, where it stands.
fn for_each<'a>(case: &'a Case, call: Call<'a, '_>) {
    for table in case.tables() {
        for column in table.spec().columns {
            let col = table.col(column.name);
            match column.kind {
                Kind::Country => {}
                Kind::Text if column.name == "labour_nationality" => {}
                _ => continue,
            }
            for row in 0..table.rows() {
                for code in items(table.text(col, row)) {
                    call(table.spec().file, code, &|| table.position(col, row));
                }
            }
        }
    }
    for (name, value, at) in case.claims.iter().flat_map(|claim| &claim.parts).flat_map(|part| &part.keys) {
        if let ("toward", KeyValue::Word(code)) = (*name, value) {
            call("claims.toml", code, &|| at.clone());
        }
    }
}

/// What is said of a case and is no problem: invented countries that it uses.
pub fn notes(case: &Case) -> Vec<String> {
    let mut invented = BTreeSet::new();
    for_each(case, &mut |_, code, _| {
        // The place of firms that have none lies there.
        let everywhere = code == "ZZ" && case.links.is_some();
        if standing(code) == Standing::Invented && !everywhere {
            invented.insert(code.to_owned());
        }
    });
    let rules = case.law.all.rules.iter().filter(|rule| !rule.shipped);
    invented.extend(rules.flat_map(|rule| rule.countries()).filter(|code| standing(code) == Standing::Invented).map(str::to_owned));
    if invented.is_empty() {
        return Vec::new();
    }
    let list: Vec<String> = invented.into_iter().collect();
    let what = if list.len() == 1 { "is no country of ISO 3166-1: it stands" } else { "are no countries of ISO 3166-1: they stand" };
    vec![format!("{} {what} for a place of the case's own", list.join(", "))]
}
