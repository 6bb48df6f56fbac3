//! Bulk lines and contracts: those that ask nothing special, compiled into compressed rows.
//!
//! A contract is bulk when it restocks a bulk buyer over one day without crossing, limit, price, theft, refusal, standby or event of its
//! own. A buyer is bulk when it has one line, no labour, no rest days, critical inputs of its own, each bought by bulk contracts
//! (where stock is kept per supplier, under the same policy), and final demand that neither waits nor pays nor has a season. Ten million
//! such contracts need no ring cells, and no order or delivery is kept from one day to the next: what a seller gives is one number per
//! seller, and orders are computed anew from stock and rate where they are needed ([`crate::bulk::sweep`]). Everything else goes by the
//! general rules of the same day.

use std::ops::Range;

use super::cover::Covers;
use crate::model::error::NetworkError;
use crate::model::events::Event;
use crate::model::network::*;

use super::bought::Bought;
use super::policy::{Policy, fills_to_level};
use super::{NONE, eligible};

/// Bulk lines, their inputs (*rows*) and the contracts that fill them, as compressed rows; nothing in it changes during a run.
///
/// Rows stand tile by tile ([`Tile`]), not line by line: three rows in four have a single seller, and those are laid out so that one loop
/// without indices works on them.
#[derive(Clone, Debug, Default)]
pub struct Bulk {
    /// Bulk line → line, ascending.
    pub lines: Vec<u32>,
    /// Whether a line is bulk.
    pub is_bulk: Vec<bool>,
    /// Whether a firm has a bulk line: then it buys by bulk contracts alone.
    pub buys_in_bulk: Vec<bool>,
    /// Bulk line → most it can make, units per day.
    pub capacity: Vec<f64>,
    /// Bulk line → its product.
    pub product: Vec<u32>,
    /// Bulk line → first of `demands`; one more at the end.
    pub first_demand: Vec<u32>,
    /// Final demands of bulk lines, line after line.
    pub demands: Vec<u32>,
    /// Of each, units per day.
    pub demand_quantity: Vec<f64>,
    /// What the sweep takes at once, in order of line.
    pub tiles: Vec<Tile>,
    /// Bulk lines of each tile, those with most rows of one seller first: place → line, counted from the tile's first.
    pub order: Vec<u16>,
    /// Diagonal → row after its last.
    pub diagonal_end: Vec<u32>,
    /// Row → its bulk line.
    pub row_line: Vec<u32>,
    /// Row → units used per unit made, with waste.
    pub row_use: Vec<f64>,
    /// Row → input product.
    pub row_product: Vec<u32>,
    /// Row → its policy, in `policies`.
    pub row_policy: Vec<u32>,
    /// Different policies.
    pub policies: Vec<Policy>,
    /// Shared row → place of its line in the tile.
    pub shared_place: Vec<u16>,
    /// Shared row → rows of one seller that stand before it among the inputs of its line.
    pub shared_after: Vec<u16>,
    /// Row → first flow; one more at the end.
    pub first_flow: Vec<u32>,
    /// Row → first cell of its stock: one per flow where stock is kept per supplier, else one; one more at the end.
    pub first_cell: Vec<u32>,
    /// Flow → seller line.
    pub seller: Vec<u32>,
    /// Flow → share of the row's need.
    pub share: Vec<f64>,
    /// Flow → contract.
    pub contract: Vec<u32>,
    /// Message → flow, counted from the first of its tile. Messages are the flows of a tile sorted by bucket of sellers.
    pub message_flow: Vec<u32>,
    /// Message → seller line, counted from the first of its bucket.
    pub message_seller: Vec<u16>,
    /// Tile × bucket → first message; one more at the end.
    pub first_message: Vec<u32>,
    /// Row → need in the steady state, units per day: normal orders are share × this. Only with level lines.
    pub row_normal: Vec<f64>,
    /// Bulk lines, and lines with bulk customers, that serve firms first by one share.
    pub market_last: Vec<u32>,
    /// Bulk lines, and lines with bulk customers, that fill orders up to a level, ascending.
    pub level_lines: Vec<u32>,
    /// Level line → bulk line, or [`NONE`].
    pub level_bulk: Vec<u32>,
    /// Level line → whether it serves firms first.
    pub level_market_last: Vec<bool>,
    /// Line → first of its bulk customers; one more at the end. Only with level lines.
    pub first_customer: Vec<u32>,
    /// Customer → normal order, units per day.
    pub customer_normal: Vec<f64>,
    /// Message → customer, counted from the first of its bucket of sellers.
    pub message_customer: Vec<u32>,
    /// Task of the sweep → first tile; one more at the end. A matter of the network alone, so that sums do not depend on threads.
    pub tasks: Vec<usize>,
    /// Partition → first task; one more at the end. Orders are added up partition by partition.
    pub partitions: Vec<usize>,
    /// What one task of every other pass works on: all lines, cut the same way whatever the threads.
    pub chunks: Vec<Chunk>,
    /// Sellers of a bucket.
    pub bucket: usize,
}

