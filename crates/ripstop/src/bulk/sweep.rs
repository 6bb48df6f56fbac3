//! The sweep over bulk contracts: yesterday's goods arrive and today's orders go out, in one pass over the network.
//!
//! For a row (an input of a bulk line) with need `a·g`, target n and share w of a seller, in units of the whole row's need:
//!
//! 1. yesterday's use leaves: `x ← x·(1 − used/Σ w·x)`, in proportion to the suppliers' stocks;
//! 2. what the seller gave of yesterday's order arrives: `x ← x + given·f(x at yesterday's order, yesterday's need)`;
//! 3. the buyer orders `w·f(x, need)`, `f = max(0, need + (n·need − x)/τ)`.
//!
//! So from one day to the next a contract needs one number, its stock over its share: a seller's side is one number, and the buyer's can be
//! computed anew from what it was computed from. Where stock is kept per product the row keeps that one number. During a day the order
//! stands in the contract's message; what arrived is written down only where contracts are recorded.
//!
//! Sellers stand anywhere in memory, so what they say and what they are asked travels in *messages*: the flows of a tile sorted by bucket
//! of sellers, a bucket's numbers fitting the second cache, as a tile's messages do. Before the sweep every seller's number is written into
//! its messages, bucket by bucket; the sweep takes a tile's messages, sorts them by flow, computes, and answers them; afterwards the
//! answers are added up, bucket by bucket. All of it reads and writes memory in long runs.
//!
//! Within a tile, rows of one seller go diagonal by diagonal ([`crate::plan::Tile`]): row j of a diagonal is of line j, its stock, need and
//! message stand at j too, and the compiler makes wide instructions of the loop. Where a row has one seller, its share is 1 and step 1 is a
//! subtraction.
//!
//! State between two days is as the morning left it: what production took in the meantime is taken at the next sweep. The kernels work on
//! `L` lanes at once, scenarios over one network, lane by lane within a cell ([`crate::bulk::batch`]); one lane is an ordinary run. Every
//! lane's arithmetic is that of one lane, so its bits are too.

#![allow(clippy::needless_range_loop, reason = "several columns of lanes go in step")]

use std::ops::Range;

use pulp::Arch;

use crate::plan::{Bulk, NONE, Policy, Tile};
use crate::rule::level::{Fill, up_to};
use crate::rule::make::{enough_for, positive};
use crate::rule::restock;
use crate::rule::stores::kept;

/// What the evening before left, line by line.
#[derive(Clone, Copy)]
pub(crate) struct Evening<'a, const L: usize> {
    /// Planned rate orders were computed from.
    pub rate: &'a [[f64; L]],
    /// Output.
    pub output: &'a [[f64; L]],
    /// What customers beyond the level got, in normal orders (compat only).
    pub over: &'a [[f64; L]],
    /// What customers without an order got, in normal orders (compat only).
    pub first: &'a [[f64; L]],
}

/// The part of a sweep that one thread does: columns of its own bulk lines, cells and flows, and sums of its own.
pub(crate) struct Part<'a, const L: usize> {
    /// Its tasks.
    pub tasks: Range<usize>,
    /// Cells of stock.
    pub stock: &'a mut [[f64; L]],
    /// Bulk line → most the inputs allow.
    pub bound: &'a mut [[f64; L]],
    /// Bulk line → input product that allows least (one lane only).
    pub scarce: &'a mut [u32],
    /// Message → what the seller says, then what the buyer asks.
    pub messages: &'a mut [[f64; L]],
    /// Message → order over normal order (compat only).
    pub ratio: &'a mut [[f64; L]],
    /// Flow → arrived (one lane, only if kept).
    pub arrived: &'a mut [f64],
    /// Task × product → stock in the morning.
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

