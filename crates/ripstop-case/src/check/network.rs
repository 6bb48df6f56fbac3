//! Goods can get from who makes them to who needs them.

use super::Checker;
use crate::language::diagnostic::{Code, Diagnostic, Position};
use crate::read::bytes::whole_file;
use crate::tables::case::Case;
use crate::tables::table::{Col, Table};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The countries on the two sides of a crossing.
pub fn sides(case: &Case, crossing: usize) -> Option<(&str, &str)> {
    let table = case.table("crossings");
    let side = |name: &str| country(case, table.reference(table.col(name), crossing)?);
    side("place_a").zip(side("place_b"))
}

fn country(case: &Case, place: u32) -> Option<&str> {
    let places = case.table("places");
    places.text(places.col("country"), place as usize)
}

fn place_of_firm(case: &Case, firm: u32) -> Option<u32> {
    let firms = case.table("firms");
    firms.reference(firms.col("place"), firm as usize)
}

/// Legs are numbered 1, 2, …, join up and take a day in all.
pub fn route_legs(checker: &mut Checker) {
    let routes = checker.table("routes");
    let (route, leg, days) = (routes.col("route"), routes.col("leg"), routes.col("days"));
    let (from, to) = (routes.col("from"), routes.col("to"));
    for group in 0..routes.ids() as u32 {
        let rows: Vec<usize> = routes.rows_of(group).iter().map(|row| *row as usize).collect();
        let name = routes.id(group);
        for (index, &row) in rows.iter().enumerate() {
            let number = routes.number(leg, row, &checker.base);
            if number.is_some_and(|number| !number.is_nan() && number != (index + 1) as f64) {
                let message = format!("leg {} of route {name} comes as number {}", number.unwrap_or_default(), index + 1);
                checker.fault_at(Code::BrokenRoute, routes, leg, row, message);
            }
        }
        for pair in rows.windows(2) {
            let ends = routes.reference(to, pair[0]).zip(routes.reference(from, pair[1]));
            if let Some((end, start)) = ends.filter(|(end, start)| end != start) {
                let places = checker.table("places");
                let message = format!("route {name} comes to {}, but its next leg starts at {}", places.id(end), places.id(start));
                checker.fault_at(Code::BrokenRoute, routes, from, pair[1], message);
            }
        }
        returns(checker, &rows, name);
        let total: Option<f64> = rows.iter().map(|row| routes.number(days, *row, &checker.base)).sum();
        if let Some(total) = total.filter(|total| *total < 1.0) {
            let message = format!("route {name} takes {total} days in all, less than 1");
            checker.fault_at(Code::BrokenRoute, routes, route, rows[0], message);
        }
    }
}

/// A route does not come back to a place it has left; a leg may stay where it is, to wait or to clear customs.
fn returns(checker: &mut Checker, rows: &[usize], name: &str) {
    let routes = checker.table("routes");
    let (from, to) = (routes.col("from"), routes.col("to"));
    let mut left: BTreeSet<u32> = BTreeSet::new();
    for &row in rows {
        let Some((start, end)) = routes.reference(from, row).zip(routes.reference(to, row)) else { return };
        if start != end {
            left.insert(start);
        }
        if start != end && left.contains(&end) {
            let message = format!("route {name} comes back to {}, which it has left already", checker.table("places").id(end));
            checker.fault_at(Code::RouteReturns, routes, to, row, message);
            return;
        }
    }
}

/// A leg over a crossing leads from the country of one side to that of the other.
pub fn route_crossings(checker: &mut Checker) {
    let routes = checker.table("routes");
    let (from, to, crossing) = (routes.col("from"), routes.col("to"), routes.col("crossing"));
    for row in 0..routes.rows() {
        let Some(passed) = routes.reference(crossing, row) else {
            continue;
        };
        let end = |col: Col| country(checker.case, routes.reference(col, row)?);
        let (Some((a, b)), Some(start), Some(end)) = (sides(checker.case, passed as usize), end(from), end(to)) else {
            continue;
        };
        if (start, end) != (a, b) && (start, end) != (b, a) {
            let name = checker.table("crossings").id(passed);
            let message = format!("the leg leads from {start} to {end}, but crossing {name} lies between {a} and {b}");
            checker.fault_at(Code::CrossingOffRoute, routes, crossing, row, message);
        }
    }
}

