//! Goods without a price: what they are counted at, and that it was taken from elsewhere.

use super::super::Checker;
use super::{View, figure};
use crate::language::diagnostic::{Code, Position};
use ripstop::plan::prices::{Basis, Taken, prices, taken};
use ripstop::plan::steady;

/// One warning a product, unless its stated value or recipe says what it is worth.
pub fn prices_taken(checker: &mut Checker, view: &View) {
    let network = view.network;
    let rates = view.mapper.rates_on(&network.rates, network.start);
    // Without a steady state nothing has a rate; that is diagnosed where it matters.
    let steady = steady::rates(network).unwrap_or_else(|_| vec![0.0; network.lines.len()]);
    let prices = prices(network, &steady, &rates);
    let mut list = taken(network, &prices);
    list.retain(|taken| !matches!(taken.basis, Basis::Value | Basis::Recipe));
    if list.is_empty() {
        return;
    }
    let products = checker.table("products");
    let own = checker.case.currencies[0].clone();
    let traded = network.contracts.price_per_unit != ripstop::model::compact::Compact::alike(0.0, network.contracts.len());
    let sold = network.demands.iter().any(|demand| demand.price_per_unit > 0.0);
    if !traded && !sold && list.len() > 1 && list.iter().all(|taken| taken.basis == Basis::Nothing) {
        let message = format!("nothing has a price or a value: a unit of every product counts as 1 {own}, as output and as input");
        checker.fault(Code::PriceTaken, &place(checker, &list[0]), message);
        return;
    }
    for taken in &list {
        let name = products.key(taken.product.index());
        let (low, high) = taken.price;
        let price = if figure(low) == figure(high) { figure(low) } else { format!("{} to {}", figure(low), figure(high)) };
        let message = format!("{name} {}: it counts as {price} {own} a unit, {}", sold_without(checker, taken), taken.basis.words());
        checker.fault(Code::PriceTaken, &place(checker, taken), message);
    }
}

/// Who sells it without a price.
fn sold_without(checker: &Checker, taken: &Taken) -> String {
    let more = |count: usize, what: &str| if count > 1 { format!(" (and {} more {what})", count - 1) } else { String::new() };
    match (taken.contract, taken.demand) {
        (Some(contract), _) => {
            let name = checker.case.contract_key(contract.index());
            format!("is sold without a price under {name}{}", more(taken.contracts, "contracts"))
        }
        (None, Some(demand)) if demand.index() < checker.table("demand").rows() => {
            let name = checker.table("demand").key(demand.index());
            format!("is sold to final customers without a price, by {name}{}", more(taken.demands, "rows"))
        }
        _ => "is sold to final customers without a price".to_owned(),
    }
}

/// The cell in which the price would stand, else the product's value.
fn place(checker: &Checker, taken: &Taken) -> Position {
    let (contracts, demand, products) = (checker.table("contracts"), checker.table("demand"), checker.table("products"));
    if let Some(row) = taken.contract.map(|contract| contract.index()).filter(|row| *row < contracts.rows()) {
        return contracts.position(contracts.col("price_usd_per_unit"), row);
    }
    if let Some(row) = taken.demand.map(|demand| demand.index()).filter(|row| *row < demand.rows()) {
        return demand.position(demand.col("price_usd_per_unit"), row);
    }
    products.position(products.col("value_usd_per_unit"), taken.product.index())
}
