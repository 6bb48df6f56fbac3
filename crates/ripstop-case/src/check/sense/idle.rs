//! Events whose target has nothing that they act on: people where nobody works, orders where none are placed, a way that nothing goes.

use super::super::{Checker, reach};
use super::{View, orders};
use crate::language::diagnostic::{Code, Diagnostic};
use crate::map::network::PERSONS;
use crate::tables::selector::{Selector, SelectorKind};
use ripstop::model::calendar::{Day, in_season};
use ripstop::model::events::Change;
use ripstop::model::ids::{ClassId, CountryId, CrossingId, DemandId, LineId};
use ripstop::model::network::{Demand, Direction, Kind, Means, Ordering};
use ripstop::plan::{NONE, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// Above so many alternatives of a selector they are judged together: thousands of firms may be named one by one.
const ALTERNATIVES_MAX: usize = 32;

/// What of a network events can act on.
struct Reach {
    /// Line → nothing it makes can be taken a share of: it has no limit, no steady output, no season and no order lines.
    nothing_to_cut: Vec<bool>,
    /// Line → somebody may ask something of it.
    asked: Vec<bool>,
    /// Firm → it has workers.
    people: Vec<bool>,
    /// Firm → it has workers, and a line that takes labour.
    works: Vec<bool>,
    /// Firm → it trades or has people.
    busy: Vec<bool>,
    /// Contract → something may be ordered under it.
    ordered: Vec<bool>,
    /// Contract → days on which its order lines are placed.
    placed: BTreeMap<u32, Vec<i32>>,
    /// Crossing, whether from its first side to the second, class: what goods, inputs or cash of the case pass.
    passed: BTreeSet<(u32, bool, u32)>,
    /// Currencies of firms and contracts.
    currencies: BTreeSet<u32>,
}

/// What is asked about: the row of an event, and whether its whole target or one alternative of it.
struct Part {
    row: usize,
    whole: bool,
}

/// Every alternative of an event's target has something that the event acts on.
pub fn events(checker: &mut Checker, view: &View) {
    let events = checker.table("events");
    let [kind, target] = ["kind", "target"].map(|name| events.col(name));
    let classes = super::super::known_classes(checker);
    let mut known: Option<Reach> = None;
    for row in 0..events.rows() {
        let Some((kind, selector)) = events.enumeration(kind, row, &checker.base).zip(events.selector(target, row)) else { continue };
        // A class that nothing has is diagnosed already.
        if events.text(events.col("class"), row).is_some_and(|class| !classes.contains(&class)) {
            continue;
        }
        for part in parts_of(selector) {
            let Some(change) = view.mapper.change(view.network, events, row, kind, &part) else { continue };
            let known = known.get_or_insert_with(|| Reach::of(view));
            match change {
                Change::Capacity(lines) => {
                    capacity(checker, view, known, row, &lines);
                    break; // lines that cannot be hit are named one by one
                }
                Change::Damage { shares, .. } => {
                    capacity(checker, view, known, row, &shares.iter().map(|(line, _)| *line).collect::<Vec<_>>());
                    break;
                }
                change => {
                    if let Some(why) = nothing(checker, view, known, Part { row, whole: part == *selector }, &change) {
                        let of = if part == *selector { "" } else { " with a part of its target" };
                        let message = format!("event {} does nothing{of}: {why}", events.key(row));
                        checker.fault_at(Code::EventWithoutEffect, events, target, row, message);
                        break;
                    }
                }
            }
        }
    }
}

/// The alternatives of a selector, if they are not too many, and the whole of it.
fn parts_of(selector: &Selector) -> Vec<Selector> {
    let mut parts = vec![selector.clone()];
    if (2..=ALTERNATIVES_MAX).contains(&selector.any.len()) {
        parts.extend(selector.any.iter().map(|all| Selector { any: vec![all.clone()] }));
    }
    parts
}

impl Reach {
    fn of(view: &View) -> Reach {
        let network = view.network;
        let mut reach = Reach {
            nothing_to_cut: network.lines.iter().map(|line| line.capacity_per_day.is_infinite()).collect(),
            asked: vec![false; network.lines.len()],
            people: network.firms.iter().map(|firm| firm.workers > 0.0).collect(),
            works: vec![false; network.firms.len()],
            busy: network.firms.iter().map(|firm| firm.workers > 0.0).collect(),
            ordered: orders::ordered(view),
            placed: placed(view),
            passed: BTreeSet::new(),
            currencies: network.firms.iter().map(|firm| firm.currency.0).collect(),
        };
        let steady = ripstop::plan::steady::rates(network).unwrap_or_default();
        let mut cut_of = |line: LineId| reach.nothing_to_cut[line.index()] = false;
        steady.iter().enumerate().filter(|(_, rate)| **rate > 0.0).for_each(|(line, _)| cut_of(LineId::from(line)));
        network.demands.iter().filter(|demand| demand.quantity_per_day > 0.0).for_each(|demand| cut_of(demand.line));
        network.orders.iter().for_each(|order| cut_of(network.contracts.seller[order.contract.index()]));
        network.demands.iter().for_each(|demand| {
            reach.asked[demand.line.index()] = true;
            reach.busy[network.lines[demand.line.index()].firm.index()] = true;
        });
        for line in network.lines.iter().filter(|line| line.labour_days_per_unit > 0.0) {
            let firm = line.firm.index();
            reach.works[firm] = network.firms[firm].workers > 0.0;
        }
        for row in 0..network.contracts.len() {
            reach.contract(view, row);
        }
        // Of other traffic that is kept away the tonnes are free.
        let others = network.traffic.iter().map(|other| (other.crossing.0, other.direction == Direction::AToB, other.class.0));
        reach.passed.extend(others);
        reach
    }

    fn contract(&mut self, view: &View, row: usize) {
        let (network, contracts) = (view.network, &view.network.contracts);
        let (line, seller) = view.seller(row);
        let buyer = contracts.buyer[row].index();
        self.asked[line] = true;
        self.busy[seller.firm.index()] = true;
        self.busy[buyer] = true;
        let terms = &network.terms[contracts.terms[row].index()];
        // A standby delivers on the order lines of others.
        if terms.ordering == Ordering::Schedule && self.ordered[row] {
            self.nothing_to_cut[line] = false;
        }
        let extras = contracts.extras_of(row);
        self.currencies.insert(extras.currency.0);
        let class = terms.class.unwrap_or(network.products[seller.product.index()].class).0;
        let mut routes = vec![contracts.route[row]];
        routes.extend(extras.alternative_routes.iter().copied());
        if contracts.kind[row] == Kind::Processing {
            routes.push(contracts.input_route[row]);
            routes.extend(extras.alternative_input_routes.iter().copied());
        }
        for (crossing, direction) in routes.iter().flat_map(|route| &network.routes[route.index()].legs).filter_map(|leg| leg.crossing) {
            self.passed.insert((crossing.0, direction == Direction::AToB, class));
        }
        for means in [Some(terms.means), terms.compensation_means].into_iter().flatten() {
            if let (Means::Carried(crossing), Some(persons)) = (means, network.persons) {
                let country = network.places[network.firms[seller.firm.index()].place.index()].country;
                self.passed.insert((crossing.0, towards(view, crossing, country), persons.0));
            }
        }
    }
}

/// The days on which order lines are placed, by contract.
fn placed(view: &View) -> BTreeMap<u32, Vec<i32>> {
    let mut days: BTreeMap<u32, Vec<i32>> = BTreeMap::new();
    // What the engine refuses is said elsewhere.
    let Ok(plan) = Plan::new(view.network.clone(), Vec::new()) else { return days };
    for (order, contract) in plan.orders.contract.iter().enumerate().filter(|(order, _)| plan.orders.twin_of[*order] == NONE) {
        days.entry(contract.0).or_default().push(plan.calendar.day(plan.orders.placed[order].max(0) as usize).0);
    }
    days
}

/// Whether goods toward a country pass a crossing from its first side to the second.
fn towards(view: &View, crossing: CrossingId, country: CountryId) -> bool {
    Change::direction_towards(country, view.network.crossings[crossing.index()].country_a) == Direction::AToB
}

/// A share of the capacity of lines without a limit is a share of what they usually make; a line that never makes anything by itself has none.
fn capacity(checker: &mut Checker, view: &View, known: &Reach, row: usize, lines: &[LineId]) {
    let events = checker.table("events");
    let target = events.col("target");
    let case = checker.case;
    let idle: Vec<usize> = lines.iter().map(|line| line.index()).filter(|line| known.nothing_to_cut[*line]).collect();
    let named = |lines: &[usize]| {
        let names: Vec<String> = lines.iter().take(3).map(|line| case.line_key(view.network, *line)).collect();
        let more = if lines.len() > 3 { format!(" and {} more", lines.len() - 3) } else { String::new() };
        format!("{}{more}", names.join(", "))
    };
    let what = "no capacity, no steady output, no season and no order lines";
    if idle.len() == lines.len() && !lines.is_empty() {
        let message = format!("event {} would take a share of {}, which has {what}", events.key(row), named(&idle));
        checker.fault_at(Code::NothingToCut, events, target, row, message);
        return;
    }
    let asked: Vec<usize> = idle.into_iter().filter(|line| known.asked[*line]).collect();
    if !asked.is_empty() {
        let message = format!("event {} does nothing to {}, which has {what}", events.key(row), named(&asked));
        let fix = "give the line `capacity_per_day` in lines.csv, or leave it out of the target";
        let at = events.position(target, row);
        checker.diagnostics.push(Diagnostic::new(Code::EventWithoutEffect, &at, message).with_fix(fix));
    }
    let value = events.col("value");
    let unlimited = |line: &LineId| view.network.lines[line.index()].capacity_per_day.is_infinite();
    let is_damage = events.enumeration(events.col("kind"), row, &checker.base) == Some("damage");
    if !is_damage && lines.iter().all(unlimited) && reach(checker, events, value, row).is_some_and(|(least, _)| least > 1.0) {
        let message = format!("event {} does nothing: no line it hits has a limit that could rise", events.key(row));
        checker.fault_at(Code::EventWithoutEffect, events, value, row, message);
    }
}

/// Why a change acts on nothing, if it does: what it would need.
fn nothing(checker: &Checker, view: &View, known: &Reach, part: Part, change: &Change) -> Option<String> {
    let Part { row, whole } = part;
    Some(match change {
        // Of several, one with workers whose work no line takes is away like the others.
        Change::Attendance(firms)
            if !firms.is_empty() && firms.iter().all(|firm| !if whole { &known.works } else { &known.people }[firm.index()]) =>
        {
            "no firm it hits has `workers` and a line with `labour_days_per_unit`, so its output needs no hands".to_owned()
        }
        Change::Default(firms) if !firms.is_empty() && firms.iter().all(|firm| !known.busy[firm.index()]) => {
            "no firm it hits makes, buys or sells anything or has workers".to_owned()
        }
        Change::Demand(demands) if !demands.is_empty() => return no_demand(checker, view, row, demands),
        Change::OrderCut(contracts) | Change::Cancel(contracts) | Change::Refusal(contracts)
            if !contracts.is_empty() && contracts.iter().all(|contract| !known.ordered[contract.index()]) =>
        {
            "nothing is ever ordered under the contracts it hits".to_owned()
        }
        Change::OrderCut(contracts) if whole => {
            let days = span_of(checker, row, i32::MAX);
            let meets = |row: usize| known.placed.get(&(row as u32)).is_some_and(|placed| placed.iter().any(|day| days.contains(day)));
            let stands_by = |row: usize| view.network.contracts.extras_of(row).takes_over();
            let known_days = |row: usize| view.ordering(row) == Ordering::Schedule && !known.placed.is_empty() && !stands_by(row);
            let asks = |row: usize| !known_days(row) || meets(row);
            if contracts.iter().any(|contract| asks(contract.index())) || contracts.is_empty() {
                return None;
            }
            "no order under the contracts it hits is placed on its days".to_owned()
        }
        Change::ExchangeRate(currencies) if !currencies.is_empty() && currencies.iter().all(|c| !known.currencies.contains(&c.0)) => {
            "no firm and no contract has the currency".to_owned()
        }
        Change::Freeze { places, after: _ } | Change::Destroy(places) | Change::Evacuate(places)
            if !places.is_empty() && !view.network.firms.iter().any(|firm| places.contains(&firm.place)) =>
        {
            "no firm is at a place it hits".to_owned()
        }
        Change::OpenShare { crossings, towards, class } => return nothing_passes(checker, view, known, row, (crossings, *towards, *class)),
        _ => return None,
    })
}

/// Final demand of 0, or out of season on all days of the event.
fn no_demand(checker: &Checker, view: &View, row: usize, demands: &[DemandId]) -> Option<String> {
    // A season comes again after a year.
    let days = span_of(checker, row, 366);
    let wanting: Vec<_> = demands.iter().map(|m| &view.network.demands[m.index()]).filter(|demand| demand.quantity_per_day > 0.0).collect();
    if wanting.is_empty() {
        return Some("the final demand it hits is 0".to_owned());
    }
    let ever = |demand: &&Demand| match demand.season {
        Some((from, to)) => days.clone().any(|day| in_season(month_day(day), from, to)),
        None => true,
    };
    let none = !wanting.iter().any(ever);
    none.then(|| "none of its days lies in the season of the final demand it hits".to_owned())
}

/// The crossings, direction and class of an event on an open share.
type Gates<'a> = (&'a [CrossingId], Option<CountryId>, Option<ClassId>);

