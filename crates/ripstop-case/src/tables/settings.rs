//! case.toml: what the case is, its settings and its scenarios.

use crate::language::dates;
use crate::language::diagnostic::{Code, Diagnostic, Position, near_miss};
use crate::language::faults::{date_fault, is_expression};
use crate::language::schema::{CASE_KEYS, ColumnSpec, SCENARIO_KEYS, SETTING_KEYS, words};
use crate::read::bytes::Source;
use crate::read::toml::{Item, TomlReader, plain};
use crate::tables::amounts::Amount;
use crate::tables::case::{CaseMeta, Override, Plan, Scenario, Settings, StartState};
use crate::tables::columns::nearest_parameter;
use crate::tables::law::read::CaseLaw;
use crate::tables::parameters::{ParamId, ParamKind, Parameters, word_index};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// case.toml as read before parameters are known.
pub struct Manifest {
    pub meta: CaseMeta,
    pub settings: Settings,
    /// Where the setting `start_state` stands, or would.
    pub start_state_at: Position,
    /// Where `end` stands, or would.
    pub end_at: Position,
    /// Where the setting `plan` stands, or would.
    pub plan_at: Position,
    /// Where `as_of` stands, or would.
    pub as_of_at: Position,
    /// Where the setting `warm_up_days` stands, if it does.
    pub warm_up_days_at: Option<Position>,
    /// Where a setting of a settled start stands, if one does.
    pub settle_at: Option<Position>,
    /// Where the setting `shares` stands, if it does.
    pub shares_at: Option<Position>,
    /// Where each class of `class_priority` stands.
    pub class_priority_at: Vec<Position>,
    pub scenarios: Vec<Draft>,
    /// Shipped rules that the case names, with their places.
    pub rules: Vec<(String, Position)>,
}

/// A scenario whose parameters are still names.
pub struct Draft {
    pub name: String,
    title: Option<String>,
    about: Option<String>,
    position: Position,
    like: Option<(String, Position)>,
    set: Vec<(String, Position, Set)>,
    rules: Option<Vec<(String, Position)>>,
    behaviour: Option<Vec<(String, Position)>>,
}

/// The value a scenario gives a parameter.
pub struct Set {
    pub value: SetValue,
    pub position: Position,
}

