//! Plain lines and contracts: those that ask nothing special, compiled into compressed rows.
//!
//! A contract is plain when it restocks a plain buyer over one day without crossing, limit, price, theft, refusal, standby or event of its
//! own. A buyer is plain when it has one line, no labour, no rest days, critical inputs of its own, each bought by plain contracts on the
//! same terms, and final demand that neither waits nor pays nor has a season. Ten million such contracts need neither ring cells nor a
//! stored order or delivery: what a seller gives is one number per seller, and orders are computed anew from stock and rate where they are
//! needed ([`crate::sweep`]). Everything else goes by the general rules of the same day.

use std::ops::Range;

use crate::error::NetworkError;
use crate::ids::*;
use crate::network::*;
use crate::scenario::{Change, Event};

use super::NONE;

/// How a row restocks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Target stock n, days.
    pub stock_days: f64,
    /// 1/τ, per day.
    pub restock_rate: f64,
    /// Whether stock is kept per supplier.
    pub by_supplier: bool,
}

/// Plain lines, their inputs (*rows*) and the contracts that fill them, as compressed rows; nothing in it changes during a run.
#[derive(Clone, Debug, Default)]
pub struct Plain {
    /// Plain line → line, ascending.
    pub lines: Vec<u32>,
    /// Whether a line is plain.
    pub is_plain: Vec<bool>,
    /// Whether a firm has a plain line: then it buys by plain contracts alone.
    pub buys_plainly: Vec<bool>,
    /// Plain line → first row; one more at the end.
    pub first_row: Vec<u32>,
    /// Plain line → most it can make, units per day.
    pub capacity: Vec<f64>,
    /// Plain line → its product.
    pub product: Vec<u32>,
    /// Plain line → first of `demands`; one more at the end.
    pub first_demand: Vec<u32>,
    /// Final demands of plain lines, line after line.
    pub demands: Vec<u32>,
    /// Of each, units per day.
    pub demand_quantity: Vec<f64>,
    /// Row → units used per unit made, with waste.
    pub row_use: Vec<f64>,
    /// Row → input product.
    pub row_product: Vec<u32>,
    /// Row → how it restocks, in `paces`.
    pub row_pace: Vec<u32>,
    /// Different ways to restock.
    pub paces: Vec<Pace>,
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
    /// Flow → letter, counted from the first of its task. Letters are the flows of a task block of sellers by block, else in order.
    pub letter: Vec<u32>,
    /// Task by task, letter → seller line, counted from the first of its block.
    pub letter_seller: Vec<u16>,
    /// Task × block → first letter, counted from the first of the task; one more at the end of each task.
    pub first_letter: Vec<u32>,
    /// Row → need in the steady state, units per day: normal orders are share × this. Only with dealt lines.
    pub row_normal: Vec<f64>,
    /// Plain lines, and lines with plain customers, that serve firms first by one share.
    pub market_last: Vec<u32>,
    /// Plain lines, and lines with plain customers, that fill orders up to a level, ascending.
    pub dealt: Vec<u32>,
    /// Dealt line → plain line, or [`NONE`].
    pub dealt_plain: Vec<u32>,
    /// Dealt line → whether it serves firms first.
    pub dealt_market_last: Vec<bool>,
    /// Dealt line → first of `dealt_letter`; one more at the end.
    pub first_dealt: Vec<u32>,
    /// Letters of the plain flows of dealt lines, line after line.
    pub dealt_letter: Vec<u32>,
    /// Of each, the normal order, units per day.
    pub dealt_normal: Vec<f64>,
    /// Bounds of the plain lines that one task of the sweep works on: a matter of the network alone, so that sums do not depend on threads.
    pub chunks: Vec<usize>,
    /// Task → first of `batches`; one more at the end.
    pub first_batch: Vec<usize>,
    /// Batch of the sweep → first row; one more at the end. Rows of a batch keep stock alike, and they and their flows are at most [`BATCH`],
    /// save a single row of more flows.
    pub batches: Vec<u32>,
    /// Flow → its row, counted from the first of its batch.
    pub row_in_batch: Vec<u8>,
    /// What one task of every other pass works on: all lines, cut the same way whatever the threads.
    pub stretches: Vec<Stretch>,
    /// Sellers of a block.
    pub block: usize,
}

/// Lines that one task works on when there is one thing to do per line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    /// Lines.
    pub lines: Range<usize>,
    /// The plain ones of them.
    pub plain: Range<usize>,
    /// Final demands, those of the plain lines among them.
    pub demands: Range<usize>,
}

