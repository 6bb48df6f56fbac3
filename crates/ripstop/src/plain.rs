//! The day of plain lines: the phases' arithmetic for lines and contracts that ask nothing special ([`crate::plan::Plain`]).
//!
//! The rules are those of the phases, term by term; only what cannot occur is left out. Results equal those of the general rules up to
//! rounding (`tests/plain.rs`). Work is cut into tasks by the network alone and sums are added in order of task, so any number of threads
//! gives the same bits.

use rayon::prelude::*;

use crate::cause::Cause;
use crate::level::{Deal, compat, fill};
use crate::network::{Compat, PlanRate, Rationing};
use crate::phases::order::capacity_today;
use crate::phases::ration::proportional;
use crate::plan::Plan;
use crate::state::State;
use crate::sweep::{Evening, Part, post, rule, sweep};

/// The steady state: yesterday morning's stock was n·need, its orders are on the way.
pub(crate) fn fill_steady(plan: &Plan, state: &mut State) {
    let plain = &plan.plain;
    for (i, &line) in plain.lines.iter().enumerate() {
        let rate = plan.steady_rate[line as usize];
        state.plain_rate[line as usize] = rate;
        for row in plain.rows(i) {
            let need = plain.row_use[row] * rate;
            let cells = plain.first_cell[row] as usize..plain.first_cell[row + 1] as usize;
            let filled = if plain.flows_of(row).is_empty() { 0.0 } else { plain.paces[plain.row_pace[row] as usize].stock_days * need };
            state.plain_stock[cells].fill(filled);
            for flow in plain.flows_of(row) {
                state.plain_sent[plain.seller[flow] as usize] += plain.share[flow] * need;
            }
        }
    }
    if !plain.lines.is_empty() {
        state.plain_given.fill(1.0);
    }
}

/// What arrives and what is ordered: the sweep, and what every seller makes of it.
pub(crate) fn order(plan: &Plan, state: &mut State) {
    let plain = &plan.plain;
    if plain.lines.is_empty() {
        return;
    }
    std::mem::swap(&mut state.plain_rate, &mut state.plain_rate_before);
    rates(plan, state);
    let level = if plain.dealt.is_empty() { rule::SHARE } else { rule::LEVEL };
    match (level, plan.network.settings.compat) {
        (rule::LEVEL, Some(Compat::InoueTodo2019)) => sweep_all::<{ rule::COMPAT }>(plan, state),
        (rule::LEVEL, None) => sweep_all::<{ rule::LEVEL }>(plan, state),
        _ => sweep_all::<{ rule::SHARE }>(plan, state),
    }
    collect(plan, state);
}

/// The rate of output plain lines order inputs for.
fn rates(plan: &Plan, state: &mut State) {
    match plan.network.settings.plan_rate {
        PlanRate::Realised => state.plain_rate.copy_from_slice(&state.output),
        PlanRate::Demand => {
            for (i, &line) in plan.plain.lines.iter().enumerate() {
                let l = line as usize;
                state.plain_rate[l] = state.expected[l].min(capacity_today(plan.plain.capacity[i], state.capacity_factor[l]));
            }
        }
    }
}

/// Cuts a column at the bounds of tasks.
pub(crate) fn cut<T>(mut column: &mut [T], bounds: impl Iterator<Item = usize>) -> Vec<&mut [T]> {
    let mut parts = Vec::new();
    let mut from = 0;
    for to in bounds {
        // Columns that are not needed are empty.
        let (part, rest) = column.split_at_mut((to - from).min(column.len()));
        parts.push(part);
        (column, from) = (rest, to);
    }
    parts
}

