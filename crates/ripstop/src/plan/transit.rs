//! Goods on the way: paths (a contract's routes for one shipment class) and the ring buffers that carry goods along them.
//!
//! A path is a list of branches, most often one: the route, then its alternatives in order of preference. A branch is a list of hops.
//! Each hop may begin with a gate (a crossing in one direction for one class) or a limit (tonnes a day) and takes some
//! days. An item that travels a path owns `Path::cells` numbers: per hop one cell for goods *held* at its start, if they can be, and one
//! per day of travel. On day `t` the cell `t mod days` of a hop holds what arrives at its end today.
//!
//! Items that move alike lie side by side: first one cell of all of them, then the next. What a gate does is the same for all, so a step is
//! a loop over neighbours. An order line is alone: its cells lie one after another.

use crate::plan::columns::sum;

/// No gate.
pub const NO_GATE: u32 = u32::MAX;
/// No limit in tonnes.
pub const NO_LIMIT: u32 = u32::MAX;

/// One hop of a branch.
#[derive(Clone, Copy, Debug)]
pub struct Hop {
    /// Gate passed at the start of the hop, or [`NO_GATE`].
    pub gate: u32,
    /// Limit in tonnes at the start of the hop, or [`NO_LIMIT`].
    pub limit: u32,
    /// Days of travel.
    pub days: u32,
    /// Cell of the goods held at the start (only if they can be).
    pub held: u32,
    /// First cell of the ring.
    pub ring: u32,
    /// Whether the branch ends here.
    pub last: bool,
    /// Whether its gate is the first of the branch: there goods are cleared.
    pub clears: bool,
}

impl Hop {
    /// Whether goods can be held at its start.
    pub fn holds(&self) -> bool {
        self.gate != NO_GATE || self.limit != NO_LIMIT
    }
}

/// The routes of a contract for one class.
#[derive(Clone, Debug)]
pub struct Path {
    /// The hops, branch after branch.
    pub hops: Vec<Hop>,
    /// First hop of each branch.
    pub branches: Vec<u32>,
    /// Cells an item on this path owns.
    pub cells: u32,
    /// Travel time of the first branch, days.
    pub lead_days: u32,
    /// Shipment class.
    pub class: u32,
    /// Whether any hop has a limit in tonnes.
    pub limited: bool,
}

impl Path {
    /// A path of one branch from `(gate, days)` hops.
    pub fn new(hops: &[(u32, u32)]) -> Self {
        let hops: Vec<_> = hops.iter().map(|&(gate, days)| (gate, NO_LIMIT, days)).collect();
        Self::branching(&[hops], 0)
    }

    /// A path from branches of `(gate, limit, days)` hops.
    pub fn branching(branches: &[Vec<(u32, u32, u32)>], class: u32) -> Self {
        let lead_days = branches[0].iter().map(|h| h.2).sum();
        let mut path = Self { hops: Vec::new(), branches: Vec::new(), cells: 0, lead_days, class, limited: false };
        for branch in branches {
            path.branches.push(path.hops.len() as u32);
            let first_gate = branch.iter().position(|&(gate, ..)| gate != NO_GATE);
            for (at, &(gate, limit, days)) in branch.iter().enumerate() {
                let (last, clears) = (at + 1 == branch.len(), Some(at) == first_gate);
                let mut hop = Hop { gate, limit, days, held: path.cells, ring: 0, last, clears };
                path.cells += u32::from(hop.holds());
                hop.ring = path.cells;
                path.cells += days;
                path.limited |= limit != NO_LIMIT;
                path.hops.push(hop);
            }
        }
        path
    }

    /// Goods of an item held at the path's gates and limits: its first cell, and how many items lie side by side.
    pub fn held(&self, cells: &[f64], first: usize, width: usize) -> f64 {
        self.hops.iter().filter(|h| h.holds()).map(|h| cells[first + h.held as usize * width]).sum()
    }

