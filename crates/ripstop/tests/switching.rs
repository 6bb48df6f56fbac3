//! Sellers that fail: shares that bind, and what takes over in time, every number worked out by hand.

mod common;

use Direction::AToB;
use common::*;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::plan::Plan;
use ripstop::plan::state::State;
use ripstop::record::Detail;
use ripstop::run::Simulation;

const LARGE: usize = 0;
const SMALL: usize = 1;

/// A weaver of 20 a day buys yarn of two mills without a limit: 0.8 of the one over the crossing (two days), 0.2 of the one inland.
fn two_mills(stock_days: f64, by_supplier: bool) -> Net {
    let mut net = Net::new(120);
    net.settings.shares = Shares::Bind;
    let (yarn, cloth) = (net.product(1.0), net.product(2.0));
    let (large, small) = (net.maker(yarn, f64::INFINITY), net.maker(yarn, f64::INFINITY));
    let weaver = net.firm();
    let line = net.line(weaver, cloth, 30.0, &[(yarn, 1.0)]);
    let terms = net.terms(Terms { stock_days, restock_days: 3.0, stock_by_supplier: by_supplier, ..Terms::default() });
    let (over, inland) = (net.route(&[(Some(AToB), 2)]), net.route(&[(None, 1)]));
    net.buys(weaver, large, terms, over, 0.8);
    net.buys(weaver, small, terms, inland, 0.2);
    net.demand(line, 20.0);
    net.demands[0].patience_days = 7;
    net
}

fn switches(net: &mut Net, contract: usize, switch: Switch) {
    net.contracts.extras.push((ContractId::from(contract), Extras { switch, ..Extras::default() }));
}

/// Half of the need, from the fourth day on over four days, and back over two.
const SLOWLY: Switch = Switch { share: 0.5, after_days: 3.0, days: 4.0, return_days: Some(2.0) };

fn orders(net: &Net, events: &[Event], flow: usize) -> Vec<f64> {
    watch(net, events, |s: &State| s.ordered[flow])
}

#[test]
fn the_other_seller_is_asked_for_its_share_and_no_more() {
    for (cover, by_supplier) in [(7.0, false), (7.0, true), (15.0, false), (15.0, true)] {
        // Two days, thirty days, for ever.
        for last in [11, 39, 119] {
            let net = two_mills(cover, by_supplier);
            let events = [open_share(10, last, 0.0)];
            for (t, asked) in orders(&net, &events, SMALL).into_iter().enumerate() {
                // Exactly while the other is out; no more afterwards, and less where the store has too much for a while.
                let fits = asked <= 4.0 + 4e-9 && (t > last as usize || (asked - 4.0).abs() < 1e-9);
                assert!(fits, "{asked} on day {t}, cover {cover}, by supplier {by_supplier}, to day {last}");
            }
            // Once the way is open again the large one fills the store: what is there and on the way is 7 or 15 days and a pipeline.
            let position = watch(&net, &events, |s| s.stock[0] + s.in_transit[0] + s.in_transit[1] + s.ordered[0] + s.ordered[1]);
            if last < 119 {
                let calm = watch(&net, &[], |s| s.stock[0] + s.in_transit[0] + s.in_transit[1] + s.ordered[0] + s.ordered[1]);
                assert!((position[119] / calm[119] - 1.0).abs() < 0.01, "{} for {}", position[119], calm[119]);
            }
        }
    }
}

#[test]
fn a_seller_that_is_short_or_gone_fails_too() {
    let net = two_mills(7.0, false);
    let half = event(Change::Capacity(vec![LineId(0)]), 10, 60, 0.5);
    let gone = event(Change::Default(vec![FirmId(0)]), 10, 10, 0.0);
    for events in [half, gone] {
        let asked = orders(&net, &[events], SMALL);
        assert!(asked[..=60].iter().all(|asked| (asked - 4.0).abs() < 1e-9), "{asked:?}");
        assert!(asked[60..].iter().all(|asked| *asked <= 4.0 + 4e-9), "{asked:?}");
    }
    // While the small one is short the large one is asked for 16: that is its share.
    let short = event(Change::Capacity(vec![LineId(1)]), 10, 60, 0.5);
    assert!(orders(&net, &[short], LARGE).iter().all(|asked| *asked <= 16.0 + 1.6e-8));
}