/// The smaller of two; one instruction, where `f64::min` takes care of what is no number with four more.
#[inline(always)]
fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// A row's order of the whole need.
#[inline(always)]
fn wish<const RULE: u8>(need: f64, days: f64, stock: f64, rate: f64, normal: f64) -> f64 {
    let order = restock::order(need, restock::target(days, 0.0, need), stock, |gap| gap * rate);
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
        return up_to(order, normal, level);
    }
    Fill { level, over, first, market: 0.0 }.serves(order, normal)
}

/// Room for one tile, taken up again for the next.
#[derive(Default)]
pub(crate) struct Scratch<const L: usize> {
    /// Place → planned rate yesterday's orders were computed from.
    rate_before: Vec<[f64; L]>,
    /// Place → today's planned rate.
    rate: Vec<[f64; L]>,
    /// Place → yesterday's output.
    output: Vec<[f64; L]>,
    /// Place → most the rows so far allow.
    bound: Vec<[f64; L]>,
    /// Place → the row that allows least so far, see [`Scarce`] (one lane only).
    scarce: Vec<f64>,
    /// Row of a diagonal → target n, days.
    stock_days: Vec<f64>,
    /// Row of a diagonal → 1/τ, per day.
    restock_rate: Vec<f64>,
    /// Flow → what the seller says; then what the buyer asks.
    said: Vec<[f64; L]>,
    /// Flow → order over normal order (compat only).
    ratio: Vec<[f64; L]>,
}

/// The row that allows a line least, as a number that goes through the diagonals' loop: the diagonal of a lone row, or a shared row counted
/// from the tile's first and put below zero.
struct Scarce;

impl Scarce {
    const NOTHING: f64 = -1.0;

    fn shared(at: usize) -> f64 {
        -2.0 - at as f64
    }

    /// Input product of the row found for the line at `place`.
    fn product(bulk: &Bulk, tile: &Tile, found: f64, place: usize) -> u32 {
        if found == Self::NOTHING {
            return NONE;
        }
        if found < 0.0 {
            return bulk.row_product[tile.shared_rows().start + (-2.0 - found) as usize];
        }
        let diagonal = tile.diagonals.start + found as usize;
        let first = if found > 0.0 { bulk.diagonal_end[diagonal - 1] as usize } else { tile.rows.start };
        bulk.row_product[first + place]
    }
}

/// The columns of a part that belong to one tile.
struct Work<'a, const L: usize> {
    bulk: &'a Bulk,
    tile: &'a Tile,
    before: &'a Evening<'a, L>,
    stock: &'a mut [[f64; L]],
    /// Flow → arrived, or empty.
    arrived: &'a mut [f64],
    content: &'a mut [[f64; L]],
}

/// Sweeps the bulk lines of a part. `rate`: today's planned rate of every line.
pub(crate) fn sweep<const L: usize, const RULE: u8>(
    bulk: &Bulk,
    before: &Evening<L>,
    rate: &[[f64; L]],
    part: &mut Part<L>,
    scratch: &mut Scratch<L>,
) {
    let (lines, rows) = bulk.lines_and_rows(&bulk.tiles_of(&part.tasks));
    let (first_cell, first_flow) = (bulk.cells_in(&rows).start, bulk.flows_in(&rows).start);
    let products = part.content.len() / part.tasks.len();
    part.content.fill([0.0; L]);
    for (task, content) in part.tasks.clone().zip(part.content.chunks_mut(products)) {
        for tile in &bulk.tiles[bulk.tiles_of(&(task..task + 1))] {
            let of_flows = |flows: Range<usize>| flows.start - first_flow..flows.end - first_flow;
            let (cells, flows) = (bulk.cells_in(&tile.rows), bulk.flows_in(&tile.rows));
            let messages = &mut part.messages[of_flows(flows.clone())];
            scratch.open(bulk, tile, before, rate);
            take(&bulk.message_flow[flows.clone()], messages, &mut scratch.said);
            let mut work = Work {
                bulk,
                tile,
                before,
                stock: &mut part.stock[cells.start - first_cell..cells.end - first_cell],
                arrived: part.arrived.get_mut(of_flows(flows.clone())).unwrap_or_default(),
                content,
            };
            work.rows::<RULE>(scratch);
            answer(&bulk.message_flow[flows.clone()], &scratch.said, messages);
            if RULE == rule::COMPAT {
                answer(&bulk.message_flow[flows.clone()], &scratch.ratio, &mut part.ratio[of_flows(flows)]);
            }
            let own = tile.lines.start - lines.start..tile.lines.end - lines.start;
            scratch.close(bulk, tile, &mut part.bound[own.clone()], part.scarce.get_mut(own).unwrap_or_default());
        }
    }
}

