//! Every option's cell reaches the engine's field, and without its column the field is neutral.

mod common;

use common::Files;
use ripstop::model::calendar::Day;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop_case::network::Mapper;
use ripstop_case::{Case, Values, parse_date};
use ripstop_study::study::summary::summary;
use ripstop_study::study::{Request, study};

fn day(text: &str) -> Day {
    Day(parse_date(text).unwrap())
}

fn network_at(case: &Case, values: &Values) -> Network {
    Mapper::new(case).network(values)
}

/// The network of the base case.
fn network(files: &Files) -> Network {
    let case = files.readable();
    network_at(&case, &case.parameters.base_values())
}

/// The network of the scenario `bank`: it sets parameters.
fn network_of_bank(files: &Files) -> Network {
    let case = files.readable();
    network_at(&case, &case.parameters.values_in(case.scenario("bank").unwrap(), &[]))
}

fn column(file: &str, name: &str, cells: &[&str]) -> Files {
    Files::valid().column(file, name, cells)
}

/// A parameter `p` of the base case, and its value in the scenario `bank`.
fn with_parameter(files: Files, value: &str, unit: &str, set: &str) -> Files {
    files.edit("parameters.csv", "lead,10", &format!("p,{value},{unit},,,inferred,,,\nlead,10")).edit(
        "case.toml",
        "lead = 3",
        &format!("p = {set}, lead = 3"),
    )
}

/// Fields of the engine that no column fills in are as the engine has them.
#[test]
fn without_the_columns_all_is_neutral() {
    let network = network(&Files::valid());
    assert_eq!((network.other_currencies, network.rates.len(), network.traffic.len()), (0, 0, 0));
    assert!(network.class_rank.is_empty() && network.contracts.extras.is_empty());
    assert_eq!(network.settings.warm_up_days, 365);
    assert!(network.crossings.iter().all(|c| c.tonnes_per_day.is_none()));
    assert!(network.routes.iter().flat_map(|r| &r.legs).all(|leg| leg.tonnes_per_day == f64::INFINITY));
    assert!(network.products.iter().all(|p| (p.kg_per_unit, p.spoilage_share_per_day) == (0.0, 0.0)));
    assert!(network.lines.iter().all(|l| l.rationing == Rationing::Proportional));
    assert!(network.inputs.iter().all(|i| i.importance == Importance::Critical));
    for firm in &network.firms {
        assert_eq!((firm.currency, firm.when_insolvent, firm.rescue_months), (CurrencyId(0), WhenInsolvent::Continue, 1.0));
        assert_eq!([firm.hire_days, firm.fire_days, firm.insolvency_days], [f64::INFINITY; 3]);
    }
    for terms in &network.terms {
        assert_eq!((terms.moves_share, terms.refused_share, terms.compensation_means), (0.0, 0.0, None));
    }
}

/// Column by column, a schema default is the engine's.
#[test]
fn a_blank_cell_is_as_good_as_no_column() {
    let mut files = Files::valid();
    for (file, names) in [
        ("crossings.csv", &["mode", "tonnes_per_day"][..]),
        ("routes.csv", &["tonnes_per_day"]),
        ("products.csv", &["kg_per_unit", "spoilage_share_per_day"]),
        ("recipes.csv", &["importance"]),
        ("lines.csv", &["rationing"]),
        ("terms.csv", &["moves_share", "refused_share", "compensation_means"]),
        ("firms.csv", &["currency", "wage_per_month", "opening_cash", "hire_days", "fire_days", "insolvency_days", "when_insolvent"]),
        ("firms.csv", &["rescue_months"]),
        ("contracts.csv", &["currency", "price_per_unit", "credit_limit_usd", "standby_share", "alternative_routes"]),
        ("contracts.csv", &["alternative_input_routes"]),
    ] {
        for name in names {
            let rows = files.text(file).lines().count() - 1;
            files = files.column(file, name, &vec![""; rows]);
        }
    }
    let text = |network: Network| format!("{network:?}");
    assert_eq!(text(network(&files)), text(network(&Files::valid())));
}

fn limited(mode: &str) -> Files {
    column("crossings.csv", "mode", &[mode])
        .column("crossings.csv", "tonnes_per_day", &["40"])
        .column("products.csv", "kg_per_unit", &["1.5", "$lead / 20"])
        .column("routes.csv", "tonnes_per_day", &["", "none", "$lead * 7"])
        .with("traffic.csv", "crossing,toward,class,tonnes_per_day\nbridge,KR,ore,30\nbridge,CN,consigned,$lead\n")
}

