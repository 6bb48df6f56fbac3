//! The steady state of standing (restock) contracts: output rates at which nothing moves.

use crate::calendar::{in_season, year_days};
use crate::cover::Covers;
use crate::error::NetworkError;
use crate::ids::{FirmId, ProductId};
use crate::network::{Network, Ordering, Product, Terms};

const SWEEPS_MAX: usize = 20_000;

/// Steady output of every line's standing business, units per day: `P = C + Aᵀ·P`, with `C` final demand and `A` the units bought per
/// unit made, `coefficient × share` (Inoue & Todo 2019: `P_j = C_j + Σ_i A_ij`).
///
/// Summed as a Neumann series: an acyclic network ends after as many sweeps as it has tiers.
///
/// Errors: [`NetworkError::NoSteadyState`] if the series does not converge (the lines need more of each other than they make).
pub fn rates(network: &Network) -> Result<Vec<f64>, NetworkError> {
    let mut rate = vec![0.0; network.lines.len()];
    let mut added = final_demand(network);
    let flows = flows(network);
    if let Some(rate) = at_capacity(network, &added, &flows) {
        return Ok(rate);
    }
    for _ in 0..SWEEPS_MAX {
        let (size, total) = (added.iter().sum::<f64>(), rate.iter().sum::<f64>());
        for (rate, added) in rate.iter_mut().zip(&added) {
            *rate += added;
        }
        // First: beside an infinite total nothing is large.
        if !(size + total).is_finite() {
            return Err(NetworkError::NoSteadyState);
        }
        if size <= total * 1e-17 {
            return Ok(rate);
        }
        let mut next = vec![0.0; network.lines.len()];
        for &(_, seller, buyer, units) in &flows {
            next[seller as usize] += units * added[buyer as usize];
        }
        added = next;
    }
    Err(NetworkError::NoSteadyState)
}

/// Steady final demand of every line, units per day: what is wanted on every day of the year. Demand of all year counts in full, of what has
/// seasons the least of any day: seasons that together make up a year of the same demand are demand of all year.
pub fn final_demand(network: &Network) -> Vec<f64> {
    let mut wanted = vec![0.0; network.lines.len()];
    let mut seasonal: Vec<(u32, u32)> = Vec::new();
    for (row, demand) in network.demands.iter().enumerate() {
        if demand.all_year() {
            wanted[demand.line.index()] += demand.quantity_per_day;
        } else {
            seasonal.push((demand.line.0, row as u32));
        }
    }
    seasonal.sort_unstable();
    for rows in seasonal.chunk_by(|a, b| a.0 == b.0) {
        let demands = || rows.iter().map(|&(_, row)| &network.demands[row as usize]);
        let on = |day| demands().filter(|d| d.season.is_some_and(|(from, to)| in_season(day, from, to))).map(|d| d.quantity_per_day).sum();
        wanted[rows[0].0 as usize] += year_days().map(on).fold(f64::INFINITY, f64::min);
    }
    wanted
}

/// The capacities, where they are the steady rates: networks whose firms are given by their output (Inoue & Todo 2019) need no series.
fn at_capacity(network: &Network, demand: &[f64], flows: &[(u32, u32, u32, f64)]) -> Option<Vec<f64>> {
    let capacity = |l: usize| network.lines[l].capacity_per_day;
    if network.lines.is_empty() || !(0..network.lines.len()).all(|l| capacity(l).is_finite()) {
        return None;
    }
    let mut sold = demand.to_vec();
    for &(_, seller, buyer, units) in flows {
        sold[seller as usize] += units * capacity(buyer as usize);
    }
    let solves = sold.iter().enumerate().all(|(l, &sold)| (sold - capacity(l)).abs() <= 1e-13 * sold);
    solves.then_some(sold)
}

/// Units ordered per unit of need where nothing moves: what spoils in store, what is stolen and what is refused on top.
///
/// With s the daily spoilage, n the days of need in what it fills ([`crate::cover::Cover::part_days`]), θ theft and ρ refusals:
/// (1 + s·(n − 1)) / ((1 − θ)(1 − ρ)).
pub fn gross(terms: &Terms, part_days: f64, product: &Product) -> f64 {
    let spoilt = product.spoilage_share_per_day * (part_days - 1.0).max(0.0);
    let arrives = (1.0 - terms.theft_share) * (1.0 - terms.refused_share);
    // Where nothing arrives no order can make up for it.
    if arrives > 0.0 { (1.0 + spoilt) / arrives } else { 1.0 }
}

