//! Lines that wait for each other's output in a ring.
//!
//! A line waits when it has stopped for a critical input of which there is none in store, held or on the way. A set of waiting lines is
//! locked when every seller of what each of them lacks is in the set: nothing inside can start before something else inside does. What is
//! named is the ring: the members from which the waiting leads back to themselves.

use std::collections::{BTreeMap, BTreeSet};

use crate::cause::Cause;
use crate::ids::{LineId, ProductId};
use crate::plan::Plan;
use crate::state::{Stage, State};

/// A ring of lines, each stopped for a product that only lines of the ring (or lines that wait for the ring) sell to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadlock {
    /// The lines, by id, and what each lacks.
    pub members: Vec<(LineId, ProductId)>,
    /// Lines outside the ring that cannot start before it does.
    pub waiting: Vec<LineId>,
}

/// Deadlocks as one column: per ring the number of its members, each with what it lacks, then the number of lines that wait, and these.
pub(crate) fn flat(list: &[Deadlock]) -> Vec<u32> {
    let mut numbers = Vec::new();
    for ring in list {
        numbers.push(ring.members.len() as u32);
        numbers.extend(ring.members.iter().flat_map(|(line, product)| [line.0, product.0]));
        numbers.push(ring.waiting.len() as u32);
        numbers.extend(ring.waiting.iter().map(|line| line.0));
    }
    numbers
}

/// Deadlocks from their column; `None` if it is none of [`flat`].
pub(crate) fn unflat(numbers: &[u32]) -> Option<Vec<Deadlock>> {
    let (mut list, mut left) = (Vec::new(), numbers);
    while let Some((&members, rest)) = left.split_first() {
        let (members, rest) = rest.split_at_checked(2 * members as usize)?;
        let (&waiting, rest) = rest.split_first()?;
        let (waiting, rest) = rest.split_at_checked(waiting as usize)?;
        list.push(Deadlock {
            members: members.chunks_exact(2).map(|pair| (LineId(pair[0]), ProductId(pair[1]))).collect(),
            waiting: waiting.iter().map(|&line| LineId(line)).collect(),
        });
        left = rest;
    }
    Some(list)
}

/// The deadlocks at the end of a day.
pub fn find(plan: &Plan, state: &State) -> Vec<Deadlock> {
    let mut waits = waiting(plan, state);
    // A line with a seller that does not wait is not locked; without it its buyers may not be either.
    loop {
        let free: Vec<u32> =
            waits.iter().filter(|(_, (_, sellers))| sellers.iter().any(|s| !waits.contains_key(s))).map(|(&line, _)| line).collect();
        if free.is_empty() {
            break;
        }
        free.iter().for_each(|line| drop(waits.remove(line)));
    }
    rings(&waits)
}

/// Line → the product it lacks, and the lines that sell it to its firm.
fn waiting(plan: &Plan, state: &State) -> BTreeMap<u32, (u32, BTreeSet<u32>)> {
    let mut lacking: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
    for (l, line) in plan.network.lines.iter().enumerate() {
        if let Cause::Input(product) = Cause::of(state.cause[l])
            && state.output[l] <= 0.0
        {
            lacking.entry((line.firm.0, product)).or_default().push(l as u32);
        }
    }
    if lacking.is_empty() {
        return BTreeMap::new();
    }
    let mut sellers: BTreeMap<(u32, u32), (bool, BTreeSet<u32>)> = BTreeMap::new();
    for (flow, &slot) in plan.standing.slot.iter().enumerate() {
        let key = (plan.slot_firm[slot as usize], plan.slot_product[slot as usize]);
        if lacking.contains_key(&key) {
            let entry = sellers.entry(key).or_default();
            entry.0 |= state.on_way[flow] > 0.0 || state.shipped[flow] > 0.0 || state.held_days[flow] > 0;
            entry.1.insert(plan.standing.line[flow]);
        }
    }
    for (row, &i) in plan.plain.row_line.iter().enumerate() {
        let line = plan.plain.lines[i as usize] as usize;
        let key = (plan.network.lines[line].firm.0, plan.plain.row_product[row]);
        if lacking.contains_key(&key) {
            let entry = sellers.entry(key).or_default();
            for flow in plan.plain.flows_of(row) {
                entry.0 |= crate::plain::sent(plan, state, i as usize, row, flow) > 0.0;
                entry.1.insert(plan.plain.seller[flow]);
            }
        }
    }
    // Order lines that are not over may bring it too.
    for (order, &slot) in plan.orders.slot.iter().enumerate() {
        let key = (plan.slot_firm[slot as usize], plan.slot_product[slot as usize]);
        if state.stage[order] != Stage::Closed as u8 && lacking.contains_key(&key) {
            let entry = sellers.entry(key).or_default();
            entry.0 |= state.order_on_way[order] > 0.0;
            entry.1.insert(plan.orders.line[order]);
        }
    }
    let mut waits = BTreeMap::new();
    for (key, lines) in lacking {
        if let Some((false, from)) = sellers.get(&key) {
            lines.into_iter().for_each(|line| drop(waits.insert(line, (key.1, from.clone()))));
        }
    }
    waits
}

/// Groups locked lines into rings: lines that reach each other along "waits for".
fn rings(waits: &BTreeMap<u32, (u32, BTreeSet<u32>)>) -> Vec<Deadlock> {
    let reach: BTreeMap<u32, BTreeSet<u32>> = waits.keys().map(|&line| (line, reached(waits, line))).collect();
    let mut done: BTreeSet<u32> = BTreeSet::new();
    let mut list = Vec::new();
    for (&line, from_here) in &reach {
        if done.contains(&line) || !from_here.contains(&line) {
            continue;
        }
        let ring: BTreeSet<u32> = from_here.iter().copied().filter(|other| reach[other].contains(&line)).collect();
        done.extend(&ring);
        let outside = reach.iter().filter(|(other, to)| !ring.contains(other) && to.contains(&line)).map(|(&other, _)| LineId(other));
        list.push(Deadlock { waiting: outside.collect(), members: ring.iter().map(|&l| (LineId(l), ProductId(waits[&l].0))).collect() });
    }
    list
}

/// Lines that can be reached from a line along "waits for", itself only if the way leads back.
fn reached(waits: &BTreeMap<u32, (u32, BTreeSet<u32>)>, line: u32) -> BTreeSet<u32> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<u32> = waits[&line].1.iter().copied().collect();
    while let Some(next) = open.pop() {
        if seen.insert(next) {
            open.extend(&waits[&next].1);
        }
    }
    seen
}
