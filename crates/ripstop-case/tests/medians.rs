//! Headline figures over the draws, worked out by hand: a weaver makes a part of 80 m a day for ten days; a tailor sells a coat of every
//! metre, for a price.
//!
//! Without the events 80 coats a day are sold; with them 80 × `share` on ten days. Customers go without 10 × 80 × (1 − share) × price, ten
//! workers are idle for 10 × 10 × (1 − share) days, and of cloth delivered at `deal` a metre five days are always open: 400 × deal.

mod common;

use common::TempDir;
use ripstop_case::{Case, load};
use ripstop_study::study::summary::summary;
use ripstop_study::study::{Request, Study, study};
use serde_json::Value;

const FILES: [(&str, &str); 10] = [
    (
        "case.toml",
        "[case]\nid = \"two-numbers\"\ntitle = \"Two numbers\"\nstart = \"2024-03-01\"\nend = \"2024-03-31\"\nas_of = \"2024-03-31\"\n\
         default_scenario = \"part\"\n[settings]\nstart_state = \"steady\"\nplan = \"demand\"\n\
         [scenarios.part]\ntitle = \"The weaver makes a part\"\n[scenarios.nothing]\ntitle = \"Nothing happens\"\nabout = \"Nothing is to happen.\"\n",
    ),
    (
        "parameters.csv",
        "name,value,unit,low,high,basis,source,grade,note\nshare,0.5,share,0.45,0.55,assumed,,,\nprice,3,USD per unit,2,4,assumed,,,\n\
         deal,1,USD per unit,0.5,1.5,assumed,,,\nspare_price,7,USD per unit,6,8,assumed,,,moves nothing\n",
    ),
    ("places.csv", "id,name,country\ntown,Town,XX\n"),
    (
        "firms.csv",
        "id,name,place,sector,workers,wage_usd_per_month,opening_cash_usd\nweaver,The weaver,town,weaving,10,100,100000\n\
         tailor,The tailor,town,tailors,,,100000\n",
    ),
    ("lines.csv", "firm,product,capacity_per_day,labour_days_per_unit\nweaver,cloth,80,0.125\ntailor,coat,none,\n"),
    ("products.csv", "id,name,unit,value_usd_per_unit\ncloth,Cloth,m,1\ncoat,Coat,piece,2\nspare,Spare,piece,$spare_price\n"),
    ("recipes.csv", "product,input,quantity_per_unit\ncoat,cloth,1\n"),
    ("terms.csv", "id,ordering,stock_days,restock_days,net_days,means\ncloth-supply,restock,1,1,5,bank\n"),
    (
        "contracts.csv",
        "id,seller,buyer,product,kind,terms,price_usd_per_unit\ncloth-to-tailor,weaver,tailor,cloth,sale,cloth-supply,$deal\n",
    ),
    ("demand.csv", "id,market,firm,product,quantity_per_day,price_usd_per_unit,patience_days\nshop,shop,tailor,coat,80,$price,0\n"),
];

const EVENTS: &str = "id,kind,target,from,to,value,scenarios\npart,capacity,line:weaver/cloth,2024-03-11,2024-03-20,$share,part\n";

/// The case with its accounts on a date.
fn case(as_of: &str) -> Case {
    let dir = TempDir::new();
    for (file, text) in FILES {
        std::fs::write(dir.path().join(file), text.replace("as_of = \"2024-03-31\"", &format!("as_of = \"{as_of}\""))).unwrap();
    }
    std::fs::write(dir.path().join("events.csv"), EVENTS).unwrap();
    let loaded = load(dir.path());
    loaded.case.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics))
}

fn run(case: &Case, scenario: usize, draws: usize) -> (Study, Value) {
    let done = study(case, &Request { scenario, rows: 0..draws, seed: 1, sweep: true, record: None }, &|| ()).unwrap();
    let summary = summary(case, &done, &case.scenarios[scenario].name);
    (done, summary)
}

#[track_caller]
fn near(value: &Value, wanted: f64, within: f64) {
    let value = value.as_f64().unwrap_or_else(|| panic!("{value} is no number"));
    assert!((value - wanted).abs() <= within, "{value} is not {wanted} ± {within}");
}

