//! The first three cases: a closure along a chain, a stop and a restart, processing that is not paid.

use crate::*;

// ---------------------------------------------------------------------------------------------------------- chain-closure

/// Yarn that the weaver orders, whether it can leave or not.
fn ordered(run: &Run) -> Vec<f64> {
    let spinner = run.row("lines", "spinner/yarn");
    run.watch(|s| s.state.ordered[0] + s.state.blocked[spinner])
}

/// Yarn in the weaver's store in the morning, with what arrived: what is left in the evening and what was used (1 kg a metre).
fn store(run: &Run) -> Vec<f64> {
    let weaving = run.row("lines", "weaver/cloth");
    run.watch(|s| s.state.stock[0] + s.state.output[weaving])
}

/// Yarn on the way in the evening: before the bridge, held at it, past it.
fn on_the_way(run: &Run) -> [Vec<f64>; 3] {
    let part = |part: usize| {
        run.watch(|s| {
            let hops = &s.plan.paths[0].hops;
            assert_eq!(hops.iter().map(|h| h.days).collect::<Vec<_>>(), [1, 2]);
            let ring = |hop: usize| (0..hops[hop].days).map(|k| s.state.cells[(hops[hop].ring + k) as usize]).sum();
            [ring(0), s.state.cells[hops[1].held as usize], ring(1)][part]
        })
    };
    [part(0), part(1), part(2)]
}

#[test]
fn chain_closure_by_hand() {
    let run = run(&folder("chain-closure"), "closure");
    let [before, held, past] = on_the_way(&run);
    let (yarn, cloth) = (run.output("spinner/yarn"), run.output("weaver/cloth"));
    // Steady: 10 a day; in the morning 3 · 10 in the store.
    for (name, found, value) in [("store", store(&run), 30.0), ("ordered", ordered(&run), 10.0), ("spun", yarn.clone(), 10.0)] {
        expect(name, &found, "1 Mar", &[value; 10]);
        expect(name, &found, "25 Mar", &[value; 37]);
    }
    // Shut on 11–20 March. What was sent on the 8th and the 9th is past the bridge and arrives on the 11th and the 12th; the 10 held leave the
    // bridge on the 21st and arrive two days later; then the 20 + 20 that the spinner can make on the 21st and the 22nd, three days later.
    let arrives = run.watch(|s| s.state.arrived[0]);
    expect("arrives", &arrives, "10 Mar", &[10.0, 10.0, 10.0]);
    expect("arrives", &arrives, "13 Mar", &[0.0; 10]);
    expect("arrives", &arrives, "23 Mar", &[10.0, 20.0, 20.0, 10.0, 10.0]);
    // 10 are woven a day while there is yarn: 30, 30, 30, 20, 10, nothing from the 15th to the 22nd.
    expect("store", &store(&run), "10 Mar", &[30.0, 30.0, 30.0, 20.0, 10.0]);
    expect("store", &store(&run), "15 Mar", &[0.0; 8]);
    expect("store", &store(&run), "23 Mar", &[10.0, 20.0, 30.0]);
    only_on("unmet", &run.unmet(), &[("15–22 Mar", 10.0)]);
    only_on("woven", &cloth, &[("1–14 Mar", 10.0), ("23–31 Mar", 10.0), ("1–30 Apr", 10.0)]);
    assert!(is(sum(&run.unmet()), 80.0));
    // Order 10 + 50 − position. Position: 50, 40, 30, 20, then the held 10 alone; on the 22nd 10 + 20, on the 23rd 50 again.
    expect("ordered", &ordered(&run), "11 Mar", &[10.0, 20.0, 30.0, 40.0]);
    expect("ordered", &ordered(&run), "15 Mar", &[50.0; 7]);
    expect("ordered", &ordered(&run), "22 Mar", &[30.0, 10.0, 10.0]);
    // No outlet for ten days, then the most it can make, twice.
    expect("spun", &yarn, "11 Mar", &[0.0; 10]);
    expect("spun", &yarn, "21 Mar", &[20.0, 20.0, 10.0, 10.0]);
    only_on("held", &held, &[("11–20 Mar", 10.0)]);
    expect("past", &past, "10 Mar", &[20.0, 10.0, 0.0]);
    expect("past", &past, "21 Mar", &[10.0, 30.0, 40.0, 30.0, 20.0]);
    expect("before", &before, "10 Mar", &[10.0, 0.0]);
    expect("before", &before, "21 Mar", &[20.0, 20.0, 10.0]);
    // At 2 USD: 10 a day, nothing for ten days, the held 10, the 20s of the 21st and the 22nd a day later.
    let passed = run.series("crossing", "bridge/YY/general", "passed_value");
    expect("passed", &passed, "10 Mar", &[20.0, 0.0]);
    expect("passed", &passed, "20 Mar", &[0.0, 20.0, 40.0, 40.0, 20.0, 20.0]);
    only_on("held value", &run.series("crossing", "bridge/YY/general", "held_value"), &[("11–20 Mar", 20.0)]);

    let fields = [
        ("losses.final_demand_unmet_usd", 400.0),  // 80 · 5
        ("losses.output_usd", 560.0),              // 80 · 5 + 80 · 2
        ("losses.value_added_usd", 400.0),         // 80 · (5 − 2) + 80 · 2
        ("losses.direct_usd", 560.0),              // both trade over the bridge
        ("losses.indirect_usd", 0.0),              //
        ("held.value_usd", 0.0),                   // nothing is held in the end
        ("by_bearer.others", 400.0),               // 160 + (400 − 160)
        ("stopped_days_by_cause.no outlet", 10.0), // the spinner
        ("stopped_days_by_cause.input yarn", 8.0), // the weaver
    ];
    let summary = run.summary();
    summary_is(&summary, &fields);
    assert_eq!(summary["stopped_days_by_cause"].as_object().unwrap().len(), 2);
    // 28-day output is lowest once all twelve days with a loss are in it; it is back at 95 % (98 of 1,960 USD) when 20 March has left it.
    assert_eq!(summary["losses"]["peak_date"], "2024-03-22");
    assert_eq!(summary["losses"]["recovered_date"], "2024-04-17");
    stands_still(&run.study.outcome.counterfactual);

    let dir = folder("chain-closure");
    readme_summary(&dir, &summary, &names(&fields));
    let passes = passed.iter().map(|value| value / 2.0).collect();
    readme_days(
        &dir,
        &[
            ("arrives", arrives),
            ("in store", store(&run)),
            ("ordered", ordered(&run)),
            ("spun", yarn),
            ("before", before),
            ("held", held),
            ("passes", passes),
            ("past", past),
            ("woven", cloth),
            ("unmet", run.unmet()),
        ],
    );
}

