//! Phase 7, **settle**: invoices, fee parts, payments, levies, claims, wages, remittances.
//!
//! The fee F on a delivery of a season's order line is due in parts: the prepayment is set off pro rata, of the rest R the part (1 − σ)R
//! after inspection and net days, σR at the later of that day and the season's end plus inspection and net days.
//! Every payment is a transfer between two accounts, so money is neither made nor lost. Between currencies it goes through the exchange
//! dealer: the payer gives `amount × rate(contract)/rate(payer)` of its own, the payee gets `amount × rate(contract)/rate(payee)` of its
//! own. A firm whose cash has not covered its debts for `insolvency_days` goes on marked, stops, or is rescued by its owner.

use crate::model::network::WhenInsolvent;
use crate::plan::state::{BUYER_GONE, Condition, SELLER_GONE, Stage, State};
use crate::plan::transit::NO_GATE;
use crate::plan::{Account, NEVER, PayTerm, Plan, whole_days};
use crate::rule::wage::Time;
use crate::rule::{fee, title, wage};

/// Invoices what order lines have delivered today; what standing flows have is entered as they are paid.
pub fn deliveries(plan: &Plan, state: &mut State, t: usize) {
    for &firm in &plan.order_firms {
        let firm = firm as usize;
        for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
            if state.billed_today[order] > 0.0 && plan.orders.price[order] > 0.0 {
                invoice(plan, state, order, t as i32);
            }
            // Only after the last delivery is invoiced is what is left of the advance free for other order lines.
            if state.stage[order] == Stage::Closed as u8 {
                state.credit[plan.orders.account[order] as usize] += std::mem::take(&mut state.advance[order]);
            }
        }
    }
}

fn invoice(plan: &Plan, state: &mut State, order: usize, t: i32) {
    let orders = &plan.orders;
    let terms = plan.terms_of_order(order);
    let quantity = state.billed_today[order];
    let account = orders.account[order] as usize;
    let mut rest = orders.price[order] * quantity;
    rest -= set_off(&mut state.advance[order], rest.min(state.advance_per_unit[order] * quantity));
    rest -= set_off(&mut state.credit[account], rest);
    rest -= set_off(&mut state.compensation[order], rest);
    if rest <= 0.0 {
        return;
    }
    let days = whole_days(terms.inspection_days + terms.net_days);
    let season_end = orders.season_end[order];
    let late_share = if season_end == NEVER { 0.0 } else { terms.season_settlement_share };
    let (soon, late) = fee::parts(rest, late_share);
    if late_share > 0.0 {
        let (soon_due, late_due) = fee::due_days(t, days, season_end);
        add_invoice(plan, state, order, soon, soon_due);
        add_invoice(plan, state, order, late, late_due);
    } else {
        add_invoice(plan, state, order, soon, t + days);
    }
}

/// Takes up to `most` off a balance and returns what was taken.
fn set_off(balance: &mut f64, most: f64) -> f64 {
    let taken = balance.min(most).max(0.0);
    *balance -= taken;
    taken
}

fn add_invoice(plan: &Plan, state: &mut State, order: usize, amount: f64, due: i32) {
    if amount <= 0.0 {
        return;
    }
    let number = state.invoice_left.len() as u32;
    let payee = plan.network.lines[plan.orders.line[order] as usize].firm.0;
    if state.ended(plan.orders.buyer[order] as usize) {
        state.bad_debt[payee as usize] += amount * state.rate_of_order(plan, order);
        return;
    }
    state.invoice_payer.push(plan.orders.buyer[order]);
    state.invoice_payee.push(payee);
    state.invoice_order.push(order as u32);
    state.invoice_left.push(amount);
    state.invoice_due.push(due);
    let at = state.invoices_open.partition_point(|&i| state.invoice_due[i as usize] <= due);
    state.invoices_open.insert(at, number);
}

