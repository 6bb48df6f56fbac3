//! An observation that asks for a comparison can have it.

use super::{Checker, day};
use crate::language::diagnostic::{Code, Diagnostic};
use crate::language::observations::{Measured, NO_CHANGE, WITHOUT, scale};
use crate::tables::selector::SelectorKind;
use crate::tables::table::{Cells, NumberCell, Table};

/// Every check of a row of observations.csv.
pub fn observations(checker: &mut Checker) {
    if !checker.readable(&["observations", "crossings", "places"]) {
        return;
    }
    let table = checker.table("observations");
    for row in 0..table.rows() {
        published(checker, table, row);
        cells(checker, table, row);
        selected(checker, table, row);
        periods(checker, table, row);
        units(checker, table, row);
    }
    guesses(checker);
}

/// The word of a cell; `None` too when it could not be read, which another diagnostic says.
fn word(checker: &Checker, table: &Table, name: &str, row: usize) -> Option<&'static str> {
    table.enumeration(table.col(name), row, &checker.base)
}

/// What is measured, if anything is.
fn measured(checker: &Checker, table: &Table, row: usize) -> Option<Measured> {
    word(checker, table, "measure", row).and_then(Measured::of)
}

/// An observed number that is made of inputs, or that a draw moves, would be compared with itself.
fn published(checker: &mut Checker, table: &Table, row: usize) {
    let value = table.col("value");
    if let Cells::Number(cells) = &table.column(value).cells
        && matches!(cells[row], NumberCell::Parameter(_) | NumberCell::Formula(_))
    {
        checker.fault_at(
            Code::CannotCompare,
            table,
            value,
            row,
            "an observed number is a number as published, not a parameter or a formula",
        );
    }
}

/// Cells that a comparison needs, or cannot use.
fn cells(checker: &mut Checker, table: &Table, row: usize) {
    let compare = word(checker, table, "compare", row).unwrap_or("none");
    let blank = |name: &str| table.is_blank(table.col(name), row);
    let measure = word(checker, table, "measure", row);
    let mut needs = Vec::new();
    if compare != "none" && blank("measure") {
        needs.push("measure");
    }
    if measure.is_some_and(|measure| measure != "passed_value") && blank("of") {
        needs.push("of");
    }
    let relative = matches!(compare, "ratio" | "last_above");
    if relative && blank("base") {
        needs.push("base");
    }
    let mut idle = Vec::new();
    for (name, used) in [
        ("of", measure.is_some()),
        ("toward", matches!(measure, Some("passed_value" | "delivered_value"))),
        ("class", measure == Some("passed_value")),
        ("period", compare != "last_above"),
        ("base", relative),
    ] {
        // Without a readable measure nothing can be said of what it uses.
        let known = measure.is_some() || blank("measure") && compare == "none" || matches!(name, "period" | "base");
        if known && !used && !blank(name) {
            idle.push(name);
        }
    }
    for name in needs {
        let message = format!("compare = {compare}{} needs `{name}`", measure.map_or(String::new(), |m| format!(" of {m}")));
        checker.fault_at(Code::MissingForKind, table, table.col(name), row, message);
    }
    for name in idle {
        let message = format!("`{name}` has no meaning for compare = {compare}{}", measure.map_or(String::new(), |m| format!(" of {m}")));
        checker.fault_at(Code::NotForKind, table, table.col(name), row, message);
    }
}