#[test]
fn the_starting_values_are_those_worked_out_by_hand_and_bands_stand_beside_them() {
    let case = case("2024-03-31");
    let (_, summary) = run(&case, 0, 200);
    let (bands, start) = (&summary["draws"]["bands"], &summary["starting_values"]);
    assert_eq!(summary["lead"], "draws");
    for (name, value) in [("final_demand_unmet", 1200.0), ("idle_worker_days", 50.0), ("invoices_unpaid", 400.0), ("stranded_value", 0.0)] {
        near(&start[name]["value"], value, 1e-9 * value);
        assert_eq!(bands[name]["base"], start[name]["value"], "{name}");
        assert_eq!(bands[name]["without"]["base"], start[name]["without"], "{name}");
    }
    // Four standard errors of 200 draws from a range of ten: 10·√(q(1 − q)/200).
    near(&bands["idle_worker_days"]["p50"], 50.0, 1.4);
    near(&bands["idle_worker_days"]["p05"], 45.5, 0.62);
    near(&bands["idle_worker_days"]["p95"], 54.5, 0.62);
    near(&bands["idle_worker_days"]["p10"], 46.0, 0.85);
    near(&bands["idle_worker_days"]["p90"], 54.0, 0.85);
    for name in bands.as_object().unwrap().keys() {
        for part in [&bands[name], &bands[name]["without"], &bands[name]["difference"]] {
            let of = ["p05", "p10", "p50", "p90", "p95"].map(|q| part[q].as_f64().unwrap_or_else(|| panic!("{name} {q}")));
            assert!(of.is_sorted(), "{name}: {of:?}");
        }
    }
    for (key, band) in [
        ("/losses/value_added_usd", "value_added_lost"),
        ("/losses/final_demand_unmet_usd", "final_demand_unmet"),
        ("/stranded/value_usd", "stranded_value"),
        ("/stranded/pieces", "stranded_pieces"),
        ("/unpaid/invoices_usd", "invoices_unpaid"),
        ("/unpaid/overdue_usd", "invoices_overdue"),
        ("/unpaid/claims_usd", "claims_unpaid"),
        ("/unpaid/wages_usd", "wages_unpaid"),
        ("/held/value_usd", "held_value"),
        ("/value_added_by_country_usd/XX", "value_added_lost:XX"),
    ] {
        assert_eq!(summary.pointer(key).unwrap(), &bands[band]["base"], "{key} keeps its meaning");
    }
}

/// Open invoices on a day of the fifth day of shortage or later: 400 × deal without the events, and 400 × deal × share with them.
#[test]
fn open_invoices_are_set_beside_those_of_the_same_draw_without_the_events() {
    let case = case("2024-03-18");
    let (done, summary) = run(&case, 0, 200);
    let band = &summary["draws"]["bands"]["invoices_unpaid"];
    near(&band["base"], 200.0, 1e-9);
    near(&band["without"]["base"], 400.0, 1e-9);
    near(&band["difference"]["base"], -200.0, 1e-9);
    // Four standard errors of 200 draws from a range of 400.
    near(&band["without"]["p50"], 400.0, 57.0);
    near(&band["without"]["p05"], 220.0, 25.0);
    near(&band["without"]["p95"], 580.0, 25.0);
    // −400 × deal × (1 − share), draw by draw.
    near(&band["difference"]["p50"], -200.0, 29.0);
    assert!(band["difference"]["p95"].as_f64().unwrap() < -80.0, "in no draw more is open than without the events: {band}");
    let f = done.figures.find("invoices_unpaid").unwrap();
    assert_eq!(band["difference"]["p50"], serde_json::json!(done.bands[f].difference.p50));
}

