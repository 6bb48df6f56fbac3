//! Random networks under random events: goods and money balance every day, nothing is negative or no number, and a run is the same
//! whether it is stepped, run, resumed or forked. The whole sample must have used every option with a flow that is not zero.

mod common;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use common::{START, reader, same_bits, save};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use ripstop::cause::Cause;
use ripstop::ids::*;
use ripstop::network::*;
use ripstop::plan::{Account, Plan};
use ripstop::run::{Simulation, run_with_counterfactual};
use ripstop::scenario::{Change, Event};
use ripstop::series::{Detail, Record};
use ripstop::state::{Stage, State};

const NETWORKS: u32 = 3000;

// ------------------------------------------------------------------------------------------------------------- the networks

/// Splitmix64: everything of a network follows from one number.
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    fn days(&mut self, low: i32, high: i32) -> i32 {
        low + self.below((high - low + 1) as usize) as i32
    }

    /// A value with probability `p`, else the other.
    fn or(&mut self, p: f64, low: f64, high: f64, other: f64) -> f64 {
        if self.chance(p) { self.between(low, high) } else { other }
    }
}

/// The last class is that of persons.
const CLASSES: u32 = 3;

struct Maker {
    rng: Rng,
    net: Network,
    days: i32,
    with_orders: bool,
    stocked: BTreeSet<(u32, u32)>,
}

fn random_network(seed: u64, firms: usize, days: i32) -> (Network, Vec<Event>) {
    let mut rng = Rng(seed);
    let with_orders = rng.chance(0.7);
    let settings = Settings {
        start_state: if with_orders || rng.chance(0.2) { StartState::Empty } else { StartState::Steady },
        plan_rate: if rng.chance(0.25) { PlanRate::Realised } else { PlanRate::Demand },
        expect_days: rng.between(1.0, 40.0),
        backlog_days: rng.between(1.0, 12.0),
        ..Settings::default()
    };
    let start = START.plus(rng.days(0, 400));
    let net =
        Network { start, end: start.plus(days - 1), settings, classes: CLASSES, persons: Some(ClassId(CLASSES - 1)), ..Network::default() };
    let mut maker = Maker { rng, net, days, with_orders, stocked: BTreeSet::new() };
    maker.geography();
    maker.firms(firms);
    maker.terms();
    maker.supply();
    maker.demands();
    if with_orders {
        maker.orders();
    }
    let events = maker.events();
    (maker.net, events)
}

impl Maker {
    fn geography(&mut self) {
        let (rng, net) = (&mut self.rng, &mut self.net);
        net.countries = 2 + rng.below(2) as u32;
        net.sectors = 2;
        net.groups = rng.below(3) as u32;
        for _ in 0..2 + rng.below(3) {
            net.places.push(Place { country: CountryId(rng.below(net.countries as usize) as u32) });
        }
        for _ in 0..1 + rng.below(3) {
            let a = rng.below(net.countries as usize) as u32;
            net.crossings.push(Crossing { country_a: CountryId(a), country_b: CountryId((a + 1) % net.countries), ..Crossing::default() });
        }
        for _ in 0..4 + rng.below(6) {
            let mut gates = rng.below(3);
            let mut legs: Vec<Leg> = (0..1 + rng.below(3))
                .map(|_| {
                    let crossing = (gates > 0 && rng.chance(0.7)).then(|| {
                        gates -= 1;
                        let direction = if rng.chance(0.5) { Direction::AToB } else { Direction::BToA };
                        (CrossingId::from(rng.below(net.crossings.len())), direction)
                    });
                    Leg { crossing, days: rng.below(4) as u32, ..Leg::default() }
                })
                .collect();
            if legs.iter().all(|l| l.days == 0) {
                let last = legs.len() - 1;
                legs[last].days = 1;
            }
            net.routes.push(Route { legs });
        }
    }

