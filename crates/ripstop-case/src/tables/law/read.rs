//! rules/*.toml and behaviour/*.toml: read by the key lists of the schema, all problems in one pass.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use ripstop::law::{Instant, code_range, with_its_zeros};
use toml::de::{DeTable, DeValue};

pub(crate) use super::keys::named;
use super::keys::{FileOf, key, places};
use crate::language::diagnostic::{Code, Diagnostic, Position, near_miss};
use crate::language::schema::{ColumnSpec, EXEMPTION_KEYS, GOODS_KEYS, LAW_KEYS, RELATIONS, RULE_KEYS, WHEN_KEYS};
use crate::read::bytes::Source;
use crate::read::order::by_id;
use crate::read::toml::TomlReader;
use crate::tables::law::behaviour::{self, BehaviourFile};
use crate::tables::law::hs::HsTable;
use crate::tables::law::rules::{GoodsSet, Law, LawExemption, LawRule, LawWhen, Stamp};
use crate::tables::law::shipped::shipped;
use crate::tables::names::Names;
use crate::tables::parameters::Parameters;

/// Law and behaviour of a case.
#[derive(Clone, Debug, Default)]
pub struct CaseLaw {
    /// Every rule the case may use: its own, then the shipped ones.
    pub all: Law,
    /// Indexes of the rules in force unless a scenario says otherwise.
    pub in_force: Vec<usize>,
    /// Files of behaviour.
    pub behaviour: Vec<BehaviourFile>,
    /// Codes the case brings.
    pub hs: HsTable,
}

/// Reads the law of one file. Codes are held against the user's table where it knows their edition.
pub fn read_law(source: &Source, hs: &HsTable, diagnostics: &mut Vec<Diagnostic>) -> Vec<LawRule> {
    let mut reader = LawReader { toml: TomlReader { source, diagnostics, broken: false }, hs, goods: Vec::new(), goods_at: HashMap::new() };
    let root = reader.toml.parse();
    let root = root.get_ref();
    FileOf::Law.check_keys(&mut reader.toml, root, LAW_KEYS, "a law file", 0..0);
    reader.toml.word(root, key(LAW_KEYS, "schema"));
    for (table, span) in reader.toml.tables(root, "goods") {
        let set = reader.goods_set(table, span.clone());
        if reader.goods_at.contains_key(&set.id) {
            reader.toml.fault(Code::DuplicateId, span, format!("goods `{}` stand in this file already", set.id));
        }
        reader.goods_at.entry(set.id.clone()).or_insert(reader.goods.len());
        reader.goods.push(set);
    }
    let (mut rules, mut lines): (Vec<LawRule>, HashMap<String, usize>) = (Vec::new(), HashMap::new());
    for (table, span) in reader.toml.tables(root, "rule") {
        if let Some(rule) = reader.rule(table, span.clone()) {
            if let Some(first) = lines.get(&rule.id) {
                let message = format!("`{}` stands in line {first} already", rule.id);
                reader.toml.diagnostics.push(Diagnostic::new(Code::DuplicateId, &rule.position, message));
            }
            lines.entry(rule.id.clone()).or_insert(rule.position.line);
            rules.push(rule);
        }
    }
    rules
}

struct LawReader<'a> {
    toml: TomlReader<'a>,
    hs: &'a HsTable,
    goods: Vec<GoodsSet>,
    /// Name of a set of goods → its place.
    goods_at: HashMap<String, usize>,
}

