//! Order lines: processing and sale contracts by hand. The basic order is [`common::sewing`].

mod common;

use common::*;
use ripstop::model::events::Change;
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::plan::Account;
use ripstop::plan::state::{Stage, State};
use ripstop::rule::cause::Cause;

fn plain(_: &mut Terms) {}

/// `value` on each of `count` days, nothing before `from`, over `all` days.
fn between(all: usize, from: usize, count: usize, value: f64) -> Vec<f64> {
    (0..all).map(|t| if (from..from + count).contains(&t) { value } else { 0.0 }).collect()
}

// ---------------------------------------------------------------------------------------------------------- the work

#[test]
fn consignments_arrive_are_sewn_and_come_back() {
    let net = sewing(40, plain);
    let simulation = run(&net, &[]);
    // The client looks 2 days ahead: 50 bought on day 6 for day 8, 50 on day 10 for day 12.
    let bought = output(&simulation, LineId(0));
    days(&bought, 5, &[0.0, 50.0, 0.0, 0.0, 0.0, 50.0, 0.0]);
    near(bought.iter().sum(), 100.0);
    let sent = watch(&net, &[], |s| s.input_sent[0]);
    days(&sent, 7, &[0.0, 50.0, 50.0, 50.0, 50.0, 100.0]);
    days(&watch(&net, &[], |s| s.input_in_transit[0]), 7, &[0.0, 50.0, 0.0, 0.0, 0.0, 50.0, 0.0]);
    // 5 pieces, 10 fabric a day from day 9 (before the planned start on day 10: inputs are there).
    days(&output(&simulation, SEWING), 0, &between(40, 9, 8, 5.0));
    days(&watch(&net, &[], |s| s.input_stock[0]), 8, &[0.0, 40.0, 30.0, 20.0, 10.0, 50.0, 40.0, 30.0, 20.0, 0.0]);
    // Delivered the day after; the fabric left over (100 − 80) goes back when all is delivered (day 17), with the goods' travel time.
    days(&watch(&net, &[], |s| s.billed[0]), 9, &[0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 40.0]);
    days(&watch(&net, &[], |s| s.returning[0]), 16, &[0.0, 20.0, 0.0]);
    days(&watch(&net, &[], |s| s.stock[FABRIC]), 5, &[0.0, 0.0, 50.0, 0.0, 0.0, 0.0, 50.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 20.0]);
    near(simulation.state.stock[GARMENTS], 40.0);
    assert_eq!(simulation.state.stage[0], Stage::Closed as u8);
    // 5 workers bind until the last day, when 5 were left to make.
    let causes = causes(&simulation, SEWING);
    assert_eq!(causes[..9], [Cause::OffSeason; 9]);
    assert_eq!(causes[9..16], [Cause::Capacity; 7]);
    assert_eq!(causes[16..18], [Cause::None, Cause::OffSeason]);
    // Fabric passed 50 and 50 at 1, garments 5 a day at 10.
    let columns = &simulation.record.columns;
    days(&series(&columns.gate_passed, 0, 4), 8, &[50.0, 0.0, 0.0, 0.0, 50.0]);
    days(&series(&columns.gate_passed, 2, 4), 9, &[50.0; 8]);
    // Output is worth its fee; a processor buys nothing: all of it is value added.
    days(&series(&columns.line_output_value, 1, 2), 9, &[15.0; 8]);
    days(&series(&columns.line_value_added, 1, 2), 9, &[15.0; 8]);
}

#[test]
fn waste_is_used_up_with_the_work() {
    // Waste 1/4: 2.5 a piece, exactly what is sent: 20 pieces of each consignment, nothing left.
    let mut net = sewing(40, plain);
    net.inputs[0].waste_share = 0.25;
    let simulation = run(&net, &[]);
    days(&output(&simulation, SEWING), 9, &[5.0; 8]);
    days(&watch(&net, &[], |s| s.input_stock[0]), 9, &[37.5, 25.0, 12.5, 0.0, 37.5, 25.0, 12.5, 0.0]);
    near(simulation.record.columns.product_used.iter().sum(), 100.0);
    near(simulation.state.stock[FABRIC], 0.0);
    near(simulation.state.made[0], 40.0);
}

#[test]
fn an_order_short_closes_when_over_shipment_does_not_cover_waste() {
    // Sent 2 × 40 × 1.1 = 88, used 2.5 a piece: 35.2 pieces. 17.6 of each consignment: 5, 5, 5, 2.6 twice.
    let mut net = sewing(40, |t| t.over_shipment_share = 0.1);
    net.inputs[0].waste_share = 0.25;
    let simulation = run(&net, &[]);
    days(&output(&simulation, SEWING), 8, &[0.0, 5.0, 5.0, 5.0, 2.6, 5.0, 5.0, 5.0, 2.6, 0.0]);
    days(&watch(&net, &[], |s| s.target[0]), 15, &[40.0, 35.2]);
    assert_eq!(
        causes(&simulation, SEWING)[11..18],
        [Cause::Capacity, Cause::Input(0), Cause::Capacity, Cause::Capacity, Cause::Capacity, Cause::Input(0), Cause::OffSeason]
    );
    near(simulation.state.stock[GARMENTS], 35.2);
    assert_eq!(simulation.state.stage[0], Stage::Closed as u8);
}