pub enum SetValue {
    Number(f64),
    Text(String),
    Other(&'static str),
}

fn key(specs: &'static [ColumnSpec], name: &str) -> &'static ColumnSpec {
    specs.iter().find(|spec| spec.name == name).unwrap_or_else(|| panic!("the schema has no key `{name}`"))
}

/// Reads case.toml; what is missing is diagnosed and stands as a value that causes no further fault.
pub fn read(source: &Source, folder: &str, diagnostics: &mut Vec<Diagnostic>) -> Manifest {
    let mut reader = TomlReader { source, diagnostics, broken: false };
    let root = reader.parse();
    let root = root.get_ref();
    let top: Vec<ColumnSpec> = ["case", "settings", "scenarios"]
        .map(|name| ColumnSpec { name, required: name == "case", meaning: "what the case is", ..CASE_KEYS[0] })
        .into();
    reader.check_keys(root, &top.iter().collect::<Vec<_>>(), "case.toml", 0..0);
    let empty = DeTable::default();
    let (case, case_at) = reader.table(root, "case").unwrap_or((&empty, 0..0));
    if root.contains_key("case") {
        reader.check_keys(case, &CASE_KEYS.iter().collect::<Vec<_>>(), "[case]", case_at.clone());
    }
    let meta = meta(&mut reader, case, folder);
    let (settings, settings_at) = reader.table(root, "settings").unwrap_or((&empty, 0..0));
    reader.check_keys(settings, &SETTING_KEYS.iter().collect::<Vec<_>>(), "[settings]", settings_at.clone());
    let place = |table: &DeTable, name: &str, or: &Range<usize>| table.get(name).map_or_else(|| or.clone(), |item| item.span());
    let scenarios = drafts(&mut reader, root);
    let default_at = place(case, "default_scenario", &case_at);
    check_default(&mut reader, &meta, &scenarios, default_at);
    if case.contains_key("end") && meta.end < meta.start {
        reader.fault(Code::DatesReversed, place(case, "end", &case_at), "the case ends before it starts");
    }
    let warm_up = settings.get("warm_up_days").map(|item| item.span());
    let settle = ["settle_tolerance_share", "settle_max_days"].into_iter().find_map(|name| settings.get(name)).map(|item| item.span());
    let shares = settings.get("shares").map(|item| item.span());
    let classes = reader.texts(settings, key(SETTING_KEYS, "class_priority"));
    let (class_priority, class_spans): (Vec<String>, Vec<Range<usize>>) = classes.into_iter().unzip();
    let rules = placed(&mut reader, case, key(CASE_KEYS, "rules"));
    Manifest {
        rules,
        warm_up_days_at: warm_up.map(|span| reader.at(span)),
        settle_at: settle.map(|span| reader.at(span)),
        shares_at: shares.map(|span| reader.at(span)),
        class_priority_at: class_spans.into_iter().map(|span| reader.at(span)).collect(),
        start_state_at: reader.at(place(settings, "start_state", &settings_at)),
        plan_at: reader.at(place(settings, "plan", &settings_at)),
        end_at: reader.at(place(case, "end", &case_at)),
        as_of_at: reader.at(place(case, "as_of", &case_at)),
        settings: Settings { class_priority, ..read_settings(&mut reader, settings) },
        meta,
        scenarios,
    }
}

/// What stands for case.toml when there is none.
pub fn missing(diagnostics: &mut Vec<Diagnostic>) -> Manifest {
    let source = Source::new("case.toml", String::new());
    let known = diagnostics.len();
    let mut manifest = read(&source, "case", diagnostics);
    manifest.settings.start_state = StartState::Empty;
    diagnostics.truncate(known); // the missing file is diagnosed; its missing keys are not
    manifest
}

fn meta(reader: &mut TomlReader, case: &DeTable, folder: &str) -> CaseMeta {
    let mut text = |name: &str| reader.text(case, key(CASE_KEYS, name));
    let (id, title, question) = (text("id"), text("title"), text("question"));
    let (currency, default_scenario) = (text("currency"), text("default_scenario"));
    let mut date = |name: &str| reader.date(case, key(CASE_KEYS, name));
    // Without a readable start or end no date lies outside the case.
    let (start, end) = (date("start").unwrap_or(i32::MIN), date("end").unwrap_or(i32::MAX));
    CaseMeta {
        id: id.unwrap_or_else(|| folder.to_owned()),
        title: title.unwrap_or_default(),
        question,
        as_of: date("as_of").unwrap_or(end),
        start,
        end,
        currency: currency.unwrap_or_default(),
        model: reader.word(case, key(CASE_KEYS, "model")).unwrap_or("flow").to_owned(),
        default_scenario: default_scenario.unwrap_or_default(),
    }
}

fn read_settings(reader: &mut TomlReader, settings: &DeTable) -> Settings {
    let start_state = match reader.word(settings, key(SETTING_KEYS, "start_state")) {
        Some("steady") => StartState::Steady,
        Some("warm_up") => StartState::WarmUp,
        Some("settled") => StartState::Settled,
        // A word that is neither is diagnosed; this one causes no further fault.
        _ => StartState::Empty,
    };
    let plan = match reader.word(settings, key(SETTING_KEYS, "plan")) {
        Some("realised") => Plan::Realised,
        _ => Plan::Demand,
    };
    let mut word = |name: &str| reader.word(settings, key(SETTING_KEYS, name));
    let rationing = word("rationing").unwrap_or("proportional");
    let compat_inoue_todo = word("compat") == Some("inoue-todo-2019");
    let shares_bind = word("shares").map(|word| word == "bind");
    let drawn = word("stock_days_drawn") == Some("poisson");
    let mut pending = Vec::new();
    let mut amount = |name: &'static str| amount(reader, settings, name, &mut pending);
    let least = amount("stock_days_least");
    let (expect_days, spare_capacity_share) = (amount("expect_days"), amount("spare_capacity_share"));
    let warm_up_days = amount("warm_up_days");
    let mut number = |name: &str| reader.number(settings, key(SETTING_KEYS, name)).unwrap_or(1.0);
    Settings {
        rationing,
        compat_inoue_todo,
        shares_bind,
        stock_days_drawn: drawn,
        stock_days_least: least,
        start_state,
        plan,
        expect_days,
        spare_capacity_share,
        warm_up_days,
        settle_tolerance_share: number("settle_tolerance_share"),
        settle_max_days: number("settle_max_days") as u32,
        pending,
        class_priority: Vec::new(),
        draws: number("draws") as u32,
        seed: seed(reader, settings),
    }
}

/// The seed, to the last digit: numbers of the schema are 64-bit floats, which hold whole numbers up to 2⁵³ only.
fn seed(reader: &mut TomlReader, settings: &DeTable) -> u64 {
    let spec = key(SETTING_KEYS, "seed");
    let rough = reader.number(settings, spec).unwrap_or(1.0);
    let Some((item, DeValue::Integer(number))) = settings.get(spec.name).map(|item| (item, item.get_ref())) else {
        return rough as u64;
    };
    let exact = i128::from_str_radix(number.as_str(), number.radix()).unwrap_or(i128::MAX);
    if exact > i128::from(u64::MAX) {
        reader.fault(Code::AboveMaximum, item.span(), format!("a seed is at most {}", u64::MAX));
    }
    u64::try_from(exact).unwrap_or(1)
}

/// A setting that may be a formula over parameters; those are read once the parameters are ([`resolve`]).
fn amount(reader: &mut TomlReader, settings: &DeTable, name: &'static str, pending: &mut Vec<(&'static str, String)>) -> Amount {
    let spec = key(SETTING_KEYS, name);
    let default = spec.default.parse().unwrap_or(1.0);
    let Some(item) = settings.get(name) else {
        let at = reader.at(0..0);
        return Amount::number(spec, default, at);
    };
    let at = reader.at(item.span());
    if let Some(text) = item.get_ref().as_str().filter(|text| is_expression(text)) {
        pending.push((spec.name, text.to_owned()));
        return Amount::number(spec, default, at);
    }
    Amount::number(spec, reader.number(settings, spec).unwrap_or(default), at)
}

/// Reads the settings that are formulas.
pub fn resolve(settings: &mut Settings, parameters: &Parameters, diagnostics: &mut Vec<Diagnostic>) {
    for (name, text) in std::mem::take(&mut settings.pending) {
        let place = match name {
            "stock_days_least" => &mut settings.stock_days_least,
            "expect_days" => &mut settings.expect_days,
            "spare_capacity_share" => &mut settings.spare_capacity_share,
            _ => &mut settings.warm_up_days,
        };
        place.take_formula(&text, parameters, diagnostics);
    }
}

fn check_default(reader: &mut TomlReader, meta: &CaseMeta, scenarios: &[Draft], at: Range<usize>) {
    let name = &meta.default_scenario;
    if !name.is_empty() && scenarios.iter().all(|scenario| scenario.name != *name) {
        let near = near_miss(name, scenarios.iter().map(|scenario| scenario.name.as_str()));
        let message = format!("there is no [scenarios.{name}]");
        let fault = Diagnostic::new(Code::UnknownScenario, &reader.at(at), message).suggest(near);
        reader.diagnostics.push(fault);
    }
}

/// Texts of a list, each with its place.
fn placed(reader: &mut TomlReader, table: &DeTable, spec: &ColumnSpec) -> Vec<(String, Position)> {
    reader.texts(table, spec).into_iter().map(|(text, span)| (text, reader.at(span))).collect()
}

/// Scenarios in the order of the file (a TOML table has none of its own).
fn drafts(reader: &mut TomlReader, root: &DeTable) -> Vec<Draft> {
    let Some((scenarios, _)) = reader.table(root, "scenarios") else {
        return Vec::new();
    };
    let mut drafts = Vec::new();
    for (name, item) in scenarios {
        let Some(table) = item.get_ref().as_table() else {
            reader.fault(Code::WrongType, item.span(), format!("`{}` is a table, [scenarios.NAME]", name.get_ref()));
            continue;
        };
        let what = format!("[scenarios.{}]", name.get_ref());
        reader.check_keys(table, &SCENARIO_KEYS.iter().collect::<Vec<_>>(), &what, name.span());
        let mut text = |name: &str| reader.text(table, key(SCENARIO_KEYS, name));
        let (title, about) = (text("title"), text("about"));
        let set = set(reader, table);
        let rules = table.contains_key("rules").then(|| placed(reader, table, key(SCENARIO_KEYS, "rules")));
        let behaviour = table.contains_key("behaviour").then(|| placed(reader, table, key(SCENARIO_KEYS, "behaviour")));
        let like = reader.text(table, key(SCENARIO_KEYS, "like"));
        let like = like.map(|like| (like, reader.at(table.get("like").map_or_else(|| name.span(), |item| item.span()))));
        let position = reader.at(name.span());
        drafts.push((name.span().start, Draft { name: name.get_ref().to_string(), title, about, position, like, set, rules, behaviour }));
    }
    drafts.sort_by_key(|(start, _)| *start);
    drafts.into_iter().map(|(_, draft)| draft).collect()
}

fn set(reader: &mut TomlReader, scenario: &DeTable) -> Vec<(String, Position, Set)> {
    let Some((set, _)) = reader.table(scenario, "set") else {
        return Vec::new();
    };
    let value = |item: Item| match item.get_ref() {
        DeValue::String(text) => SetValue::Text(text.to_string()),
        DeValue::Datetime(date) => SetValue::Text(date.to_string()),
        other => match plain(other) {
            Some(number) => SetValue::Number(number),
            None => SetValue::Other(other.type_str()),
        },
    };
    let mut found: Vec<_> = set
        .iter()
        .map(|(name, item)| {
            let value = Set { value: value(item), position: reader.at(item.span()) };
            (name.get_ref().to_string(), reader.at(name.span()), value)
        })
        .collect();
    found.sort_by_key(|(_, at, _)| (at.line, at.column));
    found
}

/// What a list names, each once: nothing hangs on the order in which it is written.
fn in_order(list: &mut Vec<usize>) {
    list.sort_unstable();
    list.dedup();
}

/// The scenarios of drafts: parameters, rules and behaviour looked up, and what they have of those they are like.
pub fn scenarios(drafts: Vec<Draft>, parameters: &Parameters, law: &CaseLaw, diagnostics: &mut Vec<Diagnostic>) -> Vec<Scenario> {
    let like = ancestors(&drafts, diagnostics);
    // With whether it says itself which behaviour acts.
    let own: Vec<(Scenario, bool)> = drafts
        .into_iter()
        .map(|draft| {
            let says = draft.behaviour.is_some();
            (draft.resolve(parameters, law, diagnostics), says)
        })
        .collect();
    like.into_iter().enumerate().map(|(index, like)| inherited(&own, index, like)).collect()
}

/// The scenarios each one is like, the nearest first. A circle ends where it closes.
fn ancestors(drafts: &[Draft], diagnostics: &mut Vec<Diagnostic>) -> Vec<Vec<usize>> {
    let mut parents = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let Some((name, at)) = &draft.like else {
            parents.push(None);
            continue;
        };
        let found = drafts.iter().position(|other| other.name == *name);
        if found.is_none() {
            let near = near_miss(name, drafts.iter().map(|other| other.name.as_str()).filter(|other| *other != draft.name));
            let message = format!("there is no [scenarios.{name}]");
            diagnostics.push(Diagnostic::new(Code::UnknownScenario, at, message).suggest(near));
        }
        parents.push(found);
    }
    let mut all = Vec::with_capacity(drafts.len());
    let mut told = vec![false; drafts.len()];
    for (index, draft) in drafts.iter().enumerate() {
        let mut chain: Vec<usize> = Vec::new();
        let mut next = parents[index];
        while let Some(parent) = next.filter(|parent| *parent != index && !chain.contains(parent)) {
            chain.push(parent);
            next = parents[parent];
        }
        // Those on the circle are told once, at the first of them; those that lead into it are not at fault.
        if next == Some(index) && !told[index] {
            told[index] = true;
            chain.iter().for_each(|&other| told[other] = true);
            let names: Vec<&str> = chain.iter().map(|&other| drafts[other].name.as_str()).chain([draft.name.as_str()]).collect();
            let message = format!("scenario {} is like {}", draft.name, names.join(", which is like "));
            let at = draft.like.as_ref().map_or(&draft.position, |(_, at)| at);
            diagnostics.push(Diagnostic::new(Code::LikeCircle, at, message));
        }
        all.push(chain);
    }
    all
}

