//! Which input every contract of bulk lines fills.

use std::collections::BTreeMap;

use super::NONE;
use super::cover::Covers;
use super::inputs::Inputs;
use super::policy::{Policy, policy_of};
use crate::model::ids::*;
use crate::model::network::*;

/// Bulk contracts by the input they fill.
pub(super) struct Bought {
    /// Contract → input, or [`NONE`].
    pub input: Vec<u32>,
    /// Input → contracts that fill it.
    pub count: Vec<u32>,
    /// Input → whether a single contract fills all of it.
    pub whole: Vec<bool>,
    /// Input → its policy, in `policies`.
    pub policy: Vec<u32>,
    pub policies: Vec<Policy>,
}

impl Bought {
    /// `bulk`: firm → whether its line is bulk.
    pub fn new(network: &Network, bulk: &[bool], covers: &Covers) -> Self {
        let contracts = &network.contracts;
        let mut line_of = vec![NONE; network.firms.len()];
        for (l, line) in network.lines.iter().enumerate() {
            line_of[line.firm.index()] = l as u32;
        }
        let product_of: Vec<ProductId> = network.lines.iter().map(|line| line.product).collect();
        let inputs_by_product = Inputs::new(network);
        let inputs = network.inputs.len();
        let (input, whole) = (vec![NONE; contracts.len()], vec![false; inputs]);
        let mut bought = Self { input, whole, count: vec![0; inputs], policy: vec![NONE; inputs], policies: Vec::new() };
        let mut known = BTreeMap::new();
        let mut policy_at = |policy: Policy, policies: &mut Vec<Policy>| {
            *known.entry((policy.stock_days.to_bits(), policy.restock_rate.to_bits(), policy.by_supplier)).or_insert_with(|| {
                policies.push(policy);
                policies.len() as u32 - 1
            })
        };
        let policy_of_terms: Vec<u32> = network.terms.iter().map(|terms| policy_at(policy_of(terms), &mut bought.policies)).collect();
        for contract in (0..contracts.len()).filter(|&contract| bulk[contracts.buyer[contract].index()]) {
            let line = &network.lines[line_of[contracts.buyer[contract].index()] as usize];
            let product = product_of[contracts.seller[contract].index()];
            let input = inputs_by_product.of(network, line, product).unwrap_or(line.first_input as usize);
            bought.input[contract] = input as u32;
            bought.count[input] += 1;
            bought.whole[input] = bought.count[input] == 1 && contracts.share[contract] == 1.0;
            if bought.policy[input] == NONE {
                bought.policy[input] = match covers.mixed(contract) {
                    Some(cover) => {
                        let policy = Policy { stock_days: cover.stock_days, restock_rate: 1.0 / cover.restock_days, by_supplier: false };
                        policy_at(policy, &mut bought.policies)
                    }
                    None => policy_of_terms[contracts.terms[contract].index()],
                };
            }
        }
        // An input nobody fills has a stock all the same: nothing.
        let empty = policy_at(Policy { stock_days: 1.0, restock_rate: 0.0, by_supplier: false }, &mut bought.policies);
        bought.policy.iter_mut().filter(|policy| **policy == NONE).for_each(|policy| *policy = empty);
        bought
    }
}
