//! The steady state of standing (restock) contracts: output rates at which nothing moves.

use crate::error::NetworkError;
use crate::ids::FirmId;
use crate::network::{Network, Ordering};

const SWEEPS_MAX: usize = 20_000;

/// Steady output of every line's standing business, units per day: `P = C + Aᵀ·P`, with `C` final demand and `A` the units bought per
/// unit made, `coefficient × share` (Inoue & Todo 2019: `P_j = C_j + Σ_i A_ij`).
///
/// Summed as a Neumann series: an acyclic network ends after as many sweeps as it has tiers.
///
/// Errors: [`NetworkError::NoSteadyState`] if the series does not converge (the lines need more of each other than they make).
pub fn rates(network: &Network) -> Result<Vec<f64>, NetworkError> {
    let mut rate = vec![0.0; network.lines.len()];
    let mut added = vec![0.0; network.lines.len()];
    for demand in &network.demands {
        // Seasonal demand has no steady rate; the year's mean would be as good a start as none.
        if demand.season.is_none() {
            added[demand.line.index()] += demand.quantity_per_day;
        }
    }
    let flows = flows(network);
    for _ in 0..SWEEPS_MAX {
        let (size, total) = (added.iter().sum::<f64>(), rate.iter().sum::<f64>());
        for (rate, added) in rate.iter_mut().zip(&added) {
            *rate += added;
        }
        if size <= total * 1e-17 {
            return Ok(rate);
        }
        if !size.is_finite() {
            return Err(NetworkError::NoSteadyState);
        }
        let mut next = vec![0.0; network.lines.len()];
        for &(seller, buyer, units) in &flows {
            next[seller as usize] += units * added[buyer as usize];
        }
        added = next;
    }
    Err(NetworkError::NoSteadyState)
}

/// `(seller line, buyer line, units bought per unit the buyer line makes)` of all restock contracts.
fn flows(network: &Network) -> Vec<(u32, u32, f64)> {
    let contracts = &network.contracts;
    let mut lines_of: Vec<(FirmId, u32)> = network.lines.iter().enumerate().map(|(l, line)| (line.firm, l as u32)).collect();
    lines_of.sort_unstable();
    let mut flows = Vec::new();
    for row in 0..contracts.len() {
        if network.terms[contracts.terms[row].index()].ordering != Ordering::Restock {
            continue;
        }
        let seller = contracts.seller[row];
        let product = network.lines[seller.index()].product;
        let first = lines_of.partition_point(|&(firm, _)| firm < contracts.buyer[row]);
        for &(_, line) in lines_of[first..].iter().take_while(|&&(firm, _)| firm == contracts.buyer[row]) {
            for input in network.inputs_of(crate::ids::LineId(line)).iter().filter(|i| i.product == product) {
                flows.push((seller.0, line, input.per_unit * (1.0 + input.waste_share) * contracts.share[row]));
            }
        }
    }
    flows
}
