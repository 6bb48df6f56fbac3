//! Numbers and words within what their columns allow, in the base case, over ranges and in scenarios.

use super::{Checker, is_choice};
use crate::amounts::Amount;
use crate::case::Scenario;
use crate::diagnostic::{Code, Diagnostic, Position, near_miss};
use crate::parameters::{ParamId, Value, Values};
use crate::schema::{self, ColumnSpec, Kind};
use crate::table::{Col, NumberCell, Table, WordCell};
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong with a number of a column.
fn number_fault(spec: &ColumnSpec, number: f64) -> Option<(Code, String)> {
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
fn uses(cell: &NumberCell) -> Vec<ParamId> {
    match cell {
        NumberCell::Parameter(id) => vec![*id],
        NumberCell::Formula(expr) => expr.parameters().collect(),
        _ => Vec::new(),
    }
}

/// These parameters and those they are derived from. Each is visited once, so that cycles end.
fn behind(checker: &Checker, mut used: Vec<ParamId>) -> Vec<ParamId> {
    let parameters = &checker.case.parameters;
    let mut next = 0;
    while let Some(&id) = used.get(next) {
        if let Value::Derived(expr) = &parameters.get(id).value {
            let new: Vec<_> = expr.parameters().filter(|id| !used.contains(id)).collect();
            used.extend(new);
        }
        next += 1;
    }
    used
}

fn value(cell: &NumberCell, values: &Values) -> Option<f64> {
    match cell {
        NumberCell::Blank => None,
        NumberCell::Value(number) => Some(*number),
        NumberCell::Parameter(id) => Some(values.get(*id)),
        NumberCell::Formula(expr) => Some(expr.evaluate(&values.0)),
    }
}

/// Numbers outside the tables that are checked like cells: settings, and shares of behaviour.
fn loose<'a>(checker: &Checker<'a>) -> impl Iterator<Item = &'a Amount> + use<'a> {
    let case = checker.case;
    case.settings.amounts().into_iter().chain(case.law.behaviour.iter().flat_map(crate::rules::BehaviourFile::amounts))
}

/// What a cell of a row may be: of an event it depends on the kind.
fn spec_of(table: &Table, spec: &ColumnSpec, row: usize, values: &Values) -> ColumnSpec {
    // Days of stock matter to buyers who restock; what others write there is read as it is.
    if table.spec().name == "terms" && spec.name == "stock_days" {
        let restocks = table.enumeration(table.col("ordering"), row, values) == Some("restock");
        return ColumnSpec { min: if restocks { spec.min } else { Some(0.0) }, ..*spec };
    }
    let kind = (table.spec().name == "events" && spec.name == "value").then(|| table.enumeration(table.col("kind"), row, values));
    kind.flatten().and_then(|kind| schema::event_value(spec, kind)).unwrap_or(*spec)
}

/// A fault of a number, with the reason where the limit may surprise.
fn diagnosed(code: Code, at: &Position, spec: &ColumnSpec, message: String) -> Diagnostic {
    let fault = Diagnostic::new(code, at, message);
    if code == Code::BelowMinimum && spec.name == "stock_days" {
        fault.with_fix("write 1 or more: a day's need is met from the store, and what is ordered today comes tomorrow at the earliest")
    } else {
        fault
    }
}

/// Why a number is doubted that its column allows.
fn doubt(spec: &ColumnSpec, number: f64) -> Option<String> {
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
enum At<'a> {
    Cell(&'a Table, Col, usize),
    Loose(&'a Position),
}

impl At<'_> {
    fn position(&self) -> Position {
        match self {
            At::Cell(table, col, row) => table.position(*col, *row),
            At::Loose(at) => (*at).clone(),
        }
    }

    /// For a message about a scenario: `events.csv line 3`.
    fn words(&self) -> String {
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

/// A number that is a formula, or rests on one, and the parameters behind it.
struct Formula<'a> {
    at: At<'a>,
    spec: ColumnSpec,
    cell: &'a NumberCell,
    used: Vec<ParamId>,
}

/// Every number that is fine in the base case, but rests on parameters otherwise than by being one of them.
fn formulas<'a>(checker: &Checker<'a>) -> Vec<Formula<'a>> {
    let parameters = &checker.case.parameters;
    let mut found: Vec<Formula> = Vec::new();
    let mut add = |at: At<'a>, spec: ColumnSpec, cell: &'a NumberCell| {
        let derived = || uses(cell).iter().any(|id| matches!(parameters.get(*id).value, Value::Derived(_)));
        if !matches!(cell, NumberCell::Formula(_)) && !derived() {
            return;
        }
        let used = behind(checker, uses(cell));
        let fine = value(cell, &checker.base).is_none_or(|number| number_fault(&spec, number).is_none());
        if fine && used.iter().all(|id| !parameters.is_broken(*id)) {
            found.push(Formula { at, spec, cell, used });
        }
    };
    for table in checker.case.tables() {
        for (col, spec, column) in table.quantities() {
            for (row, cell) in column.iter().enumerate().filter(|(_, cell)| !uses(cell).is_empty()) {
                add(At::Cell(table, col, row), spec_of(table, spec, row, &checker.base), cell);
            }
        }
    }
    for amount in loose(checker) {
        add(At::Loose(&amount.at), amount.spec, &amount.cell);
    }
    found
}

