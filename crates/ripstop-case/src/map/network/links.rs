//! What a table of links adds to the network: lines with their inputs, contracts and final demand, after those of the tables.

use std::collections::BTreeMap;

use ripstop::model::ids::*;
use ripstop::model::network::*;

use super::Mapper;
use crate::tables::links::Links;
use crate::{Case, Values};

/// No line, no good.
const NONE: u32 = u32::MAX;

/// The row of `terms` that holds for every link.
pub const TERMS: &str = "links";

/// What does not depend on parameter values.
pub(super) struct LinkRows {
    /// Firm → product of its sector, or [`NONE`].
    product: Vec<u32>,
    /// Firm → its line for that product, or [`NONE`].
    line: Vec<u32>,
    /// Number of lines of the table of lines.
    table_lines: usize,
}

impl LinkRows {
    /// A firm that sells or buys by links, or serves final demand, has a line for its sector's good: that of the table of lines, or a further one.
    pub(super) fn of(case: &Case, line_of: &BTreeMap<(u32, u32), u32>) -> Self {
        let (firms, products) = (case.table("firms"), case.table("products"));
        let [sector, given, output] = ["sector", "final_demand_per_day", "output_per_day"].map(|name| firms.col(name));
        let goods: BTreeMap<&str, u32> = case.sectors.iter().filter_map(|s| Some((s.as_str(), products.row_of(s)?))).collect();
        let table_lines = case.table("lines").rows();
        let mut rows = Self { product: vec![NONE; firms.rows()], line: vec![NONE; firms.rows()], table_lines };
        let mut next = table_lines as u32;
        for firm in 0..firms.rows() {
            let trades = case.links.as_ref().is_some_and(|links| links.sold[firm] > 0.0 || links.bought[firm] > 0.0);
            if !trades && firms.is_blank(given, firm) && firms.is_blank(output, firm) {
                continue;
            }
            let Some(&product) = firms.text(sector, firm).and_then(|name| goods.get(name)) else { continue };
            rows.product[firm] = product;
            rows.line[firm] = line_of.get(&(firm as u32, product)).copied().unwrap_or_else(|| {
                next += 1;
                next - 1
            });
        }
        rows
    }
}

