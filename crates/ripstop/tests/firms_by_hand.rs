//! Rationing rules and recoveries on networks small enough to be worked by hand, as they are described. What the authors' program does:
//! `against_inoue_todo.rs`.

mod firms;

use firms::{Firms, damage};
use ripstop::model::calendar::Day;
use ripstop::model::damage::Recovery;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::record::Detail;
use ripstop::run::Simulation;

#[track_caller]
fn near(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found_one, expected_one) in found.iter().zip(expected) {
        assert!((found_one - expected_one).abs() <= 1e-12 * expected_one.abs().max(1.0), "found {found:?}, expected {expected:?}");
    }
}

/// A mill that sells 4 a day to each of two makers and 4 to its own market; each maker makes 4 a day of it. n = 4, τ = 2.
/// From day 0 the mill has half its capacity of 12; on day 0 the market of the second maker wants half as much again.
fn mill(rule: Rationing) -> Simulation {
    let links = [(0, 1, 4.0), (0, 2, 4.0)];
    let firms = Firms { rationing: rule, stock_days: 4.0, ..Firms::new(&[0, 1, 1], &[4.0, 4.0, 4.0], &links) };
    let mut net = firms.network(3);
    net.terms[0].restock_days = 2.0;
    net.lines[2].capacity_per_day = 6.0;
    let more = Event {
        change: Change::Demand(vec![DemandId(2)]),
        from: Day(0),
        to: Some(Day(0)),
        value: 1.5,
        ramp_in_days: 0,
        ramp_out_days: 0,
        background: false,
    };
    let half = damage(0, &[(0, 0.5)], Recovery::Linear, f64::INFINITY, 0);
    let mut run = Simulation::new(net, vec![more, half], Detail::Full, &[]).unwrap();
    assert!(run.plan.only_bulk);
    run.run();
    assert!(run.record.goods_residual_max() <= 1e-12);
    run
}

/// Day 0: 12 are wanted, 6 are made. Stocks are 16 each in the morning; the makers use 4 and 6.
/// Day 1: the makers have 12 and 10 and what came. With deliveries d of day 0 they plan for 4 and 6 and order
/// `4 + (16 − 12 − d)/2` and `6 + (24 − 10 − d)/2`.
#[test]
fn the_four_rules_by_hand() {
    let delivered = |run: &Simulation| run.record.columns.contract_delivered.chunks(2).map(<[f64]>::to_vec).collect::<Vec<_>>();
    let market = |run: &Simulation| run.record.columns.demand_met.iter().step_by(3).copied().collect::<Vec<_>>();

    // R0: half of everything. Day 1: d = 2, orders 5 and 12, market 4: 6/21 of each.
    let run = mill(Rationing::Proportional);
    near(&market(&run)[..2], &[2.0, 4.0 * 6.0 / 21.0]);
    near(&delivered(&run)[0], &[4.0, 4.0]);
    near(&delivered(&run)[1], &[2.0, 2.0]);
    near(&delivered(&run)[2], &[5.0 * 6.0 / 21.0, 12.0 * 6.0 / 21.0]);

    // R1: firms first, 6/8 of 4. Day 1: d = 3, orders 4.5 and 11.5 of which 6/16; nothing for the market.
    let run = mill(Rationing::MarketLast);
    near(&market(&run)[..2], &[0.0, 0.0]);
    near(&delivered(&run)[1], &[3.0, 3.0]);
    near(&delivered(&run)[2], &[4.5 * 6.0 / 16.0, 11.5 * 6.0 / 16.0]);

    // R2: up to level 1/2 of 4, 4 and 4. Day 1: ratios 5/4, 3 and 1 of 4: level 1/2 again.
    let run = mill(Rationing::LeastServed);
    near(&market(&run)[..2], &[2.0, 2.0]);
    near(&delivered(&run)[1], &[2.0, 2.0]);
    near(&delivered(&run)[2], &[2.0, 2.0]);

    // R3: the level among firms is 3/4; the market gets nothing.
    let run = mill(Rationing::LeastServedMarketLast);
    near(&market(&run)[..2], &[0.0, 0.0]);
    near(&delivered(&run)[1], &[3.0, 3.0]);
    near(&delivered(&run)[2], &[3.0, 3.0]);
}

/// Of 12 wanted 10.8 are there: firms first leaves 2.8 for the market of 4.
#[test]
fn what_firms_leave_goes_to_the_market() {
    for rule in [Rationing::MarketLast, Rationing::LeastServedMarketLast] {
        let links = [(0, 1, 4.0), (0, 2, 4.0)];
        let firms = Firms { rationing: rule, ..Firms::new(&[0, 1, 1], &[4.0, 4.0, 4.0], &links) };
        let hit = damage(0, &[(0, 0.1)], Recovery::Linear, f64::INFINITY, 0);
        let mut run = Simulation::new(firms.network(2), vec![hit], Detail::Full, &[]).unwrap();
        run.run();
        near(&run.record.columns.demand_met[..3], &[2.8, 4.0, 4.0]);
        near(&run.record.columns.contract_delivered[2..4], &[4.0, 4.0]);
    }
}