/// Consecutive bulk lines with their rows and flows, few enough that what the sweep needs of them stays in the second cache.
///
/// Its rows of one seller (*lone rows*) come first, in diagonals: diagonal k has the k-th such row of every line that has so many, the
/// lines in [`Bulk::order`]. So row j of a diagonal is of the j-th line, and a loop over a diagonal needs no index. Rows of several sellers
/// or none (*shared rows*) follow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tile {
    /// Bulk lines.
    pub lines: Range<usize>,
    /// Rows.
    pub rows: Range<usize>,
    /// Shared rows, counted from the first shared row of all; they are the last of `rows`.
    pub shared: Range<usize>,
    /// Diagonals of its lone rows.
    pub diagonals: Range<usize>,
    /// Policy of all its lone rows, in `policies`, or [`NONE`].
    pub policy: u32,
}

impl Tile {
    /// Rows of one seller.
    pub fn lone_rows(&self) -> Range<usize> {
        self.rows.start..self.rows.end - self.shared.len()
    }

    /// Rows of several sellers or none.
    pub fn shared_rows(&self) -> Range<usize> {
        self.rows.end - self.shared.len()..self.rows.end
    }
}

/// Lines that one task works on when there is one thing to do per line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunk {
    /// Lines.
    pub lines: Range<usize>,
    /// The bulk ones of them.
    pub bulk: Range<usize>,
    /// Final demands, those of the bulk lines among them.
    pub demands: Range<usize>,
}

/// Most flows of a tile of several lines: their messages fit the second cache of most machines (128 kB).
const FLOWS_PER_TILE: usize = 1 << 14;
/// Most lines of a tile.
const LINES_PER_TILE: usize = 1 << 12;
/// Flows of one task, about.
const FLOWS_PER_TASK: usize = 50_000;
/// Most tasks of a partition: every one has sums per product of its own.
const TASKS_PER_PARTITION: usize = 8;
/// Most partitions: lanes have sums per line for each.
const PARTITIONS_MAX: usize = 4;
/// Sellers of a bucket: their numbers fit the second cache of most machines (256 kB).
const BUCKET: usize = 1 << 15;
/// Lines of a chunk, at least.
const LINES_PER_CHUNK: usize = 32_768;
/// Most chunks: every one has sums per product of its own.
const CHUNKS_MAX: usize = 8;

impl Bulk {
    /// No bulk line.
    pub fn none(network: &Network) -> Self {
        let zero = || vec![0];
        let mut none = Self {
            is_bulk: vec![false; network.lines.len()],
            buys_in_bulk: vec![false; network.firms.len()],
            first_demand: zero(),
            first_flow: zero(),
            first_cell: zero(),
            first_message: zero(),
            tasks: vec![0, 0],
            partitions: vec![0, 1],
            bucket: BUCKET,
            ..Self::default()
        };
        none.chunks = none.cut_lines(network);
        none
    }

    /// Finds and compiles what is bulk, whatever of `events` holds. `rate`: steady output of every line.
    pub fn new(network: &Network, events: &[Event], rate: &[f64], covers: &Covers) -> Self {
        let bulk = eligible::firms(network, events, rate);
        let mut found = Self::none(network);
        for (l, line) in network.lines.iter().enumerate().filter(|(_, line)| bulk[line.firm.index()]) {
            found.is_bulk[l] = true;
            found.lines.push(l as u32);
            found.capacity.push(line.capacity_per_day);
            found.product.push(line.product.0);
        }
        found.flows(network, &bulk, covers);
        found.demands(network);
        found.chunks = found.cut_lines(network);
        found.messages(network.lines.len());
        found.ruled(network, rate);
        found.buys_in_bulk = bulk;
        found
    }

