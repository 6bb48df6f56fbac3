//! Stores of sellers with different terms, stores below a day's need, and seasons that are the whole year. One weaver sells 80 m of cloth a
//! day at USD 3 and needs a kilogram of yarn at USD 1 for each; it starts steady.

mod common;

use common::Files;
use ripstop_case::{Case, Code, Diagnostic, Severity};
use ripstop_study::study::{Request, Study, study};

/// One spinner, on terms `t`.
fn chain() -> Files {
    let mut files = Files::valid();
    for name in files.names() {
        files = files.without(&name);
    }
    files
        .with(
            "case.toml",
            "[case]\nid = \"c\"\ntitle = \"t\"\nquestion = \"q?\"\nstart = 2024-03-01\nend = 2025-03-01\ndefault_scenario = \"stop\"\n\n\
             [settings]\nstart_state = \"steady\"\n\n[scenarios.stop]\ntitle = \"s\"\nabout = \"a\"\n",
        )
        .with("places.csv", "id,name,country\ntown,Town,CN\n")
        .with("products.csv", "id,name,unit,value_usd_per_unit\nyarn,Yarn,kg,1\ncloth,Cloth,m,3\n")
        .with("recipes.csv", "product,input,quantity_per_unit\ncloth,yarn,1\n")
        .with("firms.csv", "id,name,place,sector,opening_cash_usd\nspin,Spin,town,spinning,\nweave,Weave,town,weaving,10000\n")
        .with("lines.csv", "firm,product,capacity_per_day\nspin,yarn,none\nweave,cloth,100\n")
        .with("terms.csv", "id,ordering,stock_days,restock_days\nt,restock,6,2\n")
        .with("contracts.csv", "id,seller,buyer,product,terms,price_usd_per_unit\nc1,spin,weave,yarn,t,1\n")
        .with("demand.csv", "id,market,firm,product,quantity_per_day,price_usd_per_unit\nm,market,weave,cloth,80,3\n")
        .with("events.csv", "id,kind,target,from,to,value,scenarios\ne,capacity,line:weave/cloth,2024-07-01,2024-07-10,0.5,stop\n")
}

/// Two spinners of 60 a day with half each, on terms of their own: `terms` are rows t and u.
fn two(terms: &str) -> Files {
    chain()
        .with(
            "firms.csv",
            "id,name,place,sector,opening_cash_usd\nspin,Spin,town,spinning,\nspin2,Spin2,town,spinning,\nweave,Weave,town,weaving,10000\n",
        )
        .with("lines.csv", "firm,product,capacity_per_day\nspin,yarn,60\nspin2,yarn,60\nweave,cloth,100\n")
        .with("terms.csv", format!("id,ordering,stock_by,stock_days,restock_days,theft_share\n{terms}"))
        .with(
            "contracts.csv",
            "id,seller,buyer,product,terms,price_usd_per_unit,share\nc1,spin,weave,yarn,t,1,0.5\nc2,spin2,weave,yarn,u,1,0.5\n",
        )
}

fn made(case: &Case) -> Study {
    study(case, &Request { scenario: 0, rows: 0..0, seed: 1, sweep: false, record: None }, &|| ()).unwrap()
}

/// What is delivered under each contract on a day of the run without the event.
fn delivered(study: &Study, day: usize) -> Vec<f64> {
    let columns = &study.outcome.counterfactual.columns;
    let contracts = columns.contract_delivered.len() / study.outcome.counterfactual.days;
    columns.contract_delivered[day * contracts..(day + 1) * contracts].to_vec()
}

/// Cloth sold on every day of the run without the event.
fn sold(study: &Study) -> Vec<f64> {
    let columns = &study.outcome.counterfactual.columns;
    let demands = columns.demand_met.len() / study.outcome.counterfactual.days;
    columns.demand_met.chunks(demands).map(|day| day.iter().sum()).collect()
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found}, not {expected}");
}

