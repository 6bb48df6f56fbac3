//! A simulation in steps.

use super::View;
use crate::model::calendar::Day;
use crate::model::error::NetworkError;
use crate::model::events::Event;
use crate::model::network::{Network, ValueFrom};
use crate::plan::Plan;
use crate::record::{Detail, Record};
use crate::run;

/// Called after every simulated day.
type Observer = Box<dyn FnMut(&View<'_>) + Send>;

/// A network on its way through time: step by step, with events added and the state looked at between days.
///
/// The same network and events give the same bits, however the days are cut into steps and whether an event is known from the start or
/// added on the day before it acts.
///
/// ```
/// use ripstop::{Change, Day, Demand, Event, Firm, Network, Product, Simulation};
///
/// let mut network = Network::new(Day(0), Day(9));
/// let firm = network.add_firm(Firm::default());
/// let bread = network.add_product(Product { value_per_unit: 2.0, ..Product::default() });
/// let baker = network.add_line(firm, bread, 50.0, 0.0, &[]);
/// network.demands.push(Demand::new(baker, 40.0));
///
/// let mut simulation = Simulation::new(network, Vec::new())?;
/// simulation.until(Day(4));
/// assert_eq!(simulation.view().line(baker).output(), 40.0);
/// simulation.apply(Event::new(Change::Capacity(vec![baker]), Day(5)).value(0.5))?;
/// simulation.step();
/// assert_eq!(simulation.view().line(baker).output(), 25.0);
/// # Ok::<(), ripstop::NetworkError>(())
/// ```
pub struct Simulation {
    run: run::Simulation,
    detail: Detail,
    observers: Vec<Observer>,
}

impl std::fmt::Debug for Simulation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulation").field("date", &self.view().date()).field("events", &self.events().len()).finish_non_exhaustive()
    }
}

impl Simulation {
    /// A network before its first day, of which daily totals are recorded.
    ///
    /// Errors: the network or an event is inconsistent ([`NetworkError`]).
    pub fn new(network: Network, events: Vec<Event>) -> Result<Self, NetworkError> {
        Self::recording(network, events, Detail::Totals)
    }

    /// A network before its first day, with more recorded.
    ///
    /// Errors: the network or an event is inconsistent ([`NetworkError`]).
    pub fn recording(network: Network, events: Vec<Event>, detail: Detail) -> Result<Self, NetworkError> {
        let run = run::Simulation::new(network, events, detail, &[])?;
        Ok(Self { run, detail, observers: Vec::new() })
    }

    /// Simulates one day. Returns whether there was one left.
    pub fn step(&mut self) -> bool {
        let before = self.run.t;
        self.run.step();
        let stepped = self.run.t > before;
        if stepped {
            let view = View::of(&self.run);
            self.observers.iter_mut().for_each(|observer| observer(&view));
        }
        stepped
    }

    /// Simulates up to and including a date, or to the last day.
    pub fn until(&mut self, last: Day) {
        while self.next_day().is_some_and(|next| next <= last) {
            self.step();
        }
    }

    /// Simulates to the last day.
    pub fn run(&mut self) {
        while self.step() {}
    }

    /// Adds an event that begins on the next day or later.
    ///
    /// What an event asks of the network may change how the days before it are reckoned (not what they give); they are then reckoned again.
    ///
    /// Errors: the event begins on a day that is over, or names what is not there. The simulation is then as before.
    pub fn apply(&mut self, event: Event) -> Result<(), NetworkError> {
        if let Some(next) = self.next_day().filter(|next| event.from < *next) {
            return Err(NetworkError::EventInThePast { from: event.from, next });
        }
        let mut events = self.run.plan.events.clone();
        events.push(event);
        let mut plan = Plan::new(as_given(&self.run.plan.network), events)?;
        plan.keep_deliveries = self.run.plan.keep_deliveries;
        let days = self.run.t;
        if plan.goes_on_from(&self.run.plan) {
            self.run.plan = plan;
        } else {
            self.run = run::Simulation::of(plan, self.detail, &[]);
            (0..days).for_each(|_| self.run.step());
        }
        Ok(())
    }

    /// Has somebody look at every day to come when it is over.
    pub fn observe(&mut self, observer: impl FnMut(&View<'_>) + Send + 'static) {
        self.observers.push(Box::new(observer));
    }

    /// The state at the end of the last simulated day.
    pub fn view(&self) -> View<'_> {
        View::of(&self.run)
    }

    /// What was recorded so far.
    pub fn record(&self) -> &Record {
        &self.run.record
    }

    /// All events.
    pub fn events(&self) -> &[Event] {
        &self.run.plan.events
    }

    /// The next day to simulate, if any is left. Days of a warm-up come before the network's first.
    pub fn next_day(&self) -> Option<Day> {
        let calendar = &self.run.plan.calendar;
        (self.run.t < calendar.len()).then(|| calendar.day(self.run.t))
    }

    /// Hash of the whole state: equal bits, equal hash.
    pub fn state_hash(&self) -> String {
        self.run.state.hash()
    }
}

/// A network as it was handed over: a plan writes what a good without value is counted at into its products.
fn as_given(network: &Network) -> Network {
    let mut network = network.clone();
    for product in network.products.iter_mut().filter(|product| product.value_from == ValueFrom::Nowhere) {
        product.value_per_unit = 0.0;
    }
    network
}