    fn firms(&mut self, firms: usize) {
        let products = 2 + self.rng.below(firms.min(8) - 1);
        for _ in 0..products {
            let rng = &mut self.rng;
            self.net.products.push(Product {
                class: ClassId(rng.below(CLASSES as usize - 1) as u32),
                value_per_unit: rng.between(0.1, 50.0),
                retail_price_per_unit: rng.between(1.0, 200.0),
                price_after_season_share: rng.unit(),
                ..Product::default()
            });
        }
        for firm in 0..firms {
            let rng = &mut self.rng;
            let groups = self.net.groups as usize;
            self.net.firms.push(Firm {
                place: PlaceId::from(rng.below(self.net.places.len())),
                group: (groups > 0 && rng.chance(0.6)).then(|| GroupId(rng.below(groups) as u32)),
                sector: SectorId(rng.below(2) as u32),
                workers: rng.or(0.7, 1.0, 60.0, 0.0).floor(),
                wage_per_month: rng.or(0.7, 1.0, 300.0, 0.0),
                idle_pay_share: rng.unit(),
                levy_share: rng.or(0.4, 0.0, 0.6, 0.0),
                keep_months: rng.or(0.5, 0.0, 3.0, f64::INFINITY),
                opening_cash: rng.or(0.8, 0.0, 30_000.0, 0.0),
                rest_weekdays: if rng.chance(0.3) { 1 << rng.below(7) } else { 0 },
                ..Firm::default()
            });
            // Every product has a maker; later firms make what they like, some nothing.
            if firm < products {
                self.line(firm, firm);
            }
            if self.rng.chance(if firm < products { 0.25 } else { 0.6 }) {
                let product = self.rng.below(products);
                self.line(firm, product);
            }
        }
    }

    /// Inputs are products of a lower number, so that there is a steady state.
    fn line(&mut self, firm: usize, product: usize) {
        let rng = &mut self.rng;
        let mut used: Vec<usize> = (0..product).filter(|_| rng.chance(0.5)).collect();
        used.truncate(3);
        let inputs: Vec<Input> = used
            .into_iter()
            .map(|p| Input {
                product: ProductId::from(p),
                per_unit: rng.or(0.97, 0.05, 3.0, 0.0),
                waste_share: rng.or(0.3, 0.0, 0.3, 0.0),
                supplied_by: if self.with_orders && rng.chance(0.6) { SuppliedBy::Client } else { SuppliedBy::Maker },
                ..Input::default()
            })
            .collect();
        let capacity = if rng.chance(0.05) { 0.0 } else { rng.or(0.8, 2.0, 200.0, f64::INFINITY) };
        let labour = if self.net.firms[firm].workers > 0.0 { rng.or(0.7, 0.01, 1.0, 0.0) } else { 0.0 };
        self.net.add_line(FirmId::from(firm), ProductId::from(product), capacity, labour, &inputs);
    }

    /// Six sets of restock terms, three of plan terms, eight of schedule terms.
    fn terms(&mut self) {
        for k in 0..17 {
            let crossings = self.net.crossings.len();
            let rng = &mut self.rng;
            let interval = rng.between(3.0, 20.0);
            self.net.terms.push(Terms {
                ordering: [Ordering::Restock, Ordering::Plan, Ordering::Schedule][usize::from(k >= 6) + usize::from(k >= 9)],
                class: rng.chance(0.3).then(|| ClassId(rng.below(CLASSES as usize - 1) as u32)),
                dispatch: [Dispatch::Continuous, Dispatch::Lot, Dispatch::Collection][rng.below(3)],
                stock_by_supplier: k < 3,
                stock_days: rng.between(1.0, 25.0),
                restock_days: rng.between(1.0, 10.0),
                hold_patience_days: rng.between(0.0, 30.0),
                lots_per_order: 1.0 + rng.below(5) as f64,
                collection_interval_days: interval,
                prepaid_share: rng.or(0.4, 0.0, 1.0, 0.0),
                season_settlement_share: rng.or(0.4, 0.0, 1.0, 0.0),
                inspection_days: rng.below(8) as f64,
                net_days: rng.below(20) as f64,
                means: if rng.chance(0.3) { Means::Carried(CrossingId::from(rng.below(crossings))) } else { Means::Bank },
                theft_share: rng.or(0.4, 0.0, 0.2, 0.0),
                retention_share: rng.or(0.3, 0.0, 0.1, 0.0),
                leftovers: [Leftovers::Returned, Leftovers::Retained, Leftovers::WrittenOff][rng.below(3)],
                over_shipment_share: rng.or(0.7, 0.0, 0.3, 0.0),
                purchase_lead_days: rng.below(15) as f64,
                input_window_days: rng.between(3.0, 40.0),
                input_lead_days: rng.below(8) as f64,
                consignment_interval_days: rng.between(1.0, 10.0),
                slack_days: rng.below(6) as f64,
                ceiling_days: rng.or(0.4, 0.5, 20.0, f64::INFINITY),
                stop_after_days: rng.or(0.5, 0.0, 20.0, f64::INFINITY),
                grace_days: rng.or(0.6, 0.0, 20.0, f64::INFINITY),
                compensation_share: rng.or(0.6, 0.0, 1.0, 0.0),
                cancel_late_days: rng.or(0.3, 0.0, 40.0, f64::INFINITY),
                ..Terms::default()
            });
        }
    }