#[test]
fn every_figure_names_the_rows_that_move_it_most_from_what_to_what() {
    let case = case("2024-03-31");
    let (_, summary) = run(&case, 0, 0);
    let by = |figure: &str| -> Vec<(String, f64, f64)> {
        let rows = summary["moved_by"][figure].as_array().unwrap();
        let ends = |m: &Value| (m["at_low"].as_f64().unwrap(), m["at_high"].as_f64().unwrap());
        rows.iter().map(|m| (m["parameter"].as_str().unwrap().to_string(), ends(m).0.round(), ends(m).1.round())).collect()
    };
    // Old code named `share` under the one figure it moves most, and `price` under one of two.
    assert_eq!(by("final_demand_unmet"), [("price".into(), 800.0, 1600.0), ("share".into(), 1320.0, 1080.0)]);
    assert_eq!(by("idle_worker_days"), [("share".into(), 55.0, 45.0)], "the price moves no worker, not by rounding either");
    assert_eq!(by("invoices_unpaid"), [("deal".into(), 200.0, 600.0)]);
    assert!(by("stranded_value").is_empty());
    let rests = summary["rests_on"].as_array().unwrap();
    assert!(rests.iter().all(|r| r["parameter"] != "spare_price"), "what moves nothing is not named");
    let share = rests.iter().find(|r| r["parameter"] == "share").unwrap();
    near(&share["figures"]["final_demand_unmet"]["low"], 1320.0, 1e-6);
    near(&share["figures"]["idle_worker_days"]["high"], 45.0, 1e-9);
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&share["figures"]), names(&summary["starting_values"]), "a row keeps every figure");
    for key in ["parameter", "unit", "basis", "low", "high", "flips", "moves", "by_share", "from_nothing_to"] {
        assert!(share.get(key).is_some(), "{key} is kept");
    }
}

#[test]
fn without_draws_or_with_few_the_starting_values_lead() {
    let case = case("2024-03-31");
    let (_, none) = run(&case, 0, 0);
    assert_eq!((&none["lead"], &none["draws"]["bands"]), (&"starting_values".into(), &serde_json::json!({})));
    for draws in [1, 2, 19] {
        let (_, few) = run(&case, 0, draws);
        let band = &few["draws"]["bands"]["final_demand_unmet"];
        assert_eq!(few["lead"], "starting_values", "{draws} draws");
        assert!(band["p50"].is_number() && band["p05"].is_null() && band["difference"]["p95"].is_null(), "{draws} draws: {band}");
    }
    assert_eq!(run(&case, 0, 20).1["lead"], "draws");
}

/// A scenario without events has no run of its own without them: both sides are the same, in every draw.
#[test]
fn a_scenario_without_events_differs_in_nothing() {
    let case = case("2024-03-31");
    let (_, summary) = run(&case, 1, 20);
    let bands = summary["draws"]["bands"].as_object().unwrap();
    for (name, band) in bands {
        for q in ["base", "p05", "p50", "p95"] {
            assert_eq!(band["difference"][q], 0.0, "{name} {q}");
        }
    }
    // Four standard errors of twenty draws.
    near(&bands["invoices_unpaid"]["without"]["p50"], 400.0, 179.0);
}

/// The tailor sells its coats to a shop, which sells them on: 80 are made a day and 80 resold, and `produced` counts both.
#[test]
fn what_is_resold_is_not_made_again() {
    let dir = TempDir::new();
    for (file, text) in FILES {
        let text = text
            .replace(
                "tailor,The tailor,town,tailors,,,100000\n",
                "tailor,The tailor,town,tailors,,,100000\nshop,The shop,town,shops,,,100000\n",
            )
            .replace("capacity_per_day,labour_days_per_unit\n", "capacity_per_day,labour_days_per_unit,resale\n")
            .replace("80,0.125\ntailor,coat,none,\n", "80,0.125,\ntailor,coat,none,,\nshop,coat,none,,true\n")
            .replace("cloth-supply,$deal\n", "cloth-supply,$deal\ncoats-to-shop,tailor,shop,coat,sale,cloth-supply,2\n")
            .replace("shop,shop,tailor,coat", "shop,shop,shop,coat");
        std::fs::write(dir.path().join(file), text).unwrap();
    }
    std::fs::write(dir.path().join("events.csv"), EVENTS).unwrap();
    let loaded = load(dir.path());
    let case = loaded.case.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
    let (done, _) = run(&case, 1, 0);
    let mapper = ripstop_case::network::Mapper::new(&case);
    let list = ripstop_study::series_out::series(&case, &mapper, &done.outcome.plan, &done.outcome.scenario);
    let coats = |variable: &str| {
        let found = list.iter().find(|s| s.level == "product" && s.entity == "coat" && s.variable == variable);
        found.unwrap_or_else(|| panic!("{variable}")).values[20]
    };
    for (variable, wanted) in [("produced", 160.0), ("made", 80.0), ("resold", 80.0), ("sold", 80.0)] {
        assert!((coats(variable) - wanted).abs() < 1e-9, "{variable}: {}", coats(variable));
    }
    assert!(!list.iter().any(|s| s.entity == "cloth" && s.variable == "resold"), "nobody resells cloth");
}
