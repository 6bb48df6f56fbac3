//! Checks of a case whose cells are read: one small function a check.
//!
//! Each says which row is at fault and leaves alone what another diagnostic has named already
//! (a reference that did not resolve, a table that could not be read).

mod countries;
mod evidence;
mod ids;
mod limits;
mod links;
mod network;
mod observations;
mod options;
mod parties;
mod ranges;
mod reach;
pub mod read_on;
mod rules;
mod sense;
mod switches;
mod values;
pub mod what_if;

pub use countries::notes;
pub use values::most_extreme;

use crate::language::dates;
use crate::language::diagnostic::{Code, Diagnostic, Position};
use crate::language::schema;
use crate::tables::case::{Case, Places, Plan, Scenario, StartState};
use crate::tables::names::table_index;
use crate::tables::parameters::{ParamId, Value, Values};
use crate::tables::selector::SelectorKind;
use crate::tables::table::{Cells, Col, NumberCell, Table, WordCell};
use std::collections::BTreeMap;

/// Orders due this long after the end are still worked on before it (the calendars' default horizon).
const DUE_AFTER_END_DAYS: i32 = 120;

/// Runs every check.
pub fn check(case: &Case, places: &Places, unreadable: &[bool], diagnostics: &mut Vec<Diagnostic>) {
    check_scenarios(case, &case.scenarios, places, unreadable, diagnostics);
}

/// Runs every check with these scenarios setting parameters, and no others.
pub fn check_scenarios(case: &Case, scenarios: &[Scenario], places: &Places, unreadable: &[bool], diagnostics: &mut Vec<Diagnostic>) {
    let mut checker = Checker { case, scenarios, base: case.parameters.checked_values(), sets: sets(scenarios), unreadable, diagnostics };
    values::numbers(&mut checker);
    ranges::check(&mut checker);
    values::words(&mut checker);
    values::derived_parameters(&mut checker);
    values::unused_parameters(&mut checker);
    ids::check(&mut checker);
    as_of_inside(&mut checker, &places.as_of);
    event_dates(&mut checker);
    event_cells(&mut checker);
    event_targets(&mut checker);
    order_dates(&mut checker);
    calendar_dates(&mut checker);
    half_windows(&mut checker);
    classes(&mut checker);
    carried_crossing(&mut checker);
    steady_with_schedule(&mut checker, &places.start_state);
    plan_realised(&mut checker, &places.plan);
    network::route_legs(&mut checker);
    network::route_crossings(&mut checker);
    network::contract_routes(&mut checker);
    network::contract_cells(&mut checker);
    network::contract_lines(&mut checker);
    network::demand_lines(&mut checker);
    network::inputs(&mut checker);
    network::lines_without_recipe(&mut checker);
    links::check(&mut checker);
    limits::crossing_modes(&mut checker);
    limits::leg_limits(&mut checker);
    limits::weights(&mut checker);
    limits::traffic(&mut checker);
    limits::partly_open_without_traffic(&mut checker);
    options::amounts_given_twice(&mut checker);
    options::exchange_rates(&mut checker);
    options::events(&mut checker);
    options::standby(&mut checker);
    switches::check(&mut checker, places);
    options::credit_limits(&mut checker);
    options::insolvency(&mut checker);
    options::spoilage(&mut checker);
    options::title(&mut checker);
    options::settings(&mut checker, places);
    evidence::claim_dates(&mut checker);
    evidence::claims_are_no_inputs(&mut checker);
    evidence::sourced_has_source(&mut checker);
    observations::observations(&mut checker);
    parties::case_length(&mut checker, &places.end);
    parties::contract_parties(&mut checker);
    parties::orders_by_schedule(&mut checker);
    parties::workers(&mut checker);
    parties::calendars_inside(&mut checker);
    rules::facts(&mut checker);
    countries::codes(&mut checker);
    sense::check(&mut checker, places);
}

fn sets(scenarios: &[Scenario]) -> BTreeMap<ParamId, Vec<(f64, &Position)>> {
    let mut sets: BTreeMap<ParamId, Vec<(f64, &Position)>> = BTreeMap::new();
    for set in scenarios.iter().flat_map(|scenario| &scenario.overrides) {
        sets.entry(set.parameter).or_default().push((set.value, &set.position));
    }
    sets
}

