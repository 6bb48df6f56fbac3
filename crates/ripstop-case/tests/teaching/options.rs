//! Cases of single options: sharing a shortage, a season missed, a client that fails.

use crate::*;

// ---------------------------------------------------------------------------------------------------- four-ways-to-share

/// What each customer asks and gets, and what is lost: hospital, bakery, counter, hospital, bakery, counter, meals, bread.
fn sharing(run: &Run) -> [Vec<f64>; 8] {
    let asks = |contract| run.flow(contract, |s, flow| s.state.ordered[flow]);
    let gets = |contract| run.flow(contract, |s, flow| s.state.shipped[flow]);
    [
        asks("flour-to-hospital"),
        asks("flour-to-bakery"),
        run.demand("counter", |s, m| s.state.demand_wanted[m]),
        gets("flour-to-hospital"),
        gets("flour-to-bakery"),
        run.demand("counter", |s, m| s.state.demand_met[m]),
        run.demand("meals", |s, m| s.state.demand_lost[m]),
        run.demand("bread", |s, m| s.state.demand_lost[m]),
    ]
}

const SHARING: [&str; 8] =
    ["hospital asks", "bakery asks", "counter asks", "hospital gets", "bakery gets", "counter gets", "unfed", "no bread"];

#[test]
fn four_ways_to_share_by_hand() {
    let dir = folder("four-ways-to-share");
    // What each of the three gets on 11 and 12 March.
    let rules = [
        ("proportional", "proportional", [30.0, 28.125], [22.5, 23.4375], [22.5, 23.4375]), // 0.75; 75/(45 + 37.5 + 37.5)
        ("least-served", "least served", [30.0, 30.0], [22.5, 22.5], [22.5, 22.5]),         // 75/100 of the usual, twice
        ("by-class", "by class", [40.0, 40.0], [17.5, 17.5], [17.5, 17.5]),                 // 35 for 60; 35 for 42.5 + 42.5
        ("oldest-first", "oldest", [30.0, 27.0], [22.5, 22.5], [22.5, 25.5]),               // 7.5 first, then 67.5/112.5
    ];
    let mut columns = Vec::new();
    for (scenario, name, hospital, bakery, counter) in &rules {
        let run = run(&dir, scenario);
        let found = sharing(&run);
        for (customer, expected) in [(3, hospital), (4, bakery), (5, counter)] {
            expect(&format!("{} {name}", SHARING[customer]), &found[customer], "11 Mar", expected);
        }
        let handed_out: f64 = found[3..6].iter().map(|column| column[10] + column[11]).sum();
        assert!(is(handed_out, 150.0), "a rule moves a shortage, it does not lessen it");
        only_on("the counter loses nobody", &run.demand("counter", |s, m| s.state.demand_lost[m]), &[]);
        stands_still(&run.study.outcome.counterfactual);
        columns.extend(SHARING.iter().zip(found).map(|(what, column)| (format!("{what}, {name}"), column)));
    }
    let columns: Vec<(&str, Vec<f64>)> = columns.iter().map(|(name, column)| (name.as_str(), column.clone())).collect();
    readme_days(&dir, &columns);
    let fields = [
        ("losses.final_demand_unmet_usd", 71.875), // 35.9375 kg at 2 USD
        ("losses.output_usd", 107.8125),           // and their flour at 1 USD
        ("losses.value_added_usd", 71.875),
        ("losses.direct_usd", 35.9375), // the mill
        ("losses.indirect_usd", 71.875),
    ];
    let summary = run(&dir, "proportional").summary();
    summary_is(&summary, &fields);
    readme_summary(&dir, &summary, &names(&fields));
}

// --------------------------------------------------------------------------------------------------------- season-missed

#[test]
fn season_missed_by_hand() {
    let dir = folder("season-missed");
    let run = run(&dir, "closure");
    let f = run.row("firms", "factory");
    let received = run.grows(|s| s.state.received_money[f]);
    // Prepaid; half of lot 1 two days after delivery; half of the claim; σ of lot 1 two days after the season; lot 2 less what was paid of it.
    let fee = [("1 Mar", 480.0), ("13 Mar", 480.0), ("4 Apr", 480.0), ("12 Apr", 480.0), ("20 Apr", 480.0)];
    only_on("received", &received, &fee);
    let delivered = run.line_grows("winter-order", |s, order| s.state.billed[order]);
    only_on("delivered", &delivered, &[("11 Mar", 120.0), ("18 Apr", 120.0)]);
    let stranded = run.series("product", "coat", "stranded");
    only_on("stranded", &stranded, &[("16–31 Mar", 120.0), ("1–15 Apr", 120.0)]);
    only_on("claim", &factory(&run, "claims"), &[("4–15 Apr", 480.0)]);
    only_on("overdue", &factory(&run, "receivable_overdue"), &[]);
    let fields = [
        ("stranded.pieces", 120.0),
        ("stranded.value_usd", 1680.0), // 120 · 14
        ("stranded.by_owner.client", 1680.0),
        ("unpaid.claims_usd", 480.0),
        ("unpaid.overdue_usd", 0.0),
        ("by_bearer.factory", 480.0), // 2,400 − 1,920
        ("by_bearer.client", 360.0),  // 840 of markdown − 480
        ("losses.output_usd", 0.0),
        ("losses.value_added_usd", 0.0),
    ];
    let summary = run.summary();
    summary_is(&summary, &fields);
    assert_eq!((&summary["claims"]["outcomes_hold"], &summary["claims"]["outcomes_total"]), (&2.into(), &2.into()));
    readme_summary(&dir, &summary, &names(&fields));
    readme_days(
        &dir,
        &[
            ("coats there", run.series("product", "coat", "waiting")),
            ("stranded", stranded),
            ("delivered", delivered),
            ("received", received),
            ("factory's cash", factory(&run, "cash")),
            ("receivable", factory(&run, "receivable")),
            ("claim", factory(&run, "claims")),
        ],
    );
}

