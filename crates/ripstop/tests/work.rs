//! When order lines are worked and when they leave, by hand: spread over their window, ahead of it, and near the due date. The basic order
//! is [`common::sewing`]: 40 garments due on step 20, window 4 days, slack 6: planned from day 10 to 13.

mod common;

use common::*;
use ripstop::model::events::Change;
use ripstop::model::network::*;
use ripstop::rule::cause::Cause;

/// Hands in plenty, and inputs five days ahead.
fn planned(days: i32, change: impl FnOnce(&mut Terms)) -> Net {
    let mut net = sewing(days, |terms| {
        terms.work = Work::Spread;
        terms.input_lead_days = 5.0;
        change(terms);
    });
    net.firms[FACTORY.index()].workers = 20.0;
    net
}

#[test]
fn work_is_spread_over_its_window_and_inputs_wait_at_the_maker() {
    // Sent on days 4 and 8, there on 5 and 9: 50 fabric each. Planned from day 10: 10 garments, 20 fabric a day for four days.
    let net = planned(40, |_| {});
    let simulation = run(&net, &[]);
    days(&output(&simulation, SEWING), 8, &[0.0, 0.0, 10.0, 10.0, 10.0, 10.0, 0.0]);
    days(&watch(&net, &[], |s| s.input_stock[0]), 4, &[0.0, 50.0, 50.0, 50.0, 50.0, 100.0, 80.0, 60.0, 40.0, 20.0]);
    // The plan held nothing back that was wanted: no stop on any day.
    assert_eq!(causes(&simulation, SEWING)[8..15], [OFF, OFF, NONE, NONE, NONE, NONE, OFF]);
    // As early as can be: all that the first consignment is good for, on day 5.
    let early = run(&planned(40, |terms| terms.work = Work::Early), &[]);
    days(&output(&early, SEWING), 4, &[0.0, 20.0, 5.0, 0.0, 0.0, 15.0, 0.0]);
}

const OFF: Cause = Cause::OffSeason;
const NONE: Cause = Cause::None;

#[test]
fn work_behind_the_plan_is_caught_up_at_once() {
    // Everybody stays away on days 11 and 12: on day 13 the plan asks for 40, 10 of which are made; 20 hands make 20, and 10 on day 14.
    let away = [event(Change::Attendance(vec![FACTORY]), 11, 12, 0.0)];
    let simulation = run(&planned(40, |_| {}), &away);
    days(&output(&simulation, SEWING), 9, &[0.0, 10.0, 0.0, 0.0, 20.0, 10.0, 0.0]);
    let causes = &causes(&simulation, SEWING)[10..15];
    assert_eq!(causes, [NONE, Cause::Attendance, Cause::Attendance, Cause::Capacity, NONE]);
}

#[test]
fn work_goes_ahead_where_the_days_to_come_would_not_do() {
    // 8 hands for 10 a day: 40 in the four days from 10 on would end with 32. A day earlier 8 are made, so nothing is late. The planned
    // end is day 14 (20 − 6), working days before it: on day 9 four to come, 40 − 8·4 = 8 to be made today.
    let mut net = planned(40, |_| {});
    net.firms[FACTORY.index()].workers = 8.0;
    days(&output(&run(&net, &[]), SEWING), 7, &[0.0, 0.0, 8.0, 8.0, 8.0, 8.0, 8.0, 0.0]);
    // Step 13 is a Sunday: as a rest day it takes a day away, so work begins on day 8.
    net.firms[FACTORY.index()].rest_weekdays = 1 << 6;
    days(&output(&run(&net, &[]), SEWING), 7, &[0.0, 8.0, 8.0, 8.0, 8.0, 8.0, 0.0, 0.0]);
    // A line of 8 a day instead of hands.
    let mut net = planned(40, |_| {});
    net.lines[SEWING.index()].labour_days_per_unit = 0.0;
    net.lines[SEWING.index()].capacity_per_day = 8.0;
    days(&output(&run(&net, &[]), SEWING), 7, &[0.0, 0.0, 8.0, 8.0, 8.0, 8.0, 8.0, 0.0]);
}

