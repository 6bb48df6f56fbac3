//! The network compiled for the day: flat arrays, rows sorted so that a firm's data lie together, ids resolved to positions.
//!
//! Nothing here changes during a run; what changes is [`crate::state::State`].

use std::collections::BTreeMap;

use crate::calendar::{Calendar, Day, MonthDay};
use crate::error::NetworkError;
use crate::ids::*;
use crate::network::*;
use crate::scenario::{Change, Event};
use crate::steady;
use crate::transit::{NO_GATE, Way};

/// No slot, no season, no way.
pub const NONE: u32 = u32::MAX;
/// Longest span of days a route, a payment or a patience may have.
pub const DAYS_MAX: f64 = 10_000.0;
/// Longest run, days.
pub const RUN_DAYS_MAX: i32 = 100_000;
/// A step later than any.
pub const NEVER: i32 = i32::MAX;

/// Standing flows (restock and plan contracts) as columns.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Contract.
    pub contract: Vec<ContractId>,
    /// Seller line.
    pub line: Vec<u32>,
    /// Buyer's slot.
    pub slot: Vec<u32>,
    /// Share of the slot's need.
    pub share: Vec<f64>,
    /// Way of the goods.
    pub way: Vec<u32>,
    /// First cell of the goods on the way.
    pub cells: Vec<u32>,
    /// Travel time, days.
    pub lead_days: Vec<f64>,
    /// Target stock n, days.
    pub stock_days: Vec<f64>,
    /// τ, days.
    pub restock_days: Vec<f64>,
    /// Days after which held goods leave the position.
    pub patience_days: Vec<u32>,
    /// Whether the flow follows the client's consignment plan.
    pub planned: Vec<bool>,
    /// Whether stock is kept per supplier.
    pub by_supplier: Vec<bool>,
    /// Share lost on the way.
    pub theft_share: Vec<f64>,
    /// Flows with a price: index into the columns above.
    pub priced: Vec<u32>,
    /// Per priced flow: price, currency per unit.
    pub price: Vec<f64>,
    /// Per priced flow: inspection + net days.
    pub pay_days: Vec<u32>,
    /// Per priced flow: first cell of its ring of amounts due.
    pub due_cells: Vec<u32>,
}

/// Order lines as columns, sorted by seller firm, due date, row: a firm's order lines lie together, earliest due first.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    /// Row in [`Network::orders`].
    pub row: Vec<OrderId>,
    /// Contract.
    pub contract: Vec<ContractId>,
    /// Seller line.
    pub line: Vec<u32>,
    /// Buyer firm.
    pub buyer: Vec<u32>,
    /// Buyer's slot for the product.
    pub slot: Vec<u32>,
    /// Ordered quantity, units.
    pub quantity: Vec<f64>,
    /// Step at which it is placed.
    pub placed: Vec<i32>,
    /// Step of the first consignment.
    pub send_start: Vec<i32>,
    /// Step of the planned start of work.
    pub work_start: Vec<i32>,
    /// Step of the due date.
    pub due: Vec<i32>,
    /// Step of the season's end, or [`NEVER`].
    pub season_end: Vec<i32>,
    /// Fee or price, currency per unit.
    pub price: Vec<f64>,
    /// Way of the goods.
    pub way: Vec<u32>,
    /// Way of consigned inputs, or [`NONE`].
    pub input_way: Vec<u32>,
    /// First cell of the goods on the way.
    pub cells: Vec<u32>,
    /// Consigned inputs `first_input[o]..first_input[o + 1]`.
    pub first_input: Vec<u32>,
    /// Step of the first collection.
    pub first_collection: Vec<i32>,
    /// Step from which the fee on uncollected goods is claimed, or [`NEVER`].
    pub claim_from: Vec<i32>,
    /// Gate carried cash must pass to the seller, or [`NO_GATE`].
    pub cash_gate: Vec<u32>,
    /// Dense number of the contract among the scheduled ones.
    pub account: Vec<u32>,
    /// Equal consignments in which the inputs are sent.
    pub consignments: Vec<f64>,
}

/// Consigned inputs of order lines as columns.
#[derive(Clone, Debug, Default)]
pub struct Consigned {
    /// Input product.
    pub product: Vec<u32>,
    /// The client's slot they are taken from.
    pub store: Vec<u32>,
    /// Units sent per ordered unit, with over-shipment.
    pub sent_per_unit: Vec<f64>,
    /// Units used per unit made, with waste.
    pub used_per_unit: Vec<f64>,
    /// First cell of the inputs on the way.
    pub cells: Vec<u32>,
}

