//! Parameters: numbers that have a name, perhaps a range, perhaps a formula; and what draws and scenarios set them to.

use crate::case::Scenario;
use crate::dates;
use crate::diagnostic::{Code, Diagnostic, Position, Severity, Suggestions, near_miss};
use crate::expr::{Expr, ExprErrorKind, plain_number};
use crate::names::Names;
use crate::read::RawTable;
use crate::schema;
use std::collections::{BTreeSet, HashMap};

/// A parameter: its index in [`Parameters::list`] and in [`Values`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParamId(pub u32);

/// What a parameter is in the base case.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number; infinite for `none`.
    Number(f64),
    /// A formula over other parameters.
    Derived(Expr),
    /// Days since 1970-01-01.
    Date(i32),
    /// A word of the schema's closed lists.
    Choice(&'static str),
}

/// How a parameter may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// In number cells.
    Number,
    /// In date cells.
    Date,
    /// In word cells.
    Choice,
}

impl ParamKind {
    fn of_unit(unit: &str) -> ParamKind {
        match unit {
            "date" => ParamKind::Date,
            "choice" => ParamKind::Choice,
            _ => ParamKind::Number,
        }
    }

    /// What it is called in messages.
    pub fn noun(self) -> &'static str {
        match self {
            ParamKind::Number => "a number",
            ParamKind::Date => "a date",
            ParamKind::Choice => "a word",
        }
    }
}

/// One parameter, named in parameters.csv or standing for a cell with a range of its own.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Name; `<table>:<key>.<column>` for a cell.
    pub name: String,
    /// Base value.
    pub value: Value,
    /// Unit as written.
    pub unit: String,
    /// Low end of the range.
    pub low: Option<f64>,
    /// High end of the range.
    pub high: Option<f64>,
    /// `sourced`, `inferred` or `assumed`.
    pub basis: Option<&'static str>,
    /// Rows of `sources`.
    pub source: Vec<u32>,
    /// Grade of the evidence.
    pub grade: Option<String>,
    /// Remark.
    pub note: Option<String>,
    /// The cell of the value.
    pub origin: Position,
}

impl Parameter {
    /// How it may be used.
    pub fn kind(&self) -> ParamKind {
        ParamKind::of_unit(&self.unit)
    }

    /// Low and high, when they differ.
    pub fn range(&self) -> Option<(f64, f64)> {
        self.low.zip(self.high).filter(|(low, high)| low < high)
    }
}

/// A value for every parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Values(pub(crate) Vec<f64>);

impl Values {
    /// The value of one parameter; dates in days since 1970-01-01.
    pub fn get(&self, id: ParamId) -> f64 {
        self.0[id.0 as usize]
    }
}

/// All parameters of a case.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    /// Named ones in order, then one for each cell with a range.
    pub list: Vec<Parameter>,
    by_name: HashMap<String, ParamId>,
    /// Derived ones, each after those it uses.
    order: Vec<ParamId>,
    /// Those that cannot be read, are in a cycle, or are derived from such: their value is meaningless and not diagnosed again.
    broken: BTreeSet<ParamId>,
    /// What may be spent on near names.
    pub(crate) suggestions: Suggestions,
}

impl Parameters {
    /// The parameter of that name.
    pub fn find(&self, name: &str) -> Option<ParamId> {
        self.by_name.get(name).copied()
    }

    /// One parameter.
    pub fn get(&self, id: ParamId) -> &Parameter {
        &self.list[id.0 as usize]
    }

    /// Every parameter at its base value.
    pub fn base_values(&self) -> Values {
        self.values_with(&[])
    }

    /// Base values for checks: a broken parameter is no number, so that nothing is said of what it would give.
    pub(crate) fn checked_values(&self) -> Values {
        let mut values = self.base_values();
        self.broken.iter().for_each(|id| values.0[id.0 as usize] = f64::NAN);
        values
    }

