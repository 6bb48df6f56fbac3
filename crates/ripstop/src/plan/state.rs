//! Everything that changes from day to day, as columns allocated once.

use blake3::Hasher;

use super::Plan;
use super::columns::{RestoreError, columns};

columns! {
    /// The state at the end of a day (columns marked *today* are scratch of the day).
    pub struct State {
        // --- factors of the day, set by `events`
        /// Line → capacity factor.
        capacity_factor: f64,
        /// Firm → attendance factor.
        attendance_factor: f64,
        /// Demand → factor.
        demand_factor: f64,
        /// Contract → share of new orders that is placed.
        order_factor: f64,
        /// Contract → 1 on the day its open orders are cancelled.
        cancelled_today: u8,
        /// Currency → value of a unit in currency 0 today.
        rate: f64,
        /// Currency → factor of events on its rate.
        rate_factor: f64,
        /// Contract → share of deliveries refused by event.
        refusal: f64,
        /// Contract → share of orders that rules leave (this and the columns to `fined` only where rules act).
        allowed: f64,
        /// Contract → share of open order lines that a rule stops today.
        barred_today: f64,
        /// Contract → event that watches it, counted from 1; 0: none.
        watched: u32,
        /// Contract → share of the relation that seizures have left.
        relation: f64,
        /// Order → finished and not to leave, by rule.
        barred: f64,
        /// Line → standing orders stopped by rules today.
        forbidden: f64,
        /// Standing flow → of what a plan still asks for, what rules have stopped, units.
        forgone: f64,
        /// Standing flow → share of its orders that rules left yesterday; followed for plans only.
        lawful_before: f64,
        /// Firm → fines not yet paid, firm's currency.
        fine_due: f64,
        /// Firm → fines paid so far, currency 0.
        fined: f64,
        /// One number: firms that have stopped for good.
        ended_firms: u32,
        /// Firm → see [`Condition`].
        condition: u8,
        /// Gate → open share ρ.
        open: f64,
        /// Gate → share of the held released today.
        release: f64,
        /// Path → number of its gates with ρ = 0.
        shut_gates: u32,
        /// Path → consecutive days with a shut gate.
        shut_days: u32,
        /// Place → days in a row on which it is out of reach, today included (only where events freeze, as the next three).
        frozen_days: u32,
        /// Standing flow → has come and waits before a place out of reach, units.
        flow_waits: f64,
        /// Order → the same of its goods.
        order_waits: f64,
        /// Order input → the same.
        input_waits: f64,

        // --- goods
        /// Stock point → stock, units.
        stock: f64,
        /// Cells of everything on the way and held, units: stream after stream ([`crate::plan::Stream`]), then order lines and their
        /// inputs.
        cells: f64,
        /// Line → finished standing goods, units.
        finished: f64,
        /// Demand → waiting cells, by age.
        waiting: f64,
        /// Standing flow → ordered today.
        ordered: f64,
        /// Standing flow → shipped today.
        shipped: f64,
        /// Standing flow → arrived today.
        arrived: f64,
        /// Standing flow → on the way after today's arrivals.
        in_transit: f64,
        /// Standing flow → passed the first crossing of its path today (only where contracts are recorded).
        flow_cleared: f64 [counted],
        /// Standing flow → consecutive days with goods held.
        held_days: u32,
        /// Standing flow → [`SELLER_GONE`], [`BUYER_GONE`] where one has stopped for good.
        flow_gone: u8,
        /// Standing flow → most it may order today under its credit limit (only where there are such limits).
        credit_room: f64,
        /// Standing flow → how it stands with its buyer, [`SOUND`], [`FAILING`] or [`RECOVERING`] (only where shares bind; so of the next
        /// three).
        trouble: u8,
        /// Stock point → sellers that fail.
        point_failing: u32,
        /// Stock point → sellers that come back.
        point_recovering: u32,
        /// Stock point → need without backlog today.
        bare_need: f64,
        /// Standing flow → ordered today and blocked (only where orders can move or be taken over).
        flow_blocked: f64,
        /// Standing flow → what it fails to bring today, or has failed to bring before (only where others take over).
        flow_missing: f64,
        /// Ramp → days of failure from 1, days since its end from −1 ([`crate::rule::switching`]).
        ramp_clock: i32,
        /// Ramp → how far it is, 0 to 1.
        ramp_level: f64,
        /// Order line → units lost by its seller that still look for another (only where that takes time).
        order_looking: f64,
        /// Cells of goods from newcomers on the way.
        newcomer_cells: f64,
        /// Newcomer → ordered today.
        newcomer_ordered: f64,
        /// Product → entered the network from newcomers today.
        imported: f64,
        /// Stock point → orders that look for another seller today (only where orders can move).
        point_moved: f64,
        /// Stock point → what standby flows could take over today (only where orders can move).
        point_standby: f64,
        /// Limit × class → tonnes waiting today.
        limit_wanted: f64,
        /// Limit × class → share that sets out today.
        limit_share: f64,
        /// Standing flow → stock from this supplier (only where stock is kept per supplier).
        supplier_stock: f64,

        // --- planning
        /// Line → expected orders E, units per day.
        expected: f64,
        /// Line → standing orders and final demand received today.
        received: f64,
        /// Line → standing demand that can leave today.
        wanted: f64,
        /// Line → standing orders that cannot leave today.
        blocked: f64,
        /// Line → 1 if a final demand of it is in season today.
        in_season: u8,
        /// Line → standing orders cut or cancelled today.
        withheld: f64,
        /// Line → unmet final demand that waits.
        backlog: f64,
        /// Line → open sale order lines, quantity left / days to due.
        order_rate: f64,
        /// Line → open processing order lines, quantity left / days to due.
        processing_rate: f64,
        /// Line → what it usually makes on a day like this: of lines without a limit events leave a share of it (only where an event hits
        /// one).
        usual_output: f64,
        /// Line → work left of its order lines, summed by due date, units (this and the next only where order lines are worked by a plan).
        line_load: f64,
        /// Line → units to be worked ahead today, since the days to come cannot take them.
        line_ahead: f64,
        /// Line → capacity left today.
        capacity_left: f64,
        /// Line → output today at its price, currency.
        output_value: f64,
        /// Line → output today less purchased inputs, currency.
        value_added: f64,
        /// Line → share of the wanted that is served today.
        served: f64,
        /// Line → output today.
        output: f64,
        /// Line → labour used today, worker-days.
        labour_used: f64,
        /// Line → cause of the day.
        cause: u32,
        /// Line → finished goods waiting at the seller.
        waiting_goods: f64 [counted],
        /// Line → of these, due to leave but without an open route.
        stranded: f64,
        /// Line → of these, due to leave and waiting for transport.
        delayed: f64,
        /// Stock point → need per day at the planned rate today.
        need: f64,
        /// Stock point → input wanted by standing production, or consigned inputs wanted, today.
        point_wanted: f64,
        /// Stock point → share of the stock left after today's use (only where stock is kept per supplier).
        point_keep: f64,
        /// Stock point → units taken out today, where suppliers' parts have covers of their own.
        point_used: f64,
        /// Stock point → inputs that placed orders need within the look-ahead, not yet sent.
        planned_need: f64,
        /// Stock point → position (stock and on the way) of restock and plan.
        position: f64,
        /// Demand → wanted today.
        demand_wanted: f64,
        /// Demand → met today.
        demand_met: f64,
        /// Demand → lost today.
        demand_lost: f64,

        // --- order lines
        /// Order → placed quantity after cuts and cancellation, units.
        target: f64,
        /// Order → made so far.
        made: f64,
        /// Order → finished and still at the seller.
        order_finished: f64,
        /// Order → of these, due to leave but without an open route.
        order_stranded: f64,
        /// Order → of these, due to leave and waiting for transport.
        order_delayed: f64,
        /// Order → shipped so far.
        order_shipped: f64,
        /// Order → delivered so far (before theft for processing fees, after theft for sales).
        billed: f64,
        /// Order → arrived today, units billed.
        billed_today: f64,
        /// Order → on the way or held, units.
        order_in_transit: f64,
        /// Order → 1 while inputs are to be sent.
        unsent: u8,
        /// Order → 1 if inputs are sent today.
        sending: u8,
        /// Order → 1 if nothing of it is on the way: neither goods nor inputs nor leftovers.
        quiet: u8,
        /// Order → life stage, see [`Stage`].
        stage: u8,
        /// Order → 1 if part of it was cut, withheld or cancelled, 2 if by a rule.
        cut: u8,
        /// Order → prepayment received, not yet set off.
        advance: f64,
        /// Order → prepaid, per unit of target.
        advance_per_unit: f64,
        /// Scheduled contract → advances of closed order lines, set off against later invoices.
        credit: f64,
        /// Order → compensation claimed now.
        claim: f64,
        /// Order → compensation paid and not yet set off.
        compensation: f64,
        /// Order → paid so far, all parts.
        paid: f64,
        /// Order input → stock at the maker, units.
        input_stock: f64,
        /// Order input → sent so far, units.
        input_sent: f64,
        /// Order input → on the way or held, units.
        input_in_transit: f64,
        /// Order input → wanted for sending today.
        input_wanted: f64,
        /// Order input → leftovers on their way back, units.
        returning: f64,
        /// Order input → step at which leftovers are back.
        return_step: i32,
        /// Firm → first of its order lines that is not over.
        order_low: u32,
        /// Firm → end of its order lines that have been placed.
        order_high: u32,

        // --- money
        /// Account → cash.
        cash: f64,
        /// Invoice → payer.
        invoice_payer: u32 [grows],
        /// Invoice → payee.
        invoice_payee: u32 [grows],
        /// Invoice → order line.
        invoice_order: u32 [grows],
        /// Invoice → still to be paid.
        invoice_left: f64 [grows],
        /// Invoice → step at which it is due.
        invoice_due: i32 [grows],
        /// Scheduled contract → owed by the buyer, goods on the way included (only where there are credit limits).
        account_open: f64,
        /// Open invoices, by due step, then number.
        invoices_open: u32 [grows],
        /// Rings of amounts due, day by day ([`crate::plan::PayTerm`]).
        due_cells: f64,
        /// Priced flow → sum of its ring: what the buyer is to pay on later days.
        due_later: f64,
        /// Pay term → where what is due today stands in its ring.
        due_today: u32,
        /// Pay term → where what is delivered today is entered.
        due_last: u32,
        /// Priced flow → overdue amount.
        overdue: f64,
        /// Priced flow → paid when goods left and not set off yet, contract's currency (only where anything is prepaid so).
        paid_ahead: f64,
        /// Priced flow → units on the way yesterday evening (likewise).
        ahead_units: f64,
        /// Firm → open receivables after today's payments.
        receivable: f64,
        /// Firm → of these overdue.
        receivable_overdue: f64,
        /// Firm → due and unpaid because its cash does not suffice, currency 0.
        payable_overdue: f64,
        /// Firm → days in a row with such debts.
        insolvent_days: u32,
        /// Firm → claims on insolvent firms lost so far, currency 0.
        bad_debt: f64,
        /// Firm → money its owner put in to rescue it so far, currency 0.
        rescued: f64,
        /// Firm → workforce, persons.
        workforce: f64,
        /// Firm → labour that orders and inputs ask for today, worker-days.
        labour_asked: f64,
        /// Firm → working days this month.
        workdays: f64,
        /// Firm → worker-days worked this month.
        worked: f64,
        /// Firm → worker-days idle this month.
        idle: f64,
        /// Firm → arrears of wages, currency.
        arrears: f64,
        /// Firm → arrears of wages, worker-days.
        arrears_days: f64,
        /// Firm → labour present today, worker-days.
        present: f64,
        /// Firm → labour of those on its payroll this morning, worker-days; 0 on rest days.
        employed: f64 [counted],
        /// Firm → labour left today, worker-days.
        labour_left: f64,
        /// Firm → wages paid so far.
        wages_paid: f64,
        /// Firm → wages earned so far, paid or in arrears.
        wages_due: f64,
        /// Firm → fees and prices received so far.
        received_money: f64,
        /// Firm → handed to state and owner so far.
        handed_over: f64,

        // --- counts of the day, per product
        /// Product → produced.
        produced: f64,
        /// Product → used as input, with waste.
        used: f64,
        /// Product → sold to final demand.
        sold: f64,
        /// Product → sent into a way that is shut, units.
        sent_shut: f64 [counted],
        /// Product → stolen.
        lost: f64,
        /// Product → spoilt.
        spoilt: f64,
        /// Product → refused at inspection and destroyed.
        refused: f64,
        /// Product → seized.
        seized: f64,
        /// Product → retained by processors.
        retained: f64,
        /// Product → written off.
        written_off: f64,
        /// Product → destroyed in store (this and the next three only where events take goods).
        destroyed: f64,
        /// Product → carried out of places to its owners.
        carried_out: f64,
        /// Product → lost with a place that was out of reach.
        forfeited: f64,
        /// Product → sold by whoever held a place out of reach.
        sold_off: f64,
        /// Product → content of the system at the end of the day.
        content: f64,
        /// Gate → value passed today.
        passed: f64,
        /// Contract and input ([`Plan::contract_inputs`]) → arrived at the maker today, units.
        inputs_today: f64,
        /// Contract → left the seller today, units (this and the next only where there are crossings and contracts are recorded).
        sent_today: f64 [counted],
        /// Contract → passed the first crossing of its path today, units.
        cleared_today: f64 [counted],
        /// Contract and input → sent by the client today, units.
        inputs_sent_today: f64,
        /// Contract and input → passed the first crossing of its path today, units.
        inputs_cleared_today: f64,
        /// Line → units lost on the way so far.
        line_lost: f64,
        /// Order → kept of its goods by the maker so far, units (this and the next only where makers keep any).
        order_retained: f64 [counted],
        /// Order input → kept of what was left by the maker so far, units.
        input_retained: f64 [counted],

        // --- bulk lines and contracts ([`crate::bulk::passes`]); the last columns are scratch
        /// Cell of a bulk row → stock as the morning left it, over the share of its supplier where it is kept per supplier.
        bulk_stock: f64,
        /// Line → planned rate of today's bulk orders.
        bulk_rate: f64,
        /// Line → that of yesterday's.
        bulk_rate_before: f64,
        /// Line → share of every bulk order that is served; a negative sign: level in normal orders.
        bulk_given: f64,
        /// Line → what bulk customers beyond the level get, in normal orders (compat only).
        bulk_over: f64,
        /// Line → what bulk customers without an order get, in normal orders (compat only).
        bulk_first: f64,
        /// Line → bulk orders received today.
        bulk_ordered: f64,
        /// Line → sent to bulk customers today.
        bulk_sent: f64,
        /// Product → units the rule of a program followed to the last digit gave beyond what there was (below zero: kept back) today.
        misallocated: f64,
        /// Bulk line → most its inputs allow today.
        bulk_bound: f64,
        /// Bulk line → input product that allows least.
        bulk_scarce: u32,
        /// Message → order over normal order today (compat only).
        bulk_ratio: f64,
        /// Message → what the seller gives, then what the buyer orders.
        bulk_messages: f64,
        /// Level line × 5 → its fill: level, beyond it, without an order, final demand, sent.
        bulk_fills: f64,
        /// Bulk flow → arrived today (only where contracts are recorded).
        bulk_arrived: f64 [counted],
        /// Task × product → stock of bulk rows in the morning.
        bulk_morning: f64,
        /// Product → used by bulk lines today.
        bulk_used: f64,
        /// Chunk × two sums × product: what one task has summed.
        bulk_sums: f64,
        /// Product → bulk goods in the evening.
        bulk_content: f64,
        /// Output and value added of bulk lines, final demand wanted and met, at prices, today.
        bulk_totals: f64,

        // --- damage
        /// Damped damage → share of capacity it leaves lost.
        damage_left: f64,
        /// Firm → largest share of capacity damage took yesterday (only with damped damage).
        firm_damage: f64,
        /// Firm → the same today.
        firm_damage_today: f64,
    }
}

