//! What a simulation is made of: places, firms, lines, contracts, orders, demand.
//!
//! A [`Network`] is plain data. Small tables are vectors of rows; contracts, of which there may be ten million, are
//! columns ([`Contracts`]). Rows refer to each other by position ([`crate::ids`]); names stay with whoever read the files.
//! Quantities are in the product's unit, money in the case's currency, time in whole days.

use std::collections::BTreeMap;

use crate::calendar::{Day, MonthDay};
use crate::ids::*;
use crate::lean::Lean;

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
    /// As many days as [`Settings::warm_up_days`] are simulated before the start, from empty, and discarded.
    WarmUp,
}

/// How a line shares out what it has when its standing customers want more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rationing {
    /// The same share of every order.
    #[default]
    Proportional,
    /// Whoever gets least of its normal order is served first: water filling on order / normal order (Inoue & Todo 2019, R2 conserving).
    LeastServed,
    /// By rank of the shipment class ([`Network::class_rank`]), within a rank the same share.
    ClassPriority,
    /// Final demand that has waited longest first; orders of the day last, the same share.
    Oldest,
    /// Orders of firms first, the same share of each; final demand gets what is left (Inoue & Todo 2019, R1).
    MarketLast,
    /// Orders of firms as [`Rationing::LeastServed`]; final demand gets what is left (Inoue & Todo 2019, R3).
    LeastServedMarketLast,
}

/// A published program whose results are wanted to the last digit, its departures from the published equations included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compat {
    /// The authors' program of Inoue & Todo (2019): its least-served rule hands out more or less than there is. What it adds or keeps back
    /// is booked ([`crate::state::State::misdealt`]).
    InoueTodo2019,
}

/// How an input binds (Pichler et al. 2022, half-critical production function).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Importance {
    /// Output is at most S/a.
    #[default]
    Critical,
    /// Output is at most (S/a + capacity)/2.
    Important,
    /// It never binds; what there is of it is used.
    Other,
}

/// What happens to a firm whose liquidity is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenInsolvent {
    /// It is marked and goes on.
    #[default]
    Continue,
    /// It stops for good: it pays, orders and makes nothing more.
    Stop,
    /// Its owner pays the debts that are due and `rescue_months` of wages, as far as the owner has cash.
    Rescue,
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
    /// Days simulated before the start and discarded ([`StartState::WarmUp`] only).
    pub warm_up_days: u32,
    /// A published program to follow to the last digit; `None`: the equations as published, goods conserved.
    pub compat: Option<Compat>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            start_state: StartState::Steady,
            plan_rate: PlanRate::Demand,
            expect_days: 28.0,
            backlog_days: 6.0,
            warm_up_days: 365,
            compat: None,
        }
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
    /// Mode `capacity`: tonnes a day that pass in each direction when fully open. `None`, mode `flow`: the open share of what arrives.
    pub tonnes_per_day: Option<f64>,
}

/// Traffic that is not in the case but uses a capacity crossing. What is not served on a day is gone.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    /// The crossing.
    pub crossing: CrossingId,
    /// Its direction.
    pub direction: Direction,
    /// Its class.
    pub class: ClassId,
    /// Tonnes that want to pass each day.
    pub tonnes_per_day: f64,
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
#[derive(Clone, Debug)]
pub struct Leg {
    /// Crossing passed at the start of the leg, and the direction.
    pub crossing: Option<(CrossingId, Direction)>,
    /// Travel time of the leg, days; at least one where the leg begins with a capacity limit.
    pub days: u32,
    /// Most that may set out on this leg of this route, tonnes per day; infinite: no limit.
    pub tonnes_per_day: f64,
}

impl Default for Leg {
    fn default() -> Self {
        Self { crossing: None, days: 0, tonnes_per_day: f64::INFINITY }
    }
}

/// An ordered list of legs; the lead time is the sum of their days and is at least one.
#[derive(Clone, Debug, Default)]
pub struct Route {
    /// The legs, in travel order.
    pub legs: Vec<Leg>,
}

/// How the value of a good is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValueFrom {
    /// The case says it.
    #[default]
    Stated,
    /// It is that of the inputs by recipe.
    Recipe,
    /// It is not: what the good is counted at ([`crate::prices`]) stands for it.
    Nowhere,
}

