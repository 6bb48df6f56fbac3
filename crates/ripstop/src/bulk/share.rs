//! Bulk lines share out what they have, and sell; lines of any kind serve their bulk customers.

use rayon::prelude::*;

use super::passes::{add, cut};
use crate::plan::state::State;
use crate::plan::{Chunk, NONE, Plan};
use crate::rule::level::{Fill, compat, fill, pair};
use crate::rule::share::{self, proportional};

/// What one task writes when lines share out and sell.
struct Sharer<'a> {
    chunk: &'a Chunk,
    served: &'a mut [f64],
    finished: &'a mut [f64],
    waiting: &'a mut [f64],
    given: &'a mut [f64],
    sent: &'a mut [f64],
    demand: Demands<'a>,
}

/// Final demands of one task; what was sold of every product, what there is of it in the evening.
struct Demands<'a> {
    wanted: &'a mut [f64],
    met: &'a mut [f64],
    lost: &'a mut [f64],
    sold: &'a mut [f64],
    content: &'a mut [f64],
    /// Wanted and met of all, at prices.
    values: [f64; 2],
}

impl Demands<'_> {
    /// Final demand number `at` takes what it is given.
    fn sell(&mut self, at: usize, product: usize, price: f64) {
        let (wanted, met) = (self.wanted[at], self.met[at]);
        self.sold[product] += met;
        // Rounding of what is met is no unmet demand.
        self.lost[at] = if wanted - met <= 1e-12 * wanted { 0.0 } else { wanted - met };
        self.values[0] += wanted * price;
        self.values[1] += met * price;
    }
}

/// Bulk lines share out what they have, and sell; lines of any kind serve their bulk customers.
pub(crate) fn share(plan: &Plan, state: &mut State) {
    let bulk = &plan.bulk;
    if bulk.lines.is_empty() {
        return;
    }
    state.bulk_content.fill(0.0);
    for morning in state.bulk_morning.chunks(plan.network.products.len()) {
        add(&mut state.bulk_content, morning);
    }
    // Where one share per line is all there is to it, a line sells as soon as it has shared out.
    let alike = bulk.level_lines.is_empty() && bulk.market_last.is_empty();
    let values = share_all(plan, state, alike);
    let values = if alike {
        values
    } else {
        // Where a rule shares out, it has the last word.
        for &line in &bulk.market_last {
            market_last(plan, state, line as usize);
        }
        fill_all(plan, state);
        sell_all(plan, state)
    };
    close(plan, state, &values);
}

/// Every line by one share; those that sell at once too.
fn share_all(plan: &Plan, state: &mut State, sells: bool) -> Vec<[f64; 2]> {
    let bulk = &plan.bulk;
    let products = plan.network.products.len();
    let ends = || bulk.chunks.iter().map(|own| own.lines.end);
    let demands = || bulk.chunks.iter().map(|own| own.demands.end);
    let mut served = cut(&mut state.served, ends()).into_iter();
    let mut finished = cut(&mut state.finished, ends()).into_iter();
    let mut waiting = cut(if plan.keep_deliveries { &mut state.waiting_goods } else { &mut [] }, ends()).into_iter();
    let mut given = cut(&mut state.bulk_given, ends()).into_iter();
    let mut sent = cut(&mut state.bulk_sent, ends()).into_iter();
    let mut wanted = cut(&mut state.demand_wanted, demands()).into_iter();
    let mut met = cut(&mut state.demand_met, demands()).into_iter();
    let mut lost = cut(&mut state.demand_lost, demands()).into_iter();
    let mut sums = state.bulk_sums.chunks_mut(2 * products);
    let sharer = |chunk| {
        let (sold, content) = sums.next().unwrap_or_default().split_at_mut(products);
        Sharer {
            chunk,
            served: served.next().unwrap_or_default(),
            finished: finished.next().unwrap_or_default(),
            waiting: waiting.next().unwrap_or_default(),
            given: given.next().unwrap_or_default(),
            sent: sent.next().unwrap_or_default(),
            demand: Demands {
                wanted: wanted.next().unwrap_or_default(),
                met: met.next().unwrap_or_default(),
                lost: lost.next().unwrap_or_default(),
                sold,
                content,
                values: [0.0; 2],
            },
        }
    };
    let sharers: Vec<Sharer<'_>> = bulk.chunks.iter().map(sharer).collect();
    let asked = Asked { wanted: &state.wanted, ordered: &state.bulk_ordered, factor: &state.demand_factor };
    sharers.into_par_iter().map(|sharer| share_alike(plan, &asked, sells, sharer)).collect()
}