/// Flows of one task, about.
const FLOWS_PER_CHUNK: usize = 100_000;
/// Most tasks: every one has sums per line of its own.
const CHUNKS_MAX: usize = 4;
/// Sellers of a block: their numbers fit the second cache of most machines (256 kB).
const BLOCK: usize = 1 << 15;
/// The same where lines fill orders up to a level: then the answers of a block's customers are to fit as well.
const BLOCK_DEALT: usize = 1 << 13;
/// Flows of a batch of the sweep: what they need stays in the first cache.
pub const BATCH: usize = 128;
/// Lines of a stretch, at least.
const LINES_PER_STRETCH: usize = 32_768;
/// Most stretches: every one has sums per product of its own.
const STRETCHES_MAX: usize = 8;

impl Plain {
    /// No plain line.
    pub fn none(network: &Network) -> Self {
        let zero = || vec![0];
        Self {
            is_plain: vec![false; network.lines.len()],
            buys_plainly: vec![false; network.firms.len()],
            first_row: zero(),
            first_demand: zero(),
            first_flow: zero(),
            first_cell: zero(),
            first_dealt: zero(),
            chunks: vec![0, 0],
            block: BLOCK,
            ..Self::default()
        }
    }

    /// Finds and compiles what is plain, whatever of `events` holds. `rate`: steady output of every line.
    pub fn new(network: &Network, events: &[Event], rate: &[f64]) -> Self {
        let plain = Candidates::new(network, events, rate).plain_firms();
        let mut found = Self::none(network);
        for (l, line) in network.lines.iter().enumerate().filter(|(_, line)| plain[line.firm.index()]) {
            found.is_plain[l] = true;
            found.lines.push(l as u32);
            found.capacity.push(line.capacity_per_day);
            found.product.push(line.product.0);
            for input in network.inputs_of(LineId(l as u32)) {
                found.row_use.push(input.per_unit * (1.0 + input.waste_share));
                found.row_product.push(input.product.0);
            }
            found.first_row.push(found.row_use.len() as u32);
        }
        found.flows(network, &plain);
        found.demands(network);
        found.chunks = found.cut();
        found.batch();
        found.stretches = found.stretch(network);
        found.block = if network.lines.iter().any(|line| deals(line.rationing)) { BLOCK_DEALT } else { BLOCK };
        found.letters(network.lines.len());
        found.ruled(network, rate);
        found.buys_plainly = plain;
        found
    }

    /// Sorts the plain contracts by row: counted, then placed.
    fn flows(&mut self, network: &Network, plain: &[bool]) {
        let contracts = &network.contracts;
        let mut line_of = vec![NONE; network.firms.len()];
        for (i, &l) in self.lines.iter().enumerate() {
            line_of[network.lines[l as usize].firm.index()] = i as u32;
        }
        let row_of = |contract: usize| -> usize {
            let i = line_of[contracts.buyer[contract].index()] as usize;
            let product = network.lines[contracts.seller[contract].index()].product.0;
            let rows = self.first_row[i] as usize..self.first_row[i + 1] as usize;
            rows.clone().find(|&row| self.row_product[row] == product).unwrap_or(rows.start)
        };
        let rows = self.row_use.len();
        let is_plain = |&contract: &usize| plain[contracts.buyer[contract].index()];
        let mut first = vec![0_u32; rows + 1];
        let mut pace = vec![NONE; rows];
        let mut paces: Vec<Pace> = Vec::new();
        for contract in (0..contracts.len()).filter(is_plain) {
            let row = row_of(contract);
            first[row + 1] += 1;
            if pace[row] == NONE {
                let own = pace_of(&network.terms[contracts.terms[contract].index()]);
                let at = paces.iter().position(|p| *p == own).unwrap_or_else(|| {
                    paces.push(own);
                    paces.len() - 1
                });
                pace[row] = at as u32;
            }
        }
        paces.push(Pace { stock_days: 1.0, restock_rate: 0.0, by_supplier: false });
        // A row nobody fills has a stock all the same: nothing.
        pace.iter_mut().filter(|p| **p == NONE).for_each(|p| *p = paces.len() as u32 - 1);
        for row in 0..rows {
            first[row + 1] += first[row];
        }
        let count = first[rows] as usize;
        let mut next = first.clone();
        (self.seller, self.share, self.contract) = (vec![0; count], vec![0.0; count], vec![0; count]);
        for contract in (0..contracts.len()).filter(is_plain) {
            let at = &mut next[row_of(contract)];
            self.seller[*at as usize] = contracts.seller[contract].0;
            self.share[*at as usize] = contracts.share[contract];
            self.contract[*at as usize] = contract as u32;
            *at += 1;
        }
        let mut cells = 0;
        for row in 0..rows {
            cells += if paces[pace[row] as usize].by_supplier { first[row + 1] - first[row] } else { 1 };
            self.first_cell.push(cells);
        }
        (self.row_pace, self.paces, self.first_flow) = (pace, paces, first);
    }