/// One store, filled for the mean of 15 and 3 days: neither seller is asked for more than half. Before, each was asked by its own days.
#[test]
fn sellers_with_different_cover_deliver_their_shares() {
    for terms in [
        "t,restock,product,15,6,0\nu,restock,product,3,6,0\n",
        "t,restock,supplier,15,6,0\nu,restock,supplier,3,2,0\n",
        "t,restock,supplier,15,6,0\nu,restock,product,3,2,0\n",
        "t,restock,product,1,1,0\nu,restock,product,25,9,0\n",
    ] {
        let study = made(&two(terms).case());
        for day in [1, 2, 9, 100, 365] {
            let delivered = delivered(&study, day);
            near(delivered[0], 40.0);
            near(delivered[1], 40.0);
        }
        sold(&study).iter().for_each(|&sold| near(sold, 80.0));
    }
    // A fifth of what one sends is stolen on the way: it sends 50, and 40 arrive.
    let study = made(&two("t,restock,product,15,6,0\nu,restock,product,3,4,0.2\n").case());
    [2, 200].iter().for_each(|&day| near(delivered(&study, day)[1], 40.0));
}

/// Stopped for 60 days, a seller costs what it costs where both have the mean. By hand: its share is missing from 1 May to 30 June, 40 a
/// day; the mean store of 9 days, 720, is down to a day's need on 17 May, and on the 44 days from 18 May to 30 June 40 m are lost, 5,280 in
/// value. Where the other takes over, as published, it is 1,922 of value added; by each seller's own days it was 2,396.
#[test]
fn a_stop_costs_what_the_mean_cover_lets_it_cost() {
    let stopped = |terms: &str, shares: &str| {
        let event = "id,kind,target,from,to,value,scenarios\ne,capacity,line:spin2/yarn,2024-05-01,2024-06-29,0,stop\n";
        let files = two(terms).edit("case.toml", "[settings]\n", &format!("[settings]\nshares = \"{shares}\"\n"));
        let study = made(&files.with("events.csv", event).case());
        (study.losses.value_added, study.losses.final_demand_unmet)
    };
    for (shares, unmet) in [("bind", Some(44.0 * 40.0 * 3.0)), ("published", None)] {
        let (mixed, mixed_unmet) = stopped("t,restock,product,15,6,0\nu,restock,product,3,6,0\n", shares);
        let (alike, same) = stopped("t,restock,product,9,6,0\nu,restock,product,9,6,0\n", shares);
        near(mixed, alike);
        near(mixed_unmet, same);
        if let Some(unmet) = unmet {
            assert!((same - unmet).abs() < 1e-6, "{same}");
        } else {
            assert_eq!(mixed.round(), by_hand(9.0, 6.0).round());
            assert_eq!(mixed.round(), 1922.0);
        }
        // Gaps closed in 3 and 9 days are closed in 6.
        near(stopped("t,restock,product,15,3,0\nu,restock,product,3,9,0\n", shares).0, alike);
    }
}

/// Value added lost by the published rule, with a pencil's means: the weaver's store, what the two spinners send, what each could.
fn by_hand(n: f64, tau: f64) -> f64 {
    let (mut store, mut coming) = ((n - 1.0) * 80.0, [40.0, 40.0]);
    let mut lost = 0.0;
    for day in 0..366 {
        store += coming[0] + coming[1];
        let order = 0.5 * (80.0 + (n * 80.0 - store) / tau).max(0.0);
        let cloth = store.min(80.0);
        store -= cloth;
        // 1 May is day 61, 29 June day 120.
        let most = if (61..121).contains(&day) { [60.0, 0.0] } else { [60.0, 60.0] };
        let spun = [order.min(most[0]), order.min(most[1])];
        lost += 2.0 * (80.0 - cloth) + (80.0 - spun[0] - spun[1]);
        coming = spun;
    }
    lost
}

/// A store below a day's need can never fill it: 66.7 of 80 m were made for ever. It is refused wherever it can come from.
#[test]
fn a_store_below_a_day_is_refused() {
    let told = |files: &Files, file: &str, needle: &str| {
        let (loaded, place) = (files.load(), files.place(file, needle, 0));
        let at = |fault: &&Diagnostic| {
            fault.code == Code::BelowMinimum && fault.file.to_str() == Some(file) && (fault.line, fault.column) == place
        };
        let fault = loaded.diagnostics.iter().find(at).unwrap_or_else(|| panic!("{needle}: {:#?}", loaded.diagnostics));
        assert!(fault.message.contains("at least 1") && fault.fix.contains("1 or more"), "{fault:?}");
    };
    let cell = |days: &str| chain().edit("terms.csv", "restock,6", &format!("restock,{days}"));
    for days in ["0.5", "0", "0.99", "1 / 2"] {
        told(&cell(days), "terms.csv", days);
        told(&cell(days).column("terms.csv", "stock_by", &["supplier"]), "terms.csv", days);
    }
    let parameter = |row: &str, cell_is: &str| cell(cell_is).with("parameters.csv", format!("name,value,unit,low,high,basis\n{row}\n"));
    told(&parameter("n,0.5,days,,,assumed", "$n"), "terms.csv", "$n");
    told(&parameter("n,4,days,0.5,6,assumed", "$n"), "terms.csv", "$n");
    told(&parameter("n,4,days,,,assumed", "$n / 8"), "terms.csv", "$n / 8");
    let low = chain().with("terms.csv", "id,ordering,stock_days,stock_days_low,stock_days_high,restock_days\nt,restock,2,0.5,3,2\n");
    assert!(low.load().diagnostics.iter().any(|fault| fault.code == Code::BelowMinimum && fault.line == 2), "a range of the cell");
    let ranged = parameter("n,4,days,2,6,assumed", "$n / 3");
    assert!(ranged.load().diagnostics.iter().any(|fault| fault.code == Code::BelowMinimum), "a formula at the low end");
    let set = parameter("n,4,days,,,assumed", "$n").edit("case.toml", "about", "set = { n = 0.5 }\nabout");
    told(&set, "case.toml", "0.5");
}

