//! claims.toml: what sources said, and the measures by which a run agrees with it.

use crate::language::dates;
use crate::language::diagnostic::{Code, Diagnostic, Position, near_miss};
use crate::language::numbers::as_share;
use crate::language::schema::{CLAIM_KEYS, ColumnSpec, Kind, MEASURES, MeasureSpec, PART_KEYS};
use crate::read::bytes::Source;
use crate::read::toml::TomlReader;
use crate::tables::names::Names;
use crate::tables::selector::{Selector, SelectorKind};
use std::collections::HashMap;
use std::ops::Range;
use toml::de::DeTable;

/// Whether the case rests on a claim or should show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimKind {
    /// The case rests on it.
    Premise,
    /// The run should show it; its number is never an input.
    Outcome,
}

/// A dated statement and when a run agrees with it.
#[derive(Clone, Debug)]
pub struct ClaimRow {
    /// Name.
    pub id: String,
    /// Premise or outcome.
    pub kind: ClaimKind,
    /// What is claimed.
    pub text: String,
    /// Rows of `sources`.
    pub sources: Vec<u32>,
    /// Grade of the evidence.
    pub grade: Option<String>,
    /// The date it speaks of; `None` is the case's `as_of`.
    pub date: Option<i32>,
    /// The analysis it waits for.
    pub needs: Option<String>,
    /// Conditions that must all hold.
    pub parts: Vec<ClaimPart>,
    /// Where its id stands.
    pub position: Position,
    /// Where its date stands, or the claim.
    pub date_at: Position,
}

/// One condition: a measure of something within bounds.
#[derive(Clone, Debug)]
pub struct ClaimPart {
    /// Name of the measure.
    pub measure: &'static str,
    /// Each must satisfy the bounds.
    pub of: Vec<Selector>,
    /// The selectors as written.
    pub of_text: Vec<String>,
    /// Smallest value that satisfies.
    pub at_least: Option<f64>,
    /// Largest value that satisfies.
    pub at_most: Option<f64>,
    /// The value must be larger.
    pub above: Option<f64>,
    /// The value must be smaller.
    pub below: Option<f64>,
    /// Where the condition stands.
    pub position: Position,
    pub(crate) keys: Vec<(&'static str, KeyValue, Position)>,
}

/// The value of a measure's own key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum KeyValue {
    Number(f64),
    Date(i32),
    Word(String),
    Refs(Vec<u32>),
    Words(Vec<String>),
}

impl ClaimPart {
    fn key(&self, name: &str) -> Option<&KeyValue> {
        self.keys.iter().find(|(key, _, _)| *key == name).map(|(_, value, _)| value)
    }

    /// A number among the measure's own keys.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.key(name)? {
            KeyValue::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// A date among the measure's own keys, in days since 1970-01-01.
    pub fn date(&self, name: &str) -> Option<i32> {
        match self.key(name)? {
            KeyValue::Date(days) => Some(*days),
            _ => None,
        }
    }

    /// A word among the measure's own keys.
    pub fn word(&self, name: &str) -> Option<&str> {
        match self.key(name)? {
            KeyValue::Word(word) => Some(word),
            _ => None,
        }
    }

    /// A list of words among the measure's own keys; empty if it is not given.
    pub fn words(&self, name: &str) -> &[String] {
        match self.key(name) {
            Some(KeyValue::Words(words)) => words,
            _ => &[],
        }
    }

    /// Rows among the measure's own keys, such as `crossings`.
    pub fn refs(&self, name: &str) -> &[u32] {
        match self.key(name) {
            Some(KeyValue::Refs(rows)) => rows,
            _ => &[],
        }
    }
}

fn key(specs: &'static [ColumnSpec], name: &str) -> &'static ColumnSpec {
    specs.iter().find(|spec| spec.name == name).unwrap_or_else(|| panic!("the schema has no key `{name}`"))
}

/// Reads claims.toml.
pub fn read(source: &Source, names: &Names, diagnostics: &mut Vec<Diagnostic>) -> Vec<ClaimRow> {
    let toml = TomlReader { source, diagnostics, broken: false };
    let mut reader = ClaimReader { toml, names };
    let root = reader.toml.parse();
    let top = ColumnSpec { name: "claim", required: false, ..CLAIM_KEYS[0] };
    reader.toml.check_keys(root.get_ref(), &[&top], "claims.toml", 0..0);
    let (mut claims, mut lines): (Vec<ClaimRow>, HashMap<String, usize>) = (Vec::new(), HashMap::new());
    for (table, span) in reader.toml.tables(root.get_ref(), "claim") {
        let claim = reader.claim(table, span);
        if let Some(first) = lines.get(&claim.id).filter(|_| !claim.id.is_empty()) {
            let message = format!("`{}` stands in line {first} already", claim.id);
            reader.toml.diagnostics.push(Diagnostic::new(Code::DuplicateId, &claim.position, message));
        }
        lines.entry(claim.id.clone()).or_insert(claim.position.line);
        claims.push(claim);
    }
    if reader.toml.broken {
        // What is left of a torn table seems to lack the rest.
        let torn = [Code::MissingKey, Code::MissingBound, Code::MissingForKind, Code::WrongType];
        reader.toml.diagnostics.retain(|found| *found.file != source.path || !torn.contains(&found.code));
    }
    claims
}

struct ClaimReader<'a> {
    toml: TomlReader<'a>,
    names: &'a Names,
}

