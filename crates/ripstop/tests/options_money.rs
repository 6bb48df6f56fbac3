//! Options of money and order lines, every number worked out by hand: currencies, credit limits, defaults and insolvency, order lines that
//! move to another seller, compensation by other means than the fee.

mod common;

use Direction::AToB;
use common::*;
use ripstop::model::error::NetworkError;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::plan::state::{Condition, Stage};
use ripstop::plan::{Account, Plan};
use ripstop::rule::cause::Cause;
use ripstop::run::Simulation;

// ---------------------------------------------------------------------------------------------------------------- currencies

/// Currencies 1 and 2 are worth 0.5 and 0.25 of currency 0.
fn three_currencies(net: &mut Net) {
    net.other_currencies = 2;
    let rate = |currency, value| Rate { currency: CurrencyId(currency), from: day(0), value };
    net.rates = vec![rate(1, 0.5), rate(2, 0.25)];
}

/// The sewing order at a fee of 3 in currency 1; the client keeps its cash in currency 2, the factory in currency 0, levy a fifth.
fn abroad(change: impl FnOnce(&mut Terms)) -> Net {
    let mut net = sewing(60, change);
    three_currencies(&mut net);
    net.contracts.extras.push((SEWING_CONTRACT, Extras { currency: CurrencyId(1), ..Extras::default() }));
    net.firms[CLIENT.index()].currency = CurrencyId(2);
    net.firms[FACTORY.index()].levy_share = 0.2;
    net
}

/// Cash of an institution per currency at the end.
fn institution(simulation: &Simulation, account: Account) -> [f64; 3] {
    [0, 1, 2].map(|currency| simulation.state.cash[simulation.plan.account(account, currency)])
}

#[test]
fn a_payment_between_currencies_goes_through_the_dealer() {
    // 15 of currency 1 a day on days 10–17: the client gives 30 of currency 2, the factory gets 7.5 of currency 0, 1.5 of it levied.
    let simulation = run(&abroad(|_| {}), &[]);
    near(simulation.state.cash[CLIENT.index()], 1e4 - 240.0);
    near(simulation.state.cash[FACTORY.index()], 48.0);
    assert_eq!(institution(&simulation, Account::State), [12.0, 0.0, 0.0]);
    assert_eq!(institution(&simulation, Account::Dealer), [-60.0, 0.0, 240.0]);
    near(simulation.state.received_money[FACTORY.index()], 60.0);
    near(simulation.state.handed_over[FACTORY.index()], 12.0);
    // The order line's account is in its own currency, the record's in currency 0.
    near(simulation.state.paid[0], 120.0);
    let columns = &simulation.record.columns;
    days(&series(&columns.firm_cash, 1, 3), 9, &[2500.0, 2492.5]);
    days(&series(&columns.line_output_value, 1, 2), 9, &[7.5; 8]);
    days(&series(&columns.line_value_added, 1, 2), 9, &[7.5; 8]);
    // The payer, or the payee, in the contract's currency: one exchange only.
    let mut net = abroad(|_| {});
    net.firms[CLIENT.index()].currency = CurrencyId(1);
    assert_eq!(institution(&run(&net, &[]), Account::Dealer), [-60.0, 120.0, 0.0]);
    let mut net = abroad(|_| {});
    net.firms[FACTORY.index()].currency = CurrencyId(1);
    let simulation = run(&net, &[]);
    assert_eq!(institution(&simulation, Account::Dealer), [0.0, -120.0, 240.0]);
    assert_eq!(institution(&simulation, Account::State), [0.0, 24.0, 0.0]);
    near(simulation.state.handed_over[FACTORY.index()], 12.0);
    near(simulation.state.received_money[FACTORY.index()], 60.0);
}

#[test]
fn a_rate_changes_on_its_date_or_by_an_event() {
    // Currency 1 doubles on day 12: 2 payments at 0.5, 6 at 1: 2 · 30 + 6 · 60 and 2 · 7.5 + 6 · 15.
    let mut net = abroad(|_| {});
    net.rates.insert(1, Rate { currency: CurrencyId(1), from: day(12), value: 1.0 });
    let simulation = run(&net, &[]);
    near(simulation.state.cash[CLIENT.index()], 1e4 - 420.0);
    near(simulation.state.cash[FACTORY.index()], 0.8 * 105.0);
    days(&series(&simulation.record.columns.currency_rate, 1, 3), 10, &[0.5, 0.5, 1.0, 1.0]);
    // Output is valued at the first day's rate.
    days(&series(&simulation.record.columns.line_output_value, 1, 2), 9, &[7.5; 8]);
    // An event doubles it on days 12 and 13.
    let event = event(Change::ExchangeRate(vec![CurrencyId(1)]), 12, 13, 2.0);
    let simulation = run(&abroad(|_| {}), &[event]);
    days(&series(&simulation.record.columns.currency_rate, 1, 3), 11, &[0.5, 1.0, 1.0, 0.5]);
    near(simulation.state.cash[CLIENT.index()], 1e4 - 6.0 * 30.0 - 2.0 * 60.0);
    // Before its first row a currency has its first value.
    let mut net = abroad(|_| {});
    net.rates[0].from = day(12);
    days(&series(&run(&net, &[]).record.columns.currency_rate, 1, 3), 0, &[0.5; 60]);
    // Without any it cannot be simulated.
    net.rates.remove(0);
    assert!(matches!(Plan::new(net.0.clone(), Vec::new()), Err(NetworkError::NoRate { currency: 1 })));
}