    /// Hops of a branch.
    pub fn branch(&self, branch: usize) -> &[Hop] {
        let first = self.branches[branch] as usize;
        let last = self.branches.get(branch + 1).map_or(self.hops.len(), |&b| b as usize);
        &self.hops[first..last]
    }

    /// Shut gates of the branch that has fewest: zero if goods can leave.
    pub fn shut_gates(&self, open: &[f64]) -> u32 {
        let shut = |branch: usize| self.branch(branch).iter().filter(|h| h.gate != NO_GATE && open[h.gate as usize] <= 0.0).count();
        (0..self.branches.len()).map(shut).min().unwrap_or(0) as u32
    }

    /// Whether a branch has a shut gate.
    fn shut(&self, branch: usize, open: &[f64]) -> bool {
        self.branch(branch).iter().any(|h| h.gate != NO_GATE && open[h.gate as usize] <= 0.0)
    }

    /// Whether the first branch is shut.
    pub fn first_shut(&self, open: &[f64]) -> bool {
        self.shut(0, open)
    }

    /// First hop of the first branch but one that is open, if the first is open too: where goods still go that have not come back.
    fn other(&self, open: &[f64]) -> Option<usize> {
        let free = |branch: &usize| !self.shut(*branch, open);
        (1..self.branches.len()).find(free).filter(|_| free(&0)).map(|branch| self.branches[branch] as usize)
    }

    /// First hop of the branch taken today: the first without a shut gate; the first of all if every branch has one.
    fn start(&self, open: &[f64]) -> usize {
        if self.branches.len() == 1 {
            return 0;
        }
        let free = |branch: &usize| self.branch(*branch).iter().all(|h| h.gate == NO_GATE || open[h.gate as usize] > 0.0);
        (0..self.branches.len()).find(free).map_or(0, |branch| self.branches[branch] as usize)
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
    /// Value of a unit, at which it is counted.
    pub value: f64,
    /// Value passed today.
    pub passed: &'a mut [f64],
    /// Item → units that pass the first gate of their branch; none where nobody asks.
    pub cleared: &'a mut [f64],
}

impl Gates<'_> {
    /// Counts what passes a gate: a share of what moves.
    fn pass(&mut self, hop: &Hop, moving: &[f64], share: f64) {
        self.passed[hop.gate as usize] += sum(moving) * share * self.value;
        if hop.clears {
            add(self.cleared, moving, share);
        }
    }

    /// Which cell of a ring is today's.
    fn today(&self, hop: &Hop) -> usize {
        (hop.ring + self.t as u32 % hop.days) as usize
    }
}

/// One cell of all items.
fn column(cells: &mut [f64], cell: usize, width: usize) -> &mut [f64] {
    &mut cells[cell * width..(cell + 1) * width]
}

fn add(to: &mut [f64], moving: &[f64], share: f64) {
    to.iter_mut().zip(moving).for_each(|(to, moving)| *to += moving * share);
}

fn any(units: &[f64]) -> bool {
    units.iter().any(|&units| units != 0.0)
}

/// Dispatches what is `sent`, item by item, on the first branch that is open; returns the share that arrives at the end of the path today.
pub fn send(path: &Path, cells: &mut [f64], sent: &[f64], gates: &mut Gates<'_>) -> f64 {
    if any(sent) { pour(&path.hops[path.start(gates.open)..], cells, 0, (sent, 1.0), gates) } else { 0.0 }
}

/// [`send`] where some of the goods have not come back to the first branch, though it is open: `sent` but for `away`, item by item, takes
/// the first, `away` the next that is open.
pub fn send_apart(path: &Path, cells: &mut [f64], sent: &mut [f64], away: &[f64], gates: &mut Gates<'_>) -> f64 {
    if !any(away) {
        return send(path, cells, sent, gates);
    }
    let Some(other) = path.other(gates.open) else { return send(path, cells, sent, gates) };
    let all = sent.iter().sum::<f64>();
    sent.iter_mut().zip(away).for_each(|(sent, away)| *sent -= away);
    let at_once = [(&path.hops[..], &*sent), (&path.hops[other..], away)]
        .map(|(hops, units)| pour(hops, cells, 0, (units, 1.0), gates) * units.iter().sum::<f64>());
    sent.iter_mut().zip(away).for_each(|(sent, away)| *sent += away);
    at_once.iter().sum::<f64>() / all
}

