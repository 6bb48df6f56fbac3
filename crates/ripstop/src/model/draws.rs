//! Latin-hypercube samples: every range is cut into as many equal parts as there are draws, and every part is drawn once.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

/// `draws × streams` numbers in [0, 1), row by row.
///
/// Every dimension names its stream of random numbers: which other dimensions there are does not change its own, so the draws of two
/// scenarios are paired. (McKay, Beckman & Conover 1979.)
pub fn latin_hypercube(seed: u64, draws: usize, streams: &[u64]) -> Vec<f64> {
    let dimensions = streams.len();
    let mut sample = vec![0.0; draws * dimensions];
    let mut parts: Vec<usize> = Vec::with_capacity(draws);
    for (d, &stream) in streams.iter().enumerate() {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(stream);
        parts.clear();
        parts.extend(0..draws);
        for k in (1..draws).rev() {
            parts.swap(k, below(&mut random, k + 1));
        }
        for (row, &part) in parts.iter().enumerate() {
            sample[row * dimensions + d] = (part as f64 + uniform(&mut random)) / draws as f64;
        }
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

fn uniform(random: &mut ChaCha8Rng) -> f64 {
    // 53 random bits: every number in [0, 1) that is a multiple of 2⁻⁵³.
    (random.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// A number below `bound` without bias worth mentioning (bound ≪ 2⁶⁴).
fn below(random: &mut ChaCha8Rng, bound: usize) -> usize {
    ((u128::from(random.next_u64()) * bound as u128) >> 64) as usize
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
    fn every_part_of_every_range_is_drawn_once() {
        let (draws, dimensions) = (50, 7);
        let streams: Vec<u64> = (0..dimensions as u64).collect();
        let sample = latin_hypercube(3, draws, &streams);
        for d in 0..dimensions {
            let mut parts: Vec<usize> = (0..draws).map(|r| (sample[r * dimensions + d] * draws as f64) as usize).collect();
            parts.sort_unstable();
            assert_eq!(parts, (0..draws).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_further_dimension_leaves_the_others_alone() {
        let (a, b) = (latin_hypercube(3, 20, &[7, 9]), latin_hypercube(3, 20, &[7, 8, 9]));
        assert!((0..20).all(|r| a[r * 2] == b[r * 3] && a[r * 2 + 1] == b[r * 3 + 2]));
        assert_ne!(latin_hypercube(4, 20, &[7, 9]), a);
    }

    #[test]
    fn quantiles_interpolate() {
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), Some(2.0));
        assert_eq!(quantile(&[0.0, 10.0], 0.05), Some(0.5));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
