//! Random networks under random events: goods and money balance every day, nothing is negative or no number, and a run is the same
//! whether it is stepped, run, resumed or forked. The whole sample must have used every option with a flow that is not zero.

mod common;
mod random;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use common::{reader, same_bits, save};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::plan::state::{CUT_BY_RULE, Condition, Stage, State};
use ripstop::plan::switching::Who;
use ripstop::plan::transit::NO_GATE;
use ripstop::plan::{Account, Plan};
use ripstop::record::caught::{self, Standing};
use ripstop::record::{Detail, Movements, Record};
use ripstop::rule::cause::Cause;
use ripstop::run::{Simulation, run_with_counterfactual};

use random::random_network;

const NETWORKS: u32 = 2000;

// --------------------------------------------------------------------------------------------------------------- the checks

fn fail(what: impl Into<String>) -> TestCaseError {
    TestCaseError::fail(what.into())
}

fn finite_and_not_negative(plan: &Plan, s: &State, t: usize) -> Result<(), TestCaseError> {
    let firms = plan.network.firms.len();
    let columns: [(&str, &[f64]); 82] = [
        ("stock", &s.stock),
        ("cells", &s.cells),
        ("finished", &s.finished),
        ("waiting", &s.waiting),
        ("ordered", &s.ordered),
        ("shipped", &s.shipped),
        ("arrived", &s.arrived),
        ("in_transit", &s.in_transit),
        ("supplier_stock", &s.supplier_stock),
        ("expected", &s.expected),
        ("received", &s.received),
        ("wanted", &s.wanted),
        ("blocked", &s.blocked),
        ("backlog", &s.backlog),
        ("order_rate", &s.order_rate),
        ("served", &s.served),
        ("output", &s.output),
        ("labour_used", &s.labour_used),
        ("waiting_goods", &s.waiting_goods),
        ("stranded", &s.stranded),
        ("delayed", &s.delayed),
        ("need", &s.need),
        ("demand_wanted", &s.demand_wanted),
        ("demand_met", &s.demand_met),
        ("demand_lost", &s.demand_lost),
        ("target", &s.target),
        ("made", &s.made),
        ("order_finished", &s.order_finished),
        ("order_shipped", &s.order_shipped),
        ("billed", &s.billed),
        ("order_in_transit", &s.order_in_transit),
        ("advance", &s.advance),
        ("credit", &s.credit),
        ("claim", &s.claim),
        ("compensation", &s.compensation),
        ("paid", &s.paid),
        ("input_stock", &s.input_stock),
        ("input_sent", &s.input_sent),
        ("input_in_transit", &s.input_in_transit),
        ("returning", &s.returning),
        ("firm cash", &s.cash[..firms]),
        ("invoice_left", &s.invoice_left),
        ("due_cells", &s.due_cells),
        ("overdue", &s.overdue),
        ("arrears", &s.arrears),
        ("arrears_days", &s.arrears_days),
        ("labour_left", &s.labour_left),
        ("content", &s.content),
        ("account_open", &s.account_open),
        ("limit_wanted", &s.limit_wanted),
        ("blocked", &s.blocked),
        ("withheld", &s.withheld),
        ("bad_debt", &s.bad_debt),
        ("rescued", &s.rescued),
        ("workforce", &s.workforce),
        ("receivable", &s.receivable),
        ("payable_overdue", &s.payable_overdue),
        ("spoilt", &s.spoilt),
        ("refused", &s.refused),
        ("sent today", &s.sent_today),
        ("cleared today", &s.cleared_today),
        ("inputs sent today", &s.inputs_sent_today),
        ("inputs cleared today", &s.inputs_cleared_today),
        ("seized", &s.seized),
        ("flow waits", &s.flow_waits),
        ("order waits", &s.order_waits),
        ("input waits", &s.input_waits),
        ("destroyed", &s.destroyed),
        ("carried out", &s.carried_out),
        ("forfeited", &s.forfeited),
        ("sold off", &s.sold_off),
        ("barred today", &s.barred_today),
        ("barred", &s.barred),
        ("forbidden", &s.forbidden),
        ("forgone", &s.forgone),
        ("fine due", &s.fine_due),
        ("fined", &s.fined),
        ("bare need", &s.bare_need),
        ("flow missing", &s.flow_missing),
        ("order looking", &s.order_looking),
        ("newcomer cells", &s.newcomer_cells),
        ("imported", &s.imported),
    ];
    for (name, column) in columns {
        let scale = column.iter().fold(1.0_f64, |most, v| most.max(v.abs()));
        for (k, &value) in column.iter().enumerate() {
            if !value.is_finite() || value < -1e-9 * scale {
                return Err(fail(format!("{name}[{k}] is {value} on day {t}")));
            }
        }
    }
    for (name, column) in [
        ("open", &s.open),
        ("release", &s.release),
        ("served", &s.served),
        ("order_factor", &s.order_factor),
        ("point_keep", &s.point_keep),
        ("limit_share", &s.limit_share),
        ("refusal", &s.refusal),
        ("allowed", &s.allowed),
        ("relation", &s.relation),
        ("lawful before", &s.lawful_before),
        ("ramp level", &s.ramp_level),
    ] {
        if let Some(value) = column.iter().find(|v| !(0.0..=1.0).contains(*v)) {
            return Err(fail(format!("{name} has {value} on day {t}")));
        }
    }
    if let Some(value) = s.cash.iter().chain(&s.value_added).chain(&s.output_value).find(|v| !v.is_finite()) {
        return Err(fail(format!("money is {value} on day {t}")));
    }
    Ok(())
}

