//! Running a plan: step by step, to a date, or a scenario with its counterfactual.

pub mod settle;

use crate::day::step_day;
use crate::model::calendar::Day;
use crate::model::error::NetworkError;
use crate::model::events::Event;
use crate::model::network::{Network, StartState};
use crate::plan::Plan;
use crate::plan::columns::{Cells, Column, RestoreError, refill};
use crate::plan::direct::direct_lines;
use crate::plan::state::State;
use crate::record::people::People;
use crate::record::{Detail, Record};

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
    /// Errors: the network is inconsistent, or asks for a settled start and does not settle.
    pub fn new(network: Network, events: Vec<Event>, detail: Detail, probes: &[usize]) -> Result<Self, NetworkError> {
        let network = settle::settled(network, &events)?;
        Ok(Self::of(Plan::new(network, events)?, detail, probes))
    }

    /// Sets the first state of a plan.
    pub fn of(mut plan: Plan, detail: Detail, probes: &[usize]) -> Self {
        plan.keep_deliveries = detail == Detail::Full;
        let state = State::new(&plan);
        let record = Record::new(&plan, &state, detail, probes);
        Self { plan, state, record, t: 0 }
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
        self.run_while(&|| true);
    }

    /// Simulates until the last day or until `go_on`, asked before every day, says no.
    pub fn run_while(&mut self, go_on: &impl Fn() -> bool) {
        while self.t < self.plan.calendar.len() && go_on() {
            self.step();
        }
    }

    /// Shows the next step, the state and the record, column by column: with the network, all that is needed to go on.
    ///
    /// Errors: those of `write`.
    pub fn save<E>(&self, write: &mut impl FnMut(&str, Cells<'_>) -> Result<(), E>) -> Result<(), E> {
        write("t", Cells::U32(&[self.t as u32]))?;
        self.state.save(&mut |name, cells| write(&format!("state.{name}"), cells))?;
        self.record.save(&mut |name, cells| write(&format!("record.{name}"), cells))
    }

    /// Takes up a saved run of the same network, events, detail and probes; `self` is new.
    ///
    /// Errors: those of `read`; columns that are not those of this network.
    pub fn restore<E: From<RestoreError>>(&mut self, read: &mut impl FnMut(&str) -> Result<Column, E>) -> Result<(), E> {
        let mut t: Vec<u32> = Vec::new();
        refill("t", &read("t")?, Some(1), &mut t)?;
        self.t = t[0] as usize;
        self.state.restore(&mut |name: &str| read(&format!("state.{name}")))?;
        self.state.check(&self.plan)?;
        self.record.restore(&self.plan, &mut |name: &str| read(&format!("record.{name}")))?;
        if self.t.saturating_sub(self.plan.warm_up) != self.record.days {
            return Err(RestoreError::Value { column: "t".to_string(), found: self.t as u64 }.into());
        }
        Ok(())
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
    /// Who is without work because of the events.
    pub people: People,
    /// Hash of the scenario's last state.
    pub state_hash: String,
    /// First step a scenario event acts on; the number of days if none does.
    pub first_event: usize,
}

/// Relative difference of a line's output from its steady rate that is rounding.
const STILL: f64 = 1e-9;

/// A scenario and its counterfactual in progress. Until the first event of the scenario both are the same run, which is done once.
///
/// Where nothing moves without the scenario (a steady start of bulk lines, which have neither seasons nor money, capacities that suffice
/// and no background event) no counterfactual is run: every day of it is its first.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The run with the scenario's events; before the first of them, both.
    scenario: Simulation,
    /// The run without them, once there is a difference.
    without: Option<Simulation>,
    /// The first day without them, where it is every day.
    calm: Option<Record>,
    /// Who is without work, where both runs are done in step.
    people: People,
    /// First step a scenario event acts on; the number of steps if none does.
    first_event: usize,
}

