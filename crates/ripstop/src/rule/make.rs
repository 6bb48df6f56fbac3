//! What a line makes: `x = min(open orders − finished stock, capacity, inputs, labour)`.

/// What is above zero; one instruction, where `f64::max` takes care of what is no number with four more.
#[inline(always)]
pub fn positive(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.0 }
}

/// What a line would make if inputs and labour sufficed, units: what is wanted beyond what stands finished, within capacity.
///
/// ```
/// # use ripstop::rule::make::wish;
/// assert_eq!(wish(12.0, 5.0, 10.0), 7.0);
/// assert_eq!(wish(12.0, 5.0, 3.0), 3.0);
/// assert_eq!(wish(4.0, 5.0, 3.0), 0.0);
/// ```
#[inline(always)]
pub fn wish(wanted: f64, finished: f64, capacity: f64) -> f64 {
    (wanted - finished).max(0.0).min(capacity)
}

/// Units that a stock is enough for, at so many used per unit made.
///
/// ```
/// # use ripstop::rule::make::enough_for;
/// assert_eq!(enough_for(6.0, 1.5), 4.0);
/// ```
#[inline(always)]
pub fn enough_for(stock: f64, per_unit: f64) -> f64 {
    stock / per_unit
}