impl ClaimReader<'_> {
    fn claim(&mut self, table: &DeTable, span: Range<usize>) -> ClaimRow {
        self.toml.check_keys(table, &CLAIM_KEYS.iter().collect::<Vec<_>>(), "[[claim]]", span.clone());
        let spec = |name| key(CLAIM_KEYS, name);
        let place = |name: &str| table.get(name).map_or_else(|| span.clone(), |item| item.span());
        let outcome = self.toml.word(table, spec("kind")) == Some("outcome");
        let sources = self.references(table, spec("source"), "sources");
        let parts = self.toml.tables(table, "holds_when");
        let parts = parts.into_iter().filter_map(|(part, span)| self.part(part, span)).collect();
        ClaimRow {
            id: self.toml.text(table, spec("id")).unwrap_or_default(),
            kind: if outcome { ClaimKind::Outcome } else { ClaimKind::Premise },
            text: self.toml.text(table, spec("text")).unwrap_or_default(),
            sources,
            grade: self.toml.word(table, spec("grade")).map(str::to_owned),
            date: self.toml.date(table, spec("date")),
            needs: self.toml.word(table, spec("needs")).map(str::to_owned),
            parts,
            position: self.toml.at(place("id")),
            date_at: self.toml.at(place("date")),
        }
    }

    fn references(&mut self, table: &DeTable, spec: &ColumnSpec, to: &'static str) -> Vec<u32> {
        let mut rows = Vec::new();
        for (id, span) in self.toml.texts(table, spec) {
            match self.names.find(to, &id) {
                Some(row) => rows.push(row),
                None if !self.names.readable(to) => {}
                None => {
                    let message = format!("`{id}` is not in {to}.csv");
                    let fault = Diagnostic::new(Code::UnknownId, &self.toml.at(span), message);
                    self.toml.diagnostics.push(fault.suggest(self.names.nearest(to, &id)));
                }
            }
        }
        rows
    }

    fn part(&mut self, table: &DeTable, span: Range<usize>) -> Option<ClaimPart> {
        let measure = self.measure(table, span.clone())?;
        let specs: Vec<&ColumnSpec> =
            PART_KEYS.iter().filter(|spec| spec.name != "of" || !measure.of.is_empty()).chain(measure.keys).collect();
        let what = format!("the measure {}", measure.name);
        self.toml.check_keys(table, &specs, &what, span.clone());
        let (of, of_text) = self.of(table, measure, span.clone());
        let mut bound = |name: &str| self.bound(table, measure, name);
        let (at_least, at_most) = (bound("at_least"), bound("at_most"));
        let (above, below) = (bound("above"), bound("below"));
        if ["at_least", "at_most", "above", "below"].iter().all(|name| !table.contains_key(*name)) {
            let message = format!("{} is measured, but held to nothing", measure.name);
            self.toml.fault(Code::MissingBound, span.clone(), message);
        }
        let keys = self.keys(table, measure);
        let position = self.toml.at(span);
        let part = ClaimPart { measure: measure.name, of, of_text, at_least, at_most, above, below, position, keys };
        self.check_window(&part, table);
        Some(part)
    }

    /// A bound; one that a share can never reach, or never pass, says nothing.
    fn bound(&mut self, table: &DeTable, measure: &MeasureSpec, name: &str) -> Option<f64> {
        let number = self.toml.number(table, key(PART_KEYS, name))?;
        let Some(item) = table.get(name).filter(|_| measure.unit.starts_with("share")) else {
            return Some(number);
        };
        let fault = if number > 1.0 {
            let message = format!("the measure {} is a share, from 0 to 1, and `{name}` is {number}", measure.name);
            Diagnostic::new(Code::AboveMaximum, &self.toml.at(item.span()), message).suggest(as_share(number))
        } else if number < 0.0 {
            let message = format!("the measure {} is a share, from 0 to 1, and `{name}` is {number}", measure.name);
            Diagnostic::new(Code::BelowMinimum, &self.toml.at(item.span()), message)
        } else {
            return Some(number);
        };
        self.toml.diagnostics.push(fault);
        None
    }

    fn measure(&mut self, table: &DeTable, span: Range<usize>) -> Option<&'static MeasureSpec> {
        let spec = key(PART_KEYS, "measure");
        let Some(item) = table.get("measure") else {
            let message = format!("[[claim.holds_when]] needs the key `measure`: {}", spec.meaning);
            self.toml.fault(Code::MissingKey, span, message);
            return None;
        };
        let name = self.toml.text(table, spec)?;
        let found = MEASURES.iter().find(|measure| measure.name == name);
        if found.is_none() {
            let near = near_miss(&name, MEASURES.iter().map(|measure| measure.name));
            let message = format!("there is no measure `{name}`");
            let fault = Diagnostic::new(Code::UnknownWord, &self.toml.at(item.span()), message);
            self.toml.diagnostics.push(fault.suggest(near));
        }
        found
    }

    fn of(&mut self, table: &DeTable, measure: &MeasureSpec, span: Range<usize>) -> (Vec<Selector>, Vec<String>) {
        if measure.of.is_empty() {
            return (Vec::new(), Vec::new());
        }
        if !table.contains_key("of") {
            self.toml.fault(Code::MissingKey, span, format!("the measure {} needs the key `of`", measure.name));
        }
        let (mut selectors, mut texts) = (Vec::new(), Vec::new());
        for (text, span) in self.toml.texts(table, key(PART_KEYS, "of")) {
            match Selector::parse(&text, self.names) {
                Ok(selector) => {
                    let product = |kind| matches!(kind, SelectorKind::Product | SelectorKind::All);
                    if measure.of == "product" && selector.terms().any(|term| !product(term.kind)) {
                        let message = format!("{} is measured of products", measure.name);
                        self.toml.fault(Code::WrongTarget, span, message);
                    }
                    selectors.push(selector);
                    texts.push(text);
                }
                Err(errors) => {
                    for error in errors {
                        // One byte on for the opening quote.
                        let start = span.start + 1 + error.at;
                        let at = self.toml.at(start..start + error.length);
                        let fault = Diagnostic::new(error.code, &at, error.message).suggest(error.suggestion);
                        self.toml.diagnostics.push(fault);
                    }
                }
            }
        }
        (selectors, texts)
    }

    fn keys(&mut self, table: &DeTable, measure: &MeasureSpec) -> Vec<(&'static str, KeyValue, Position)> {
        let mut keys = Vec::new();
        for spec in measure.keys {
            let value = match spec.kind {
                Kind::Date => self.toml.date(table, spec).map(KeyValue::Date),
                Kind::Number | Kind::Integer => self.toml.number(table, spec).map(KeyValue::Number),
                Kind::RefList(to) => {
                    let rows = self.references(table, spec, to);
                    (!rows.is_empty()).then_some(KeyValue::Refs(rows))
                }
                Kind::Texts => {
                    let words: Vec<String> = self.toml.texts(table, spec).into_iter().map(|(word, _)| word).collect();
                    (!words.is_empty()).then_some(KeyValue::Words(words))
                }
                Kind::Enum(_) => self.toml.word(table, spec).map(|word| KeyValue::Word(word.to_owned())),
                _ => self.toml.text(table, spec).map(KeyValue::Word),
            };
            let place = table.get(spec.name).map_or(0..0, |item| item.span());
            keys.extend(value.map(|value| (spec.name, value, self.toml.at(place))));
        }
        keys
    }

    /// Windows have two ends in order; utilisation takes a window or days.
    fn check_window(&mut self, part: &ClaimPart, table: &DeTable) {
        for (from, to) in [("from", "to"), ("relative_from", "relative_to")] {
            let place = |name: &str| table.get(name).map(|item| item.span());
            match (place(from), place(to)) {
                (Some(_), Some(at)) if part.date(from) > part.date(to) && part.date(to).is_some() => {
                    let day = |name| part.date(name).map(|days| dates::date_of(days).to_string()).unwrap_or_default();
                    let message = format!("{} lies before {}", day(to), day(from));
                    self.toml.fault(Code::DatesReversed, at, message);
                }
                (Some(at), None) => self.toml.fault(Code::MissingForKind, at, format!("`{from}` needs `{to}`")),
                (None, Some(at)) => self.toml.fault(Code::MissingForKind, at, format!("`{to}` needs `{from}`")),
                _ => {}
            }
        }
        let has = |name: &str| table.contains_key(name);
        if part.measure == "utilisation" && has("days") == (has("from") || has("to")) {
            let fault = Diagnostic::new(Code::MissingForKind, &part.position, "utilisation needs `days`, or `from` and `to`")
                .with_fix("give either `days`, or `from` and `to`");
            self.toml.diagnostics.push(fault);
        }
    }
}