/// What all tasks see when lines share out: wanted in all and by bulk customers, per line; the factor of each final demand.
struct Asked<'a> {
    wanted: &'a [f64],
    ordered: &'a [f64],
    factor: &'a [f64],
}

/// The lines of one task: every order gets the same share. Returns final demand wanted and met, at prices.
fn share_alike(plan: &Plan, asked: &Asked<'_>, sells: bool, sharer: Sharer<'_>) -> [f64; 2] {
    let bulk = &plan.bulk;
    let Asked { wanted, ordered, factor } = asked;
    let Sharer { chunk, served, finished, waiting, given, sent, mut demand } = sharer;
    demand.sold.fill(0.0);
    demand.content.fill(0.0);
    let mut next = chunk.bulk.clone();
    for (at, l) in chunk.lines.clone().enumerate() {
        let served = &mut served[at];
        let i = if bulk.is_bulk[l] { next.next() } else { None };
        let product = i.map_or_else(|| plan.network.lines[l].product.index(), |i| bulk.product[i] as usize);
        let mut there = 0.0;
        if let Some(i) = i {
            let finished = &mut finished[at];
            *served = proportional(*finished, wanted[l]);
            *finished = (*finished - *served * wanted[l]).max(0.0);
            there = *finished;
            if let Some(waiting) = waiting.get_mut(at) {
                *waiting = *finished;
            }
            for (m, quantity) in bulk.demands_in(i..i + 1) {
                let m_at = m - chunk.demands.start;
                demand.wanted[m_at] = quantity * factor[m];
                demand.met[m_at] = demand.wanted[m_at] * *served;
                if sells {
                    demand.sell(m_at, product, plan.prices.line[l]);
                }
            }
        }
        given[at] = *served;
        sent[at] = *served * ordered[l];
        demand.content[product] += there + sent[at];
    }
    demand.values
}

/// Final demands of a line, bulk or not, and units per day of each. `i`: its bulk line, if it is one.
fn demands_of(plan: &Plan, l: usize, i: Option<usize>) -> impl Iterator<Item = (usize, f64)> + Clone + '_ {
    let own = i.map_or(0..0, |i| i..i + 1);
    let first = plan.mixed_demands.partition_point(|&(line, _)| (line as usize) < l);
    let mixed = plan.mixed_demands[first..].iter().take_while(move |&&(line, _)| line as usize == l);
    let quantity = |m: usize| plan.network.demands[m].quantity_per_day;
    plan.bulk.demands_in(own).chain(mixed.map(move |&(_, m)| (m as usize, quantity(m as usize))))
}

/// Standing flows by the general rules of a line whose rule acts here.
fn flows_of(plan: &Plan, l: usize) -> impl Iterator<Item = usize> + Clone + '_ {
    let first = plan.mixed_flows.partition_point(|&(line, _)| (line as usize) < l);
    plan.mixed_flows[first..].iter().take_while(move |&&(line, _)| line as usize == l).map(|&(_, flow)| flow as usize)
}

/// Firms first, by one share; final demand gets what they leave.
fn market_last(plan: &Plan, state: &mut State, l: usize) {
    let available = state.served[l] * state.wanted[l];
    let ordered = state.bulk_ordered[l] + flows_of(plan, l).map(|flow| state.ordered[flow]).sum::<f64>();
    let share = proportional(available, ordered);
    state.bulk_given[l] = share;
    state.bulk_sent[l] = share * state.bulk_ordered[l];
    flows_of(plan, l).for_each(|flow| state.shipped[flow] = share * state.ordered[flow]);
    let demands = demands_of(plan, l, plan.bulk.lines.binary_search(&(l as u32)).ok());
    let wanted: f64 = demands.clone().map(|(m, _)| state.demand_wanted[m]).sum();
    let share = share::market_last(available, ordered, wanted);
    demands.for_each(|(m, _)| state.demand_met[m] = share * state.demand_wanted[m]);
}

/// Numbers of a fill as stored: level, over, first, market, sent to bulk customers.
const FILL: usize = 5;