#[test]
fn limits_in_tonnes() {
    let files = limited("capacity");
    let network = network(&files);
    assert_eq!(network.crossings[0].tonnes_per_day, Some(40.0));
    assert_eq!((network.products[0].kg_per_unit, network.products[1].kg_per_unit), (1.5, 0.5));
    let tonnes: Vec<Vec<f64>> = network.routes.iter().map(|r| r.legs.iter().map(|l| l.tonnes_per_day).collect()).collect();
    let none = f64::INFINITY;
    assert_eq!(tonnes, [vec![70.0, none], vec![none], vec![none]], "in, its legs in order; out; the route of a day");
    assert_eq!(network.classes, 4, "consigned, general, ore, persons");
    let traffic: Vec<_> = network.traffic.iter().map(|t| (t.crossing, t.direction, t.class, t.tonnes_per_day)).collect();
    let bridge = CrossingId(0);
    assert_eq!(traffic, [(bridge, Direction::BToA, ClassId(0), 10.0), (bridge, Direction::AToB, ClassId(2), 30.0)]);
    assert_eq!(network_of_bank(&files).traffic[0].tonnes_per_day, 3.0, "cells follow the parameters");
}

/// Without a limit other traffic has nothing to share; a scenario can choose.
#[test]
fn the_mode_of_a_crossing_may_be_a_parameter() {
    let files = with_parameter(limited("$p"), "flow", "choice", "\"capacity\"");
    let (base, bank) = (network(&files), network_of_bank(&files));
    assert_eq!((base.crossings[0].tonnes_per_day, base.traffic.len()), (None, 0));
    assert_eq!((bank.crossings[0].tonnes_per_day, bank.traffic.len()), (Some(40.0), 2));
}

/// A formula may leave a leg no day in a draw; at a limit it keeps one.
#[test]
fn a_leg_with_a_limit_keeps_a_day_in_a_draw() {
    let days = |files: &Files| network_of_bank(files).routes[0].legs.iter().map(|leg| leg.days).collect::<Vec<_>>();
    assert_eq!(days(&Files::valid()), [0, 1], "no limit: 3 / 10 is no day");
    assert_eq!(days(&limited("capacity")), [1, 1]);
}

#[test]
fn class_priority_gives_ranks() {
    let files = Files::valid().edit("case.toml", "seed = 7", "class_priority = [\"general\", \"persons\"]");
    assert_eq!(network(&files).class_rank, [2, 0, 1], "consigned, general, persons");
}

#[test]
fn rationing_of_lines() {
    let files = column("lines.csv", "rationing", &["least_served", "class_priority", "$p"]);
    let files = files.edit("case.toml", "seed = 7", "class_priority = [\"general\"]");
    let files = with_parameter(files, "oldest", "choice", "\"proportional\"");
    let rules = |network: Network| network.lines.iter().map(|line| line.rationing).collect::<Vec<_>>();
    // By id: client, maker, mill.
    assert_eq!(rules(network(&files)), [Rationing::ClassPriority, Rationing::LeastServed, Rationing::Oldest]);
    assert_eq!(rules(network_of_bank(&files))[2], Rationing::Proportional);
    // Lines that are made anew for steady quantities keep their rule.
    let steady = files.column("contracts.csv", "quantity_per_day", &["", "12"]);
    assert_eq!(rules(network(&steady)), [Rationing::ClassPriority, Rationing::LeastServed, Rationing::Oldest]);
}

#[test]
fn importance_of_inputs() {
    for (word, importance) in [("critical", Importance::Critical), ("important", Importance::Important), ("other", Importance::Other)] {
        let network = network(&column("recipes.csv", "importance", &[word]));
        assert_eq!(network.inputs_of(LineId(1))[0].importance, importance);
        assert_eq!(network.inputs_of(LineId(0))[0].importance, Importance::Critical, "what is resold binds");
    }
}