/// A good.
#[derive(Clone, Debug)]
pub struct Product {
    /// Shipment class unless the terms say otherwise.
    pub class: ClassId,
    /// Input cost: what the goods are carried at while they are stock, currency per unit.
    pub value_per_unit: f64,
    /// How that value is known.
    pub value_from: ValueFrom,
    /// Retail list price, currency per unit.
    pub retail_price_per_unit: f64,
    /// Price after the season's end as a share of the full price.
    pub price_after_season_share: f64,
    /// Weight, kilograms per unit; a product without weight takes none of a capacity.
    pub kg_per_unit: f64,
    /// Share that spoils each day while held at a crossing or limit, waiting at the maker, or lying in a store.
    pub spoilage_share_per_day: f64,
}

impl Default for Product {
    fn default() -> Self {
        Self {
            class: ClassId(0),
            value_per_unit: 0.0,
            value_from: ValueFrom::Stated,
            retail_price_per_unit: 0.0,
            price_after_season_share: 1.0,
            kg_per_unit: 0.0,
            spoilage_share_per_day: 0.0,
        }
    }
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
    /// Currency of its cash and wages.
    pub currency: CurrencyId,
    /// Days over which a gap of workforce is filled, up to `workers`; infinite: nobody is hired.
    pub hire_days: f64,
    /// Days over which a surplus of workforce is dismissed; infinite: nobody is dismissed.
    pub fire_days: f64,
    /// Days in a row with debts due that its cash does not cover, after which its liquidity counts as gone; infinite: never.
    pub insolvency_days: f64,
    /// What happens then.
    pub when_insolvent: WhenInsolvent,
    /// Months of wages a rescue adds to the debts due.
    pub rescue_months: f64,
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
            currency: CurrencyId(0),
            hire_days: f64::INFINITY,
            fire_days: f64::INFINITY,
            insolvency_days: f64::INFINITY,
            when_insolvent: WhenInsolvent::Continue,
            rescue_months: 1.0,
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
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// What is used.
    pub product: ProductId,
    /// Units used per unit made, without waste.
    pub per_unit: f64,
    /// Waste as a share of `per_unit`.
    pub waste_share: f64,
    /// Who brings it.
    pub supplied_by: SuppliedBy,
    /// How it binds.
    pub importance: Importance,
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
    /// How it shares out among standing customers.
    pub rationing: Rationing,
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
    /// Restock: target stock n, days of need; at least 1, since the day's need is met from the store. Of sellers of one product with
    /// different terms the mean holds, as for `restock_days` ([`crate::cover`]).
    pub stock_days: f64,
    /// Restock: τ, days over which a gap is closed; at least 1.
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
    /// Share of an order that moves to the buyer's standby contracts while this seller cannot be reached.
    pub moves_share: f64,
    /// Share of delivered goods refused at inspection: not paid, destroyed.
    pub refused_share: f64,
    /// How compensation travels; `None`: as the fee.
    pub compensation_means: Option<Means>,
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
            moves_share: 0.0,
            refused_share: 0.0,
            compensation_means: None,
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
    /// Sale price or processing fee, contract's currency per unit; zero: no money.
    pub price_per_unit: f64,
    /// Restock and plan: share of the buyer's need of the product bought here.
    pub share: f64,
    /// First collection, share of the collection interval after the first day.
    pub collection_phase_share: f64,
    /// What few contracts have.
    pub extras: Extras,
}

/// Terms of single contracts that few contracts have; kept in a side table.
#[derive(Clone, Debug, PartialEq)]
pub struct Extras {
    /// Currency of price, prepayment and claims.
    pub currency: CurrencyId,
    /// Most this contract takes over of orders that move: share of the buyer's whole need (restock) or of the order line (schedule).
    pub standby_share: f64,
    /// Most the buyer may owe, goods on the way included, contract's currency; infinite: no limit.
    pub credit_limit: f64,
    /// Other routes of the goods, in order of preference.
    pub alternative_routes: Vec<RouteId>,
    /// Other routes of consigned inputs, in order of preference.
    pub alternative_input_routes: Vec<RouteId>,
}

impl Default for Extras {
    fn default() -> Self {
        Self {
            currency: CurrencyId(0),
            standby_share: 0.0,
            credit_limit: f64::INFINITY,
            alternative_routes: Vec::new(),
            alternative_input_routes: Vec::new(),
        }
    }
}

/// What a contract without extras has.
static PLAIN: Extras = Extras {
    currency: CurrencyId(0),
    standby_share: 0.0,
    credit_limit: f64::INFINITY,
    alternative_routes: Vec::new(),
    alternative_input_routes: Vec::new(),
};