/// Steady quantity of every contract, units per day; zero for those that are not restocked.
pub fn contract_flows(network: &Network, rate: &[f64]) -> Vec<f64> {
    let mut quantity = vec![0.0; network.contracts.len()];
    for (contract, _, buyer, units) in flows(network) {
        quantity[contract as usize] += units * rate[buyer as usize];
    }
    quantity
}

/// `(contract, seller line, buyer line, units bought per unit the buyer line makes)` of all restock contracts.
fn flows(network: &Network) -> Vec<(u32, u32, u32, f64)> {
    let contracts = &network.contracts;
    let mut lines_of: Vec<(FirmId, u32)> = network.lines.iter().enumerate().map(|(l, line)| (line.firm, l as u32)).collect();
    lines_of.sort_unstable();
    // Firm → its first line in the list; one more at the end.
    let mut first = vec![0_u32; network.firms.len() + 1];
    lines_of.iter().for_each(|(firm, _)| first[firm.index() + 1] += 1);
    (0..network.firms.len()).for_each(|firm| first[firm + 1] += first[firm]);
    // By itself: sellers stand anywhere, and a column of their products fits a cache.
    let product_of: Vec<ProductId> = network.lines.iter().map(|line| line.product).collect();
    let covers = Covers::new(network);
    let mut flows = Vec::with_capacity(contracts.len());
    for row in 0..contracts.len() {
        if network.terms[contracts.terms[row].index()].ordering != Ordering::Restock {
            continue;
        }
        let seller = contracts.seller[row];
        let product = product_of[seller.index()];
        let part_days = covers.of(network, row).part_days;
        let gross = gross(&network.terms[contracts.terms[row].index()], part_days, &network.products[product.index()]);
        let buyer = contracts.buyer[row].index();
        for &(_, line) in &lines_of[first[buyer] as usize..first[buyer + 1] as usize] {
            for input in network.inputs_of(crate::ids::LineId(line)).iter().filter(|i| i.product == product) {
                flows.push((row as u32, seller.0, line, input.per_unit * (1.0 + input.waste_share) * contracts.share[row] * gross));
            }
        }
    }
    flows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::*;
    use crate::network::*;

    /// Line 0 needs `a` of line 1 per unit, line 1 needs `b` of line 0; 6 a day of line 0 are wanted.
    fn loop_of_two(a: f64, b: f64) -> Network {
        let mut network = Network { terms: vec![Terms::default()], ..Network::default() };
        for (product, per_unit) in [(0, a), (1, b)] {
            network.firms.push(Firm::default());
            network.products.push(Product::default());
            let input = Input { product: ProductId(1 - product), per_unit, ..Input::default() };
            network.add_line(FirmId(product), ProductId(product), 1.0, 0.0, &[input]);
        }
        for (seller, buyer) in [(1, 0), (0, 1)] {
            network.contracts.push(Contract { seller: LineId(seller), buyer: FirmId(buyer), share: 1.0, ..Contract::default() });
        }
        network.demands.push(Demand { line: LineId(0), quantity_per_day: 6.0, season: None, price_per_unit: 0.0, patience_days: 0 });
        network
    }

    #[test]
    fn rates_solve_the_loop() {
        // x = 6 + ½·y, y = ½·x: x = 8, y = 4.
        let rates = rates(&loop_of_two(0.5, 0.5)).unwrap();
        assert!((rates[0] - 8.0).abs() < 1e-12 && (rates[1] - 4.0).abs() < 1e-12, "{rates:?}");
    }

    #[test]
    fn a_loop_that_eats_more_than_it_makes_has_none() {
        assert_eq!(rates(&loop_of_two(2.0, 1.0)), Err(NetworkError::NoSteadyState));
        assert_eq!(rates(&loop_of_two(1.0, 1.0)), Err(NetworkError::NoSteadyState));
    }

    #[test]
    fn nothing_wanted_nothing_made() {
        assert_eq!(rates(&Network::default()), Ok(vec![]));
        let mut idle = loop_of_two(0.5, 0.5);
        idle.demands.clear();
        assert_eq!(rates(&idle), Ok(vec![0.0, 0.0]));
    }
}