/// The compiled network.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The network it was made from.
    pub network: Network,
    /// The simulated days.
    pub calendar: Calendar,
    /// Ways.
    pub ways: Vec<Way>,
    /// Number of gates: crossing × direction × class.
    pub gates: usize,
    /// Slot → firm.
    pub slot_firm: Vec<u32>,
    /// Slot → product.
    pub slot_product: Vec<u32>,
    /// Slot → days a plan looks ahead.
    pub slot_lookahead: Vec<u32>,
    /// Longest look-ahead of any plan, days.
    pub lookahead_max: u32,
    /// Slot → share-weighted mean travel time of its restock suppliers, days.
    pub slot_lead_days: Vec<f64>,
    /// Whether a slot's stock is kept per supplier.
    pub slot_by_supplier: Vec<bool>,
    /// Whether any slot is.
    pub any_by_supplier: bool,
    /// Input row → slot of the maker, or [`NONE`] if it is only consigned or not needed (0 per unit).
    pub input_slot: Vec<u32>,
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
    /// Standing flows.
    pub standing: Standing,
    /// Order lines.
    pub orders: Orders,
    /// Their consigned inputs.
    pub consigned: Consigned,
    /// Number of contracts with order lines.
    pub scheduled_contracts: usize,
    /// Firms that sell by order lines.
    pub order_firms: Vec<u32>,
    /// Firms with lines.
    pub making_firms: Vec<u32>,
    /// Line → price of its standing output, currency per unit (1 where nothing is priced: quantities are then money).
    pub line_price: Vec<f64>,
    /// Line → value of the inputs a unit needs from the maker's own store, currency per unit.
    pub own_input_value: Vec<f64>,
    /// Line → value of the inputs a unit needs if the client consigns what it supplies, currency per unit.
    pub maker_input_value: Vec<f64>,
    /// Steps at which order lines are placed: `(step, order)` sorted.
    pub placings: Vec<(i32, u32)>,
    /// Slots, standing flows, order lines and order inputs own `cells` numbers in all.
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
    /// Events with steps.
    pub events: Vec<Event>,
    /// Per step: whether any factor may change.
    pub changes: Vec<bool>,
}

impl Plan {
    /// Compiles a network with the events of one scenario.
    ///
    /// Errors: the network is inconsistent ([`NetworkError`]).
    pub fn new(network: Network, events: Vec<Event>) -> Result<Self, NetworkError> {
        check(&network)?;
        let calendar = Calendar::new(network.start, network.end);
        let steady_rate = steady::rates(&network)?;
        let mut builder = Builder::new(&network, &calendar);
        builder.slots();
        builder.lines();
        builder.standing();
        builder.orders();
        let mut plan = builder.finish(steady_rate);
        plan.network = network;
        plan.calendar = calendar;
        plan.orders.cash_gate = (0..plan.orders.row.len())
            .map(|o| {
                let payee = plan.network.lines[plan.orders.line[o] as usize].firm.0;
                plan.cash_gate(plan.network.contracts.terms[plan.orders.contract[o].index()], payee)
            })
            .collect();
        plan.set_events(events);
        Ok(plan)
    }

    /// Replaces the events.
    pub fn set_events(&mut self, events: Vec<Event>) {
        self.changes = (0..self.calendar.len()).map(|t| changes_on(&events, self.calendar.day(t), t == 0)).collect();
        self.events = events;
    }

    /// The gate that cash carried for a contract's payment must pass, or [`NO_GATE`] for a bank transfer.
    pub fn cash_gate(&self, terms: TermsId, payee: u32) -> u32 {
        let network = &self.network;
        match (&network.terms[terms.index()].means, network.persons) {
            (Means::Carried(crossing), Some(persons)) => {
                let country = CountryId(self.firm_country[payee as usize]);
                let direction = Change::direction_towards(country, network.crossings[crossing.index()].country_a);
                gate(network, *crossing, direction, persons)
            }
            _ => NO_GATE,
        }
    }

    /// Price of a final demand, currency per unit: its own, or the line's where it has none.
    pub fn demand_price(&self, demand: &Demand) -> f64 {
        if demand.price_per_unit > 0.0 { demand.price_per_unit } else { self.line_price[demand.line.index()] }
    }

    /// Lines of a firm.
    pub fn lines_of(&self, firm: usize) -> &[u32] {
        &self.firm_lines[self.firm_first_line[firm] as usize..self.firm_first_line[firm + 1] as usize]
    }

