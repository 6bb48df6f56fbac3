//! Everything that changes from day to day, as columns allocated once.

use blake3::Hasher;

use crate::columns::{RestoreError, columns};
use crate::network::StartState;
use crate::plan::{NONE, Plan};

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
        /// Way → number of its gates with ρ = 0.
        shut_gates: u32,
        /// Way → consecutive days with a shut gate.
        shut_days: u32,

        // --- goods
        /// Slot → stock, units.
        stock: f64,
        /// Cells of everything on the way and held, units: stream after stream ([`crate::plan::Stream`]), then order lines and their inputs.
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
        on_way: f64,
        /// Standing flow → passed the first crossing of its way today (only where contracts are recorded).
        flow_cleared: f64 [counted],
        /// Standing flow → consecutive days with goods held.
        held_days: u32,
        /// Standing flow → [`SELLER_GONE`], [`BUYER_GONE`] where one has stopped for good.
        flow_gone: u8,
        /// Standing flow → most it may order today under its credit limit (only where there are such limits).
        credit_room: f64,
        /// Slot → orders that look for another seller today (only where orders can move).
        slot_moved: f64,
        /// Slot → what standby flows could take over today (only where orders can move).
        slot_standby: f64,
        /// Throat × class → tonnes waiting today.
        throat_wanted: f64,
        /// Throat × class → share that sets out today.
        throat_share: f64,
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
        /// Line → finished order goods waiting at the seller.
        waiting_goods: f64,
        /// Line → of these, due to leave but without an open route.
        stranded: f64,
        /// Line → of these, due to leave and waiting for transport.
        delayed: f64,
        /// Slot → need per day at the planned rate today.
        need: f64,
        /// Slot → input wanted by standing production, or consigned inputs wanted, today.
        slot_wanted: f64,
        /// Slot → share of the stock left after today's use (only where stock is kept per supplier).
        slot_keep: f64,
        /// Slot → inputs that placed orders need within the look-ahead, not yet sent.
        planned_need: f64,
        /// Slot → position (stock and on the way) of restock and plan.
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
        order_on_way: f64,
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
        input_on_way: f64,
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
        /// Firm → wages owed, currency.
        arrears: f64,
        /// Firm → wages owed, worker-days.
        arrears_days: f64,
        /// Firm → labour present today, worker-days.
        present: f64,
        /// Firm → labour left today, worker-days.
        labour_left: f64,
        /// Firm → wages paid so far.
        wages_paid: f64,
        /// Firm → wages earned so far, paid or owed.
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
        /// Product → content of the system at the end of the day.
        content: f64,
        /// Gate → value passed today.
        passed: f64,
        /// Contract and input ([`Plan::contract_inputs`]) → arrived at the maker today, units.
        inputs_today: f64,
        /// Contract → left the seller today, units (this and the next only where there are crossings and contracts are recorded).
        sent_today: f64 [counted],
        /// Contract → passed the first crossing of its way today, units.
        cleared_today: f64 [counted],
        /// Contract and input → sent by the client today, units.
        inputs_sent_today: f64,
        /// Contract and input → passed the first crossing of its way today, units.
        inputs_cleared_today: f64,
        /// Line → units lost on the way so far.
        line_lost: f64,

        // --- plain lines and contracts ([`crate::plain`]); the last columns are scratch
        /// Cell of a plain row → stock as the morning left it, over the share of its supplier where it is kept per supplier.
        plain_stock: f64,
        /// Line → planned rate of today's plain orders.
        plain_rate: f64,
        /// Line → that of yesterday's.
        plain_rate_before: f64,
        /// Line → share of every plain order that is served; a negative sign: level in normal orders.
        plain_given: f64,
        /// Line → what plain customers beyond the level get, in normal orders (compat only).
        plain_over: f64,
        /// Line → what plain customers without an order get, in normal orders (compat only).
        plain_first: f64,
        /// Line → plain orders received today.
        plain_ordered: f64,
        /// Line → sent to plain customers today.
        plain_sent: f64,
        /// Product → units the rule of a program followed to the last digit gave beyond what there was (below zero: kept back) today.
        misdealt: f64,
        /// Plain line → most its inputs allow today.
        plain_bound: f64,
        /// Plain line → input product that allows least.
        plain_scarce: u32,
        /// Letter → order over normal order today (compat only).
        plain_ratio: f64,
        /// Letter → what the seller gives, then what the buyer orders.
        plain_letters: f64,
        /// Line that fills orders up to a level × 5 → its deal: level, beyond it, without an order, final demand, sent.
        plain_deals: f64,
        /// Plain flow → arrived today (only where contracts are recorded).
        plain_arrived: f64,
        /// Task × product → stock of plain rows in the morning.
        plain_morning: f64,
        /// Product → used by plain lines today.
        plain_used: f64,
        /// Stretch × two sums × product: what one task has summed.
        plain_sums: f64,
        /// Product → plain goods in the evening.
        plain_content: f64,
        /// Output and value added of plain lines, final demand wanted and met, at prices, today.
        plain_totals: f64,

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

