//! What every store is kept by: one store per buyer and product, whatever terms its sellers have.
//!
//! Days of cover and the days over which a gap is closed belong to the store, not to a seller: where sellers of one product have different
//! terms they are the means over all contracts that restock it, weighted by share. Where stock is kept per supplier every part has its own.

use std::collections::BTreeMap;

use super::NONE;
use crate::model::network::{Network, Ordering, Terms};

/// How the store of a restock contract is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cover {
    /// Target n of the stock that the contract's buyer looks at, days of need.
    pub stock_days: f64,
    /// τ, days over which a gap is closed.
    pub restock_days: f64,
    /// Days of need in the part of the store that the contract fills: its own part, or the common one of all sellers whose terms keep stock
    /// per product. Other than `stock_days` only in a store of both kinds.
    pub part_days: f64,
}

impl Cover {
    fn of(terms: &Terms) -> Self {
        Self { stock_days: terms.stock_days, restock_days: terms.restock_days, part_days: terms.stock_days }
    }
}

/// The covers of all restock contracts.
#[derive(Clone, Debug, Default)]
pub struct Covers {
    /// Contracts that are not kept by their own terms, ascending.
    mixed: Vec<(u32, Cover)>,
}

/// A restock contract among those that may fill one store: buyer, product, row.
type Filler = (u32, u32, u32);

impl Covers {
    /// Finds the stores whose sellers have different terms.
    pub fn new(network: &Network) -> Self {
        let mut mixed = Vec::new();
        let fillers = fillers(network);
        for store in fillers.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            of_store(network, store, &mut mixed);
        }
        mixed.sort_unstable_by_key(|&(contract, _)| contract);
        Self { mixed }
    }

    /// The cover of a restock contract.
    pub fn of(&self, network: &Network, contract: usize) -> Cover {
        self.mixed(contract).unwrap_or_else(|| Cover::of(&network.terms[network.contracts.terms[contract].index()]))
    }

    /// The cover of a restock contract whose store is not kept by its own terms.
    pub fn mixed(&self, contract: usize) -> Option<Cover> {
        self.mixed.binary_search_by_key(&contract, |&(row, _)| row as usize).ok().map(|at| self.mixed[at].1)
    }
}

/// Restock contracts of the buyers that restock by more than one policy, store by store: of ten million contracts usually none.
fn fillers(network: &Network) -> Vec<Filler> {
    let mut known = BTreeMap::new();
    let policy = |terms: &Terms| {
        let next = known.len() as u32;
        let key = (terms.stock_days.to_bits(), terms.restock_days.to_bits(), terms.stock_by_supplier);
        if terms.ordering == Ordering::Restock { *known.entry(key).or_insert(next) } else { NONE }
    };
    let policy_of: Vec<u32> = network.terms.iter().map(policy).collect();
    if known.len() < 2 {
        return Vec::new();
    }
    let contracts = &network.contracts;
    let (mut first, mut several) = (vec![NONE; network.firms.len()], vec![false; network.firms.len()]);
    let restocks = || (0..contracts.len()).filter(|&row| policy_of[contracts.terms[row].index()] != NONE);
    for row in restocks() {
        let (buyer, policy) = (contracts.buyer[row].index(), policy_of[contracts.terms[row].index()]);
        let before = if first[buyer] == NONE { policy } else { first[buyer] };
        (first[buyer], several[buyer]) = (before, several[buyer] || before != policy);
    }
    let store = |row: usize| (contracts.buyer[row].0, network.lines[contracts.seller[row].index()].product.0, row as u32);
    let mut fillers: Vec<Filler> = restocks().filter(|&row| several[contracts.buyer[row].index()]).map(store).collect();
    fillers.sort_unstable();
    fillers
}

/// The covers of one store's contracts, where they differ from those of their terms.
fn of_store(network: &Network, store: &[Filler], mixed: &mut Vec<(u32, Cover)>) {
    let terms = |&(.., row): &Filler| &network.terms[network.contracts.terms[row as usize].index()];
    let weighted = |filler: &Filler, days: fn(&Terms) -> f64| (network.contracts.share[filler.2 as usize], days(terms(filler)));
    let common = || store.iter().filter(|filler| !terms(filler).stock_by_supplier);
    let cover = Cover {
        stock_days: mean(store.iter().map(|filler| weighted(filler, |terms| terms.stock_days))),
        restock_days: mean(store.iter().map(|filler| weighted(filler, |terms| terms.restock_days))),
        part_days: mean(common().map(|filler| weighted(filler, |terms| terms.stock_days))),
    };
    mixed.extend(common().filter(|filler| Cover::of(terms(filler)) != cover).map(|&(.., row)| (row, cover)));
}

/// The mean of numbers weighted by share; where all are alike that number to the last bit, and without any share all count alike.
fn mean(numbers: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
    let total: f64 = numbers.clone().map(|(share, _)| share).sum();
    let numbers =
        numbers.filter_map(|(share, number)| if total > 0.0 { (share > 0.0).then_some((share, number)) } else { Some((1.0, number)) });
    let Some((_, first)) = numbers.clone().next() else { return 0.0 };
    if numbers.clone().all(|(_, number)| number == first) {
        return first;
    }
    let sums = numbers.fold((0.0, 0.0), |(sum, weight), (share, number)| (sum + share * number, weight + share));
    sums.0 / sums.1
}

/// A part of a store that is kept per supplier: what one seller has filled, or what is in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Its cover, days of need.
    pub days: f64,
    /// Its flow, or [`NONE`] for what is in common.
    pub flow: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_counts_what_has_a_share() {
        assert_eq!(mean([(0.5, 15.0), (0.5, 3.0)].into_iter()), 9.0);
        assert_eq!(mean([(0.25, 15.0), (0.75, 3.0)].into_iter()), 6.0);
        // A standby without a share changes nothing, not even a last bit; one that never closes a gap is no number times nothing.
        assert_eq!(mean([(0.3, 0.1), (0.7, 0.1), (0.0, f64::INFINITY)].into_iter()), 0.1);
        assert_eq!(mean([(0.0, 4.0), (0.0, 6.0)].into_iter()), 5.0);
        // Shares that do not add up to 1.
        assert_eq!(mean([(0.5, 4.0), (1.5, 8.0)].into_iter()), 7.0);
        assert_eq!(mean(std::iter::empty()), 0.0);
    }
}
