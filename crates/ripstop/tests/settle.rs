//! Starts that are settled, worked out by hand: a baker who sells 40 loaves a day, and demand that a background event halves for a while.

mod common;

use ripstop::model::error::NetworkError;
use ripstop::model::network::StartState;
use ripstop::run::settle::{chain_days, drift, longest_chain, settled};
use ripstop::{Change, ContractId, Day, Demand, DemandId, Event, Firm, Network, Product};

fn baker() -> Network {
    let mut network = Network::new(Day(0), Day(499));
    let firm = network.add_firm(Firm::default());
    let bread = network.add_product(Product { value_per_unit: 2.0, ..Product::default() });
    let line = network.add_line(firm, bread, 50.0, 0.0, &[]);
    network.demands.push(Demand::new(line, 40.0));
    network.settings.start_state = StartState::Settled;
    network
}

/// Half the demand on some days, whatever the scenario.
fn half(from: i32, until: i32) -> Event {
    Event::new(Change::Demand(vec![DemandId(0)]), Day(from)).until(Day(until)).value(0.5).in_background()
}

/// The scenario's own event.
fn none(from: i32) -> Event {
    Event::new(Change::Demand(vec![DemandId(0)]), Day(from)).value(0.0)
}

#[test]
fn a_start_is_as_long_as_it_takes() {
    let days = |events: &[Event]| settled(baker(), events).map(|network| (network.settings.start_state, network.settings.warm_up_days));
    // Nothing moves: eight weeks show it.
    assert_eq!(days(&[]), Ok((StartState::WarmUp, 56)));
    // 20 loaves a day in days −56 to −29 and 40 in the last four weeks: after 56, 112 and 224 days that is half. 448 days reach back to the
    // same weeks a year earlier, when 40 were sold.
    assert_eq!(days(&[half(-56, -29)]), Ok((StartState::WarmUp, 448)));
    // Half for more than a year before the last four weeks: no length helps.
    let never = NetworkError::NotSettled { line: 0, moved: 0.5, tolerance: 0.02, days: 1460 };
    assert_eq!(days(&[half(-420, -29)]), Err(never));
}

#[test]
fn what_does_not_settle_is_refused_with_its_line() {
    let with = |tolerance: f64, most: u32| {
        let mut network = baker();
        (network.settings.settle_tolerance_share, network.settings.settle_max_days) = (tolerance, most);
        settled(network, &[half(-56, -29)]).map(|network| network.settings.warm_up_days)
    };
    assert_eq!(with(0.02, 300), Err(NetworkError::NotSettled { line: 0, moved: 0.5, tolerance: 0.02, days: 300 }));
    assert_eq!(with(0.5, 300), Ok(56), "half is what may move");
    assert_eq!(with(0.02, 448), Ok(448));
}

#[test]
fn a_settled_start_is_the_run_of_a_warm_up_of_that_length() {
    let events = || vec![half(-56, -29), none(10)];
    let run = |network: Network| ripstop::run::run_with_counterfactual(network, events(), ripstop::Detail::Totals, &[]).unwrap().state_hash;
    let mut warm = baker();
    (warm.settings.start_state, warm.settings.warm_up_days) = (StartState::WarmUp, 448);
    assert_eq!(run(baker()), run(warm));
}

#[test]
fn drift_is_measured_before_the_first_event_of_the_scenario() {
    let moved = |network: Network, events: Vec<Event>| drift(network, events).unwrap().map(|m| (m.now, m.before, m.days_back, m.share));
    let mut network = baker();
    network.settings.start_state = StartState::Empty;
    let near = |found: Option<(f64, f64, usize, f64)>, wanted: (f64, f64, usize, f64)| {
        let found = found.unwrap();
        assert_eq!(found.2, wanted.2, "{found:?}");
        for (found, wanted) in [(found.0, wanted.0), (found.1, wanted.1), (found.3, wanted.3)] {
            assert!((found - wanted).abs() < 1e-12, "{found} is not {wanted}");
        }
    };
    // Days 32 to 59 against days 4 to 31.
    near(moved(network.clone(), vec![half(0, 31), none(60)]), (40.0, 20.0, 28, 0.5));
    // Days 372 to 399 against days 8 to 35, of which 24 have 20 loaves and four 40: 640 / 28 a day.
    near(moved(network.clone(), vec![half(0, 31), none(400)]), (40.0, 640.0 / 28.0, 364, 3.0 / 7.0));
    assert_eq!(moved(network.clone(), vec![half(0, 31), none(55)]), None, "too few days to compare");
    assert_eq!(moved(network.clone(), vec![half(0, 31)]), None, "nothing happens");
    network.settings.start_state = StartState::Settled;
    near(moved(network, vec![half(-56, -29), none(0)]), (40.0, 40.0, 364, 0.0));
}

#[test]
fn the_longest_chain_is_the_sum_of_its_parts() {
    // Purchase lead 3, a day to the factory, input lead 1, window 4, slack 6.
    let net = common::sewing(80, |_| ());
    assert_eq!(longest_chain(&net), Some((ContractId(1), 15.0)));
    assert_eq!(chain_days(&common::sewing(80, |terms| terms.slack_days = 20.0), ContractId(1)), 29.0);
    assert_eq!(longest_chain(&baker()), None, "nothing is ordered by dates");
}
