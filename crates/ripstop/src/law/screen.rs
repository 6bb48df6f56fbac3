//! Rules over a run: every contract and every simulated consignment, on its date.
//!
//! The run has counted, day by day, what left the supplier and what passed the first crossing of its path. What is held there is cleared
//! when it passes, not when it would have; what waits at a later crossing has been cleared. Of what waits together the first in is taken to
//! be the first out, which matters only where a rule asks for both days. Without a crossing goods are cleared when they arrive, and left as
//! many days earlier as their path takes. Both happen at the crossing's hour, noon unless a row says otherwise, in its own time.

use std::sync::Arc;

use rayon::prelude::*;

use super::facts::{Facts, Object};
use super::indicators::indicators;
use super::judge::{Act, Candidate, candidates, exemptions, judge};
use super::rules::{DAY, ExemptionOutcome, Indicator, Instant, Moment, Outcome, Rule, Why};
use crate::model::calendar::Day;
use crate::model::ids::*;
use crate::model::network::{Network, Route};
use crate::plan::Plan;
use crate::record::Record;

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
        candidates(&self.rules, network, &self.facts, contract, self.signs.get(contract).copied().unwrap_or(0))
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
    /// Units that left or were cleared, before what is stolen, refused or seized later on the way.
    pub quantity: f64,
    /// Value at cost, currency 0.
    pub value: f64,
    /// The exemptions of the rule, on the first day.
    pub exemptions: Vec<(ExemptionOutcome, Why)>,
}

/// Days from the start of a route to its first crossing; `None`: it has none.
fn days_before_crossing(route: &Route) -> Option<i32> {
    let at = route.legs.iter().position(|leg| leg.crossing.is_some())?;
    Some(route.legs[..at].iter().map(|leg| leg.days as i32).sum())
}

/// Judges every contract and every consignment of a run up to a day; in order of contract, rule and outcome. Needs
/// [`crate::record::Detail::Full`].
pub fn screen(plan: &Plan, record: &Record, screen: &Screen, contracts: &[ContractId], until: Day) -> Vec<Finding> {
    screen_by(plan, record, screen, &Asked { contracts, rules: &[], until })
}

/// What a run is screened for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Contracts.
    pub contracts: &'a [ContractId],
    /// Rules, by their place in the screen; none given: all.
    pub rules: &'a [u32],
    /// Last day.
    pub until: Day,
}

/// The same by some of the rules.
pub fn screen_by(plan: &Plan, record: &Record, screen: &Screen, asked: &Asked<'_>) -> Vec<Finding> {
    let &Asked { contracts, rules, until } = asked;
    if screen.rules.is_empty() {
        return Vec::new();
    }
    let touched: Vec<(usize, Vec<Candidate>)> = contracts
        .par_iter()
        .map(|contract| {
            let mut candidates = screen.candidates(&plan.network, contract.index());
            candidates.retain(|candidate| rules.is_empty() || rules.contains(&candidate.rule));
            (contract.index(), candidates)
        })
        .filter(|(_, candidates)| !candidates.is_empty())
        .collect();
    let shipments = Shipped::of(plan, record, &touched);
    let run = Screened { plan, shipments: &shipments, screen, until };
    let one = |(contract, candidates): &(usize, Vec<Candidate>)| run.of_contract(*contract, candidates);
    let found: Vec<Vec<Finding>> = touched.par_iter().map(one).collect();
    found.into_iter().flatten().collect()
}

/// The days on which goods and inputs of contracts that touch a rule left, were cleared and arrived, read from the record in one pass: it
/// has them day by day.
struct Shipped {
    /// Contract → days.
    sent: Vec<Vec<Units>>,
    cleared: Vec<Vec<Units>>,
    arrived: Vec<Vec<Units>>,
    /// Contract and input ([`Plan::contract_inputs`]) → days.
    inputs_sent: Vec<Vec<Units>>,
    inputs_cleared: Vec<Vec<Units>>,
    inputs_arrived: Vec<Vec<Units>>,
}