/// What every check reads and adds to.
struct Checker<'a> {
    case: &'a Case,
    /// Scenarios whose settings are checked.
    scenarios: &'a [Scenario],
    base: Values,
    /// What scenarios set each parameter to.
    sets: BTreeMap<ParamId, Vec<(f64, &'a Position)>>,
    unreadable: &'a [bool],
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Checker<'a> {
    fn table(&self, name: &str) -> &'a Table {
        self.case.table(name)
    }

    fn readable(&self, tables: &[&str]) -> bool {
        tables.iter().all(|name| !self.unreadable[table_index(name)])
    }

    fn fault(&mut self, code: Code, at: &Position, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(code, at, message));
    }

    fn fault_at(&mut self, code: Code, table: &Table, col: Col, row: usize, message: impl Into<String>) {
        self.fault(code, &table.position(col, row), message);
    }

    /// Every word a cell may hold: in the base case and in any scenario.
    fn possible_words(&self, table: &Table, col: Col, row: usize) -> Vec<&'static str> {
        let mut words: Vec<_> = table.enumeration(col, row, &self.base).into_iter().collect();
        if let Cells::Word(cells) = &table.column(col).cells
            && let WordCell::Parameter(id) = cells[row]
        {
            words.extend(self.overrides(id).filter_map(|(value, _)| schema::words().get(value as usize).copied()));
        }
        words
    }

    /// Values that scenarios set a parameter to.
    fn overrides(&self, id: ParamId) -> impl Iterator<Item = (f64, &'a Position)> + '_ {
        self.sets.get(&id).into_iter().flatten().copied()
    }

    fn inside(&self, day: i32) -> bool {
        (self.case.meta.start..=self.case.meta.end).contains(&day)
    }

    fn case_dates(&self) -> String {
        format!("the case lasts from {} to {}", day(self.case.meta.start), day(self.case.meta.end))
    }
}

fn day(days: i32) -> String {
    dates::date_of(days).to_string()
}

fn as_of_inside(checker: &mut Checker, at: &Position) {
    let as_of = checker.case.meta.as_of;
    if !checker.inside(as_of) {
        let message = format!("as_of is {}, but {}", day(as_of), checker.case_dates());
        checker.fault(Code::DateOutsideCase, at, message);
    }
}

/// The earliest and the latest a date cell can be, over its range.
fn span(checker: &Checker, table: &Table, col: Col, row: usize) -> Option<(i32, i32)> {
    let (first, last) = reach(checker, table, col, row)?;
    let day = |days: f64| (days + 0.5).floor() as i32;
    Some((day(first), day(last)))
}

/// The smallest and the largest a quantity can be: over the range of its parameter and in the scenarios that set it.
fn reach(checker: &Checker, table: &Table, col: Col, row: usize) -> Option<(f64, f64)> {
    let base = table.number(col, row, &checker.base).filter(|base| !base.is_nan())?;
    if let Cells::Number(cells) = &table.column(col).cells
        && let NumberCell::Parameter(id) = &cells[row]
    {
        let range = checker.case.parameters.get(*id).range().unwrap_or((base, base));
        let widen = |(low, high): (f64, f64), (value, _): (f64, _)| (low.min(value), high.max(value));
        return Some(checker.overrides(*id).fold(range, widen));
    }
    Some((base, base))
}

fn event_dates(checker: &mut Checker) {
    let events = checker.table("events");
    let (from, to) = (events.col("from"), events.col("to"));
    for row in 0..events.rows() {
        let Some((earliest, _)) = span(checker, events, from, row) else {
            continue;
        };
        let first = events.date(from, row, &checker.base).unwrap_or(earliest);
        let last = span(checker, events, to, row);
        if let Some(end) = events.date(to, row, &checker.base)
            && end < first
        {
            let message = format!("the event ends on {}, before it starts on {}", day(end), day(first));
            checker.fault_at(Code::DatesReversed, events, to, row, message);
        } else if earliest > checker.case.meta.end {
            let message = format!("the event starts on {}, but {}", day(earliest), checker.case_dates());
            checker.fault_at(Code::OutsideCase, events, from, row, message);
        } else if let Some((_, latest)) = last
            && latest < checker.case.first_simulated()
        {
            let message = format!("the event ends on {}, but {}", day(latest), checker.case_dates());
            checker.fault_at(Code::OutsideCase, events, to, row, message);
        }
    }
}