fn labour_and_capacity_suffice(plan: &Plan, s: &State, t: usize) -> Result<(), TestCaseError> {
    for (firm, spec) in plan.network.firms.iter().enumerate() {
        let used: f64 = plan.lines_of(firm).iter().map(|&l| s.labour_used[l as usize]).sum();
        if used > s.present[firm] * (1.0 + 1e-12) || s.present[firm] > spec.workers * s.attendance_factor[firm].max(1.0) {
            return Err(fail(format!("firm {firm} uses {used} of {} on day {t}", s.present[firm])));
        }
    }
    for (l, line) in plan.network.lines.iter().enumerate() {
        if s.output[l] > line.capacity_per_day * s.capacity_factor[l] * (1.0 + 1e-12) {
            return Err(fail(format!("line {l} makes {} on day {t}", s.output[l])));
        }
    }
    for o in 0..s.made.len() {
        let most = plan.orders.quantity[o] * (1.0 + 1e-9);
        if s.made[o] > most
            || s.order_shipped[o] > s.made[o] * (1.0 + 1e-9) + 1e-9
            || s.billed[o] > s.order_shipped[o] * (1.0 + 1e-9) + 1e-9
        {
            return Err(fail(format!(
                "order {o}: ordered {most}, made {}, shipped {}, billed {} on day {t}",
                s.made[o], s.order_shipped[o], s.billed[o]
            )));
        }
        // The fee, and compensation for the share of pieces that never leave, is the most that is ever paid.
        if s.paid[o] > plan.orders.price[o] * plan.orders.quantity[o] * (1.0 + 1e-9) + 1e-9 {
            return Err(fail(format!("order {o}: paid {} of {} on day {t}", s.paid[o], plan.orders.price[o] * most)));
        }
    }
    Ok(())
}

/// Goods caught and free are, of every product, what the audit holds.
fn account_is_content(plan: &Plan, s: &State, t: usize) -> Result<(), TestCaseError> {
    let mut sums = vec![0.0; plan.network.products.len()];
    for goods in caught::account(plan, s).iter().filter(|goods| goods.key.standing != Standing::Retained) {
        sums[goods.key.product.index()] += goods.units;
    }
    for (p, (&told, &there)) in sums.iter().zip(&s.content).enumerate() {
        if (told - there).abs() > 1e-12 * there.max(1.0) {
            return Err(fail(format!("product {p}: the account says {told}, the audit {there} on day {t}")));
        }
    }
    Ok(())
}

/// No more passes a limit than its tonnes, no more of a class than its open share of them.
fn limits_hold(plan: &Plan, s: &State, t: usize) -> Result<(), TestCaseError> {
    let classes = plan.network.classes as usize;
    for (k, limit) in plan.limits.iter().enumerate() {
        let open = |class: usize| if limit.gates == NO_GATE { 1.0 } else { s.open[limit.gates as usize + class] };
        let tonnes =
            |class: usize| s.limit_share[k * classes + class] * (s.limit_wanted[k * classes + class] + plan.traffic[k * classes + class]);
        let most = limit.tonnes_per_day * (0..classes).map(open).fold(0.0, f64::max);
        let all: f64 = (0..classes).map(tonnes).sum();
        if all > most * (1.0 + 1e-12) || (0..classes).any(|c| tonnes(c) > limit.tonnes_per_day * open(c) * (1.0 + 1e-12)) {
            return Err(fail(format!("{all} of {most} tonnes pass limit {k} on day {t}")));
        }
    }
    Ok(())
}

