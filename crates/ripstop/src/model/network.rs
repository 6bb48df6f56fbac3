//! What a simulation is made of: places, firms, lines, contracts, orders, demand.
//!
//! A [`Network`] is plain data. Small tables are vectors of rows; contracts, of which there may be ten million, are
//! columns ([`Contracts`]). Rows refer to each other by position ([`crate::model::ids`]); names stay with whoever read the files.
//! Quantities are in the product's unit, money in the case's currency, time in whole days.

use crate::model::calendar::{Day, MonthDay};
use crate::model::fields;
use crate::model::ids::*;

pub use super::contracts::{Contract, Contracts, Extras, Kind, Newcomer, Switch};
pub use super::settings::{Compat, Importance, PlanRate, Rationing, Settings, Shares, StartState, WhenInsolvent};
pub use super::terms::{Dispatch, Leftovers, Means, Ordering, Terms, Title, Work};

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
        Self { crossing: None, days: 0, tonnes_per_day: fields::LEG_TONNES.default }
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
    /// It is not: what the good is counted at ([`crate::plan::prices`]) stands for it.
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
            value_per_unit: fields::VALUE.default,
            value_from: ValueFrom::Stated,
            retail_price_per_unit: fields::RETAIL_PRICE.default,
            price_after_season_share: fields::PRICE_AFTER_SEASON.default,
            kg_per_unit: fields::KG.default,
            spoilage_share_per_day: fields::SPOILAGE.default,
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
            workers: fields::WORKERS.default,
            wage_per_month: fields::WAGE.default,
            idle_pay_share: fields::IDLE_PAY.default,
            levy_share: fields::LEVY.default,
            keep_months: fields::KEEP_MONTHS.default,
            opening_cash: fields::OPENING_CASH.default,
            rest_weekdays: 0,
            currency: CurrencyId(0),
            hire_days: fields::HIRE_DAYS.default,
            fire_days: fields::FIRE_DAYS.default,
            insolvency_days: fields::INSOLVENCY_DAYS.default,
            when_insolvent: WhenInsolvent::Continue,
            rescue_months: fields::RESCUE_MONTHS.default,
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

impl Order {
    /// So many units, due on a day, for no season.
    pub fn new(contract: ContractId, quantity: f64, due: Day) -> Self {
        Self { contract, quantity, due, season_end: None }
    }
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
    /// So many units a day, all year, at the line's price; what is not met on the day is lost.
    pub fn new(line: LineId, quantity_per_day: f64) -> Self {
        Self {
            line,
            quantity_per_day,
            season: None,
            price_per_unit: fields::PRICE.default,
            patience_days: fields::PATIENCE_DAYS.default as u32,
        }
    }

    /// Whether it has no season, or one that is the whole year.
    pub fn all_year(&self) -> bool {
        self.season.is_none_or(|(from, to)| crate::model::calendar::whole_year(from, to))
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
    /// Sellers outside the network, to whom buyers switch.
    pub newcomers: Vec<Newcomer>,
    /// Order lines.
    pub orders: Vec<Order>,
    /// Final demand.
    pub demands: Vec<Demand>,
    /// Whether rules act in the run: [`crate::model::events::Change::Forbid`] and [`crate::model::events::Change::Enforce`] need their
    /// columns.
    pub rules_act: bool,
    /// Seed with which it is drawn whether a consignment is found; `None`: in expectation, a share of every one.
    pub enforcement_seed: Option<u64>,
}

impl Network {
    /// Whether a line resells what its firm buys: its one input is its own product.
    pub fn resells(&self, line: usize) -> bool {
        let line = &self.lines[line];
        let inputs = &self.inputs[line.first_input as usize..line.last_input as usize];
        matches!(inputs, [input] if input.product == line.product)
    }

    /// The least of a network, from its first to its last day: one country with one place, one sector and one class of goods, one route of
    /// a day (row 0) and neutral terms (row 0), which contracts have that name no others.
    pub fn new(start: Day, end: Day) -> Self {
        Self {
            start,
            end,
            countries: 1,
            classes: 1,
            sectors: 1,
            places: vec![Place::default()],
            routes: vec![Route { legs: vec![Leg { days: 1, ..Leg::default() }] }],
            terms: vec![Terms::default()],
            ..Self::default()
        }
    }

    /// Adds a firm and returns its id.
    pub fn add_firm(&mut self, firm: Firm) -> FirmId {
        self.firms.push(firm);
        FirmId::from(self.firms.len() - 1)
    }

    /// Adds a product and returns its id.
    pub fn add_product(&mut self, product: Product) -> ProductId {
        self.products.push(product);
        ProductId::from(self.products.len() - 1)
    }

    /// Adds terms and returns their id.
    pub fn add_terms(&mut self, terms: Terms) -> TermsId {
        self.terms.push(terms);
        TermsId::from(self.terms.len() - 1)
    }

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

    /// Inputs of a line.
    pub fn inputs_of(&self, line: LineId) -> &[Input] {
        let line = &self.lines[line.index()];
        &self.inputs[line.first_input as usize..line.last_input as usize]
    }
}
