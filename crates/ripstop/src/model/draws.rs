//! Samples by address: the number of a draw and a parameter is reckoned from the seed, the parameter and the draw's row, and from nothing else.

use std::collections::BTreeMap;
use std::ops::Range;

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

use super::ids::TermsId;
use super::network::{Network, Ordering, Terms};

/// Words of the generator that one number takes: it has 53 random bits.
const WORDS: u128 = 2;

/// `rows × streams` numbers in [0, 1), row by row.
///
/// A parameter has a stream of its own, and row r the r-th number of it: `u(seed, stream, r) = (w >> 11)/2⁵³`, w being the 64 bits that
/// ChaCha8 under this seed has in this stream at 32-bit word 2r. So which other parameters there are, how many rows are asked for and where
/// they begin change no number: draws of two scenarios are paired, more draws begin with the fewer, and rows reckoned apart are those of the
/// whole. A Latin hypercube spreads the same number of draws more evenly over each range, but knows all of them beforehand and cannot grow.
pub fn uniform_rows(seed: u64, rows: Range<usize>, streams: &[u64]) -> Vec<f64> {
    let dimensions = streams.len();
    let mut sample = vec![0.0; rows.len() * dimensions];
    for (d, &stream) in streams.iter().enumerate() {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(stream);
        random.set_word_pos(WORDS * rows.start as u128);
        sample.iter_mut().skip(d).step_by(dimensions).for_each(|place| *place = uniform(&mut random));
    }
    sample
}

/// Most days a Poisson draw may have as its mean: beyond it e^(−mean) is no number a computer has.
pub const POISSON_MEAN_MAX: f64 = 700.0;

/// A Poisson number with a mean up to [`POISSON_MEAN_MAX`], at least `least`, addressed by seed and stream: who else draws does not matter.
/// What falls below `least` is raised to it. Uniform numbers are multiplied until the product falls below e^(−mean) (Knuth).
pub fn poisson(seed: u64, stream: u64, mean: f64, least: f64) -> f64 {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(stream);
    let floor = crate::model::damage::exp_minus(mean.clamp(0.0, POISSON_MEAN_MAX));
    let (mut product, mut count) = (uniform(&mut random), 0.0);
    while product > floor {
        product *= uniform(&mut random);
        count += 1.0;
    }
    f64::max(count, least)
}

impl Network {
    /// Draws the target stock of every restocking buyer: a Poisson number of days around the `stock_days` of its terms, at least `least`
    /// (Inoue & Todo 2019). The number is addressed by (seed, buyer); all contracts of a buyer have the same.
    pub fn draw_stock_days(&mut self, seed: u64, least: f64) {
        let mut drawn_terms: BTreeMap<(u32, u32), TermsId> = BTreeMap::new();
        for row in 0..self.contracts.len() {
            let (terms, buyer) = (self.contracts.terms[row], self.contracts.buyer[row]);
            if self.terms[terms.index()].ordering != Ordering::Restock {
                continue;
            }
            let days = poisson(seed, u64::from(buyer.0), self.terms[terms.index()].stock_days, least);
            let all = &mut self.terms;
            let drawn = drawn_terms.entry((terms.0, days as u32)).or_insert_with(|| {
                all.push(Terms { stock_days: days, ..all[terms.index()].clone() });
                TermsId::from(all.len() - 1)
            });
            self.contracts.terms[row] = *drawn;
        }
    }
}

fn uniform(random: &mut ChaCha8Rng) -> f64 {
    // 53 random bits: every number in [0, 1) that is a multiple of 2⁻⁵³.
    (random.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// The `share` quantile of values, by linear interpolation between order statistics; `None` if there are none.
pub fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let at = share.clamp(0.0, 1.0) * last as f64;
    let low = at.floor() as usize;
    let part = at - low as f64;
    let high = sorted[(low + 1).min(last)];
    Some(sorted[low] + (high - sorted[low]) * part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poisson_numbers_have_mean_and_variance_of_their_name() {
        let drawn: Vec<f64> = (0..20_000).map(|firm| poisson(331, firm, 15.0, 0.0)).collect();
        let mean = drawn.iter().sum::<f64>() / 20_000.0;
        let variance = drawn.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 20_000.0;
        // Three standard errors: 15/√20000·3 = 0.08, and for the variance about 0.46.
        assert!((mean - 15.0).abs() < 0.09 && (variance - 15.0).abs() < 0.5, "{mean} {variance}");
        assert_eq!(poisson(331, 7, 15.0, 0.0), drawn[7], "addressed by firm");
        assert!((0..1000).all(|firm| poisson(1, firm, 2.0, 2.0) >= 2.0));
        assert_eq!(poisson(1, 1, 0.0, 0.0), 0.0);
    }

    #[test]
    fn more_draws_begin_with_the_fewer() {
        let streams = [7, 9, u64::MAX];
        let (few, many) = (uniform_rows(3, 0..50, &streams), uniform_rows(3, 0..200, &streams));
        assert_eq!(few, many[..few.len()]);
        assert_ne!(uniform_rows(4, 0..50, &streams), few, "another seed");
    }

    #[test]
    fn rows_apart_are_those_of_the_whole() {
        let streams = [7, 9, 11];
        let whole = uniform_rows(3, 0..200, &streams);
        for cut in [0, 1, 7, 8, 33, 100, 199, 200] {
            assert_eq!([uniform_rows(3, 0..cut, &streams), uniform_rows(3, cut..200, &streams)].concat(), whole, "cut at {cut}");
        }
        assert!(uniform_rows(3, 0..200, &[]).is_empty());
    }

    #[test]
    fn a_further_dimension_leaves_the_others_alone() {
        let (a, b) = (uniform_rows(3, 0..20, &[7, 9]), uniform_rows(3, 0..20, &[7, 8, 9]));
        assert!((0..20).all(|r| a[r * 2] == b[r * 3] && a[r * 2 + 1] == b[r * 3 + 2]));
    }

    #[test]
    fn numbers_are_uniform_and_dimensions_independent() {
        let (rows, dimensions) = (10_000, 12);
        let streams: Vec<u64> = (0..dimensions as u64).collect();
        let sample = uniform_rows(3, 0..rows, &streams);
        let column = |d: usize| -> Vec<f64> { sample.iter().skip(d).step_by(dimensions).copied().collect() };
        for d in 0..dimensions {
            let mut sorted = column(d);
            assert!(sorted.iter().all(|u| (0.0..1.0).contains(u)));
            sorted.sort_by(f64::total_cmp);
            let n = rows as f64;
            let furthest = sorted.iter().enumerate().map(|(k, u)| ((k + 1) as f64 / n - u).max(u - k as f64 / n)).fold(0.0, f64::max);
            // Kolmogorov–Smirnov: 1.95/√n is passed by one sample of a thousand.
            assert!(furthest < 1.95 / n.sqrt(), "dimension {d}: {furthest}");
            let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
            for other in 0..d {
                let (a, b) = (column(d), column(other));
                let (of_a, of_b) = (mean(&a), mean(&b));
                let covariance = a.iter().zip(&b).map(|(a, b)| (a - of_a) * (b - of_b)).sum::<f64>() / n;
                // The variance of a uniform number is 1/12; four standard errors of r are 0.04.
                assert!((12.0 * covariance).abs() < 0.04, "{d} and {other}: {covariance}");
            }
        }
    }

    #[test]
    fn quantiles_interpolate() {
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), Some(2.0));
        assert_eq!(quantile(&[0.0, 10.0], 0.05), Some(0.5));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
