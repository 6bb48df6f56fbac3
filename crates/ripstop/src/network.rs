//! What a simulation is made of: places, firms, lines, contracts, orders, demand.
//!
//! A [`Network`] is plain data. Small tables are vectors of rows; contracts, of which there may be ten million, are
//! columns ([`Contracts`]). Rows refer to each other by position ([`crate::ids`]); names stay with whoever read the files.
//! Quantities are in the product's unit, money in the case's currency, time in whole days.

use crate::calendar::{Day, MonthDay};
use crate::ids::*;

/// How buyers plan: what rate of output they order inputs for (DESIGN §4, phase 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlanRate {
    /// Smoothed orders received, plus backlog, capped by capacity.
    #[default]
    Demand,
    /// Yesterday's output (Inoue & Todo 2019): a full stop is then permanent.
    Realised,
}

/// How the first day looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StartState {
    /// Stocks and transit of the steady state of all standing (restock) contracts.
    #[default]
    Steady,
    /// No goods anywhere; firms have their opening cash.
    Empty,
}

/// Settings of a run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// First state.
    pub start_state: StartState,
    /// What buyers plan for.
    pub plan_rate: PlanRate,
    /// Smoothing time of expected orders, days.
    pub expect_days: f64,
    /// τ of the plan: days over which a backlog of final demand is worked off.
    pub backlog_days: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { start_state: StartState::Steady, plan_rate: PlanRate::Demand, expect_days: 28.0, backlog_days: 6.0 }
    }
}

/// A place.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Country it lies in.
    pub country: CountryId,
}

/// A border point between two countries.
#[derive(Clone, Debug, Default)]
pub struct Crossing {
    /// Country of side a.
    pub country_a: CountryId,
    /// Country of side b.
    pub country_b: CountryId,
}

/// Which way goods go over a crossing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// From side a to side b.
    #[default]
    AToB,
    /// From side b to side a.
    BToA,
}

/// One leg of a route. If it has a crossing, goods reach it at the start of the leg.
#[derive(Clone, Debug, Default)]
pub struct Leg {
    /// Crossing passed at the start of the leg, and the direction.
    pub crossing: Option<(CrossingId, Direction)>,
    /// Travel time of the leg, days.
    pub days: u32,
}

/// An ordered list of legs; the lead time is the sum of their days and is at least one.
#[derive(Clone, Debug, Default)]
pub struct Route {
    /// The legs, in travel order.
    pub legs: Vec<Leg>,
}

/// A good.
#[derive(Clone, Debug)]
pub struct Product {
    /// Shipment class unless the terms say otherwise.
    pub class: ClassId,
    /// Input cost: what the goods are carried at while they are stock, currency per unit.
    pub value_per_unit: f64,
    /// Retail list price, currency per unit.
    pub retail_price_per_unit: f64,
    /// Price after the season's end as a share of the full price.
    pub price_after_season_share: f64,
}

/// A firm: custody of stocks, labour, cash.
#[derive(Clone, Debug)]
pub struct Firm {
    /// Where it is.
    pub place: PlaceId,
    /// Its owner, if it belongs to a group.
    pub group: Option<GroupId>,
    /// Its sector.
    pub sector: SectorId,
    /// Workers, persons.
    pub workers: f64,
    /// Wage, currency per worker and month.
    pub wage_per_month: f64,
    /// Wage due for idle time, share of the full wage.
    pub idle_pay_share: f64,
    /// Share of income handed to the state at receipt.
    pub levy_share: f64,
    /// Months of wages it may keep; cash above is remitted to the owner at month end. Infinite: it keeps all.
    pub keep_months: f64,
    /// Cash on the first day, currency.
    pub opening_cash: f64,
    /// Weekly rest days, bit i = weekday i (0 = Monday).
    pub rest_weekdays: u8,
}

impl Default for Firm {
    fn default() -> Self {
        Self {
            place: PlaceId(0),
            group: None,
            sector: SectorId(0),
            workers: 0.0,
            wage_per_month: 0.0,
            idle_pay_share: 1.0,
            levy_share: 0.0,
            keep_months: f64::INFINITY,
            opening_cash: 0.0,
            rest_weekdays: 0,
        }
    }
}

/// Who brings an input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SuppliedBy {
    /// The maker, out of its own store.
    #[default]
    Maker,
    /// The client consigns it when the order is a processing order.
    Client,
}

/// One input of a line.
#[derive(Clone, Debug)]
pub struct Input {
    /// What is used.
    pub product: ProductId,
    /// Units used per unit made, without waste.
    pub per_unit: f64,
    /// Waste as a share of `per_unit`.
    pub waste_share: f64,
    /// Who brings it.
    pub supplied_by: SuppliedBy,
}

/// A firm's production of one product.
#[derive(Clone, Debug)]
pub struct Line {
    /// The firm.
    pub firm: FirmId,
    /// What it makes.
    pub product: ProductId,
    /// Most it can make, units per day; infinite if labour and inputs alone bind.
    pub capacity_per_day: f64,
    /// Labour, worker-days per unit.
    pub labour_days_per_unit: f64,
    /// Inputs `first_input..last_input` of [`Network::inputs`].
    pub first_input: u32,
    /// End of the inputs, exclusive.
    pub last_input: u32,
}