    fn sellers_of(&self, product: u32, buyer: u32) -> Vec<LineId> {
        let lines = self.net.lines.iter().enumerate();
        lines.filter(|(_, l)| l.product.0 == product && l.firm.0 != buyer).map(|(k, _)| LineId::from(k)).collect()
    }

    /// Up to three sellers with shares that sum to one.
    fn buy(&mut self, buyer: u32, product: u32, first_terms: usize, terms: usize) {
        let mut sellers = self.sellers_of(product, buyer);
        if sellers.is_empty() || !self.stocked.insert((buyer, product)) {
            return;
        }
        while sellers.len() > 3 {
            sellers.swap_remove(self.rng.below(sellers.len()));
        }
        let rng = &mut self.rng;
        let weights: Vec<f64> = sellers.iter().map(|_| rng.between(0.1, 1.0)).collect();
        let total: f64 = weights.iter().sum();
        let shared = first_terms + rng.below(terms);
        for (seller, weight) in sellers.into_iter().zip(weights) {
            // Sometimes the suppliers of one store have different terms.
            let own = first_terms + rng.below(terms);
            let terms = TermsId::from(if rng.chance(0.2) { own } else { shared });
            let (route, price) = (RouteId::from(rng.below(self.net.routes.len())), rng.or(0.6, 0.1, 20.0, 0.0));
            self.net.contracts.push(Contract {
                seller,
                buyer: FirmId(buyer),
                terms,
                route,
                input_route: route,
                price_per_unit: price,
                share: weight / total,
                ..Contract::default()
            });
        }
    }

    fn supply(&mut self) {
        for l in 0..self.net.lines.len() {
            let buyer = self.net.lines[l].firm.0;
            for input in self.net.inputs_of(LineId::from(l)).to_vec() {
                if input.supplied_by == SuppliedBy::Maker || self.rng.chance(0.3) {
                    self.buy(buyer, input.product.0, 0, 6);
                }
            }
        }
    }

    fn demands(&mut self) {
        for l in 0..self.net.lines.len() {
            let rng = &mut self.rng;
            let last = self.net.lines[l].product.index() + 1 == self.net.products.len();
            if !rng.chance(if last { 0.9 } else { 0.3 }) {
                continue;
            }
            let season =
                rng.chance(0.25).then(|| ((rng.days(1, 12) as i8, rng.days(1, 28) as i8), (rng.days(1, 12) as i8, rng.days(1, 28) as i8)));
            self.net.demands.push(Demand {
                line: LineId::from(l),
                quantity_per_day: rng.between(0.5, 60.0),
                season,
                price_per_unit: rng.or(0.7, 1.0, 100.0, 0.0),
                patience_days: if rng.chance(0.5) { rng.below(12) as u32 } else { 0 },
            });
        }
    }