impl Mapper<'_> {
    /// Adds lines, contracts and demand of the links.
    pub(super) fn add_links(&self, network: &mut Network, values: &Values) {
        let (Some(rows), Some(links)) = (&self.links, &self.case.links) else { return };
        let demand = links.final_demand(self.case, values);
        let other = links.other_demand(self.case, values);
        let made: Vec<f64> = (0..demand.len()).map(|firm| links.sold[firm] + demand[firm] + other[firm]).collect();
        self.link_lines(network, (rows, links), &made, values);
        self.link_contracts(network, rows, links, values);
        for (firm, &quantity_per_day) in demand.iter().enumerate().filter(|(_, units)| **units > 0.0) {
            if rows.line[firm] == NONE {
                continue;
            }
            let price = network.products[rows.product[firm] as usize].retail_price_per_unit;
            let line = LineId(rows.line[firm]);
            network.demands.push(Demand { line, quantity_per_day, season: None, price_per_unit: price, patience_days: 0 });
        }
    }

    /// Lines with what they buy by links per unit they make. A line of the table keeps its recipe, and gets what links bring besides.
    fn link_lines(&self, network: &mut Network, (rows, links): (&LinkRows, &Links), made: &[f64], values: &Values) {
        let spare = 1.0 + self.case.settings.spare_capacity_share.value(values);
        let lines = std::mem::take(&mut network.lines);
        let old = std::mem::take(&mut network.inputs);
        network.lines.reserve_exact(lines.len() + rows.line.len());
        let mut inputs: Vec<Input> = Vec::new();
        for (l, line) in lines.iter().enumerate() {
            let firm = line.firm.index();
            inputs.clear();
            inputs.extend_from_slice(&old[line.first_input as usize..line.last_input as usize]);
            if rows.line[firm] == l as u32 {
                bought(links, rows, firm, made[firm], &mut inputs);
            }
            network.add_line(line.firm, line.product, line.capacity_per_day, line.labour_days_per_unit, &inputs);
            network.lines[l].rationing = line.rationing;
        }
        for (firm, &made) in made.iter().enumerate().filter(|(firm, _)| further(rows, *firm)) {
            inputs.clear();
            bought(links, rows, firm, made, &mut inputs);
            let line = network.add_line(FirmId::from(firm), ProductId(rows.product[firm]), made * spare, 0.0, &inputs);
            network.lines[line.index()].rationing = self.usual_rationing();
        }
    }

    /// One contract a link: a sale by the terms `links`, with the buyer's own days of stock.
    fn link_contracts(&self, network: &mut Network, rows: &LinkRows, links: &Links, values: &Values) {
        let terms = self.link_terms(network, values);
        let default_route = RouteId::from(network.routes.len() - 1);
        let contracts = &mut network.contracts;
        contracts.seller.reserve_exact(links.len());
        contracts.buyer.reserve_exact(links.len());
        let mut shares: Vec<f64> = Vec::with_capacity(contracts.len() + links.len());
        shares.extend((0..contracts.len()).map(|row| contracts.share[row]));
        for (buyer, &terms) in terms.iter().enumerate().take(rows.line.len()) {
            let mut group = links.of(buyer);
            while !group.is_empty() {
                let product = rows.product[links.seller[group.start] as usize];
                let same = |link: &usize| rows.product[links.seller[*link] as usize] == product;
                let end = group.start + group.clone().take_while(same).count();
                let all: f64 = links.value_per_day[group.start..end].iter().sum();
                for link in group.start..end {
                    contracts.seller.push(LineId(rows.line[links.seller[link] as usize]));
                    contracts.buyer.push(FirmId::from(buyer));
                    contracts.terms.push(terms);
                    shares.push(links.value_per_day[link] / all);
                    contracts.kind.push(Kind::Sale);
                    contracts.route.push(default_route);
                    contracts.input_route.push(default_route);
                    contracts.price_per_unit.push(0.0);
                    contracts.collection_phase_share.push(0.0);
                }
                group.start = end;
            }
        }
        contracts.share = shares.into();
    }

    /// Terms of the links of every buyer: those of the row `links`, one more for every other number of days of stock.
    fn link_terms(&self, network: &mut Network, values: &Values) -> Vec<TermsId> {
        let (firms, table) = (self.case.table("firms"), self.case.table("terms"));
        let days = firms.col("stock_days");
        let base = table.row_of(TERMS).map(TermsId).unwrap_or_else(|| {
            network.terms.push(Terms { stock_by_supplier: true, ..Terms::default() });
            TermsId::from(network.terms.len() - 1)
        });
        let usual = network.terms[base.index()].clone();
        let mut known: BTreeMap<u64, TermsId> = BTreeMap::from([(usual.stock_days.to_bits(), base)]);
        let mut of = |stock_days: f64| {
            *known.entry(stock_days.to_bits()).or_insert_with(|| {
                network.terms.push(Terms { stock_days, ..usual.clone() });
                TermsId::from(network.terms.len() - 1)
            })
        };
        (0..firms.rows()).map(|firm| firms.number(days, firm, values).map_or(base, &mut of)).collect()
    }

    /// The firm of a line that the table of lines does not name.
    pub fn firm_of_further_line(&self, network: &Network, line: usize) -> Option<FirmId> {
        let rows = self.links.as_ref()?;
        (line >= rows.table_lines).then(|| network.lines[line].firm)
    }
}

/// Whether a firm's line is not in the table of lines.
fn further(rows: &LinkRows, firm: usize) -> bool {
    rows.line[firm] != NONE && rows.line[firm] as usize >= rows.table_lines
}

/// Inputs of a firm up to which looking through them is faster than looking one up.
const FEW_INPUTS: usize = 32;

/// Adds what a firm buys by links per unit it makes, good by good; what its recipe names already is left.
fn bought(links: &Links, rows: &LinkRows, firm: usize, made: f64, inputs: &mut Vec<Input>) {
    let own = inputs.len();
    if made <= 0.0 {
        return;
    }
    // Few goods are looked through, many looked up.
    let mut places: BTreeMap<ProductId, usize> = BTreeMap::new();
    for link in links.of(firm) {
        let product = ProductId(rows.product[links.seller[link] as usize]);
        let units = links.value_per_day[link];
        if inputs[..own].iter().any(|input| input.product == product) {
            continue;
        }
        let known = if places.is_empty() {
            inputs[own..].iter().position(|input| input.product == product).map(|at| own + at)
        } else {
            places.get(&product).copied()
        };
        match known {
            Some(at) => inputs[at].per_unit += units,
            None => {
                inputs.push(Input { product, per_unit: units, ..Input::default() });
                let many = inputs.len() - own > FEW_INPUTS;
                let new = if !many {
                    own..own
                } else if places.is_empty() {
                    own..inputs.len()
                } else {
                    inputs.len() - 1..inputs.len()
                };
                places.extend(new.map(|at| (inputs[at].product, at)));
            }
        }
    }
    inputs[own..].iter_mut().for_each(|input| input.per_unit /= made);
}