impl Pair {
    /// Compiles the network and sets the first state.
    ///
    /// Errors: the network is inconsistent.
    pub fn new(network: Network, events: Vec<Event>, detail: Detail, probes: &[usize]) -> Result<Self, NetworkError> {
        let first = events.iter().filter(|e| !e.background).map(|e| e.from).min();
        let mut scenario = Simulation::new(network, events, detail, probes)?;
        let direct = direct_lines(&scenario.plan);
        scenario.record.direct = (0..direct.len() as u32).filter(|&line| direct[line as usize]).collect();
        // Until the first of the scenario's events only the background holds.
        scenario.plan.set_scenario(false);
        let calendar = &scenario.plan.calendar;
        let first_event = first.map_or(calendar.len(), |day| calendar.step(day)).min(calendar.len());
        scenario.record.first_event = first_event.saturating_sub(scenario.plan.warm_up);
        let people = People::new(&scenario.plan, detail);
        Ok(Self { scenario, without: None, calm: None, people, first_event })
    }

    /// Asks for the sums so far after some recorded steps ([`Record::so_far`]); call before the first day.
    pub fn mark(&mut self, steps: &[usize]) {
        self.scenario.record.mark(steps);
    }

    /// Asks for all goods of every evening, on both sides. Call before the first day.
    pub fn keep_evenings(&mut self) {
        self.scenario.record.keep_evenings();
    }

    /// Step of the first recorded day on which an event of the scenario acts; the number of days if none does.
    pub fn first_event(&self) -> usize {
        self.first_event.saturating_sub(self.scenario.plan.warm_up)
    }

    /// The day of which every day of the counterfactual is a copy, if nothing moves in it.
    fn calm_day(&self) -> Option<Record> {
        let plan = &self.scenario.plan;
        let still = plan.only_bulk
            && plan.network.settings.start_state == StartState::Steady
            && self.first_event < plan.calendar.len()
            && !plan.events.iter().any(|event| event.background);
        if !still {
            return None;
        }
        let mut calm = self.scenario.plan.clone();
        calm.set_scenario(false);
        let mut state = State::new(&calm);
        let probes = if self.scenario.record.probes.is_empty() { &[][..] } else { &[0] };
        let mut record = Record::new(&calm, &state, self.scenario.record.detail, probes);
        record.groups = self.scenario.record.groups.repeat(0);
        record.direct.clone_from(&self.scenario.record.direct);
        step_day(&calm, &mut state, &mut record, 0);
        // A capacity below what is sold moves the network from the first day on.
        let stays = |(made, rate): (&f64, &f64)| (made - rate).abs() <= STILL * rate;
        state.output.iter().zip(&calm.steady_rate).all(stays).then_some(record)
    }

    /// Simulates to the end, or until `go_on`, asked before every day on either side, says no. Returns whether it is finished.
    pub fn run_while(&mut self, go_on: &(impl Fn() -> bool + Sync)) -> bool {
        if self.calm.is_none() && self.without.is_none() {
            self.calm = self.calm_day();
        }
        if self.calm.is_some() {
            self.scenario.plan.set_scenario(true);
            self.scenario.run_while(go_on);
            return self.scenario.t == self.scenario.plan.calendar.len();
        }
        while self.scenario.t < self.first_event && go_on() {
            self.scenario.step();
        }
        let days = self.scenario.plan.calendar.len();
        if self.scenario.t < self.first_event || self.first_event == days {
            return self.scenario.t == days;
        }
        if self.people.in_step(self.scenario.record.detail) {
            return self.run_in_step(go_on);
        }
        let Self { scenario, without, .. } = self;
        let without = without.get_or_insert_with(|| part(scenario));
        rayon::join(|| scenario.run_while(go_on), || without.run_while(go_on));
        scenario.t == days && without.t == days
    }

    /// The days from the first event on, both sides day by day: who is without work is seen of both, and no day of a firm is kept.
    fn run_in_step(&mut self, go_on: &impl Fn() -> bool) -> bool {
        let Self { scenario, without, people, .. } = self;
        let without = without.get_or_insert_with(|| part(scenario));
        let days = scenario.plan.calendar.len();
        people.calm(scenario.record.days);
        while scenario.t < days && go_on() {
            rayon::join(|| scenario.step(), || without.step());
            if scenario.record.days > people.days() {
                people.push(&scenario.plan, &scenario.state, &without.state);
            }
        }
        scenario.t == days
    }

