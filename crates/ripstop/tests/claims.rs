//! Every measure of a claim on a small run worked out by hand; the order is [`common::sewing`].

mod common;

use common::*;
use ripstop::analysis::claims::{Answer, Bounds, Condition, Measure, Scope, Window, evaluate, probes};
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::rule::cause::Cause;
use ripstop::run::Simulation;

/// Goods inward (class 0, a → b) and outward (b → a).
const INWARD: usize = 0;
const OUTWARD: usize = 2;

fn window(from: usize, to: usize) -> Window {
    Window { from, to }
}

fn factory() -> Scope {
    Scope { firms: vec![FACTORY], lines: vec![SEWING], products: vec![ProductId(1)] }
}

fn condition(measure: Measure, scope: Scope) -> Condition {
    Condition { measure, scopes: vec![scope], bounds: Bounds::default() }
}

/// Runs with the snapshots the measure asks for and returns its value.
fn value(net: &Net, events: &[Event], measure: Measure, scope: Scope) -> f64 {
    let condition = condition(measure, scope);
    let simulation = probed(net, events, &probes(std::slice::from_ref(&condition)));
    evaluate(&simulation.plan, &simulation.record, &condition).value
}

fn cut_whole() -> Event {
    event(Change::OrderCut(vec![SEWING_CONTRACT]), 5, 5, 1.0)
}

#[test]
fn utilisation_is_labour_used_over_that_of_those_employed() {
    // 40 of 155 worker-days in January; all of 40 on days 9–16.
    let net = sewing(40, |_| {});
    near(value(&net, &[], Measure::Utilisation(window(0, 30)), factory()), 40.0 / 155.0);
    near(value(&net, &[], Measure::Utilisation(window(9, 16)), factory()), 1.0);
    // With half the workers there on days 9 and 10 (2.5 pieces each), the 40 pieces take until day 17: 40 of 10 × 5, the absent are
    // employed.
    let half = event(Change::Attendance(vec![FACTORY]), 9, 10, 0.5);
    near(value(&net, &[half], Measure::Utilisation(window(9, 18)), factory()), 40.0 / 50.0);
    // Nobody comes: nobody is at work. The firm has ended: nobody is left.
    let away = event(Change::Attendance(vec![FACTORY]), 9, 18, 0.0);
    near(value(&net, &[away], Measure::Utilisation(window(9, 18)), factory()), 0.0);
    let ended = event(Change::Default(vec![FACTORY]), 9, 9, 0.0);
    near(value(&net, &[ended], Measure::Utilisation(window(9, 18)), factory()), 0.0);
    assert!(value(&net, &[], Measure::Utilisation(window(9, 18)), Scope::default()).is_nan(), "nobody there to be at work");
}

#[test]
fn passages_compare_daily_values() {
    // Inward 50 on day 8 and on day 12: 100 in 5 days against 100 in 40 days.
    let net = sewing(40, |_| {});
    let measure = |window, relative| Measure::Passages { gates: vec![INWARD], window, relative: Some(relative) };
    near(value(&net, &[], measure(window(8, 12), window(0, 39)), Scope::default()), 8.0);
    near(value(&net, &[], measure(window(13, 39), window(0, 12)), Scope::default()), 0.0);
    // Both ways on days 9–16: 50 inward, 8 × 50 outward at 10 a piece.
    let both = Measure::Passages { gates: vec![INWARD, OUTWARD], window: window(9, 16), relative: Some(window(8, 8)) };
    near(value(&net, &[], both, Scope::default()), 450.0 / 8.0 / 50.0);
    let plain = Measure::Passages { gates: vec![INWARD, OUTWARD], window: window(9, 16), relative: None };
    near(value(&net, &[], plain, Scope::default()), 450.0 / 8.0);
}

#[test]
fn the_smallest_month_is_compared_with_the_median() {
    // Outward 50 a day on days 9–16: 100, 150 and 150.
    let months = vec![window(9, 10), window(11, 13), window(14, 16)];
    let measure = Measure::PassagesMinMonth { gates: vec![OUTWARD], months };
    near(value(&sewing(40, |_| {}), &[], measure, Scope::default()), 100.0 / 150.0);
}

