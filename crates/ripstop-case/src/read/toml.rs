//! TOML read by key lists of the schema: every key is known, typed and placed.

use crate::language::dates;
use crate::language::diagnostic::{Code, Diagnostic, Position, near_miss};
use crate::language::faults::date_fault;
use crate::language::schema::{ColumnSpec, Kind};
use crate::read::bytes::Source;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value and where it stands.
pub type Item<'t, 'i> = &'t Spanned<DeValue<'i>>;

/// Reads tables of one file.
pub struct TomlReader<'a> {
    /// The file.
    pub source: &'a Source,
    /// Faults found.
    pub diagnostics: &'a mut Vec<Diagnostic>,
    /// The file has a syntax error: what seems to be missing may only not have been understood.
    pub broken: bool,
}

impl<'a> TomlReader<'a> {
    /// Parses the file; syntax errors are all named and what is left is read on.
    pub fn parse(&mut self) -> Spanned<DeTable<'a>> {
        let (table, errors) = DeTable::parse_recoverable(&self.source.text);
        let mut last_line = 0;
        self.broken = !errors.is_empty();
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            let line = self.at(span.clone()).line;
            if std::mem::replace(&mut last_line, line) == line {
                continue; // what follows a syntax error in its line is mostly its echo
            }
            let message = error.message().replace('\n', "; ");
            self.fault(Code::TomlSyntax, span, message);
        }
        table
    }

    /// Where a span stands.
    pub fn at(&self, span: Range<usize>) -> Position {
        let length = self.source.text.len();
        self.source.position(span.start.min(length)..span.end.min(length))
    }

    /// Records a fault.
    pub fn fault(&mut self, code: Code, span: Range<usize>, message: impl Into<String>) {
        let fault = Diagnostic::new(code, &self.at(span), message);
        self.diagnostics.push(fault);
    }

    /// Unknown and missing keys of a table that stands at `span`.
    pub fn check_keys(&mut self, table: &DeTable, specs: &[&ColumnSpec], what: &str, span: Range<usize>) {
        for key in table.keys() {
            let name: &str = key.get_ref();
            if specs.iter().all(|spec| spec.name != name) {
                let near = near_miss(name, specs.iter().map(|spec| spec.name));
                let message = format!("{what} has no key `{name}`");
                let fault = Diagnostic::new(Code::UnknownKey, &self.at(key.span()), message).suggest(near);
                self.diagnostics.push(fault);
            }
        }
        for spec in specs.iter().filter(|spec| !self.broken && spec.required && !table.contains_key(spec.name)) {
            let message = format!("{what} needs the key `{}`: {}", spec.name, spec.meaning);
            let fix = if what == "case.toml" {
                format!("add a table [{}]", spec.name)
            } else {
                format!("add the key, such as {} = {}", spec.name, example(spec))
            };
            self.diagnostics.push(Diagnostic::new(Code::MissingKey, &self.at(span.clone()), message).with_fix(fix));
        }
    }

    fn wrong_type(&mut self, item: Item, spec: &ColumnSpec, wanted: &str) {
        let message = format!("`{}` is {wanted}, not {}", spec.name, item.get_ref().type_str());
        let fix = format!("write it like {} = {}", spec.name, example(spec));
        let fault = Diagnostic::new(Code::WrongType, &self.at(item.span()), message).with_fix(fix);
        self.diagnostics.push(fault);
    }

    /// A text, or the schema's default.
    pub fn text(&mut self, table: &DeTable, spec: &ColumnSpec) -> Option<String> {
        let default = || (!spec.default.is_empty()).then(|| spec.default.to_owned());
        let Some(item) = table.get(spec.name) else {
            return default();
        };
        match item.get_ref().as_str() {
            Some(text) => Some(text.to_owned()),
            None => {
                self.wrong_type(item, spec, "text");
                None
            }
        }
    }

    /// A word of the key's list, or the schema's default.
    pub fn word(&mut self, table: &DeTable, spec: &ColumnSpec) -> Option<&'static str> {
        let Kind::Enum(options) = spec.kind else {
            return None;
        };
        let text = self.text(table, spec)?;
        let found = options.iter().copied().find(|option| *option == text);
        if let (None, Some(item)) = (found, table.get(spec.name)) {
            let message = format!("`{text}` is not one of {}", options.join(", "));
            let near = near_miss(&text, options.iter().copied());
            let fault = Diagnostic::new(Code::UnknownWord, &self.at(item.span()), message).suggest(near);
            self.diagnostics.push(fault);
        }
        found
    }

    /// A number within the key's limits, or the schema's default.
    pub fn number(&mut self, table: &DeTable, spec: &ColumnSpec) -> Option<f64> {
        let Some(item) = table.get(spec.name) else {
            return spec.default.parse().ok();
        };
        let Some(number) = plain(item.get_ref()) else {
            self.wrong_type(item, spec, "a number");
            return None;
        };
        let fault = if !number.is_finite() {
            (Code::NotFinite, format!("{number} is not a finite number"))
        } else if spec.min.is_some_and(|min| number < min) {
            (Code::BelowMinimum, format!("{number} is below {}", spec.min.unwrap_or_default()))
        } else if spec.above.is_some_and(|bound| number <= bound) {
            (Code::BelowMinimum, format!("{number} is not above {}", spec.above.unwrap_or_default()))
        } else if spec.max.is_some_and(|max| number > max) {
            (Code::AboveMaximum, format!("{number} is above {}", spec.max.unwrap_or_default()))
        } else if let Some((code, message)) = crate::language::numbers::size_fault(number) {
            (code, format!("it {message}"))
        } else if spec.kind == Kind::Integer && number.fract() != 0.0 {
            (Code::NotWhole, format!("{number} is not a whole number"))
        } else {
            return Some(number);
        };
        self.fault(fault.0, item.span(), fault.1);
        None
    }

    /// A date in days since 1970-01-01, bare or in quotes.
    pub fn date(&mut self, table: &DeTable, spec: &ColumnSpec) -> Option<i32> {
        let item = table.get(spec.name)?;
        let text = match item.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => {
                self.wrong_type(item, spec, "a date");
                return None;
            }
        };
        let days = dates::parse_date(&text);
        if days.is_none() {
            let fault = date_fault(&text, &self.at(item.span()));
            self.diagnostics.push(fault);
        }
        days
    }

    /// Texts with their places: an array, or a single text.
    pub fn texts(&mut self, table: &DeTable, spec: &ColumnSpec) -> Vec<(String, Range<usize>)> {
        let Some(item) = table.get(spec.name) else {
            return Vec::new();
        };
        let items: Vec<Item> = match item.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![item],
        };
        let mut texts = Vec::new();
        for item in items {
            match item.get_ref().as_str() {
                Some(text) => texts.push((text.to_owned(), item.span())),
                None => self.wrong_type(item, spec, "a list of texts"),
            }
        }
        texts
    }

    /// Tables of an array of tables with their places.
    pub fn tables<'t, 'i>(&mut self, table: &'t DeTable<'i>, name: &str) -> Vec<(&'t DeTable<'i>, Range<usize>)> {
        let Some(item) = table.get(name) else {
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in item.get_ref().as_array().into_iter().flat_map(|items| items.iter()) {
            match item.get_ref().as_table() {
                Some(table) => tables.push((table, item.span())),
                None => self.fault(Code::WrongType, item.span(), format!("`{name}` is a list of tables")),
            }
        }
        if item.get_ref().as_array().is_none() {
            self.fault(Code::WrongType, item.span(), format!("`{name}` is a list of tables, [[{name}]]"));
        }
        tables
    }

    /// A table under a key, with its place.
    pub fn table<'t, 'i>(&mut self, table: &'t DeTable<'i>, name: &str) -> Option<(&'t DeTable<'i>, Range<usize>)> {
        let item = table.get(name)?;
        let found = item.get_ref().as_table();
        if found.is_none() {
            self.fault(Code::WrongType, item.span(), format!("`{name}` is a table, [{name}]"));
        }
        found.map(|table| (table, item.span()))
    }
}

/// A number as f64.
pub fn plain(value: &DeValue) -> Option<f64> {
    match value {
        // Of TOML's own 64 bits, or beyond: it is a number all the same.
        DeValue::Integer(number) => i128::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n as f64),
        DeValue::Float(number) => number.as_str().parse().ok(),
        _ => None,
    }
}

fn example(spec: &ColumnSpec) -> String {
    let quoted = matches!(spec.kind, Kind::Text | Kind::Id | Kind::Enum(_) | Kind::Country);
    if quoted { format!("\"{}\"", spec.example) } else { spec.example.to_owned() }
}
