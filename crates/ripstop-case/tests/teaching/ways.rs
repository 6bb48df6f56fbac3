//! Cases of ways and limits: fish that waits, orders that move, a ring of suppliers, a second currency, a narrow crossing.

use crate::*;
use ripstop::plan::Account;

/// Units of a standing contract that are held, in the evening.
fn held(run: &Run, contract: &str) -> Vec<f64> {
    run.flow(contract, |s, flow| s.plan.flow_held(&s.state.cells, flow))
}

/// What is ordered, sent and received under a standing contract each day.
fn trade(run: &Run, contract: &str) -> [Vec<f64>; 3] {
    [
        run.flow(contract, |s, flow| s.state.ordered[flow]),
        run.flow(contract, |s, flow| s.state.shipped[flow]),
        run.flow(contract, |s, flow| s.state.arrived[flow]),
    ]
}

/// What a buyer has of a contract's product in the morning: what is left in the evening and what `line` used, `per_unit` a unit.
fn in_store(run: &Run, contract: &str, line: &str, per_unit: f64) -> Vec<f64> {
    let line = run.row("lines", line);
    run.flow(contract, |s, flow| s.state.stock[s.plan.standing.point[flow] as usize] + per_unit * s.state.output[line])
}

// --------------------------------------------------------------------------------------------------- fish-at-the-border

#[test]
fn fish_at_the_border_by_hand() {
    let dir = folder("fish-at-the-border");
    let run = run(&dir, "closure");
    let [hill_orders, _, hill_gets] = trade(&run, "fish-to-hill");
    let [lake_orders, _, lake_gets] = trade(&run, "fish-to-lake");
    let (hill_held, lake_held) = (held(&run, "fish-to-hill"), held(&run, "fish-to-lake"));
    let evenings = [80.0, 64.0, 51.2, 40.96]; // 100 · 0.8ⁿ
    expect("held", &hill_held, "11 Mar", &evenings);
    expect("held", &lake_held, "11 Mar", &evenings);
    expect("spoilt", &run.series("product", "fish", "spoilt"), "11 Mar", &[40.0, 32.0, 25.6, 20.48]);
    // The ferry of the 11th arrives on the 14th; 300 less what is in store and on the way is ordered.
    expect("lake gets", &lake_gets, "11 Mar", &[100.0, 0.0, 0.0, 100.0, 120.0]);
    expect("lake orders", &lake_orders, "11 Mar", &[100.0, 120.0, 16.0, 12.8, 110.24]);
    expect("hill gets", &hill_gets, "11 Mar", &[100.0, 0.0, 0.0, 0.0, 0.0, 40.96, 259.04]);
    let fields = [("stopped_days_by_cause.input fish", 6.0), ("stranded.pieces", 0.0)];
    let summary = run.summary();
    summary_is(&summary, &fields);
    readme_summary(&dir, &summary, &names(&fields));
    stands_still(&run.study.outcome.counterfactual);
    readme_days(
        &dir,
        &[
            ("hill orders", hill_orders),
            ("lake orders", lake_orders),
            ("caught", run.output("fishery/fish")),
            ("hill held", hill_held),
            ("lake held", lake_held),
            ("hill gets", hill_gets),
            ("lake gets", lake_gets),
            ("hill meals", run.output("hill/meals")),
            ("lake meals", run.output("lake/meals")),
            ("spoilt", run.series("product", "fish", "spoilt")),
        ],
    );
}

// ----------------------------------------------------------------------------------------------------------- order-moves

#[test]
fn order_moves_by_hand() {
    let dir = folder("order-moves");
    let [moves, waits] = ["closure", "nobody-moves"].map(|scenario| run(&dir, scenario));
    let [_, from_town, _] = trade(&moves, "boards-town");
    let [_, from_valley, _] = trade(&moves, "boards-valley");
    // Half of the need, and the store is filled by the valley: 100 + (200 − 50).
    only_on("from town", &from_town, &[("11–20 Mar", 50.0)]);
    expect("from the valley", &from_valley, "20 Mar", &[0.0, 250.0, 50.0, 100.0]);
    let tables = [("1–13 Mar", 50.0), ("14–21 Mar", 25.0), ("22–31 Mar", 50.0), ("1–30 Apr", 50.0)];
    only_on("tables", &moves.output("joiner/tables"), &tables);
    only_on("unmet, waits", &waits.unmet(), &[("13–21 Mar", 50.0)]);
    only_on("nobody moves", &trade(&waits, "boards-town")[1], &[]);
    let fields = [
        ("losses.final_demand_unmet_usd", 4_000.0), // 8 · 25 · 20
        ("losses.direct_usd", 8_500.0),             // 5 · (1,000 − 150 + 50) + 4,000
        ("losses.indirect_usd", -3_000.0),          // −6 · 500
        ("losses.output_usd", 5_500.0),
        ("by_bearer.others", 4_000.0),
    ];
    let summary = moves.summary();
    summary_is(&summary, &fields);
    readme_summary(&dir, &summary, &names(&fields));
    readme_days(
        &dir,
        &[
            ("in store", in_store(&moves, "boards-valley", "joiner/tables", 2.0)),
            ("from the valley", from_valley),
            ("from town", from_town),
            ("tables", moves.output("joiner/tables")),
            ("in store, waits", in_store(&waits, "boards-valley", "joiner/tables", 2.0)),
            ("tables, waits", waits.output("joiner/tables")),
        ],
    );
}