/// The seller of a standing flow has stopped for good.
pub const SELLER_GONE: u8 = 1;
/// The buyer of a standing flow has stopped for good.
pub const BUYER_GONE: u8 = 2;

/// A standing flow of which nothing is missing.
pub const SOUND: u8 = 0;
/// Its first route is shut, its seller has ended, or served less than was ordered yesterday.
pub const FAILING: u8 = 1;
/// It fails no more, but what it failed to bring is still missing.
pub const RECOVERING: u8 = 2;

/// How a firm stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Condition {
    /// It pays what is due.
    Sound = 0,
    /// Its liquidity is gone; it goes on.
    Insolvent = 1,
    /// It has stopped for good.
    Ended = 2,
}

/// Life of an order line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Stage {
    /// Not yet placed.
    Future = 0,
    /// Placed, being made or shipped.
    Open = 1,
    /// Nothing left to make; goods may still be on the way.
    Made = 2,
    /// Everything delivered, leftovers settled.
    Closed = 3,
}

/// Below this share of an order line nothing is left to do.
pub const NOTHING: f64 = 1e-9;
/// `State::cut` of an order line that a rule has cut.
pub const CUT_BY_RULE: u8 = 2;

impl State {
    /// Today's value in currency 0 of a unit of the currency of an order line.
    pub fn rate_of_order(&self, plan: &Plan, order: usize) -> f64 {
        if plan.currencies == 1 { 1.0 } else { self.rate[plan.orders.currency[order] as usize] }
    }