    /// Order lines of a firm as seller.
    pub fn orders_of(&self, firm: usize) -> std::ops::Range<usize> {
        self.firm_first_order[firm] as usize..self.firm_first_order[firm + 1] as usize
    }

    /// Consigned inputs of an order line.
    pub fn inputs_of_order(&self, order: usize) -> std::ops::Range<usize> {
        self.orders.first_input[order] as usize..self.orders.first_input[order + 1] as usize
    }

    /// Whether an order line is worked for its client (processing).
    pub fn is_processing(&self, order: usize) -> bool {
        self.network.contracts.kind[self.orders.contract[order].index()] == Kind::Processing
    }

    /// Terms of an order line.
    pub fn terms_of_order(&self, order: usize) -> &Terms {
        &self.network.terms[self.network.contracts.terms[self.orders.contract[order].index()].index()]
    }

    /// Number of accounts: firms, groups, then [`Account`].
    pub fn accounts(&self) -> usize {
        self.network.firms.len() + self.network.groups as usize + Account::ALL.len()
    }

    /// The account of an institution.
    pub fn account(&self, account: Account) -> usize {
        self.network.firms.len() + self.network.groups as usize + account as usize
    }

    /// The account of a firm's owner: its group, or the outside world.
    pub fn owner_account(&self, firm: usize) -> usize {
        match self.network.firms[firm].group {
            Some(group) => self.network.firms.len() + group.index(),
            None => self.account(Account::Outside),
        }
    }
}

/// Accounts that are no firm's or group's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// Workers' households.
    Households,
    /// The state: levies.
    State,
    /// Final customers.
    Market,
    /// The rest of the world: owners outside the case.
    Outside,
}

impl Account {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Households, Self::State, Self::Market, Self::Outside];
}

/// Gate of a crossing, direction and class.
pub fn gate(network: &Network, crossing: CrossingId, direction: Direction, class: ClassId) -> u32 {
    (crossing.0 * 2 + direction as u32) * network.classes + class.0
}

fn changes_on(events: &[Event], day: Day, first: bool) -> bool {
    first
        || events.iter().any(|event| {
            let before = event.strength(day.plus(-1));
            let now = event.strength(day);
            // Exact comparison: a strength that did not change is the same number.
            before != now || (day == event.from)
        })
}

fn check(network: &Network) -> Result<(), NetworkError> {
    if network.end < network.start {
        return Err(NetworkError::NoDays);
    }
    if network.end.0 - network.start.0 >= RUN_DAYS_MAX {
        return Err(NetworkError::TooManyDays { days: network.end.0 - network.start.0 + 1 });
    }
    let refer = |table, row, target, found: usize, count: usize| {
        if found < count { Ok(()) } else { Err(NetworkError::Dangling { table, row, target, found, count }) }
    };
    for (row, firm) in network.firms.iter().enumerate() {
        refer("firm", row, "place", firm.place.index(), network.places.len())?;
        at_least_zero("firm", row, "workers", firm.workers)?;
        at_least_zero("firm", row, "wage_per_month", firm.wage_per_month)?;
        at_least_zero("firm", row, "opening_cash", firm.opening_cash)?;
        at_least_zero("firm", row, "keep_months", firm.keep_months)?;
        share("firm", row, "levy_share", firm.levy_share)?;
        share("firm", row, "idle_pay_share", firm.idle_pay_share)?;
    }
    for (row, line) in network.lines.iter().enumerate() {
        refer("line", row, "firm", line.firm.index(), network.firms.len())?;
        refer("line", row, "product", line.product.index(), network.products.len())?;
        at_least_zero("line", row, "capacity_per_day", line.capacity_per_day)?;
        at_least_zero("line", row, "labour_days_per_unit", line.labour_days_per_unit)?;
    }
    for (row, input) in network.inputs.iter().enumerate() {
        refer("input", row, "product", input.product.index(), network.products.len())?;
        at_least_zero("input", row, "per_unit", input.per_unit)?;
        at_least_zero("input", row, "waste_share", input.waste_share)?;
    }
    for (row, route) in network.routes.iter().enumerate() {
        for leg in &route.legs {
            days("route", row, "days", f64::from(leg.days))?;
        }
        if route.legs.iter().map(|l| l.days).sum::<u32>() == 0 {
            return Err(NetworkError::NoLead { route: row });
        }
    }
    let contracts = &network.contracts;
    for row in 0..contracts.len() {
        refer("contract", row, "line", contracts.seller[row].index(), network.lines.len())?;
        refer("contract", row, "firm", contracts.buyer[row].index(), network.firms.len())?;
        refer("contract", row, "terms", contracts.terms[row].index(), network.terms.len())?;
        refer("contract", row, "route", contracts.route[row].index(), network.routes.len())?;
        refer("contract", row, "route", contracts.input_route[row].index(), network.routes.len())?;
        at_least_zero("contract", row, "share", contracts.share[row])?;
        at_least_zero("contract", row, "price_per_unit", contracts.price_per_unit[row])?;
    }
    for (row, order) in network.orders.iter().enumerate() {
        refer("order", row, "contract", order.contract.index(), contracts.len())?;
        at_least_zero("order", row, "quantity", order.quantity)?;
    }
    for (row, demand) in network.demands.iter().enumerate() {
        refer("demand", row, "line", demand.line.index(), network.lines.len())?;
        at_least_zero("demand", row, "quantity_per_day", demand.quantity_per_day)?;
        at_least_zero("demand", row, "price_per_unit", demand.price_per_unit)?;
        days("demand", row, "patience_days", f64::from(demand.patience_days))?;
    }
    for (row, terms) in network.terms.iter().enumerate() {
        check_terms(row, terms)?;
        if matches!(terms.means, Means::Carried(_)) && network.persons.is_none() {
            return Err(NetworkError::NoPersons { terms: row });
        }
    }
    if network.settings.start_state == StartState::Steady && !network.orders.is_empty() {
        return Err(NetworkError::SteadyOrders);
    }
    Ok(())
}

