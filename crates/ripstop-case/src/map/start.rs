//! Whether a case stands still before its first event: a start that drifts is counted as an effect of what happens then.
//!
//! Only `ripstop check` asks, because it takes simulated days.

use crate::language::diagnostic::{Code, Diagnostic};
use crate::map::network::Mapper;
use crate::map::refusals::locate;
use crate::tables::case::{Case, StartState};
use ripstop::model::events::Event;
use ripstop::model::network::Network;
use ripstop::run::settle::{Moved, drift, longest_chain};

/// Output that moves by more than this share in four weeks drifts.
const DRIFT_MAX: f64 = 0.05;

/// Days × (lines, contracts and order lines) that are simulated at most: about two seconds.
const WORK_MAX: f64 = 3e7;

/// What is wrong with the start of the scenario that is run by default, and what was not measured.
pub(crate) fn doubts(case: &Case) -> (Vec<Diagnostic>, Option<String>) {
    let mapper = Mapper::new(case);
    let Some(index) = case.scenarios.iter().position(|scenario| scenario.name == case.meta.default_scenario) else {
        return (Vec::new(), None);
    };
    let values = case.parameters.values_in(&case.scenarios[index], &[]);
    let network = mapper.network_in(&values, Some(index));
    let events = mapper.events(&network, &values, index);
    let mut found: Vec<Diagnostic> = short_warm_up(case, &network).into_iter().collect();
    let Some(days) = days_to_first_event(&network, &events) else { return (found, None) };
    let rows = network.lines.len() + network.contracts.len() + network.orders.len();
    if days * rows as f64 > WORK_MAX {
        let skipped =
            format!("whether output drifts before the first event was not measured: {days} days of {rows} rows are too many here");
        return (found, Some(skipped));
    }
    let name = &case.scenarios[index].name;
    match drift(network.clone(), events) {
        Ok(moved) => found.extend(moved.filter(|moved| moved.share > DRIFT_MAX).map(|moved| drifts(case, &network, &moved))),
        Err(error) => found.push(locate(case, &format!("scenario {name}"), &error)),
    }
    (found, None)
}

/// Days that are simulated before the first event; a settled start may be tried three times over.
fn days_to_first_event(network: &Network, events: &[Event]) -> Option<f64> {
    let first = events.iter().filter(|event| !event.background).map(|event| event.from.0).min()?;
    let before = f64::from(network.settings.days_before_start());
    let tries = if network.settings.start_state == ripstop::model::network::StartState::Settled { 3.0 } else { 1.0 };
    Some((f64::from(first - network.start.0) + tries * before).max(0.0))
}

fn drifts(case: &Case, network: &Network, moved: &Moved) -> Diagnostic {
    let when = if moved.days_back > 28 { "a year earlier" } else { "in the four weeks before those" };
    let line = case.line_key(network, moved.line.index());
    let per_day = |units: f64| (units * 1000.0).round() / 1000.0;
    let message = format!(
        "in the four weeks before the first event line {line} makes {} a day, {} {when}: the start drifts by {:.0} %, and what moves by itself is in every figure",
        per_day(moved.now),
        per_day(moved.before),
        100.0 * moved.share
    );
    Diagnostic::new(Code::StartDrifts, &case.start_state_at, message)
}

/// A warm-up shorter than the longest chain of an order line: its first day still waits for the first goods.
fn short_warm_up(case: &Case, network: &Network) -> Option<Diagnostic> {
    if case.settings.start_state != StartState::WarmUp {
        return None;
    }
    let (contract, chain) = longest_chain(network)?;
    let days = network.settings.warm_up_days;
    if f64::from(days) >= chain {
        return None;
    }
    let at = case.places.warm_up_days.as_ref().unwrap_or(&case.start_state_at);
    let message = format!(
        "the warm-up has {days} days, but contract {} takes {} from placing an order to its due date (purchase lead, travel, input lead, input window and slack)",
        case.contract_key(contract.index()),
        chain.ceil()
    );
    Some(Diagnostic::new(Code::WarmUpTooShort, at, message))
}