#[test]
fn an_order_stays_open_while_inputs_are_held() {
    // The second consignment (day 12) is held at the shut crossing until day 31, arrives on day 32; 25 pieces are made before, 15 after.
    let net = sewing(60, plain);
    let simulation = run(&net, &[shut_goods(1, 12, 30)]);
    days(&output(&simulation, SEWING), 8, &[0.0, 5.0, 5.0, 5.0, 5.0, 5.0, 0.0]);
    days(&output(&simulation, SEWING), 31, &[0.0, 5.0, 5.0, 5.0, 0.0]);
    assert_eq!(causes(&simulation, SEWING)[14..32], [Cause::Input(0); 18]);
    days(&series(&simulation.record.columns.gate_held, 0, 4), 11, &[0.0, 50.0, 50.0]);
    days(&series(&simulation.record.columns.gate_held, 0, 4), 30, &[50.0, 0.0]);
    near(simulation.state.made[0], 40.0);
}

#[test]
fn a_consignment_waits_at_the_ceiling() {
    // On day 12 fabric for 10 pieces, 10 worker-days, lies at the factory: more than 1.9 × 5. On day 13, 5 worker-days, it goes.
    let sent = |ceiling_days| watch(&sewing(40, |t| t.ceiling_days = ceiling_days), &[], |s| s.input_sent[0]);
    days(&sent(2.0), 11, &[50.0, 100.0, 100.0, 100.0]);
    days(&sent(1.9), 11, &[50.0, 50.0, 100.0, 100.0]);
    days(&sent(0.9), 11, &[50.0, 50.0, 50.0, 100.0]);
    // With 0.9 it leaves on day 14, when nothing is left to sew; it arrives on day 15.
    let simulation = run(&sewing(40, |t| t.ceiling_days = 0.9), &[]);
    days(&output(&simulation, SEWING), 9, &[5.0, 5.0, 5.0, 5.0, 5.0, 0.0, 5.0, 5.0, 5.0, 0.0]);
    assert_eq!(causes(&simulation, SEWING)[14], Cause::Input(0));
}

#[test]
fn a_short_store_is_shared_by_the_consignments_that_want_it() {
    // A second, equal order of 120: wants 150 + 150 sent. The mill makes 100 a day: bought on day 6: 100 of 200. On day 8 there are
    // 100 (day 7) + 100 (ordered on day 7) = 200: enough. With 50 a day: 50 + 50 = 100 of 200: each gets half.
    let mut net = sewing(40, plain);
    net.order(SEWING_CONTRACT, 120.0, 20);
    net.lines[0].capacity_per_day = 50.0;
    days(&watch(&net, &[], |s| s.input_sent[0]), 7, &[0.0, 25.0]);
    days(&watch(&net, &[], |s| s.input_sent[1]), 7, &[0.0, 75.0]);
    // On day 9 the other 50 arrive: wanted 25 + 75.
    days(&watch(&net, &[], |s| s.input_sent[0]), 9, &[37.5]);
}

#[test]
fn an_input_that_is_not_needed_binds_nothing() {
    // 0 units of a second product per piece, consigned and own: as if it were not there.
    let mut net = sewing(40, plain);
    let thread = net.product(1.0);
    net.inputs.push(consigned(thread, 0.0, 0.0));
    net.inputs.push(own(thread, 0.0));
    net.lines[1].last_input += 2;
    days(&output(&run(&net, &[]), SEWING), 9, &[5.0; 8]);
}

#[test]
fn nothing_is_made_for_the_market_of_inputs_nobody_brings() {
    // The market wants 3 garments a day of the sewing line, but only the client consigns fabric, for its own order.
    let mut net = sewing(40, plain);
    net.demand(SEWING, 3.0);
    let simulation = run(&net, &[]);
    days(&simulation.record.columns.demand_met, 0, &[0.0; 40]);
    days(&output(&simulation, SEWING), 8, &[0.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 0.0]);
    assert_eq!(causes(&simulation, SEWING)[20], Cause::Input(0));
}

/// A client buys shirts and coats (sale) from one factory of 5 workers, which works as early as it can.
fn two_lines(days: i32) -> Net {
    let mut net = Net::empty(days);
    let (shirt, coat) = (net.product(10.0), net.product(30.0));
    let factory = net.firm_with(Firm { workers: 5.0, ..Firm::default() });
    let client = net.firm_with(Firm { opening_cash: 1e4, ..Firm::default() });
    let shirts = net.add_line(factory, shirt, f64::INFINITY, 1.0, &[]);
    let coats = net.add_line(factory, coat, f64::INFINITY, 0.5, &[]);
    let terms =
        net.terms(Terms { ordering: Ordering::Schedule, work: Work::Early, input_window_days: 4.0, slack_days: 4.0, ..Terms::default() });
    let route = net.route(&[(None, 1)]);
    for line in [shirts, coats] {
        net.buys(client, line, terms, route, 1.0);
    }
    net
}

#[test]
fn labour_goes_to_the_earliest_due_first() {
    // Coats come first in the table, shirts are due first: 5, 5, 2 shirts; 3 worker-days are left on day 2 for 6 coats, then 4.
    let mut net = two_lines(30);
    net.order(ContractId(1), 10.0, 12);
    net.order(ContractId(0), 12.0, 10);
    let simulation = run(&net, &[]);
    days(&output(&simulation, LineId(0)), 0, &[5.0, 5.0, 2.0, 0.0]);
    days(&output(&simulation, LineId(1)), 0, &[0.0, 0.0, 6.0, 4.0, 0.0]);
    days(&simulation.record.columns.firm_used, 0, &[5.0, 0.0, 5.0, 0.0, 5.0, 0.0, 2.0, 0.0]);
    // Shirts are planned from day 2 (10 − 4 − 4), coats from day 4; work done earlier counts all the same.
    assert_eq!(causes(&simulation, LineId(0))[..4], [Cause::Capacity, Cause::Capacity, Cause::None, Cause::OffSeason]);
    assert_eq!(causes(&simulation, LineId(1))[..5], [Cause::OffSeason, Cause::OffSeason, Cause::Capacity, Cause::None, Cause::OffSeason]);
}

