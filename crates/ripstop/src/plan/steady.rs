//! The steady state of standing (restock) contracts: output rates at which nothing moves.

use crate::model::calendar::{in_season, year_days};
use crate::model::components::{Graph, components};
use crate::model::error::NetworkError;
use crate::model::ids::{FirmId, LineId, ProductId};
use crate::model::network::{Input, Line, Network, Ordering, Product, Terms};
use crate::plan::cover::Covers;

const SWEEPS_MAX: usize = 20_000;

/// Steady output of every line's standing business, units per day: `P = C + Aᵀ·P`, with `C` final demand and `A` the units bought per
/// unit made, `coefficient × share` (Inoue & Todo 2019: `P_j = C_j + Σ_i A_ij`).
///
/// Lines that need each other's output are solved together, as a Neumann series; the others one after the other, each after those it sells
/// to. So the work grows with the contracts however many tiers there are.
///
/// Errors: [`NetworkError::NoSteadyState`] if a series does not converge (the lines need more of each other than they make).
pub fn rates(network: &Network) -> Result<Vec<f64>, NetworkError> {
    let mut rate = final_demand(network);
    let flows = flows(network);
    if let Some(rate) = at_capacity(network, &rate, &flows) {
        return Ok(rate);
    }
    let needs = Needs::new(network.lines.len(), &flows);
    let component = components(&needs.graph);
    // A component's number is larger than those of its sellers: the largest sells to nobody else.
    let mut by_component: Vec<u32> = (0..network.lines.len() as u32).collect();
    by_component.sort_by_key(|&line| (std::cmp::Reverse(component[line as usize]), line));
    let mut added = vec![0.0; network.lines.len()];
    for ring in by_component.chunk_by(|&a, &b| component[a as usize] == component[b as usize]) {
        let inside = |line: u32| component[line as usize] == component[ring[0] as usize];
        if ring.len() > 1 || needs.of(ring[0]).any(|(seller, _)| seller == ring[0]) {
            together(ring, &needs, &inside, &mut rate, &mut added)?;
        }
        for &line in ring {
            if !rate[line as usize].is_finite() {
                return Err(NetworkError::NoSteadyState);
            }
            for (seller, units) in needs.of(line).filter(|(seller, _)| !inside(*seller)) {
                rate[seller as usize] += units * rate[line as usize];
            }
        }
    }
    Ok(rate)
}

/// What lines buy of each other: per line its sellers, and the units it buys of each per unit it makes.
struct Needs {
    graph: Graph,
    units: Vec<f64>,
}

impl Needs {
    fn new(lines: usize, flows: &[(u32, u32, u32, f64)]) -> Needs {
        let edges: Vec<(u32, u32)> = flows.iter().enumerate().map(|(flow, &(_, _, buyer, _))| (buyer, flow as u32)).collect();
        let mut graph = Graph::new(lines, &edges);
        let units = graph.next.iter().map(|&flow| flows[flow as usize].3).collect();
        graph.next.iter_mut().for_each(|flow| *flow = flows[*flow as usize].1);
        Needs { graph, units }
    }

    fn of(&self, line: u32) -> impl Iterator<Item = (u32, f64)> + '_ {
        let range = self.graph.first[line as usize] as usize..self.graph.first[line as usize + 1] as usize;
        self.graph.next[range.clone()].iter().copied().zip(self.units[range].iter().copied())
    }
}

/// Rates of lines that need each other, from what others want of them: what is wanted, what that needs, what that needs again.
fn together(ring: &[u32], needs: &Needs, inside: &dyn Fn(u32) -> bool, rate: &mut [f64], added: &mut [f64]) -> Result<(), NetworkError> {
    let mut now: Vec<f64> = ring.iter().map(|&line| std::mem::take(&mut rate[line as usize])).collect();
    for _ in 0..SWEEPS_MAX {
        let (size, total) = (now.iter().sum::<f64>(), ring.iter().map(|&line| rate[line as usize]).sum::<f64>());
        for (&line, added) in ring.iter().zip(&now) {
            rate[line as usize] += added;
        }
        // First: beside an infinite total nothing is large.
        if !(size + total).is_finite() {
            return Err(NetworkError::NoSteadyState);
        }
        if size <= total * 1e-17 {
            return Ok(());
        }
        for (&line, of_line) in ring.iter().zip(&now) {
            for (seller, units) in needs.of(line).filter(|(seller, _)| inside(*seller)) {
                added[seller as usize] += units * of_line;
            }
        }
        ring.iter().zip(&mut now).for_each(|(&line, now)| *now = std::mem::take(&mut added[line as usize]));
    }
    Err(NetworkError::NoSteadyState)
}

/// Steady final demand of every line, units per day: what is wanted on every day of the year. Demand of all year counts in full, of what
/// has seasons the least of any day: seasons that together make up a year of the same demand are demand of all year.
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

