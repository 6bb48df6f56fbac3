//! Options that few cases use: each is complete, and none is given where it cannot act.

use super::{Checker, Places, reach};
use crate::language::diagnostic::{Code, Diagnostic, near_miss};
use crate::tables::case::StartState;
use crate::tables::selector::{Selector, SelectorKind};
use crate::tables::table::Table;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An amount is given in one currency, not in two.
pub fn amounts_given_twice(checker: &mut Checker) {
    for (name, own, usd) in [
        ("firms", "wage_per_month", "wage_usd_per_month"),
        ("firms", "opening_cash", "opening_cash_usd"),
        ("contracts", "price_per_unit", "price_usd_per_unit"),
    ] {
        let table = checker.table(name);
        let (col, other) = (table.col(own), table.col(usd));
        for row in (0..table.rows()).filter(|row| !table.is_blank(col, *row) && !table.is_blank(other, *row)) {
            checker.fault_at(Code::GivenTwice, table, col, row, format!("both `{own}` and `{usd}` are given"));
        }
    }
}

/// Exchange rates are of other currencies, and one holds from a date.
pub fn exchange_rates(checker: &mut Checker) {
    let rates = checker.table("exchange_rates");
    let (currency, from) = (rates.col("currency"), rates.col("from"));
    let mut seen: HashMap<(&str, i32), usize> = HashMap::new();
    for row in 0..rates.rows() {
        let Some(name) = rates.text(currency, row) else {
            continue;
        };
        if name == checker.case.meta.currency {
            let message = format!("{name} is the case's own currency; a unit of it is worth 1");
            checker.fault_at(Code::OwnCurrency, rates, currency, row, message);
        }
        let Some(day) = rates.date(from, row, &checker.base) else {
            continue;
        };
        let first = *seen.entry((name, day)).or_insert(row);
        // Rows with the same key are diagnosed as such.
        if first != row && rates.key(first) != rates.key(row) {
            let message = format!("line {} has a rate of {name} from {} already", rates.line(first), super::day(day));
            checker.fault_at(Code::DuplicateId, rates, from, row, message);
        }
    }
}

/// Events on exchange rates act on other currencies; a default has a first day and nothing else.
pub fn events(checker: &mut Checker) {
    let events = checker.table("events");
    let (kind, target) = (events.col("kind"), events.col("target"));
    for row in 0..events.rows() {
        match events.enumeration(kind, row, &checker.base) {
            Some("exchange_rate") => {
                if let Some(selector) = events.selector(target, row) {
                    currency_targets(checker, events, row, selector);
                }
            }
            Some("default") => {
                for name in ["to", "value", "ramp_in_days", "ramp_out_days"] {
                    let col = events.col(name);
                    if !events.is_blank(col, row) {
                        let message =
                            format!("`{name}` is not for events of kind default: a default is whole from its first day and does not end");
                        checker.fault_at(Code::NotForKind, events, col, row, message);
                    }
                }
            }
            _ => {}
        }
    }
}

fn currency_targets(checker: &mut Checker, events: &Table, row: usize, selector: &Selector) {
    let own = &checker.case.meta.currency;
    let target = events.col("target");
    if selector.terms().any(|term| term.kind == SelectorKind::Currency && term.index == 0) {
        let message = format!("{own} is the case's own currency; name the currencies whose value in {own} changes");
        checker.fault_at(Code::OwnCurrency, events, target, row, message);
    } else if checker.case.currencies.len() == 1
        && checker.readable(&["exchange_rates"])
        && selector.terms().any(|t| t.kind == SelectorKind::All)
    {
        checker.fault_at(Code::UnknownCurrency, events, target, row, format!("the case has no other currency than {own}"));
    }
}

