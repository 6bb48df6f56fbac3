//! Firms of links: each has a sector, sells if it buys, and adds value.

use super::Checker;
use crate::language::diagnostic::{Code, Diagnostic, Severity};
use crate::tables::links::{Faults, Links, figure};
use crate::tables::table::Table;

/// Columns of firms that only links give a meaning.
const ONLY_WITH_LINKS: [&str; 3] = ["final_demand_per_day", "output_per_day", "stock_days"];

/// What is said once, with a count and the first firm.
#[derive(Default)]
struct Tally {
    count: usize,
    value: f64,
    first: usize,
}

impl Tally {
    fn add(&mut self, firm: usize, value: f64) {
        if self.count == 0 {
            self.first = firm;
        }
        self.count += 1;
        self.value += value;
    }
}

/// Runs the checks of this module.
pub fn check(checker: &mut Checker) {
    let firms = checker.table("firms");
    // What follows from rows that were refused is not said beside the true cause.
    let of_links = |found: &Diagnostic| found.severity == Severity::Error && found.file.file_stem().is_some_and(|name| name == "links");
    let torn = checker.diagnostics.iter().any(of_links);
    let Some(links) = &checker.case.links else {
        if !torn {
            without(checker, firms);
        }
        return;
    };
    let products = checker.table("products");
    let mut faults = Faults::new(checker.diagnostics);
    let [given, output] = ["final_demand_per_day", "output_per_day"].map(|name| firms.col(name));
    let (id, sector) = (firms.col("id"), firms.col("sector"));
    let demand = links.final_demand(checker.case, &checker.base);
    let other = links.other_demand(checker.case, &checker.base);
    let (mut negative, mut more) = (Tally::default(), Tally::default());
    for firm in 0..firms.rows() {
        let (sold, bought) = (links.sold[firm], links.bought[firm]);
        let made = sold + demand[firm] + other[firm];
        if !firms.is_blank(given, firm) && !firms.is_blank(output, firm) && faults.count(Code::GivenTwice) {
            let at = firms.position(output, firm);
            let fault = Diagnostic::new(Code::GivenTwice, &at, "`output_per_day` is given besides `final_demand_per_day`");
            faults.push(fault.with_fix("give one of the two: final demand is output less what the firm sells by links"));
        }
        let most = firms.number(output, firm, &checker.base).unwrap_or(f64::INFINITY);
        if sold > most * (1.0 + 1e-9) {
            more.add(firm, sold - most);
        }
        if firms.text(sector, firm).is_none() && made + bought > 0.0 && faults.count(Code::FirmWithoutSector) {
            let what = if sold > 0.0 {
                "sells"
            } else if bought > 0.0 {
                "buys"
            } else {
                "serves final demand"
            };
            let message = format!("{} {what} by links, but has no sector", firms.key(firm));
            faults.push(Diagnostic::new(Code::FirmWithoutSector, &firms.position(sector, firm), message));
        }
        if let Some(unknown) = firms.text(sector, firm).filter(|name| made + bought > 0.0 && products.row_of(name).is_none())
            && faults.count(Code::UnknownId)
        {
            let message = format!("the sector `{unknown}` is not in {}, where the good of each sector of links stands", products.file());
            faults.push(Diagnostic::new(Code::UnknownId, &firms.position(sector, firm), message));
        }
        if torn {
            continue;
        }
        if bought > 0.0 && made <= 0.0 {
            if faults.count(Code::SellsNothing) {
                let message = format!("{} buys {} a day by links, but sells nothing", firms.key(firm), figure(bought));
                faults.push(Diagnostic::new(Code::SellsNothing, &firms.position(id, firm), message));
            }
        } else if bought > made * (1.0 + 1e-9) {
            negative.add(firm, bought - made);
        }
    }
    if !torn {
        bought_too_much(firms, links, &demand, &negative, &mut faults);
        sold_too_much(firms, &more, &mut faults);
    }
    faults.close(firms.file());
}

fn some(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 firm {one}") } else { format!("{count} firms {many}") }
}

fn bought_too_much(firms: &Table, links: &Links, demand: &[f64], found: &Tally, faults: &mut Faults) {
    if found.count == 0 {
        return;
    }
    let (firm, bought, made) = (firms.key(found.first), links.bought[found.first], links.sold[found.first] + demand[found.first]);
    let many = some(found.count, "buys more than it makes", "buy more than they make");
    let message = format!(
        "{many}, together by {} a day; the first is {firm}, which buys {} and makes {}",
        figure(found.value),
        figure(bought),
        figure(made)
    );
    faults.push(Diagnostic::new(Code::NegativeValueAdded, &firms.position(firms.col("id"), found.first), message));
}

fn sold_too_much(firms: &Table, found: &Tally, faults: &mut Faults) {
    if found.count == 0 {
        return;
    }
    let many = some(found.count, "sells more by links than its output", "sell more by links than their output");
    let message = format!("{many}, together by {} a day; the first is {}", figure(found.value), firms.key(found.first));
    faults.push(Diagnostic::new(Code::SellsMoreThanMade, &firms.position(firms.col("output_per_day"), found.first), message));
}

/// Without links some columns of firms mean nothing: said at the first cell of each.
fn without(checker: &mut Checker, firms: &Table) {
    for name in ONLY_WITH_LINKS {
        let col = firms.col(name);
        if let Some(row) = (0..firms.rows()).find(|row| !firms.is_blank(col, *row)) {
            let message = format!("`{name}` is for cases with a table of links, and there is none");
            checker.fault_at(Code::NotForKind, firms, col, row, message);
        }
    }
}
