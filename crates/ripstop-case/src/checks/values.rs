//! Numbers and words within what their columns allow, in the base case, over ranges and in scenarios.

use super::{Checker, is_choice};
use crate::amounts::Amount;
use crate::diagnostic::{Code, Diagnostic, Position, near_miss};
use crate::parameters::{ParamId, Value, Values};
use crate::schema::{self, ColumnSpec, Kind};
use crate::table::{Col, NumberCell, Table, WordCell};

/// What is wrong with a number of a column.
pub(super) fn number_fault(spec: &ColumnSpec, number: f64) -> Option<(Code, String)> {
    let name = spec.name;
    if number.is_nan() || (number.is_infinite() && !(spec.none && number > 0.0)) {
        return Some((Code::NotFinite, format!("`{name}` comes out as {number}")));
    }
    if let Some(bound) = spec.above.filter(|bound| number <= *bound) {
        return Some((Code::BelowMinimum, format!("`{name}` is {number}, but only more than {bound} is allowed")));
    }
    if let Some(min) = spec.min.filter(|min| number < *min) {
        return Some((Code::BelowMinimum, format!("`{name}` is {number}, but at least {min} is allowed")));
    }
    // The infinity of `none` is no number that could be too large.
    if let Some(max) = spec.max.filter(|max| number > *max && number.is_finite()) {
        return Some((Code::AboveMaximum, format!("`{name}` is {number}, but at most {max} is allowed")));
    }
    if let Some(fault) = size_fault(number) {
        return Some((fault.0, format!("`{name}` {}", fault.1)));
    }
    (spec.kind == Kind::Integer && number.fract() != 0.0).then(|| (Code::NotWhole, format!("`{name}` is {number}, not a whole number")))
}

/// No amount of a case is larger: a few of them multiplied would leave the numbers there are.
pub const SIZE_MAX: f64 = 1e30;

/// Nothing but zero is smaller: what is divided by it would be too large. Shares of shares in made networks are 1e-40 and less.
const SIZE_MIN: f64 = 1e-100;

/// What is wrong with a number that could only be a slip, and would make others infinite.
pub fn size_fault(number: f64) -> Option<(Code, String)> {
    let size = number.abs();
    if size.is_finite() && size > SIZE_MAX {
        let message = format!(
            "is {number:e}, but nothing larger than {SIZE_MAX:e} can be reckoned with; `none` means no limit where a column allows it"
        );
        return Some((Code::AboveMaximum, message));
    }
    let tiny = size > 0.0 && size < SIZE_MIN;
    tiny.then(|| (Code::BelowMinimum, format!("is {number:e}: write 0, or a number of at least {SIZE_MIN:e}")))
}

/// The number of a case that is furthest from 1 in size, with its place: where results leave the numbers there are, it is the first to look at.
pub fn most_extreme(case: &crate::Case) -> Option<String> {
    let values = case.parameters.base_values();
    let mut worst: Option<(f64, String)> = None;
    for table in case.tables() {
        for (_, spec, cells) in table.quantities() {
            for (row, cell) in cells.iter().enumerate() {
                let Some(number) = value(cell, &values).filter(|number| number.is_finite() && *number != 0.0) else { continue };
                let size = number.abs().log10().abs();
                if worst.as_ref().is_none_or(|(most, _)| size > *most) {
                    worst = Some((size, format!("`{}` of {} line {} is {number:e}", spec.name, table.file(), table.line(row))));
                }
            }
        }
    }
    worst.map(|(_, place)| place)
}

/// A number of percent as the share that was probably meant: 5 is 0.05.
pub fn as_share(number: f64) -> Option<String> {
    (number > 1.0 && number <= 100.0).then(|| format!("{}", (number * 1e7).round() / 1e9))
}

/// The parameters a cell uses itself.
pub(super) fn uses(cell: &NumberCell) -> Vec<ParamId> {
    match cell {
        NumberCell::Parameter(id) => vec![*id],
        NumberCell::Formula(expr) => expr.parameters().collect(),
        _ => Vec::new(),
    }
}

