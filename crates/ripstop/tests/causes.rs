//! Why a line stopped, where there are more products than 16 bits count: each input is itself.

mod common;

use common::{MILL, WEAVER, causes, finished, restock, stop};
use ripstop::analysis::losses::losses;
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::plan::Plan;
use ripstop::record::Detail;
use ripstop::rule::cause::Cause;
use ripstop::run::{Simulation, run_with_counterfactual};

const PRODUCTS: usize = 66_200;
const DAYS: usize = 24;

/// A mill makes `yarn`, a weaver weaves with it; the mill stops from step 5 on.
fn chain(yarn: u32) -> (Network, Vec<ripstop::model::events::Event>) {
    let mut net = common::Net::new(DAYS as i32);
    for _ in 0..PRODUCTS {
        net.product(1.0);
    }
    net.maker(ProductId(yarn), 20.0);
    let weaver = net.firm();
    let line = net.line(weaver, ProductId(1), 20.0, &[(ProductId(yarn), 1.0)]);
    let (terms, route) = (net.terms(restock()), net.route(&[(None, 1)]));
    net.buys(weaver, MILL, terms, route, 1.0);
    net.demand(line, 5.0);
    (net.0, vec![stop(MILL, 5, DAYS as i32)])
}

#[test]
fn the_input_that_is_short_is_named_whatever_its_number() {
    // The first that fits two bytes no more, the last that did, and the last of all.
    for yarn in [0, 65_518, 65_519, 65_520, 65_536, PRODUCTS as u32 - 1] {
        let (net, events) = chain(yarn);
        let fast = Plan::new(net.clone(), events.clone()).unwrap();
        assert!(fast.only_bulk);
        for plan in [fast, Plan::general(net.clone(), events.clone()).unwrap()] {
            let mut run = Simulation::of(plan, Detail::Full, &[]);
            run.run();
            finished(&run);
            assert_eq!(causes(&run, WEAVER)[DAYS - 1], Cause::Input(yarn));
            assert_eq!(causes(&run, MILL)[DAYS - 1], Cause::Capacity);
        }
        for detail in [Detail::Full, Detail::Sectors] {
            let outcome = run_with_counterfactual(net.clone(), events.clone(), detail, &[DAYS - 1]).unwrap();
            let stopped = losses(&outcome, DAYS - 1).stopped_days;
            let codes: Vec<Cause> = stopped.keys().map(|&code| Cause::of(code)).collect();
            assert_eq!(codes, [Cause::Capacity, Cause::Input(yarn)], "{detail:?}");
        }
    }
}

#[test]
fn every_code_is_that_of_its_cause() {
    for product in [0, 1, 65_519, 65_520, 1 << 24, u32::MAX - 16] {
        assert_eq!(Cause::of(Cause::Input(product).code()), Cause::Input(product));
    }
}
