//! A small builder of networks for tests: every number that matters stands in the test, the rest is neutral.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::{Deref, DerefMut};

use ripstop::model::calendar::Day;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::plan::Plan;
use ripstop::plan::columns::{Cells, Column, RestoreError};
use ripstop::plan::state::State;
use ripstop::record::Detail;
use ripstop::rule::cause::Cause;
use ripstop::run::{Pair, Simulation};

/// 1 January 2018, a Monday: step 0 of every test; step 30 is 31 January, step 58 is 28 February.
pub const START: Day = Day(17_532);

/// The civil day of a step.
pub fn day(step: i32) -> Day {
    START.plus(step)
}

/// A network under construction.
pub struct Net(pub Network);

impl Deref for Net {
    type Target = Network;
    fn deref(&self) -> &Network {
        &self.0
    }
}

impl DerefMut for Net {
    fn deref_mut(&mut self) -> &mut Network {
        &mut self.0
    }
}

impl Net {
    /// An empty network of `days` days, two countries with a place each and a crossing between them, two classes (0: goods, 1: persons).
    pub fn new(days: i32) -> Self {
        Self(Network {
            start: START,
            end: day(days - 1),
            countries: 2,
            classes: 2,
            persons: Some(ClassId(1)),
            sectors: 1,
            places: vec![Place { country: CountryId(0) }, Place { country: CountryId(1) }],
            crossings: vec![Crossing { country_a: CountryId(0), country_b: CountryId(1), ..Crossing::default() }],
            ..Network::default()
        })
    }

    /// The same, starting without goods: for order lines.
    pub fn empty(days: i32) -> Self {
        let mut net = Self::new(days);
        net.settings.start_state = StartState::Empty;
        net
    }

    pub fn product(&mut self, value_per_unit: f64) -> ProductId {
        self.products.push(Product { value_per_unit, ..Product::default() });
        ProductId::from(self.products.len() - 1)
    }

    /// A firm of place 0 without workers or money.
    pub fn firm(&mut self) -> FirmId {
        self.firm_with(Firm::default())
    }

    pub fn firm_with(&mut self, firm: Firm) -> FirmId {
        self.firms.push(firm);
        FirmId::from(self.firms.len() - 1)
    }

    /// A line without labour that takes its inputs from the firm's own store.
    pub fn line(&mut self, firm: FirmId, product: ProductId, capacity: f64, inputs: &[(ProductId, f64)]) -> LineId {
        let inputs: Vec<Input> = inputs.iter().map(|&(product, per_unit)| own(product, per_unit)).collect();
        self.add_line(firm, product, capacity, 0.0, &inputs)
    }

    /// A firm with one line that needs no input.
    pub fn maker(&mut self, product: ProductId, capacity: f64) -> LineId {
        let firm = self.firm();
        self.line(firm, product, capacity, &[])
    }

    pub fn terms(&mut self, terms: Terms) -> TermsId {
        self.terms.push(terms);
        TermsId::from(self.terms.len() - 1)
    }

    /// A route of legs `(over crossing 0 in this direction?, days)`.
    pub fn route(&mut self, legs: &[(Option<Direction>, u32)]) -> RouteId {
        let legs = legs.iter().map(|&(over, days)| Leg { crossing: over.map(|d| (CrossingId(0), d)), days, ..Leg::default() }).collect();
        self.routes.push(Route { legs });
        RouteId::from(self.routes.len() - 1)
    }

    /// A standing contract for a share of the buyer's need.
    pub fn buys(&mut self, buyer: FirmId, seller: LineId, terms: TermsId, route: RouteId, share: f64) -> ContractId {
        self.contracts.push(Contract { seller, buyer, terms, route, input_route: route, share, ..Contract::default() })
    }

    pub fn demand(&mut self, line: LineId, quantity_per_day: f64) -> DemandId {
        self.demands.push(Demand { line, quantity_per_day, season: None, price_per_unit: 0.0, patience_days: 0 });
        DemandId::from(self.demands.len() - 1)
    }

    pub fn order(&mut self, contract: ContractId, quantity: f64, due: i32) -> OrderId {
        self.orders.push(Order { contract, quantity, due: day(due), season_end: None });
        OrderId::from(self.orders.len() - 1)
    }
}

/// An input from the maker's own store.
pub fn own(product: ProductId, per_unit: f64) -> Input {
    Input { product, per_unit, ..Input::default() }
}

/// An input the client consigns.
pub fn consigned(product: ProductId, per_unit: f64, waste_share: f64) -> Input {
    Input { product, per_unit, waste_share, supplied_by: SuppliedBy::Client, ..Input::default() }
}

/// An event at full strength on steps `from..=to`.
pub fn event(change: Change, from: i32, to: i32, value: f64) -> Event {
    Event { change, from: day(from), to: Some(day(to)), value, ramp_in_days: 0, ramp_out_days: 0, background: false }
}