    fn demands(&mut self, network: &Network) {
        let mut sorted: Vec<(u32, u32)> = network.demands.iter().enumerate().map(|(m, d)| (d.line.0, m as u32)).collect();
        sorted.retain(|&(line, _)| self.is_plain[line as usize]);
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

    /// Sorts the flows of every task by the block of their seller.
    fn letters(&mut self, lines: usize) {
        let flows = self.seller.len();
        let (block, blocks) = (self.block, lines.div_ceil(self.block));
        let block_of = |seller: u32| seller as usize / block;
        (self.letter, self.letter_seller) = (vec![0; flows], vec![0; flows]);
        for task in 0..self.chunks.len() - 1 {
            let own = self.flows_of_task(task);
            let mut next = vec![0_u32; blocks + 1];
            self.seller[own.clone()].iter().for_each(|&seller| next[block_of(seller) + 1] += 1);
            for block in 0..blocks {
                next[block + 1] += next[block];
            }
            self.first_letter.extend_from_slice(&next);
            for flow in own.clone() {
                let seller = self.seller[flow];
                let at = &mut next[block_of(seller)];
                self.letter_seller[own.start + *at as usize] = (seller as usize % block) as u16;
                self.letter[flow] = *at;
                *at += 1;
            }
        }
    }

    /// Lines that share out by another rule than one share of everything, and the customers of those that do by a level.
    fn ruled(&mut self, network: &Network, rate: &[f64]) {
        if self.lines.is_empty() {
            return;
        }
        let mut sells_plainly = self.is_plain.clone();
        self.seller.iter().for_each(|&line| sells_plainly[line as usize] = true);
        let by_rule = |l: &usize, rule: fn(Rationing) -> bool| sells_plainly[*l] && rule(network.lines[*l].rationing);
        let lines = 0..network.lines.len();
        self.market_last = lines.clone().filter(|l| by_rule(l, |rule| rule == Rationing::MarketLast)).map(|l| l as u32).collect();
        if !lines.clone().any(|l| by_rule(&l, deals)) {
            return;
        }
        let by_level = |line: u32| deals(network.lines[line as usize].rationing);
        self.row_normal = vec![0.0; self.row_use.len()];
        for (i, &line) in self.lines.iter().enumerate() {
            for row in self.first_row[i] as usize..self.first_row[i + 1] as usize {
                self.row_normal[row] = self.row_use[row] * rate[line as usize];
            }
        }
        let mut count = vec![0_u32; network.lines.len() + 1];
        self.seller.iter().filter(|&&line| by_level(line)).for_each(|&line| count[line as usize + 1] += 1);
        for line in lines {
            // A plain line is dealt even without plain customers: its market is.
            if by_rule(&line, deals) {
                self.dealt.push(line as u32);
                self.dealt_plain.push(self.lines.binary_search(&(line as u32)).map_or(NONE, |i| i as u32));
                self.dealt_market_last.push(network.lines[line].rationing == Rationing::LeastServedMarketLast);
                self.first_dealt.push(count[line] + count[line + 1]);
            }
            count[line + 1] += count[line];
        }
        let flows = count[network.lines.len()] as usize;
        (self.dealt_letter, self.dealt_normal) = (vec![0; flows], vec![0.0; flows]);
        let mut task = 0;
        for row in 0..self.row_use.len() {
            for flow in self.flows_of(row) {
                while flow >= self.flows_of_task(task).end {
                    task += 1;
                }
                let line = self.seller[flow];
                if by_level(line) {
                    let at = count[line as usize] as usize;
                    self.dealt_letter[at] = self.flows_of_task(task).start as u32 + self.letter[flow];
                    self.dealt_normal[at] = self.share[flow] * self.row_normal[row];
                    count[line as usize] += 1;
                }
            }
        }
    }

    /// Whether every line that fills orders up to a level is dealt with as the published program does.
    ///
    /// Errors: the first that is not.
    pub(super) fn check_compat(&self, network: &Network) -> Result<(), NetworkError> {
        let left_out = |&l: &usize| deals(network.lines[l].rationing) && self.dealt.binary_search(&(l as u32)).is_err();
        (0..network.lines.len()).find(left_out).map_or(Ok(()), |line| Err(NetworkError::NoCompat { line }))
    }

    fn cut(&self) -> Vec<usize> {
        let flows = self.seller.len();
        let parts = (flows / FLOWS_PER_CHUNK).clamp(1, CHUNKS_MAX);
        let mut bounds = vec![0];
        for part in 1..parts {
            let upto = (flows / parts * part) as u32;
            let row = self.first_flow.partition_point(|&first| first < upto) as u32;
            bounds.push(self.first_row.partition_point(|&first| first < row).min(self.lines.len()));
        }
        bounds.push(self.lines.len());
        bounds
    }

    /// Cuts the rows of every task into batches.
    fn batch(&mut self) {
        self.row_in_batch = vec![0; self.seller.len()];
        for task in 0..self.tasks() {
            self.first_batch.push(self.batches.len());
            let last = self.first_row[self.chunks[task + 1]] as usize;
            let mut row = self.first_row[self.chunks[task]] as usize;
            while row < last {
                self.batches.push(row as u32);
                let end = self.batch_end(row, last);
                for own in row..end {
                    let flows = self.flows_of(own);
                    self.row_in_batch[flows].fill((own - row) as u8);
                }
                row = end;
            }
        }
        self.first_batch.push(self.batches.len());
        self.batches.push(self.row_use.len() as u32);
    }

    /// Where a batch that begins with `row` ends.
    fn batch_end(&self, row: usize, last: usize) -> usize {
        let first = self.first_flow[row] as usize;
        let kind = |row: usize| self.paces[self.row_pace[row] as usize].by_supplier;
        let fits = |&next: &usize| self.first_flow[next + 1] as usize - first <= BATCH && kind(next) == kind(row);
        let last = last.min(row + BATCH);
        (row + 1..last).find(|next| !fits(next)).unwrap_or(last)
    }

    /// Cuts all lines into stretches; a single one if demands do not stand in the order of their lines.
    fn stretch(&self, network: &Network) -> Vec<Stretch> {
        let (lines, products, demands) = (network.lines.len(), network.products.len(), network.demands.len());
        let ordered = self.demands.is_sorted();
        let most = if ordered { STRETCHES_MAX.min(lines / products.max(1)) } else { 1 };
        let count = (lines / LINES_PER_STRETCH).min(most).max(1);
        let mut from = Stretch::default();
        (1..=count)
            .map(|k| {
                let line = lines * k / count;
                let plain = self.lines.partition_point(|&own| (own as usize) < line);
                let first = self.demands.get(self.first_demand[plain] as usize);
                let demand = first.filter(|_| k < count).map_or(demands, |&m| m as usize);
                let own = Stretch {
                    lines: from.lines.end..line,
                    plain: from.plain.end..plain,
                    demands: from.demands.end..demand.max(from.demands.end),
                };
                from = own.clone();
                own
            })
            .collect()
    }

    /// Plain lines among the lines of a block of sellers.
    pub(crate) fn plain_of_block(&self, block: usize) -> Range<usize> {
        let at = |line: usize| self.lines.partition_point(|&own| (own as usize) < line);
        at(block * self.block)..at((block + 1) * self.block)
    }

    /// Flows, and so letters, of a task.
    pub(crate) fn flows_of_task(&self, task: usize) -> Range<usize> {
        let at = |i: usize| self.first_flow[self.first_row[i] as usize] as usize;
        at(self.chunks[task])..at(self.chunks[task + 1])
    }

    /// Tasks of the sweep.
    pub(crate) fn tasks(&self) -> usize {
        self.chunks.len() - 1
    }

    /// Blocks of sellers.
    pub(crate) fn blocks(&self) -> usize {
        self.first_letter.len() / self.tasks() - 1
    }

    /// Letters of a task to a block of sellers, counted from the first letter of all.
    pub(crate) fn letters_to(&self, task: usize, block: usize) -> Range<usize> {
        let first = self.flows_of_task(task).start;
        let at = |bound: usize| first + self.first_letter[task * (self.blocks() + 1) + bound] as usize;
        at(block)..at(block + 1)
    }

    /// Number of flows.
    pub fn flows_len(&self) -> usize {
        self.seller.len()
    }

    /// Number of stock cells.
    pub fn cells(&self) -> usize {
        self.first_cell.last().map_or(0, |&last| last as usize)
    }

    /// Rows of a plain line.
    pub fn rows(&self, i: usize) -> Range<usize> {
        self.first_row[i] as usize..self.first_row[i + 1] as usize
    }

    /// Flows of a row.
    pub fn flows_of(&self, row: usize) -> Range<usize> {
        self.first_flow[row] as usize..self.first_flow[row + 1] as usize
    }

    /// Final demands of a plain line.
    pub fn demands_of(&self, i: usize) -> &[u32] {
        &self.demands[self.first_demand[i] as usize..self.first_demand[i + 1] as usize]
    }

    /// Final demands of plain lines, and units per day of each.
    pub(crate) fn demands_in(&self, lines: Range<usize>) -> impl Iterator<Item = (usize, f64)> + Clone + '_ {
        let own = self.first_demand[lines.start] as usize..self.first_demand[lines.end] as usize;
        self.demands[own.clone()].iter().map(|&m| m as usize).zip(self.demand_quantity[own].iter().copied())
    }

