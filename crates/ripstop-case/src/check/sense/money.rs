//! Prices, each in the case's currency at the rate of the first day: below what goes in, or far from what the goods are worth.

use super::super::Checker;
use super::{View, figure};
use crate::language::diagnostic::{Code, Diagnostic};
use crate::tables::table::{Col, Table};
use ripstop::model::ids::LineId;
use ripstop::model::network::{Input, Kind, Line, SuppliedBy};
use std::collections::BTreeMap;

/// Differences up to a thousandth are rounding.
const ROUNDING: f64 = 1.001;
/// Days of an average month.
const MONTH_DAYS: f64 = 365.25 / 12.0;
/// Prices outside these multiples of the product's value are doubted.
const NEAR: std::ops::RangeInclusive<f64> = 0.05..=20.0;

/// A price for a message: as it is paid, and in the case's currency.
struct Price {
    paid: f64,
    currency: usize,
    rate: f64,
}

impl Price {
    /// In the case's currency.
    fn own(&self) -> f64 {
        self.paid * self.rate
    }

    fn told(&self, checker: &Checker) -> String {
        let names = &checker.case.currencies;
        if self.currency == 0 {
            return format!("{} {}", figure(self.paid), names[0]);
        }
        let (own, other) = (&names[0], &names[self.currency]);
        format!("{} {other} ({} {own} at {} {own} a {other})", figure(self.paid), figure(self.own()), digits(self.rate))
    }
}

/// What firms pay for what they buy, by firm and product: the mean of their contracts' prices by share, in the case's currency.
type Paid = BTreeMap<(usize, usize), f64>;

/// Prices of contracts and of final demand against value, inputs and wages.
pub fn prices(checker: &mut Checker, view: &View) {
    let rates = view.mapper.rates_on(&view.network.rates, view.network.start);
    let doubted = far_from_value(checker, view, &rates);
    let paid = paid(view, &rates, &doubted);
    contracts(checker, view, &rates, &doubted, &paid);
    demand(checker, view, &rates, &paid);
}

fn price_of(view: &View, contract: usize, rates: &[f64]) -> Option<Price> {
    let contracts = &view.network.contracts;
    let currency = contracts.extras_of(contract).currency.index();
    let paid = contracts.price_per_unit[contract];
    (paid > 0.0).then_some(Price { paid, currency, rate: rates[currency] })
}

/// Where a contract's price stands: in its own currency, or in the case's.
fn price_cell(contracts: &Table, row: usize) -> Col {
    let own = contracts.col("price_per_unit");
    if contracts.is_blank(own, row) { contracts.col("price_usd_per_unit") } else { own }
}

/// Sales at a price that cannot be meant: the wrong currency, or a rate upside down. Says which contracts.
fn far_from_value(checker: &mut Checker, view: &View, rates: &[f64]) -> Vec<bool> {
    let (contracts, products) = (checker.table("contracts"), checker.table("products"));
    let given = products.col("value_usd_per_unit");
    let mut doubted = vec![false; contracts.rows()];
    // Contracts that pay the same for the same are one slip.
    let mut alike: BTreeMap<(usize, usize, u64), Vec<usize>> = BTreeMap::new();
    for row in (0..contracts.rows()).filter(|row| view.network.contracts.kind[*row] == Kind::Sale) {
        let goods = view.seller(row).1.product.index();
        let worth = view.network.products[goods].value_per_unit;
        let Some(price) = price_of(view, row, rates).filter(|_| worth > 0.0 && !products.is_blank(given, goods)) else { continue };
        if !NEAR.contains(&(price.own() / worth)) {
            doubted[row] = true;
            alike.entry((goods, price.currency, price.paid.to_bits())).or_default().push(row);
        }
    }
    for ((goods, ..), rows) in alike {
        let worth = view.network.products[goods].value_per_unit;
        let Some(price) = price_of(view, rows[0], rates) else { continue };
        let own = &checker.case.currencies[0];
        let more = if rows.len() > 1 { format!(" (and in {} more contracts)", rows.len() - 1) } else { String::new() };
        let message = format!(
            "the price of {} is {}, {} times its value of {} {own}{more}",
            products.key(goods),
            price.told(checker),
            digits(price.own() / worth),
            figure(worth)
        );
        let at = contracts.position(price_cell(contracts, rows[0]), rows[0]);
        let mut fault = Diagnostic::new(Code::PriceFarFromValue, &at, message);
        if price.currency != 0 && NEAR.contains(&(price.paid / price.rate / worth)) {
            let other = &checker.case.currencies[price.currency];
            let turned = digits(1.0 / price.rate);
            let fix = format!("the rate may be upside down: exchange_rates.csv says how many {own} one {other} is worth, perhaps {turned}");
            fault = fault.with_fix(fix);
        }
        checker.diagnostics.push(fault);
    }
    doubted
}

