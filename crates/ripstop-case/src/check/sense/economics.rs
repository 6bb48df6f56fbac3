//! Money and volumes that do not add up.

use super::super::Checker;
use super::{View, figure};
use crate::language::diagnostic::{Code, Diagnostic};
use ripstop::model::network::Ordering;
use std::collections::BTreeMap;

/// Differences up to a thousandth are rounding.
const ROUNDING: f64 = 1.001;

/// A product is worth at least what goes into it.
pub fn products(checker: &mut Checker, view: &View) {
    let (products, recipes) = (checker.table("products"), checker.table("recipes"));
    let value = products.col("value_usd_per_unit");
    let [product, input, quantity] = ["product", "input", "quantity_per_unit"].map(|name| recipes.col(name));
    let mut cost = vec![0.0; products.rows()];
    for row in 0..recipes.rows() {
        let pair = recipes.reference(product, row).zip(recipes.reference(input, row));
        if let (Some((made, used)), Some(quantity)) = (pair, recipes.number(quantity, row, &checker.base)) {
            cost[made as usize] += quantity * view.network.products[used as usize].value_per_unit;
        }
    }
    for (row, &cost) in cost.iter().enumerate() {
        let Some(worth) = products.number(value, row, &checker.base) else { continue };
        if cost > worth * ROUNDING {
            let own = &checker.case.currencies[0];
            let message = format!(
                "a {} of {} is worth {} {own}, but takes inputs worth {} {own}",
                products.text(products.col("unit"), row).unwrap_or("unit"),
                products.key(row),
                figure(worth),
                figure(cost)
            );
            checker.fault_at(Code::ValueVanishes, products, value, row, message);
        }
    }
}

/// What final customers pay may be many times the value, but not more than this, nor so much less.
const MARKED_UP: std::ops::RangeInclusive<f64> = 0.01..=100.0;

/// Weights that the unit says, and prices to final customers that are cents or thousands for units of the currency.
pub fn sizes(checker: &mut Checker) {
    let products = checker.table("products");
    let [unit, weight, value, retail] =
        ["unit", "kg_per_unit", "value_usd_per_unit", "retail_price_usd_per_unit"].map(|name| products.col(name));
    let number = |checker: &Checker, col, row| products.number(col, row, &checker.base).filter(|number| *number > 0.0);
    for row in 0..products.rows() {
        let says = products.text(unit, row).and_then(kilograms);
        if let Some((says, given)) = says.zip(number(checker, weight, row)).filter(|(says, given)| !(0.66..=1.5).contains(&(given / says)))
        {
            let unit = products.text(unit, row).unwrap_or_default();
            let message = format!("`kg_per_unit` is {}, but the unit is {unit}: {} kilograms", figure(given), figure(says));
            checker.fault_at(Code::SizeDoubtful, products, weight, row, message);
        }
        let pair = number(checker, retail, row).zip(number(checker, value, row));
        if let Some((price, worth)) = pair.filter(|(price, worth)| !MARKED_UP.contains(&(price / worth))) {
            let message = format!("`retail_price_usd_per_unit` is {}, the product's value {}", figure(price), figure(worth));
            checker.fault_at(Code::SizeDoubtful, products, retail, row, message);
        }
    }
    let demand = checker.table("demand");
    let price = demand.col("price_usd_per_unit");
    for row in 0..demand.rows() {
        let Some(product) = demand.reference(demand.col("product"), row) else { continue };
        let pair = demand.number(price, row, &checker.base).filter(|price| *price > 0.0).zip(number(checker, value, product as usize));
        if let Some((price_paid, worth)) = pair.filter(|(price, worth)| !MARKED_UP.contains(&(price / worth))) {
            let message = format!("`price_usd_per_unit` is {}, the product's value {}", figure(price_paid), figure(worth));
            checker.fault_at(Code::SizeDoubtful, demand, price, row, message);
        }
    }
}