    /// Bytes of all columns.
    pub fn bytes(&self) -> usize {
        let small = [
            &self.lines,
            &self.first_row,
            &self.product,
            &self.first_demand,
            &self.demands,
            &self.row_product,
            &self.row_pace,
            &self.first_flow,
            &self.first_cell,
            &self.seller,
            &self.contract,
            &self.dealt,
            &self.dealt_plain,
            &self.first_dealt,
            &self.dealt_letter,
            &self.letter,
            &self.first_letter,
        ];
        let wide = [&self.capacity, &self.demand_quantity, &self.row_use, &self.share, &self.row_normal, &self.dealt_normal];
        self.is_plain.len()
            + 2 * self.letter_seller.len()
            + self.row_in_batch.len()
            + 4 * small.iter().map(|column| column.len()).sum::<usize>()
            + 8 * wide.iter().map(|column| column.len()).sum::<usize>()
    }
}

/// Whether a rule fills orders up to a level.
pub(crate) fn deals(rule: Rationing) -> bool {
    matches!(rule, Rationing::LeastServed | Rationing::LeastServedMarketLast)
}

fn pace_of(terms: &Terms) -> Pace {
    Pace { stock_days: terms.stock_days, restock_rate: 1.0 / terms.restock_days, by_supplier: terms.stock_by_supplier }
}