/// A class that passes no crossing of the case, or a direction in which nothing goes. A crossing may be shut to a class that passes another.
fn nothing_passes(checker: &Checker, view: &View, known: &Reach, row: usize, (crossings, country, class): Gates) -> Option<String> {
    let of_class = |passed: &&(u32, bool, u32)| class.is_none_or(|class| class.0 == passed.2);
    let events = checker.table("events");
    let what = match events.text(events.col("class"), row) {
        Some(PERSONS) => "no cash is carried over".to_owned(),
        Some(class) => format!("nothing of class {class} passes"),
        None => "nothing passes".to_owned(),
    };
    if !known.passed.iter().any(|passed| of_class(&passed)) {
        // Crossings that are named, and that nothing passes, are told elsewhere.
        let mut terms = events.selector(events.col("target"), row)?.terms();
        let all = class.is_some() || terms.any(|term| term.kind == SelectorKind::All);
        return all.then(|| format!("{what} any crossing"));
    }
    let here: Vec<_> = known.passed.iter().filter(of_class).filter(|passed| crossings.contains(&CrossingId(passed.0))).collect();
    let country = country.filter(|_| !here.is_empty())?;
    let meets = |(crossing, forth, _): &&&(u32, bool, u32)| towards(view, CrossingId(*crossing), country) == *forth;
    let none = !here.iter().any(|passed| meets(&passed));
    none.then(|| format!("{what} the crossing toward {}", events.text(events.col("toward"), row).unwrap_or_default()))
}

/// The days of the case on which an event may be at work, at most so many.
fn span_of(checker: &Checker, row: usize, most: i32) -> std::ops::Range<i32> {
    let events = checker.table("events");
    let day = |name: &str| super::super::span(checker, events, events.col(name), row);
    let out = reach(checker, events, events.col("ramp_out_days"), row).map_or(0.0, |(_, most)| most);
    let meta = &checker.case.meta;
    let first = day("from").map_or(meta.start, |(earliest, _)| earliest.max(checker.case.first_simulated()));
    let last = day("to").map_or(meta.end, |(_, latest)| latest.saturating_add(out.ceil() as i32).min(meta.end));
    first..last.saturating_add(1).min(first.saturating_add(most))
}

fn month_day(day: i32) -> (i8, i8) {
    let date = Day(day).date();
    (date.month(), date.day())
}