#[test]
fn what_is_owed_counts_at_the_rate_of_the_day() {
    // Nothing is due before day 40: 8 deliveries of 15 in currency 1; it doubles on day 20, when an event adds half as much again.
    let mut net = abroad(|t| t.net_days = 30.0);
    net.rates.insert(1, Rate { currency: CurrencyId(1), from: day(20), value: 1.0 });
    let events = [event(Change::ExchangeRate(vec![CurrencyId(1)]), 22, 22, 1.5)];
    let simulation = run(&net, &events);
    days(&series(&simulation.record.columns.firm_receivable, 2, 3), 17, &[60.0, 60.0, 60.0, 120.0, 120.0, 180.0, 120.0]);
    // Overdue: the client has 15 of currency 2, worth 3.75: a quarter of a day's 15 at 1.
    net.firms[CLIENT.index()].opening_cash = 15.0;
    // What a firm cannot pay is counted where insolvency can follow.
    net.firms[CLIENT.index()].insolvency_days = 1e6;
    let simulation = run(&net, &[]);
    days(&series(&simulation.record.columns.firm_overdue, 2, 3), 39, &[0.0, 11.25, 26.25]);
    days(&watch(&net, &[], |s| s.payable_overdue[CLIENT.index()]), 39, &[0.0, 11.25, 26.25]);
    days(&watch(&net, &[], |s| s.cash[CLIENT.index()]), 39, &[15.0, 0.0]);
}

#[test]
fn claims_and_prepayments_are_in_the_contracts_currency() {
    // Half of 3 · 40 = 60 is prepaid on day 5: 120 of currency 2. Goods cannot leave: on day 22 the other half of the fee on 40 pieces is
    // claimed, 60 of currency 1, worth 30; half of it is paid.
    let net = abroad(|t| (t.prepaid_share, t.grace_days, t.compensation_share) = (0.5, 2.0, 0.5));
    let events = [shut_goods(0, 5, 59)];
    days(&watch(&net, &events, |s| s.cash[CLIENT.index()]), 4, &[1e4, 1e4 - 120.0]);
    days(&watch(&net, &events, |s| s.advance[0]), 5, &[60.0]);
    days(&watch(&net, &events, |s| s.claim[0]), 21, &[0.0, 60.0]);
    days(&watch(&net, &events, |s| s.cash[CLIENT.index()]), 22, &[1e4 - 180.0]);
    days(&series(&run(&net, &events).record.columns.firm_claims, 2, 3), 21, &[0.0, 15.0]);
    let snapshot = &probed(&net, &events, &[30]).record.snapshots[0];
    assert_eq!((snapshot.claim[0], snapshot.compensation[0], snapshot.paid[0]), (30.0, 15.0, 45.0));
    near(snapshot.cash[CLIENT.index()], 2500.0 - 45.0);
}

#[test]
fn wages_levies_and_remittances_stay_in_the_firms_currency() {
    // Currency 1, 5 workers at 10 a month (idle or not), opening 200, keeps 2 months: 50 paid, 100 kept, 50 go to the owner abroad.
    let mut net = abroad(|_| {});
    let factory = &mut net.firms[FACTORY.index()];
    (factory.currency, factory.wage_per_month, factory.opening_cash, factory.keep_months) = (CurrencyId(1), 10.0, 200.0, 2.0);
    factory.levy_share = 0.0;
    net.contracts.price_per_unit[SEWING_CONTRACT.index()] = 0.0;
    let simulation = run(&net, &[]);
    days(&watch(&net, &[], |s| s.cash[FACTORY.index()]), 29, &[200.0, 100.0]);
    days(&watch(&net, &[], |s| s.wages_paid[FACTORY.index()]), 29, &[0.0, 25.0]);
    days(&watch(&net, &[], |s| s.wages_due[FACTORY.index()]), 29, &[0.0, 25.0]);
    days(&watch(&net, &[], |s| s.handed_over[FACTORY.index()]), 29, &[0.0, 25.0]);
    days(&series(&simulation.record.columns.firm_cash, 2, 3), 29, &[100.0, 50.0]);
    assert_eq!(institution(&simulation, Account::Households), [0.0, 100.0, 0.0]);
    assert_eq!(institution(&simulation, Account::Outside), [0.0, 50.0, 0.0]);
    // A group has an account per currency.
    net.groups = 1;
    net.firms[FACTORY.index()].group = Some(GroupId(0));
    let simulation = run(&net, &[]);
    assert_eq!(institution(&simulation, Account::Outside), [0.0; 3]);
    let group = simulation.plan.owner_account(FACTORY.index());
    assert_eq!((simulation.state.cash[group], simulation.plan.account_currency(group)), (50.0, 1));
    // Arrears too: nothing to pay with; 50 of them are 25.
    net.firms[FACTORY.index()].opening_cash = 0.0;
    days(&watch(&net, &[], |s| s.arrears[FACTORY.index()]), 30, &[50.0]);
    days(&series(&run(&net, &[]).record.columns.firm_arrears, 2, 3), 30, &[25.0]);
    near(run(&net, &[]).record.totals[30].arrears, 25.0);
}

