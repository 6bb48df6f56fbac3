//! Links: every firm finds suppliers of the goods its industry needs, region by region as the table says.

use chacha20::ChaCha8Rng;
use rayon::prelude::*;

use super::firms::{Firms, dice, uniform};
use super::{IoTable, Request};

/// Firms wired at once; the result does not depend on it.
const CHUNK: usize = 4096;

/// How often another supplier is looked for in place of one that is taken.
const TRIES: usize = 24;

/// Links in compressed rows, buyer by buyer.
pub struct Wired {
    /// Buyer → first link; one more at the end.
    pub first: Vec<u32>,
    /// Seller of each link.
    pub seller: Vec<u32>,
    /// Firms that miss a needed good because nobody else makes it.
    pub without_input: usize,
}

/// What an industry buys: goods from the most bought to the least, and for each the industries that sell it.
struct Basket {
    /// Sector of each good, most bought first.
    goods: Vec<usize>,
    /// Running sum of what is bought of the goods.
    sums: Vec<f64>,
    /// Good → industries that sell it, with running sums of what is bought of them.
    from: Vec<Vec<(u32, f64)>>,
}

/// Wires all firms.
pub fn wire(table: &IoTable, request: &Request, firms: &Firms) -> Wired {
    let baskets: Vec<Basket> = (0..table.len()).map(|industry| basket(table, firms, industry)).collect();
    // Industry → running sums of its firms' weights: where a random number falls is who is chosen.
    let mut sums = Vec::with_capacity(firms.weight.len());
    for industry in 0..table.len() {
        let mut sum = 0.0;
        for firm in firms.first[industry] as usize..firms.first[industry + 1] as usize {
            sum += firms.weight[firm];
            sums.push(sum);
        }
    }
    let market = Market { firms, sums: &sums };
    let starts: Vec<usize> = (0..firms.industry.len()).step_by(CHUNK).collect();
    let chunks: Vec<(Vec<u32>, Vec<u32>, usize)> = starts
        .into_par_iter()
        .map(|start| {
            let (mut sellers, mut counts, mut without) = (Vec::new(), Vec::with_capacity(CHUNK), 0);
            for buyer in start..(start + CHUNK).min(firms.industry.len()) {
                let before = sellers.len();
                let missed =
                    market.supply(buyer, &baskets[firms.industry[buyer] as usize], &mut dice(request.seed, buyer, 3), &mut sellers);
                without += usize::from(missed);
                counts.push((sellers.len() - before) as u32);
            }
            (sellers, counts, without)
        })
        .collect();
    let mut wired =
        Wired { first: Vec::with_capacity(firms.industry.len() + 1), seller: Vec::with_capacity(request.links), without_input: 0 };
    wired.first.push(0);
    for (sellers, counts, without) in chunks {
        for count in counts {
            wired.first.push(wired.first.last().copied().unwrap_or(0) + count);
        }
        wired.seller.extend_from_slice(&sellers);
        wired.without_input += without;
    }
    wired
}

fn basket(table: &IoTable, firms: &Firms, industry: usize) -> Basket {
    let n = table.len();
    let mut bought = vec![0.0; table.sectors.len()];
    for row in 0..n {
        bought[table.sector_of(row)] += table.z[row * n + industry];
    }
    let mut goods: Vec<usize> = (0..bought.len()).filter(|&sector| bought[sector] > 0.0).collect();
    goods.sort_by(|&a, &b| bought[b].total_cmp(&bought[a]).then(a.cmp(&b)));
    let mut basket = Basket { goods, sums: Vec::new(), from: Vec::new() };
    let mut sum = 0.0;
    for &good in &basket.goods {
        sum += bought[good];
        basket.sums.push(sum);
        let (mut list, mut sold) = (Vec::new(), 0.0);
        for row in (0..n).filter(|&row| table.sector_of(row) == good && firms.first[row] < firms.first[row + 1]) {
            if table.z[row * n + industry] > 0.0 {
                sold += table.z[row * n + industry];
                list.push((row as u32, sold));
            }
        }
        basket.from.push(list);
    }
    basket
}

struct Market<'a> {
    firms: &'a Firms,
    sums: &'a [f64],
}

impl Market<'_> {
    /// Adds the suppliers of a firm; whether a needed good could not be had.
    fn supply(&self, buyer: usize, basket: &Basket, dice: &mut ChaCha8Rng, sellers: &mut Vec<u32>) -> bool {
        let start = sellers.len();
        let wanted = self.firms.suppliers[buyer] as usize;
        let needed = self.firms.needed.min(basket.goods.len());
        let mut missed = false;
        for good in 0..needed {
            missed |= !self.choose(buyer, &basket.from[good], dice, start, sellers);
        }
        for _ in needed..wanted.max(needed) {
            for _ in 0..3 {
                let Some(good) = fall(&basket.sums, uniform(dice)) else { break };
                if self.choose(buyer, &basket.from[good], dice, start, sellers) {
                    break;
                }
            }
        }
        sellers[start..].sort_unstable();
        missed
    }

    /// Adds one supplier of a good that is not the buyer and not yet among `sellers[start..]`.
    fn choose(&self, buyer: usize, from: &[(u32, f64)], dice: &mut ChaCha8Rng, start: usize, sellers: &mut Vec<u32>) -> bool {
        let Some(&(_, all)) = from.last() else { return false };
        for _ in 0..TRIES {
            let at = uniform(dice) * all;
            let industry = from[from.partition_point(|(_, sum)| *sum <= at).min(from.len() - 1)].0 as usize;
            let span = self.firms.first[industry] as usize..self.firms.first[industry + 1] as usize;
            let Some(place) = fall(&self.sums[span.clone()], uniform(dice)) else { continue };
            let seller = (span.start + place) as u32;
            if seller as usize != buyer && !sellers[start..].contains(&seller) {
                sellers.push(seller);
                return true;
            }
        }
        // Nobody found by chance: the first who is free, largest industry first.
        let free = |&firm: &u32| firm as usize != buyer && !sellers[start..].contains(&firm);
        let few = |span: &std::ops::Range<u32>| span.len() <= 64;
        let spans = from.iter().map(|&(industry, _)| self.firms.first[industry as usize]..self.firms.first[industry as usize + 1]);
        let found = spans.filter(few).flatten().find(free);
        sellers.extend(found);
        found.is_some()
    }
}

/// Where a random share of the whole falls among running sums.
fn fall(sums: &[f64], share: f64) -> Option<usize> {
    let at = share * sums.last()?;
    Some(sums.partition_point(|sum| *sum <= at).min(sums.len() - 1))
}
