//! Totals of a day.

use super::columns::FirmDay;
use crate::plan::Plan;
use crate::plan::columns::{row, sum};
use crate::plan::state::State;

row! {
    /// Totals of one day.
    pub struct Totals {
        /// Output at its price, currency.
        output_value,
        /// Output less inputs bought, currency.
        value_added,
        /// Final demand arriving or waiting, at its price, currency.
        demand_wanted,
        /// Final demand met, at its price, currency.
        demand_met,
        /// Goods stranded, value at cost, currency.
        stranded_value,
        /// Goods delayed, value at cost, currency.
        delayed_value,
        /// Goods held at crossings, value at cost, currency.
        held_value,
        /// Goods sent today into a way that is shut, value at cost, currency.
        sent_shut_value,
        /// Arrears of wages, currency.
        arrears,
        /// Arrears of wages, worker-days.
        arrears_days,
        /// Open receivables, currency.
        receivable,
        /// Overdue receivables, currency.
        overdue,
        /// Compensation claimed and not paid, currency.
        claims,
        /// Labour of those employed, worker-days; 0 on rest days.
        employed,
        /// Labour present, worker-days.
        present,
        /// Labour used, worker-days.
        used,
        /// Workers dismissed, persons.
        dismissed,
        /// Claims on insolvent firms lost so far, currency.
        bad_debt,
        /// Money owners put in to rescue firms so far, currency.
        rescued,
        /// Firms insolvent or stopped for good.
        insolvent,
        /// Fines paid so far, currency.
        fined,
        /// Goods the rule of a published program gave beyond what there was or kept back ([`crate::model::network::Compat`]), value at
        /// cost, currency.
        misallocated_value,
        /// Largest relative goods residual.
        goods_residual,
        /// Relative money residual.
        money_residual,
    }
}

/// Compensation claimed of every firm.
pub(super) fn sum_claims(plan: &Plan, state: &State, day: &mut FirmDay) {
    day.claims.fill(0.0);
    for &firm in &plan.order_firms {
        let firm = firm as usize;
        for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
            let left = (state.claim[order] - state.compensation[order]).max(0.0);
            day.claims[firm] += left * state.rate_of_order(plan, order);
        }
    }
}

/// Labour and rate of every firm.
pub(super) fn sum_firms(plan: &Plan, state: &State, day: &mut FirmDay) {
    day.used.fill(0.0);
    for (rate, firm) in day.rate.iter_mut().zip(&plan.network.firms) {
        *rate = state.rate[firm.currency.index()];
    }
    for (&firm, &labour) in plan.line_firm.iter().zip(&state.labour_used) {
        day.used[firm as usize] += labour;
    }
}

pub(super) fn sum_contracts(plan: &Plan, state: &State, delivered: &mut [f64]) {
    delivered.fill(0.0);
    for (flow, contract) in plan.standing.contract.iter().enumerate() {
        delivered[contract.index()] += state.arrived[flow];
    }
    for (&contract, arrived) in plan.bulk.contract.iter().zip(&state.bulk_arrived) {
        delivered[contract as usize] += arrived;
    }
    for &firm in &plan.order_firms {
        let firm = firm as usize;
        for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
            delivered[plan.orders.contract[order].index()] += state.billed_today[order];
        }
    }
}

/// What was made today for the order lines of every contract: more than had been by the evening before, which is brought up to date.
pub(super) fn sum_made(plan: &Plan, state: &State, before: &mut [f64], made: &mut [f64]) {
    made.fill(0.0);
    for ((contract, &now), before) in plan.orders.contract.iter().zip(&state.made).zip(before) {
        made[contract.index()] += now - *before;
        *before = now;
    }
}

/// Totals where everything is bulk: no labour, no money, nothing held.
pub(super) fn bulk_totals(state: &State) -> Totals {
    match state.bulk_totals[..] {
        [output_value, value_added, demand_wanted, demand_met] => {
            Totals { output_value, value_added, demand_wanted, demand_met, ..Totals::default() }
        }
        _ => Totals::default(),
    }
}

/// Arrears of wages, in currency 0.
pub(super) fn arrears(plan: &Plan, state: &State, day: &FirmDay) -> f64 {
    if plan.currencies == 1 {
        return sum(&state.arrears) * state.rate[0];
    }
    state.arrears.iter().zip(&day.rate).map(|(arrears, rate)| arrears * rate).sum()
}

pub(super) fn dismissed(plan: &Plan, state: &State) -> f64 {
    plan.workers.iter().zip(&state.workforce).map(|(workers, now)| workers - now).sum()
}

pub(super) fn totals(plan: &Plan, state: &State, day: &FirmDay) -> Totals {
    let mut totals = Totals {
        output_value: sum(&state.output_value),
        value_added: sum(&state.value_added),
        arrears: arrears(plan, state, day),
        dismissed: if plan.any_workforce || state.ended_firms[0] > 0 { dismissed(plan, state) } else { 0.0 },
        bad_debt: sum(&state.bad_debt),
        rescued: sum(&state.rescued),
        fined: sum(&state.fined),
        insolvent: state.condition.iter().filter(|&&c| c != 0).count() as f64,
        arrears_days: sum(&state.arrears_days),
        receivable: sum(&state.receivable),
        overdue: sum(&state.receivable_overdue),
        claims: sum(&day.claims),
        employed: sum(&state.employed),
        present: sum(&state.present),
        used: sum(&state.labour_used),
        ..Totals::default()
    };
    for (&product, (&stranded, &delayed)) in plan.line_product.iter().zip(state.stranded.iter().zip(&state.delayed)) {
        if stranded > 0.0 || delayed > 0.0 {
            let value = plan.network.products[product as usize].value_per_unit;
            totals.stranded_value += stranded * value;
            totals.delayed_value += delayed * value;
        }
    }
    for (product, &sent) in plan.network.products.iter().zip(&state.sent_shut).filter(|(_, sent)| **sent > 0.0) {
        totals.sent_shut_value += sent * product.value_per_unit;
    }
    for (m, demand) in plan.network.demands.iter().enumerate() {
        let price = plan.demand_price(demand);
        totals.demand_wanted += state.demand_wanted[m] * price;
        totals.demand_met += state.demand_met[m] * price;
    }
    totals
}
