//! Sizes that are meant otherwise: limits and doubts, in the base case, over ranges and in scenarios; settings that are formulas; country codes.

mod common;

use common::Files;
use ripstop_case::{Code, notes};

fn edit(file: &str, from: &str, to: &str) -> Files {
    Files::valid().edit(file, from, to)
}

/// The valid case with one more event.
fn event(row: &str) -> Files {
    edit("events.csv", "gone,cancel", &format!("{row}\ngone,cancel"))
}

/// The valid case with one more parameter, and an event that uses it; `set`: what the scenario `bank` sets.
fn with_cut(parameter: &str, value: &str, set: &str) -> Files {
    event(&format!("cut,order_cut,contract:coats,2020-02-01,2020-03-01,{value},,,,closure;bank"))
        .edit("parameters.csv", "lead,10", &format!("{parameter}\nlead,10"))
        .edit("case.toml", "lead = 3,", &format!("lead = 3, {set}"))
}

#[test]
fn a_share_in_percent_is_refused_wherever_it_comes_from() {
    let fault = event("cut,order_cut,contract:coats,2020-02-01,,25,,,,closure").fails(Code::AboveMaximum, "events.csv", "25,,,,closure");
    assert_eq!(fault.suggestion.as_deref(), Some("0.25"));
    let cut = "cut,0.5,share,0.2,0.6,assumed,,,";
    with_cut(cut, "$cut", "").readable();
    let fault = with_cut(cut, "$cut", "cut = 5,").fails(Code::AboveMaximum, "case.toml", "5, shut");
    assert_eq!(fault.suggestion.as_deref(), Some("0.05"));
    assert!(fault.message.contains("in scenario bank") && fault.message.contains("events.csv line"), "{}", fault.message);
    let whole = "cut,0.5,share,,,inferred,,,";
    with_cut(whole, "$cut * 2", "").readable();
    with_cut(whole, "$cut * 2", "cut = 0.6,").fails(Code::AboveMaximum, "case.toml", "0.6");
    with_cut("cut,0.5,share,0.2,60,assumed,,,", "$cut", "").fails(Code::AboveMaximum, "events.csv", "$cut");
    // Fine in the base case and in the scenario, but not with another number of the scenario at its high end.
    let both = "cut,0.5,share,,,inferred,,,\nmore,1,factor,1,1.5,assumed,,,";
    with_cut(both, "$cut * $more", "").readable();
    with_cut(both, "$cut * $more", "cut = 0.9,").fails(Code::AboveMaximum, "events.csv", "$cut * $more");
}

#[test]
fn factors_of_events_are_doubted_or_refused() {
    for (kind, target, value) in [("capacity", "firm:maker", "50"), ("attendance", "firm:maker", "80"), ("demand", "firm:client", "20")] {
        let row = |value: &str| event(&format!("f,{kind},{target},2020-02-01,2020-03-01,{value},,,,closure"));
        let fault = row(value).fails(Code::SizeDoubtful, "events.csv", &format!("{value},,,,closure"));
        assert!(fault.message.contains("unusual"), "{}", fault.message);
        row("1.2").case();
        row("1001").fails(Code::AboveMaximum, "events.csv", "1001");
    }
}

#[test]
fn days_that_never_end_are_refused_and_long_ones_doubted() {
    let terms = |name: &str, days: &str| Files::valid().column("terms.csv", name, &["", days]);
    terms("restock_days", "4294967297").fails(Code::AboveMaximum, "terms.csv", "4294967297");
    terms("hold_patience_days", "9999").case();
    terms("stock_days", "3650").fails(Code::SizeDoubtful, "terms.csv", "3650");
    terms("net_days", "1000").fails(Code::SizeDoubtful, "terms.csv", "1000");
    event("f,capacity,firm:maker,2020-02-01,2020-03-01,0.5,5000000000,,,closure").fails(Code::AboveMaximum, "events.csv", "5000000000");
    // The case has 731 days.
    event("f,capacity,firm:maker,2020-02-01,2020-03-01,0.5,800,,,closure").fails(Code::SizeDoubtful, "events.csv", "800");
    event("f,capacity,firm:maker,2020-02-01,2020-03-01,0.5,7,,,closure").case();
    edit("demand.csv", ",80,", ",1e308,").fails(Code::AboveMaximum, "demand.csv", "1e308");
}

