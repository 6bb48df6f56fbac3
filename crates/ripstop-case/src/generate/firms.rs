//! Firms: how many each industry has, how large they are, how many suppliers they want and how easily they find customers.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

use super::power::power;
use super::{IoTable, Request};
use crate::language::diagnostic::{Code, Diagnostic};
use crate::read::bytes::whole_file;

/// The firms of a network, industry after industry.
pub struct Firms {
    /// Firm → industry.
    pub industry: Vec<u32>,
    /// Industry → first firm; one more at the end.
    pub first: Vec<u32>,
    /// Size as the table has it: what the firm is to make a day.
    pub output: Vec<f64>,
    /// Suppliers wanted.
    pub suppliers: Vec<u32>,
    /// Customers wanted: the weight with which they choose the firm.
    pub weight: Vec<f64>,
    /// Goods every firm buys at least: the largest inputs of its industry, so many.
    pub needed: usize,
}

/// A network that cannot be made.
pub fn cannot(message: String) -> Diagnostic {
    Diagnostic::new(Code::CannotGenerate, &whole_file("generate"), message)
}

/// Whether there can be such a network.
pub fn check(table: &IoTable, request: &Request) -> Result<(), Box<Diagnostic>> {
    let working = table.output.iter().filter(|output| **output > 0.0).count();
    if request.firms < 2 * working {
        let message =
            format!("{} firms are too few for the {working} industries of the table; at least {} are needed", request.firms, 2 * working);
        return Err(Box::new(cannot(message).with_fix("ask for more firms, or use a table of fewer industries")));
    }
    if request.links < 2 * request.firms {
        let message = format!("{} links are too few for {} firms; at least two a firm are needed", request.links, request.firms);
        return Err(Box::new(cannot(message)));
    }
    if request.links > request.firms.saturating_mul(request.firms / 8) || request.links >= u32::MAX as usize {
        return Err(Box::new(cannot(format!("{} links are too many for {} firms", request.links, request.firms))));
    }
    for (name, tail) in [("suppliers", request.suppliers_tail), ("customers", request.customers_tail), ("size", request.size_tail)] {
        if !(tail > 1.0 && tail <= 10.0) {
            let message = format!("the exponent of the {name} tail is {tail}; above 1 (else there is no mean) and up to 10 can be made");
            return Err(Box::new(cannot(message).with_fix("ask for an exponent above 1")));
        }
    }
    Ok(())
}

/// Random numbers that belong to one firm, whatever the others draw.
pub fn dice(seed: u64, firm: usize, purpose: u64) -> ChaCha8Rng {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    dice.set_stream((firm as u64) << 8 | purpose);
    dice
}