#[test]
fn order_moves_only_as_far_as_the_buyer_lets_it() {
    // With 30 % that looks elsewhere the town's half does not bind: 0.3 of the need.
    let copy = variant("order-moves", "parameters.csv", "moves,0.8", "moves,0.3");
    let run = run(copy.path(), "closure");
    expect("from town", &trade(&run, "boards-town")[1], "10 Mar", &[0.0, 30.0, 30.0]);
}

// ------------------------------------------------------------------------------------------------------- switch-and-return

#[test]
fn switch_and_return_by_hand() {
    let dir = folder("switch-and-return");
    let [switches, waits] = ["closure", "nobody-switches"].map(|scenario| run(&dir, scenario));
    let [_, from_town, _] = trade(&switches, "yarn-town");
    let [_, from_valley, _] = trade(&switches, "yarn-valley");
    // 20 of its own, and r·40 on top: r = (k − 1)/4 from the third day on; 1 − ½ on the first day after.
    let rises = [20.0, 20.0, 30.0, 40.0, 50.0, 60.0, 60.0, 60.0, 60.0, 60.0, 40.0, 20.0, 20.0];
    expect("from town", &from_town, "11 Mar", &rises);
    // 0.8·(600 − 60) less the 20 that stay in town; then 0.8·(600 − store).
    expect("from the valley", &from_valley, "20 Mar", &[0.0, 412.0, 118.4, 87.68]);
    expect("cloth", &switches.output("weaver/cloth"), "16 Mar", &[100.0, 100.0, 80.0, 60.0, 60.0, 60.0, 100.0]);
    only_on("town, nobody switches", &trade(&waits, "yarn-town")[1], &[("1–31 Mar", 20.0), ("1–30 Apr", 20.0)]);
    only_on("unmet, nobody switches", &waits.unmet(), &[("17–21 Mar", 80.0)]);
    let fields = [
        ("losses.final_demand_unmet_usd", 420.0), // 140 · 3
        ("losses.direct_usd", 840.0),             // 140 + 260 + 20, and 420
        ("losses.indirect_usd", -280.0),
        ("losses.output_usd", 560.0),
    ];
    let summary = switches.summary();
    summary_is(&summary, &fields);
    readme_summary(&dir, &summary, &names(&fields));
    readme_days(
        &dir,
        &[
            ("in store", in_store(&switches, "yarn-valley", "weaver/cloth", 1.0)),
            ("from the valley", from_valley),
            ("from town", from_town),
            ("cloth", switches.output("weaver/cloth")),
            ("from town, nobody switches", trade(&waits, "yarn-town")[1].clone()),
            ("cloth, nobody switches", waits.output("weaver/cloth")),
        ],
    );
}

// -------------------------------------------------------------------------------------------------------------- deadlock

/// The members of each ring named on the last day: line and what it lacks.
fn rings(run: &Run) -> Vec<Vec<(String, String)>> {
    let snapshot = run.study.outcome.scenario.snapshots.last().unwrap();
    assert_eq!(snapshot.t, DAYS - 1);
    let line = |l: usize| run.case.table("lines").key(l);
    let product = |p: usize| run.case.table("products").key(p);
    snapshot.deadlocks.iter().map(|ring| ring.members.iter().map(|(l, p)| (line(l.index()), product(p.index()))).collect()).collect()
}