/// Contracts that stand by do so for somebody who orders alike, and orders that move have somewhere to go.
pub fn standby(checker: &mut Checker) {
    let (contracts, terms) = (checker.table("contracts"), checker.table("terms"));
    if !checker.readable(&["contracts", "terms", "firms", "products"]) {
        return;
    }
    let [buyer, product, terms_col, standby] = ["buyer", "product", "terms", "standby_share"].map(|name| contracts.col(name));
    let positive = |table, col, row| reach(checker, table, col, row).is_some_and(|(_, high)| high > 0.0);
    let moves: Vec<bool> = (0..terms.rows()).map(|row| positive(terms, terms.col("moves_share"), row)).collect();
    let mut groups: BTreeMap<(u32, u32), (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    let mut switched: BTreeSet<(u32, u32)> = BTreeSet::new();
    for row in 0..contracts.rows() {
        let pair = contracts.reference(buyer, row).zip(contracts.reference(product, row));
        let (Some(pair), Some(under)) = (pair, contracts.reference(terms_col, row)) else {
            continue;
        };
        let stands_by = positive(contracts, standby, row);
        if moves[under as usize] {
            groups.entry(pair).or_default().0.push(row);
        }
        if stands_by {
            groups.entry(pair).or_default().1.push(row);
        }
        if positive(contracts, contracts.col("switch_share"), row) {
            switched.insert(pair);
        }
    }
    let found = checker.table("switches");
    let [finds, of] = ["buyer", "product"].map(|name| found.col(name));
    switched.extend((0..found.rows()).filter_map(|row| found.reference(finds, row).zip(found.reference(of, row))));
    let mut alone: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (pair, (moving, standing)) in &groups {
        // Terms are shared: a standby contract need not have one itself.
        for &row in moving.iter().filter(|_| standing.is_empty() && !switched.contains(pair)) {
            alone.entry(contracts.reference(terms_col, row).unwrap_or_default()).or_default().push(row);
        }
        for &row in standing {
            stands_by_for(checker, row, moving);
        }
    }
    for (row, alone) in alone {
        let more = if alone.len() > 1 { format!(" (nor for {} more of these terms)", alone.len() - 1) } else { String::new() };
        let message =
            format!("no contract of its buyer stands by for {}{more}, so its orders stay where they are", contracts.key(alone[0]));
        checker.fault_at(Code::NobodyStandsBy, terms, terms.col("moves_share"), row as usize, message);
    }
}

/// A standby contract and the contracts of the same buyer and product whose orders move.
fn stands_by_for(checker: &mut Checker, row: usize, moving: &[usize]) {
    let (contracts, terms) = (checker.table("contracts"), checker.table("terms"));
    let standby = contracts.col("standby_share");
    let ordering = |row: usize| {
        let under = contracts.reference(contracts.col("terms"), row)?;
        terms.enumeration(terms.col("ordering"), under as usize, &checker.base)
    };
    let own = ordering(row);
    if moving.iter().all(|other| *other == row) {
        let message = "no other contract of its buyer for the product has terms with a moves_share, so it takes over nothing";
        checker.fault_at(Code::StandsByForNobody, contracts, standby, row, message);
    } else if let Some((other, theirs)) = moving.iter().filter(|other| **other != row).find_map(|other| {
        let theirs = ordering(*other).filter(|theirs| own.is_some_and(|own| own != *theirs))?;
        Some((*other, theirs))
    }) {
        let message =
            format!("it orders by {}, but stands by for {}, which orders by {theirs}", own.unwrap_or_default(), contracts.key(other));
        checker.fault_at(Code::StandbyOrdersOtherwise, contracts, standby, row, message);
    }
}

/// A credit limit needs something to owe.
pub fn credit_limits(checker: &mut Checker) {
    let contracts = checker.table("contracts");
    let [limit, own, usd] = ["credit_limit_usd", "price_per_unit", "price_usd_per_unit"].map(|name| contracts.col(name));
    for row in 0..contracts.rows() {
        let limited = reach(checker, contracts, limit, row).is_some_and(|(low, _)| low.is_finite());
        let priced = |col| reach(checker, contracts, col, row).is_some_and(|(_, high)| high > 0.0);
        // A price that could not be read is diagnosed.
        let unread = || [own, usd].iter().any(|col| !contracts.is_blank(*col, row) && contracts.number(*col, row, &checker.base).is_none());
        if limited && !priced(own) && !priced(usd) && !unread() {
            let message = "nothing is owed under a contract without price, so the credit limit has no effect";
            checker.fault_at(Code::NotForKind, contracts, limit, row, message);
        }
    }
}

/// What follows on insolvency needs days after which it follows.
pub fn insolvency(checker: &mut Checker) {
    let firms = checker.table("firms");
    let [days, then, rescue] = ["insolvency_days", "when_insolvent", "rescue_months"].map(|name| firms.col(name));
    for row in 0..firms.rows() {
        if !firms.is_blank(then, row) && firms.is_blank(days, row) {
            let message = "`when_insolvent` is given, but without `insolvency_days` the firm never becomes insolvent";
            checker.fault_at(Code::MissingForKind, firms, days, row, message);
        }
        if !firms.is_blank(rescue, row) && !checker.possible_words(firms, then, row).contains(&"rescue") {
            checker.fault_at(Code::NotForKind, firms, rescue, row, "`rescue_months` is for firms with when_insolvent = rescue");
        }
    }
}

/// Title passes at loading under restock and plan contracts only.
pub fn title(checker: &mut Checker) {
    let terms = checker.table("terms");
    let (ordering, title) = (terms.col("ordering"), terms.col("title"));
    for row in 0..terms.rows() {
        let scheduled = checker.possible_words(terms, ordering, row).contains(&"schedule");
        if scheduled && checker.possible_words(terms, title, row).contains(&"loading") {
            let message = "order lines pass at delivery; `title` is for terms with ordering = restock or plan";
            checker.fault_at(Code::NotForKind, terms, title, row, message);
        }
    }
}

/// Goods that are all gone after a night: probably a share in percent.
pub fn spoilage(checker: &mut Checker) {
    let products = checker.table("products");
    let share = products.col("spoilage_share_per_day");
    for row in 0..products.rows() {
        // More than 1 is diagnosed as above the maximum.
        if reach(checker, products, share, row).is_some_and(|(_, high)| high == 1.0) {
            checker.fault_at(Code::SpoilsAtOnce, products, share, row, "all of it spoils in a day");
        }
    }
}

/// Settings that need, or are needed by, something else.
pub fn settings(checker: &mut Checker, places: &Places) {
    if let Some(at) = &places.warm_up_days
        && checker.case.settings.start_state != StartState::WarmUp
    {
        checker.fault(Code::NotForKind, at, "`warm_up_days` is for start_state = \"warm_up\"");
    }
    if let Some(at) = &places.settle
        && checker.case.settings.start_state != StartState::Settled
    {
        let message = "`settle_tolerance_share` and `settle_max_days` are for start_state = \"settled\"";
        checker.fault(Code::NotForKind, at, message);
    }
    let known = super::known_classes(checker);
    let first = &checker.case.settings.class_priority;
    for (index, (class, at)) in first.iter().zip(&places.class_priority).enumerate() {
        if first[..index].contains(class) {
            checker.fault(Code::DuplicateId, at, format!("`{class}` stands in class_priority twice"));
        } else if !known.contains(&class.as_str()) {
            let message = format!("no product and no terms have the class `{class}`");
            let near = near_miss(class, known.iter().copied());
            checker.diagnostics.push(Diagnostic::new(Code::UnknownClass, at, message).suggest(near));
        }
    }
    let lines = checker.table("lines");
    let rationing = lines.col("rationing");
    for row in (0..lines.rows()).filter(|_| first.is_empty()) {
        if checker.possible_words(lines, rationing, row).contains(&"class_priority") {
            let fault = Diagnostic::new(
                Code::MissingForKind,
                &lines.position(rationing, row),
                "the line shares out by class, but [settings] of case.toml has no class_priority",
            );
            checker.diagnostics.push(fault.with_fix("add class_priority = [\"...\"] to [settings] of case.toml, or choose another rule"));
        }
    }
}
