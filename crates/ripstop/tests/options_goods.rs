//! Options of goods that spoil or are refused, of workforce, warm-up and deadlocks, every number worked out by hand.

mod common;

use Direction::AToB;
use common::*;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::record::deadlock::{self, Deadlock};
use ripstop::record::{Columns, Detail};
use ripstop::rule::cause::Cause;
use ripstop::run::{Simulation, run_with_counterfactual};

// ------------------------------------------------------------------------------------------------------------ smallest orders

#[test]
fn a_gap_waits_until_it_is_worth_an_order() {
    // Need 5, cover 3 days, a gap closed over 2: 15, 10, 5, 0 in the mornings ask for 5, 7.5, 10 and 12.5. At least 12 is taken, so the
    // store is empty on day 3; the 12.5 that come then last two days and a half, and again nothing is worth it before the store is empty.
    for by_supplier in [false, true] {
        let terms = Terms { minimum_order_units: 12.0, stock_by_supplier: by_supplier, ..restock() };
        let net = chain(16, &[(None, 1)], terms);
        let simulation = run(&net, &[]);
        days(&output(&simulation, MILL), 0, &[0.0, 0.0, 0.0, 12.5, 0.0, 0.0, 0.0, 12.5, 0.0, 0.0, 0.0, 12.5]);
        days(&output(&simulation, WEAVER), 0, &[5.0, 5.0, 5.0, 0.0, 5.0, 5.0, 2.5, 0.0, 5.0, 5.0, 2.5, 0.0]);
        assert!(!simulation.plan.only_bulk, "bulk lines order every day");
    }
    // An order as large as the smallest is placed, and one that is asked for every day is never too small.
    let terms = Terms { minimum_order_units: 5.0, ..restock() };
    days(&output(&run(&chain(16, &[(None, 1)], terms), &[]), WEAVER), 0, &[5.0; 16]);
}

// --------------------------------------------------------------------------------------------------------------- perishables

#[test]
fn with_spoilage_theft_and_refusals_the_steady_state_does_not_move() {
    for by_supplier in [false, true] {
        for lead in [1, 3] {
            let terms = Terms { theft_share: 0.1, refused_share: 0.2, stock_by_supplier: by_supplier, ..restock() };
            let mut net = chain(1000, &[(None, 1), (Some(AToB), lead)], terms);
            net.products[0].spoilage_share_per_day = 0.05;
            let simulation = run(&net, &[]);
            let columns = &simulation.record.columns;
            // (1 + 0.05 · (3 − 1))/(0.9 · 0.8) of 5 a day.
            days(&output(&simulation, MILL), 0, &[5.0 * 1.1 / 0.72; 1000]);
            days(&output(&simulation, WEAVER), 0, &[5.0; 1000]);
            let content = series(&columns.product_content, 0, 2);
            days(&content, 0, &vec![content[0]; 1000]);
            // 10 are left in the evening, of which 0.5 spoil; a tenth is stolen, a fifth of the rest refused.
            days(&series(&columns.product_spoilt, 0, 2), 0, &[0.5; 1000]);
            days(&series(&columns.product_lost, 0, 2), 0, &[0.55 / 0.72; 1000]);
            days(&series(&columns.product_refused, 0, 2), 0, &[5.5 * 0.18 / 0.72; 1000]);
        }
    }
}

#[test]
fn goods_spoil_in_store_and_held_but_not_on_the_road() {
    // A tenth a day; 5 · (1 + 0.1 · 2) = 6 are ordered. The 6 of day 9 are held from day 10: 5.4, 4.86, 4.374 in the evenings, freed on
    // day 13, arrived on day 14. The store of 15 less 5 each evening, less a tenth: 9, then 9 + 6 …
    let mut net = chain(40, &[(None, 1), (Some(AToB), 1)], restock());
    net.products[0].spoilage_share_per_day = 0.1;
    let events = [open_share(10, 12, 0.0)];
    let columns = run(&net, &events).record.columns;
    days(&series(&columns.gate_held, 0, 4), 9, &[0.0, 5.4, 4.86, 4.374, 0.0]);
    days(&watch(&net, &events, |s| s.arrived[0]), 9, &[6.0, 6.0, 0.0, 0.0, 0.0, 4.374]);
    days(&watch(&net, &events, |s| s.stock[0]), 9, &[9.0, 9.0, 3.6, 0.0, 0.0]);
    // 1 in store, 0.6 held; 0.4 and 0.54; 0.486 held.
    days(&series(&columns.product_spoilt, 0, 2), 9, &[1.0, 1.6, 0.94, 0.486, 0.0]);
}

