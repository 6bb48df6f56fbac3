//! Contracts, orders and lines that cannot work as they are written.

use super::{Checker, day, reach};
use crate::language::diagnostic::{Code, Diagnostic, Position};
use crate::tables::table::{Cells, NumberCell};
use ripstop::model::limits::RUN_DAYS_MAX;

/// A run has a day for every day of the case, and no more than the engine holds.
pub fn case_length(checker: &mut Checker, end: &Position) {
    let meta = &checker.case.meta;
    // Without a readable start or end the case has no length.
    if meta.start == i32::MIN || meta.end == i32::MAX {
        return;
    }
    let days = i64::from(meta.end) - i64::from(meta.start) + 1;
    if days > i64::from(RUN_DAYS_MAX) {
        let message = format!("the case has {days} days, a run at most {RUN_DAYS_MAX}");
        checker.fault(Code::CaseTooLong, end, message);
    }
}

/// A contract has two parties.
pub fn contract_parties(checker: &mut Checker) {
    let contracts = checker.table("contracts");
    let (seller, buyer) = (contracts.col("seller"), contracts.col("buyer"));
    for row in 0..contracts.rows() {
        let parties = contracts.reference(seller, row).zip(contracts.reference(buyer, row));
        if let Some((firm, _)) = parties.filter(|(seller, buyer)| seller == buyer) {
            let message = format!("{} is both seller and buyer", checker.table("firms").id(firm));
            checker.fault_at(Code::SellsToItself, contracts, buyer, row, message);
        }
    }
}

/// Order lines are for contracts that order by schedule, in the base case or in a scenario.
pub fn orders_by_schedule(checker: &mut Checker) {
    let (orders, contracts, terms) = (checker.table("orders"), checker.table("contracts"), checker.table("terms"));
    let (contract, under, ordering) = (orders.col("contract"), contracts.col("terms"), terms.col("ordering"));
    for row in 0..orders.rows() {
        let Some(of) = orders.reference(contract, row) else { continue };
        let Some(under) = contracts.reference(under, of as usize) else { continue };
        let words = checker.possible_words(terms, ordering, under as usize);
        if !words.is_empty() && !words.contains(&"schedule") {
            let message = format!("contract {} has terms {}, which order by {}", contracts.id(of), terms.id(under), words[0]);
            checker.fault_at(Code::OrderNotScheduled, orders, contract, row, message);
        }
    }
}

/// A line that takes labour belongs to a firm that has, or may have, workers.
pub fn workers(checker: &mut Checker) {
    let (lines, firms) = (checker.table("lines"), checker.table("firms"));
    let (firm, labour, workers) = (lines.col("firm"), lines.col("labour_days_per_unit"), firms.col("workers"));
    if !checker.readable(&["lines", "firms"]) {
        return;
    }
    for row in 0..lines.rows() {
        let Some(of) = lines.reference(firm, row) else { continue };
        let takes = reach(checker, lines, labour, row).is_some_and(|(least, _)| least > 0.0);
        let none = reach(checker, firms, workers, of as usize).is_some_and(|(_, most)| most <= 0.0);
        // A number that could not be read stands as blank; it is diagnosed, and no reason to say that nobody works.
        let blank = matches!(&firms.column(workers).cells, Cells::Number(cells) if cells[of as usize] == NumberCell::Blank);
        let unread = blank && !firms.is_blank(workers, of as usize);
        if takes && none && !unread {
            let message = format!("the line takes labour, but {} has no workers", firms.id(of));
            checker.fault_at(Code::NobodyToWork, lines, labour, row, message);
        }
    }
}

/// A calendar has a due date within the case.
pub fn calendars_inside(checker: &mut Checker) {
    let calendars = checker.table("calendars");
    let (first, last) = (calendars.col("first_due"), calendars.col("last_due"));
    for row in 0..calendars.rows() {
        let from = calendars.date(first, row, &checker.base).filter(|from| *from > checker.case.meta.end);
        let to = calendars.date(last, row, &checker.base).filter(|to| *to < checker.case.first_simulated());
        for (col, date) in [(first, from), (last, to)] {
            if let Some(date) = date {
                let name = calendars.column(col).spec.name;
                let message = format!("`{name}` is {}, but {}", day(date), checker.case_dates());
                let fault = Diagnostic::new(Code::OutsideCase, &calendars.position(col, row), message);
                checker.diagnostics.push(fault.with_fix("correct the date, or remove the row: no order of it falls into the case"));
            }
        }
    }
}