impl LawReader<'_> {
    fn place(&self, table: &DeTable, name: &str, or: &Range<usize>) -> Range<usize> {
        table.get(name).map_or_else(|| or.clone(), |item| item.span())
    }

    fn goods_set(&mut self, table: &DeTable, span: Range<usize>) -> GoodsSet {
        FileOf::Law.check_keys(&mut self.toml, table, GOODS_KEYS, "[[goods]]", span);
        let spec = |name| key(GOODS_KEYS, name);
        let at = table.get("vintage").map(|item| item.span());
        let before = self.toml.diagnostics.len();
        let vintage = self.toml.word(table, spec("vintage")).unwrap_or("");
        vintage_fault(&mut self.toml, before, at);
        let mut codes = Vec::new();
        for (code, span) in self.toml.texts(table, spec("codes")) {
            match code_range(&code) {
                Err(error) => {
                    let fault = Diagnostic::new(Code::BadGoodsCode, &self.toml.at(span), format!("`{code}`: {error}"));
                    self.toml.diagnostics.push(fault.suggest(with_its_zeros(&code)));
                }
                Ok(_) if code.split("..").any(|end| !known_code(self.hs, vintage, end)) => {
                    let message = format!("`{code}` is not in rules/hs.csv, which lists {vintage}");
                    self.toml.fault(Code::UnknownGoodsCode, span, message);
                }
                Ok(_) => codes.push(code),
            }
        }
        GoodsSet {
            id: self.toml.text(table, spec("id")).unwrap_or_default(),
            vintage: vintage.to_owned(),
            codes,
            status: self.toml.word(table, spec("status")).unwrap_or("interpretation"),
            note: self.toml.text(table, spec("note")),
        }
    }

    /// Sets of goods by name; all of one edition.
    fn sets(&mut self, table: &DeTable, spec: &ColumnSpec) -> Vec<GoodsSet> {
        let mut sets: Vec<GoodsSet> = Vec::new();
        for (name, span) in self.toml.texts(table, spec) {
            let Some(set) = self.goods_at.get(&name).map(|&at| self.goods[at].clone()) else {
                let near = near_miss(&name, self.goods.iter().map(|set| set.id.as_str())).map(str::to_owned);
                let fault = Diagnostic::new(Code::UnknownId, &self.toml.at(span), format!("there are no [[goods]] `{name}` in this file"));
                self.toml.diagnostics.push(fault.suggest(near));
                continue;
            };
            if let Some(first) = sets.first().filter(|first| first.vintage != set.vintage) {
                let message = format!("`{name}` is of {}, `{}` of {}", set.vintage, first.id, first.vintage);
                self.toml.fault(Code::UnknownVintage, span, message);
                continue;
            }
            sets.push(set);
        }
        sets
    }

    fn countries(&mut self, table: &DeTable, spec: &ColumnSpec) -> Vec<String> {
        let mut codes = Vec::new();
        for (code, span) in self.toml.texts(table, spec) {
            let at = self.toml.at(span);
            if !is_country(&code) {
                let fault = Diagnostic::new(Code::NotACountry, &at, format!("`{code}` is no country code"));
                self.toml.diagnostics.push(fault.suggest(crate::language::countries::meant(&code)));
                continue;
            }
            if crate::language::countries::standing(&code) == crate::language::countries::Standing::Unknown {
                self.toml.diagnostics.push(crate::language::countries::unknown_country(&code, &at, 1));
            }
            codes.push(code);
        }
        codes
    }

    fn words(&mut self, table: &DeTable, spec: &ColumnSpec) -> Vec<String> {
        self.toml.texts(table, spec).into_iter().map(|(word, _)| word).collect()
    }

    fn stamp(&mut self, table: &DeTable, spec: &ColumnSpec) -> Option<Stamp> {
        let item = table.get(spec.name)?;
        let text = match item.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.to_string(),
            other => format!("a {}", other.type_str()),
        };
        let stamp = parse_stamp(&text);
        if stamp.is_none() {
            self.toml.fault(Code::BadInstant, item.span(), format!("`{text}` is no moment with its offset from UTC"));
        }
        stamp
    }

    fn rule(&mut self, table: &DeTable, span: Range<usize>) -> Option<LawRule> {
        FileOf::Law.check_keys(&mut self.toml, table, RULE_KEYS, "[[rule]]", span.clone());
        let spec = |name| key(RULE_KEYS, name);
        let in_force = self.stamp(table, spec("in_force"));
        let when: Vec<LawWhen> = self.toml.tables(table, "when").into_iter().map(|(when, span)| self.when(when, span)).collect();
        if when.iter().all(LawWhen::is_empty) {
            let message = "the rule asks nothing, so it would hold for every contract".to_owned();
            self.toml.fault(Code::RuleAsksNothing, span.clone(), message);
        }
        let goods = self.sets(table, spec("goods"));
        let exemptions: Vec<LawExemption> =
            self.toml.tables(table, "exemption").into_iter().map(|(table, span)| self.exemption(table, span)).collect();
        let mut text = |name: &'static str| self.toml.text(table, spec(name));
        let rule = LawRule {
            id: text("id").unwrap_or_default(),
            title: text("title").unwrap_or_default(),
            authority: text("authority").unwrap_or_default(),
            instrument: text("instrument").unwrap_or_default(),
            paragraph: text("paragraph"),
            note: text("note"),
            sources: self.words(table, spec("sources")),
            verified: self.toml.word(table, spec("verified")).unwrap_or("remembered"),
            adopted: self.toml.date(table, spec("adopted")),
            in_force: in_force?,
            until: self.stamp(table, spec("until")),
            binds: self.countries(table, spec("binds")),
            acts: self.words(table, spec("acts")),
            judges: self.toml.word(table, spec("judges")).unwrap_or("goods"),
            moment: self.toml.word(table, spec("moment")).unwrap_or("cleared"),
            does_not_cover: self.sets(table, spec("does_not_cover")),
            goods,
            implements: self.words(table, spec("implements")),
            indicator: self.toml.word(table, spec("indicator")),
            below_peers_share: self.toml.number(table, spec("below_peers_share")).unwrap_or(0.5),
            when,
            exemptions,
            position: self.toml.at(self.place(table, "id", &span)),
            shipped: false,
        };
        self.check_dates(table, &rule);
        Some(rule)
    }

    /// Dates of a rule that contradict each other.
    fn check_dates(&mut self, table: &DeTable, rule: &LawRule) {
        let mut faults = Vec::new();
        if let Some(adopted) = rule.adopted.filter(|&day| day > rule.in_force.day()) {
            faults.push((
                "in_force",
                format!("it holds from {}, before it was adopted on {}", rule.in_force.text(), crate::date_of(adopted)),
            ));
        }
        if let Some(until) = rule.until.filter(|until| until.at <= rule.in_force.at) {
            faults.push(("until", format!("it ends at {}, before it holds at {}", until.text(), rule.in_force.text())));
        }
        for exemption in &rule.exemptions {
            if let Some(before) = exemption.before.filter(|before| before.at <= rule.in_force.at) {
                let message =
                    format!("exemption `{}` ends at {}, before the rule holds at {}", exemption.id, before.text(), rule.in_force.text());
                faults.push(("in_force", message));
            }
        }
        for (name, message) in faults {
            self.toml.fault(Code::ContradictoryDates, self.place(table, name, &(0..0)), message);
        }
    }

    fn when(&mut self, table: &DeTable, span: Range<usize>) -> LawWhen {
        FileOf::Law.check_keys(&mut self.toml, table, WHEN_KEYS, "[[rule.when]]", span);
        let spec = |name| key(WHEN_KEYS, name);
        let mut relation = Vec::new();
        for (word, span) in self.toml.texts(table, spec("relation")) {
            if RELATIONS.contains(&word.as_str()) {
                relation.push(word);
            } else {
                let fault =
                    Diagnostic::new(Code::UnknownWord, &self.toml.at(span), format!("`{word}` is not one of {}", RELATIONS.join(", ")));
                self.toml.diagnostics.push(fault.suggest(near_miss(&word, RELATIONS.iter().copied())));
            }
        }
        LawWhen {
            origin: self.countries(table, spec("origin")),
            from: self.countries(table, spec("consignment_from")),
            to: self.countries(table, spec("consignment_to")),
            processed_in: self.countries(table, spec("processed_in")),
            processed_outside: self.countries(table, spec("processed_outside")),
            party: self.countries(table, spec("party")),
            party_tags: self.words(table, spec("party_tags")),
            role: self.toml.word(table, spec("role")).unwrap_or("any"),
            labour: self.countries(table, spec("labour")),
            relation,
            disputed: self.toml.word(table, spec("reading")) == Some("disputed"),
            note: self.toml.text(table, spec("note")),
        }
    }

    fn exemption(&mut self, table: &DeTable, span: Range<usize>) -> LawExemption {
        FileOf::Law.check_keys(&mut self.toml, table, EXEMPTION_KEYS, "[[rule.exemption]]", span);
        let spec = |name| key(EXEMPTION_KEYS, name);
        let written = match table.get("written").map(|item| (item.get_ref(), item.span())) {
            Some((DeValue::Boolean(flag), _)) => *flag,
            Some((_, span)) => {
                self.toml.fault(Code::WrongType, span, "`written` is true or false");
                false
            }
            None => false,
        };
        LawExemption {
            id: self.toml.text(table, spec("id")).unwrap_or_default(),
            title: self.toml.text(table, spec("title")).unwrap_or_default(),
            wind_down: self.toml.word(table, spec("kind")) == Some("wind-down"),
            verified: self.toml.word(table, spec("verified")).unwrap_or("remembered"),
            goods: self.sets(table, spec("goods")),
            origin: self.countries(table, spec("origin")),
            tags: self.words(table, spec("tags")),
            signed_before: self.stamp(table, spec("signed_before")),
            written,
            moment: self.toml.word(table, spec("moment")).unwrap_or("cleared"),
            before: self.stamp(table, spec("before")),
            needs: self.words(table, spec("needs")),
            note: self.toml.text(table, spec("note")),
        }
    }
}