#[test]
fn finished_order_goods_spoil_while_they_wait_and_inputs_in_store() {
    // Garments spoil a tenth a day; shut from day 9: 4.5, then (4.5 + 5) · 0.9 = 8.55. What leaves is what is left.
    let mut net = sewing(60, |_| {});
    net.products[1].spoilage_share_per_day = 0.1;
    let events = [shut_goods(0, 9, 10)];
    days(&watch(&net, &events, |s| s.order_finished[0]), 8, &[0.0, 4.5, 8.55, 0.0]);
    days(&watch(&net, &events, |s| s.billed_today[0]), 11, &[0.0, 13.55, 5.0]);
    // In the client's store too: 13.55 · 0.9.
    days(&watch(&net, &events, |s| s.stock[GARMENTS]), 12, &[13.55 * 0.9]);
    // Fabric spoils half a day in the client's store (50 bought on day 6, there on day 7: 25), and at the factory: 25 come, 10 are used.
    let mut net = sewing(60, |_| {});
    net.products[0].spoilage_share_per_day = 0.5;
    days(&watch(&net, &[], |s| s.stock[FABRIC]), 7, &[25.0]);
    days(&watch(&net, &[], |s| s.input_sent[0]), 8, &[25.0]);
    days(&watch(&net, &[], |s| s.input_stock[0]), 9, &[7.5]);
    // A day to the crossing, shut on days 8–9: what is held there loses half each evening, what is on the road nothing.
    let mut net = sewing(60, |_| {});
    net.routes[1].legs.insert(0, Leg { days: 1, ..Leg::default() });
    net.products[0].spoilage_share_per_day = 0.5;
    let in_transit = watch(&net, &[shut_goods(1, 8, 9)], |s| s.input_in_transit[0]);
    let sent = watch(&net, &[shut_goods(1, 8, 9)], |s| s.input_sent[0]);
    near(in_transit[7], sent[7]);
    near(in_transit[8], sent[7] / 2.0 + sent[8] - sent[7]);
    near(in_transit[9], (sent[8] - sent[7] / 2.0) / 2.0 + sent[9] - sent[8]);
}

#[test]
fn the_work_on_a_clients_goods_that_spoil_on_the_way_is_due_a_sellers_goods_are_not_paid() {
    // A day to the crossing, shut on days 10–11. 5 leave on day 9, are held on day 10: 0.5 spoil that evening, (4.5 + …) the next.
    for (kind, billed) in [(Kind::Processing, [0.0, 0.5, 0.5 + 0.45, 0.95]), (Kind::Sale, [0.0, 0.0, 0.0, 0.0])] {
        let mut net = sewing(60, |_| {});
        net.products[1].spoilage_share_per_day = 0.1;
        let outward = net.contracts.route[SEWING_CONTRACT.index()].index();
        net.routes[outward].legs.insert(0, Leg { days: 1, ..Leg::default() });
        net.contracts.kind[SEWING_CONTRACT.index()] = kind;
        if kind == Kind::Sale {
            net.inputs.clear();
            net.lines[SEWING.index()].last_input = 0;
        }
        // A sale is begun on day 7, when it is placed: only the crossing's days matter, and what left on day 9 alone.
        let events = [
            shut_goods(0, 10, 11),
            event(Change::Attendance(vec![FACTORY]), 0, 8, 0.0),
            event(Change::Attendance(vec![FACTORY]), 10, 59, 0.0),
        ];
        days(&watch(&net, &events, |s| s.billed[0]), 9, &billed);
        let paid = watch(&net, &events, |s| s.paid[0]);
        days(&paid, 9, &billed.map(|b| 3.0 * b));
        // On day 12 the rest passes, on day 13 it arrives: 4.05.
        near(watch(&net, &events, |s| s.billed_today[0])[13], 4.05);
    }
}