    fn orders(&mut self) {
        for l in 0..self.net.lines.len() {
            if !self.rng.chance(0.7) {
                continue;
            }
            let seller = LineId::from(l);
            let firm = self.net.lines[l].firm;
            let buyer = FirmId::from(self.rng.below(self.net.firms.len()));
            if buyer == firm {
                continue;
            }
            let processing = self.rng.chance(0.7);
            if processing {
                for input in self.net.inputs_of(seller).to_vec() {
                    if input.supplied_by == SuppliedBy::Client {
                        self.buy(buyer.0, input.product.0, 6, 3);
                    }
                }
            }
            let rng = &mut self.rng;
            let contract = self.net.contracts.push(Contract {
                seller,
                buyer,
                kind: if processing { Kind::Processing } else { Kind::Sale },
                terms: TermsId::from(9 + rng.below(8)),
                route: RouteId::from(rng.below(self.net.routes.len())),
                input_route: RouteId::from(rng.below(self.net.routes.len())),
                price_per_unit: rng.or(0.8, 0.5, 30.0, 0.0),
                share: 1.0,
                collection_phase_share: rng.unit(),
                ..Contract::default()
            });
            for _ in 0..1 + rng.below(4) {
                let due = self.net.start.plus(rng.days(0, self.days + 20));
                let season_end = rng.chance(0.6).then(|| due.plus(rng.days(-20, 60)));
                self.net.orders.push(Order { contract, quantity: rng.or(0.97, 1.0, 2000.0, 0.0), due, season_end });
            }
        }
    }

    fn some<T: From<usize>>(&mut self, count: usize) -> Vec<T> {
        (0..count).filter(|_| self.rng.chance(0.4)).map(T::from).collect()
    }

    fn change(&mut self) -> Change {
        match self.rng.below(10) {
            0 => Change::Capacity(self.some(self.net.lines.len())),
            1 => Change::Attendance(self.some(self.net.firms.len())),
            2 => Change::Demand(self.some(self.net.demands.len())),
            3 => Change::OrderCut(self.some(self.net.contracts.len())),
            4 => Change::Cancel(self.some(self.net.contracts.len())),
            _ => {
                let crossings = self.some(self.net.crossings.len());
                let rng = &mut self.rng;
                let towards = rng.chance(0.4).then(|| CountryId(rng.below(self.net.countries as usize) as u32));
                let class = rng.chance(0.4).then(|| ClassId(rng.below(CLASSES as usize) as u32));
                Change::OpenShare { crossings, towards, class }
            }
        }
    }

    fn events(&mut self) -> Vec<Event> {
        (0..self.rng.below(9))
            .map(|_| {
                let change = self.change();
                let rng = &mut self.rng;
                let from = self.net.start.plus(rng.days(-5, self.days + 5));
                let value = if rng.chance(0.4) { 0.0 } else { rng.unit() };
                // Demand and capacity may also rise.
                let value = if matches!(change, Change::Demand(_) | Change::Capacity(_)) && rng.chance(0.3) { 1.0 + value } else { value };
                Event {
                    change,
                    from,
                    to: rng.chance(0.8).then(|| from.plus(rng.days(0, 60))),
                    value,
                    ramp_in_days: if rng.chance(0.3) { rng.below(20) as u32 } else { 0 },
                    ramp_out_days: if rng.chance(0.3) { rng.below(20) as u32 } else { 0 },
                    background: rng.chance(0.3),
                }
            })
            .collect()
    }
}

// --------------------------------------------------------------------------------------------------------------- the checks

fn fail(what: impl Into<String>) -> TestCaseError {
    TestCaseError::fail(what.into())
}