/// Sorts what the sellers say by flow.
fn take<const L: usize>(message_flow: &[u32], messages: &[[f64; L]], said: &mut Vec<[f64; L]>) {
    said.resize(messages.len(), [0.0; L]);
    for (message, &flow) in messages.iter().zip(message_flow) {
        said[flow as usize] = *message;
    }
}

/// Writes what the flows of a tile have to say into their messages.
fn answer<const L: usize>(message_flow: &[u32], said: &[[f64; L]], messages: &mut [[f64; L]]) {
    for (message, &flow) in messages.iter_mut().zip(message_flow) {
        *message = said[flow as usize];
    }
}

impl<const L: usize> Scratch<L> {
    /// What the lines of a tile need to know, in order of place.
    fn open(&mut self, bulk: &Bulk, tile: &Tile, before: &Evening<L>, rate: &[[f64; L]]) {
        let (lines, order) = (&bulk.lines[tile.lines.clone()], &bulk.order[tile.lines.clone()]);
        for (place, column) in [(&mut self.rate_before, before.rate), (&mut self.rate, rate), (&mut self.output, before.output)] {
            place.clear();
            place.extend(order.iter().map(|&at| column[lines[at as usize] as usize]));
        }
        self.bound.clear();
        self.bound.resize(lines.len(), [f64::INFINITY; L]);
        self.scarce.clear();
        self.scarce.resize(lines.len(), Scarce::NOTHING);
        if let Some(policy) = bulk.policies.get(tile.policy as usize) {
            self.stock_days.clear();
            self.stock_days.resize(lines.len(), policy.stock_days);
            self.restock_rate.clear();
            self.restock_rate.resize(lines.len(), policy.restock_rate);
        }
    }

    /// How the rows of a diagonal restock, where the tile's do not all alike.
    fn policies(&mut self, bulk: &Bulk, rows: Range<usize>) {
        let policies = || bulk.row_policy[rows.clone()].iter().map(|&policy| &bulk.policies[policy as usize]);
        self.stock_days.clear();
        self.stock_days.extend(policies().map(|policy| policy.stock_days));
        self.restock_rate.clear();
        self.restock_rate.extend(policies().map(|policy| policy.restock_rate));
    }

    /// What the inputs of a tile's lines allow, line by line.
    fn close(&self, bulk: &Bulk, tile: &Tile, bound: &mut [[f64; L]], scarce: &mut [u32]) {
        let order = &bulk.order[tile.lines.clone()];
        for (&at, allowed) in order.iter().zip(&self.bound) {
            bound[at as usize] = *allowed;
        }
        if L == 1 && !scarce.is_empty() {
            for (place, (&at, &found)) in order.iter().zip(&self.scarce).enumerate() {
                scarce[at as usize] = Scarce::product(bulk, tile, found, place);
            }
        }
    }
}

