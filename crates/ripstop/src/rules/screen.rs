//! Rules over a run: every contract and every simulated consignment, on its date.
//!
//! A day's consignment of a contract is cleared at the first crossing of its way on the day it arrives less the days from there on, which is
//! exact whatever it waited for before; it left the supplier as many days earlier as the way to the crossing takes (days it was held there
//! are not counted). Both happen at the crossing's hour, noon unless a row says otherwise, in its own time.

use std::sync::Arc;

use rayon::prelude::*;

use super::facts::{Facts, Object};
use super::indicators::{Indicator, indicators};
use super::judge::{Act, Candidate, candidates, exemptions, judge};
use super::law::{DAY, ExemptionOutcome, Instant, Outcome, Rule, Why};
use crate::calendar::Day;
use crate::ids::*;
use crate::network::{Network, Route};
use crate::plan::Plan;
use crate::series::Record;

/// Rules and facts, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Screen {
    /// The rules.
    pub rules: Vec<Rule>,
    /// The facts.
    pub facts: Facts,
    /// Crossing → second of the day at which goods are cleared there, and seconds its time is ahead of UTC.
    pub clocks: Vec<(i64, i32)>,
    /// Contract → bits of its signs ([`indicators`]).
    pub signs: Vec<u8>,
}

/// Rules and facts that many conditions share.
pub type Shared = Arc<Screen>;

impl Screen {
    /// Makes the screen and computes the signs.
    pub fn new(rules: Vec<Rule>, facts: Facts, clocks: Vec<(i64, i32)>, network: &Network) -> Self {
        let below = rules.iter().find_map(|rule| match rule.indicator {
            Some(Indicator::PriceBelowPeers(share)) => Some(share),
            _ => None,
        });
        let signs = indicators(network, &facts, below);
        Self { rules, facts, clocks, signs }
    }

    /// The rules a contract touches.
    pub fn candidates(&self, network: &Network, contract: usize) -> Vec<Candidate> {
        let mut found = Vec::new();
        candidates(&self.rules, network, &self.facts, contract, self.signs.get(contract).copied().unwrap_or(0), &mut found);
        found
    }

    /// Hour and zone of the first crossing of a route; noon UTC where there is none.
    pub fn clock(&self, route: &Route) -> (i64, i32) {
        let first = route.legs.iter().find_map(|leg| leg.crossing);
        first.and_then(|(crossing, _)| self.clocks.get(crossing.index()).copied()).unwrap_or((DAY / 2, 0))
    }
}

/// What a rule says of a contract: all consignments of one outcome together.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What it rests on.
    pub candidate: Candidate,
    /// What it says.
    pub outcome: Outcome,
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
    /// Days with a consignment.
    pub shipments: u32,
    /// Units.
    pub quantity: f64,
    /// Value at cost, currency 0.
    pub value: f64,
    /// The exemptions of the rule, on the first day.
    pub exemptions: Vec<(ExemptionOutcome, Why)>,
}

/// Days from the first crossing of a route to its end, and from its start to there. A route without a crossing is cleared where it ends.
pub fn passing_lag(route: &Route) -> (i32, i32) {
    let all: u32 = route.legs.iter().map(|leg| leg.days).sum();
    let before = match route.legs.iter().position(|leg| leg.crossing.is_some()) {
        Some(at) => route.legs[..at].iter().map(|leg| leg.days).sum(),
        None => all,
    };
    ((all - before) as i32, before as i32)
}

/// Judges every contract and every consignment of a run up to a day; in order of contract, rule and outcome. Needs
/// [`crate::series::Detail::Full`].
pub fn screen(plan: &Plan, record: &Record, screen: &Screen, contracts: &[ContractId], until: Day) -> Vec<Finding> {
    if screen.rules.is_empty() {
        return Vec::new();
    }
    let one = |contract: &ContractId| of_contract(plan, record, screen, contract.index(), until);
    let found: Vec<Vec<Finding>> = contracts.par_iter().map(one).collect();
    found.into_iter().flatten().collect()
}

/// A consignment of the run: the day it arrived, units.
type Arrival = (i32, f64);

fn of_contract(plan: &Plan, record: &Record, screen: &Screen, contract: usize, until: Day) -> Vec<Finding> {
    let candidates = screen.candidates(&plan.network, contract);
    if candidates.is_empty() {
        return Vec::new();
    }
    let goods = goods(plan, record, contract);
    let mut findings: Vec<Finding> = Vec::new();
    for candidate in &candidates {
        match candidate.consignment.object {
            Object::Goods => consignments(plan, screen, candidate, &goods, until, &mut findings),
            Object::Inputs => {
                let sent = inputs(plan, record, contract, candidate.consignment.product);
                consignments(plan, screen, candidate, &sent, until, &mut findings);
            }
            Object::Contract | Object::Labour => whole(plan, record, screen, candidate, &goods, until, &mut findings),
        }
    }
    findings
}