#[test]
fn standing_flows_and_final_demand_are_paid_in_their_currencies() {
    // Yarn at 2 in currency 1, 5 a day; the mill keeps currency 1, the weaver currency 0; the weaver sells at 4 in its own.
    let mut net = chain(20, &[(None, 1)], restock());
    three_currencies(&mut net);
    net.contracts.price_per_unit[0] = 2.0;
    net.contracts.extras.push((ContractId(0), Extras { currency: CurrencyId(1), ..Extras::default() }));
    net.firms[0].currency = CurrencyId(1);
    net.demands[0].price_per_unit = 4.0;
    let simulation = run(&net, &[]);
    days(&cash(&simulation, FirmId(1)), 0, &[15.0, 30.0, 45.0]);
    days(&watch(&net, &[], |s| s.cash[0]), 0, &[10.0, 20.0]);
    assert_eq!(institution(&simulation, Account::Dealer), [100.0, -200.0, 0.0]);
    assert_eq!(institution(&simulation, Account::Market), [-400.0, 0.0, 0.0]);
    // The weaver in currency 2: 80 come from the market's account of it, worth 20 in all totals.
    net.firms[1].currency = CurrencyId(2);
    net.demands[0].price_per_unit = 16.0;
    let simulation = run(&net, &[]);
    assert_eq!(institution(&simulation, Account::Market), [0.0, 0.0, -1600.0]);
    days(&cash(&simulation, FirmId(1)), 0, &[15.0, 30.0, 45.0]);
    near(simulation.record.totals[3].demand_met, 20.0);
    days(&series(&simulation.record.columns.line_output_value, 1, 2), 3, &[20.0]);
    days(&series(&simulation.record.columns.line_value_added, 1, 2), 3, &[15.0]);
}

// ------------------------------------------------------------------------------------------------------------- credit limits

/// The basic chain at 1 a unit, paid after `net_days`; the weaver may owe `limit` and has cash.
fn on_credit(net_days: f64, limit: f64) -> Net {
    let mut net = chain(40, &[(None, 1)], Terms { net_days, ..restock() });
    net.contracts.price_per_unit[0] = 1.0;
    net.contracts.extras.push((ContractId(0), Extras { credit_limit: limit, ..Extras::default() }));
    net.firms[1].opening_cash = 1e4;
    net
}

#[test]
fn a_standing_buyer_orders_no_more_than_it_may_owe() {
    // 5 arrive every day, paid after 10. On day 6 35 are owed and 5 ordered; then 40 until the evening of day 10, when the first 5 are
    // paid. Day 11: the store is empty, 5 + 15/2 would be ordered, 5 may be.
    let net = on_credit(10.0, 40.0);
    days(&watch(&net, &[], |s| s.ordered[0]), 0, &[5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 0.0, 0.0, 0.0, 0.0, 5.0, 5.0]);
    days(&watch(&net, &[], |s| s.withheld[0]), 6, &[0.0, 5.0, 7.5, 10.0, 12.5, 7.5]);
    days(&watch(&net, &[], |s| s.credit_room[0]), 5, &[10.0, 5.0, 0.0]);
    let simulation = run(&net, &[]);
    days(&output(&simulation, WEAVER), 8, &[5.0, 5.0, 0.0, 0.0, 5.0]);
    assert_eq!(causes(&simulation, MILL)[6..8], [Cause::None, Cause::NoOrders]);
    // At the end of no day is more owed than the limit.
    let owed = watch(&net, &[], |s| s.due_cells.iter().sum::<f64>() + s.overdue[0] + s.shipped[0]);
    assert!(owed.iter().all(|&o| o <= 40.0 + 1e-9), "{owed:?}");
    // Overdue debts count: without cash the first 40 are the last.
    let mut poor = on_credit(2.0, 40.0);
    poor.firms[1].opening_cash = 0.0;
    near(watch(&poor, &[], |s| s.ordered[0]).iter().sum(), 35.0);
    // In another currency: prices and limit are in the contract's, so nothing changes.
    let mut net = on_credit(10.0, 40.0);
    three_currencies(&mut net);
    net.contracts.extras[0].1.currency = CurrencyId(2);
    days(&watch(&net, &[], |s| s.ordered[0]), 5, &[5.0, 5.0, 0.0, 0.0]);
}

#[test]
fn goods_on_the_way_count_against_the_credit_limit() {
    // Three days' travel, 20 on the way or come in the morning: 40 are reached when 20 are owed.
    let mut net = on_credit(10.0, 40.0);
    net.routes[0].legs[0].days = 3;
    // Day t: 5 · t owed, 5 come this morning, 10 on the way.
    days(&watch(&net, &[], |s| s.credit_room[0]), 0, &[25.0, 20.0, 15.0, 10.0, 5.0, 0.0, 0.0]);
    days(&watch(&net, &[], |s| s.ordered[0]), 3, &[5.0, 5.0, 0.0]);
}