// ------------------------------------------------------------------------------------------------------------------ refusals

#[test]
fn what_inspection_refuses_is_destroyed_and_not_paid() {
    // A fifth by the terms: 4 of 5 are delivered and billed; 12 of 15 paid. Events count only where they are more.
    let net = sewing(40, |t| t.refused_share = 0.2);
    let refusal = |from, to, share| event(Change::Refusal(vec![SEWING_CONTRACT]), from, to, share);
    let events = [refusal(11, 11, 0.1), refusal(12, 12, 0.6), refusal(12, 13, 0.4)];
    days(&watch(&net, &events, |s| s.billed_today[0]), 9, &[0.0, 4.0, 4.0, 2.0, 3.0, 4.0]);
    days(&watch(&net, &events, |s| s.paid[0]), 10, &[12.0, 24.0, 30.0, 39.0]);
    days(&watch(&net, &events, |s| s.stock[GARMENTS]), 10, &[4.0, 8.0, 10.0, 13.0]);
    days(&series(&run(&net, &events).record.columns.product_refused, 1, 2), 9, &[0.0, 1.0, 1.0, 3.0, 2.0, 1.0]);
    // Of a standing flow: 5 come, half of it is refused on day 10, all on day 11; nothing of it is paid.
    let mut net = chain(30, &[(None, 1)], restock());
    net.contracts.price_per_unit[0] = 2.0;
    net.firms[1].opening_cash = 1e4;
    let events = [10, 11].map(|t| event(Change::Refusal(vec![ContractId(0)]), t, t, f64::from(t - 9) / 2.0));
    days(&watch(&net, &events, |s| s.arrived[0]), 9, &[5.0, 2.5, 0.0]);
    days(&cash(&run(&net, &events), FirmId(0)), 9, &[100.0, 105.0, 105.0]);
    // A ramp: a share of 0.6 that grows over three days.
    let ramp = Event { ramp_in_days: 2, ..event(Change::Refusal(vec![ContractId(0)]), 10, 20, 0.6) };
    days(&watch(&net, &[ramp], |s| s.arrived[0]), 9, &[5.0, 4.0]);
}

#[test]
fn a_theft_is_billed_to_the_client_of_a_processing_order_before_the_refusal() {
    // 1 of 5 is stolen, a quarter of the other 4 refused: 5 − 1 billed, 3 delivered. A sale: 3 billed.
    let terms = |t: &mut Terms| (t.theft_share, t.refused_share) = (0.2, 0.25);
    let net = sewing(40, terms);
    days(&watch(&net, &[], |s| s.billed_today[0]), 10, &[4.0]);
    days(&watch(&net, &[], |s| s.stock[GARMENTS]), 10, &[3.0]);
    let mut net = sewing(40, terms);
    net.contracts.kind[SEWING_CONTRACT.index()] = Kind::Sale;
    net.inputs.clear();
    net.lines[SEWING.index()].last_input = 0;
    days(&watch(&net, &[], |s| s.billed_today[0]), 8, &[3.0]);
}

// ----------------------------------------------------------------------------------------------------------------- workforce

