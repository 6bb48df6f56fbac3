//! `case.json`: the case in short, for whoever reads a run folder without the case: names, places, inputs by basis, sources.

use ripstop::model::calendar::Day;
use serde_json::{Map, Value, json};

use ripstop_case::{Case, Parameter, Table};

/// An event of the run, told for readers.
#[derive(Clone, Debug)]
pub struct ToldEvent {
    /// Day of the run, the first is 0.
    pub day: usize,
    /// What happens.
    pub text: String,
    /// Whether it holds in the counterfactual too.
    pub background: bool,
}

/// The case in short, with the scenario's title and events.
pub fn facts(case: &Case, scenario: usize, events: &[ToldEvent]) -> Value {
    let meta = &case.meta;
    let told: Vec<Value> = events.iter().map(|e| json!({ "day": e.day, "text": e.text, "background": e.background })).collect();
    let row = &case.scenarios[scenario];
    let mut facts = json!({
        "id": meta.id, "title": meta.title, "question": meta.question.as_deref().unwrap_or(""),
        "start": Day(meta.start).to_string(), "end": Day(meta.end).to_string(), "as_of": Day(meta.as_of).to_string(), "currency": meta.currency,
        "scenario": { "name": row.name, "title": row.title, "about": row.about, "events": told },
        "places": places(case), "crossings": crossings(case), "groups": named(case.table("groups")),
        "firms": firms(case), "products": products(case), "contracts": contracts(case),
        "inputs": inputs(case), "sources": sources(case),
    });
    let network = case.links.as_ref().map_or(0, |links| links.len());
    if case.table("firms").rows() > FIRMS_MAX || network > 0 {
        facts["left_out"] =
            json!({ "firms": case.table("firms").rows() - facts["firms"].as_array().map_or(0, Vec::len), "links": network });
    }
    facts
}

/// Firms, contracts and inputs with a basis that are listed; of a larger case none of them is: nobody reads such a list, and a page of it
/// opens in no browser.
const FIRMS_MAX: usize = 5_000;

/// A cell's text as it stands in the file; empty for a blank one.
fn raw<'a>(table: &'a Table, column: &str, row: usize) -> &'a str {
    let has = table.spec().columns.iter().any(|c| c.name == column);
    if has { table.cell_text(table.col(column), row).unwrap_or("") } else { "" }
}

fn text<'a>(table: &'a Table, column: &str, row: usize) -> &'a str {
    table.text(table.col(column), row).unwrap_or("")
}

/// The name of a row, or its key where it has none.
fn name_of(table: &Table, row: usize) -> String {
    match text(table, "name", row) {
        "" => table.key(row),
        name => name.to_string(),
    }
}

fn reference(table: &Table, column: &str, row: usize) -> i64 {
    table.reference(table.col(column), row).map_or(-1, i64::from)
}

fn named(table: &Table) -> Value {
    (0..table.rows()).map(|row| json!({ "id": table.key(row), "name": name_of(table, row) })).collect()
}

fn places(case: &Case) -> Value {
    let (table, values) = (case.table("places"), case.parameters.base_values());
    let one = |row| {
        let number = |column| table.number(table.col(column), row, &values);
        json!({ "id": table.key(row), "name": name_of(table, row), "country": text(table, "country", row), "lat": number("lat"), "lon": number("lon") })
    };
    (0..table.rows()).map(one).collect()
}

fn crossings(case: &Case) -> Value {
    let table = case.table("crossings");
    let one = |row| json!({ "id": table.key(row), "name": name_of(table, row), "a": reference(table, "place_a", row), "b": reference(table, "place_b", row) });
    (0..table.rows()).map(one).collect()
}

fn firms(case: &Case) -> Value {
    let (table, places, values) = (case.table("firms"), case.table("places"), case.parameters.base_values());
    let one = |row| {
        let place = reference(table, "place", row);
        let country = if place < 0 { "" } else { text(places, "country", place as usize) };
        json!({
            "id": table.key(row), "name": name_of(table, row), "place": place, "group": reference(table, "group", row), "sector": text(table, "sector", row),
            "country": country, "workers": table.number(table.col("workers"), row, &values).unwrap_or(0.0),
        })
    };
    let rows = if table.rows() > FIRMS_MAX { 0 } else { table.rows() };
    (0..rows).map(one).collect()
}