// ------------------------------------------------------------------------------------------------------- client-defaults

#[test]
fn client_defaults_by_hand() {
    let dir = folder("client-defaults");
    let [base, stops, rescued] = ["goes-on", "stops", "rescued"].map(|scenario| run(&dir, scenario));
    let f = base.row("firms", "factory");
    let sewn = base.output("factory/coat");
    only_on("sewn", &sewn, &[("4–9 Mar", 20.0), ("11–16 Mar", 20.0)]);
    only_on("receivable", &factory(&base, "receivable"), &[("10–14 Mar", 960.0)]); // 1,200 − 240
    only_on("bad debt", &factory(&base, "bad_debt"), &[("15–31 Mar", 960.0), ("1–30 Apr", 960.0)]);
    only_on("received", &base.grows(|s| s.state.received_money[f]), &[("2 Mar", 480.0)]);
    // March: 480 + 280; April: 520, or half a month of half pay to the day it is wound up.
    only_on("wages due", &base.grows(|s| s.state.wages_due[f]), &[("31 Mar", 760.0), ("30 Apr", 520.0)]);
    only_on("wages due, stops", &stops.grows(|s| s.state.wages_due[f]), &[("31 Mar", 760.0), ("15 Apr", 260.0)]);
    only_on("rescue", &rescued.grows(|s| s.state.rescued[f]), &[("15 Apr", 1320.0)]); // 280 + 1,040
    only_on("jobs", &factory(&stops, "dismissed"), &[("15–30 Apr", 10.0)]);
    let house = rescued.watch(|s| s.state.cash[s.plan.owner_account(f)]);
    expect("house", &house, "14 Apr", &[2000.0, 680.0]);
    let fields = [
        ("stranded.pieces", 120.0),
        ("stranded.value_usd", 1680.0),
        ("unpaid.invoices_usd", 0.0),
        ("unpaid.wages_usd", 800.0),
        ("unpaid.worker_days", 200.0),
        ("losses.output_usd", 3360.0),
        ("by_bearer.factory", 3280.0), // 4,800 − 880 − 640
        ("by_bearer.workers", 1040.0), // 1,520 − 480
        ("by_bearer.client", -1920.0), // coats of lots 1 and 2 it never paid: 2 · 960
        ("by_bearer.others", 960.0),   // 480 m of fabric
        ("stopped_days_by_cause.no orders", 19.0),
    ];
    let summary = base.summary();
    summary_is(&summary, &fields);
    readme_summary(&dir, &summary, &names(&fields));
    let mut columns = vec![
        ("sewn", sewn),
        ("stranded", base.series("product", "coat", "stranded")),
        ("receivable", factory(&base, "receivable")),
        ("bad debt", factory(&base, "bad_debt")),
        ("house's cash", house),
    ];
    for (run, names) in [
        (&base, ["cash", "wages owed", "worker-days owed"]),
        (&stops, ["cash, stops", "wages owed, stops", "worker-days owed, stops"]),
        (&rescued, ["cash, rescued", "wages owed, rescued", "worker-days owed, rescued"]),
    ] {
        let found = ["cash", "wages_unpaid", "wages_unpaid_worker_days"].map(|variable| factory(run, variable));
        columns.extend(names.into_iter().zip(found));
    }
    readme_days(&dir, &columns);
}

// -------------------------------------------------------------------------------------------------- stores-at-the-maker

/// Sewn on a day; fabric and coats at the factory in the evening.
fn at_the_maker(run: &Run) -> [Vec<f64>; 3] {
    [run.output("factory/coat"), run.watch(|s| sum(&s.state.input_stock)), run.watch(|s| sum(&s.state.order_finished))]
}