#[test]
fn the_workforce_follows_the_labour_asked_for() {
    // 5 weavers, a day a piece; gaps are filled over 4 days, surplus goes over 2. Days 10–12 ask for 1: 5, 3, 2, then 1.5 are there;
    // from day 13 five are asked for: 1.5 + 3.5/4 …
    let mut net = chain(60, &[(None, 1)], restock());
    net.firms[1] = Firm { workers: 5.0, wage_per_month: 10.0, idle_pay_share: 1.0, opening_cash: 1e3, ..Firm::default() };
    net.lines[WEAVER.index()].labour_days_per_unit = 1.0;
    let events = [event(Change::Demand(vec![DemandId(0)]), 10, 12, 0.2)];
    let fixed = run(&net, &events);
    days(&output(&fixed, WEAVER), 9, &[5.0, 1.0, 1.0, 1.0, 5.0]);
    (net.firms[1].hire_days, net.firms[1].fire_days) = (4.0, 2.0);
    let simulation = run(&net, &events);
    let workforce = series(&simulation.record.columns.firm_workforce, 1, 2);
    days(&workforce, 9, &[5.0, 3.0, 2.0, 1.5, 2.375, 3.03125]);
    days(&series(&simulation.record.columns.firm_present, 1, 2), 9, &[5.0, 5.0, 3.0, 2.0, 1.5, 2.375]);
    days(&output(&simulation, WEAVER), 9, &[5.0, 1.0, 1.0, 1.0, 1.5, 2.375]);
    assert_eq!(causes(&simulation, WEAVER)[13], Cause::Capacity);
    near(simulation.record.totals[12].dismissed, 3.5);
    // January: 50 + 5 + 3 + 2 + 1.5 worker-days, then 5 less 2.625 · 0.75ᵏ on 17 days, at 10 a month.
    let mut shrinking = 2.625;
    let mut paid = 61.5;
    for _ in 0..17 {
        paid += 5.0 - shrinking;
        shrinking *= 0.75;
    }
    near(simulation.state.wages_due[1] - fixed.state.wages_due[1], (paid / 31.0 - 5.0) * 10.0 + wages_after(&simulation, 31, 28));
}

/// February's wages beyond those of a full workforce.
fn wages_after(simulation: &Simulation, from: usize, count: usize) -> f64 {
    let present = series(&simulation.record.columns.firm_present, 1, 2);
    present[from..from + count].iter().map(|p| (p - 5.0) * 10.0 / 28.0).sum()
}

#[test]
fn a_workforce_that_only_shrinks_or_rests() {
    let mut net = chain(30, &[(None, 1)], restock());
    net.firms[1] = Firm { workers: 5.0, fire_days: 1.0, ..Firm::default() };
    net.lines[WEAVER.index()].labour_days_per_unit = 1.0;
    let events = [event(Change::Demand(vec![DemandId(0)]), 10, 10, 0.2)];
    // Dismissed at once, nobody is hired again.
    days(&series(&run(&net, &events).record.columns.firm_workforce, 1, 2), 9, &[5.0, 1.0, 1.0, 1.0]);
    // Only hired: nothing to hire beyond `workers`, nobody leaves.
    (net.firms[1].hire_days, net.firms[1].fire_days) = (1.0, f64::INFINITY);
    days(&series(&run(&net, &events).record.columns.firm_workforce, 1, 2), 9, &[5.0, 5.0, 5.0]);
    // Step 13 is a Sunday, a rest day: nobody is dismissed for it.
    (net.firms[1].fire_days, net.firms[1].rest_weekdays) = (1.0, 1 << 6);
    days(&series(&run(&net, &[]).record.columns.firm_workforce, 1, 2), 12, &[5.0, 5.0, 5.0]);
    // Labour is asked for as far as inputs go: without yarn nobody is.
    net.firms[1].rest_weekdays = 0;
    let workforce = series(&run(&net, &[stop(MILL, 10, 29)]).record.columns.firm_workforce, 1, 2);
    days(&workforce, 11, &[5.0, 5.0, 0.0]);
}

#[test]
fn order_lines_ask_for_labour_too() {
    // Nobody is kept without orders: all 5 are dismissed on day 0, hired over 2 days once fabric is there (day 9): 0, 2.5, 3.75 …
    let mut net = sewing(40, |_| {});
    net.firms[FACTORY.index()].hire_days = 2.0;
    net.firms[FACTORY.index()].fire_days = 1.0;
    let simulation = run(&net, &[]);
    let workforce = series(&simulation.record.columns.firm_workforce, 2, 3);
    days(&workforce, 0, &[0.0; 9]);
    days(&workforce, 9, &[2.5, 3.75, 4.375]);
    days(&output(&simulation, SEWING), 9, &[0.0, 2.5, 3.75, 4.375]);
    // Fabric for 2 pieces asks for 2 workers: 4 sent (over-shipment 0, 2 a piece) …
    net.orders[0].quantity = 4.0;
    net.terms[1].over_shipment_share = 0.0;
    let workforce = series(&run(&net, &[]).record.columns.firm_workforce, 2, 3);
    days(&workforce, 8, &[0.0, 1.0, 1.5]);
}