/// A contract's route leads from the seller's place to the buyer's, its input route back.
pub fn contract_routes(checker: &mut Checker) {
    let contracts = checker.table("contracts");
    let (seller, buyer) = (contracts.col("seller"), contracts.col("buyer"));
    let kind = contracts.col("kind");
    for row in 0..contracts.rows() {
        let place = |col: Col| place_of_firm(checker.case, contracts.reference(col, row)?);
        let (Some(from), Some(to)) = (place(seller), place(buyer)) else {
            continue;
        };
        let processing = contracts.enumeration(kind, row, &checker.base) == Some("processing");
        check_way(checker, contracts, contracts.col("route"), row, (from, to));
        check_alternatives(checker, contracts, ["route", "alternative_routes"], row, (from, to));
        if processing {
            check_way(checker, contracts, contracts.col("input_route"), row, (to, from));
            check_alternatives(checker, contracts, ["input_route", "alternative_input_routes"], row, (to, from));
        }
    }
}

/// Places that goods leave and are bound for.
type Way = (u32, u32);

fn check_way(checker: &mut Checker, contracts: &Table, col: Col, row: usize, (from, to): Way) {
    let places = checker.table("places");
    if contracts.is_blank(col, row) {
        let (start, end) = (country(checker.case, from), country(checker.case, to));
        if start != end {
            let name = contracts.column(col).spec.name;
            let message = format!("goods go from {} to {}, another country, but `{name}` is blank", places.id(from), places.id(to));
            checker.fault_at(Code::MissingRoute, contracts, col, row, message);
        }
        return;
    }
    if let Some(route) = contracts.reference(col, row) {
        check_ends(checker, &contracts.position(col, row), route, (from, to));
    }
}

/// Alternatives lead from and to the same places as the route they stand in for, and are other routes.
fn check_alternatives(checker: &mut Checker, contracts: &Table, [main, others]: [&str; 2], row: usize, way: Way) {
    let (main, col) = (contracts.col(main), contracts.col(others));
    let others = contracts.references(col, row);
    for (index, &route) in others.iter().enumerate() {
        let name = checker.table("routes").id(route);
        let at = contracts.item_position(col, row, name);
        if contracts.reference(main, row) == Some(route) || others[..index].contains(&route) {
            checker.fault(Code::SameRoute, &at, format!("route {name} is tried already before it comes as an alternative"));
        } else {
            check_ends(checker, &at, route, way);
        }
    }
}

fn check_ends(checker: &mut Checker, at: &Position, route: u32, (from, to): Way) {
    let (places, routes) = (checker.table("places"), checker.table("routes"));
    let legs = routes.rows_of(route);
    let (Some(&first), Some(&last)) = (legs.first(), legs.last()) else {
        return;
    };
    let start = routes.reference(routes.col("from"), first as usize);
    let end = routes.reference(routes.col("to"), last as usize);
    if let Some((start, end)) = start.zip(end).filter(|ends| *ends != (from, to)) {
        let message = format!(
            "route {} leads from {} to {}, but the goods go from {} to {}",
            routes.id(route),
            places.id(start),
            places.id(end),
            places.id(from),
            places.id(to)
        );
        checker.fault(Code::UnreachableBuyer, at, message);
    }
}

/// Cells that only contracts of one kind, or with one way of ordering, can use.
pub fn contract_cells(checker: &mut Checker) {
    let (contracts, terms) = (checker.table("contracts"), checker.table("terms"));
    let [kind, calendar, yearly] = ["kind", "calendar", "quantity_per_year"].map(|name| contracts.col(name));
    let terms_col = contracts.col("terms");
    for row in 0..contracts.rows() {
        for name in ["input_route", "alternative_input_routes"] {
            let col = contracts.col(name);
            if contracts.enumeration(kind, row, &checker.base) == Some("sale") && !contracts.is_blank(col, row) {
                let message = format!("`{name}` is for processing contracts, and this is a sale");
                checker.fault_at(Code::NotForKind, contracts, col, row, message);
            }
        }
        let (dated, amount) = (!contracts.is_blank(calendar, row), !contracts.is_blank(yearly, row));
        if dated && !amount {
            checker.fault_at(Code::MissingForKind, contracts, yearly, row, "a contract with a calendar needs `quantity_per_year`");
        }
        if amount && !dated {
            checker.fault_at(Code::MissingForKind, contracts, calendar, row, "`quantity_per_year` needs a calendar");
        }
        let ordering = contracts
            .reference(terms_col, row)
            .and_then(|terms_row| terms.enumeration(terms.col("ordering"), terms_row as usize, &checker.base));
        if let Some(ordering) = ordering.filter(|ordering| dated && *ordering != "schedule") {
            let message = format!("a calendar is for terms that order by schedule, not {ordering}");
            checker.fault_at(Code::NotForKind, contracts, calendar, row, message);
        }
    }
}