#[test]
fn stores_at_the_maker_by_hand() {
    let dir = folder("stores-at-the-maker");
    let [open, closure] = ["open", "closure"].map(|scenario| run(&dir, scenario));
    let [sewn, fabric, coats] = at_the_maker(&open);
    // Planned on the 15th; on the 16th and later the days that are left would not do.
    only_on("sewn", &sewn, &[("15 Mar", 10.0), ("16–25 Mar", 20.0)]);
    let [sewn_shut, fabric_shut, coats_shut] = at_the_maker(&closure);
    only_on("sewn, shut", &sewn_shut, &[("15 Mar", 10.0), ("16–22 Mar", 20.0), ("23 Mar", 10.0)]);
    // Sewn as soon as fabric and hands are there: nothing lies where 20 a day are not too few.
    let early = variant("stores-at-the-maker", "terms.csv", "continuous,spread", "continuous,early");
    let [sewn_early, fabric_early, _] = at_the_maker(&run_case(load(early.path()).case.unwrap(), "closure"));
    only_on("sewn early", &sewn_early, &[("10 Mar", 20.0), ("13 Mar", 20.0), ("15–19 Mar", 20.0), ("20 Mar", 20.0)]);
    expect("fabric, early", &fabric_early, "10 Mar", &[0.0, 0.0, 0.0, 0.0, 0.0, 60.0, 60.0]);
    let fields = [
        ("stranded.pieces", 160.0),
        ("stranded.value_usd", 2240.0),
        ("stranded.by_owner.client", 2240.0),
        ("held.value_usd", 200.0),
        ("losses.value_added_usd", 500.0),
        ("stopped_days_by_cause.input fabric", 8.0),
    ];
    let summary = closure.summary();
    summary_is(&summary, &fields);
    readme_summary(&dir, &summary, &names(&fields));
    readme_days(
        &dir,
        &[
            ("fabric there", fabric),
            ("sewn", sewn),
            ("coats there", coats),
            ("fabric there, shut", fabric_shut),
            ("sewn, shut", sewn_shut),
            ("coats there, shut", coats_shut),
            ("stranded, shut", closure.series("product", "coat", "stranded")),
        ],
    );
}

// ----------------------------------------------------------------------------------------------------------- frozen-zone

#[test]
fn frozen_zone_by_hand() {
    let dir = folder("frozen-zone");
    let [closed, seized, carried] = ["closed", "seized", "carried-out"].map(|scenario| run(&dir, scenario));
    only_on("sewn", &closed.output("factory/coat"), &[("15–18 Mar", 10.0), ("26 Mar", 20.0)]);
    only_on("sewn, seized", &seized.output("factory/coat"), &[("15–18 Mar", 10.0)]);
    // What is caught, by owner and state, sums to what the audit holds in the town the same day: 40 m, 10 coats.
    let caught = closed.series("total", "", "caught_value");
    only_on("caught", &caught, &[("19–25 Mar", 220.0)]);
    let there = |variable: &str| closed.series("store", "factory-town/client", variable);
    for t in steps("19–25 Mar") {
        let states = there("inputs_value")[t] + there("finished_not_due_value")[t];
        assert!(is(states, caught[t]) && is(there("caught_value")[t], caught[t]), "step {t}");
    }
    // All there is of both goods: what is in the town, and what the client has of coats (30 of the first lot) and fabric (none).
    let content = |product: &str, units: &str| closed.series("product", product, units)[steps("22 Mar").next().unwrap()];
    assert!(is(content("fabric", "in_system"), 40.0) && is(content("coat", "in_system"), 10.0 + 30.0));
    only_on("forfeited fabric", &seized.series("product", "fabric", "forfeited"), &[("26 Mar", 40.0)]);
    only_on("forfeited coats", &seized.series("product", "coat", "forfeited"), &[("26 Mar", 10.0)]);
    only_on("carried out", &carried.series("product", "fabric", "carried_out"), &[("18 Mar", 30.0)]);
    only_on("forfeited, carried out", &carried.series("product", "fabric", "forfeited"), &[("26 Mar", 10.0)]);
    only_on("caught, carried out", &carried.series("total", "", "caught_value"), &[("19–25 Mar", 160.0)]);
    let fields = [
        ("caught.value_usd", 220.0),
        ("caught.by_reason.frozen", 220.0),
        ("caught.by_state.inputs", 80.0),
        ("caught.by_state.finished_not_due", 140.0),
        ("caught.by_owner.client", 220.0),
        ("stopped_days_by_cause.frozen", 4.0),
    ];
    let summary = closed.summary();
    summary_is(&summary, &fields);
    readme_summary(&dir, &summary, &names(&fields));
    assert_eq!((&summary["claims"]["outcomes_hold"], &summary["claims"]["outcomes_total"]), (&4.into(), &4.into()));
    let fabric = |run: &Run| run.watch(|s| sum(&s.state.input_stock));
    let coats = |run: &Run| run.watch(|s| sum(&s.state.order_finished));
    readme_days(
        &dir,
        &[
            ("fabric there", fabric(&closed)),
            ("coats there", coats(&closed)),
            ("sewn", closed.output("factory/coat")),
            ("caught", caught),
            ("fabric there, seized", fabric(&seized)),
            ("coats there, seized", coats(&seized)),
            ("fabric there, carried out", fabric(&carried)),
            ("coats there, carried out", coats(&carried)),
        ],
    );
}