/// Lots of 10 pieces at 3, nothing paid for 100 days, on a limit.
fn lots_on_credit(limit: f64, change: impl FnOnce(&mut Terms)) -> Net {
    let mut net = sewing(60, |t| {
        (t.dispatch, t.lots_per_order, t.net_days) = (Dispatch::Lot, 4.0, 100.0);
        change(t);
    });
    net.contracts.extras.push((SEWING_CONTRACT, Extras { credit_limit: limit, ..Extras::default() }));
    net
}

#[test]
fn order_lines_leave_in_whole_lots_within_the_limit() {
    // Lots are worth 30: two within 70, the third waits, delayed, not stranded.
    let net = lots_on_credit(70.0, |_| {});
    days(&watch(&net, &[], |s| s.order_shipped[0]), 9, &[0.0, 10.0, 10.0, 20.0, 20.0, 20.0]);
    days(&watch(&net, &[], |s| s.order_delayed[0]), 13, &[0.0, 10.0, 10.0, 20.0]);
    near(run(&net, &[]).state.order_stranded[0], 0.0);
    // Exactly two lots' worth is enough for two, a grain less for one.
    near(run(&lots_on_credit(60.0, |_| {}), &[]).state.order_shipped[0], 20.0);
    near(run(&lots_on_credit(59.9, |_| {}), &[]).state.order_shipped[0], 10.0);
    near(run(&lots_on_credit(0.0, |_| {}), &[]).state.order_shipped[0], 0.0);
    // Four lots at once, when the crossing opens on day 21: two leave within exactly two lots' worth.
    let shipped = watch(&lots_on_credit(60.0, |_| {}), &[shut_goods(0, 9, 20)], |s| s.order_shipped[0]);
    days(&shipped, 20, &[0.0, 20.0, 20.0]);
    // Every day what is finished: as much as may be owed, 70/3.
    near(run(&lots_on_credit(70.0, |t| t.dispatch = Dispatch::Continuous), &[]).state.order_shipped[0], 70.0 / 3.0);
    // Goods on the way count: ten days' travel, no net days, and still two lots are all until the first is paid on day 20.
    let mut net = lots_on_credit(70.0, |t| t.net_days = 0.0);
    let outward = net.contracts.route[SEWING_CONTRACT.index()].index();
    net.routes[outward].legs[0].days = 10;
    days(&watch(&net, &[], |s| s.order_shipped[0]), 12, &[20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 30.0]);
}

#[test]
fn what_is_prepaid_is_not_owed() {
    // Half is prepaid: 15 are owed for a lot: 4 lots within 60, 3 within 59. All prepaid: no limit holds anything back.
    let shipped = |limit, prepaid| run(&lots_on_credit(limit, |t| t.prepaid_share = prepaid), &[]).state.order_shipped[0];
    near(shipped(60.0, 0.5), 40.0);
    near(shipped(59.0, 0.5), 30.0);
    near(shipped(0.0, 1.0), 40.0);
}

#[test]
fn a_limit_holds_for_all_order_lines_of_a_contract() {
    // A second order of 40, due 5 days later: together they stay within two lots.
    let mut net = lots_on_credit(70.0, |_| {});
    net.order(SEWING_CONTRACT, 40.0, 25);
    let simulation = run(&net, &[]);
    near(simulation.state.order_shipped.iter().sum(), 20.0);
    near(simulation.state.account_open[0], 60.0);
}

// ---------------------------------------------------------------------------------------------------- defaults and insolvency

fn defaults(firm: FirmId, on: i32) -> Event {
    event(Change::Default(vec![firm]), on, on, 0.0)
}

#[test]
fn a_client_that_defaults_leaves_debts_goods_and_inputs() {
    // Paid after 30 days. By day 12 two days' pieces are billed: 30; the 5 that come on day 12 are billed to nobody: 45 in all. The second
    // consignment is not sent: 20 pieces can be made of the first, the last 5 on day 12. They stay: stranded. 10 fabric stay too.
    let net = sewing(60, |t| (t.net_days, t.prepaid_share) = (30.0, 0.0));
    let events = [defaults(CLIENT, 12)];
    days(&watch(&net, &events, |s| s.bad_debt[FACTORY.index()]), 11, &[0.0, 45.0, 45.0]);
    let simulation = run(&net, &events);
    let columns = &simulation.record.columns;
    days(&series(&columns.firm_receivable, 2, 3), 10, &[15.0, 30.0, 0.0, 0.0]);
    days(&series(&columns.firm_bad_debt, 2, 3), 12, &[45.0]);
    days(&output(&simulation, SEWING), 9, &[5.0, 5.0, 5.0, 5.0, 0.0]);
    days(&series(&columns.line_stranded, 1, 2), 11, &[0.0, 5.0, 5.0]);
    days(&output(&simulation, LineId(0)), 10, &[50.0, 0.0, 0.0, 0.0]);
    near(simulation.state.input_sent[0], 50.0);
    near(simulation.state.input_stock[0], 10.0);
    near(simulation.state.cash[CLIENT.index()], 1e4);
    assert_eq!(simulation.state.stage[0], Stage::Made as u8);
    assert_eq!(causes(&simulation, SEWING)[12..15], [Cause::None, Cause::NoOrders, Cause::NoOrders]);
    near(simulation.record.totals[59].bad_debt, 45.0);
    near(simulation.record.totals[11].insolvent, 0.0);
    near(simulation.record.totals[12].insolvent, 1.0);
    // It never places an order again, and pays no compensation.
    let mut net = sewing(60, |t| (t.grace_days, t.compensation_share) = (0.0, 1.0));
    net.order(SEWING_CONTRACT, 40.0, 40);
    let simulation = run(&net, &events);
    near(simulation.state.target[1], 0.0);
    near(simulation.state.compensation[0], 0.0);
    near(simulation.state.claim[0], 15.0);
}