fn at_least_zero(table: &'static str, row: usize, field: &'static str, value: f64) -> Result<(), NetworkError> {
    if value >= 0.0 { Ok(()) } else { Err(NetworkError::BadNumber { table, row, field, value, must: "at least 0" }) }
}

fn share(table: &'static str, row: usize, field: &'static str, value: f64) -> Result<(), NetworkError> {
    if (0.0..=1.0).contains(&value) { Ok(()) } else { Err(NetworkError::BadNumber { table, row, field, value, must: "from 0 to 1" }) }
}

/// Goods and money on the way hold a cell per day, so days have a limit.
fn days(table: &'static str, row: usize, field: &'static str, value: f64) -> Result<(), NetworkError> {
    if (0.0..=DAYS_MAX).contains(&value) {
        Ok(())
    } else {
        Err(NetworkError::BadNumber { table, row, field, value, must: "from 0 to 10,000 days" })
    }
}

fn check_terms(row: usize, terms: &Terms) -> Result<(), NetworkError> {
    for (field, value) in [
        ("prepaid_share", terms.prepaid_share),
        ("season_settlement_share", terms.season_settlement_share),
        ("theft_share", terms.theft_share),
        ("retention_share", terms.retention_share),
        ("compensation_share", terms.compensation_share),
    ] {
        share("terms", row, field, value)?;
    }
    for (field, value) in [
        ("inspection_days", terms.inspection_days),
        ("net_days", terms.net_days),
        ("purchase_lead_days", terms.purchase_lead_days),
        ("input_window_days", terms.input_window_days),
        ("input_lead_days", terms.input_lead_days),
        ("slack_days", terms.slack_days),
    ] {
        days("terms", row, field, value)?;
    }
    for (field, value) in [
        ("stock_days", terms.stock_days),
        ("hold_patience_days", terms.hold_patience_days),
        ("over_shipment_share", terms.over_shipment_share),
        ("ceiling_days", terms.ceiling_days),
        ("stop_after_days", terms.stop_after_days),
        ("grace_days", terms.grace_days),
        ("cancel_late_days", terms.cancel_late_days),
    ] {
        at_least_zero("terms", row, field, value)?;
    }
    // Closing more than the whole gap in a day overshoots ever further.
    if terms.restock_days < 1.0 {
        return Err(NetworkError::BadNumber { table: "terms", row, field: "restock_days", value: terms.restock_days, must: "at least 1" });
    }
    Ok(())
}

/// Days of a term as a whole number of steps.
pub fn whole_days(days: f64) -> i32 {
    if days >= f64::from(NEVER) { NEVER } else { (days + 0.5).floor() as i32 }
}

struct Builder<'a> {
    network: &'a Network,
    calendar: &'a Calendar,
    plan: Plan,
    way_of: BTreeMap<(u32, u32), u32>,
    slot_of: BTreeMap<(u32, u32), u32>,
}

