//! Ways that cross a border unseen, and events at crossings that no way passes.

use super::super::{Checker, network};
use crate::language::diagnostic::{Code, Diagnostic};
use crate::tables::selector::SelectorKind;
use std::collections::BTreeSet;

/// A leg from one country to another passes a crossing, if the case has one between the two, or none at all.
/// A case with crossings elsewhere leaves out borders that are no matter of its question.
pub fn borders(checker: &mut Checker) {
    let (routes, places, crossings) = (checker.table("routes"), checker.table("places"), checker.table("crossings"));
    let [from, to, crossing] = ["from", "to", "crossing"].map(|name| routes.col(name));
    let country = places.col("country");
    let sides: Vec<_> = (0..crossings.rows()).filter_map(|row| Some((row, network::sides(checker.case, row)?))).collect();
    for row in (0..routes.rows()).filter(|row| routes.is_blank(crossing, *row)) {
        let Some((start, end)) = routes.reference(from, row).zip(routes.reference(to, row)) else { continue };
        let ends = places.text(country, start as usize).zip(places.text(country, end as usize));
        let Some((a, b)) = ends.filter(|(a, b)| a != b) else { continue };
        let between = sides.iter().find(|(_, sides)| *sides == (a, b) || *sides == (b, a));
        if between.is_none() && !sides.is_empty() {
            continue;
        }
        let (start, end) = (places.id(start), places.id(end));
        let message = format!("the leg leads from {start} in {a} to {end} in {b}, but passes no crossing");
        let fault = Diagnostic::new(Code::BorderWithoutCrossing, &routes.position(crossing, row), message);
        let fix = between.map(|(row, _)| format!("name the crossing in `crossing`, such as {}", crossings.id(*row as u32)));
        checker.diagnostics.push(match fix {
            Some(fix) => fault.with_fix(fix),
            None => fault,
        });
    }
}

/// Crossings that goods of a contract, or the cash for them, may pass.
fn passed(checker: &Checker) -> BTreeSet<u32> {
    let (contracts, routes, terms) = (checker.table("contracts"), checker.table("routes"), checker.table("terms"));
    let (crossing, carried) = (routes.col("crossing"), terms.col("carried_crossing"));
    let mut passed = BTreeSet::new();
    let mut pass = |route: u32| {
        passed.extend(routes.rows_of(route).iter().filter_map(|leg| routes.reference(crossing, *leg as usize)));
    };
    for row in 0..contracts.rows() {
        for name in ["route", "input_route"] {
            contracts.reference(contracts.col(name), row).into_iter().for_each(&mut pass);
        }
        for name in ["alternative_routes", "alternative_input_routes"] {
            contracts.references(contracts.col(name), row).iter().copied().for_each(&mut pass);
        }
    }
    passed.extend((0..terms.rows()).filter_map(|row| terms.reference(carried, row)));
    passed
}

/// An event at a crossing touches something that passes it.
pub fn events(checker: &mut Checker) {
    let (events, crossings) = (checker.table("events"), checker.table("crossings"));
    let (kind, target) = (events.col("kind"), events.col("target"));
    let passed = passed(checker);
    for row in 0..events.rows() {
        let at_crossing = events.enumeration(kind, row, &checker.base) == Some("open_share");
        let Some(selector) = events.selector(target, row).filter(|_| at_crossing) else { continue };
        let named = selector.terms().filter(|term| term.kind == SelectorKind::Crossing);
        for term in named.filter(|term| !passed.contains(&term.index)) {
            let name = crossings.id(term.index);
            let message = format!("event {} is at crossing {name}, but no route of any contract passes it", events.key(row));
            let fix = "name the crossing on a leg of a route that a contract takes, or remove the event";
            let at = events.position(target, row);
            checker.diagnostics.push(Diagnostic::new(Code::EventWithoutEffect, &at, message).with_fix(fix));
        }
    }
}
