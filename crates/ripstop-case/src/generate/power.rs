//! Powers that are the same bits on every machine: `f64::powf` is not.

/// `base^exponent` for a base above 0, to about 14 digits.
pub fn power(base: f64, exponent: f64) -> f64 {
    exp(exponent * ln(base))
}

/// Natural logarithm: the binary exponent, and 2·artanh((m − 1)/(m + 1)) of the rest as a series.
pub fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = ((bits >> 52) & 0x7ff) as i64 - 1023;
    let mut m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    if m > std::f64::consts::SQRT_2 {
        m *= 0.5;
        exponent += 1;
    }
    let z = (m - 1.0) / (m + 1.0);
    let (square, mut term, mut sum) = (z * z, z, 0.0);
    // |z| ≤ 0.172: thirteen terms are below 1e-20.
    for odd in (1..27).step_by(2) {
        sum += term / f64::from(odd);
        term *= square;
    }
    exponent as f64 * std::f64::consts::LN_2 + 2.0 * sum
}

/// Exponential: a power of two, and the series of the rest.
pub fn exp(x: f64) -> f64 {
    let whole = (x / std::f64::consts::LN_2 + 0.5).floor().clamp(-1022.0, 1023.0);
    let rest = x - whole * std::f64::consts::LN_2;
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..20 {
        term *= rest / f64::from(n);
        sum += term;
    }
    sum * f64::from_bits(((whole as i64 + 1023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_std_to_twelve_digits() {
        for base in [1e-9, 0.003, 0.5, 1.0, 1.5, 7.0, 3.2e5] {
            for exponent in [-1.0 / 1.06, -1.0 / 1.35, 0.0, 0.5, 1.26] {
                let (own, std) = (power(base, exponent), base.powf(exponent));
                assert!((own / std - 1.0).abs() < 1e-12, "{base}^{exponent}: {own} {std}");
            }
        }
    }
}