/// Who orders how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ordering {
    /// A standing flow that refills the buyer's stock (Hallegatte).
    #[default]
    Restock,
    /// Order lines with quantity and dates.
    Schedule,
    /// A client's purchases for its consignments: net requirements of the order lines it has placed.
    Plan,
}

/// How finished goods of an order line leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dispatch {
    /// Every day what is finished.
    #[default]
    Continuous,
    /// A lot as soon as it is complete.
    Lot,
    /// Complete lots, on the client's collection days.
    Collection,
}

/// What happens to inputs that are left when an order line closes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leftovers {
    /// They go back to the client.
    #[default]
    Returned,
    /// The processor keeps them.
    Retained,
    /// They are written off.
    WrittenOff,
}

/// How money travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Means {
    /// By bank, always possible.
    #[default]
    Bank,
    /// As cash over a crossing: needs it open to persons, in the direction of the payee.
    Carried(CrossingId),
}

/// The terms of a contract. Defaults are neutral: no money parts, no losses, no limits.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Who orders how.
    pub ordering: Ordering,
    /// Shipment class; `None`: the product's.
    pub class: Option<ClassId>,
    /// How finished goods of order lines leave.
    pub dispatch: Dispatch,
    /// Restock: stock kept per supplier (true) or per product (false).
    pub stock_by_supplier: bool,
    /// Restock: target stock n, days of need.
    pub stock_days: f64,
    /// Restock: τ, days over which a gap is closed.
    pub restock_days: f64,
    /// Restock: days after which goods held at a shut crossing no longer count as on the way.
    pub hold_patience_days: f64,
    /// Equal lots per order line.
    pub lots_per_order: f64,
    /// Days between a client's collections.
    pub collection_interval_days: f64,
    /// Share of the fee or price paid when the order is placed.
    pub prepaid_share: f64,
    /// σ: share of the rest that is due only after the season's end.
    pub season_settlement_share: f64,
    /// Days of inspection after delivery.
    pub inspection_days: f64,
    /// Days to pay after inspection.
    pub net_days: f64,
    /// How money travels.
    pub means: Means,
    /// Share of shipped units lost on the way.
    pub theft_share: f64,
    /// Share of finished units the processor keeps.
    pub retention_share: f64,
    /// Inputs left when an order line closes.
    pub leftovers: Leftovers,
    /// Extra inputs a client sends, share of the bill of materials.
    pub over_shipment_share: f64,
    /// Days between placing an order and the first consignment (schedule), or days looked ahead (plan).
    pub purchase_lead_days: f64,
    /// Days over which the inputs of an order line are sent and sewn.
    pub input_window_days: f64,
    /// Days inputs arrive before they are used.
    pub input_lead_days: f64,
    /// Days between consignments.
    pub consignment_interval_days: f64,
    /// Days between planned end of work and due date.
    pub slack_days: f64,
    /// No consignment while inputs at or on the way exceed this many days of the firm's labour.
    pub ceiling_days: f64,
    /// Closed days after which the client sends nothing and cancels the unsent part.
    pub stop_after_days: f64,
    /// Days after due at which the fee on uncollected pieces becomes a compensation claim.
    pub grace_days: f64,
    /// Share of a compensation claim the client pays.
    pub compensation_share: f64,
    /// Days after due at which the buyer cancels what is not made.
    pub cancel_late_days: f64,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            ordering: Ordering::Restock,
            class: None,
            dispatch: Dispatch::Continuous,
            stock_by_supplier: false,
            stock_days: 15.0,
            restock_days: 6.0,
            hold_patience_days: 30.0,
            lots_per_order: 1.0,
            collection_interval_days: 30.0,
            prepaid_share: 0.0,
            season_settlement_share: 0.0,
            inspection_days: 0.0,
            net_days: 0.0,
            means: Means::Bank,
            theft_share: 0.0,
            retention_share: 0.0,
            leftovers: Leftovers::Returned,
            over_shipment_share: 0.0,
            purchase_lead_days: 7.0,
            input_window_days: 45.0,
            input_lead_days: 10.0,
            consignment_interval_days: 7.0,
            slack_days: 4.0,
            ceiling_days: f64::INFINITY,
            stop_after_days: f64::INFINITY,
            grace_days: f64::INFINITY,
            compensation_share: 0.0,
            cancel_late_days: f64::INFINITY,
        }
    }
}

/// Who owns the goods while they are worked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Title passes at delivery.
    #[default]
    Sale,
    /// The client owns inputs, work in progress and output; only custody moves.
    Processing,
}