/// Lines that fill orders up to a level: bucket of sellers by bucket, each line for itself; then what they gave is booked.
fn fill_all(plan: &Plan, state: &mut State) {
    let bulk = &plan.bulk;
    if bulk.level_lines.is_empty() {
        return;
    }
    let mut fills = std::mem::take(&mut state.bulk_fills);
    let buckets = plan.network.lines.len().div_ceil(bulk.bucket);
    let parts = cut(fills.as_chunks_mut::<FILL>().0, (0..buckets).map(|bucket| bulk.level_lines_in_bucket(bucket).end));
    parts
        .into_par_iter()
        .enumerate()
        .for_each_init(Table::default, |table, (bucket, fills)| fill_bucket(plan, state, bucket, table, fills));
    book(plan, state, fills.as_chunks().0);
    book_mixed(plan, state, fills.as_chunks().0);
    if plan.network.settings.compat.is_some() {
        book_compat(plan, state, fills.as_chunks().0);
    }
    state.bulk_fills = fills;
}

/// Room for the customers of a bucket of sellers.
#[derive(Default)]
struct Table {
    /// Customer of the bucket → what it ordered; in compat, over its normal order.
    asked: Vec<f64>,
    /// Order over normal order, normal order of every customer of one line.
    customers: Vec<(f64, f64)>,
}

/// Bulk customers of one line: what each ordered (in compat, over its normal order), and its normal order.
#[derive(Clone, Copy)]
struct Customers<'a> {
    asked: &'a [f64],
    normal: &'a [f64],
}

/// The level lines of a bucket. Messages come tile by tile; they are sorted by seller first, so that no seller has to look for its
/// customers all over memory.
fn fill_bucket(plan: &Plan, state: &State, bucket: usize, table: &mut Table, fills: &mut [[f64; FILL]]) {
    let bulk = &plan.bulk;
    let compat = plan.network.settings.compat.is_some();
    let own = bulk.level_lines_in_bucket(bucket);
    let short = |d: usize| state.served[bulk.level_lines[d] as usize] < 1.0;
    let first = bucket * bulk.bucket;
    let last = plan.network.lines.len().min(first + bulk.bucket);
    let from = bulk.first_customer[first] as usize;
    if compat || own.clone().any(short) {
        table.asked.resize(bulk.first_customer[last] as usize - from, 0.0);
        let answers = if compat { &state.bulk_ratio } else { &state.bulk_messages };
        let buckets = bulk.buckets();
        for own in (0..bulk.tiles.len()).map(|tile| bulk.messages_to(tile, bucket, buckets)) {
            for (answer, &customer) in answers[own.clone()].iter().zip(&bulk.message_customer[own]) {
                table.asked[customer as usize] = *answer;
            }
        }
    }
    let Table { asked, customers: room } = table;
    for (d, fill) in own.zip(fills) {
        let own = bulk.customers_of(bulk.level_lines[d] as usize);
        let asked = asked.get(own.start - from..own.end - from).unwrap_or_default();
        let own = Customers { asked, normal: &bulk.customer_normal[own] };
        *fill = if compat {
            fill_line_compat(plan, state, d, own, room)
        } else if short(d) {
            fill_line(plan, state, d, own, room)
        } else {
            [f64::INFINITY, f64::INFINITY, 0.0, f64::INFINITY, state.bulk_ordered[bulk.level_lines[d] as usize]]
        };
    }
}

/// Order over normal order, and normal order; without a normal order today's is as normal as any.
fn as_normal(wanted: f64, normal: f64) -> (f64, f64) {
    if normal > 0.0 { (wanted / normal, normal) } else { (1.0, wanted) }
}

fn flow_pair(plan: &Plan, state: &State, flow: usize) -> (f64, f64) {
    as_normal(state.ordered[flow], plan.standing.normal[flow])
}

/// The bulk line that level line `d` is, if it is one.
fn bulk_line_of(plan: &Plan, d: usize) -> Option<usize> {
    let i = plan.bulk.level_bulk[d];
    (i != NONE).then_some(i as usize)
}

