//! Goods on the way: ways (a route for one shipment class) and the ring buffers that carry goods along them.
//!
//! A way is a list of hops. Each hop may begin with a gate (a crossing in one direction for one class) and takes some days.
//! An item that travels a way owns `Way::cells` numbers: per hop one cell for goods *held* at its gate, if it has one, and one
//! per day of travel. On day `t` the cell `t mod days` of a hop holds what arrives at its end today.

/// No gate.
pub const NO_GATE: u32 = u32::MAX;

/// One hop of a way.
#[derive(Clone, Copy, Debug)]
pub struct Hop {
    /// Gate passed at the start of the hop, or [`NO_GATE`].
    pub gate: u32,
    /// Days of travel.
    pub days: u32,
    /// Cell of the goods held at the gate (only if there is one).
    pub held: u32,
    /// First cell of the ring.
    pub ring: u32,
}

/// A route for one class.
#[derive(Clone, Debug)]
pub struct Way {
    /// The hops.
    pub hops: Vec<Hop>,
    /// Cells an item on this way owns.
    pub cells: u32,
    /// Total travel time, days.
    pub lead_days: u32,
}

impl Way {
    /// A way from `(gate, days)` hops.
    pub fn new(hops: &[(u32, u32)]) -> Self {
        let mut cells = 0;
        let mut list = Vec::with_capacity(hops.len());
        for &(gate, days) in hops {
            let held = cells;
            cells += u32::from(gate != NO_GATE);
            list.push(Hop { gate, days, held, ring: cells });
            cells += days;
        }
        Self { hops: list, cells, lead_days: hops.iter().map(|h| h.1).sum() }
    }

    /// Goods held at the way's gates.
    pub fn held(&self, cells: &[f64]) -> f64 {
        self.hops.iter().filter(|h| h.gate != NO_GATE).map(|h| cells[h.held as usize]).sum()
    }
}

/// The gates on a day: what share passes, what share of the held is released, and what has passed.
#[derive(Debug)]
pub struct Gates<'a> {
    /// The day.
    pub t: usize,
    /// ρ, open share.
    pub open: &'a [f64],
    /// (ρ₁ − ρ₀)/(1 − ρ₀) on a day on which ρ rises, else 0.
    pub release: &'a [f64],
    /// Value passed today.
    pub passed: &'a mut [f64],
}

/// Sends `quantity` on from the start of hop `at`; returns what arrives at the end of the way today.
/// What passes a gate counts there at `value` per unit.
pub fn pour(way: &Way, cells: &mut [f64], at: usize, quantity: f64, value: f64, gates: &mut Gates<'_>) -> f64 {
    let mut moving = quantity;
    for hop in &way.hops[at..] {
        if hop.gate != NO_GATE {
            let gate = hop.gate as usize;
            let through = moving * gates.open[gate];
            cells[hop.held as usize] += moving - through;
            gates.passed[gate] += through * value;
            moving = through;
        }
        if hop.days > 0 {
            cells[hop.ring as usize + gates.t % hop.days as usize] += moving;
            return 0.0;
        }
    }
    moving
}

/// Moves everything on the way by one day; returns what arrives.
///
/// Last hop first, so that goods never travel two hops in a day; goods that were held are released before new ones come.
pub fn advance(way: &Way, cells: &mut [f64], value: f64, gates: &mut Gates<'_>) -> f64 {
    let mut arrived = 0.0;
    for (at, hop) in way.hops.iter().enumerate().rev() {
        if hop.days > 0 {
            let due = std::mem::take(&mut cells[hop.ring as usize + gates.t % hop.days as usize]);
            if due != 0.0 {
                arrived += pour(way, cells, at + 1, due, value, gates);
            }
        }
        if hop.gate != NO_GATE && gates.release[hop.gate as usize] > 0.0 && cells[hop.held as usize] != 0.0 {
            arrived += release(way, cells, at, value, gates);
        }
    }
    arrived
}

fn release(way: &Way, cells: &mut [f64], at: usize, value: f64, gates: &mut Gates<'_>) -> f64 {
    let hop = way.hops[at];
    let gate = hop.gate as usize;
    let held = cells[hop.held as usize];
    let freed = if gates.open[gate] >= 1.0 { held } else { held * gates.release[gate] };
    cells[hop.held as usize] = held - freed;
    gates.passed[gate] += freed * value;
    if hop.days > 0 {
        cells[hop.ring as usize + gates.t % hop.days as usize] += freed;
        return 0.0;
    }
    pour(way, cells, at + 1, freed, value, gates)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(way: &Way, days: usize, open: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut cells = vec![0.0; way.cells as usize];
        let (mut arrivals, mut before) = (Vec::new(), 1.0);
        for t in 0..days {
            let share = open(t);
            let release = if share > before { (share - before) / (1.0 - before) } else { 0.0 };
            before = share;
            let (open, release, mut passed) = (vec![share], vec![release], vec![0.0]);
            let gates = &mut Gates { t, open: &open, release: &release, passed: &mut passed };
            let mut arrived = advance(way, &mut cells, 1.0, gates);
            if t == 0 {
                arrived += pour(way, &mut cells, 0, 8.0, 1.0, gates);
            }
            arrivals.push(arrived);
        }
        arrivals
    }

    #[test]
    fn goods_arrive_after_the_sum_of_the_legs() {
        let way = Way::new(&[(NO_GATE, 1), (0, 2)]);
        assert_eq!(run(&way, 5, |_| 1.0), [0.0, 0.0, 0.0, 8.0, 0.0]);
    }

    #[test]
    fn a_shut_gate_holds_and_a_rise_releases_the_share() {
        let way = Way::new(&[(NO_GATE, 1), (0, 1)]);
        // Shut on day 1 when the goods arrive there; half open on day 3, fully on day 5.
        let open = |t| {
            if t == 0 {
                1.0
            } else if t < 3 {
                0.0
            } else if t < 5 {
                0.5
            } else {
                1.0
            }
        };
        assert_eq!(run(&way, 8, open), [0.0, 0.0, 0.0, 0.0, 4.0, 0.0, 4.0, 0.0]);
    }

    #[test]
    fn a_gate_at_the_door_is_tested_on_the_day_of_dispatch() {
        let way = Way::new(&[(0, 1)]);
        assert_eq!(run(&way, 2, |_| 1.0), [0.0, 8.0]);
        assert_eq!(run(&way, 3, |t| if t == 0 { 0.5 } else { 1.0 }), [0.0, 4.0, 4.0]);
    }
}
