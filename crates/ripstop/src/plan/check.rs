//! What must hold of a network handed over by a program.

use crate::error::NetworkError;
use crate::network::*;

use super::{DAYS_MAX, RUN_DAYS_MAX};

/// Refuses what cannot be simulated.
pub(super) fn check(network: &Network) -> Result<(), NetworkError> {
    if network.end < network.start {
        return Err(NetworkError::NoDays);
    }
    if network.end.0 - network.start.0 >= RUN_DAYS_MAX {
        return Err(NetworkError::TooManyDays { days: network.end.0 - network.start.0 + 1 });
    }
    let refer = |table, row, target, found: usize, count: usize| {
        if found < count { Ok(()) } else { Err(NetworkError::Dangling { table, row, target, found, count }) }
    };
    check_firms(network)?;
    check_options(network)?;
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
        let carried = |means: Means| matches!(means, Means::Carried(_));
        if (carried(terms.means) || terms.compensation_means.is_some_and(carried)) && network.persons.is_none() {
            return Err(NetworkError::NoPersons { terms: row });
        }
    }
    if network.settings.start_state == StartState::Steady && !network.orders.is_empty() {
        return Err(NetworkError::SteadyOrders);
    }
    Ok(())
}

/// Firms, lines and what they refer to.
fn check_firms(network: &Network) -> Result<(), NetworkError> {
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
        ("moves_share", terms.moves_share),
        ("refused_share", terms.refused_share),
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
    at_least_one("terms", row, "restock_days", terms.restock_days)?;
    // The day's need is met from the store, and what is ordered today comes tomorrow at the earliest: less can never be enough.
    if terms.ordering == Ordering::Restock {
        at_least_one("terms", row, "stock_days", terms.stock_days)
    } else {
        at_least_zero("terms", row, "stock_days", terms.stock_days)
    }
}

/// What options of single rows need.
fn check_options(network: &Network) -> Result<(), NetworkError> {
    let refer = |table, row, target, found: usize, count: usize| {
        if found < count { Ok(()) } else { Err(NetworkError::Dangling { table, row, target, found, count }) }
    };
    let currencies = 1 + network.other_currencies as usize;
    for (row, firm) in network.firms.iter().enumerate() {
        refer("firm", row, "currency", firm.currency.index(), currencies)?;
        at_least_one("firm", row, "hire_days", firm.hire_days)?;
        at_least_one("firm", row, "fire_days", firm.fire_days)?;
        at_least_zero("firm", row, "insolvency_days", firm.insolvency_days)?;
        at_least_zero("firm", row, "rescue_months", firm.rescue_months)?;
    }
    for (row, product) in network.products.iter().enumerate() {
        at_least_zero("product", row, "kg_per_unit", product.kg_per_unit)?;
        share("product", row, "spoilage_share_per_day", product.spoilage_share_per_day)?;
    }
    for (row, crossing) in network.crossings.iter().enumerate() {
        at_least_zero("crossing", row, "tonnes_per_day", crossing.tonnes_per_day.unwrap_or(0.0))?;
    }
    for (row, traffic) in network.traffic.iter().enumerate() {
        refer("traffic", row, "crossing", traffic.crossing.index(), network.crossings.len())?;
        refer("traffic", row, "class", traffic.class.index(), network.classes as usize)?;
        at_least_zero("traffic", row, "tonnes_per_day", traffic.tonnes_per_day)?;
    }
    for (row, rate) in network.rates.iter().enumerate() {
        refer("rate", row, "currency", rate.currency.index(), currencies)?;
        if !(rate.value > 0.0 && rate.value.is_finite()) {
            return Err(NetworkError::BadNumber { table: "rate", row, field: "value", value: rate.value, must: "above 0" });
        }
    }
    for currency in 1..currencies {
        if !network.rates.iter().any(|r| r.currency.index() == currency) {
            return Err(NetworkError::NoRate { currency });
        }
    }
    for (row, route) in network.routes.iter().enumerate() {
        check_limits(network, row, route)?;
    }
    for (contract, extras) in &network.contracts.extras {
        let row = contract.index();
        refer("contract", row, "currency", extras.currency.index(), currencies)?;
        share("contract", row, "standby_share", extras.standby_share)?;
        at_least_zero("contract", row, "credit_limit", extras.credit_limit)?;
        for route in extras.alternative_routes.iter().chain(&extras.alternative_input_routes) {
            refer("contract", row, "route", route.index(), network.routes.len())?;
        }
    }
    Ok(())
}

/// A leg that begins with a limit takes a day at least, and has one limit.
fn check_limits(network: &Network, row: usize, route: &Route) -> Result<(), NetworkError> {
    for leg in &route.legs {
        at_least_zero("route", row, "tonnes_per_day", leg.tonnes_per_day)?;
        let own = leg.tonnes_per_day.is_finite();
        let crossing = leg.crossing.is_some_and(|(c, _)| network.crossings.get(c.index()).is_some_and(|c| c.tonnes_per_day.is_some()));
        if (own || crossing) && leg.days == 0 || own && crossing {
            return Err(NetworkError::LimitedLeg { route: row });
        }
    }
    Ok(())
}

fn at_least_one(table: &'static str, row: usize, field: &'static str, value: f64) -> Result<(), NetworkError> {
    if value >= 1.0 { Ok(()) } else { Err(NetworkError::BadNumber { table, row, field, value, must: "at least 1" }) }
}
