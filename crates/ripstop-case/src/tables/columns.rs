//! Raw text to typed columns: every cell is read by its column's kind, every fault named at its place.

use crate::language::dates;
use crate::language::diagnostic::{Code, Diagnostic, Position, near_miss};
use crate::language::expr::{Expr, plain_number};
use crate::language::faults::{date_fault, formula_fault, formula_note, is_expression, number_fault};
use crate::language::schema::{ColumnSpec, Kind, other_name};
use crate::read::bytes::RawTable;
use crate::read::packed::{Lists, Texts};
use crate::tables::names::{Names, WordList};
use crate::tables::parameters::{
    ParamId, ParamKind, Parameter, Parameters, RangeCells, Value, expression_fault, misuse, range_end, range_fault,
};
use crate::tables::selector::{Selector, items};
use crate::tables::table::{Cells, Column, NO_ROW, NumberCell, ScenarioName, Table, WordCell};

/// What reading a table needs to know of the rest of the case.
pub struct Context<'a> {
    /// Ids of every table.
    pub names: &'a Names,
    /// Parameters; cells with a range of their own are added.
    pub parameters: &'a mut Parameters,
    /// Whether the case has links.
    pub links: bool,
    /// Faults found.
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

/// Reads one table.
pub fn read_table(raw: &RawTable, context: &mut Context) -> Table {
    if !raw.unreadable {
        check_header(raw, context.links, context.diagnostics);
    }
    let mut columns: Vec<Column> = Vec::new();
    for spec in raw.spec.and_common() {
        let header = raw.column(spec.name);
        let cells = header.map_or(Cells::Absent, |column| ColumnReader { raw, spec, column, context }.cells());
        columns.push(Column { spec, header, cells, default: default_number(spec) });
    }
    let keys = Default::default(); // handed over once every table is read
    let mut table = Table { spec: raw.spec, columns, written: raw.written.clone(), keys };
    if raw.spec.name != "parameters" {
        read_ranges(raw, &mut table, context);
    }
    table
}

fn default_number(spec: &ColumnSpec) -> Option<f64> {
    if spec.default == "none" { Some(f64::INFINITY) } else { plain_number(spec.default) }
}

/// What to do with a column of files of version 0.1.
const MOVED_GUESSES: &str = "guesses have a table of their own: for each observation that `naive` names write a row of guesses.csv with \
                             observation, name, value and why; then remove the column, and rows that served only as guesses";

/// Unknown, repeated and missing columns.
fn check_header(raw: &RawTable, links: bool, diagnostics: &mut Vec<Diagnostic>) {
    let known: Vec<&ColumnSpec> = raw.spec.all_columns().collect();
    let is_range = |name: &str| {
        let base = name.strip_suffix("_low").or_else(|| name.strip_suffix("_high"));
        base.is_some_and(|base| known.iter().any(|spec| spec.name == base && spec.kind.may_range()))
    };
    for (column, name) in raw.written.header.iter().enumerate() {
        let at = || raw.written.header_position(Some(column));
        if raw.written.header[..column].contains(name) && !name.is_empty() {
            let message = format!("the header names `{name}` twice");
            diagnostics.push(Diagnostic::new(Code::DuplicateColumn, &at(), message));
        } else if known.iter().all(|spec| spec.name != name) && !is_range(name) {
            let blank = (0..raw.rows()).all(|row| raw.cell(column, row).is_none());
            if name.is_empty() && blank {
                continue; // a spreadsheet's empty column at the end
            }
            let message = format!("{} has no column `{name}`", raw.file());
            let moved = raw.spec.name == "observations" && name == "naive";
            // Without a cell nothing is lost.
            let code = if moved && blank { Code::ColumnMoved } else { Code::UnknownColumn };
            let fault = Diagnostic::new(code, &at(), message);
            let other = other_name(name, |wanted| known.iter().map(|spec| spec.name).find(|known| *known == wanted));
            diagnostics.push(match other {
                _ if moved => fault.with_fix(MOVED_GUESSES),
                Some((_, fix)) => fault.with_fix(fix),
                None if name.is_empty() => {
                    fault.with_fix("name the column, or leave it out; an index of a data frame: `to_csv(..., index=False)`")
                }
                None => fault.suggest(near_miss(name, known.iter().map(|spec| spec.name))),
            });
        }
    }
    if raw.absent {
        return;
    }
    // With links firms need no place.
    let spared = |spec: &ColumnSpec| links && raw.spec.spared_by_links(spec);
    for spec in known.iter().filter(|spec| spec.required && raw.column(spec.name).is_none() && !spared(spec)) {
        let at = raw.written.header_position(None);
        let message = format!("{} needs the column `{}`: {}", raw.file(), spec.name, spec.meaning);
        diagnostics.push(Diagnostic::new(Code::MissingColumn, &at, message));
    }
}