    /// Cash of all accounts, and its size, per currency.
    pub fn money(&self, plan: &Plan, sums: &mut [(f64, f64)]) {
        if let [all] = sums {
            *all = (self.cash.iter().sum(), self.cash.iter().map(|cash| cash.abs()).sum());
            return;
        }
        sums.fill((0.0, 0.0));
        for (account, cash) in self.cash.iter().enumerate() {
            let sum = &mut sums[plan.account_currency(account)];
            *sum = (sum.0 + cash, sum.1 + cash.abs());
        }
    }

    /// Whether a firm has stopped for good.
    pub fn ended(&self, firm: usize) -> bool {
        self.ended_firms[0] > 0 && self.condition[firm] == Condition::Ended as u8
    }

    /// Whether the place of a firm is out of reach.
    pub fn frozen(&self, plan: &Plan, firm: usize) -> bool {
        !self.frozen_days.is_empty() && self.frozen_days[plan.network.firms[firm].place.index()] > 0
    }

    /// Days in a row on which it is, today included.
    pub fn days_frozen(&self, plan: &Plan, firm: usize) -> u32 {
        self.frozen_days.get(plan.network.firms[firm].place.index()).copied().unwrap_or(0)
    }

    /// Whether what a line has finished for standing business is stranded: everything that is asked of it today cannot leave.
    pub fn standing_stranded(&self, line: usize) -> bool {
        self.blocked.get(line).is_some_and(|&blocked| blocked > 0.0) && self.wanted[line] == 0.0
    }

