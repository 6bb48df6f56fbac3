//! Each rule of `rule/` by hand in both executors: the day of general networks, and the passes over columns. A rule that is changed fails a
//! test of `day` and one of `bulk`; a copy that hides in one of them fails the other alone.

mod common;

use common::*;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::plan::Plan;
use ripstop::record::Detail;
use ripstop::rule::cause::Cause;
use ripstop::run::Simulation;

type Compile = fn(Network, Vec<Event>) -> Result<Plan, ripstop::NetworkError>;

fn simulate(compile: Compile, net: &Net, events: &[Event]) -> Simulation {
    let plan = compile((**net).clone(), events.to_vec()).unwrap();
    let mut run = Simulation::of(plan, Detail::Full, &[]);
    run.run();
    assert!(run.record.goods_residual_max() <= 1e-12);
    run
}

/// A line that makes a share of its capacity on steps `from..=to`.
fn slowed(line: LineId, from: i32, to: i32, share: f64) -> Event {
    event(Change::Capacity(vec![line]), from, to, share)
}

/// A mill sells to weavers that need so much yarn a day, each unit of cloth taking `per_unit` of it.
fn weavers(days: i32, needs: &[f64], per_unit: f64) -> Net {
    let mut net = Net::new(days);
    let (yarn, cloth) = (net.product(1.0), net.product(2.0));
    let mill = net.maker(yarn, 20.0);
    let (terms, route) = (net.terms(restock()), net.route(&[(None, 1)]));
    for need in needs {
        let firm = net.firm();
        let line = net.line(firm, cloth, f64::INFINITY, &[(yarn, per_unit)]);
        net.buys(firm, mill, terms, route, 1.0);
        net.demand(line, need / per_unit);
    }
    net
}

/// `restock::order`, `restock::target`: cover 3 days, a gap closed over 2. Mornings of 15, 10 (one delivery of 5 is missing), 12.5, 13.75.
fn restock_closes_half_a_gap_a_day(compile: Compile) {
    let net = chain(8, &[(None, 1)], restock());
    let run = simulate(compile, &net, &[stop(MILL, 3, 3)]);
    days(&output(&run, MILL), 0, &[5.0, 5.0, 5.0, 0.0, 7.5, 6.25, 5.625]);
}

/// `expect::next`, `expect::planned_rate`: 33 are asked for instead of 5; a 28th of the difference is expected the next morning, 6. In store
/// are 5 (15 were worked up), so 6 + (18 − 5)/2 are ordered. A weaver that can make 5.5 plans for 5.5 and has 14.5 left.
fn a_line_plans_for_what_it_expects_within_its_capacity(compile: Compile) {
    let more = event(Change::Demand(vec![DemandId(0)]), 3, 9, 6.6);
    let mut net = chain(6, &[(None, 1)], restock());
    net.settings.expect_days = 28.0;
    net.lines[WEAVER.index()].capacity_per_day = 100.0;
    net.lines[MILL.index()].capacity_per_day = 100.0;
    days(&output(&simulate(compile, &net, std::slice::from_ref(&more)), MILL), 0, &[5.0, 5.0, 5.0, 5.0, 12.5]);
    net.lines[WEAVER.index()].capacity_per_day = 5.5;
    days(&output(&simulate(compile, &net, &[more]), MILL), 0, &[5.0, 5.0, 5.0, 5.0, 6.5]);
}

/// `capacity::today`, `make::wish`, `share::proportional`: the mill makes a fifth of 20 on day 3 and is asked for 15: both get 4/15 of their
/// order. The next day 5 + (15 − 10 − 4/3)/2 and twice that are asked for, 20.5 of 20.
fn a_shortage_is_shared_in_proportion(compile: Compile) {
    let run = simulate(compile, &weavers(6, &[5.0, 10.0], 1.0), &[slowed(LineId(0), 3, 3, 0.2)]);
    days(&output(&run, LineId(0)), 0, &[15.0, 15.0, 15.0, 4.0, 20.0]);
    let delivered = &run.record.columns.contract_delivered;
    let of = |contract: usize| delivered.iter().skip(contract).step_by(2).copied().collect::<Vec<f64>>();
    days(&of(0), 3, &[5.0, 4.0 / 3.0, 20.0 / 3.0]);
    days(&of(1), 3, &[10.0, 8.0 / 3.0, 40.0 / 3.0]);
}