#[test]
fn unshipped_are_those_made_in_the_window_and_still_there() {
    // Lots of 10, collected on days 0, 5, 10, 15: 10 gone on day 10, 30 on day 15; made 20 by day 12, 30 by day 14, 40 by day 16.
    let net = sewing(40, |t| (t.dispatch, t.lots_per_order, t.collection_interval_days) = (Dispatch::Collection, 4.0, 5.0));
    let share = |from, to, at| value(&net, &[], Measure::UnshippedShare { made: window(from, to), at }, factory());
    near(share(9, 12, 14), 10.0 / 20.0);
    near(share(11, 14, 14), 1.0);
    near(share(11, 14, 15), 0.0);
    near(share(0, 16, 16), 10.0 / 40.0);
    // First made, first shipped: of the 10 made on days 15 and 16 none has gone on day 16.
    near(share(15, 16, 16), 1.0);
    assert!(share(0, 3, 16).is_nan(), "nothing was made");
}

/// Prepaid 1/4, σ = 0.4, inspection 2 + net 3 days, season's end on step 30; wage 31, idle pay ½.
fn paid_in_parts() -> Net {
    let mut net = sewing(61, |t| {
        (t.prepaid_share, t.season_settlement_share, t.inspection_days, t.net_days) = (0.25, 0.4, 2.0, 3.0);
    });
    net.orders[0].season_end = Some(day(30));
    net.firms[2].wage_per_month = 31.0;
    net.firms[2].idle_pay_share = 0.5;
    net
}

#[test]
fn the_fee_unpaid_counts_first_made_first_paid() {
    // On day 18: 30 prepaid and four parts of 6.75: 57. Made on days 9–12: 20 pieces, 60: 3 unpaid. The next 20: all unpaid.
    let net = paid_in_parts();
    let share = |from, to, at| value(&net, &[], Measure::FeeUnpaidShare { made: window(from, to), at }, factory());
    near(share(9, 12, 18), 3.0 / 60.0);
    near(share(13, 16, 18), 1.0);
    near(share(0, 20, 18), 63.0 / 120.0);
    // 84 by day 22 (24 of the second 60), all by day 35.
    near(share(13, 16, 22), 36.0 / 60.0);
    near(share(0, 20, 35), 0.0);
}

#[test]
fn a_firm_is_shut_after_fourteen_days_without_work_in_season() {
    let net = sewing(60, |_| {});
    let shut = |events: &[Event], at| {
        value(&net, events, Measure::FirmsShut { at }, Scope { firms: vec![MILL_FIRM, CLIENT, FACTORY], ..Scope::default() })
    };
    // The order of days 10–20 is withheld: no work on days 7–20.
    near(shut(&[cut_whole()], 20), 1.0);
    // Days 20–33 still hold one day with a cause (day 20), days 21–34 none: off-season.
    near(shut(&[cut_whole()], 33), 1.0);
    near(shut(&[cut_whole()], 34), 0.0);
    near(shut(&[cut_whole()], 12), 0.0);
    // With the order it worked until day 16; without inputs after the first consignment until day 13: on days 14–27 it did nothing.
    near(shut(&[], 20), 0.0);
    near(shut(&[shut_goods(1, 12, 59)], 26), 0.0);
    near(shut(&[shut_goods(1, 12, 59)], 27), 1.0);
}

#[test]
fn arrears_and_liquidity() {
    // On 31 January 97.5 are due, 84 are there: 13.5 of arrears, a worker-day is worth 1, 5 workers; monthly wages 155.
    let net = paid_in_parts();
    near(value(&net, &[], Measure::ArrearsDaysPerWorker { at: 30 }, factory()), 13.5 / 5.0);
    near(value(&net, &[], Measure::ArrearsDaysPerWorker { at: 29 }, factory()), 0.0);
    near(value(&net, &[], Measure::LiquidityMonths { at: 30 }, factory()), -13.5 / 155.0);
    near(value(&net, &[], Measure::LiquidityMonths { at: 25 }, factory()), 84.0 / 155.0);
    assert!(value(&net, &[], Measure::LiquidityMonths { at: 999 }, factory()).is_nan(), "a date after the run has no value");
}

#[test]
fn list_prices_above() {
    let mut net = sewing(10, |_| {});
    net.products[0].retail_price_per_unit = 141.0;
    net.products[1].retail_price_per_unit = 150.0;
    let share = |products| value(&net, &[], Measure::ListPriceShare { price: 141.0 }, Scope { products, ..Scope::default() });
    near(share(vec![ProductId(0), ProductId(1)]), 0.5);
    near(share(vec![ProductId(1)]), 1.0);
}