impl<const L: usize> Work<'_, L> {
    /// All rows of the tile.
    fn rows<const RULE: u8>(&mut self, scratch: &mut Scratch<L>) {
        // Compat needs two numbers more of every seller, and is for small networks.
        if RULE == rule::COMPAT {
            scratch.ratio.resize(scratch.said.len(), [0.0; L]);
            self.lone_rows_singly::<RULE>(scratch);
        } else {
            self.diagonals::<RULE>(scratch);
            let rows = self.tile.lone_rows();
            for (stock, &product) in self.stock.iter().zip(&self.bulk.row_product[rows]) {
                let content = &mut self.content[product as usize];
                for k in 0..L {
                    content[k] += stock[k];
                }
            }
        }
        self.shared_rows::<RULE>(scratch);
    }

    /// Rows of one seller, diagonal by diagonal.
    fn diagonals<const RULE: u8>(&mut self, scratch: &mut Scratch<L>) {
        let (bulk, tile) = (self.bulk, self.tile);
        let mut row = tile.rows.start;
        for (number, &end) in bulk.diagonal_end[tile.diagonals.clone()].iter().enumerate() {
            let rows = row..end as usize;
            let at = row - tile.rows.start..end as usize - tile.rows.start;
            row = rows.end;
            if tile.policy == NONE {
                scratch.policies(bulk, rows.clone());
            }
            let said = &mut scratch.said[at.clone()];
            let normal = bulk.row_normal.get(rows.clone()).unwrap_or_default();
            let policy = (&scratch.stock_days[..at.len()], &scratch.restock_rate[..at.len()]);
            let rates = [&scratch.rate_before[..at.len()], &scratch.rate[..at.len()], &scratch.output[..at.len()]];
            if let Some(arrived) = self.arrived.get_mut(at.clone()) {
                diagonal_arrivals::<L, RULE>(policy, rates[0], &bulk.row_use[rows.clone()], normal, &self.stock[at.clone()], said, arrived);
            }
            let least = (&mut scratch.bound[..at.len()], &mut scratch.scarce[..at.len()]);
            let (row_use, stock) = (&bulk.row_use[rows], &mut self.stock[at]);
            // In the widest instructions this machine has; the arithmetic, and so its bits, are the same in any.
            Arch::new().dispatch(|| diagonal::<L, RULE>(number, policy, rates, row_use, normal, stock, said, least));
        }
    }

    /// Rows of one seller by the rule for several.
    fn lone_rows_singly<const RULE: u8>(&mut self, scratch: &mut Scratch<L>) {
        let (bulk, tile) = (self.bulk, self.tile);
        let mut row = tile.rows.start;
        for (number, &end) in bulk.diagonal_end[tile.diagonals.clone()].iter().enumerate() {
            for (place, row) in (row..end as usize).enumerate() {
                let allowed = self.row::<RULE>(row, place, scratch);
                if allowed[0] < scratch.bound[place][0] {
                    (scratch.bound[place], scratch.scarce[place]) = (allowed, number as f64);
                }
            }
            row = end as usize;
        }
    }

    /// Rows of several sellers, or of none.
    fn shared_rows<const RULE: u8>(&mut self, scratch: &mut Scratch<L>) {
        let (bulk, tile) = (self.bulk, self.tile);
        for (at, (row, shared)) in tile.shared_rows().zip(tile.shared.clone()).enumerate() {
            let place = bulk.shared_place[shared] as usize;
            let allowed = self.row::<RULE>(row, place, scratch);
            let bound = &mut scratch.bound[place];
            if L == 1 {
                let scarce = &mut scratch.scarce[place];
                // Of inputs that allow as little, the first of the line's is the one to name.
                let sooner = allowed[0] == bound[0] && *scarce >= f64::from(bulk.shared_after[shared]);
                if allowed[0] < bound[0] || sooner {
                    *scarce = Scarce::shared(at);
                }
            }
            for k in 0..L {
                bound[k] = smaller(allowed[k], bound[k]);
            }
        }
    }

    /// One row of any number of sellers; returns what its stock allows the line to make.
    #[inline(always)]
    fn row<const RULE: u8>(&mut self, row: usize, place: usize, scratch: &mut Scratch<L>) -> [f64; L] {
        let (bulk, tile) = (self.bulk, self.tile);
        let per_unit = bulk.row_use[row];
        let (flows, cells) = (bulk.flows_of(row), bulk.cells_in(&(row..row + 1)));
        let (first_flow, first_cell) = (bulk.first_flow[tile.rows.start] as usize, bulk.first_cell[tile.rows.start] as usize);
        let at = flows.start - first_flow..flows.end - first_flow;
        let turn = Turn {
            need_before: scratch.rate_before[place].map(|rate| per_unit * rate),
            need: scratch.rate[place].map(|rate| per_unit * rate),
            used: scratch.output[place].map(|output| per_unit * output),
            normal: if RULE == rule::SHARE { 0.0 } else { bulk.row_normal[row] },
            policy: bulk.policies[bulk.row_policy[row] as usize],
        };
        let ratio = if RULE == rule::COMPAT { &mut scratch.ratio[at.clone()] } else { &mut [] };
        let said = &mut scratch.said[at.clone()];
        let (seller, share) = (&bulk.seller[flows.clone()], &bulk.share[flows]);
        let stock = &mut self.stock[cells.start - first_cell..cells.end - first_cell];
        let mut sellers = Sellers { before: self.before, line: seller, share, said, ratio };
        if let Some(arrived) = self.arrived.get_mut(at) {
            arrivals::<L, RULE>(&turn, &sellers, stock, arrived);
        }
        let total = if turn.policy.by_supplier {
            by_supplier::<L, RULE>(&turn, &mut sellers, stock)
        } else {
            by_product::<L, RULE>(&turn, &mut sellers, &mut stock[0])
        };
        let content = &mut self.content[bulk.row_product[row] as usize];
        for k in 0..L {
            content[k] += total[k];
        }
        total.map(|total| enough_for(total, per_unit))
    }
}