// ------------------------------------------------------------------------------------------------------------------- warm-up

/// The sewing network with orders due on days 20 and 60, a standing chain beside it, a rate that changes on day 50.
fn long_and_warm() -> (Net, Net) {
    let build = || {
        let mut net = sewing(80, |t| {
            t.dispatch = Dispatch::Collection;
            t.lots_per_order = 4.0;
            t.collection_interval_days = 10.0;
            t.net_days = 5.0;
            t.grace_days = 0.0;
        });
        net.contracts.collection_phase_share[SEWING_CONTRACT.index()] = 0.5;
        net.order(SEWING_CONTRACT, 40.0, 60);
        net.orders[1].season_end = Some(day(58));
        let shop = net.firm();
        let line = net.line(shop, ProductId(1), 50.0, &[(ProductId(0), 1.0)]);
        let terms = net.terms(restock());
        net.buys(shop, LineId(0), terms, RouteId(0), 1.0);
        net.demand(line, 5.0);
        net.other_currencies = 1;
        net.rates =
            vec![Rate { currency: CurrencyId(1), from: day(0), value: 0.5 }, Rate { currency: CurrencyId(1), from: day(50), value: 1.0 }];
        net.firms[FACTORY.index()].currency = CurrencyId(1);
        net
    };
    let (long, mut warm) = (build(), build());
    warm.start = day(40);
    warm.settings.start_state = StartState::WarmUp;
    warm.settings.warm_up_days = 40;
    (long, warm)
}

/// The columns of `part` are the last 40 days of `whole`.
fn is_end_of(part: &Columns, whole: &Columns) {
    let same = |part: &[f64], whole: &[f64]| assert_eq!(part, &whole[whole.len() / 2..]);
    same(&part.line_output, &whole.line_output);
    same(&part.line_waiting, &whole.line_waiting);
    same(&part.line_delayed, &whole.line_delayed);
    same(&part.firm_cash, &whole.firm_cash);
    same(&part.firm_receivable, &whole.firm_receivable);
    same(&part.firm_claims, &whole.firm_claims);
    same(&part.product_content, &whole.product_content);
    same(&part.demand_met, &whole.demand_met);
    same(&part.currency_rate, &whole.currency_rate);
    same(&part.contract_delivered, &whole.contract_delivered);
    assert_eq!(part.line_cause, whole.line_cause[whole.line_cause.len() / 2..]);
}

#[test]
fn a_warm_up_is_a_longer_run_cut_off() {
    let (long, warm) = long_and_warm();
    let events = [open_share(52, 56, 0.0), event(Change::Demand(vec![DemandId(0)]), 30, 45, 0.5)];
    let whole = probed(&long, &events, &[50, 79]);
    let mut part = Simulation::new(warm.0.clone(), events.to_vec(), Detail::Full, &[10, 39]).unwrap();
    part.run();
    assert_eq!((part.record.days, part.record.totals.len(), whole.record.days), (40, 40, 80));
    assert!(part.record.goods_residual_max() <= 1e-12 && part.record.money_residual_max() <= 1e-12);
    is_end_of(&part.record.columns, &whole.record.columns);
    // Invoices fall due on the same days, order lines have the same dates; the state ends in the same bits.
    assert_eq!(part.state.invoice_due, whole.state.invoice_due);
    assert!(!part.state.invoice_due.is_empty());
    for (found, expected) in part.record.snapshots.iter().zip(&whole.record.snapshots) {
        assert_eq!(found.t + 40, expected.t);
        assert_eq!(
            (&found.made, &found.paid, &found.claim, &found.cash),
            (&expected.made, &expected.paid, &expected.claim, &expected.cash)
        );
        assert_eq!((&found.owned_value, &found.credit), (&expected.owned_value, &expected.credit));
    }
    assert_eq!(part.record.snapshots.len(), 2);
}

