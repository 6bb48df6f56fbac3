//! From tables to the engine: a case and the values of its parameters become a network and events.
//!
//! Everything that does not depend on parameter values is resolved once ([`Mapper::new`]); a draw costs one pass over the tables.

mod asked;
mod contracts;
mod goods;
mod legs;
pub(crate) mod links;
mod options;
mod orders;
mod select;

use std::collections::{BTreeMap, HashMap, HashSet};

use ripstop::model::calendar::Day;
use ripstop::model::fields::{self, Field};
use ripstop::model::ids::*;
use ripstop::model::network::*;

use crate::tables::table::NO_ROW;
use crate::{Case, Plan as PlanWord, StartState as StartWord, Table, Values};

use links::LinkRows;
use options::FirstRates;

/// The class of persons who carry cash.
pub const PERSONS: &str = "persons";

/// A case resolved for the engine, and the names behind the engine's ids.
pub struct Mapper<'a> {
    case: &'a Case,
    /// Shipment classes, by class id.
    pub classes: Vec<String>,
    /// Currencies, by currency id; the first is the case's.
    pub currencies: Vec<String>,
    /// Route table group per engine route; the last engine route is the default of one day without a crossing.
    routes: Vec<Vec<usize>>,
    /// Contract row → seller line (row of `lines`).
    seller_line: Vec<u32>,
    /// Line row → whether it works for clients.
    works_for_clients: Vec<bool>,
    /// Product row → its recipe rows.
    recipe: Vec<Vec<usize>>,
    /// Firm row → rows of `lines`.
    lines_of: Vec<Vec<u32>>,
    /// Firm and product row → row of `lines`.
    line_of: BTreeMap<(u32, u32), u32>,
    /// Places of names in lists of the case and in `classes`.
    places: Places<'a>,
    /// What the table of links adds to the network, if there is one.
    links: Option<LinkRows>,
    /// What selectors look up.
    lookup: select::Lookup,
}

/// Where a name stands in a list.
struct Places<'a> {
    countries: HashMap<&'a str, usize>,
    sectors: HashMap<&'a str, usize>,
    classes: HashMap<String, usize>,
    currencies: HashMap<&'a str, usize>,
    markets: HashMap<&'a str, usize>,
}

fn place_of(list: &[String]) -> HashMap<&str, usize> {
    // The first of two alike is what a search from the front finds.
    list.iter().enumerate().rev().map(|(at, name)| (name.as_str(), at)).collect()
}

impl<'a> Mapper<'a> {
    /// Resolves what does not depend on parameter values.
    pub fn new(case: &'a Case) -> Self {
        let (contracts, lines, firms) = (case.table("contracts"), case.table("lines"), case.table("firms"));
        let mut line_of = BTreeMap::new();
        let mut lines_of = vec![Vec::new(); firms.rows()];
        for row in 0..lines.rows() {
            let firm = lines.referred(lines.col("firm"), row);
            line_of.insert((firm, lines.referred(lines.col("product"), row)), row as u32);
            if let Some(own) = lines_of.get_mut(firm as usize) {
                own.push(row as u32);
            }
        }
        let (seller, product, kind) = (contracts.col("seller"), contracts.col("product"), contracts.col("kind"));
        let base = case.parameters.base_values();
        let mut works_for_clients = vec![false; lines.rows()];
        let seller_line: Vec<u32> = (0..contracts.rows())
            .map(|row| {
                let key = (contracts.referred(seller, row), contracts.referred(product, row));
                let line = line_of.get(&key).copied().unwrap_or(NO_ROW);
                if let Some(works) = works_for_clients.get_mut(line as usize) {
                    *works |= contracts.enumeration(kind, row, &base) == Some("processing");
                }
                line
            })
            .collect();
        let recipes = case.table("recipes");
        let mut recipe = vec![Vec::new(); case.table("products").rows()];
        for row in 0..recipes.rows() {
            if let Some(own) = recipe.get_mut(recipes.referred(recipes.col("product"), row) as usize) {
                own.push(row);
            }
        }
        let routes = case.table("routes");
        let routes = legs_of_routes(routes);
        let currencies = case.currencies.clone();
        let links = case.links.as_ref().map(|_| LinkRows::of(case, &line_of));
        let classes = classes(case);
        let places = Places {
            countries: place_of(&case.countries),
            sectors: place_of(&case.sectors),
            classes: classes.iter().enumerate().map(|(at, name)| (name.clone(), at)).collect(),
            currencies: place_of(&case.currencies),
            markets: place_of(&case.markets),
        };
        Self {
            case,
            classes,
            currencies,
            routes,
            seller_line,
            works_for_clients,
            recipe,
            lines_of,
            line_of,
            places,
            links,
            lookup: Default::default(),
        }
    }