/// A scenario with what it has of those it is like: each parameter, the rules and the behaviour are those said nearest to it.
fn inherited(own: &[(Scenario, bool)], index: usize, like: Vec<usize>) -> Scenario {
    let (mut scenario, mut says_behaviour) = own[index].clone();
    for (other, says) in like.iter().map(|&other| &own[other]) {
        let set: Vec<_> = other.overrides.iter().filter(|set| !sets(&scenario.overrides, set.parameter)).cloned().collect();
        scenario.overrides.extend(set);
        scenario.rules = scenario.rules.or_else(|| other.rules.clone());
        if !says_behaviour {
            (scenario.behaviour, says_behaviour) = (other.behaviour.clone(), *says);
        }
        if scenario.about.is_empty() {
            scenario.about.clone_from(&other.about);
        }
    }
    Scenario { like, ..scenario }
}

/// Whether a parameter is among those set.
pub fn sets(overrides: &[Override], parameter: ParamId) -> bool {
    overrides.iter().any(|set| set.parameter == parameter)
}

/// The parameter of that name, set to a value; what is wrong with either is diagnosed.
pub fn set_parameter(name: &str, at: &Position, set: Set, parameters: &Parameters) -> Result<Override, Box<Diagnostic>> {
    let Some(parameter) = parameters.find(name) else {
        let message = format!("`{name}` is not in parameters.csv");
        let near = nearest_parameter(parameters, name);
        return Err(Box::new(Diagnostic::new(Code::UnknownParameter, at, message).suggest(near)));
    };
    let value = override_value(&set, parameters.get(parameter).kind())?;
    Ok(Override { parameter, value, position: set.position })
}

