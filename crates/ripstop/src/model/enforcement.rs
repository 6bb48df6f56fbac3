//! What follows when a forbidden consignment is found: it is seized, a fine is due, the relation ends. Every number is an assumption.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

/// Consequences of being found, with the chance of it. Nothing in ripstop compares chances between routes, labels or crossings.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Enforcement {
    /// Chance that a day's consignment is found.
    pub detection_share: f64,
    /// Share of what is found that is seized.
    pub seized_share: f64,
    /// Fine on the buyer, times the value at cost of what is seized.
    pub fine_per_value: f64,
    /// Chance that the relation ends when something is found.
    pub ends_share: f64,
}

impl Enforcement {
    /// What of several is the most severe: the share seized in expectation, then the fine, then the chance that the relation ends.
    pub fn severity(&self) -> [f64; 3] {
        [self.detection_share * self.seized_share, self.fine_per_value, self.ends_share]
    }
}

/// A number in [0, 1) addressed by seed, contract, day and question: the same whatever else is drawn.
pub fn drawn(seed: u64, contract: usize, day: i32, question: u32) -> f64 {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream((contract as u64) << 8 | u64::from(question));
    // Each day has a block of its own; days before 1970 wrap around, which is as good an address.
    random.set_word_pos(u128::from(day as u32) * 16);
    (random.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_number_has_an_address() {
        assert_eq!(drawn(1, 2, 3, 0), drawn(1, 2, 3, 0));
        let others = [drawn(2, 2, 3, 0), drawn(1, 3, 3, 0), drawn(1, 2, 4, 0), drawn(1, 2, 3, 1)];
        assert!(others.iter().all(|&x| x != drawn(1, 2, 3, 0) && (0.0..1.0).contains(&x)));
        let mean = (0..4000).map(|day| drawn(7, 5, day, 0)).sum::<f64>() / 4000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
    }
}