#[test]
fn chain_closure_other_lengths() {
    // Shut for N days the weaver stops for N − 2: its evening store.
    for (last, stopped) in [("2024-03-12", 0.0), ("2024-03-13", 1.0), ("2024-03-25", 13.0)] {
        let copy = variant("chain-closure", "events.csv", "2024-03-20", last);
        assert!(is(sum(&run(copy.path(), "closure").unmet()), 10.0 * stopped), "shut to {last}");
    }
}

#[test]
fn chain_closure_without_a_limit_the_spinner_sends_too_much_at_once() {
    // 50 on the 21st: the position is 10 + 50 = 60 on the 22nd and the 23rd (nothing is woven on the 21st and the 22nd): no order. Then 10 a day.
    let copy = variant("chain-closure", "lines.csv", "spinner,yarn,20", "spinner,yarn,none");
    let run = run(copy.path(), "closure");
    expect("spun", &run.output("spinner/yarn"), "20 Mar", &[0.0, 50.0, 0.0, 0.0, 10.0, 10.0]);
    assert!(is(sum(&run.unmet()), 80.0));
}

// ------------------------------------------------------------------------------------------------------- stop-and-recover

fn gap(run: &Run) -> Vec<f64> {
    store(run).iter().map(|store| 480.0 - store).collect()
}

