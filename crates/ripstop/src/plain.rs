//! The day of plain lines: the phases' arithmetic for lines and contracts that ask nothing special ([`crate::plan::Plain`]).
//!
//! The rules are those of the phases, term by term; only what cannot occur is left out. Results equal those of the general rules up to
//! rounding (`tests/plain.rs`). Work is cut into tasks by the network alone and sums are added in order of task, so any number of threads
//! gives the same bits.

use std::ops::Range;

use rayon::prelude::*;

use crate::cause::Cause;
use crate::level::{Deal, compat, fill, pair};
use crate::network::{Compat, PlanRate};
use crate::phases::order::capacity_today;
use crate::phases::ration::proportional;
use crate::plan::{NONE, Plan, Stretch};
use crate::state::State;
use crate::sweep::{Desk, Evening, Part, post, rule, sweep, use_inputs};

/// The steady state: yesterday morning's stock was n·need, its orders are on the way.
pub(crate) fn fill_steady(plan: &Plan, state: &mut State) {
    let plain = &plan.plain;
    for &line in &plain.lines {
        state.plain_rate[line as usize] = plan.steady_rate[line as usize];
    }
    for (row, &i) in plain.row_line.iter().enumerate() {
        let need = plain.row_use[row] * plan.steady_rate[plain.lines[i as usize] as usize];
        let filled = if plain.flows_of(row).is_empty() { 0.0 } else { plain.paces[plain.row_pace[row] as usize].stock_days * need };
        state.plain_stock[plain.cells_in(&(row..row + 1))].fill(filled);
        for flow in plain.flows_of(row) {
            state.plain_sent[plain.seller[flow] as usize] += plain.share[flow] * need;
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
    let State { plain_rate: rate, output, expected, capacity_factor, .. } = state;
    let ends = || plan.plain.stretches.iter().map(|own| own.lines.end);
    cut(rate, ends()).into_par_iter().zip(&plan.plain.stretches).for_each(|(rate, own)| match plan.network.settings.plan_rate {
        PlanRate::Realised => rate.copy_from_slice(&output[own.lines.clone()]),
        PlanRate::Demand => {
            for i in own.plain.clone() {
                let l = plan.plain.lines[i] as usize;
                rate[l - own.lines.start] = expected[l].min(capacity_today(plan.plain.capacity[i], capacity_factor[l]));
            }
        }
    });
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
    let rows = |tasks: &Range<usize>| plain.lines_and_rows(&plain.tiles_of(tasks)).1;
    let given = &state.plain_given;
    let wings: Vec<Range<usize>> = plain.wings().collect();
    let letters = cut(&mut state.plain_letters, wings.iter().map(|wing| plain.flows_in(&rows(wing)).end));
    letters.into_par_iter().zip(&wings).for_each(|(letters, wing)| post(plain, wing, lane(given), lanes(letters)));
    let tasks: Vec<Range<usize>> = (0..plain.tasks_len()).map(|task| task..task + 1).collect();
    let ends: Vec<(Range<usize>, Range<usize>)> = tasks.iter().map(|task| plain.lines_and_rows(&plain.tiles_of(task))).collect();
    let lines = || ends.iter().map(|(lines, _)| lines.end);
    let flows = || ends.iter().map(|(_, rows)| plain.flows_in(rows).end);
    let mut letters = cut(&mut state.plain_letters, flows()).into_iter();
    let mut ratios = cut(&mut state.plain_ratio, flows()).into_iter();
    let mut arrivals = cut(&mut state.plain_arrived, flows()).into_iter();
    let mut bounds = cut(&mut state.plain_bound, lines()).into_iter();
    let mut scarce = cut(&mut state.plain_scarce, lines()).into_iter();
    let mut mornings = state.plain_morning.chunks_mut(plan.network.products.len());
    let stocks = cut(&mut state.plain_stock, ends.iter().map(|(_, rows)| plain.cells_in(rows).end));
    let part = |(tasks, stock): (Range<usize>, _)| Part {
        tasks,
        stock: lanes(stock),
        bound: lanes(bounds.next().unwrap_or_default()),
        scarce: scarce.next().unwrap_or_default(),
        letters: lanes(letters.next().unwrap_or_default()),
        ratio: lanes(ratios.next().unwrap_or_default()),
        arrived: arrivals.next().unwrap_or_default(),
        content: lanes(mornings.next().unwrap_or_default()),
    };
    let mut parts: Vec<Part<1>> = tasks.into_iter().zip(stocks).map(part).collect();
    let before = Evening {
        rate: lane(&state.plain_rate_before),
        output: lane(&state.output),
        over: lane(&state.plain_over),
        first: lane(&state.plain_first),
    };
    let rate = lane(&state.plain_rate);
    parts.par_iter_mut().for_each_init(Desk::default, |desk, part| sweep::<1, RULE>(plain, &before, rate, part, desk));
}

/// A column as cells of one lane.
fn lane(column: &[f64]) -> &[[f64; 1]] {
    column.as_chunks().0
}

fn lanes(column: &mut [f64]) -> &mut [[f64; 1]] {
    column.as_chunks_mut().0
}

/// Adds up what every line was asked for, block of sellers by block: plain orders and the final demand of plain lines.
fn collect(plan: &Plan, state: &mut State) {
    let plain = &plan.plain;
    let (letters, factor) = (&state.plain_letters, &state.demand_factor);
    let orders = state.plain_ordered.par_chunks_mut(plain.block);
    let sums = state.received.par_chunks_mut(plain.block).zip(state.wanted.par_chunks_mut(plain.block));
    let room = || vec![[0.0]; plain.block];
    orders.zip(sums).enumerate().for_each_init(room, |room, (block, (ordered, (received, wanted)))| {
        crate::sweep::collect(plain, block, lane(letters), lanes(ordered), room);
        let first = block * plain.block;
        for (at, &ordered) in ordered.iter().enumerate() {
            if plain.is_plain[first + at] {
                (received[at], wanted[at]) = (ordered, ordered);
            } else {
                received[at] += ordered;
                wanted[at] += ordered;
            }
        }
        for i in plain.plain_of_block(block) {
            let at = plain.lines[i] as usize - first;
            for (m, quantity) in plain.demands_in(i..i + 1) {
                let asked = quantity * factor[m];
                received[at] += asked;
                wanted[at] += asked;
            }
        }
    });
}

/// What one task writes when plain lines make something.
struct Maker<'a> {
    stretch: &'a Stretch,
    output: &'a mut [f64],
    output_value: &'a mut [f64],
    value_added: &'a mut [f64],
    finished: &'a mut [f64],
    cause: &'a mut [u32],
    /// Product → made.
    produced: &'a mut [f64],
}

/// What all tasks see when plain lines make something.
struct Morning<'a> {
    wanted: &'a [f64],
    capacity_factor: &'a [f64],
    bound: &'a [f64],
    scarce: &'a [u32],
    blocked: &'a [f64],
    withheld: &'a [f64],
    forbidden: &'a [f64],
}