#[test]
fn standing_business_goes_before_order_lines() {
    // Final demand of 3 shirts a day takes 3 of the 5 workers; an order of 6 shirts gets 2 a day.
    let mut net = two_lines(30);
    net.order(ContractId(0), 6.0, 10);
    net.demand(LineId(0), 3.0);
    let simulation = run(&net, &[]);
    days(&output(&simulation, LineId(0)), 0, &[5.0, 5.0, 5.0, 3.0]);
    days(&simulation.record.columns.demand_met, 0, &[3.0; 4]);
}

#[test]
fn a_sale_order_pulls_inputs_by_quantity_left_over_days_left() {
    // 12 shirts due on day 10, 1 yarn each, restock n = 3, τ = 2, L = 1. Day 0: rate 1.2, order 1.2 + 3.6/2 = 3. Day 1: rate 12/9,
    // 3 in hand: 4/3 + (4 − 3)/2 = 11/6. Day 2: left 9, rate 9/8, in hand 11/6: 9/8 + (27/8 − 11/6)/2 = 91/48.
    let mut net = two_lines(30);
    let yarn = net.product(1.0);
    let mill = net.maker(yarn, 100.0);
    net.inputs.push(own(yarn, 1.0));
    net.lines[0].last_input = 1;
    (net.lines[1].first_input, net.lines[1].last_input) = (1, 1);
    (net.lines[2].first_input, net.lines[2].last_input) = (1, 1);
    let terms = net.terms(Terms { stock_days: 3.0, restock_days: 2.0, ..Terms::default() });
    net.buys(FirmId(0), mill, terms, RouteId(0), 1.0);
    net.order(ContractId(0), 12.0, 10);
    let simulation = run(&net, &[]);
    days(&output(&simulation, mill), 0, &[3.0, 11.0 / 6.0, 91.0 / 48.0]);
    days(&output(&simulation, LineId(0)), 0, &[0.0, 3.0, 11.0 / 6.0, 91.0 / 48.0]);
    // The input binds as soon as the order covers the day (day 2), and on day 1, when work was done.
    assert_eq!(causes(&simulation, LineId(0))[..3], [Cause::OffSeason, Cause::Input(2), Cause::Input(2)]);
    near(simulation.state.made[0], 12.0);
}

// --------------------------------------------------------------------------------------------------------- leftovers

#[test]
fn leftovers_are_returned_retained_or_written_off() {
    // 20 of the 100 fabric sent are left on day 17.
    for (rule, back, retained, written_off) in
        [(Leftovers::Returned, 20.0, 0.0, 0.0), (Leftovers::Retained, 0.0, 20.0, 0.0), (Leftovers::WrittenOff, 0.0, 0.0, 20.0)]
    {
        let net = sewing(40, |t| t.leftovers = rule);
        let kept = watch(&net, &[], |s| s.retained[0]);
        let gone = watch(&net, &[], |s| s.written_off[0]);
        days(&kept, 0, &between(40, 17, 1, retained));
        days(&gone, 0, &between(40, 17, 1, written_off));
        near(run(&net, &[]).state.stock[FABRIC], back);
    }
}

#[test]
fn leftovers_wait_for_an_open_way_back() {
    // The way to the client is shut on days 18–24: what would be back on day 18 is back on day 25.
    let stock = watch(&sewing(40, plain), &[shut_goods(0, 18, 24)], |s| s.stock[FABRIC]);
    days(&stock, 17, &[0.0; 8]);
    days(&stock, 25, &[20.0]);
}

// ---------------------------------------------------------------------------------------------------------- dispatch

fn shipped(net: &Net, events: &[ripstop::model::events::Event]) -> Vec<f64> {
    let total = watch(net, events, |s| s.order_shipped[0]);
    (0..total.len()).map(|t| total[t] - if t == 0 { 0.0 } else { total[t - 1] }).collect()
}

#[test]
fn lots_leave_when_complete() {
    // Lots of 10 from 5 a day: every second day from day 10.
    let net = sewing(40, |t| (t.dispatch, t.lots_per_order) = (Dispatch::Lot, 4.0));
    days(&shipped(&net, &[]), 9, &[0.0, 10.0, 0.0, 10.0, 0.0, 10.0, 0.0, 10.0, 0.0]);
    // Half a lot waits, and is neither delayed nor stranded: it is not due to leave.
    let simulation = run(&net, &[]);
    days(&series(&simulation.record.columns.line_waiting, 1, 2), 9, &[5.0, 0.0, 5.0, 0.0]);
    days(&series(&simulation.record.columns.line_delayed, 1, 2), 0, &[0.0; 40]);
}

#[test]
fn a_lot_that_is_not_complete_on_the_due_date_is_delayed() {
    // One lot of 40, second consignment shut out: 25 pieces lie there, delayed from the due date, day 20, on.
    let net = sewing(40, |t| t.dispatch = Dispatch::Lot);
    let simulation = run(&net, &[shut_goods(1, 12, 39)]);
    days(&series(&simulation.record.columns.line_delayed, 1, 2), 18, &[0.0, 0.0, 25.0, 25.0]);
    days(&series(&simulation.record.columns.line_stranded, 1, 2), 0, &[0.0; 40]);
}