    /// The case it resolves.
    pub fn case(&self) -> &'a Case {
        self.case
    }

    /// The network at given parameter values.
    pub fn network(&self, values: &Values) -> Network {
        self.network_in(values, None)
    }

    /// [`Mapper::network`] for a scenario: rules act in it where it has a file of behaviour.
    pub fn network_in(&self, values: &Values, scenario: Option<usize>) -> Network {
        let case = self.case;
        let mut network = Network {
            start: Day(case.meta.start),
            end: Day(case.meta.end),
            settings: settings(case, values),
            countries: case.countries.len() as u32,
            classes: self.classes.len() as u32,
            persons: self.class(Some(PERSONS)),
            sectors: case.sectors.len() as u32,
            groups: case.table("groups").rows() as u32,
            other_currencies: self.currencies.len().saturating_sub(1) as u32,
            rates: self.rates(values),
            rules_act: scenario.is_some_and(|s| !self.case.scenarios[s].behaviour.is_empty()),
            enforcement_seed: scenario.and_then(|s| crate::map::act::enforcement_seed(self.case, s)),
            class_rank: self.class_rank(),
            ..Network::default()
        };
        let first = self.rates_on(&network.rates, network.start);
        self.geography(&mut network, values);
        network.traffic = self.traffic(&network, values);
        self.products(&mut network, values);
        self.firms(&mut network, &first, values);
        self.lines(&mut network, values);
        self.terms(&mut network, values);
        self.contracts(&mut network, &first, values);
        network.newcomers = self.newcomers(values);
        self.orders(&mut network, values);
        self.demands(&mut network, &first, values);
        self.free_quantities(&mut network, values);
        self.add_links(&mut network, values);
        if case.settings.stock_days_drawn {
            network.draw_stock_days(case.settings.seed, case.settings.stock_days_least.value(values));
        }
        network
    }

    /// Number of order lines at given parameter values: rows of `orders`, and those of calendars.
    pub fn order_lines(&self, values: &Values) -> usize {
        let mut network = Network { start: Day(self.case.meta.start), end: Day(self.case.meta.end), ..Network::default() };
        self.orders(&mut network, values);
        network.orders.len()
    }

    fn class(&self, name: Option<&str>) -> Option<ClassId> {
        let name = name?;
        self.places.classes.get(name).copied().map(ClassId::from)
    }

    fn country_of(&self, place: u32) -> CountryId {
        let places = self.case.table("places");
        let code = ((place as usize) < places.rows()).then(|| places.text(places.col("country"), place as usize)).flatten();
        self.country(code).unwrap_or(CountryId(NO_ROW))
    }

    fn geography(&self, network: &mut Network, values: &Values) {
        let (places, crossings, routes) = (self.case.table("places"), self.case.table("crossings"), self.case.table("routes"));
        network.places = (0..places.rows()).map(|row| Place { country: self.country_of(row as u32) }).collect();
        let side = |col: &str, row| self.country_of(crossings.referred(crossings.col(col), row));
        network.crossings = (0..crossings.rows())
            .map(|row| Crossing {
                country_a: side("place_a", row),
                country_b: side("place_b", row),
                tonnes_per_day: self.crossing_limit(row, values),
            })
            .collect();
        let [from, days, crossing, tonnes] = ["from", "days", "crossing", "tonnes_per_day"].map(|name| routes.col(name));
        let leg = |&row: &usize| {
            let passed = routes.reference(crossing, row).map(|c| {
                let start = self.country_of(routes.referred(from, row));
                let direction = if start == network.crossings[c as usize].country_a { Direction::AToB } else { Direction::BToA };
                (CrossingId(c), direction)
            });
            let tonnes_per_day = routes.number(tonnes, row, values).unwrap_or(fields::LEG_TONNES.default);
            let limited = tonnes_per_day.is_finite() || passed.is_some_and(|(c, _)| network.crossings[c.index()].tonnes_per_day.is_some());
            // What waits at a limit passes it in the evening and arrives another day.
            let least = u32::from(limited);
            (Leg { crossing: passed, days: least, tonnes_per_day }, routes.number(days, row, values).unwrap_or(0.0))
        };
        let list: Vec<Vec<(Leg, f64)>> = self.routes.iter().map(|rows| rows.iter().map(leg).collect()).collect();
        network.routes = list.into_iter().map(|legs| Route { legs: legs::whole_legs(legs) }).collect();
        network.routes.push(Route { legs: vec![Leg { days: 1, ..Leg::default() }] });
    }

    fn firms(&self, network: &mut Network, first: &FirstRates, values: &Values) {
        let firms = self.case.table("firms");
        let [workers, idle, levy, keep] = ["workers", "idle_pay_share", "levy_share", "keep_months"].map(|c| firms.col(c));
        let [hire, fire, insolvency, rescue] = ["hire_days", "fire_days", "insolvency_days", "rescue_months"].map(|c| firms.col(c));
        let [wage, cash] =
            [["wage_per_month", "wage_usd_per_month"], ["opening_cash", "opening_cash_usd"]].map(|pair| pair.map(|c| firms.col(c)));
        let (currency, insolvent) = (firms.col("currency"), firms.col("when_insolvent"));
        let (place, group, sector, rest) = (firms.col("place"), firms.col("group"), firms.col("sector"), firms.col("rest_weekdays"));
        let number = |col, row, field: Field| firms.number(col, row, values).unwrap_or(field.default);
        let firm = |row| {
            let currency = self.currency(firms.text(currency, row));
            let money = |cols| options::own_amount(firms, row, cols, first[currency.index()], values);
            Firm {
                // With links firms need no place: the first is theirs.
                place: PlaceId(firms.reference(place, row).unwrap_or(if self.links.is_some() { 0 } else { NO_ROW })),
                group: firms.reference(group, row).map(GroupId),
                sector: self.sector(firms.text(sector, row)),
                workers: number(workers, row, fields::WORKERS),
                wage_per_month: money(wage),
                idle_pay_share: number(idle, row, fields::IDLE_PAY),
                levy_share: number(levy, row, fields::LEVY),
                keep_months: number(keep, row, fields::KEEP_MONTHS),
                opening_cash: money(cash),
                rest_weekdays: firms.weekdays(rest, row),
                currency,
                hire_days: number(hire, row, fields::HIRE_DAYS),
                fire_days: number(fire, row, fields::FIRE_DAYS),
                insolvency_days: number(insolvency, row, fields::INSOLVENCY_DAYS),
                when_insolvent: options::when_insolvent(firms.enumeration(insolvent, row, values)),
                rescue_months: number(rescue, row, fields::RESCUE_MONTHS),
            }
        };
        network.firms = (0..firms.rows()).map(firm).collect();
    }

    fn sector(&self, name: Option<&str>) -> SectorId {
        name.and_then(|n| self.places.sectors.get(n).copied()).map_or(SectorId(0), SectorId::from)
    }
}