/// What is selected can be measured, and goods can go where `toward` says.
fn selected(checker: &mut Checker, table: &Table, row: usize) {
    use SelectorKind::{All, Buyer, Contract, Crossing, Market, Seller};
    let Some(measure) = measured(checker, table, row) else { return };
    let of = table.col("of");
    let passes = measure == Measured::PassedValue;
    let fits = |kind| if passes { matches!(kind, Crossing | All) } else { !matches!(kind, Crossing | Market | Contract | Buyer | Seller) };
    if let Some(term) = table.selector(of, row).and_then(|selector| selector.terms().find(|term| !fits(term.kind))) {
        let message = format!("{} cannot be measured of a {}", table.cell_text(table.col("measure"), row).unwrap_or(""), term.kind.word());
        checker.fault_at(Code::WrongTarget, table, of, row, message);
    }
    let toward = table.col("toward");
    let Some(country) = table.text(toward, row) else { return };
    if !checker.case.countries.iter().any(|known| known == country) {
        let near = super::near_country(checker.case, country);
        let at = table.position(toward, row);
        checker.diagnostics.push(Diagnostic::new(Code::UnknownId, &at, format!("no place lies in `{country}`")).suggest(near));
        return;
    }
    let leads = |crossing: usize| super::network::sides(checker.case, crossing).is_none_or(|(a, b)| a == country || b == country);
    if passes && !(0..checker.table("crossings").rows()).any(leads) {
        let message = format!("no crossing leads toward {country}, so nothing ever passes");
        checker.fault_at(Code::CannotCompare, table, toward, row, message);
    }
}

/// The times of the run that are compared lie inside it, and months are whole.
fn periods(checker: &mut Checker, table: &Table, row: usize) {
    if measured(checker, table, row).is_none() {
        return;
    }
    let monthly = word(checker, table, "compare", row) == Some("last_above");
    let simulated = if table.is_blank(table.col("period"), row) { "date" } else { "period" };
    for name in [simulated, "base"] {
        let col = table.col(name);
        let Some((first, last)) = table.period(col, row) else { continue };
        if !(checker.inside(first) && checker.inside(last)) {
            let message = format!("`{name}` is {} to {}, but {}", day(first), day(last), checker.case_dates());
            checker.fault_at(Code::DateOutsideCase, table, col, row, message);
        } else if monthly && (first == last || name == "date" && last - first > 31) {
            let message = if name == "date" { "the last month above is a month, YYYY-MM" } else { "a monthly mean needs whole months" };
            checker.fault_at(Code::CannotCompare, table, col, row, message);
        }
    }
}

/// The unit as published can be turned into the unit of the measure.
fn units(checker: &mut Checker, table: &Table, row: usize) {
    let unit = table.col("unit");
    let (Some(measure), Some(text)) = (measured(checker, table, row), table.text(unit, row)) else { return };
    let compare = word(checker, table, "compare", row).unwrap_or("none");
    let currency = &checker.case.meta.currency;
    if scale(text, crate::language::observations::Compare::of(compare), Some(measure), currency).is_none() {
        let wanted = match compare {
            "ratio" | "last_above" => "`ratio` or `share`, and to what".to_owned(),
            _ if measure.is_money() => format!("`{currency}`, alone or with thousand, million or billion"),
            _ => "units of the product".to_owned(),
        };
        let message = format!("`{text}` cannot be compared with the measure; its unit is {wanted}");
        checker.fault_at(Code::CannotCompare, table, unit, row, message);
    }
}

/// A guess is of a ratio, and a plain number.
fn guesses(checker: &mut Checker) {
    let (table, observations) = (checker.table("guesses"), checker.table("observations"));
    let (of, name) = (table.col("observation"), table.col("name"));
    for row in 0..table.rows() {
        published(checker, table, row);
        let Some(observation) = table.reference(of, row) else { continue };
        if word(checker, observations, "compare", observation as usize) != Some("ratio") {
            let message =
                format!("{} is not compared as a ratio, so nothing is held against a guess of it", observations.key(observation as usize));
            checker.fault_at(Code::CannotCompare, table, of, row, message);
        }
        if table.text(name, row).is_some_and(|name| [NO_CHANGE, WITHOUT, "run"].contains(&name)) {
            let message = "this name is taken: the run, no change and the run without the events are always there";
            checker.fault_at(Code::DuplicateId, table, name, row, message);
        }
    }
}