/// The seller has a line for what it is to deliver.
pub fn contract_lines(checker: &mut Checker) {
    let contracts = checker.table("contracts");
    lines_exist(checker, contracts, contracts.col("seller"));
}

/// Final demand is served by a line.
pub fn demand_lines(checker: &mut Checker) {
    let demand = checker.table("demand");
    lines_exist(checker, demand, demand.col("firm"));
}

fn lines_exist(checker: &mut Checker, table: &Table, firm: Col) {
    if !checker.readable(&["lines"]) {
        return;
    }
    let lines = Pairs::of(checker.table("lines"), "firm", "product");
    let product = table.col("product");
    for row in 0..table.rows() {
        let pair = table.reference(firm, row).zip(table.reference(product, row));
        if let Some((seller, goods)) = pair.filter(|pair| !lines.has(*pair)) {
            let (seller, goods) = (checker.table("firms").id(seller), checker.table("products").id(goods));
            let message = format!("{seller} has no line for {goods}");
            checker.fault_at(Code::NoSuchLine, table, product, row, message);
        }
    }
}

/// Pairs of references that stand in a row together.
struct Pairs(HashSet<(u32, u32)>);

impl Pairs {
    fn of(table: &Table, first: &str, second: &str) -> Pairs {
        let (first, second) = (table.col(first), table.col(second));
        let pair = |row| table.reference(first, row).zip(table.reference(second, row));
        Pairs((0..table.rows()).filter_map(pair).collect())
    }

    fn has(&self, pair: (u32, u32)) -> bool {
        self.0.contains(&pair)
    }
}

/// What a line's outputs are for, as far as its inputs are concerned.
#[derive(Default)]
struct Outlets {
    /// Sold, or taken by final demand: the firm buys every input.
    sold: bool,
    /// Clients with processing contracts, and the contract's row.
    clients: Vec<(u32, usize)>,
}

/// Every input of a line is bought from somebody: by the firm, or by the client who supplies it.
pub fn inputs(checker: &mut Checker) {
    if !checker.readable(&["contracts", "lines", "recipes", "firms", "products"]) {
        return;
    }
    let (before, contracts) = (checker.diagnostics.len(), checker.table("contracts"));
    bought_inputs(checker);
    // Without a single contract every line lacks something: that is one fault.
    if contracts.rows() == 0 && checker.diagnostics.len() > before {
        let first = checker.diagnostics[before].message.clone();
        checker.diagnostics.truncate(before);
        let message = format!("{} has no rows or is not there: {first}", contracts.file());
        let fault = Diagnostic::new(Code::InputNobodySells, &whole_file(contracts.file()), message);
        checker.diagnostics.push(fault.with_fix("add contracts.csv with a row for each pair of firms that trade"));
    }
}

fn bought_inputs(checker: &mut Checker) {
    let (lines, recipes) = (checker.table("lines"), checker.table("recipes"));
    let bought = Pairs::of(checker.table("contracts"), "buyer", "product");
    let (input, product) = (recipes.col("input"), recipes.col("product"));
    let outlets = outlets(checker);
    let mut by_product: HashMap<u32, Vec<usize>> = HashMap::new();
    for row in 0..recipes.rows() {
        if let Some(made) = recipes.reference(product, row) {
            by_product.entry(made).or_default().push(row);
        }
    }
    for (line, outlets) in outlets.iter().enumerate() {
        let firm = lines.reference(lines.col("firm"), line);
        let Some((firm, made)) = firm.zip(lines.reference(lines.col("product"), line)) else {
            continue;
        };
        if lines.flag(lines.col("resale"), line) {
            if (outlets.sold || !outlets.clients.is_empty()) && !bought.has((firm, made)) {
                unsold_at_line(checker, line, firm, made);
            }
            continue;
        }
        let of_product = by_product.get(&made).into_iter().flatten();
        let lacks = |recipe: &usize| recipes.reference(input, *recipe).is_some_and(|needed| !bought.has((firm, needed)));
        if outlets.sold && bought.has((firm, made)) && of_product.clone().next().is_some() && of_product.clone().all(lacks) {
            buys_what_it_makes(checker, line, firm, made);
            continue;
        }
        for &recipe in of_product {
            let Some(needed) = recipes.reference(input, recipe) else {
                continue;
            };
            let by_client = checker.possible_words(recipes, recipes.col("supplied_by"), recipe).contains(&"client");
            let own = outlets.sold || (!outlets.clients.is_empty() && !by_client);
            if own && !bought.has((firm, needed)) && !in_loop(checker, line, made, needed) {
                unsold_at_line(checker, line, firm, needed);
            }
            let clients = outlets.clients.iter().filter(|(client, _)| by_client && !bought.has((*client, needed)));
            for &(client, contract) in clients {
                unsold_at_contract(checker, contract, client, needed);
            }
        }
    }
}