/// What level line `d`, which is short, gives. `customers`: room.
fn fill_line(plan: &Plan, state: &State, d: usize, own: Customers<'_>, customers: &mut Vec<(f64, f64)>) -> [f64; FILL] {
    let bulk = &plan.bulk;
    let l = bulk.level_lines[d] as usize;
    let available = state.served[l] * state.wanted[l];
    let markets = || demands_of(plan, l, bulk_line_of(plan, d)).map(|(m, quantity)| as_normal(state.demand_wanted[m], quantity));
    let others = || flows_of(plan, l).map(|flow| flow_pair(plan, state, flow));
    customers.clear();
    customers.extend(own.asked.iter().zip(own.normal).map(|(&asked, &normal)| pair(asked, normal)).chain(others()));
    let given = |level: f64, to: &mut dyn Iterator<Item = (f64, f64)>| to.map(|(ratio, normal)| ratio.min(level) * normal).sum::<f64>();
    if bulk.level_market_last[d] {
        let wanted = state.bulk_ordered[l] + given(f64::INFINITY, &mut others());
        let level = if wanted <= available { f64::INFINITY } else { fill(available, customers) };
        let market = share::market_last(available, wanted, given(f64::INFINITY, &mut markets()));
        let sent = available.min(wanted) - given(level, &mut others());
        return [level, level, 0.0, market, sent.max(0.0)];
    }
    customers.extend(markets());
    let level = fill(available, customers);
    let sent = available - given(level, &mut others()) - given(level, &mut markets());
    [level, level, 0.0, level, sent.max(0.0)]
}

/// What level line `d` gives by the program's loop. `customers`: room.
fn fill_line_compat(plan: &Plan, state: &State, d: usize, own: Customers<'_>, customers: &mut Vec<(f64, f64)>) -> [f64; FILL] {
    let bulk = &plan.bulk;
    let l = bulk.level_lines[d] as usize;
    let own = || own.asked.iter().copied().zip(own.normal.iter().copied());
    customers.clear();
    customers.extend(own().chain(flows_of(plan, l).map(|flow| flow_pair(plan, state, flow))));
    let markets = demands_of(plan, l, bulk_line_of(plan, d)).map(|(m, quantity)| as_normal(state.demand_wanted[m], quantity));
    // The program sorts nothing; here customers are sorted, or a seller of many would not be affordable.
    let fill = compat_with_markets(customers, markets, state.served[l] * state.wanted[l], bulk.level_market_last[d]);
    let sent = own().map(|(ratio, normal)| fill.gives(ratio) * normal).sum();
    [fill.level, fill.over, fill.first, fill.market, sent]
}

fn compat_with_markets(customers: &mut [(f64, f64)], markets: impl Iterator<Item = (f64, f64)>, available: f64, last: bool) -> Fill {
    let (wanted, normal) = markets.fold((0.0, 0.0), |(wanted, all), (ratio, normal)| (wanted + ratio * normal, all + normal));
    // A seller without final demand has a household of size nothing in the program's loop.
    let ratio = if normal > 0.0 { wanted / normal } else { 1.0 };
    if last {
        let ordered: f64 = customers.iter().map(|(ratio, normal)| ratio * normal).sum();
        let fill = compat(available.min(ordered), customers, (0.0, 0.0));
        return Fill { market: if wanted > 0.0 { share::market_last(available, ordered, wanted) * ratio } else { 0.0 }, ..fill };
    }
    compat(available, customers, (ratio, normal))
}

/// What final demand gets of level line `d`; `market`: of its fill.
fn met(plan: &Plan, d: usize, market: f64, wanted: f64, quantity: f64) -> f64 {
    let (ratio, normal) = as_normal(wanted, quantity);
    match (plan.network.settings.compat.is_some(), plan.bulk.level_market_last[d]) {
        (true, _) => market * normal,
        (false, true) => wanted * market.min(1.0),
        (false, false) => market.min(ratio) * normal,
    }
}

/// Books what level lines give bulk customers and the final demand of bulk lines.
fn book(plan: &Plan, state: &mut State, fills: &[[f64; FILL]]) {
    let bulk = &plan.bulk;
    let ends = || bulk.chunks.iter().map(|own| own.lines.end);
    let given = cut(&mut state.bulk_given, ends());
    let sent = cut(&mut state.bulk_sent, ends());
    let demand_met = cut(&mut state.demand_met, bulk.chunks.iter().map(|own| own.demands.end));
    let wanted = &state.demand_wanted;
    let parts = given.into_par_iter().zip(sent).zip(demand_met).zip(&bulk.chunks);
    parts.for_each(|(((given, sent), demand_met), own)| {
        let at = |line: usize| bulk.level_lines.partition_point(|&own| (own as usize) < line);
        let first = at(own.lines.start);
        for (d, &[level, _, _, market, to_firms]) in (first..).zip(&fills[first..at(own.lines.end)]) {
            let l = bulk.level_lines[d] as usize;
            // The sign says that it is a level, of zero too.
            given[l - own.lines.start] = -level;
            sent[l - own.lines.start] = to_firms;
            for (m, quantity) in bulk_line_of(plan, d).into_iter().flat_map(|i| bulk.demands_in(i..i + 1)) {
                demand_met[m - own.demands.start] = met(plan, d, market, wanted[m], quantity);
            }
        }
    });
}