    /// Base values with some set. Later entries win. A derived parameter that is set does not use its formula.
    pub fn values_with(&self, set: &[(ParamId, f64)]) -> Values {
        let mut values: Vec<f64> = self.list.iter().map(base_value).collect();
        let mut fixed = vec![false; values.len()];
        for &(id, value) in set {
            (values[id.0 as usize], fixed[id.0 as usize]) = (value, true);
        }
        for &id in self.order.iter().filter(|id| !fixed[id.0 as usize]) {
            if let Value::Derived(expr) = &self.get(id).value {
                values[id.0 as usize] = expr.evaluate(&values);
            }
        }
        Values(values)
    }

    /// Those that draws sample.
    pub fn ranged(&self) -> Vec<ParamId> {
        self.ids().filter(|id| self.get(*id).range().is_some()).collect()
    }

    /// Those that draws sample in a scenario: an override fixes a parameter.
    pub fn ranged_in(&self, scenario: &Scenario) -> Vec<ParamId> {
        let fixed: BTreeSet<ParamId> = scenario.overrides.iter().map(|set| set.parameter).collect();
        self.ranged().into_iter().filter(|id| !fixed.contains(id)).collect()
    }

    /// Values of a draw in a scenario: the draw first, the scenario's overrides on top.
    pub fn values_in(&self, scenario: &Scenario, draw: &[(ParamId, f64)]) -> Values {
        let overrides = scenario.overrides.iter().map(|set| (set.parameter, set.value));
        let set: Vec<_> = draw.iter().copied().chain(overrides).collect();
        self.values_with(&set)
    }

    /// Every parameter's id.
    pub fn ids(&self) -> impl Iterator<Item = ParamId> + use<> {
        (0..self.list.len() as u32).map(ParamId)
    }

    /// Whether the parameter's value cannot be computed, which is diagnosed where it stands.
    pub(crate) fn is_broken(&self, id: ParamId) -> bool {
        self.broken.contains(&id)
    }

    /// Derived ones, each after those it uses.
    pub(crate) fn in_order(&self) -> &[ParamId] {
        &self.order
    }

    /// Adds a parameter that stands for a cell with a range of its own.
    pub(crate) fn push(&mut self, parameter: Parameter) -> ParamId {
        let id = ParamId(self.list.len() as u32);
        self.list.push(parameter);
        id
    }

    /// Reads parameters.csv.
    pub(crate) fn read(raw: &RawTable, names: &Names, diagnostics: &mut Vec<Diagnostic>) -> Parameters {
        let mut reader = Reader::new(raw, names, diagnostics);
        let parameters = (0..raw.rows()).map(|row| reader.row(row)).collect();
        let (by_name, broken) = (reader.by_name, reader.broken);
        let mut parameters = Parameters { list: parameters, by_name, broken, ..Parameters::default() };
        parameters.sort_derived(diagnostics);
        parameters.spread_broken();
        parameters
    }

    /// Puts derived parameters after those they use; names the members of cycles.
    fn sort_derived(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        let derived: Vec<ParamId> = self.ids().filter(|id| self.uses(*id).is_some()).collect();
        let users = self.users();
        // Derived ones that each still waits for.
        let mut waits = vec![0_usize; self.list.len()];
        for user in self.ids().flat_map(|id| users.of(id)) {
            waits[user.0 as usize] += 1;
        }
        for id in self.ids().filter(|id| self.uses(*id).is_none()) {
            users.of(id).iter().for_each(|user| waits[user.0 as usize] -= 1);
        }
        let mut order: Vec<ParamId> = derived.iter().copied().filter(|id| waits[id.0 as usize] == 0).collect();
        let mut next = 0;
        while let Some(&id) = order.get(next) {
            for user in users.of(id) {
                waits[user.0 as usize] -= 1;
                if waits[user.0 as usize] == 0 {
                    order.push(*user);
                }
            }
            next += 1;
        }
        self.order = order;
        let left: Vec<ParamId> = derived.into_iter().filter(|id| waits[id.0 as usize] > 0).collect();
        if let Some(&first) = left.first() {
            let names: Vec<_> = left.iter().map(|id| self.get(*id).name.as_str()).collect();
            let message = format!("these parameters depend on one another: {}", names.join(", "));
            diagnostics.push(Diagnostic::new(Code::ParameterCycle, &self.get(first).origin, message));
        }
        self.broken.extend(left);
    }