#[test]
fn where_both_fail_each_is_asked_for_its_share_until_the_other_is_back() {
    // Both serve half of what is asked to day 40, the small one to day 60.
    let net = two_mills(7.0, false);
    let events = [event(Change::Capacity(vec![LineId(0)]), 10, 40, 0.5), event(Change::Capacity(vec![LineId(1)]), 10, 60, 0.5)];
    let large = orders(&net, &events, LARGE);
    assert!(large[12..=60].iter().all(|asked| (asked - 16.0).abs() < 1e-9), "{large:?}");
    // From day 62 on both fill up what is missing.
    assert!(large[62] > 16.5, "{}", large[62]);
}

#[test]
fn the_published_rule_lets_the_other_take_over() {
    let mut net = two_mills(7.0, false);
    net.settings.shares = Shares::Published;
    assert!(orders(&net, &[open_share(10, 119, 0.0)], SMALL)[100] > 19.9);
}

#[test]
fn a_switch_waits_rises_and_goes_back() {
    for by_supplier in [false, true] {
        let mut net = two_mills(7.0, by_supplier);
        switches(&mut net, SMALL, SLOWLY);
        let events = [open_share(10, 19, 0.0)];
        // k = 0 on day 10; r = (k − 2)/4 from k = 3 on; 0.5 · 20 · r on top of 4. Day 20 is the first open one: 1 − 1/2.
        days(&orders(&net, &events, SMALL), 9, &[4.0, 4.0, 4.0, 4.0, 6.5, 9.0, 11.5, 14.0, 14.0, 14.0, 14.0, 9.0]);
        let back = orders(&net, &events, SMALL);
        assert!(back[21..].iter().all(|asked| (asked - 4.0).abs() <= 4e-9), "{back:?}");
    }
    // What the small one keeps is not ordered of the large one: it is 5 less than without a switch back.
    let with_return = |days: f64| {
        let mut net = two_mills(7.0, false);
        switches(&mut net, SMALL, Switch { return_days: Some(days), ..SLOWLY });
        orders(&net, &[open_share(10, 19, 0.0)], LARGE)[20]
    };
    near(with_return(0.0) - with_return(2.0), 5.0);
    // It never takes over more than is missing: 0.8 of the need where it may take all.
    let mut net = two_mills(7.0, false);
    switches(&mut net, SMALL, Switch { share: 1.0, ..Switch::default() });
    days(&orders(&net, &[open_share(10, 19, 0.0)], SMALL), 9, &[4.0, 20.0, 20.0]);
    let simulation = run(&net, &[open_share(10, 19, 0.0)]);
    assert!(output(&simulation, LineId(2)).iter().all(|made| (made - 20.0).abs() < 1e-9), "nobody goes without");
}

#[test]
fn a_standby_that_takes_time_follows_its_ramp() {
    // The small one may take over a quarter of the need at once, or over four days; of what is blocked half may move: 8 of 16.
    let with = |days: f64| {
        let mut net = two_mills(7.0, false);
        net.terms[0].moves_share = 0.5;
        let switch = Switch { days, ..Switch::default() };
        net.contracts.extras.push((ContractId(1), Extras { standby_share: 0.25, switch, ..Extras::default() }));
        orders(&net, &[open_share(10, 19, 0.0)], SMALL)
    };
    days(&with(0.0), 9, &[4.0, 9.0, 9.0]);
    days(&with(4.0), 9, &[4.0, 5.25, 6.5, 7.75, 9.0, 9.0]);
}

