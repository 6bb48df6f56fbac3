//! The case of a page: what `case.json` says, with workers counted, and of large networks only the entities whose series are shown.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::pack::{Chosen, LEVEL_MAX};

/// Inputs listed at most; those of the first tables come first.
const INPUTS_MAX: usize = 5_000;

/// The case for a page. Firms and contracts are those chosen; workers of places, groups, sectors and countries are counted over all firms
/// before any is left out.
pub fn trimmed(facts: &Value, chosen: &Chosen) -> Value {
    let mut case = facts.clone();
    let firms = list(facts, "firms");
    let workers = |f: &Value| f["workers"].as_f64().unwrap_or(0.0);
    case["counts"] = json!({
        "firms": firms.len(), "contracts": list(facts, "contracts").len(), "inputs": list(facts, "inputs").len(),
        "workers": firms.iter().map(workers).sum::<f64>(),
    });
    for (table, key) in [("places", "place"), ("groups", "group")] {
        let mut sums = vec![0.0; list(facts, table).len()];
        for firm in firms {
            if let Some(sum) = index(&firm[key]).and_then(|at| sums.get_mut(at)) {
                *sum += workers(firm);
            }
        }
        for (row, sum) in case[table].as_array_mut().into_iter().flatten().zip(sums) {
            row["workers"] = json!(sum);
        }
    }
    for (name, key) in [("sectors", "sector"), ("countries", "country")] {
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        for firm in firms {
            *sums.entry(firm[key].as_str().unwrap_or("")).or_default() += workers(firm);
        }
        case[name] = json!(sums);
    }
    let shows = |level: &'static str, table: &str| {
        // Of a long list without series of its own there is nothing to choose the largest by.
        let all = list(facts, table).len() <= LEVEL_MAX || chosen.chooses(level);
        move |row: &Value| all && chosen.has_entity(level, id(row))
    };
    let (firm_shown, contract_shown) = (shows("firm", "firms"), shows("contract", "contracts"));
    let kept: Vec<usize> = (0..firms.len()).filter(|&f| firm_shown(&firms[f])).collect();
    let place_of = |firm: &Value| index(firm).and_then(|f| firms.get(f)).map_or(-1, |f| f["place"].as_i64().unwrap_or(-1));
    let contracts: Vec<Value> =
        list(facts, "contracts").iter().filter(|c| contract_shown(c)).map(|c| contract(c, &kept, &place_of)).collect();
    case["contracts"] = Value::Array(contracts);
    case["firms"] = kept.iter().map(|&f| firms[f].clone()).collect();
    hide_places(&mut case, &shows("place", "places"));
    if let Some(inputs) = case["inputs"].as_array_mut() {
        inputs.truncate(INPUTS_MAX);
    }
    case
}

fn list<'a>(facts: &'a Value, key: &str) -> &'a [Value] {
    facts[key].as_array().map_or(&[], Vec::as_slice)
}

fn id(row: &Value) -> &str {
    row["id"].as_str().unwrap_or("")
}

fn index(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|at| usize::try_from(at).ok())
}

/// A contract with its path written out, so that it can be drawn without its firms, and firms by their new places in the list.
fn contract(row: &Value, kept: &[usize], place_of: &dyn Fn(&Value) -> i64) -> Value {
    let mut contract = row.clone();
    if row["path"].as_array().is_none_or(Vec::is_empty) {
        contract["path"] = json!([place_of(&row["seller"]), place_of(&row["buyer"])]);
    }
    for end in ["seller", "buyer"] {
        contract[end] = match index(&row[end]).map(|f| kept.binary_search(&f)) {
            Some(Ok(at)) => json!(at),
            _ => json!(-1),
        };
    }
    contract
}

/// Of many places only those shown keep a place on the map: rows stay, since others count on their order.
fn hide_places(case: &mut Value, shown: &dyn Fn(&Value) -> bool) {
    for place in case["places"].as_array_mut().into_iter().flatten() {
        if !shown(place) {
            let mut bare = Map::new();
            bare.insert("id".to_string(), place["id"].clone());
            bare.insert("lat".to_string(), Value::Null);
            bare.insert("lon".to_string(), Value::Null);
            *place = Value::Object(bare);
        }
    }
}

#[cfg(test)]
mod tests {
    use ripstop_study::series_out::Series;

    use super::*;

    fn facts() -> Value {
        json!({
            "places": [{ "id": "here" }, { "id": "there" }], "groups": [{ "id": "g" }],
            "firms": [
                { "id": "small", "place": 0, "group": -1, "sector": "mills", "country": "AA", "workers": 5.0 },
                { "id": "large", "place": 1, "group": 0, "sector": "mills", "country": "BB", "workers": 40.0 },
            ],
            "contracts": [{ "id": "c", "seller": 0, "buyer": 1, "product": 0, "path": [] }], "inputs": [],
        })
    }

    fn firm(name: &str, value: f64) -> Series {
        Series {
            level: "firm".into(),
            entity: name.to_string(),
            variable: "output_value".to_string(),
            unit: "USD".to_string(),
            values: vec![value],
        }
    }

    #[test]
    fn workers_are_counted_before_firms_are_left_out() {
        let series = [("run".to_string(), vec![firm("small", 1.0), firm("large", 9.0)])];
        let case = trimmed(&facts(), &Chosen::of(&series, "run", 0.002));
        assert_eq!(case["firms"].as_array().map(Vec::len), Some(1));
        assert_eq!((&case["firms"][0]["id"], &case["counts"]["firms"]), (&json!("large"), &json!(2)));
        assert_eq!((&case["places"][0]["workers"], &case["groups"][0]["workers"]), (&json!(5.0), &json!(40.0)));
        assert_eq!((&case["sectors"]["mills"], &case["countries"]["BB"]), (&json!(45.0), &json!(40.0)));
        assert_eq!(case["contracts"][0], json!({ "id": "c", "seller": -1, "buyer": 0, "product": 0, "path": [0, 1] }));
    }
}