pub(super) fn value(cell: &NumberCell, values: &Values) -> Option<f64> {
    match cell {
        NumberCell::Blank => None,
        NumberCell::Value(number) => Some(*number),
        NumberCell::Parameter(id) => Some(values.get(*id)),
        NumberCell::Formula(expr) => Some(expr.evaluate(&values.0)),
    }
}

/// Numbers outside the tables that are checked like cells: settings, and shares of behaviour.
pub(super) fn loose<'a>(checker: &Checker<'a>) -> impl Iterator<Item = &'a Amount> + use<'a> {
    let case = checker.case;
    case.settings.amounts().into_iter().chain(case.law.behaviour.iter().flat_map(crate::rules::BehaviourFile::amounts))
}

/// What a cell of a row may be: of an event it depends on the kind.
pub(super) fn spec_of(table: &Table, spec: &ColumnSpec, row: usize, values: &Values) -> ColumnSpec {
    // Days of stock matter to buyers who restock; what others write there is read as it is.
    if table.spec().name == "terms" && spec.name == "stock_days" {
        let restocks = table.enumeration(table.col("ordering"), row, values) == Some("restock");
        return ColumnSpec { min: if restocks { spec.min } else { Some(0.0) }, ..*spec };
    }
    let kind = (table.spec().name == "events" && spec.name == "value").then(|| table.enumeration(table.col("kind"), row, values));
    kind.flatten().and_then(|kind| schema::event_value(spec, kind)).unwrap_or(*spec)
}

/// A fault of a number, with the reason where the limit may surprise.
pub(super) fn diagnosed(code: Code, at: &Position, spec: &ColumnSpec, message: String) -> Diagnostic {
    let fault = Diagnostic::new(code, at, message);
    if code == Code::BelowMinimum && spec.name == "stock_days" {
        fault.with_fix("write 1 or more: a day's need is met from the store, and what is ordered today comes tomorrow at the earliest")
    } else {
        fault
    }
}

/// Why a number is doubted that its column allows.
pub(super) fn doubt(spec: &ColumnSpec, number: f64) -> Option<String> {
    let (low, high) = spec.likely.filter(|_| number.is_finite())?;
    if (low..=high).contains(&number) {
        return None;
    }
    let unit = spec.unit;
    let hint = match as_share(number) {
        Some(share) if unit.contains("share") || unit.contains("factor") => format!("; {number} % is {share}"),
        _ => String::new(),
    };
    let bound = if number > high { format!("more than {high}") } else { format!("less than {low}") };
    Some(format!("`{}` is {number} {unit}: {bound} is unusual{hint}", spec.name))
}

/// Where a number stands.
#[derive(Clone, Copy)]
pub(super) enum At<'a> {
    Cell(&'a Table, Col, usize),
    Loose(&'a Position),
}

impl At<'_> {
    pub(super) fn position(&self) -> Position {
        match self {
            At::Cell(table, col, row) => table.position(*col, *row),
            At::Loose(at) => (*at).clone(),
        }
    }

    /// For a message about a scenario: `events.csv line 3`.
    pub(super) fn words(&self) -> String {
        match self {
            At::Cell(table, _, row) => format!("{} line {}", table.spec().file, table.line(*row)),
            At::Loose(at) => format!("{} line {}", at.file.display(), at.line),
        }
    }
}

/// Every quantity in the base case, and the ends of its range.
pub fn numbers(checker: &mut Checker) {
    for table in checker.case.tables() {
        for (col, spec, cells) in table.quantities() {
            for (row, cell) in cells.iter().enumerate() {
                let of_row = spec_of(table, spec, row, &checker.base);
                number(checker, At::Cell(table, col, row), &of_row, cell);
            }
        }
    }
    for amount in loose(checker) {
        number(checker, At::Loose(&amount.at), &amount.spec, &amount.cell);
    }
}

