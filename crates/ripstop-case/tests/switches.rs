//! Shares that bind and switches, from the files: what a case says by default, and what takes over in time. A weaver needs 20 kg a day of two
//! spinners with shares of 0.8 and 0.2; the large one lies behind a bridge that shuts on 15 February.

mod common;

use common::Files;
use ripstop_case::{Case, Code};
use ripstop_study::study::{Request, Study, study};

const CONTRACTS: &str = "id,seller,buyer,product,terms,route,price_usd_per_unit,share";
/// The way shuts on step 45, the last recorded step is 119.
const SHUT: usize = 45;

fn two(stock_days: u32, stock_by: &str) -> Files {
    let mut files = Files::valid();
    for name in files.names() {
        files = files.without(&name);
    }
    files
        .with(
            "case.toml",
            "[case]\nid = \"c\"\ntitle = \"t\"\nquestion = \"q?\"\nstart = 2025-01-01\nend = 2025-04-30\ndefault_scenario = \"closure\"\n\n\
             [settings]\nstart_state = \"steady\"\n\n[scenarios.closure]\ntitle = \"s\"\nabout = \"a\"\n",
        )
        .with("places.csv", "id,name,country\nmill,Mill,YY\nloom,Loom,XX\n")
        .with("crossings.csv", "id,name,place_a,place_b\nbridge,Bridge,mill,loom\n")
        .with("routes.csv", "route,leg,from,to,days,crossing\nover,1,mill,loom,2,bridge\n")
        .with("products.csv", "id,name,unit,value_usd_per_unit\nyarn,Yarn,kg,2\ncloth,Cloth,m,6\n")
        .with("recipes.csv", "product,input,quantity_per_unit\ncloth,yarn,1\n")
        .with("firms.csv", "id,name,place,sector,opening_cash_usd\nlarge,Large,mill,s,\nsmall,Small,loom,s,\nweaver,Weaver,loom,w,5000\n")
        .with("lines.csv", "firm,product,capacity_per_day\nlarge,yarn,none\nsmall,yarn,none\nweaver,cloth,30\n")
        .with("terms.csv", format!("id,ordering,stock_days,restock_days,stock_by\nt,restock,{stock_days},3,{stock_by}\n"))
        .with("contracts.csv", format!("{CONTRACTS}\na,large,weaver,yarn,t,over,2,0.8\nb,small,weaver,yarn,t,,2,0.2\n"))
        .with("demand.csv", "id,market,firm,product,quantity_per_day,price_usd_per_unit,patience_days\nm,market,weaver,cloth,20,6,7\n")
        .with("events.csv", "id,kind,target,from,to,value,scenarios\nshut,open_share,crossing:bridge,2025-02-15,,0,closure\n")
}

fn made(case: &Case) -> Study {
    study(case, &Request { scenario: 0, rows: 0..0, seed: 1, sweep: false, record: None }, &|| ()).unwrap()
}

/// What the small spinner delivers, day by day.
fn small(study: &Study) -> Vec<f64> {
    study.outcome.scenario.columns.contract_delivered.iter().skip(1).step_by(2).copied().collect()
}

fn set(files: Files, setting: &str) -> Files {
    files.edit("case.toml", "[settings]\n", &format!("[settings]\n{setting}\n"))
}

#[test]
fn the_small_seller_stays_at_its_share() {
    // By hand: the store falls by 16 a day from 17 February on; with 15 days 12 kg are left on 6 March and 4 come a day: 8 + 55 · 16 m at
    // USD 6 are lost. With 7 days it is 24 February, and 8 + 65 · 16.
    for (cover, unmet) in [(15, 6.0 * (8.0 + 55.0 * 16.0)), (7, 6.0 * (8.0 + 65.0 * 16.0))] {
        for by in ["product", "supplier"] {
            let study = made(&two(cover, by).case());
            assert!(small(&study).iter().all(|sent| (sent - 4.0).abs() < 1e-9), "{cover} {by}: {:?}", small(&study));
            let found = study.losses.final_demand_unmet;
            assert!((found - unmet).abs() < 1e-6 * unmet, "{cover} {by}: {found}, by hand {unmet}");
        }
    }
}