/// Payments of the day: final customers, standing flows, invoices in order of due date while cash lasts, compensation.
pub fn pay(plan: &Plan, state: &mut State, t: usize) {
    if plan.only_bulk {
        return;
    }
    for &m in &plan.general_demands {
        let m = m as usize;
        let demand = &plan.network.demands[m];
        if demand.price_per_unit > 0.0 && state.demand_met[m] > 0.0 {
            let firm = plan.network.lines[demand.line.index()].firm.index();
            let amount = state.demand_met[m] * demand.price_per_unit;
            let home = plan.network.firms[firm].currency.index();
            transfer(plan, state, Parties { payer: plan.account(Account::Market, home), payee: firm }, amount, home);
        }
    }
    state.receivable.fill(0.0);
    state.receivable_overdue.fill(0.0);
    if plan.any_insolvency {
        state.payable_overdue.fill(0.0);
    }
    if plan.network.rules_act {
        pay_fines(plan, state);
    }
    pay_standing(plan, state, t);
    pay_invoices(plan, state, t as i32);
    pay_compensation(plan, state, t as i32);
    if plan.any_insolvency {
        look_after_liquidity(plan, state, t);
    }
}

/// Fines go to the state before anything else, as far as cash lasts; the rest stays due.
fn pay_fines(plan: &Plan, state: &mut State) {
    for firm in 0..plan.network.firms.len() {
        let paid = state.fine_due[firm].min(state.cash[firm].max(0.0));
        if paid > 0.0 {
            state.fine_due[firm] -= paid;
            state.cash[firm] -= paid;
            state.cash[plan.account_for(Account::State, firm)] += paid;
            state.fined[firm] += paid * state.rate[plan.network.firms[firm].currency.index()];
        }
    }
}

fn pay_standing(plan: &Plan, state: &mut State, t: usize) {
    let flows = &plan.standing;
    for (k, term) in flows.pay_terms.iter().enumerate() {
        // What is delivered today is due a ring less a day later: that is where yesterday's stood.
        (state.due_today[k], state.due_last[k]) = (term.due_on(t), term.due_on(t + term.length - 1));
    }
    for p in 0..flows.priced.len() {
        let (payer, payee, currency) = (flows.payer[p] as usize, flows.payee[p] as usize, flows.currency[p] as usize);
        let due = due_now(plan, state, p) + state.overdue[p];
        let sends = due > 0.0 && gate_open(state, flows.cash_gate[p]);
        let paid = if sends { due.min(affords(plan, state, payer, currency)) } else { 0.0 };
        if paid > 0.0 {
            transfer(plan, state, Parties { payer, payee }, paid, currency);
        }
        let (overdue, rate) = (due - paid, state.rate[currency]);
        state.overdue[p] = overdue;
        state.receivable[payee] += (state.due_later[p] + overdue) * rate;
        if overdue > 0.0 {
            state.receivable_overdue[payee] += overdue * rate;
            if sends && plan.any_insolvency {
                state.payable_overdue[payer] += overdue * rate;
            }
        }
    }
    for term in &flows.pay_terms {
        sum_anew(term, &state.due_cells, &mut state.due_later, t);
    }
}

/// Pays the prepaid part of what leaves under a flow, as far as cash lasts and can travel; the rest is due with the rest of the price.
fn prepay(plan: &Plan, state: &mut State, p: usize) -> f64 {
    let flows = &plan.standing;
    let (payer, payee, currency) = (flows.payer[p] as usize, flows.payee[p] as usize, flows.currency[p] as usize);
    let asked = flows.prepaid_share[p] * flows.price[p] * state.shipped[flows.priced[p] as usize];
    if asked <= 0.0 || !gate_open(state, flows.cash_gate[p]) || state.ended(payer) {
        return 0.0;
    }
    let paid = asked.min(affords(plan, state, payer, currency));
    if paid > 0.0 {
        transfer(plan, state, Parties { payer, payee }, paid, currency);
    }
    paid.max(0.0)
}

