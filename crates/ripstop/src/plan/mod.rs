//! The network compiled for the day: flat arrays, rows sorted so that a firm's data lie together, ids resolved to positions.
//!
//! What moves in a run is [`crate::plan::state::State`]. Of the plan only three things change once it is made: which events hold
//! ([`Plan::set_scenario`]), whether deliveries are kept, and its steps when a warm-up is over.

use std::ops::Range;
use std::sync::Arc;

use crate::model::calendar::{Calendar, MonthDay};
use crate::model::damage::Neighbours;
use crate::model::error::NetworkError;
use crate::model::events::{Change, Event};
use crate::model::ids::*;
use crate::model::network::*;
use crate::model::validate;

mod bought;
mod build;
pub mod bulk;
pub mod columns;
pub mod cover;
pub mod direct;
mod eligible;
pub mod foresight;
mod inputs;
mod orders;
mod policy;
pub mod prices;
mod standing;
pub mod start;
pub mod state;
pub mod steady;
pub mod stocks;
pub mod switching;
pub mod transit;

pub use crate::model::accounts::Account;
pub use bulk::{Bulk, Chunk, Tile};
use cover::{Covers, Part};
pub use foresight::Foresight;
pub use orders::{Consigned, Orders, Use};
pub use policy::Policy;
use prices::Prices;
use standing::STREAM;
pub use standing::{PayTerm, Purchase, Standing, Stream, Uneven};
use switching::Switching;
use transit::{NO_GATE, Path};

/// No stock point, no season, no path.
pub const NONE: u32 = u32::MAX;
/// A step later than any.
pub const NEVER: i32 = i32::MAX;

/// A limit in tonnes a day: a capacity crossing in one direction, or a leg of a route.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Tonnes a day when fully open.
    pub tonnes_per_day: f64,
    /// Gate of class 0 whose open shares apply, or [`NO_GATE`] for a leg.
    pub gates: u32,
}