impl Draft {
    /// Resolves the parameters it sets, its rules and its behaviour.
    fn resolve(self, parameters: &Parameters, law: &CaseLaw, diagnostics: &mut Vec<Diagnostic>) -> Scenario {
        let mut overrides = Vec::new();
        for (name, at, set) in self.set {
            match set_parameter(&name, &at, set, parameters) {
                Ok(set) => overrides.push(set),
                Err(fault) => diagnostics.push(*fault),
            }
        }
        let mut rules = self.rules.map(|list| crate::tables::law::keys::named(&law.all, &list, diagnostics));
        rules.iter_mut().for_each(in_order);
        let named = self.behaviour.unwrap_or_default();
        let mut behaviour: Vec<usize> = named.iter().filter_map(|(name, at)| behaviour_named(law, name, at, diagnostics)).collect();
        in_order(&mut behaviour);
        Scenario {
            rules,
            behaviour,
            title: self.title.unwrap_or_else(|| self.name.clone()),
            about: self.about.unwrap_or_default(),
            name: self.name,
            overrides,
            like: Vec::new(),
            changed: Vec::new(),
            position: self.position,
        }
    }
}

fn behaviour_named(law: &CaseLaw, name: &str, at: &Position, diagnostics: &mut Vec<Diagnostic>) -> Option<usize> {
    let found = law.behaviour.iter().position(|file| file.name == name);
    if found.is_none() {
        let near = near_miss(name, law.behaviour.iter().map(|file| file.name.as_str())).map(str::to_owned);
        let message = format!("there is no behaviour/{name}.toml");
        diagnostics.push(Diagnostic::new(Code::UnknownBehaviour, at, message).suggest(near));
    }
    found
}