/// What a flow's buyer owes for today beyond what it pays when goods leave: the price of what is delivered, less what was paid ahead for
/// it; or of what leaves, where that is the buyer's.
fn owed_today(plan: &Plan, state: &mut State, p: usize) -> f64 {
    let flows = &plan.standing;
    let flow = flows.priced[p] as usize;
    let loading = flows.title_at_loading[flow];
    let amount = title::owed_units(state.shipped[flow], state.arrived[flow], loading) * flows.price[p];
    if flows.prepaid_share[p] <= 0.0 {
        return amount;
    }
    if loading {
        return (amount - prepay(plan, state, p)).max(0.0);
    }
    let now = plan.flow_in_transit(&state.cells, flow);
    let before = std::mem::replace(&mut state.ahead_units[p], now);
    let still = if before > 0.0 { ((now - state.shipped[flow]) / before).clamp(0.0, 1.0) } else { 0.0 };
    let taken = title::set_off(state.paid_ahead[p], still, amount);
    state.paid_ahead[p] += prepay(plan, state, p) - taken;
    amount - taken
}

/// Enters what a flow has delivered today and returns what is due today; the rest is due later.
fn due_now(plan: &Plan, state: &mut State, p: usize) -> f64 {
    let flows = &plan.standing;
    let (first, term) = (flows.due_cells[p], flows.pay_term[p] as usize);
    let flow = flows.priced[p] as usize;
    let amount = owed_today(plan, state, p);
    let mut later = state.due_later[p];
    if state.flow_gone[flow] & BUYER_GONE == 0 {
        state.due_cells[(first + state.due_last[term]) as usize] += amount;
        later += amount;
    } else {
        state.bad_debt[flows.payee[p] as usize] += amount * state.rate[flows.currency[p] as usize];
    }
    let due = std::mem::take(&mut state.due_cells[(first + state.due_today[term]) as usize]);
    later -= due;
    // Where less is left than was taken the difference has lost digits. So nothing is exactly zero.
    state.due_later[p] = if later < due { flows.sum_of_due(&state.due_cells, p) } else { later };
    due
}

/// Sums a share of the rings anew, day by day another, so that a running sum carries the rounding of one turn at most.
fn sum_anew(term: &PayTerm, due_cells: &[f64], due_later: &mut [f64], t: usize) {
    let (width, turn) = (term.flows.len(), t % term.length);
    let share = width * turn / term.length..width * (turn + 1) / term.length;
    term.flows[share.clone()].iter().for_each(|&p| due_later[p as usize] = 0.0);
    for day in 0..term.length {
        let cells = &due_cells[term.first + day * width..][share.clone()];
        term.flows[share.clone()].iter().zip(cells).for_each(|(&p, due)| due_later[p as usize] += due);
    }
}

fn pay_invoices(plan: &Plan, state: &mut State, t: i32) {
    let one_currency = plan.currencies == 1;
    let mut kept = 0;
    for at in 0..state.invoices_open.len() {
        let number = state.invoices_open[at];
        let i = number as usize;
        if state.invoice_due[i] <= t {
            let order = state.invoice_order[i] as usize;
            let paid = pay_between(plan, state, order, state.invoice_left[i], plan.orders.cash_gate[order]);
            state.invoice_left[i] -= paid;
            state.paid[order] += paid;
        }
        let left = state.invoice_left[i];
        if left > 0.0 {
            let payee = state.invoice_payee[i] as usize;
            let value = if one_currency { left } else { left * state.rate_of_order(plan, state.invoice_order[i] as usize) };
            state.receivable[payee] += value;
            if state.invoice_due[i] <= t {
                state.receivable_overdue[payee] += value;
                if plan.any_insolvency && gate_open(state, plan.orders.cash_gate[state.invoice_order[i] as usize]) {
                    state.payable_overdue[state.invoice_payer[i] as usize] += value;
                }
            }
            state.invoices_open[kept] = number;
            kept += 1;
        }
    }
    state.invoices_open.truncate(kept);
}