/// What arrives of yesterday's orders of a diagonal: asked for before it is worked on, since its stocks know yesterday's orders only till
/// then.
fn diagonal_arrivals<const L: usize, const RULE: u8>(
    (days, restock): (&[f64], &[f64]),
    rate_before: &[[f64; L]],
    row_use: &[f64],
    normal: &[f64],
    stock: &[[f64; L]],
    said: &[[f64; L]],
    arrived: &mut [f64],
) {
    for j in 0..arrived.len() {
        let normal = if RULE == rule::SHARE { 0.0 } else { normal[j] };
        let asked = wish::<RULE>(row_use[j] * rate_before[j][0], days[j], stock[j][0], restock[j], normal);
        arrived[j] = served::<RULE>(asked, normal, said[j][0], 0.0, 0.0);
    }
}

/// Row j of a diagonal is that of line j; its one seller's share is 1. `number`: of the diagonal; `rates`: before, now, output.
#[expect(clippy::too_many_arguments, reason = "as arguments the compiler knows that they do not overlap, and takes several rows at once")]
#[inline(always)]
fn diagonal<const L: usize, const RULE: u8>(
    number: usize,
    (days, restock): (&[f64], &[f64]),
    [rate_before, rate, output]: [&[[f64; L]]; 3],
    row_use: &[f64],
    normal: &[f64],
    stock: &mut [[f64; L]],
    said: &mut [[f64; L]],
    (bound, scarce): (&mut [[f64; L]], &mut [f64]),
) {
    let (rows, number) = (stock.len(), number as f64);
    // Cut to one length, so that no access is checked.
    let (days, restock, rate_before, rate, output) =
        (&days[..rows], &restock[..rows], &rate_before[..rows], &rate[..rows], &output[..rows]);
    let (row_use, said, bound, scarce) = (&row_use[..rows], &mut said[..rows], &mut bound[..rows], &mut scarce[..rows]);
    let normal = if RULE == rule::SHARE { row_use } else { &normal[..rows] };
    for j in 0..rows {
        let (per_unit, days, restock, normal) = (row_use[j], days[j], restock[j], normal[j]);
        for k in 0..L {
            let x = stock[j][k];
            let asked = wish::<RULE>(per_unit * rate_before[j][k], days, x, restock, normal);
            let now = positive(x - per_unit * output[j][k]) + served::<RULE>(asked, normal, said[j][k], 0.0, 0.0);
            let asks = wish::<RULE>(per_unit * rate[j][k], days, now, restock, normal);
            let (allowed, least, named) = (enough_for(now, per_unit), bound[j][k], scarce[j]);
            stock[j][k] = now;
            said[j][k] = asks;
            let less = allowed < least;
            bound[j][k] = if less { allowed } else { least };
            if L == 1 {
                scarce[j] = if less { number } else { named };
            }
        }
    }
}