fn collected(phase: f64) -> Net {
    let mut net = sewing(40, |t| {
        (t.dispatch, t.lots_per_order, t.collection_interval_days) = (Dispatch::Collection, 4.0, 5.0);
    });
    net.contracts.collection_phase_share[SEWING_CONTRACT.index()] = phase;
    net
}

#[test]
fn a_client_collects_complete_lots_on_its_days() {
    // Days 0, 5, 10, …: 10 on day 10; on day 15 35 are made, three lots, 20 leave; on day 20 the order is made: all 10.
    days(&shipped(&collected(0.0), &[]), 9, &[0.0, 10.0, 0.0, 0.0, 0.0, 0.0, 20.0, 0.0, 0.0, 0.0, 0.0, 10.0]);
    // Phase 2/5: days 1, 6, 11, 16: 10 of 15, then all 30.
    days(&shipped(&collected(0.4), &[]), 9, &[0.0, 0.0, 10.0, 0.0, 0.0, 0.0, 0.0, 30.0, 0.0]);
}

#[test]
fn stranded_goods_have_no_open_route_delayed_goods_wait() {
    // The way out is shut on days 14–18. Day 12: one lot ready, waits for collection. Day 14: two; day 16: made, all 30. Day 19: open
    // again.
    let simulation = run(&collected(0.0), &[shut_goods(0, 14, 18)]);
    let columns = &simulation.record.columns;
    days(&series(&columns.line_delayed, 1, 2), 10, &[0.0, 0.0, 10.0, 10.0, 0.0, 0.0, 0.0, 0.0, 0.0, 30.0, 0.0]);
    days(&series(&columns.line_stranded, 1, 2), 10, &[0.0, 0.0, 0.0, 0.0, 20.0, 20.0, 30.0, 30.0, 30.0, 0.0, 0.0]);
    days(&shipped(&collected(0.0), &[shut_goods(0, 14, 18)]), 10, &[10.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 30.0]);
    let totals = &simulation.record.totals;
    near(totals[15].stranded_value, 200.0);
    near(totals[19].delayed_value, 300.0);
}

#[test]
fn theft_and_retention_are_booked_and_the_fee_is_due_on_what_was_sent() {
    // The factory keeps 5 %: 2 of 40; of the 38 sent 10 % are stolen: 3.8. The client owns them all along: fee 38 × 3.
    let net = sewing(40, |t| (t.retention_share, t.theft_share) = (0.05, 0.1));
    let simulation = run(&net, &[]);
    near(series(&simulation.record.columns.product_retained, 1, 2).iter().sum(), 2.0);
    near(series(&simulation.record.columns.product_lost, 1, 2).iter().sum(), 3.8);
    near(simulation.state.stock[GARMENTS], 34.2);
    near(cash(&simulation, FACTORY)[39], 114.0);
    near(simulation.state.line_lost[1], 3.8);
}

#[test]
fn what_is_stolen_from_a_sale_is_not_paid() {
    // 12 shirts at 4, a quarter stolen on the way: 9 arrive, 36 are paid.
    let mut net = two_lines(30);
    net.terms[0].theft_share = 0.25;
    net.contracts.price_per_unit[0] = 4.0;
    net.order(ContractId(0), 12.0, 10);
    let simulation = run(&net, &[]);
    near(simulation.state.billed[0], 9.0);
    near(cash(&simulation, FirmId(0))[29], 36.0);
}

// -------------------------------------------------------------------------------------------------------------- fees

/// Prepaid 1/4, σ = 0.4, inspection 2 + net 3 days, season's end on step 30.
fn paid_in_parts() -> Net {
    let mut net = sewing(90, |t| {
        (t.prepaid_share, t.season_settlement_share, t.inspection_days, t.net_days) = (0.25, 0.4, 2.0, 3.0);
    });
    net.orders[0].season_end = Some(day(30));
    net
}

#[test]
fn the_fee_comes_in_parts_on_their_days() {
    // Prepaid on day 5: ¼ of 120 = 30. Each delivery of 5 (15): 3.75 set off, of the rest 11.25: 6.75 five days after delivery
    // (days 15–22), 4.5 on day 35: 8 × 4.5 = 36.
    let simulation = run(&paid_in_parts(), &[]);
    let factory = cash(&simulation, FACTORY);
    days(&factory, 4, &[0.0, 30.0, 30.0]);
    days(&factory, 14, &[30.0, 36.75, 43.5, 50.25, 57.0, 63.75, 70.5, 77.25, 84.0, 84.0]);
    days(&factory, 34, &[84.0, 120.0, 120.0]);
    days(&cash(&simulation, CLIENT), 35, &[1e4 - 120.0]);
    // Open and not overdue: day 17: 8 × 4.5 + 6.75 for the deliveries of days 13–17 (those of 10–12 are paid).
    days(&series(&simulation.record.columns.firm_receivable, 2, 3), 17, &[36.0 + 5.0 * 6.75]);
    days(&series(&simulation.record.columns.firm_overdue, 2, 3), 0, &[0.0; 90]);
    near(simulation.state.paid[0], 120.0);
}