#[test]
fn an_order_to_come_is_foreseen_before_it_is_placed() {
    // 100 more, due on step 30: planned from day 20 to 23, and placed on day 14. With 8 hands 140 must be made by day 23: on day 6 the 17
    // days to come take 136, so 4 are made, and 8 from then on as long as there is fabric for them.
    let mut net = planned(60, |terms| terms.purchase_lead_days = 0.0);
    net.firms[FACTORY.index()].workers = 8.0;
    net.order(SEWING_CONTRACT, 100.0, 30);
    days(&output(&run(&net, &[]), SEWING), 5, &[0.0, 4.0, 8.0, 8.0, 8.0, 8.0, 4.0, 0.0, 0.0, 0.0, 8.0]);
    // The run may end before: on day 6 the same is done.
    let mut short = Net(net.0.clone());
    short.end = net.start.plus(6);
    days(&output(&run(&short, &[]), SEWING), 5, &[0.0, 4.0]);
    // An order that the client will cut by half is foreseen as half: 90 in all, so nothing before day 9 (40 − 8·4 = 8).
    let cut = [event(Change::OrderCut(vec![SEWING_CONTRACT]), 4, 59, 0.5)];
    days(&output(&run(&net, &cut), SEWING), 5, &[0.0, 0.0, 0.0, 0.0, 8.0, 8.0]);
}

#[test]
fn open_orders_are_taken_together_and_days_beyond_the_run_count() {
    // A second order of 40, due three days later, is placed on day 6: by its planned end on day 17 eighty must be made. With 8 hands:
    // the days 10 … 16 take 56, so 24 must be made by the evening of day 9, in days 7, 8 and 9; of the first order's fabric for 25 pieces
    // is there by then (50, two a piece), so they can.
    let mut net = planned(40, |terms| terms.purchase_lead_days = 1.0);
    net.firms[FACTORY.index()].workers = 8.0;
    net.order(SEWING_CONTRACT, 40.0, 23);
    let made = output(&run(&net, &[]), SEWING);
    days(&made, 6, &[0.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 0.0]);
    near(made.iter().sum(), 80.0);
    // The run ends on day 12 instead: nothing is done earlier than with days in plenty.
    let mut short = planned(13, |_| {});
    short.firms[FACTORY.index()].workers = 20.0;
    days(&output(&run(&short, &[]), SEWING), 8, &[0.0, 0.0, 10.0, 10.0, 10.0]);
}

#[test]
fn goods_wait_for_their_date() {
    // Finished on days 10 to 13, 10 each; due on step 20; they leave no more than 3 days before: all on day 17.
    let net = planned(40, |terms| terms.leave_days_before_due = 3.0);
    days(&watch(&net, &[], |s| s.order_finished[0]), 9, &[0.0, 10.0, 20.0, 30.0, 40.0, 40.0, 40.0, 40.0, 0.0]);
    near(run(&net, &[]).state.stock[GARMENTS], 40.0);
    // What waits for its date is not stranded behind a shut gate; from that day on it is.
    let stranded = watch(&net, &[shut_goods(0, 12, 39)], |s| s.order_stranded[0]);
    days(&stranded, 12, &[0.0, 0.0, 0.0, 0.0, 0.0, 40.0, 40.0]);
}

#[test]
fn the_makers_own_inputs_are_bought_as_the_plan_will_need_them() {
    // 12 shirts due on day 20, slack 4, window 4: 3 a day from day 12. A yarn each; n = 3, τ = 1, L = 1: the plan looks three days ahead.
    // Rates seen: day 10: W(12) = 1/4 of 12 over 3 days = 1; day 11: 6/3 = 2; day 12: 9/3 = 3; day 13: (12 − 3)/3 = 3; then 2, 1.
    let mut net = Net::empty(30);
    let (shirt, yarn) = (net.product(10.0), net.product(1.0));
    let factory = net.firm_with(Firm { workers: 5.0, ..Firm::default() });
    let client = net.firm_with(Firm { opening_cash: 1e4, ..Firm::default() });
    let shirts = net.add_line(factory, shirt, f64::INFINITY, 1.0, &[own(yarn, 1.0)]);
    let mill = net.maker(yarn, 100.0);
    let terms = net.terms(Terms { ordering: Ordering::Schedule, input_window_days: 4.0, slack_days: 4.0, ..Terms::default() });
    let route = net.route(&[(None, 1)]);
    let contract = net.buys(client, shirts, terms, route, 1.0);
    let restock = net.terms(Terms { stock_days: 3.0, restock_days: 1.0, ..Terms::default() });
    net.buys(factory, mill, restock, route, 1.0);
    net.order(contract, 12.0, 20);
    let simulation = run(&net, &[]);
    // Day 10: 1 + (3·1 − 0) = 4; day 11: 2 + 6 − 4 = 4; day 12: 3 + 9 − 8 = 4 …
    days(&output(&simulation, mill), 9, &[0.0, 4.0, 4.0, 4.0]);
    days(&output(&simulation, shirts), 11, &[0.0, 3.0, 3.0, 3.0, 3.0, 0.0]);
}