fn sweep_all<const RULE: u8>(plan: &Plan, state: &mut State) {
    let plain = &plan.plain;
    let lines = plan.network.lines.len();
    let products = plan.network.products.len();
    let ends = || plain.chunks[1..].iter().copied();
    let row_at = |i: usize| plain.first_row[i] as usize;
    let stocks = cut(&mut state.plain_stock, ends().map(|i| plain.first_cell[row_at(i)] as usize));
    let mut ratios = cut(&mut state.plain_ratio, ends().map(|i| plain.first_flow[row_at(i)] as usize)).into_iter();
    let mut letters = cut(&mut state.plain_letters, ends().map(|i| plain.first_flow[row_at(i)] as usize)).into_iter();
    let mut arrivals = cut(&mut state.plain_arrived, ends().map(|i| plain.first_flow[row_at(i)] as usize)).into_iter();
    let mut bounds = cut(&mut state.plain_bound, ends()).into_iter();
    let mut scarce = cut(&mut state.plain_scarce, ends()).into_iter();
    let mut orders = state.plain_orders.chunks_mut(lines);
    let mut mornings = state.plain_morning.chunks_mut(products);
    let mut parts: Vec<Part<1>> = Vec::with_capacity(stocks.len());
    for (task, stock) in stocks.into_iter().enumerate() {
        parts.push(Part {
            lines: plain.chunks[task]..plain.chunks[task + 1],
            stock: lanes(stock),
            bound: lanes(bounds.next().unwrap_or_default()),
            scarce: scarce.next().unwrap_or_default(),
            letters: lanes(letters.next().unwrap_or_default()),
            ratio: lanes(ratios.next().unwrap_or_default()),
            arrived: arrivals.next().unwrap_or_default(),
            ordered: lanes(orders.next().unwrap_or_default()),
            content: lanes(mornings.next().unwrap_or_default()),
        });
    }
    let before = Evening {
        rate: lane(&state.plain_rate_before),
        output: lane(&state.output),
        given: lane(&state.plain_given),
        over: lane(&state.plain_over),
        first: lane(&state.plain_first),
    };
    let rate = lane(&state.plain_rate);
    parts.par_iter_mut().enumerate().for_each(|(task, part)| {
        part.ordered.fill([0.0]);
        part.content.fill([0.0]);
        post(plain, task, before.given, part.letters);
        sweep::<1, RULE>(plain, &before, rate, part);
        crate::sweep::collect(plain, task, part.letters, part.ordered);
    });
}

/// A column as cells of one lane.
fn lane(column: &[f64]) -> &[[f64; 1]] {
    column.as_chunks().0
}

fn lanes(column: &mut [f64]) -> &mut [[f64; 1]] {
    column.as_chunks_mut().0
}

/// Adds up what every line was asked for: plain orders and the final demand of plain lines.
fn collect(plan: &Plan, state: &mut State) {
    let plain = &plan.plain;
    let lines = plan.network.lines.len();
    let (first, others) = state.plain_orders.split_at(lines);
    state.plain_ordered.copy_from_slice(first);
    for task in others.chunks(lines) {
        state.plain_ordered.iter_mut().zip(task).for_each(|(sum, ordered)| *sum += ordered);
    }
    for (l, &ordered) in state.plain_ordered.iter().enumerate() {
        if plain.is_plain[l] {
            state.received[l] = ordered;
            state.wanted[l] = ordered;
        } else {
            state.received[l] += ordered;
            state.wanted[l] += ordered;
        }
    }
    for (i, &line) in plain.lines.iter().enumerate() {
        for &m in plain.demands_of(i) {
            let wanted = plan.network.demands[m as usize].quantity_per_day * state.demand_factor[m as usize];
            state.demand_wanted[m as usize] = wanted;
            state.received[line as usize] += wanted;
            state.wanted[line as usize] += wanted;
        }
    }
}

/// Plain lines make what orders, capacity and inputs allow.
pub(crate) fn produce(plan: &Plan, state: &mut State) {
    let plain = &plan.plain;
    state.plain_used.fill(0.0);
    let (mut output_value, mut value_added) = (0.0, 0.0);
    for (i, &line) in plain.lines.iter().enumerate() {
        let l = line as usize;
        let open = state.wanted[l] - state.finished[l];
        let capacity = capacity_today(plain.capacity[i], state.capacity_factor[l]);
        let made = makes(open, capacity, state.plain_bound[i]);
        state.cause[l] = cause(plan, state, i, l, open, capacity).code();
        state.output[l] = made;
        state.output_value[l] = made * plan.line_price[l];
        state.value_added[l] = made * (plan.line_price[l] - plan.own_input_value[l]);
        output_value += state.output_value[l];
        value_added += state.value_added[l];
        state.finished[l] += made;
        state.produced[plain.product[i] as usize] += made;
        for row in plain.rows(i) {
            state.plain_used[plain.row_product[row] as usize] += plain.row_use[row] * made;
        }
    }
    state.used.iter_mut().zip(&state.plain_used).for_each(|(used, plain)| *used += plain);
    if let [output, added, ..] = &mut state.plain_totals[..] {
        (*output, *added) = (output_value, value_added);
    }
}

/// x = min(open orders − finished stock, capacity, inputs).
#[inline(always)]
pub(crate) fn makes(open: f64, capacity: f64, bound: f64) -> f64 {
    open.max(0.0).min(capacity).min(bound)
}