#[test]
fn stop_and_recover_by_hand() {
    let dir = folder("stop-and-recover");
    let base = run(&dir, "stop");
    let (yarn, cloth) = (base.output("spinner/yarn"), base.output("weaver/cloth"));
    // 480 in the store on the 11th; 80 a day are used up to the 16th; the 320 of the 21st come on the 22nd; from then on half of the gap stays.
    let in_store = store(&base);
    expect("store", &in_store, "1 Mar", &[480.0; 11]);
    expect("store", &in_store, "12 Mar", &[400.0, 320.0, 240.0, 160.0, 80.0]);
    expect("store", &in_store, "17 Mar", &[0.0; 5]);
    expect("store", &in_store, "22 Mar", &[320.0, 400.0, 440.0, 460.0, 470.0, 475.0, 477.5, 478.75]);
    // 80 + half of what lacks, whether the spinner can make it or not.
    let orders = ordered(&base);
    expect("ordered", &orders, "11 Mar", &[80.0, 120.0, 160.0, 200.0, 240.0, 280.0]);
    expect("ordered", &orders, "17 Mar", &[320.0; 5]);
    expect("ordered", &orders, "22 Mar", &[160.0, 120.0, 100.0, 90.0, 85.0, 82.5, 81.25, 80.625]);
    expect("spun", &yarn, "11 Mar", &[0.0; 10]);
    expect("spun", &yarn, "21 Mar", &[320.0, 160.0, 120.0, 100.0, 90.0, 85.0, 82.5, 81.25, 80.625]);
    only_on("woven", &cloth, &[("1–16 Mar", 80.0), ("22–31 Mar", 80.0), ("1–30 Apr", 80.0)]);
    only_on("unmet", &base.unmet(), &[("17–21 Mar", 80.0)]);
    assert!(is(sum(&base.unmet()), 400.0));
    assert!(is(yarn[60], 80.0) && is(in_store[60], 480.0), "full again");

    let fields = [
        ("losses.final_demand_unmet_usd", 1200.0), // 400 · 3
        ("losses.output_usd", 1600.0),             // 400 · 3 + 400 · 1
        ("losses.direct_usd", 400.0),              // 800 − (240 + 80 + 40 + 20 + …) kg at 1
        ("losses.indirect_usd", 1200.0),           // 400 · 3
        ("losses.value_added_usd", 1200.0),        // 400 · (3 − 1) + 400 · 1
        ("by_bearer.others", 1200.0),              // 400 + (1200 − 400)
        ("stopped_days_by_cause.capacity", 10.0),  // the spinner
        ("stopped_days_by_cause.input yarn", 5.0), // the weaver
    ];
    let summary = base.summary();
    summary_is(&summary, &fields);
    assert_eq!(summary["stopped_days_by_cause"].as_object().unwrap().len(), 2);
    // Six days lose 80, four 320; the 21st wins back what it loses, the 22nd more. 5 % of 28 days is 448: met when the 19th is out of the 28 days.
    assert_eq!(summary["losses"]["peak_date"], "2024-03-20");
    assert_eq!(summary["losses"]["recovered_date"], "2024-04-16");
    stands_still(&base.study.outcome.counterfactual);

    let slow = variant("stop-and-recover", "terms.csv", "restock,6,2", "restock,6,4");
    let slow = run(slow.path(), "stop");
    // 80 + 480/4; then three quarters of the gap are left: 280, 210, 157.5.
    let slow_yarn = slow.output("spinner/yarn");
    expect("spun, τ 4", &slow_yarn, "20 Mar", &[0.0, 200.0, 150.0, 132.5, 119.375]);
    expect("gap, τ 4", &gap(&slow), "21 Mar", &[480.0, 280.0, 210.0, 157.5, 118.125]);
    assert!(is(sum(&slow.unmet()), 400.0), "the loss does not depend on τ");

    let realised = realised();
    readme_summary(&dir, &summary, &names(&fields));
    readme_days(
        &dir,
        &[
            ("arrives", base.watch(|s| s.state.arrived[0])),
            ("in store", in_store),
            ("gap", gap(&base)),
            ("ordered", orders),
            ("spun", yarn.clone()),
            ("woven", cloth),
            ("unmet", base.unmet()),
            ("gap τ 2", gap(&base)),
            ("spun τ 2", yarn),
            ("gap τ 4", gap(&slow)),
            ("spun τ 4", slow_yarn),
            ("ordered realised", ordered(&realised)),
            ("spun realised", realised.output("spinner/yarn")),
            ("woven realised", realised.output("weaver/cloth")),
        ],
    );
}