fn override_value(set: &Set, kind: ParamKind) -> Result<f64, Box<Diagnostic>> {
    let at = &set.position;
    let wrong = |found: &str| {
        let message = format!("the parameter is {}, not {found}", kind.noun());
        Box::new(Diagnostic::new(Code::WrongType, at, message))
    };
    match (&set.value, kind) {
        (SetValue::Number(number), ParamKind::Number) if number.is_finite() => Ok(*number),
        (SetValue::Number(number), ParamKind::Number) => {
            Err(Box::new(Diagnostic::new(Code::NotFinite, at, format!("{number} is not a finite number"))))
        }
        (SetValue::Number(_), _) => Err(wrong("a number")),
        (SetValue::Text(text), ParamKind::Number) if text == "none" => Ok(f64::INFINITY),
        (SetValue::Text(_), ParamKind::Number) => Err(wrong("text")),
        (SetValue::Text(text), ParamKind::Date) => dates::parse_date(text).map(f64::from).ok_or_else(|| Box::new(date_fault(text, at))),
        (SetValue::Text(text), ParamKind::Choice) => word_index(text).map(f64::from).ok_or_else(|| {
            let message = format!("`{text}` is no word that any column knows");
            let near = near_miss(text, words().iter().copied());
            Box::new(Diagnostic::new(Code::UnknownWord, at, message).suggest(near))
        }),
        (SetValue::Other(found), _) => Err(wrong(found)),
    }
}