/// An unknown edition has a code of its own.
fn vintage_fault(toml: &mut TomlReader, before: usize, at: Option<Range<usize>>) {
    let Some(at) = at.map(|span| toml.at(span)) else { return };
    for found in &mut toml.diagnostics[before..] {
        if found.code == Code::UnknownWord && found.line == at.line {
            let own = Diagnostic::new(Code::UnknownVintage, &at, found.message.clone()).suggest(found.suggestion.clone());
            *found = own;
        }
    }
}

/// Whether a code may stand: where the user's table lists its edition, it must be there.
pub(crate) fn known_code(hs: &HsTable, vintage: &str, code: &str) -> bool {
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    !hs.knows(vintage) || hs.has(vintage, &code)
}

/// Whether a text is two capital letters.
pub(crate) fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())
}

/// A moment with its offset from UTC, RFC 3339: `2017-12-11T00:00:00+08:00`.
pub(crate) fn parse_stamp(text: &str) -> Option<Stamp> {
    let date: toml::value::Datetime = text.trim().parse().ok()?;
    let (day, time) = (date.date?, date.time?);
    let offset_seconds = match date.offset? {
        toml::value::Offset::Z => 0,
        toml::value::Offset::Custom { minutes } => i32::from(minutes) * 60,
    };
    let days = crate::parse_date(&format!("{:04}-{:02}-{:02}", day.year, day.month, day.day))?;
    let second = i64::from(time.hour) * 3600 + i64::from(time.minute) * 60 + i64::from(time.second.unwrap_or(0));
    Some(Stamp { at: Instant::local(days, second, offset_seconds), offset_seconds })
}

