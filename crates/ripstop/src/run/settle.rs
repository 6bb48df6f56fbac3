//! Starts that are settled: whether a run stands still before its first event, and warm-ups as long as that takes.

use super::Simulation;
use crate::model::error::NetworkError;
use crate::model::events::Event;
use crate::model::ids::{ContractId, LineId};
use crate::model::network::{Kind, Network, Ordering, StartState};
use crate::plan::Plan;
use crate::record::Detail;
use crate::rule::settle::{SPAN_DAYS, days_back, moved_share};

/// A line that makes less than this share of all output, at prices, is too small to say whether a network stands still.
const SMALL_SHARE: f64 = 0.001;

/// How far the line that moved most has moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moved {
    /// The line.
    pub line: LineId,
    /// Its mean output a day of the last four weeks, units.
    pub now: f64,
    /// Of the four weeks it is compared with, units.
    pub before: f64,
    /// How many days earlier these lie.
    pub days_back: usize,
    /// [`moved_share`] of the two.
    pub share: f64,
}

/// Output of every line in the four weeks before a step, and in those they are compared with.
struct Spans {
    end: usize,
    back: usize,
    now: Vec<f64>,
    before: Vec<f64>,
}

impl Spans {
    /// `None`: the run has too few days before the step.
    fn before(end: usize, lines: usize) -> Option<Self> {
        let back = days_back(end)?;
        Some(Self { end, back, now: vec![0.0; lines], before: vec![0.0; lines] })
    }

    fn note(&mut self, t: usize, output: &[f64]) {
        let (now, before) = (self.end - SPAN_DAYS..self.end, self.end - self.back - SPAN_DAYS..self.end - self.back);
        for (sums, days) in [(&mut self.now, now), (&mut self.before, before)] {
            if days.contains(&t) {
                sums.iter_mut().zip(output).for_each(|(sum, made)| *sum += made / SPAN_DAYS as f64);
            }
        }
    }

    /// The line that moved most, among those that are not small; the first of those alike. `None` where nothing is made.
    fn worst(&self, plan: &Plan, counts: impl Fn(&Moved) -> bool) -> Option<Moved> {
        let value = |line: usize| self.now[line].max(self.before[line]) * plan.prices.line[line];
        let all: f64 = (0..self.now.len()).map(value).sum();
        let large = (0..self.now.len()).filter(|&line| value(line) > 0.0 && value(line) >= SMALL_SHARE * all);
        let moved = large.map(|line| {
            let (now, before) = (self.now[line], self.before[line]);
            Moved { line: LineId::from(line), now, before, days_back: self.back, share: moved_share(now, before) }
        });
        moved.filter(counts).reduce(|worst, next| if next.share > worst.share { next } else { worst })
    }
}

/// How far output has moved before the first event of the scenario, without it: the four weeks before against the same a year earlier where
/// the run has them, its warm-up included, else against the four before; then a line that made nothing before has begun, by the dates of
/// its orders, and does not drift. `None` where the run has too few days, no event, or no output.
///
/// Errors: the network is inconsistent, or does not settle ([`settled`]).
pub fn drift(network: Network, events: Vec<Event>) -> Result<Option<Moved>, NetworkError> {
    let Some(first) = events.iter().filter(|event| !event.background).map(|event| event.from).min() else { return Ok(None) };
    let mut run = Simulation::new(network, events, Detail::Totals, &[])?;
    run.plan.set_scenario(false);
    let end = run.plan.calendar.step(first).min(run.plan.calendar.len());
    let drifts = |moved: &Moved| moved.before > 0.0 || moved.days_back > SPAN_DAYS;
    Ok(spans(&mut run, end).and_then(|spans| spans.worst(&run.plan, drifts)))
}

/// Simulates up to a step. `None`: there are too few days before it.
fn spans(run: &mut Simulation, end: usize) -> Option<Spans> {
    let mut spans = Spans::before(end, run.plan.network.lines.len())?;
    while run.t < end {
        run.step();
        spans.note(run.t - 1, &run.state.output);
    }
    Some(spans)
}

/// A network that asks for a settled start as one with a warm-up: the shortest of those tried after which no line moves by more than
/// `settle_tolerance_share`. The first is as long as the longest chain of an order line and eight weeks, each other twice as long as the one
/// before, the last `settle_max_days`. Events of the scenario do not act. Other networks stay as they are.
///
/// Errors: the network is inconsistent, or moves by more even after the longest ([`NetworkError::NotSettled`]).
pub fn settled(network: Network, events: &[Event]) -> Result<Network, NetworkError> {
    if network.settings.start_state != StartState::Settled {
        return Ok(network);
    }
    let (most, tolerance) = (network.settings.settle_max_days, network.settings.settle_tolerance_share);
    // Before goods have gone through the longest chain everything stands still because nothing has begun.
    let chain = longest_chain(&network).map_or(0.0, |(_, days)| days.ceil());
    let mut days = ((chain as u32).saturating_add(2 * SPAN_DAYS as u32)).min(most);
    loop {
        let mut trial = network.clone();
        trial.settings.start_state = StartState::WarmUp;
        trial.settings.warm_up_days = days;
        let mut run = Simulation::of(Plan::new(trial.clone(), events.to_vec())?, Detail::Totals, &[]);
        run.plan.set_scenario(false);
        let end = run.plan.warm_up;
        let worst = spans(&mut run, end).and_then(|spans| spans.worst(&run.plan, |_| true));
        match worst.filter(|moved| moved.share > tolerance) {
            None => return Ok(trial),
            Some(moved) if days >= most => {
                return Err(NetworkError::NotSettled { line: moved.line.index(), moved: moved.share, tolerance, days });
            }
            Some(_) => days = days.saturating_mul(2).min(most),
        }
    }
}

/// Days from placing an order line of a schedule contract to its due date: purchase lead, travel of its inputs, input lead, input window
/// and slack.
pub fn chain_days(network: &Network, contract: ContractId) -> f64 {
    let contracts = &network.contracts;
    let row = contract.index();
    let terms = &network.terms[contracts.terms[row].index()];
    let route = network.routes.get(contracts.input_route[row].index()).filter(|_| contracts.kind[row] == Kind::Processing);
    let travel: f64 = route.map_or(0.0, |route| route.legs.iter().map(|leg| f64::from(leg.days)).sum());
    terms.purchase_lead_days + travel + terms.input_lead_days + terms.input_window_days + terms.slack_days
}

/// The schedule contract with the longest [`chain_days`]; of those alike the first.
pub fn longest_chain(network: &Network) -> Option<(ContractId, f64)> {
    let contracts = &network.contracts;
    let scheduled = (0..contracts.len()).filter(|&row| network.terms[contracts.terms[row].index()].ordering == Ordering::Schedule);
    let chains = scheduled.map(|row| (ContractId::from(row), chain_days(network, ContractId::from(row))));
    chains.reduce(|longest, next| if next.1 > longest.1 { next } else { longest })
}