/// The fee on finished, uncollected pieces becomes a claim after the grace days; it falls with collection. The client pays its share.
fn pay_compensation(plan: &Plan, state: &mut State, t: i32) {
    for &firm in &plan.order_firms {
        let firm = firm as usize;
        for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
            if t < plan.orders.claim_from[order] || state.stage[order] == Stage::Future as u8 {
                continue;
            }
            let terms = plan.terms_of_order(order);
            let (price, prepaid) = (plan.orders.price[order], state.advance_per_unit[order]);
            let claim = fee::claim(price, prepaid, state.order_finished[order], terms.retention_share);
            state.claim[order] = claim;
            let owed = terms.compensation_share * claim - state.compensation[order];
            if owed > 0.0 {
                let paid = pay_between(plan, state, order, owed, plan.orders.compensation_gate[order]);
                state.compensation[order] += paid;
                state.paid[order] += paid;
            }
        }
    }
}

/// Pays an amount under an order line from buyer to seller as far as cash lasts and the means allow; used for prepayments.
pub fn transfer_for_order(plan: &Plan, state: &mut State, order: usize, amount: f64) -> f64 {
    let paid = pay_between(plan, state, order, amount, plan.orders.cash_gate[order]);
    state.paid[order] += paid;
    paid
}

fn pay_between(plan: &Plan, state: &mut State, order: usize, amount: f64, gate: u32) -> f64 {
    let payer = plan.orders.buyer[order] as usize;
    let payee = plan.network.lines[plan.orders.line[order] as usize].firm.index();
    if amount <= 0.0 || state.cash[payer] <= 0.0 || !gate_open(state, gate) || state.ended(payer) {
        return 0.0;
    }
    let currency = plan.orders.currency[order] as usize;
    let paid = amount.min(affords(plan, state, payer, currency));
    transfer(plan, state, Parties { payer, payee }, paid, currency);
    paid
}

fn gate_open(state: &State, gate: u32) -> bool {
    gate == NO_GATE || state.open[gate as usize] > 0.0
}

/// What a firm's cash is worth in a currency.
fn affords(plan: &Plan, state: &State, payer: usize, currency: usize) -> f64 {
    let cash = state.cash[payer].max(0.0);
    if plan.currencies == 1 {
        return cash;
    }
    let home = plan.network.firms[payer].currency.index();
    if home == currency { cash } else { cash * state.rate[home] / state.rate[currency] }
}

/// Who pays, an account, and who is paid, a firm.
#[derive(Clone, Copy)]
struct Parties {
    payer: usize,
    payee: usize,
}

/// Moves an amount of a currency to a firm, through the exchange dealer where payer or payee keep another; the state's levy is taken at
/// receipt.
fn transfer(plan: &Plan, state: &mut State, parties: Parties, amount: f64, currency: usize) {
    if plan.currencies == 1 {
        return receive(plan, state, &Receipt { parties, given: amount, got: amount, home: 0 });
    }
    let Parties { payer, payee } = parties;
    let (from, home) = (plan.account_currency(payer), plan.network.firms[payee].currency.index());
    let mut given = amount;
    if from != currency {
        // Rounding must not take more than there is.
        given = amount * state.rate[currency] / state.rate[from];
        if payer < plan.network.firms.len() {
            given = given.min(state.cash[payer].max(0.0));
        }
        state.cash[plan.account(Account::Dealer, from)] += given;
        state.cash[plan.account(Account::Dealer, currency)] -= amount;
    }
    let mut got = amount;
    if home != currency {
        got = amount * state.rate[currency] / state.rate[home];
        state.cash[plan.account(Account::Dealer, currency)] += amount;
        state.cash[plan.account(Account::Dealer, home)] -= got;
    }
    receive(plan, state, &Receipt { parties, given, got, home });
}

/// What the payer gives and the payee gets, in the currency of each.
struct Receipt {
    parties: Parties,
    given: f64,
    got: f64,
    /// The payee's currency.
    home: usize,
}

fn receive(plan: &Plan, state: &mut State, receipt: &Receipt) {
    let &Receipt { parties: Parties { payer, payee }, given, got, home } = receipt;
    let levy = got * plan.levy_share[payee];
    state.cash[payer] -= given;
    state.cash[payee] += got - levy;
    state.received_money[payee] += got * state.rate[home];
    if levy != 0.0 {
        state.cash[plan.account(Account::State, home)] += levy;
        state.handed_over[payee] += levy * state.rate[home];
    }
}