    /// Sorts the bulk contracts by row: counted, then placed.
    fn flows(&mut self, network: &Network, bulk: &[bool], covers: &Covers) {
        let contracts = &network.contracts;
        let bought = Bought::new(network, bulk, covers);
        let row_input = self.lay_out(network, &bought);
        self.policies.clone_from(&bought.policies);
        let mut next = vec![0_u32; network.inputs.len()];
        for &input in &row_input {
            let (from, input) = (self.first_flow[self.first_flow.len() - 1], input as usize);
            let count = bought.count[input];
            next[input] = from;
            self.first_flow.push(from + count);
            let cells = if self.policies[bought.policy[input] as usize].by_supplier { count } else { 1 };
            self.first_cell.push(self.first_cell[self.first_cell.len() - 1] + cells);
            self.row_use.push(network.inputs[input].per_unit * (1.0 + network.inputs[input].waste_share));
            self.row_product.push(network.inputs[input].product.0);
            self.row_policy.push(bought.policy[input]);
        }
        let count = self.first_flow[row_input.len()] as usize;
        (self.seller, self.share, self.contract) = (vec![0; count], vec![0.0; count], vec![0; count]);
        for (contract, &input) in bought.input.iter().enumerate().filter(|&(_, &input)| input != NONE) {
            let at = next[input as usize] as usize;
            next[input as usize] += 1;
            self.seller[at] = contracts.seller[contract].0;
            self.share[at] = contracts.share[contract];
            self.contract[at] = contract as u32;
        }
        self.cut_tiles();
    }

    /// Lays out tiles, diagonals and rows; returns row → input.
    fn lay_out(&mut self, network: &Network, bought: &Bought) -> Vec<u32> {
        let (mut rows, mut first) = (Vec::new(), 0);
        while first < self.lines.len() {
            let end = self.tile_end(network, bought, first);
            self.lay_out_tile(network, bought, first..end, &mut rows);
            first = end;
        }
        rows
    }

    /// Inputs of a bulk line.
    fn inputs(&self, network: &Network, i: usize) -> Range<usize> {
        let line = &network.lines[self.lines[i] as usize];
        line.first_input as usize..line.last_input as usize
    }

    /// Where a tile that begins with a line ends.
    fn tile_end(&self, network: &Network, bought: &Bought, first: usize) -> usize {
        let last = self.lines.len().min(first + LINES_PER_TILE);
        let mut filled = 0;
        let fits = |&end: &usize| {
            filled += bought.count[self.inputs(network, end)].iter().map(|&count| count as usize).sum::<usize>();
            end == first || filled <= FLOWS_PER_TILE
        };
        first + (first..last).take_while(fits).count()
    }

    /// Lays out one tile; `rows`: row → input.
    fn lay_out_tile(&mut self, network: &Network, bought: &Bought, lines: Range<usize>, rows: &mut Vec<u32>) {
        let (first_row, first_shared, first_diagonal) = (rows.len(), self.shared_place.len(), self.diagonal_end.len());
        let lone = |i: usize| self.inputs(network, i).filter(|&input| bought.whole[input]);
        let mut order: Vec<usize> = lines.clone().collect();
        order.sort_by_cached_key(|&i| std::cmp::Reverse(lone(i).count()));
        let of_line = |(place, &i): (usize, &usize)| lone(i).enumerate().map(move |(diagonal, input)| (diagonal, place, input as u32));
        let mut lone_rows: Vec<(usize, usize, u32)> = order.iter().enumerate().flat_map(of_line).collect();
        lone_rows.sort_unstable();
        for diagonal in lone_rows.chunk_by(|a, b| a.0 == b.0) {
            for &(_, place, input) in diagonal {
                rows.push(input);
                self.row_line.push(order[place] as u32);
            }
            self.diagonal_end.push(rows.len() as u32);
        }
        let policy = common(rows[first_row..].iter().map(|&input| bought.policy[input as usize]));
        for (place, &i) in order.iter().enumerate() {
            let mut after = 0_u16;
            for input in self.inputs(network, i) {
                if bought.whole[input] {
                    after = after.saturating_add(1);
                    continue;
                }
                rows.push(input as u32);
                self.row_line.push(i as u32);
                self.shared_place.push(place as u16);
                self.shared_after.push(after);
            }
        }
        self.order.extend(order.iter().map(|&i| (i - lines.start) as u16));
        let (shared, diagonals) = (first_shared..self.shared_place.len(), first_diagonal..self.diagonal_end.len());
        self.tiles.push(Tile { lines, rows: first_row..rows.len(), shared, diagonals, policy });
    }