/// The compiled network.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The network it was made from.
    pub network: Arc<Network>,
    /// The simulated days.
    pub calendar: Calendar,
    /// Paths.
    pub paths: Vec<Path>,
    /// Number of gates: crossing × direction × class.
    pub gates: usize,
    /// Limits in tonnes.
    pub limits: Vec<Limit>,
    /// Limit × class → other traffic, tonnes per day.
    pub traffic: Vec<f64>,
    /// Standing flows over a limit.
    pub limited_flows: Vec<u32>,
    /// Whether any input is not critical.
    pub graded: bool,
    /// Whether any firm hires or dismisses.
    pub any_workforce: bool,
    /// Whether any product spoils.
    pub perishable: bool,
    /// Lines that do not share out proportionally; their flows are `ruled_flows[ruled_first[k]..ruled_first[k + 1]]`.
    pub ruled_lines: Vec<u32>,
    /// Offsets into `ruled_flows`.
    pub ruled_first: Vec<u32>,
    /// Standing flows of ruled lines.
    pub ruled_flows: Vec<u32>,
    /// Offsets into `ruled_demands`, per ruled line.
    pub ruled_demand_first: Vec<u32>,
    /// Final demands of ruled lines.
    pub ruled_demands: Vec<u32>,
    /// Whether a line is ruled.
    pub line_ruled: Vec<bool>,
    /// Whether any event has deliveries refused.
    pub any_refusal: bool,
    /// Whether any event cuts or cancels orders.
    pub cuts_orders: bool,
    /// Whether any event puts a place out of reach.
    pub freezes: bool,
    /// Whether any event does so, destroys what is in store or has it carried out.
    pub takes_goods: bool,
    /// Whether any order line's maker keeps part of the goods or what is left of the inputs.
    pub any_retained: bool,
    /// Whether any standing order can move.
    pub any_moves: bool,
    /// Sellers that may fail, and what then takes over.
    pub switching: Switching,
    /// Cells of goods from newcomers on the way.
    pub newcomer_cells: usize,
    /// Twins of order lines as `(order line, twin)`, sorted.
    pub twins: Vec<(u32, u32)>,
    /// Scheduled contract (dense) → most the buyer may owe, contract's currency.
    pub account_limit: Vec<f64>,
    /// Whether any contract has a credit limit.
    pub any_credit_limit: bool,
    /// Line → firm.
    pub line_firm: Vec<u32>,
    /// Line → product.
    pub line_product: Vec<u32>,
    /// Firm → weekdays on which it rests, a bit for each.
    pub rest_weekdays: Vec<u8>,
    /// Firm → workers when it is fully staffed.
    pub workers: Vec<f64>,
    /// Firm → share of every receipt that goes to the state.
    pub levy_share: Vec<f64>,
    /// Whether any firm can become insolvent by itself.
    pub any_insolvency: bool,
    /// Number of currencies.
    pub currencies: usize,
    /// Step × currency → value of a unit in currency 0, without events.
    pub rates: Vec<f64>,
    /// Steps simulated before the recorded ones.
    pub warm_up: usize,
    /// What order lines not yet placed will ask of hands and lines.
    pub foresight: Foresight,
    /// Line → days that its firm's plan of purchases looks ahead: to the end of the longest cover of its own inputs, lead time included.
    pub line_lookahead: Vec<i32>,
    /// Stock point → firm.
    pub point_firm: Vec<u32>,
    /// Stock point → product.
    pub point_product: Vec<u32>,
    /// Stock point → days a plan looks ahead.
    pub point_lookahead: Vec<u32>,
    /// Longest look-ahead of any plan, days.
    pub lookahead_max: u32,
    /// Stock point → what is on the way in the steady state, days of need: share-weighted mean of (L − 1) × gross over its suppliers.
    pub point_pipeline_days: Vec<f64>,
    /// Whether a stock point's stock is kept per supplier.
    pub point_by_supplier: Vec<bool>,
    /// Stores with parts of different cover.
    pub uneven: Vec<Uneven>,
    /// Their parts, store after store, in order of their cover.
    pub parts: Vec<Part>,
    /// Whether any stock point is.
    pub any_by_supplier: bool,
    /// Input row → stock point of the maker, or [`NONE`] if it is only consigned or not needed (0 per unit).
    pub input_point: Vec<u32>,
    /// Inputs that lines take from their firms' stores, line after line.
    pub uses: Vec<Use>,
    /// Line → its uses `first_use[l]..first_use[l + 1]`.
    pub first_use: Vec<u32>,
    /// Firm → its lines `firm_lines[first..last]`.
    pub firm_first_line: Vec<u32>,
    /// Lines, firm after firm.
    pub firm_lines: Vec<u32>,
    /// Firm → its order lines (as seller).
    pub firm_first_order: Vec<u32>,
    /// Whether a line serves standing flows or final demand.
    pub line_standing: Vec<bool>,
    /// Whether a line has customers that always want something: restock contracts (plans and seasons come and go).
    pub line_steady: Vec<bool>,
    /// Steady output of each line's standing business, units per day.
    pub steady_rate: Vec<f64>,
    /// What events on capacity take a share of where a line has no limit, before seasons and order lines of the day: its steady output;
    /// infinite for a line without any of these, of which nothing can be taken. Empty where no event hits a line without a limit.
    pub usual_output: Vec<f64>,
    /// Standing flows.
    pub standing: Standing,
    /// Order lines.
    pub orders: Orders,
    /// Their consigned inputs.
    pub consigned: Consigned,
    /// Contract and product of all inputs that clients consign, sorted.
    pub contract_inputs: Vec<(u32, u32)>,
    /// Number of contracts with order lines.
    pub scheduled_contracts: usize,
    /// Firms that sell by order lines.
    pub order_firms: Vec<u32>,
    /// Firms with lines.
    pub making_firms: Vec<u32>,
    /// What everything is counted at.
    pub prices: Prices,
    /// Steps at which order lines are placed: `(step, order)` sorted.
    pub placings: Vec<(i32, u32)>,
    /// Stock points, standing flows, order lines and order inputs own `cells` numbers in all.
    pub cells: usize,
    /// Ring cells of amounts due on standing flows.
    pub due_cells: usize,
    /// Demand → first cell of its waiting ring.
    pub demand_cells: Vec<u32>,
    /// Cells of all waiting rings.
    pub waiting_cells: usize,
    /// Whether any demand has a season.
    pub seasonal: bool,
    /// Seller's gate of persons for carried cash per contract's terms and payee country: see [`Plan::cash_gate`].
    pub firm_country: Vec<u32>,
    /// Firms that make goods on processing orders.
    pub processor: Vec<bool>,
    /// Firms that are clients of processing orders.
    pub client: Vec<bool>,
    /// All events of the scenario; which of them hold: [`Plan::holds`].
    pub events: Vec<Event>,
    /// Whether the scenario's own events hold, or only those in the background.
    pub scenario_holds: bool,
    /// Lines with damped damage and their neighbours.
    pub damped: Neighbours,
    /// Lines, contracts and final demand that ask nothing special.
    pub bulk: Arc<Bulk>,
    /// Lines that are not bulk.
    pub general_lines: Vec<u32>,
    /// Final demands of lines that are not bulk.
    pub general_demands: Vec<u32>,
    /// Standing flows by the general rules of lines whose rule acts in [`crate::bulk::share`], as `(line, flow)`, sorted.
    pub mixed_flows: Vec<(u32, u32)>,
    /// Final demands of lines that are not bulk whose rule acts in [`crate::bulk::share`], as `(line, demand)`, sorted.
    pub mixed_demands: Vec<(u32, u32)>,
    /// Whether nothing goes by the general rules.
    pub only_bulk: bool,
    /// Firms that are not bulk.
    pub general_firms: Vec<u32>,
    /// Whether what every contract delivers is kept for the record.
    pub keep_deliveries: bool,
    /// Per step: whether any factor may change.
    pub changes: Vec<bool>,
}