#[test]
fn days_of_stock_that_say_nothing_or_enough_are_read() {
    for days in ["1", "1.0", "", "1.5", "400"] {
        let files = chain().edit("terms.csv", "restock,6", &format!("restock,{days}"));
        assert_eq!(files.load().errors(), 0, "{days}");
    }
    // One day is enough: what is ordered today is there when it is needed tomorrow.
    let study = made(&chain().edit("terms.csv", "restock,6", "restock,1").case());
    sold(&study).iter().for_each(|&sold| near(sold, 80.0));
    // Who orders by dates keeps no such store.
    let other = Files::valid().column("terms.csv", "stock_days", &["0", "0.5"]);
    assert_eq!(other.load().errors(), 0);
    assert!(chain().edit("terms.csv", ",6,2", ",6,0.5").load().diagnostics.iter().any(|fault| fault.code == Code::BelowMinimum));
}

/// A season that is the whole year is none, and so are several that together make it up. Before, the weaver began without yarn.
#[test]
fn seasons_of_the_whole_year_are_none() {
    let header = "id,market,firm,product,quantity_per_day,price_usd_per_unit,season_from,season_to\n";
    let plain = made(&chain().case());
    for rows in [
        &["80,3,01-01,12-31"][..],
        &["80,3,07-01,06-30"],
        &["80,3,03-01,02-29"],
        &["80,3,02-29,02-28"],
        &["80,3,03-01,02-28"],
        &["80,3,01-01,06-30", "80,3,07-01,12-31"],
        &["80,3,10-01,03-31", "80,3,04-01,09-30"],
        &["80,3,01-01,02-29", "80,3,03-01,07-31", "80,3,08-01,12-31"],
        &["30,3,01-01,12-31", "50,3,,"],
        &["80,3,02-29,06-30", "80,3,07-01,02-28"],
    ] {
        let rows: String = rows.iter().enumerate().map(|(at, row)| format!("m{at},market,weave,cloth,{row}\n")).collect();
        let files = chain().with("demand.csv", format!("{header}{rows}"));
        let faults: Vec<_> = files.load().diagnostics.iter().filter(|fault| fault.severity == Severity::Error).cloned().collect();
        assert_eq!(faults, [], "{rows}");
        assert!(!files.load().diagnostics.iter().any(|fault| fault.code == Code::SeasonAlmostAYear), "{rows}");
        let study = made(&files.case());
        assert!(sold(&study).iter().all(|&sold| (sold - 80.0).abs() <= 80.0 * 1e-12), "{rows}: {:?}", &sold(&study)[..12]);
        near(study.losses.value_added, plain.losses.value_added);
    }
    // A leap day in the run: 1 March to 28 February leaves none out.
    let leap = chain()
        .edit("case.toml", "2024-03-01", "2024-01-15")
        .with("demand.csv", format!("{header}m,market,weave,cloth,80,3,03-01,02-28\n"));
    sold(&made(&leap.case())).iter().for_each(|&sold| near(sold, 80.0));
    // What is there all year is the steady start: 50, and 30 more in winter.
    let winter = format!("{header}a,market,weave,cloth,50,3,,\nb,market,weave,cloth,30,3,10-01,02-28\n");
    let winter = sold(&made(&chain().with("demand.csv", winter).case()));
    near(winter[0], 50.0);
    near(winter[213], 50.0);
}
