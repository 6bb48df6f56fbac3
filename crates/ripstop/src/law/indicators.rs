//! Signs that an advisory names and that can be computed: a maker the buyer was not told of, a label that names another country than the
//! one the goods were made in, a price far below those of peers. A sign is no breach.

use super::countries::CountrySet;
use super::facts::Facts;
use super::rules::{Indicator, PEERS};
use crate::model::ids::*;
use crate::model::network::Network;

/// The signs of every contract, as bits. `below`: the share of the peers' median under which a price counts as far below.
pub fn indicators(network: &Network, facts: &Facts, below: Option<f64>) -> Vec<u8> {
    let contracts = &network.contracts;
    let mut signs = vec![Indicator::Tests.bit(); contracts.len()];
    for (c, signs) in signs.iter_mut().enumerate().take(facts.contracts.len()) {
        let own = &facts.contracts[c];
        let l = contracts.seller[c].index();
        let made = facts.makers.origin[l];
        let line = &network.lines[l];
        let resold = matches!(network.inputs_of(LineId(l as u32)), [input] if input.product == line.product);
        if resold && own.maker_disclosed == Some(false) {
            *signs |= Indicator::HiddenMaker.bit();
        }
        if own.declared_origin.is_some_and(|label| !made.must.is_empty() && !made.may.meets(&CountrySet::of(label))) {
            *signs |= Indicator::LabelDiffers.bit();
        }
    }
    if let Some(below) = below {
        cheap(network, below, &mut signs);
    }
    signs
}

/// Contracts whose price is far below that of peers in other countries.
fn cheap(network: &Network, below: f64, signs: &mut [u8]) {
    let contracts = &network.contracts;
    let rate = |currency: CurrencyId| network.rates.iter().find(|r| r.currency == currency).map_or(1.0, |r| r.value);
    let mut rows: Vec<(u32, u8, CountryId, f64, usize)> = (0..contracts.len())
        .filter(|&c| contracts.price_per_unit[c] > 0.0)
        .map(|c| {
            let line = &network.lines[contracts.seller[c].index()];
            let country = network.places[network.firms[line.firm.index()].place.index()].country;
            let currency = contracts.extras_of(c).currency;
            (line.product.0, contracts.kind[c] as u8, country, contracts.price_per_unit[c] * rate(currency), c)
        })
        .collect();
    rows.sort_by_key(|row| (row.0, row.1, row.2, row.4));
    for alike in rows.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        for own in alike.chunk_by(|a, b| a.2 == b.2) {
            let peers: Vec<f64> = alike.iter().filter(|row| row.2 != own[0].2).map(|row| row.3).collect();
            if peers.len() < PEERS {
                continue;
            }
            let median = crate::model::draws::quantile(&peers, 0.5).unwrap_or(0.0);
            for row in own.iter().filter(|row| row.3 < below * median) {
                signs[row.4] |= Indicator::PriceBelowPeers(below).bit();
            }
        }
    }
}