fn goods(plan: &Plan, record: &Record, contract: usize) -> Vec<Arrival> {
    arrivals(plan, &record.columns.contract_delivered, plan.network.contracts.len(), contract)
}

fn inputs(plan: &Plan, record: &Record, contract: usize, product: ProductId) -> Vec<Arrival> {
    let key = (contract as u32, product.0);
    plan.contract_inputs
        .binary_search(&key)
        .map_or(Vec::new(), |at| arrivals(plan, &record.columns.contract_inputs, plan.contract_inputs.len(), at))
}

fn arrivals(plan: &Plan, column: &[f64], width: usize, at: usize) -> Vec<Arrival> {
    let start = plan.network.start.0;
    let cells = column.iter().skip(at).step_by(width.max(1));
    cells.enumerate().filter(|&(_, &units)| units > 0.0).map(|(t, &units)| (start + t as i32, units)).collect()
}

fn route_of<'a>(plan: &'a Plan, candidate: &Candidate) -> &'a Route {
    let contract = candidate.consignment.contract.index();
    let contracts = &plan.network.contracts;
    let route = if candidate.consignment.object == Object::Inputs { contracts.input_route[contract] } else { contracts.route[contract] };
    &plan.network.routes[route.index()]
}

fn consignments(plan: &Plan, screen: &Screen, candidate: &Candidate, arrived: &[Arrival], until: Day, findings: &mut Vec<Finding>) {
    let route = route_of(plan, candidate);
    let ((after, before), clock) = (passing_lag(route), screen.clock(route));
    let value = plan.network.products[candidate.consignment.product.index()].value_per_unit;
    let own = findings.len();
    for &(day, units) in arrived {
        let cleared = day - after;
        if cleared > until.0 {
            break;
        }
        let at = |day: i32| Instant::local(day, clock.0, clock.1);
        let act = Act { shipped: at(cleared - before), cleared: at(cleared) };
        add(screen, candidate, act, Day(cleared), (1, units, units * value), own, findings);
    }
}

/// Contract and work: they last from the first consignment of the run to the last.
fn whole(plan: &Plan, record: &Record, screen: &Screen, candidate: &Candidate, goods: &[Arrival], until: Day, findings: &mut Vec<Finding>) {
    let contract = candidate.consignment.contract.index();
    let sent = screen.facts.inputs(&plan.network, contract).flat_map(|c| inputs(plan, record, contract, c.product));
    let days = || sent.map(|a| a.0).chain(goods.iter().map(|a| a.0)).filter(|&day| day <= until.0);
    let Some((first, last)) = days().fold(None, |span: Option<(i32, i32)>, day| match span {
        None => Some((day, day)),
        Some((first, last)) => Some((first.min(day), last.max(day))),
    }) else {
        return;
    };
    let clock = screen.clock(route_of(plan, candidate));
    let value = plan.network.products[candidate.consignment.product.index()].value_per_unit;
    let own = findings.len();
    let mut next = 0;
    for day in first..=last {
        let at = Instant::local(day, clock.0, clock.1);
        let mut amounts = (0, 0.0, 0.0);
        while next < goods.len() && goods[next].0 <= day {
            amounts = (amounts.0 + 1, amounts.1 + goods[next].1, amounts.2 + goods[next].1 * value);
            next += 1;
        }
        add(screen, candidate, Act { shipped: at, cleared: at }, Day(day), amounts, own, findings);
    }
}

fn add(
    screen: &Screen,
    candidate: &Candidate,
    act: Act,
    day: Day,
    (shipments, quantity, value): (u32, f64, f64),
    own: usize,
    findings: &mut Vec<Finding>,
) {
    let rule = &screen.rules[candidate.rule as usize];
    let Some(outcome) = judge(rule, candidate, &screen.facts, act) else { return };
    let at = match findings[own..].iter().position(|f| f.outcome == outcome) {
        Some(at) => own + at,
        None => {
            let exemptions = exemptions(rule, candidate, &screen.facts, act);
            findings.push(Finding {
                candidate: *candidate,
                outcome,
                first: day,
                last: day,
                shipments: 0,
                quantity: 0.0,
                value: 0.0,
                exemptions,
            });
            findings.len() - 1
        }
    };
    let finding = &mut findings[at];
    finding.last = finding.last.max(day);
    finding.shipments += shipments;
    finding.quantity += quantity;
    finding.value += value;
}