impl Shipped {
    fn of(plan: &Plan, record: &Record, touched: &[(usize, Vec<Candidate>)]) -> Self {
        let mut wanted = vec![false; plan.network.contracts.len()];
        touched.iter().for_each(|&(contract, _)| wanted[contract] = true);
        let inputs_wanted: Vec<bool> = plan.contract_inputs.iter().map(|&(contract, _)| wanted[contract as usize]).collect();
        let (start, shipments) = (plan.network.start, &record.shipments);
        let delivered = record.columns.contract_delivered.chunks_exact(wanted.len().max(1)).enumerate();
        let arrived = delivered.flat_map(|(day, row)| row.iter().enumerate().map(move |(contract, &units)| (day, contract, units)));
        Self {
            sent: days_of(start, shipments.sent.iter(), &wanted),
            cleared: days_of(start, shipments.cleared.iter(), &wanted),
            arrived: days_of(start, arrived, &wanted),
            inputs_sent: days_of(start, shipments.inputs_sent.iter(), &inputs_wanted),
            inputs_cleared: days_of(start, shipments.inputs_cleared.iter(), &inputs_wanted),
            inputs_arrived: days_of(start, shipments.inputs_arrived.iter(), &inputs_wanted),
        }
    }
}

/// Entity → its days with units; none of those not wanted.
fn days_of(start: Day, moved: impl Iterator<Item = (usize, usize, f64)>, wanted: &[bool]) -> Vec<Vec<Units>> {
    let mut found = vec![Vec::new(); wanted.len()];
    for (day, entity, units) in moved {
        if units > 0.0 && wanted[entity] {
            found[entity].push((start.0 + day as i32, units));
        }
    }
    found
}

/// A day of the run and the units that left, were cleared or arrived on it.
type Units = (i32, f64);

/// Goods that left the supplier on a day and were cleared on another, or not yet.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Passage {
    shipped: i32,
    cleared: Option<i32>,
    units: f64,
}

/// Below this share of a consignment nothing is left of it but rounding.
const ROUNDING: f64 = 1e-12;

/// Pairs what was cleared with what left at least `before` days earlier, first in, first out. Goods that were on their way when the run
/// began left as many days before they were cleared.
fn passages(sent: &[Units], cleared: &[Units], before: i32) -> Vec<Passage> {
    let mut found = Vec::with_capacity(cleared.len());
    let mut waiting = sent.iter().copied().peekable();
    for &(day, all) in cleared {
        let mut left = all;
        while left > ROUNDING * all {
            let Some((shipped, rest)) = waiting.peek_mut().filter(|(shipped, _)| *shipped <= day - before) else {
                found.push(Passage { shipped: day - before, cleared: Some(day), units: left });
                break;
            };
            let units = left.min(*rest);
            found.push(Passage { shipped: *shipped, cleared: Some(day), units });
            (left, *rest) = (left - units, *rest - units);
            if *rest <= ROUNDING * units {
                waiting.next();
            }
        }
    }
    found.extend(waiting.map(|(shipped, units)| Passage { shipped, cleared: None, units }));
    found
}

/// A run and the rules it is screened by.
#[derive(Clone, Copy)]
struct Screened<'a> {
    plan: &'a Plan,
    shipments: &'a Shipped,
    screen: &'a Screen,
    /// Last day.
    until: Day,
}

