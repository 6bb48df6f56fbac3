//! Options of standing flows, one by one, every number worked out by hand: limits in tonnes, rationing, importance of inputs, orders that
//! move, alternative routes, perishables, refusals, workforce, deadlocks. The basic chain is [`common::chain`]; options of order lines and
//! money are in `options_money.rs`.

mod common;

use Direction::AToB;
use common::*;
use ripstop::model::error::NetworkError;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::plan::Plan;
use ripstop::rule::cause::Cause;

/// Crossing 0 lets `tonnes` a day pass; every product weighs a tonne a unit.
fn limited(mut net: Net, tonnes: f64) -> Net {
    net.crossings[0].tonnes_per_day = Some(tonnes);
    net.products.iter_mut().for_each(|p| p.kg_per_unit = 1000.0);
    net
}

/// One day to the crossing, one day after it: L = 2, target (3 + 2 − 1)·5 = 20.
fn over_the_crossing(days: i32, terms: Terms) -> Net {
    chain(days, &[(None, 1), (Some(AToB), 1)], terms)
}

// ------------------------------------------------------------------------------------------------------------- tonnes a day

#[test]
fn an_ample_capacity_is_an_open_flow() {
    for legs in [&[(None, 1), (Some(AToB), 1)][..], &[(Some(AToB), 1)], &[(None, 2), (Some(AToB), 3), (None, 1)]] {
        let events = [stop(MILL, 10, 13)];
        let flow = run(&chain(60, legs, restock()), &events);
        let tonnes = run(&limited(chain(60, legs, restock()), 1e6), &events);
        let (flow, tonnes) = (&flow.record.columns, &tonnes.record.columns);
        assert_eq!(flow.line_output, tonnes.line_output);
        assert_eq!(flow.line_cause, tonnes.line_cause);
        assert_eq!(flow.product_content, tonnes.product_content);
        assert_eq!(flow.gate_passed, tonnes.gate_passed);
        assert_eq!(tonnes.gate_held.iter().sum::<f64>(), 0.0);
    }
}

#[test]
fn a_short_capacity_makes_a_queue_that_is_worked_off() {
    // 8 t a day, a quarter open on days 10–12: 2 t. Each day 5 reach the crossing: 5 − 2 = 3 wait, 3 + 5 − 2 = 6, 9;
    // from day 13 eight pass: 9 + 5 − 8 = 6, 3, 0.
    let net = limited(over_the_crossing(40, restock()), 8.0);
    let events = [open_share(10, 12, 0.25)];
    let simulation = run(&net, &events);
    let columns = &simulation.record.columns;
    days(&series(&columns.gate_held, 0, 4), 9, &[0.0, 3.0, 6.0, 9.0, 6.0, 3.0, 0.0, 0.0]);
    days(&series(&columns.gate_passed, 0, 4), 9, &[5.0, 2.0, 2.0, 2.0, 8.0, 8.0, 8.0, 5.0]);
    days(&watch(&net, &events, |s| s.arrived[0]), 10, &[5.0, 2.0, 2.0, 2.0, 8.0, 8.0, 8.0, 5.0]);
    // Morning stocks 15, 12, 9, 6, 9, 12, 15; nothing is missing, and what waits counts as on the way: the order does not move.
    days(&watch(&net, &events, |s| s.stock[0]), 10, &[10.0, 7.0, 4.0, 1.0, 4.0, 7.0, 10.0, 10.0]);
    days(&watch(&net, &events, |s| s.ordered[0]), 0, &[5.0; 40]);
    days(&watch(&net, &events, |s| f64::from(s.held_days[0])), 9, &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 0.0]);
    days(&output(&simulation, WEAVER), 0, &[5.0; 40]);
    // What passes and waits is recorded at its value.
    let mut dear = net;
    dear.products[0].value_per_unit = 2.0;
    let columns = run(&dear, &events).record.columns;
    days(&series(&columns.gate_held, 0, 4), 9, &[0.0, 6.0, 12.0]);
    days(&series(&columns.gate_passed, 0, 4), 9, &[10.0, 4.0, 4.0]);
}

#[test]
fn what_waits_at_a_limit_beyond_patience_is_ordered_again() {
    // Patience 2 days: on the morning of day 13 goods have waited 3 evenings; the 9 + 5 at the crossing leave the position:
    // 5 + (20 − 6)/2 = 12.
    let net = limited(over_the_crossing(40, Terms { hold_patience_days: 2.0, ..restock() }), 8.0);
    let events = [open_share(10, 12, 0.25)];
    days(&watch(&net, &events, |s| s.in_transit[0]), 10, &[5.0, 8.0, 11.0, 0.0]);
    days(&watch(&net, &events, |s| s.ordered[0]), 9, &[5.0, 5.0, 5.0, 5.0, 12.0]);
}

#[test]
fn a_shut_capacity_blocks_and_reopens_by_tonnes_not_by_shares() {
    // Shut on days 10–12: 5 wait, orders are blocked. Half open from day 13: 4 t a day; a flow crossing would have released 2.5 of 5.
    // Day 13: position 0 + 5, order 5 + 15/2 = 12.5 leaves, reaches the crossing on day 14: 1 + 12.5 wait, 4 pass.
    let net = limited(over_the_crossing(40, restock()), 8.0);
    let events = [open_share(10, 12, 0.0), open_share(13, 39, 0.5)];
    let simulation = run(&net, &events);
    let columns = &simulation.record.columns;
    days(&series(&columns.gate_passed, 0, 4), 9, &[5.0, 0.0, 0.0, 0.0, 4.0, 4.0]);
    days(&series(&columns.gate_held, 0, 4), 9, &[0.0, 5.0, 5.0, 5.0, 1.0, 9.5]);
    days(&watch(&net, &events, |s| s.blocked[0]), 9, &[0.0, 5.0, 7.5, 10.0, 0.0]);
    assert_eq!(causes(&simulation, MILL)[10], Cause::NoOutlet);
}