/// The same stop with `plan = "realised"`, which the reader warns of and nothing else.
fn realised() -> Run {
    let copy = variant("stop-and-recover", "case.toml", "plan = \"demand\"", "plan = \"realised\"");
    let loaded = load(copy.path());
    let found: Vec<_> = loaded.diagnostics.iter().map(|d| (d.code, d.severity)).collect();
    assert_eq!(found, [(Code::PlanRealised, Severity::Warning)]);
    run_case(loaded.case.unwrap(), "stop")
}

#[test]
fn stop_and_never_recover_with_plan_realised() {
    let run = realised();
    // The weaver still orders for the 80 of 16 March on the 17th; from the 18th on it has woven nothing the day before.
    expect("ordered", &ordered(&run), "11 Mar", &[80.0, 120.0, 160.0, 200.0, 240.0, 280.0, 320.0, 0.0]);
    expect("ordered", &ordered(&run), "18 Mar", &[0.0; 44]);
    expect("spun", &run.output("spinner/yarn"), "11 Mar", &[0.0; 51]);
    only_on("woven", &run.output("weaver/cloth"), &[("1–16 Mar", 80.0)]);
    let summary = run.summary();
    // 17 March to 30 April: 45 days of 80 m at 3 USD.
    summary_is(&summary, &[("losses.final_demand_unmet_usd", 10_800.0)]);
    assert_eq!(summary["losses"]["recovered_date"], Value::Null);
    stands_still(&run.study.outcome.counterfactual);
}

// ------------------------------------------------------------------------------------------------------ processing-unpaid

/// One day of the factory's account: received, levy, wages due, wages paid.
fn account(run: &Run) -> [Vec<f64>; 4] {
    let f = run.row("firms", "factory");
    [
        run.grows(|s| s.state.received_money[f]),
        run.grows(|s| s.state.handed_over[f]),
        run.grows(|s| s.state.wages_due[f]),
        run.grows(|s| s.state.wages_paid[f]),
    ]
}

/// Fabric sent and arrived each day.
fn fabric(run: &Run) -> [Vec<f64>; 2] {
    let sent = run.grows(|s| s.state.input_sent[0]);
    let more_on_the_way = run.grows(|s| s.state.input_in_transit[0]);
    let arrived = sent.iter().zip(&more_on_the_way).map(|(sent, more)| sent - more).collect();
    [sent, arrived]
}

/// 20 coats on each working day of three weeks.
const SEWN: [(&str, f64); 3] = [("4–9 Mar", 20.0), ("11–16 Mar", 20.0), ("18–23 Mar", 20.0)];

/// The way of the fabric and the sewing, the same in both scenarios.
fn same_work(run: &Run) {
    let [sent, arrived] = fabric(run);
    only_on("fabric sent", &sent, &[("2 Mar", 240.0), ("5 Mar", 240.0), ("8 Mar", 240.0)]);
    only_on("fabric arrives", &arrived, &[("4 Mar", 240.0), ("7 Mar", 240.0), ("10 Mar", 240.0)]);
    // Bought the day before it is sent.
    only_on("fabric made", &run.output("mill/fabric"), &[("1 Mar", 240.0), ("4 Mar", 240.0), ("7 Mar", 240.0)]);
    // 40 m a working day.
    let there = run.watch(|s| s.state.input_stock[0]);
    expect(
        "fabric there",
        &there,
        "4 Mar",
        &[200.0, 160.0, 120.0, 320.0, 280.0, 240.0, 480.0, 440.0, 400.0, 360.0, 320.0, 280.0, 240.0, 240.0],
    );
    expect("fabric there", &there, "18 Mar", &[200.0, 160.0, 120.0, 80.0, 40.0, 0.0, 0.0]);
    only_on("sewn", &run.output("factory/coat"), &SEWN);
    // March: 180 worker-days at 4 USD and 80 at 2 USD; April: 260 at 2 USD.
    let [_, _, due, _] = account(run);
    only_on("wages due", &due, &[("31 Mar", 880.0), ("30 Apr", 520.0)]);
}