/// What one row needs to know of the day.
struct Turn<const L: usize> {
    need_before: [f64; L],
    need: [f64; L],
    used: [f64; L],
    normal: f64,
    policy: Policy,
}

/// The sellers of one row: what they say and are asked.
struct Sellers<'a, const L: usize> {
    before: &'a Evening<'a, L>,
    line: &'a [u32],
    share: &'a [f64],
    said: &'a mut [[f64; L]],
    ratio: &'a mut [[f64; L]],
}

impl<const L: usize> Sellers<'_, L> {
    /// What customers beyond the level and without an order got of a seller.
    #[inline(always)]
    fn beyond<const RULE: u8>(&self, at: usize) -> ([f64; L], [f64; L]) {
        let seller = self.line[at] as usize;
        if RULE == rule::COMPAT { (self.before.over[seller], self.before.first[seller]) } else { ([0.0; L], [0.0; L]) }
    }
}

/// What arrives of yesterday's orders of a row, likewise.
#[cold]
fn arrivals<const L: usize, const RULE: u8>(turn: &Turn<L>, sellers: &Sellers<L>, stock: &[[f64; L]], arrived: &mut [f64]) {
    for (at, arrived) in arrived.iter_mut().enumerate() {
        let x = if turn.policy.by_supplier { stock[at][0] } else { stock[0][0] };
        let (over, first) = sellers.beyond::<RULE>(at);
        let asked = wish::<RULE>(turn.need_before[0], turn.policy.stock_days, x, turn.policy.restock_rate, turn.normal);
        *arrived = sellers.share[at] * served::<RULE>(asked, turn.normal, sellers.said[at][0], over[0], first[0]);
    }
}

/// A row whose stock is kept per supplier; returns its stock.
#[inline(always)]
fn by_supplier<const L: usize, const RULE: u8>(turn: &Turn<L>, sellers: &mut Sellers<L>, stock: &mut [[f64; L]]) -> [f64; L] {
    let Policy { stock_days: days, restock_rate, .. } = turn.policy;
    let mut keep = [0.0; L];
    for (x, &share) in stock.iter().zip(sellers.share) {
        for k in 0..L {
            keep[k] += share * x[k];
        }
    }
    for k in 0..L {
        keep[k] = kept(turn.used[k], keep[k]);
    }
    let mut total = [0.0; L];
    let flows = stock.len();
    // Cut to one length, so that no access is checked.
    let shares = &sellers.share[..flows];
    for at in 0..flows {
        let (over, first) = sellers.beyond::<RULE>(at);
        let (x, share, said) = (&mut stock[at], shares[at], &mut sellers.said[..flows][at]);
        for k in 0..L {
            let asked = wish::<RULE>(turn.need_before[k], days, x[k], restock_rate, turn.normal);
            let now = x[k] * keep[k] + served::<RULE>(asked, turn.normal, said[k], over[k], first[k]);
            let asks = wish::<RULE>(turn.need[k], days, now, restock_rate, turn.normal);
            total[k] += share * now;
            x[k] = now;
            said[k] = share * asks;
            if RULE == rule::COMPAT {
                sellers.ratio[at][k] = asks / turn.normal;
            }
        }
    }
    total
}