    /// Which parameters are derived from which, one step away.
    pub(crate) fn users(&self) -> Users {
        let mut pairs: Vec<(ParamId, ParamId)> =
            self.ids().flat_map(|id| self.uses(id).into_iter().flatten().map(move |used| (used, id))).collect();
        pairs.sort_unstable();
        Users::new(self.list.len(), pairs)
    }

    /// What is derived from a broken parameter is broken too.
    fn spread_broken(&mut self) {
        for id in self.order.clone() {
            let follows = self.uses(id).is_some_and(|mut used| used.any(|id| self.broken.contains(&id)));
            if follows {
                self.broken.insert(id);
            }
        }
    }

    /// What a derived one is derived from, one step away.
    pub(crate) fn uses(&self, id: ParamId) -> Option<impl Iterator<Item = ParamId> + '_> {
        match &self.get(id).value {
            Value::Derived(expr) => Some(expr.parameters()),
            _ => None,
        }
    }
}

/// For every parameter a list, one after the other: what uses it.
pub(crate) struct Users<T = ParamId> {
    first: Vec<u32>,
    list: Vec<T>,
}

impl<T> Users<T> {
    /// From pairs of a parameter and what uses it, sorted by parameter.
    pub fn new(parameters: usize, pairs: Vec<(ParamId, T)>) -> Users<T> {
        let mut first = vec![0; parameters + 1];
        pairs.iter().for_each(|(id, _)| first[id.0 as usize + 1] += 1);
        (0..parameters).for_each(|id| first[id + 1] += first[id]);
        Users { first, list: pairs.into_iter().map(|(_, user)| user).collect() }
    }

    /// What uses a parameter.
    pub fn of(&self, id: ParamId) -> &[T] {
        &self.list[self.first[id.0 as usize] as usize..self.first[id.0 as usize + 1] as usize]
    }
}

fn base_value(parameter: &Parameter) -> f64 {
    match &parameter.value {
        Value::Number(number) => *number,
        Value::Date(days) => f64::from(*days),
        Value::Choice(word) => word_index(word).map_or(f64::NAN, f64::from),
        Value::Derived(_) => f64::NAN,
    }
}

/// Index of a word in the schema's closed lists.
pub(crate) fn word_index(word: &str) -> Option<u32> {
    schema::words().iter().position(|known| *known == word).map(|index| index as u32)
}

/// Why a text is not an expression, as a diagnostic at `at(first byte, length)`.
pub(crate) fn expression_fault(
    error: crate::expr::ExprError,
    known: &dyn Fn(&str) -> Option<String>,
    at: &dyn Fn(usize, usize) -> Position,
) -> Diagnostic {
    let position = at(error.at, error.length);
    match error.kind {
        ExprErrorKind::Syntax(message) => Diagnostic::new(Code::BadExpression, &position, message),
        ExprErrorKind::Unknown(name) => {
            let message = format!("`${name}` is not in parameters.csv");
            Diagnostic::new(Code::UnknownParameter, &position, message).suggest(known(&name))
        }
    }
}

/// Why a text is not a number, with the number it may have meant.
pub(crate) fn number_fault(text: &str, at: &Position) -> Diagnostic {
    let lower = text.trim_start_matches(['-', '+']).to_lowercase();
    if matches!(lower.as_str(), "inf" | "infinity" | "nan" | "∞" | "none") {
        let message = format!("`{text}` is not allowed here");
        return Diagnostic::new(Code::NotFinite, at, message);
    }
    Diagnostic::new(Code::NotANumber, at, format!("`{text}` is not a number")).suggest(number_meant(text))
}

/// `45 %` → 0.45; `12 000` → 12000; `1,5` → 1.5. `1,500` may be either and is not guessed at.
fn number_meant(text: &str) -> Option<String> {
    if let Some(percent) = text.strip_suffix('%') {
        return plain_number(percent.trim()).map(|number| (number / 100.0).to_string());
    }
    let joined: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '_' | '\'')).collect();
    if plain_number(&joined).is_some() {
        return Some(joined);
    }
    let (whole, part) = text.split_once(',')?;
    let decimal = format!("{whole}.{part}");
    (part.len() != 3 && plain_number(&decimal).is_some()).then_some(decimal)
}