/// Contracts as columns, one entry per contract. Columns that are mostly alike take no room while they are ([`Lean`]): a plain contract
/// is a seller, a buyer and a share, 16 bytes. Columns may be set whole (`share: column.into()`) instead of by [`Contracts::push`]; all must
/// have the same length.
#[derive(Clone, Debug, Default)]
pub struct Contracts {
    /// Seller lines.
    pub seller: Vec<LineId>,
    /// Buyers.
    pub buyer: Vec<FirmId>,
    /// Sale or processing.
    pub kind: Lean<Kind>,
    /// Terms.
    pub terms: Lean<TermsId>,
    /// Routes of the goods.
    pub route: Lean<RouteId>,
    /// Routes of consigned inputs.
    pub input_route: Lean<RouteId>,
    /// Prices or fees, currency per unit.
    pub price_per_unit: Lean<f64>,
    /// Shares of the buyer's need.
    pub share: Lean<f64>,
    /// First collection, share of the interval.
    pub collection_phase_share: Lean<f64>,
    /// Contracts with extras, in order of contract.
    pub extras: Vec<(ContractId, Extras)>,
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
        if contract.extras != PLAIN {
            self.extras.push((id, contract.extras));
        }
        id
    }

    /// What a contract has beyond the columns.
    pub fn extras_of(&self, row: usize) -> &Extras {
        match self.extras.binary_search_by_key(&ContractId::from(row), |(id, _)| *id) {
            Ok(at) => &self.extras[at].1,
            Err(_) => &PLAIN,
        }
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

impl Demand {
    /// Whether it has no season, or one that is the whole year.
    pub fn all_year(&self) -> bool {
        self.season.is_none_or(|(from, to)| crate::calendar::whole_year(from, to))
    }
}

/// A dated exchange rate; it holds until the next one of its currency.
#[derive(Clone, Debug)]
pub struct Rate {
    /// The currency.
    pub currency: CurrencyId,
    /// First day.
    pub from: Day,
    /// Value of one unit in currency 0, the case's.
    pub value: f64,
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
    /// Number of currencies besides currency 0, the case's, in which values are stated.
    pub other_currencies: u32,
    /// Exchange rates, by currency, then date. Before the first of a currency the first holds.
    pub rates: Vec<Rate>,
    /// Class → rank at capacity limits and under [`Rationing::ClassPriority`], smallest first; empty: all alike.
    pub class_rank: Vec<u32>,
    /// Traffic outside the case.
    pub traffic: Vec<Traffic>,
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
    /// Whether rules act in the run: [`crate::scenario::Change::Forbid`] and [`crate::scenario::Change::Enforce`] need their columns.
    pub rules_act: bool,
    /// Seed with which it is drawn whether a consignment is found; `None`: in expectation, a share of every one.
    pub enforcement_seed: Option<u64>,
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
        let rationing = Rationing::default();
        self.lines.push(Line { firm, product, capacity_per_day, labour_days_per_unit, first_input, last_input, rationing });
        id
    }

    /// Draws the target stock of every restocking buyer: a Poisson number of days around the `stock_days` of its terms, at least `least`
    /// (Inoue & Todo 2019). The number is addressed by (seed, buyer); all contracts of a buyer have the same.
    pub fn draw_stock_days(&mut self, seed: u64, least: f64) {
        let mut drawn_terms: BTreeMap<(u32, u32), TermsId> = BTreeMap::new();
        for row in 0..self.contracts.len() {
            let (terms, buyer) = (self.contracts.terms[row], self.contracts.buyer[row]);
            if self.terms[terms.index()].ordering != Ordering::Restock {
                continue;
            }
            let days = crate::draws::poisson(seed, u64::from(buyer.0), self.terms[terms.index()].stock_days, least);
            let all = &mut self.terms;
            let drawn = drawn_terms.entry((terms.0, days as u32)).or_insert_with(|| {
                all.push(Terms { stock_days: days, ..all[terms.index()].clone() });
                TermsId::from(all.len() - 1)
            });
            self.contracts.terms[row] = *drawn;
        }
    }

    /// Inputs of a line.
    pub fn inputs_of(&self, line: LineId) -> &[Input] {
        let line = &self.lines[line.index()];
        &self.inputs[line.first_input as usize..line.last_input as usize]
    }
}
