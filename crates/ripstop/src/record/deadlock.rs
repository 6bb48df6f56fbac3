//! Lines that wait for each other's output in a ring.
//!
//! A line waits when it has stopped for a critical input of which there is none in store, held or on the way. A set of waiting lines is
//! locked when every seller of what each of them lacks is in the set: nothing inside can start before something else inside does. What is
//! named is the ring: the members from which the waiting leads back to themselves.

use crate::model::components::{Graph, components};
use crate::model::ids::{LineId, ProductId};
use crate::plan::Plan;
use crate::plan::state::{Stage, State};
use crate::rule::cause::Cause;

/// A ring of lines, each stopped for a product that only lines of the ring (or lines that wait for the ring) sell to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadlock {
    /// The lines, by id, and what each lacks.
    pub members: Vec<(LineId, ProductId)>,
    /// Lines outside the ring that cannot start before it does. One that waits for several rings stands with the first.
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

/// The deadlocks at the end of a day, in order of their first member. Work and memory grow with the lines that wait and their sellers.
pub fn find(plan: &Plan, state: &State) -> Vec<Deadlock> {
    let waits = waiting(plan, state);
    if waits.lines.is_empty() { Vec::new() } else { rings(&waits) }
}

/// What a firm lacks: a firm and a product.
type Need = (u32, u32);

/// Lines that wait for something they cannot get from a line that does not wait itself.
#[derive(Default)]
struct Waits {
    /// The lines, ascending.
    lines: Vec<u32>,
    /// Per line: which need it has, by its place in `needs`.
    need_of: Vec<u32>,
    /// What is lacked, ascending.
    needs: Vec<Need>,
    /// Per need: places in `lines` of the lines that sell it to the firm.
    sellers: Graph,
}

/// Lines that have stopped for an input, with those that sell it to their firm; without those that one seller at least could serve.
fn waiting(plan: &Plan, state: &State) -> Waits {
    let mut lacking: Vec<(Need, u32)> = Vec::new();
    for (l, line) in plan.network.lines.iter().enumerate() {
        if let Cause::Input(product) = Cause::of(state.cause[l])
            && state.output[l] <= 0.0
        {
            lacking.push(((line.firm.0, product), l as u32));
        }
    }
    let mut needs: Vec<Need> = lacking.iter().map(|(need, _)| *need).collect();
    needs.sort_unstable();
    needs.dedup();
    if needs.is_empty() {
        return Waits::default();
    }
    let (mut sold, coming) = sellers(plan, state, &needs);
    sold.sort_unstable();
    sold.dedup();
    let of_need = Graph::new(needs.len(), &sold);
    // A need that something is on its way for, or that nobody sells, is no lock.
    let mut free: Vec<bool> = (0..needs.len()).map(|n| coming[n] || of_need.of(n).is_empty()).collect();
    let mut need_of_line = vec![u32::MAX; plan.network.lines.len()];
    for (need, line) in &lacking {
        need_of_line[*line as usize] = needs.binary_search(need).map_or(u32::MAX, |n| n as u32);
    }
    peel(&of_need, &need_of_line, &mut free);
    let locked = |line: u32| need_of_line[line as usize] != u32::MAX && !free[need_of_line[line as usize] as usize];
    let lines: Vec<u32> = lacking.iter().map(|(_, line)| *line).filter(|&line| locked(line)).collect();
    let need_of: Vec<u32> = lines.iter().map(|&line| need_of_line[line as usize]).collect();
    let mut place = vec![u32::MAX; plan.network.lines.len()];
    lines.iter().enumerate().for_each(|(at, &line)| place[line as usize] = at as u32);
    let locked_edges: Vec<(u32, u32)> =
        sold.iter().filter(|(need, _)| !free[*need as usize]).map(|&(need, line)| (need, place[line as usize])).collect();
    Waits { sellers: Graph::new(needs.len(), &locked_edges), lines, need_of, needs }
}