/// `level::fill`: asked for 15 and having 6, a mill that serves the least served first fills orders of 5 and 10 up to 0.4 of what is normal; of
/// orders that differ from normal (5 after nothing, 10 of 10) all get the same level.
fn the_least_served_come_first(compile: Compile) {
    let mut net = weavers(7, &[5.0, 10.0], 1.0);
    net.lines[0].rationing = Rationing::LeastServed;
    // The second weaver's market vanishes for a day, so that it asks for less than is normal: with E = 10 − 10/2 = 5 its need is 5, its store
    // 30 against a target of 15, and it asks for nothing; the first, as normal, gets all of its 5 of the 4 there are.
    net.settings.expect_days = 2.0;
    let events = [event(Change::Demand(vec![DemandId(1)]), 2, 2, 0.0), slowed(LineId(0), 4, 4, 0.3)];
    let run = simulate(compile, &net, &events);
    let delivered = &run.record.columns.contract_delivered;
    let of = |contract: usize| delivered.iter().skip(contract).step_by(2).copied().collect::<Vec<f64>>();
    // Day 3: E of the second is 5, its store 30 + 10: target 15, nothing. Day 4: E is 7.5 again, 22.5 wanted, 30 in store: 7.5 − 3.75 = 3.75.
    // The first asks for 5. Of 6, levels of 5 and 10: λ·5 + 3.75 = 6 where λ ≥ 0.375, so λ = 0.45.
    days(&of(0), 4, &[5.0, 2.25]);
    days(&of(1), 4, &[0.0, 3.75]);
}

/// `make::enough_for`, `Cause::of_standing`: two of yarn make one of cloth; of 15 in store 5 are used a day, and on the fourth day nothing is
/// left but what half a day brought.
fn a_stock_is_enough_for_so_much(compile: Compile) {
    let mut net = weavers(9, &[5.0], 2.0);
    net.lines[0].capacity_per_day = 5.0;
    let events = [slowed(LineId(0), 2, 4, 0.0), slowed(LineId(0), 5, 5, 0.6)];
    let run = simulate(compile, &net, &events);
    // Days 2, 3, 4 bring nothing from day 3 on: 15, 10, 5, 0; on day 6 the 3 of day 5 make 1.5.
    days(&output(&run, LineId(1)), 0, &[2.5, 2.5, 2.5, 2.5, 2.5, 0.0, 1.5, 2.5]);
    let causes: Vec<Cause> = run.record.columns.line_cause.chunks(2).map(|day| Cause::of(day[1])).collect();
    assert_eq!(causes[4..8], [Cause::None, Cause::Input(0), Cause::Input(0), Cause::None]);
    // A mill that can make 5 and is asked for more is short of capacity; one that can make nothing too.
    let causes: Vec<Cause> = run.record.columns.line_cause.chunks(2).map(|day| Cause::of(day[0])).collect();
    assert_eq!(causes[1..7], [Cause::None, Cause::Capacity, Cause::Capacity, Cause::Capacity, Cause::Capacity, Cause::Capacity]);
}

macro_rules! in_both {
    ($($rule:ident),*) => {
        mod day {
            use super::Plan;

            $(#[test]
            fn $rule() {
                super::$rule(Plan::general);
            })*
        }

        mod bulk {
            use super::Plan;

            $(#[test]
            fn $rule() {
                super::$rule(|network, events| {
                    let plan = Plan::new(network, events)?;
                    assert!(plan.only_bulk, "nothing here asks for the general rules");
                    Ok(plan)
                });
            })*
        }
    };
}

in_both!(
    restock_closes_half_a_gap_a_day,
    a_line_plans_for_what_it_expects_within_its_capacity,
    a_shortage_is_shared_in_proportion,
    the_least_served_come_first,
    a_stock_is_enough_for_so_much
);

#[test]
fn a_contract_whose_extras_say_something_is_not_bulk() {
    let bulk_with = |extras: Extras| {
        let mut net = chain(5, &[(None, 1)], restock());
        net.contracts.extras.push((ContractId(0), extras));
        Plan::new(net.0, Vec::new()).unwrap().only_bulk
    };
    assert!(bulk_with(Extras::default()));
    let route = vec![RouteId(0)];
    for extras in [
        Extras { standby_share: 0.5, ..Extras::default() },
        Extras { credit_limit: 1.0, ..Extras::default() },
        Extras { alternative_routes: route.clone(), ..Extras::default() },
        Extras { alternative_input_routes: route.clone(), ..Extras::default() },
    ] {
        assert!(!bulk_with(extras.clone()), "{extras:?}");
    }
}
