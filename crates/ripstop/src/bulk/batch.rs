//! Batches: many scenarios over one network of bulk lines at once.
//!
//! A batch takes eight scenarios, a *lane* for each. The network is read once a day for all lanes; every cell of the state, and every
//! message, holds one number per lane, side by side. Every lane does the arithmetic of an ordinary run in the same order: same bits as one
//! at a time (`tests/batch.rs`). For networks of bulk lines without money that share out proportionally; events change capacity, damage or
//! final demand. Totals are recorded.

#![allow(clippy::needless_range_loop, reason = "several columns of lanes go in step")]

use std::ops::Range;

use rayon::prelude::*;

use crate::bulk::passes::cut;
use crate::bulk::sweep::{Evening, Part, Scratch, collect, post, rule, sweep, use_inputs};
use crate::model::damage::Recovery;
use crate::model::events::{Change, Event};
use crate::model::factors::factors;
use crate::model::ids::{DemandId, LineId};
use crate::model::network::PlanRate;
use crate::model::validate;
use crate::plan::Plan;
use crate::plan::state::State;
use crate::record::Totals;
use crate::rule::audit::relative;
use crate::rule::make::wish;
use crate::rule::share::proportional;
use crate::rule::{capacity, expect};

/// Lanes of a batch: a cell fills a cache line.
const LANES: usize = 8;
/// Sums per product: produced, used, sold, content.
const SUMS: usize = 4;

/// Why scenarios cannot run as a batch.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BatchError {
    /// An event names what is not there, or its numbers do not fit.
    #[error("scenario {scenario}: {error}")]
    Unfit {
        /// The scenario.
        scenario: usize,
        /// What is wrong.
        error: crate::model::error::NetworkError,
    },
    /// Something in the network goes by the general rules.
    #[error("batches are for networks of bulk lines; something here goes by the general rules")]
    NotBulk,
    /// A line shares out by another rule.
    #[error("batches share out proportionally; a line here has another rule")]
    Ruled,
    /// An event changes something else than capacity and final demand.
    #[error("batches know events on capacity, damage that heals by itself and final demand; scenario {scenario} has another")]
    Event {
        /// The scenario.
        scenario: usize,
    },
}

/// Runs each scenario over the whole calendar of the plan, whose own events are not read, and returns its totals of every day.
///
/// Errors: the network or an event is not for batches ([`BatchError`]).
pub fn run(plan: &Plan, scenarios: &[Vec<Event>]) -> Result<Vec<Vec<Totals>>, BatchError> {
    if !plan.only_bulk {
        return Err(BatchError::NotBulk);
    }
    if !plan.bulk.level_lines.is_empty() || !plan.bulk.market_last.is_empty() {
        return Err(BatchError::Ruled);
    }
    for (scenario, events) in scenarios.iter().enumerate() {
        let knows = |event: &Event| match &event.change {
            Change::Capacity(_) | Change::Demand(_) | Change::Attendance(_) => true,
            Change::Damage { shape, .. } => *shape != Recovery::Damped,
            _ => false,
        };
        if !events.iter().all(knows) {
            return Err(BatchError::Event { scenario });
        }
        validate::events(&plan.network, events).map_err(|error| BatchError::Unfit { scenario, error })?;
    }
    let mut all = Vec::with_capacity(scenarios.len());
    let mut room = None;
    for scenarios in scenarios.chunks(LANES) {
        let batch = room.get_or_insert_with(|| Batch::<LANES>::new(plan));
        all.extend(batch.run(plan, scenarios));
    }
    Ok(all)
}

/// What the events of a scenario name.
#[derive(Default)]
struct Touched {
    lines: Vec<LineId>,
    demands: Vec<DemandId>,
}

impl Touched {
    fn by(events: &[Event]) -> Self {
        let mut touched = Self::default();
        for event in events {
            match &event.change {
                Change::Capacity(lines) => touched.lines.extend_from_slice(lines),
                Change::Damage { shares, .. } => touched.lines.extend(shares.iter().map(|&(line, _)| line)),
                Change::Demand(demands) => touched.demands.extend_from_slice(demands),
                _ => {}
            }
        }
        touched
    }
}