/// Plain lines make what orders, capacity and inputs allow.
pub(crate) fn produce(plan: &Plan, state: &mut State) {
    let plain = &plan.plain;
    if plain.lines.is_empty() {
        return;
    }
    let products = plan.network.products.len();
    let ends = || plain.stretches.iter().map(|own| own.lines.end);
    let mut output = cut(&mut state.output, ends()).into_iter();
    let mut output_value = cut(&mut state.output_value, ends()).into_iter();
    let mut value_added = cut(&mut state.value_added, ends()).into_iter();
    let mut finished = cut(&mut state.finished, ends()).into_iter();
    let mut cause = cut(&mut state.cause, ends()).into_iter();
    let mut sums = state.plain_sums.chunks_mut(products);
    let maker = |stretch| Maker {
        stretch,
        output: output.next().unwrap_or_default(),
        output_value: output_value.next().unwrap_or_default(),
        value_added: value_added.next().unwrap_or_default(),
        finished: finished.next().unwrap_or_default(),
        cause: cause.next().unwrap_or_default(),
        produced: sums.next().unwrap_or_default(),
    };
    let makers: Vec<Maker<'_>> = plain.stretches.iter().map(maker).collect();
    let morning = Morning {
        wanted: &state.wanted,
        capacity_factor: &state.capacity_factor,
        bound: &state.plain_bound,
        scarce: &state.plain_scarce,
        blocked: &state.blocked,
        withheld: &state.withheld,
        forbidden: &state.forbidden,
    };
    let values: Vec<[f64; 2]> = makers.into_par_iter().map(|maker| make(plan, &morning, maker)).collect();
    state.plain_sums.chunks(products).take(plain.stretches.len()).for_each(|made| add(&mut state.produced, made));
    use_inputs_all(plan, state);
    if let [output, added, ..] = &mut state.plain_totals[..] {
        (*output, *added) = (values.iter().map(|v| v[0]).sum(), values.iter().map(|v| v[1]).sum());
    }
}