/// Which firms may be plain: tried one condition after the other.
struct Candidates<'a> {
    network: &'a Network,
    events: &'a [Event],
    rate: &'a [f64],
    /// Firm → whether nothing has spoken against it so far.
    plain: Vec<bool>,
    /// Firm → its line, or [`NONE`] without or with several.
    line_of: Vec<u32>,
    /// Route → whether it is one day without crossing or limit.
    short: Vec<bool>,
    /// Terms → whether a plain contract may have them.
    bare: Vec<bool>,
}

impl<'a> Candidates<'a> {
    fn new(network: &'a Network, events: &'a [Event], rate: &'a [f64]) -> Self {
        let mut line_of = vec![NONE; network.firms.len()];
        let mut plain: Vec<bool> = network.firms.iter().map(nothing_but_a_name).collect();
        for (l, line) in network.lines.iter().enumerate() {
            let firm = line.firm.index();
            plain[firm] &= line_of[firm] == NONE && simple_line(network, l);
            line_of[firm] = l as u32;
        }
        let short = |route: &Route| {
            let legs = &route.legs;
            legs.iter().map(|leg| leg.days).sum::<u32>() == 1 && legs.iter().all(|l| l.crossing.is_none() && l.tonnes_per_day.is_infinite())
        };
        Self {
            network,
            events,
            rate,
            plain,
            line_of,
            short: network.routes.iter().map(short).collect(),
            bare: network.terms.iter().map(bare_terms).collect(),
        }
    }

    fn plain_firms(mut self) -> Vec<bool> {
        let network = self.network;
        for (firm, line) in self.line_of.iter().enumerate() {
            self.plain[firm] &= *line != NONE;
        }
        for demand in &network.demands {
            if demand.patience_days > 0 || demand.season.is_some() || demand.price_per_unit > 0.0 {
                self.plain[network.lines[demand.line.index()].firm.index()] = false;
            }
        }
        self.by_event();
        let mortal = self.mortal();
        // Input row → terms of its first contract.
        let mut terms_of_row = vec![NONE; network.inputs.len()];
        let contracts = &network.contracts;
        let mut extras = contracts.extras.iter().map(|(contract, _)| contract.index()).peekable();
        for row in 0..contracts.len() {
            let special = extras.next_if_eq(&row).is_some();
            let seller = &network.lines[contracts.seller[row].index()];
            if network.terms[contracts.terms[row].index()].ordering != Ordering::Restock {
                self.plain[seller.firm.index()] = false;
            }
            let buyer = contracts.buyer[row].index();
            if self.plain[buyer] && (special || mortal[seller.firm.index()] || !self.plain_contract(row, &mut terms_of_row)) {
                self.plain[buyer] = false;
            }
        }
        self.plain
    }