/// `(need, line that sells it)`, and per need whether any of it is on the way.
fn sellers(plan: &Plan, state: &State, needs: &[Need]) -> (Vec<(u32, u32)>, Vec<bool>) {
    let (mut sold, mut coming) = (Vec::new(), vec![false; needs.len()]);
    let mut add = |need: Need, line: u32, comes: bool| {
        if let Ok(n) = needs.binary_search(&need) {
            coming[n] |= comes;
            sold.push((n as u32, line));
        }
    };
    let point = |point: u32| (plan.point_firm[point as usize], plan.point_product[point as usize]);
    for (flow, &of) in plan.standing.point.iter().enumerate() {
        let comes = state.in_transit[flow] > 0.0 || state.shipped[flow] > 0.0 || state.held_days[flow] > 0;
        add(point(of), plan.standing.line[flow], comes);
    }
    for (row, &i) in plan.bulk.row_line.iter().enumerate() {
        let line = plan.bulk.lines[i as usize] as usize;
        for flow in plan.bulk.flows_of(row) {
            let comes = crate::plan::stocks::sent(plan, state, i as usize, row, flow) > 0.0;
            add((plan.network.lines[line].firm.0, plan.bulk.row_product[row]), plan.bulk.seller[flow], comes);
        }
    }
    // Order lines that are not over may bring it too.
    for (order, &of) in plan.orders.point.iter().enumerate() {
        if state.stage[order] != Stage::Closed as u8 {
            add(point(of), plan.orders.line[order], state.order_in_transit[order] > 0.0);
        }
    }
    (sold, coming)
}

/// Frees needs that a line which does not wait can serve, and then those that the lines so freed can.
fn peel(of_need: &Graph, need_of_line: &[u32], free: &mut [bool]) {
    let waits = |line: u32| need_of_line[line as usize] != u32::MAX;
    for (n, free) in free.iter_mut().enumerate() {
        *free |= of_need.of(n).iter().any(|&line| !waits(line));
    }
    // Need → the needs that lines which lack it sell to.
    let waiting_sellers = (0..of_need.len()).flat_map(|n| of_need.of(n).iter().map(move |&line| (line, n as u32)));
    let edges: Vec<(u32, u32)> =
        waiting_sellers.filter(|(line, _)| waits(*line)).map(|(line, served)| (need_of_line[line as usize], served)).collect();
    let serves = Graph::new(of_need.len(), &edges);
    let mut left: Vec<u32> = (0..free.len() as u32).filter(|&n| free[n as usize]).collect();
    while let Some(n) = left.pop() {
        for &served in serves.of(n as usize) {
            if !std::mem::replace(&mut free[served as usize], true) {
                left.push(served);
            }
        }
    }
}

/// Groups locked lines into rings: lines that reach each other along "waits for". A line outside stands with the first ring it waits for.
fn rings(waits: &Waits) -> Vec<Deadlock> {
    let lines = waits.lines.len();
    // Nodes: the lines, then the needs; a line leads to its need, a need to its sellers.
    let mut edges: Vec<(u32, u32)> = waits.need_of.iter().enumerate().map(|(line, &need)| (line as u32, lines as u32 + need)).collect();
    for need in 0..waits.sellers.len() {
        edges.extend(waits.sellers.of(need).iter().map(|&line| ((lines + need) as u32, line)));
    }
    let graph = Graph::new(lines + waits.needs.len(), &edges);
    let component = components(&graph);
    // A ring has a need among its nodes: a line by itself leads nowhere but to its need.
    let mut looped = vec![false; graph.len()];
    for (line, &need) in waits.need_of.iter().enumerate() {
        looped[component[line] as usize] |= component[line] == component[lines + need as usize];
    }
    let mut ring_of = vec![u32::MAX; graph.len()];
    let mut members: Vec<Vec<u32>> = Vec::new();
    for line in (0..lines).filter(|&line| looped[component[line] as usize]) {
        let ring = &mut ring_of[component[line] as usize];
        if *ring == u32::MAX {
            *ring = members.len() as u32;
            members.push(Vec::new());
        }
        members[*ring as usize].push(line as u32);
    }
    let (back, mut seen) = (graph.reversed(), vec![false; graph.len()]);
    let one = |members: Vec<u32>| {
        let waiting = behind(&back, &members, &waits.need_of, &component, &mut seen);
        Deadlock {
            waiting: waiting.into_iter().map(|line| LineId(waits.lines[line as usize])).collect(),
            members: members
                .iter()
                .map(|&line| (LineId(waits.lines[line as usize]), ProductId(waits.needs[waits.need_of[line as usize] as usize].1)))
                .collect(),
        }
    };
    members.into_iter().map(one).collect()
}