/// [`rule::gross`](crate::rule::gross) of a contract's terms, for a part of a store that holds so many days of need.
pub fn gross(terms: &Terms, part_days: f64, product: &Product) -> f64 {
    crate::rule::gross::gross(product.spoilage_share_per_day, part_days, terms.theft_share, terms.refused_share)
}

/// Steady quantity of every contract, units per day; zero for those that are not restocked.
pub fn contract_flows(network: &Network, rate: &[f64]) -> Vec<f64> {
    let mut quantity = vec![0.0; network.contracts.len()];
    for (contract, _, buyer, units) in flows(network) {
        quantity[contract as usize] += units * rate[buyer as usize];
    }
    quantity
}

/// Who uses what: the inputs of a firm's lines, found by product.
pub struct Users {
    /// Firm → its first entry; one more at the end.
    first: Vec<u32>,
    /// `(product, line, place in the network's inputs)`, sorted within a firm that has several.
    entries: Vec<(ProductId, LineId, u32)>,
}

impl Users {
    /// Indexes all inputs of a network.
    pub fn of(network: &Network) -> Users {
        let mut first = vec![0_u32; network.firms.len() + 1];
        let inputs = |line: &Line| line.first_input..line.last_input;
        network.lines.iter().for_each(|line| first[line.firm.index() + 1] += line.last_input - line.first_input);
        (0..network.firms.len()).for_each(|firm| first[firm + 1] += first[firm]);
        let mut at = first.clone();
        let mut entries = vec![(ProductId(0), LineId(0), 0); first.last().copied().unwrap_or(0) as usize];
        for (l, line) in network.lines.iter().enumerate() {
            for input in inputs(line) {
                let place = &mut at[line.firm.index()];
                entries[*place as usize] = (network.inputs[input as usize].product, LineId::from(l), input);
                *place += 1;
            }
        }
        for firm in 0..network.firms.len() {
            entries[first[firm] as usize..first[firm + 1] as usize].sort_unstable();
        }
        Users { first, entries }
    }

    /// Inputs of a product that a firm's lines have, by line.
    pub fn inputs<'n>(&self, network: &'n Network, firm: FirmId, product: ProductId) -> impl Iterator<Item = (LineId, &'n Input)> {
        let of_firm = &self.entries[self.first[firm.index()] as usize..self.first[firm.index() + 1] as usize];
        let begin = of_firm.partition_point(|(other, ..)| *other < product);
        let same = of_firm[begin..].iter().take_while(move |(other, ..)| *other == product);
        same.map(|&(_, line, input)| (line, &network.inputs[input as usize]))
    }
}

/// `(contract, seller line, buyer line, units bought per unit the buyer line makes)` of all restock contracts.
fn flows(network: &Network) -> Vec<(u32, u32, u32, f64)> {
    let contracts = &network.contracts;
    let users = Users::of(network);
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
        for (line, input) in users.inputs(network, contracts.buyer[row], product) {
            flows.push((row as u32, seller.0, line.0, input.per_unit * (1.0 + input.waste_share) * contracts.share[row] * gross));
        }
    }
    flows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::*;
    use crate::model::network::*;

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

    /// A chain of many tiers, then a ring: each tier wants half a unit of the next for a unit of its own.
    #[test]
    fn many_tiers_take_no_longer_than_their_contracts() {
        let tiers = 200_000;
        let mut network = Network { terms: vec![Terms::default()], ..Network::default() };
        for k in 0..tiers {
            network.firms.push(Firm::default());
            network.products.push(Product::default());
            // The last needs one of its own fourth before it for each four.
            let (product, per_unit) = if k + 1 == tiers { (k - 3, 0.25) } else { (k + 1, 1.0) };
            let input = Input { product: ProductId(product), per_unit, ..Input::default() };
            network.add_line(FirmId(k), ProductId(k), f64::INFINITY, 0.0, &[input]);
        }
        for k in 0..tiers {
            let seller = if k + 1 == tiers { k - 3 } else { k + 1 };
            network.contracts.push(Contract { seller: LineId(seller), buyer: FirmId(k), share: 1.0, ..Contract::default() });
        }
        network.demands.push(Demand { line: LineId(0), quantity_per_day: 6.0, season: None, price_per_unit: 0.0, patience_days: 0 });
        let rates = rates(&network).unwrap();
        // Before the ring six; in it x = 6 + x/4.
        assert!(rates[..tiers as usize - 4].iter().all(|&rate| rate == 6.0));
        assert!(rates[tiers as usize - 4..].iter().all(|rate| (rate - 8.0).abs() < 1e-12), "{:?}", &rates[tiers as usize - 4..]);
    }

    #[test]
    fn nothing_wanted_nothing_made() {
        assert_eq!(rates(&Network::default()), Ok(vec![]));
        let mut idle = loop_of_two(0.5, 0.5);
        idle.demands.clear();
        assert_eq!(rates(&idle), Ok(vec![0.0, 0.0]));
    }
}