fn cause(plan: &Plan, state: &State, i: usize, l: usize, open: f64, capacity: f64) -> Cause {
    if open > 0.0 {
        if state.plain_bound[i] < open.min(capacity) {
            Cause::Input(state.plain_scarce[i])
        } else if capacity < open {
            Cause::Capacity
        } else {
            Cause::None
        }
    } else if state.blocked[l] > 0.0 {
        Cause::NoOutlet
    } else if state.wanted[l] > 0.0 {
        Cause::None
    } else if state.forbidden.get(l).is_some_and(|&stopped| stopped > 0.0) {
        Cause::Forbidden
    } else if plan.line_steady[l] || !plan.plain.demands_of(i).is_empty() || state.withheld[l] > 0.0 {
        Cause::NoOrders
    } else {
        Cause::OffSeason
    }
}

/// Plain lines share out what they have; lines of any kind deal with their plain customers.
pub(crate) fn share(plan: &Plan, state: &mut State) {
    let plain = &plan.plain;
    if plain.lines.is_empty() {
        return;
    }
    for (i, &line) in plain.lines.iter().enumerate() {
        let l = line as usize;
        let served = proportional(state.finished[l], state.wanted[l]);
        state.served[l] = served;
        state.finished[l] = (state.finished[l] - served * state.wanted[l]).max(0.0);
        state.waiting_goods[l] = state.finished[l];
        state.plain_given[l] = served;
        state.plain_sent[l] = served * state.plain_ordered[l];
        for &m in plain.demands_of(i) {
            state.demand_met[m as usize] = state.demand_wanted[m as usize] * served;
        }
    }
    for &line in &plan.general_lines {
        let l = line as usize;
        state.plain_given[l] = state.served[l];
        state.plain_sent[l] = state.served[l] * state.plain_ordered[l];
    }
    // Where a rule shares out, it has the last word.
    for &line in &plain.market_last {
        market_last(plan, state, line as usize);
    }
    deal_all(plan, state);
    sell(plan, state);
}

/// Final demands of a line, plain or not.
fn demands_of(plan: &Plan, l: usize) -> impl Iterator<Item = usize> + Clone + '_ {
    let plain = &plan.plain;
    let own = plain.lines.binary_search(&(l as u32)).map_or(&[][..], |i| plain.demands_of(i));
    let first = plan.mixed_demands.partition_point(|&(line, _)| (line as usize) < l);
    let mixed = plan.mixed_demands[first..].iter().take_while(move |&&(line, _)| line as usize == l);
    own.iter().map(|&m| m as usize).chain(mixed.map(|&(_, m)| m as usize))
}

/// Standing flows by the general rules of a line whose rule is dealt with here.
fn flows_of(plan: &Plan, l: usize) -> impl Iterator<Item = usize> + Clone + '_ {
    let first = plan.mixed_flows.partition_point(|&(line, _)| (line as usize) < l);
    plan.mixed_flows[first..].iter().take_while(move |&&(line, _)| line as usize == l).map(|&(_, flow)| flow as usize)
}

/// Firms first, by one share; final demand gets what they leave.
fn market_last(plan: &Plan, state: &mut State, l: usize) {
    let available = state.served[l] * state.wanted[l];
    let ordered = state.plain_ordered[l] + flows_of(plan, l).map(|flow| state.ordered[flow]).sum::<f64>();
    let share = proportional(available, ordered);
    state.plain_given[l] = share;
    state.plain_sent[l] = share * state.plain_ordered[l];
    flows_of(plan, l).for_each(|flow| state.shipped[flow] = share * state.ordered[flow]);
    let wanted: f64 = demands_of(plan, l).map(|m| state.demand_wanted[m]).sum();
    let share = proportional((available - ordered).max(0.0), wanted);
    demands_of(plan, l).for_each(|m| state.demand_met[m] = share * state.demand_wanted[m]);
}

/// Numbers of a deal as stored: level, over, first, market, sent to plain customers.
const DEAL: usize = 5;
/// Dealt lines of one task.
const DEALS_PER_TASK: usize = 8192;

/// Lines that fill orders up to a level: each for itself, then what they gave is booked.
fn deal_all(plan: &Plan, state: &mut State) {
    let plain = &plan.plain;
    if plain.dealt.is_empty() {
        return;
    }
    let mut deals = std::mem::take(&mut state.plain_deals);
    let one = |(d, deal): (usize, &mut [f64; DEAL])| *deal = deal_one(plan, state, d);
    deals.as_chunks_mut::<DEAL>().0.par_iter_mut().enumerate().with_min_len(DEALS_PER_TASK).for_each(one);
    for (&line, deal) in plain.dealt.iter().zip(deals.as_chunks::<DEAL>().0) {
        book(plan, state, line as usize, deal);
    }
    state.plain_deals = deals;
}