/// A row whose stock is kept per product; returns it.
#[inline(always)]
fn by_product<const L: usize, const RULE: u8>(turn: &Turn<L>, sellers: &mut Sellers<L>, stock: &mut [f64; L]) -> [f64; L] {
    let Policy { stock_days: days, restock_rate, .. } = turn.policy;
    let (mut asked, mut now, mut asks) = ([0.0; L], [0.0; L], [0.0; L]);
    for k in 0..L {
        asked[k] = wish::<RULE>(turn.need_before[k], days, stock[k], restock_rate, turn.normal);
        now[k] = positive(stock[k] - turn.used[k]);
    }
    for (at, &share) in sellers.share.iter().enumerate() {
        let (over, first) = sellers.beyond::<RULE>(at);
        for k in 0..L {
            now[k] += share * served::<RULE>(asked[k], turn.normal, sellers.said[at][k], over[k], first[k]);
        }
    }
    for k in 0..L {
        asks[k] = wish::<RULE>(turn.need[k], days, now[k], restock_rate, turn.normal);
    }
    for (at, &share) in sellers.share.iter().enumerate() {
        sellers.said[at] = asks.map(|asks| share * asks);
        if RULE == rule::COMPAT {
            sellers.ratio[at] = asks.map(|asks| asks / turn.normal);
        }
    }
    *stock = now;
    now
}

/// Writes what the sellers say into the messages of a partition, bucket of sellers by bucket.
pub(crate) fn post<const L: usize>(bulk: &Bulk, partition: &Range<usize>, given: &[[f64; L]], messages: &mut [[f64; L]]) {
    let (tiles, buckets) = (bulk.tiles_of(partition), bulk.buckets());
    let first = bulk.flows_in(&bulk.lines_and_rows(&tiles).1).start;
    for (bucket, given) in given.chunks(bulk.bucket).enumerate() {
        for tile in tiles.clone() {
            let own = bulk.messages_to(tile, bucket, buckets);
            for (message, &seller) in messages[own.start - first..own.end - first].iter_mut().zip(&bulk.message_seller[own]) {
                *message = given[seller as usize];
            }
        }
    }
}

/// Adds up the answers to a bucket of sellers: for every partition in order of message, then in order of partition. `sums`: room for the
/// bucket.
pub(crate) fn collect<const L: usize>(bulk: &Bulk, bucket: usize, messages: &[[f64; L]], ordered: &mut [[f64; L]], sums: &mut [[f64; L]]) {
    let (sums, buckets) = (&mut sums[..ordered.len()], bulk.buckets());
    ordered.fill([0.0; L]);
    let add = |sum: &mut [f64; L], more: &[f64; L]| sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
    for partition in bulk.partitions() {
        sums.fill([0.0; L]);
        for own in bulk.tiles_of(&partition).map(|tile| bulk.messages_to(tile, bucket, buckets)) {
            for (message, &seller) in messages[own.clone()].iter().zip(&bulk.message_seller[own]) {
                add(&mut sums[seller as usize], message);
            }
        }
        ordered.iter_mut().zip(&*sums).for_each(|(ordered, sum)| add(ordered, sum));
    }
}

/// Adds up what the lines of a task use of every product. `output`: of every line; `made`: room.
pub(crate) fn use_inputs<const L: usize>(bulk: &Bulk, task: usize, output: &[[f64; L]], made: &mut Vec<[f64; L]>, used: &mut [[f64; L]]) {
    used.fill([0.0; L]);
    let mut add = |row: usize, made: &[f64; L]| {
        let (used, per_unit) = (&mut used[bulk.row_product[row] as usize], bulk.row_use[row]);
        for k in 0..L {
            used[k] += per_unit * made[k];
        }
    };
    for tile in &bulk.tiles[bulk.tiles_of(&(task..task + 1))] {
        let lines = &bulk.lines[tile.lines.clone()];
        made.clear();
        made.extend(bulk.order[tile.lines.clone()].iter().map(|&at| output[lines[at as usize] as usize]));
        let mut row = tile.rows.start;
        for &end in &bulk.diagonal_end[tile.diagonals.clone()] {
            (row..end as usize).zip(&*made).for_each(|(row, made)| add(row, made));
            row = end as usize;
        }
        for (row, &place) in tile.shared_rows().zip(&bulk.shared_place[tile.shared.clone()]) {
            add(row, &made[place as usize]);
        }
    }
}