impl Screened<'_> {
    fn of_contract(&self, contract: usize, candidates: &[Candidate]) -> Vec<Finding> {
        let Self { plan, shipments, .. } = *self;
        let of_goods = goods_passages(plan, shipments, contract);
        let mut findings: Vec<Finding> = Vec::new();
        for candidate in candidates {
            match candidate.consignment.object {
                Object::Goods => self.consignments(candidate, &of_goods, &mut findings),
                Object::Inputs => {
                    let sent = input_passages(plan, shipments, contract, candidate.consignment.product);
                    self.consignments(candidate, &sent, &mut findings);
                }
                Object::Contract | Object::Labour => self.whole(candidate, &shipments.arrived[contract], &mut findings),
            }
        }
        findings
    }

    fn consignments(&self, candidate: &Candidate, passed: &[Passage], findings: &mut Vec<Finding>) {
        let Self { plan, screen, until, .. } = *self;
        let clock = screen.clock(route_of(plan, candidate));
        let moment = screen.rules[candidate.rule as usize].moment;
        let value = plan.network.products[candidate.consignment.product.index()].value_per_unit;
        let own = findings.len();
        let at = |day: i32| Instant::local(day, clock.0, clock.1);
        for passage in passed {
            let day = match moment {
                Moment::Shipped => Some(passage.shipped),
                Moment::Cleared => passage.cleared,
            };
            let Some(day) = day.filter(|&day| day <= until.0) else { break };
            // What is not cleared in the run is cleared after it.
            let cleared = passage.cleared.unwrap_or(plan.network.end.0 + 1);
            let act = Act { shipped: at(passage.shipped), cleared: at(cleared) };
            let moved = Moved { day: Day(day), act, shipments: 1, quantity: passage.units, value: passage.units * value };
            self.add(candidate, moved, own, findings);
        }
    }

    /// Contract and work: they last from the first consignment of the run to the last.
    fn whole(&self, candidate: &Candidate, goods: &[Units], findings: &mut Vec<Finding>) {
        let Self { plan, shipments, screen, until } = *self;
        let contract = candidate.consignment.contract.index();
        let sent = screen.facts.inputs(&plan.network, contract).flat_map(|c| inputs(plan, shipments, contract, c.product));
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
            let mut moved = Moved { day: Day(day), act: Act { shipped: at, cleared: at }, shipments: 0, quantity: 0.0, value: 0.0 };
            while next < goods.len() && goods[next].0 <= day {
                moved.shipments += 1;
                moved.quantity += goods[next].1;
                moved.value += goods[next].1 * value;
                next += 1;
            }
            self.add(candidate, moved, own, findings);
        }
    }

    /// Adds what was done on a day to the findings of the candidate, those from number `own` on.
    fn add(&self, candidate: &Candidate, moved: Moved, own: usize, findings: &mut Vec<Finding>) {
        let (rule, facts) = (&self.screen.rules[candidate.rule as usize], &self.screen.facts);
        let Moved { day, act, .. } = moved;
        let Some(outcome) = judge(rule, candidate, facts, act) else { return };
        let at = match findings[own..].iter().position(|f| f.outcome == outcome) {
            Some(at) => own + at,
            None => {
                findings.push(Finding {
                    candidate: *candidate,
                    outcome,
                    first: day,
                    last: day,
                    shipments: 0,
                    quantity: 0.0,
                    value: 0.0,
                    exemptions: exemptions(rule, candidate, facts, act),
                });
                findings.len() - 1
            }
        };
        let finding = &mut findings[at];
        // What passes on one day is one consignment, however many days it left on.
        let same = finding.shipments > 0 && finding.last == day;
        finding.last = finding.last.max(day);
        finding.shipments += if same { 0 } else { moved.shipments };
        finding.quantity += moved.quantity;
        finding.value += moved.value;
    }
}

/// What moved on a day: consignments, units, value at cost.
#[derive(Clone, Copy)]
struct Moved {
    day: Day,
    act: Act,
    shipments: u32,
    quantity: f64,
    value: f64,
}

fn goods_passages(plan: &Plan, shipments: &Shipped, contract: usize) -> Vec<Passage> {
    let contracts = &plan.network.contracts;
    let route = &plan.network.routes[contracts.route[contract].index()];
    let others = &contracts.extras_of(contract).alternative_routes;
    match least_before(plan, route, others) {
        Some(before) => passages(&shipments.sent[contract], &shipments.cleared[contract], before),
        None => inland(route, &shipments.arrived[contract]),
    }
}

fn input_passages(plan: &Plan, shipments: &Shipped, contract: usize, product: ProductId) -> Vec<Passage> {
    let contracts = &plan.network.contracts;
    let Ok(at) = plan.contract_inputs.binary_search(&(contract as u32, product.0)) else { return Vec::new() };
    let route = &plan.network.routes[contracts.input_route[contract].index()];
    let others = &contracts.extras_of(contract).alternative_input_routes;
    match least_before(plan, route, others) {
        Some(before) => passages(&shipments.inputs_sent[at], &shipments.inputs_cleared[at], before),
        None => inland(route, &shipments.inputs_arrived[at]),
    }
}

/// Fewest days to the first crossing of a route or one of its alternatives; `None`: the route has no crossing.
fn least_before(plan: &Plan, route: &Route, others: &[RouteId]) -> Option<i32> {
    let own = days_before_crossing(route)?;
    Some(others.iter().filter_map(|other| days_before_crossing(&plan.network.routes[other.index()])).fold(own, i32::min))
}

/// Goods that pass no crossing.
fn inland(route: &Route, arrived: &[Units]) -> Vec<Passage> {
    let days: u32 = route.legs.iter().map(|leg| leg.days).sum();
    arrived.iter().map(|&(day, units)| Passage { shipped: day - days as i32, cleared: Some(day), units }).collect()
}

fn inputs<'a>(plan: &Plan, shipments: &'a Shipped, contract: usize, product: ProductId) -> &'a [Units] {
    plan.contract_inputs.binary_search(&(contract as u32, product.0)).map_or(&[], |at| &shipments.inputs_arrived[at])
}

fn route_of<'a>(plan: &'a Plan, candidate: &Candidate) -> &'a Route {
    let contract = candidate.consignment.contract.index();
    let contracts = &plan.network.contracts;
    let route = if candidate.consignment.object == Object::Inputs { contracts.input_route[contract] } else { contracts.route[contract] };
    &plan.network.routes[route.index()]
}
