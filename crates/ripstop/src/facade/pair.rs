//! A scenario beside the same days without its events.

use crate::analysis::losses::{Losses, losses};
use crate::model::error::NetworkError;
use crate::model::events::Event;
use crate::model::network::Network;
use crate::record::{Detail, Record};
use crate::run;

/// A scenario and its counterfactual, both run to the end: the same network without the events, those in the background apart.
///
/// ```
/// use ripstop::{Change, Day, Demand, Detail, Event, Firm, Network, Pair, Product};
///
/// let mut network = Network::new(Day(0), Day(29));
/// let firm = network.add_firm(Firm::default());
/// let bread = network.add_product(Product { value_per_unit: 2.0, ..Product::default() });
/// let baker = network.add_line(firm, bread, 50.0, 0.0, &[]);
/// network.demands.push(Demand::new(baker, 40.0));
/// let stop = Event::new(Change::Capacity(vec![baker]), Day(10)).until(Day(14));
///
/// let pair = Pair::run(network, vec![stop], Detail::Totals)?;
/// assert_eq!(pair.losses().final_demand_unmet, 5.0 * 40.0 * 2.0);
/// # Ok::<(), ripstop::NetworkError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pair {
    outcome: run::Outcome,
    last: usize,
}

impl Pair {
    /// Runs both sides, on two threads where there are two.
    ///
    /// Errors: the network or an event is inconsistent ([`NetworkError`]).
    pub fn run(network: Network, events: Vec<Event>, detail: Detail) -> Result<Self, NetworkError> {
        let last = (network.end.0 - network.start.0).max(0) as usize;
        let outcome = run::run_with_counterfactual(network, events, detail, &[last])?;
        Ok(Self { outcome, last })
    }

    /// What was recorded of the scenario.
    pub fn scenario(&self) -> &Record {
        &self.outcome.scenario
    }

    /// What was recorded without its events.
    pub fn counterfactual(&self) -> &Record {
        &self.outcome.counterfactual
    }

    /// What the events cost, up to the last day.
    pub fn losses(&self) -> Losses {
        losses(&self.outcome, self.last)
    }

    /// Hash of the scenario's last state: equal bits, equal hash.
    pub fn state_hash(&self) -> &str {
        &self.outcome.state_hash
    }
}
