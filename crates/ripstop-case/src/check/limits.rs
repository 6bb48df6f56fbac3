//! Limits in tonnes: what passes them has weight and time, and shares them with other traffic.

use super::{Checker, network, reach};
use crate::language::diagnostic::Code;
use crate::tables::selector::SelectorKind;
use crate::tables::table::Table;
use std::collections::BTreeMap;

/// A crossing of mode capacity says how much it lets pass; another does not.
pub fn crossing_modes(checker: &mut Checker) {
    let crossings = checker.table("crossings");
    let tonnes = crossings.col("tonnes_per_day");
    let limited = limited_crossings(checker);
    for (row, &limited) in limited.iter().enumerate() {
        let blank = crossings.is_blank(tonnes, row);
        if limited && blank {
            checker.fault_at(Code::MissingForKind, crossings, tonnes, row, "a crossing of mode capacity needs `tonnes_per_day`");
        } else if !limited && !blank {
            let fault = "`tonnes_per_day` is for crossings of mode capacity, and this one has mode flow";
            checker.fault_at(Code::NotForKind, crossings, tonnes, row, fault);
        }
    }
}

/// Whether each crossing has, or in a scenario may have, mode capacity.
fn limited_crossings(checker: &Checker) -> Vec<bool> {
    let crossings = checker.table("crossings");
    let mode = crossings.col("mode");
    (0..crossings.rows()).map(|row| checker.possible_words(crossings, mode, row).contains(&"capacity")).collect()
}

/// Whether a leg has tonnes_per_day of its own.
fn own_limit(checker: &Checker, routes: &Table, row: usize) -> bool {
    reach(checker, routes, routes.col("tonnes_per_day"), row).is_some_and(|(low, _)| low.is_finite())
}

/// A leg has one limit at most, and with one it takes a day: what passes in the evening arrives another day.
pub fn leg_limits(checker: &mut Checker) {
    let routes = checker.table("routes");
    let [days, crossing, tonnes] = ["days", "crossing", "tonnes_per_day"].map(|name| routes.col(name));
    let limited = limited_crossings(checker);
    for row in 0..routes.rows() {
        let at_crossing = routes.reference(crossing, row).filter(|c| limited[*c as usize]);
        let own = own_limit(checker, routes, row);
        if let Some(crossing) = at_crossing.filter(|_| own) {
            let name = checker.table("crossings").id(crossing);
            let message = format!("the leg begins at crossing {name}, whose tonnes a day are limited already");
            checker.fault_at(Code::TwoLimits, routes, tonnes, row, message);
        }
        if (at_crossing.is_some() || own)
            && let Some((least, _)) = reach(checker, routes, days, row)
            && least.round() < 1.0
        {
            let message = format!("the leg begins with a limit in tonnes, but may take {least} days");
            checker.fault_at(Code::NoDayAtLimit, routes, days, row, message);
        }
    }
}

/// Products that pass a limit have a weight.
pub fn weights(checker: &mut Checker) {
    let (products, contracts) = (checker.table("products"), checker.table("contracts"));
    let limited = limited_routes(checker);
    if limited.iter().all(Option::is_none) {
        return;
    }
    let inputs = consigned_inputs(checker);
    let [product, kind] = ["product", "kind"].map(|name| contracts.col(name));
    let ways = [["route", "alternative_routes"], ["input_route", "alternative_input_routes"]].map(|pair| pair.map(|c| contracts.col(c)));
    let limit = |[main, others]: [crate::tables::table::Col; 2], row| {
        let mut routes = contracts.reference(main, row).into_iter().chain(contracts.references(others, row).iter().copied());
        routes.find_map(|route| limited[route as usize].clone())
    };
    let mut found: BTreeMap<u32, (String, usize)> = BTreeMap::new();
    for row in 0..contracts.rows() {
        let Some(made) = contracts.reference(product, row) else {
            continue;
        };
        if let Some(limit) = limit(ways[0], row) {
            found.entry(made).or_insert((limit, row));
        }
        let processing = contracts.enumeration(kind, row, &checker.base) == Some("processing");
        if let Some(limit) = limit(ways[1], row).filter(|_| processing) {
            for &input in &inputs[made as usize] {
                found.entry(input).or_insert((limit.clone(), row));
            }
        }
    }
    let weight = products.col("kg_per_unit");
    for (row, (limit, contract)) in found {
        if products.is_blank(weight, row as usize) {
            let (name, contract) = (products.id(row), contracts.key(contract));
            let message = format!("{name} passes a limit in tonnes at {limit} (contract {contract}), but has no `kg_per_unit`");
            checker.fault_at(Code::MissingWeight, products, weight, row as usize, message);
        }
    }
}

