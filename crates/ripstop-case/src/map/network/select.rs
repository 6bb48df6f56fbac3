//! What selectors name: firms, lines, contracts, final demands.
//!
//! A few selectors look at every row; of very many each looks up the ids that stand in it, so that an event for each of 100,000 firms does
//! not ask 100,000 rows each.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use ripstop::analysis::claims::Scope;
use ripstop::model::ids::*;
use ripstop::model::network::*;

use super::Mapper;
use crate::{All, Selector, SelectorKind, Term};

/// Selectors after which looking up is worth an index.
const SCANS_MAX: usize = 64;

/// Rows by what they refer to; made when many selectors are asked. They do not depend on the values of parameters.
#[derive(Default)]
pub(super) struct Lookup {
    asked: AtomicUsize,
    firms: OnceLock<Firms>,
    lines: OnceLock<[Rows; 2]>,
    contracts: OnceLock<[Rows; 2]>,
    demands: OnceLock<[Rows; 2]>,
}

/// Firms by place, country, group and sector.
struct Firms([Rows; 4]);

/// For each key the rows that have it, ascending.
struct Rows {
    first: Vec<u32>,
    rows: Vec<u32>,
}

impl Rows {
    /// From the key of each row; rows without a key are in no list.
    fn new(keys: impl Iterator<Item = Option<u32>> + Clone) -> Rows {
        let most = keys.clone().flatten().max().map_or(0, |key| key as usize + 1);
        let mut first = vec![0_u32; most + 1];
        keys.clone().flatten().for_each(|key| first[key as usize + 1] += 1);
        (0..most).for_each(|key| first[key + 1] += first[key]);
        let (mut at, mut rows) = (first.clone(), vec![0; first[most] as usize]);
        for (row, key) in keys.enumerate() {
            if let Some(key) = key {
                rows[at[key as usize] as usize] = row as u32;
                at[key as usize] += 1;
            }
        }
        Rows { first, rows }
    }

    fn of(&self, key: u32) -> &[u32] {
        match self.first.get(key as usize..key as usize + 2) {
            Some(ends) => &self.rows[ends[0] as usize..ends[1] as usize],
            None => &[],
        }
    }

    fn of_all(&self, keys: &[u32]) -> Vec<u32> {
        keys.iter().flat_map(|&key| self.of(key)).copied().collect()
    }
}

