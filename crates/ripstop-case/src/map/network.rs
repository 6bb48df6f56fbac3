//! From tables to the engine: a case and the values of its parameters become a network and events.
//!
//! Everything that does not depend on parameter values is resolved once ([`Mapper::new`]); a draw costs one pass over the tables.

mod asked;
mod legs;
pub(crate) mod links;
mod options;
mod select;

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;
use ripstop::analysis::claims::{Bounds, Condition, Measure, Scope, Window};
use ripstop::law::Outcome;
use ripstop::model::calendar::{Day, MonthDay};
use ripstop::model::damage::Recovery;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;

use crate::tables::table::NO_ROW;
use crate::{Case, ClaimPart, Plan as PlanWord, ScenarioName, Selector, SelectorKind, StartState as StartWord, Table, Values};

use crate::map::facts::RuleSet;
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
            let tonnes_per_day = routes.number(tonnes, row, values).unwrap_or(f64::INFINITY);
            let limited = tonnes_per_day.is_finite() || passed.is_some_and(|(c, _)| network.crossings[c.index()].tonnes_per_day.is_some());
            // What waits at a limit passes it in the evening and arrives another day.
            let least = u32::from(limited);
            (Leg { crossing: passed, days: least, tonnes_per_day }, routes.number(days, row, values).unwrap_or(0.0))
        };
        let list: Vec<Vec<(Leg, f64)>> = self.routes.iter().map(|rows| rows.iter().map(leg).collect()).collect();
        network.routes = list.into_iter().map(|legs| Route { legs: legs::whole_legs(legs) }).collect();
        network.routes.push(Route { legs: vec![Leg { days: 1, ..Leg::default() }] });
    }

    fn products(&self, network: &mut Network, values: &Values) {
        let products = self.case.table("products");
        let number = |col: &str, row| products.number(products.col(col), row, values);
        network.products = (0..products.rows())
            .map(|row| Product {
                class: self.class(products.text(products.col("class"), row)).unwrap_or(ClassId(NO_ROW)),
                value_per_unit: number("value_usd_per_unit", row).unwrap_or(f64::NAN),
                value_from: ValueFrom::Stated,
                retail_price_per_unit: number("retail_price_usd_per_unit", row).unwrap_or(0.0),
                price_after_season_share: number("price_after_season_share", row).unwrap_or(1.0),
                kg_per_unit: number("kg_per_unit", row).unwrap_or(0.0),
                spoilage_share_per_day: number("spoilage_share_per_day", row).unwrap_or(0.0),
            })
            .collect();
        self.values_of_recipes(network, values);
    }

    /// A blank value is the value of the recipe, tiers deep: each product once all its inputs have one. Loops of blank values have none;
    /// where the recipe does not say it, the engine takes what the product is counted at.
    fn values_of_recipes(&self, network: &mut Network, values: &Values) {
        let recipes = self.case.table("recipes");
        let (input, quantity) = (recipes.col("input"), recipes.col("quantity_per_unit"));
        // What is no product of the case is refused by the plan; here it is worth nothing.
        let parts = |product: usize| self.recipe[product].iter().map(|&row| (recipes.referred(input, row) as usize, row));
        let blank: Vec<bool> =
            (0..network.products.len()).map(|p| network.products[p].value_per_unit.is_nan() && !self.recipe[p].is_empty()).collect();
        for product in network.products.iter_mut().filter(|product| product.value_per_unit.is_nan()) {
            product.value_from = ValueFrom::Nowhere;
        }
        // Product → how many of its inputs are still to be valued, and which blank products it goes into.
        let mut missing = vec![0_u32; blank.len()];
        let mut goes_into = vec![Vec::new(); blank.len()];
        for product in (0..blank.len()).filter(|&p| blank[p]) {
            for (part, _) in parts(product).filter(|(part, _)| blank.get(*part) == Some(&true)) {
                missing[product] += 1;
                goes_into[part].push(product);
            }
        }
        let mut ready: Vec<usize> = (0..blank.len()).filter(|&p| blank[p] && missing[p] == 0).collect();
        while let Some(product) = ready.pop() {
            let worth = |(part, row): (usize, usize)| {
                let value = network.products.get(part).map_or(0.0, |part| part.value_per_unit);
                recipes.number(quantity, row, values).unwrap_or(0.0) * value
            };
            let value: f64 = parts(product).map(worth).sum();
            if !value.is_nan() {
                (network.products[product].value_per_unit, network.products[product].value_from) = (value, ValueFrom::Recipe);
            }
            for &whole in &goes_into[product] {
                missing[whole] -= 1;
                if missing[whole] == 0 {
                    ready.push(whole);
                }
            }
        }
        network.products.iter_mut().filter(|p| p.value_per_unit.is_nan()).for_each(|p| p.value_per_unit = 0.0);
    }

    fn firms(&self, network: &mut Network, first: &FirstRates, values: &Values) {
        let firms = self.case.table("firms");
        let [workers, idle, levy, keep] = ["workers", "idle_pay_share", "levy_share", "keep_months"].map(|c| firms.col(c));
        let [hire, fire, insolvency, rescue] = ["hire_days", "fire_days", "insolvency_days", "rescue_months"].map(|c| firms.col(c));
        let [wage, cash] =
            [["wage_per_month", "wage_usd_per_month"], ["opening_cash", "opening_cash_usd"]].map(|pair| pair.map(|c| firms.col(c)));
        let (currency, insolvent) = (firms.col("currency"), firms.col("when_insolvent"));
        let (place, group, sector, rest) = (firms.col("place"), firms.col("group"), firms.col("sector"), firms.col("rest_weekdays"));
        let number = |col, row, default: f64| firms.number(col, row, values).unwrap_or(default);
        let firm = |row| {
            let currency = self.currency(firms.text(currency, row));
            let money = |cols| options::own_amount(firms, row, cols, first[currency.index()], values);
            Firm {
                // With links firms need no place: the first is theirs.
                place: PlaceId(firms.reference(place, row).unwrap_or(if self.links.is_some() { 0 } else { NO_ROW })),
                group: firms.reference(group, row).map(GroupId),
                sector: self.sector(firms.text(sector, row)),
                workers: number(workers, row, 0.0),
                wage_per_month: money(wage),
                idle_pay_share: number(idle, row, 1.0),
                levy_share: number(levy, row, 0.0),
                keep_months: number(keep, row, f64::INFINITY),
                opening_cash: money(cash),
                rest_weekdays: firms.weekdays(rest, row),
                currency,
                hire_days: number(hire, row, f64::INFINITY),
                fire_days: number(fire, row, f64::INFINITY),
                insolvency_days: number(insolvency, row, f64::INFINITY),
                when_insolvent: options::when_insolvent(firms.enumeration(insolvent, row, values)),
                rescue_months: number(rescue, row, 1.0),
            }
        };
        network.firms = (0..firms.rows()).map(firm).collect();
    }

    fn sector(&self, name: Option<&str>) -> SectorId {
        name.and_then(|n| self.places.sectors.get(n).copied()).map_or(SectorId(0), SectorId::from)
    }

    fn lines(&self, network: &mut Network, values: &Values) {
        let lines = self.case.table("lines");
        let (capacity, labour, resale) = (lines.col("capacity_per_day"), lines.col("labour_days_per_unit"), lines.col("resale"));
        for row in 0..lines.rows() {
            let firm = FirmId(lines.referred(lines.col("firm"), row));
            let product = ProductId(lines.referred(lines.col("product"), row));
            let inputs = if lines.flag(resale, row) {
                vec![Input { product, per_unit: 1.0, ..Input::default() }]
            } else {
                self.inputs(product, self.works_for_clients[row], &network.products, values)
            };
            let capacity = lines.number(capacity, row, values).unwrap_or(f64::INFINITY);
            network.add_line(firm, product, capacity, lines.number(labour, row, values).unwrap_or(0.0), &inputs);
            network.lines[row].rationing = self.rationing(row, values);
        }
    }

    fn inputs(&self, product: ProductId, for_clients: bool, products: &[Product], values: &Values) -> Vec<Input> {
        let recipes = self.case.table("recipes");
        let [input, quantity, waste, by, importance] =
            ["input", "quantity_per_unit", "waste_share", "supplied_by", "importance"].map(|c| recipes.col(c));
        let recipe = self.recipe.get(product.index()).map_or(&[][..], Vec::as_slice);
        let mut list: Vec<Input> = recipe
            .iter()
            .map(|&row| Input {
                product: ProductId(recipes.referred(input, row)),
                per_unit: recipes.number(quantity, row, values).unwrap_or(0.0),
                waste_share: recipes.number(waste, row, values).unwrap_or(0.0),
                supplied_by: match recipes.enumeration(by, row, values) {
                    Some("maker") => SuppliedBy::Maker,
                    _ if for_clients => SuppliedBy::Client,
                    _ => SuppliedBy::Maker,
                },
                importance: options::importance(recipes.enumeration(importance, row, values)),
            })
            .collect();
        dearest_first(&mut list, products);
        list
    }

    fn terms(&self, network: &mut Network, values: &Values) {
        let terms = self.case.table("terms");
        let neutral = Terms::default();
        let means = |word: &str, crossing: Option<u32>| match (word, crossing) {
            ("carried", Some(crossing)) => Means::Carried(CrossingId(crossing)),
            _ => Means::Bank,
        };
        for row in 0..terms.rows() {
            let number = |col: &str, default: f64| terms.number(terms.col(col), row, values).unwrap_or(default);
            let word = |col: &str| terms.enumeration(terms.col(col), row, values).unwrap_or("");
            let crossing = terms.reference(terms.col("carried_crossing"), row);
            network.terms.push(Terms {
                ordering: match word("ordering") {
                    "schedule" => Ordering::Schedule,
                    "plan" => Ordering::Plan,
                    _ => Ordering::Restock,
                },
                class: self.class(terms.text(terms.col("class"), row)),
                dispatch: match word("dispatch") {
                    "lot" => Dispatch::Lot,
                    "collection" => Dispatch::Collection,
                    _ => Dispatch::Continuous,
                },
                stock_by_supplier: word("stock_by") == "supplier",
                leftovers: match word("leftovers") {
                    "retained" => Leftovers::Retained,
                    "written_off" => Leftovers::WrittenOff,
                    _ => Leftovers::Returned,
                },
                means: means(word("means"), crossing),
                compensation_means: Some(word("compensation_means")).filter(|w| *w != "same").map(|w| means(w, crossing)),
                stock_days: number("stock_days", neutral.stock_days),
                restock_days: number("restock_days", neutral.restock_days),
                hold_patience_days: number("hold_patience_days", neutral.hold_patience_days),
                lots_per_order: number("lots_per_order", neutral.lots_per_order).round(),
                collection_interval_days: number("collection_interval_days", neutral.collection_interval_days),
                prepaid_share: number("prepaid_share", neutral.prepaid_share),
                season_settlement_share: number("season_settlement_share", neutral.season_settlement_share),
                inspection_days: number("inspection_days", neutral.inspection_days),
                net_days: number("net_days", neutral.net_days),
                theft_share: number("theft_share", neutral.theft_share),
                retention_share: number("retention_share", neutral.retention_share),
                over_shipment_share: number("over_shipment_share", neutral.over_shipment_share),
                purchase_lead_days: number("purchase_lead_days", neutral.purchase_lead_days),
                input_window_days: number("input_window_days", neutral.input_window_days),
                input_lead_days: number("input_lead_days", neutral.input_lead_days),
                consignment_interval_days: number("consignment_interval_days", neutral.consignment_interval_days),
                slack_days: number("slack_days", neutral.slack_days),
                ceiling_days: number("ceiling_days", neutral.ceiling_days),
                stop_after_days: number("stop_after_days", neutral.stop_after_days),
                grace_days: number("grace_days", neutral.grace_days),
                compensation_share: number("compensation_share", neutral.compensation_share),
                cancel_late_days: number("cancel_late_days", neutral.cancel_late_days),
                moves_share: number("moves_share", neutral.moves_share),
                refused_share: number("refused_share", neutral.refused_share),
                minimum_order_units: number("minimum_order_units", neutral.minimum_order_units),
            });
        }
    }

    fn contracts(&self, network: &mut Network, first: &FirstRates, values: &Values) {
        let contracts = self.case.table("contracts");
        let default_route = RouteId::from(network.routes.len() - 1);
        let shares = self.shares(network, values);
        let (buyer, kind, terms) = (contracts.col("buyer"), contracts.col("kind"), contracts.col("terms"));
        let (route, input_route) = (contracts.col("route"), contracts.col("input_route"));
        let phase = contracts.col("collection_phase_share");
        let price = ["price_per_unit", "price_usd_per_unit"].map(|name| contracts.col(name));
        let cols = options::ExtraCols::of(contracts);
        for (row, &share) in shares.iter().enumerate() {
            let extras = self.extras(contracts, &cols, row, first, values);
            let rate = first[extras.currency.index()];
            network.contracts.push(Contract {
                seller: LineId(self.seller_line[row]),
                buyer: FirmId(contracts.referred(buyer, row)),
                kind: if contracts.enumeration(kind, row, values) == Some("processing") { Kind::Processing } else { Kind::Sale },
                terms: TermsId(contracts.referred(terms, row)),
                route: contracts.reference(route, row).map_or(default_route, RouteId),
                input_route: contracts.reference(input_route, row).map_or(default_route, RouteId),
                price_per_unit: options::own_amount(contracts, row, price, rate, values),
                share,
                collection_phase_share: contracts.number(phase, row, values).unwrap_or(0.0),
                extras,
            });
        }
    }

    /// Shares of the buyer's need: given ones hold; sellers without one split the rest, by `quantity_per_day` if all have it, else equally.
    /// A contract with only a `standby_share` has none of its own, unless nobody else sells.
    fn shares(&self, network: &Network, values: &Values) -> Vec<f64> {
        let contracts = self.case.table("contracts");
        let (buyer, product, terms) = (contracts.col("buyer"), contracts.col("product"), contracts.col("terms"));
        let [share, quantity, standby] = ["share", "quantity_per_day", "standby_share"].map(|name| contracts.col(name));
        let has = |col, row: usize| contracts.number(col, row, values).is_some();
        let only_standby = |row: &usize| has(standby, *row) && !has(share, *row) && !has(quantity, *row);
        let standing = |row: usize| {
            let terms = contracts.reference(terms, row).and_then(|terms| network.terms.get(terms as usize));
            terms.is_some_and(|terms| terms.ordering != Ordering::Schedule)
        };
        let mut sellers: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
        for row in (0..contracts.rows()).filter(|&r| standing(r)) {
            let key = (contracts.referred(buyer, row), contracts.referred(product, row));
            sellers.entry(key).or_default().push(row);
        }
        let mut shares = vec![1.0; contracts.rows()];
        for rows in sellers.values() {
            let waits = |row: &usize| only_standby(row) && !rows.iter().all(only_standby);
            let given: f64 = rows.iter().filter_map(|&r| contracts.number(share, r, values)).sum();
            let blank: Vec<usize> = rows.iter().copied().filter(|r| !has(share, *r) && !waits(r)).collect();
            let weights: Vec<f64> = match blank.iter().map(|&r| contracts.number(quantity, r, values)).collect::<Option<Vec<f64>>>() {
                Some(quantities) if quantities.iter().sum::<f64>() > 0.0 => quantities,
                _ => vec![1.0; blank.len()],
            };
            let all: f64 = weights.iter().sum();
            for &row in rows {
                shares[row] = contracts.number(share, row, values).unwrap_or(0.0);
            }
            for (&row, weight) in blank.iter().zip(&weights) {
                shares[row] = (1.0 - given).max(0.0) * weight / all;
            }
        }
        shares
    }

    fn orders(&self, network: &mut Network, values: &Values) {
        let contracts = self.case.table("contracts");
        let (calendar, quantity) = (contracts.col("calendar"), contracts.col("quantity_per_year"));
        for row in 0..contracts.rows() {
            if let (Some(group), Some(yearly)) = (contracts.reference(calendar, row), contracts.number(quantity, row, values)) {
                self.calendar_orders(network, ContractId::from(row), group, yearly, values);
            }
        }
        let orders = self.case.table("orders");
        for row in 0..orders.rows() {
            let date = |col: &str| orders.date(orders.col(col), row, values).map(Day);
            network.orders.push(Order {
                contract: ContractId(orders.referred(orders.col("contract"), row)),
                quantity: orders.number(orders.col("quantity"), row, values).unwrap_or(0.0),
                due: date("due_date").unwrap_or(network.end),
                season_end: date("season_end"),
            });
        }
    }

    fn calendar_orders(&self, network: &mut Network, contract: ContractId, group: u32, yearly: f64, values: &Values) {
        /// Order lines due this many days after the case still book inputs and labour within it.
        const TAIL_DAYS: i32 = 120;
        let calendars = self.case.table("calendars");
        let (due, share, season_end) = (calendars.col("due"), calendars.col("share"), calendars.col("season_end"));
        let (first, last) = (calendars.col("first_due"), calendars.col("last_due"));
        for &row in calendars.rows_of(group) {
            let row = row as usize;
            let Some(due) = calendars.month_day(due, row) else { continue };
            let first = calendars.date(first, row, values).map_or(Day(self.case.first_simulated_at(values)), Day);
            let last = calendars.date(last, row, values).map_or(network.end.plus(TAIL_DAYS), Day);
            for year in first.date().year()..=last.date().year() {
                let Some(day) = on(year, due).filter(|&d| first <= d && d <= last) else { continue };
                network.orders.push(Order {
                    contract,
                    quantity: yearly * calendars.number(share, row, values).unwrap_or(0.0),
                    due: day,
                    season_end: calendars.month_day(season_end, row).and_then(|end| next(day, end)),
                });
            }
        }
    }

    fn demands(&self, network: &mut Network, first: &FirstRates, values: &Values) {
        let demand = self.case.table("demand");
        let (firm, product) = (demand.col("firm"), demand.col("product"));
        for row in 0..demand.rows() {
            let number = |col: &str| demand.number(demand.col(col), row, values);
            let (firm, product) = (demand.referred(firm, row), demand.referred(product, row));
            let line = self.line_of.get(&(firm, product)).copied();
            let season = demand.month_day(demand.col("season_from"), row).zip(demand.month_day(demand.col("season_to"), row));
            let retail = network.products.get(product as usize).map_or(0.0, |product| product.retail_price_per_unit);
            // The firm sells in its own currency.
            let rate = network.firms.get(firm as usize).map_or(1.0, |firm| first[firm.currency.index()]);
            network.demands.push(Demand {
                line: LineId(line.unwrap_or(NO_ROW)),
                quantity_per_day: number("quantity_per_day").unwrap_or(0.0),
                season: season.map(|(from, to)| (month_day(from), month_day(to))),
                price_per_unit: number("price_usd_per_unit").unwrap_or(retail) / rate,
                patience_days: number("patience_days").unwrap_or(0.0).round() as u32,
            });
        }
    }

    /// Firm networks without recipes: what a buyer buys per unit it makes follows from the steady quantities of its contracts.
    fn free_quantities(&self, network: &mut Network, values: &Values) {
        let contracts = self.case.table("contracts");
        let quantity = contracts.col("quantity_per_day");
        let mut made = vec![0.0; network.lines.len()];
        let mut bought: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        for row in 0..contracts.rows() {
            let line = self.seller_line[row] as usize;
            if let (Some(units), Some(sold)) = (contracts.number(quantity, row, values), made.get_mut(line)) {
                *sold += units;
                let product = network.lines[line].product.0;
                *bought.entry((network.contracts.buyer[row].0, product)).or_default() += units;
            }
        }
        if bought.is_empty() {
            return;
        }
        for demand in &network.demands {
            if let Some(made) = made.get_mut(demand.line.index()) {
                *made += demand.quantity_per_day;
            }
        }
        let lines = std::mem::take(&mut network.lines);
        let old = std::mem::take(&mut network.inputs);
        let of = |l: u32| &old[lines[l as usize].first_input as usize..lines[l as usize].last_input as usize];
        for (l, line) in lines.iter().enumerate() {
            let mut inputs = of(l as u32).to_vec();
            let others = self.lines_of.get(line.firm.index()).map_or(&[][..], Vec::as_slice);
            // With several of them the case is refused: nobody could say which takes what.
            let alone = || others.iter().all(|&other| other as usize == l || !of(other).is_empty() || made[other as usize] <= 0.0);
            if inputs.is_empty() && made[l] > 0.0 && alone() {
                let taken = |product: u32| others.iter().flat_map(|&other| of(other)).any(|input| input.product.0 == product);
                let range = bought.range((line.firm.0, 0)..(line.firm.0 + 1, 0)).filter(|((_, product), _)| !taken(*product));
                inputs.extend(range.map(|(&(_, product), &units)| Input {
                    product: ProductId(product),
                    per_unit: units / made[l],
                    ..Input::default()
                }));
                dearest_first(&mut inputs, &network.products);
            }
            network.add_line(line.firm, line.product, line.capacity_per_day, line.labour_days_per_unit, &inputs);
            network.lines[l].rationing = line.rationing;
        }
    }
}