impl<'a> Builder<'a> {
    fn new(network: &'a Network, calendar: &'a Calendar) -> Self {
        let firm_country = network.firms.iter().map(|f| network.places[f.place.index()].country.0).collect();
        let plan = Plan {
            network: Network::default(),
            calendar: Calendar::new(Day(0), Day(-1)),
            ways: Vec::new(),
            gates: network.crossings.len() * 2 * network.classes as usize,
            slot_firm: Vec::new(),
            slot_product: Vec::new(),
            slot_lookahead: Vec::new(),
            lookahead_max: 0,
            slot_lead_days: Vec::new(),
            slot_by_supplier: Vec::new(),
            any_by_supplier: false,
            input_slot: vec![NONE; network.inputs.len()],
            firm_first_line: Vec::new(),
            firm_lines: Vec::new(),
            firm_first_order: Vec::new(),
            line_standing: vec![false; network.lines.len()],
            line_steady: vec![false; network.lines.len()],
            steady_rate: Vec::new(),
            standing: Standing::default(),
            orders: Orders::default(),
            consigned: Consigned::default(),
            scheduled_contracts: 0,
            order_firms: Vec::new(),
            making_firms: Vec::new(),
            line_price: Vec::new(),
            own_input_value: Vec::new(),
            maker_input_value: Vec::new(),
            placings: Vec::new(),
            cells: 0,
            due_cells: 0,
            demand_cells: Vec::new(),
            waiting_cells: 0,
            seasonal: network.demands.iter().any(|d| d.season.is_some()),
            firm_country,
            processor: vec![false; network.firms.len()],
            client: vec![false; network.firms.len()],
            events: Vec::new(),
            changes: Vec::new(),
        };
        Self { network, calendar, plan, way_of: BTreeMap::new(), slot_of: BTreeMap::new() }
    }

    /// The way of a route for a class, made at first use.
    fn way(&mut self, route: RouteId, class: ClassId) -> u32 {
        if let Some(&way) = self.way_of.get(&(route.0, class.0)) {
            return way;
        }
        let hops: Vec<(u32, u32)> = self.network.routes[route.index()]
            .legs
            .iter()
            .map(|leg| (leg.crossing.map_or(NO_GATE, |(c, d)| gate(self.network, c, d, class)), leg.days))
            .collect();
        let way = self.plan.ways.len() as u32;
        self.plan.ways.push(Way::new(&hops));
        self.way_of.insert((route.0, class.0), way);
        way
    }

    fn take_cells(&mut self, way: u32) -> u32 {
        let first = self.plan.cells as u32;
        self.plan.cells += self.plan.ways[way as usize].cells as usize;
        first
    }