#[test]
fn a_delivery_after_the_season_is_settled_at_its_own_date() {
    // Season's end on step 12: the σ part of the deliveries of days 10–12 is due on day 17, later ones five days after delivery.
    let mut net = paid_in_parts();
    net.orders[0].season_end = Some(day(12));
    // Days 15, 16: 6.75; day 17: 6.75 + 3 × 4.5; then 11.25 a day (days 18–22).
    days(&cash(&run(&net, &[]), FACTORY), 14, &[30.0, 36.75, 43.5, 63.75, 75.0, 86.25, 97.5, 108.75, 120.0, 120.0]);
}

#[test]
fn cash_that_runs_out_leaves_invoices_overdue() {
    // The client has 50: 30 prepaid, 6.75 on days 15 and 16, 6.5 on day 17. By day 22 8 × 6.75 = 54 were due, 20 of it paid.
    let mut net = paid_in_parts();
    net.firms[1].opening_cash = 50.0;
    let simulation = run(&net, &[]);
    days(&cash(&simulation, FACTORY), 14, &[30.0, 36.75, 43.5, 50.0, 50.0]);
    let overdue = series(&simulation.record.columns.firm_overdue, 2, 3);
    days(&overdue, 16, &[0.0, 0.25, 7.0]);
    days(&overdue, 22, &[34.0]);
    days(&overdue, 35, &[70.0]);
    near(cash(&simulation, CLIENT)[89], 0.0);
}

#[test]
fn carried_cash_needs_the_crossing_open_to_persons() {
    // Persons are shut out on days 14–19: the parts due on days 15–20 come on day 20: 6 × 6.75 = 40.5.
    let carried = || {
        let mut net = paid_in_parts();
        net.terms[1].means = Means::Carried(CrossingId(0));
        net
    };
    let simulation = run(&carried(), &[shut_persons(14, 19)]);
    days(&cash(&simulation, FACTORY), 14, &[30.0, 30.0, 30.0, 30.0, 30.0, 30.0, 70.5, 77.25, 84.0]);
    days(&series(&simulation.record.columns.firm_overdue, 2, 3), 14, &[0.0, 6.75, 13.5, 20.25, 27.0, 33.75, 0.0]);
    // By bank it does not matter; nor does it when only the goods or only the other direction are shut.
    days(&cash(&run(&paid_in_parts(), &[shut_persons(14, 19)]), FACTORY), 14, &[30.0, 36.75]);
    let other =
        event(Change::OpenShare { crossings: vec![CrossingId(0)], towards: Some(CountryId(0)), class: Some(ClassId(1)) }, 14, 19, 0.0);
    days(&cash(&run(&carried(), &[other]), FACTORY), 14, &[30.0, 36.75]);
    // Shut when the order is placed: no prepayment; the whole fee is invoiced: 15 a delivery, 9 and 6.
    let late = run(&carried(), &[shut_persons(0, 9)]);
    days(&cash(&late, FACTORY), 14, &[0.0, 9.0, 18.0]);
    near(cash(&late, FACTORY)[35], 120.0);
}

#[test]
fn an_advance_on_what_was_not_made_is_set_off_against_the_next_order() {
    // Order 1 is short-closed at 35.2 of 40 (see above); prepaid ½·3·40 = 60, half of each delivery's fee is set off, the last one's
    // (2.6 pieces, closing the order) too: 1.5 × 35.2 = 52.8. 7.2 stay as credit.
    let mut net = sewing(80, |t| (t.over_shipment_share, t.prepaid_share) = (0.1, 0.5));
    net.inputs[0].waste_share = 0.25;
    net.order(SEWING_CONTRACT, 40.0, 50);
    let simulation = run(&net, &[]);
    let factory = cash(&simulation, FACTORY);
    // Order 1 in all: 35.2 × 3 = 105.6, and 7.2 too much.
    days(&factory, 30, &[112.8]);
    days(&watch(&net, &[], |s| s.credit[0]), 16, &[0.0, 7.2]);
    // Order 2 (due on day 50): placed on day 35: 60; first delivery on day 40: 15 − 7.5 − 7.2 = 0.3; the next 7.5.
    days(&factory, 34, &[112.8, 172.8]);
    days(&factory, 39, &[172.8, 173.1, 180.6]);
    // In the end 70.4 × 3 = 211.2 and again 7.2.
    near(factory[79], 218.4);
    near(simulation.state.credit[0], 7.2);
}

// --------------------------------------------------------------------------------------------------- wages and owners

#[test]
fn wages_count_work_and_idle_time_and_fall_in_arrears_when_cash_is_short() {
    // Wage 31 a month, idle pay ½. January: 40 of 155 worker-days worked: due 155 × (40 + 57.5)/155 = 97.5 of which 84 can be paid.
    // A worker-day is worth 1: 13.5 of arrears in both. February: all idle, 140 days: due 77.5 = 70 worker-days; 36 came on day 35.
    // Owed before payment 91 and 83.5 days; after it 55 and 83.5 × 55/91.
    let mut net = paid_in_parts();
    net.firms[2].wage_per_month = 31.0;
    net.firms[2].idle_pay_share = 0.5;
    let simulation = run(&net, &[]);
    let columns = &simulation.record.columns;
    days(&cash(&simulation, FACTORY), 29, &[84.0, 0.0]);
    days(&series(&columns.firm_arrears, 2, 3), 29, &[0.0, 13.5]);
    days(&series(&columns.firm_arrears_days, 2, 3), 29, &[0.0, 13.5]);
    days(&cash(&simulation, FACTORY), 57, &[36.0, 0.0]);
    days(&series(&columns.firm_arrears, 2, 3), 58, &[55.0]);
    days(&series(&columns.firm_arrears_days, 2, 3), 58, &[83.5 * 55.0 / 91.0]);
    near(simulation.state.wages_paid[2], 120.0);
    near(simulation.state.cash[simulation.plan.account(Account::Households, 0)], 120.0);
    // March (31 days): 77.5 more of arrears at step 89.
    near(simulation.state.arrears[2], 55.0 + 77.5);
}