#[test]
fn terms() {
    let files = column("terms.csv", "moves_share", &["$lead / 20", ""])
        .column("terms.csv", "refused_share", &["0.02", ""])
        .column("terms.csv", "compensation_means", &["bank", ""])
        .column("contracts.csv", "standby_share", &["0.1", ""])
        .column("products.csv", "spoilage_share_per_day", &["", "$lead / 100"]);
    let files = files.edit("firms.csv", "client,Client", "spare,Spare,port,,garments,9,5,12,$wage,,,assumed,\nclient,Client");
    let files = files.edit("lines.csv", "client,coat", "spare,coat,20,0.9,\nclient,coat");
    let files = files.edit("contracts.csv", "cloth,mill", "spare,spare,client,coat,processing,sewing,out,in,7,,,\ncloth,mill");
    let network = network(&files);
    let (home, sewing) = (&network.terms[0], &network.terms[1]);
    assert_eq!((sewing.moves_share, sewing.refused_share, sewing.compensation_means), (0.5, 0.02, Some(Means::Bank)));
    assert_eq!((home.moves_share, home.refused_share, home.compensation_means), (0.0, 0.0, None));
    assert_eq!(sewing.means, Means::Carried(CrossingId(0)), "the fee comes as before");
    assert_eq!((network.products[0].spoilage_share_per_day, network.products[1].spoilage_share_per_day), (0.0, 0.1));
    assert_eq!(network.contracts.extras_of(1).standby_share, 0.1);
    let orders = network.orders.iter().filter(|order| order.contract == ContractId(2)).count();
    assert_eq!(orders, 0, "a contract without calendar has no orders, and needs none");

    let carried = column("terms.csv", "compensation_means", &["carried", "same"]).edit("terms.csv", "$means,", "bank,");
    let carried = carried.edit("parameters.csv", "means,carried,choice,,,assumed,,,\n", "").edit("case.toml", "means = \"bank\", ", "");
    let terms = &self::network(&carried).terms;
    assert_eq!((terms[1].means, terms[1].compensation_means), (Means::Bank, Some(Means::Carried(CrossingId(0)))));
    assert_eq!(terms[0].compensation_means, None);
}

const DETOURS: &str = "out,1,port,town,2,bridge\nslow,1,port,town,9,bridge\nback,1,town,port,9,bridge\nwide,1,port,town,20,bridge";

#[test]
fn alternative_routes_keep_their_order() {
    let files = Files::valid()
        .edit("routes.csv", "out,1,port,town,2,bridge", DETOURS)
        .column("contracts.csv", "alternative_routes", &["wide ; slow", ""])
        .column("contracts.csv", "alternative_input_routes", &["back", ""]);
    let network = network(&files);
    let extras = network.contracts.extras_of(1);
    let days = |routes: &[RouteId]| routes.iter().map(|r| network.routes[r.index()].legs[0].days).collect::<Vec<_>>();
    assert_eq!((days(&extras.alternative_routes), days(&extras.alternative_input_routes)), (vec![20, 9], vec![9]));
    assert_eq!(network.contracts.extras.len(), 1, "the other contract has none");
}

const RATES: &str =
    "currency,from,usd_per_unit\nCNY,2020-01-01,$lead / 50\nKRW,2020-06-01,0.001\nCNY,2018-01-01,0.125\nCNY,2019-07-01,0.16\n";

#[test]
fn exchange_rates_by_currency_and_date() {
    let files = Files::valid().with("exchange_rates.csv", RATES);
    let case = files.readable();
    assert_eq!(Mapper::new(&case).currencies, ["USD", "CNY", "KRW"]);
    let network = network(&files);
    assert_eq!(network.other_currencies, 2);
    let rates: Vec<_> = network.rates.iter().map(|r| (r.currency.0, r.from, r.value)).collect();
    let cny = [("2018-01-01", 0.125), ("2019-07-01", 0.16), ("2020-01-01", 0.2)].map(|(from, value)| (1, day(from), value));
    assert_eq!(rates[..3], cny);
    assert_eq!(rates[3], (2, day("2020-06-01"), 0.001));
    assert_eq!(network_of_bank(&files).rates[2].value, 0.06);
}