/// Reads the cells of one column.
struct ColumnReader<'a, 'b> {
    raw: &'a RawTable,
    spec: &'static ColumnSpec,
    column: usize,
    context: &'a mut Context<'b>,
}

impl ColumnReader<'_, '_> {
    fn cells(mut self) -> Cells {
        match self.spec.kind {
            Kind::Id => Cells::Text(self.texts(Self::check_id)),
            Kind::Country => Cells::Text(self.texts(Self::check_country)),
            Kind::Currency => Cells::Text(self.texts(Self::check_currency)),
            Kind::Text | Kind::Texts | Kind::Value => Cells::Text(self.texts(|_, _, _| {})),
            Kind::Number | Kind::Integer => Cells::Number(self.each(NumberCell::Blank, Self::number)),
            Kind::Date => Cells::Number(self.each(NumberCell::Blank, Self::date)),
            Kind::Enum(options) => Cells::Word(self.each(WordCell::Blank, |reader, row, text| reader.word(row, text, options))),
            Kind::Ref(table) => Cells::Ref(self.each(NO_ROW, |reader, row, text| reader.reference(row, 0, text, table).unwrap_or(NO_ROW))),
            Kind::RefList(table) => Cells::Refs(self.lists(|reader, row, at, id| reader.reference(row, at, id, table))),
            Kind::ScenarioList => Cells::Scenarios(self.lists(Self::scenario)),
            Kind::MonthDay => Cells::MonthDay(self.each(None, Self::month_day)),
            Kind::Bool => Cells::Flag(self.each(None, Self::flag)),
            Kind::Period => Cells::Period(self.each(None, Self::period)),
            Kind::Weekdays => Cells::Weekdays(self.each(0, Self::weekdays)),
            Kind::Selector => Cells::Selector(self.each(None, Self::selector)),
        }
    }

    /// One value a row; blank cells hold `blank`.
    fn each<T: Clone>(&mut self, blank: T, mut read: impl FnMut(&mut Self, usize, &str) -> T) -> Vec<T> {
        let raw = self.raw;
        (0..raw.rows())
            .map(|row| match raw.cell(self.column, row) {
                Some(text) => read(self, row, text),
                None => {
                    self.check_blank(row);
                    blank.clone()
                }
            })
            .collect()
    }

    fn texts(&mut self, mut check: impl FnMut(&mut Self, usize, &str)) -> Texts {
        let raw = self.raw;
        let mut texts = Texts::default();
        for row in 0..raw.rows() {
            match raw.cell(self.column, row) {
                Some(text) => {
                    check(self, row, text);
                    texts.push(text);
                }
                None => {
                    self.check_blank(row);
                    texts.push("");
                }
            }
        }
        texts
    }

    /// The items of a `;` list a row; `read` gets the byte each starts at in the cell.
    fn lists<T>(&mut self, mut read: impl FnMut(&mut Self, usize, usize, &str) -> Option<T>) -> Lists<T> {
        let raw = self.raw;
        let mut lists = Lists::new();
        for row in 0..raw.rows() {
            let text = raw.cell(self.column, row).unwrap_or_default();
            if text.is_empty() {
                self.check_blank(row);
            }
            let found: Vec<T> = items(text).filter_map(|(at, item)| read(self, row, at, item)).collect();
            lists.push(found);
        }
        lists
    }

    fn at(&self, row: usize) -> Position {
        self.raw.position(Some(self.column), row)
    }

    fn fault(&mut self, code: Code, row: usize, message: String) {
        let fault = Diagnostic::new(code, &self.at(row), message);
        self.context.diagnostics.push(fault);
    }

    fn check_blank(&mut self, row: usize) {
        // A row that is too short is diagnosed as such, a cell that is refused too.
        if self.spec.required && self.raw.reaches(self.column, row) && !self.raw.is_refused(Some(self.column), row) {
            self.fault(Code::MissingCell, row, format!("`{}` is blank: {}", self.spec.name, self.spec.meaning));
        }
    }