    fn demands(&mut self, network: &Network) {
        let mut sorted: Vec<(u32, u32)> = network.demands.iter().enumerate().map(|(m, d)| (d.line.0, m as u32)).collect();
        sorted.retain(|&(line, _)| self.is_bulk[line as usize]);
        sorted.sort_unstable();
        let mut at = 0;
        for &line in &self.lines {
            while at < sorted.len() && sorted[at].0 == line {
                self.demands.push(sorted[at].1);
                self.demand_quantity.push(network.demands[sorted[at].1 as usize].quantity_per_day);
                at += 1;
            }
            self.first_demand.push(at as u32);
        }
    }

    /// Sorts the flows of every tile by the bucket of their seller.
    fn messages(&mut self, lines: usize) {
        let flows = self.seller.len();
        let (bucket, buckets) = (self.bucket, lines.div_ceil(self.bucket));
        let bucket_of = |seller: u32| seller as usize / bucket;
        (self.message_flow, self.message_seller) = (vec![0; flows], vec![0; flows]);
        let mut next = vec![0_u32; buckets + 1];
        for tile in &self.tiles {
            let own = self.flows_in(&tile.rows);
            next.fill(0);
            next[0] = own.start as u32;
            self.seller[own.clone()].iter().for_each(|&seller| next[bucket_of(seller) + 1] += 1);
            for bucket in 0..buckets {
                next[bucket + 1] += next[bucket];
            }
            self.first_message.extend_from_slice(&next[1..]);
            for (at, &seller) in self.seller[own].iter().enumerate() {
                let message = &mut next[bucket_of(seller)];
                self.message_seller[*message as usize] = (seller as usize % bucket) as u16;
                self.message_flow[*message as usize] = at as u32;
                *message += 1;
            }
        }
    }

    /// Lines that share out by another rule than one share of everything, and the customers of those that do by a level.
    fn ruled(&mut self, network: &Network, rate: &[f64]) {
        if self.lines.is_empty() {
            return;
        }
        let mut sells_in_bulk = self.is_bulk.clone();
        self.seller.iter().for_each(|&line| sells_in_bulk[line as usize] = true);
        let by_rule = |l: &usize, rule: fn(Rationing) -> bool| sells_in_bulk[*l] && rule(network.lines[*l].rationing);
        let lines = 0..network.lines.len();
        self.market_last = lines.clone().filter(|l| by_rule(l, |rule| rule == Rationing::MarketLast)).map(|l| l as u32).collect();
        if !lines.clone().any(|l| by_rule(&l, fills_to_level)) {
            return;
        }
        for (row, &i) in self.row_line.iter().enumerate() {
            self.row_normal.push(self.row_use[row] * rate[self.lines[i as usize] as usize]);
        }
        // A bulk line without bulk customers is one too: its final demand is filled by it.
        for line in lines.filter(|l| by_rule(l, fills_to_level)) {
            self.level_lines.push(line as u32);
            self.level_bulk.push(self.lines.binary_search(&(line as u32)).map_or(NONE, |i| i as u32));
            self.level_market_last.push(network.lines[line].rationing == Rationing::LeastServedMarketLast);
        }
        self.customers(network.lines.len());
    }

