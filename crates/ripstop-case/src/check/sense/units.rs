//! A parameter in one unit where another is read.

use super::super::Checker;
use crate::language::diagnostic::Code;
use crate::tables::table::NumberCell;

/// Units as people write them, and what they count.
const KINDS: &[(&str, &[&str])] = &[
    ("hours", &["hour", "hours", "h"]),
    ("days", &["day", "days", "d"]),
    ("weeks", &["week", "weeks"]),
    ("months", &["month", "months"]),
    ("years", &["year", "years"]),
    ("percent", &["percent", "%", "pct"]),
    ("a share", &["share", "fraction", "ratio", "factor"]),
    ("persons", &["person", "persons", "worker", "workers", "people"]),
    ("worker-days", &["worker-day", "worker-days"]),
    ("grams", &["gram", "grams", "g"]),
    ("kilograms", &["kilogram", "kilograms", "kg"]),
    ("tonnes", &["tonne", "tonnes", "t", "ton", "tons"]),
    ("degrees", &["degree", "degrees"]),
];

/// A cell that is a parameter alone reads it as it is: its unit must be the column's.
pub fn parameters(checker: &mut Checker) {
    let named = checker.table("parameters").rows() as u32;
    for table in checker.case.tables().iter().filter(|table| table.spec().name != "parameters") {
        for (col, spec, cells) in table.quantities() {
            for (row, cell) in cells.iter().enumerate() {
                let NumberCell::Parameter(id) = cell else { continue };
                let parameter = checker.case.parameters.get(*id);
                // Columns are named for dollars and hold the case's currency.
                let wanted = spec.unit.replace("USD", &checker.case.meta.currency);
                if id.0 < named && differs(&parameter.unit, &wanted) {
                    let unit = &parameter.unit;
                    let message = format!("`{}` is in {unit}, but `{}` is read in {wanted}", parameter.name, spec.name);
                    checker.fault_at(Code::UnitDiffers, table, col, row, message);
                }
            }
        }
    }
}

/// Whether two units surely count different things. Units nobody knows agree with all.
fn differs(found: &str, wanted: &str) -> bool {
    let apart = |a: Option<&str>, b: Option<&str>| a.zip(b).is_some_and(|(a, b)| a != b);
    let ((found, per), (wanted, wanted_per)) = (split(found), split(wanted));
    apart(counts(found), counts(wanted)) || apart(time(per), time(wanted_per))
}

/// What is counted, and what it is counted per.
fn split(unit: &str) -> (&str, &str) {
    let slash = unit.find('/').map(|at| (at, at + 1));
    let per = unit.find(" per ").map(|at| (at, at + 5));
    slash.or(per).map_or((unit, ""), |(end, start)| (&unit[..end], &unit[start..]))
}

/// What a unit counts, or the currency it is in.
fn counts(unit: &str) -> Option<&str> {
    let word = unit.split_whitespace().next()?.trim_end_matches(',');
    if word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Some(word);
    }
    let lower = word.to_lowercase();
    KINDS.iter().find(|(_, words)| words.contains(&lower.as_str())).map(|(kind, _)| *kind)
}

/// The time that a rate is per.
fn time(per: &str) -> Option<&str> {
    per.split([' ', '/', '-']).find_map(|word| counts(word).filter(|kind| matches!(*kind, "hours" | "days" | "weeks" | "months" | "years")))
}

#[cfg(test)]
mod tests {
    use super::differs;

    #[test]
    fn units() {
        for (found, wanted) in [
            ("months", "days"),
            ("percent", "share of the fee"),
            ("%", "share of the need"),
            ("CNY/piece", "USD per unit"),
            ("USD/year", "USD per worker and month"),
            ("pieces/year", "units per day"),
            ("t", "kilograms per unit"),
            ("days", "worker-days per unit"),
        ] {
            assert!(differs(found, wanted), "{found} / {wanted}");
        }
        for (found, wanted) in [
            ("days", "days"),
            ("share", "share of the price"),
            ("ratio", "share of the fee"),
            ("USD/piece", "USD per unit"),
            ("kg/piece", "kilograms per unit"),
            ("pieces/year", "units per year"),
            ("persons", "workers"),
            ("months", "months of wages"),
            ("worker-days/piece", "worker-days per unit"),
            ("", "days"),
            ("weight", "share of receipts"),
            ("m/piece", "units of input per unit of product"),
            ("USD/month", "USD per worker and month"),
        ] {
            assert!(!differs(found, wanted), "{found} / {wanted}");
        }
    }
}