#[test]
fn stranded_goods_are_counted_on_the_date_and_idle_workers_over_days() {
    // 5 pieces a day on days 9–16; the way out is shut on days 13–24: 5 on day 13, 20 from day 16 on, none on day 25. A piece is worth 10.
    let (net, shut) = (sewing(40, |_| {}), [shut_goods(0, 13, 24)]);
    let units = |at| value(&net, &shut, Measure::StrandedUnits { at }, factory());
    near(units(12), 0.0);
    near(units(13), 5.0);
    near(units(24), 20.0);
    near(units(25), 0.0);
    near(value(&net, &shut, Measure::StrandedValue { at: 20 }, factory()), 200.0);
    assert!(units(99).is_nan(), "a date after the run has no value");
    // 5 workers, all at work on days 9–16: of 31 days 8.
    let idle = |from, to| value(&net, &shut, Measure::WorkersIdle(window(from, to)), factory());
    near(idle(9, 16), 0.0);
    near(idle(17, 30), 5.0);
    near(idle(0, 30), 5.0 - 40.0 / 31.0);
    // Whoever is absent is without work too: on days 9 and 10 nobody comes, the 40 pieces take until day 18.
    let away = event(Change::Attendance(vec![FACTORY]), 9, 10, 0.0);
    let idle = |from, to| value(&net, std::slice::from_ref(&away), Measure::WorkersIdle(window(from, to)), factory());
    near(idle(9, 10), 5.0);
    near(idle(9, 12), 2.5);
}

#[test]
fn lost_units_are_counted_in_the_window() {
    // A tenth of the 5 that arrive on each of days 10–17.
    let net = sewing(40, |t| t.theft_share = 0.1);
    let lost = |from, to| value(&net, &[], Measure::LostUnits(window(from, to)), factory());
    near(lost(0, 12), 1.5);
    near(lost(10, 13), 2.0);
    near(lost(11, 39), 3.5);
    near(lost(18, 39), 0.0);
}

#[test]
fn a_missed_season_is_undelivered_and_marked_down() {
    // Season's end on step 18, 0.4 of the price after it; the way out is shut on days 13–24: 20 pieces (days 9–12) are delivered by day 13.
    let mut net = sewing(40, |_| {});
    net.orders[0].season_end = Some(day(18));
    net.products[1].price_after_season_share = 0.4;
    let missed = |net: &Net, from, to, at| {
        value(net, &[shut_goods(0, 13, 24)], Measure::SeasonMissedShare { season: window(from, to), at }, factory())
    };
    near(missed(&net, 0, 30, 18), 0.0);
    near(missed(&net, 0, 30, 19), 0.5);
    near(missed(&net, 18, 18, 25), 0.5);
    near(missed(&net, 0, 30, 26), 0.0);
    assert!(missed(&net, 19, 30, 20).is_nan(), "no season ended in the window");
    // Marked down by less than half: not missed.
    net.products[1].price_after_season_share = 0.6;
    near(missed(&net, 0, 30, 19), 0.0);
}

#[test]
fn claimants_and_what_they_received() {
    // Two factories; the second one's client pays. The way out is shut on days 9–39; claims from day 23 (due 20 + grace 3).
    let mut net = sewing(40, |t| (t.grace_days, t.compensation_share) = (3.0, 0.25));
    let second = net.firm_with(Firm { place: PlaceId(1), workers: 5.0, ..Firm::default() });
    let inputs = net.inputs_of(SEWING).to_vec();
    let line = net.add_line(second, ProductId(1), f64::INFINITY, 1.0, &inputs);
    let pays = Terms { compensation_share: 0.75, ..net.terms[1].clone() };
    let pays = net.terms(pays);
    let contract = net.contracts.push(Contract {
        seller: line,
        buyer: CLIENT,
        kind: Kind::Processing,
        terms: pays,
        route: RouteId(2),
        input_route: RouteId(1),
        price_per_unit: 2.0,
        share: 1.0,
        ..Contract::default()
    });
    net.order(contract, 40.0, 20);
    let firms = Scope { firms: vec![MILL_FIRM, FACTORY, second], ..Scope::default() };
    let events = [shut_goods(0, 9, 39)];
    near(value(&net, &events, Measure::Claimants { at: 22 }, firms.clone()), 0.0);
    near(value(&net, &events, Measure::Claimants { at: 23 }, firms.clone()), 2.0);
    near(value(&net, &events, Measure::CompensationReceivedMedian { at: 23 }, factory()), 0.25);
    // The median of two is their mean: (1/4 + 3/4)/2.
    near(value(&net, &events, Measure::CompensationReceivedMedian { at: 23 }, firms.clone()), 0.5);
    assert!(value(&net, &events, Measure::CompensationReceivedMedian { at: 22 }, firms).is_nan(), "nobody claims");
}

