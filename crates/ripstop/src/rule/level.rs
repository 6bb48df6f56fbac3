//! The level up to which a seller fills orders, in normal orders: least served first (Inoue & Todo 2019, R2).

/// What a level rule gives.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fill {
    /// Everybody gets what he ordered, up to this many normal orders.
    pub level: f64,
    /// What those get who ordered more, in normal orders: the level, save in compat.
    pub over: f64,
    /// What those get who ordered nothing, in normal orders: nothing, save in compat.
    pub first: f64,
    /// What final demand gets, in normal demands.
    pub market: f64,
}

impl Fill {
    /// What a customer gets, in normal orders.
    #[inline(always)]
    pub fn gives(&self, ratio: f64) -> f64 {
        self.serves(ratio, 1.0)
    }

    /// What a customer gets of an order, units; `normal`: its normal order.
    ///
    /// ```
    /// # use ripstop::rule::level::Fill;
    /// let fill = Fill { level: 1.25, over: 1.5, first: 0.5, market: 1.0 };
    /// assert_eq!([fill.serves(4.0, 4.0), fill.serves(8.0, 4.0), fill.serves(0.0, 4.0)], [4.0, 6.0, 2.0]);
    /// ```
    #[inline(always)]
    pub fn serves(&self, order: f64, normal: f64) -> f64 {
        if order / normal > self.level {
            self.over * normal
        } else if order == 0.0 {
            self.first * normal
        } else {
            order
        }
    }
}

/// What of an order is filled up to a level where nobody gets more or other than that, units: `min(order, λ·normal)`.
///
/// ```
/// # use ripstop::rule::level::up_to;
/// assert_eq!([up_to(4.0, 4.0, 1.25), up_to(8.0, 4.0, 1.25)], [4.0, 5.0]);
/// ```
#[inline(always)]
pub fn up_to(order: f64, normal: f64, level: f64) -> f64 {
    let most = level * normal;
    if order < most { order } else { most }
}

/// Order over normal order, and normal order; without a normal order nothing can be given of it.
pub fn pair(wanted: f64, normal: f64) -> (f64, f64) {
    (if normal > 0.0 { wanted / normal } else { 0.0 }, normal)
}

/// Steps towards the level before the orders are sorted instead.
const STEPS_MAX: usize = 24;

/// The level λ with `Σ min(r, λ)·n = available` over `(r, n)`: order over normal order, normal order; the customers lose their order.
///
/// What is given rises with λ ever more slowly, so a step to where the present slope would reach `available` never goes too far: who is
/// full then stays full, and is not looked at again. Few steps suffice; where they do not, sorting bounds the work to O(k log k).
pub fn fill(available: f64, customers: &mut [(f64, f64)]) -> f64 {
    let (mut hungry, mut full) = (customers.len(), 0.0);
    let mut weight: f64 = customers.iter().map(|(_, normal)| normal).sum();
    let mut level = 0.0;
    for _ in 0..STEPS_MAX {
        let higher = if weight > 0.0 { (available - full) / weight } else { 0.0 };
        // It rises, or what is left is rounding.
        if higher <= level {
            return level;
        }
        level = higher;
        let (before, mut left) = (hungry, 0);
        weight = 0.0;
        for k in 0..hungry {
            let (ratio, normal) = customers[k];
            if ratio <= level {
                full += ratio * normal;
            } else {
                weight += normal;
                customers[left] = (ratio, normal);
                left += 1;
            }
        }
        hungry = left;
        if hungry == before {
            return level;
        }
    }
    sorted(available - full, &mut customers[..hungry]).max(level)
}

fn sorted(available: f64, customers: &mut [(f64, f64)]) -> f64 {
    customers.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (last, mut weight) = (customers.last().map_or(0.0, |(ratio, _)| *ratio), 0.0);
    // What is still to be served from customer k on: summed from the end, so that nothing is left after the last.
    for customer in customers.iter_mut().rev() {
        weight += customer.1;
        customer.1 = weight;
    }
    let mut full = 0.0;
    for k in 0..customers.len() {
        let (ratio, weight) = customers[k];
        let level = (available - full) / weight;
        if level < ratio {
            return level;
        }
        full += ratio * (weight - customers.get(k + 1).map_or(0.0, |next| next.1));
    }
    last
}

/// Relative difference up to which output and the cost of a step count as the same.
const EXACT: f64 = 1e-13;