    /// Sorts the messages by seller: customers of one line stand side by side, in order of message.
    fn customers(&mut self, lines: usize) {
        self.first_customer = vec![0; lines + 1];
        self.seller.iter().for_each(|&line| self.first_customer[line as usize + 1] += 1);
        for line in 0..lines {
            self.first_customer[line + 1] += self.first_customer[line];
        }
        let mut next = self.first_customer.clone();
        (self.message_customer, self.customer_normal) = (vec![0; self.seller.len()], vec![0.0; self.seller.len()]);
        let mut normal = Vec::new();
        for tile in &self.tiles {
            let own = self.flows_in(&tile.rows);
            normal.clear();
            for row in tile.rows.clone() {
                normal.extend(self.flows_of(row).map(|flow| self.share[flow] * self.row_normal[row]));
            }
            for message in own.clone() {
                let flow = self.message_flow[message] as usize;
                let seller = self.seller[own.start + flow] as usize;
                let customer = next[seller];
                next[seller] += 1;
                self.customer_normal[customer as usize] = normal[flow];
                self.message_customer[message] = customer - self.first_customer[seller - seller % self.bucket];
            }
        }
    }

    /// Whether every line that fills orders up to a level shares out as the published program does.
    ///
    /// Errors: the first that is not.
    pub(super) fn check_compat(&self, network: &Network) -> Result<(), NetworkError> {
        let left_out = |&l: &usize| fills_to_level(network.lines[l].rationing) && self.level_lines.binary_search(&(l as u32)).is_err();
        (0..network.lines.len()).find(left_out).map_or(Ok(()), |line| Err(NetworkError::NoCompat { line }))
    }

    /// Cuts the tiles into partitions and tasks of about as many flows.
    fn cut_tiles(&mut self) {
        let flows = self.seller.len();
        let partitions = (flows / FLOWS_PER_TASK).clamp(1, PARTITIONS_MAX);
        let each = (flows / partitions / FLOWS_PER_TASK).clamp(1, TASKS_PER_PARTITION);
        let tile_of = |task: usize| {
            let upto = flows / (partitions * each) * task;
            self.tiles.partition_point(|tile| self.flows_in(&tile.rows).end <= upto)
        };
        let inner: Vec<usize> = (1..partitions * each).map(tile_of).collect();
        self.tasks = std::iter::once(0).chain(inner).chain([self.tiles.len()]).collect();
        self.partitions = (0..=partitions).map(|partition| partition * each).collect();
    }

    /// Cuts all lines into chunks; a single one if demands do not stand in the order of their lines.
    fn cut_lines(&self, network: &Network) -> Vec<Chunk> {
        let (lines, products, demands) = (network.lines.len(), network.products.len(), network.demands.len());
        let ordered = self.demands.is_sorted();
        let most = if ordered { CHUNKS_MAX.min(lines / products.max(1)) } else { 1 };
        let count = (lines / LINES_PER_CHUNK).min(most).max(1);
        let mut from = Chunk::default();
        (1..=count)
            .map(|k| {
                let line = lines * k / count;
                let bulk = self.lines.partition_point(|&own| (own as usize) < line);
                let first = self.demands.get(self.first_demand[bulk] as usize);
                let demand = first.filter(|_| k < count).map_or(demands, |&m| m as usize);
                let own = Chunk {
                    lines: from.lines.end..line,
                    bulk: from.bulk.end..bulk,
                    demands: from.demands.end..demand.max(from.demands.end),
                };
                from = own.clone();
                own
            })
            .collect()
    }

    /// Bulk lines among the lines of a bucket of sellers.
    pub(crate) fn bulk_lines_in_bucket(&self, bucket: usize) -> Range<usize> {
        let at = |line: usize| self.lines.partition_point(|&own| (own as usize) < line);
        at(bucket * self.bucket)..at((bucket + 1) * self.bucket)
    }

    /// Level lines among the lines of a bucket of sellers.
    pub(crate) fn level_lines_in_bucket(&self, bucket: usize) -> Range<usize> {
        let at = |line: usize| self.level_lines.partition_point(|&own| (own as usize) < line);
        at(bucket * self.bucket)..at((bucket + 1) * self.bucket)
    }

    /// Bulk customers of a line.
    pub(crate) fn customers_of(&self, line: usize) -> Range<usize> {
        self.first_customer[line] as usize..self.first_customer[line + 1] as usize
    }