#[test]
fn processing_unpaid_with_the_border_shut_by_hand() {
    let dir = folder("processing-unpaid");
    let run = run(&dir, "closure");
    same_work(&run);
    // Lot 1 leaves on the 9th and is there two days later; lots 2 and 3 are complete on the 16th and the 23rd.
    let delivered = run.grows(|s| s.state.billed[0]);
    only_on("delivered", &delivered, &[("11 Mar", 120.0)]);
    let coats = run.series("product", "coat", "waiting");
    expect("coats there", &coats, "4 Mar", &[20.0, 40.0, 60.0, 80.0, 100.0, 0.0, 0.0]);
    expect("coats there", &coats, "11 Mar", &[20.0, 40.0, 60.0, 80.0, 100.0, 120.0, 120.0]);
    expect("coats there", &coats, "18 Mar", &[140.0, 160.0, 180.0, 200.0, 220.0, 240.0, 240.0]);
    let stranded = run.series("product", "coat", "stranded");
    only_on("stranded", &stranded, &[("16–22 Mar", 120.0), ("23–31 Mar", 240.0), ("1–30 Apr", 240.0)]);
    // 720 prepaid; half of 960 on the 13th; the other half is due on 17 April and cannot be carried.
    let [received, levy, due, paid] = account(&run);
    only_on("received", &received, &[("1 Mar", 720.0), ("13 Mar", 480.0)]);
    only_on("levy", &levy, &[("1 Mar", 180.0), ("13 Mar", 120.0)]);
    only_on("receivable", &factory(&run, "receivable"), &[("11–12 Mar", 960.0), ("13–31 Mar", 480.0), ("1–30 Apr", 480.0)]);
    only_on("overdue", &factory(&run, "receivable_overdue"), &[("17–30 Apr", 480.0)]);
    // 240 · (10 − 2), ten days after 25 March.
    only_on("claim", &factory(&run, "claims"), &[("4–30 Apr", 1920.0)]);
    // 900 of cash for 880 of wages; 20 for 520; 500 owed at 4 USD a worker-day.
    only_on("wages paid", &paid, &[("31 Mar", 880.0), ("30 Apr", 20.0)]);
    only_on("cash", &factory(&run, "cash"), &[("1–12 Mar", 540.0), ("13–30 Mar", 900.0), ("31 Mar", 20.0), ("1–29 Apr", 20.0)]);
    only_on("wages owed", &factory(&run, "wages_unpaid"), &[("30 Apr", 500.0)]);
    only_on("worker-days owed", &factory(&run, "wages_unpaid_worker_days"), &[("30 Apr", 125.0)]);
    // The client buys 720 m at 2 USD and pays 1,200 of fee.
    assert!(is(run.series("firm", "client", "cash")[60], 10_000.0 - 1440.0 - 1200.0));

    let fields = [
        ("stranded.pieces", 240.0),
        ("stranded.value_usd", 3360.0), // 240 · 14
        ("stranded.by_owner.client", 3360.0),
        ("unpaid.invoices_usd", 480.0),
        ("unpaid.overdue_usd", 480.0),
        ("unpaid.by_age.to_30_days_usd", 480.0), // 13 days
        ("unpaid.claims_usd", 1920.0),
        ("unpaid.wages_usd", 500.0),
        ("unpaid.worker_days", 125.0),
        ("goods.coat.at_maker", 240.0),
        ("seasons.0.made", 360.0),
        ("seasons.0.at_maker_usd", 3360.0),    // 240 · 14
        ("seasons.0.marked_down_usd", 1680.0), // half of it
        ("losses.output_usd", 0.0),
        ("losses.value_added_usd", 0.0),
        ("jobs.idle_worker_days", 0.0),
        ("by_bearer.factory", 1300.0), // cash 1,300 without the closure, 0 with it
        ("by_bearer.workers", 500.0),  // 1,400 − 900
        ("by_bearer.state", 600.0),    // 900 − 300
        ("by_bearer.client", -720.0),  // 240 · 14 / 2 − 2,400
        ("by_bearer.others", 0.0),
    ];
    let summary = run.summary();
    summary_is(&summary, &fields);
    summary_is(
        &summary,
        &[("delayed.pieces", 0.0), ("held.value_usd", 0.0), ("losses.final_demand_unmet_usd", 0.0), ("by_bearer.lost_on_the_way", 0.0)],
    );
    summary_is(&summary, &[("unpaid.by_age.not_due_usd", 0.0), ("unpaid.by_age.to_90_days_usd", 0.0), ("unpaid.by_age.older_usd", 0.0)]);
    // The factory's place: no cash left, ten workers at 104 USD a month.
    summary_is(&summary, &[("goods.coat.on_the_way", 0.0), ("places.0.cash_usd", 0.0), ("places.0.wages_per_month_usd", 1040.0)]);
    assert_eq!(summary["seasons"][0]["season_end"], "2024-04-15");
    assert_eq!(summary["losses"]["peak_date"], Value::Null);
    assert_eq!(summary["losses"]["recovered_date"], Value::Null);

    let open = self::run(&dir, "open-border");
    assert_eq!(
        run.study.outcome.counterfactual.totals, open.study.outcome.scenario.totals,
        "without its event the closure is the open border"
    );
    let [sent, arrived] = fabric(&run);
    let [open_received, open_levy, open_due, open_paid] = account(&open);
    readme_summary(&dir, &summary, &names(&fields));
    readme_days(
        &dir,
        &[
            ("fabric sent", sent),
            ("fabric arrives", arrived),
            ("fabric there", run.watch(|s| s.state.input_stock[0])),
            ("sewn", run.output("factory/coat")),
            ("coats there", coats),
            ("stranded", stranded),
            ("delivered", delivered),
            ("coats there, open", open.series("product", "coat", "waiting")),
            ("delivered, open", open.grows(|s| s.state.billed[0])),
            ("received", open_received),
            ("levy", open_levy),
            ("wages due", open_due),
            ("wages paid", open_paid),
            ("cash", factory(&open, "cash")),
            ("receivable", factory(&open, "receivable")),
            ("received shut", received),
            ("levy shut", levy),
            ("wages due shut", due),
            ("wages paid shut", paid),
            ("cash shut", factory(&run, "cash")),
            ("receivable shut", factory(&run, "receivable")),
            ("overdue", factory(&run, "receivable_overdue")),
            ("claim", factory(&run, "claims")),
            ("wages owed", factory(&run, "wages_unpaid")),
            ("worker-days owed", factory(&run, "wages_unpaid_worker_days")),
        ],
    );
}