/// Formulas that are fine in the base case but not with one of their parameters at an end of its range: a run tries each in turn. A
/// scenario that sets parameters has ranges of its own.
pub fn formulas_over_ranges(checker: &mut Checker) {
    let parameters = &checker.case.parameters;
    let cells = formulas(checker);
    let mut by_parameter: BTreeMap<ParamId, Vec<usize>> = BTreeMap::new();
    for (index, formula) in cells.iter().enumerate() {
        formula.used.iter().for_each(|id| by_parameter.entry(*id).or_default().push(index));
    }
    let mut told = BTreeSet::new();
    let scenarios: Vec<Option<&Scenario>> =
        std::iter::once(None).chain(checker.scenarios.iter().filter(|scenario| !scenario.overrides.is_empty()).map(Some)).collect();
    for (&id, rest_on_it) in &by_parameter {
        let Some((low, high)) = parameters.get(id).range() else { continue };
        for (end, at) in [("low", low), ("high", high)] {
            for scenario in scenarios.iter().filter(|s| s.is_none_or(|s| s.overrides.iter().all(|set| set.parameter != id))) {
                let values = match scenario {
                    Some(scenario) => parameters.values_in(scenario, &[(id, at)]),
                    None => parameters.values_with(&[(id, at)]),
                };
                for &index in rest_on_it {
                    let Formula { at, spec, cell, .. } = &cells[index];
                    // A phase of more than an interval puts the first collection later; the engine takes it.
                    let max = spec.max.filter(|_| spec.name != "collection_phase_share");
                    let spec = ColumnSpec { kind: Kind::Number, max, ..*spec };
                    let fault = value(cell, &values).and_then(|number| number_fault(&spec, number));
                    if let Some((code, message)) = fault.filter(|_| told.insert(index)) {
                        let of = scenario.map_or(String::new(), |s| format!(", in scenario {}", s.name));
                        let message = format!("{message} (with `{}` at its {end} end{of})", parameters.get(id).name);
                        let fault = Diagnostic::new(code, &at.position(), message);
                        checker.diagnostics.push(fault.with_fix("narrow the range in parameters.csv, or change the formula"));
                    }
                }
            }
        }
    }
}

/// Quantities that are fine in the base case but not with a scenario's parameters.
pub fn scenario_numbers(checker: &mut Checker) {
    for scenario in checker.scenarios.iter().filter(|scenario| !scenario.overrides.is_empty()) {
        let values = checker.case.parameters.values_in(scenario, &[]);
        let mut doubted = BTreeSet::new();
        for table in checker.case.tables() {
            for (col, spec, cells) in table.quantities() {
                for (row, cell) in cells.iter().enumerate().filter(|(_, cell)| !uses(cell).is_empty()) {
                    let specs = [&checker.base, &values].map(|values| spec_of(table, spec, row, values));
                    scenario_number(checker, scenario, &values, At::Cell(table, col, row), &specs, cell, &mut doubted);
                }
            }
        }
        for amount in loose(checker).filter(|amount| !uses(&amount.cell).is_empty()) {
            scenario_number(checker, scenario, &values, At::Loose(&amount.at), &[amount.spec, amount.spec], &amount.cell, &mut doubted);
        }
    }
}

/// One of them; `specs`: what it may be in the base case and in the scenario.
fn scenario_number(
    checker: &mut Checker,
    scenario: &Scenario,
    values: &Values,
    at: At,
    specs: &[ColumnSpec; 2],
    cell: &NumberCell,
    doubted: &mut BTreeSet<ParamId>,
) {
    let (Some(base), Some(number)) = (value(cell, &checker.base), value(cell, values)) else { return };
    if base.to_bits() == number.to_bits() && specs[0].max == specs[1].max || number_fault(&specs[0], base).is_some() {
        return;
    }
    let used = behind(checker, uses(cell));
    let set = scenario.overrides.iter().find(|set| used.contains(&set.parameter)).unwrap_or(&scenario.overrides[0]);
    // What the scenario it is like sets is told there.
    if scenario.like.first().is_some_and(|&like| checker.case.scenarios[like].overrides.contains(set)) {
        return;
    }
    let place = at.words();
    if let Some((code, message)) = number_fault(&specs[1], number) {
        let near = if specs[1].max == Some(1.0) && matches!(cell, NumberCell::Parameter(_)) { as_share(number) } else { None };
        let message = format!("in scenario {}, {message} ({place})", scenario.name);
        checker.diagnostics.push(diagnosed(code, &set.position, &specs[1], message).suggest(near));
    } else if doubt(&specs[0], base).is_none()
        && let Some(message) = doubt(&specs[1], number).filter(|_| doubted.insert(set.parameter))
    {
        checker.fault(Code::SizeDoubtful, &set.position, format!("in scenario {}, {message} ({place})", scenario.name));
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
    let set = checker.overrides(id);
    let set = set.filter_map(|(value, at)| Some((*schema::words().get(value as usize)?, at)));
    for (word, at) in std::iter::once((base, at)).chain(set) {
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
