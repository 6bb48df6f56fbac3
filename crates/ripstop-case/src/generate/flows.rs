//! Values of the links: scaled to the table, then settled so that every firm makes exactly what it sells.

use super::IoTable;
use super::firms::Firms;
use super::wire::Wired;

/// Rounds of scaling to the table. More change little: what is left over is what the links cannot carry.
const ROUNDS: usize = 24;

/// A firm's output is settled when no firm's changes by more than this share.
const SETTLED: f64 = 1e-13;

/// Least share of a firm's output that goes to final buyers where its industry sells to any.
const FINAL_MIN: f64 = 0.02;

/// Millions a year into units a day.
const PER_DAY: f64 = 1e6 / 365.0;

/// Values a day, in the table's money (its millions a year as units a day).
pub struct Flows {
    /// Link → value.
    pub value: Vec<f64>,
    /// Firm → what final buyers take.
    pub final_demand: Vec<f64>,
    /// Firm → what it makes: what it sells.
    pub output: Vec<f64>,
}

/// Flows that come as near to the table as the links allow.
///
/// 1. Every link starts with the square root of its seller's size.
/// 2. Rounds of proportional scaling: what industries sell to industries, as the table; what a firm sells, as its size; what a firm buys, as
///    the table's share of its size.
/// 3. The quantities per unit made are kept, final demand is what each firm has left, scaled to the table by industry; output follows:
///    `P = C + Aᵀ·P`, and with it every flow.
pub fn flows(table: &IoTable, firms: &Firms, wired: &Wired) -> Flows {
    let mut value = scaled(table, firms, wired);
    let count = firms.output.len();
    let mut sold = vec![0.0; count];
    wired.seller.iter().zip(&value).for_each(|(&seller, units)| sold[seller as usize] += units);
    let mut final_demand: Vec<f64> = (0..count).map(|firm| (firms.output[firm] - sold[firm]).max(FINAL_MIN * firms.output[firm])).collect();
    for industry in 0..table.len() {
        let span = firms.first[industry] as usize..firms.first[industry + 1] as usize;
        let all: f64 = final_demand[span.clone()].iter().sum();
        if table.final_demand[industry] > 0.0 && all > 0.0 {
            final_demand[span].iter_mut().for_each(|units| *units *= table.final_demand[industry] / all);
        }
    }
    for buyer in 0..count {
        let links = wired.first[buyer] as usize..wired.first[buyer + 1] as usize;
        value[links].iter_mut().for_each(|units| *units /= firms.output[buyer]);
    }
    let output = settle(wired, &value, &final_demand, &firms.output);
    for (buyer, output) in output.iter().enumerate() {
        let links = wired.first[buyer] as usize..wired.first[buyer + 1] as usize;
        value[links].iter_mut().for_each(|units| *units *= output * PER_DAY);
    }
    final_demand.iter_mut().for_each(|units| *units *= PER_DAY);
    // What a firm makes is what it sells, summed as a reader of the files would.
    let mut made = final_demand.clone();
    wired.seller.iter().zip(&value).for_each(|(&seller, units)| made[seller as usize] += units);
    Flows { value, final_demand, output: made }
}

/// Iterative proportional fitting; the last step is that of the buyers, so no firm's value added is negative.
fn scaled(table: &IoTable, firms: &Firms, wired: &Wired) -> Vec<f64> {
    let (n, count) = (table.len(), firms.output.len());
    let spend: Vec<f64> = (0..n).map(|industry| table.bought_share(industry)).collect();
    let earn: Vec<f64> = (0..n).map(|k| if table.output[k] > 0.0 { 1.0 - table.final_demand[k] / table.output[k] } else { 0.0 }).collect();
    let mut value: Vec<f64> = wired.seller.iter().map(|&seller| firms.output[seller as usize].sqrt()).collect();
    let (mut cells, mut sold) = (vec![0.0; n * n], vec![0.0; count]);
    let ratio = |wanted: f64, found: f64| if found > 0.0 { wanted / found } else { 1.0 };
    buyers(firms, wired, &spend, &mut value);
    for _ in 0..ROUNDS {
        cells.fill(0.0);
        each(wired, |buyer, link, seller| cells[firms.industry[seller] as usize * n + firms.industry[buyer] as usize] += value[link]);
        cells.iter_mut().zip(&table.z).for_each(|(cell, wanted)| *cell = ratio(*wanted, *cell));
        sold.fill(0.0);
        each(wired, |buyer, link, seller| {
            value[link] *= cells[firms.industry[seller] as usize * n + firms.industry[buyer] as usize];
            sold[seller] += value[link];
        });
        for firm in 0..count {
            sold[firm] = ratio(firms.output[firm] * earn[firms.industry[firm] as usize], sold[firm]);
        }
        each(wired, |_, link, seller| value[link] *= sold[seller]);
        buyers(firms, wired, &spend, &mut value);
    }
    value
}

fn each(wired: &Wired, mut of: impl FnMut(usize, usize, usize)) {
    for buyer in 0..wired.first.len() - 1 {
        for link in wired.first[buyer] as usize..wired.first[buyer + 1] as usize {
            of(buyer, link, wired.seller[link] as usize);
        }
    }
}

/// Every buyer spends the table's share of its output.
fn buyers(firms: &Firms, wired: &Wired, spend: &[f64], value: &mut [f64]) {
    for (buyer, output) in firms.output.iter().enumerate() {
        let links = &mut value[wired.first[buyer] as usize..wired.first[buyer + 1] as usize];
        let all: f64 = links.iter().sum();
        if all > 0.0 {
            let wanted = output * spend[firms.industry[buyer] as usize];
            links.iter_mut().for_each(|units| *units *= wanted / all);
        }
    }
}

/// Output at which every firm makes what is taken of it: `P ← C + Aᵀ·P`, from a first guess.
fn settle(wired: &Wired, per_unit: &[f64], final_demand: &[f64], guess: &[f64]) -> Vec<f64> {
    let mut output = guess.to_vec();
    let mut next = vec![0.0; output.len()];
    for _ in 0..1_000 {
        next.copy_from_slice(final_demand);
        each(wired, |buyer, link, seller| next[seller] += per_unit[link] * output[buyer]);
        let moved = next.iter().zip(&output).map(|(now, before)| (now - before).abs() / now.max(f64::MIN_POSITIVE)).fold(0.0, f64::max);
        std::mem::swap(&mut output, &mut next);
        if moved <= SETTLED {
            break;
        }
    }
    output
}
