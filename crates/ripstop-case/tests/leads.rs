//! A lead is a store: `kaesong-2013` without its closure, its inputs so many days ahead. The rules are those of `rule/work.rs`.

use ripstop::model::calendar::Day;
use ripstop::model::events::{Change, Event};
use ripstop::model::network::{Network, Ordering, StartState, Terms};
use ripstop::record::Detail;
use ripstop::run::Simulation;
use ripstop_case::load;
use ripstop_case::network::Mapper;
use std::path::Path;

/// What the case's recipes waste of the inputs, as a share.
const WASTE: f64 = 0.03;

/// What a year of the zone looks like: means over its days.
struct Year {
    /// Inputs at the plants, in days of use.
    days_at_plants: f64,
    /// Finished goods of order lines that have not left, and what clients have finished, in days of sales.
    days_finished: f64,
    /// Inputs that clients have in store and on the way, in days of use.
    days_at_client: f64,
    utilisation: f64,
    /// Standard deviation of the utilisation of working days.
    uneven: f64,
    /// Of what order lines of the year ask for: delivered by the due date, as a share.
    on_time: f64,
}

/// The zone without its closure from a start that is settled, as `edit` and `terms` have it.
fn network(edit: impl Fn(&mut Network), terms: impl Fn(&mut Terms)) -> Network {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/kaesong-2013");
    let case = load(&folder).case.unwrap();
    let scenario = case.scenarios.iter().position(|s| s.name == "no-closure").unwrap();
    let values = case.parameters.values_in(&case.scenarios[scenario], &[]);
    let mut network = Mapper::new(&case).network(&values);
    (network.settings.start_state, network.settings.warm_up_days) = (StartState::WarmUp, 728);
    network.terms.iter_mut().filter(|t| t.ordering == Ordering::Schedule).for_each(terms);
    edit(&mut network);
    network
}

fn year(network: Network) -> Year {
    // An event of nothing, so that the run has what runs have.
    let nothing = Event::new(Change::Capacity(vec![]), Day(network.start.0)).value(1.0);
    let mut run = Simulation::new(network, vec![nothing], Detail::Totals, &[]).unwrap();
    let days = run.plan.calendar.len();
    let first = days - 365;
    let (mut stock, mut finished, mut at_client, mut used, mut sold) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let (mut rates, mut wanted, mut delivered) = (Vec::new(), 0.0, 0.0);
    let mut made_before = 0.0;
    for t in 0..days {
        run.step();
        let state = &run.state;
        let made: f64 = state.made.iter().sum();
        let today = made - made_before;
        made_before = made;
        if t < first {
            continue;
        }
        stock += state.input_stock.iter().sum::<f64>();
        finished += state.order_finished.iter().sum::<f64>() + state.finished.iter().sum::<f64>();
        at_client += state.stock.iter().sum::<f64>();
        used += today * (1.0 + WASTE);
        sold += state.demand_met.iter().sum::<f64>();
        for (order, _) in run.plan.orders.due.iter().enumerate().filter(|(_, due)| **due == t as i32) {
            (wanted, delivered) = (wanted + state.target[order], delivered + state.billed[order]);
        }
        let employed: f64 = state.workforce.iter().sum();
        let at_work: f64 = state.labour_used.iter().sum();
        if at_work > 0.0 {
            rates.push(at_work / employed);
        }
    }
    let mean = rates.iter().sum::<f64>() / rates.len() as f64;
    let variance = rates.iter().map(|rate| (rate - mean).powi(2)).sum::<f64>() / rates.len() as f64;
    Year {
        days_at_plants: stock / used,
        days_finished: finished / sold,
        days_at_client: at_client / used,
        utilisation: mean,
        uneven: variance.sqrt(),
        on_time: delivered / wanted,
    }
}

/// Of the six order lines of a season the last two are three times as large as the others.
fn uneven(network: &mut Network) {
    for order in &mut network.orders {
        order.quantity *= if matches!(order.due.date().month(), 5 | 6 | 11 | 12) { 1.8 } else { 0.6 };
    }
}

fn with(edit: impl Fn(&mut Network), lead: f64, ceiling: f64) -> Year {
    year(network(edit, |terms| (terms.input_lead_days, terms.ceiling_days) = (lead, ceiling)))
}

fn near(found: f64, expected: f64, most: f64, what: &str) {
    assert!((found - expected).abs() <= most, "{what}: {found}, not {expected}");
}

#[test]
fn a_lead_is_so_many_days_at_the_plants() {
    let short = with(|_| (), 5.0, f64::INFINITY);
    for lead in [5.0, 30.0, 60.0, 90.0] {
        let year = with(|_| (), lead, f64::INFINITY);
        near(year.days_at_plants, lead, 1.0, "days at the plants");
        // A calendar that is even asks for the same work on the same days, however early its inputs come.
        near(year.utilisation, short.utilisation, 1e-9, "utilisation");
        near(year.days_finished, short.days_finished, 1e-9, "finished goods");
        near(year.days_at_client, short.days_at_client, 0.1, "inputs at the clients");
        assert_eq!(year.on_time, 1.0);
    }
}

#[test]
fn a_ceiling_moves_the_store_to_the_client() {
    // Twenty days of labour are 20 · 7/6 days of a week of six, at the rate at which labour is used; half a day of it is on the way.
    for lead in [30.0, 60.0, 90.0] {
        let (free, bound) = (with(|_| (), lead, f64::INFINITY), with(|_| (), lead, 20.0));
        near(bound.days_at_plants, 20.0 * 7.0 / 6.0 / bound.utilisation, 1.0, "days at the plants");
        let moved = free.days_at_plants - bound.days_at_plants;
        near(bound.days_at_client - free.days_at_client, moved, 0.1, "at the clients instead");
        near(bound.utilisation, free.utilisation, 1e-9, "utilisation");
    }
    let (free, bound) = (with(|_| (), 5.0, f64::INFINITY), with(|_| (), 5.0, 20.0));
    near(bound.days_at_plants, free.days_at_plants, 1e-9, "a ceiling above the lead does not bind");
}

#[test]
fn an_uneven_calendar_is_delivered_on_time_where_inputs_are_there() {
    // Labour can meet it: 0.9 of the year. Hands work ahead as far as inputs are there, and these come no earlier than their lead.
    for (lead, on_time) in [(5.0, 0.63), (30.0, 0.95), (60.0, 1.0), (90.0, 1.0)] {
        let year = with(uneven, lead, f64::INFINITY);
        near(year.on_time, on_time, 0.005, "delivered on time");
        near(year.utilisation, 0.9, 0.005, "utilisation");
    }
    // By the plan alone the last order lines of a season would be late whatever the lead: hands do 1/0.9 of a month's orders in a month.
    let even = with(|_| (), 60.0, f64::INFINITY);
    assert!(with(uneven, 60.0, f64::INFINITY).uneven > even.uneven);
}
