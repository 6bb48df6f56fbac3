//! Behaviour: how actors respond to rules. Every number is an assumption or sourced, and kept apart from the law.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::language::diagnostic::{Code, Diagnostic, Position};
use crate::language::schema::{BEHAVIOUR_FILE_KEYS, BEHAVIOUR_KEYS, ColumnSpec, OBSERVED_KEYS, OUTCOMES};
use crate::read::bytes::Source;
use crate::read::order::by_id;
use crate::read::toml::{TomlReader, plain};
use crate::tables::amounts::Amount;
use crate::tables::law::keys::{FileOf, key, named};
use crate::tables::law::rules::Law;
use crate::tables::names::Names;
use crate::tables::parameters::{ParamId, Parameters, Values};
use crate::tables::selector::Selector;

/// A share that may be a formula over parameters.
#[derive(Clone, Debug)]
pub enum Share {
    /// A number.
    Number(f64),
    /// A formula.
    Formula(Box<Amount>),
}

impl Share {
    /// Its value, kept within 0 … 1: a draw may leave them by rounding.
    pub fn value(&self, values: &Values) -> f64 {
        match self {
            Share::Number(number) => *number,
            Share::Formula(formula) => formula.value(values).clamp(0.0, 1.0),
        }
    }

    /// Parameters it uses.
    pub fn parameters(&self) -> Vec<ParamId> {
        match self {
            Share::Number(_) => Vec::new(),
            Share::Formula(formula) => formula.parameters(),
        }
    }
}

/// How some actors respond to some rules.
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// Name.
    pub id: String,
    /// Rules, by their index among all of the case.
    pub rules: Vec<usize>,
    /// Buyers; `None`: all.
    pub actors: Option<Selector>,
    /// Seller lines of contracts; `None`: all.
    pub contracts: Option<Selector>,
    /// Outcomes it answers to.
    pub acts_on: Vec<&'static str>,
    /// Share of orders that stops.
    pub compliance: Share,
    /// First day.
    pub from: Option<i32>,
    /// Last day.
    pub to: Option<i32>,
    /// Days over which it takes hold.
    pub ramp_in_days: u32,
    /// Chance that a consignment is found.
    pub detection: Share,
    /// Share of what is found that is seized.
    pub seized: Share,
    /// Fine, times the value.
    pub fine_per_value: f64,
    /// Chance that the relation ends.
    pub relation_ends: Share,
    /// How we know.
    pub basis: &'static str,
    /// Where it stands.
    pub position: Position,
}

/// Relabelling or rerouting that a source reports.
#[derive(Clone, Debug)]
pub struct Observed {
    /// `relabelled` or `rerouted`.
    pub what: &'static str,
    /// Seller lines of contracts.
    pub contracts: Option<Selector>,
    /// What was seen.
    pub text: String,
    /// How we know.
    pub basis: &'static str,
    /// Statements (rows of `sources`).
    pub sources: Vec<u32>,
}

/// A behaviour file.
#[derive(Clone, Debug)]
pub struct BehaviourFile {
    /// Its name, without folder and ending.
    pub name: String,
    /// Title for readers.
    pub title: String,
    /// What is assumed.
    pub about: String,
    /// Seed of what is drawn; `None`: in expectation.
    pub seed: Option<u64>,
    /// Behaviours.
    pub list: Vec<Behaviour>,
    /// What was observed.
    pub observed: Vec<Observed>,
}

impl BehaviourFile {
    /// Its shares that are formulas.
    pub(crate) fn amounts(&self) -> Vec<&Amount> {
        let shares = self.list.iter().flat_map(|b| [&b.compliance, &b.detection, &b.seized, &b.relation_ends]);
        shares
            .filter_map(|share| match share {
                Share::Formula(formula) => Some(formula.as_ref()),
                Share::Number(_) => None,
            })
            .collect()
    }

    /// Parameters its shares use.
    pub fn parameters(&self) -> Vec<ParamId> {
        self.amounts().into_iter().flat_map(Amount::parameters).collect()
    }
}

/// Reads a behaviour file.
pub fn read(
    (name, source): (&str, &Source),
    names: &Names,
    parameters: &Parameters,
    law: &Law,
    diagnostics: &mut Vec<Diagnostic>,
) -> BehaviourFile {
    let mut reader = Reader { toml: TomlReader { source, diagnostics, broken: false }, names, parameters, law };
    let root = reader.toml.parse();
    let root = root.get_ref();
    FileOf::Behaviour.check_keys(&mut reader.toml, root, BEHAVIOUR_FILE_KEYS, "a behaviour file", 0..0);
    let spec = |name| key(BEHAVIOUR_FILE_KEYS, name);
    reader.toml.word(root, spec("schema"));
    let drawn = reader.toml.word(root, spec("found")) == Some("drawn");
    let seed = reader.toml.number(root, spec("seed")).unwrap_or(1.0) as u64;
    let mut list: Vec<Behaviour> =
        reader.toml.tables(root, "behaviour").into_iter().map(|(table, span)| reader.behaviour(table, span)).collect();
    list.sort_by(|a, b| by_id(&a.id, &b.id));
    let observed = reader.toml.tables(root, "observed").into_iter().map(|(table, span)| reader.observed(table, span)).collect();
    BehaviourFile {
        name: name.to_owned(),
        title: reader.toml.text(root, spec("title")).unwrap_or_else(|| name.to_owned()),
        about: reader.toml.text(root, spec("about")).unwrap_or_default(),
        seed: drawn.then_some(seed),
        list,
        observed,
    }
}