#[test]
fn deadlock_by_hand() {
    let dir = folder("deadlock");
    let run = run(&dir, "six-days");
    let made = run.output("kiln/bricks");
    let six_days = [("1–10 Mar", 120.0), ("11–16 Mar", 60.0)];
    only_on("bricks", &made, &six_days);
    only_on("coke", &run.output("oven/coke"), &six_days);
    let ring = [("kiln/bricks", "coke"), ("oven/coke", "bricks")].map(|(line, lacks)| (line.to_owned(), lacks.to_owned()));
    assert_eq!(rings(&run), [ring]);
    let fields = [
        ("losses.final_demand_unmet_usd", 54_000.0), // 45 · 120 · 10
        ("losses.output_usd", 115_200.0),            // (51 · 240 − 6 · 120) · 10
        ("stopped_days_by_cause.input bricks", 45.0),
        ("stopped_days_by_cause.input coke", 45.0),
    ];
    let summary = run.summary();
    summary_is(&summary, &fields);
    assert_eq!(summary["losses"]["recovered_date"], Value::Null);
    let named = serde_json::json!([{ "members": [{ "line": "kiln/bricks", "lacks": "coke" }, { "line": "oven/coke", "lacks": "bricks" }], "waiting": [] }]);
    assert_eq!(summary["deadlocks"], named);
    readme_summary(&dir, &summary, &names(&fields));
    let lost = run.demand("bricks-market", |s, m| s.state.demand_lost[m]);
    readme_days(
        &dir,
        &[
            ("in store", in_store(&run, "bricks-to-oven", "oven/coke", 0.5)),
            ("made", made),
            ("sent over", trade(&run, "bricks-to-oven")[1].clone()),
            ("market goes without", lost),
        ],
    );
}

#[test]
fn a_day_less_and_the_ring_starts_again() {
    let copy = variant("deadlock", "events.csv", "2024-03-16", "2024-03-15");
    let run = run(copy.path(), "six-days");
    assert!(rings(&run).is_empty());
    assert!(run.output("kiln/bricks").iter().all(|&made| made > 0.0), "it never stands still");
    assert!((run.output("kiln/bricks")[60] - 120.0).abs() < 1.0, "and comes back");
    let unmet = run.summary()["losses"]["final_demand_unmet_usd"].as_f64().unwrap();
    assert!(unmet < 54_000.0 / 20.0, "for a twentieth of the loss: {unmet}");
}

// -------------------------------------------------------------------------------------------------------- two-currencies

#[test]
fn two_currencies_by_hand() {
    let dir = folder("two-currencies");
    let run = run(&dir, "shock");
    let (spinner, weaver) = (run.row("firms", "spinner"), run.row("firms", "weaver"));
    let account = |account: Account, currency: usize| run.watch(move |s| s.state.cash[s.plan.account(account, currency)]);
    let crowns = run.watch(|s| s.state.cash[spinner]);
    let dollars = run.watch(|s| s.state.cash[weaver]);
    let [dealer_dollars, dealer_crowns] = [0, 1].map(|currency| account(Account::Dealer, currency));
    let market = account(Account::Market, 0);
    // Per currency nothing is made of nothing: the market's 50 dollars a day end with weaver and dealer.
    for t in 0..DAYS {
        assert!(is(crowns[t] + dealer_crowns[t], 0.0), "crowns, step {t}");
        assert!(is(dollars[t] + dealer_dollars[t] + market[t], 1000.0), "dollars, step {t}");
    }
    let paid: Vec<f64> = differences(&dealer_dollars);
    let by_hand = [("6–10 Mar", 20.0), ("11–20 Mar", 16.0), ("21–30 Mar", 20.0), ("31 Mar", 16.0), ("1–30 Apr", 16.0)];
    only_on("paid", &paid, &by_hand);
    let fields = [("by_bearer.others", 40.0), ("unpaid.invoices_usd", 80.0), ("losses.output_usd", 0.0)];
    let summary = run.summary();
    summary_is(&summary, &fields);
    readme_summary(&dir, &summary, &names(&fields));
    readme_days(
        &dir,
        &[
            ("spinner's crowns", crowns),
            ("weaver's dollars", dollars),
            ("dealer's crowns", dealer_crowns),
            ("dealer's dollars", dealer_dollars),
            ("owed", run.series("firm", "spinner", "receivable")),
        ],
    );
}

// -------------------------------------------------------------------------------------------------------- narrow-crossing

/// Tonnes of a class that pass the bridge each day, from their value.
fn passes(run: &Run, class: &str, value: f64) -> Vec<f64> {
    run.series("crossing", &format!("bridge/YY/{class}"), "passed_value").iter().map(|passed| passed / value).collect()
}