/// The state of a batch; names as in [`State`].
struct Batch<const L: usize> {
    stock: Vec<[f64; L]>,
    rate: Vec<[f64; L]>,
    rate_before: Vec<[f64; L]>,
    output: Vec<[f64; L]>,
    given: Vec<[f64; L]>,
    expected: Vec<[f64; L]>,
    received: Vec<[f64; L]>,
    finished: Vec<[f64; L]>,
    bound: Vec<[f64; L]>,
    messages: Vec<[f64; L]>,
    morning: Vec<[f64; L]>,
    capacity_factor: Vec<[f64; L]>,
    demand_factor: Vec<[f64; L]>,
    /// Chunk × ([`SUMS`] × product): what one task has summed.
    sums: Vec<[f64; L]>,
    /// Task × product: what it uses.
    used: Vec<[f64; L]>,
    /// Produced, used, sold, content by product.
    totals: Vec<[f64; L]>,
    content_before: Vec<[f64; L]>,
    capacity_of_lane: Vec<f64>,
    demand_of_lane: Vec<f64>,
    opening: State,
}

fn spread<const L: usize>(column: &[f64]) -> Vec<[f64; L]> {
    column.iter().map(|&value| [value; L]).collect()
}

fn refill<const L: usize>(cells: &mut [[f64; L]], column: &[f64]) {
    cells.iter_mut().zip(column).for_each(|(cell, &value)| *cell = [value; L]);
}

impl<const L: usize> Batch<L> {
    fn new(plan: &Plan) -> Self {
        let opening = State::new(plan);
        let (lines, products) = (plan.network.lines.len(), plan.network.products.len());
        let tasks = plan.bulk.tasks_len();
        Self {
            stock: spread(&opening.bulk_stock),
            rate: spread(&opening.bulk_rate),
            rate_before: vec![[0.0; L]; lines],
            output: spread(&opening.output),
            given: spread(&opening.bulk_given),
            expected: spread(&opening.expected),
            received: spread(&opening.received),
            finished: spread(&opening.finished),
            bound: vec![[0.0; L]; plan.bulk.lines.len()],
            messages: vec![[0.0; L]; plan.bulk.flows_len()],
            morning: vec![[0.0; L]; tasks * products],
            capacity_factor: vec![[1.0; L]; lines],
            demand_factor: vec![[1.0; L]; plan.network.demands.len()],
            sums: vec![[0.0; L]; plan.bulk.chunks.len() * SUMS * products],
            used: vec![[0.0; L]; tasks * products],
            totals: vec![[0.0; L]; SUMS * products],
            content_before: vec![[0.0; L]; products],
            capacity_of_lane: vec![1.0; lines],
            demand_of_lane: vec![1.0; plan.network.demands.len()],
            opening,
        }
    }

    fn run(&mut self, plan: &Plan, scenarios: &[Vec<Event>]) -> Vec<Vec<Totals>> {
        let open = &self.opening;
        refill(&mut self.stock, &open.bulk_stock);
        refill(&mut self.rate, &open.bulk_rate);
        refill(&mut self.output, &open.output);
        refill(&mut self.given, &open.bulk_given);
        refill(&mut self.expected, &open.expected);
        refill(&mut self.received, &open.received);
        refill(&mut self.finished, &open.finished);
        let mut content = vec![0.0; plan.network.products.len()];
        crate::plan::stocks::tally_bulk(plan, open, &mut content);
        refill(&mut self.content_before, &content);
        self.capacity_factor.fill([1.0; L]);
        self.demand_factor.fill([1.0; L]);
        let touched: Vec<Touched> = scenarios.iter().map(|events| Touched::by(events)).collect();
        let days = plan.calendar.len();
        let mut totals: Vec<Vec<Totals>> = scenarios.iter().map(|_| Vec::with_capacity(days)).collect();
        for t in 0..days {
            self.events(plan, scenarios, &touched, t);
            self.order(plan, t);
            let today = self.produce_and_share(plan);
            for (lane, of_lane) in totals.iter_mut().enumerate() {
                of_lane.push(Totals { goods_residual: self.audit(lane), ..today[lane] });
            }
            let content = self.totals.len() - self.content_before.len();
            self.content_before.copy_from_slice(&self.totals[content..]);
        }
        totals
    }

    /// The factors of the day, lane by lane, where they may have changed: of what the lane's events name, nothing else moves.
    fn events(&mut self, plan: &Plan, scenarios: &[Vec<Event>], touched: &[Touched], t: usize) {
        let day = plan.calendar.day(t);
        for (lane, (events, touched)) in scenarios.iter().zip(touched).enumerate() {
            if t > 0 && !events.iter().any(|event| event.moves_on(day)) {
                continue;
            }
            touched.lines.iter().for_each(|line| self.capacity_of_lane[line.index()] = 1.0);
            touched.demands.iter().for_each(|demand| self.demand_of_lane[demand.index()] = 1.0);
            for event in events {
                factors(&plan.network, event, day, &mut self.capacity_of_lane, &mut self.demand_of_lane);
            }
            for l in touched.lines.iter().map(|line| line.index()) {
                self.capacity_factor[l][lane] = self.capacity_of_lane[l];
            }
            for m in touched.demands.iter().map(|demand| demand.index()) {
                self.demand_factor[m][lane] = self.demand_of_lane[m];
            }
        }
    }