/// Moves a share of some units on from the start of the first of the hops; returns the share of the units that arrives at the end of the
/// branch today. `cells`: those from number `from` on.
fn pour(hops: &[Hop], cells: &mut [f64], from: usize, (moving, share): (&[f64], f64), gates: &mut Gates<'_>) -> f64 {
    let (width, mut share) = (moving.len(), share);
    for hop in hops {
        if hop.limit != NO_LIMIT {
            // It waits for the evening, when the day's tonnes are shared out.
            add(column(cells, hop.held as usize - from, width), moving, share);
            return 0.0;
        }
        if hop.gate != NO_GATE {
            let open = gates.open[hop.gate as usize];
            if open < 1.0 {
                let held = column(cells, hop.held as usize - from, width);
                held.iter_mut().zip(moving).for_each(|(held, moving)| *held += moving * share - moving * share * open);
            }
            share *= open;
            gates.pass(hop, moving, share);
        }
        if hop.days > 0 {
            add(column(cells, gates.today(hop) - from, width), moving, share);
            return 0.0;
        }
        if hop.last {
            break;
        }
    }
    share
}

/// Moves everything on the way by one day; `came`: what arrives, item by item.
///
/// Last hop first, so that goods never travel two hops in a day; goods that were held are released before new ones come.
pub fn advance(path: &Path, cells: &mut [f64], came: &mut [f64], gates: &mut Gates<'_>) {
    came.fill(0.0);
    for (at, hop) in path.hops.iter().enumerate().rev() {
        if hop.days > 0 && hop.last {
            let due = column(cells, gates.today(hop), came.len());
            came.iter_mut().zip(due).for_each(|(came, due)| *came += std::mem::take(due));
        } else if hop.days > 0 {
            let (due, rest) = part(cells, gates.today(hop), came.len());
            if any(due) {
                let share = pour(&path.hops[at + 1..], rest, gates.today(hop) + 1, (due, 1.0), gates);
                add(came, due, share);
                due.fill(0.0);
            }
        }
        if hop.gate != NO_GATE && hop.limit == NO_LIMIT && gates.release[hop.gate as usize] > 0.0 {
            release(path, cells, at, came, gates);
        }
    }
}

/// One cell of all items, and all cells after it: where goods go on to.
fn part(cells: &mut [f64], cell: usize, width: usize) -> (&mut [f64], &mut [f64]) {
    let (before, rest) = cells.split_at_mut((cell + 1) * width);
    (&mut before[cell * width..], rest)
}

fn release(path: &Path, cells: &mut [f64], at: usize, came: &mut [f64], gates: &mut Gates<'_>) {
    let hop = &path.hops[at];
    let gate = hop.gate as usize;
    let share = if gates.open[gate] >= 1.0 { 1.0 } else { gates.release[gate] };
    let from = hop.held as usize + 1;
    let (held, rest) = part(cells, hop.held as usize, came.len());
    if !any(held) {
        return;
    }
    gates.pass(hop, held, share);
    if hop.days > 0 {
        add(column(rest, gates.today(hop) - from, came.len()), held, share);
    } else {
        let arrives = if hop.last { share } else { pour(&path.hops[at + 1..], rest, from, (held, share), gates) };
        add(came, held, arrives);
    }
    held.iter_mut().for_each(|held| *held = if share >= 1.0 { 0.0 } else { *held - *held * share });
}