impl Plan {
    /// Contracts of which it is recorded what leaves and what is cleared: all where there are crossings and contracts are recorded, else
    /// none.
    pub fn crossing_contracts(&self) -> usize {
        if self.gates > 0 && self.keep_deliveries { self.network.contracts.len() } else { 0 }
    }

    /// What [`Plan::new`] asks of a network before anything else: every id is a row, every number can be reckoned with.
    ///
    /// Errors: the first that is not ([`NetworkError`]).
    pub fn check(network: &Network) -> Result<(), NetworkError> {
        validate::network(network)
    }

    /// Compiles a network with the events of one scenario.
    ///
    /// Errors: the network is inconsistent ([`NetworkError`]).
    pub fn new(network: Network, events: Vec<Event>) -> Result<Self, NetworkError> {
        Self::compile(network, events, true)
    }

    /// Compiles a network with every contract by the general rules, bulk or not: to compare the two.
    ///
    /// Errors: the network is inconsistent ([`NetworkError`]).
    pub fn general(network: Network, events: Vec<Event>) -> Result<Self, NetworkError> {
        Self::compile(network, events, false)
    }

    fn compile(mut network: Network, events: Vec<Event>, bulk: bool) -> Result<Self, NetworkError> {
        validate::network(&network)?;
        validate::events(&network, &events)?;
        let warm_up = network.settings.days_before_start();
        let calendar = Calendar::new(network.start.plus(-(warm_up as i32)), network.end);
        let steady_rate = steady::rates(&network)?;
        let covers = Covers::new(&network);
        let mut builder = build::Builder::new(&network, &calendar, &covers);
        let damped = Neighbours::new(&network, &events);
        let bulk = Arc::new(if bulk { Bulk::new(&network, &events, &steady_rate, &covers) } else { Bulk::none(&network) });
        if network.settings.compat.is_some() {
            bulk.check_compat(&network)?;
        }
        builder.bulk(&bulk);
        builder.points();
        builder.lines();
        builder.standing();
        builder.orders();
        let mut plan = builder.finish(steady_rate);
        plan.size()?;
        // What has no value is carried at what it is counted at.
        for (product, price) in network.products.iter_mut().zip(&plan.prices.product) {
            if product.value_from == ValueFrom::Nowhere {
                product.value_per_unit = price.0;
            }
        }
        plan.network = Arc::new(network);
        plan.calendar = calendar;
        (plan.damped, plan.bulk) = (damped, bulk);
        plan.warm_up = warm_up as usize;
        plan.foresight = Foresight::new(&plan);
        plan.line_lookahead = build::line_lookahead(&plan);
        for order in 0..plan.orders.row.len() {
            let payee = plan.network.lines[plan.orders.line[order] as usize].firm.0;
            let terms = plan.terms_of_order(order);
            let fee = plan.carried_gate(terms.means, payee);
            let compensation = terms.compensation_means.map_or(fee, |means| plan.carried_gate(means, payee));
            plan.orders.cash_gate.push(fee);
            plan.orders.compensation_gate.push(compensation);
        }
        for (p, &flow) in plan.standing.priced.iter().enumerate() {
            let terms = plan.network.contracts.terms[plan.standing.contract[flow as usize].index()];
            let gate = plan.cash_gate(terms, plan.standing.payee[p]);
            plan.standing.cash_gate.push(gate);
        }
        plan.usual_output = plan.usual_outputs(&events);
        plan.cuts_orders = events.iter().any(|event| matches!(event.change, Change::OrderCut(_) | Change::Cancel(_)));
        plan.any_refusal = events.iter().any(|event| matches!(event.change, Change::Refusal(_)));
        plan.freezes = events.iter().any(|event| matches!(event.change, Change::Freeze { .. }));
        plan.takes_goods = plan.freezes || events.iter().any(|event| matches!(event.change, Change::Destroy(_) | Change::Evacuate(_)));
        let keeps = |terms: &Terms| terms.retention_share > 0.0 || terms.leftovers == Leftovers::Retained;
        plan.any_retained = (0..plan.orders.row.len()).any(|order| keeps(plan.terms_of_order(order)));
        plan.events = events;
        plan.set_scenario(true);
        Ok(plan)
    }