/// Order over normal order, and normal order; without a normal order today's is as normal as any.
fn pair(wanted: f64, normal: f64) -> (f64, f64) {
    if normal > 0.0 { (wanted / normal, normal) } else { (1.0, wanted) }
}

fn flow_pair(plan: &Plan, state: &State, flow: usize) -> (f64, f64) {
    pair(state.ordered[flow], plan.standing.normal[flow])
}

fn market_pair(plan: &Plan, state: &State, m: usize) -> (f64, f64) {
    pair(state.demand_wanted[m], plan.network.demands[m].quantity_per_day)
}

/// What dealt line `d` gives.
fn deal_one(plan: &Plan, state: &State, d: usize) -> [f64; DEAL] {
    let plain = &plan.plain;
    let l = plain.dealt[d] as usize;
    let available = state.served[l] * state.wanted[l];
    let own = plain.first_dealt[d] as usize..plain.first_dealt[d + 1] as usize;
    let (letters, normals) = (&plain.dealt_letter[own.clone()], &plain.dealt_normal[own]);
    let customers = || letters.iter().map(|&letter| state.plain_ratio[letter as usize]).zip(normals.iter().copied());
    let firms = || customers().chain(flows_of(plan, l).map(|flow| flow_pair(plan, state, flow)));
    let markets = || demands_of(plan, l).map(|m| market_pair(plan, state, m));
    let last = plan.network.lines[l].rationing == Rationing::LeastServedMarketLast;
    let deal = if plan.network.settings.compat.is_some() {
        compat_deal(firms(), markets(), available, last)
    } else if state.served[l] >= 1.0 {
        return [f64::INFINITY, f64::INFINITY, 0.0, f64::INFINITY, state.plain_ordered[l]];
    } else if last {
        let wanted: f64 = firms().map(|(ratio, normal)| ratio * normal).sum();
        let level = if wanted <= available { f64::INFINITY } else { fill(available, firms) };
        let market: f64 = markets().map(|(ratio, normal)| ratio * normal).sum();
        Deal { level, over: level, first: 0.0, market: proportional((available - wanted).max(0.0), market) }
    } else {
        let level = fill(available, || firms().chain(markets()));
        Deal { level, over: level, first: 0.0, market: level }
    };
    let sent = customers().map(|(ratio, normal)| got(&deal, ratio) * normal).sum();
    [deal.level, deal.over, deal.first, deal.market, sent]
}

fn compat_deal(firms: impl Iterator<Item = (f64, f64)>, markets: impl Iterator<Item = (f64, f64)>, available: f64, last: bool) -> Deal {
    let (wanted, normal) = markets.fold((0.0, 0.0), |(wanted, all), (ratio, normal)| (wanted + ratio * normal, all + normal));
    // The program sorts nothing; sorting a copy is what makes a seller of many customers affordable.
    let mut customers: Vec<(f64, f64)> = firms.collect();
    // A seller without final demand has a household of size nothing in the program's loop.
    let ratio = if normal > 0.0 { wanted / normal } else { 1.0 };
    if last {
        let ordered: f64 = customers.iter().map(|(ratio, normal)| ratio * normal).sum();
        let deal = compat(available.min(ordered), &mut customers, (0.0, 0.0));
        return Deal { market: if wanted > 0.0 { proportional((available - ordered).max(0.0), wanted) * ratio } else { 0.0 }, ..deal };
    }
    compat(available, &mut customers, (ratio, normal))
}

/// What a customer gets, in normal orders.
fn got(deal: &Deal, ratio: f64) -> f64 {
    if ratio > deal.level {
        deal.over
    } else if ratio == 0.0 {
        deal.first
    } else {
        ratio
    }
}

fn book(plan: &Plan, state: &mut State, l: usize, numbers: &[f64; DEAL]) {
    let [level, over, first, market, sent] = *numbers;
    let deal = Deal { level, over, first, market };
    // The sign says that it is a level, of zero too.
    state.plain_given[l] = -level;
    state.plain_sent[l] = sent;
    let mut given = sent;
    for flow in flows_of(plan, l) {
        let (ratio, normal) = flow_pair(plan, state, flow);
        state.shipped[flow] = got(&deal, ratio) * normal;
        given += state.shipped[flow];
    }
    let compat = plan.network.settings.compat.is_some();
    let last = plan.network.lines[l].rationing == Rationing::LeastServedMarketLast;
    for m in demands_of(plan, l) {
        let (ratio, normal) = market_pair(plan, state, m);
        state.demand_met[m] = match (compat, last) {
            (true, _) => market * normal,
            (false, true) => state.demand_wanted[m] * market.min(1.0),
            (false, false) => market.min(ratio) * normal,
        };
        given += state.demand_met[m];
    }
    if compat {
        (state.plain_over[l], state.plain_first[l]) = (over, first);
        state.misdealt[plan.network.lines[l].product.index()] += given - state.served[l] * state.wanted[l];
    }
}