#[test]
fn output_is_compared_at_its_price() {
    // 15 a day on days 9–16: 30 of 120.
    let net = sewing(40, |_| {});
    near(value(&net, &[], Measure::OutputRatio { window: window(9, 10), relative: window(0, 39) }, factory()), 0.25);
    near(value(&net, &[], Measure::OutputRatio { window: window(17, 30), relative: window(0, 16) }, factory()), 0.0);
}

#[test]
fn stopped_days_are_counted_by_cause() {
    let net = sewing(60, |_| {});
    let stopped = |events: &[Event], from, to, cause| {
        value(&net, events, Measure::StoppedDays { window: window(from, to), cause: Some(cause) }, factory())
    };
    // Withheld: days 10–20. Inputs held from day 12, back on day 32: days 14–31; any input matches.
    near(stopped(&[cut_whole()], 0, 59, Cause::NoOrders), 11.0);
    near(stopped(&[cut_whole()], 15, 59, Cause::NoOrders), 6.0);
    near(stopped(&[], 0, 59, Cause::NoOrders), 0.0);
    near(stopped(&[shut_goods(1, 12, 30)], 0, 59, Cause::Input(7)), 18.0);
    // Days with a cause but with work are no stopped days: workers bind on days 9–15.
    near(stopped(&[], 0, 59, Cause::Capacity), 0.0);
}

fn answer(simulation: &Simulation, measure: Measure, scopes: Vec<Scope>, bounds: Bounds) -> Answer {
    evaluate(&simulation.plan, &simulation.record, &Condition { measure, scopes, bounds })
}

#[test]
fn a_condition_holds_if_every_scope_does_and_tells_the_worst() {
    // Output on days 13–16 against days 6–16: the mill 0 of 100 (bought on days 6 and 10), the factory 60 of 120.
    let simulation = run(&sewing(40, |_| {}), &[]);
    let mill = Scope { lines: vec![LineId(0)], ..Scope::default() };
    let measure = || Measure::OutputRatio { window: window(13, 16), relative: window(6, 16) };
    let at_least = |b| Bounds { at_least: Some(b), ..Bounds::default() };
    let found = answer(&simulation, measure(), vec![factory(), mill.clone()], at_least(0.3));
    assert_eq!(found, Answer { holds: false, value: 0.0 });
    let found = answer(&simulation, measure(), vec![mill, factory()], Bounds { at_most: Some(0.5), ..Bounds::default() });
    assert_eq!(found, Answer { holds: true, value: 0.5 });
    let found = answer(&simulation, measure(), vec![factory()], Bounds { below: Some(0.5), ..Bounds::default() });
    assert!(!found.holds, "below is strict");
    let found = answer(&simulation, measure(), vec![factory()], Bounds { above: Some(0.5), ..Bounds::default() });
    assert!(!found.holds, "above is strict");
    assert!(!answer(&simulation, measure(), vec![], Bounds::default()).holds, "a claim about nobody does not hold");
    // No number: does not hold, whatever the bounds.
    let nothing = Measure::OutputRatio { window: window(0, 5), relative: window(0, 5) };
    assert!(!answer(&simulation, nothing, vec![factory()], Bounds::default()).holds);
}

#[test]
fn a_scope_without_a_number_is_the_worst() {
    // The factory's ratio is 1/2, the client has no line: 0/0. The answer must not show the good one.
    let simulation = run(&sewing(40, |_| {}), &[]);
    let measure = || Measure::OutputRatio { window: window(13, 16), relative: window(6, 16) };
    let bounds = Bounds { at_least: Some(0.1), ..Bounds::default() };
    for scopes in [vec![factory(), Scope::default()], vec![Scope::default(), factory()]] {
        let found = answer(&simulation, measure(), scopes, bounds);
        assert!(!found.holds);
        assert!(found.value.is_nan(), "{}", found.value);
    }
}

#[test]
fn probes_are_the_days_before_and_at() {
    let measures = [
        Measure::UnshippedShare { made: window(9, 12), at: 20 },
        Measure::FeeUnpaidShare { made: window(0, 12), at: 21 },
        Measure::LostUnits(window(5, 6)),
        Measure::Claimants { at: 20 },
    ];
    let conditions: Vec<Condition> = measures.into_iter().map(|m| condition(m, factory())).collect();
    assert_eq!(probes(&conditions), [0, 4, 6, 8, 12, 20, 21]);
}