    /// Whether a run of another plan of the same network can go on with this one: what the days so far have left lies where this plan looks for it,
    /// and was reckoned by the same rules.
    pub(crate) fn goes_on_from(&self, other: &Self) -> bool {
        let flags = |plan: &Self| {
            let takes = (plan.freezes, plan.takes_goods);
            (plan.cuts_orders, plan.any_refusal, takes, plan.damped.line.len(), plan.usual_output.is_empty())
        };
        self.bulk.is_bulk == other.bulk.is_bulk && self.usual_output == other.usual_output && flags(self) == flags(other)
    }

    /// Refuses more cells than the numbers that name them.
    fn size(&self) -> Result<(), NetworkError> {
        let most = u64::from(u32::MAX - 1);
        validate::at_most("cells of goods on the way (days of travel of every contract)", self.cells as u64, most)?;
        validate::at_most("cells of amounts due (days to pay of every contract)", self.due_cells as u64, most)?;
        validate::at_most("cells of demand that waits (days of patience)", self.waiting_cells as u64, most)
    }

    /// Lets the scenario's events hold, or only those in the background.
    pub fn set_scenario(&mut self, holds: bool) {
        self.scenario_holds = holds;
        let moves = |t: usize| {
            let day = self.calendar.day(t);
            t == 0 || self.events.iter().any(|event| self.holds(event) && event.moves_on(day))
        };
        self.changes = (0..self.calendar.len()).map(moves).collect();
    }

    /// Whether anybody takes over what others fail to bring.
    pub fn any_takers(&self) -> bool {
        !self.switching.takers.is_empty()
    }

    /// Whether an event holds: background events always do.
    pub fn holds(&self, event: &Event) -> bool {
        self.scenario_holds || event.background
    }

    /// The gate that cash carried for a contract's payment must pass, or [`NO_GATE`] for a bank transfer.
    pub fn cash_gate(&self, terms: TermsId, payee: u32) -> u32 {
        self.carried_gate(self.network.terms[terms.index()].means, payee)
    }

    fn carried_gate(&self, means: Means, payee: u32) -> u32 {
        let network = &self.network;
        match (means, network.persons) {
            (Means::Carried(crossing), Some(persons)) => {
                let country = CountryId(self.firm_country[payee as usize]);
                let direction = Change::direction_towards(country, network.crossings[crossing.index()].country_a);
                gate(network, crossing, direction, persons)
            }
            _ => NO_GATE,
        }
    }