/// Crossing 0 open to the share `value` on steps `from..=to`, both directions, all classes.
pub fn open_share(from: i32, to: i32, value: f64) -> Event {
    event(Change::OpenShare { crossings: vec![CrossingId(0)], towards: None, class: None }, from, to, value)
}

/// A simulation that has not begun, everything by the general rules: their columns can be looked at.
pub fn begin(net: &Net, events: &[Event]) -> Simulation {
    Simulation::of(Plan::general(net.0.clone(), events.to_vec()).expect("the network is consistent"), Detail::Full, &[])
}

/// A finished simulation; it has run to the last day and its audit balances.
pub fn run(net: &Net, events: &[Event]) -> Simulation {
    probed(net, events, &[])
}

/// The same with snapshots.
pub fn probed(net: &Net, events: &[Event], probes: &[usize]) -> Simulation {
    let mut simulation = Simulation::new(net.0.clone(), events.to_vec(), Detail::Full, probes).expect("the network is consistent");
    simulation.run();
    finished(&simulation);
    simulation
}

/// The run went to its last day and goods and money balance.
pub fn finished(simulation: &Simulation) {
    assert_eq!(simulation.record.days, simulation.plan.calendar.len(), "a run never stops early");
    assert!(simulation.record.goods_residual_max() <= 1e-12, "goods {:e}", simulation.record.goods_residual_max());
    assert!(simulation.record.money_residual_max() <= 1e-12, "money {:e}", simulation.record.money_residual_max());
}

/// Simulates to the end and keeps one number of every day's state.
pub fn watch(net: &Net, events: &[Event], value: impl Fn(&State) -> f64) -> Vec<f64> {
    let mut simulation = begin(net, events);
    let mut seen = Vec::new();
    for _ in 0..simulation.plan.calendar.len() {
        simulation.step();
        seen.push(value(&simulation.state));
    }
    finished(&simulation);
    seen
}

/// Equal to 1e-9 relative (1e-12 absolute around zero).
#[track_caller]
pub fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12_f64.max(1e-9 * expected.abs()), "found {found}, expected {expected}");
}

/// A run of days equals the expected numbers.
#[track_caller]
pub fn days(series: &[f64], from: usize, expected: &[f64]) {
    for (k, &value) in expected.iter().enumerate() {
        let found = series[from + k];
        assert!(
            (found - value).abs() <= 1e-12_f64.max(1e-9 * value.abs()),
            "day {}: found {found}, expected {value}\n{:?}",
            from + k,
            &series[from..from + expected.len()]
        );
    }
}

/// A column of a record: the series of one entity.
pub fn series(column: &[f64], entity: usize, count: usize) -> Vec<f64> {
    column.iter().skip(entity).step_by(count).copied().collect()
}

/// Output of a line, day after day.
pub fn output(simulation: &Simulation, line: LineId) -> Vec<f64> {
    series(&simulation.record.columns.line_output, line.index(), simulation.plan.network.lines.len())
}

/// Causes of a line, day after day.
pub fn causes(simulation: &Simulation, line: LineId) -> Vec<Cause> {
    let lines = simulation.plan.network.lines.len();
    simulation.record.columns.line_cause.iter().skip(line.index()).step_by(lines).map(|&c| Cause::of(c)).collect()
}

/// Cash of a firm, day after day.
pub fn cash(simulation: &Simulation, firm: FirmId) -> Vec<f64> {
    series(&simulation.record.columns.firm_cash, firm.index(), simulation.plan.network.firms.len())
}

/// A mill, a client, a factory that sews for it; products, lines, contracts and stock points below.
///
/// The client orders 40 garments (due on step 20) at a fee of 3. Placed on day 5, inputs sent from day 8 over a crossing at the client's
/// door (1 day) in two consignments, days 8 and 12; work is planned from day 10. A garment takes 2 fabric; over-shipment 1/4: 50 + 50
/// fabric are sent. The client buys fabric two days ahead. Worked as early as can be. 5 workers, a worker-day a piece: 5 a day from day 9 to day 16.
pub fn sewing(days: i32, change: impl FnOnce(&mut Terms)) -> Net {
    let mut net = Net::empty(days);
    let (fabric, garment) = (net.product(1.0), net.product(10.0));
    net.maker(fabric, 1000.0);
    let client = net.firm_with(Firm { opening_cash: 1e4, ..Firm::default() });
    let factory = net.firm_with(Firm { place: PlaceId(1), workers: 5.0, ..Firm::default() });
    net.add_line(factory, garment, f64::INFINITY, 1.0, &[consigned(fabric, 2.0, 0.0)]);
    let inland = net.route(&[(None, 1)]);
    let inward = net.route(&[(Some(Direction::AToB), 1)]);
    let outward = net.route(&[(Some(Direction::BToA), 1)]);
    let plan = net.terms(Terms { ordering: Ordering::Plan, purchase_lead_days: 2.0, ..Terms::default() });
    let mut terms = Terms {
        ordering: Ordering::Schedule,
        work: Work::Early,
        over_shipment_share: 0.25,
        purchase_lead_days: 3.0,
        input_lead_days: 1.0,
        input_window_days: 4.0,
        consignment_interval_days: 4.0,
        slack_days: 6.0,
        ..Terms::default()
    };
    change(&mut terms);
    let terms = net.terms(terms);
    net.buys(client, LineId(0), plan, inland, 1.0);
    let contract = net.contracts.push(Contract {
        seller: SEWING,
        buyer: client,
        kind: Kind::Processing,
        terms,
        route: outward,
        input_route: inward,
        price_per_unit: 3.0,
        share: 1.0,
        collection_phase_share: 0.0,
        ..Contract::default()
    });
    net.order(contract, 40.0, 20);
    net
}