#[test]
fn with_a_switch_it_follows_the_ramp() {
    // Half of the need; k = 3 on the fourth day: 4 + ¼ · 10 and so on; what is ordered on a day is delivered on the next.
    let contracts = format!(
        "{CONTRACTS},switch_share,switch_after_days,switch_days\na,large,weaver,yarn,t,over,2,0.8,,,\nb,small,weaver,yarn,t,,2,0.2,0.5,3,4\n"
    );
    for by in ["product", "supplier"] {
        let study = made(&two(15, by).with("contracts.csv", &contracts).case());
        let found = small(&study);
        for (k, sent) in [4.0, 4.0, 4.0, 6.5, 9.0, 11.5, 14.0, 14.0].iter().enumerate() {
            assert!((found[SHUT + 1 + k] - sent).abs() < 1e-9, "{by}, day {k}: {}, by hand {sent}", found[SHUT + 1 + k]);
        }
        assert!(found[SHUT + 8..].iter().all(|sent| (sent - 14.0).abs() < 1e-9));
    }
}

#[test]
fn a_new_seller_follows_its_ramp_and_is_paid_abroad() {
    let switches = "buyer,product,country,share,after_days,ramp_days,price_usd_per_unit,capacity_per_day,travel_days\n\
                    weaver,yarn,QM,0.5,3,4,3,none,5\n";
    let study = made(&two(15, "product").with("switches.csv", switches).case());
    let record = &study.outcome.scenario;
    // Of the two products only yarn is bought outside.
    let imported: Vec<f64> = record.columns.product_imported.chunks(2).map(|day| day[0] + day[1]).collect();
    for (k, sent) in [0.0, 0.0, 0.0, 2.5, 5.0, 7.5, 10.0, 10.0].iter().enumerate() {
        assert!((imported[SHUT + k] - sent).abs() < 1e-9, "day {k}: {}, by hand {sent}", imported[SHUT + k]);
    }
    assert!(small(&study).iter().all(|sent| (sent - 4.0).abs() < 1e-9));
    assert!(record.goods_residual_max() <= 1e-12 && record.money_residual_max() <= 1e-12);
}

#[test]
fn shares_bind_where_contracts_are_declared() {
    let binds = |files: Files| files.load().case.expect("no errors").shares_bind();
    assert!(binds(two(15, "product")));
    assert!(!binds(set(two(15, "product"), "shares = \"published\"")));
    assert!(!binds(set(two(15, "product"), "plan = \"realised\"")));
    assert!(binds(set(two(15, "product"), "plan = \"realised\"\nshares = \"bind\"")));
    // The published rule brings the other to the whole need.
    let study = made(&set(two(15, "product"), "shares = \"published\"").case());
    assert!(*small(&study).last().unwrap() > 19.0);
}

#[test]
fn what_cannot_act_is_refused_or_doubted() {
    let contracts = |extra: &str, large: &str, small: &str| {
        two(15, "product").with(
            "contracts.csv",
            format!("{CONTRACTS},{extra}\na,large,weaver,yarn,t,over,2,0.8{large}\nb,small,weaver,yarn,t,,2,0.2{small}\n"),
        )
    };
    let found = |files: &Files| files.load().diagnostics.iter().map(|found| (found.code, found.line, found.column)).collect::<Vec<_>>();
    let alone = two(15, "product").with("contracts.csv", format!("{CONTRACTS},switch_share\na,large,weaver,yarn,t,over,2,1,0.5\n"));
    assert!(found(&alone).contains(&(Code::SwitchesNothing, 2, 32)), "{:?}", found(&alone));
    let times = contracts("switch_days", ",", ",30");
    assert!(found(&times).iter().any(|found| (found.0, found.1) == (Code::SwitchesNothing, 3)), "{:?}", found(&times));
    let both = contracts("standby_share,switch_share", ",,", ",0.1,0.2");
    assert!(found(&both).iter().any(|found| found.0 == Code::GivenTwice), "{:?}", found(&both));
    let published = set(contracts("switch_share", ",", ",0.2"), "shares = \"published\"");
    assert!(found(&published).iter().any(|found| (found.0, found.1) == (Code::SharesDoNotBind, 3)), "{:?}", found(&published));
    let follows = set(two(15, "product"), "shares = \"bind\"\ncompat = \"inoue-todo-2019\"");
    assert!(found(&follows).iter().any(|found| found.0 == Code::SharesDoNotBind), "{:?}", found(&follows));
    let new = "buyer,product,country,share\nweaver,cloth,QM,0.5\n";
    let nobody = two(15, "product").with("switches.csv", new);
    assert!(found(&nobody).iter().any(|found| (found.0, found.1) == (Code::SwitchesNothing, 2)), "{:?}", found(&nobody));
    let published = set(two(15, "product").with("switches.csv", new.replace("cloth", "yarn")), "shares = \"published\"");
    assert!(found(&published).iter().any(|found| (found.0, found.1) == (Code::SharesDoNotBind, 2)), "{:?}", found(&published));
    let good = contracts("switch_share,switch_days", ",,", ",0.2,$missing");
    assert!(found(&good).iter().any(|found| found.0 == Code::UnknownParameter));
}
