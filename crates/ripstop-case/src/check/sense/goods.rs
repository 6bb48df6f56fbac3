//! Stocks that rot before they are used, and seasons that last almost all year.

use super::super::Checker;
use super::{View, figure};
use crate::language::diagnostic::Code;
use crate::tables::table::{Col, Table};
use ripstop::model::network::Ordering;
use ripstop::plan::cover::Covers;
use std::collections::BTreeSet;

/// Days of a year without 29 February.
const YEAR_DAYS: i32 = 365;
/// A season over the end of the year that lasts longer is doubted.
const SEASON_DAYS_MAX: i32 = 300;

/// A stock that is kept for n days of need, of goods of which a share s spoils each day, needs n · s below 1: else more rots than is used.
pub fn stocks(checker: &mut Checker, view: &View) {
    let (contracts, products) = (checker.table("contracts"), checker.table("products"));
    let terms_col = contracts.col("terms");
    let (mut told, covers) = (BTreeSet::new(), Covers::new(view.network));
    for row in (0..contracts.rows()).filter(|row| view.ordering(*row) == Ordering::Restock) {
        let terms = view.network.contracts.terms[row].index();
        let goods = view.seller(row).1.product.index();
        let days = covers.of(view.network, row).part_days;
        let spoils = view.network.products[goods].spoilage_share_per_day;
        if days * spoils > 1.0 && told.insert((terms, goods)) {
            let message = format!(
                "the buyer keeps {} days' need of {}, of which {} % spoils each day: most of it rots before it is used",
                figure(days),
                products.key(goods),
                figure(100.0 * spoils)
            );
            checker.fault_at(Code::RotsInStore, contracts, terms_col, row, message);
        }
    }
}

/// Seasons of demand and of calendars that go over the end of the year.
pub fn seasons(checker: &mut Checker) {
    for (table, first, last) in [("demand", "season_from", "season_to"), ("calendars", "due", "season_end")] {
        let table = checker.table(table);
        let (first, last) = (table.col(first), table.col(last));
        for row in 0..table.rows() {
            // Demand of the whole year is written so on purpose; an order that is due the day after its season ended is not.
            let most = if table.spec().name == "demand" { YEAR_DAYS - 1 } else { YEAR_DAYS };
            let doubted = |days: &i32| (SEASON_DAYS_MAX + 1..=most).contains(days);
            let Some(days) = over_new_year(table, first, last, row).filter(doubted) else { continue };
            let text = |col| table.cell_text(col, row).unwrap_or_default();
            let message = format!("from {} to {} are {days} days: are the two swapped?", text(first), text(last));
            checker.fault_at(Code::SeasonAlmostAYear, table, last, row, message);
        }
    }
}

/// Days of a season whose last day stands before its first in the year.
fn over_new_year(table: &Table, first: Col, last: Col, row: usize) -> Option<i32> {
    let day = |(month, day): (u8, u8)| {
        let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
        before[usize::from(month - 1)] + i32::from(day)
    };
    let (first, last) = table.month_day(first, row).zip(table.month_day(last, row))?;
    let days = day(last) - day(first) + 1;
    (days < 1).then_some(days + YEAR_DAYS)
}