/// Whether a text that is not a number should be read as an expression (and faulted as one).
pub(crate) fn is_expression(text: &str) -> bool {
    let arithmetic = || text.chars().all(|c| c.is_ascii_digit() || " .+-*/()eE".contains(c));
    text.contains('$') || (arithmetic() && !dates::looks_like_date(text) && text.contains(['+', '-', '*', '/', '(']))
}

/// Why arithmetic is no formula: an amount in brackets, a date, a range. `1 / 2` with blanks is one; `1/2` may be the first of February.
pub(crate) fn formula_fault(text: &str, at: &Position) -> Option<Diagnostic> {
    let text = text.trim();
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).map(|inner| inner.trim_matches(['(', ')', ' ']));
    if let Some(number) = inner.filter(|inner| plain_number(inner).is_some()) {
        let message = format!("`{text}` is how accounts write a negative number, and how a formula writes {number}");
        return Some(Diagnostic::new(Code::NotANumber, at, message).with_fix(format!("write -{number} or {number}, without brackets")));
    }
    if let Some(number) = text.strip_suffix('-').map(str::trim_end).filter(|number| plain_number(number).is_some()) {
        let message = format!("`{text}` has its minus behind it");
        return Some(Diagnostic::new(Code::NotANumber, at, message).with_fix(format!("write -{number} or {number}")));
    }
    let date = dates::like_date(text)?;
    let message = if date == text {
        format!("`{text}` is a date or a range, or a formula that has lost the blanks around its sign")
    } else {
        format!("`{date}` in `{text}` looks like a date, and would be read as a difference or a quotient")
    };
    let fix = "write the number; a formula has blanks around its signs: `100 - 80`, `1 / 2`";
    Some(Diagnostic::new(Code::NotANumber, at, message).with_fix(fix))
}

/// What is said of a formula without parameters.
pub(crate) fn formula_note(text: &str, value: f64, at: &Position) -> Diagnostic {
    Diagnostic::new(Code::FormulaWithoutParameter, at, format!("`{text}` is read as {value}"))
}

/// Reads the rows of parameters.csv.
struct Reader<'a> {
    raw: &'a RawTable,
    names: &'a Names,
    diagnostics: &'a mut Vec<Diagnostic>,
    by_name: HashMap<String, ParamId>,
    kinds: Vec<ParamKind>,
    broken: BTreeSet<ParamId>,
}

impl<'a> Reader<'a> {
    fn new(raw: &'a RawTable, names: &'a Names, diagnostics: &'a mut Vec<Diagnostic>) -> Reader<'a> {
        let (name, unit) = (raw.column("name"), raw.column("unit"));
        let mut by_name = HashMap::new();
        let mut kinds = Vec::new();
        for row in 0..raw.rows() {
            if let Some(name) = raw.cell_of(name, row) {
                by_name.entry(name.to_owned()).or_insert(ParamId(row as u32));
            }
            kinds.push(ParamKind::of_unit(raw.cell_of(unit, row).unwrap_or("")));
        }
        Reader { raw, names, diagnostics, by_name, kinds, broken: BTreeSet::new() }
    }

    fn text(&self, column: &str, row: usize) -> Option<&'a str> {
        self.raw.cell_of(self.raw.column(column), row)
    }

    fn at(&self, column: &str, row: usize) -> Position {
        self.raw.position(self.raw.column(column), row)
    }