/// The outlets of every line.
fn outlets(checker: &Checker) -> Vec<Outlets> {
    let lines = checker.table("lines");
    let (firm, product) = (lines.col("firm"), lines.col("product"));
    let index: HashMap<(u32, u32), usize> =
        (0..lines.rows()).filter_map(|row| Some(((lines.reference(firm, row)?, lines.reference(product, row)?), row))).collect();
    let mut outlets: Vec<Outlets> = (0..lines.rows()).map(|_| Outlets::default()).collect();
    for (name, seller) in [("contracts", "seller"), ("demand", "firm")] {
        let table = checker.table(name);
        let (seller, product) = (table.col(seller), table.col("product"));
        for row in 0..table.rows() {
            let pair = table.reference(seller, row).zip(table.reference(product, row));
            let Some(&line) = pair.and_then(|pair| index.get(&pair)) else {
                continue;
            };
            let kind = if name == "contracts" { table.enumeration(table.col("kind"), row, &checker.base) } else { None };
            match kind {
                Some("processing") => {
                    let client = table.reference(table.col("buyer"), row);
                    outlets[line].clients.extend(client.map(|client| (client, row)));
                }
                _ => outlets[line].sold = true,
            }
        }
    }
    outlets
}

/// A firm that buys the very product it sells, but none of what its recipe takes, resells.
fn buys_what_it_makes(checker: &mut Checker, line: usize, firm: u32, made: u32) {
    let lines = checker.table("lines");
    let (firm, made) = (checker.table("firms").id(firm), checker.table("products").id(made));
    let message = format!("{firm} buys {made} and sells it, but this line makes it anew, and nobody sells {firm} what its recipe takes");
    let at = lines.position(lines.col("product"), line);
    checker.diagnostics.push(Diagnostic::new(Code::InputNobodySells, &at, message).with_fix("set resale = true on the line"));
}

/// Recipes that lead from an input back to the product: then no contract helps. Says so if there is such a loop.
fn in_loop(checker: &mut Checker, line: usize, made: u32, needed: u32) -> bool {
    let (lines, products) = (checker.table("lines"), checker.table("products"));
    let Some(ring) = recipe_loop(checker.table("recipes"), made, needed) else { return false };
    let told = ring.iter().skip(1).map(|product| format!(" needs {}", products.id(*product)));
    let message = format!("the recipes go round in a loop: {}{}", products.id(ring[0]), told.collect::<Vec<_>>().join(", which"));
    let fix = "take one of these inputs out of recipes.csv; or, if a first stock is bought, add a contract that sells it";
    let at = lines.position(lines.col("product"), line);
    checker.diagnostics.push(Diagnostic::new(Code::InputNobodySells, &at, message).with_fix(fix));
    true
}

/// The shortest way by recipes from a product over one of its inputs back to it.
fn recipe_loop(recipes: &Table, made: u32, needed: u32) -> Option<Vec<u32>> {
    let (product, input) = (recipes.col("product"), recipes.col("input"));
    let mut before: HashMap<u32, u32> = HashMap::from([(needed, made)]);
    let mut open = std::collections::VecDeque::from([needed]);
    while let Some(next) = open.pop_front() {
        if next == made {
            break;
        }
        for row in (0..recipes.rows()).filter(|row| recipes.reference(product, *row) == Some(next)) {
            if let Some(used) = recipes.reference(input, row).filter(|used| !before.contains_key(used)) {
                before.insert(used, next);
                open.push_back(used);
            }
        }
    }
    let mut ring = vec![made];
    let mut at = *before.get(&made)?;
    while at != made {
        ring.push(at);
        at = before[&at];
    }
    ring.push(made);
    ring.reverse();
    Some(ring)
}