/// What a case asks of the rules.
pub(crate) struct Asked<'a> {
    /// Names of shipped rules, with places.
    pub rules: &'a [(String, Position)],
    /// Law files of the case.
    pub law: &'a [Arc<Source>],
    /// Behaviour files of the case, by name.
    pub behaviour: &'a [(String, Arc<Source>)],
    /// The user's table of codes.
    pub hs: HsTable,
}

/// Puts together the law and behaviour of a case.
pub(crate) fn read_case_law(asked: Asked, names: &Names, parameters: &Parameters, diagnostics: &mut Vec<Diagnostic>) -> CaseLaw {
    let mut all = Law::default();
    let mut places: HashMap<String, usize> = HashMap::new();
    for source in asked.law {
        for rule in read_law(source, &asked.hs, diagnostics) {
            let first = &all.rules.get(*places.entry(rule.id.clone()).or_insert(all.rules.len()));
            if let Some(first) = first.filter(|first| first.position.file != rule.position.file) {
                let message = format!("`{}` stands in {} already", rule.id, first.position.file.display());
                diagnostics.push(Diagnostic::new(Code::DuplicateId, &rule.position, message));
            }
            all.rules.push(rule);
        }
    }
    all.rules.sort_by(|a, b| by_id(&a.id, &b.id));
    let mut in_force: Vec<usize> = (0..all.rules.len()).collect();
    // A rule of the case replaces the shipped one of the same name.
    let book: Vec<LawRule> = shipped().rules.iter().filter(|rule| !places.contains_key(&rule.id)).cloned().collect();
    all.rules.extend(book);
    in_force.extend(named(&all, asked.rules, diagnostics));
    in_force.sort_unstable();
    in_force.dedup();
    implemented(&all, diagnostics);
    let behaviour =
        asked.behaviour.iter().map(|(name, source)| behaviour::read((name, source), names, parameters, &all, diagnostics)).collect();
    CaseLaw { all, in_force, behaviour, hs: asked.hs }
}

/// Rules that a rule carries out are known.
fn implemented(law: &Law, diagnostics: &mut Vec<Diagnostic>) {
    let places = places(law);
    for rule in law.rules.iter().filter(|rule| !rule.shipped) {
        for name in rule.implements.iter().filter(|name| !places.contains_key(name.as_str())) {
            let near = near_miss(name, law.rules.iter().map(|rule| rule.id.as_str())).map(str::to_owned);
            let message = format!("`{}` implements `{name}`, which is no rule", rule.id);
            diagnostics.push(Diagnostic::new(Code::UnknownRule, &rule.position, message).suggest(near));
        }
    }
}

/// Reads a law or behaviour file by itself, as `ripstop rules check` does; says what it holds.
pub fn check_file(path: &Path, text: String, diagnostics: &mut Vec<Diagnostic>) -> (Arc<Source>, Vec<LawRule>) {
    let source = Arc::new(Source::new(&path.to_string_lossy(), text));
    let rules = read_law(&source, &HsTable::default(), diagnostics);
    let law = Law { rules: rules.iter().chain(&shipped().rules).cloned().collect() };
    implemented(&law, diagnostics);
    (source, rules)
}

/// Items of a list in a cell.
pub(crate) fn items(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or("").split(';').map(str::trim).filter(|item| !item.is_empty())
}
