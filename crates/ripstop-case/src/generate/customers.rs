//! How many customers each firm is to have: a power law over all firms, and in each industry as many as the table says.

use super::firms::Firms;
use super::power::power;
use super::{IoTable, Request};

/// Steps of the deal that look at every industry, at most; the body of the distribution, where firms hardly differ, is dealt in turn.
const LOOKS_MAX: usize = 100_000_000;

/// Customers wanted, by firm. `order`: firms of each industry from the one that is to have most to the one with fewest.
///
/// The numbers are the quantiles of a power law with the asked exponent, scaled to the links. They are dealt from the largest down, each to
/// the industry whose customers exceed most what firms of the usual size would take up; so the tail is that of the whole, and the sum of
/// an industry comes near to what is bought of it.
pub fn wanted(table: &IoTable, request: &Request, firms: &Firms, order: &[Vec<u32>]) -> Vec<f64> {
    let count = firms.industry.len();
    let shape: Vec<f64> = (0..count).map(|rank| power((rank as f64 + 0.5) / count as f64, -1.0 / request.customers_tail)).collect();
    let mut quota = bought(table, firms);
    let scale = quota.iter().sum::<f64>() / shape.iter().sum::<f64>();
    let mut left: Vec<usize> = order.iter().map(Vec::len).collect();
    let mut rest: f64 = shape.iter().sum::<f64>() * scale;
    let mut wanted = vec![0.0; count];
    let looks = (LOOKS_MAX / table.len().max(1)).min(count);
    let mut turn = 0;
    for (rank, shape) in shape.iter().enumerate() {
        let customers = shape * scale;
        let usual = rest / (count - rank) as f64;
        let industry = if rank < looks {
            let excess = |industry: usize| quota[industry] - left[industry] as f64 * usual;
            (0..left.len()).filter(|&k| left[k] > 0).max_by(|&a, &b| excess(a).total_cmp(&excess(b)).then(b.cmp(&a)))
        } else {
            let next = (0..left.len()).map(|step| (turn + step) % left.len()).find(|&k| left[k] > 0);
            turn = next.map_or(turn, |k| k + 1);
            next
        };
        let Some(industry) = industry else { break };
        let firm = order[industry][order[industry].len() - left[industry]];
        wanted[firm as usize] = customers;
        left[industry] -= 1;
        quota[industry] -= customers;
        rest -= customers;
    }
    wanted
}

/// Links that end at each industry as seller, by what buyers of every industry look for.
fn bought(table: &IoTable, firms: &Firms) -> Vec<f64> {
    let n = table.len();
    let mut links = vec![0.0; n];
    for buyer in 0..n {
        let span = firms.first[buyer] as usize..firms.first[buyer + 1] as usize;
        let mut goods = vec![0.0; table.sectors.len()];
        (0..n).for_each(|row| goods[table.sector_of(row)] += table.z[row * n + buyer]);
        let all: f64 = goods.iter().sum();
        if all <= 0.0 {
            continue;
        }
        let mut most: Vec<usize> = (0..goods.len()).filter(|&good| goods[good] > 0.0).collect();
        most.sort_by(|&a, &b| goods[b].total_cmp(&goods[a]).then(a.cmp(&b)));
        most.truncate(firms.needed);
        let further: f64 = firms.suppliers[span.clone()].iter().map(|&wanted| (wanted as usize).saturating_sub(most.len()) as f64).sum();
        for (row, links) in links.iter_mut().enumerate() {
            let good = table.sector_of(row);
            let share = table.z[row * n + buyer];
            *links += further * share / all;
            if most.contains(&good) {
                *links += span.len() as f64 * share / goods[good];
            }
        }
    }
    links
}
