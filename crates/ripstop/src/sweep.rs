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
//! sellers, a block's numbers fitting a cache. Before the sweep every seller's number is written into its letters, block by block; the
//! sweep reads and answers each block's letters in turn; afterwards the answers are added up, block by block. All three stream.
//!
//! State between two days is as the morning left it: what production took in the meantime is taken at the next sweep. The kernels work on
//! `L` lanes at once, scenarios over one network, lane by lane within a cell; one lane is an ordinary run. Every lane's arithmetic is that
//! of one lane, so its bits are too.

#![allow(clippy::needless_range_loop, reason = "several columns of lanes go in step")]

use crate::plan::{BLOCKS, Pace, Plain};

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
    pub lines: std::ops::Range<usize>,
    /// Cells of stock.
    pub stock: &'a mut [[f64; L]],
    /// Plain line → most the inputs allow.
    pub bound: &'a mut [[f64; L]],
    /// Plain line → input product that allows least (one lane only).
    pub scarce: &'a mut [u32],
    /// Letter → what the seller says, then what the buyer asks. Empty: both are looked up line by line.
    pub letters: &'a mut [[f64; L]],
    /// Block → next letter, counted from the part's first.
    pub next: [u32; BLOCKS],
    /// Letter → order over normal order (dealt lines only).
    pub ratio: &'a mut [[f64; L]],
    /// Flow → arrived (one lane, only if kept).
    pub arrived: &'a mut [f64],
    /// Line → orders received.
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

/// A row's order of the whole need.
#[inline(always)]
fn wish<const RULE: u8>(need: f64, days: f64, stock: f64, rate: f64, normal: f64) -> f64 {
    let order = (need + (days * need - stock) * rate).max(0.0);
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
        return order.min(level * normal);
    }
    if order / normal > level {
        over * normal
    } else if order == 0.0 {
        first * normal
    } else {
        order
    }
}

/// Sweeps the plain lines of a part. `rate`: today's planned rate of every line.
pub(crate) fn sweep<const L: usize, const RULE: u8>(plain: &Plain, before: &Evening<L>, rate: &[[f64; L]], part: &mut Part<L>) {
    let (Some(first_row), Some(last_row)) = (plain.first_row.get(part.lines.start), plain.first_row.get(part.lines.end)) else { return };
    let (cell_off, flow_off) = (plain.first_cell[*first_row as usize] as usize, plain.first_flow[*first_row as usize] as usize);
    debug_assert!(plain.first_cell[*last_row as usize] as usize - cell_off == part.stock.len());
    let first_line = part.lines.start;
    for i in part.lines.clone() {
        let line = plain.lines[i] as usize;
        let (output, rate_before, rate_now) = (&before.output[line], &before.rate[line], &rate[line]);
        let mut bound = [f64::INFINITY; L];
        let mut scarce = u32::MAX;
        for row in plain.rows(i) {
            let pace = &plain.paces[plain.row_pace[row] as usize];
            let per_unit = plain.row_use[row];
            let normal = if RULE == rule::SHARE { 0.0 } else { plain.row_normal[row] };
            let turn = Turn {
                need_before: rate_before.map(|rate| per_unit * rate),
                need: rate_now.map(|rate| per_unit * rate),
                used: output.map(|output| per_unit * output),
                normal,
                pace,
            };
            let cells = plain.first_cell[row] as usize - cell_off..plain.first_cell[row + 1] as usize - cell_off;
            let flows = plain.flows_of(row);
            let mut out = Out {
                letters: part.letters,
                next: &mut part.next,
                ratio: part.ratio,
                arrived: part.arrived.get_mut(flows.start - flow_off..flows.end - flow_off).unwrap_or_default(),
                ordered: part.ordered,
            };
            let (sellers, shares) =
                (Sellers { line: &plain.seller[flows.clone()], block: &plain.block[flows.clone()] }, &plain.share[flows]);
            let stock = &mut part.stock[cells];
            let total = if pace.by_supplier {
                by_supplier::<L, RULE>(&turn, before, &sellers, shares, stock, &mut out)
            } else {
                by_product::<L, RULE>(&turn, before, &sellers, shares, &mut stock[0], &mut out)
            };
            let content = &mut part.content[plain.row_product[row] as usize];
            for k in 0..L {
                content[k] += total[k];
                let allowed = total[k] / per_unit;
                if L == 1 && allowed < bound[k] {
                    scarce = plain.row_product[row];
                }
                bound[k] = bound[k].min(allowed);
            }
        }
        part.bound[i - first_line] = bound;
        if L == 1 {
            part.scarce[i - first_line] = scarce;
        }
    }
}

/// Writes what the sellers say into the letters of a part.
pub(crate) fn post<const L: usize>(sellers: &[u32], given: &[[f64; L]], letters: &mut [[f64; L]]) {
    for (letter, &seller) in letters.iter_mut().zip(sellers) {
        *letter = given[seller as usize];
    }
}

/// Adds up the answers, in order of flow for every seller.
pub(crate) fn collect<const L: usize>(sellers: &[u32], letters: &[[f64; L]], ordered: &mut [[f64; L]]) {
    for (letter, &seller) in letters.iter().zip(sellers) {
        let ordered = &mut ordered[seller as usize];
        for k in 0..L {
            ordered[k] += letter[k];
        }
    }
}