/// What all plain lines use of every product.
fn use_inputs_all(plan: &Plan, state: &mut State) {
    let products = plan.network.products.len();
    let output = lane(&state.output);
    let used = &mut state.plain_sums[..plan.plain.tasks_len() * products];
    used.par_chunks_mut(products)
        .enumerate()
        .for_each_init(Vec::new, |made, (task, used)| use_inputs(&plan.plain, task, output, made, lanes(used)));
    state.plain_used.fill(0.0);
    used.chunks(products).for_each(|used| add(&mut state.plain_used, used));
    add(&mut state.used, &state.plain_used);
}

fn add(sums: &mut [f64], more: &[f64]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

/// The lines of one task; returns output and value added.
fn make(plan: &Plan, morning: &Morning<'_>, maker: Maker<'_>) -> [f64; 2] {
    let plain = &plan.plain;
    let (mut output_value, mut value_added) = (0.0, 0.0);
    maker.produced.fill(0.0);
    for i in maker.stretch.plain.clone() {
        let l = plain.lines[i] as usize;
        let at = l - maker.stretch.lines.start;
        let open = morning.wanted[l] - maker.finished[at];
        let capacity = capacity_today(plain.capacity[i], morning.capacity_factor[l]);
        let made = makes(open, capacity, morning.bound[i]);
        maker.cause[at] = cause(plan, morning, i, l, open, capacity).code();
        maker.output[at] = made;
        maker.output_value[at] = made * plan.line_price[l];
        maker.value_added[at] = made * (plan.line_price[l] - plan.own_input_value[l]);
        output_value += maker.output_value[at];
        value_added += maker.value_added[at];
        maker.finished[at] += made;
        maker.produced[plain.product[i] as usize] += made;
    }
    [output_value, value_added]
}

/// x = min(open orders − finished stock, capacity, inputs).
#[inline(always)]
pub(crate) fn makes(open: f64, capacity: f64, bound: f64) -> f64 {
    open.max(0.0).min(capacity).min(bound)
}

fn cause(plan: &Plan, morning: &Morning<'_>, i: usize, l: usize, open: f64, capacity: f64) -> Cause {
    if open > 0.0 {
        if morning.bound[i] < open.min(capacity) {
            Cause::Input(morning.scarce[i])
        } else if capacity < open {
            Cause::Capacity
        } else {
            Cause::None
        }
    } else if morning.blocked[l] > 0.0 {
        Cause::NoOutlet
    } else if morning.wanted[l] > 0.0 {
        Cause::None
    } else if morning.forbidden.get(l).is_some_and(|&stopped| stopped > 0.0) {
        Cause::Forbidden
    } else if plan.line_steady[l] || !plan.plain.demands_of(i).is_empty() || morning.withheld[l] > 0.0 {
        Cause::NoOrders
    } else {
        Cause::OffSeason
    }
}

/// What one task writes when lines share out and sell.
struct Sharer<'a> {
    stretch: &'a Stretch,
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

/// Plain lines share out what they have, and sell; lines of any kind deal with their plain customers.
pub(crate) fn share(plan: &Plan, state: &mut State) {
    let plain = &plan.plain;
    if plain.lines.is_empty() {
        return;
    }
    state.plain_content.fill(0.0);
    for morning in state.plain_morning.chunks(plan.network.products.len()) {
        add(&mut state.plain_content, morning);
    }
    // Where one share per line is all there is to it, a line sells as soon as it has shared out.
    let alike = plain.dealt.is_empty() && plain.market_last.is_empty();
    let values = share_all(plan, state, alike);
    let values = if alike {
        values
    } else {
        // Where a rule shares out, it has the last word.
        for &line in &plain.market_last {
            market_last(plan, state, line as usize);
        }
        deal_all(plan, state);
        sell_all(plan, state)
    };
    close(plan, state, &values);
}

/// Every line by one share; those that sell at once too.
fn share_all(plan: &Plan, state: &mut State, sells: bool) -> Vec<[f64; 2]> {
    let plain = &plan.plain;
    let products = plan.network.products.len();
    let ends = || plain.stretches.iter().map(|own| own.lines.end);
    let demands = || plain.stretches.iter().map(|own| own.demands.end);
    let mut served = cut(&mut state.served, ends()).into_iter();
    let mut finished = cut(&mut state.finished, ends()).into_iter();
    let mut waiting = cut(if plan.keep_deliveries { &mut state.waiting_goods } else { &mut [] }, ends()).into_iter();
    let mut given = cut(&mut state.plain_given, ends()).into_iter();
    let mut sent = cut(&mut state.plain_sent, ends()).into_iter();
    let mut wanted = cut(&mut state.demand_wanted, demands()).into_iter();
    let mut met = cut(&mut state.demand_met, demands()).into_iter();
    let mut lost = cut(&mut state.demand_lost, demands()).into_iter();
    let mut sums = state.plain_sums.chunks_mut(2 * products);
    let sharer = |stretch| {
        let (sold, content) = sums.next().unwrap_or_default().split_at_mut(products);
        Sharer {
            stretch,
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
    let sharers: Vec<Sharer<'_>> = plain.stretches.iter().map(sharer).collect();
    let (wanted, ordered, factor) = (&state.wanted, &state.plain_ordered, &state.demand_factor);
    sharers.into_par_iter().map(|sharer| share_alike(plan, wanted, ordered, factor, sells, sharer)).collect()
}

/// The lines of one task: every order gets the same share. Returns final demand wanted and met, at prices.
fn share_alike(plan: &Plan, wanted: &[f64], ordered: &[f64], factor: &[f64], sells: bool, sharer: Sharer<'_>) -> [f64; 2] {
    let plain = &plan.plain;
    let Sharer { stretch, served, finished, waiting, given, sent, mut demand } = sharer;
    demand.sold.fill(0.0);
    demand.content.fill(0.0);
    let mut next = stretch.plain.clone();
    for (at, l) in stretch.lines.clone().enumerate() {
        let served = &mut served[at];
        let i = if plain.is_plain[l] { next.next() } else { None };
        let product = i.map_or_else(|| plan.network.lines[l].product.index(), |i| plain.product[i] as usize);
        let mut there = 0.0;
        if let Some(i) = i {
            let finished = &mut finished[at];
            *served = proportional(*finished, wanted[l]);
            *finished = (*finished - *served * wanted[l]).max(0.0);
            there = *finished;
            if let Some(waiting) = waiting.get_mut(at) {
                *waiting = *finished;
            }
            for (m, quantity) in plain.demands_in(i..i + 1) {
                let m_at = m - stretch.demands.start;
                demand.wanted[m_at] = quantity * factor[m];
                demand.met[m_at] = demand.wanted[m_at] * *served;
                if sells {
                    demand.sell(m_at, product, plan.line_price[l]);
                }
            }
        }
        given[at] = *served;
        sent[at] = *served * ordered[l];
        demand.content[product] += there + sent[at];
    }
    demand.values
}

/// Final demands of a line, plain or not, and units per day of each. `i`: its plain line, if it is one.
fn demands_of(plan: &Plan, l: usize, i: Option<usize>) -> impl Iterator<Item = (usize, f64)> + Clone + '_ {
    let own = i.map_or(0..0, |i| i..i + 1);
    let first = plan.mixed_demands.partition_point(|&(line, _)| (line as usize) < l);
    let mixed = plan.mixed_demands[first..].iter().take_while(move |&&(line, _)| line as usize == l);
    let quantity = |m: usize| plan.network.demands[m].quantity_per_day;
    plan.plain.demands_in(own).chain(mixed.map(move |&(_, m)| (m as usize, quantity(m as usize))))
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
    let demands = demands_of(plan, l, plan.plain.lines.binary_search(&(l as u32)).ok());
    let wanted: f64 = demands.clone().map(|(m, _)| state.demand_wanted[m]).sum();
    let share = proportional((available - ordered).max(0.0), wanted);
    demands.for_each(|(m, _)| state.demand_met[m] = share * state.demand_wanted[m]);
}

/// Numbers of a deal as stored: level, over, first, market, sent to plain customers.
const DEAL: usize = 5;

/// Lines that fill orders up to a level: block of sellers by block, each line for itself; then what they gave is booked.
fn deal_all(plan: &Plan, state: &mut State) {
    let plain = &plan.plain;
    if plain.dealt.is_empty() {
        return;
    }
    let mut deals = std::mem::take(&mut state.plain_deals);
    let blocks = plan.network.lines.len().div_ceil(plain.block);
    let parts = cut(deals.as_chunks_mut::<DEAL>().0, (0..blocks).map(|block| plain.dealt_of_block(block).end));
    parts.into_par_iter().enumerate().for_each_init(Table::default, |table, (block, deals)| deal_block(plan, state, block, table, deals));
    book(plan, state, deals.as_chunks().0);
    book_mixed(plan, state, deals.as_chunks().0);
    if plan.network.settings.compat.is_some() {
        book_compat(plan, state, deals.as_chunks().0);
    }
    state.plain_deals = deals;
}

/// Room for the customers of a block of sellers.
#[derive(Default)]
struct Table {
    /// Customer of the block → what it ordered; in compat, over its normal order.
    asked: Vec<f64>,
    /// Order over normal order, normal order of every customer of one line.
    customers: Vec<(f64, f64)>,
}

/// The dealt lines of a block. Letters come tile by tile; they are sorted by seller first, so that no seller has to look for its customers
/// all over memory.
fn deal_block(plan: &Plan, state: &State, block: usize, table: &mut Table, deals: &mut [[f64; DEAL]]) {
    let plain = &plan.plain;
    let compat = plan.network.settings.compat.is_some();
    let dealt = plain.dealt_of_block(block);
    let short = |d: usize| state.served[plain.dealt[d] as usize] < 1.0;
    let first = block * plain.block;
    let last = plan.network.lines.len().min(first + plain.block);
    let from = plain.first_customer[first] as usize;
    if compat || dealt.clone().any(short) {
        table.asked.resize(plain.first_customer[last] as usize - from, 0.0);
        let answers = if compat { &state.plain_ratio } else { &state.plain_letters };
        let blocks = plain.blocks();
        for own in (0..plain.tiles.len()).map(|tile| plain.letters_to(tile, block, blocks)) {
            for (answer, &customer) in answers[own.clone()].iter().zip(&plain.letter_customer[own]) {
                table.asked[customer as usize] = *answer;
            }
        }
    }
    let Table { asked, customers } = table;
    for (d, deal) in dealt.zip(deals) {
        let own = plain.customers_of(plain.dealt[d] as usize);
        let normal = &plain.customer_normal[own.clone()];
        *deal = if compat {
            deal_compat(plan, state, d, &asked[own.start - from..own.end - from], normal, customers)
        } else if short(d) {
            deal_one(plan, state, d, &asked[own.start - from..own.end - from], normal, customers)
        } else {
            [f64::INFINITY, f64::INFINITY, 0.0, f64::INFINITY, state.plain_ordered[plain.dealt[d] as usize]]
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

/// The plain line that dealt line `d` is, if it is one.
fn plain_of(plan: &Plan, d: usize) -> Option<usize> {
    let i = plan.plain.dealt_plain[d];
    (i != NONE).then_some(i as usize)
}

/// What dealt line `d`, which is short, gives. `asked`, `normal`: of its plain customers; `customers`: room.
fn deal_one(plan: &Plan, state: &State, d: usize, asked: &[f64], normal: &[f64], customers: &mut Vec<(f64, f64)>) -> [f64; DEAL] {
    let plain = &plan.plain;
    let l = plain.dealt[d] as usize;
    let available = state.served[l] * state.wanted[l];
    let markets = || demands_of(plan, l, plain_of(plan, d)).map(|(m, quantity)| as_normal(state.demand_wanted[m], quantity));
    let others = || flows_of(plan, l).map(|flow| flow_pair(plan, state, flow));
    customers.clear();
    customers.extend(asked.iter().zip(normal).map(|(&asked, &normal)| pair(asked, normal)).chain(others()));
    let given = |level: f64, to: &mut dyn Iterator<Item = (f64, f64)>| to.map(|(ratio, normal)| ratio.min(level) * normal).sum::<f64>();
    if plain.dealt_market_last[d] {
        let wanted = state.plain_ordered[l] + given(f64::INFINITY, &mut others());
        let level = if wanted <= available { f64::INFINITY } else { fill(available, customers) };
        let market = proportional((available - wanted).max(0.0), given(f64::INFINITY, &mut markets()));
        let sent = available.min(wanted) - given(level, &mut others());
        return [level, level, 0.0, market, sent.max(0.0)];
    }
    customers.extend(markets());
    let level = fill(available, customers);
    let sent = available - given(level, &mut others()) - given(level, &mut markets());
    [level, level, 0.0, level, sent.max(0.0)]
}

/// What dealt line `d` gives by the program's loop. `ratio`: order over normal order of its plain customers.
fn deal_compat(plan: &Plan, state: &State, d: usize, ratio: &[f64], normal: &[f64], customers: &mut Vec<(f64, f64)>) -> [f64; DEAL] {
    let plain = &plan.plain;
    let l = plain.dealt[d] as usize;
    let own = || ratio.iter().copied().zip(normal.iter().copied());
    customers.clear();
    customers.extend(own().chain(flows_of(plan, l).map(|flow| flow_pair(plan, state, flow))));
    let markets = demands_of(plan, l, plain_of(plan, d)).map(|(m, quantity)| as_normal(state.demand_wanted[m], quantity));
    // The program sorts nothing; here customers are sorted, or a seller of many would not be affordable.
    let deal = compat_deal(customers, markets, state.served[l] * state.wanted[l], plain.dealt_market_last[d]);
    let sent = own().map(|(ratio, normal)| got(&deal, ratio) * normal).sum();
    [deal.level, deal.over, deal.first, deal.market, sent]
}

fn compat_deal(customers: &mut [(f64, f64)], markets: impl Iterator<Item = (f64, f64)>, available: f64, last: bool) -> Deal {
    let (wanted, normal) = markets.fold((0.0, 0.0), |(wanted, all), (ratio, normal)| (wanted + ratio * normal, all + normal));
    // A seller without final demand has a household of size nothing in the program's loop.
    let ratio = if normal > 0.0 { wanted / normal } else { 1.0 };
    if last {
        let ordered: f64 = customers.iter().map(|(ratio, normal)| ratio * normal).sum();
        let deal = compat(available.min(ordered), customers, (0.0, 0.0));
        return Deal { market: if wanted > 0.0 { proportional((available - ordered).max(0.0), wanted) * ratio } else { 0.0 }, ..deal };
    }
    compat(available, customers, (ratio, normal))
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

/// What final demand gets of dealt line `d`; `market`: of its deal.
fn met(plan: &Plan, d: usize, market: f64, wanted: f64, quantity: f64) -> f64 {
    let (ratio, normal) = as_normal(wanted, quantity);
    match (plan.network.settings.compat.is_some(), plan.plain.dealt_market_last[d]) {
        (true, _) => market * normal,
        (false, true) => wanted * market.min(1.0),
        (false, false) => market.min(ratio) * normal,
    }
}

/// Books what dealt lines give plain customers and the final demand of plain lines.
fn book(plan: &Plan, state: &mut State, deals: &[[f64; DEAL]]) {
    let plain = &plan.plain;
    let ends = || plain.stretches.iter().map(|own| own.lines.end);
    let given = cut(&mut state.plain_given, ends());
    let sent = cut(&mut state.plain_sent, ends());
    let demand_met = cut(&mut state.demand_met, plain.stretches.iter().map(|own| own.demands.end));
    let wanted = &state.demand_wanted;
    let parts = given.into_par_iter().zip(sent).zip(demand_met).zip(&plain.stretches);
    parts.for_each(|(((given, sent), demand_met), own)| {
        let at = |line: usize| plain.dealt.partition_point(|&dealt| (dealt as usize) < line);
        let first = at(own.lines.start);
        for (d, &[level, _, _, market, to_firms]) in (first..).zip(&deals[first..at(own.lines.end)]) {
            let l = plain.dealt[d] as usize;
            // The sign says that it is a level, of zero too.
            given[l - own.lines.start] = -level;
            sent[l - own.lines.start] = to_firms;
            for (m, quantity) in plain_of(plan, d).into_iter().flat_map(|i| plain.demands_in(i..i + 1)) {
                demand_met[m - own.demands.start] = met(plan, d, market, wanted[m], quantity);
            }
        }
    });
}

/// Books what dealt lines give to flows and final demand of the general rules.
fn book_mixed(plan: &Plan, state: &mut State, deals: &[[f64; DEAL]]) {
    let dealt = |line: u32| plan.plain.dealt.binary_search(&line).ok();
    for &(line, flow) in &plan.mixed_flows {
        let Some([level, over, first, market, _]) = dealt(line).map(|d| deals[d]) else { continue };
        let (ratio, normal) = flow_pair(plan, state, flow as usize);
        state.shipped[flow as usize] = got(&Deal { level, over, first, market }, ratio) * normal;
    }
    for &(line, m) in &plan.mixed_demands {
        let (Some(d), m) = (dealt(line), m as usize) else { continue };
        state.demand_met[m] = met(plan, d, deals[d][3], state.demand_wanted[m], plan.network.demands[m].quantity_per_day);
    }
}

/// Books what the program's loop gives beyond the level, and by how much it gives more or less than there is.
fn book_compat(plan: &Plan, state: &mut State, deals: &[[f64; DEAL]]) {
    for (d, (&line, &[_, over, first, _, sent])) in plan.plain.dealt.iter().zip(deals).enumerate() {
        let l = line as usize;
        (state.plain_over[l], state.plain_first[l]) = (over, first);
        let mut given = sent;
        flows_of(plan, l).for_each(|flow| given += state.shipped[flow]);
        demands_of(plan, l, plain_of(plan, d)).for_each(|(m, _)| given += state.demand_met[m]);
        state.misdealt[plan.network.lines[l].product.index()] += given - state.served[l] * state.wanted[l];
    }
}

/// Final demand of plain lines is used, where rules shared out first.
fn sell_all(plan: &Plan, state: &mut State) -> Vec<[f64; 2]> {
    let plain = &plan.plain;
    let products = plan.network.products.len();
    let demands = || plain.stretches.iter().map(|own| own.demands.end);
    let columns = cut(&mut state.demand_wanted, demands()).into_par_iter().zip(cut(&mut state.demand_met, demands()));
    let columns = columns.zip(cut(&mut state.demand_lost, demands()));
    let sums = state.plain_sums[..2 * products * plain.stretches.len()].par_chunks_mut(2 * products);
    let (finished, gone) = (&state.finished, &state.plain_sent);
    let parts = columns.zip(sums).zip(&plain.stretches);
    parts
        .map(|((((wanted, met), lost), sums), own)| {
            let (sold, content) = sums.split_at_mut(products);
            sell_part(plan, finished, gone, own, Demands { wanted, met, lost, sold, content, values: [0.0; 2] })
        })
        .collect()
}

/// The lines of one task; returns final demand wanted and met, at prices.
fn sell_part(plan: &Plan, finished: &[f64], sent: &[f64], own: &Stretch, mut demand: Demands<'_>) -> [f64; 2] {
    let plain = &plan.plain;
    demand.sold.fill(0.0);
    demand.content.fill(0.0);
    let mut next = own.plain.clone();
    for l in own.lines.clone() {
        let i = if plain.is_plain[l] { next.next() } else { None };
        let product = i.map_or_else(|| plan.network.lines[l].product.index(), |i| plain.product[i] as usize);
        for &m in i.map_or(&[][..], |i| plain.demands_of(i)) {
            demand.sell(m as usize - own.demands.start, product, plan.line_price[l]);
        }
        demand.content[product] += if i.is_some() { finished[l] } else { 0.0 } + sent[l];
    }
    demand.values
}

/// What was sold, and what plain goods there are in the evening.
fn close(plan: &Plan, state: &mut State, values: &[[f64; 2]]) {
    let products = plan.network.products.len();
    for sums in state.plain_sums.chunks(2 * products).take(plan.plain.stretches.len()) {
        let (sold, content) = sums.split_at(products);
        add(&mut state.sold, sold);
        add(&mut state.plain_content, content);
    }
    state.plain_content.iter_mut().zip(&state.plain_used).for_each(|(sum, used)| *sum -= used);
    if let [.., wanted, met] = &mut state.plain_totals[..] {
        (*wanted, *met) = (values.iter().map(|v| v[0]).sum(), values.iter().map(|v| v[1]).sum());
    }
}

/// Calls `visit(plain line, row, stock in the evening)` for every plain row.
pub(crate) fn for_stocks(plan: &Plan, state: &State, mut visit: impl FnMut(usize, usize, f64)) {
    let plain = &plan.plain;
    for (row, &i) in plain.row_line.iter().enumerate() {
        let i = i as usize;
        let cells = &state.plain_stock[plain.cells_in(&(row..row + 1))];
        let by_supplier = plain.paces[plain.row_pace[row] as usize].by_supplier;
        let morning: f64 =
            if by_supplier { cells.iter().zip(&plain.share[plain.flows_of(row)]).map(|(x, share)| x * share).sum() } else { cells[0] };
        visit(i, row, (morning - plain.row_use[row] * state.output[plain.lines[i] as usize]).max(0.0));
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