/// Amounts in dollars are changed at the first day's rate; amounts in the own currency stay.
#[test]
fn amounts_of_firms_in_their_currency() {
    let files = column("firms.csv", "currency", &["CNY", "KRW", ""])
        .column("firms.csv", "opening_cash_usd", &["1000", "", "70"])
        .column("firms.csv", "opening_cash", &["", "5000", ""])
        .with("exchange_rates.csv", RATES);
    let firms = network(&files).firms;
    let money: Vec<_> = firms.iter().map(|f| (f.currency.0, f.wage_per_month, f.opening_cash)).collect();
    assert_eq!(money, [(2, 0.0, 5000.0), (1, 880.0, 8000.0), (0, 0.0, 70.0)], "110 / 0.125 and 1000 / 0.125");
    let own = files.edit("firms.csv", ",$wage,1,sat;sun", ",,1,sat;sun").edit(
        "parameters.csv",
        "wage,110,USD,75,160,sourced",
        "wage,110,CNY,75,160,sourced",
    );
    let own = own.column("firms.csv", "wage_per_month", &["$wage * 7", "", ""]);
    assert_eq!(network(&own).firms[1].wage_per_month, 770.0);
}

#[test]
fn amounts_of_contracts_in_their_currency() {
    let files = column("contracts.csv", "currency", &["CNY", "KRW"])
        .edit("contracts.csv", "home,,,5", "home,,,")
        .column("contracts.csv", "price_per_unit", &["", "5500"])
        .column("contracts.csv", "credit_limit_usd", &["$lead * 10", "none"])
        .with("exchange_rates.csv", RATES);
    let contracts = network(&files).contracts;
    assert_eq!([contracts.price_per_unit[1], contracts.price_per_unit[0]], [48.0, 5500.0], "6 / 0.125; its own");
    let (cloth, coats) = (contracts.extras_of(0), contracts.extras_of(1));
    assert_eq!((coats.currency, coats.credit_limit), (CurrencyId(1), 800.0), "100 / 0.125");
    assert_eq!((cloth.currency, cloth.credit_limit), (CurrencyId(2), f64::INFINITY));
    // Without a currency it is the case's, whichever column gives the price.
    let plain = Files::valid().edit("contracts.csv", "home,,,5", "home,,,").column("contracts.csv", "price_per_unit", &["", "5"]);
    let prices = network(&plain).contracts.price_per_unit;
    assert_eq!([prices[1], prices[0]], [6.0, 5.0]);
}

/// A firm of another currency sells to final demand in it.
#[test]
fn prices_of_final_demand() {
    let files = column("firms.csv", "currency", &["", "CNY", ""]).with("exchange_rates.csv", RATES);
    assert_eq!(network(&files).demands[0].price_per_unit, 1200.0, "150 / 0.125");
    let retail = files.edit("demand.csv", "02-28,150", "02-28,");
    assert_eq!(network(&retail).demands[0].price_per_unit, 1200.0, "the retail price is the same 150");
    assert_eq!(network(&Files::valid()).demands[0].price_per_unit, 150.0);
}

#[test]
fn workforce_and_insolvency() {
    let files = column("firms.csv", "hire_days", &["60", "", "none"])
        .column("firms.csv", "fire_days", &["$lead * 3", "", ""])
        .column("firms.csv", "insolvency_days", &["90", "45", ""])
        .column("firms.csv", "when_insolvent", &["rescue", "stop", ""])
        .column("firms.csv", "rescue_months", &["2.5", "", ""]);
    let firms = network(&files).firms;
    assert_eq!((firms[1].hire_days, firms[1].fire_days, firms[1].insolvency_days), (60.0, 30.0, 90.0));
    assert_eq!((firms[1].when_insolvent, firms[1].rescue_months), (WhenInsolvent::Rescue, 2.5));
    assert_eq!((firms[0].when_insolvent, firms[0].insolvency_days, firms[0].rescue_months), (WhenInsolvent::Stop, 45.0, 1.0));
    assert_eq!((firms[2].hire_days, firms[2].when_insolvent), (f64::INFINITY, WhenInsolvent::Continue));
}