/// Two mills sell a product each, of class 0 and 1, to a weaver each: 6 a day, a tonne a unit, over the given first leg.
fn two_classes(leg: &Leg) -> Net {
    let mut net = Net::new(5);
    let terms = net.terms(restock());
    net.routes.push(Route { legs: vec![leg.clone()] });
    for class in 0..2 {
        let (yarn, cloth) = (net.product(1.0), net.product(1.0));
        net.products[yarn.index()] = Product { class: ClassId(class), value_per_unit: 1.0, kg_per_unit: 1000.0, ..Product::default() };
        let mill = net.maker(yarn, 100.0);
        let weaver = net.firm();
        let line = net.line(weaver, cloth, 100.0, &[(yarn, 1.0)]);
        net.buys(weaver, mill, terms, RouteId(0), 1.0);
        net.demand(line, 6.0);
    }
    net
}

fn at_the_crossing() -> Leg {
    Leg { crossing: Some((CrossingId(0), AToB)), days: 1, ..Leg::default() }
}

/// What arrives on day 1 of the two classes.
#[track_caller]
fn pass(net: &Net, events: &[Event], expected: [f64; 2]) {
    days(&watch(net, events, |s| s.arrived[0]), 1, &expected[..1]);
    days(&watch(net, events, |s| s.arrived[1]), 1, &expected[1..]);
}

/// Crossing 0 open to `share` for a class.
fn open_class(class: u32, share: f64) -> Event {
    event(Change::OpenShare { crossings: vec![CrossingId(0)], towards: None, class: Some(ClassId(class)) }, 0, 99, share)
}

#[test]
fn tonnes_are_shared_by_rank_then_in_proportion() {
    // 6 + 6 wait at 9 t a day.
    let mut net = two_classes(&at_the_crossing());
    net.crossings[0].tonnes_per_day = Some(9.0);
    pass(&net, &[], [4.5, 4.5]);
    net.class_rank = vec![0, 1];
    pass(&net, &[], [6.0, 3.0]);
    net.class_rank = vec![1, 0];
    pass(&net, &[], [3.0, 6.0]);
    // Half open: 4.5 t, class 1 first.
    pass(&net, &[open_share(0, 99, 0.5)], [0.0, 4.5]);
    // A class alone at ρ = 1/2 takes at most 4.5 t of the 9.
    pass(&net, &[open_class(1, 0.5)], [4.5, 4.5]);
    // The largest ρ counts for all together: 1/3 and 2/3 of 9 t are 3 and 6, together 6.
    pass(&net, &[open_class(0, 1.0 / 3.0), open_class(1, 2.0 / 3.0)], [0.0, 6.0]);
    // Shut for a class: none of it.
    pass(&net, &[open_class(1, 0.0)], [6.0, 0.0]);
}

#[test]
fn classes_at_a_limit_share_by_tonnes_waiting_within_their_own_limits() {
    // Class 0 may take 1 t (ρ = 1/9); class 1 has 6 t of goods and 6 t of other traffic: it takes the other 8, 2/3 of 12.
    let mut net = two_classes(&at_the_crossing());
    net.crossings[0].tonnes_per_day = Some(9.0);
    let other = |class| Traffic { class: ClassId(class), direction: AToB, tonnes_per_day: 6.0, ..Traffic::default() };
    net.traffic = vec![other(1)];
    pass(&net, &[open_class(0, 1.0 / 9.0)], [1.0, 4.0]);
    // All open: 9 of 6 + 12: half of everything.
    pass(&net, &[], [3.0, 3.0]);
    // What was not served is gone: on day 2 3 + 6 and 3 + 6 + 6 wait: 9/24 of each. (Each position is whole, so orders stay 6.)
    days(&watch(&net, &[], |s| s.arrived[0]), 2, &[27.0 / 8.0]);
    days(&watch(&net, &[], |s| s.arrived[1]), 2, &[27.0 / 8.0]);
    // Traffic the other way takes nothing; rows of a class add up: 6 + 6 + 6 + 6 at 9 t.
    net.traffic = vec![Traffic { direction: Direction::BToA, ..other(1) }];
    pass(&net, &[], [4.5, 4.5]);
    net.traffic = vec![other(0), other(1)];
    pass(&net, &[], [2.25, 2.25]);
    // It has its rank too.
    net.class_rank = vec![0, 1];
    pass(&net, &[], [4.5, 0.0]);
}

