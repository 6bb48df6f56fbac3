//! A run saved as columns on any day and taken up again ends with the same bits; what is no save of this network is refused.

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};

use common::*;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::plan::columns::{Column, RestoreError};
use ripstop::record::Detail;
use ripstop::run::Pair;

const DAYS: i32 = 90;

/// A seller abroad and a maker at home over one crossing; from day 40 to 60 it is shut.
fn network(warm_up: u32) -> (Network, Vec<Event>) {
    let mut net = Net::new(DAYS);
    net.firms = vec![Firm { workers: 10.0, ..Firm::default() }, Firm { place: PlaceId(1), workers: 5.0, ..Firm::default() }];
    net.products = vec![Product { value_per_unit: 1.0, ..Product::default() }, Product { value_per_unit: 3.0, ..Product::default() }];
    net.routes.push(Route { legs: vec![Leg { crossing: Some((CrossingId(0), Direction::AToB)), days: 2, ..Leg::default() }] });
    net.terms.push(Terms { stock_days: 4.0, ..Terms::default() });
    let yarn = Input { product: ProductId(0), per_unit: 1.0, ..Input::default() };
    let spinner = net.add_line(FirmId(0), ProductId(0), 20.0, 0.1, &[]);
    let weaver = net.add_line(FirmId(1), ProductId(1), 20.0, 0.1, &[yarn]);
    net.contracts.push(Contract { seller: spinner, buyer: FirmId(1), share: 1.0, price_per_unit: 2.0, ..Contract::default() });
    net.demands.push(Demand { line: weaver, quantity_per_day: 10.0, season: None, price_per_unit: 5.0, patience_days: 3 });
    if warm_up > 0 {
        net.settings.start_state = StartState::WarmUp;
        net.settings.warm_up_days = warm_up;
    }
    let event = |change, from, to, background| Event {
        change,
        from: day(from),
        to: Some(day(to)),
        value: 0.2,
        ramp_in_days: 0,
        ramp_out_days: 0,
        background,
    };
    (net.0, vec![event(Change::Capacity(vec![weaver]), 10, 15, true), event(Change::Capacity(vec![spinner]), 40, 60, false)])
}

fn begin(warm_up: u32) -> Pair {
    begin_with(warm_up, Detail::Full)
}

fn begin_with(warm_up: u32, detail: Detail) -> Pair {
    let (network, events) = network(warm_up);
    let mut pair = Pair::new(network, events, detail, &[20, 45, 89]).unwrap();
    pair.mark(&[19, 44]);
    pair
}

/// Stops after so many days of both sides together.
fn pause(pair: &mut Pair, days: usize) -> bool {
    let left = AtomicUsize::new(days);
    pair.run_while(&|| left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok())
}

#[test]
fn a_pair_saved_on_any_day_ends_with_the_same_bits() {
    for (warm_up, detail) in [(0, Detail::Full), (12, Detail::Full), (0, Detail::Totals), (12, Detail::Sectors)] {
        let begin = |warm_up| begin_with(warm_up, detail);
        let mut whole = begin(warm_up);
        assert!(whole.run_while(&|| true));
        let (last, done) = (save_pair(&whole), whole.finish());
        for days in 0..(2 * DAYS + warm_up as i32) as usize {
            let mut stopped = begin(warm_up);
            pause(&mut stopped, days);
            let mut resumed = begin(warm_up);
            resumed.restore(&mut reader(&save_pair(&stopped))).unwrap();
            assert_eq!(resumed.days_done(), stopped.days_done());
            assert!(same_bits(&save_pair(&resumed), &save_pair(&stopped)), "warm-up {warm_up}, stopped after {days} days");
            assert!(resumed.run_while(&|| true));
            assert!(same_bits(&save_pair(&resumed), &last), "warm-up {warm_up}, stopped after {days} days");
            let resumed = resumed.finish();
            assert_eq!((&resumed.state_hash, resumed.first_event), (&done.state_hash, done.first_event));
            assert_eq!(resumed.counterfactual.totals, done.counterfactual.totals);
            assert_eq!(resumed.people.sum(89), done.people.sum(89));
        }
    }
}

#[test]
fn columns_of_another_network_are_refused() {
    let mut stopped = begin(0);
    pause(&mut stopped, 60);
    let saved = save_pair(&stopped);
    let refused = |name: &str, column: Column| {
        let mut changed = saved.clone();
        assert!(changed.insert(name.to_string(), column).is_some(), "there is a column {name}");
        begin(0).restore(&mut reader(&changed)).unwrap_err()
    };
    assert!(matches!(refused("scenario.state.stock", Column::F64(vec![0.0; 9])), RestoreError::Length { found: 9, .. }));
    assert!(matches!(refused("scenario.state.cause", Column::F64(vec![0.0; 2])), RestoreError::Kind { .. }));
    assert!(matches!(refused("scenario.t", Column::U32(vec![7])), RestoreError::Value { found: 7, .. }));
    assert!(matches!(refused("counterfactual.record.days", Column::U32(vec![4_000_000])), RestoreError::Value { .. }));
    assert!(matches!(refused("scenario.state.invoices_open", Column::U32(vec![3])), RestoreError::Value { found: 3, .. }));
    assert!(matches!(refused("scenario.record.snapshot.0.deadlocks", Column::U32(vec![5, 1])), RestoreError::Value { .. }));
}