impl State {
    /// The state before the first day.
    pub fn new(plan: &Plan) -> Self {
        let network = &plan.network;
        let (lines, firms, products) = (network.lines.len(), network.firms.len(), network.products.len());
        let (slots, demands, contracts) = (plan.slot_firm.len(), network.demands.len(), plan.contract_columns());
        let mut state = Self {
            capacity_factor: vec![1.0; lines],
            attendance_factor: vec![1.0; firms],
            demand_factor: vec![1.0; demands],
            order_factor: vec![1.0; contracts],
            cancelled_today: vec![0; contracts],
            open: vec![1.0; plan.gates],
            rate: plan.rates_on(0).to_vec(),
            rate_factor: vec![1.0; plan.currencies],
            refusal: vec![0.0; contracts],
            inputs_today: vec![0.0; plan.contract_inputs.len()],
            ended_firms: vec![0],
            condition: vec![0; firms],
            throat_wanted: vec![0.0; plan.traffic.len()],
            throat_share: vec![0.0; plan.traffic.len()],
            credit_room: vec![f64::INFINITY; if plan.any_credit_limit { plan.standing.contract.len() } else { 0 }],
            account_open: vec![0.0; if plan.any_credit_limit { plan.scheduled_contracts } else { 0 }],
            slot_moved: vec![0.0; if plan.any_moves { slots } else { 0 }],
            slot_standby: vec![0.0; if plan.any_moves { slots } else { 0 }],
            insolvent_days: vec![0; firms],
            workforce: network.firms.iter().map(|f| f.workers).collect(),
            release: vec![0.0; plan.gates],
            shut_gates: vec![0; plan.ways.len()],
            shut_days: vec![0; plan.ways.len()],
            stock: vec![0.0; slots],
            cells: vec![0.0; plan.cells],
            need: vec![0.0; slots],
            slot_wanted: vec![0.0; slots],
            planned_need: vec![0.0; slots],
            slot_keep: vec![1.0; slots],
            position: vec![0.0; slots],
            credit: vec![0.0; plan.scheduled_contracts],
            waiting: vec![0.0; plan.waiting_cells],
            demand_wanted: vec![0.0; demands],
            demand_met: vec![0.0; demands],
            demand_lost: vec![0.0; demands],
            expected: vec![0.0; lines],
            cause: vec![0; lines],
            in_season: vec![0; lines],
            passed: vec![0.0; plan.gates],
            cash: vec![0.0; plan.accounts()],
            ..Self::default()
        };
        state.standing_columns(plan);
        state.crossing_columns(plan);
        state.line_columns(lines);
        state.order_columns(plan.orders.row.len(), plan.consigned.product.len());
        state.firm_columns(plan, firms);
        state.product_columns(products);
        if network.rules_act {
            state.rule_columns(plan);
        }
        state.reserve_invoices(plan);
        state.plain_columns(plan, lines, products);
        let damped = plan.damped.line.len();
        state.damage_left = plan.damped.share.clone();
        for column in [&mut state.firm_damage, &mut state.firm_damage_today] {
            *column = vec![0.0; if damped > 0 { firms } else { 0 }];
        }
        if network.settings.start_state == StartState::Steady {
            state.fill_steady(plan);
        }
        state
    }