/// Counts the days a firm's cash has not covered what is due, and acts when its liquidity is gone.
fn look_after_liquidity(plan: &Plan, state: &mut State, t: usize) {
    for firm in 0..plan.network.firms.len() {
        let spec = &plan.network.firms[firm];
        if !spec.insolvency_days.is_finite() || state.ended(firm) {
            continue;
        }
        let rate = state.rate[spec.currency.index()];
        let short = state.payable_overdue[firm] + state.arrears[firm] * rate > state.cash[firm].max(0.0) * rate;
        state.insolvent_days[firm] = if short { state.insolvent_days[firm] + 1 } else { 0 };
        if !short {
            state.condition[firm] = Condition::Sound as u8;
        } else if f64::from(state.insolvent_days[firm]) > spec.insolvency_days {
            match spec.when_insolvent {
                WhenInsolvent::Continue => state.condition[firm] = Condition::Insolvent as u8,
                WhenInsolvent::Stop => {
                    // It has worked today.
                    count_labour(plan, state, firm, t);
                    end(plan, state, firm, t);
                }
                WhenInsolvent::Rescue => rescue(plan, state, firm),
            }
        }
    }
}

/// The owner pays what is due and some months of wages; a group only what it has, the outside world without limit.
fn rescue(plan: &Plan, state: &mut State, firm: usize) {
    let spec = &plan.network.firms[firm];
    let rate = state.rate[spec.currency.index()];
    let wages = spec.rescue_months * spec.workers * spec.wage_per_month;
    let asked = (state.payable_overdue[firm] / rate + state.arrears[firm] + wages - state.cash[firm]).max(0.0);
    let owner = plan.owner_account(firm);
    let given = if spec.group.is_some() { asked.min(state.cash[owner].max(0.0)) } else { asked };
    state.cash[owner] -= given;
    state.cash[firm] += given;
    state.rescued[firm] += given * rate;
    // What the owner could not give leaves the firm marked; it asks again.
    state.condition[firm] = if given < asked { Condition::Insolvent } else { Condition::Sound } as u8;
    state.insolvent_days[firm] = 0;
}

/// A firm stops for good: what it owes is lost to its creditors, its flows are cut, its people leave with the wages of the days worked,
/// `last_day` the last of them.
pub fn end(plan: &Plan, state: &mut State, firm: usize, last_day: usize) {
    state.condition[firm] = Condition::Ended as u8;
    state.ended_firms[0] += 1;
    for number in 0..state.invoice_left.len() {
        if state.invoice_payer[number] as usize != firm {
            continue;
        }
        let rate = state.rate_of_order(plan, state.invoice_order[number] as usize);
        let lost = std::mem::take(&mut state.invoice_left[number]) * rate;
        let payee = state.invoice_payee[number] as usize;
        state.bad_debt[payee] += lost;
        // Nobody expects it any more.
        state.receivable[payee] = (state.receivable[payee] - lost).max(0.0);
        let overdue = if state.invoice_due[number] <= last_day as i32 { lost } else { 0.0 };
        state.receivable_overdue[payee] = (state.receivable_overdue[payee] - overdue).max(0.0);
    }
    let flows = &plan.standing;
    for flow in 0..flows.contract.len() {
        let seller = plan.network.lines[flows.line[flow] as usize].firm.index();
        let buyer = plan.network.contracts.buyer[flows.contract[flow].index()].index();
        state.flow_gone[flow] |= u8::from(seller == firm) * SELLER_GONE + u8::from(buyer == firm) * BUYER_GONE;
    }
    for p in (0..flows.priced.len()).filter(|&p| flows.payer[p] as usize == firm) {
        let rate = state.rate[flows.currency[p] as usize];
        let overdue = std::mem::take(&mut state.overdue[p]) * rate;
        let lost = std::mem::take(&mut state.due_later[p]) * rate + overdue;
        flows.ring_of(p).for_each(|cell| state.due_cells[cell] = 0.0);
        let payee = flows.payee[p] as usize;
        state.bad_debt[payee] += lost;
        state.receivable[payee] = (state.receivable[payee] - lost).max(0.0);
        state.receivable_overdue[payee] = (state.receivable_overdue[payee] - overdue).max(0.0);
    }
    wages(plan, state, firm, last_day);
    state.workforce[firm] = 0.0;
}