#[test]
fn a_buyer_that_defaults_leaves_what_is_due_and_the_wages_of_the_days_worked() {
    // Yarn at 1, paid after 3 days. On day 10 15 are due (days 7, 8, 9), 5 more come that day. 2 workers at 31 a month worked 10 of 31
    // days.
    let mut net = chain(40, &[(None, 1)], Terms { net_days: 3.0, ..restock() });
    net.contracts.price_per_unit[0] = 1.0;
    net.firms[1] = Firm { workers: 2.0, wage_per_month: 31.0, opening_cash: 1e3, ..Firm::default() };
    let events = [defaults(FirmId(1), 10)];
    let simulation = run(&net, &events);
    days(&series(&simulation.record.columns.firm_bad_debt, 0, 2), 9, &[0.0, 20.0, 20.0]);
    days(&series(&simulation.record.columns.firm_receivable, 0, 2), 8, &[15.0, 15.0, 0.0]);
    // Paid until day 9: what came on days 0 … 6.
    days(&cash(&simulation, FirmId(1)), 8, &[970.0, 965.0, 945.0, 945.0]);
    days(&output(&simulation, WEAVER), 9, &[5.0, 0.0, 0.0]);
    assert_eq!(causes(&simulation, WEAVER)[10], Cause::NoCash);
    days(&watch(&net, &events, |s| s.ordered[0]), 9, &[5.0, 0.0]);
    assert_eq!(causes(&simulation, MILL)[9..11], [Cause::None, Cause::NoOrders]);
    near(simulation.state.wages_paid[1], 20.0);
    days(&series(&simulation.record.columns.firm_workforce, 1, 2), 9, &[2.0, 0.0]);
    // Its own final demand is lost; the default holds though its event is over.
    near(simulation.record.columns.demand_met[11], 0.0);
    // On the first of a month nothing is owed for the new one; before the first day nobody has worked at all.
    near(run(&net, &[defaults(FirmId(1), 31)]).state.wages_paid[1], 62.0);
    near(run(&net, &[defaults(FirmId(1), -5)]).state.wages_due[1], 0.0);
    near(run(&net, &[defaults(FirmId(1), -5)]).state.bad_debt[0], 5.0);
}

#[test]
fn a_default_is_worth_its_currency() {
    let mut net = abroad(|t| t.net_days = 30.0);
    net.rates.insert(1, Rate { currency: CurrencyId(1), from: day(12), value: 1.0 });
    days(&watch(&net, &[defaults(CLIENT, 12)], |s| s.bad_debt[FACTORY.index()]), 11, &[0.0, 45.0]);
    net.rates.remove(1);
    days(&watch(&net, &[defaults(CLIENT, 12)], |s| s.bad_debt[FACTORY.index()]), 11, &[0.0, 22.5]);
    // Standing: 15 due and 5 that come, in currency 1.
    let mut net = chain(40, &[(None, 1)], Terms { net_days: 3.0, ..restock() });
    three_currencies(&mut net);
    net.contracts.price_per_unit[0] = 1.0;
    net.contracts.extras.push((ContractId(0), Extras { currency: CurrencyId(1), ..Extras::default() }));
    net.firms[1].opening_cash = 1e3;
    days(&watch(&net, &[defaults(FirmId(1), 10)], |s| s.bad_debt[0]), 9, &[0.0, 10.0]);
}

/// A weaver that owes 5 for yarn every day and has no income; 2 workers at 31 a month.
fn broke(when_insolvent: WhenInsolvent) -> Net {
    let mut net = chain(60, &[(None, 1)], restock());
    net.contracts.price_per_unit[0] = 1.0;
    net.firms[1] = Firm { workers: 2.0, wage_per_month: 31.0, insolvency_days: 3.0, when_insolvent, ..Firm::default() };
    net
}

/// Condition of the weaver, day after day.
fn condition(simulation: &Simulation) -> Vec<u16> {
    simulation.record.columns.firm_condition.iter().skip(1).step_by(2).copied().collect()
}