    /// Days simulated so far, of the scenario and of the counterfactual.
    pub fn days_done(&self) -> (usize, usize) {
        (self.scenario.t, self.without.as_ref().map_or(self.scenario.t, |without| without.t))
    }

    /// Shows both sides, column by column.
    ///
    /// Errors: those of `write`.
    pub fn save<E>(&self, write: &mut impl FnMut(&str, Cells<'_>) -> Result<(), E>) -> Result<(), E> {
        write("parted", Cells::U8(&[u8::from(self.without.is_some())]))?;
        self.scenario.save(&mut |name, cells| write(&format!("scenario.{name}"), cells))?;
        self.people.save(&mut |name, cells| write(&format!("people.{name}"), cells))?;
        match &self.without {
            Some(without) => without.save(&mut |name, cells| write(&format!("counterfactual.{name}"), cells)),
            None => Ok(()),
        }
    }

    /// Takes up a saved pair of the same network, events, detail and probes; `self` is new.
    ///
    /// Errors: those of `read`; columns that are not those of this network.
    pub fn restore<E: From<RestoreError>>(&mut self, read: &mut impl FnMut(&str) -> Result<Column, E>) -> Result<(), E> {
        let mut parted: Vec<u8> = Vec::new();
        refill("parted", &read("parted")?, Some(1), &mut parted)?;
        if parted[0] != 0 {
            let without = self.without.insert(part(&mut self.scenario));
            without.restore(&mut |name: &str| read(&format!("counterfactual.{name}")))?;
        }
        self.scenario.restore(&mut |name: &str| read(&format!("scenario.{name}")))?;
        let in_step = parted[0] != 0 && self.people.in_step(self.scenario.record.detail);
        if let Some(without) = self.without.as_ref().filter(|without| in_step && without.t != self.scenario.t) {
            return Err(RestoreError::Value { column: "counterfactual.t".to_string(), found: without.t as u64 }.into());
        }
        let days = if in_step { self.scenario.record.days } else { 0 };
        self.people.restore(days, &mut |name: &str| read(&format!("people.{name}")))
    }

    /// What a finished pair shows.
    pub fn finish(self) -> Outcome {
        let warm_up = self.scenario.plan.warm_up;
        let Simulation { mut plan, state, record, .. } = self.scenario;
        plan.forget_warm_up();
        let counterfactual = match (self.calm, self.without) {
            (Some(calm), _) => record.calm(&plan, &calm),
            (None, Some(without)) => without.record,
            (None, None) => record.clone(),
        };
        // Steps of the outcome count from the first recorded day.
        let first_event = self.first_event.saturating_sub(warm_up);
        let mut people = self.people;
        if record.detail == Detail::Full {
            people = People::of(&plan, &record, &counterfactual, first_event);
        }
        people.calm(record.days);
        Outcome { state_hash: state.hash(), plan, scenario: record, counterfactual, people, first_event }
    }
}

/// Where the two sides part: the counterfactual as a copy; from now on the scenario's events hold in the scenario.
/// The day before had no scenario event, so its factors are the background's in both runs.
fn part(scenario: &mut Simulation) -> Simulation {
    // Copied by itself, with room for the days to come: a plain copy would be moved again on the next day.
    let columns = std::mem::take(&mut scenario.record.columns);
    let mut without = scenario.clone();
    if scenario.record.detail == Detail::Full {
        without.record.columns = columns.part(&scenario.plan, scenario.plan.calendar.len());
    }
    scenario.record.columns = columns;
    scenario.plan.set_scenario(true);
    without
}

/// Runs a scenario with its counterfactual.
///
/// Errors: the network is inconsistent.
pub fn run_with_counterfactual(network: Network, events: Vec<Event>, detail: Detail, probes: &[usize]) -> Result<Outcome, NetworkError> {
    let mut pair = Pair::new(network, events, detail, probes)?;
    pair.run_while(&|| true);
    Ok(pair.finish())
}