#[test]
fn a_month_that_began_before_the_run_is_paid_in_part() {
    // Start on 22 January: 10 of 31 days; 5 workers × 31 × 10/31, all idle at full pay.
    let mut net = sewing(20, plain);
    net.start = day(21);
    net.end = day(40);
    net.orders.clear();
    net.firms[2].wage_per_month = 31.0;
    net.firms[2].opening_cash = 60.0;
    days(&cash(&run(&net, &[]), FACTORY), 8, &[60.0, 10.0]);
}

#[test]
fn attendance_missing_counts_as_idle() {
    // Nobody comes all January (nor is there work): 155 idle worker-days at idle pay 0.2: due 155 × 0.2 = 31.
    let mut net = sewing(31, plain);
    net.firms[2].wage_per_month = 31.0;
    net.firms[2].idle_pay_share = 0.2;
    let simulation = run(&net, &[event(Change::Attendance(vec![FACTORY]), 0, 30, 0.0)]);
    near(simulation.state.arrears[2], 31.0);
    assert_eq!(causes(&simulation, SEWING)[12], Cause::Attendance);
}

#[test]
fn the_state_takes_its_levy_and_the_owner_what_is_above_keep() {
    // 15 a day on days 10–17, levy 1/5: 12 to the factory, 96 in all; 24 to the state. Wage 31, idle pay 0: 40 due and paid on day 30;
    // keep 0.2 months = 31: 96 − 40 − 31 = 25 go to the group.
    let mut net = sewing(40, plain);
    net.groups = 1;
    let factory = &mut net.firms[2];
    (factory.group, factory.wage_per_month, factory.idle_pay_share) = (Some(GroupId(0)), 31.0, 0.0);
    (factory.levy_share, factory.keep_months) = (0.2, 0.2);
    let simulation = run(&net, &[]);
    days(&cash(&simulation, FACTORY), 9, &[0.0, 12.0, 24.0]);
    days(&cash(&simulation, FACTORY), 29, &[96.0, 31.0]);
    let state = &simulation.state;
    near(state.cash[simulation.plan.account(Account::State, 0)], 24.0);
    near(state.cash[simulation.plan.owner_account(2)], 25.0);
    near(state.handed_over[2], 49.0);
    // Without a group the owner is outside the case.
    net.firms[2].group = None;
    let simulation = run(&net, &[]);
    near(simulation.state.cash[simulation.plan.account(Account::Outside, 0)], 25.0);
}

// ------------------------------------------------------------------------------------------------------ compensation

#[test]
fn the_fee_on_uncollected_pieces_becomes_a_claim_and_is_set_off_on_collection() {
    // The way out is shut on days 9–24: 40 pieces lie there. Due on day 20, grace 3: claim 120 on day 23, the client pays half. On day 25
    // they leave, the claim is gone; on day 26 they arrive: 120 − 60.
    let net = sewing(60, |t| (t.grace_days, t.compensation_share) = (3.0, 0.5));
    let simulation = run(&net, &[shut_goods(0, 9, 24)]);
    days(&cash(&simulation, FACTORY), 22, &[0.0, 60.0, 60.0, 60.0, 120.0, 120.0]);
    days(&series(&simulation.record.columns.firm_claims, 2, 3), 22, &[0.0, 60.0, 60.0, 0.0]);
    days(&series(&simulation.record.columns.line_stranded, 1, 2), 16, &[40.0; 9]);
}

#[test]
fn what_was_prepaid_is_not_claimed_again() {
    // As above with a quarter prepaid (30 on day 5): the claim is for the other 90, the client pays 90 of it at a share of 1; nothing more.
    let net = sewing(60, |t| (t.grace_days, t.compensation_share, t.prepaid_share) = (3.0, 1.0, 0.25));
    let simulation = run(&net, &[shut_goods(0, 9, 24)]);
    days(&cash(&simulation, FACTORY), 22, &[30.0, 120.0, 120.0, 120.0, 120.0]);
    near(cash(&simulation, FACTORY)[59], 120.0);
}

#[test]
fn a_claim_falls_with_each_collection() {
    // Inputs shut from day 12: 25 pieces. Way out shut to day 24, collection of lots of 10 on days 0, 10, 20, 30. Day 23: claim 75, 37.5
    // paid. Day 30: two lots leave, claim 15. Day 31: fee 60 − 37.5 = 22.5; nothing of the 37.5 is left for the other 5: 7.5 more. In all
    // 60 + 7.5.
    let net = sewing(60, |t| {
        (t.grace_days, t.compensation_share) = (3.0, 0.5);
        (t.dispatch, t.lots_per_order, t.collection_interval_days) = (Dispatch::Collection, 4.0, 10.0);
    });
    let simulation = run(&net, &[shut_goods(1, 12, 59), shut_goods(0, 9, 24)]);
    days(&cash(&simulation, FACTORY), 22, &[0.0, 37.5]);
    days(&cash(&simulation, FACTORY), 30, &[37.5, 67.5, 67.5]);
    days(&watch(&net, &[shut_goods(1, 12, 59), shut_goods(0, 9, 24)], |s| s.claim[0]), 22, &[0.0, 75.0]);
    days(&watch(&net, &[shut_goods(1, 12, 59), shut_goods(0, 9, 24)], |s| s.claim[0]), 29, &[75.0, 15.0]);
}