#[test]
fn after_a_warm_up_steps_count_from_the_first_recorded_day() {
    let (long, warm) = long_and_warm();
    for (from, first) in [(52, 12), (20, 0)] {
        let events = vec![open_share(from, 56, 0.0)];
        let run = |net: &Net| run_with_counterfactual(net.0.clone(), events.clone(), Detail::Full, &[]).unwrap();
        let (whole, part) = (run(&long), run(&warm));
        assert_eq!((part.first_event, whole.first_event), (first, from as usize));
        is_end_of(&part.scenario.columns, &whole.scenario.columns);
        is_end_of(&part.counterfactual.columns, &whole.counterfactual.columns);
        // Due on day 60: step 20; placed on day 45; the first order line was over before the start.
        let orders = &part.plan.orders;
        assert_eq!((&orders.due, &orders.placed), (&vec![-20, 20], &vec![-35, 5]));
        assert_eq!((&orders.send_start, &orders.work_start), (&vec![-32, 8], &vec![-30, 10]));
        assert_eq!((orders.season_end[1], &orders.claim_from), (18, &vec![-20, 20]));
        assert_eq!(part.plan.placings, [(-35, 0), (5, 1)]);
        assert_eq!((part.plan.calendar.len(), part.plan.calendar.start, part.plan.warm_up), (40, day(40), 0));
        // The rate doubles on day 50, step 10; an event moves at its step.
        assert_eq!((part.plan.rates_on(9)[1], part.plan.rates_on(10)[1], part.plan.rates.len()), (0.5, 1.0, 80));
        assert_eq!(part.plan.changes.len(), 40);
        assert!(part.plan.changes[17] && !part.plan.changes[18]);
    }
    // Without events both are the same run.
    let outcome = run_with_counterfactual(warm.0.clone(), Vec::new(), Detail::Full, &[]).unwrap();
    assert_eq!((outcome.first_event, outcome.plan.warm_up, outcome.plan.orders.due[1]), (40, 0, 20));
}

#[test]
fn collections_keep_their_dates_in_a_warm_up() {
    // Every 10 days, first after half an interval: the fifth day of the record, step 4, and in the same rhythm before it.
    let (_, mut warm) = long_and_warm();
    warm.settings.warm_up_days = 37;
    let outcome = run_with_counterfactual(warm.0.clone(), Vec::new(), Detail::Full, &[]).unwrap();
    assert_eq!(outcome.plan.orders.first_collection, [4, 4]);
    // Goods sewn from day 49 leave on days 54 (step 14) and 64: a day later they are there. In the warm-up they left on days 14 and 24.
    let delivered = series(&outcome.scenario.columns.contract_delivered, 1, 3);
    assert!(delivered.iter().enumerate().all(|(t, &units)| (units > 0.0) == (t == 15 || t == 25)), "{delivered:?}");
    near(delivered.iter().sum(), 40.0);
}

// ----------------------------------------------------------------------------------------------------------------- deadlocks

/// Two lines that need half a unit of each other's product, a third that needs the first's; all start empty.
fn ring() -> Net {
    let mut net = Net::empty(30);
    let (a, b, c) = (net.product(1.0), net.product(1.0), net.product(1.0));
    let route = net.route(&[(None, 1)]);
    let terms = net.terms(restock());
    for (firm, (makes, needs)) in [(a, b), (b, a), (c, a)].into_iter().enumerate() {
        let owner = net.firm();
        net.line(owner, makes, 50.0, &[(needs, 0.5)]);
        assert_eq!(owner, FirmId::from(firm));
    }
    net.buys(FirmId(0), LineId(1), terms, route, 1.0);
    net.buys(FirmId(1), LineId(0), terms, route, 1.0);
    net.buys(FirmId(2), LineId(0), terms, route, 1.0);
    net.demand(LineId(0), 6.0);
    net.demand(LineId(2), 1.0);
    net
}

fn deadlocks(net: &Net, t: usize) -> Vec<Deadlock> {
    probed(net, &[], &[t]).record.snapshots[0].deadlocks.clone()
}