/// Uniform in [0, 1).
pub fn uniform(dice: &mut ChaCha8Rng) -> f64 {
    // 53 random bits: every number in [0, 1) that is a multiple of 2⁻⁵³.
    (dice.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// The firms of a request.
pub fn firms(table: &IoTable, request: &Request) -> Firms {
    let counts = counts(table, request.firms);
    let (mut first, mut industry) = (vec![0_u32], Vec::with_capacity(request.firms));
    for (k, &count) in counts.iter().enumerate() {
        industry.resize(industry.len() + count, k as u32);
        first.push(industry.len() as u32);
    }
    // The least a firm buys: half of the mean, so that the other half can be spread with a tail.
    let needed = (request.links / request.firms / 2).max(1);
    let reach = spread(request, needed);
    let mut made =
        Firms { output: vec![0.0; industry.len()], suppliers: vec![0; industry.len()], weight: Vec::new(), industry, first, needed };
    let mut share = vec![0.0; made.industry.len()];
    for k in 0..counts.len() {
        let span = made.first[k] as usize..made.first[k + 1] as usize;
        // Rank 0 is the largest.
        span.clone().enumerate().for_each(|(rank, firm)| share[firm] = (rank as f64 + 0.5) / span.len() as f64);
        let sizes: Vec<f64> = span.clone().map(|firm| power(share[firm], -1.0 / request.size_tail)).collect();
        let all: f64 = sizes.iter().sum();
        span.zip(sizes).for_each(|(firm, size)| made.output[firm] = table.output[k] * size / all);
    }
    let buying = places(&keys(request.seed, &share, 1));
    made.suppliers.iter_mut().zip(&buying).for_each(|(suppliers, &place)| *suppliers = degree(request, needed, reach, place));
    let selling = keys(request.seed, &share, 2);
    let order = |k: usize| {
        let mut list: Vec<u32> = (made.first[k]..made.first[k + 1]).collect();
        list.sort_by(|&a, &b| selling[a as usize].total_cmp(&selling[b as usize]).then(a.cmp(&b)));
        list
    };
    let order: Vec<Vec<u32>> = (0..counts.len()).map(order).collect();
    made.weight = super::customers::wanted(table, request, &made, &order);
    made
}

/// Firms per industry: by output, at least two where anything is made, largest remainders first.
fn counts(table: &IoTable, firms: usize) -> Vec<usize> {
    let all: f64 = table.output.iter().sum();
    let least = |output: f64| if output > 0.0 { 2 } else { 0 };
    let free = firms - table.output.iter().map(|&output| least(output)).sum::<usize>();
    let exact: Vec<f64> = table.output.iter().map(|output| free as f64 * output / all).collect();
    let mut counts: Vec<usize> = exact.iter().zip(&table.output).map(|(share, &output)| share.floor() as usize + least(output)).collect();
    let mut order: Vec<usize> = (0..counts.len()).filter(|&k| table.output[k] > 0.0).collect();
    order.sort_by(|&a, &b| exact[b].fract().total_cmp(&exact[a].fract()).then(a.cmp(&b)));
    let left = firms - counts.iter().sum::<usize>();
    for index in 0..left {
        counts[order[index % order.len()]] += 1;
    }
    counts
}

/// Keys of an order that follows a firm's rank in its industry loosely: degrees go with size, but a firm's place is shifted up to fourfold.
fn keys(seed: u64, share: &[f64], purpose: u64) -> Vec<f64> {
    (0..share.len()).map(|firm| share[firm] * power(4.0, 2.0 * uniform(&mut dice(seed, firm, purpose)) - 1.0)).collect()
}

/// Share of firms that lie above each in the order of keys.
fn places(keys: &[f64]) -> Vec<f64> {
    let mut order: Vec<u32> = (0..keys.len() as u32).collect();
    order.sort_unstable_by(|&a, &b| keys[a as usize].total_cmp(&keys[b as usize]).then(a.cmp(&b)));
    let mut places = vec![0.0; keys.len()];
    let all = keys.len() as f64;
    order.iter().enumerate().for_each(|(place, &firm)| places[firm as usize] = (place as f64 + 0.5) / all);
    places
}

/// Suppliers of the firm above which a share `u` of firms lies: `needed + reach·(u^(−1/α) − 1)`.
fn degree(request: &Request, needed: usize, reach: f64, u: f64) -> u32 {
    let extra = reach * (power(u, -1.0 / request.suppliers_tail) - 1.0);
    (needed as f64 + extra + 0.5).floor().min(request.firms as f64 / 4.0) as u32
}

/// The reach at which all firms together want the links asked for, by halving.
fn spread(request: &Request, needed: usize) -> f64 {
    let (mut low, mut high) = (0.0, request.firms as f64);
    for _ in 0..60 {
        let reach = 0.5 * (low + high);
        let mut wanted = 0_u64;
        let step = (request.firms / 20_000).max(1);
        let mut rank = 0;
        while rank < request.firms {
            // The head one by one, the rest in steps: it is where the curve is flat.
            let width = if rank < 20_000 { 1 } else { step.min(request.firms - rank) };
            let u = (rank as f64 + 0.5 * width as f64) / request.firms as f64;
            wanted += u64::from(degree(request, needed, reach, u)) * width as u64;
            rank += width;
        }
        if wanted > request.links as u64 { high = reach } else { low = reach }
    }
    low
}