/// One contract, as it is pushed into [`Contracts`].
#[derive(Clone, Debug, Default)]
pub struct Contract {
    /// The seller's line (it fixes the product).
    pub seller: LineId,
    /// The buyer; goods arrive in its store of the product.
    pub buyer: FirmId,
    /// Sale or processing.
    pub kind: Kind,
    /// The terms.
    pub terms: TermsId,
    /// Route of the goods, seller to buyer.
    pub route: RouteId,
    /// Route of consigned inputs, client to maker (processing only).
    pub input_route: RouteId,
    /// Sale price or processing fee, currency per unit; zero: no money.
    pub price_per_unit: f64,
    /// Restock and plan: share of the buyer's need of the product bought here.
    pub share: f64,
    /// First collection, share of the collection interval after the first day.
    pub collection_phase_share: f64,
}

/// Contracts as columns, one entry per contract.
#[derive(Clone, Debug, Default)]
pub struct Contracts {
    /// Seller lines.
    pub seller: Vec<LineId>,
    /// Buyers.
    pub buyer: Vec<FirmId>,
    /// Sale or processing.
    pub kind: Vec<Kind>,
    /// Terms.
    pub terms: Vec<TermsId>,
    /// Routes of the goods.
    pub route: Vec<RouteId>,
    /// Routes of consigned inputs.
    pub input_route: Vec<RouteId>,
    /// Prices or fees, currency per unit.
    pub price_per_unit: Vec<f64>,
    /// Shares of the buyer's need.
    pub share: Vec<f64>,
    /// First collection, share of the interval.
    pub collection_phase_share: Vec<f64>,
}

impl Contracts {
    /// Adds a contract and returns its id.
    pub fn push(&mut self, contract: Contract) -> ContractId {
        let id = ContractId::from(self.seller.len());
        self.seller.push(contract.seller);
        self.buyer.push(contract.buyer);
        self.kind.push(contract.kind);
        self.terms.push(contract.terms);
        self.route.push(contract.route);
        self.input_route.push(contract.input_route);
        self.price_per_unit.push(contract.price_per_unit);
        self.share.push(contract.share);
        self.collection_phase_share.push(contract.collection_phase_share);
        id
    }

    /// Number of contracts.
    pub fn len(&self) -> usize {
        self.seller.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.seller.is_empty()
    }
}

/// An order line.
#[derive(Clone, Debug)]
pub struct Order {
    /// The contract it belongs to (its terms are of ordering `Schedule`).
    pub contract: ContractId,
    /// Ordered quantity, units.
    pub quantity: f64,
    /// Due date.
    pub due: Day,
    /// End of the season, after which the goods are marked down.
    pub season_end: Option<Day>,
}

/// Final demand for a line's product.
#[derive(Clone, Debug)]
pub struct Demand {
    /// The line that serves it.
    pub line: LineId,
    /// Quantity on a day in season, units per day.
    pub quantity_per_day: f64,
    /// Yearly season, first and last day; `None`: all year.
    pub season: Option<(MonthDay, MonthDay)>,
    /// Price, currency per unit; zero: no money.
    pub price_per_unit: f64,
    /// Days unmet demand waits before it is lost.
    pub patience_days: u32,
}

/// A supply network, ready to be simulated.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// First simulated day.
    pub start: Day,
    /// Last simulated day.
    pub end: Day,
    /// Settings.
    pub settings: Settings,
    /// Number of countries.
    pub countries: u32,
    /// Number of shipment classes.
    pub classes: u32,
    /// The class of persons carrying cash, if any contract needs it.
    pub persons: Option<ClassId>,
    /// Number of sectors.
    pub sectors: u32,
    /// Number of groups.
    pub groups: u32,
    /// Places.
    pub places: Vec<Place>,
    /// Crossings.
    pub crossings: Vec<Crossing>,
    /// Routes.
    pub routes: Vec<Route>,
    /// Products.
    pub products: Vec<Product>,
    /// Firms.
    pub firms: Vec<Firm>,
    /// Lines; their inputs lie in [`Network::inputs`].
    pub lines: Vec<Line>,
    /// Inputs of all lines, line after line.
    pub inputs: Vec<Input>,
    /// Terms.
    pub terms: Vec<Terms>,
    /// Contracts.
    pub contracts: Contracts,
    /// Order lines.
    pub orders: Vec<Order>,
    /// Final demand.
    pub demands: Vec<Demand>,
}

impl Network {
    /// Adds a line with its inputs and returns its id.
    pub fn add_line(
        &mut self,
        firm: FirmId,
        product: ProductId,
        capacity_per_day: f64,
        labour_days_per_unit: f64,
        inputs: &[Input],
    ) -> LineId {
        let id = LineId::from(self.lines.len());
        let first_input = self.inputs.len() as u32;
        self.inputs.extend_from_slice(inputs);
        let last_input = self.inputs.len() as u32;
        self.lines.push(Line { firm, product, capacity_per_day, labour_days_per_unit, first_input, last_input });
        id
    }

    /// Inputs of a line.
    pub fn inputs_of(&self, line: LineId) -> &[Input] {
        let line = &self.lines[line.index()];
        &self.inputs[line.first_input as usize..line.last_input as usize]
    }
}