    /// Flows, and so messages, of some rows.
    pub(crate) fn flows_in(&self, rows: &Range<usize>) -> Range<usize> {
        self.first_flow[rows.start] as usize..self.first_flow[rows.end] as usize
    }

    /// Cells of stock of some rows.
    pub(crate) fn cells_in(&self, rows: &Range<usize>) -> Range<usize> {
        self.first_cell[rows.start] as usize..self.first_cell[rows.end] as usize
    }

    /// Bulk lines and rows of some tiles.
    pub(crate) fn lines_and_rows(&self, tiles: &Range<usize>) -> (Range<usize>, Range<usize>) {
        let (lines, rows) = match self.tiles.get(tiles.start) {
            Some(tile) => (tile.lines.start, tile.rows.start),
            None => (self.lines.len(), self.row_use.len()),
        };
        match self.tiles[tiles.clone()].last() {
            Some(last) => (lines..last.lines.end, rows..last.rows.end),
            None => (lines..lines, rows..rows),
        }
    }

    /// Tiles of some tasks.
    pub(crate) fn tiles_of(&self, tasks: &Range<usize>) -> Range<usize> {
        self.tasks[tasks.start]..self.tasks[tasks.end]
    }

    /// Number of tasks of the sweep.
    pub(crate) fn tasks_len(&self) -> usize {
        self.tasks.len() - 1
    }

    /// Tasks of every partition.
    pub(crate) fn partitions(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.partitions.windows(2).map(|bounds| bounds[0]..bounds[1])
    }

    /// Buckets of sellers.
    pub(crate) fn buckets(&self) -> usize {
        (self.first_message.len() - 1).checked_div(self.tiles.len()).unwrap_or(0)
    }

    /// Messages of a tile to a bucket of sellers; `buckets`: how many there are.
    pub(crate) fn messages_to(&self, tile: usize, bucket: usize, buckets: usize) -> Range<usize> {
        let at = tile * buckets + bucket;
        self.first_message[at] as usize..self.first_message[at + 1] as usize
    }

    /// Number of flows.
    pub fn flows_len(&self) -> usize {
        self.seller.len()
    }

    /// Number of stock cells.
    pub fn cells(&self) -> usize {
        self.first_cell.last().map_or(0, |&last| last as usize)
    }

    /// Flows of a row.
    pub fn flows_of(&self, row: usize) -> Range<usize> {
        self.first_flow[row] as usize..self.first_flow[row + 1] as usize
    }

    /// Final demands of a bulk line.
    pub fn demands_of(&self, i: usize) -> &[u32] {
        &self.demands[self.first_demand[i] as usize..self.first_demand[i + 1] as usize]
    }

    /// Final demands of bulk lines, and units per day of each.
    pub(crate) fn demands_in(&self, lines: Range<usize>) -> impl Iterator<Item = (usize, f64)> + Clone + '_ {
        let own = self.first_demand[lines.start] as usize..self.first_demand[lines.end] as usize;
        self.demands[own.clone()].iter().map(|&m| m as usize).zip(self.demand_quantity[own].iter().copied())
    }

    /// Bytes of all columns.
    pub fn bytes(&self) -> usize {
        let small = [
            &self.lines,
            &self.diagonal_end,
            &self.row_line,
            &self.product,
            &self.first_demand,
            &self.demands,
            &self.row_product,
            &self.row_policy,
            &self.first_flow,
            &self.first_cell,
            &self.seller,
            &self.contract,
            &self.level_lines,
            &self.level_bulk,
            &self.first_customer,
            &self.message_customer,
            &self.message_flow,
            &self.first_message,
        ];
        let wide = [&self.capacity, &self.demand_quantity, &self.row_use, &self.share, &self.row_normal, &self.customer_normal];
        self.is_bulk.len()
            + 2 * (self.message_seller.len() + self.order.len() + self.shared_place.len() + self.shared_after.len())
            + 4 * small.iter().map(|column| column.len()).sum::<usize>()
            + 8 * wide.iter().map(|column| column.len()).sum::<usize>()
    }
}

/// What all are, or [`NONE`].
fn common(mut all: impl Iterator<Item = u32>) -> u32 {
    let first = all.next().unwrap_or(NONE);
    if all.all(|one| one == first) { first } else { NONE }
}