/// A shop buys fabric from two mills; the second may only stand by.
fn two_mills(share: [&str; 2], quantity: [&str; 2], standby: &str) -> Vec<f64> {
    let files = Files::valid()
        .edit("firms.csv", "mill,Mill", "mill2,Mill,town,,textiles,40,30,50,,none,,assumed,\nmill,Mill")
        .edit("lines.csv", "mill,fabric", "mill2,fabric,none,,\nmill,fabric")
        .column("terms.csv", "moves_share", &["", "1"])
        .column("contracts.csv", "share", &["", share[0]])
        .column("contracts.csv", "quantity_per_day", &["", quantity[0]])
        .column("contracts.csv", "standby_share", &["", ""]);
    let row = format!("cloth2,mill2,client,fabric,sale,home,,,5,,,{},{},{standby}\n", share[1], quantity[1]);
    let text = files.text("contracts.csv") + &row;
    let case = files.with("contracts.csv", text).load().case.unwrap();
    let contracts = network_at(&case, &case.parameters.base_values()).contracts;
    // By id: cloth, cloth2, coats.
    (0..2).map(|row| contracts.share[row]).collect()
}

#[test]
fn a_contract_that_only_stands_by_has_no_share_of_its_own() {
    assert_eq!(two_mills(["", ""], ["", ""], ""), [0.5, 0.5]);
    assert_eq!(two_mills(["", ""], ["", ""], "0.4"), [1.0, 0.0]);
    assert_eq!(two_mills(["", ""], ["", ""], "0"), [1.0, 0.0], "also where a draw gives it nothing");
    assert_eq!(two_mills(["0.8", ""], ["", ""], "0.4"), [0.8, 0.0]);
    assert_eq!(two_mills(["", "0.25"], ["", ""], "0.4"), [0.75, 0.25], "a share of its own counts");
    assert_eq!(two_mills(["", ""], ["30", "10"], "0.4"), [0.75, 0.25], "so does a quantity");
}

/// The events of a case with one more, in scenario `closure`.
fn events(row: &str) -> Vec<Event> {
    let files = Files::valid().edit("events.csv", "shut,open_share", &format!("{row}\nshut,open_share")).with("exchange_rates.csv", RATES);
    let case = files.readable();
    let mapper = Mapper::new(&case);
    let values = case.parameters.base_values();
    mapper.events(&mapper.network(&values), &values, 0)
}

#[test]
fn new_kinds_of_event() {
    let event = &events("a,refusal,seller:maker,2020-01-01,2020-02-01,$lead / 20,3,,,closure")[0];
    assert_eq!((&event.change, event.value, event.ramp_in_days), (&Change::Refusal(vec![ContractId(1)]), 0.5, 3));
    assert_eq!((event.from, event.to), (day("2020-01-01"), Some(day("2020-02-01"))));
    let event = &events("a,exchange_rate,currency:KRW,2020-01-01,,0.9,,,,background")[0];
    assert_eq!((&event.change, event.value, event.background), (&Change::ExchangeRate(vec![CurrencyId(2)]), 0.9, true));
    let event = &events("a,exchange_rate,all,2020-01-01,,0.9,,,,closure")[0];
    assert_eq!(event.change, Change::ExchangeRate(vec![CurrencyId(1), CurrencyId(2)]), "not the case's own");
    let event = &events("a,default,firm:mill;sector:garments,$shut,,,,,,closure")[0];
    assert_eq!((&event.change, event.to), (&Change::Default(vec![FirmId(1), FirmId(2)]), None));
    assert_eq!(event.from, day("2020-01-28"));
}

#[test]
fn warm_up() {
    let files = Files::valid().edit("case.toml", "\"empty\"", "\"warm_up\"");
    let first_due = |files: &Files| network(files).orders.iter().map(|order| order.due).min().unwrap();
    let settings = network(&files).settings;
    assert_eq!((settings.start_state, settings.warm_up_days), (StartState::WarmUp, 365));
    assert_eq!(first_due(&files), day("2018-09-10"), "calendars reach back into the warm-up");
    let short = files.edit("case.toml", "seed = 7", "warm_up_days = 60");
    assert_eq!((network(&short).settings.warm_up_days, first_due(&short)), (60, day("2018-11-10")));
    assert_eq!(first_due(&Files::valid()), day("2019-09-10"));
}

/// All options together make a network that runs, and its books balance.
#[test]
fn a_case_with_every_option_runs() {
    let case = Files::everything().load().case.unwrap();
    let request = Request { scenario: 0, rows: 0..3, seed: 1, sweep: false, record: None };
    let study = study(&case, &request, &|| ()).unwrap();
    let summary = summary(&case, &study, "closure");
    for residual in ["goods_residual_max", "money_residual_max"] {
        let worst = summary["audit"][residual].as_f64().unwrap();
        assert!(worst <= 1e-12, "{residual} {worst}");
    }
}