    fn standing_columns(&mut self, plan: &Plan) {
        let (flows, priced, pay_terms) = (plan.standing.contract.len(), plan.standing.priced.len(), plan.standing.pay_terms.len());
        self.due_cells = vec![0.0; plan.due_cells];
        (self.due_later, self.overdue) = (vec![0.0; priced], vec![0.0; priced]);
        (self.due_today, self.due_last) = (vec![0; pay_terms], vec![0; pay_terms]);
        for column in [&mut self.ordered, &mut self.shipped, &mut self.arrived, &mut self.on_way, &mut self.supplier_stock] {
            *column = vec![0.0; flows];
        }
        self.held_days = vec![0; flows];
        self.flow_gone = vec![0; flows];
    }

    fn crossing_columns(&mut self, plan: &Plan) {
        for column in [&mut self.sent_today, &mut self.cleared_today] {
            *column = vec![0.0; plan.crossing_contracts()];
        }
        self.flow_cleared = vec![0.0; if plan.crossing_contracts() > 0 { plan.standing.contract.len() } else { 0 }];
        for column in [&mut self.inputs_sent_today, &mut self.inputs_cleared_today] {
            *column = vec![0.0; plan.contract_inputs.len()];
        }
    }

    fn line_columns(&mut self, lines: usize) {
        for column in [
            &mut self.finished,
            &mut self.received,
            &mut self.wanted,
            &mut self.blocked,
            &mut self.backlog,
            &mut self.withheld,
            &mut self.order_rate,
            &mut self.processing_rate,
            &mut self.capacity_left,
            &mut self.output_value,
            &mut self.value_added,
            &mut self.served,
            &mut self.output,
            &mut self.labour_used,
            &mut self.waiting_goods,
            &mut self.stranded,
            &mut self.delayed,
            &mut self.line_lost,
        ] {
            *column = vec![0.0; lines];
        }
    }

    fn plain_columns(&mut self, plan: &Plan, lines: usize, products: usize) {
        let plain = &plan.plain;
        self.misdealt = vec![0.0; products];
        if plain.lines.is_empty() {
            return;
        }
        let compat = plan.network.settings.compat.is_some() && !plain.dealt.is_empty();
        self.plain_stock = vec![0.0; plain.cells()];
        for column in
            [&mut self.plain_rate, &mut self.plain_rate_before, &mut self.plain_given, &mut self.plain_ordered, &mut self.plain_sent]
        {
            *column = vec![0.0; lines];
        }
        for column in [&mut self.plain_over, &mut self.plain_first] {
            *column = vec![0.0; if compat { lines } else { 0 }];
        }
        self.plain_bound = vec![0.0; plain.lines.len()];
        self.plain_scarce = vec![0; plain.lines.len()];
        self.plain_ratio = vec![0.0; if compat { plain.flows_len() } else { 0 }];
        self.plain_letters = vec![0.0; plain.flows_len()];
        self.plain_deals = vec![0.0; 5 * plain.dealt.len()];
        self.plain_arrived = vec![0.0; if plan.keep_deliveries { plain.flows_len() } else { 0 }];
        let tasks = plain.tasks_len();
        self.plain_morning = vec![0.0; tasks * products];
        self.plain_used = vec![0.0; products];
        self.plain_sums = vec![0.0; tasks.max(2 * plain.stretches.len()) * products];
        self.plain_content = vec![0.0; products];
        self.plain_totals = vec![0.0; 4];
    }

    fn order_columns(&mut self, orders: usize, inputs: usize) {
        for column in [
            &mut self.target,
            &mut self.made,
            &mut self.order_finished,
            &mut self.order_stranded,
            &mut self.order_delayed,
            &mut self.order_shipped,
            &mut self.billed,
            &mut self.billed_today,
            &mut self.order_on_way,
            &mut self.advance,
            &mut self.advance_per_unit,
            &mut self.claim,
            &mut self.compensation,
            &mut self.paid,
        ] {
            *column = vec![0.0; orders];
        }
        self.stage = vec![Stage::Future as u8; orders];
        self.cut = vec![0; orders];
        self.unsent = vec![0; orders];
        self.sending = vec![0; orders];
        self.quiet = vec![1; orders];
        for column in [&mut self.input_stock, &mut self.input_sent, &mut self.input_on_way, &mut self.input_wanted, &mut self.returning] {
            *column = vec![0.0; inputs];
        }
        self.return_step = vec![0; inputs];
    }