    fn check_id(&mut self, row: usize, text: &str) {
        // Goods that links make have the names of sectors, which are free.
        let made = self.raw.written.source.path != std::path::Path::new(self.raw.file());
        if let Some(bad) = text.chars().find(|c| ",;&$".contains(*c) && !made || c.is_control()) {
            self.fault(Code::BadId, row, format!("the id `{text}` contains {bad:?}"));
        } else if let Some(bad) = crate::tables::names::unseen(text) {
            self.fault(Code::BadId, row, format!("the id `{text}` contains {bad:?}, which nobody sees"));
        }
    }

    fn check_country(&mut self, row: usize, text: &str) {
        if text.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let near = crate::language::countries::meant(text);
            let fault = Diagnostic::new(Code::NotACountry, &self.at(row), format!("`{text}` is not a country code"));
            self.context.diagnostics.push(fault.suggest(near));
        }
    }

    fn check_currency(&mut self, row: usize, text: &str) {
        let names = self.context.names;
        if names.place(WordList::Currencies, text).is_none() && names.readable("exchange_rates") {
            let message = format!("the currency `{text}` has no row in exchange_rates.csv, and is not the case's, {}", names.currencies[0]);
            let near = names.nearest_word(WordList::Currencies, text).map(str::to_owned);
            let fault = Diagnostic::new(Code::UnknownCurrency, &self.at(row), message);
            self.context.diagnostics.push(fault.suggest(near));
        }
    }

    fn number(&mut self, row: usize, text: &str) -> NumberCell {
        if text == "none" && self.spec.none {
            return NumberCell::Value(f64::INFINITY);
        }
        if let Some(number) = plain_number(text).filter(|number| number.is_finite()) {
            return NumberCell::Value(number);
        }
        if is_expression(text) {
            return self.formula(row, text, ParamKind::Number);
        }
        let fault = number_fault(text, &self.at(row));
        self.context.diagnostics.push(fault);
        NumberCell::Blank
    }

    fn date(&mut self, row: usize, text: &str) -> NumberCell {
        if text.contains('$') {
            return self.formula(row, text, ParamKind::Date);
        }
        if let Some(days) = dates::parse_day(text) {
            return NumberCell::Value(f64::from(days));
        }
        let fault = date_fault(text, &self.at(row));
        self.context.diagnostics.push(fault);
        NumberCell::Blank
    }

    fn formula(&mut self, row: usize, text: &str, wanted: ParamKind) -> NumberCell {
        if let Some(fault) = formula_fault(text, &self.at(row)) {
            self.context.diagnostics.push(fault);
            return NumberCell::Blank;
        }
        let parameters = &*self.context.parameters;
        let expr = match Expr::parse(text, &|name| parameters.find(name)) {
            Ok(expr) => expr,
            Err(error) => {
                let known = |name: &str| nearest_parameter(parameters, name);
                let at = |from, length| self.raw.position_in(self.column, row, from, length);
                let fault = expression_fault(error, &known, &at);
                self.context.diagnostics.push(fault);
                return NumberCell::Blank;
            }
        };
        let kinds: Vec<ParamKind> = expr.parameters().map(|id| parameters.get(id).kind()).collect();
        if let Some(message) = misuse(wanted, &kinds) {
            self.fault(Code::WrongParameter, row, message);
            return NumberCell::Blank;
        }
        // What it comes to is judged with the other numbers of the column.
        if kinds.is_empty() && expr.evaluate(&[]).is_finite() {
            let note = formula_note(text, expr.evaluate(&[]), &self.at(row));
            self.context.diagnostics.push(note);
        }
        match expr.as_parameter() {
            Some(id) => NumberCell::Parameter(id),
            None => NumberCell::Formula(Box::new(expr)),
        }
    }

    fn word(&mut self, row: usize, text: &str, options: &[&'static str]) -> WordCell {
        if let Some(name) = text.strip_prefix('$') {
            return self.word_parameter(row, name);
        }
        if let Some(word) = options.iter().copied().find(|option| *option == text) {
            return WordCell::Word(word);
        }
        let message = format!("`{text}` is not one of {}", options.join(", "));
        let near = near_miss(text, options.iter().copied());
        let fault = Diagnostic::new(Code::UnknownWord, &self.at(row), message).suggest(near);
        self.context.diagnostics.push(fault);
        WordCell::Blank
    }

    /// Whether the word it stands for fits is checked once scenarios are known.
    fn word_parameter(&mut self, row: usize, name: &str) -> WordCell {
        let parameters = &*self.context.parameters;
        let Some(id) = parameters.find(name) else {
            let fault = Diagnostic::new(Code::UnknownParameter, &self.at(row), format!("`${name}` is not in parameters.csv"))
                .suggest(nearest_parameter(parameters, name));
            self.context.diagnostics.push(fault);
            return WordCell::Blank;
        };
        if let Some(message) = misuse(ParamKind::Choice, &[parameters.get(id).kind()]) {
            self.fault(Code::WrongParameter, row, message);
            return WordCell::Blank;
        }
        WordCell::Parameter(id)
    }

    fn reference(&mut self, row: usize, at: usize, id: &str, table: &'static str) -> Option<u32> {
        let names = self.context.names;
        let found = names.find(table, id);
        if found.is_none() && names.readable(table) {
            let position = self.raw.position_in(self.column, row, at, id.len());
            let fault =
                Diagnostic::new(Code::UnknownId, &position, format!("`{id}` is not in {table}.csv")).suggest(names.nearest(table, id));
            self.context.diagnostics.push(fault);
        }
        found
    }

    fn scenario(&mut self, row: usize, at: usize, name: &str) -> Option<ScenarioName> {
        if name == "background" {
            return Some(ScenarioName::Background);
        }
        let names = self.context.names;
        let found = names.place(WordList::Scenarios, name);
        if found.is_none() {
            let position = self.raw.position_in(self.column, row, at, name.len());
            let message = format!("there is no scenario `{name}` in case.toml");
            let near = near_miss(name, ["background"]).or_else(|| names.nearest_word(WordList::Scenarios, name));
            let fault = Diagnostic::new(Code::UnknownScenario, &position, message).suggest(near);
            self.context.diagnostics.push(fault);
        }
        found.map(ScenarioName::Named)
    }

    fn month_day(&mut self, row: usize, text: &str) -> Option<(u8, u8)> {
        let day = dates::parse_month_day(text);
        if day.is_none() {
            self.fault(Code::NotAMonthDay, row, format!("`{text}` is not a day of the year MM-DD"));
        }
        day
    }

    fn flag(&mut self, row: usize, text: &str) -> Option<bool> {
        match text {
            "true" | "TRUE" | "True" => Some(true),
            "false" | "FALSE" | "False" => Some(false),
            _ => {
                let message = format!("`{text}` is not one of true, false");
                let near = match text.to_lowercase().as_str() {
                    "1" | "yes" | "y" => Some("true"),
                    "0" | "no" | "n" => Some("false"),
                    other => near_miss(other, ["true", "false"]),
                };
                let fault = Diagnostic::new(Code::UnknownWord, &self.at(row), message).suggest(near);
                self.context.diagnostics.push(fault);
                None
            }
        }
    }

    fn period(&mut self, row: usize, text: &str) -> Option<(i32, i32)> {
        let period = dates::parse_period(text);
        if period.is_none() {
            let message = format!("`{text}` is not YYYY, YYYY-MM or YYYY-MM-DD");
            let fault = Diagnostic::new(Code::NotADate, &self.at(row), message).suggest(dates::suggest_date(text));
            self.context.diagnostics.push(fault);
        }
        period
    }

    fn weekdays(&mut self, row: usize, text: &str) -> u8 {
        const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let mut days = 0;
        for (at, day) in items(text) {
            if let Some(index) = DAYS.iter().position(|known| *known == day) {
                days |= 1 << index;
                continue;
            }
            let position = self.raw.position_in(self.column, row, at, day.len());
            let message = format!("`{day}` is not one of {}", DAYS.join(", "));
            let short = day.get(..3).map(str::to_lowercase).unwrap_or_default();
            let near = DAYS.iter().copied().find(|known| *known == short);
            let fault = Diagnostic::new(Code::UnknownWord, &position, message).suggest(near);
            self.context.diagnostics.push(fault);
        }
        days
    }

    fn selector(&mut self, row: usize, text: &str) -> Option<Selector> {
        let errors = match Selector::parse(text, self.context.names) {
            Ok(selector) => return Some(selector),
            Err(errors) => errors,
        };
        for error in errors {
            let at = self.raw.position_in(self.column, row, error.at, error.length);
            let fault = Diagnostic::new(error.code, &at, error.message).suggest(error.suggestion);
            self.context.diagnostics.push(fault);
        }
        None
    }
}