fn finite_and_not_negative(plan: &Plan, s: &State, t: usize) -> Result<(), TestCaseError> {
    let firms = plan.network.firms.len();
    let columns: [(&str, &[f64]); 48] = [
        ("stock", &s.stock),
        ("cells", &s.cells),
        ("finished", &s.finished),
        ("waiting", &s.waiting),
        ("ordered", &s.ordered),
        ("shipped", &s.shipped),
        ("arrived", &s.arrived),
        ("on_way", &s.on_way),
        ("supplier_stock", &s.supplier_stock),
        ("expected", &s.expected),
        ("received", &s.received),
        ("wanted", &s.wanted),
        ("blocked", &s.blocked),
        ("backlog", &s.backlog),
        ("order_rate", &s.order_rate),
        ("served", &s.served),
        ("output", &s.output),
        ("labour_used", &s.labour_used),
        ("waiting_goods", &s.waiting_goods),
        ("stranded", &s.stranded),
        ("delayed", &s.delayed),
        ("need", &s.need),
        ("demand_wanted", &s.demand_wanted),
        ("demand_met", &s.demand_met),
        ("demand_lost", &s.demand_lost),
        ("target", &s.target),
        ("made", &s.made),
        ("order_finished", &s.order_finished),
        ("order_shipped", &s.order_shipped),
        ("billed", &s.billed),
        ("order_on_way", &s.order_on_way),
        ("advance", &s.advance),
        ("credit", &s.credit),
        ("claim", &s.claim),
        ("compensation", &s.compensation),
        ("paid", &s.paid),
        ("input_stock", &s.input_stock),
        ("input_sent", &s.input_sent),
        ("input_on_way", &s.input_on_way),
        ("returning", &s.returning),
        ("firm cash", &s.cash[..firms]),
        ("invoice_left", &s.invoice_left),
        ("due_cells", &s.due_cells),
        ("overdue", &s.overdue),
        ("arrears", &s.arrears),
        ("arrears_days", &s.arrears_days),
        ("labour_left", &s.labour_left),
        ("content", &s.content),
    ];
    for (name, column) in columns {
        let scale = column.iter().fold(1.0_f64, |most, v| most.max(v.abs()));
        for (k, &value) in column.iter().enumerate() {
            if !value.is_finite() || value < -1e-9 * scale {
                return Err(fail(format!("{name}[{k}] is {value} on day {t}")));
            }
        }
    }
    for (name, column) in
        [("open", &s.open), ("release", &s.release), ("served", &s.served), ("order_factor", &s.order_factor), ("slot_keep", &s.slot_keep)]
    {
        if let Some(value) = column.iter().find(|v| !(0.0..=1.0).contains(*v)) {
            return Err(fail(format!("{name} has {value} on day {t}")));
        }
    }
    if let Some(value) = s.cash.iter().chain(&s.value_added).chain(&s.output_value).find(|v| !v.is_finite()) {
        return Err(fail(format!("money is {value} on day {t}")));
    }
    Ok(())
}

fn labour_and_capacity_suffice(plan: &Plan, s: &State, t: usize) -> Result<(), TestCaseError> {
    for (firm, spec) in plan.network.firms.iter().enumerate() {
        let used: f64 = plan.lines_of(firm).iter().map(|&l| s.labour_used[l as usize]).sum();
        if used > s.present[firm] * (1.0 + 1e-12) || s.present[firm] > spec.workers * s.attendance_factor[firm].max(1.0) {
            return Err(fail(format!("firm {firm} uses {used} of {} on day {t}", s.present[firm])));
        }
    }
    for (l, line) in plan.network.lines.iter().enumerate() {
        if s.output[l] > line.capacity_per_day * s.capacity_factor[l] * (1.0 + 1e-12) {
            return Err(fail(format!("line {l} makes {} on day {t}", s.output[l])));
        }
    }
    for o in 0..s.made.len() {
        let most = plan.orders.quantity[o] * (1.0 + 1e-9);
        if s.made[o] > most
            || s.order_shipped[o] > s.made[o] * (1.0 + 1e-9) + 1e-9
            || s.billed[o] > s.order_shipped[o] * (1.0 + 1e-9) + 1e-9
        {
            return Err(fail(format!(
                "order {o}: ordered {most}, made {}, shipped {}, billed {} on day {t}",
                s.made[o], s.order_shipped[o], s.billed[o]
            )));
        }
        // The fee, and compensation for the share of pieces that never leave, is the most that is ever paid.
        if s.paid[o] > plan.orders.price[o] * plan.orders.quantity[o] * (1.0 + 1e-9) + 1e-9 {
            return Err(fail(format!("order {o}: paid {} of {} on day {t}", s.paid[o], plan.orders.price[o] * most)));
        }
    }
    Ok(())
}