/// Cells that an event of its kind needs, or cannot use.
fn event_cells(checker: &mut Checker) {
    let events = checker.table("events");
    let (kind, value) = (events.col("kind"), events.col("value"));
    for row in 0..events.rows() {
        let Some(kind) = events.enumeration(kind, row, &checker.base) else {
            continue;
        };
        let number = events.number(value, row, &checker.base);
        if number.is_none() && events.is_blank(value, row) && !matches!(kind, "cancel" | "default" | "freeze") {
            let message = format!("an event of kind {kind} needs a value");
            checker.fault_at(Code::MissingForKind, events, value, row, message);
        }
        longer_than_the_run(checker, events, row);
        for name in ["shape", "recovery_days", "stop_days"] {
            let col = events.col(name);
            if kind != "damage" && !events.is_blank(col, row) {
                let message = format!("`{name}` is for events of kind damage, not {kind}");
                checker.fault_at(Code::NotForKind, events, col, row, message);
            }
        }
        place_cells(checker, events, row, kind);
        for name in ["to", "ramp_in_days", "ramp_out_days"] {
            let col = events.col(name);
            if kind == "damage" && !events.is_blank(col, row) {
                let message = format!("damage heals by `shape` and `recovery_days`; it has no `{name}`");
                checker.fault_at(Code::NotForKind, events, col, row, message);
            }
        }
        for name in ["toward", "class"] {
            let col = events.col(name);
            if kind != "open_share" && !events.is_blank(col, row) {
                let message = format!("`{name}` is for events of kind open_share, not {kind}");
                checker.fault_at(Code::NotForKind, events, col, row, message);
            }
        }
    }
}

/// Cells of events on places: a freeze is whole or not at all, what is destroyed is destroyed on one day, and what becomes of goods can only
/// be said where there is an end.
fn place_cells(checker: &mut Checker, events: &Table, row: usize, kind: &str) {
    let (after, to) = (events.col("after"), events.col("to"));
    if kind != "freeze" && !events.is_blank(after, row) {
        let message = format!("`after` is for events of kind freeze, not {kind}");
        checker.fault_at(Code::NotForKind, events, after, row, message);
    }
    let (unused, why): (&[&str], _) = match kind {
        "freeze" => (&["ramp_in_days", "ramp_out_days"], "a place is out of reach or it is not"),
        "destroy" => (&["to", "ramp_in_days", "ramp_out_days"], "what is destroyed is destroyed on the first day"),
        _ => return,
    };
    for &name in unused {
        let col = events.col(name);
        if !events.is_blank(col, row) {
            checker.fault_at(Code::NotForKind, events, col, row, format!("{why}; `{name}` is not for events of kind {kind}"));
        }
    }
    let taken = matches!(events.enumeration(after, row, &checker.base), Some("lost" | "sold"));
    if kind == "freeze" && taken && events.is_blank(to, row) {
        let message = "the freeze never ends, so nothing becomes of the goods: it has `after`, but no last day `to`";
        let at = events.position(after, row);
        let fault = Diagnostic::new(Code::EventWithoutEffect, &at, message).with_fix("give the last day in `to`, or blank `after`");
        checker.diagnostics.push(fault);
    }
}

/// An event that takes hold, or lets go, over more days than the run has never does so wholly.
fn longer_than_the_run(checker: &mut Checker, events: &Table, row: usize) {
    let meta = &checker.case.meta;
    let days = f64::from(meta.end.saturating_sub(meta.start)) + 1.0;
    for name in ["ramp_in_days", "ramp_out_days"] {
        let col = events.col(name);
        if let Some((_, most)) = reach(checker, events, col, row).filter(|(_, most)| *most > days && *most <= schema::TERM_DAYS_MAX) {
            let message = format!("`{name}` is {most}, but the run has only {days} days");
            checker.fault_at(Code::SizeDoubtful, events, col, row, message);
        }
    }
}

