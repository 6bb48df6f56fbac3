//! The sweep over plain contracts: yesterday's goods arrive and today's orders go out, in one pass over the network.
//!
//! For a row (an input of a plain line) with need `a·g`, target n and share w of a seller, in units of the whole row's need:
//!
//! 1. yesterday's use leaves: `x ← x·(1 − used/Σ w·x)`, in proportion to the suppliers' stocks;
//! 2. what the seller gave of yesterday's order arrives: `x ← x + given·f(x at yesterday's order, yesterday's need)`;
//! 3. the buyer orders `w·f(x, need)`, `f = max(0, need + (n·need − x)/τ)`.
//!
//! So a contract keeps one number, its stock over its share; neither orders nor deliveries are stored, since a seller's side is one number
//! and the buyer's can be computed anew from what it was computed from. Where stock is kept per product the row keeps that one number.
//!
//! Sellers stand anywhere in memory, so what they say and what they are asked travels in *letters*: the flows of a task sorted by block of
//! sellers, a block's numbers fitting the second cache. Before the sweep every seller's number is written into its letters, block by block;
//! the sweep reads and answers each block's letters in turn; afterwards the answers are added up, block by block. All three stream.
//!
//! The sweep takes some hundred flows at a time (a *batch*) in short loops: fetch the letters, compute, answer. A loop that only fetches
//! has many fetches under way at once; with the arithmetic in between it would wait for each of them.
//!
//! State between two days is as the morning left it: what production took in the meantime is taken at the next sweep. The kernels work on
//! `L` lanes at once, scenarios over one network, lane by lane within a cell; one lane is an ordinary run. Every lane's arithmetic is that
//! of one lane, so its bits are too.

#![allow(clippy::needless_range_loop, reason = "several columns of lanes go in step")]

use std::ops::Range;

use crate::plan::{BATCH, Plain};

/// What the evening before left, line by line.
#[derive(Clone, Copy)]
pub(crate) struct Evening<'a, const L: usize> {
    /// Planned rate orders were computed from.
    pub rate: &'a [[f64; L]],
    /// Output.
    pub output: &'a [[f64; L]],
    /// Share of every plain order that was served; where the sign is negative, the level in normal orders up to which it was.
    pub given: &'a [[f64; L]],
    /// What customers beyond the level got, in normal orders (compat only).
    pub over: &'a [[f64; L]],
    /// What customers without an order got, in normal orders (compat only).
    pub first: &'a [[f64; L]],
}

/// The part of a sweep that one task does: columns of its own plain lines, rows and flows, and sums of its own.
pub(crate) struct Part<'a, const L: usize> {
    /// Its plain lines.
    pub lines: Range<usize>,
    /// Cells of stock.
    pub stock: &'a mut [[f64; L]],
    /// Plain line → most the inputs allow.
    pub bound: &'a mut [[f64; L]],
    /// Plain line → input product that allows least (one lane only).
    pub scarce: &'a mut [u32],
    /// Letter → what the seller says, then what the buyer asks. Empty: both are looked up line by line.
    pub letters: &'a mut [[f64; L]],
    /// Letter → order over normal order (compat only).
    pub ratio: &'a mut [[f64; L]],
    /// Flow → arrived (one lane, only if kept).
    pub arrived: &'a mut [f64],
    /// Line → orders received (only without letters).
    pub ordered: &'a mut [[f64; L]],
    /// Product → stock in the morning.
    pub content: &'a mut [[f64; L]],
}

/// How orders are served.
pub(crate) mod rule {
    /// One share per seller.
    pub const SHARE: u8 = 0;
    /// One share or one level per seller.
    pub const LEVEL: u8 = 1;
    /// As the authors' program of Inoue & Todo (2019).
    pub const COMPAT: u8 = 2;
}

/// Orders below this share of the normal order are no orders to the program of Inoue & Todo: whether a client orders nothing or next to
/// nothing makes a difference to its rule, and must not hang on rounding.
const NO_ORDER: f64 = 1e-11;