fn same_record(one: &Record, two: &Record, what: &str) -> Result<(), TestCaseError> {
    if one.totals != two.totals || one.columns.line_output != two.columns.line_output || one.columns.firm_cash != two.columns.firm_cash {
        return Err(fail(what));
    }
    Ok(())
}

/// Number of networks in which something happened.
type Coverage = BTreeMap<&'static str, u32>;

fn check(seed: u64, firms: usize, days: i32, coverage: &RefCell<Coverage>) -> Result<(), TestCaseError> {
    let (network, events) = random_network(seed, firms, days);
    let begin = |events: &[Event]| Simulation::new(network.clone(), events.to_vec(), Detail::Full, &[]).map_err(|e| fail(e.to_string()));
    let mut stepped = begin(&events)?;
    let mut seen = BTreeSet::new();
    let fork = (seed % days as u64) as i32;
    let mut resumed = None;
    for t in 0..days {
        if t == fork {
            let mut saved = begin(&events)?;
            saved.restore(&mut reader(&save(&stepped))).map_err(|e| fail(e.to_string()))?;
            resumed = Some(saved);
        }
        stepped.step();
        let totals = &stepped.record.totals[t as usize];
        if !(totals.goods_residual <= 1e-12 && totals.money_residual <= 1e-12) {
            return Err(fail(format!("day {t}: goods {:e}, money {:e}", totals.goods_residual, totals.money_residual)));
        }
        finite_and_not_negative(&stepped.plan, &stepped.state, t as usize)?;
        labour_and_capacity_suffice(&stepped.plan, &stepped.state, t as usize)?;
        observe(&stepped.plan, &stepped.state, &mut seen);
    }
    let hash = stepped.state.hash();
    let mut whole = begin(&events)?;
    whole.run();
    let mut resumed = resumed.ok_or_else(|| fail("no fork"))?;
    resumed.step_until(network.start.plus((fork + days) / 2));
    resumed.run();
    for (name, other) in [("run()", &whole), ("a run taken up from its columns", &resumed)] {
        if other.state.hash() != hash {
            return Err(fail(format!("{name} ends in another state")));
        }
        if !same_bits(&save(other), &save(&stepped)) {
            return Err(fail(format!("{name} has recorded something else")));
        }
    }
    counterfactual(&network, &events, &stepped, &hash)?;
    let mut coverage = coverage.borrow_mut();
    for what in seen {
        *coverage.entry(what).or_default() += 1;
    }
    Ok(())
}

fn counterfactual(network: &Network, events: &[Event], scenario: &Simulation, hash: &str) -> Result<(), TestCaseError> {
    let run = |events: Vec<Event>| run_with_counterfactual(network.clone(), events, Detail::Full, &[]).map_err(|e| fail(e.to_string()));
    let outcome = run(events.to_vec())?;
    if outcome.state_hash != hash {
        return Err(fail("the forked scenario ends in another state"));
    }
    same_record(&outcome.scenario, &scenario.record, "the forked scenario differs")?;
    let background: Vec<Event> = events.iter().filter(|e| e.background).cloned().collect();
    let without = run(background)?;
    same_record(&without.scenario, &without.counterfactual, "without scenario events the counterfactual is the scenario")?;
    same_record(&outcome.counterfactual, &without.scenario, "the counterfactual is the run with background events alone")
}