#[test]
fn what_weighs_nothing_passes_a_limit_that_is_full_but_not_one_that_is_shut() {
    let mut net = two_classes(&at_the_crossing());
    net.crossings[0].tonnes_per_day = Some(3.0);
    net.products[0].kg_per_unit = 0.0;
    pass(&net, &[], [6.0, 3.0]);
    pass(&net, &[open_class(0, 0.01)], [6.0, 3.0]);
    pass(&net, &[open_class(0, 0.0)], [0.0, 3.0]);
    // On the way to a crossing that shuts before it comes there: held.
    let mut net = over_the_crossing(20, restock());
    net.crossings[0].tonnes_per_day = Some(8.0);
    let events = [open_share(10, 12, 0.0)];
    days(&series(&run(&net, &events).record.columns.gate_held, 0, 4), 9, &[0.0, 5.0, 5.0, 5.0, 0.0]);
    // At a leg too.
    let mut net = two_classes(&Leg { tonnes_per_day: 3.0, days: 1, ..Leg::default() });
    net.products[0].kg_per_unit = 0.0;
    pass(&net, &[], [6.0, 3.0]);
}

#[test]
fn a_leg_has_its_own_limit_shared_by_all_on_this_route_only() {
    let leg = Leg { tonnes_per_day: 9.0, days: 1, ..Leg::default() };
    let mut net = two_classes(&leg);
    pass(&net, &[], [4.5, 4.5]);
    net.class_rank = vec![1, 0];
    pass(&net, &[], [3.0, 6.0]);
    // Another route, another limit.
    net.routes.push(Route { legs: vec![leg] });
    net.contracts.route[1] = RouteId(1);
    pass(&net, &[], [6.0, 6.0]);
}

#[test]
fn a_leg_with_a_flow_crossing_has_the_crossing_first_then_its_limit() {
    // ρ = 2/3: 4 of 6 pass, 2 are held at the crossing; the route takes 5 of 4 + 4 tonnes, in proportion; the rest waits on the other side.
    let leg = Leg { tonnes_per_day: 5.0, ..at_the_crossing() };
    let net = two_classes(&leg);
    let events = [open_share(0, 99, 2.0 / 3.0)];
    pass(&net, &events, [2.5, 2.5]);
    let columns = &run(&net, &events).record.columns;
    days(&series(&columns.gate_passed, 0, 4), 0, &[4.0]);
    days(&series(&columns.gate_held, 0, 4), 0, &[2.0]);
    days(&series(&columns.gate_passed, 1, 4), 0, &[4.0]);
}

#[test]
fn order_lines_pass_limits_with_inputs_and_goods() {
    // 20 t a day: the 50 fabric of day 8 pass 20, 20, 10 and arrive a day later; 10 a day are sewn. Garments weigh nothing.
    let mut net = limited(sewing(40, |_| {}), 20.0);
    net.products[1].kg_per_unit = 0.0;
    let in_transit = watch(&net, &[], |s| s.input_in_transit[0]);
    days(&in_transit, 7, &[0.0, 50.0, 30.0, 10.0, 0.0, 50.0, 30.0, 10.0, 0.0]);
    days(&watch(&net, &[], |s| s.input_stock[0]), 8, &[0.0, 10.0, 20.0, 20.0, 10.0, 20.0, 30.0, 30.0]);
    let simulation = run(&net, &[]);
    days(&series(&simulation.record.columns.gate_passed, 0, 4), 8, &[20.0, 20.0, 10.0, 0.0, 20.0, 20.0, 10.0]);
    near(simulation.state.billed[0], 40.0);
    // Goods of 1 t: 3 a day pass the other way: made 5 a day from day 9, delivered 3 a day from day 10; 2, 4, 6 … wait.
    net.products[0].kg_per_unit = 0.0;
    net.products[1].kg_per_unit = 1000.0;
    net.crossings[0].tonnes_per_day = Some(3.0);
    days(&watch(&net, &[], |s| s.billed_today[0]), 9, &[0.0, 3.0, 3.0, 3.0, 3.0]);
    days(&watch(&net, &[], |s| s.order_in_transit[0]), 9, &[5.0, 7.0, 9.0, 11.0]);
}

#[test]
fn a_leg_cannot_have_two_limits_or_one_without_a_day() {
    let refused = |net: &Net| matches!(Plan::new(net.0.clone(), Vec::new()), Err(NetworkError::LimitedLeg { route: 0 }));
    let mut net = two_classes(&at_the_crossing());
    net.crossings[0].tonnes_per_day = Some(9.0);
    assert!(!refused(&net));
    net.routes[0].legs[0].tonnes_per_day = 5.0;
    assert!(refused(&net));
    net.routes[0].legs = vec![Leg { days: 0, ..at_the_crossing() }, Leg { days: 1, ..Leg::default() }];
    assert!(refused(&net));
    net.routes[0].legs[0] = Leg { days: 0, tonnes_per_day: 5.0, ..Leg::default() };
    assert!(refused(&net));
    net.routes[0].legs[0].days = 1;
    assert!(!refused(&net));
}

// ---------------------------------------------------------------------------------------------------------------- rationing

/// A mill with two weavers who order 6 and 3 a day and a final demand of 3; on day 10 it can make `makes`.
fn shop(rationing: Rationing, classes: [u32; 2], makes: f64) -> (Net, Event) {
    let mut net = Net::new(30);
    let (yarn, cloth) = (net.product(1.0), net.product(1.0));
    let mill = net.maker(yarn, 12.0);
    net.lines[0].rationing = rationing;
    let route = net.route(&[(None, 1)]);
    for (class, quantity) in classes.into_iter().zip([6.0, 3.0]) {
        let weaver = net.firm();
        let line = net.line(weaver, cloth, 100.0, &[(yarn, 1.0)]);
        let terms = net.terms(Terms { class: Some(ClassId(class)), ..restock() });
        net.buys(weaver, mill, terms, route, 1.0);
        net.demand(line, quantity);
    }
    net.demand(mill, 3.0);
    (net, event(Change::Capacity(vec![MILL]), 10, 11, makes / 12.0))
}

