//! The day of bulk lines: the phases' arithmetic for lines and contracts that ask nothing special ([`crate::plan::Bulk`]).
//!
//! The rules are those of the phases, term by term; only what cannot occur is left out. Results equal those of the general rules up to
//! rounding (`tests/bulk.rs`). Work is cut into tasks by the network alone and sums are added in order of task, so any number of threads
//! gives the same bits.

use std::ops::Range;

use rayon::prelude::*;

use crate::bulk::sweep::{Evening, Part, Scratch, post, rule, sweep, use_inputs};
use crate::model::network::{Compat, PlanRate};
use crate::plan::state::State;
use crate::plan::{Chunk, Plan};
use crate::rule::cause::{Asked, Cause};
use crate::rule::make::wish;
use crate::rule::{capacity, expect};

/// What arrives and what is ordered: the sweep, and what every seller makes of it.
pub(crate) fn order(plan: &Plan, state: &mut State) {
    let bulk = &plan.bulk;
    if bulk.lines.is_empty() {
        return;
    }
    std::mem::swap(&mut state.bulk_rate, &mut state.bulk_rate_before);
    rates(plan, state);
    let level = if bulk.level_lines.is_empty() { rule::SHARE } else { rule::LEVEL };
    match (level, plan.network.settings.compat) {
        (rule::LEVEL, Some(Compat::InoueTodo2019)) => sweep_all::<{ rule::COMPAT }>(plan, state),
        (rule::LEVEL, None) => sweep_all::<{ rule::LEVEL }>(plan, state),
        _ => sweep_all::<{ rule::SHARE }>(plan, state),
    }
    collect(plan, state);
}