/// From an empty start no more of a contract passes a first crossing than has left.
fn cleared_was_sent(run: &Simulation) -> Result<(), TestCaseError> {
    if run.plan.network.settings.start_state != StartState::Empty {
        return Ok(());
    }
    let all = &run.record.shipments;
    let (contracts, inputs) = (run.plan.crossing_contracts(), run.plan.contract_inputs.len());
    for (name, sent, cleared, width) in
        [("goods", &all.sent, &all.cleared, contracts), ("inputs", &all.inputs_sent, &all.inputs_cleared, inputs)]
    {
        for k in 0..width {
            let sum = |list: &Movements| list.iter().filter(|&(_, entity, _)| entity == k).map(|(.., units)| units).sum::<f64>();
            if sum(cleared) > sum(sent) * (1.0 + 1e-9) {
                return Err(fail(format!("{name} {k}: {} are cleared of {} sent", sum(cleared), sum(sent))));
            }
        }
    }
    Ok(())
}

fn same_record(one: &Record, two: &Record, what: &str) -> Result<(), TestCaseError> {
    if one.totals != two.totals || one.columns.line_output != two.columns.line_output || one.columns.firm_cash != two.columns.firm_cash {
        return Err(fail(what));
    }
    Ok(())
}

/// Firms of a large network.
const LARGE: usize = 20;
/// Large networks in which every new option must have been at work.
const LARGE_NETWORKS: u32 = 50;

/// Number of networks in which something happened.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    all: u32,
    /// With [`LARGE`] firms or more.
    large: u32,
}

type Coverage = BTreeMap<&'static str, Counts>;

fn check(seed: u64, firms: usize, days: i32, coverage: &RefCell<Coverage>) -> Result<(), TestCaseError> {
    let (network, events) = random_network(seed, firms, days);
    let begin = |events: &[Event]| Simulation::new(network.clone(), events.to_vec(), Detail::Full, &[]).map_err(|e| fail(e.to_string()));
    let mut stepped = begin(&events)?;
    let mut seen = BTreeSet::new();
    let warm_up = stepped.plan.warm_up;
    let days = days + warm_up as i32;
    let fork = (seed % days as u64) as i32;
    let mut resumed = None;
    for t in 0..days {
        if t == fork {
            let mut saved = begin(&events)?;
            saved.restore(&mut reader(&save(&stepped))).map_err(|e| fail(e.to_string()))?;
            resumed = Some(saved);
        }
        stepped.step();
        if let Some(totals) = (t as usize).checked_sub(warm_up).map(|recorded| &stepped.record.totals[recorded])
            && !(totals.goods_residual <= 1e-12 && totals.money_residual <= 1e-12)
        {
            return Err(fail(format!("seed {seed} day {t}: goods {:e}, money {:e}", totals.goods_residual, totals.money_residual)));
        }
        finite_and_not_negative(&stepped.plan, &stepped.state, t as usize)?;
        labour_and_capacity_suffice(&stepped.plan, &stepped.state, t as usize)?;
        limits_hold(&stepped.plan, &stepped.state, t as usize)?;
        if t as usize >= warm_up {
            account_is_content(&stepped.plan, &stepped.state, t as usize)?;
        }
        observe(&stepped.plan, &stepped.state, &mut seen);
    }
    cleared_was_sent(&stepped)?;
    let hash = stepped.state.hash();
    let mut whole = begin(&events)?;
    whole.run();
    let mut resumed = resumed.ok_or_else(|| fail("no fork"))?;
    resumed.step_until(resumed.plan.calendar.start.plus((fork + days) / 2));
    resumed.run();
    for (name, other) in [("run()", &whole), ("a run taken up from its columns", &resumed)] {
        if other.state.hash() != hash {
            return Err(fail(format!("{name} ends in another state")));
        }
        if !same_bits(&save(other), &save(&stepped)) {
            return Err(fail(format!("{name} has recorded something else")));
        }
    }
    counterfactual(&network, &events, &stepped, &hash)?;
    let mut coverage = coverage.borrow_mut();
    for what in seen {
        let counts = coverage.entry(what).or_default();
        counts.all += 1;
        counts.large += u32::from(firms >= LARGE);
    }
    Ok(())
}

fn counterfactual(network: &Network, events: &[Event], scenario: &Simulation, hash: &str) -> Result<(), TestCaseError> {
    let run = |events: Vec<Event>| run_with_counterfactual(network.clone(), events, Detail::Full, &[]).map_err(|e| fail(e.to_string()));
    let outcome = run(events.to_vec())?;
    if outcome.state_hash != hash {
        return Err(fail("the forked scenario ends in another state"));
    }
    same_record(&outcome.scenario, &scenario.record, "the forked scenario differs")?;
    let background: Vec<Event> = events.iter().filter(|e| e.background).cloned().collect();
    let without = run(background)?;
    same_record(&without.scenario, &without.counterfactual, "without scenario events the counterfactual is the scenario")?;
    // An event on a place takes its firms out of bulk, whether it holds or not: the same sums in another order.
    if outcome.plan.bulk.is_bulk != without.plan.bulk.is_bulk {
        return Ok(());
    }
    same_record(&outcome.counterfactual, &without.scenario, "the counterfactual is the run with background events alone")
}