/// What the two weavers and the final demand get on day 10.
#[track_caller]
fn get(net: &Net, events: &[Event], expected: [f64; 3]) {
    get_with(net, events, expected, None);
}

/// The same with another contract of the mill.
#[track_caller]
fn get_with(net: &Net, events: &[Event], expected: [f64; 3], other: Option<(usize, f64)>) {
    let flow_of = |row: usize| begin(net, &[]).plan.standing.contract.iter().position(|c| c.index() == row).unwrap();
    let other = other.map(|(row, expected)| (flow_of(row), expected));
    if let Some((flow, expected)) = other {
        days(&watch(net, events, |s| s.shipped[flow]), 10, &[expected]);
    }
    for (k, expected) in expected.into_iter().enumerate() {
        let found = watch(net, events, |s| if k < 2 { s.shipped[k] } else { s.demand_met[2] });
        assert!((found[10] - expected).abs() < 1e-12, "customer {k} gets {} not {expected}", found[10]);
    }
    // What is sold and shipped is what was made.
    let sum = watch(net, events, |s| s.shipped[0] + s.shipped[1] + s.demand_met[2] + other.map_or(0.0, |(flow, _)| s.shipped[flow]));
    let made = watch(net, events, |s| s.output[0]);
    days(&sum, 0, &made);
}

#[test]
fn least_served_fills_all_orders_to_the_same_level() {
    let cut = event(Change::OrderCut(vec![ContractId(0)]), 10, 10, 0.75);
    let rush = event(Change::Demand(vec![DemandId(2)]), 10, 10, 2.0);
    // The first orders 1.5 of its 6: λ·(3 + 3) = 6 − 1.5, λ = 0.75. Proportionally 6 of 7.5.
    let (net, short) = shop(Rationing::LeastServed, [0, 0], 6.0);
    get(&net, &[short.clone(), cut.clone()], [1.5, 2.25, 2.25]);
    // Final demand wants twice its normal: no more than half of a normal order for anyone.
    get(&net, &[short.clone(), rush.clone()], [3.0, 1.5, 1.5]);
    // Two levels: cut to 1.5 (a quarter), demand asks 6 of 3; 9 to share: 1.5, then λ·6 = 7.5 fills the weaver (3): 4.5 are left.
    let (more, enough) = shop(Rationing::LeastServed, [0, 0], 9.0);
    get(&more, &[enough, cut.clone(), rush.clone()], [1.5, 3.0, 4.5]);
    // Who has no normal order (a pure standby) has today's: of 5 moved to the mill 5/2 are served where all others get half.
    let (mut other, half) = shop(Rationing::LeastServed, [0, 0], 8.5);
    let closed = other.maker(ProductId(0), 50.0);
    let route = other.route(&[(Some(AToB), 1)]);
    let (terms, cloth) = (other.terms(Terms { moves_share: 1.0, ..restock() }), ProductId(1));
    let third = other.firm();
    let line = other.line(third, cloth, 100.0, &[(ProductId(0), 1.0)]);
    other.demand(line, 5.0);
    other.buys(third, closed, terms, route, 1.0);
    let contract = other.buys(third, MILL, terms, RouteId(0), 0.0);
    other.contracts.extras.push((contract, Extras { standby_share: 1.0, ..Extras::default() }));
    get_with(&other, &[half, open_share(10, 10, 0.0)], [3.0, 1.5, 1.5], Some((3, 2.5)));
    // Nothing made, nothing given; no shortage, all served.
    let (none, nothing) = shop(Rationing::LeastServed, [0, 0], 0.0);
    get(&none, &[nothing], [0.0; 3]);
    get(&net, &[], [6.0, 3.0, 3.0]);
    // The same proportionally.
    let (net, short) = shop(Rationing::Proportional, [0, 0], 6.0);
    get(&net, &[short.clone(), cut], [1.2, 2.4, 2.4]);
    get(&net, &[short, rush], [2.4, 1.2, 2.4]);
}

#[test]
fn class_priority_serves_rank_by_rank() {
    // 7 to share. Class 1 first: all 6 for the first weaver, 1 for the other two (final demand has the product's class 0).
    let (mut net, short) = shop(Rationing::ClassPriority, [1, 0], 7.0);
    let short = [short];
    net.class_rank = vec![1, 0];
    get(&net, &short, [6.0, 0.5, 0.5]);
    net.class_rank = vec![0, 1];
    get(&net, &short, [1.0, 3.0, 3.0]);
    // Without ranks all are alike: 7/12.
    net.class_rank = Vec::new();
    get(&net, &short, [3.5, 1.75, 1.75]);
    get(&net, &[], [6.0, 3.0, 3.0]);
}