    /// A slot for every (firm, product) that can hold stock, sorted by firm, then product.
    fn slots(&mut self) {
        let network = self.network;
        let mut pairs = Vec::new();
        for line in &network.lines {
            for input in &network.inputs[line.first_input as usize..line.last_input as usize] {
                if input.supplied_by == SuppliedBy::Maker {
                    pairs.push((line.firm.0, input.product.0));
                }
            }
        }
        for demand in &network.demands {
            // What serves final demand is made for the maker's own account, so it takes its inputs from its own store.
            let firm = network.lines[demand.line.index()].firm.0;
            pairs.extend(network.inputs_of(demand.line).iter().map(|input| (firm, input.product.0)));
        }
        let contracts = &network.contracts;
        for row in 0..contracts.len() {
            let seller = contracts.seller[row];
            pairs.push((contracts.buyer[row].0, network.lines[seller.index()].product.0));
            for input in network.inputs_of(seller).iter().filter(|i| i.supplied_by == SuppliedBy::Client) {
                let holder =
                    if contracts.kind[row] == Kind::Processing { contracts.buyer[row] } else { network.lines[seller.index()].firm };
                pairs.push((holder.0, input.product.0));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let plan = &mut self.plan;
        plan.slot_firm = pairs.iter().map(|p| p.0).collect();
        plan.slot_product = pairs.iter().map(|p| p.1).collect();
        plan.slot_lookahead = vec![0; pairs.len()];
        plan.slot_lead_days = vec![0.0; pairs.len()];
        plan.slot_by_supplier = vec![false; pairs.len()];
        self.slot_of = pairs.iter().enumerate().map(|(k, &p)| (p, k as u32)).collect();
    }

    fn slot(&self, firm: u32, product: u32) -> u32 {
        self.slot_of.get(&(firm, product)).copied().unwrap_or(NONE)
    }

    fn lines(&mut self) {
        let network = self.network;
        let mut by_firm: Vec<u32> = (0..network.lines.len() as u32).collect();
        by_firm.sort_by_key(|&l| (network.lines[l as usize].firm, l));
        self.plan.firm_first_line = offsets(network.firms.len(), by_firm.iter().map(|&l| network.lines[l as usize].firm.index()));
        self.plan.firm_lines = by_firm;
        for line in &network.lines {
            for row in line.first_input as usize..line.last_input as usize {
                // Nothing of it is needed: it binds nothing and is never ordered.
                if network.inputs[row].per_unit > 0.0 {
                    self.plan.input_slot[row] = self.slot(line.firm.0, network.inputs[row].product.0);
                }
            }
        }
        for demand in &network.demands {
            self.plan.line_standing[demand.line.index()] = true;
            self.plan.demand_cells.push(self.plan.waiting_cells as u32);
            self.plan.waiting_cells += demand.patience_days as usize;
        }
    }

    fn standing(&mut self) {
        let network = self.network;
        let contracts = &network.contracts;
        for row in 0..contracts.len() {
            let terms = &network.terms[contracts.terms[row].index()];
            if terms.ordering == Ordering::Schedule {
                continue;
            }
            let line = contracts.seller[row];
            let product = network.lines[line.index()].product;
            let class = terms.class.unwrap_or(network.products[product.index()].class);
            let way = self.way(contracts.route[row], class);
            let cells = self.take_cells(way);
            let slot = self.slot(contracts.buyer[row].0, product.0);
            let lead = self.plan.ways[way as usize].lead_days;
            let planned = terms.ordering == Ordering::Plan;
            let plan = &mut self.plan;
            plan.line_standing[line.index()] = true;
            plan.line_steady[line.index()] |= !planned;
            let k = slot as usize;
            if planned {
                plan.slot_lookahead[k] = plan.slot_lookahead[k].max(lead).max(whole_days(terms.purchase_lead_days) as u32);
            }
            plan.slot_by_supplier[k] |= terms.stock_by_supplier;
            plan.any_by_supplier |= terms.stock_by_supplier;
            let price = contracts.price_per_unit[row];
            let flow = plan.standing.contract.len() as u32;
            let standing = &mut plan.standing;
            standing.contract.push(ContractId::from(row));
            standing.line.push(line.0);
            standing.slot.push(slot);
            standing.share.push(contracts.share[row]);
            standing.way.push(way);
            standing.cells.push(cells);
            standing.lead_days.push(f64::from(lead));
            standing.stock_days.push(terms.stock_days);
            standing.restock_days.push(terms.restock_days.max(1e-9));
            standing.patience_days.push(whole_days(terms.hold_patience_days).max(0) as u32);
            standing.planned.push(planned);
            standing.by_supplier.push(terms.stock_by_supplier);
            standing.theft_share.push(terms.theft_share);
            if price > 0.0 {
                let pay_days = whole_days(terms.inspection_days + terms.net_days).max(0) as u32;
                standing.priced.push(flow);
                standing.price.push(price);
                standing.pay_days.push(pay_days);
                standing.due_cells.push(plan.due_cells as u32);
                plan.due_cells += pay_days as usize + 1;
            }
        }
        self.mean_leads();
    }

    /// Share-weighted mean travel time per slot: Σ w·L / Σ w.
    fn mean_leads(&mut self) {
        let plan = &mut self.plan;
        let mut weight = vec![0.0; plan.slot_firm.len()];
        for flow in 0..plan.standing.slot.len() {
            let k = plan.standing.slot[flow] as usize;
            weight[k] += plan.standing.share[flow];
            plan.slot_lead_days[k] += plan.standing.share[flow] * plan.standing.lead_days[flow];
        }
        for (lead, weight) in plan.slot_lead_days.iter_mut().zip(&weight) {
            *lead = if *weight > 0.0 { *lead / weight } else { 1.0 };
        }
    }

    fn orders(&mut self) {
        let network = self.network;
        let contracts = &network.contracts;
        let seller_firm = |o: &Order| network.lines[contracts.seller[o.contract.index()].index()].firm;
        let mut rows: Vec<u32> = (0..network.orders.len() as u32).collect();
        rows.sort_by_key(|&r| {
            let order = &network.orders[r as usize];
            (seller_firm(order), order.due, r)
        });
        self.plan.firm_first_order = offsets(network.firms.len(), rows.iter().map(|&r| seller_firm(&network.orders[r as usize]).index()));
        self.plan.orders.first_input.push(0);
        let mut accounts = BTreeMap::new();
        for row in rows {
            let next = accounts.len() as u32;
            let account = *accounts.entry(network.orders[row as usize].contract).or_insert(next);
            self.plan.orders.account.push(account);
            self.order(row);
        }
        self.plan.scheduled_contracts = accounts.len();
        let orders = &self.plan.orders;
        self.plan.placings = (0..orders.placed.len() as u32).map(|o| (orders.placed[o as usize].max(0), o)).collect();
        self.plan.placings.sort_unstable();
    }

    fn order(&mut self, row: u32) {
        let network = self.network;
        let order = &network.orders[row as usize];
        let contract = order.contract.index();
        let terms = &network.terms[network.contracts.terms[contract].index()];
        let line = network.contracts.seller[contract];
        let buyer = network.contracts.buyer[contract];
        let product = network.lines[line.index()].product;
        let class = terms.class.unwrap_or(network.products[product.index()].class);
        let processing = network.contracts.kind[contract] == Kind::Processing;
        let way = self.way(network.contracts.route[contract], class);
        let cells = self.take_cells(way);
        let input_way = if processing { self.way(network.contracts.input_route[contract], class) } else { NONE };
        let input_lead =
            if processing { self.plan.ways[input_way as usize].lead_days as i32 + whole_days(terms.input_lead_days) } else { 0 };

        let due = order.due.0 - self.calendar.start.0;
        let work_start = due - whole_days(terms.slack_days) - whole_days(terms.input_window_days);
        let send_start = work_start - input_lead;
        let interval = terms.collection_interval_days.max(1.0);
        let phase = whole_days(network.contracts.collection_phase_share[contract] * interval) - 1;
        let slot = self.slot(buyer.0, product.0);
        let firm = network.lines[line.index()].firm;
        if processing {
            self.plan.processor[firm.index()] = true;
            self.plan.client[buyer.index()] = true;
        }
        let orders = &mut self.plan.orders;
        orders.row.push(OrderId(row));
        orders.contract.push(order.contract);
        orders.line.push(line.0);
        orders.buyer.push(buyer.0);
        orders.slot.push(slot);
        orders.quantity.push(order.quantity);
        orders.placed.push(send_start - whole_days(terms.purchase_lead_days));
        orders.send_start.push(send_start);
        orders.work_start.push(work_start);
        orders.due.push(due);
        // A grace without end never becomes a claim; days are counted exactly, so half a day rounds up.
        orders.claim_from.push(if terms.grace_days.is_finite() { due.saturating_add(terms.grace_days.ceil() as i32) } else { NEVER });
        orders.season_end.push(order.season_end.map_or(NEVER, |d| d.0 - self.calendar.start.0));
        orders.price.push(network.contracts.price_per_unit[contract]);
        orders.way.push(way);
        orders.input_way.push(input_way);
        orders.cells.push(cells);
        orders.first_collection.push(phase.max(0));
        let interval = terms.consignment_interval_days.max(1.0);
        // From the window's start every interval, as often as the window allows: the last leaves lead + slack before due.
        orders.consignments.push((terms.input_window_days / interval).floor() + 1.0);
        if processing {
            self.consign(line, buyer, terms, input_way);
        }
        let inputs = self.plan.consigned.product.len() as u32;
        self.plan.orders.first_input.push(inputs);
    }

    fn consign(&mut self, line: LineId, buyer: FirmId, terms: &Terms, input_way: u32) {
        let network = self.network;
        for input in network.inputs_of(line).iter().filter(|i| i.supplied_by == SuppliedBy::Client && i.per_unit > 0.0) {
            let store = self.slot(buyer.0, input.product.0);
            let cells = self.take_cells(input_way);
            let consigned = &mut self.plan.consigned;
            consigned.product.push(input.product.0);
            consigned.store.push(store);
            consigned.sent_per_unit.push(input.per_unit * (1.0 + terms.over_shipment_share));
            consigned.used_per_unit.push(input.per_unit * (1.0 + input.waste_share));
            consigned.cells.push(cells);
        }
    }

    fn finish(mut self, steady_rate: Vec<f64>) -> Plan {
        self.plan.steady_rate = steady_rate;
        self.values();
        let mut plan = self.plan;
        plan.lookahead_max = plan.slot_lookahead.iter().copied().max().unwrap_or(0);
        let some = |first: &[u32]| (0..first.len() as u32 - 1).filter(|&f| first[f as usize] < first[f as usize + 1]).collect();
        plan.order_firms = some(&plan.firm_first_order);
        plan.making_firms = some(&plan.firm_first_line);
        plan
    }

    /// Prices and input values per unit of each line, for output and value added.
    fn values(&mut self) {
        let network = self.network;
        let bought = self.purchase_prices();
        let cost = |line: &Line, all: bool| -> f64 {
            (line.first_input as usize..line.last_input as usize)
                .map(|row| &network.inputs[row])
                .filter(|input| all || input.supplied_by == SuppliedBy::Maker)
                .map(|input| {
                    let at_cost = network.products[input.product.index()].value_per_unit;
                    let price = bought.get(&(line.firm.0, input.product.0)).copied().unwrap_or(at_cost);
                    input.per_unit * (1.0 + input.waste_share) * price
                })
                .sum()
        };
        let prices = self.selling_prices();
        let plan = &mut self.plan;
        for (line, price) in network.lines.iter().zip(prices) {
            let listed = network.products[line.product.index()].value_per_unit;
            // Where nothing is priced quantities are money.
            plan.line_price.push(price.unwrap_or(if listed > 0.0 { listed } else { 1.0 }));
            plan.own_input_value.push(cost(line, true));
            plan.maker_input_value.push(cost(line, false));
        }
    }

    /// What a firm pays for a product: the mean over its purchases, weighted by share or ordered quantity. A fee is no price of the goods.
    fn purchase_prices(&self) -> BTreeMap<(u32, u32), f64> {
        let network = self.network;
        let contracts = &network.contracts;
        let mut ordered = vec![0.0; contracts.len()];
        for order in &network.orders {
            ordered[order.contract.index()] += order.quantity;
        }
        let mut sums: BTreeMap<(u32, u32), (f64, f64)> = BTreeMap::new();
        for row in (0..contracts.len()).filter(|&r| contracts.kind[r] == Kind::Sale && contracts.price_per_unit[r] > 0.0) {
            let standing = network.terms[contracts.terms[row].index()].ordering != Ordering::Schedule;
            let weight = if standing { contracts.share[row] } else { ordered[row] };
            let product = network.lines[contracts.seller[row].index()].product;
            let sum = sums.entry((contracts.buyer[row].0, product.0)).or_default();
            sum.0 += weight * contracts.price_per_unit[row];
            sum.1 += weight;
        }
        sums.into_iter().filter(|(_, (_, weight))| *weight > 0.0).map(|(key, (sum, weight))| (key, sum / weight)).collect()
    }

    /// What a line's standing output sells for: the mean over final demand and restock contracts, weighted by steady quantity.
    fn selling_prices(&self) -> Vec<Option<f64>> {
        let network = self.network;
        let contracts = &network.contracts;
        let mut sums = vec![(0.0, 0.0); network.lines.len()];
        for demand in network.demands.iter().filter(|d| d.price_per_unit > 0.0) {
            sums[demand.line.index()].0 += demand.quantity_per_day * demand.price_per_unit;
            sums[demand.line.index()].1 += demand.quantity_per_day;
        }
        let flows = steady::contract_flows(network, &self.plan.steady_rate);
        // Contracts without a steady flow (plans, order lines) count only where nothing else is known.
        let mut plain = vec![(0.0, 0.0); network.lines.len()];
        for row in (0..contracts.len()).filter(|&r| contracts.price_per_unit[r] > 0.0) {
            let (line, price) = (contracts.seller[row].index(), contracts.price_per_unit[row]);
            sums[line].0 += flows[row] * price;
            sums[line].1 += flows[row];
            plain[line].0 += price;
            plain[line].1 += 1.0;
        }
        let mean = |(sum, weight): (f64, f64)| (weight > 0.0).then(|| sum / weight);
        sums.into_iter().zip(plain).map(|(weighted, plain)| mean(weighted).or(mean(plain))).collect()
    }
}

/// Offsets of groups `0..count` in a list sorted by group.
fn offsets(count: usize, groups: impl Iterator<Item = usize>) -> Vec<u32> {
    let mut first = vec![0_u32; count + 1];
    for group in groups {
        first[group + 1] += 1;
    }
    for k in 0..count {
        first[k + 1] += first[k];
    }
    first
}

/// Whether a demand is in season on a day of the year.
pub fn in_season(demand: &Demand, day: MonthDay) -> bool {
    demand.season.is_none_or(|(from, to)| crate::calendar::in_season(day, from, to))
}