pub const MILL_FIRM: FirmId = FirmId(0);
pub const CLIENT: FirmId = FirmId(1);
pub const FACTORY: FirmId = FirmId(2);
pub const SEWING: LineId = LineId(1);
pub const SEWING_CONTRACT: ContractId = ContractId(1);
/// The client's stock of fabric and of garments.
pub const FABRIC: usize = 0;
pub const GARMENTS: usize = 1;

/// The crossing shut for goods (class 0) towards the factory's (1) or the client's (0) country.
pub fn shut_goods(towards: u32, from: i32, to: i32) -> Event {
    event(Change::OpenShare { crossings: vec![CrossingId(0)], towards: Some(CountryId(towards)), class: Some(ClassId(0)) }, from, to, 0.0)
}

/// The crossing shut for persons, both directions.
pub fn shut_persons(from: i32, to: i32) -> Event {
    event(Change::OpenShare { crossings: vec![CrossingId(0)], towards: None, class: Some(ClassId(1)) }, from, to, 0.0)
}

/// The basic chain's lines.
pub const MILL: LineId = LineId(0);
pub const WEAVER: LineId = LineId(1);

/// n = 3, τ = 2.
pub fn restock() -> Terms {
    Terms { stock_days: 3.0, restock_days: 2.0, ..Terms::default() }
}

/// The basic chain over the given legs.
pub fn chain(days: i32, legs: &[(Option<Direction>, u32)], terms: Terms) -> Net {
    let mut net = Net::new(days);
    let (yarn, cloth) = (net.product(1.0), net.product(2.0));
    let mill = net.maker(yarn, 20.0);
    let weaver = net.firm();
    let line = net.line(weaver, cloth, 20.0, &[(yarn, 1.0)]);
    let (terms, route) = (net.terms(terms), net.route(legs));
    net.buys(weaver, mill, terms, route, 1.0);
    net.demand(line, 5.0);
    net
}

/// A line that makes nothing on steps `from..=to`.
pub fn stop(line: LineId, from: i32, to: i32) -> Event {
    event(Change::Capacity(vec![line]), from, to, 0.0)
}

/// What a run was saved as: columns by name.
pub type Saved = BTreeMap<String, Column>;

fn copied(cells: Cells<'_>) -> Column {
    match cells {
        Cells::F64(cells) => Column::F64(cells.to_vec()),
        Cells::U32(cells) => Column::U32(cells.to_vec()),
        Cells::I32(cells) => Column::I32(cells.to_vec()),
        Cells::U16(cells) => Column::U16(cells.to_vec()),
        Cells::U8(cells) => Column::U8(cells.to_vec()),
    }
}

/// Collects the columns of `save`; no name may come twice.
fn collect(save: impl FnOnce(&mut dyn FnMut(&str, Cells<'_>) -> Result<(), Infallible>)) -> Saved {
    let mut saved = Saved::new();
    save(&mut |name, cells| {
        assert!(saved.insert(name.to_string(), copied(cells)).is_none(), "{name} is saved twice");
        Ok(())
    });
    saved
}

/// A run as columns.
pub fn save(run: &Simulation) -> Saved {
    collect(|write| run.save(&mut |name, cells| write(name, cells)).unwrap())
}

/// A scenario and its counterfactual as columns.
pub fn save_pair(pair: &Pair) -> Saved {
    collect(|write| pair.save(&mut |name, cells| write(name, cells)).unwrap())
}

/// Hands out saved columns.
pub fn reader(saved: &Saved) -> impl FnMut(&str) -> Result<Column, RestoreError> {
    |name| saved.get(name).cloned().ok_or_else(|| RestoreError::Kind { column: name.to_string() })
}

/// Equal bits, whatever they mean.
pub fn same_bits(one: &Saved, two: &Saved) -> bool {
    let bits = |column: &Column| match column {
        Column::F64(cells) => cells.iter().map(|c| c.to_bits()).collect::<Vec<u64>>(),
        Column::U32(cells) => cells.iter().map(|&c| u64::from(c)).collect(),
        Column::I32(cells) => cells.iter().map(|&c| c as u64).collect(),
        Column::U16(cells) => cells.iter().map(|&c| u64::from(c)).collect(),
        Column::U8(cells) => cells.iter().map(|&c| u64::from(c)).collect(),
    };
    one.keys().eq(two.keys()) && one.iter().all(|(name, column)| bits(column) == bits(&two[name]))
}