/// Notes what happened on a day.
fn observe(plan: &Plan, s: &State, seen: &mut BTreeSet<&'static str>) {
    let positive = |column: &[f64]| column.iter().any(|&v| v > 0.0);
    let mut note = |what: &'static str, happened: bool| {
        if happened {
            seen.insert(what);
        }
    };
    let flows = &plan.standing;
    for f in 0..s.shipped.len() {
        let flowing = s.shipped[f] > 0.0;
        note("restock per supplier", flowing && !flows.planned[f] && flows.by_supplier[f]);
        note("restock per product", flowing && !flows.planned[f] && !flows.by_supplier[f]);
        note("restock of a mixed store", flowing && !flows.by_supplier[f] && plan.point_by_supplier[flows.point[f] as usize]);
        let terms = &plan.network.terms[plan.network.contracts.terms[flows.contract[f].index()].index()];
        let restocks = flowing && !flows.planned[f];
        note("a store kept by the mean of its sellers' terms", restocks && flows.stock_days[f] != terms.stock_days);
        note("parts of a store with covers of their own", restocks && plan.uneven.iter().any(|store| store.point == flows.point[f]));
        note("plan", flowing && flows.planned[f]);
        note("a path of three legs", flowing && plan.paths[flows.path[f] as usize].hops.len() == 3);
        note("standing theft", s.arrived[f] > 0.0 && flows.theft_share[f] > 0.0);
        note("held beyond patience", s.held_days[f] > flows.patience_days[f]);
    }
    note("standing orders blocked", positive(&s.blocked));
    note("standing payments overdue", positive(&s.overdue));
    note("standing payments due", positive(&s.due_cells));
    note("demand waits", positive(&s.waiting));
    note("demand lost", positive(&s.demand_lost));
    note("demand shock", s.demand_factor.iter().any(|&f| f != 1.0));
    note("capacity event", s.capacity_factor.iter().any(|&f| f < 1.0));
    note("attendance event", s.attendance_factor.iter().any(|&f| f < 1.0));
    note("order factor", s.order_factor.iter().any(|&f| f > 0.0 && f < 1.0));
    note("cancel event", s.cancelled_today.contains(&1));
    note("a gate shut", s.open.contains(&0.0));
    note("a gate half open", s.open.iter().any(|&o| o > 0.0 && o < 1.0));
    note("a gate releases", s.release.iter().any(|&r| r > 0.0 && r < 1.0));
    note("wages paid", positive(&s.wages_paid));
    note("arrears", positive(&s.arrears));
    note("levies", s.cash[plan.account(Account::State, 0)] > 0.0);
    note("remittances to a group", positive(&s.cash[plan.network.firms.len()..plan.account(Account::Households, 0)]));
    note("remittances abroad", s.cash[plan.account(Account::Outside, 0)] > 0.0);
    note("invoices open", s.invoices_open.iter().any(|&i| s.invoice_left[i as usize] > 0.0));
    note("invoices overdue", positive(&s.receivable_overdue));
    note("credit", positive(&s.credit));
    note("stranded", positive(&s.stranded));
    note("delayed", positive(&s.delayed));
    note("goods held", plan.paths.iter().any(|w| w.hops.len() > 1) && held(plan, s));
    for o in 0..s.made.len() {
        observe_order(plan, s, o, &mut note);
    }
    observe_transport(plan, s, &mut note);
    observe_money(plan, s, &mut note);
    observe_firms(plan, s, &mut note);
    observe_rules(plan, s, &mut note);
    for (l, &code) in s.cause.iter().enumerate() {
        note(
            "standing business and order lines on one line",
            plan.line_standing[l] && s.output[l] > 0.0 && plan.orders.line.contains(&(l as u32)),
        );
        note(
            match Cause::of(code) {
                Cause::None => "cause none",
                Cause::Capacity => "cause capacity",
                Cause::Attendance => "cause attendance",
                Cause::NoOrders => "cause no orders",
                Cause::OffSeason => "cause off-season",
                Cause::Rest => "cause rest",
                Cause::NoOutlet => "cause no outlet",
                Cause::NoCash => "cause no cash",
                Cause::Forbidden => "cause forbidden",
                Cause::Frozen => "cause frozen",
                Cause::Input(_) => "cause input",
            },
            true,
        );
    }
}