/// Kinds of selector an event of a kind acts on.
fn acts_on(event: &str, target: SelectorKind) -> bool {
    use SelectorKind::{All, Buyer, Contract, Country, Crossing, Currency, Market, Place, Seller};
    match event {
        "open_share" => matches!(target, Crossing | All),
        "exchange_rate" => matches!(target, Currency | All),
        "freeze" | "destroy" | "evacuate" => matches!(target, Place | Country | All),
        "capacity" | "attendance" | "default" | "damage" => !matches!(target, Crossing | Market | Contract | Buyer | Seller | Currency),
        "demand" => !matches!(target, Crossing | Contract | Buyer | Seller | Currency),
        _ => !matches!(target, Crossing | Market | Currency), // order_cut, cancel, refusal
    }
}

fn event_targets(checker: &mut Checker) {
    let events = checker.table("events");
    let (kind, target) = (events.col("kind"), events.col("target"));
    for row in 0..events.rows() {
        let Some(kind) = events.enumeration(kind, row, &checker.base) else {
            continue;
        };
        let Some(selector) = events.selector(target, row) else {
            continue;
        };
        if let Some(term) = selector.terms().find(|term| !acts_on(kind, term.kind)) {
            let message = format!("an event of kind {kind} cannot act on a {}", term.kind.word());
            checker.fault_at(Code::WrongTarget, events, target, row, message);
        }
        check_toward(checker, events, row);
    }
}

/// `toward` is a country on one side of each crossing named.
fn check_toward(checker: &mut Checker, events: &Table, row: usize) {
    let toward = events.col("toward");
    let Some(country) = events.text(toward, row) else {
        return;
    };
    let Some(selector) = events.selector(events.col("target"), row) else {
        return;
    };
    for term in selector.terms().filter(|term| term.kind == SelectorKind::Crossing) {
        let sides = network::sides(checker.case, term.index as usize);
        if let Some((a, b)) = sides
            && country != a
            && country != b
        {
            let crossing = checker.table("crossings").id(term.index);
            let message = format!("crossing {crossing} leads between {a} and {b}, not toward {country}");
            checker.fault_at(Code::WrongTarget, events, toward, row, message);
        }
    }
}

fn order_dates(checker: &mut Checker) {
    let orders = checker.table("orders");
    let (due, season) = (orders.col("due_date"), orders.col("season_end"));
    let last = checker.case.meta.end.saturating_add(DUE_AFTER_END_DAYS);
    for row in 0..orders.rows() {
        let Some(date) = orders.date(due, row, &checker.base) else {
            continue;
        };
        if date < checker.case.first_simulated() || date > last {
            let message = format!("the order is due on {}, but {}", day(date), checker.case_dates());
            checker.fault_at(Code::OutsideCase, orders, due, row, message);
        }
        if let Some(end) = orders.date(season, row, &checker.base)
            && end < date
        {
            let message = format!("the season ends on {}, before the order is due on {}", day(end), day(date));
            checker.fault_at(Code::DatesReversed, orders, season, row, message);
        }
    }
}

fn calendar_dates(checker: &mut Checker) {
    let calendars = checker.table("calendars");
    let (first, last) = (calendars.col("first_due"), calendars.col("last_due"));
    for row in 0..calendars.rows() {
        let ends = calendars.date(first, row, &checker.base).zip(calendars.date(last, row, &checker.base));
        if let Some((from, to)) = ends.filter(|(from, to)| to < from) {
            let message = format!("last_due {} lies before first_due {}", day(to), day(from));
            checker.fault_at(Code::DatesReversed, calendars, last, row, message);
        }
    }
}

/// Windows of which neither end has a default: with one end alone nobody knows how long they last.
const WINDOWS: [(&str, [&str; 2]); 1] = [("demand", ["season_from", "season_to"])];

fn half_windows(checker: &mut Checker) {
    for (name, ends) in WINDOWS {
        let table = checker.table(name);
        for row in 0..table.rows() {
            let blank = ends.map(|end| table.is_blank(table.col(end), row));
            if blank[0] != blank[1] {
                let (missing, given) = if blank[0] { (ends[0], ends[1]) } else { (ends[1], ends[0]) };
                let message = format!("`{missing}` is blank, but `{given}` is given");
                checker.fault_at(Code::MissingForKind, table, table.col(missing), row, message);
            }
        }
    }
}