#[test]
fn what_a_short_seller_does_not_serve_moves() {
    // The large one makes 8 of 16 a day from day 10 on, which is seen on day 11: half of its order, 16 or more, is missing; the small one
    // may take a quarter of the need.
    let mut net = two_mills(7.0, false);
    switches(&mut net, SMALL, Switch { share: 0.25, ..Switch::default() });
    let events = [event(Change::Capacity(vec![LineId(0)]), 10, 19, 0.5)];
    days(&orders(&net, &events, SMALL), 9, &[4.0, 4.0, 9.0, 9.0, 9.0, 9.0]);
}

#[test]
fn another_way_takes_time_and_so_does_the_way_back() {
    // The mill's goods may go around the crossing over a second one, three days; found from the third day on over two days.
    let mut net = chain(60, &[(Some(AToB), 1)], restock());
    net.crossings.push(Crossing { country_a: CountryId(0), country_b: CountryId(1), ..Crossing::default() });
    net.routes.push(Route { legs: vec![Leg { crossing: Some((CrossingId(1), AToB)), days: 3, ..Leg::default() }] });
    let around = RouteId::from(net.routes.len() - 1);
    let switch = Switch { after_days: 2.0, days: 2.0, return_days: Some(4.0), ..Switch::default() };
    net.contracts.extras.push((ContractId(0), Extras { alternative_routes: vec![around], switch, ..Extras::default() }));
    let events = [open_share(10, 14, 0.0)];
    // Store 15, need 5: 5, 7.5, 10 are blocked; on day 12 (k = 2) half of the 10 goes around, on day 13 all of 5 + (15 + 0 − 5)/2.
    days(&watch(&net, &events, |s| s.blocked[0]), 9, &[0.0, 5.0, 7.5, 5.0, 0.0]);
    days(&watch(&net, &events, |s| s.ordered[0]), 9, &[5.0, 0.0, 0.0, 5.0]);
    // Open again on day 15: 3/4 of the order still goes around, then a half, a quarter, none.
    let around = watch(&net, &events, |s| s.passed[4]);
    let over = watch(&net, &events, |s| s.passed[0]);
    let ordered = watch(&net, &events, |s| s.ordered[0]);
    for (t, share) in [(13, 1.0), (14, 1.0), (15, 0.75), (16, 0.5), (17, 0.25), (18, 0.0)] {
        near(around[t], share * ordered[t]);
        near(over[t], (1.0 - share) * ordered[t]);
    }
}

#[test]
fn an_order_line_moves_in_time_and_stays_for_a_while() {
    // Sold from stock of its own: 100 due on day 40 and 100 due on day 90 from the mill over the crossing, given up after 2 shut days. The
    // other one may take half of an order line, over four days, back over ten.
    let mut net = Net::empty(120);
    let cloth = net.product(1.0);
    let (mill, other) = (net.maker(cloth, 10.0), net.maker(cloth, 10.0));
    let shop = net.firm();
    let schedule = Terms {
        ordering: Ordering::Schedule,
        stop_after_days: 2.0,
        input_window_days: 10.0,
        slack_days: 0.0,
        purchase_lead_days: 0.0,
        ..Terms::default()
    };
    let terms = net.terms(schedule);
    let (over, inland) = (net.route(&[(Some(AToB), 1)]), net.route(&[(None, 1)]));
    let contract = net.buys(shop, mill, terms, over, 1.0);
    let stands_by = net.buys(shop, other, terms, inland, 1.0);
    switches(&mut net, stands_by.index(), Switch { share: 0.5, after_days: 0.0, days: 4.0, return_days: Some(10.0) });
    net.order(contract, 100.0, 40);
    net.order(contract, 100.0, 70);
    // The way shuts on day 29 (k = 0); the first order line is placed on day 30, not given up before day 31: nothing is made by then but 10
    // a day, on days 30 and 31 … the rest is lost on day 31 (k = 2): r = 3/4 of 50, on day 32 all of 50.
    let events = [open_share(29, 57, 0.0)];
    let plan = Plan::new(net.0.clone(), vec![]).unwrap();
    let twins: Vec<usize> = plan.twins.iter().map(|&(_, twin)| twin as usize).collect();
    assert_eq!(twins.len(), 2);
    let first = watch(&net, &events, |s| s.target[twins[0]]);
    days(&first, 30, &[0.0, 37.5, 50.0, 50.0]);
    // The second is placed on day 60, the third open day: j = 2, r = 1 − 3/10 of 50.
    let second = watch(&net, &events, |s| s.target[twins[1]]);
    days(&second, 59, &[0.0, 35.0, 35.0]);
    let kept = watch(&net, &events, |s| s.target[plan.twins[1].0 as usize]);
    days(&kept, 59, &[0.0, 65.0]);
    // Without an event nothing moves.
    assert!(watch(&net, &[], |s| s.target[twins[0]] + s.target[twins[1]]).iter().all(|&moved| moved == 0.0));
}