/// What is above zero; one instruction, where `f64::max` takes care of what is no number with four more.
#[inline(always)]
fn positive(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.0 }
}

/// The smaller of two, likewise.
#[inline(always)]
fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// A row's order of the whole need.
#[inline(always)]
fn wish<const RULE: u8>(need: f64, days: f64, stock: f64, rate: f64, normal: f64) -> f64 {
    let order = positive(need + (days * need - stock) * rate);
    if RULE == rule::COMPAT && order < NO_ORDER * normal { 0.0 } else { order }
}

/// What of an order arrives, by the seller's number.
#[inline(always)]
fn served<const RULE: u8>(order: f64, normal: f64, given: f64, over: f64, first: f64) -> f64 {
    if RULE == rule::SHARE || given.is_sign_positive() {
        return order * given;
    }
    let level = -given;
    if RULE == rule::LEVEL {
        return smaller(order, level * normal);
    }
    if order / normal > level {
        over * normal
    } else if order == 0.0 {
        first * normal
    } else {
        order
    }
}

/// Room for one batch: columns of its rows and flows.
pub(crate) struct Bench<const L: usize> {
    /// Row → plain line, counted from the first of the part.
    line: [u32; BATCH],
    /// Row → yesterday's need, which its orders were computed from.
    need_before: [[f64; L]; BATCH],
    /// Row → today's need.
    need: [[f64; L]; BATCH],
    /// Row → yesterday's use; then the share of every stock that it left; at last what the stock allows to make.
    keep: [[f64; L]; BATCH],
    /// Row → stock: yesterday's, then today's. Where stock is kept per product, what arrives is added here.
    stock: [[f64; L]; BATCH],
    /// Row → order of the whole need (stock per product only).
    asks: [[f64; L]; BATCH],
    /// Row → target n, days.
    days: [f64; BATCH],
    /// Row → 1/τ, per day.
    restock_rate: [f64; BATCH],
    /// Row → need in the steady state (dealt lines only).
    normal: [f64; BATCH],
    /// Flow → what the seller says; then what the buyer asks.
    said: [[f64; L]; BATCH],
}

impl<const L: usize> Bench<L> {
    fn new() -> Self {
        let (cells, column) = ([[0.0; L]; BATCH], [0.0; BATCH]);
        Self {
            line: [0; BATCH],
            need_before: cells,
            need: cells,
            keep: cells,
            stock: cells,
            asks: cells,
            days: column,
            restock_rate: column,
            normal: column,
            said: cells,
        }
    }
}

/// Sweeps the plain lines of a task. `rate`: today's planned rate of every line.
pub(crate) fn sweep<const L: usize, const RULE: u8>(
    plain: &Plain,
    task: usize,
    before: &Evening<L>,
    rate: &[[f64; L]],
    part: &mut Part<L>,
) {
    part.bound.fill([f64::INFINITY; L]);
    part.scarce.fill(u32::MAX);
    let mut bench = Bench::<L>::new();
    let mut line = part.lines.start;
    for batch in plain.first_batch[task]..plain.first_batch[task + 1] {
        let rows = plain.batches[batch] as usize..plain.batches[batch + 1] as usize;
        line = open::<L, RULE>(plain, before, rate, &rows, line, part.lines.start, &mut bench);
        if plain.paces[plain.row_pace[rows.start] as usize].by_supplier {
            by_supplier::<L, RULE>(plain, before, &rows, part, &mut bench);
        } else {
            by_product::<L, RULE>(plain, before, &rows, part, &mut bench);
        }
        close(plain, &rows, part, &mut bench);
    }
}

