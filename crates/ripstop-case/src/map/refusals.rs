//! What the engine refuses, as problems of the case's files.
//!
//! Nearly all of it is found where a cell is read. What is left depends on several cells at once, such as a formula over ranges,
//! and is known only when the network is put together.

use crate::language::diagnostic::{Code, Diagnostic, Position};
use crate::map::network::Mapper;
use crate::tables::case::Case;
use crate::tables::table::Table;
use ripstop::model::error::NetworkError;
use ripstop::plan::Plan;
use std::collections::BTreeMap;

/// Puts the network of every scenario together; what the engine refuses comes back as diagnostics.
pub fn refusals(case: &Case) -> Vec<Diagnostic> {
    let mapper = Mapper::new(case);
    let mut found = Vec::new();
    let mut plain_seen = false;
    for (index, scenario) in case.scenarios.iter().enumerate() {
        // The engine refuses networks, and scenarios that set no parameter share one.
        if scenario.overrides.is_empty() && std::mem::replace(&mut plain_seen, true) {
            continue;
        }
        let values = case.parameters.values_in(scenario, &[]);
        let network = mapper.network(&values);
        // Selectors of events look at rows the network names, so they must be there.
        let refused = Plan::check(&network).and_then(|()| {
            let events = mapper.events(&network, &values, index);
            Plan::new(network, events)
        });
        if let Err(error) = refused {
            found.push(locate(case, &format!("scenario {}", scenario.name), &error));
        }
    }
    // Scenarios that fail alike at one place are one problem.
    found.dedup_by(|later, first| {
        (later.code, &later.file, later.line, later.column) == (first.code, &first.file, first.line, first.column)
    });
    found
}

/// A refusal of the engine as a problem of the file, line and column it comes from. `what` is the run: a scenario, a draw.
pub fn locate(case: &Case, what: &str, error: &NetworkError) -> Diagnostic {
    let cannot = |at: &Position, message: String| Diagnostic::new(Code::CannotSimulate, at, format!("in {what}, {message}"));
    match error {
        NetworkError::NoDays => Diagnostic::new(Code::DatesReversed, &case.end_at, error.to_string()),
        NetworkError::TooManyDays { .. } => Diagnostic::new(Code::CaseTooLong, &case.end_at, error.to_string()),
        NetworkError::SteadyOrders => Diagnostic::new(Code::SteadyWithSchedule, &case.start_state_at, format!("in {what}, {error}")),
        NetworkError::NoSteadyState => no_steady_state(case, what),
        NetworkError::NotSettled { line, moved, tolerance, days } => {
            let network = Mapper::new(case).network(&case.parameters.base_values());
            let message = format!(
                "in {what}, the output of line {} still moves by {:.1} % in four weeks after {days} days before the start; {:.1} % are allowed",
                case.line_key(&network, *line),
                100.0 * moved,
                100.0 * tolerance
            );
            Diagnostic::new(Code::NotSettled, &case.start_state_at, message)
        }
        NetworkError::NoRate { currency } => {
            let name = case.currencies.get(*currency).map_or("a currency", String::as_str);
            let at = first_row(case, "exchange_rates");
            Diagnostic::new(Code::UnknownCurrency, &at, format!("in {what}, {name} has no exchange rate"))
        }
        NetworkError::BadNumber { table, row, field, value, must } => match table_of(case, table).filter(|files| *row < files.ids()) {
            Some(files) if *table == "route" => cannot(&leg_of(files, *row), format!("`{field}` is {value}, but must be {must}")),
            Some(files) => cannot(&cell(files, *row, field), format!("`{field}` comes out as {value}, but must be {must}")),
            None => cannot(&case.end_at, error.to_string()),
        },
        NetworkError::NoLead { route } | NetworkError::LimitedLeg { route } => {
            cannot(&leg_of(case.table("routes"), *route), error.to_string())
        }
        NetworkError::NoPersons { terms } => cannot(&cell(case.table("terms"), *terms, "carried_crossing"), error.to_string()),
        NetworkError::Dangling { table, row, target, .. } => match table_of(case, table).filter(|files| *row < files.rows()) {
            Some(files) if *table != "route" => cannot(&cell(files, *row, target), error.to_string()),
            _ => cannot(&case.end_at, error.to_string()),
        },
        _ => cannot(&case.end_at, error.to_string()),
    }
}