fn unsold_at_line(checker: &mut Checker, line: usize, firm: u32, input: u32) {
    let lines = checker.table("lines");
    let (firm, input) = (checker.table("firms").id(firm), checker.table("products").id(input));
    let message = format!("{firm} needs {input} for this line, but no contract sells it to {firm}");
    checker.fault_at(Code::InputNobodySells, lines, lines.col("product"), line, message);
}

fn unsold_at_contract(checker: &mut Checker, contract: usize, client: u32, input: u32) {
    let contracts = checker.table("contracts");
    let (client, input) = (checker.table("firms").id(client), checker.table("products").id(input));
    let message = format!("the client {client} is to supply {input}, but no contract sells it to {client}");
    checker.fault_at(Code::InputNobodySells, contracts, contracts.col("product"), contract, message);
}

/// What a firm buys by the day and no recipe of its lines takes goes to its one line without a recipe; of several it cannot be told which.
pub fn lines_without_recipe(checker: &mut Checker) {
    if !checker.readable(&["contracts", "lines", "recipes", "firms", "products"]) {
        return;
    }
    let (lines, recipes) = (checker.table("lines"), checker.table("recipes"));
    let bought = bought_by_the_day(checker);
    let mut inputs: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for row in 0..recipes.rows() {
        if let Some((made, used)) = recipes.reference(recipes.col("product"), row).zip(recipes.reference(recipes.col("input"), row)) {
            inputs.entry(made).or_default().push(used);
        }
    }
    let mut taken: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut without: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (line, outlets) in outlets(checker).iter().enumerate() {
        let firm = lines.reference(lines.col("firm"), line).filter(|firm| bought.contains_key(firm));
        let Some((firm, made)) = firm.zip(lines.reference(lines.col("product"), line)) else { continue };
        if lines.flag(lines.col("resale"), line) {
            taken.insert((firm, made));
        } else if let Some(used) = inputs.get(&made) {
            taken.extend(used.iter().map(|input| (firm, *input)));
        } else if outlets.sold || !outlets.clients.is_empty() {
            without.entry(firm).or_default().push(line);
        }
    }
    for (firm, rows) in without.into_iter().filter(|(_, rows)| rows.len() > 1) {
        let left: Vec<u32> = bought[&firm].iter().copied().filter(|product| !taken.contains(&(firm, *product))).collect();
        if !left.is_empty() {
            which_line_takes(checker, firm, &rows, &left);
        }
    }
}

/// Firm → products it buys so much a day of.
fn bought_by_the_day(checker: &Checker) -> BTreeMap<u32, BTreeSet<u32>> {
    let contracts = checker.table("contracts");
    let [buyer, product, quantity] = ["buyer", "product", "quantity_per_day"].map(|name| contracts.col(name));
    let mut bought: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for row in (0..contracts.rows()).filter(|row| !contracts.is_blank(quantity, *row)) {
        if let Some((firm, goods)) = contracts.reference(buyer, row).zip(contracts.reference(product, row)) {
            bought.entry(firm).or_default().insert(goods);
        }
    }
    bought
}

fn which_line_takes(checker: &mut Checker, firm: u32, rows: &[usize], left: &[u32]) {
    let (lines, products) = (checker.table("lines"), checker.table("products"));
    let product = lines.col("product");
    let list = |ids: &[u32]| ids.iter().map(|id| products.id(*id)).collect::<Vec<_>>().join(", ");
    let made: Vec<u32> = rows.iter().filter_map(|row| lines.reference(product, *row)).collect();
    let message = format!(
        "{} makes {} without a recipe, so it cannot be told which of them takes the {} it buys",
        checker.table("firms").id(firm),
        list(&made),
        list(left)
    );
    // Where the file first has more than one such line.
    let mut in_file: Vec<usize> = rows.to_vec();
    in_file.sort_unstable_by_key(|row| lines.line(*row));
    checker.fault_at(Code::WhichLineTakes, lines, product, in_file[1], message);
}
