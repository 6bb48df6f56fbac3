//! Standing flows (restock) on small chains, every number worked out by hand.
//!
//! The basic chain: a mill spins yarn, a weaver turns 1 yarn into 1 cloth, the market takes 5 cloth a day. n = 3, τ = 2.
//! Steady: after receive the weaver has 15 yarn, (L − 1)·5 are on the way, it orders 5, uses 5 and keeps 10 overnight.

mod common;

use Direction::AToB;
use common::*;
use ripstop::analysis::losses::losses;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::record::Detail;
use ripstop::rule::cause::Cause;
use ripstop::run::{Simulation, run_with_counterfactual};

// ---------------------------------------------------------------------------------------------------------------- steady

/// Two spinners (1/4 and 3/4) and a dyer → weaver → tailor → market.
fn long_chain(lead: u32, by_supplier: bool, plan_rate: PlanRate, numbers: [f64; 6]) -> Net {
    let [demand, cloth_per_coat, yarn_per_cloth, dye_per_cloth, first_share, stock_days] = numbers;
    let mut net = Net::new(1000);
    net.settings.plan_rate = plan_rate;
    let (yarn, dye, cloth, coat) = (net.product(1.0), net.product(3.0), net.product(4.0), net.product(9.0));
    let (first, second, dyer) = (net.maker(yarn, 100.0), net.maker(yarn, f64::INFINITY), net.maker(dye, 100.0));
    let (weaver, tailor) = (net.firm(), net.firm());
    let weaving = net.line(weaver, cloth, 100.0, &[(yarn, yarn_per_cloth), (dye, dye_per_cloth)]);
    let sewing = net.line(tailor, coat, 100.0, &[(cloth, cloth_per_coat)]);
    let terms = net.terms(Terms { stock_by_supplier: by_supplier, stock_days, ..Terms::default() });
    let near = net.route(&[(None, lead)]);
    let far = if lead > 1 { net.route(&[(None, 1), (Some(AToB), lead + 1)]) } else { near };
    for (buyer, seller, route, share) in [
        (weaver, first, near, first_share),
        (weaver, second, far, 1.0 - first_share),
        (weaver, dyer, near, 1.0),
        (tailor, weaving, near, 1.0),
    ] {
        let contract = net.buys(buyer, seller, terms, route, share);
        net.contracts.price_per_unit[contract.index()] = 2.0;
    }
    for firm in &mut net.firms {
        firm.opening_cash = 1e6;
    }
    net.demand(sewing, demand);
    net.demands[0].price_per_unit = 16.0;
    net
}

#[test]
fn nothing_moves_for_a_thousand_days_to_the_last_bit() {
    // 6 coats a day need 9 cloth, 18 yarn (4.5 and 13.5), 4.5 dye. All these numbers, and their multiples by n and L, are exact in
    // binary: every gap is exactly zero, so every day has the bits of the first.
    for (lead, by_supplier) in [(1, false), (1, true), (2, false), (2, true), (4, false), (4, true)] {
        for plan_rate in [PlanRate::Demand, PlanRate::Realised] {
            let net = long_chain(lead, by_supplier, plan_rate, [6.0, 1.5, 2.0, 0.5, 0.25, 15.0]);
            let mut simulation = begin(&net, &[]);
            simulation.step();
            let first = simulation.state.clone();
            assert_eq!(first.output, [4.5, 13.5, 4.5, 9.0, 6.0]);
            let flow_of = |row: usize| simulation.plan.standing.contract.iter().position(|c| c.index() == row).unwrap();
            assert_eq!([0, 1, 2, 3].map(|row| first.ordered[flow_of(row)]), [4.5, 13.5, 4.5, 9.0]);
            for t in 1..1000 {
                simulation.step();
                let state = &simulation.state;
                let what = format!("day {t}, lead {lead}, by supplier {by_supplier}, {plan_rate:?}");
                assert_eq!(state.output, first.output, "{what}");
                assert_eq!(state.stock, first.stock, "{what}");
                assert_eq!(state.supplier_stock, first.supplier_stock, "{what}");
                assert_eq!(state.ordered, first.ordered, "{what}");
                assert_eq!(state.in_transit, first.in_transit, "{what}");
                assert_eq!(state.content, first.content, "{what}");
                assert!(state.cause.iter().all(|&c| Cause::of(c) == Cause::None), "{what}");
            }
            finished(&simulation);
            let totals = &simulation.record.totals;
            assert!(totals.iter().all(|d| d.output_value == totals[0].output_value && d.value_added == totals[0].value_added));
        }
    }
}