/// Where each route is limited, if it is.
fn limited_routes(checker: &Checker) -> Vec<Option<String>> {
    let routes = checker.table("routes");
    let crossing = routes.col("crossing");
    let limited = limited_crossings(checker);
    let limit = |row: usize| {
        let at = routes.reference(crossing, row).filter(|c| limited[*c as usize]);
        at.map(|c| format!("crossing {}", checker.table("crossings").id(c)))
            .or_else(|| own_limit(checker, routes, row).then(|| format!("leg {}", routes.key(row))))
    };
    (0..routes.ids() as u32).map(|route| routes.rows_of(route).iter().find_map(|row| limit(*row as usize))).collect()
}

/// Inputs that clients may send, by product made.
fn consigned_inputs(checker: &Checker) -> Vec<Vec<u32>> {
    let recipes = checker.table("recipes");
    let [product, input, by] = ["product", "input", "supplied_by"].map(|name| recipes.col(name));
    let mut inputs = vec![Vec::new(); checker.table("products").rows()];
    for row in 0..recipes.rows() {
        let pair = recipes.reference(product, row).zip(recipes.reference(input, row));
        if let Some((made, input)) = pair
            && checker.possible_words(recipes, by, row).contains(&"client")
        {
            inputs[made as usize].push(input);
        }
    }
    inputs
}

/// Other traffic shares a limit, and goes toward one of the crossing's sides.
pub fn traffic(checker: &mut Checker) {
    let traffic = checker.table("traffic");
    let [crossing, toward] = ["crossing", "toward"].map(|name| traffic.col(name));
    let limited = limited_crossings(checker);
    for row in 0..traffic.rows() {
        let Some(at) = traffic.reference(crossing, row) else {
            continue;
        };
        let name = checker.table("crossings").id(at);
        if !limited[at as usize] {
            let message = format!("crossing {name} has mode flow, so other traffic takes nothing from the goods of the case");
            checker.fault_at(Code::TrafficWithoutLimit, traffic, crossing, row, message);
        }
        if let Some((a, b)) = network::sides(checker.case, at as usize)
            && let Some(country) = traffic.text(toward, row).filter(|country| *country != a && *country != b)
        {
            let message = format!("crossing {name} leads between {a} and {b}, not toward {country}");
            checker.fault_at(Code::WrongTarget, traffic, toward, row, message);
        }
    }
}

/// With the goods of the case alone, a crossing that is nearly shut may still be wide enough.
pub fn partly_open_without_traffic(checker: &mut Checker) {
    let (events, traffic) = (checker.table("events"), checker.table("traffic"));
    if !checker.readable(&["traffic"]) {
        return;
    }
    let [kind, target, value] = ["kind", "target", "value"].map(|name| events.col(name));
    let shared: Vec<u32> = (0..traffic.rows()).filter_map(|row| traffic.reference(traffic.col("crossing"), row)).collect();
    let lonely: Vec<u32> =
        (0..).zip(limited_crossings(checker)).filter(|(c, limited)| *limited && !shared.contains(c)).map(|(c, _)| c).collect();
    for row in 0..events.rows() {
        let partly = reach(checker, events, value, row).is_some_and(|(low, high)| low < 1.0 && high > 0.0);
        if !partly || events.enumeration(kind, row, &checker.base) != Some("open_share") {
            continue;
        }
        let Some(selector) = events.selector(target, row) else {
            continue;
        };
        let hit = |c: &&u32| selector.terms().any(|t| t.kind == SelectorKind::All || (t.kind == SelectorKind::Crossing && t.index == **c));
        let names: Vec<&str> = lonely.iter().filter(hit).map(|c| checker.table("crossings").id(*c)).collect();
        if !names.is_empty() {
            let message =
                format!("{} is partly open, but traffic.csv has no other traffic there: what is left may be enough", names.join(", "));
            checker.fault_at(Code::NoOtherTraffic, events, value, row, message);
        }
    }
}