impl Mapper<'_> {
    /// Rows a selector names: those for which every term of one of its alternatives holds. `near` gives rows among which all that a term
    /// names are, or `None` for any.
    fn matching<Id: From<usize>>(
        &self,
        selector: &Selector,
        count: usize,
        matches: impl Fn(&Term, usize) -> bool,
        near: impl Fn(&Term) -> Option<Vec<u32>>,
    ) -> Vec<Id> {
        let any = |row: usize| selector.any.iter().any(|All { terms }| terms.iter().all(|t| matches(t, row)));
        let many = self.lookup.asked.fetch_add(1, Relaxed) >= SCANS_MAX;
        let found = if many { candidates(selector, near) } else { None };
        match found {
            Some(rows) => rows.into_iter().map(|row| row as usize).filter(|&row| row < count && any(row)).map(Id::from).collect(),
            None => (0..count).filter(|&row| any(row)).map(Id::from).collect(),
        }
    }

    /// Contracts of buyers that a selector names.
    pub(crate) fn contracts_of_buyers(&self, network: &Network, selector: &Selector) -> Vec<ContractId> {
        let near = |term: &Term| Some(self.contracts_by(network)[1].of_all(&self.firms_near(network, term)?));
        let matches = |term: &Term, row: usize| self.firm_matches(network, term, network.contracts.buyer[row].index());
        self.matching(selector, network.contracts.len(), matches, near)
    }

    pub fn contracts_in(&self, network: &Network, selector: &Selector) -> Vec<ContractId> {
        let matches = |term: &Term, row: usize| {
            let line = network.contracts.seller[row];
            match term.kind {
                SelectorKind::Contract => term.index as usize == row,
                SelectorKind::Seller => network.lines[line.index()].firm.0 == term.index,
                SelectorKind::Buyer => network.contracts.buyer[row].0 == term.index,
                SelectorKind::Firm => network.lines[line.index()].firm.0 == term.index || network.contracts.buyer[row].0 == term.index,
                _ => self.line_matches(network, term, line.index()),
            }
        };
        self.matching(selector, network.contracts.len(), matches, |term| self.contracts_near(network, term))
    }

    /// Final demands a selector names.
    pub(super) fn demands_in<Id: From<usize>>(&self, network: &Network, selector: &Selector) -> Vec<Id> {
        let near = |term: &Term| match term.kind {
            SelectorKind::Market => Some(self.demands_by(network)[1].of(term.index).to_vec()),
            _ => Some(self.demands_by(network)[0].of_all(&self.lines_near(network, term)?)),
        };
        let matches = |term: &Term, row: usize| self.demand_matches(network, term, row);
        self.matching(selector, network.demands.len(), matches, near)
    }

    fn demand_matches(&self, network: &Network, term: &Term, m: usize) -> bool {
        let demand = self.case.table("demand");
        match term.kind {
            SelectorKind::Market => {
                let market = demand.text(demand.col("market"), m);
                market.is_some() && market == self.case.markets.get(term.index as usize).map(String::as_str)
            }
            _ => self.line_matches(network, term, network.demands[m].line.index()),
        }
    }

    fn line_matches(&self, network: &Network, term: &Term, l: usize) -> bool {
        match term.kind {
            SelectorKind::Line => term.index as usize == l,
            SelectorKind::Product => network.lines[l].product.0 == term.index,
            _ => self.firm_matches(network, term, network.lines[l].firm.index()),
        }
    }

    fn firm_matches(&self, network: &Network, term: &Term, f: usize) -> bool {
        let firm = &network.firms[f];
        match term.kind {
            SelectorKind::All => true,
            SelectorKind::Firm => term.index as usize == f,
            SelectorKind::Place => firm.place.0 == term.index,
            SelectorKind::Country => network.places[firm.place.index()].country.0 == term.index,
            SelectorKind::Group => firm.group == Some(GroupId(term.index)),
            SelectorKind::Sector => firm.sector.0 == term.index,
            _ => false,
        }
    }

    /// Lines, firms and products a selector names. A firm belongs to it if one of its lines does, or if it is named without one.
    pub fn scope(&self, network: &Network, selector: &Selector) -> Scope {
        let lines = self.lines_in(network, selector);
        let by_firm = |term: &Term, f: usize| self.firm_matches(network, term, f);
        let mut firms: Vec<FirmId> = self.matching(selector, network.firms.len(), by_firm, |term| self.firms_near(network, term));
        firms.extend(lines.iter().map(|l| network.lines[l.index()].firm));
        firms.sort_unstable();
        firms.dedup();
        // Firms named one by one are no selection of goods, and of a million products none is asked.
        if selector.only_firms().is_some() {
            return Scope { firms, lines, products: Vec::new() };
        }
        let products = self.named(selector, SelectorKind::Product, network.products.len(), |_| true);
        Scope { firms, lines, products }
    }

    /// Rows of a kind that is named by its own ids alone; `all` names those for which `of_all` holds.
    pub(super) fn named<Id: From<usize>>(
        &self,
        selector: &Selector,
        kind: SelectorKind,
        count: usize,
        of_all: impl Fn(usize) -> bool,
    ) -> Vec<Id> {
        let matches = |term: &Term, row: usize| match term.kind {
            SelectorKind::All => of_all(row),
            other => other == kind && term.index as usize == row,
        };
        self.matching(selector, count, matches, |term| match term.kind {
            SelectorKind::All => None,
            other => Some(if other == kind { vec![term.index] } else { Vec::new() }),
        })
    }

    /// Places a selector names: by itself, or all of a country.
    pub(super) fn places_in(&self, network: &Network, selector: &Selector) -> Vec<PlaceId> {
        let matches = |term: &Term, row: usize| match term.kind {
            SelectorKind::All => true,
            SelectorKind::Place => term.index as usize == row,
            SelectorKind::Country => network.places[row].country.0 == term.index,
            _ => false,
        };
        self.matching(selector, network.places.len(), matches, |_| None)
    }

    /// Lines a selector names.
    pub(super) fn lines_in(&self, network: &Network, selector: &Selector) -> Vec<LineId> {
        let matches = |term: &Term, l: usize| self.line_matches(network, term, l);
        if let Some(firms) = selector.only_firms() {
            // Of a million lines each is asked once, however many firms are named.
            return match &firms[..] {
                &[firm] => self.lines_of_firm(network, firm),
                _ if firms.len() < SCANS_MAX => {
                    let mut lines: Vec<LineId> = firms.iter().flat_map(|&firm| self.lines_of_firm(network, firm)).collect();
                    lines.sort_unstable();
                    lines
                }
                _ => {
                    let named = |line: &usize| firms.binary_search(&network.lines[*line].firm.0).is_ok();
                    (0..network.lines.len()).filter(named).map(LineId::from).collect()
                }
            };
        }
        self.matching(selector, network.lines.len(), matches, |term| self.lines_near(network, term))
    }

    /// Lines of a firm. Those that links add follow those of the table, in order of firm.
    fn lines_of_firm(&self, network: &Network, firm: u32) -> Vec<LineId> {
        let table = self.case.table("lines").rows();
        let of_table = self.lines_of.get(firm as usize).into_iter().flatten().map(|&line| LineId(line));
        let made = &network.lines[table..];
        let first = made.partition_point(|line| line.firm.0 < firm);
        let of_links = made[first..].iter().take_while(|line| line.firm.0 == firm).count();
        of_table.chain((first..first + of_links).map(|at| LineId::from(table + at))).collect()
    }

    fn firms_near(&self, network: &Network, term: &Term) -> Option<Vec<u32>> {
        let by = |list: usize| self.lookup.firms.get_or_init(|| firms_by(network)).0[list].of(term.index).to_vec();
        Some(match term.kind {
            SelectorKind::All => return None,
            SelectorKind::Firm => vec![term.index],
            SelectorKind::Place => by(0),
            SelectorKind::Country => by(1),
            SelectorKind::Group => by(2),
            SelectorKind::Sector => by(3),
            _ => Vec::new(),
        })
    }

    fn lines_near(&self, network: &Network, term: &Term) -> Option<Vec<u32>> {
        let by = || {
            let keys = |key: fn(&Line) -> u32| Rows::new(network.lines.iter().map(move |line| Some(key(line))));
            [keys(|line| line.firm.0), keys(|line| line.product.0)]
        };
        let lines = || self.lookup.lines.get_or_init(by);
        match term.kind {
            SelectorKind::Line => Some(vec![term.index]),
            SelectorKind::Product => Some(lines()[1].of(term.index).to_vec()),
            _ => Some(lines()[0].of_all(&self.firms_near(network, term)?)),
        }
    }

    fn contracts_near(&self, network: &Network, term: &Term) -> Option<Vec<u32>> {
        let of_lines = |term: &Term| Some(self.contracts_by(network)[0].of_all(&self.lines_near(network, term)?));
        let of_buyer = || self.contracts_by(network)[1].of(term.index);
        let firm = Term { kind: SelectorKind::Firm, ..*term };
        match term.kind {
            SelectorKind::Contract => Some(vec![term.index]),
            SelectorKind::Buyer => Some(of_buyer().to_vec()),
            SelectorKind::Seller => of_lines(&firm),
            SelectorKind::Firm => of_lines(&firm).map(|sold| [&sold[..], of_buyer()].concat()),
            _ => of_lines(term),
        }
    }

    /// Contracts by seller line, and by buyer.
    fn contracts_by(&self, network: &Network) -> &[Rows; 2] {
        self.lookup.contracts.get_or_init(|| {
            [
                Rows::new(network.contracts.seller.iter().map(|line| Some(line.0))),
                Rows::new(network.contracts.buyer.iter().map(|buyer| Some(buyer.0))),
            ]
        })
    }

    /// Final demands by line, and by market.
    fn demands_by(&self, network: &Network) -> &[Rows; 2] {
        self.lookup.demands.get_or_init(|| {
            let demand = self.case.table("demand");
            let market = |row: usize| {
                let name = if row < demand.rows() { demand.text(demand.col("market"), row)? } else { return None };
                self.places.markets.get(name).map(|&at| at as u32)
            };
            [Rows::new(network.demands.iter().map(|demand| Some(demand.line.0))), Rows::new((0..network.demands.len()).map(market))]
        })
    }
}