/// What the rows of a batch need to know. `line`: the plain line of the first or one before it; returns that of the last.
fn open<const L: usize, const RULE: u8>(
    plain: &Plain,
    before: &Evening<L>,
    rate: &[[f64; L]],
    rows: &Range<usize>,
    mut line: usize,
    first_line: usize,
    bench: &mut Bench<L>,
) -> usize {
    // Read anew where the line changes.
    let mut last = rows.start;
    let (mut rate_before, mut rate_now, mut output) = ([0.0; L], [0.0; L], [0.0; L]);
    for (at, (&per_unit, &pace)) in plain.row_use[rows.clone()].iter().zip(&plain.row_pace[rows.clone()]).take(BATCH).enumerate() {
        if rows.start + at >= last {
            while plain.first_row[line + 1] as usize <= rows.start + at {
                line += 1;
            }
            last = plain.first_row[line + 1] as usize;
            let l = plain.lines[line] as usize;
            (rate_before, rate_now, output) = (before.rate[l], rate[l], before.output[l]);
        }
        let pace = &plain.paces[pace as usize];
        bench.line[at] = (line - first_line) as u32;
        bench.need_before[at] = rate_before.map(|rate| per_unit * rate);
        bench.need[at] = rate_now.map(|rate| per_unit * rate);
        bench.keep[at] = output.map(|output| per_unit * output);
        bench.stock[at] = [0.0; L];
        (bench.days[at], bench.restock_rate[at]) = (pace.stock_days, pace.restock_rate);
    }
    if RULE != rule::SHARE {
        bench.normal[..rows.len()].copy_from_slice(&plain.row_normal[rows.clone()]);
    }
    line
}

/// What the rows of a batch leave: the stock of their products, and what they allow their lines to make.
fn close<const L: usize>(plain: &Plain, rows: &Range<usize>, part: &mut Part<L>, bench: &mut Bench<L>) {
    let (stock, allowed) = (&bench.stock[..rows.len()], &mut bench.keep[..rows.len()]);
    for ((allowed, stock), &per_unit) in allowed.iter_mut().zip(stock).zip(&plain.row_use[rows.clone()]) {
        *allowed = stock.map(|stock| stock / per_unit);
    }
    let products = &plain.row_product[rows.clone()];
    for (stock, &product) in stock.iter().zip(products) {
        let content = &mut part.content[product as usize];
        for k in 0..L {
            content[k] += stock[k];
        }
    }
    for (k, (&line, &product)) in bench.line.iter().zip(products).enumerate() {
        least(&allowed[k], product, &mut part.bound[line as usize], part.scarce.get_mut(line as usize));
    }
}

/// Keeps the least of what the inputs of a line allow, and which input that is.
#[inline(always)]
fn least<const L: usize>(allowed: &[f64; L], product: u32, bound: &mut [f64; L], scarce: Option<&mut u32>) {
    let less = allowed[0] < bound[0];
    for k in 0..L {
        bound[k] = smaller(allowed[k], bound[k]);
    }
    if L == 1
        && let Some(scarce) = scarce
    {
        // Chosen, not branched to: which input is the scarcest so far cannot be foretold.
        let chosen = u32::from(less).wrapping_neg();
        *scarce = product & chosen | *scarce & !chosen;
    }
}

/// Writes what the sellers say into the letters of a task.
pub(crate) fn post(plain: &Plain, task: usize, given: &[f64], letters: &mut [[f64; 1]]) {
    let first = plain.flows_of_task(task).start;
    for (block, given) in given.chunks(plain.block).enumerate() {
        let own = plain.letters_to(task, block);
        for (letter, &seller) in letters[own.start - first..own.end - first].iter_mut().zip(&plain.letter_seller[own]) {
            *letter = [given[seller as usize]];
        }
    }
}

/// Adds up the answers to a block of sellers: for every task in order of flow, then in order of task. `sums`: room for the block.
pub(crate) fn collect(plain: &Plain, block: usize, letters: &[f64], ordered: &mut [f64], sums: &mut [f64]) {
    ordered.fill(0.0);
    let sums = &mut sums[..ordered.len()];
    for task in 0..plain.tasks() {
        let own = plain.letters_to(task, block);
        sums.fill(0.0);
        for (letter, &seller) in letters[own.clone()].iter().zip(&plain.letter_seller[own]) {
            sums[seller as usize] += letter;
        }
        ordered.iter_mut().zip(&*sums).for_each(|(ordered, sum)| *ordered += sum);
    }
}