/// The table of the case behind a table of the network whose rows are the same.
fn table_of<'a>(case: &'a Case, table: &str) -> Option<&'a Table> {
    let name = match table {
        "firm" => "firms",
        "line" => "lines",
        "product" => "products",
        "crossing" => "crossings",
        "terms" => "terms",
        "contract" => "contracts",
        "demand" => "demand",
        "traffic" => "traffic",
        "newcomer" => "switches",
        "route" => "routes",
        // Inputs, order lines and rates are made from several tables.
        _ => return None,
    };
    Some(case.table(name))
}

/// The cell of a field, under the name it has in the files, or the start of the row.
fn cell(table: &Table, row: usize, field: &str) -> Position {
    let row = row.min(table.rows().saturating_sub(1));
    let has = |name: &str| table.columns.iter().any(|column| column.spec.name == name && column.header.is_some());
    let in_usd = ["wage_per_month", "opening_cash", "price_per_unit", "credit_limit"].into_iter().find(|name| *name == field);
    let in_usd = in_usd.map(|name| match name {
        "wage_per_month" => "wage_usd_per_month",
        "opening_cash" => "opening_cash_usd",
        "credit_limit" => "credit_limit_usd",
        _ => "price_usd_per_unit",
    });
    let name = [Some(field), in_usd].into_iter().flatten().find(|name| has(name)).unwrap_or(table.spec().key[0]);
    table.position(table.col(name), row)
}

/// The first leg of a route of the network.
fn leg_of(routes: &Table, route: usize) -> Position {
    let row = if route < routes.ids() { routes.rows_of(route as u32).first().map_or(0, |row| *row as usize) } else { 0 };
    routes.position(routes.col("route"), row)
}

fn first_row(case: &Case, name: &str) -> Position {
    let table = case.table(name);
    if table.rows() == 0 { crate::read::bytes::whole_file(table.spec().file) } else { cell(table, 0, "currency") }
}

/// Products that need one another round a loop, if recipes show one; else the setting that asks for a steady start.
fn no_steady_state(case: &Case, what: &str) -> Diagnostic {
    let recipes = case.table("recipes");
    let [product, input] = ["product", "input"].map(|name| recipes.col(name));
    let mut inputs: BTreeMap<u32, Vec<(u32, usize)>> = BTreeMap::new();
    for row in 0..recipes.rows() {
        if let Some((made, used)) = recipes.reference(product, row).zip(recipes.reference(input, row)) {
            inputs.entry(made).or_default().push((used, row));
        }
    }
    let Some((row, members)) = inputs.keys().find_map(|start| around(&inputs, *start)) else {
        let message = format!("in {what}, lines need more of each other than they make: no steady start exists");
        return Diagnostic::new(Code::NoSteadyState, &case.start_state_at, message);
    };
    let products = case.table("products");
    let names: Vec<&str> = members.iter().map(|id| products.id(*id)).collect();
    let message = format!("in {what}, {} take more of one another than is made: no steady start exists", names.join(", "));
    let at = recipes.position(recipes.col("quantity_per_unit"), row);
    Diagnostic::new(Code::NoSteadyState, &at, message)
}

/// A loop of recipes through `start`: its first row and its members.
fn around(inputs: &BTreeMap<u32, Vec<(u32, usize)>>, start: u32) -> Option<(usize, Vec<u32>)> {
    let mut from: BTreeMap<u32, (u32, usize)> = BTreeMap::new();
    let mut open = vec![start];
    while let Some(product) = open.pop() {
        for &(input, row) in inputs.get(&product).into_iter().flatten() {
            if input == start {
                let (mut members, mut at, mut first) = (Vec::new(), product, row);
                while at != start {
                    members.push(at);
                    (at, first) = from[&at];
                }
                members.push(start);
                members.reverse();
                return Some((first, members));
            }
            if let std::collections::btree_map::Entry::Vacant(place) = from.entry(input) {
                place.insert((product, row));
                open.push(input);
            }
        }
    }
    None
}