pub(crate) fn nearest_parameter(parameters: &Parameters, name: &str) -> Option<String> {
    let named = parameters.list.iter().map(|parameter| parameter.name.as_str());
    parameters.suggestions.nearest(name, named).map(str::to_owned)
}

/// Makes a parameter of every cell with a range of its own.
fn read_ranges(raw: &RawTable, table: &mut Table, context: &mut Context) {
    for index in 0..table.columns.len() {
        let spec = table.columns[index].spec;
        let ends = ["low", "high"].map(|end| raw.column(&format!("{}_{end}", spec.name)));
        if !spec.kind.may_range() || ends == [None, None] {
            continue;
        }
        for row in 0..raw.rows() {
            let ranged = Ranged { raw, table, column: &table.columns[index], ends };
            if let Some(id) = ranged.read(row, context)
                && let Cells::Number(cells) = &mut table.columns[index].cells
            {
                cells[row] = NumberCell::Parameter(id);
            }
        }
    }
}

/// A column whose cells may have ranges of their own.
struct Ranged<'a> {
    raw: &'a RawTable,
    table: &'a Table,
    column: &'a Column,
    /// The columns of its low and high ends.
    ends: [Option<usize>; 2],
}

impl Ranged<'_> {
    fn read(&self, row: usize, context: &mut Context) -> Option<ParamId> {
        let (raw, column, ends) = (self.raw, self.column, self.ends);
        let kind = if column.spec.kind == Kind::Date { ParamKind::Date } else { ParamKind::Number };
        let written = ends.map(|end| raw.cell_of(end, row));
        if written == [None, None] || [column.header, ends[0], ends[1]].iter().any(|column| raw.is_refused(*column, row)) {
            return None;
        }
        let Cells::Number(cells) = &column.cells else {
            return None; // the column itself is missing: nothing to range over
        };
        let base = match cells[row] {
            NumberCell::Value(number) if number.is_finite() => Some(number),
            NumberCell::Blank if column.header.is_none_or(|header| raw.written.text(header, row).is_none()) => {
                column.default.filter(|number| number.is_finite())
            }
            NumberCell::Blank => return None, // unreadable and diagnosed
            _ => None,
        };
        let [low_at, high_at] = ends.map(|end| raw.position(end, row));
        let value_at = raw.position(column.header, row);
        let mut read = |text: Option<&str>, at: &Position| {
            let (value, fault) = text.map_or((None, None), |text| range_end(text, kind, at));
            context.diagnostics.extend(fault);
            value
        };
        let (low, high) = (read(written[0], &low_at), read(written[1], &high_at));
        let cells = RangeCells { value: &value_at, low: &low_at, high: &high_at };
        let fault = range_fault(base, low, high, written.map(|text| text.is_some()), &cells);
        if fault.is_some() {
            context.diagnostics.extend(fault);
            return None;
        }
        let value = if kind == ParamKind::Date { Value::Date(base? as i32) } else { Value::Number(base?) };
        let parameter = self.parameter(row, value, low.zip(high)?, value_at);
        Some(context.parameters.push(parameter))
    }

    /// The parameter that stands for a cell: its evidence is its row's.
    fn parameter(&self, row: usize, value: Value, (low, high): (f64, f64), origin: Position) -> Parameter {
        let (table, spec) = (self.table, self.column.spec);
        let none = crate::tables::parameters::Values(Vec::new());
        let word = |name: &str| match table.column(table.col(name)).cells {
            Cells::Word(ref cells) if matches!(cells[row], WordCell::Parameter(_)) => None,
            _ => table.enumeration(table.col(name), row, &none),
        };
        let source = match table.column(table.col("source")).spec.kind {
            Kind::RefList(_) => table.references(table.col("source"), row).to_vec(),
            _ => Vec::new(),
        };
        Parameter {
            name: format!("{}:{}.{}", self.raw.spec.name, self.raw.key(row), spec.name),
            unit: if spec.kind == Kind::Date { "date".to_owned() } else { spec.unit.to_owned() },
            value,
            low: Some(low),
            high: Some(high),
            basis: word("basis"),
            source,
            grade: word("grade").map(str::to_owned),
            note: table.text(table.col("note"), row).map(str::to_owned),
            origin,
        }
    }
}