    /// Whether the ids in columns that grow, and the windows of order lines, are rows of the plan: asked of a restored state.
    ///
    /// Errors: the first that is not.
    pub fn check(&self, plan: &Plan) -> Result<(), RestoreError> {
        let count = self.invoice_left.len();
        for (column, found) in [
            ("invoice_payer", self.invoice_payer.len()),
            ("invoice_payee", self.invoice_payee.len()),
            ("invoice_order", self.invoice_order.len()),
            ("invoice_due", self.invoice_due.len()),
        ] {
            if found != count {
                return Err(RestoreError::Length { column: column.to_string(), found, wanted: count });
            }
        }
        let (firms, orders) = (plan.network.firms.len(), plan.orders.row.len());
        for (name, column, below) in [
            ("invoice_payer", &self.invoice_payer, firms),
            ("invoice_payee", &self.invoice_payee, firms),
            ("invoice_order", &self.invoice_order, orders),
            ("invoices_open", &self.invoices_open, count),
            ("order_low", &self.order_low, orders + 1),
            ("order_high", &self.order_high, orders + 1),
        ] {
            if let Some(&wrong) = column.iter().find(|&&id| id as usize >= below) {
                return Err(RestoreError::Value { column: name.to_string(), found: u64::from(wrong) });
            }
        }
        Ok(())
    }

    /// A hash of the whole state: equal bits, equal hash.
    pub fn hash(&self) -> String {
        let mut hasher = Hasher::new();
        self.feed(&mut hasher);
        hasher.finalize().to_hex().to_string()
    }
}