#[test]
fn weights_and_prices_in_another_unit_are_doubted() {
    let weight =
        |unit: &str, kg: &str| edit("products.csv", ",metre,", &format!(",{unit},")).column("products.csv", "kg_per_unit", &["", kg]);
    weight("tonne", "1000").case();
    weight("kg", "1").case();
    weight("metre", "1").case();
    let fault = weight("tonne", "1").fails_at(Code::SizeDoubtful, "products.csv", 3, 26);
    assert!(fault.message.contains("1000 kilograms"), "{}", fault.message);
    // Cents: 150 at a value of 1.
    let cents = |price: &str| edit("products.csv", "coat,Coat,piece,consigned,,150", &format!("coat,Coat,piece,consigned,30,{price}"));
    cents("150").case();
    cents("15000").fails(Code::SizeDoubtful, "products.csv", "15000");
    edit("guesses.csv", ",0.3,", ",30,").fails(Code::SizeDoubtful, "guesses.csv", "30,");
}

#[test]
fn a_quantity_beside_a_recipe_is_the_one_the_recipe_asks_for() {
    let quantity = |units: &str| {
        Files::steady_loop().edit("recipes.csv", "x,y,1.2\ny,x,1.2", "x,y,2").column("contracts.csv", "quantity_per_day", &["", units])
    };
    let told = |units: &str| quantity(units).load().diagnostics.into_iter().find(|d| d.code == Code::QuantityDiffers);
    // 5 x a day take 10 y.
    assert!(told("10").is_none() && told("").is_none());
    let fault = told("120").expect("12 times what the recipe asks for");
    assert!(fault.message.contains("120") && fault.message.contains("10 a day"), "{}", fault.message);
}

#[test]
fn settings_may_be_formulas() {
    let spare = |setting: &str| {
        edit("case.toml", "seed = 7", &format!("seed = 7\n{setting}")).edit(
            "parameters.csv",
            "lead,10",
            "slow,20,days,10,30,assumed,,,\nlead,10",
        )
    };
    let case = spare("expect_days = \"$slow * 2\"").case();
    let values = case.parameters.base_values();
    assert_eq!(case.settings.expect_days.value(&values), 40.0);
    let id = case.parameters.find("slow").unwrap();
    let network = |slow: f64| ripstop_case::network::Mapper::new(&case).network(&case.parameters.values_with(&[(id, slow)]));
    assert_eq!(network(10.0).settings.expect_days, 20.0, "a draw moves it");
    spare("expect_days = \"$slow\"").case();
    spare("expect_days = \"$slow / 20 - 0.2\"").fails(Code::BelowMinimum, "case.toml", "\"$slow / 20 - 0.2\"");
    spare("expect_days = \"$slwo\"").load().diagnostics.iter().find(|d| d.code == Code::UnknownParameter).unwrap();
    spare("expect_days = \"$means\"").load().diagnostics.iter().find(|d| d.code == Code::WrongParameter).unwrap();
    spare("expect_days = \"long\"").load().diagnostics.iter().find(|d| d.code == Code::WrongType).unwrap();
    let set = spare("expect_days = \"$slow\"").edit("case.toml", "lead = 3,", "lead = 3, slow = 0.5,");
    set.fails(Code::BelowMinimum, "case.toml", "0.5");
}

#[test]
fn country_codes_are_codes_of_countries() {
    for (code, meant) in [("UK", "GB"), ("EL", "GR"), ("SU", "RU"), ("NK", "KP")] {
        let fault = edit("groups.csv", "Unha,CN", &format!("Unha,{code}")).fails(Code::CountryUnknown, "groups.csv", code);
        assert_eq!(fault.suggestion.as_deref(), Some(meant));
    }
    for (text, meant) in [("cn", "CN"), ("CHN", "CN"), ("China", "CN"), ("North Korea", "KP")] {
        let fault = edit("groups.csv", "Unha,CN", &format!("Unha,{text}")).fails(Code::NotACountry, "groups.csv", text);
        assert_eq!(fault.suggestion.as_deref(), Some(meant), "{text}");
    }
    let invented = edit("groups.csv", "Unha,CN", "Unha,XK").case();
    assert_eq!(notes(&invented), ["XK is no country of ISO 3166-1: it stands for a place of the case's own"]);
    assert!(notes(&Files::valid().case()).is_empty());
    let rule = |to: &str| Files::ruled().edit("rules/own.toml", "consignment_from = [\"CN\"]", to);
    let fault = rule("consignment_from = [\"CN\", \"NK\"]").fails(Code::CountryUnknown, "rules/own.toml", "\"NK\"");
    assert_eq!(fault.suggestion.as_deref(), Some("KP"));
    let people = Files::valid().column("firms.csv", "labour_nationality", &["CN;NK", "", ""]);
    people.fails(Code::CountryUnknown, "firms.csv", "CN;NK");
}