    /// Firms and buyers that an event deals with in a way of its own.
    fn by_event(&mut self) {
        for event in self.events {
            match &event.change {
                Change::Default(firms) => firms.iter().for_each(|firm| self.plain[firm.index()] = false),
                Change::OrderCut(contracts)
                | Change::Cancel(contracts)
                | Change::Refusal(contracts)
                | Change::Forbid(contracts)
                | Change::Enforce(contracts, _) => {
                    contracts.iter().for_each(|c| self.plain[self.network.contracts.buyer[c.index()].index()] = false);
                }
                Change::Capacity(_)
                | Change::Attendance(_)
                | Change::Demand(_)
                | Change::OpenShare { .. }
                | Change::ExchangeRate(_)
                | Change::Damage { .. } => {}
            }
        }
    }

    /// Firm → whether it may stop for good.
    fn mortal(&self) -> Vec<bool> {
        let mut mortal: Vec<bool> = self.network.firms.iter().map(|firm| firm.insolvency_days.is_finite()).collect();
        for event in self.events {
            if let Change::Default(firms) = &event.change {
                firms.iter().for_each(|firm| mortal[firm.index()] = true);
            }
        }
        mortal
    }

    /// Whether the contract of a buyer plain so far is plain.
    fn plain_contract(&self, row: usize, terms_of_row: &mut [u32]) -> bool {
        let (network, contracts) = (self.network, &self.network.contracts);
        let (terms, seller) = (contracts.terms[row], &network.lines[contracts.seller[row].index()]);
        let scalar = !matches!(seller.rationing, Rationing::ClassPriority | Rationing::Oldest);
        let bare = contracts.kind[row] == Kind::Sale
            && contracts.price_per_unit[row] == 0.0
            && self.bare[terms.index()]
            && self.short[contracts.route[row].index()];
        if !(bare && scalar) {
            return false;
        }
        let buyer = self.line_of[contracts.buyer[row].index()];
        let line = &network.lines[buyer as usize];
        let inputs = line.first_input as usize..line.last_input as usize;
        let Some(input) = inputs.into_iter().find(|&i| network.inputs[i].product == seller.product) else { return false };
        if deals(seller.rationing) && self.rate[buyer as usize] <= 0.0 {
            return false;
        }
        let before = std::mem::replace(&mut terms_of_row[input], terms.0);
        before == NONE || before == terms.0 || pace_of(&network.terms[before as usize]) == pace_of(&network.terms[terms.index()])
    }
}

fn nothing_but_a_name(firm: &Firm) -> bool {
    firm.workers == 0.0
        && firm.rest_weekdays == 0
        && firm.hire_days.is_infinite()
        && firm.fire_days.is_infinite()
        && firm.insolvency_days.is_infinite()
        && firm.keep_months.is_infinite()
}

fn bare_terms(terms: &Terms) -> bool {
    terms.ordering == Ordering::Restock
        && terms.theft_share == 0.0
        && terms.refused_share == 0.0
        && terms.moves_share == 0.0
        && terms.stock_days >= 1.0
        && terms.stock_days.is_finite()
}

fn simple_line(network: &Network, l: usize) -> bool {
    let line = &network.lines[l];
    let inputs = network.inputs_of(LineId(l as u32));
    let keeps = |product: ProductId| network.products[product.index()].spoilage_share_per_day == 0.0;
    let own = |input: &Input| {
        input.importance == Importance::Critical && input.supplied_by == SuppliedBy::Maker && input.per_unit > 0.0 && keeps(input.product)
    };
    let once = |(at, input): (usize, &Input)| inputs[..at].iter().all(|earlier| earlier.product != input.product);
    line.labour_days_per_unit == 0.0
        && keeps(line.product)
        && !matches!(line.rationing, Rationing::ClassPriority | Rationing::Oldest)
        && inputs.iter().all(own)
        && inputs.iter().enumerate().all(once)
}