#[test]
fn a_client_without_means_pays_no_compensation() {
    // Carried, persons shut on days 20–40: the claim of day 23 is paid on day 41.
    let net = sewing(60, |t| {
        (t.grace_days, t.compensation_share, t.means) = (3.0, 0.5, Means::Carried(CrossingId(0)));
    });
    let simulation = run(&net, &[shut_goods(0, 9, 59), shut_persons(20, 40)]);
    days(&cash(&simulation, FACTORY), 40, &[0.0, 60.0]);
    days(&series(&simulation.record.columns.firm_claims, 2, 3), 40, &[120.0, 60.0]);
}

// ------------------------------------------------------------------------------------------------- cuts, cancellations

#[test]
fn a_cut_order_leaves_days_without_orders() {
    // Half is placed: 20 pieces, consignments of 25 fabric: 12.5 pieces on days 9–11, the rest on days 13, 14. Covered: days 10–20.
    let net = sewing(40, plain);
    let simulation = run(&net, &[event(Change::OrderCut(vec![SEWING_CONTRACT]), 0, 39, 0.5)]);
    days(&output(&simulation, SEWING), 8, &[0.0, 5.0, 5.0, 2.5, 0.0, 5.0, 2.5, 0.0]);
    let causes = causes(&simulation, SEWING);
    assert_eq!(causes[9..15], [Cause::Capacity, Cause::Capacity, Cause::Input(0), Cause::Input(0), Cause::Capacity, Cause::None]);
    assert_eq!(causes[15..=20], [Cause::NoOrders; 6]);
    assert_eq!(causes[21..], [Cause::OffSeason; 19]);
}

#[test]
fn an_order_cut_whole_is_never_made_and_its_days_count() {
    let net = sewing(40, plain);
    let simulation = run(&net, &[event(Change::OrderCut(vec![SEWING_CONTRACT]), 5, 5, 1.0)]);
    days(&output(&simulation, SEWING), 0, &[0.0; 40]);
    days(&output(&simulation, LineId(0)), 0, &[0.0; 40]);
    let causes = causes(&simulation, SEWING);
    assert_eq!(causes[..10], [Cause::OffSeason; 10]);
    assert_eq!(causes[10..=20], [Cause::NoOrders; 11]);
    assert_eq!(causes[21..], [Cause::OffSeason; 19]);
    // A cut before or after the day it is placed (day 5) does nothing.
    let missed = run(&net, &[event(Change::OrderCut(vec![SEWING_CONTRACT]), 6, 39, 1.0)]);
    near(missed.state.made[0], 40.0);
}

#[test]
fn a_cancelled_order_is_made_as_far_as_inputs_were_sent() {
    // On day 10 half of the inputs are sent: 20 pieces are made of them (days 9–12), 10 fabric go back (delivered on day 13, back on day
    // 14). Nothing is bought for the other half.
    let net = sewing(40, plain);
    let cancel = event(Change::Cancel(vec![SEWING_CONTRACT]), 10, 12, 0.0);
    let simulation = run(&net, std::slice::from_ref(&cancel));
    days(&output(&simulation, SEWING), 8, &[0.0, 5.0, 5.0, 5.0, 5.0, 0.0]);
    near(output(&simulation, LineId(0)).iter().sum(), 50.0);
    days(&watch(&net, std::slice::from_ref(&cancel), |s| s.stock[FABRIC]), 13, &[0.0, 10.0]);
    assert_eq!(
        causes(&simulation, SEWING)[13..=21],
        [
            Cause::NoOrders,
            Cause::NoOrders,
            Cause::NoOrders,
            Cause::NoOrders,
            Cause::NoOrders,
            Cause::NoOrders,
            Cause::NoOrders,
            Cause::NoOrders,
            Cause::OffSeason
        ]
    );
    // Orders to be placed while it lasts are not placed (due 26: placed on day 11), later ones are (due 28: day 13).
    let mut net = sewing(60, plain);
    net.order(SEWING_CONTRACT, 40.0, 26);
    net.order(SEWING_CONTRACT, 40.0, 28);
    let simulation = run(&net, &[cancel]);
    days(&simulation.state.made, 0, &[20.0, 0.0, 40.0]);
}

#[test]
fn a_sale_order_is_cancelled_where_it_stands() {
    // 12 shirts, 5 a day from day 0; cancelled on day 1: 5 are made and delivered.
    let mut net = two_lines(30);
    net.order(ContractId(0), 12.0, 10);
    let simulation = run(&net, &[event(Change::Cancel(vec![ContractId(0)]), 1, 1, 0.0)]);
    days(&output(&simulation, LineId(0)), 0, &[5.0, 0.0, 0.0]);
    near(simulation.state.billed[0], 5.0);
    assert_eq!(simulation.state.stage[0], Stage::Closed as u8);
    assert_eq!(causes(&simulation, LineId(0))[2..=10], [Cause::NoOrders; 9]);
}