#[test]
fn processing_unpaid_with_the_border_open_by_hand() {
    let run = run(&folder("processing-unpaid"), "open-border");
    same_work(&run);
    // A lot a week, two days on the road.
    only_on("delivered", &run.grows(|s| s.state.billed[0]), &[("11 Mar", 120.0), ("18 Mar", 120.0), ("25 Mar", 120.0)]);
    only_on("stranded", &run.series("product", "coat", "stranded"), &[]);
    // 720 prepaid; of each lot's 960 half two days after delivery, the other halves together on 17 April.
    let [received, levy, _, paid] = account(&run);
    let fee = [("1 Mar", 720.0), ("13 Mar", 480.0), ("20 Mar", 480.0), ("27 Mar", 480.0), ("17 Apr", 1440.0)];
    only_on("received", &received, &fee);
    only_on("levy", &levy, &fee.map(|(day, amount)| (day, amount / 4.0)));
    only_on("wages paid", &paid, &[("31 Mar", 880.0), ("30 Apr", 520.0)]);
    let cash = [
        ("1–12 Mar", 540.0),
        ("13–19 Mar", 900.0),
        ("20–26 Mar", 1260.0),
        ("27–30 Mar", 1620.0),
        ("31 Mar", 740.0),
        ("1–16 Apr", 740.0),
        ("17–29 Apr", 1820.0),
        ("30 Apr", 1300.0),
    ];
    only_on("cash", &factory(&run, "cash"), &cash);
    for nothing in ["receivable_overdue", "claims", "wages_unpaid", "wages_unpaid_worker_days"] {
        only_on(nothing, &factory(&run, nothing), &[]);
    }
    assert!(is(run.series("firm", "client", "cash")[60], 10_000.0 - 1440.0 - 3600.0));
    // Nothing happens, so nothing is lost.
    assert_eq!(run.study.outcome.scenario.totals, run.study.outcome.counterfactual.totals);
    let summary = run.summary();
    for part in ["losses", "stranded", "unpaid", "jobs", "by_bearer"] {
        for (name, value) in summary[part].as_object().unwrap() {
            assert!(value.as_f64().unwrap_or(0.0) == 0.0 && !value.is_string(), "{part}.{name} is {value}");
        }
    }
}