    /// As [`crate::bulk::passes::order`].
    fn order(&mut self, plan: &Plan, t: usize) {
        let bulk = &plan.bulk;
        let settings = &plan.network.settings;
        std::mem::swap(&mut self.rate, &mut self.rate_before);
        let ends = || bulk.chunks.iter().map(|own| own.lines.end);
        let rates = cut(&mut self.rate, ends()).into_par_iter().zip(&bulk.chunks);
        if settings.plan_rate == PlanRate::Realised {
            rates.for_each(|(rate, own)| rate.copy_from_slice(&self.output[own.lines.clone()]));
        } else {
            let weight = expect::weight(settings.expect_days);
            let expects = t > 0 || settings.start_state == crate::model::network::StartState::Steady;
            rates.zip(cut(&mut self.expected, ends())).for_each(|((rates, own), expected)| {
                for ((l, rate), expected) in own.lines.clone().zip(rates).zip(expected) {
                    for k in 0..L {
                        if expects {
                            expected[k] = expect::next(expected[k], self.received[l][k], weight);
                        }
                        let capacity = capacity::today(bulk.capacity[l], self.capacity_factor[l][k], || plan.usual_standing(l));
                        rate[k] = expect::planned_rate(expected[k], 0.0, 0.0, 0.0, capacity);
                    }
                }
            });
        }
        self.sweep(plan);
        let messages = &self.messages;
        let room = || vec![[0.0; L]; bulk.bucket];
        self.received
            .par_chunks_mut(bulk.bucket)
            .enumerate()
            .for_each_init(room, |room, (bucket, received)| collect(bulk, bucket, messages, received, room));
    }

    fn sweep(&mut self, plan: &Plan) {
        let bulk = &plan.bulk;
        let products = plan.network.products.len();
        let given = &self.given;
        let partitions: Vec<Range<usize>> = bulk.partitions().collect();
        let ends: Vec<(Range<usize>, Range<usize>)> =
            partitions.iter().map(|partition| bulk.lines_and_rows(&bulk.tiles_of(partition))).collect();
        let messages = cut(&mut self.messages, ends.iter().map(|(_, rows)| bulk.flows_in(rows).end));
        let stocks = cut(&mut self.stock, ends.iter().map(|(_, rows)| bulk.cells_in(rows).end));
        let mut bounds = cut(&mut self.bound, ends.iter().map(|(lines, _)| lines.end)).into_iter();
        let mut mornings = cut(&mut self.morning, partitions.iter().map(|partition| partition.end * products)).into_iter();
        let part = |((tasks, stock), messages)| Part {
            tasks,
            stock,
            bound: bounds.next().unwrap_or_default(),
            scarce: &mut [],
            messages,
            ratio: &mut [],
            arrived: &mut [],
            content: mornings.next().unwrap_or_default(),
        };
        let mut parts: Vec<Part<L>> = partitions.into_iter().zip(stocks).zip(messages).map(part).collect();
        let before = Evening { rate: &self.rate_before, output: &self.output, over: &[], first: &[] };
        let rate = &self.rate[..];
        parts.par_iter_mut().for_each_init(Scratch::default, |scratch, part| {
            post(bulk, &part.tasks, given, part.messages);
            sweep::<L, { rule::SHARE }>(bulk, &before, rate, part, scratch);
        });
    }