/// Final demand of plain lines is used; what plain goods there are in the evening.
fn sell(plan: &Plan, state: &mut State) {
    let plain = &plan.plain;
    let (mut wanted_value, mut met_value) = (0.0, 0.0);
    let products = plan.network.products.len();
    state.plain_content.fill(0.0);
    for task in state.plain_morning.chunks(products) {
        state.plain_content.iter_mut().zip(task).for_each(|(sum, morning)| *sum += morning);
    }
    for (i, &line) in plain.lines.iter().enumerate() {
        let (l, product) = (line as usize, plain.product[i] as usize);
        for &m in plain.demands_of(i) {
            let m = m as usize;
            let (wanted, met) = (state.demand_wanted[m], state.demand_met[m]);
            state.sold[product] += met;
            // Rounding of what is met is no unmet demand.
            state.demand_lost[m] = if wanted - met <= 1e-12 * wanted { 0.0 } else { wanted - met };
            wanted_value += wanted * plan.line_price[l];
            met_value += met * plan.line_price[l];
        }
        state.plain_content[product] += state.finished[l] + state.plain_sent[l];
    }
    for &line in &plan.general_lines {
        state.plain_content[plan.network.lines[line as usize].product.index()] += state.plain_sent[line as usize];
    }
    state.plain_content.iter_mut().zip(&state.plain_used).for_each(|(sum, used)| *sum -= used);
    if let [.., wanted, met] = &mut state.plain_totals[..] {
        (*wanted, *met) = (wanted_value, met_value);
    }
}

/// Calls `visit(plain line, row, stock in the evening)` for every plain row.
pub(crate) fn for_stocks(plan: &Plan, state: &State, mut visit: impl FnMut(usize, usize, f64)) {
    let plain = &plan.plain;
    for (i, &line) in plain.lines.iter().enumerate() {
        for row in plain.rows(i) {
            let cells = &state.plain_stock[plain.first_cell[row] as usize..plain.first_cell[row + 1] as usize];
            let by_supplier = plain.paces[plain.row_pace[row] as usize].by_supplier;
            let morning: f64 =
                if by_supplier { cells.iter().zip(&plain.share[plain.flows_of(row)]).map(|(x, share)| x * share).sum() } else { cells[0] };
            visit(i, row, (morning - plain.row_use[row] * state.output[line as usize]).max(0.0));
        }
    }
}

/// What a plain flow is sent today.
pub(crate) fn sent(plan: &Plan, state: &State, i: usize, row: usize, flow: usize) -> f64 {
    let plain = &plan.plain;
    let pace = &plain.paces[plain.row_pace[row] as usize];
    let need = plain.row_use[row] * state.plain_rate[plain.lines[i] as usize];
    let at = if pace.by_supplier { flow - plain.first_flow[row] as usize } else { 0 };
    let order = (need + (pace.stock_days * need - state.plain_stock[plain.first_cell[row] as usize + at]) * pace.restock_rate).max(0.0);
    let given = state.plain_given[plain.seller[flow] as usize];
    if given.is_sign_positive() {
        return plain.share[flow] * order * given;
    }
    let seller = plain.seller[flow] as usize;
    let extra = |column: &[f64], otherwise: f64| column.get(seller).copied().unwrap_or(otherwise);
    let deal = Deal { level: -given, over: extra(&state.plain_over, -given), first: extra(&state.plain_first, 0.0), market: 0.0 };
    let normal = plain.row_normal[row];
    plain.share[flow] * got(&deal, order / normal) * normal
}

/// Adds what plain goods there are to the sums per product, from the whole state.
pub(crate) fn tally(plan: &Plan, state: &State, content: &mut [f64]) {
    let plain = &plan.plain;
    if plain.lines.is_empty() {
        return;
    }
    for_stocks(plan, state, |_, row, stock| content[plain.row_product[row] as usize] += stock);
    for (i, &line) in plain.lines.iter().enumerate() {
        content[plain.product[i] as usize] += state.finished[line as usize];
    }
    for (line, sent) in plan.network.lines.iter().zip(&state.plain_sent) {
        content[line.product.index()] += sent;
    }
}