    fn row(&mut self, row: usize) -> Parameter {
        let kind = self.kinds[row];
        let before = self.diagnostics.len();
        let value = self.value(kind, row);
        let unread = self.diagnostics[before..].iter().any(|found| found.severity == Severity::Error);
        let refused = ["value", "low", "high"].iter().any(|column| self.raw.is_refused(self.raw.column(column), row));
        let readable = !unread && !refused;
        if unread || self.text("value", row).is_none() {
            self.broken.insert(ParamId(row as u32));
        }
        let mut parameter = Parameter {
            name: self.text("name", row).unwrap_or_default().to_owned(),
            value,
            unit: self.text("unit", row).unwrap_or_default().to_owned(),
            low: self.end("low", kind, row),
            high: self.end("high", kind, row),
            basis: self.text("basis", row).and_then(word_index).map(|i| schema::words()[i as usize]),
            source: self.sources(row),
            grade: self.text("grade", row).map(str::to_owned),
            note: self.text("note", row).map(str::to_owned),
            origin: self.at("value", row),
        };
        // What stands in for an unreadable value has no range to keep to.
        if readable {
            self.check_range(&mut parameter, row);
        }
        parameter
    }

    /// Unknown ids are diagnosed when the table itself is read.
    fn sources(&self, row: usize) -> Vec<u32> {
        let ids = self.text("source", row).unwrap_or_default().split(';').map(str::trim);
        ids.filter_map(|id| self.names.find("sources", id)).collect()
    }

    /// The base value; what cannot be read is diagnosed and stands as 0, so that nothing is reported twice.
    fn value(&mut self, kind: ParamKind, row: usize) -> Value {
        let Some(text) = self.text("value", row) else {
            return Value::Number(0.0);
        };
        let at = self.at("value", row);
        if text.contains('$') {
            return self.formula(kind, text, row);
        }
        let (value, fault) = match kind {
            ParamKind::Choice => choice(text, &at),
            ParamKind::Date => match dates::parse_day(text) {
                Some(days) => (Value::Date(days), None),
                None => (Value::Date(0), Some(date_fault(text, &at))),
            },
            ParamKind::Number if text == "none" => (Value::Number(f64::INFINITY), None),
            ParamKind::Number => match plain_number(text).filter(|number| number.is_finite()) {
                Some(number) => (Value::Number(number), None),
                None if is_expression(text) => return self.formula(kind, text, row),
                None => (Value::Number(0.0), Some(number_fault(text, &at))),
            },
        };
        self.diagnostics.extend(fault);
        value
    }

    fn formula(&mut self, kind: ParamKind, text: &str, row: usize) -> Value {
        if let Some(fault) = formula_fault(text, &self.at("value", row)) {
            self.diagnostics.push(fault);
            return Value::Number(0.0);
        }
        let expr = match Expr::parse(text, &|name| self.by_name.get(name).copied()) {
            Ok(expr) => expr,
            Err(error) => {
                let known = |name: &str| self.names.nearest("parameters", name).map(str::to_owned);
                let column = self.raw.column("value").unwrap_or(0);
                let at = |from, length| self.raw.position_in(column, row, from, length);
                let fault = expression_fault(error, &known, &at);
                self.diagnostics.push(fault);
                return Value::Number(0.0);
            }
        };
        let kinds: Vec<_> = expr.parameters().map(|id| self.kinds[id.0 as usize]).collect();
        if let Some(message) = misuse(kind, &kinds) {
            let fault = Diagnostic::new(Code::WrongParameter, &self.at("value", row), message);
            self.diagnostics.push(fault);
            return Value::Number(0.0);
        }
        if !kinds.is_empty() {
            return Value::Derived(expr);
        }
        let value = expr.evaluate(&[]);
        self.diagnostics.push(formula_note(text, value, &self.at("value", row)));
        Value::Number(value)
    }

    fn end(&mut self, column: &str, kind: ParamKind, row: usize) -> Option<f64> {
        let text = self.text(column, row)?;
        let at = self.at(column, row);
        let (value, fault) = range_end(text, kind, &at);
        self.diagnostics.extend(fault);
        value
    }

    fn check_range(&mut self, parameter: &mut Parameter, row: usize) {
        let base = match parameter.value {
            Value::Number(number) if number.is_finite() => Some(number),
            Value::Date(days) => Some(f64::from(days)),
            _ => None,
        };
        let written = ["low", "high"].map(|column| self.text(column, row).is_some());
        let cells = RangeCells { value: &self.at("value", row), low: &self.at("low", row), high: &self.at("high", row) };
        if let Some(fault) = range_fault(base, parameter.low, parameter.high, written, &cells) {
            (parameter.low, parameter.high) = (None, None);
            self.diagnostics.push(fault);
        }
        let numeric = base.is_some() && self.text("value", row).is_some();
        if numeric && parameter.basis == Some("assumed") && written == [false, false] {
            let message = format!("`{}` is assumed, but has no range", parameter.name);
            self.diagnostics.push(Diagnostic::new(Code::AssumedWithoutRange, cells.value, message));
        }
    }
}