fn settings(case: &Case, values: &Values) -> Settings {
    Settings {
        start_state: match case.settings.start_state {
            StartWord::Steady => StartState::Steady,
            StartWord::Empty => StartState::Empty,
            StartWord::WarmUp => StartState::WarmUp,
            StartWord::Settled => StartState::Settled,
        },
        plan_rate: match case.settings.plan {
            PlanWord::Demand => PlanRate::Demand,
            PlanWord::Realised => PlanRate::Realised,
        },
        expect_days: case.settings.expect_days.value(values),
        warm_up_days: case.settings.warm_up_days.value(values).round() as u32,
        settle_tolerance_share: case.settings.settle_tolerance_share,
        settle_max_days: case.settings.settle_max_days,
        compat: case.settings.compat_inoue_todo.then_some(Compat::InoueTodo2019),
        shares: if case.shares_bind() { Shares::Bind } else { Shares::Published },
        ..Settings::default()
    }
}

/// Rows of each route, by route number.
fn legs_of_routes(routes: &Table) -> Vec<Vec<usize>> {
    let mut list: Vec<Vec<usize>> = Vec::new();
    let mut seen = 0;
    while seen < routes.rows() {
        let rows: Vec<usize> = routes.rows_of(list.len() as u32).iter().map(|&r| r as usize).collect();
        seen += rows.len();
        list.push(rows);
    }
    list
}

/// Every class named anywhere, in order of first appearance: products, terms, events, traffic; persons if cash is carried.
fn classes(case: &Case) -> Vec<String> {
    let (mut names, mut known): (Vec<String>, HashSet<String>) = (Vec::new(), HashSet::new());
    let mut add = |name: Option<&str>| {
        if let Some(name) = name
            && known.insert(name.to_owned())
        {
            names.push(name.to_string());
        }
    };
    for table in ["products", "terms", "events", "traffic"].map(|t| case.table(t)) {
        let class = table.col("class");
        (0..table.rows()).for_each(|row| add(table.text(class, row)));
    }
    add(Some(PERSONS));
    names
}