#[test]
fn oldest_serves_first_who_has_waited_longest() {
    // 6 made on days 10 and 11, patience 3 days. Day 10: all is new, half of each. 1.5 of the final demand wait.
    // Day 11: orders 6 + 3/2 and 3 + 1.5/2; demand 3 + 1.5. First 1.5, then 4.5 over 7.5 + 3.75 + 3 = 14.25: 6/19 of each.
    // Its new 3 · 13/19 wait on.
    let (mut net, short) = shop(Rationing::Oldest, [0, 0], 6.0);
    net.demands[2].patience_days = 3;
    let events = [short];
    get(&net, &events, [3.0, 1.5, 1.5]);
    let share = 6.0 / 19.0;
    days(&watch(&net, &events, |s| s.shipped[0]), 11, &[7.5 * share]);
    days(&watch(&net, &events, |s| s.shipped[1]), 11, &[3.75 * share]);
    days(&watch(&net, &events, |s| s.demand_met[2]), 11, &[1.5 + 3.0 * share]);
    days(&watch(&net, &events, |s| s.waiting[0]), 10, &[1.5, 3.0 * (1.0 - share)]);
    days(&watch(&net, &events, |s| s.waiting[1]), 10, &[0.0, 0.0]);
    // Proportionally: 6 of 7.5 + 3.75 + 4.5.
    net.lines[0].rationing = Rationing::Proportional;
    days(&watch(&net, &events, |s| s.demand_met[2]), 11, &[4.5 * 6.0 / 15.75]);
}

#[test]
fn oldest_is_served_across_demands_by_age_not_by_demand() {
    // Two final demands of 3 beside the weavers, patience 2 and 0; nothing is made on days 10 and 11, then 12.
    // Day 12: 3 have waited two days, 3 one day; new: 3 + 3 and the orders. 12 − 6 = 6 over the new.
    let (mut net, _) = shop(Rationing::Oldest, [0, 0], 0.0);
    net.demands[2].patience_days = 2;
    net.demand(MILL, 3.0);
    net.lines[0].capacity_per_day = 15.0;
    let events = [stop(MILL, 10, 11), event(Change::Capacity(vec![MILL]), 12, 12, 0.8)];
    // Orders: stocks 18 and 9 fall by 6 and 3 a day: 6 + 12/2 = 12 and 3 + 6/2 = 6 on day 12. New in all: 12 + 6 + 3 + 3 = 24: a quarter.
    days(&watch(&net, &events, |s| s.demand_met[2]), 12, &[6.0 + 0.75]);
    days(&watch(&net, &events, |s| s.demand_met[3]), 12, &[0.75]);
    days(&watch(&net, &events, |s| s.shipped[0]), 12, &[3.0]);
    // The unmet of the demand without patience is lost at once; the other's two days later.
    days(&watch(&net, &events, |s| s.demand_lost[3]), 9, &[0.0, 3.0, 3.0, 2.25]);
    days(&watch(&net, &events, |s| s.demand_lost[2]), 9, &[0.0, 0.0, 0.0, 0.0]);
}

// --------------------------------------------------------------------------------------------------- importance of inputs

/// A weaver that turns 1 yarn and 1 dye into 1 cloth, 5 a day, at most 6; stores of three days.
fn dyed(importance: Importance) -> Net {
    let mut net = Net::new(30);
    let (yarn, dye, cloth) = (net.product(1.0), net.product(1.0), net.product(1.0));
    let (mill, dyer) = (net.maker(yarn, 50.0), net.maker(dye, 50.0));
    let weaver = net.firm();
    let line = net.line(weaver, cloth, 6.0, &[(yarn, 1.0), (dye, 1.0)]);
    let (terms, route) = (net.terms(restock()), net.route(&[(None, 1)]));
    net.buys(weaver, mill, terms, route, 1.0);
    net.buys(weaver, dyer, terms, route, 1.0);
    net.demand(line, 5.0);
    net.inputs[1].importance = importance;
    net
}

const DYE: ProductId = ProductId(1);
const DYER: LineId = LineId(1);
const CLOTH_LINE: LineId = LineId(2);

#[test]
fn an_important_input_half_binds_and_another_never() {
    // The dyer stops on day 10; on days 10, 11, 12 the store of 15 is used up, from day 13 there is none.
    for (importance, made, cause) in [
        (Importance::Critical, 0.0, Cause::Input(DYE.0)),
        // (0 + 6)/2.
        (Importance::Important, 3.0, Cause::Input(DYE.0)),
        (Importance::Other, 5.0, Cause::None),
    ] {
        let net = dyed(importance);
        let simulation = run(&net, &[stop(DYER, 10, 20)]);
        days(&output(&simulation, CLOTH_LINE), 9, &[5.0, 5.0, 5.0, 5.0, made, made]);
        assert_eq!(causes(&simulation, CLOTH_LINE)[12..15], [Cause::None, cause, cause]);
        // What is missing is not used.
        days(&series(&simulation.record.columns.product_used, 1, 3), 12, &[5.0, 0.0, 0.0]);
        days(&series(&simulation.record.columns.product_used, 0, 3), 12, &[5.0, made, made]);
    }
}

#[test]
fn a_half_binding_input_counts_what_there_is_and_the_hands_there_are() {
    // The dyer makes 2 of the 5 ordered on day 9 and nothing from day 10: stores 15 on day 9, 12 on day 10, 7, 2.
    let events = [event(Change::Capacity(vec![DYER]), 9, 9, 2.0 / 50.0), stop(DYER, 10, 20)];
    // (2 + 6)/2 = 4 on day 12; 2 are used.
    let net = dyed(Importance::Important);
    let simulation = run(&net, &events);
    days(&output(&simulation, CLOTH_LINE), 9, &[5.0, 5.0, 5.0, 4.0, 3.0]);
    days(&series(&simulation.record.columns.product_used, 1, 3), 9, &[5.0, 5.0, 5.0, 2.0, 0.0]);
    // Another input never binds; what there is of it is used.
    let other = run(&dyed(Importance::Other), &events);
    days(&output(&other, CLOTH_LINE), 12, &[5.0, 5.0]);
    days(&series(&other.record.columns.product_used, 1, 3), 11, &[5.0, 2.0, 0.0]);
    // Hands for 5.5: (2 + 5.5)/2 = 3.75, then 2.75.
    let mut net = dyed(Importance::Important);
    net.lines[2].labour_days_per_unit = 2.0;
    net.firms[2].workers = 11.0;
    days(&output(&run(&net, &events), CLOTH_LINE), 11, &[5.0, 3.75, 2.75]);
}