struct Reader<'a> {
    toml: TomlReader<'a>,
    names: &'a Names,
    parameters: &'a Parameters,
    law: &'a Law,
}

impl Reader<'_> {
    fn behaviour(&mut self, table: &DeTable, span: Range<usize>) -> Behaviour {
        FileOf::Behaviour.check_keys(&mut self.toml, table, BEHAVIOUR_KEYS, "[[behaviour]]", span.clone());
        let spec = |name| key(BEHAVIOUR_KEYS, name);
        let rules: Vec<(String, Position)> =
            self.toml.texts(table, spec("rules")).into_iter().map(|(name, span)| (name, self.toml.at(span))).collect();
        let rules = named(self.law, &rules, self.toml.diagnostics);
        let mut acts_on = Vec::new();
        for (word, span) in self.toml.texts(table, spec("acts_on")) {
            match OUTCOMES.iter().find(|known| **known == word) {
                Some(known) => acts_on.push(*known),
                None => self.toml.fault(Code::UnknownWord, span, format!("`{word}` is not one of {}", OUTCOMES.join(", "))),
            }
        }
        if acts_on.is_empty() {
            acts_on.push("breach");
        }
        let (from, to) = (self.toml.date(table, spec("from")), self.toml.date(table, spec("to")));
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            let at = table.get("to").map_or(span.clone(), |item| item.span());
            self.toml.fault(Code::DatesReversed, at, "it ends before it begins");
        }
        self.sources(table, spec("source"));
        Behaviour {
            id: self.toml.text(table, spec("id")).unwrap_or_default(),
            rules,
            actors: self.selector(table, spec("actors")),
            contracts: self.selector(table, spec("contracts")),
            acts_on,
            compliance: self.share(table, spec("compliance_share"), 0.0),
            from,
            to,
            ramp_in_days: self.toml.number(table, spec("ramp_in_days")).unwrap_or(0.0).round() as u32,
            detection: self.share(table, spec("detection_share"), 0.0),
            seized: self.share(table, spec("seized_share"), 1.0),
            fine_per_value: self.toml.number(table, spec("fine_per_value")).unwrap_or(0.0),
            relation_ends: self.share(table, spec("relation_ends_share"), 0.0),
            basis: self.toml.word(table, spec("basis")).unwrap_or("assumed"),
            position: self.toml.at(span),
        }
    }

    fn observed(&mut self, table: &DeTable, span: Range<usize>) -> Observed {
        FileOf::Behaviour.check_keys(&mut self.toml, table, OBSERVED_KEYS, "[[observed]]", span);
        let spec = |name| key(OBSERVED_KEYS, name);
        Observed {
            what: self.toml.word(table, spec("what")).unwrap_or("relabelled"),
            contracts: self.selector(table, spec("contracts")),
            text: self.toml.text(table, spec("text")).unwrap_or_default(),
            basis: self.toml.word(table, spec("basis")).unwrap_or("assumed"),
            sources: self.sources(table, spec("source")),
        }
    }

    fn sources(&mut self, table: &DeTable, spec: &ColumnSpec) -> Vec<u32> {
        let mut rows = Vec::new();
        for (id, span) in self.toml.texts(table, spec) {
            match self.names.find("sources", &id) {
                Some(row) => rows.push(row),
                None if !self.names.readable("sources") => {}
                None => {
                    let fault = Diagnostic::new(Code::UnknownId, &self.toml.at(span), format!("`{id}` is not in sources.csv"));
                    self.toml.diagnostics.push(fault.suggest(self.names.nearest("sources", &id)));
                }
            }
        }
        rows
    }

    fn selector(&mut self, table: &DeTable, spec: &ColumnSpec) -> Option<Selector> {
        let item = table.get(spec.name)?;
        let text = self.toml.text(table, spec)?;
        match Selector::parse(&text, self.names) {
            Ok(selector) => Some(selector),
            Err(errors) => {
                for error in errors {
                    // One byte on for the opening quote.
                    let start = item.span().start + 1 + error.at;
                    let at = self.toml.at(start..start + error.length);
                    self.toml.diagnostics.push(Diagnostic::new(error.code, &at, error.message).suggest(error.suggestion));
                }
                None
            }
        }
    }

    /// A number, or a formula over parameters in quotes.
    fn share(&mut self, table: &DeTable, spec: &ColumnSpec, default: f64) -> Share {
        let Some(item) = table.get(spec.name) else { return Share::Number(default) };
        if let DeValue::String(text) = item.get_ref() {
            let mut amount = Amount::number(spec, default, self.toml.at(item.span()));
            amount.take_formula(text, self.parameters, self.toml.diagnostics);
            return Share::Formula(Box::new(amount));
        }
        match plain(item.get_ref()) {
            Some(number) if !number.is_finite() || number < 0.0 => {
                self.toml.fault(Code::BelowMinimum, item.span(), format!("{number} is below 0"));
                Share::Number(default)
            }
            Some(number) if number > 1.0 => {
                self.toml.fault(Code::AboveMaximum, item.span(), format!("{number} is above 1"));
                Share::Number(default)
            }
            Some(number) => Share::Number(number),
            None => {
                self.toml.fault(Code::WrongType, item.span(), format!("`{}` is a number, or a formula in quotes", spec.name));
                Share::Number(default)
            }
        }
    }
}