/// Notes what happened on a day.
fn observe(plan: &Plan, s: &State, seen: &mut BTreeSet<&'static str>) {
    let positive = |column: &[f64]| column.iter().any(|&v| v > 0.0);
    let mut note = |what: &'static str, happened: bool| {
        if happened {
            seen.insert(what);
        }
    };
    let flows = &plan.standing;
    for f in 0..s.shipped.len() {
        let flowing = s.shipped[f] > 0.0;
        note("restock per supplier", flowing && !flows.planned[f] && flows.by_supplier[f]);
        note("restock per product", flowing && !flows.planned[f] && !flows.by_supplier[f]);
        note("restock of a mixed store", flowing && !flows.by_supplier[f] && plan.slot_by_supplier[flows.slot[f] as usize]);
        note("plan", flowing && flows.planned[f]);
        note("a way of three legs", flowing && plan.ways[flows.way[f] as usize].hops.len() == 3);
        note("standing theft", s.arrived[f] > 0.0 && flows.theft_share[f] > 0.0);
        note("held beyond patience", s.held_days[f] > flows.patience_days[f]);
    }
    note("standing orders blocked", positive(&s.blocked));
    note("standing payments overdue", positive(&s.overdue));
    note("standing payments due", positive(&s.due_cells));
    note("demand waits", positive(&s.waiting));
    note("demand lost", positive(&s.demand_lost));
    note("demand shock", s.demand_factor.iter().any(|&f| f != 1.0));
    note("capacity event", s.capacity_factor.iter().any(|&f| f < 1.0));
    note("attendance event", s.attendance_factor.iter().any(|&f| f < 1.0));
    note("order factor", s.order_factor.iter().any(|&f| f > 0.0 && f < 1.0));
    note("cancel event", s.cancelled_today.contains(&1));
    note("a gate shut", s.open.contains(&0.0));
    note("a gate half open", s.open.iter().any(|&o| o > 0.0 && o < 1.0));
    note("a gate releases", s.release.iter().any(|&r| r > 0.0 && r < 1.0));
    note("wages paid", positive(&s.wages_paid));
    note("arrears", positive(&s.arrears));
    note("levies", s.cash[plan.account(Account::State, 0)] > 0.0);
    note("remittances to a group", positive(&s.cash[plan.network.firms.len()..plan.account(Account::Households, 0)]));
    note("remittances abroad", s.cash[plan.account(Account::Outside, 0)] > 0.0);
    note("invoices open", s.invoices_open.iter().any(|&i| s.invoice_left[i as usize] > 0.0));
    note("invoices overdue", positive(&s.receivable_overdue));
    note("credit", positive(&s.credit));
    note("stranded", positive(&s.stranded));
    note("delayed", positive(&s.delayed));
    note("goods held", plan.ways.iter().any(|w| w.hops.len() > 1) && held(plan, s));
    for o in 0..s.made.len() {
        observe_order(plan, s, o, &mut note);
    }
    for (l, &code) in s.cause.iter().enumerate() {
        note(
            "standing business and order lines on one line",
            plan.line_standing[l] && s.output[l] > 0.0 && plan.orders.line.contains(&(l as u32)),
        );
        note(
            match Cause::of(code) {
                Cause::None => "cause none",
                Cause::Capacity => "cause capacity",
                Cause::Attendance => "cause attendance",
                Cause::NoOrders => "cause no orders",
                Cause::OffSeason => "cause off-season",
                Cause::Rest => "cause rest",
                Cause::NoOutlet => "cause no outlet",
                Cause::NoCash => "cause no cash",
                Cause::Input(_) => "cause input",
            },
            true,
        );
    }
}

fn held(plan: &Plan, s: &State) -> bool {
    (0..plan.standing.contract.len()).any(|f| {
        let way = &plan.ways[plan.standing.way[f] as usize];
        let first = plan.standing.cells[f] as usize;
        way.held(&s.cells[first..first + way.cells as usize]) > 0.0
    })
}