/// The rate of output bulk lines order inputs for.
fn rates(plan: &Plan, state: &mut State) {
    let State { bulk_rate: rate, output, expected, capacity_factor, .. } = state;
    let ends = || plan.bulk.chunks.iter().map(|own| own.lines.end);
    cut(rate, ends()).into_par_iter().zip(&plan.bulk.chunks).for_each(|(rate, own)| match plan.network.settings.plan_rate {
        PlanRate::Realised => rate.copy_from_slice(&output[own.lines.clone()]),
        PlanRate::Demand => {
            for i in own.bulk.clone() {
                let l = plan.bulk.lines[i] as usize;
                let capacity = capacity::today(plan.bulk.capacity[i], capacity_factor[l], || plan.usual_standing(l));
                rate[l - own.lines.start] = expect::planned_rate(expected[l], 0.0, 0.0, 0.0, capacity);
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
    let bulk = &plan.bulk;
    let rows = |tasks: &Range<usize>| bulk.lines_and_rows(&bulk.tiles_of(tasks)).1;
    let given = &state.bulk_given;
    let partitions: Vec<Range<usize>> = bulk.partitions().collect();
    let messages = cut(&mut state.bulk_messages, partitions.iter().map(|partition| bulk.flows_in(&rows(partition)).end));
    messages.into_par_iter().zip(&partitions).for_each(|(messages, partition)| post(bulk, partition, lane(given), lanes(messages)));
    let tasks: Vec<Range<usize>> = (0..bulk.tasks_len()).map(|task| task..task + 1).collect();
    let ends: Vec<(Range<usize>, Range<usize>)> = tasks.iter().map(|task| bulk.lines_and_rows(&bulk.tiles_of(task))).collect();
    let lines = || ends.iter().map(|(lines, _)| lines.end);
    let flows = || ends.iter().map(|(_, rows)| bulk.flows_in(rows).end);
    let mut messages = cut(&mut state.bulk_messages, flows()).into_iter();
    let mut ratios = cut(&mut state.bulk_ratio, flows()).into_iter();
    let mut arrivals = cut(&mut state.bulk_arrived, flows()).into_iter();
    let mut bounds = cut(&mut state.bulk_bound, lines()).into_iter();
    let mut scarce = cut(&mut state.bulk_scarce, lines()).into_iter();
    let mut mornings = state.bulk_morning.chunks_mut(plan.network.products.len());
    let stocks = cut(&mut state.bulk_stock, ends.iter().map(|(_, rows)| bulk.cells_in(rows).end));
    let part = |(tasks, stock): (Range<usize>, _)| Part {
        tasks,
        stock: lanes(stock),
        bound: lanes(bounds.next().unwrap_or_default()),
        scarce: scarce.next().unwrap_or_default(),
        messages: lanes(messages.next().unwrap_or_default()),
        ratio: lanes(ratios.next().unwrap_or_default()),
        arrived: arrivals.next().unwrap_or_default(),
        content: lanes(mornings.next().unwrap_or_default()),
    };
    let mut parts: Vec<Part<1>> = tasks.into_iter().zip(stocks).map(part).collect();
    let before = Evening {
        rate: lane(&state.bulk_rate_before),
        output: lane(&state.output),
        over: lane(&state.bulk_over),
        first: lane(&state.bulk_first),
    };
    let rate = lane(&state.bulk_rate);
    parts.par_iter_mut().for_each_init(Scratch::default, |scratch, part| sweep::<1, RULE>(bulk, &before, rate, part, scratch));
}

/// A column as cells of one lane.
fn lane(column: &[f64]) -> &[[f64; 1]] {
    column.as_chunks().0
}

fn lanes(column: &mut [f64]) -> &mut [[f64; 1]] {
    column.as_chunks_mut().0
}

/// Adds up what every line was asked for, bucket of sellers by bucket: bulk orders and the final demand of bulk lines.
fn collect(plan: &Plan, state: &mut State) {
    let bulk = &plan.bulk;
    let (messages, factor) = (&state.bulk_messages, &state.demand_factor);
    let orders = state.bulk_ordered.par_chunks_mut(bulk.bucket);
    let sums = state.received.par_chunks_mut(bulk.bucket).zip(state.wanted.par_chunks_mut(bulk.bucket));
    let room = || vec![[0.0]; bulk.bucket];
    orders.zip(sums).enumerate().for_each_init(room, |room, (bucket, (ordered, (received, wanted)))| {
        crate::bulk::sweep::collect(bulk, bucket, lane(messages), lanes(ordered), room);
        let first = bucket * bulk.bucket;
        for (at, &ordered) in ordered.iter().enumerate() {
            if bulk.is_bulk[first + at] {
                (received[at], wanted[at]) = (ordered, ordered);
            } else {
                received[at] += ordered;
                wanted[at] += ordered;
            }
        }
        for i in bulk.bulk_lines_in_bucket(bucket) {
            let at = bulk.lines[i] as usize - first;
            for (m, quantity) in bulk.demands_in(i..i + 1) {
                let asked = quantity * factor[m];
                received[at] += asked;
                wanted[at] += asked;
            }
        }
    });
}

/// What one task writes when bulk lines make something.
struct Maker<'a> {
    chunk: &'a Chunk,
    output: &'a mut [f64],
    output_value: &'a mut [f64],
    value_added: &'a mut [f64],
    finished: &'a mut [f64],
    cause: &'a mut [u32],
    /// Product → made.
    produced: &'a mut [f64],
}

/// What all tasks see when bulk lines make something.
struct Morning<'a> {
    wanted: &'a [f64],
    capacity_factor: &'a [f64],
    bound: &'a [f64],
    scarce: &'a [u32],
    blocked: &'a [f64],
    withheld: &'a [f64],
    forbidden: &'a [f64],
}

/// Bulk lines make what orders, capacity and inputs allow.
pub(crate) fn produce(plan: &Plan, state: &mut State) {
    let bulk = &plan.bulk;
    if bulk.lines.is_empty() {
        return;
    }
    let products = plan.network.products.len();
    let ends = || bulk.chunks.iter().map(|own| own.lines.end);
    let mut output = cut(&mut state.output, ends()).into_iter();
    let mut output_value = cut(&mut state.output_value, ends()).into_iter();
    let mut value_added = cut(&mut state.value_added, ends()).into_iter();
    let mut finished = cut(&mut state.finished, ends()).into_iter();
    let mut cause = cut(&mut state.cause, ends()).into_iter();
    let mut sums = state.bulk_sums.chunks_mut(products);
    let maker = |chunk| Maker {
        chunk,
        output: output.next().unwrap_or_default(),
        output_value: output_value.next().unwrap_or_default(),
        value_added: value_added.next().unwrap_or_default(),
        finished: finished.next().unwrap_or_default(),
        cause: cause.next().unwrap_or_default(),
        produced: sums.next().unwrap_or_default(),
    };
    let makers: Vec<Maker<'_>> = bulk.chunks.iter().map(maker).collect();
    let morning = Morning {
        wanted: &state.wanted,
        capacity_factor: &state.capacity_factor,
        bound: &state.bulk_bound,
        scarce: &state.bulk_scarce,
        blocked: &state.blocked,
        withheld: &state.withheld,
        forbidden: &state.forbidden,
    };
    let values: Vec<[f64; 2]> = makers.into_par_iter().map(|maker| make(plan, &morning, maker)).collect();
    state.bulk_sums.chunks(products).take(bulk.chunks.len()).for_each(|made| add(&mut state.produced, made));
    use_inputs_all(plan, state);
    if let [output, added, ..] = &mut state.bulk_totals[..] {
        (*output, *added) = (values.iter().map(|v| v[0]).sum(), values.iter().map(|v| v[1]).sum());
    }
}

/// What all bulk lines use of every product.
fn use_inputs_all(plan: &Plan, state: &mut State) {
    let products = plan.network.products.len();
    let output = lane(&state.output);
    let used = &mut state.bulk_sums[..plan.bulk.tasks_len() * products];
    used.par_chunks_mut(products)
        .enumerate()
        .for_each_init(Vec::new, |made, (task, used)| use_inputs(&plan.bulk, task, output, made, lanes(used)));
    state.bulk_used.fill(0.0);
    used.chunks(products).for_each(|used| add(&mut state.bulk_used, used));
    add(&mut state.used, &state.bulk_used);
}

pub(super) fn add(sums: &mut [f64], more: &[f64]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

/// The lines of one task; returns output and value added.
fn make(plan: &Plan, morning: &Morning<'_>, maker: Maker<'_>) -> [f64; 2] {
    let bulk = &plan.bulk;
    let (mut output_value, mut value_added) = (0.0, 0.0);
    maker.produced.fill(0.0);
    for i in maker.chunk.bulk.clone() {
        let l = bulk.lines[i] as usize;
        let at = l - maker.chunk.lines.start;
        let finished = maker.finished[at];
        let capacity = capacity::today(bulk.capacity[i], morning.capacity_factor[l], || plan.usual_standing(l));
        let made = wish(morning.wanted[l], finished, capacity).min(morning.bound[i]);
        maker.cause[at] = cause(plan, morning, i, morning.wanted[l] - finished, capacity).code();
        maker.output[at] = made;
        maker.output_value[at] = made * plan.prices.line[l];
        maker.value_added[at] = made * (plan.prices.line[l] - plan.prices.own_input_value[l]);
        output_value += maker.output_value[at];
        value_added += maker.value_added[at];
        maker.finished[at] += made;
        maker.produced[bulk.product[i] as usize] += made;
    }
    [output_value, value_added]
}

fn cause(plan: &Plan, morning: &Morning<'_>, i: usize, open: f64, capacity: f64) -> Cause {
    let l = plan.bulk.lines[i] as usize;
    let asked = Asked {
        open,
        wanted: morning.wanted[l],
        blocked: morning.blocked[l],
        forbidden: morning.forbidden.get(l).copied().unwrap_or(0.0),
        withheld: morning.withheld[l],
        usual: plan.line_steady[l] || !plan.bulk.demands_of(i).is_empty(),
    };
    let short = morning.bound[i] < open.min(capacity);
    Cause::of_standing(&asked, short.then_some(morning.scarce[i]), capacity)
}
