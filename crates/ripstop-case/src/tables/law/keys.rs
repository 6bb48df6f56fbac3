//! Keys of the files of law and behaviour, and rules by name.

use std::collections::HashMap;
use std::ops::Range;

use toml::de::DeTable;

use super::rules::Law;
use crate::language::diagnostic::{Code, Diagnostic, Position, near_miss};
use crate::language::schema::{BEHAVIOUR_KEYS, ColumnSpec, EXEMPTION_KEYS, GOODS_KEYS, RULE_KEYS, WHEN_KEYS};
use crate::read::toml::TomlReader;

/// The line of a schema list.
pub(super) fn key(specs: &'static [ColumnSpec], name: &str) -> &'static ColumnSpec {
    specs.iter().find(|spec| spec.name == name).unwrap_or_else(|| panic!("the schema has no key `{name}`"))
}

/// The two kinds of file: what the law says, and how actors respond.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum FileOf {
    Law,
    Behaviour,
}

impl FileOf {
    /// Whether a key has no meaning in this kind of file, but one in the other.
    fn is_foreign(self, own: &[&ColumnSpec], name: &str) -> bool {
        let others: Vec<&str> = if self == FileOf::Law {
            BEHAVIOUR_KEYS
                .iter()
                .map(|spec| spec.name)
                .chain(["behaviour", "observed", "found", "seed", "compliance", "detection"])
                .collect()
        } else {
            let lists = [RULE_KEYS, WHEN_KEYS, EXEMPTION_KEYS, GOODS_KEYS];
            lists.iter().flat_map(|list| list.iter().map(|spec| spec.name)).chain(["rule", "goods"]).collect()
        };
        others.contains(&name) && own.iter().all(|spec| spec.name != name)
    }

    /// Checks the keys of a table; those that belong into the other kind of file are named as such.
    pub(super) fn check_keys(self, toml: &mut TomlReader, table: &DeTable, specs: &'static [ColumnSpec], what: &str, span: Range<usize>) {
        let known: Vec<&ColumnSpec> = specs.iter().collect();
        let strangers: Vec<_> =
            table.keys().filter(|key| self.is_foreign(&known, key.get_ref())).map(|key| (key.get_ref().to_string(), key.span())).collect();
        let before = toml.diagnostics.len();
        toml.check_keys(table, &known, what, span);
        for (name, span) in strangers {
            let at = toml.at(span.clone());
            let same = |found: &Diagnostic| found.code == Code::UnknownKey && found.line == at.line && found.column == at.column;
            let kept: Vec<Diagnostic> = toml.diagnostics.drain(before..).filter(|found| !same(found)).collect();
            toml.diagnostics.extend(kept);
            let (code, words) = match self {
                FileOf::Law => (Code::BehaviourInLaw, "how actors respond"),
                FileOf::Behaviour => (Code::LawInBehaviour, "the law"),
            };
            toml.fault(code, span, format!("`{name}` says {words}"));
        }
    }
}

/// The rules that a list names; `all` names every one.
pub(crate) fn named(law: &Law, list: &[(String, Position)], diagnostics: &mut Vec<Diagnostic>) -> Vec<usize> {
    let mut found = Vec::new();
    let places = places(law);
    if list.iter().any(|(name, _)| name == "all") {
        found.extend(0..law.rules.len());
    }
    for (name, at) in list.iter().filter(|(name, _)| name != "all") {
        if let Some(&index) = places.get(name.as_str()) {
            found.push(index);
        } else {
            let near = near_miss(name, law.rules.iter().map(|rule| rule.id.as_str())).map(str::to_owned);
            diagnostics.push(Diagnostic::new(Code::UnknownRule, at, format!("there is no rule `{name}`")).suggest(near));
        }
    }
    found
}

/// Name of a rule → its place, the first of two alike.
pub(super) fn places(law: &Law) -> HashMap<&str, usize> {
    law.rules.iter().enumerate().rev().map(|(at, rule)| (rule.id.as_str(), at)).collect()
}