fn firms_by(network: &Network) -> Firms {
    let keys = |key: &dyn Fn(&Firm) -> Option<u32>| Rows::new(network.firms.iter().map(key));
    Firms([
        keys(&|firm| Some(firm.place.0)),
        keys(&|firm| network.places.get(firm.place.index()).map(|place| place.country.0)),
        keys(&|firm| firm.group.map(|group| group.0)),
        keys(&|firm| Some(firm.sector.0)),
    ])
}

/// Rows among which all that a selector names are, ascending; `None` where one of its alternatives may name any row.
fn candidates(selector: &Selector, near: impl Fn(&Term) -> Option<Vec<u32>>) -> Option<Vec<u32>> {
    // The narrowest term of an alternative, judged by its kind.
    let width = |term: &&Term| match term.kind {
        SelectorKind::Line | SelectorKind::Contract | SelectorKind::Firm | SelectorKind::Seller | SelectorKind::Buyer => 0,
        SelectorKind::Product | SelectorKind::Market | SelectorKind::Crossing | SelectorKind::Currency => 1,
        SelectorKind::Place | SelectorKind::Group | SelectorKind::Sector => 2,
        SelectorKind::Country => 3,
        SelectorKind::All => 4,
    };
    let mut rows = Vec::new();
    for All { terms } in &selector.any {
        rows.append(&mut near(terms.iter().min_by_key(width)?)?);
    }
    rows.sort_unstable();
    rows.dedup();
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Every kind of term, alone, with another, and beside another: looking up finds what looking through finds.
    #[test]
    fn looking_up_finds_what_looking_through_finds() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/sinuiju-2020");
        let case = crate::load(&folder).case.unwrap();
        let values = case.parameters.base_values();
        let (through, up) = (Mapper::new(&case), Mapper::new(&case));
        let network = through.network(&values);
        let terms: Vec<Term> = SelectorKind::ALL.iter().flat_map(|&kind| [0, 1, 5].map(|index| Term { kind, index })).collect();
        let mut found = 0;
        for (at, &one) in terms.iter().enumerate() {
            let other = terms[(at * 7 + 3) % terms.len()];
            let alone = All { terms: vec![one] };
            for any in [vec![alone.clone()], vec![All { terms: vec![one, other] }], vec![alone, All { terms: vec![other] }]] {
                let selector = Selector { any };
                through.lookup.asked.store(0, Relaxed);
                up.lookup.asked.store(SCANS_MAX, Relaxed);
                let all = |mapper: &Mapper| {
                    let scope = mapper.scope(&network, &selector);
                    found += scope.lines.len() + scope.firms.len();
                    let demands: Vec<DemandId> = mapper.demands_in(&network, &selector);
                    let contracts = mapper.contracts_in(&network, &selector);
                    (scope.firms, scope.lines, scope.products, contracts, mapper.contracts_of_buyers(&network, &selector), demands)
                };
                let mut all = all;
                assert_eq!(all(&through), all(&up), "{selector:?}");
            }
        }
        assert!(found > 1_000, "{found}");
    }
}