/// Fetches what the sellers of some flows say. `letter`, `seller`: of those flows.
#[inline(always)]
fn fetch<const L: usize>(before: &Evening<L>, letter: &[u32], seller: &[u32], letters: &[[f64; L]], said: &mut [[f64; L]]) {
    let (at, from) = if letters.is_empty() { (seller, before.given) } else { (letter, letters) };
    for (said, &at) in said.iter_mut().zip(at) {
        *said = from[at as usize];
    }
}

/// Answers with what the buyers ask.
#[inline(always)]
fn answer<const L: usize>(letter: &[u32], seller: &[u32], asks: &[[f64; L]], part: &mut Part<L>) {
    if part.letters.is_empty() {
        for (asks, &seller) in asks.iter().zip(seller) {
            let ordered = &mut part.ordered[seller as usize];
            for k in 0..L {
                ordered[k] += asks[k];
            }
        }
    } else {
        for (asks, &letter) in asks.iter().zip(letter) {
            part.letters[letter as usize] = *asks;
        }
    }
}

/// What customers beyond the level and without an order got of a seller.
#[inline(always)]
fn beyond<const L: usize, const RULE: u8>(before: &Evening<L>, seller: u32) -> ([f64; L], [f64; L]) {
    if RULE == rule::COMPAT { (before.over[seller as usize], before.first[seller as usize]) } else { ([0.0; L], [0.0; L]) }
}

/// Flows from `from` on, as many at a time as there is room for.
fn pieces(flows: Range<usize>, room: usize) -> impl Iterator<Item = Range<usize>> {
    flows.clone().step_by(room).map(move |from| from..flows.end.min(from + room))
}

/// Where the stock and the flows of a batch stand in the columns of a part: first cell, first flow.
fn offsets<const L: usize>(plain: &Plain, rows: &Range<usize>, part: &Part<L>) -> (usize, usize) {
    let first = plain.first_row[part.lines.start] as usize;
    ((plain.first_cell[rows.start] - plain.first_cell[first]) as usize, (plain.first_flow[rows.start] - plain.first_flow[first]) as usize)
}

/// Rows whose stock is kept per supplier.
fn by_supplier<const L: usize, const RULE: u8>(
    plain: &Plain,
    before: &Evening<L>,
    rows: &Range<usize>,
    part: &mut Part<L>,
    bench: &mut Bench<L>,
) {
    let flows = plain.first_flow[rows.start] as usize..plain.first_flow[rows.end] as usize;
    let (cell, arrival) = offsets(plain, rows, part);
    for own in pieces(flows.clone(), BATCH) {
        let stock = &part.stock[cell + own.start - flows.start..cell + own.end - flows.start];
        for ((x, &share), &row) in stock.iter().zip(&plain.share[own.clone()]).zip(&plain.row_in_batch[own.clone()]) {
            let held = &mut bench.stock[row as usize % BATCH];
            for k in 0..L {
                held[k] += share * x[k];
            }
        }
    }
    for (keep, held) in bench.keep.iter_mut().zip(&mut bench.stock).take(rows.len()) {
        for k in 0..L {
            let held = if held[k] > f64::MIN_POSITIVE { held[k] } else { f64::MIN_POSITIVE };
            keep[k] = positive(1.0 - keep[k] / held);
        }
        *held = [0.0; L];
    }
    for own in pieces(flows.clone(), BATCH) {
        let (letter, seller) = (&plain.letter[own.clone()], &plain.seller[own.clone()]);
        let from = own.start - flows.start;
        let Bench { said, need_before, need, keep, stock, days, restock_rate, normal, .. } = bench;
        let said = &mut said[..own.len()];
        fetch(before, letter, seller, part.letters, said);
        let cells = &mut part.stock[cell + from..cell + from + own.len()];
        for (at, ((x, &share), (said, &row))) in
            cells.iter_mut().zip(&plain.share[own.clone()]).zip(said.iter_mut().zip(&plain.row_in_batch[own.clone()])).enumerate()
        {
            let r = row as usize % BATCH;
            let (over, first) = beyond::<L, RULE>(before, if RULE == rule::COMPAT { seller[at] } else { 0 });
            for k in 0..L {
                let asked = wish::<RULE>(need_before[r][k], days[r], x[k], restock_rate[r], normal[r]);
                let came = served::<RULE>(asked, normal[r], said[k], over[k], first[k]);
                let now = x[k] * keep[r][k] + came;
                let asks = wish::<RULE>(need[r][k], days[r], now, restock_rate[r], normal[r]);
                stock[r][k] += share * now;
                said[k] = share * asks;
                x[k] = now;
                if RULE == rule::COMPAT {
                    part.ratio[letter[at] as usize][k] = asks / normal[r];
                }
                if L == 1
                    && let Some(arrived) = part.arrived.get_mut(arrival + from + at)
                {
                    *arrived = share * came;
                }
            }
        }
        answer(letter, seller, said, part);
    }
}

