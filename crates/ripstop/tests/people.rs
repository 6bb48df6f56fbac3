//! Who is without work, plant by plant and by hand, the same at every level of record.

mod common;

use common::*;
use ripstop::analysis::losses::{Losses, losses};
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::record::Detail;
use ripstop::record::people::PARTS;
use ripstop::run::{Outcome, run_with_counterfactual};

/// A run at each level; the days of each part and the account are those of the full record.
fn told(net: &Net, events: &[Event]) -> (Outcome, Losses) {
    let last = (net.end.0 - net.start.0) as usize;
    let run = |detail| {
        let outcome = run_with_counterfactual(net.0.clone(), events.to_vec(), detail, &[last]).unwrap();
        let lost = losses(&outcome, last);
        (outcome, lost)
    };
    let (full, lost) = run(Detail::Full);
    for detail in [Detail::Totals, Detail::Sectors] {
        let (outcome, same) = run(detail);
        for part in 0..PARTS.len() {
            assert_eq!(outcome.people.total(part), full.people.total(part), "{} with {detail:?}", PARTS[part]);
            if detail == Detail::Sectors && lost.without_work[part] > 0.0 {
                for (columns, width) in outcome.people.groups() {
                    assert_eq!(columns[part].len(), width * full.scenario.days);
                    near(columns[part].iter().sum(), lost.without_work[part]);
                }
            }
        }
        assert_eq!(same, lost, "{detail:?}");
    }
    assert!(lost.without_work.iter().all(|&days| days >= 0.0), "{:?}", lost.without_work);
    near(lost.idle_worker_days, lost.without_work[..3].iter().sum());
    (full, lost)
}

/// The parts of consecutive days: dismissed, absent, idle, extra work.
fn parts(outcome: &Outcome, from: usize, expected: &[[f64; 4]]) {
    for part in 0..PARTS.len() {
        days(&outcome.people.total(part), from, &expected.iter().map(|day| day[part]).collect::<Vec<_>>());
    }
}

/// The chain of the tests with 5 weavers of a day a piece, who weave 5 a day.
fn weavers(workers: f64) -> Net {
    let mut net = chain(60, &[(None, 1)], restock());
    net.firms[1] = Firm { workers, ..Firm::default() };
    net.lines[WEAVER.index()].labour_days_per_unit = 1.0;
    net
}

#[test]
fn the_dismissed_come_first_and_only_those_who_would_have_worked() {
    // Days 10–12 ask for 1 of 5; surplus goes over 2 days, gaps are filled over 4: 5, 3, 2, 1.5, 2.375 are employed (options_goods.rs).
    let mut net = weavers(5.0);
    (net.firms[1].hire_days, net.firms[1].fire_days) = (4.0, 2.0);
    let (outcome, lost) = told(&net, &[event(Change::Demand(vec![DemandId(0)]), 10, 12, 0.2)]);
    let first = [[0.0, 0.0, 4.0, 0.0], [2.0, 0.0, 2.0, 0.0], [3.0, 0.0, 1.0, 0.0], [3.5, 0.0, 0.0, 0.0], [2.625, 0.0, 0.0, 0.0]];
    parts(&outcome, 9, &[[0.0; 4]]);
    parts(&outcome, 10, &first);
    near(lost.without_work[2], 7.0);
    assert!(lost.without_work[0] > 11.0);
}

#[test]
fn the_absent_who_would_have_been_idle_lose_nothing() {
    // 10 weavers, 5 of them idle already. 3 come on days 10–12 and weave 3: 7 are absent, 2 of them would have worked.
    let (outcome, _) = told(&weavers(10.0), &[event(Change::Attendance(vec![FirmId(1)]), 10, 12, 0.3)]);
    parts(&outcome, 10, &[[0.0, 2.0, 0.0, 0.0]; 3]);
    // Nobody comes, and the loom is broken too: absence is the reason, nobody is counted twice.
    let both = [event(Change::Attendance(vec![FirmId(1)]), 10, 12, 0.0), stop(WEAVER, 10, 12)];
    let (outcome, _) = told(&weavers(10.0), &both);
    parts(&outcome, 10, &[[0.0, 5.0, 0.0, 0.0]; 3]);
    // The loom alone: 5 more are idle.
    let (outcome, _) = told(&weavers(10.0), &[stop(WEAVER, 10, 12)]);
    parts(&outcome, 10, &[[0.0, 0.0, 5.0, 0.0]; 3]);
}

#[test]
fn work_that_is_made_up_for_later_is_a_line_of_its_own() {
    // The factory sews 5 a day on days 9–16 and has nothing to do before and after. Nobody comes on days 9 and 10: it sews until day 18.
    let net = sewing(40, |_| {});
    let (outcome, lost) = told(&net, &[event(Change::Attendance(vec![FACTORY]), 9, 10, 0.0)]);
    parts(&outcome, 8, &[[0.0; 4], [0.0, 5.0, 0.0, 0.0], [0.0, 5.0, 0.0, 0.0], [0.0; 4]]);
    parts(&outcome, 16, &[[0.0; 4], [0.0, 0.0, 0.0, 5.0], [0.0, 0.0, 0.0, 5.0], [0.0; 4]]);
    assert_eq!(lost.without_work, [0.0, 10.0, 0.0, 10.0]);
    // Mean of the 11 days to day 10: the run is no 28 days old.
    let (last, persons) = lost.worst.unwrap();
    assert_eq!(last, 10);
    near(persons[1], 10.0 / 11.0);
    near(lost.workers_idle_peak, 10.0 / 11.0);
}

#[test]
fn rest_days_are_no_working_days() {
    // Sundays (steps 6 and 13) off: 5 a day on days 9–12 and 14–17. Nobody comes on days 9–13: of 12 working days to day 12, 4 are lost.
    let mut net = sewing(40, |_| {});
    net.firms[FACTORY.index()].rest_weekdays = 1 << 6;
    let (outcome, lost) = told(&net, &[event(Change::Attendance(vec![FACTORY]), 9, 13, 0.0)]);
    parts(&outcome, 9, &[[0.0, 5.0, 0.0, 0.0]; 4]);
    parts(&outcome, 13, &[[0.0; 4]]);
    near(lost.workers_idle_peak, 20.0 / 12.0);
}

#[test]
fn a_firm_that_ends_has_dismissed_whoever_would_have_worked() {
    let (outcome, lost) = told(&sewing(40, |_| {}), &[event(Change::Default(vec![FACTORY]), 9, 9, 0.0)]);
    parts(&outcome, 9, &[[5.0, 0.0, 0.0, 0.0]; 8]);
    parts(&outcome, 17, &[[0.0; 4]; 10]);
    assert_eq!(lost.without_work, [40.0, 0.0, 0.0, 0.0]);
    near(lost.dismissed, 5.0);
}

#[test]
fn without_a_difference_nobody_is_without_work() {
    let background = Event { background: true, ..event(Change::Attendance(vec![FACTORY]), 9, 10, 0.0) };
    let (_, lost) = told(&sewing(40, |_| {}), &[background]);
    assert_eq!((lost.without_work, lost.worst, lost.workers_idle_peak), ([0.0; 4], None, 0.0));
}