/// Wages, arrears, then remittance, at month end; on every other day only the time worked is counted.
pub fn month_end(plan: &Plan, state: &mut State, t: usize) {
    let firms = || plan.general_firms.iter().map(|&firm| firm as usize);
    for firm in firms() {
        if !state.ended(firm) {
            count_labour(plan, state, firm, t);
            if plan.moves_workforce(firm) && !plan.rests(firm, t) && !state.frozen(plan, firm) && !plan.lines_of(firm).is_empty() {
                super::today::hire_and_fire(plan, state, firm);
            }
        }
    }
    if plan.calendar.days[t].month_end {
        for firm in firms() {
            wages(plan, state, firm, t);
            if !state.ended(firm) {
                remit(plan, state, firm);
            }
        }
    }
}

/// Adds the day to the time worked and idle of the month.
fn count_labour(plan: &Plan, state: &mut State, firm: usize, t: usize) {
    if plan.workers[firm] > 0.0 && !plan.rests(firm, t) {
        let used: f64 = plan.lines_of(firm).iter().map(|&l| state.labour_used[l as usize]).sum();
        state.worked[firm] += used;
        state.idle[firm] += (state.workforce[firm] - used).max(0.0);
        state.workdays[firm] += 1.0;
    }
}

/// Wages due = workers × wage × (worked + idle_pay × idle)/available; what cash does not cover are arrears, in money and worker-days.
fn wages(plan: &Plan, state: &mut State, firm: usize, t: usize) {
    let spec = &plan.network.firms[firm];
    let time = Time { worked: state.worked[firm], idle: state.idle[firm] };
    let available = time.worked + time.idle;
    if available > 0.0 && spec.wage_per_month > 0.0 {
        let day = f64::from(plan.calendar.days[t].month_day.1);
        let month_share = ((t + 1) as f64 / day).min(1.0) * plan.calendar.month_passed(t);
        // A workforce that moves is paid at its mean.
        let workers = if plan.moves_workforce(firm) { available / state.workdays[firm] } else { spec.workers };
        let full = workers * spec.wage_per_month * month_share;
        let due = wage::due(full, time, spec.idle_pay_share);
        let rate = state.rate[spec.currency.index()];
        state.wages_due[firm] += due * rate;
        state.arrears[firm] += due;
        state.arrears_days[firm] += time.paid_days(spec.idle_pay_share);
        let paid = state.arrears[firm].min(state.cash[firm].max(0.0));
        if paid > 0.0 {
            state.arrears_days[firm] = wage::days_left(state.arrears_days[firm], paid, state.arrears[firm]);
            state.arrears[firm] -= paid;
            state.cash[firm] -= paid;
            state.cash[plan.account_for(Account::Households, firm)] += paid;
            state.wages_paid[firm] += paid * rate;
        }
    }
    state.worked[firm] = 0.0;
    state.idle[firm] = 0.0;
    state.workdays[firm] = 0.0;
}

/// Cash above `keep_months` of wages goes to the owner.
fn remit(plan: &Plan, state: &mut State, firm: usize) {
    let spec = &plan.network.firms[firm];
    let surplus = wage::surplus(state.cash[firm], spec.keep_months, (spec.workers, spec.wage_per_month), state.arrears[firm]);
    if surplus <= 0.0 {
        return;
    }
    state.cash[firm] -= surplus;
    state.cash[plan.owner_account(firm)] += surplus;
    state.handed_over[firm] += surplus * state.rate[spec.currency.index()];
}