/// Classes that goods, persons or other traffic have.
fn known_classes<'a>(checker: &Checker<'a>) -> Vec<&'a str> {
    let mut known = vec!["persons"];
    for name in ["products", "terms", "traffic"] {
        let table = checker.table(name);
        let class = table.col("class");
        known.extend((0..table.rows()).filter_map(|row| table.text(class, row)));
    }
    known
}

/// The country of the case that was probably meant.
fn near_country<'a>(case: &'a Case, code: &str) -> Option<&'a str> {
    let known = || case.countries.iter().map(String::as_str);
    let meant = crate::language::countries::meant(code);
    known().find(|known| Some(*known) == meant).or_else(|| crate::language::diagnostic::near_miss(code, known()))
}

/// A class that nothing has: a slip that would make an event or a claim say nothing.
fn classes(checker: &mut Checker) {
    let known = known_classes(checker);
    let events = checker.table("events");
    let class = events.col("class");
    let mut found: Vec<(Position, String)> =
        (0..events.rows()).filter_map(|row| Some((events.position(class, row), events.text(class, row)?.to_owned()))).collect();
    let observations = checker.table("observations");
    let observed = observations.col("class");
    found.extend(
        (0..observations.rows())
            .filter_map(|row| Some((observations.position(observed, row), observations.text(observed, row)?.to_owned()))),
    );
    let mut strangers = Vec::new();
    for (name, value, at) in checker.case.claims.iter().flat_map(|c| &c.parts).flat_map(|part| &part.keys) {
        if let ("class", crate::tables::claims::KeyValue::Word(word)) = (*name, value) {
            found.push((at.clone(), word.clone()));
        }
        if let ("toward", crate::tables::claims::KeyValue::Word(code)) = (*name, value)
            && !checker.case.countries.contains(code)
        {
            let near = near_country(checker.case, code);
            strangers.push(Diagnostic::new(Code::UnknownId, at, format!("no place lies in `{code}`")).suggest(near));
        }
    }
    checker.diagnostics.append(&mut strangers);
    for (at, word) in found.into_iter().filter(|(_, word)| !known.contains(&word.as_str())) {
        let near = crate::language::diagnostic::near_miss(&word, known.iter().copied());
        let message = format!("no product and no terms have the class `{word}`");
        checker.diagnostics.push(Diagnostic::new(Code::UnknownClass, &at, message).suggest(near));
    }
}

fn carried_crossing(checker: &mut Checker) {
    let terms = checker.table("terms");
    let crossing = terms.col("carried_crossing");
    let means = ["means", "compensation_means"].map(|name| terms.col(name));
    for row in 0..terms.rows() {
        let carried = means.iter().any(|col| checker.possible_words(terms, *col, row).contains(&"carried"));
        if carried && terms.is_blank(crossing, row) {
            let message = "money may be carried, but `carried_crossing` is blank";
            checker.fault_at(Code::MissingForKind, terms, crossing, row, message);
        }
    }
}

fn steady_with_schedule(checker: &mut Checker, at: &Position) {
    let (contracts, terms) = (checker.table("contracts"), checker.table("terms"));
    let (col, ordering) = (contracts.col("terms"), terms.col("ordering"));
    let scheduled = (0..contracts.rows()).find(|row| {
        let terms_row = contracts.reference(col, *row);
        terms_row.is_some_and(|row| checker.possible_words(terms, ordering, row as usize).contains(&"schedule"))
    });
    if let Some(row) = scheduled
        && checker.case.settings.start_state == StartState::Steady
    {
        let message = format!("contract {} orders by schedule, but start_state is steady", contracts.key(row));
        checker.fault(Code::SteadyWithSchedule, at, message);
    }
}

fn plan_realised(checker: &mut Checker, at: &Position) {
    // Who follows the published program has it so on purpose.
    if checker.case.settings.plan == Plan::Realised && !checker.case.settings.compat_inoue_todo {
        checker.fault(Code::PlanRealised, at, "a line that stops for a day never starts again");
    }
}

/// Whether a parameter's base value is a word.
fn is_choice(value: &Value) -> bool {
    matches!(value, Value::Choice(_))
}