/// What one row needs to know of the day.
struct Turn<'a, const L: usize> {
    need_before: [f64; L],
    need: [f64; L],
    used: [f64; L],
    normal: f64,
    pace: &'a Pace,
}

/// The sellers of one row.
struct Sellers<'a> {
    line: &'a [u32],
    block: &'a [u8],
}

/// Where one row writes.
struct Out<'a, const L: usize> {
    letters: &'a mut [[f64; L]],
    next: &'a mut [u32; BLOCKS],
    ratio: &'a mut [[f64; L]],
    arrived: &'a mut [f64],
    ordered: &'a mut [[f64; L]],
}

impl<const L: usize> Out<'_, L> {
    /// The letter of the next flow of a block, and what its seller says.
    #[inline(always)]
    fn read(&mut self, before: &Evening<L>, sellers: &Sellers<'_>, at: usize) -> (usize, [f64; L]) {
        let next = &mut self.next[sellers.block[at] as usize];
        let letter = *next as usize;
        *next += 1;
        (letter, if self.letters.is_empty() { before.given[sellers.line[at] as usize] } else { self.letters[letter] })
    }

    /// Answers with what the buyer asks.
    #[inline(always)]
    fn answer(&mut self, letter: usize, seller: u32, asks: [f64; L]) {
        if self.letters.is_empty() {
            let ordered = &mut self.ordered[seller as usize];
            for k in 0..L {
                ordered[k] += asks[k];
            }
        } else {
            self.letters[letter] = asks;
        }
    }
}

/// A row whose stock is kept per supplier; returns its stock.
#[inline(always)]
fn by_supplier<const L: usize, const RULE: u8>(
    turn: &Turn<L>,
    before: &Evening<L>,
    sellers: &Sellers<'_>,
    shares: &[f64],
    stock: &mut [[f64; L]],
    out: &mut Out<L>,
) -> [f64; L] {
    let (tau, days) = (turn.pace.restock_rate, turn.pace.stock_days);
    let mut held = [0.0; L];
    for (x, &share) in stock.iter().zip(shares) {
        for k in 0..L {
            held[k] += share * x[k];
        }
    }
    let mut keep = [0.0; L];
    for k in 0..L {
        keep[k] = (1.0 - turn.used[k] / held[k].max(f64::MIN_POSITIVE)).max(0.0);
    }
    let mut total = [0.0; L];
    for (at, (x, &share)) in stock.iter_mut().zip(shares).enumerate() {
        let (letter, given) = out.read(before, sellers, at);
        let seller = sellers.line[at] as usize;
        let (over, first) = if RULE == rule::COMPAT { (before.over[seller], before.first[seller]) } else { ([0.0; L], [0.0; L]) };
        let mut order = [0.0; L];
        for k in 0..L {
            let asked = wish::<RULE>(turn.need_before[k], days, x[k], tau, turn.normal);
            let came = served::<RULE>(asked, turn.normal, given[k], over[k], first[k]);
            let now = x[k] * keep[k] + came;
            total[k] += share * now;
            let asks = wish::<RULE>(turn.need[k], days, now, tau, turn.normal);
            order[k] = share * asks;
            x[k] = now;
            if RULE != rule::SHARE {
                out.ratio[letter][k] = asks / turn.normal;
            }
            if L == 1 && !out.arrived.is_empty() {
                out.arrived[at] = share * came;
            }
        }
        out.answer(letter, sellers.line[at], order);
    }
    total
}

/// A row whose stock is kept per product; returns it.
#[inline(always)]
fn by_product<const L: usize, const RULE: u8>(
    turn: &Turn<L>,
    before: &Evening<L>,
    sellers: &Sellers<'_>,
    shares: &[f64],
    stock: &mut [f64; L],
    out: &mut Out<L>,
) -> [f64; L] {
    let (tau, days) = (turn.pace.restock_rate, turn.pace.stock_days);
    let (mut asked, mut now, mut asks) = ([0.0; L], [0.0; L], [0.0; L]);
    for k in 0..L {
        asked[k] = wish::<RULE>(turn.need_before[k], days, stock[k], tau, turn.normal);
        now[k] = (stock[k] - turn.used[k]).max(0.0);
    }
    for (at, &share) in shares.iter().enumerate() {
        let (_, given) = out.read(before, sellers, at);
        let seller = sellers.line[at] as usize;
        let (over, first) = if RULE == rule::COMPAT { (before.over[seller], before.first[seller]) } else { ([0.0; L], [0.0; L]) };
        for k in 0..L {
            let came = share * served::<RULE>(asked[k], turn.normal, given[k], over[k], first[k]);
            now[k] += came;
            if L == 1 && !out.arrived.is_empty() {
                out.arrived[at] = came;
            }
        }
    }
    for k in 0..L {
        asks[k] = wish::<RULE>(turn.need[k], days, now[k], tau, turn.normal);
    }
    // The same letters once more, to answer.
    for &block in sellers.block {
        out.next[block as usize] -= 1;
    }
    for (at, &share) in shares.iter().enumerate() {
        let next = &mut out.next[sellers.block[at] as usize];
        let letter = *next as usize;
        *next += 1;
        out.answer(letter, sellers.line[at], asks.map(|asks| share * asks));
        if RULE != rule::SHARE {
            for k in 0..L {
                out.ratio[letter][k] = asks[k] / turn.normal;
            }
        }
    }
    *stock = now;
    now
}