/// Rows whose stock is kept per product.
fn by_product<const L: usize, const RULE: u8>(
    plain: &Plain,
    before: &Evening<L>,
    rows: &Range<usize>,
    part: &mut Part<L>,
    bench: &mut Bench<L>,
) {
    let flows = plain.first_flow[rows.start] as usize..plain.first_flow[rows.end] as usize;
    let (cell, arrival) = offsets(plain, rows, part);
    let Bench { said, need_before, need, keep, stock, asks, days, restock_rate, normal, .. } = bench;
    let cells = &mut part.stock[cell..cell + rows.len()];
    for (r, x) in cells.iter().enumerate() {
        for k in 0..L {
            asks[r][k] = wish::<RULE>(need_before[r][k], days[r], x[k], restock_rate[r], normal[r]);
            stock[r][k] = positive(x[k] - keep[r][k]);
        }
    }
    for own in pieces(flows.clone(), BATCH) {
        let (letter, seller) = (&plain.letter[own.clone()], &plain.seller[own.clone()]);
        let from = arrival + own.start - flows.start;
        let said = &mut said[..own.len()];
        fetch(before, letter, seller, part.letters, said);
        for (at, (&share, (said, &row))) in
            plain.share[own.clone()].iter().zip(said.iter().zip(&plain.row_in_batch[own.clone()])).enumerate()
        {
            let r = row as usize % BATCH;
            let (over, first) = beyond::<L, RULE>(before, if RULE == rule::COMPAT { seller[at] } else { 0 });
            for k in 0..L {
                let came = share * served::<RULE>(asks[r][k], normal[r], said[k], over[k], first[k]);
                stock[r][k] += came;
                if L == 1
                    && let Some(arrived) = part.arrived.get_mut(from + at)
                {
                    *arrived = came;
                }
            }
        }
    }
    for (r, x) in cells.iter_mut().enumerate() {
        for k in 0..L {
            asks[r][k] = wish::<RULE>(need[r][k], days[r], stock[r][k], restock_rate[r], normal[r]);
        }
        *x = stock[r];
    }
    for own in pieces(flows, BATCH) {
        let (letter, seller) = (&plain.letter[own.clone()], &plain.seller[own.clone()]);
        let said = &mut said[..own.len()];
        for (at, (&share, (said, &row))) in
            plain.share[own.clone()].iter().zip(said.iter_mut().zip(&plain.row_in_batch[own.clone()])).enumerate()
        {
            let r = row as usize % BATCH;
            *said = asks[r].map(|asks| share * asks);
            if RULE == rule::COMPAT {
                part.ratio[letter[at] as usize] = asks[r].map(|asks| asks / normal[r]);
            }
        }
        answer(letter, seller, said, part);
    }
}