    /// See [`Plan::usual_output`].
    fn usual_outputs(&self, events: &[Event]) -> Vec<f64> {
        let unlimited = |line: &LineId| self.network.lines[line.index()].capacity_per_day.is_infinite();
        let hits = |event: &Event| match &event.change {
            Change::Capacity(lines) => lines.iter().any(unlimited),
            Change::Damage { shares, .. } => shares.iter().any(|(line, _)| unlimited(line)),
            _ => false,
        };
        if !events.iter().any(hits) {
            return Vec::new();
        }
        let mut usual: Vec<f64> = (0..self.steady_rate.len()).map(|l| self.usual_standing(l)).collect();
        let seasons = self.network.demands.iter().filter(|demand| demand.season.is_some() && demand.quantity_per_day > 0.0);
        let sometimes = seasons.map(|demand| demand.line.index()).chain(self.orders.line.iter().map(|&line| line as usize));
        sometimes.for_each(|l| usual[l] = self.steady_rate[l]);
        usual
    }

    /// Steady output of a line's standing business, infinite without any: of that no share can be taken.
    pub fn usual_standing(&self, line: usize) -> f64 {
        let rate = self.steady_rate[line];
        if rate > 0.0 { rate } else { f64::INFINITY }
    }

    /// Price of a final demand in currency 0 at the rates of the first recorded day: its own, or the line's where it has none.
    pub fn demand_price(&self, demand: &Demand) -> f64 {
        let home = self.network.firms[self.network.lines[demand.line.index()].firm.index()].currency.index();
        if demand.price_per_unit > 0.0 {
            demand.price_per_unit * self.rates_at_start()[home]
        } else {
            self.prices.line[demand.line.index()]
        }
    }

    /// Rows that columns per contract need: up to the last contract that is not bulk.
    pub fn contract_columns(&self) -> usize {
        let contracts = &self.network.contracts;
        let special = |&row: &usize| !self.bulk.buys_in_bulk[contracts.buyer[row].index()];
        (0..contracts.len()).rev().find(special).map_or(0, |last| last + 1)
    }

    /// Lines of a firm.
    pub fn lines_of(&self, firm: usize) -> &[u32] {
        &self.firm_lines[self.firm_first_line[firm] as usize..self.firm_first_line[firm + 1] as usize]
    }

    /// What a line takes from its firm's store.
    pub fn uses_of(&self, line: usize) -> &[Use] {
        &self.uses[self.first_use[line] as usize..self.first_use[line + 1] as usize]
    }

    /// Order lines of a firm as seller.
    pub fn orders_of(&self, firm: usize) -> Range<usize> {
        self.firm_first_order[firm] as usize..self.firm_first_order[firm + 1] as usize
    }

    /// Consigned inputs of an order line.
    pub fn inputs_of_order(&self, order: usize) -> Range<usize> {
        self.orders.first_input[order] as usize..self.orders.first_input[order + 1] as usize
    }

    /// The path of a stream and the cells of its goods, all flows of it side by side.
    pub fn path_of(&self, stream: &Stream) -> (&Path, Range<usize>) {
        let path = &self.paths[stream.path as usize];
        let first = self.standing.cells[stream.first as usize] as usize;
        (path, first..first + (path.cells * stream.width) as usize)
    }

    /// Units of a standing flow on the way, held goods among them.
    pub fn flow_in_transit(&self, cells: &[f64], flow: usize) -> f64 {
        let (first, width) = (self.standing.cells[flow] as usize, self.standing.width[flow] as usize);
        let count = self.paths[self.standing.path[flow] as usize].cells as usize;
        (0..count).map(|cell| cells[first + cell * width]).sum()
    }

    /// Of these, units that are held.
    pub fn flow_held(&self, cells: &[f64], flow: usize) -> f64 {
        let (first, width) = (self.standing.cells[flow] as usize, self.standing.width[flow] as usize);
        self.paths[self.standing.path[flow] as usize].held(cells, first, width)
    }

    /// Whether an order line is worked for its client (processing).
    pub fn is_processing(&self, order: usize) -> bool {
        self.orders.processing[order]
    }

    /// Terms of an order line.
    pub fn terms_of_order(&self, order: usize) -> &Terms {
        &self.network.terms[self.orders.terms[order].index()]
    }

    /// Number of accounts: one per firm, then per currency one for every group and every [`Account`].
    pub fn accounts(&self) -> usize {
        self.network.firms.len() + self.currencies * self.shared_accounts()
    }