#[test]
fn what_binds_is_taken_before_what_does_not() {
    // A second line of the weaver, a dyed felt that needs 1 dye, 5 a day: 10 dye a day, of which 4 are left on day 12 (30 − 26).
    // The felt's dye is critical: its share 2 of 4 make 2; the cloth's never binds: 5 are made with the other 2.
    let mut net = dyed(Importance::Other);
    let felt = net.product(1.0);
    let line = net.line(FirmId(2), felt, 50.0, &[(DYE, 1.0)]);
    net.demand(line, 5.0);
    let events = [event(Change::Capacity(vec![DYER]), 9, 9, 4.0 / 50.0), stop(DYER, 10, 20)];
    let simulation = run(&net, &events);
    days(&output(&simulation, CLOTH_LINE), 11, &[5.0, 5.0, 5.0]);
    days(&output(&simulation, line), 11, &[5.0, 2.0, 0.0]);
    days(&series(&simulation.record.columns.product_used, 1, 4), 11, &[10.0, 4.0, 0.0]);
}

#[test]
fn order_lines_without_a_consigned_input_go_on_as_its_importance_says() {
    // The mill stops on day 8: of 100 fabric the 50 of the first consignment come, for days 9 to 13. Without fabric, from the day the
    // order is placed (5) and after it: important (0 + 5)/2 = 2.5 a day; other 5 a day.
    for (importance, made, used, day, cause) in [
        (Importance::Critical, [0.0, 0.0, 0.0, 0.0, 5.0, 5.0, 5.0, 5.0, 5.0, 0.0, 0.0, 0.0], 50.0, 14, Cause::Input(0)),
        (Importance::Important, [2.5, 2.5, 2.5, 2.5, 5.0, 5.0, 5.0, 5.0, 5.0, 2.5, 2.5, 0.0], 50.0, 14, Cause::Input(0)),
        (Importance::Other, [5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 0.0, 0.0, 0.0, 0.0], 40.0, 7, Cause::Capacity),
    ] {
        let mut net = sewing(40, |_| {});
        net.inputs[0].importance = importance;
        let simulation = run(&net, &[stop(LineId(0), 8, 39)]);
        days(&output(&simulation, SEWING), 5, &made);
        assert_eq!(causes(&simulation, SEWING)[day], cause, "{importance:?}");
        near(simulation.record.columns.product_used.iter().sum(), used);
    }
}

#[test]
fn order_lines_without_an_own_input_go_on_as_its_importance_says() {
    // Zips the factory brings itself, and has none of: (0 + 5)/2 = 2.5 a day.
    for (importance, made, cause) in [
        (Importance::Critical, 0.0, Cause::Input(2)),
        (Importance::Important, 2.5, Cause::Input(2)),
        (Importance::Other, 5.0, Cause::Capacity),
    ] {
        let mut net = sewing(40, |_| {});
        let zip = net.product(1.0);
        net.inputs.push(Input { importance, ..own(zip, 1.0) });
        net.lines[SEWING.index()].last_input += 1;
        let simulation = run(&net, &[]);
        days(&output(&simulation, SEWING), 9, &[made; 4]);
        assert_eq!(causes(&simulation, SEWING)[10], cause, "{importance:?}");
    }
}