#[test]
fn nothing_moves_for_a_thousand_days_with_numbers_that_round() {
    for lead in [1, 3] {
        for by_supplier in [false, true] {
            for plan_rate in [PlanRate::Demand, PlanRate::Realised] {
                let net = long_chain(lead, by_supplier, plan_rate, [5.3, 1.7, 2.1, 0.37, 0.3, 14.6]);
                let simulation = run(&net, &[]);
                let columns = &simulation.record.columns;
                for (name, column, count) in [
                    ("output", &columns.line_output, 5),
                    ("value", &columns.line_output_value, 5),
                    ("value added", &columns.line_value_added, 5),
                    ("content", &columns.product_content, 4),
                    ("produced", &columns.product_produced, 4),
                    ("used", &columns.product_used, 4),
                    ("met", &columns.demand_met, 1),
                ] {
                    for t in 1..1000 {
                        for k in 0..count {
                            let (first, now) = (column[k], column[t * count + k]);
                            assert!(
                                (now - first).abs() <= 1e-12 * first.abs(),
                                "{name} {k} day {t}: {now} was {first} (lead {lead}, by supplier {by_supplier}, {plan_rate:?})"
                            );
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn two_suppliers_with_different_travel_times_start_steady() {
    // Shares 1/2 and 1/2, 1 and 3 days: mean L = 2. On the way after receive: 0 and 2·2.5 = 5; stock 15; the target is (3 + 2 − 1)·5 = 20.
    let mut net = Net::new(50);
    let (yarn, cloth) = (net.product(1.0), net.product(2.0));
    let (near_mill, far_mill) = (net.maker(yarn, 20.0), net.maker(yarn, 20.0));
    let weaver = net.firm();
    let line = net.line(weaver, cloth, 20.0, &[(yarn, 1.0)]);
    let terms = net.terms(restock());
    let (short, long) = (net.route(&[(None, 1)]), net.route(&[(None, 3)]));
    net.buys(weaver, near_mill, terms, short, 0.5);
    net.buys(weaver, far_mill, terms, long, 0.5);
    net.demand(line, 5.0);
    let positions = watch(&net, &[], |s| s.position[0]);
    days(&positions, 0, &[20.0; 50]);
    days(&watch(&net, &[], |s| s.ordered[1]), 0, &[2.5; 50]);
}

// -------------------------------------------------------------------------------------------------------------- closures

#[test]
fn a_closure_holds_what_is_on_the_way_and_releases_it_on_reopening() {
    // One day to the crossing, one day after it: L = 2, target (3 + 2 − 1)·5 = 20. Shut on days 10, 11, 12.
    let net = chain(120, &[(None, 1), (Some(AToB), 1)], restock());
    let events = [open_share(10, 12, 0.0)];
    // Day 10: the 5 sent on day 8 passed on day 9 and arrive; the 5 sent on day 9 reach the shut crossing. Stock 15, 10, 5 mornings.
    // Day 13: open; the held 5 leave the crossing, arrive on day 14; the morning stock is 0, so nothing is woven on day 13.
    days(&watch(&net, &events, |s| s.arrived[0]), 9, &[5.0, 5.0, 0.0, 0.0, 0.0, 5.0, 12.5, 6.25, 5.625, 5.3125]);
    // Evening stocks.
    days(&watch(&net, &events, |s| s.stock[0]), 9, &[10.0, 10.0, 5.0, 0.0, 0.0, 0.0, 7.5, 8.75, 9.375, 9.6875]);
    // Held goods stay in the position (hold patience 30 days): day 13: 5 + (20 − 5)/2 = 12.5; day 14: 5 + (20 − 17.5)/2; then the gap
    // halves.
    days(&watch(&net, &events, |s| s.ordered[0]), 9, &[5.0, 0.0, 0.0, 0.0, 12.5, 6.25, 5.625, 5.3125, 5.15625]);
    // While shut: position 20, 15, 10, orders 5, 7.5, 10 that cannot leave.
    days(&watch(&net, &events, |s| s.blocked[MILL.index()]), 9, &[0.0, 5.0, 7.5, 10.0, 0.0]);
    let simulation = run(&net, &events);
    days(&output(&simulation, WEAVER), 9, &[5.0, 5.0, 5.0, 5.0, 0.0, 5.0, 5.0]);
    days(&output(&simulation, MILL), 9, &[5.0, 0.0, 0.0, 0.0, 12.5, 6.25, 5.625]);
    days(&series(&simulation.record.columns.gate_held, 0, 4), 9, &[0.0, 5.0, 5.0, 5.0, 0.0]);
    days(&series(&simulation.record.columns.gate_passed, 0, 4), 8, &[5.0, 5.0, 0.0, 0.0, 0.0, 5.0, 12.5]);
    assert_eq!(causes(&simulation, MILL)[9..14], [Cause::None, Cause::NoOutlet, Cause::NoOutlet, Cause::NoOutlet, Cause::None]);
    assert_eq!(causes(&simulation, WEAVER)[12..15], [Cause::None, Cause::Input(0), Cause::None]);
    // Only day 13's demand is lost; in the end all is as before.
    near(simulation.record.columns.demand_lost.iter().sum(), 5.0);
    near(simulation.state.stock[0], 10.0);
    near(simulation.state.ordered[0], 5.0);
}

#[test]
fn a_crossing_at_the_door_shuts_orders_but_not_what_has_passed() {
    // L = 1 and the crossing at the mill's door: the 5 sent on day 9 have passed, they arrive on day 10; nothing is ever held.
    let net = chain(60, &[(Some(AToB), 1)], restock());
    let events = [open_share(10, 12, 0.0)];
    days(&watch(&net, &events, |s| s.arrived[0]), 9, &[5.0, 5.0, 0.0, 0.0, 0.0, 12.5]);
    // Morning stocks 15, 10, 5, 0: day 13 orders 5 + 15/2 = 12.5 and weaves nothing.
    let simulation = run(&net, &events);
    days(&output(&simulation, WEAVER), 9, &[5.0, 5.0, 5.0, 5.0, 0.0, 5.0]);
    days(&output(&simulation, MILL), 9, &[5.0, 0.0, 0.0, 0.0, 12.5, 6.25]);
    near(simulation.record.columns.gate_held.iter().sum(), 0.0);
}

#[test]
fn held_goods_leave_the_position_after_hold_patience() {
    // Two mills, half each, both two days away; the first over the crossing, shut on days 10–15. Target 20.
    let build = |hold_patience_days| {
        let mut net = Net::new(40);
        let (yarn, cloth) = (net.product(1.0), net.product(2.0));
        let (over, around) = (net.maker(yarn, 20.0), net.maker(yarn, 20.0));
        let weaver = net.firm();
        let line = net.line(weaver, cloth, 20.0, &[(yarn, 1.0)]);
        let terms = net.terms(Terms { hold_patience_days, ..restock() });
        let (shut, free) = (net.route(&[(None, 1), (Some(AToB), 1)]), net.route(&[(None, 2)]));
        net.buys(weaver, over, terms, shut, 0.5);
        net.buys(weaver, around, terms, free, 0.5);
        net.demand(line, 5.0);
        net
    };
    let events = [open_share(10, 15, 0.0)];
    // Day 10: 15 + held 2.5 + 2.5 = 20. Day 11: 12.5 + 2.5 + 2.5 = 17.5: 6.25 ordered. Day 12: stock 10, held 2.5, on the way 3.125.
    // Patience 2: on the third day the held are given up: 13.125, order 5 + 6.875/2 = 8.4375; else 15.625, order 7.1875. Half from each.
    let patient = watch(&build(30.0), &events, |s| s.ordered[1]);
    days(&patient, 9, &[2.5, 2.5, 3.125, 3.59375]);
    let hasty = watch(&build(2.0), &events, |s| s.ordered[1]);
    days(&hasty, 9, &[2.5, 2.5, 3.125, 4.21875]);
    days(&watch(&build(2.0), &events, |s| s.blocked[0]), 12, &[4.21875]);
}

#[test]
fn an_open_share_lets_that_share_pass_and_holds_the_rest() {
    // ρ = 1/4 on days 10, 11, then 1/2 on day 12, then open. Crossing at the door, L = 1.
    let net = chain(60, &[(Some(AToB), 1)], restock());
    let events = [open_share(10, 11, 0.25), open_share(12, 12, 0.5)];
    // Day 10: 5 leave, 1.25 pass, 3.75 held. Day 11: 1.25 arrive; held 3.75 count: position 15, order 5, 1.25 pass, held 7.5.
    // Day 12: 1.25 arrive; (1/2 − 1/4)/(3/4) = 1/3 of the held, 2.5, passes, and half of today's 5: held 5 + 2.5 = 7.5.
    // Day 13: the 5 arrive, the held 7.5 leave the crossing; order 5. Day 14: 12.5 arrive; steady again.
    days(&watch(&net, &events, |s| s.arrived[0]), 10, &[5.0, 1.25, 1.25, 5.0, 12.5, 5.0]);
    days(&watch(&net, &events, |s| s.ordered[0]), 10, &[5.0; 20]);
    days(&watch(&net, &events, |s| s.stock[0]), 10, &[10.0, 6.25, 2.5, 2.5, 10.0, 10.0]);
    let simulation = run(&net, &events);
    days(&series(&simulation.record.columns.gate_held, 0, 4), 9, &[0.0, 3.75, 7.5, 7.5, 0.0]);
    days(&output(&simulation, WEAVER), 0, &[5.0; 60]);
}

#[test]
fn shares_close_per_direction_and_class() {
    // Country 0 is side a: goods go a → b. Shutting the way towards country 0, or class 1 only, moves nothing; towards country 1 it does.
    let net = chain(30, &[(Some(AToB), 1)], restock());
    let narrow = |towards, class| event(Change::OpenShare { crossings: vec![CrossingId(0)], towards, class }, 10, 20, 0.0);
    for harmless in [narrow(Some(CountryId(0)), None), narrow(None, Some(ClassId(1)))] {
        days(&output(&run(&net, &[harmless]), MILL), 0, &[5.0; 30]);
    }
    days(&output(&run(&net, &[narrow(Some(CountryId(1)), Some(ClassId(0)))]), MILL), 9, &[5.0, 0.0, 0.0]);
}

#[test]
fn theft_from_a_standing_flow_is_booked_not_paid_and_made_up_by_orders() {
    // A quarter is stolen on the way, so 5 ÷ ¾ = 20/3 are ordered for 5 that are needed, from the first day on: nothing moves.
    let mut net = chain(300, &[(None, 1)], Terms { theft_share: 0.25, ..restock() });
    net.contracts.price_per_unit[0] = 4.0;
    net.firms[1].opening_cash = 1e5;
    days(&watch(&net, &[], |s| s.ordered[0]), 0, &[20.0 / 3.0; 300]);
    days(&watch(&net, &[], |s| s.lost[0]), 0, &[5.0 / 3.0; 300]);
    let simulation = run(&net, &[]);
    days(&output(&simulation, WEAVER), 0, &[5.0; 300]);
    days(&cash(&simulation, FirmId(0)), 0, &[20.0, 40.0]);
    near(output(&simulation, MILL)[299], 20.0 / 3.0);
    near(simulation.state.stock[0], 10.0);
}

#[test]
fn the_smallest_open_share_counts_and_shuts_the_route() {
    // Half passes from day 5: 12.5 are held by day 9, mornings 15, 12.5, 10, 7.5, 5, 2.5 (day 10). Shut on days 10–12: the held count,
    // position 15, 12.5, 12.5. Day 13, half open again: half of the held passes, order 5 + (15 − 12.5)/2 = 6.25, half of it passes.
    let net = chain(30, &[(Some(AToB), 1)], restock());
    let events = [open_share(5, 20, 0.5), open_share(10, 12, 0.0)];
    days(&output(&run(&net, &events), MILL), 9, &[5.0, 0.0, 0.0, 0.0, 6.25]);
    days(&output(&run(&net, &events), WEAVER), 9, &[5.0, 2.5, 0.0, 0.0, 0.0, 5.0]);
    days(&watch(&net, &events, |s| s.arrived[0]), 13, &[0.0, 6.25 + 3.125]);
}

// ----------------------------------------------------------------------------------------------------------------- stops

#[test]
fn a_stop_recovers_fully_when_buyers_plan_for_demand() {
    // The mill stops on days 10–19. Morning stocks 15, 10, 5, 0, 0, …; orders 5, 7.5, 10, 12.5, 12.5, … lapse.
    let net = chain(200, &[(None, 1)], restock());
    let events = [stop(MILL, 10, 19)];
    days(&watch(&net, &events, |s| s.ordered[0]), 9, &[5.0, 5.0, 7.5, 10.0, 12.5, 12.5]);
    let simulation = run(&net, &events);
    let mut woven = vec![5.0; 200];
    // Empty from day 13 to day 20; what is spun on day 20 arrives on day 21.
    woven[13..=20].fill(0.0);
    days(&output(&simulation, WEAVER), 0, &woven);
    // Day 20: 12.5; day 21: 5 + (15 − 12.5)/2 = 6.25; day 22: morning 7.5 + 6.25 = 13.75, so 5.625; the gap halves.
    days(&output(&simulation, MILL), 9, &[5.0, 0.0, 0.0]);
    days(&output(&simulation, MILL), 19, &[0.0, 12.5, 6.25, 5.625, 5.3125]);
    near(output(&simulation, MILL)[199], 5.0);
    near(simulation.record.columns.demand_lost.iter().sum(), 40.0);
    assert_eq!(causes(&simulation, MILL)[10..20], [Cause::Capacity; 10]);
    assert_eq!(causes(&simulation, WEAVER)[13..=20], [Cause::Input(0); 8]);
}

#[test]
fn a_full_stop_is_permanent_when_buyers_plan_for_what_they_made() {
    // Day 13 weaves nothing, so from day 14 nothing is needed and nothing ordered; the mill may spin from day 20 but never does.
    let mut net = chain(400, &[(None, 1)], restock());
    net.settings.plan_rate = PlanRate::Realised;
    let events = [stop(MILL, 10, 19)];
    days(&watch(&net, &events, |s| s.ordered[0]), 9, &[5.0, 5.0, 7.5, 10.0, 12.5, 0.0, 0.0]);
    let simulation = run(&net, &events);
    days(&output(&simulation, WEAVER), 13, &[0.0; 387]);
    days(&output(&simulation, MILL), 20, &[0.0; 380]);
    assert_eq!(causes(&simulation, MILL)[25], Cause::NoOrders);
    assert_eq!(simulation.record.days, 400, "the run goes on though nothing moves");
}

#[test]
fn a_capacity_without_limit_stops_too() {
    let mut net = chain(30, &[(None, 1)], restock());
    net.lines[0].capacity_per_day = f64::INFINITY;
    days(&output(&run(&net, &[stop(MILL, 10, 11)]), MILL), 9, &[5.0, 0.0, 0.0, 10.0]);
}

#[test]
fn of_a_capacity_without_limit_a_share_is_a_share_of_the_steady_output() {
    let mut net = chain(30, &[(None, 1)], restock());
    net.lines[0].capacity_per_day = f64::INFINITY;
    let mut cut = stop(MILL, 10, 11);
    cut.value = 0.4;
    days(&output(&run(&net, &[cut]), MILL), 9, &[5.0, 2.0, 2.0]);
}

#[test]
fn a_stop_upstream_reaches_the_market_tier_by_tier() {
    // dyer → mill → weaver → market, all L = 1, n = 3: the mill lives 2 days on its stock after the last delivery, then the weaver 2 more.
    let mut net = chain(1500, &[(None, 1)], restock());
    let dye = net.product(0.5);
    let dyer = net.maker(dye, 20.0);
    let yarn_firm = net.lines[0].firm;
    net.lines[0].first_input = net.inputs.len() as u32;
    net.inputs.push(own(dye, 1.0));
    net.lines[0].last_input = net.inputs.len() as u32;
    net.buys(yarn_firm, dyer, TermsId(0), RouteId(0), 1.0);
    let simulation = run(&net, &[stop(dyer, 10, 29)]);
    // The dyer's last delivery comes on day 10: the mill's morning stocks are 15, 10, 5, 0 on days 10–13; it spins on days 10–12.
    // The weaver's last delivery comes on day 13: it weaves on days 13, 14, 15 and stops on day 16. Dye flows again from day 30,
    // yarn from day 31, cloth from day 32.
    assert_eq!(output(&simulation, MILL)[10..14], [5.0, 5.0, 5.0, 0.0]);
    let mut woven = vec![5.0; 60];
    woven[16..32].fill(0.0);
    days(&output(&simulation, WEAVER), 0, &woven);
    // Expectations forget with 28 days: after 1,400 days nothing of it is left.
    near(output(&simulation, dyer)[1499], 5.0);
    near(output(&simulation, MILL)[1499], 5.0);
}

#[test]
fn a_seller_without_capacity_delivers_nothing() {
    // Half the need from each; the first mill cannot spin. n = 4: target 20. The second alone serves ½·(5 + (20 − S)/2): 5 a day at S = 10.
    let mut net = Net::new(300);
    let (yarn, cloth) = (net.product(1.0), net.product(2.0));
    let (idle, busy) = (net.maker(yarn, 0.0), net.maker(yarn, 20.0));
    let weaver = net.firm();
    let line = net.line(weaver, cloth, 20.0, &[(yarn, 1.0)]);
    let terms = net.terms(Terms { stock_days: 4.0, restock_days: 2.0, ..Terms::default() });
    let route = net.route(&[(None, 1)]);
    net.buys(weaver, idle, terms, route, 0.5);
    net.buys(weaver, busy, terms, route, 0.5);
    net.demand(line, 5.0);
    days(&watch(&net, &[], |s| s.shipped[0]), 0, &[0.0; 300]);
    let simulation = run(&net, &[]);
    days(&output(&simulation, line), 0, &[5.0; 300]);
    days(&output(&simulation, idle), 0, &[0.0; 300]);
    // Day 0: 2.5; day 1: morning stock 15 + 2.5 = 17.5 … (n − 1)·5 + 2.5: ½·(5 + 2.5/2) = 3.125.
    days(&output(&simulation, busy), 0, &[2.5, 3.125]);
    near(output(&simulation, busy)[299], 5.0);
    near(watch(&net, &[], |s| s.stock[0])[299], 5.0);
    assert_eq!(causes(&simulation, idle)[100], Cause::Capacity);
}

#[test]
fn scarce_goods_are_shared_in_proportion_to_orders() {
    // A mill of capacity 6 serves a weaver (5) and final demand (10): every order gets 6/15 = 0.4. Steady wants 15; the stock n = 3 falls.
    let mut net = chain(20, &[(None, 1)], restock());
    net.demand(MILL, 10.0);
    net.lines[0].capacity_per_day = 6.0;
    let simulation = run(&net, &[]);
    days(&series(&simulation.record.columns.demand_met, 1, 2), 0, &[4.0]);
    // Day 1: 10 + 2 = 12 yarn in the morning: order 5 + 3/2 = 6.5; 6/16.5 of 10.
    days(&series(&simulation.record.columns.demand_met, 1, 2), 1, &[60.0 / 16.5]);
    days(&watch(&net, &[], |s| s.shipped[0]), 0, &[2.0, 6.5 * 6.0 / 16.5]);
}

// ------------------------------------------------------------------------------------------------- demand, ramps, patience

#[test]
fn a_demand_shock_moves_expectations_slowly() {
    // Demand is halved from day 10 on, expectations move by a quarter of the gap a day.
    let mut net = chain(60, &[(None, 1)], restock());
    net.settings.expect_days = 4.0;
    let events = [Event { to: None, ..event(Change::Demand(vec![DemandId(0)]), 10, 0, 0.5) }];
    // E: day 10: 5 (yesterday brought 5); day 11: 5 − 2.5/4 = 4.375; day 12: 4.375 − 1.875/4 = 3.90625.
    days(&watch(&net, &events, |s| s.expected[1]), 9, &[5.0, 5.0, 4.375, 3.90625]);
    // Mornings 15, 17.5, 17.1875: orders 5; 4.375 + (13.125 − 17.5)/2 = 2.1875; 3.90625 + (11.71875 − 17.1875)/2 = 1.171875.
    days(&watch(&net, &events, |s| s.ordered[0]), 9, &[5.0, 5.0, 2.1875, 1.171875]);
    let simulation = run(&net, &events);
    days(&output(&simulation, WEAVER), 9, &[5.0, 2.5, 2.5]);
    near(simulation.record.columns.demand_lost.iter().sum(), 0.0);
}

#[test]
fn ramps_rise_and_fall_linearly_and_factors_multiply() {
    // One line of 10 a day; capacity falls to 0.2 over three days (strength 1/4, 1/2, 3/4, 1) and rises within one day (1/2).
    let mut net = Net::new(20);
    let cloth = net.product(1.0);
    let line = net.maker(cloth, 10.0);
    net.demand(line, 10.0);
    let slow = Event { ramp_in_days: 3, ramp_out_days: 1, ..event(Change::Capacity(vec![line]), 5, 9, 0.2) };
    let expected = [10.0, 8.0, 6.0, 4.0, 2.0, 2.0, 6.0, 10.0];
    days(&output(&run(&net, std::slice::from_ref(&slow)), line), 4, &expected);
    // A second event halves it on days 8 and 9.
    let half = event(Change::Capacity(vec![line]), 8, 9, 0.5);
    days(&output(&run(&net, &[slow, half]), line), 4, &[10.0, 8.0, 6.0, 4.0, 1.0, 1.0, 6.0, 10.0]);
}

#[test]
fn attendance_limits_labour_and_is_named_as_cause() {
    // 10 workers, 2 worker-days a piece: 5 a day; 0.4 attend: 2 a day. Without attendance event demand 8 is bound by capacity.
    let mut net = Net::new(10);
    let cloth = net.product(1.0);
    let firm = net.firm_with(Firm { workers: 10.0, ..Firm::default() });
    let line = net.add_line(firm, cloth, 100.0, 2.0, &[]);
    net.demand(line, 8.0);
    let simulation = run(&net, &[event(Change::Attendance(vec![firm]), 3, 4, 0.4)]);
    days(&output(&simulation, line), 2, &[5.0, 2.0, 2.0, 5.0]);
    assert_eq!(causes(&simulation, line)[2..6], [Cause::Capacity, Cause::Attendance, Cause::Attendance, Cause::Capacity]);
    days(&simulation.record.columns.firm_present, 2, &[10.0, 4.0, 4.0, 10.0]);
    days(&simulation.record.columns.firm_used, 2, &[10.0, 4.0, 4.0, 10.0]);
}

#[test]
fn unmet_demand_waits_out_its_patience_and_is_served_oldest_first() {
    // Demand 5, capacity 8, patience 2 days, stopped on days 10–12. Waiting (young, old): (5,0) (5,5) (5,5) and 5 lost on day 12.
    // Day 13: wanted 15, made 8: the old 5, 3 of the next; (5,2). Day 14: wanted 12, made 8: 2 + 5 + 1; (4,0). Day 15: 9, 8: (1,0). Day 16:
    // 6.
    let mut net = Net::new(20);
    let cloth = net.product(1.0);
    let line = net.maker(cloth, 8.0);
    net.demand(line, 5.0);
    net.demands[0].patience_days = 2;
    let simulation = run(&net, &[stop(line, 10, 12)]);
    days(&output(&simulation, line), 9, &[5.0, 0.0, 0.0, 0.0, 8.0, 8.0, 8.0, 6.0, 5.0]);
    days(&simulation.record.columns.demand_wanted, 9, &[5.0, 5.0, 10.0, 15.0, 15.0, 12.0, 9.0, 6.0, 5.0]);
    days(&simulation.record.columns.demand_lost, 9, &[0.0, 0.0, 0.0, 5.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn seasonal_demand_comes_in_season_only() {
    // 28 December (step 361 of 2018) to 3 January: the season runs over New Year.
    let mut net = Net::new(400);
    let cloth = net.product(1.0);
    let line = net.maker(cloth, 8.0);
    net.demand(line, 5.0);
    net.demands[0].season = Some(((12, 28), (1, 3)));
    let simulation = run(&net, &[]);
    days(&output(&simulation, line), 0, &[5.0, 5.0, 5.0, 0.0]);
    days(&output(&simulation, line), 360, &[0.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 0.0]);
}

#[test]
fn a_small_dip_does_not_become_a_stop_upstream() {
    // Final demand falls by 10 % for one day under four tiers (docs/model.md, 3. order): planning for yesterday's orders would stop the third tier up.
    // The gap at tier k is at most 10 % × 1 day of stock; every order stays within need ± (gap/τ)(1 + 1/28 …): no line falls to zero.
    let mut net = Net::new(200);
    let products: Vec<ProductId> = (0..5).map(|_| net.product(1.0)).collect();
    let terms = net.terms(Terms { stock_days: 5.0, restock_days: 2.0, ..Terms::default() });
    let route = net.route(&[(None, 1)]);
    let mut below = net.maker(products[0], 100.0);
    for tier in 1..5 {
        let firm = net.firm();
        let line = net.line(firm, products[tier], 100.0, &[(products[tier - 1], 1.0)]);
        net.buys(firm, below, terms, route, 1.0);
        below = line;
    }
    let demand = net.demand(below, 10.0);
    let simulation = run(&net, &[event(Change::Demand(vec![demand]), 20, 20, 0.9)]);
    for line in 0..5 {
        let made = output(&simulation, LineId(line));
        assert!(made.iter().all(|&x| x > 5.0), "line {line}: {:?}", made.iter().copied().fold(f64::INFINITY, f64::min));
        assert!((made[199] - 10.0).abs() < 0.05, "line {line} ends at {}", made[199]);
    }
}

// ---------------------------------------------------------------------------------------------------------------- losses

/// dyer → mill over the crossing → weaver → market, with prices 1 (dye), 3 (yarn), 7 (cloth).
fn priced_chain(days: i32) -> Net {
    let mut net = chain(days, &[(None, 1), (Some(AToB), 1)], restock());
    let dye = net.product(0.5);
    let dyer = net.maker(dye, 50.0);
    let yarn_firm = net.lines[0].firm;
    net.lines[0].first_input = net.inputs.len() as u32;
    net.inputs.push(own(dye, 1.0));
    net.lines[0].last_input = net.inputs.len() as u32;
    let inland = net.route(&[(None, 1)]);
    let contract = net.buys(yarn_firm, dyer, TermsId(0), inland, 1.0);
    net.contracts.price_per_unit[contract.index()] = 1.0;
    net.contracts.price_per_unit[0] = 3.0;
    net.demands[0].price_per_unit = 7.0;
    for firm in &mut net.firms {
        firm.opening_cash = 1e5;
    }
    net
}

#[test]
fn blocked_exports_are_a_loss_and_are_booked() {
    // Shut on days 10–12 (as above): the market misses 5 cloth on day 13; the mill spins 15 less, then 10 more: 5 less in all.
    // The dyer loses 5 in the end too. Output lost: 5·7 + 5·3 + 5·1 = 55; the crossing's seller and buyer are direct (50), the dyer not
    // (5).
    let outcome = run_with_counterfactual(priced_chain(400).0, vec![open_share(10, 12, 0.0)], Detail::Full, &[12, 399]).unwrap();
    let lost = losses(&outcome, 399);
    // What is left of the gaps after 400 days is below 1e-6: the dyer's expectations settle with 28 days.
    let about = |found: f64, expected: f64| assert!((found - expected).abs() < 0.02, "found {found}, expected {expected}");
    about(lost.output, 55.0);
    about(lost.direct, 50.0);
    about(lost.indirect, 5.0);
    about(lost.final_demand_unmet, 35.0);
    near(lost.direct + lost.indirect, lost.output);
    // Right after the closure the mill's loss is 3 days × 5 × 3 = 45, nothing is lost yet at the weaver.
    let early = losses(&outcome, 12);
    near(early.direct, 45.0);
    assert_eq!(outcome.first_event, 10);
    assert_eq!(early.stopped_days.get(&Cause::NoOutlet.code()), Some(&3.0));
}

#[test]
fn a_closure_that_never_ends_is_lost_to_the_last_day_and_the_run_goes_on() {
    // From day 10 the mill spins nothing: 90 days × 5 × 3. The weaver weaves to day 12: 87 days × 5 × 7.
    let shut = Event { to: None, ..open_share(10, 0, 0.0) };
    let outcome = run_with_counterfactual(priced_chain(100).0, vec![shut], Detail::Full, &[99]).unwrap();
    let lost = losses(&outcome, 99);
    near(lost.direct, 90.0 * 15.0 + 87.0 * 35.0);
    assert_eq!(outcome.scenario.days, 100);
    assert_eq!(lost.recovered, None);
    // The 5 held at the crossing, 1 each.
    near(lost.held_value, 5.0);
}

#[test]
fn without_scenario_events_nothing_is_lost() {
    let background = Event { background: true, ..open_share(10, 12, 0.0) };
    let outcome = run_with_counterfactual(priced_chain(60).0, vec![background], Detail::Full, &[59]).unwrap();
    assert_eq!(losses(&outcome, 59).output, 0.0);
    assert_eq!(outcome.first_event, 60);
    assert_eq!(outcome.scenario.totals, outcome.counterfactual.totals);
}

#[test]
fn standing_flows_are_paid_after_net_days_and_stay_overdue_without_cash() {
    // 5 yarn arrive every day at price 3: 15 due 2 + 3 days later. The first day's arrival is paid on day 5. The weaver starts with 40
    // and sells nothing for money: 15 + 15 + 10, then nothing.
    let mut net = chain(20, &[(None, 1)], Terms { inspection_days: 2.0, net_days: 3.0, ..restock() });
    net.contracts.price_per_unit[0] = 3.0;
    net.firms[1].opening_cash = 40.0;
    let simulation = run(&net, &[]);
    days(&cash(&simulation, FirmId(0)), 4, &[0.0, 15.0, 30.0, 40.0, 40.0]);
    days(&series(&simulation.record.columns.firm_overdue, 0, 2), 6, &[0.0, 5.0, 20.0, 35.0]);
    // Open receivables: five days of arrivals not yet due on day 4; on day 7 five days not due (days 3–7) and 5 overdue.
    days(&series(&simulation.record.columns.firm_receivable, 0, 2), 4, &[75.0, 75.0, 75.0, 80.0]);
}

// ------------------------------------------------------------------------------- cuts on standing contracts, prices, value added

#[test]
fn a_cancelled_standing_contract_orders_nothing_and_says_so() {
    // L = 1, n = 3: on day 10 the weaver has 15 yarn after receive; days 10–12 use it up, day 13 it has none. The mill has no orders.
    let cancel = Event { value: 1.0, ..event(Change::Cancel(vec![ContractId(0)]), 10, 30, 1.0) };
    let simulation = run(&chain(60, &[(None, 1)], restock()), &[cancel]);
    let cloth = series(&simulation.record.columns.line_output, 1, 2);
    days(&cloth, 9, &[5.0, 5.0, 5.0, 5.0, 0.0, 0.0]);
    assert_eq!(Cause::of(simulation.record.columns.line_cause[2 * 15]), Cause::NoOrders, "the mill");
    assert!(cloth[59] > 4.9, "after the cancellation the contract runs again");
}

#[test]
fn a_cut_takes_its_share_of_every_standing_order() {
    // Half of 5 is ordered on day 10; the position falls short of its target by what did not come, so later orders grow, halved again.
    let cut = event(Change::OrderCut(vec![ContractId(0)]), 10, 20, 0.5);
    let simulation = run(&chain(60, &[(None, 1)], restock()), &[cut]);
    let yarn = series(&simulation.record.columns.line_output, 0, 2);
    // Day 10: (5 + 0/2)/2 = 2.5. Day 11: 2.5 short of 15: (5 + 2.5/2)/2 = 3.125.
    days(&yarn, 9, &[5.0, 2.5, 3.125]);
}

#[test]
fn value_added_takes_inputs_at_the_price_paid() {
    // Yarn is listed at 1 but bought at 3, cloth sells at 7: a weaver's cloth adds 7 − 3 = 4, a mill's yarn adds 3: 7 per cloth sold in
    // all.
    let mut net = chain(20, &[(None, 1)], restock());
    net.contracts.price_per_unit[0] = 3.0;
    net.demands[0].price_per_unit = 7.0;
    let simulation = run(&net, &[]);
    days(&series(&simulation.record.columns.line_value_added, 0, 2), 5, &[15.0]);
    days(&series(&simulation.record.columns.line_value_added, 1, 2), 5, &[20.0]);
    near(simulation.record.totals[5].value_added, simulation.record.totals[5].demand_met);
}

#[test]
fn two_markets_of_a_line_are_valued_at_their_own_prices() {
    // 5 a day at 7 and 15 a day at 3: demand met is worth 35 + 45 = 80, so a unit of output is worth 80/20 = 4.
    let mut net = chain(20, &[(None, 1)], restock());
    net.demands[0].price_per_unit = 7.0;
    net.demand(WEAVER, 15.0);
    net.demands[1].price_per_unit = 3.0;
    let simulation = run(&net, &[]);
    near(simulation.record.totals[5].demand_met, 80.0);
    near(simulation.plan.prices.line[WEAVER.index()], 4.0);
}

#[test]
fn numbers_no_network_can_have_are_refused_by_name() {
    let refused = |change: &dyn Fn(&mut Terms)| {
        let mut terms = restock();
        change(&mut terms);
        Simulation::new(chain(5, &[(None, 1)], terms).0, Vec::new(), Detail::Totals, &[]).unwrap_err().to_string()
    };
    assert!(refused(&|t| t.theft_share = 1.2).contains("theft_share is 1.2"));
    assert!(refused(&|t| t.stock_days = -1.0).contains("stock_days is -1"));
    assert!(refused(&|t| t.restock_days = 0.5).contains("from 1 to 1000000"));
    assert!(refused(&|t| t.net_days = 3e9).contains("from 0 to 10000"));
    assert!(refused(&|t| t.grace_days = f64::NAN).contains("grace_days is NaN"));
}

#[test]
fn a_fall_of_a_currency_alone_moves_no_volume() {
    // The weaver sells in a currency worth 0.5 before the start and on it, 0.25 later, and an event halves it once more: no good is
    // missing.
    let mut net = chain(60, &[(None, 1)], restock());
    net.other_currencies = 1;
    let start = net.start;
    net.rates = [(0, 0.5), (20, 0.25)].map(|(day, value)| Rate { currency: CurrencyId(1), from: start.plus(day), value }).to_vec();
    net.firms[1].currency = CurrencyId(1);
    net.demands[0].price_per_unit = 8.0;
    let halved = event(Change::ExchangeRate(vec![CurrencyId(1)]), 30, 59, 0.5);
    let outcome = run_with_counterfactual(net.0, vec![halved], Detail::Full, &[59]).unwrap();
    let lost = losses(&outcome, 59);
    assert_eq!((lost.output, lost.final_demand_unmet, lost.value_added), (0.0, 0.0, 0.0));
    // 5 a day at 8, at the first day's rate.
    assert!(outcome.scenario.totals.iter().all(|t| t.demand_met == 20.0));
    near(outcome.scenario.columns.currency_rate[2 * 59 + 1], 0.125);
}
