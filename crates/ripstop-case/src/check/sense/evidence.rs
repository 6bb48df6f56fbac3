//! Evidence that is not used, not graded, or assumed without saying how far off it may be.

use super::super::Checker;
use crate::language::diagnostic::Code;
use crate::tables::claims::ClaimKind;
use crate::tables::table::NumberCell;
use std::collections::BTreeSet;

/// A run is held to every outcome that is claimed, unless the claim waits for an analysis.
pub fn claims(checker: &mut Checker) {
    for claim in &checker.case.claims {
        if claim.kind == ClaimKind::Outcome && claim.parts.is_empty() && claim.needs.is_none() {
            let message = format!("{} is an outcome, but has no `holds_when`: no run is held to it", claim.id);
            checker.fault(Code::ClaimWithoutTest, &claim.position, message);
        }
    }
}

/// Sources are cited and graded.
pub fn sources(checker: &mut Checker) {
    let sources = checker.table("sources");
    let mut cited: BTreeSet<u32> = checker.case.claims.iter().flat_map(|claim| claim.sources.iter().copied()).collect();
    for table in checker.case.tables() {
        let source = table.col("source");
        (0..table.rows()).for_each(|row| cited.extend(table.references(source, row)));
    }
    let (id, grade) = (sources.col("id"), sources.col("grade"));
    for row in 0..sources.rows() {
        if !cited.contains(&(row as u32)) {
            checker.fault_at(Code::UncitedSource, sources, id, row, format!("nothing cites {}", sources.key(row)));
        }
        if sources.is_blank(grade, row) {
            let message = format!("{} has no grade: how good is it?", sources.key(row));
            checker.fault_at(Code::UngradedSource, sources, grade, row, message);
        }
    }
}

/// An assumed row has a range somewhere: its own, or that of a parameter.
pub fn assumed(checker: &mut Checker) {
    let tables = checker.case.tables().iter();
    for table in tables.filter(|table| !matches!(table.spec().name, "parameters" | "observations" | "guesses" | "sources")) {
        let basis = table.col("basis");
        for row in 0..table.rows() {
            if table.enumeration(basis, row, &checker.base) != Some("assumed") {
                continue;
            }
            let numbers: Vec<_> = table.quantities().filter(|(_, _, cells)| cells[row] != NumberCell::Blank).collect();
            // Numbers that a word of the model fixes (0, 1, none; the number of a leg) leave nothing to doubt.
            let doubtful =
                |cell: &NumberCell| matches!(cell, NumberCell::Value(number) if number.is_finite() && *number != 0.0 && *number != 1.0);
            let ranged = |cell: &NumberCell| matches!(cell, NumberCell::Parameter(_) | NumberCell::Formula(_));
            let first = numbers.iter().find(|(_, spec, cells)| spec.name != "leg" && doubtful(&cells[row]));
            if let Some((col, spec, _)) = first.filter(|_| !numbers.iter().any(|(_, _, cells)| ranged(&cells[row]))) {
                let message = format!("the row is assumed, but `{}` has no range", spec.name);
                checker.fault_at(Code::AssumedRowWithoutRange, table, *col, row, message);
            }
        }
    }
}