#[test]
fn only_a_critical_input_short_closes_an_order_line() {
    // No over-shipment, waste 1: 40 fabric are sent twice, 4 a piece: 10 pieces each. Critical: 20, then closed. Important: half work from
    // day 5 where there is none; on day 14 all that was sent is used, and 2.5 a day go on to the full 40.
    for (importance, made) in [
        (Importance::Critical, [0.0, 0.0, 0.0, 0.0, 5.0, 5.0, 0.0, 0.0, 5.0, 5.0, 0.0, 0.0, 0.0]),
        (Importance::Important, [2.5, 2.5, 2.5, 2.5, 5.0, 5.0, 2.5, 2.5, 5.0, 5.0, 2.5, 2.5, 0.0]),
        (Importance::Other, [5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
    ] {
        let mut net = sewing(40, |t| t.over_shipment_share = 0.0);
        net.inputs[0].waste_share = 1.0;
        net.inputs[0].importance = importance;
        let simulation = run(&net, &[]);
        days(&output(&simulation, SEWING), 5, &made);
        near(simulation.state.target[0], made.iter().sum());
        assert!(simulation.state.order_finished[0] == 0.0);
    }
}

// --------------------------------------------------------------------------------------------------------- orders that move

/// The basic chain over the crossing at the mill's door, with a second mill inland that stands by for a share of the need.
fn with_standby(moves_share: f64, standby_share: f64, by_supplier: bool) -> Net {
    let mut net = chain(40, &[(Some(AToB), 1)], Terms { moves_share, stock_by_supplier: by_supplier, ..restock() });
    let second = net.maker(ProductId(0), 50.0);
    let inland = net.route(&[(None, 1)]);
    let contract = net.buys(FirmId(1), second, TermsId(0), inland, 0.0);
    net.contracts.extras.push((contract, Extras { standby_share, ..Extras::default() }));
    net
}

#[test]
fn a_share_of_a_blocked_order_moves_to_the_standby_within_its_limit() {
    let events = [open_share(10, 12, 0.0)];
    // Limit ½: day 10: 5 blocked, 0.8 · 5 = 4 look for another; the second mill takes ½ · 5. Day 11: stock 12.5, order 5 + 2.5/2 = 6.25,
    // half of it; day 12: stock 10.625, order 7.1875. What moved is not blocked but withheld.
    let net = with_standby(0.8, 0.5, false);
    days(&watch(&net, &events, |s| s.ordered[1]), 9, &[0.0, 2.5, 3.125, 3.59375, 0.0]);
    days(&watch(&net, &events, |s| s.blocked[0]), 9, &[0.0, 2.5, 3.125, 3.59375, 0.0]);
    days(&watch(&net, &events, |s| s.withheld[0]), 9, &[0.0, 2.5, 3.125, 3.59375, 0.0]);
    days(&watch(&net, &events, |s| s.received[2]), 10, &[2.5]);
    let simulation = run(&net, &events);
    assert_eq!(causes(&simulation, MILL)[10], Cause::NoOutlet);
    days(&output(&simulation, LineId(2)), 10, &[2.5, 3.125]);
    // Limit 1: 4 of 5 move, 1 stays blocked.
    let net = with_standby(0.8, 1.0, false);
    days(&watch(&net, &events, |s| s.ordered[1]), 9, &[0.0, 4.0]);
    days(&watch(&net, &events, |s| s.blocked[0]), 9, &[0.0, 1.0]);
    // All moves: the old seller has no orders, the buyer notices nothing.
    let net = with_standby(1.0, 1.0, false);
    let simulation = run(&net, &events);
    days(&output(&simulation, LineId(2)), 9, &[0.0, 5.0, 5.0, 5.0, 0.0]);
    days(&output(&simulation, WEAVER), 9, &[5.0; 20]);
    assert_eq!(causes(&simulation, MILL)[9..14], [Cause::None, Cause::NoOrders, Cause::NoOrders, Cause::NoOrders, Cause::None]);
    // Nothing moves, or nobody stands by: as without.
    days(&watch(&with_standby(0.0, 1.0, false), &events, |s| s.ordered[1]), 0, &[0.0; 40]);
    days(&watch(&with_standby(1.0, 0.0, false), &events, |s| s.blocked[0]), 10, &[5.0, 7.5, 10.0]);
}

#[test]
fn with_a_stock_per_supplier_the_standby_takes_over_need() {
    // Its own store says nothing of the other's gap: ½ · 5 each day.
    let events = [open_share(10, 12, 0.0)];
    let net = with_standby(1.0, 0.5, true);
    days(&watch(&net, &events, |s| s.ordered[1]), 9, &[0.0, 2.5, 2.5, 2.5, 0.0]);
    days(&watch(&net, &events, |s| s.blocked[0]), 10, &[2.5]);
}

#[test]
fn orders_move_away_from_a_seller_that_has_ended_and_not_to_one() {
    let ended = |firm| event(Change::Default(vec![FirmId(firm)]), 10, 10, 0.0);
    let net = with_standby(0.8, 0.5, false);
    let simulation = run(&net, &[ended(0)]);
    days(&output(&simulation, LineId(2)), 9, &[0.0, 2.5, 3.125, 3.59375]);
    assert_eq!(causes(&simulation, MILL)[9..11], [Cause::None, Cause::NoCash]);
    // The standby has ended itself: all 5 stay blocked.
    let events = [open_share(10, 12, 0.0), ended(2)];
    days(&watch(&net, &events, |s| s.blocked[0]), 9, &[0.0, 5.0, 7.5]);
    // An event cuts what is placed with the standby by half.
    let cut = event(Change::OrderCut(vec![ContractId(1)]), 10, 12, 0.5);
    days(&watch(&net, &[open_share(10, 12, 0.0), cut], |s| s.ordered[1]), 10, &[1.25]);
}

#[test]
fn moved_orders_keep_the_credit_limit_of_the_standby() {
    // It sells at 1 on a limit of 2: 2 on day 10; on day 11 they have come and are unpaid, on day 12 they are paid.
    let mut net = with_standby(1.0, 1.0, false);
    net.contracts.price_per_unit[1] = 1.0;
    net.contracts.extras[0].1.credit_limit = 2.0;
    net.firms[1].opening_cash = 100.0;
    days(&watch(&net, &[open_share(10, 12, 0.0)], |s| s.ordered[1]), 9, &[0.0, 2.0, 0.0, 2.0, 0.0]);
}

#[test]
fn two_standbys_share_what_moves_in_proportion_to_their_limits() {
    // Limits 1 and ½ of 5: 7.5 for 5: 2/3 of each.
    let mut net = with_standby(1.0, 1.0, false);
    let third = net.maker(ProductId(0), 50.0);
    let contract = net.buys(FirmId(1), third, TermsId(0), RouteId(1), 0.0);
    net.contracts.extras.push((contract, Extras { standby_share: 0.5, ..Extras::default() }));
    let events = [open_share(10, 12, 0.0)];
    days(&watch(&net, &events, |s| s.ordered[1]), 10, &[10.0 / 3.0]);
    days(&watch(&net, &events, |s| s.ordered[2]), 10, &[5.0 / 3.0]);
    days(&watch(&net, &events, |s| s.blocked[0]), 10, &[0.0]);
}

// ------------------------------------------------------------------------------------------------------- alternative routes

/// A second crossing beside the first.
fn second_crossing(net: &mut Net) {
    net.crossings.push(Crossing { country_a: CountryId(0), country_b: CountryId(1), ..Crossing::default() });
}

/// A route of one leg over the second crossing.
fn detour(net: &mut Net, direction: Direction, days: u32) -> RouteId {
    net.routes.push(Route { legs: vec![Leg { crossing: Some((CrossingId(1), direction)), days, ..Leg::default() }] });
    RouteId::from(net.routes.len() - 1)
}

/// The second crossing shut.
fn no_detour(from: i32, to: i32) -> Event {
    event(Change::OpenShare { crossings: vec![CrossingId(1)], towards: None, class: None }, from, to, 0.0)
}

fn with_detour(legs: &[(Option<Direction>, u32)], detour_days: u32) -> Net {
    let mut net = chain(40, legs, restock());
    second_crossing(&mut net);
    let around = detour(&mut net, AToB, detour_days);
    net.contracts.extras.push((ContractId(0), Extras { alternative_routes: vec![around], ..Extras::default() }));
    net
}

#[test]
fn goods_take_the_alternative_while_the_route_is_shut() {
    // Shut on days 10–12: what leaves then takes 2 days instead of 1. Day 13 sends by the first route again: day 14 gets two days' goods.
    let net = with_detour(&[(Some(AToB), 1)], 2);
    let events = [open_share(10, 12, 0.0)];
    days(&watch(&net, &events, |s| s.arrived[0]), 9, &[5.0, 5.0, 0.0, 5.0, 5.0, 10.0, 5.0]);
    days(&watch(&net, &events, |s| s.ordered[0]), 0, &[5.0; 40]);
    days(&watch(&net, &events, |s| s.blocked[0]), 0, &[0.0; 40]);
    let columns = &run(&net, &events).record.columns;
    days(&series(&columns.gate_passed, 0, 8), 9, &[5.0, 0.0, 0.0, 0.0, 5.0]);
    days(&series(&columns.gate_passed, 4, 8), 9, &[0.0, 5.0, 5.0, 5.0, 0.0]);
    // Both shut: blocked, as without.
    let events = [open_share(10, 12, 0.0), no_detour(11, 12)];
    days(&watch(&net, &events, |s| s.blocked[0]), 10, &[0.0, 5.0]);
    // Only the detour shut: nothing happens.
    days(&watch(&net, &[no_detour(10, 12)], |s| s.arrived[0]), 0, &[5.0; 40]);
}

#[test]
fn goods_under_way_do_not_turn_back() {
    // A day to the crossing, a day after it; 3 days around. The 5 of day 9 are held from day 10 to 13 and arrive on day 14, with the 5 of
    // day 11; those of day 10 overtake them. Day 15 brings days 12 and 13.
    let net = with_detour(&[(None, 1), (Some(AToB), 1)], 3);
    let events = [open_share(10, 12, 0.0)];
    days(&watch(&net, &events, |s| s.arrived[0]), 9, &[5.0, 5.0, 0.0, 0.0, 5.0, 10.0, 10.0, 5.0]);
    days(&series(&run(&net, &events).record.columns.gate_held, 0, 8), 9, &[0.0, 5.0, 5.0, 5.0, 0.0]);
    days(&watch(&net, &events, |s| s.stock[0]), 9, &[10.0, 10.0, 5.0, 0.0, 0.0, 5.0, 10.0]);
}

#[test]
fn consigned_inputs_and_goods_take_their_own_alternatives() {
    let mut net = sewing(60, |t| t.stop_after_days = 0.0);
    second_crossing(&mut net);
    let inward = detour(&mut net, AToB, 3);
    let outward = detour(&mut net, Direction::BToA, 4);
    let extras = Extras { alternative_routes: vec![outward], alternative_input_routes: vec![inward], ..Extras::default() };
    net.contracts.extras.push((SEWING_CONTRACT, extras));
    // Inputs of day 8 take 3 days; the client does not give up a path that is open.
    let events = [shut_goods(1, 5, 10)];
    days(&watch(&net, &events, |s| s.input_in_transit[0]), 7, &[0.0, 50.0, 50.0, 50.0, 0.0, 50.0, 0.0]);
    days(&output(&run(&net, &events), SEWING), 9, &[0.0, 0.0, 5.0, 5.0]);
    // Goods made on days 9 and 10 leave around and arrive on days 13 and 14; those of day 11 arrive on day 12.
    let events = [shut_goods(0, 9, 10)];
    days(&watch(&net, &events, |s| s.billed_today[0]), 9, &[0.0, 0.0, 0.0, 5.0, 10.0, 10.0, 5.0]);
    days(&watch(&net, &events, |s| s.order_stranded[0]), 9, &[0.0, 0.0]);
    // Stranded only where every path is shut.
    let events = [shut_goods(0, 9, 12), no_detour(11, 12)];
    days(&watch(&net, &events, |s| s.order_stranded[0]), 9, &[0.0, 0.0, 5.0, 10.0, 0.0]);
}