fn products(case: &Case) -> Value {
    let (table, values) = (case.table("products"), case.parameters.base_values());
    let one = |row| {
        let value = table.number(table.col("value_usd_per_unit"), row, &values).unwrap_or(0.0);
        json!({ "id": table.key(row), "name": name_of(table, row), "unit": text(table, "unit", row), "value": value })
    };
    (0..table.rows()).map(one).collect()
}

/// Contracts with the places their goods pass; a contract without a route passes none.
fn contracts(case: &Case) -> Value {
    let (table, routes, values) = (case.table("contracts"), case.table("routes"), case.parameters.base_values());
    let one = |row| {
        let legs = table.reference(table.col("route"), row).map_or(&[][..], |route| routes.rows_of(route));
        let mut path: Vec<i64> = legs.first().map(|&leg| reference(routes, "from", leg as usize)).into_iter().collect();
        path.extend(legs.iter().map(|&leg| reference(routes, "to", leg as usize)));
        json!({
            "id": table.key(row), "seller": reference(table, "seller", row), "buyer": reference(table, "buyer", row), "product": reference(table, "product", row),
            "kind": table.enumeration(table.col("kind"), row, &values).unwrap_or(""), "path": path,
        })
    };
    // They refer to the firms by their place in the list.
    let rows = if table.rows() > 4 * FIRMS_MAX || case.table("firms").rows() > FIRMS_MAX { 0 } else { table.rows() };
    (0..rows).map(one).collect()
}

/// Every input that says on what it rests: the parameters with their ranges, then the rows of the other tables.
fn inputs(case: &Case) -> Value {
    let mut list: Vec<Value> = case.parameters.ids().map(|id| parameter(case, case.parameters.get(id))).collect();
    for table in case.tables().iter().filter(|t| !matches!(t.spec().name, "parameters" | "sources") && t.rows() <= 4 * FIRMS_MAX) {
        for row in 0..table.rows() {
            let cell = |column| raw(table, column, row);
            if cell("basis").is_empty() {
                continue;
            }
            let mut input = Map::new();
            let key = table.key(row);
            let fields = [
                ("file", table.spec().file),
                ("row", key.as_str()),
                ("column", ""),
                ("value", cell("value")),
                ("unit", cell("unit")),
                ("low", ""),
                ("high", ""),
                ("basis", cell("basis")),
                ("source", cell("source")),
                ("grade", cell("grade")),
                ("note", cell("note")),
            ];
            input.extend(fields.map(|(name, value)| (name.to_string(), json!(value))));
            list.push(Value::Object(input));
        }
    }
    Value::Array(list)
}

fn parameter(case: &Case, row: &Parameter) -> Value {
    let sources = case.table("sources");
    let source: Vec<String> = row.source.iter().map(|&s| sources.key(s as usize)).collect();
    let end = |value: Option<f64>| match value {
        Some(day) if row.unit == "date" => Day(day as i32).to_string(),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    let value = match &row.value {
        ripstop_case::Value::Number(value) if value.is_infinite() => "none".to_string(),
        ripstop_case::Value::Number(value) => value.to_string(),
        ripstop_case::Value::Date(day) => Day(*day).to_string(),
        ripstop_case::Value::Choice(word) => (*word).to_string(),
        ripstop_case::Value::Derived(_) => "by a formula".to_string(),
    };
    json!({
        "file": row.origin.file.to_string_lossy(), "row": row.name, "column": "", "value": value, "unit": if row.unit == "date" { "" } else { row.unit.as_str() },
        "low": end(row.low), "high": end(row.high), "basis": row.basis.unwrap_or(""), "source": source.join("; "),
        "grade": row.grade.as_deref().unwrap_or(""), "note": row.note.as_deref().unwrap_or(""),
    })
}

fn sources(case: &Case) -> Value {
    let table = case.table("sources");
    let one = |row| {
        json!({
            "id": table.key(row), "publisher": raw(table, "publisher", row), "date": raw(table, "date", row), "grade": raw(table, "grade", row),
            "title": raw(table, "statement", row), "url": raw(table, "url", row),
        })
    };
    (0..table.rows()).map(one).collect()
}