#[test]
fn a_ring_of_waiting_lines_is_named_with_those_that_wait_for_it() {
    let net = ring();
    let members = vec![(LineId(0), ProductId(1)), (LineId(1), ProductId(0))];
    assert_eq!(deadlocks(&net, 5), [Deadlock { members, waiting: vec![LineId(2)] }]);
    let simulation = run(&net, &[]);
    near(output(&simulation, LineId(0)).iter().sum(), 0.0);
    assert_eq!(causes(&simulation, LineId(0))[5], Cause::Input(1));
    // From a steady start nobody waits.
    let mut steady = ring();
    steady.settings.start_state = StartState::Steady;
    assert_eq!(deadlocks(&steady, 5), []);
}

#[test]
fn two_rings_are_two_deadlocks() {
    let mut net = ring();
    let (d, e) = (net.product(1.0), net.product(1.0));
    let (fourth, fifth) = (net.firm(), net.firm());
    let made_of_e = net.line(fourth, d, 50.0, &[(e, 0.5)]);
    let made_of_d = net.line(fifth, e, 50.0, &[(d, 0.5)]);
    net.buys(fourth, made_of_d, TermsId(0), RouteId(0), 1.0);
    net.buys(fifth, made_of_e, TermsId(0), RouteId(0), 1.0);
    net.demand(made_of_e, 1.0);
    let found = deadlocks(&net, 5);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].waiting, [LineId(2)]);
    assert_eq!((&found[1].members, &found[1].waiting), (&vec![(made_of_e, e), (made_of_d, d)], &vec![]));
}

#[test]
fn no_ring_is_named_while_somebody_outside_could_deliver() {
    // Another maker of b, who does not wait.
    let mut net = ring();
    let other = net.maker(ProductId(1), 50.0);
    net.buys(FirmId(0), other, TermsId(0), RouteId(0), 0.01);
    net.contracts.share[0] = 0.99;
    assert_eq!(deadlocks(&net, 1), []);
    // The same by an order line that is still to be delivered; once it is over the ring is one again. (What came is used at once: 1 of a.)
    let mut net = ring();
    let other = net.maker(ProductId(1), 50.0);
    let terms = net.terms(Terms {
        ordering: Ordering::Schedule,
        purchase_lead_days: 0.0,
        input_window_days: 0.0,
        slack_days: 0.0,
        ..Terms::default()
    });
    let contract = net.buys(FirmId(0), other, terms, RouteId(0), 1.0);
    net.order(contract, 1e-9, 10);
    assert_eq!(deadlocks(&net, 5), []);
    assert_eq!(deadlocks(&net, 10), []);
    // Somebody of the ring itself cannot help by an order line, unless it is on the way already.
    let mut net = ring();
    let terms = net.terms(Terms { ordering: Ordering::Schedule, ..Terms::default() });
    let contract = net.buys(FirmId(0), LineId(1), terms, RouteId(0), 1.0);
    net.order(contract, 1.0, 100);
    assert_eq!(deadlocks(&net, 5).len(), 1);
    let mut simulation = begin(&net, &[]);
    simulation.step_until(day(5));
    simulation.state.order_in_transit[0] = 1.0;
    assert_eq!(deadlock::find(&simulation.plan, &simulation.state), []);
}

#[test]
fn no_ring_is_named_while_goods_are_on_the_way_or_held() {
    let mut simulation = begin(&ring(), &[]);
    simulation.step_until(day(5));
    let named = |simulation: &Simulation| deadlock::find(&simulation.plan, &simulation.state).len();
    assert_eq!(named(&simulation), 1);
    for change in [
        |s: &mut Simulation| s.state.in_transit[0] = 1.0,
        |s: &mut Simulation| s.state.shipped[0] = 1.0,
        |s: &mut Simulation| s.state.held_days[0] = 1,
        // A line that has made something, or waits for something else than an input, is not locked.
        |s: &mut Simulation| s.state.output[1] = 1.0,
        |s: &mut Simulation| s.state.cause[1] = Cause::Capacity.code(),
    ] {
        let mut changed = simulation.clone();
        change(&mut changed);
        assert_eq!(named(&changed), 0);
    }
}