    fn shared_accounts(&self) -> usize {
        self.network.groups as usize + Account::ALL.len()
    }

    /// The account of an institution in a currency.
    pub fn account(&self, account: Account, currency: usize) -> usize {
        self.network.firms.len() + currency * self.shared_accounts() + self.network.groups as usize + account as usize
    }

    /// The account of an institution in the currency of a firm.
    pub fn account_for(&self, account: Account, firm: usize) -> usize {
        self.account(account, self.network.firms[firm].currency.index())
    }

    /// The account of a firm's owner in the firm's currency: its group, or the outside world.
    pub fn owner_account(&self, firm: usize) -> usize {
        match self.network.firms[firm].group {
            Some(group) => self.network.firms.len() + self.network.firms[firm].currency.index() * self.shared_accounts() + group.index(),
            None => self.account_for(Account::Outside, firm),
        }
    }

    /// Currency of an account.
    pub fn account_currency(&self, account: usize) -> usize {
        match self.network.firms.get(account) {
            Some(firm) => firm.currency.index(),
            None => (account - self.network.firms.len()) / self.shared_accounts(),
        }
    }

    /// Rates of the first recorded day without events: output and demand are valued at these, so that a rate moves no volume.
    pub fn rates_at_start(&self) -> &[f64] {
        self.rates_on(self.warm_up)
    }

    /// Rates of day `t` without events: value of a unit of each currency in currency 0.
    pub fn rates_on(&self, t: usize) -> &[f64] {
        &self.rates[t * self.currencies..(t + 1) * self.currencies]
    }

    /// Whether a firm hires or dismisses.
    pub fn moves_workforce(&self, firm: usize) -> bool {
        let moves = |firm: &Firm| firm.hire_days.is_finite() || firm.fire_days.is_finite();
        self.any_workforce && moves(&self.network.firms[firm])
    }

    /// Whether a firm rests on a day.
    pub fn rests(&self, firm: usize, t: usize) -> bool {
        self.rest_weekdays[firm] >> self.calendar.days[t].weekday & 1 == 1
    }

    /// Tonnes per unit of a product.
    pub fn tonnes(&self, product: usize) -> f64 {
        self.network.products[product].kg_per_unit / 1000.0
    }

    /// Twins of an order line.
    pub fn twins_of(&self, order: usize) -> &[(u32, u32)] {
        let first = self.twins.partition_point(|&(o, _)| (o as usize) < order);
        let last = self.twins.partition_point(|&(o, _)| o as usize <= order);
        &self.twins[first..last]
    }

    /// Takes the warm-up off every step, once it has been simulated: step 0 is the first recorded day.
    pub(crate) fn forget_warm_up(&mut self) {
        let off = self.warm_up as i32;
        self.calendar = Calendar::new(self.network.start, self.network.end);
        let orders = &mut self.orders;
        for column in [
            &mut orders.placed,
            &mut orders.send_start,
            &mut orders.work_start,
            &mut orders.due,
            &mut orders.season_end,
            &mut orders.first_collection,
            &mut orders.claim_from,
        ] {
            column.iter_mut().filter(|step| **step != NEVER).for_each(|step| *step -= off);
        }
        self.placings.iter_mut().for_each(|(step, _)| *step -= off);
        self.rates.drain(..self.warm_up * self.currencies);
        self.changes.drain(..self.warm_up);
        self.warm_up = 0;
    }
}

/// Gate of a crossing, direction and class.
pub fn gate(network: &Network, crossing: CrossingId, direction: Direction, class: ClassId) -> u32 {
    (crossing.0 * 2 + direction as u32) * network.classes + class.0
}

/// Days of a term as a whole number of steps.
pub fn whole_days(days: f64) -> i32 {
    if days >= f64::from(NEVER) {
        NEVER
    } else if days >= 0.0 {
        // Cut off, which is quicker than rounding down and the same above zero.
        (days + 0.5) as i32
    } else {
        (days + 0.5).floor() as i32
    }
}

/// Whether a demand is in season on a day of the year.
pub fn in_season(demand: &Demand, day: MonthDay) -> bool {
    let strictly = |(from, to)| crate::model::calendar::in_season(day, from, to);
    demand.season.is_none_or(strictly) || day == (2, 29) && demand.all_year()
}