    /// As [`crate::bulk::passes::produce`] and [`crate::bulk::passes::share`], for lines that share out proportionally.
    fn produce_and_share(&mut self, plan: &Plan) -> [Totals; L] {
        let chunks = &plan.bulk.chunks;
        let products = plan.network.products.len();
        let ends = || chunks.iter().map(|own| own.lines.end);
        let columns = cut(&mut self.output, ends()).into_par_iter().zip(cut(&mut self.finished, ends()));
        let columns = columns.zip(cut(&mut self.given, ends())).zip(cut(&mut self.received, ends()));
        let (capacity, demand, bound) = (&self.capacity_factor, &self.demand_factor, &self.bound);
        let sums = self.sums.par_chunks_mut(SUMS * products);
        let values: Vec<[[f64; L]; 4]> = columns
            .zip(sums)
            .zip(chunks)
            .map(|(((((output, finished), given), received), sums), own)| {
                let columns = Columns { output, finished, given, received, capacity, demand, bound };
                columns.work(plan, own.lines.clone(), sums)
            })
            .collect();
        let output = &self.output;
        self.used.par_chunks_mut(products).enumerate().for_each_init(Vec::new, |made, (task, used)| {
            use_inputs(&plan.bulk, task, output, made, used);
        });
        let (used, content) = (products, 3 * products);
        self.totals.fill([0.0; L]);
        for morning in self.morning.chunks(products) {
            add(&mut self.totals[content..], morning);
        }
        for sums in self.sums.chunks(SUMS * products) {
            add(&mut self.totals, sums);
        }
        for own in self.used.chunks(products) {
            add(&mut self.totals[used..], own);
        }
        for p in 0..products {
            for k in 0..L {
                self.totals[content + p][k] -= self.totals[used + p][k];
            }
        }
        let sum = |what: usize, k: usize| values.iter().map(|value| value[what][k]).sum();
        std::array::from_fn(|k| Totals {
            output_value: sum(0, k),
            value_added: sum(1, k),
            demand_wanted: sum(2, k),
            demand_met: sum(3, k),
            ..Totals::default()
        })
    }

    /// Largest relative goods residual of a lane, as `record::day` finds it.
    fn audit(&self, k: usize) -> f64 {
        let products = self.content_before.len();
        let total = |what: usize, p: usize| self.totals[what * products + p][k];
        let mut worst: f64 = 0.0;
        for p in 0..products {
            let opening = self.content_before[p][k] + total(0, p);
            let left = total(1, p) + total(2, p);
            worst = worst.max(relative(total(3, p) - (opening - left), opening));
        }
        worst
    }
}

/// The columns of the lines of one task.
struct Columns<'a, const L: usize> {
    output: &'a mut [[f64; L]],
    finished: &'a mut [[f64; L]],
    given: &'a mut [[f64; L]],
    received: &'a mut [[f64; L]],
    /// Of all lines.
    capacity: &'a [[f64; L]],
    /// Of all demands.
    demand: &'a [[f64; L]],
    /// Of all lines.
    bound: &'a [[f64; L]],
}

impl<const L: usize> Columns<'_, L> {
    /// Produces and shares out; returns output, value added, final demand wanted and met, at prices.
    fn work(self, plan: &Plan, lines: Range<usize>, sums: &mut [[f64; L]]) -> [[f64; L]; 4] {
        let bulk = &plan.bulk;
        let products = plan.network.products.len();
        let mut values = [[0.0; L]; 4];
        sums.fill([0.0; L]);
        for (at, l) in lines.enumerate() {
            let ordered = self.received[at];
            let mut wanted = ordered;
            for (m, quantity) in bulk.demands_in(l..l + 1) {
                for k in 0..L {
                    wanted[k] += quantity * self.demand[m][k];
                }
            }
            let price = plan.prices.line[l];
            let value_added = price - plan.prices.own_input_value[l];
            let product = bulk.product[l] as usize;
            let mut served = [0.0; L];
            for k in 0..L {
                let capacity = capacity::today(bulk.capacity[l], self.capacity[l][k], || plan.usual_standing(l));
                let made = wish(wanted[k], self.finished[at][k], capacity).min(self.bound[l][k]);
                self.output[at][k] = made;
                values[0][k] += made * price;
                values[1][k] += made * value_added;
                sums[product][k] += made;
                let finished = self.finished[at][k] + made;
                served[k] = proportional(finished, wanted[k]);
                self.finished[at][k] = (finished - served[k] * wanted[k]).max(0.0);
            }
            self.given[at] = served;
            for (m, quantity) in bulk.demands_in(l..l + 1) {
                for k in 0..L {
                    let asked = quantity * self.demand[m][k];
                    let met = asked * served[k];
                    sums[2 * products + product][k] += met;
                    values[2][k] += asked * price;
                    values[3][k] += met * price;
                }
            }
            self.received[at] = wanted;
            for k in 0..L {
                sums[3 * products + product][k] += served[k] * ordered[k] + self.finished[at][k];
            }
        }
        values
    }
}

fn add<const L: usize>(sums: &mut [[f64; L]], cells: &[[f64; L]]) {
    for (sum, cell) in sums.iter_mut().zip(cells) {
        for k in 0..L {
            sum[k] += cell[k];
        }
    }
}