#[test]
fn a_client_gives_up_after_stop_after_closed_days() {
    // The way in is shut from day 9. After 3 closed days (day 12 is the fourth) the unsent half is cancelled before it would be sent:
    // 20 pieces; the 50 fabric bought on day 10 stay with the client, 10 come back. Order 2 (due 35: placed on day 20) is not placed.
    let mut net = sewing(60, |t| t.stop_after_days = 3.0);
    net.order(SEWING_CONTRACT, 40.0, 35);
    let simulation = run(&net, &[shut_goods(1, 9, 59)]);
    days(&output(&simulation, SEWING), 8, &[0.0, 5.0, 5.0, 5.0, 5.0, 0.0]);
    let causes = causes(&simulation, SEWING);
    assert_eq!(causes[9..13], [Cause::Capacity, Cause::Capacity, Cause::Capacity, Cause::None]);
    assert_eq!(causes[13..=20], [Cause::NoOrders; 8]);
    assert_eq!(causes[21..25], [Cause::OffSeason; 4]);
    // Covered: 35 − 6 − 4 = 25 to 35.
    assert_eq!(causes[25..=35], [Cause::NoOrders; 11]);
    assert_eq!(causes[36], Cause::OffSeason);
    near(simulation.state.stock[FABRIC], 60.0);
    near(simulation.state.target[1], 0.0);
    // With 4 the second consignment is sent on day 12 (the fourth closed day) and held.
    let held = run(&sewing(40, |t| t.stop_after_days = 4.0), &[shut_goods(1, 9, 39)]);
    near(held.record.totals[12].held_value, 50.0);
    near(held.state.target[0], 40.0);
}

#[test]
fn a_late_order_is_cancelled_and_what_was_held_comes_back_after_reopening() {
    // As above with 50 held at the crossing; 25 pieces made by day 13. Due on day 20, cancelled 5 days late on day 25.
    // Reopened on day 30: the 50 arrive on day 31, go back at once, are there on day 32.
    let net = sewing(60, |t| t.cancel_late_days = 5.0);
    let events = [shut_goods(1, 9, 29)];
    let simulation = run(&net, &events);
    let causes = causes(&simulation, SEWING);
    assert_eq!(causes[14..25], [Cause::Input(0); 11]);
    assert_eq!(causes[25], Cause::OffSeason, "the day is after the due date: no order covers it");
    days(&watch(&net, &events, |s| s.target[0]), 24, &[40.0, 25.0]);
    days(&watch(&net, &events, |s| s.stock[FABRIC]), 30, &[0.0, 0.0, 50.0]);
    assert_eq!(simulation.state.stage[0], Stage::Closed as u8);
    near(simulation.state.stock[GARMENTS], 25.0);
}

// ----------------------------------------------------------------------------------------------- seasons and rest days

#[test]
fn goods_are_marked_down_after_the_season() {
    // Season's end on step 18, 0.4 of the price after it. All 40 garments (10 each) and 20 fabric lie in the factory; the client owns them.
    let mut net = sewing(40, plain);
    net.orders[0].season_end = Some(day(18));
    net.products[1].price_after_season_share = 0.4;
    let simulation = probed(&net, &[shut_goods(0, 9, 39)], &[18, 19]);
    near(simulation.record.snapshots[0].owned_value[CLIENT.index()], 420.0);
    near(simulation.record.snapshots[1].owned_value[CLIENT.index()], 180.0);
    near(simulation.record.snapshots[1].owned_value[FACTORY.index()], 0.0);
}

#[test]
fn rest_days_neither_work_nor_count() {
    // Sundays (steps 6, 13, 20) off: 5 a day on days 9–12 and 14–17. Of 27 working days 8 worked: idle pay ½, wage 27:
    // due 135 × (40 + 47.5)/135 = 87.5.
    let mut net = sewing(31, plain);
    let factory = &mut net.firms[2];
    (factory.rest_weekdays, factory.wage_per_month, factory.idle_pay_share) = (1 << 6, 27.0, 0.5);
    let simulation = run(&net, &[]);
    days(&output(&simulation, SEWING), 8, &[0.0, 5.0, 5.0, 5.0, 5.0, 0.0, 5.0, 5.0, 5.0, 5.0, 0.0]);
    assert_eq!(causes(&simulation, SEWING)[13], Cause::Rest);
    assert_eq!(causes(&simulation, SEWING)[6], Cause::Rest);
    days(&series(&simulation.record.columns.firm_present, 2, 3), 12, &[5.0, 0.0, 5.0]);
    near(simulation.state.wages_due[2], 87.5);
}

#[test]
fn nothing_of_an_order_is_lost_on_a_long_way_with_two_gates() {
    // Inputs: one day, the crossing, two days, the crossing again (back and forth is fine for a test), one day. Shut for good on day 10:
    // the first consignment (sent 5 days + 1 before day 10, on day 4) has passed the first gate on day 5 and the second on day 7.
    let mut net = sewing(60, plain);
    let long = net.route(&[(None, 1), (Some(Direction::AToB), 2), (Some(Direction::AToB), 1)]);
    net.contracts.input_route[SEWING_CONTRACT.index()] = long;
    let in_transit = |s: &State| s.input_in_transit[0];
    // Lead 4 + 1: sent on days 5 and 9 (placed on day 2), the first arrives on day 9; the second is at the gate on day 10: held.
    days(&watch(&net, &[shut_goods(1, 10, 39)], in_transit), 4, &[0.0, 50.0, 50.0, 50.0, 50.0, 50.0, 50.0, 50.0]);
    // Reopened on day 40: two days to the second gate (open), one more: there on day 43.
    days(&watch(&net, &[shut_goods(1, 10, 39)], in_transit), 39, &[50.0, 50.0, 50.0, 50.0, 0.0]);
    days(&output(&run(&net, &[shut_goods(1, 10, 39)]), SEWING), 42, &[0.0, 5.0, 5.0, 5.0, 0.0]);
}