fn observe_order(plan: &Plan, s: &State, o: usize, note: &mut impl FnMut(&'static str, bool)) {
    let terms = plan.terms_of_order(o);
    let delivered = s.billed_today[o] > 0.0;
    note("sale orders", delivered && !plan.is_processing(o));
    note("processing orders", delivered && plan.is_processing(o));
    note("continuous", delivered && terms.dispatch == Dispatch::Continuous);
    note("lots", delivered && terms.dispatch == Dispatch::Lot && terms.lots_per_order > 1.0);
    note("collection", delivered && terms.dispatch == Dispatch::Collection);
    note("theft of orders", delivered && terms.theft_share > 0.0);
    note("retention", s.order_shipped[o] > 0.0 && terms.retention_share > 0.0);
    note("prepayment", s.advance[o] > 0.0);
    note("σ", s.paid[o] > 0.0 && terms.season_settlement_share > 0.0);
    note("carried", s.paid[o] > 0.0 && matches!(terms.means, Means::Carried(_)));
    note("claims", s.claim[o] > 0.0);
    note("compensation", s.compensation[o] > 0.0);
    note("cut orders", s.cut[o] == 1);
    note("orders given up", s.cut[o] == 1 && s.target[o] == 0.0 && terms.stop_after_days.is_finite());
    let over = s.stage[o] == Stage::Closed as u8;
    note("orders over", over && s.made[o] > 0.0);
    note("short-closed", over && s.cut[o] == 0 && s.made[o] > 0.0 && s.made[o] < 0.999 * plan.orders.quantity[o]);
    for i in plan.inputs_of_order(o) {
        note("consigned inputs", s.input_stock[i] > 0.0);
        note("inputs returned", s.returning[i] > 0.0);
        note("a ceiling", s.input_sent[i] > 0.0 && terms.ceiling_days.is_finite());
        note(
            "inputs retained or written off",
            over && terms.leftovers != Leftovers::Returned && s.input_sent[i] > 1.01 * s.made[o] * plan.consigned.used_per_unit[i],
        );
    }
}

#[test]
fn random_networks_balance_and_repeat() {
    let config = Config { cases: NETWORKS, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let coverage = RefCell::new(Coverage::new());
    let networks = (any::<u64>(), 3_usize..=25, 60_i32..=250);
    if let Err(error) = runner.run(&networks, |(seed, firms, days)| check(seed, firms, days, &coverage)) {
        panic!("{error}");
    }
    // A failed case would have stopped the run: what is counted is the sample. Every option must have been at work often.
    let coverage = coverage.into_inner();
    println!("{coverage:#?}");
    for what in EXPECTED {
        let count = coverage.get(what).copied().unwrap_or(0);
        assert!(count >= NETWORKS / 50, "{what}: in {count} of {NETWORKS} networks only");
    }
    for what in coverage.keys() {
        assert!(EXPECTED.contains(what), "{what} is counted but not expected");
    }
}

const EXPECTED: [&str; 60] = [
    "restock per supplier",
    "restock per product",
    "restock of a mixed store",
    "plan",
    "a way of three legs",
    "standing theft",
    "held beyond patience",
    "standing orders blocked",
    "standing payments overdue",
    "standing payments due",
    "demand waits",
    "demand lost",
    "demand shock",
    "capacity event",
    "attendance event",
    "order factor",
    "cancel event",
    "a gate shut",
    "a gate half open",
    "a gate releases",
    "wages paid",
    "arrears",
    "levies",
    "remittances to a group",
    "remittances abroad",
    "invoices open",
    "invoices overdue",
    "credit",
    "stranded",
    "delayed",
    "goods held",
    "sale orders",
    "processing orders",
    "continuous",
    "lots",
    "collection",
    "theft of orders",
    "retention",
    "prepayment",
    "σ",
    "carried",
    "claims",
    "compensation",
    "cut orders",
    "orders given up",
    "orders over",
    "short-closed",
    "consigned inputs",
    "inputs returned",
    "a ceiling",
    "inputs retained or written off",
    "standing business and order lines on one line",
    "cause none",
    "cause capacity",
    "cause attendance",
    "cause no orders",
    "cause off-season",
    "cause rest",
    "cause no outlet",
    "cause input",
];
