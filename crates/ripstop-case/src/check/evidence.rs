//! Claims can be measured, and what they claim is not fed in.

use super::{Checker, day};
use crate::language::diagnostic::Code;
use crate::tables::claims::{ClaimKind, KeyValue};
use std::collections::BTreeMap;

/// Dates that a measure reads lie inside the case.
pub fn claim_dates(checker: &mut Checker) {
    for claim in checker.case.claims.iter().filter(|claim| !claim.parts.is_empty() && claim.needs.is_none()) {
        if let Some(date) = claim.date.filter(|date| !checker.inside(*date)) {
            let message = format!("the claim is measured on {}, but {}", day(date), checker.case_dates());
            checker.fault(Code::DateOutsideCase, &claim.date_at, message);
        }
        let date = claim.date.unwrap_or(checker.case.meta.as_of);
        for part in &claim.parts {
            for (name, value, at) in &part.keys {
                if let KeyValue::Date(date) = value
                    && !checker.inside(*date)
                {
                    let message = format!("`{name}` is {}, but {}", day(*date), checker.case_dates());
                    checker.fault(Code::DateOutsideCase, at, message);
                }
            }
            let back = part.number("years_before").unwrap_or(0.0) * 365.0 + part.number("days").unwrap_or(1.0);
            let first = f64::from(date) - back + 1.0;
            if first < f64::from(checker.case.meta.start) && checker.inside(date) {
                let message = format!("the measure looks back {back} days from {}, but {}", day(date), checker.case_dates());
                checker.fault(Code::DateOutsideCase, &part.position, message);
            }
        }
    }
}

/// Statements that outcome claims and observations rest on, and who cites them.
fn cited(checker: &Checker) -> BTreeMap<u32, String> {
    let mut cited = BTreeMap::new();
    for claim in checker.case.claims.iter().filter(|claim| claim.kind == ClaimKind::Outcome) {
        for source in &claim.sources {
            cited.entry(*source).or_insert_with(|| format!("outcome claim {}", claim.id));
        }
    }
    let observations = checker.table("observations");
    let source = observations.col("source");
    for row in 0..observations.rows() {
        for statement in observations.references(source, row) {
            cited.entry(*statement).or_insert_with(|| format!("observation {}", observations.key(row)));
        }
    }
    let guesses = checker.table("guesses");
    let source = guesses.col("source");
    for row in 0..guesses.rows() {
        for statement in guesses.references(source, row) {
            cited.entry(*statement).or_insert_with(|| format!("guess {}", guesses.key(row)));
        }
    }
    cited
}

/// No input rests on a statement that a claim or an observation is to be compared with.
pub fn claims_are_no_inputs(checker: &mut Checker) {
    let cited = cited(checker);
    let tables = checker.case.tables().iter();
    for table in tables.filter(|table| !matches!(table.spec().name, "observations" | "guesses" | "sources")) {
        let source = table.col("source");
        for row in 0..table.rows() {
            for statement in table.references(source, row) {
                if let Some(who) = cited.get(statement) {
                    let id = checker.table("sources").id(*statement);
                    let message = format!("the input rests on {id}, which {who} is compared with");
                    let at = table.item_position(source, row, id);
                    checker.fault(Code::ClaimIsInput, &at, message);
                }
            }
        }
    }
}

/// A row that is sourced names its source.
pub fn sourced_has_source(checker: &mut Checker) {
    let tables = checker.case.tables().iter().filter(|table| table.spec().name != "sources");
    for table in tables {
        let (basis, source) = (table.col("basis"), table.col("source"));
        for row in 0..table.rows() {
            let sourced = table.enumeration(basis, row, &checker.base) == Some("sourced");
            if sourced && table.is_blank(source, row) {
                let message = format!("{} is sourced, but names no source", table.key(row));
                checker.fault_at(Code::SourcedWithoutSource, table, basis, row, message);
            }
        }
    }
}