fn choice(text: &str, at: &Position) -> (Value, Option<Diagnostic>) {
    match word_index(text) {
        Some(index) => (Value::Choice(schema::words()[index as usize]), None),
        None => {
            let message = format!("`{text}` is no word that any column knows");
            let fault = Diagnostic::new(Code::UnknownWord, at, message).suggest(near_miss(text, schema::words().iter().copied()));
            (Value::Number(0.0), Some(fault))
        }
    }
}

/// Why a text is not a date.
pub(crate) fn date_fault(text: &str, at: &Position) -> Diagnostic {
    if dates::has_time(text) {
        let message = format!("`{text}` has a time of day, and is no midnight where it is written; only days are read");
        return Diagnostic::new(Code::NotADate, at, message).with_fix("write the day as YYYY-MM-DD: which one it is depends on the place");
    }
    let message = format!("`{text}` is not a date of the form YYYY-MM-DD");
    Diagnostic::new(Code::NotADate, at, message).suggest(dates::suggest_date(text))
}

/// Why parameters of these kinds cannot make a value of `wanted`.
pub(crate) fn misuse(wanted: ParamKind, used: &[ParamKind]) -> Option<String> {
    let stranger = |kind: &&ParamKind| match wanted {
        ParamKind::Number => **kind != ParamKind::Number,
        // A date plus a number of days is a date.
        ParamKind::Date => **kind == ParamKind::Choice,
        ParamKind::Choice => **kind != ParamKind::Choice,
    };
    if let Some(kind) = used.iter().find(stranger) {
        return Some(format!("the parameter is {}, but {} is read here", kind.noun(), wanted.noun()));
    }
    let dateless = wanted == ParamKind::Date && !used.contains(&ParamKind::Date);
    dateless.then(|| "no parameter of unit `date` is used, but a date is read here".to_owned())
}

/// One end of a range: a plain number, or a date.
pub(crate) fn range_end(text: &str, kind: ParamKind, at: &Position) -> (Option<f64>, Option<Diagnostic>) {
    match kind {
        ParamKind::Date => match dates::parse_day(text) {
            Some(days) => (Some(f64::from(days)), None),
            None => (None, Some(date_fault(text, at))),
        },
        _ => match plain_number(text).filter(|number| number.is_finite()) {
            Some(number) => (Some(number), None),
            None => (None, Some(number_fault(text, at))),
        },
    }
}

/// Where the cells of a range stand.
pub(crate) struct RangeCells<'a> {
    pub value: &'a Position,
    pub low: &'a Position,
    pub high: &'a Position,
}

/// What is wrong with a range; `base` is the value when it is a plain number or date, `written` whether low and high have text.
pub(crate) fn range_fault(
    base: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    written: [bool; 2],
    cells: &RangeCells,
) -> Option<Diagnostic> {
    if written == [false, false] {
        return None;
    }
    if written != [true, true] {
        let (end, at) = if written[0] { ("high", cells.low) } else { ("low", cells.high) };
        let message = format!("the range has no {end} end");
        return Some(Diagnostic::new(Code::HalfRange, at, message));
    }
    let Some(base) = base else {
        let message = "a range needs a value that is a plain number or date";
        return Some(Diagnostic::new(Code::RangeNotAllowed, cells.low, message));
    };
    let (low, high) = low.zip(high)?; // an end that cannot be read has its own diagnostic
    if low > high {
        let message = "the low end lies above the high end";
        return Some(Diagnostic::new(Code::RangeReversed, cells.low, message));
    }
    (base < low || base > high)
        .then(|| Diagnostic::new(Code::OutsideRange, cells.value, "the value lies outside its range from low to high"))
}
