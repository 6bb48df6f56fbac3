//! Which input every contract of bulk lines fills.

use std::collections::BTreeMap;

use super::NONE;
use super::bulk::{Pace, pace_of};
use super::cover::Covers;
use super::inputs::Inputs;
use crate::model::ids::*;
use crate::model::network::*;

/// Plain contracts by the input they fill.
pub(super) struct Bought {
    /// Contract → input, or [`NONE`].
    pub input: Vec<u32>,
    /// Input → contracts that fill it.
    pub count: Vec<u32>,
    /// Input → whether a single contract fills all of it.
    pub whole: Vec<bool>,
    /// Input → how it restocks, in `paces`.
    pub pace: Vec<u32>,
    pub paces: Vec<Pace>,
}

impl Bought {
    /// `plain`: firm → whether its line is plain.
    pub fn new(network: &Network, plain: &[bool], covers: &Covers) -> Self {
        let contracts = &network.contracts;
        let mut line_of = vec![NONE; network.firms.len()];
        for (l, line) in network.lines.iter().enumerate() {
            line_of[line.firm.index()] = l as u32;
        }
        let product_of: Vec<ProductId> = network.lines.iter().map(|line| line.product).collect();
        let inputs_by_product = Inputs::new(network);
        let inputs = network.inputs.len();
        let (input, whole) = (vec![NONE; contracts.len()], vec![false; inputs]);
        let mut bought = Self { input, whole, count: vec![0; inputs], pace: vec![NONE; inputs], paces: Vec::new() };
        let mut known = BTreeMap::new();
        let mut pace_at = |pace: Pace, paces: &mut Vec<Pace>| {
            *known.entry((pace.stock_days.to_bits(), pace.restock_rate.to_bits(), pace.by_supplier)).or_insert_with(|| {
                paces.push(pace);
                paces.len() as u32 - 1
            })
        };
        let pace_of_terms: Vec<u32> = network.terms.iter().map(|terms| pace_at(pace_of(terms), &mut bought.paces)).collect();
        for contract in (0..contracts.len()).filter(|&contract| plain[contracts.buyer[contract].index()]) {
            let line = &network.lines[line_of[contracts.buyer[contract].index()] as usize];
            let product = product_of[contracts.seller[contract].index()];
            let input = inputs_by_product.of(network, line, product).unwrap_or(line.first_input as usize);
            bought.input[contract] = input as u32;
            bought.count[input] += 1;
            bought.whole[input] = bought.count[input] == 1 && contracts.share[contract] == 1.0;
            if bought.pace[input] == NONE {
                bought.pace[input] = match covers.mixed(contract) {
                    Some(cover) => {
                        let pace = Pace { stock_days: cover.stock_days, restock_rate: 1.0 / cover.restock_days, by_supplier: false };
                        pace_at(pace, &mut bought.paces)
                    }
                    None => pace_of_terms[contracts.terms[contract].index()],
                };
            }
        }
        // An input nobody fills has a stock all the same: nothing.
        let empty = pace_at(Pace { stock_days: 1.0, restock_rate: 0.0, by_supplier: false }, &mut bought.paces);
        bought.pace.iter_mut().filter(|pace| **pace == NONE).for_each(|pace| *pace = empty);
        bought
    }
}