/// A number to four digits, for rates and ratios that may be small.
fn digits(number: f64) -> String {
    let (mut places, mut size) = (3_usize, number.abs());
    while size < 1.0 && places < 12 {
        (places, size) = (places + 1, size * 10.0);
    }
    while size >= 10.0 && places > 0 {
        (places, size) = (places - 1, size / 10.0);
    }
    let text = format!("{number:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn paid(view: &View, rates: &[f64], doubted: &[bool]) -> Paid {
    let contracts = &view.network.contracts;
    let mut sums: BTreeMap<(usize, usize), (f64, f64)> = BTreeMap::new();
    // Rows that stand in the table: links have no price.
    for row in (0..doubted.len()).filter(|row| contracts.kind[*row] == Kind::Sale && !doubted[*row]) {
        let share = contracts.share[row];
        if let Some(price) = price_of(view, row, rates).filter(|_| share > 0.0) {
            let key = (contracts.buyer[row].index(), view.seller(row).1.product.index());
            let (sum, weight) = sums.entry(key).or_default();
            *sum += share * price.own();
            *weight += share;
        }
    }
    sums.into_iter().map(|(key, (sum, weight))| (key, sum / weight)).collect()
}

/// What the seller pays for the inputs of a unit, and whether at contracts' prices: at what they are worth, unless its contracts cost more.
fn inputs<'a>(view: &View, line: &Line, paid: &Paid, inputs: impl Iterator<Item = &'a Input>) -> (f64, bool) {
    let (mut worth, mut bought) = (0.0, 0.0);
    for input in inputs {
        let value = input.per_unit * view.network.products[input.product.index()].value_per_unit;
        worth += value;
        let price = paid.get(&(line.firm.index(), input.product.index()));
        bought += price.map_or(value, |price| input.per_unit * price);
    }
    (worth.max(bought), bought > worth)
}

/// A sale price covers the inputs, and a fee the wages.
fn contracts(checker: &mut Checker, view: &View, rates: &[f64], doubted: &[bool], paid: &Paid) {
    let contracts = checker.table("contracts");
    let own = checker.case.currencies[0].clone();
    for row in (0..contracts.rows()).filter(|row| !doubted[*row]) {
        let Some(price) = price_of(view, row, rates) else { continue };
        let (at, line) = view.seller(row);
        let firm = &view.network.firms[line.firm.index()];
        let processing = view.network.contracts.kind[row] == Kind::Processing;
        let used = view.network.inputs_of(LineId::from(at)).iter();
        let used = used.filter(|input| !processing || input.supplied_by == SuppliedBy::Maker);
        let (inputs, by_contract) = inputs(view, line, paid, used);
        let wage = firm.wage_per_month * rates[firm.currency.index()];
        let day = wage / (MONTH_DAYS * view.working_share(line.firm.index()));
        let wages = line.labour_days_per_unit * day;
        let cost = if processing { inputs + wages } else { inputs };
        if cost > price.own() * ROUNDING {
            let name = if processing { "fee" } else { "price" };
            let what = match (processing, by_contract) {
                (true, _) => "wages",
                (false, true) => "inputs at the price of its contracts",
                (false, false) => "inputs",
            };
            let message = format!("the {name} is {} a unit, but {what} alone cost the seller {} {own}", price.told(checker), figure(cost));
            checker.fault_at(Code::PricedBelowCost, contracts, price_cell(contracts, row), row, message);
        }
    }
}

/// What final customers pay covers the inputs.
fn demand(checker: &mut Checker, view: &View, rates: &[f64], paid: &Paid) {
    let demand = checker.table("demand");
    let given = demand.col("price_usd_per_unit");
    for (row, sold) in view.network.demands.iter().enumerate().take(demand.rows()) {
        let line = &view.network.lines[sold.line.index()];
        let currency = view.network.firms[line.firm.index()].currency.index();
        // The column is in the case's currency, whatever the firm's is.
        let price = sold.price_per_unit * rates[currency];
        let (cost, by_contract) = inputs(view, line, paid, view.network.inputs_of(sold.line).iter());
        if price > 0.0 && cost > price * ROUNDING {
            let own = &checker.case.currencies[0];
            let what = if by_contract { "inputs at the price of its contracts" } else { "inputs" };
            let from = if demand.is_blank(given, row) { " (the retail price)" } else { "" };
            let message =
                format!("customers pay {} {own} a unit{from}, but {what} alone cost the seller {} {own}", figure(price), figure(cost));
            let col = if demand.is_blank(given, row) { demand.col("product") } else { given };
            checker.fault_at(Code::PricedBelowCost, demand, col, row, message);
        }
    }
}
