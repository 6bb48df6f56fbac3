//! Strongly connected components of a directed graph: nodes that reach each other.
//!
//! Tarjan (1972), "Depth-first search and linear graph algorithms": one pass over nodes and edges. The stack is a list of our own, so that
//! a ring of a million nodes does not overflow that of the thread.

/// A directed graph in compressed rows: the edges of node `v` lead to `next[first[v]..first[v + 1]]`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub first: Vec<u32>,
    pub next: Vec<u32>,
}

impl Graph {
    /// A graph of `nodes` nodes with edges `(from, to)`, those of a node in the order given.
    pub fn new(nodes: usize, edges: &[(u32, u32)]) -> Graph {
        let mut first = vec![0_u32; nodes + 1];
        edges.iter().for_each(|(from, _)| first[*from as usize + 1] += 1);
        (0..nodes).for_each(|v| first[v + 1] += first[v]);
        let (mut at, mut next) = (first.clone(), vec![0; edges.len()]);
        for &(from, to) in edges {
            next[at[from as usize] as usize] = to;
            at[from as usize] += 1;
        }
        Graph { first, next }
    }

    /// Nodes.
    pub fn len(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// Where the edges of a node lead.
    pub fn of(&self, node: usize) -> &[u32] {
        &self.next[self.first[node] as usize..self.first[node + 1] as usize]
    }

    /// The same edges, the other way round.
    pub fn reversed(&self) -> Graph {
        let edges: Vec<(u32, u32)> = (0..self.len()).flat_map(|v| self.of(v).iter().map(move |&to| (to, v as u32))).collect();
        Graph::new(self.len(), &edges)
    }
}

const UNSEEN: u32 = u32::MAX;

/// Node → its component. A component's number is larger than those of all components its edges lead to.
pub(crate) fn components(graph: &Graph) -> Vec<u32> {
    let nodes = graph.len();
    let mut component = vec![UNSEEN; nodes];
    // Order of discovery, and the earliest discovered node that is reached from below and not yet in a component.
    let (mut order, mut low) = (vec![UNSEEN; nodes], vec![UNSEEN; nodes]);
    let (mut open, mut path): (Vec<u32>, Vec<(u32, u32)>) = (Vec::new(), Vec::new());
    let (mut discovered, mut found) = (0, 0);
    for root in 0..nodes as u32 {
        if order[root as usize] == UNSEEN {
            path.push((root, graph.first[root as usize]));
        }
        while let Some((node, edge)) = path.pop() {
            let v = node as usize;
            if order[v] == UNSEEN {
                (order[v], low[v]) = (discovered, discovered);
                discovered += 1;
                open.push(node);
            }
            if edge < graph.first[v + 1] {
                let to = graph.next[edge as usize];
                path.push((node, edge + 1));
                if order[to as usize] == UNSEEN {
                    path.push((to, graph.first[to as usize]));
                } else if component[to as usize] == UNSEEN {
                    low[v] = low[v].min(order[to as usize]);
                }
                continue;
            }
            // All below it is known: it closes a component, or tells the node above how far up it reaches.
            if low[v] == order[v] {
                while let Some(member) = open.pop() {
                    component[member as usize] = found;
                    if member == node {
                        break;
                    }
                }
                found += 1;
            }
            if let Some(&(above, _)) = path.last() {
                low[above as usize] = low[above as usize].min(low[v]);
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Which nodes each node reaches, by following edges until nothing is new.
    fn reach(graph: &Graph) -> Vec<Vec<bool>> {
        (0..graph.len())
            .map(|from| {
                let (mut seen, mut left) = (vec![false; graph.len()], vec![from as u32]);
                while let Some(v) = left.pop() {
                    if !std::mem::replace(&mut seen[v as usize], true) {
                        left.extend(graph.of(v as usize));
                    }
                }
                seen
            })
            .collect()
    }

    proptest! {
        #[test]
        fn nodes_of_a_component_reach_each_other_and_edges_lead_to_smaller_numbers(
            nodes in 1_usize..12,
            edges in prop::collection::vec((0_u32..12, 0_u32..12), 0..40),
        ) {
            let edges: Vec<(u32, u32)> = edges.into_iter().map(|(a, b)| (a % nodes as u32, b % nodes as u32)).collect();
            let graph = Graph::new(nodes, &edges);
            let (component, reach) = (components(&graph), reach(&graph));
            for a in 0..nodes {
                for b in 0..nodes {
                    prop_assert_eq!(component[a] == component[b], reach[a][b] && reach[b][a]);
                    prop_assert!(!reach[a][b] || component[a] >= component[b]);
                }
            }
        }
    }

    #[test]
    fn a_ring_of_a_million_is_one_component() {
        let nodes = 1_000_000;
        let edges: Vec<(u32, u32)> = (0..nodes).map(|v| (v, (v + 1) % nodes)).collect();
        assert!(components(&Graph::new(nodes as usize, &edges)).iter().all(|&c| c == 0));
        let chain = &edges[..edges.len() - 1];
        let component = components(&Graph::new(nodes as usize, chain));
        assert!((0..nodes).all(|v| component[v as usize] == nodes - 1 - v), "the end of a chain is the first to be closed");
    }
}