#[test]
fn narrow_crossing_by_hand() {
    let dir = folder("narrow-crossing");
    let [narrow, empty] = ["a-fifth", "empty-road"].map(|scenario| run(&dir, scenario));
    let steel = passes(&narrow, "general", 500.0);
    expect("steel passes", &steel, "10 Mar", &[10.0, 5.0, 6.0, 14.0, 6.0, 10.0]); // 10/20 of 10; 10/25 of 15
    only_on("held", &held(&narrow, "steel-over"), &[("11 Mar", 5.0), ("12 Mar", 9.0)]);
    only_on("grain", &passes(&narrow, "essential", 200.0), &[("1–31 Mar", 10.0), ("1–30 Apr", 10.0)]);
    only_on("an empty road", &passes(&empty, "general", 500.0), &[("1–31 Mar", 10.0), ("1–30 Apr", 10.0)]);
    let fields = [
        ("losses.final_demand_unmet_usd", 8100.0), // 9 · 900
        ("losses.output_usd", 12_600.0),           // and 9 · 500
        ("losses.value_added_usd", 8100.0),
        ("held.value_usd", 0.0),
    ];
    let summary = narrow.summary();
    summary_is(&summary, &fields);
    readme_summary(&dir, &summary, &names(&fields));
    let [ordered, _, comes] = trade(&narrow, "steel-over");
    readme_days(
        &dir,
        &[
            ("grain passes", passes(&narrow, "essential", 200.0)),
            ("steel passes", steel),
            ("steel held", held(&narrow, "steel-over")),
            ("steel ordered", ordered),
            ("steel comes", comes),
            ("tools", narrow.output("smith/tools")),
            ("tools lacking", narrow.demand("tools", |s, m| s.state.demand_lost[m])),
            ("steel passes, empty road", passes(&empty, "general", 500.0)),
            ("steel held, empty road", held(&empty, "steel-over")),
        ],
    );
}

// ------------------------------------------------------------------------------------------------- sent-before-the-news

#[test]
fn sent_before_the_news_by_hand() {
    let dir = folder("sent-before-the-news");
    let [late, at_once] = ["closure", "known-at-once"].map(|scenario| run(&dir, scenario));
    let [ordered, sent, gets] = trade(&late, "cloth-to-tailor");
    expect("sent", &sent, "11 Mar", &[10.0, 10.0, 10.0, 0.0]);
    let mill = |run: &Run| run.series("firm", "mill", "cash");
    expect("the mill's cash", &mill(&late), "10 Mar", &[380.0]);
    expect("the mill's cash", &mill(&late), "20 Mar", &[650.0]);
    expect("the tailor's cash", &late.series("firm", "tailor", "cash"), "20 Mar", &[1000.0 + 13.0 * 80.0 - 650.0]);
    // What is held is the tailor's: 40 m at 4 USD, and nothing else is there. The mill has none.
    let owned = |firm: usize| late.watch(|s| ripstop::record::owned_value(&s.plan, &s.state, s.t - 1)[firm]);
    expect("the tailor's goods", &owned(late.row("firms", "tailor")), "20 Mar", &[160.0]);
    expect("the mill's goods", &owned(late.row("firms", "mill")), "20 Mar", &[0.0]);
    // Known at once: 10 m caught, 50 USD paid for them.
    expect("held", &held(&at_once, "cloth-to-tailor"), "20 Mar", &[10.0]);
    expect("the mill's cash", &mill(&at_once), "20 Mar", &[380.0 + 4.0 * 30.0]);
    expect("coats", &at_once.output("tailor/coat"), "13 Mar", &[10.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 10.0]);
    let fields = [
        ("sent_into_shut.value_usd", 120.0),
        ("losses.final_demand_unmet_usd", 640.0),
        ("stopped_days_by_cause.input cloth", 8.0),
        ("stopped_days_by_cause.no outlet", 7.0),
    ];
    let summary = late.summary();
    summary_is(&summary, &fields);
    readme_summary(&dir, &summary, &names(&fields));
    assert_eq!(at_once.summary()["sent_into_shut"]["value_usd"], 0.0);
    stands_still(&late.study.outcome.counterfactual);
    readme_days(
        &dir,
        &[
            ("ordered", ordered),
            ("sent", sent),
            ("sent into shut", late.series("product", "cloth", "sent_into_shut")),
            ("held", held(&late, "cloth-to-tailor")),
            ("gets", gets),
            ("coats", late.output("tailor/coat")),
            ("mill is paid", differences(&mill(&late))),
        ],
    );
}