/// Books what level lines give to flows and final demand of the general rules.
fn book_mixed(plan: &Plan, state: &mut State, fills: &[[f64; FILL]]) {
    let number = |line: u32| plan.bulk.level_lines.binary_search(&line).ok();
    for &(line, flow) in &plan.mixed_flows {
        let Some([level, over, first, market, _]) = number(line).map(|d| fills[d]) else { continue };
        let (ratio, normal) = flow_pair(plan, state, flow as usize);
        state.shipped[flow as usize] = Fill { level, over, first, market }.gives(ratio) * normal;
    }
    for &(line, m) in &plan.mixed_demands {
        let (Some(d), m) = (number(line), m as usize) else { continue };
        state.demand_met[m] = met(plan, d, fills[d][3], state.demand_wanted[m], plan.network.demands[m].quantity_per_day);
    }
}

/// Books what the program's loop gives beyond the level, and by how much it gives more or less than there is.
fn book_compat(plan: &Plan, state: &mut State, fills: &[[f64; FILL]]) {
    for (d, (&line, &[_, over, first, _, sent])) in plan.bulk.level_lines.iter().zip(fills).enumerate() {
        let l = line as usize;
        (state.bulk_over[l], state.bulk_first[l]) = (over, first);
        let mut given = sent;
        flows_of(plan, l).for_each(|flow| given += state.shipped[flow]);
        demands_of(plan, l, bulk_line_of(plan, d)).for_each(|(m, _)| given += state.demand_met[m]);
        state.misallocated[plan.network.lines[l].product.index()] += given - state.served[l] * state.wanted[l];
    }
}

/// Final demand of bulk lines is used, where rules shared out first.
fn sell_all(plan: &Plan, state: &mut State) -> Vec<[f64; 2]> {
    let bulk = &plan.bulk;
    let products = plan.network.products.len();
    let demands = || bulk.chunks.iter().map(|own| own.demands.end);
    let columns = cut(&mut state.demand_wanted, demands()).into_par_iter().zip(cut(&mut state.demand_met, demands()));
    let columns = columns.zip(cut(&mut state.demand_lost, demands()));
    let sums = state.bulk_sums[..2 * products * bulk.chunks.len()].par_chunks_mut(2 * products);
    let (finished, gone) = (&state.finished, &state.bulk_sent);
    let parts = columns.zip(sums).zip(&bulk.chunks);
    parts
        .map(|((((wanted, met), lost), sums), own)| {
            let (sold, content) = sums.split_at_mut(products);
            sell_part(plan, finished, gone, own, Demands { wanted, met, lost, sold, content, values: [0.0; 2] })
        })
        .collect()
}

/// The lines of one task; returns final demand wanted and met, at prices.
fn sell_part(plan: &Plan, finished: &[f64], sent: &[f64], own: &Chunk, mut demand: Demands<'_>) -> [f64; 2] {
    let bulk = &plan.bulk;
    demand.sold.fill(0.0);
    demand.content.fill(0.0);
    let mut next = own.bulk.clone();
    for l in own.lines.clone() {
        let i = if bulk.is_bulk[l] { next.next() } else { None };
        let product = i.map_or_else(|| plan.network.lines[l].product.index(), |i| bulk.product[i] as usize);
        for &m in i.map_or(&[][..], |i| bulk.demands_of(i)) {
            demand.sell(m as usize - own.demands.start, product, plan.prices.line[l]);
        }
        demand.content[product] += if i.is_some() { finished[l] } else { 0.0 } + sent[l];
    }
    demand.values
}

/// What was sold, and what bulk goods there are in the evening.
fn close(plan: &Plan, state: &mut State, values: &[[f64; 2]]) {
    let products = plan.network.products.len();
    for sums in state.bulk_sums.chunks(2 * products).take(plan.bulk.chunks.len()) {
        let (sold, content) = sums.split_at(products);
        add(&mut state.sold, sold);
        add(&mut state.bulk_content, content);
    }
    state.bulk_content.iter_mut().zip(&state.bulk_used).for_each(|(sum, used)| *sum -= used);
    if let [.., wanted, met] = &mut state.bulk_totals[..] {
        (*wanted, *met) = (values.iter().map(|v| v[0]).sum(), values.iter().map(|v| v[1]).sum());
    }
}
