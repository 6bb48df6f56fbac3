//! Running a plan: step by step, to a date, or a scenario with its counterfactual.

use crate::calendar::Day;
use crate::day::step_day;
use crate::error::NetworkError;
use crate::network::Network;
use crate::plan::Plan;
use crate::scenario::Event;
use crate::series::{Detail, Record};
use crate::state::State;

/// A simulation in progress.
///
/// `step` simulates one day, `step_until` up to and including a date, `run` to the end. All three do the same to the state: a run may
/// be stopped and taken up on any day with the same bits.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// The compiled network.
    pub plan: Plan,
    /// The state at the end of the last simulated day.
    pub state: State,
    /// What was recorded.
    pub record: Record,
    /// Next day to simulate, as a step; a warm-up counts.
    pub t: usize,
}

impl Simulation {
    /// Compiles the network and sets the first state. `probes`: steps at which snapshots are taken.
    ///
    /// Errors: the network is inconsistent.
    pub fn new(network: Network, events: Vec<Event>, detail: Detail, probes: &[usize]) -> Result<Self, NetworkError> {
        let plan = Plan::new(network, events)?;
        let state = State::new(&plan);
        let record = Record::new(&plan, &state, detail, probes);
        Ok(Self { plan, state, record, t: 0 })
    }

    /// Simulates one day; does nothing after the last.
    pub fn step(&mut self) {
        if self.t < self.plan.calendar.len() {
            step_day(&self.plan, &mut self.state, &mut self.record, self.t);
            self.t += 1;
        }
    }

    /// Simulates up to and including a date.
    pub fn step_until(&mut self, day: Day) {
        let last = self.plan.calendar.step(day.plus(1));
        while self.t < last {
            self.step();
        }
    }

    /// Simulates to the last day.
    pub fn run(&mut self) {
        while self.t < self.plan.calendar.len() {
            self.step();
        }
    }
}

/// A finished scenario and what would have happened without its events.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The compiled network (with the scenario's events).
    pub plan: Plan,
    /// The scenario.
    pub scenario: Record,
    /// The same run without the scenario's events; `background` events stay. Equal to the scenario where it has none.
    pub counterfactual: Record,
    /// Hash of the scenario's last state.
    pub state_hash: String,
    /// First step a scenario event acts on; the number of days if none does.
    pub first_event: usize,
}

/// Runs a scenario with its counterfactual. Until the first event of the scenario both are the same run, which is done once.
///
/// Errors: the network is inconsistent.
pub fn run_with_counterfactual(network: Network, events: Vec<Event>, detail: Detail, probes: &[usize]) -> Result<Outcome, NetworkError> {
    let background: Vec<Event> = events.iter().filter(|e| e.background).cloned().collect();
    let mut simulation = Simulation::new(network, background, detail, probes)?;
    let calendar = &simulation.plan.calendar;
    let first_event = events.iter().filter(|e| !e.background).map(|e| calendar.step(e.from)).min().unwrap_or(calendar.len());
    let warm_up = simulation.plan.warm_up;
    // Steps of the outcome count from the first recorded day.
    let recorded = |step: usize| step.saturating_sub(warm_up);
    while simulation.t < first_event {
        simulation.step();
    }
    if first_event >= simulation.plan.calendar.len() {
        let Simulation { mut plan, state, record, .. } = simulation;
        plan.forget_warm_up();
        let first_event = recorded(first_event);
        return Ok(Outcome { state_hash: state.hash(), counterfactual: record.clone(), scenario: record, plan, first_event });
    }
    let mut without = simulation.clone();
    simulation.plan.set_events(events);
    // The day before the fork had no scenario event, so its factors are the background's in both runs.
    rayon::join(|| simulation.run(), || without.run());
    let Simulation { mut plan, state, record, .. } = simulation;
    plan.forget_warm_up();
    let first_event = recorded(first_event);
    Ok(Outcome { state_hash: state.hash(), plan, scenario: record, counterfactual: without.record, first_event })
}
