//! What takes over in time: it needs shares that bind, something to take over, and times of something.

use super::{Checker, Places, reach};
use crate::language::diagnostic::{Code, Diagnostic};
use crate::tables::table::{Col, Table};

/// Switches of contracts and new sellers.
pub fn check(checker: &mut Checker, places: &Places) {
    let settings = &checker.case.settings;
    let follows = settings.compat_inoue_todo && settings.shares_bind == Some(true);
    if let Some(at) = places.shares.as_ref().filter(|_| follows) {
        checker.fault(Code::SharesDoNotBind, at, "compat follows a published program, in which shares do not bind");
        return;
    }
    if !checker.readable(&["contracts", "terms", "firms", "products", "switches"]) {
        return;
    }
    contracts(checker);
    newcomers(checker);
}

fn positive(checker: &Checker, table: &Table, col: Col, row: usize) -> bool {
    reach(checker, table, col, row).is_some_and(|(_, high)| high > 0.0)
}

fn contracts(checker: &mut Checker) {
    let table = checker.table("contracts");
    let [share, standby] = ["switch_share", "standby_share"].map(|name| table.col(name));
    let times = ["switch_after_days", "switch_days", "return_days"].map(|name| table.col(name));
    let ways = ["alternative_routes", "alternative_input_routes"].map(|name| table.col(name));
    for row in 0..table.rows() {
        let switches = positive(checker, table, share, row);
        let timed = times.iter().copied().find(|col| positive(checker, table, *col, row));
        let other_way = ways.iter().any(|col| !table.is_blank(*col, row));
        if switches && positive(checker, table, standby, row) {
            let message =
                "both `switch_share` and `standby_share` are given: the one takes time and follows what fails, the other moves_share";
            checker.fault_at(Code::GivenTwice, table, share, row, message);
        } else if switches {
            takes_over(checker, table, row, share);
        } else if let Some(col) = timed.filter(|_| !other_way && !positive(checker, table, standby, row)) {
            let name = table.column(col).spec.name;
            let message = format!("`{name}` is given, but the contract takes nothing over and its goods have no other way");
            checker.fault_at(Code::SwitchesNothing, table, col, row, message);
        } else if let Some(col) =
            timed.filter(|_| !other_way && !checker.case.shares_bind() && ordering(checker, table, row) == Some("restock"))
        {
            let name = table.column(col).spec.name;
            let message = format!("`{name}` is given, but a standby takes over at once where shares do not bind");
            checker.fault_at(Code::SharesDoNotBind, table, col, row, message);
        }
    }
}

/// A contract that takes over does so from another of its buyer, which orders alike.
fn takes_over(checker: &mut Checker, table: &Table, row: usize, share: Col) {
    let [buyer, product] = ["buyer", "product"].map(|name| table.col(name));
    let pair = |row: usize| (table.reference(buyer, row), table.reference(product, row));
    let ordering = ordering(checker, table, row);
    if ordering == Some("plan") {
        let message = "it orders for clients' consignments, of which nothing is switched";
        checker.fault_at(Code::SwitchesNothing, table, share, row, message);
    } else if ordering == Some("restock") && !checker.case.shares_bind() {
        let message = "it takes over in time what other sellers fail to bring, but in this case they take over by themselves";
        checker.fault_at(Code::SharesDoNotBind, table, share, row, message);
    } else if !(0..table.rows()).any(|o| o != row && pair(o) == pair(row) && self::ordering(checker, table, o) == ordering) {
        let message = "no other contract of its buyer for the product orders alike, so there is nothing to take over";
        checker.fault_at(Code::SwitchesNothing, table, share, row, message);
    }
}

fn ordering(checker: &Checker, contracts: &Table, row: usize) -> Option<&'static str> {
    let terms = checker.table("terms");
    let under = contracts.reference(contracts.col("terms"), row)?;
    terms.enumeration(terms.col("ordering"), under as usize, &checker.base)
}

fn newcomers(checker: &mut Checker) {
    let (table, contracts) = (checker.table("switches"), checker.table("contracts"));
    let [buyer, product, share] = ["buyer", "product", "share"].map(|name| table.col(name));
    let [buys, of] = ["buyer", "product"].map(|name| contracts.col(name));
    for row in 0..table.rows() {
        let Some(pair) = table.reference(buyer, row).zip(table.reference(product, row)) else { continue };
        let fails = |o: usize| {
            contracts.reference(buys, o).zip(contracts.reference(of, o)) == Some(pair) && ordering(checker, contracts, o) == Some("restock")
        };
        if !checker.case.shares_bind() {
            let message = "a new seller takes over in time, but in this case the other sellers take over by themselves";
            checker.fault_at(Code::SharesDoNotBind, table, share, row, message);
        } else if !(0..contracts.rows()).any(fails) {
            let message = "the buyer has no contract that restocks the product, so there is nothing to take over";
            let fault = Diagnostic::new(Code::SwitchesNothing, &table.position(product, row), message);
            checker.diagnostics.push(fault.with_fix("name a product that the buyer buys under terms of ordering `restock`"));
        }
    }
}