/// The loop of the authors' program, in order of rising level. It takes the smallest order left, in normal orders, as a step for all who
/// still want something, as long as the output covers the step; the rest is shared among them. It departs from [`fill`] in three ways:
/// final demand is charged at every step, served or not; who ordered nothing takes part in the first step; the last, partial step is not
/// capped by what is left of the orders. `customers`: (order over normal order, normal order), sorted here; `market`: (final demand over
/// normal, normal).
pub fn compat(available: f64, customers: &mut [(f64, f64)], market: (f64, f64)) -> Fill {
    customers.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = customers.iter().map(|(_, normal)| normal).sum();
    // What is still to be served from customer k on: summed from the end, so that nothing is left after the last.
    let mut weight = 0.0;
    for customer in customers.iter_mut().rev() {
        weight += customer.1;
        customer.1 = weight;
    }
    let mut next = customers.iter().position(|(ratio, _)| *ratio > 0.0).unwrap_or(customers.len());
    let mut live = total;
    let (mut left, mut fill, mut hungry) = (available, Fill::default(), market.0);
    loop {
        let order = customers.get(next).map_or(f64::INFINITY, |(ratio, _)| ratio - fill.level);
        let of_market = if hungry > 0.0 { hungry } else { f64::INFINITY };
        let step = order.min(of_market);
        if step.is_infinite() {
            fill.over = fill.level;
            return fill;
        }
        let unserved = customers.get(next).map_or(0.0, |(_, weight)| *weight);
        let cost = step * (live + market.1);
        // A step that costs exactly what is left is not covered; which of the two it is must not hang on the order of a sum.
        if left <= cost * (1.0 + EXACT) {
            let hungry_normal = if hungry > 0.0 { market.1 } else { 0.0 };
            let last = left / (unserved + hungry_normal);
            fill.over = fill.level + last;
            fill.market += if hungry > 0.0 { last } else { 0.0 };
            return fill;
        }
        left -= cost;
        if fill.level == 0.0 {
            fill.first = step;
        }
        if hungry > 0.0 {
            fill.market += step;
            hungry -= step;
        }
        // The level is the order itself, not a sum of steps: who is served up to it is served in full, to the last bit.
        fill.level = if order <= of_market { customers[next].0 } else { fill.level + step };
        while customers.get(next).is_some_and(|(ratio, _)| *ratio <= fill.level) {
            next += 1;
        }
        live = customers.get(next).map_or(0.0, |(_, weight)| *weight);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_served_are_filled_first() {
        // Orders 4, 6 and 10 of normal orders 4, 4 and 10: ratios 1, 1.5, 1. Of 16: λ·18 = 16.
        let customers = [(1.0, 4.0), (1.5, 4.0), (1.0, 10.0)];
        assert_eq!(fill(16.0, &mut customers.to_vec()), 16.0 / 18.0);
        // Of 19 everybody gets 1, and the second one a quarter more.
        assert_eq!(fill(19.0, &mut customers.to_vec()), 1.25);
        assert_eq!(sorted(19.0, &mut customers.to_vec()), 1.25);
        assert_eq!(sorted(16.0, &mut customers.to_vec()), 16.0 / 18.0);
        assert_eq!(fill(1.0, &mut []), 0.0);
        // The first is full, and what he takes is more than there is by rounding: the second gets nothing, not less than nothing.
        let (most, wanted) = (1.977782401248308, 232.72408681448695);
        let level = fill(most, &mut [(most / wanted, wanted), (1.0, 9.366217399925663e-16)]);
        assert!((level - most / wanted).abs() < 1e-15, "{level}");
    }

    #[test]
    fn many_different_orders_are_sorted() {
        // Orders that double from one to the next take a step each.
        let two = |k: i32| f64::from_bits(((1023 + k) as u64) << 52);
        let customers: Vec<(f64, f64)> = (0..60).map(|k| (two(k), two(-k))).collect();
        let given = |level: f64| customers.iter().map(|&(r, n)| r.min(level) * n).sum::<f64>();
        let level = fill(45.0, &mut customers.clone());
        assert!((given(level) - 45.0).abs() < 1e-12, "{level}");
    }

    #[test]
    fn the_program_s_loop_by_hand() {
        // Clients with normal orders 10 and 10 that order 0.5 and 1.5 of them, a household of 10.
        // Without shortage (30): the first step, 0.5 of 30, costs 15; the second, the household's other 0.5, of the second client and the
        // household, 10: 5 left; the third, another 0.5, is charged with the household (q1): 10 > 5, so 5 is shared over the client alone.
        let mut clients = vec![(1.5, 10.0), (0.5, 10.0)];
        let fill = compat(30.0, &mut clients, (1.0, 10.0));
        assert_eq!((fill.level, fill.over, fill.market), (1.0, 1.5, 1.0));
        // One that orders nothing gets the first step all the same (q2): of 24 the step 0.5 costs 0.5·(10 + 10 + 10 + 10) = 20, and 4 is
        // shared by the second client and the household, 0.2 each.
        let mut clients = vec![(1.5, 10.0), (0.0, 10.0), (0.5, 10.0)];
        let fill = compat(24.0, &mut clients, (1.0, 10.0));
        assert_eq!((fill.level, fill.first, fill.over, fill.market), (0.5, 0.5, 0.7, 0.7));
        // Too little for the first step: it is shared among those who ordered, and not capped by their orders (q3).
        let mut clients = vec![(0.1, 1.0), (0.0, 100.0)];
        let fill = compat(9.9, &mut clients, (1.0, 10.0));
        assert_eq!((fill.level, fill.first, fill.over), (0.0, 0.0, 0.9));
    }
}