#[test]
fn a_firm_without_liquidity_is_marked_and_goes_on() {
    // Debts on days 0, 1, 2, 3: more than 3 days in a row on day 3.
    let mut net = broke(WhenInsolvent::Continue);
    let simulation = run(&net, &[]);
    assert_eq!(condition(&simulation)[..5], [0, 0, 0, 1, 1]);
    days(&output(&simulation, WEAVER), 0, &[5.0; 30]);
    // An income from day 10 that covers all at once makes it sound again: 60 are owed on day 11.
    net.demands[0].price_per_unit = 100.0;
    net.firms[1].workers = 0.0;
    let events = [event(Change::Demand(vec![DemandId(0)]), 0, 9, 0.0)];
    net.contracts.terms[0] = net.terms(Terms { stock_days: 3.0, restock_days: 2.0, ..Terms::default() });
    let simulation = run(&net, &events);
    assert_eq!(condition(&simulation)[2..12], [0, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
}

#[test]
fn a_firm_without_liquidity_stops() {
    // On the evening of day 3: 4 · 5 are lost to the mill, 5 more come on day 4. Four days are worked: 62 · 4/31 = 8 of arrears.
    let simulation = run(&broke(WhenInsolvent::Stop), &[]);
    assert_eq!(condition(&simulation)[..5], [0, 0, 0, 2, 2]);
    days(&series(&simulation.record.columns.firm_bad_debt, 0, 2), 2, &[0.0, 20.0, 25.0, 25.0]);
    days(&series(&simulation.record.columns.firm_overdue, 0, 2), 2, &[15.0, 0.0, 0.0]);
    days(&series(&simulation.record.columns.firm_receivable, 0, 2), 2, &[15.0, 0.0, 0.0]);
    days(&output(&simulation, WEAVER), 3, &[5.0, 0.0, 0.0]);
    near(simulation.state.arrears[1], 8.0);
    near(simulation.state.arrears_days[1], 8.0);
    near(simulation.state.wages_due[1], 8.0);
}

#[test]
fn an_owner_rescues_as_far_as_it_can() {
    // The outside world gives 20 of debts and one month's wages, 62, on day 3; 25 are paid on day 4, then 5 a day.
    let net = broke(WhenInsolvent::Rescue);
    let simulation = run(&net, &[]);
    days(&cash(&simulation, FirmId(1)), 2, &[0.0, 82.0, 57.0, 52.0]);
    assert_eq!(condition(&simulation)[..5], [0; 5]);
    near(simulation.record.totals[3].rescued, 82.0);
    let outside = simulation.plan.account(Account::Outside, 0);
    near(watch(&net, &[], |s| s.cash[outside])[3], -82.0);
    // Half a month: 51. Cash in another currency: the same in that.
    let mut other = broke(WhenInsolvent::Rescue);
    other.firms[1].rescue_months = 0.5;
    days(&cash(&run(&other, &[]), FirmId(1)), 3, &[51.0]);
    three_currencies(&mut other);
    other.firms[1].currency = CurrencyId(2);
    // 20/0.25 + 31.
    days(&watch(&other, &[], |s| s.cash[1]), 3, &[111.0]);
    days(&watch(&other, &[], |s| s.rescued[1]), 3, &[111.0 / 4.0]);
}

#[test]
fn a_group_gives_only_what_it_has_and_is_asked_again() {
    // A sister hands 30 to the group on day 30. Asked on days 3, 7, … 27 for nothing, on day 31 it gives its 30 of what is owed: January's
    // wages and 32 days' yarn. The firm stays marked.
    let mut net = broke(WhenInsolvent::Rescue);
    net.groups = 1;
    net.firms[1].group = Some(GroupId(0));
    net.firm_with(Firm { group: Some(GroupId(0)), keep_months: 0.0, opening_cash: 30.0, ..Firm::default() });
    let rescued = watch(&net, &[], |s| s.rescued[1]);
    days(&rescued, 0, &[0.0; 31]);
    days(&rescued, 31, &[30.0; 20]);
    days(&watch(&net, &[], |s| f64::from(s.insolvent_days[1])), 1, &[2.0, 3.0, 0.0, 1.0, 2.0, 3.0, 0.0]);
    days(&watch(&net, &[], |s| f64::from(s.condition[1])), 2, &[0.0, 1.0, 1.0]);
    // A rich group gives all: debts of 160, arrears of 62 and a month's wages of 62.
    net.firms[2].opening_cash = 1e3;
    let rescued = watch(&net, &[], |s| s.rescued[1]);
    days(&rescued, 30, &[0.0, 284.0]);
    near(watch(&net, &[], |s| s.cash[1])[31], 284.0);
}

#[test]
fn arrears_that_cash_covers_are_no_insolvency() {
    // No income in January: 31 of arrears at its end. From day 31 50 a day come in: the debt waits for the next month's end, the cash is
    // there.
    let mut net = chain(60, &[(None, 1)], restock());
    net.firms[1] =
        Firm { workers: 1.0, wage_per_month: 31.0, insolvency_days: 3.0, when_insolvent: WhenInsolvent::Stop, ..Firm::default() };
    net.demands[0].price_per_unit = 10.0;
    let events = [event(Change::Demand(vec![DemandId(0)]), 0, 30, 0.0)];
    let simulation = run(&net, &events);
    days(&watch(&net, &events, |s| f64::from(s.insolvent_days[1])), 29, &[0.0, 0.0, 0.0, 0.0]);
    assert!(condition(&simulation).iter().all(|&c| c == Condition::Sound as u16));
    near(simulation.state.arrears[1], 0.0);
    // The same in a currency worth little: arrears of 31, 50 are there.
    let mut other = Net(net.0.clone());
    three_currencies(&mut other);
    other.firms[1].currency = CurrencyId(2);
    days(&watch(&other, &events, |s| f64::from(s.insolvent_days[1])), 29, &[0.0, 0.0, 0.0, 0.0]);
    // Without the income it stops: owed since the evening of day 30, more than 3 days in a row on day 34.
    let silent = event(Change::Demand(vec![DemandId(0)]), 0, 59, 0.0);
    assert_eq!(condition(&run(&net, &[silent]))[32..36], [0, 0, 2, 2]);
}

// ------------------------------------------------------------------------------------------------- order lines that move

const SECOND_FACTORY: FirmId = FirmId(3);
const SECOND_LINE: LineId = LineId(2);

/// A second factory in the client's country stands by for a share of the order line, at a fee of 4.
fn with_second_factory(standby_share: f64, change: impl Fn(&mut Terms)) -> Net {
    let mut net = sewing(60, |t| {
        t.moves_share = 0.8;
        t.stop_after_days = 2.0;
        change(t);
    });
    let factory = net.firm_with(Firm { workers: 5.0, ..Firm::default() });
    assert_eq!(factory, SECOND_FACTORY);
    net.add_line(factory, ProductId(1), f64::INFINITY, 1.0, &[consigned(ProductId(0), 2.0, 0.0)]);
    let contract = net.contracts.push(Contract {
        seller: SECOND_LINE,
        buyer: CLIENT,
        kind: Kind::Processing,
        terms: TermsId(1),
        price_per_unit: 4.0,
        share: 1.0,
        ..Contract::default()
    });
    net.contracts.extras.push((contract, Extras { standby_share, ..Extras::default() }));
    net
}

#[test]
fn an_order_line_moves_when_the_client_gives_up() {
    // Inputs cannot leave from day 5; more than 2 closed days on day 7: 0.8 · 40 = 32 want to move, half of the order line may: 20.
    // Of the client's fabric 25 go on days 8 and 12: 12.5 and then 7.5 pieces.
    let net = with_second_factory(0.5, |_| {});
    let events = [shut_goods(1, 5, 59)];
    days(&watch(&net, &events, |s| s.target[1]), 6, &[0.0, 20.0, 20.0]);
    days(&watch(&net, &events, |s| s.target[0]), 6, &[40.0, 0.0]);
    let simulation = run(&net, &events);
    assert_eq!(simulation.plan.orders.twin_of, [u32::MAX, 0]);
    days(&output(&simulation, SECOND_LINE), 8, &[0.0, 5.0, 5.0, 2.5, 0.0, 5.0, 2.5, 0.0]);
    near(simulation.state.billed[1], 20.0);
    near(simulation.state.cash[SECOND_FACTORY.index()], 80.0);
    assert_eq!(simulation.state.stage, [Stage::Closed as u8; 2]);
    assert_eq!(causes(&simulation, SEWING)[10..21], [Cause::NoOrders; 11]);
    // A limit of 1: 32. All of it does not move.
    days(&watch(&with_second_factory(1.0, |_| {}), &events, |s| s.target[1]), 7, &[32.0]);
    // Given up at the placing.
    let early = [shut_goods(1, 0, 59)];
    days(&watch(&net, &early, |s| s.target[1]), 4, &[0.0, 20.0]);
    days(&watch(&net, &early, |s| s.target[0]), 4, &[0.0, 0.0]);
    // An event's cancellation moves nothing, nor a standby that cannot be reached.
    let cancel = event(Change::Cancel(vec![SEWING_CONTRACT]), 7, 7, 1.0);
    days(&watch(&net, &[cancel], |s| s.target[1]), 7, &[0.0; 10]);
    let ended = defaults(SECOND_FACTORY, 3);
    days(&watch(&net, &[ended, shut_goods(1, 5, 59)], |s| s.target[1]), 7, &[0.0; 10]);
}

#[test]
fn what_has_moved_is_prepaid_there() {
    // 60 at the first on day 5, half of 4 · 20 at the second on day 7, set off when it delivers: 5 pieces on day 10: 20 less 10.
    let net = with_second_factory(0.5, |t| t.prepaid_share = 0.5);
    let events = [shut_goods(1, 5, 59)];
    days(&watch(&net, &events, |s| s.cash[SECOND_FACTORY.index()]), 6, &[0.0, 40.0, 40.0, 40.0, 50.0]);
    days(&watch(&net, &events, |s| s.advance[1]), 6, &[0.0, 40.0, 40.0, 40.0, 30.0]);
    days(&watch(&net, &events, |s| s.cash[FACTORY.index()]), 4, &[0.0, 60.0]);
    near(run(&net, &events).state.cash[SECOND_FACTORY.index()], 80.0);
}

#[test]
fn an_order_line_moves_away_from_a_seller_that_ends() {
    // 15 are made by day 11; the factory ends on day 11: made 10. Of 30 left 24 want to move, 20 may. Its people are gone.
    let net = with_second_factory(0.5, |_| {});
    let events = [defaults(FACTORY, 11)];
    days(&watch(&net, &events, |s| s.target[0]), 10, &[40.0, 10.0]);
    days(&watch(&net, &events, |s| s.target[1]), 10, &[0.0, 20.0]);
    let simulation = run(&net, &events);
    assert_eq!(causes(&simulation, SEWING)[10..13], [Cause::Capacity, Cause::NoCash, Cause::NoCash]);
    // What was made comes, and is paid; the first consignment's rest goes back.
    near(simulation.state.billed[0], 10.0);
    near(simulation.state.cash[FACTORY.index()], 30.0);
    near(simulation.state.billed[1], 20.0);
    // The next order line of an ended seller moves when it is placed.
    let mut net = with_second_factory(0.5, |_| {});
    net.order(SEWING_CONTRACT, 10.0, 40);
    let simulation = run(&net, &events);
    let moved: Vec<f64> = simulation.state.target.clone();
    assert_eq!(moved, [10.0, 0.0, 20.0, 5.0]);
    near(simulation.state.made.iter().sum(), 35.0);
}

#[test]
fn a_standby_is_called_only_if_inputs_and_goods_can_go_and_never_beyond_its_limit() {
    // Over the crossing of the first: its inputs, or its goods, could not go either.
    let events = [shut_goods(1, 5, 59), no_second(5, 59)];
    for (inputs, goods) in [(true, false), (false, true)] {
        let mut net = with_second_factory(0.5, |_| {});
        net.crossings.push(Crossing { country_a: CountryId(0), country_b: CountryId(1), ..Crossing::default() });
        net.routes.push(Route { legs: vec![Leg { crossing: Some((CrossingId(1), AToB)), days: 1, ..Leg::default() }] });
        let over = RouteId::from(net.routes.len() - 1);
        if inputs {
            net.contracts.input_route[2] = over;
        }
        if goods {
            net.contracts.route[2] = over;
        }
        days(&watch(&net, &events, |s| s.target[1]), 7, &[0.0; 3]);
        days(&watch(&net, &events[..1], |s| s.target[1]), 7, &[20.0; 3]);
    }
    // Given up on day 11 after one consignment, good for 20: 20 move, all that may. On day 12 the seller ends with 15 made: 5 more are
    // lost and nobody takes them.
    let net = with_second_factory(0.5, |t| t.moves_share = 1.0);
    let events = [shut_goods(1, 9, 59), defaults(FACTORY, 12)];
    days(&watch(&net, &events, |s| s.target[0]), 10, &[40.0, 20.0, 15.0]);
    days(&watch(&net, &events, |s| s.target[1]), 10, &[0.0, 20.0, 20.0]);
    // A limit of 0.6: 24 less 20.
    let net = with_second_factory(0.6, |t| t.moves_share = 1.0);
    days(&watch(&net, &events, |s| s.target[1]), 10, &[0.0, 20.0, 24.0]);
}

/// The second crossing shut.
fn no_second(from: i32, to: i32) -> Event {
    event(Change::OpenShare { crossings: vec![CrossingId(1)], towards: None, class: None }, from, to, 0.0)
}

#[test]
fn two_factories_stand_by_in_proportion_to_their_limits() {
    // Limits of 30 and 10 for 32: 24 and 8.
    let mut net = with_second_factory(0.75, |_| {});
    let third = net.firm_with(Firm { workers: 5.0, ..Firm::default() });
    let line = net.add_line(third, ProductId(1), f64::INFINITY, 1.0, &[consigned(ProductId(0), 2.0, 0.0)]);
    let mut contract = Contract { seller: line, buyer: CLIENT, kind: Kind::Processing, terms: TermsId(1), ..Contract::default() };
    contract.extras.standby_share = 0.25;
    net.contracts.push(contract);
    let events = [shut_goods(1, 5, 59)];
    days(&watch(&net, &events, |s| s.target[1]), 7, &[24.0]);
    days(&watch(&net, &events, |s| s.target[2]), 7, &[8.0]);
}

// ------------------------------------------------------------------------------------------------------------- compensation

#[test]
fn compensation_may_travel_by_other_means_than_the_fee() {
    // 40 pieces cannot leave; two days after the due date 120 are claimed and, where the means allow, paid.
    let paid = |means, compensation_means, events: &[Event]| {
        let net = sewing(60, |t| {
            (t.grace_days, t.compensation_share) = (2.0, 1.0);
            (t.means, t.compensation_means) = (means, compensation_means);
        });
        let compensation = watch(&net, events, |s| s.compensation[0]);
        days(&compensation, 21, &[0.0]);
        compensation[22]
    };
    let carried = Means::Carried(CrossingId(0));
    let (goods, persons) = (shut_goods(0, 5, 59), shut_persons(0, 59));
    let both = [goods.clone(), persons];
    near(paid(carried, Some(Means::Bank), &both), 120.0);
    near(paid(carried, None, &both), 0.0);
    near(paid(carried, None, std::slice::from_ref(&goods)), 120.0);
    near(paid(Means::Bank, Some(carried), &both), 0.0);
    near(paid(Means::Bank, Some(carried), &[goods]), 120.0);
    near(paid(Means::Bank, None, &both), 120.0);
    // The fee itself goes its own way: with persons shut no fee is paid, though compensation could be.
    let net = sewing(60, |t| (t.means, t.compensation_means) = (carried, Some(Means::Bank)));
    near(run(&net, &[shut_persons(0, 59)]).state.paid[0], 0.0);
    let net = sewing(60, |t| (t.means, t.compensation_means) = (Means::Bank, Some(carried)));
    near(run(&net, &[shut_persons(0, 59)]).state.paid[0], 120.0);
    // Carried means need a class of persons.
    let mut net = net;
    net.persons = None;
    assert!(matches!(Plan::new(net.0.clone(), Vec::new()), Err(NetworkError::NoPersons { terms: 1 })));
}
