//! What-ifs: a scenario of the case with parameters that a reader sets, checked as if they stood in case.toml.

use crate::language::dates;
use crate::language::diagnostic::{Code, Diagnostic, Severity, near_miss};
use crate::language::expr::plain_number;
use crate::language::faults::{is_expression, number_fault};
use crate::language::schema::words;
use crate::read::bytes::{Source, whole_file};
use crate::tables::case::{Case, Override, Scenario};
pub use crate::tables::changed::{Changed, in_words};
use crate::tables::parameters::{ParamKind, Value};
use crate::tables::settings::{Set, SetValue, set_parameter, sets};

/// What problems of what a reader sets name as their file; line k is the k-th of them, `NAME=VALUE`.
pub const FILE: &str = "--set";

/// What is added to the name of a scenario that a reader has changed.
pub const SUFFIX: &str = "+what-if";

/// A value that a reader gives a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// A number; infinite for `none`.
    Number(f64),
    /// As in the column `value` of parameters.csv: a number, a date, a word, or `none`.
    Text(String),
}

impl From<f64> for Setting {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Setting {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl std::fmt::Display for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) if *number == f64::INFINITY => f.write_str("none"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// The scenario of the case that a reader has changed, with what was set; nothing where the reader has changed nothing.
#[cfg(feature = "files")]
pub fn record(case: &Case, scenario: usize) -> serde_json::Value {
    let Some(row) = case.scenarios.get(scenario).filter(|row| !row.changed.is_empty()) else { return serde_json::Value::Null };
    let of = row.like.iter().map(|&like| &case.scenarios[like]).find(|like| like.changed.is_empty());
    let set: Vec<_> = row.changed.iter().map(|one| serde_json::json!({ "name": one.name, "value": one.value, "was": one.was })).collect();
    serde_json::json!({ "of": of.map(|of| &of.name), "set": set })
}

/// A what-if as a manifest has it: the scenario of the case, and what was set. `None` where the manifest has none, or not as ripstop writes it.
pub fn of_manifest(manifest: &serde_json::Value) -> Option<(String, Vec<(String, Setting)>)> {
    let what_if = &manifest["what_if"];
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let set = what_if["set"].as_array()?.iter().map(|one| Some((text(&one["name"])?, Setting::Text(text(&one["value"])?))));
    Some((text(&what_if["of"])?, set.collect::<Option<_>>()?))
}

/// What a reader sets as a text, one a line, to show problems in.
pub fn source(set: &[(String, Setting)]) -> Source {
    let lines: Vec<String> = set.iter().map(|(name, value)| format!("{name}={value}").replace(['\n', '\r'], " ")).collect();
    Source::new(FILE, lines.join("\n"))
}

impl Case {
    /// A scenario with parameters set on top, as if case.toml had `like` this scenario and that `set`: same events, same rules, and every
    /// check that case.toml goes through. It is no scenario of the case yet: [`Case::add`] makes it one.
    ///
    /// Errors: whatever is wrong, each with the line of [`source`] it stands in.
    pub fn with(&self, scenario: &str, set: &[(String, Setting)]) -> Result<Scenario, Vec<Diagnostic>> {
        let source = source(set);
        let Some(index) = self.scenarios.iter().position(|known| known.name == scenario) else {
            let near = near_miss(scenario, self.scenarios.iter().map(|known| known.name.as_str()));
            let message = format!("the case has no scenario `{scenario}`");
            return Err(vec![Diagnostic::new(Code::UnknownScenario, &whole_file(FILE), message).suggest(near)]);
        };
        let base = &self.scenarios[index];
        let (overrides, mut faults) = self.overrides_of(&source, set);
        let values = self.parameters.values_in(base, &[]);
        let changed = overrides.iter().map(|set| self.changed(base, set, values.get(set.parameter)));
        let mut changed: Vec<Changed> = base.changed.iter().cloned().chain(changed).collect();
        // Set twice, one upon the other: it was what the case said.
        for at in (1..changed.len()).rev() {
            if let Some(first) = changed[..at].iter().position(|other| other.name == changed[at].name) {
                changed[first].value = changed.remove(at).value;
            }
        }
        let inherited = base.overrides.iter().filter(|old| !sets(&overrides, old.parameter)).cloned().collect::<Vec<_>>();
        let first = std::iter::once(index).chain(base.like.iter().copied()).find(|&index| self.scenarios[index].changed.is_empty());
        let title = &self.scenarios[first.unwrap_or(index)].title;
        let what_if = Scenario {
            title: format!("{title}; changed by the reader: {}", in_words(&changed)),
            name: if base.changed.is_empty() { format!("{}{SUFFIX}", base.name) } else { base.name.clone() },
            overrides: overrides.into_iter().chain(inherited).collect(),
            like: std::iter::once(index).chain(base.like.iter().copied()).collect(),
            changed,
            ..base.clone()
        };
        // What cannot be read is not set; the rest is checked all the same.
        faults.extend(self.faults_of(base, &what_if));
        if faults.iter().any(|fault| fault.severity == Severity::Error) { Err(faults) } else { Ok(what_if) }
    }

    /// Makes a scenario one of the case; returns its index.
    pub fn add(&mut self, scenario: Scenario) -> usize {
        self.scenarios.push(scenario);
        self.scenarios.len() - 1
    }

    /// What is doubtful of a scenario that a reader has changed, and not of the one it is like.
    pub fn doubts(&self, what_if: &Scenario) -> Vec<Diagnostic> {
        what_if.like.first().map_or_else(Vec::new, |&base| self.faults_of(&self.scenarios[base], what_if))
    }

    /// What a reader sets, read as cells of parameters.csv are, and what cannot be read.
    fn overrides_of(&self, source: &Source, set: &[(String, Setting)]) -> (Vec<Override>, Vec<Diagnostic>) {
        let mut found: Vec<Override> = Vec::new();
        let mut faults = Vec::new();
        let mut start = 0;
        for (name, value) in set {
            let (name_at, value_at) = {
                let value_start = start + name.len() + 1;
                let value_end = value_start + value.to_string().len();
                (source.position(start..start + name.len()), source.position(value_start..value_end))
            };
            start += name.len() + 1 + value.to_string().len() + 1;
            let kind = self.parameters.find(name).map(|id| self.parameters.get(id).kind());
            let value = match (value, kind) {
                (Setting::Number(number), Some(ParamKind::Number)) if *number == f64::INFINITY => SetValue::Text("none".to_owned()),
                (Setting::Number(number), _) => SetValue::Number(*number),
                (Setting::Text(text), Some(ParamKind::Number)) if text != "none" => {
                    match plain_number(text).filter(|number| number.is_finite()) {
                        Some(number) => SetValue::Number(number),
                        None => {
                            let fault = number_fault(text, &value_at);
                            let formula = is_expression(text);
                            faults.push(if formula { fault.with_fix("write the number it comes to") } else { fault });
                            continue;
                        }
                    }
                }
                (Setting::Text(text), _) => SetValue::Text(text.clone()),
            };
            match set_parameter(name, &name_at, Set { value, position: value_at }, &self.parameters) {
                Ok(set) if sets(&found, set.parameter) => {
                    let fault = Diagnostic::new(Code::DuplicateId, &name_at, format!("`{name}` is set twice"));
                    faults.push(fault.with_fix("set it once"));
                }
                Ok(set) => found.push(set),
                Err(fault) => faults.push(*fault),
            }
        }
        (found, faults)
    }

    /// What every check says of a scenario and not of the one it is like.
    fn faults_of(&self, base: &Scenario, what_if: &Scenario) -> Vec<Diagnostic> {
        let unreadable = vec![false; self.tables.len()];
        let said = |scenario: &Scenario| {
            let mut diagnostics = Vec::new();
            let scenarios = std::slice::from_ref(scenario);
            super::check_scenarios(self, scenarios, &self.places, &unreadable, &mut diagnostics);
            diagnostics
        };
        let known = said(&Scenario { name: what_if.name.clone(), ..base.clone() });
        let mut faults: Vec<Diagnostic> = Vec::new();
        for fault in said(what_if) {
            if !known.contains(&fault) && !faults.contains(&fault) {
                faults.push(fault);
            }
        }
        faults
    }

    fn changed(&self, base: &Scenario, set: &Override, was: f64) -> Changed {
        let parameter = self.parameters.get(set.parameter);
        let words = |number: f64| match parameter.kind() {
            ParamKind::Number if number == f64::INFINITY => "none".to_owned(),
            ParamKind::Number => number.to_string(),
            ParamKind::Date => dates::date_of(number as i32).to_string(),
            ParamKind::Choice => words().get(number as usize).map_or_else(String::new, |word| (*word).to_owned()),
        };
        let derived = matches!(parameter.value, Value::Derived(_)) && !sets(&base.overrides, set.parameter);
        Changed {
            name: parameter.name.clone(),
            value: words(set.value),
            was: if derived { format!("{}, by its formula", words(was)) } else { words(was) },
        }
    }
}