/// Limits in tonnes, alternative routes, what spoils or is refused.
fn observe_transport(plan: &Plan, s: &State, note: &mut impl FnMut(&'static str, bool)) {
    let classes = plan.network.classes as usize;
    for (k, limit) in plan.limits.iter().enumerate() {
        let of = k * classes..(k + 1) * classes;
        let waits = s.limit_wanted[of.clone()].iter().any(|&w| w > 0.0);
        let short = of.clone().any(|at| s.limit_wanted[at] > 0.0 && s.limit_share[at] > 0.0 && s.limit_share[at] < 1.0);
        note("a capacity crossing", waits && limit.gates != NO_GATE);
        note("a leg with a limit", waits && limit.gates == NO_GATE);
        note("a limit binds", short);
        note("other traffic", short && plan.traffic[of.clone()].iter().any(|&t| t > 0.0));
        let shares: Vec<f64> = of.filter(|&at| s.limit_wanted[at] > 0.0).map(|at| s.limit_share[at]).collect();
        note("classes rank at a limit", !plan.network.class_rank.is_empty() && shares.windows(2).any(|w| w[0] != w[1]));
    }
    let elsewhere = |path: u32, first: u32, width: u32| {
        let path = &plan.paths[path as usize];
        path.branches.get(1).is_some_and(|&hop| {
            let from = path.hops[hop as usize].held;
            (from..path.cells).any(|cell| s.cells[(first + cell * width) as usize] > 0.0)
        })
    };
    let flows = &plan.standing;
    note("an alternative of standing flows", (0..flows.contract.len()).any(|f| elsewhere(flows.path[f], flows.cells[f], flows.width[f])));
    let orders = &plan.orders;
    for o in 0..orders.row.len() {
        note("an alternative of order lines", elsewhere(orders.path[o], orders.cells[o], 1));
        note("an alternative of inputs", plan.inputs_of_order(o).any(|i| elsewhere(orders.input_path[o], plan.consigned.cells[i], 1)));
        let twin = orders.twin_of[o] != u32::MAX;
        note("a twin is delivered", twin && s.billed[o] > 0.0);
        note("a twin is prepaid", twin && s.advance[o] > 0.0);
    }
    for (what, column) in [
        ("a flow waits before a place", &s.flow_waits),
        ("an order line waits before a place", &s.order_waits),
        ("inputs wait before a place", &s.input_waits),
        ("destroyed", &s.destroyed),
        ("carried out", &s.carried_out),
        ("forfeited", &s.forfeited),
        ("sold off", &s.sold_off),
        ("goods kept by makers", &s.order_retained),
    ] {
        note(what, column.iter().any(|&units| units > 0.0));
    }
    note("spoilt", s.spoilt.iter().any(|&x| x > 0.0));
    note("refused", s.refused.iter().any(|&x| x > 0.0));
    note("refusal event", s.refusal.iter().any(|&x| x > 0.0) && s.refused.iter().any(|&x| x > 0.0));
    note("a warm-up", plan.warm_up > 0 && s.output.iter().any(|&x| x > 0.0));
}

/// Currencies, credit limits, insolvency.
fn observe_money(plan: &Plan, s: &State, note: &mut impl FnMut(&'static str, bool)) {
    let foreign = 1..plan.currencies;
    note("exchange", foreign.clone().any(|c| s.cash[plan.account(Account::Dealer, c)] != 0.0));
    note("wages in another currency", foreign.clone().any(|c| s.cash[plan.account(Account::Households, c)] > 0.0));
    note("levies in another currency", foreign.clone().any(|c| s.cash[plan.account(Account::State, c)] > 0.0));
    note("a rate changes", foreign.clone().any(|c| s.rate[c] != plan.rates_on(0)[c] && s.cash[plan.account(Account::Dealer, c)] != 0.0));
    note("exchange rate event", foreign.clone().any(|c| s.rate_factor[c] != 1.0 && s.cash[plan.account(Account::Dealer, c)] != 0.0));
    let flows = &plan.standing;
    for f in 0..s.credit_room.len() {
        note("a credit limit binds a flow", s.credit_room[f].is_finite() && s.ordered[f] > 0.0 && s.ordered[f] == s.credit_room[f]);
    }
    for (p, &f) in flows.priced.iter().enumerate() {
        note("a flow in another currency", flows.currency[p] > 0 && s.arrived[f as usize] > 0.0);
    }
    for o in 0..s.made.len() {
        let limit = plan.account_limit[plan.orders.account[o] as usize];
        note("a credit limit binds an order line", limit.is_finite() && s.order_shipped[o] > 0.0 && s.order_delayed[o] > 0.0);
        note("an order line in another currency", plan.orders.currency[o] > 0 && s.paid[o] > 0.0);
        let other_means = plan.terms_of_order(o).compensation_means.is_some();
        note("compensation by its own means", other_means && s.compensation[o] > 0.0);
    }
    let defaulted =
        |firm: usize| plan.events.iter().any(|e| matches!(&e.change, Change::Default(firms) if firms.contains(&FirmId::from(firm))));
    for (firm, spec) in plan.network.firms.iter().enumerate() {
        note("a default event", s.ended(firm) && defaulted(firm));
        note("marked insolvent", s.condition[firm] == Condition::Insolvent as u8 && spec.when_insolvent == WhenInsolvent::Continue);
        note("stopped when insolvent", s.ended(firm) && !defaulted(firm) && spec.when_insolvent == WhenInsolvent::Stop);
        note("rescued by a group", spec.group.is_some() && s.rescued[firm] > 0.0);
        note("rescued by the outside", spec.group.is_none() && s.rescued[firm] > 0.0);
        note("bad debt", s.bad_debt[firm] > 0.0);
    }
}

/// Rationing, importance, orders that move, workforce.
fn observe_firms(plan: &Plan, s: &State, note: &mut impl FnMut(&'static str, bool)) {
    for (l, line) in plan.network.lines.iter().enumerate() {
        let short = s.served[l] > 0.0 && s.served[l] < 1.0 && s.output[l] > 0.0;
        note("least served", short && line.rationing == Rationing::LeastServed);
        note("class priority", short && line.rationing == Rationing::ClassPriority);
        note("oldest first", short && line.rationing == Rationing::Oldest);
        for row in line.first_input as usize..line.last_input as usize {
            let point = plan.input_point[row];
            let without = point != u32::MAX && s.stock[point as usize] == 0.0 && s.output[l] > 0.0 && plan.line_standing[l];
            note("an important input is missing", without && plan.network.inputs[row].importance == Importance::Important);
            note("another input is missing", without && plan.network.inputs[row].importance == Importance::Other);
        }
    }
    let flows = &plan.standing;
    for f in 0..flows.contract.len() {
        let shut = s.shut_gates[flows.path[f] as usize] > 0 || s.flow_gone[f] > 0;
        let moves = flows.moves_share[f] > 0.0 && shut && s.order_factor[flows.contract[f].index()] == 1.0;
        note("standing orders move", moves && s.withheld[flows.line[f] as usize] > 0.0);
        note("a pure standby delivers", flows.share[f] == 0.0 && s.arrived[f] > 0.0);
    }
    observe_switches(plan, s, note);
    for o in 0..s.made.len() {
        for i in plan.inputs_of_order(o) {
            let without = s.input_stock[i] == 0.0
                && s.output[plan.orders.line[o] as usize] > 0.0
                && s.stage[o] == Stage::Open as u8
                && s.made[o] > 0.0;
            note("an order line without an input that does not bind", without && plan.consigned.importance[i] != Importance::Critical);
        }
    }
    for (firm, spec) in plan.network.firms.iter().enumerate() {
        let there = s.present[firm] > 0.0 && s.attendance_factor[firm] == 1.0;
        note("people are hired", there && s.workforce[firm] > s.present[firm] && spec.hire_days.is_finite());
        note("people are dismissed", there && s.workforce[firm] < s.present[firm] && s.workforce[firm] > 0.0);
    }
}

/// What takes over in time.
fn observe_switches(plan: &Plan, s: &State, note: &mut impl FnMut(&'static str, bool)) {
    let switching = &plan.switching;
    for taker in &switching.takers {
        let level = s.ramp_level[taker.ramp as usize];
        if let Who::Flow(flow) = taker.who {
            let brings = s.arrived[flow as usize] > 0.0;
            note("a seller takes over in part", brings && level > 0.0 && level < 1.0 && s.point_failing[taker.point as usize] > 0);
            note("a seller gives back", brings && level > 0.0 && level < 1.0 && s.point_failing[taker.point as usize] == 0);
        }
    }
    note("a newcomer sells", s.newcomer_ordered.iter().any(|&ordered| ordered > 0.0));
    note("a newcomer's goods cost money", plan.network.newcomers.iter().zip(&s.newcomer_ordered).any(|(n, &q)| n.price_per_unit * q > 0.0));
    note("a seller comes back", s.point_recovering.iter().any(|&count| count > 0));
    note("an order line looks on", s.order_looking.iter().any(|&looks| looks > 0.0));
    let partly = |ramp: u32| ramp != u32::MAX && s.ramp_level[ramp as usize] > 0.0 && s.ramp_level[ramp as usize] < 1.0;
    for (flow, &ramp) in switching.flow_detour.iter().enumerate() {
        note("a flow is finding another way", partly(ramp) && s.ramp_clock[ramp as usize] > 0 && s.shipped[flow] > 0.0);
        note("a flow is coming back to its way", partly(ramp) && s.ramp_clock[ramp as usize] < 0 && s.shipped[flow] > 0.0);
    }
    note("an order line is finding another way", switching.order_detour.iter().any(|&ramp| partly(ramp)));
    note("inputs are finding another way", switching.input_detour.iter().any(|&ramp| partly(ramp)));
}

/// Rules that stop contracts, and what follows where goods are found.
fn observe_rules(plan: &Plan, s: &State, note: &mut impl FnMut(&'static str, bool)) {
    if !plan.network.rules_act {
        return;
    }
    let flows = &plan.standing;
    for f in 0..flows.contract.len() {
        let stopped = s.allowed[flows.contract[f].index()];
        note("a rule stops a flow", stopped == 0.0 && s.forbidden[flows.line[f] as usize] > 0.0);
        note("a rule stops a share of a flow", stopped > 0.0 && stopped < 1.0 && s.ordered[f] > 0.0);
        note("a rule stops a share of a plan", flows.planned[f] && s.forgone[f] > 0.0 && s.ordered[f] > 0.0);
    }
    for o in 0..s.made.len() {
        let contract = plan.orders.contract[o].index();
        let cut = s.cut[o] == CUT_BY_RULE;
        note("a rule cuts an order line", cut && s.target[o] > 0.0);
        note("a rule keeps what is made", cut && s.barred[o] > 0.0 && s.order_stranded[o] > 0.0);
        note("a relation ends", s.relation[contract] < 1.0 && cut);
    }
    note(
        if plan.network.enforcement_seed.is_some() { "seized as drawn" } else { "seized in expectation" },
        s.seized.iter().any(|&x| x > 0.0),
    );
    note("fined", s.fined.iter().any(|&x| x > 0.0));
    note("a fine waits for cash", s.fine_due.iter().any(|&x| x > 0.0));
    let foreign = |firm: usize| plan.network.firms[firm].currency.index() > 0;
    note("a fine in another currency", (0..s.fined.len()).any(|f| s.fined[f] > 0.0 && foreign(f)));
}

fn held(plan: &Plan, s: &State) -> bool {
    (0..plan.standing.contract.len()).any(|f| plan.flow_held(&s.cells, f) > 0.0)
}

fn observe_order(plan: &Plan, s: &State, o: usize, note: &mut impl FnMut(&'static str, bool)) {
    let terms = plan.terms_of_order(o);
    let delivered = s.billed_today[o] > 0.0;
    note("sale orders", delivered && !plan.is_processing(o));
    note("processing orders", delivered && plan.is_processing(o));
    note("continuous", delivered && terms.dispatch == Dispatch::Continuous);
    note("lots", delivered && terms.dispatch == Dispatch::Lot && terms.lots_per_order > 1.0);
    note("collection", delivered && terms.dispatch == Dispatch::Collection);
    note("theft of orders", delivered && terms.theft_share > 0.0);
    note("retention", s.order_shipped[o] > 0.0 && terms.retention_share > 0.0);
    note("prepayment", s.advance[o] > 0.0);
    note("σ", s.paid[o] > 0.0 && terms.season_settlement_share > 0.0);
    note("carried", s.paid[o] > 0.0 && matches!(terms.means, Means::Carried(_)));
    note("claims", s.claim[o] > 0.0);
    note("compensation", s.compensation[o] > 0.0);
    note("cut orders", s.cut[o] == 1);
    note("orders given up", s.cut[o] == 1 && s.target[o] == 0.0 && terms.stop_after_days.is_finite());
    let over = s.stage[o] == Stage::Closed as u8;
    note("orders over", over && s.made[o] > 0.0);
    note("short-closed", over && s.cut[o] == 0 && s.made[o] > 0.0 && s.made[o] < 0.999 * plan.orders.quantity[o]);
    for i in plan.inputs_of_order(o) {
        note("consigned inputs", s.input_stock[i] > 0.0);
        note("inputs returned", s.returning[i] > 0.0);
        note("a ceiling", s.input_sent[i] > 0.0 && terms.ceiling_days.is_finite());
        note(
            "inputs retained or written off",
            over && terms.leftovers != Leftovers::Returned && s.input_sent[i] > 1.01 * s.made[o] * plan.consigned.used_per_unit[i],
        );
    }
}

#[test]
fn random_networks_balance_and_repeat() {
    let config = Config { cases: NETWORKS, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let coverage = RefCell::new(Coverage::new());
    let networks = (any::<u64>(), prop_oneof![3_usize..LARGE, LARGE..=25], 60_i32..=250);
    if let Err(error) = runner.run(&networks, |(seed, firms, days)| check(seed, firms, days, &coverage)) {
        panic!("{error}");
    }
    // A failed case would have stopped the run: what is counted is the sample. Every option must have been at work often.
    let coverage = coverage.into_inner();
    println!("{coverage:#?}");
    for what in EXPECTED {
        let count = coverage.get(what).copied().unwrap_or_default().all;
        assert!(count >= NETWORKS / 50, "{what}: in {count} of {NETWORKS} networks only");
    }
    for what in OPTIONS {
        let counts = coverage.get(what).copied().unwrap_or_default();
        assert!(counts.all >= NETWORKS / 50, "{what}: in {counts:?} of {NETWORKS} networks only");
        assert!(counts.large >= LARGE_NETWORKS, "{what}: in {counts:?} of {NETWORKS} networks only");
    }
    for what in coverage.keys() {
        assert!(EXPECTED.contains(what) || OPTIONS.contains(what), "{what} is counted but not expected");
    }
}

const EXPECTED: [&str; 72] = [
    "a seller takes over in part",
    "a seller gives back",
    "a newcomer sells",
    "a newcomer's goods cost money",
    "a seller comes back",
    "an order line looks on",
    "a flow is finding another way",
    "a flow is coming back to its way",
    "an order line is finding another way",
    "inputs are finding another way",
    "restock per supplier",
    "restock per product",
    "restock of a mixed store",
    "a store kept by the mean of its sellers' terms",
    "parts of a store with covers of their own",
    "plan",
    "a path of three legs",
    "standing theft",
    "held beyond patience",
    "standing orders blocked",
    "standing payments overdue",
    "standing payments due",
    "demand waits",
    "demand lost",
    "demand shock",
    "capacity event",
    "attendance event",
    "order factor",
    "cancel event",
    "a gate shut",
    "a gate half open",
    "a gate releases",
    "wages paid",
    "arrears",
    "levies",
    "remittances to a group",
    "remittances abroad",
    "invoices open",
    "invoices overdue",
    "credit",
    "stranded",
    "delayed",
    "goods held",
    "sale orders",
    "processing orders",
    "continuous",
    "lots",
    "collection",
    "theft of orders",
    "retention",
    "prepayment",
    "σ",
    "carried",
    "claims",
    "compensation",
    "cut orders",
    "orders given up",
    "orders over",
    "short-closed",
    "consigned inputs",
    "inputs returned",
    "a ceiling",
    "inputs retained or written off",
    "standing business and order lines on one line",
    "cause none",
    "cause capacity",
    "cause attendance",
    "cause no orders",
    "cause off-season",
    "cause rest",
    "cause no outlet",
    "cause input",
];

/// What must have been at work in large networks too.
const OPTIONS: [&str; 62] = [
    "a capacity crossing",
    "a leg with a limit",
    "a limit binds",
    "other traffic",
    "classes rank at a limit",
    "an alternative of standing flows",
    "an alternative of order lines",
    "an alternative of inputs",
    "a twin is delivered",
    "a twin is prepaid",
    "spoilt",
    "refused",
    "refusal event",
    "a warm-up",
    "exchange",
    "wages in another currency",
    "levies in another currency",
    "a rate changes",
    "exchange rate event",
    "a credit limit binds a flow",
    "a flow in another currency",
    "a credit limit binds an order line",
    "an order line in another currency",
    "compensation by its own means",
    "a default event",
    "marked insolvent",
    "stopped when insolvent",
    "rescued by a group",
    "rescued by the outside",
    "bad debt",
    "least served",
    "class priority",
    "oldest first",
    "an important input is missing",
    "another input is missing",
    "standing orders move",
    "a pure standby delivers",
    "an order line without an input that does not bind",
    "people are hired",
    "people are dismissed",
    "cause no cash",
    "cause forbidden",
    "a rule stops a flow",
    "a rule stops a share of a flow",
    "a rule stops a share of a plan",
    "a rule cuts an order line",
    "a rule keeps what is made",
    "a relation ends",
    "seized as drawn",
    "seized in expectation",
    "fined",
    "a fine waits for cash",
    "a fine in another currency",
    "cause frozen",
    "a flow waits before a place",
    "an order line waits before a place",
    "inputs wait before a place",
    "destroyed",
    "carried out",
    "forfeited",
    "sold off",
    "goods kept by makers",
];