    fn firm_columns(&mut self, plan: &Plan, firms: usize) {
        for column in [
            &mut self.receivable,
            &mut self.receivable_overdue,
            &mut self.payable_overdue,
            &mut self.bad_debt,
            &mut self.rescued,
            &mut self.labour_asked,
            &mut self.workdays,
            &mut self.worked,
            &mut self.idle,
            &mut self.arrears,
            &mut self.arrears_days,
            &mut self.present,
            &mut self.labour_left,
            &mut self.wages_paid,
            &mut self.wages_due,
            &mut self.received_money,
            &mut self.handed_over,
        ] {
            *column = vec![0.0; firms];
        }
        self.order_low = plan.firm_first_order[..firms].to_vec();
        self.order_high = self.order_low.clone();
        for (cash, firm) in self.cash.iter_mut().zip(&plan.network.firms) {
            *cash = firm.opening_cash;
        }
    }

    fn rule_columns(&mut self, plan: &Plan) {
        let contracts = plan.network.contracts.len();
        self.allowed = vec![1.0; contracts];
        self.barred_today = vec![0.0; contracts];
        self.watched = vec![0; contracts];
        self.relation = vec![1.0; contracts];
        self.barred = vec![0.0; plan.orders.row.len()];
        self.forbidden = vec![0.0; plan.network.lines.len()];
        self.forgone = vec![0.0; plan.standing.contract.len()];
        self.lawful_before = vec![1.0; plan.standing.contract.len()];
        self.fine_due = vec![0.0; plan.network.firms.len()];
        self.fined = vec![0.0; plan.network.firms.len()];
    }

    fn product_columns(&mut self, products: usize) {
        for column in [
            &mut self.produced,
            &mut self.used,
            &mut self.sold,
            &mut self.lost,
            &mut self.spoilt,
            &mut self.refused,
            &mut self.seized,
            &mut self.retained,
            &mut self.written_off,
            &mut self.content,
        ] {
            *column = vec![0.0; products];
        }
    }

    /// Room for the invoices of a run, so that no day allocates: two parts per lot, or per day of continuous dispatch.
    fn reserve_invoices(&mut self, plan: &Plan) {
        let per_order = |order: usize| {
            let terms = plan.terms_of_order(order);
            let lots = terms.lots_per_order.max(1.0).min(plan.calendar.len() as f64);
            let parts = if terms.dispatch == crate::network::Dispatch::Continuous { terms.input_window_days + 30.0 } else { lots + 2.0 };
            2 * parts.clamp(2.0, 400.0) as usize + 2
        };
        let room = (0..plan.orders.row.len()).map(per_order).sum();
        self.invoice_payer.reserve(room);
        self.invoice_payee.reserve(room);
        self.invoice_order.reserve(room);
        self.invoice_left.reserve(room);
        self.invoice_due.reserve(room);
        self.invoices_open.reserve(room);
    }

    /// The steady state of the standing contracts: after the first day's receive, stock is n·need and (L − 1)·need is on the way.
    fn fill_steady(&mut self, plan: &Plan) {
        let network = &plan.network;
        let mut need = vec![0.0; plan.slot_firm.len()];
        for (l, line) in network.lines.iter().enumerate() {
            self.expected[l] = plan.steady_rate[l];
            self.received[l] = plan.steady_rate[l];
            self.output[l] = plan.steady_rate[l];
            for row in line.first_input as usize..line.last_input as usize {
                if plan.input_slot[row] != NONE {
                    let input = &network.inputs[row];
                    need[plan.input_slot[row] as usize] += input.per_unit * (1.0 + input.waste_share) * plan.steady_rate[l];
                }
            }
        }
        crate::plain::fill_steady(plan, self);
        let standing = &plan.standing;
        for flow in 0..standing.contract.len() {
            let slot = standing.slot[flow] as usize;
            let rate = standing.share[flow] * need[slot];
            let product = &network.products[plan.slot_product[slot] as usize];
            let kept = 1.0 - product.spoilage_share_per_day;
            let stock = (standing.stock_days[flow] - 1.0).max(0.0) * rate * kept;
            self.stock[slot] += stock;
            self.supplier_stock[flow] = if standing.by_supplier[flow] { stock } else { 0.0 };
            let way = &plan.ways[standing.way[flow] as usize];
            for day in way.branch(0).iter().flat_map(|hop| hop.ring..hop.ring + hop.days) {
                self.cells[(standing.cells[flow] + day * standing.width[flow]) as usize] = rate * standing.gross[flow];
            }
        }
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