/// Kilograms of a unit of weight.
fn kilograms(unit: &str) -> Option<f64> {
    Some(match unit.to_lowercase().as_str() {
        "kg" | "kilogram" | "kilograms" => 1.0,
        "t" | "tonne" | "tonnes" | "ton" | "tons" => 1000.0,
        "g" | "gram" | "grams" => 0.001,
        _ => return None,
    })
}

/// A firm that pays wages is paid for something.
pub fn unpaid(checker: &mut Checker, view: &View) {
    let network = view.network;
    let (mut sells, mut earns) = (vec![false; network.firms.len()], vec![false; network.firms.len()]);
    for row in 0..network.contracts.len() {
        let firm = view.seller(row).1.firm.index();
        sells[firm] = true;
        earns[firm] |= network.contracts.price_per_unit[row] > 0.0;
    }
    for demand in &network.demands {
        let firm = network.lines[demand.line.index()].firm.index();
        sells[firm] = true;
        earns[firm] |= demand.price_per_unit > 0.0;
    }
    let firms = checker.table("firms");
    for (row, firm) in network.firms.iter().enumerate() {
        if sells[row] && !earns[row] && firm.workers > 0.0 && firm.wage_per_month > 0.0 {
            let message = format!("{} pays wages, but no contract and no demand pays for what it delivers", firms.key(row));
            let own = firms.col("wage_per_month");
            let wage = if firms.is_blank(own, row) { firms.col("wage_usd_per_month") } else { own };
            checker.fault_at(Code::NeverPaid, firms, wage, row, message);
        }
    }
}

/// Shares of a buyer's need, and of a year's quantity, add up to 1.
pub fn shares(checker: &mut Checker, view: &View) {
    let contracts = checker.table("contracts");
    let [buyer, product, share] = ["buyer", "product", "share"].map(|name| contracts.col(name));
    let mut needs: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for row in (0..contracts.rows()).filter(|row| view.ordering(*row) != Ordering::Schedule) {
        needs.entry(contracts.reference(buyer, row).zip(contracts.reference(product, row))).or_default().push(row);
    }
    for rows in needs.values() {
        let given: Vec<f64> = rows.iter().filter_map(|row| contracts.number(share, *row, &checker.base)).collect();
        let sum: f64 = given.iter().sum();
        let Some(&first) = rows.iter().find(|row| !contracts.is_blank(share, **row)) else { continue };
        if sum > ROUNDING || given.len() == rows.len() && sum * ROUNDING < 1.0 {
            let message = format!(
                "the shares of all sellers in what {} needs of {} add up to {}",
                contracts.cell_text(buyer, first).unwrap_or_default(),
                contracts.cell_text(product, first).unwrap_or_default(),
                figure(sum)
            );
            checker.fault_at(Code::SharesOff, contracts, share, first, message);
        }
    }
    calendar_shares(checker);
}

/// Dates of one calendar that hold over the same years share out one year's quantity.
fn calendar_shares(checker: &mut Checker) {
    let calendars = checker.table("calendars");
    let share = calendars.col("share");
    let years = ["first_due", "last_due"].map(|name| calendars.col(name));
    for group in 0..calendars.ids() as u32 {
        let rows: Vec<usize> = calendars.rows_of(group).iter().map(|row| *row as usize).collect();
        let Some(&first) = rows.first() else { continue };
        let alike = |row: &usize| years.iter().all(|col| calendars.cell_text(*col, *row) == calendars.cell_text(*col, first));
        let sum: f64 = rows.iter().filter_map(|row| calendars.number(share, *row, &checker.base)).sum();
        if rows.iter().all(alike) && (sum - 1.0).abs() > ROUNDING - 1.0 {
            let message = format!("the shares of calendar {} add up to {} of a year's quantity", calendars.id(group), figure(sum));
            let at = calendars.position(share, first);
            let fix = "let the shares of all its dates add up to 1, or change quantity_per_year of the contracts";
            checker.diagnostics.push(Diagnostic::new(Code::SharesOff, &at, message).with_fix(fix));
        }
    }
}
