//! Standing flows (restock and plan contracts), laid out for the day.

use std::ops::Range;

use crate::model::ids::*;

/// Most flows of a stream: its goods on the way fit the second cache.
pub(super) const STREAM: usize = 1024;

/// Standing flows (restock and plan contracts) as columns, stream after stream.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Flows that move alike.
    pub streams: Vec<Stream>,
    /// Flows that fill one store, stream after stream.
    pub purchases: Vec<Purchase>,
    /// Contract.
    pub contract: Vec<ContractId>,
    /// Seller line.
    pub line: Vec<u32>,
    /// Buyer's stock point.
    pub point: Vec<u32>,
    /// Share of the stock point's need.
    pub share: Vec<f64>,
    /// Path of the goods.
    pub path: Vec<u32>,
    /// First cell of the goods on the way; the next is the stream's width further.
    pub cells: Vec<u32>,
    /// Flows of its stream.
    pub width: Vec<u32>,
    /// Travel time, days.
    pub lead_days: Vec<f64>,
    /// Target n of the stock its buyer looks at, days ([`crate::plan::cover`]).
    pub stock_days: Vec<f64>,
    /// τ, days.
    pub restock_days: Vec<f64>,
    /// Smallest order, units.
    pub minimum_order: Vec<f64>,
    /// Days of need in the part of the store that it fills.
    pub part_days: Vec<f64>,
    /// Days after its path has shut on which it is still served.
    pub news_days: Vec<u32>,
    /// Whether what leaves is the buyer's.
    pub title_at_loading: Vec<bool>,
    /// Days after which held goods leave the position.
    pub patience_days: Vec<u32>,
    /// Whether the flow follows the client's consignment plan.
    pub planned: Vec<bool>,
    /// Whether stock is kept per supplier.
    pub by_supplier: Vec<bool>,
    /// Share lost on the way.
    pub theft_share: Vec<f64>,
    /// Units ordered per unit of need in the steady state: what is stolen, refused and spoilt on top.
    pub gross: Vec<f64>,
    /// Share of an order that moves to standby flows while this one cannot be reached.
    pub moves_share: Vec<f64>,
    /// Most this flow takes over of orders that move, share of the stock point's order.
    pub standby_share: Vec<f64>,
    /// Steady order, units per day: the normal order of least-served rationing; zero where there is none.
    pub normal: Vec<f64>,
    /// Flows with a price, in order of their contracts, in which they are paid: index into the columns above.
    pub priced: Vec<u32>,
    /// Per priced flow: price, contract's currency per unit.
    pub price: Vec<f64>,
    /// Per priced flow: share of the price paid when goods leave.
    pub prepaid_share: Vec<f64>,
    /// Per priced flow: currency.
    pub currency: Vec<u32>,
    /// Per priced flow: most the buyer may owe, goods on the way included, contract's currency.
    pub credit_limit: Vec<f64>,
    /// Per priced flow: the firm that pays.
    pub payer: Vec<u32>,
    /// Per priced flow: the firm that is paid.
    pub payee: Vec<u32>,
    /// Per priced flow: gate carried cash must pass to the payee, or [`NO_GATE`](super::transit::NO_GATE).
    pub cash_gate: Vec<u32>,
    /// Per priced flow: which of `pay_terms` holds.
    pub pay_term: Vec<u32>,
    /// Per priced flow: its cell of amounts due on the first day of a ring; the next day's stands `width` cells further.
    pub due_cells: Vec<u32>,
    /// Rings of amounts due, one for all priced flows that are paid after the same number of days.
    pub pay_terms: Vec<PayTerm>,
}

/// Standing flows of one product on one path under the same terms. They lie side by side in every column, and their goods cell by cell, so
/// that what is the same for all is asked once and the rest is a loop over neighbours.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    /// First flow.
    pub first: u32,
    /// Number of flows.
    pub width: u32,
    /// Path of the goods.
    pub path: u32,
    /// Product.
    pub product: u32,
    /// Terms.
    pub terms: TermsId,
    /// First of its purchases.
    pub first_purchase: u32,
    /// End of its purchases.
    pub last_purchase: u32,
}

impl Stream {
    /// Its flows.
    pub fn flows(&self) -> Range<usize> {
        self.first as usize..(self.first + self.width) as usize
    }

    /// Its purchases.
    pub fn purchases(&self) -> Range<usize> {
        self.first_purchase as usize..self.last_purchase as usize
    }
}

/// Neighbouring flows of a stream that fill one store: a buyer's contracts with several suppliers.
#[derive(Clone, Copy, Debug)]
pub struct Purchase {
    /// The buyer's stock point.
    pub point: u32,
    /// First flow.
    pub first: u32,
    /// End of the flows.
    pub last: u32,
}

impl Purchase {
    /// Its flows.
    pub fn flows(&self) -> Range<usize> {
        self.first as usize..self.last as usize
    }
}

/// A store with parts of different cover.
#[derive(Clone, Copy, Debug)]
pub struct Uneven {
    /// Its stock point.
    pub point: u32,
    /// First of its parts.
    pub first: u32,
    /// End of its parts.
    pub last: u32,
}

impl Uneven {
    /// Its parts.
    pub fn parts(&self) -> Range<usize> {
        self.first as usize..self.last as usize
    }
}

/// A ring of amounts due: inspection + net days, and the priced flows that have them. What is due on one day stands side by side.
#[derive(Clone, Debug, Default)]
pub struct PayTerm {
    /// Days of the ring: inspection + net days, and today.
    pub length: usize,
    /// First cell.
    pub first: usize,
    /// The priced flows, in order; their number is the width of a day.
    pub flows: Vec<u32>,
}

impl PayTerm {
    /// Where what is due on day `t` stands, from a flow's first cell.
    pub fn due_on(&self, t: usize) -> u32 {
        (t % self.length * self.flows.len()) as u32
    }
}

impl Standing {
    /// What a priced flow's buyer is to pay on later days, summed anew from its ring.
    pub fn sum_of_due(&self, due_cells: &[f64], p: usize) -> f64 {
        self.ring_of(p).map(|cell| due_cells[cell]).sum()
    }

    /// The cells of a priced flow's ring.
    pub fn ring_of(&self, p: usize) -> impl Iterator<Item = usize> + use<> {
        let term = &self.pay_terms[self.pay_term[p] as usize];
        (self.due_cells[p] as usize..).step_by(term.flows.len()).take(term.length)
    }
}