/// Lines outside a ring that lead to it and have not been seen before, ascending.
fn behind(back: &Graph, ring: &[u32], need_of: &[u32], component: &[u32], seen: &mut [bool]) -> Vec<u32> {
    let (lines, own) = (need_of.len(), component[ring[0] as usize]);
    let mut list = Vec::new();
    let mut left: Vec<u32> = ring.iter().flat_map(|&line| [line, lines as u32 + need_of[line as usize]]).collect();
    while let Some(node) = left.pop() {
        for &before in back.of(node as usize) {
            if component[before as usize] == own || std::mem::replace(&mut seen[before as usize], true) {
                continue;
            }
            if (before as usize) < lines {
                list.push(before);
            }
            left.push(before);
        }
    }
    list.sort_unstable();
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Lines that all wait, each for a need of its own, with the given sellers.
    fn waits(sellers: &[Vec<u32>]) -> Waits {
        let lines: Vec<u32> = (0..sellers.len() as u32).collect();
        let edges: Vec<(u32, u32)> = sellers.iter().enumerate().flat_map(|(n, of)| of.iter().map(move |&line| (n as u32, line))).collect();
        Waits { need_of: lines.clone(), needs: lines.iter().map(|&l| (l, l)).collect(), sellers: Graph::new(lines.len(), &edges), lines }
    }

    /// Lines that can be reached along "waits for", at least one step away.
    fn reached(sellers: &[Vec<u32>], line: u32) -> Vec<bool> {
        let (mut seen, mut left) = (vec![false; sellers.len()], sellers[line as usize].clone());
        while let Some(next) = left.pop() {
            if !std::mem::replace(&mut seen[next as usize], true) {
                left.extend(&sellers[next as usize]);
            }
        }
        seen
    }

    proptest! {
        #[test]
        fn rings_are_the_lines_that_reach_each_other_and_the_rest_waits_for_them(
            sellers in (1_usize..9).prop_flat_map(|n| prop::collection::vec(prop::collection::vec(0..n as u32, 0..3), n)),
        ) {
            let reach: Vec<Vec<bool>> = (0..sellers.len() as u32).map(|line| reached(&sellers, line)).collect();
            let found = rings(&waits(&sellers));
            let mut waited = vec![false; sellers.len()];
            for ring in &found {
                let members: Vec<usize> = ring.members.iter().map(|(line, _)| line.index()).collect();
                let expected: Vec<usize> = (0..sellers.len()).filter(|&b| reach[members[0]][b] && reach[b][members[0]]).collect();
                prop_assert_eq!(&members, &expected);
                for line in &ring.waiting {
                    prop_assert!(!members.contains(&line.index()) && reach[line.index()][members[0]]);
                    prop_assert!(!std::mem::replace(&mut waited[line.index()], true), "a line waits in one ring's list only");
                }
            }
            for line in 0..sellers.len() {
                let in_ring = |ring: &Deadlock| ring.members.iter().any(|(l, _)| l.index() == line);
                prop_assert_eq!(reach[line][line], found.iter().any(in_ring));
                let ahead = found.iter().any(|ring| !in_ring(ring) && reach[line][ring.members[0].0.index()]);
                prop_assert_eq!(ahead, waited[line]);
            }
            prop_assert!(found.is_sorted_by_key(|ring| ring.members[0].0));
        }
    }
}