fn number(checker: &mut Checker, at: At, spec: &ColumnSpec, cell: &NumberCell) {
    let parameters = &checker.case.parameters;
    if uses(cell).iter().any(|id| parameters.is_broken(*id)) {
        return;
    }
    let Some(base) = value(cell, &checker.base) else {
        return;
    };
    if let Some((code, message)) = number_fault(spec, base) {
        let near = if spec.max == Some(1.0) { as_share(base) } else { None };
        let fault = diagnosed(code, &at.position(), spec, message).suggest(near);
        let swapped = spec.name == "lat" && base.abs() <= 180.0;
        checker.diagnostics.push(if swapped {
            fault.with_fix("write the degrees north in `lat` and the degrees east in `lon`: the two may be swapped")
        } else {
            fault
        });
        return;
    }
    let mut doubted = doubt(spec, base);
    if let NumberCell::Parameter(id) = cell
        && let Some((low, high)) = parameters.get(*id).range()
    {
        for (end, number) in [("low", low), ("high", high)] {
            // A count is drawn between whole ends and rounded by the model; only the limits matter here.
            if let Some((code, message)) = number_fault(&ColumnSpec { kind: Kind::Number, ..*spec }, number) {
                let message = format!("{message} ({end} end of `{}`)", parameters.get(*id).name);
                checker.diagnostics.push(diagnosed(code, &at.position(), spec, message));
            } else {
                doubted = doubted.or_else(|| Some(format!("{} ({end} end of `{}`)", doubt(spec, number)?, parameters.get(*id).name)));
            }
        }
    }
    if let Some(message) = doubted {
        checker.fault(Code::SizeDoubtful, &at.position(), message);
    }
}

/// Words that parameters stand for, in the base case and in scenarios.
pub fn words(checker: &mut Checker) {
    for table in checker.case.tables() {
        for (col, spec, cells) in table.word_columns() {
            let Kind::Enum(options) = spec.kind else {
                continue;
            };
            for (row, cell) in cells.iter().enumerate() {
                if let WordCell::Parameter(id) = cell {
                    word(checker, options, *id, &table.position(col, row));
                }
            }
        }
    }
}

fn word(checker: &mut Checker, options: &[&'static str], id: ParamId, at: &Position) {
    let Value::Choice(base) = checker.case.parameters.get(id).value else {
        return;
    };
    let set = checker.overrides(id).filter_map(|(value, at)| Some((*schema::words().get(value as usize)?, at)));
    let words: Vec<_> = std::iter::once((base, at)).chain(set).collect();
    for (word, at) in words {
        if !options.contains(&word) {
            let message = format!("`{word}` is not one of {}", options.join(", "));
            let near = near_miss(word, options.iter().copied());
            checker.diagnostics.push(Diagnostic::new(Code::UnknownWord, at, message).suggest(near));
        }
    }
}

/// Formulas that divide by zero.
pub fn derived_parameters(checker: &mut Checker) {
    let parameters = &checker.case.parameters;
    for id in parameters.ids().filter(|id| !parameters.is_broken(*id)) {
        let parameter = parameters.get(id);
        let number = checker.base.get(id);
        if matches!(parameter.value, Value::Derived(_)) && !number.is_finite() {
            let message = format!("`{}` comes out as {number}", parameter.name);
            checker.fault(Code::NotFinite, &parameter.origin, message);
        }
    }
}

/// Parameters that no cell and no other parameter uses.
pub fn unused_parameters(checker: &mut Checker) {
    // A table that could not be read may use them.
    if checker.unreadable.contains(&true) {
        return;
    }
    let mut used = vec![false; checker.case.parameters.list.len()];
    for table in checker.case.tables() {
        for id in table.quantities().flat_map(|(_, _, cells)| cells).flat_map(uses) {
            used[id.0 as usize] = true;
        }
        for cell in table.word_columns().flat_map(|(_, _, cells)| cells) {
            if let WordCell::Parameter(id) = cell {
                used[id.0 as usize] = true;
            }
        }
    }
    for id in loose(checker).flat_map(Amount::parameters) {
        used[id.0 as usize] = true;
    }
    for parameter in &checker.case.parameters.list {
        if let Value::Derived(expr) = &parameter.value {
            expr.parameters().for_each(|id| used[id.0 as usize] = true);
        }
    }
    let table = checker.table("parameters");
    let name = table.col("name");
    for row in (0..table.rows()).filter(|row| !used[*row]) {
        let parameter = &checker.case.parameters.list[row];
        let what = if is_choice(&parameter.value) { "word" } else { "number" };
        let message = format!("no cell uses the {what} `{}`", parameter.name);
        checker.fault_at(Code::UnusedParameter, table, name, row, message);
    }
}