#[test]
fn a_newcomer_brings_goods_from_abroad_and_takes_money_there() {
    let mut net = two_mills(7.0, false);
    net.firms[2].opening_cash = 1e4;
    let switch = Switch { share: 0.5, after_days: 3.0, days: 4.0, return_days: Some(2.0) };
    net.newcomers.push(Newcomer {
        buyer: FirmId(2),
        product: ProductId(0),
        switch,
        price_per_unit: 3.0,
        capacity_per_day: 6.0,
        travel_days: 5,
    });
    let events = [open_share(10, 19, 0.0)];
    // As the switch above, 2.5, 5, 7.5, 10, but for its capacity of 6; back: 5, then none.
    days(&watch(&net, &events, |s| s.newcomer_ordered[0]), 12, &[0.0, 2.5, 5.0, 6.0, 6.0, 6.0, 6.0, 6.0, 5.0, 0.0]);
    days(&watch(&net, &events, |s| s.imported[0]), 12, &[0.0, 2.5, 5.0]);
    // Paid with the order, 3 a unit; what is sent on day 13 is there on day 18.
    let cash = watch(&net, &events, |s| s.cash[2]);
    near(cash[13] - cash[12], -7.5);
    let stock = watch(&net, &events, |s| s.stock[0]);
    let mut without = Net(net.0.clone());
    without.newcomers.clear();
    let alone = watch(&without, &events, |s| s.stock[0]);
    near(stock[17] - alone[17], 0.0);
    near(stock[18] - alone[18], 2.5);
    // It gives no credit: 7 of cash buy 7/3, and nothing more.
    net.firms[2].opening_cash = 7.0;
    days(&watch(&net, &events, |s| s.newcomer_ordered[0]), 12, &[0.0, 7.0 / 3.0, 0.0]);
    // With no event nobody calls it.
    assert!(watch(&net, &[], |s| s.newcomer_ordered[0]).iter().all(|&ordered| ordered == 0.0));
}

#[test]
fn one_seller_and_no_trouble_are_as_before_to_the_bit() {
    // One seller: what fails has no other.
    let mut net = chain(60, &[(Some(AToB), 1)], restock());
    let before = run(&net, &[open_share(10, 19, 0.0)]);
    net.settings.shares = Shares::Bind;
    assert_eq!(run(&net, &[open_share(10, 19, 0.0)]).record.columns.line_output, before.record.columns.line_output);
    // Two sellers and a demand that falls and rises, for which the store suffices.
    let mut net = two_mills(7.0, false);
    let events = [event(Change::Demand(vec![DemandId(0)]), 10, 30, 0.5)];
    let bound = run(&net, &events).record.columns;
    net.settings.shares = Shares::Published;
    let plan = Plan::general(net.0.clone(), events.to_vec()).unwrap();
    let mut published = Simulation::of(plan, Detail::Full, &[]);
    published.run();
    let published = published.record.columns;
    assert_eq!((bound.line_output, bound.contract_delivered), (published.line_output, published.contract_delivered));
}
