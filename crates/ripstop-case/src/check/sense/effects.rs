//! Events, scenarios and settings that do nothing.

use super::super::{Checker, Places, day, reach, span};
use super::View;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::tables::case::Scenario;
use crate::tables::table::ScenarioName;
use ripstop::model::events::Change;

/// An event touches something, and changes it.
pub fn events(checker: &mut Checker, view: &View) {
    let events = checker.table("events");
    let [kind, target, value, ramp_out, to] = ["kind", "target", "value", "ramp_out_days", "to"].map(|name| events.col(name));
    for row in 0..events.rows() {
        let Some(kind) = events.enumeration(kind, row, &checker.base) else { continue };
        let Some(selector) = events.selector(target, row) else { continue };
        let change = view.mapper.change(view.network, events, row, kind, selector);
        if let Some(what) = change.as_ref().and_then(untouched) {
            let message = format!("the target of event {} names no {what}, so the event does nothing", events.key(row));
            checker.fault_at(Code::EventWithoutEffect, events, target, row, message);
            continue;
        }
        let neutral = if matches!(kind, "order_cut" | "refusal" | "damage" | "destroy" | "evacuate") { 0.0 } else { 1.0 };
        let idle = !matches!(kind, "cancel" | "default" | "freeze") && reach(checker, events, value, row) == Some((neutral, neutral));
        if idle {
            let means = match kind {
                "open_share" => "all passes",
                "order_cut" => "nothing is withheld",
                "refusal" => "nothing is refused",
                "damage" => "nothing is lost",
                "destroy" => "nothing is destroyed",
                "evacuate" => "nothing is carried out",
                _ => "nothing changes",
            };
            let message = format!("for {kind} a value of {neutral} means that {means}");
            checker.fault_at(Code::EventWithoutEffect, events, value, row, message);
        }
        if events.is_blank(to, row) && reach(checker, events, ramp_out, row).is_some_and(|(_, most)| most > 0.0) {
            let message = "the event never lets go: it has `ramp_out_days`, but no last day `to`";
            let at = events.position(ramp_out, row);
            let fault =
                Diagnostic::new(Code::EventWithoutEffect, &at, message).with_fix("give the last day in `to`, or blank `ramp_out_days`");
            checker.diagnostics.push(fault);
        }
    }
}

/// What a change would have to touch, if it touches nothing.
fn untouched(change: &Change) -> Option<&'static str> {
    let (empty, what) = match change {
        Change::Capacity(lines) => (lines.is_empty(), "line"),
        Change::Damage { shares, .. } => (shares.is_empty(), "line"),
        Change::Attendance(firms) | Change::Default(firms) => (firms.is_empty(), "firm"),
        Change::Demand(demands) => (demands.is_empty(), "row of demand.csv"),
        Change::OpenShare { crossings, .. } => (crossings.is_empty(), "crossing"),
        Change::OrderCut(contracts) | Change::Cancel(contracts) | Change::Refusal(contracts) => (contracts.is_empty(), "contract"),
        // Made from behaviour, never from a row.
        Change::Forbid(contracts) | Change::Enforce(contracts, _) => (contracts.is_empty(), "contract"),
        Change::Freeze { places, after: _ } | Change::Destroy(places) | Change::Evacuate(places) => (places.is_empty(), "place"),
        Change::ExchangeRate(currencies) => (currencies.is_empty(), "currency"),
    };
    empty.then_some(what)
}

/// Whether an event belongs to a scenario by name, not as background.
fn named(checker: &Checker, row: usize, scenario: usize) -> bool {
    let events = checker.table("events");
    checker.case.belongs(events.scenarios(events.col("scenarios"), row), scenario)
}

/// Events of a scenario start within the case, so that there are days without them to compare with.
pub fn start_before_case(checker: &mut Checker) {
    let events = checker.table("events");
    let [from, to, scenarios] = ["from", "to", "scenarios"].map(|name| events.col(name));
    let start = checker.case.meta.start;
    for row in 0..events.rows() {
        let own = events.scenarios(scenarios, row).iter().any(|name| matches!(name, ScenarioName::Named(_)));
        let begins = events.date(from, row, &checker.base).filter(|begins| own && *begins < start);
        // What is over by then is outside the case, which is said.
        let over = span(checker, events, to, row).is_some_and(|(_, latest)| latest < checker.case.first_simulated());
        if let Some(begins) = begins.filter(|_| !over) {
            let message = format!(
                "event {} starts on {}, before the case does on {}: the event is at work from the first day",
                events.key(row),
                day(begins),
                day(start)
            );
            checker.fault_at(Code::StartsBeforeCase, events, from, row, message);
        }
    }
}

/// Something happens in every scenario. One that says in `about` what is assumed is meant to be empty: a baseline to compare with.
pub fn scenarios(checker: &mut Checker) {
    let events = checker.table("events");
    let happens = |scenario: usize| (0..events.rows()).any(|row| named(checker, row, scenario));
    let happens: Vec<bool> = (0..checker.case.scenarios.len()).map(happens).collect();
    for (index, scenario) in checker.case.scenarios.iter().enumerate() {
        if !happens[index]
            && scenario.overrides.is_empty()
            && scenario.about.is_empty()
            && scenario.rules.is_none()
            && scenario.behaviour.is_empty()
        {
            let message = format!("nothing happens in scenario {}: it is the same as its counterfactual", scenario.name);
            checker.fault(Code::ScenarioWithoutEvents, &scenario.position, message);
        }
    }
}

/// Results of the scenario run by default are read after its first event has begun.
pub fn results_before_events(checker: &mut Checker, places: &Places) {
    let events = checker.table("events");
    let from = events.col("from");
    let default = |scenario: &Scenario| scenario.name == checker.case.meta.default_scenario;
    let Some(index) = checker.case.scenarios.iter().position(default) else { return };
    let begins = (0..events.rows()).filter(|row| named(checker, *row, index)).filter_map(|row| span(checker, events, from, row));
    let Some(first) = begins.map(|(earliest, _)| earliest).min() else { return };
    if checker.case.meta.as_of < first {
        let message = format!("results are read on {}, before the first event on {}", day(checker.case.meta.as_of), day(first));
        checker.fault(Code::ResultsBeforeEvents, &places.as_of, message);
    }
}

/// A priority of classes needs something short that is shared out by class.
pub fn settings(checker: &mut Checker, places: &Places) {
    let Some(at) = places.class_priority.first() else { return };
    if checker.diagnostics.iter().any(|found| found.code == Code::UnknownClass && *found.file == *at.file) {
        return; // a slip in a class says more
    }
    let (lines, crossings, routes) = (checker.table("lines"), checker.table("crossings"), checker.table("routes"));
    let by_class = (0..lines.rows()).any(|row| checker.possible_words(lines, lines.col("rationing"), row).contains(&"class_priority"));
    let limited = (0..crossings.rows()).any(|row| checker.possible_words(crossings, crossings.col("mode"), row).contains(&"capacity"));
    let tonnes = routes.col("tonnes_per_day");
    let leg_limit = (0..routes.rows()).any(|row| reach(checker, routes, tonnes, row).is_some_and(|(least, _)| least.is_finite()));
    if !(by_class || limited || leg_limit) {
        let message = "no line shares out by class_priority, and no crossing or leg has a limit in tonnes";
        checker.fault(Code::UnusedSetting, at, message);
    }
}