/// A firm of capacity 10 with a market of 10: its output is what damage leaves.
fn healing(shape: Recovery, days: f64, stop_days: u32) -> Vec<f64> {
    let firms = Firms::new(&[0], &[10.0], &[]);
    let mut run = Simulation::new(firms.network(8), vec![damage(1, &[(0, 0.8)], shape, days, stop_days)], Detail::Full, &[]).unwrap();
    run.run();
    run.record.columns.line_output.clone()
}

#[test]
fn every_recovery_by_hand() {
    near(&healing(Recovery::Linear, 4.0, 0), &[10.0, 2.0, 4.0, 6.0, 8.0, 10.0, 10.0, 10.0]);
    near(&healing(Recovery::Step, 4.0, 0), &[10.0, 2.0, 4.5, 7.0, 9.5, 10.0, 10.0, 10.0]);
    near(&healing(Recovery::Sudden, 4.0, 0), &[10.0, 2.0, 2.0, 2.0, 2.0, 10.0, 10.0, 10.0]);
    near(&healing(Recovery::Geometric, 2.0, 0), &[10.0, 2.0, 6.0, 8.0, 9.0, 9.5, 9.75, 9.875]);
    let left: f64 = 8.0 * 0.606_530_659_712_633_4;
    near(&healing(Recovery::Exponential, 2.0, 0)[..3], &[10.0, 2.0, 10.0 - left]);
    near(&healing(Recovery::Linear, f64::INFINITY, 0), &[10.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]);
    // Two days of stop, then the damage, then the recovery.
    near(&healing(Recovery::Linear, 4.0, 2), &[10.0, 0.0, 0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
    near(&healing(Recovery::Sudden, f64::INFINITY, 2), &[10.0, 0.0, 0.0, 2.0, 2.0, 2.0, 2.0, 2.0]);
}

/// Three firms: 0 and 1 supply 2. All are damaged by half; c = 2. On day 1 both neighbours of 2 were damaged (d = 1): it does not heal;
/// 0 and 1 have one neighbour, firm 2, damaged: they do not heal either. With firm 1 sound, half of firm 2's neighbours are damaged:
/// δ falls by (1 − ½)/2, a quarter, a day.
#[test]
fn damaged_neighbours_slow_the_recovery() {
    let firms = Firms::new(&[0, 1, 2], &[10.0, 10.0, 10.0], &[(0, 2, 1.0), (1, 2, 1.0)]);
    let outputs = |hit: &[(usize, f64)]| {
        let mut run = Simulation::new(firms.network(5), vec![damage(0, hit, Recovery::Damped, 2.0, 0)], Detail::Full, &[]).unwrap();
        run.run();
        run.record.columns.line_output.chunks(3).map(|day| [day[0], day[1], day[2]]).collect::<Vec<_>>()
    };
    let all = outputs(&[(0, 0.5), (1, 0.5), (2, 0.5)]);
    assert!(all.iter().all(|day| day[2] <= 5.0 + 1e-12), "everybody waits for everybody: {all:?}");
    let two = outputs(&[(0, 0.5), (2, 0.5)]);
    // Firm 2 loses ½, ⅜, 9/32, 27/128 of 10; firm 0, whose only neighbour is damaged, stays at half of 11.
    let of_two: Vec<f64> = two.iter().map(|day| day[2]).take(4).collect();
    near(&of_two, &[5.0, 6.25, 10.0 * (1.0 - 9.0 / 32.0), 10.0 * (1.0 - 27.0 / 128.0)]);
    assert!(two.iter().all(|day| (day[0] - 5.5).abs() < 1e-12), "{two:?}");
}

#[test]
fn drawn_stock_days_are_those_of_the_buyer_whatever_else_is_drawn() {
    let links = [(0, 1, 4.0), (0, 2, 4.0), (1, 2, 1.0), (2, 1, 1.0)];
    let mut net = Firms::new(&[0, 1, 2], &[4.0, 4.0, 4.0], &links).network(30);
    net.draw_stock_days(331, 2.0);
    let days = |net: &Network, row: usize| net.terms[net.contracts.terms[row].index()].stock_days;
    assert_eq!(days(&net, 0), days(&net, 3), "both contracts of buyer 1");
    assert_eq!(days(&net, 0), ripstop::model::draws::poisson(331, 1, 15.0, 2.0));
    assert_eq!(days(&net, 1), ripstop::model::draws::poisson(331, 2, 15.0, 2.0));
    let mut run = Simulation::new(net, Vec::new(), Detail::Totals, &[]).unwrap();
    run.run();
    let totals = &run.record.totals;
    assert!((totals[29].output_value / totals[0].output_value - 1.0).abs() < 1e-12, "drawn stocks are steady too");
}