fn settings(case: &Case, values: &Values) -> Settings {
    Settings {
        start_state: match case.settings.start_state {
            StartWord::Steady => StartState::Steady,
            StartWord::Empty => StartState::Empty,
            StartWord::WarmUp => StartState::WarmUp,
        },
        plan_rate: match case.settings.plan {
            PlanWord::Demand => PlanRate::Demand,
            PlanWord::Realised => PlanRate::Realised,
        },
        expect_days: case.settings.expect_days.value(values),
        warm_up_days: case.settings.warm_up_days.value(values).round() as u32,
        compat: case.settings.compat_inoue_todo.then_some(Compat::InoueTodo2019),
        ..Settings::default()
    }
}

/// Inputs in the order in which causes name them: what costs most in a unit first, then by id.
fn dearest_first(inputs: &mut [Input], products: &[Product]) {
    let cost = |input: &Input| input.per_unit * (1.0 + input.waste_share) * products[input.product.index()].value_per_unit;
    inputs.sort_by(|a, b| cost(b).total_cmp(&cost(a)).then(a.product.cmp(&b.product)));
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

fn month_day((month, day): (u8, u8)) -> MonthDay {
    (month as i8, day as i8)
}

/// A month and day in a year; 29 February is the 28th in other years.
fn on(year: i16, (month, day): (u8, u8)) -> Option<Day> {
    Day::from_civil(year, month as i8, day as i8).or_else(|| Day::from_civil(year, month as i8, day as i8 - 1))
}

/// The first such day of the year on or after a day.
fn next(day: Day, end: (u8, u8)) -> Option<Day> {
    let year = day.date().year();
    on(year, end).filter(|&d| d >= day).or_else(|| on(year + 1, end))
}

fn years_earlier(day: i32, years: i16) -> i32 {
    let date = Day(day).date();
    on(date.year() - years, (date.month() as u8, date.day() as u8)).map_or(day, |d| d.0)
}

/// The whole months within a span, as windows of steps.
fn months(start: i32, from: i32, to: i32) -> Vec<Window> {
    let mut windows = Vec::new();
    let first = Day(from).date();
    let (mut year, mut month) = (first.year(), first.month());
    while let Ok(begin) = Date::new(year, month, 1) {
        let last = begin.last_of_month();
        if Day::from_date(last).0 > to {
            break;
        }
        if Day::from_date(begin).0 >= from {
            windows.push(Window {
                from: (Day::from_date(begin).0 - start).max(0) as usize,
                to: (Day::from_date(last).0 - start).max(0) as usize,
            });
        }
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    windows
}

fn cause(word: &str) -> Option<ripstop::rule::cause::Cause> {
    use ripstop::rule::cause::Cause;
    Some(match word {
        "capacity" => Cause::Capacity,
        "attendance" => Cause::Attendance,
        "no orders" => Cause::NoOrders,
        "off-season" => Cause::OffSeason,
        "no outlet" => Cause::NoOutlet,
        "no cash" => Cause::NoCash,
        "forbidden" => Cause::Forbidden,
        "input" => Cause::Input(0),
        _ => return None,
    })
}