/// Lets the share `through` of what an item has waiting at a limit set out; such a hop takes at least a day. Returns what is cleared there.
/// `cells`: from the item's first on, `width` items side by side.
pub fn let_through(hop: &Hop, cells: &mut [f64], width: usize, through: f64, gates: &mut Gates<'_>) -> f64 {
    let at = hop.held as usize * width;
    let held = cells[at];
    let freed = if through >= 1.0 { held } else { held * through };
    cells[at] = held - freed;
    cells[gates.today(hop) * width] += freed;
    if hop.gate != NO_GATE {
        gates.passed[hop.gate as usize] += freed * gates.value;
    }
    if hop.clears { freed } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(path: &Path, days: usize, open: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut cells = vec![0.0; path.cells as usize];
        let (mut arrivals, mut before) = (Vec::new(), 1.0);
        for t in 0..days {
            let share = open(t);
            let release = if share > before { (share - before) / (1.0 - before) } else { 0.0 };
            before = share;
            let (open, release, mut passed) = (vec![share], vec![release], vec![0.0]);
            let gates = &mut Gates { t, open: &open, release: &release, value: 1.0, passed: &mut passed, cleared: &mut [] };
            let mut came = [0.0];
            advance(path, &mut cells, &mut came, gates);
            if t == 0 {
                came[0] += 8.0 * send(path, &mut cells, &[8.0], gates);
            }
            arrivals.push(came[0]);
        }
        arrivals
    }

    #[test]
    fn goods_arrive_after_the_sum_of_the_legs() {
        let path = Path::new(&[(NO_GATE, 1), (0, 2)]);
        assert_eq!(run(&path, 5, |_| 1.0), [0.0, 0.0, 0.0, 8.0, 0.0]);
    }

    #[test]
    fn a_shut_gate_holds_and_a_rise_releases_the_share() {
        let path = Path::new(&[(NO_GATE, 1), (0, 1)]);
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
        assert_eq!(run(&path, 8, open), [0.0, 0.0, 0.0, 0.0, 4.0, 0.0, 4.0, 0.0]);
    }

    #[test]
    fn a_gate_at_the_door_is_tested_on_the_day_of_dispatch() {
        let path = Path::new(&[(0, 1)]);
        assert_eq!(run(&path, 2, |_| 1.0), [0.0, 8.0]);
        assert_eq!(run(&path, 3, |t| if t == 0 { 0.5 } else { 1.0 }), [0.0, 4.0, 4.0]);
    }

    #[test]
    fn the_first_open_branch_is_taken_and_what_is_under_way_stays_there() {
        // Route over gate 0 (2 days), alternative over gate 1 (3 days).
        let path = Path::branching(&[vec![(NO_GATE, NO_LIMIT, 1), (0, NO_LIMIT, 1)], vec![(1, NO_LIMIT, 3)]], 0);
        assert_eq!((path.cells, path.lead_days), (7, 2));
        let mut cells = vec![0.0; 7];
        let mut passed = vec![0.0; 2];
        let mut arrivals = Vec::new();
        for t in 0..6 {
            // Gate 0 shuts on day 1, when the goods of day 0 reach it.
            let open = [f64::from(u8::from(t == 0)), 1.0];
            let gates = &mut Gates { t, open: &open, release: &[0.0, 0.0], value: 1.0, passed: &mut passed, cleared: &mut [] };
            let mut came = [0.0];
            advance(&path, &mut cells, &mut came, gates);
            arrivals.push(came[0]);
            if t < 2 {
                send(&path, &mut cells, &[8.0], gates);
            }
        }
        assert_eq!(arrivals, [0.0, 0.0, 0.0, 0.0, 8.0, 0.0]);
        assert_eq!(path.held(&cells, 0, 1), 8.0);
        assert_eq!(passed, [0.0, 8.0]);
        assert_eq!(path.shut_gates(&[0.0, 1.0]), 0);
        assert_eq!(path.shut_gates(&[0.0, 0.0]), 1);
    }
}
