//! Compiling a network: positions instead of ids, rows in the order the day reads them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::calendar::Calendar;
use crate::model::ids::*;
use crate::model::network::*;
use crate::plan::cover::{Covers, Part};
use crate::plan::prices::prices;
use crate::plan::steady;
use crate::plan::transit::{NO_GATE, NO_LIMIT, Path};

use super::policy::fills_to_level;
use super::switching::Switching;
use super::{Bulk, Limit, NEVER, NONE, PayTerm, Plan, Purchase, STREAM, Stream, Uneven, Use, gate, whole_days};

pub(super) struct Builder<'a> {
    network: &'a Network,
    calendar: &'a Calendar,
    plan: Plan,
    path_of: BTreeMap<(u32, u32), u32>,
    /// Paths of contracts with alternative routes.
    branching_path_of: BTreeMap<(Vec<RouteId>, u32), u32>,
    /// Limits, by (crossing, direction) and by (route, leg).
    limit_of: BTreeMap<(bool, u32, u32), u32>,
    point_of: BTreeMap<(u32, u32), u32>,
    covers: &'a Covers,
}

impl<'a> Builder<'a> {
    pub(super) fn new(network: &'a Network, calendar: &'a Calendar, covers: &'a Covers) -> Self {
        let firm_country = network.firms.iter().map(|f| network.places[f.place.index()].country.0).collect();
        let plan = Plan {
            gates: network.crossings.len() * 2 * network.classes as usize,
            graded: network.inputs.iter().any(|i| i.importance != Importance::Critical),
            any_workforce: network.firms.iter().any(|f| f.hire_days.is_finite() || f.fire_days.is_finite()),
            perishable: network.products.iter().any(|p| p.spoilage_share_per_day > 0.0),
            line_ruled: network.lines.iter().map(|l| l.rationing != Rationing::Proportional).collect(),
            any_credit_limit: network.contracts.extras.iter().any(|(_, e)| e.credit_limit.is_finite()),
            any_insolvency: network.firms.iter().any(|f| f.insolvency_days.is_finite()),
            line_firm: network.lines.iter().map(|l| l.firm.0).collect(),
            line_product: network.lines.iter().map(|l| l.product.0).collect(),
            rest_weekdays: network.firms.iter().map(|f| f.rest_weekdays).collect(),
            workers: network.firms.iter().map(|f| f.workers).collect(),
            levy_share: network.firms.iter().map(|f| f.levy_share).collect(),
            currencies: 1 + network.other_currencies as usize,
            rates: rates(network, calendar),
            input_point: vec![NONE; network.inputs.len()],
            line_standing: vec![false; network.lines.len()],
            line_steady: vec![false; network.lines.len()],
            seasonal: network.demands.iter().any(|d| !d.all_year()),
            firm_country,
            processor: vec![false; network.firms.len()],
            client: vec![false; network.firms.len()],
            scenario_holds: true,
            ..Plan::default()
        };
        Self {
            network,
            calendar,
            plan,
            path_of: BTreeMap::new(),
            branching_path_of: BTreeMap::new(),
            limit_of: BTreeMap::new(),
            point_of: BTreeMap::new(),
            covers,
        }
    }

    /// The path of a route and its alternatives for a class, made at first use.
    fn path(&mut self, route: RouteId, alternatives: &[RouteId], class: ClassId) -> u32 {
        if alternatives.is_empty() {
            if let Some(&path) = self.path_of.get(&(route.0, class.0)) {
                return path;
            }
            let path = self.new_path(&[route], class);
            self.path_of.insert((route.0, class.0), path);
            return path;
        }
        let mut routes = vec![route];
        routes.extend_from_slice(alternatives);
        if let Some(&path) = self.branching_path_of.get(&(routes.clone(), class.0)) {
            return path;
        }
        let path = self.new_path(&routes, class);
        self.branching_path_of.insert((routes, class.0), path);
        path
    }

    fn new_path(&mut self, routes: &[RouteId], class: ClassId) -> u32 {
        let branches: Vec<Vec<(u32, u32, u32)>> = routes.iter().map(|&r| self.branch(r, class)).collect();
        self.plan.paths.push(Path::branching(&branches, class.0));
        self.plan.paths.len() as u32 - 1
    }

    /// `(gate, limit, days)` of the hops of a route. A leg with a flow crossing and its own limit is two hops.
    fn branch(&mut self, route: RouteId, class: ClassId) -> Vec<(u32, u32, u32)> {
        let network = self.network;
        let mut hops = Vec::new();
        for (at, leg) in network.routes[route.index()].legs.iter().enumerate() {
            let mut limit = NO_LIMIT;
            let mut passed = NO_GATE;
            if let Some((crossing, direction)) = leg.crossing {
                passed = gate(network, crossing, direction, class);
                if let Some(tonnes) = network.crossings[crossing.index()].tonnes_per_day {
                    let gates = gate(network, crossing, direction, ClassId(0));
                    limit = self.limit((true, crossing.0, direction as u32), Limit { tonnes_per_day: tonnes, gates });
                }
            }
            if leg.tonnes_per_day.is_finite() {
                if passed != NO_GATE {
                    hops.push((passed, NO_LIMIT, 0));
                    passed = NO_GATE;
                }
                let own = Limit { tonnes_per_day: leg.tonnes_per_day, gates: NO_GATE };
                limit = self.limit((false, route.0, at as u32), own);
            }
            hops.push((passed, limit, leg.days));
        }
        hops
    }

    fn limit(&mut self, key: (bool, u32, u32), limit: Limit) -> u32 {
        let plan = &mut self.plan;
        let network = self.network;
        *self.limit_of.entry(key).or_insert_with(|| {
            plan.limits.push(limit);
            let first = plan.traffic.len();
            plan.traffic.resize(first + network.classes as usize, 0.0);
            let (crossing, number, direction) = key;
            for traffic in network.traffic.iter().filter(|t| crossing && t.crossing.0 == number && t.direction as u32 == direction) {
                plan.traffic[first + traffic.class.index()] += traffic.tonnes_per_day;
            }
            plan.limits.len() as u32 - 1
        })
    }

    /// Cells for `width` items side by side on a path.
    fn take_cells(&mut self, path: u32, width: u32) -> u32 {
        let first = self.plan.cells as u32;
        self.plan.cells += (self.plan.paths[path as usize].cells * width) as usize;
        first
    }

    /// Takes out what is bulk: the rest goes by the general rules.
    pub(super) fn bulk(&mut self, bulk: &Arc<Bulk>) {
        let network = self.network;
        let general = |l: u32| !bulk.is_bulk[l as usize];
        let plan = &mut self.plan;
        plan.general_lines = (0..network.lines.len() as u32).filter(|&l| general(l)).collect();
        plan.general_firms = (0..network.firms.len() as u32).filter(|&f| !bulk.buys_in_bulk[f as usize]).collect();
        plan.general_demands = (0..network.demands.len() as u32).filter(|&m| general(network.demands[m as usize].line.0)).collect();
        plan.bulk = Arc::clone(bulk);
    }

    /// A stock point for every (firm, product) that can hold stock, sorted by firm, then product.
    pub(super) fn points(&mut self) {
        let network = self.network;
        let mut pairs = Vec::new();
        for line in self.plan.general_lines.iter().map(|&l| &network.lines[l as usize]) {
            for input in &network.inputs[line.first_input as usize..line.last_input as usize] {
                if input.supplied_by == SuppliedBy::Maker {
                    pairs.push((line.firm.0, input.product.0));
                }
            }
        }
        for demand in self.plan.general_demands.iter().map(|&m| &network.demands[m as usize]) {
            // What serves final demand is made for the maker's own account, so it takes its inputs from its own store.
            let firm = network.lines[demand.line.index()].firm.0;
            pairs.extend(network.inputs_of(demand.line).iter().map(|input| (firm, input.product.0)));
        }
        let contracts = &network.contracts;
        for row in (0..contracts.len()).filter(|&row| !self.plan.bulk.buys_in_bulk[contracts.buyer[row].index()]) {
            let seller = contracts.seller[row];
            pairs.push((contracts.buyer[row].0, network.lines[seller.index()].product.0));
            for input in network.inputs_of(seller).iter().filter(|i| i.supplied_by == SuppliedBy::Client) {
                let holder =
                    if contracts.kind[row] == Kind::Processing { contracts.buyer[row] } else { network.lines[seller.index()].firm };
                pairs.push((holder.0, input.product.0));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let plan = &mut self.plan;
        plan.point_firm = pairs.iter().map(|p| p.0).collect();
        plan.point_product = pairs.iter().map(|p| p.1).collect();
        plan.point_lookahead = vec![0; pairs.len()];
        plan.point_pipeline_days = vec![0.0; pairs.len()];
        plan.point_by_supplier = vec![false; pairs.len()];
        self.point_of = pairs.iter().enumerate().map(|(k, &p)| (p, k as u32)).collect();
    }

    fn point(&self, firm: u32, product: u32) -> u32 {
        self.point_of.get(&(firm, product)).copied().unwrap_or(NONE)
    }

    pub(super) fn lines(&mut self) {
        let network = self.network;
        let mut by_firm: Vec<u32> = (0..network.lines.len() as u32).collect();
        by_firm.sort_by_key(|&l| (network.lines[l as usize].firm, l));
        self.plan.firm_first_line = offsets(network.firms.len(), by_firm.iter().map(|&l| network.lines[l as usize].firm.index()));
        self.plan.firm_lines = by_firm;
        for l in 0..self.plan.general_lines.len() {
            let line = &network.lines[self.plan.general_lines[l] as usize];
            for row in line.first_input as usize..line.last_input as usize {
                // Nothing of it is needed: it binds nothing and is never ordered.
                if network.inputs[row].per_unit > 0.0 {
                    self.plan.input_point[row] = self.point(line.firm.0, network.inputs[row].product.0);
                }
            }
        }
        self.uses();
        for demand in &network.demands {
            self.plan.line_standing[demand.line.index()] = true;
            self.plan.demand_cells.push(self.plan.waiting_cells as u32);
            self.plan.waiting_cells += demand.patience_days as usize;
        }
    }

    fn uses(&mut self) {
        let (network, plan) = (self.network, &mut self.plan);
        plan.first_use.push(0);
        for line in &network.lines {
            for row in (line.first_input as usize..line.last_input as usize).filter(|&row| plan.input_point[row] != NONE) {
                let input = &network.inputs[row];
                let per_unit = input.per_unit * (1.0 + input.waste_share);
                let Input { importance, supplied_by, .. } = *input;
                plan.uses.push(Use { point: plan.input_point[row], product: input.product.0, per_unit, importance, supplied_by });
            }
            plan.first_use.push(plan.uses.len() as u32);
        }
    }

    /// Standing flows, sorted into streams.
    pub(super) fn standing(&mut self) {
        let network = self.network;
        let contracts = &network.contracts;
        // (path, terms, product, contract)
        let mut rows: Vec<(u32, TermsId, u32, u32)> = Vec::new();
        for row in 0..contracts.len() {
            let terms = &network.terms[contracts.terms[row].index()];
            if terms.ordering == Ordering::Schedule {
                continue;
            }
            let line = contracts.seller[row];
            self.plan.line_standing[line.index()] = true;
            self.plan.line_steady[line.index()] |= terms.ordering != Ordering::Plan;
            if !self.plan.bulk.buys_in_bulk[contracts.buyer[row].index()] {
                let product = network.lines[line.index()].product;
                let class = terms.class.unwrap_or(network.products[product.index()].class);
                let path = self.path(contracts.route[row], &contracts.extras_of(row).alternative_routes, class);
                rows.push((path, contracts.terms[row], product.0, row as u32));
            }
        }
        rows.sort_unstable();
        for alike in rows.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2)) {
            alike.chunks(STREAM).for_each(|stream| self.stream(stream));
        }
        self.priced(&rows);
        self.pipelines();
        self.uneven();
        self.ruled();
    }

    fn stream(&mut self, rows: &[(u32, TermsId, u32, u32)]) {
        let (path, terms, product, _) = rows[0];
        let (first, width) = (self.plan.standing.contract.len() as u32, rows.len() as u32);
        let first_purchase = self.plan.standing.purchases.len() as u32;
        let cells = self.take_cells(path, width);
        for (at, &(.., row)) in rows.iter().enumerate() {
            self.flow(row as usize, path, cells + at as u32, width);
        }
        let standing = &mut self.plan.standing;
        let mut next = first;
        for same in standing.point[first as usize..].chunk_by(|a, b| a == b) {
            let last = next + same.len() as u32;
            standing.purchases.push(Purchase { point: same[0], first: next, last });
            next = last;
        }
        let last_purchase = standing.purchases.len() as u32;
        standing.streams.push(Stream { first, width, path, product, terms, first_purchase, last_purchase });
    }

    fn flow(&mut self, row: usize, path: u32, cells: u32, width: u32) {
        let network = self.network;
        let contracts = &network.contracts;
        let terms = &network.terms[contracts.terms[row].index()];
        let line = contracts.seller[row];
        let product = network.lines[line.index()].product;
        let point = self.point(contracts.buyer[row].0, product.0);
        let cover = self.covers.of(network, row);
        let plan = &mut self.plan;
        let lead = plan.paths[path as usize].lead_days;
        let planned = terms.ordering == Ordering::Plan;
        let k = point as usize;
        if planned {
            plan.point_lookahead[k] = plan.point_lookahead[k].max(lead).max(whole_days(terms.purchase_lead_days) as u32);
        }
        // A plan buys for the store as a whole.
        let by_supplier = terms.stock_by_supplier && !planned;
        plan.point_by_supplier[k] |= by_supplier;
        plan.any_by_supplier |= by_supplier;
        plan.any_moves |= terms.moves_share > 0.0;
        if plan.paths[path as usize].limited {
            plan.limited_flows.push(plan.standing.contract.len() as u32);
        }
        let standing = &mut plan.standing;
        standing.contract.push(ContractId::from(row));
        standing.line.push(line.0);
        standing.point.push(point);
        standing.share.push(contracts.share[row]);
        standing.path.push(path);
        standing.cells.push(cells);
        standing.width.push(width);
        standing.lead_days.push(f64::from(lead));
        standing.stock_days.push(cover.stock_days);
        standing.restock_days.push(cover.restock_days);
        standing.minimum_order.push(if planned { 0.0 } else { terms.minimum_order_units });
        standing.part_days.push(cover.part_days);
        standing.news_days.push(whole_days(terms.news_days).max(0) as u32);
        standing.title_at_loading.push(terms.title == Title::Loading);
        standing.patience_days.push(whole_days(terms.hold_patience_days).max(0) as u32);
        standing.planned.push(planned);
        standing.by_supplier.push(by_supplier);
        standing.theft_share.push(terms.theft_share);
        standing.gross.push(steady::gross(terms, cover.part_days, &network.products[product.index()]));
        standing.moves_share.push(terms.moves_share);
        standing.standby_share.push(contracts.extras_of(row).standby_share);
    }

    /// Flows with a price. They are paid in order of their contracts, which counts where cash is short.
    fn priced(&mut self, rows: &[(u32, TermsId, u32, u32)]) {
        let network = self.network;
        let contracts = &network.contracts;
        let mut flows: Vec<(u32, u32)> = rows.iter().enumerate().map(|(flow, &(.., row))| (row, flow as u32)).collect();
        flows.retain(|&(row, _)| contracts.price_per_unit[row as usize] > 0.0);
        flows.sort_unstable();
        let standing = &mut self.plan.standing;
        for (row, flow) in flows {
            let row = row as usize;
            let terms = &network.terms[contracts.terms[row].index()];
            let extras = contracts.extras_of(row);
            let length = whole_days(terms.inspection_days + terms.net_days).max(0) as usize + 1;
            let term = standing.pay_terms.iter().position(|term| term.length == length).unwrap_or_else(|| {
                standing.pay_terms.push(PayTerm { length, ..PayTerm::default() });
                standing.pay_terms.len() - 1
            });
            standing.pay_terms[term].flows.push(standing.priced.len() as u32);
            standing.pay_term.push(term as u32);
            standing.priced.push(flow);
            standing.payer.push(contracts.buyer[row].0);
            standing.payee.push(network.lines[contracts.seller[row].index()].firm.0);
            standing.price.push(contracts.price_per_unit[row]);
            standing.prepaid_share.push(terms.prepaid_share);
            standing.currency.push(extras.currency.0);
            standing.credit_limit.push(extras.credit_limit);
        }
        self.due_cells();
    }

    /// Lays the rings of amounts due one after another.
    fn due_cells(&mut self) {
        let plan = &mut self.plan;
        let standing = &mut plan.standing;
        standing.due_cells = vec![0; standing.priced.len()];
        for term in &mut standing.pay_terms {
            term.first = plan.due_cells;
            for (at, &p) in term.flows.iter().enumerate() {
                standing.due_cells[p as usize] = (term.first + at) as u32;
            }
            plan.due_cells += term.length * term.flows.len();
        }
    }

    /// What is on the way in the steady state, days of need per stock point: Σ w·(L − 1)·gross / Σ w.
    fn pipelines(&mut self) {
        let plan = &mut self.plan;
        let mut weight = vec![0.0; plan.point_firm.len()];
        // A plan's purchases have no steady rate.
        for flow in (0..plan.standing.point.len()).filter(|&flow| !plan.standing.planned[flow]) {
            let k = plan.standing.point[flow] as usize;
            weight[k] += plan.standing.share[flow];
            let pipeline = (plan.standing.lead_days[flow] - 1.0) * plan.standing.gross[flow];
            plan.point_pipeline_days[k] += plan.standing.share[flow] * pipeline;
        }
        for (days, weight) in plan.point_pipeline_days.iter_mut().zip(&weight) {
            *days = if *weight > 0.0 { *days / weight } else { 0.0 };
        }
    }

    /// Stores with parts of different cover.
    fn uneven(&mut self) {
        let plan = &mut self.plan;
        let flows = &plan.standing;
        // (stock point, whether it has a part of its own, flow)
        let restocks = (0..flows.point.len()).filter(|&f| plan.point_by_supplier[flows.point[f] as usize] && !flows.planned[f]);
        let mut fillers: Vec<(u32, bool, u32)> = restocks.map(|f| (flows.point[f], flows.by_supplier[f], f as u32)).collect();
        fillers.sort_unstable();
        for store in fillers.chunk_by(|a, b| a.0 == b.0) {
            let days = |&(.., flow): &(u32, bool, u32)| flows.part_days[flow as usize];
            if store.iter().all(|filler| days(filler) == days(&store[0])) {
                continue;
            }
            // What no seller has a part of: of the others, or of none.
            let longest = store.iter().map(days).fold(0.0, f64::max);
            let common = store.iter().find(|filler| !filler.1).map_or(longest, days);
            let own = store.iter().filter(|filler| filler.1).map(|filler| Part { days: days(filler), flow: filler.2 });
            let first = plan.parts.len();
            plan.parts.extend(own.chain([Part { days: common, flow: NONE }]));
            plan.parts[first..].sort_by(|a, b| a.days.total_cmp(&b.days));
            plan.uneven.push(Uneven { point: store[0].0, first: first as u32, last: plan.parts.len() as u32 });
        }
    }

    /// Lines that do not share out proportionally, with their flows.
    fn ruled(&mut self) {
        let plan = &mut self.plan;
        let network = self.network;
        let by_rule = |l: u32| plan.bulk.level_lines.binary_search(&l).is_ok() || plan.bulk.market_last.binary_search(&l).is_ok();
        let mut ruled: Vec<u32> = (0..plan.line_ruled.len() as u32).filter(|&l| plan.line_ruled[l as usize]).collect();
        if ruled.is_empty() {
            return;
        }
        let mut flows: Vec<(u32, u32)> = plan.standing.line.iter().enumerate().map(|(flow, &line)| (line, flow as u32)).collect();
        plan.mixed_flows = flows.iter().copied().filter(|&(line, _)| by_rule(line)).collect();
        plan.mixed_flows.sort_unstable();
        let demands = plan.general_demands.iter().map(|&m| (network.demands[m as usize].line.0, m));
        plan.mixed_demands = demands.filter(|&(line, _)| by_rule(line)).collect();
        plan.mixed_demands.sort_unstable();
        ruled.retain(|&l| !by_rule(l));
        plan.ruled_lines = ruled;
        flows.retain(|(line, _)| plan.ruled_lines.binary_search(line).is_ok());
        flows.sort_unstable();
        for &line in &plan.ruled_lines {
            plan.ruled_first.push(flows.partition_point(|&(l, _)| l < line) as u32);
        }
        plan.ruled_first.push(flows.len() as u32);
        plan.ruled_flows = flows.into_iter().map(|(_, flow)| flow).collect();
        let demands = plan.general_demands.iter().map(|&m| (network.demands[m as usize].line.0, m));
        let mut demands: Vec<(u32, u32)> = demands.filter(|(line, _)| plan.ruled_lines.binary_search(line).is_ok()).collect();
        demands.sort_unstable();
        for &line in &plan.ruled_lines {
            plan.ruled_demand_first.push(demands.partition_point(|&(l, _)| l < line) as u32);
        }
        plan.ruled_demand_first.push(demands.len() as u32);
        plan.ruled_demands = demands.into_iter().map(|(_, m)| m).collect();
    }

    pub(super) fn finish(mut self, steady_rate: Vec<f64>) -> Plan {
        self.plan.steady_rate = steady_rate;
        self.values();
        let mut plan = self.plan;
        let levels = self.network.lines.iter().any(|line| fills_to_level(line.rationing));
        if levels && !plan.standing.contract.is_empty() {
            let normal = steady::contract_flows(self.network, &plan.steady_rate);
            plan.standing.normal = plan.standing.contract.iter().map(|c| normal[c.index()]).collect();
        }
        plan.lookahead_max = plan.point_lookahead.iter().copied().max().unwrap_or(0);
        let some = |first: &[u32]| (0..first.len() as u32 - 1).filter(|&f| first[f as usize] < first[f as usize + 1]).collect();
        plan.order_firms = some(&plan.firm_first_order);
        contract_inputs(&mut plan);
        plan.orders.takes_own = takes_own(&plan);
        plan.switching = Switching::of(&mut plan, self.network);
        plan.making_firms = some(&plan.firm_first_line);
        plan.making_firms.retain(|&firm| !plan.bulk.buys_in_bulk[firm as usize]);
        plan.only_bulk = plan.general_lines.is_empty() && plan.standing.contract.is_empty() && plan.orders.row.is_empty();
        plan
    }

    /// What output, inputs and goods without a value are counted at.
    fn values(&mut self) {
        let warm_up = (self.network.start.0 - self.calendar.start.0) as usize;
        let rates = &self.plan.rates[warm_up * self.plan.currencies..(warm_up + 1) * self.plan.currencies];
        let prices = prices(self.network, &self.plan.steady_rate, rates);
        for order in 0..self.plan.orders.row.len() {
            let unpriced = self.plan.orders.price[order] <= 0.0 && !self.plan.orders.processing[order];
            if unpriced {
                self.plan.orders.value[order] = prices.fill[self.plan.orders.line[order] as usize].0;
            }
        }
        self.plan.prices = prices;
    }

    /// Value of a currency in currency 0 on the first recorded day.
    fn rate_at_start(&self, currency: CurrencyId) -> f64 {
        let warm_up = (self.network.start.0 - self.calendar.start.0) as usize;
        self.plan.rates[warm_up * self.plan.currencies + currency.index()]
    }
}

mod orders;

/// Step × currency → value of a unit in currency 0: the last rate on or before the day, before the first the first.
fn rates(network: &Network, calendar: &Calendar) -> Vec<f64> {
    let currencies = 1 + network.other_currencies as usize;
    let mut today = vec![1.0; currencies];
    for rate in network.rates.iter().rev() {
        today[rate.currency.index()] = rate.value;
    }
    let mut rates = Vec::with_capacity(calendar.len() * currencies);
    let mut list: Vec<&Rate> = network.rates.iter().collect();
    list.sort_by_key(|rate| rate.from);
    let mut next = 0;
    for t in 0..calendar.len() {
        while next < list.len() && list[next].from <= calendar.day(t) {
            today[list[next].currency.index()] = list[next].value;
            next += 1;
        }
        rates.extend_from_slice(&today);
    }
    rates
}

/// Offsets of groups `0..count` in a list sorted by group.
fn offsets(count: usize, groups: impl Iterator<Item = usize>) -> Vec<u32> {
    let mut first = vec![0_u32; count + 1];
    for group in groups {
        first[group + 1] += 1;
    }
    for k in 0..count {
        first[k + 1] += first[k];
    }
    first
}

/// Line → days to the end of the longest cover of its own inputs, lead time included; at least one.
pub(super) fn line_lookahead(plan: &Plan) -> Vec<i32> {
    if plan.orders.row.is_empty() {
        return Vec::new();
    }
    let flows = &plan.standing;
    let mut days = vec![1.0_f64; plan.point_firm.len()];
    for flow in (0..flows.point.len()).filter(|&flow| !flows.planned[flow]) {
        let point = flows.point[flow] as usize;
        days[point] = days[point].max(flows.stock_days[flow] + flows.lead_days[flow] - 1.0);
    }
    let longest = |l: usize| plan.uses_of(l).iter().map(|input| days[input.point as usize]).fold(1.0, f64::max);
    (0..plan.line_firm.len()).map(|l| whole_days(longest(l))).collect()
}

/// Of every order line, whether its maker takes inputs of its own for it.
fn takes_own(plan: &Plan) -> Vec<bool> {
    let own = |order: usize| {
        let consigned = &plan.consigned.product[plan.inputs_of_order(order)];
        plan.uses_of(plan.orders.line[order] as usize).iter().any(|input| !consigned.contains(&input.product))
    };
    (0..plan.orders.row.len()).map(own).collect()
}

/// Numbers the consigned inputs by contract and product.
fn contract_inputs(plan: &mut Plan) {
    let keys: Vec<(u32, u32)> = (0..plan.orders.row.len())
        .flat_map(|order| plan.inputs_of_order(order).map(move |input| (order, input)))
        .map(|(order, input)| (plan.orders.contract[order].0, plan.consigned.product[input]))
        .collect();
    plan.contract_inputs.clone_from(&keys);
    plan.contract_inputs.sort_unstable();
    plan.contract_inputs.dedup();
    let number = |key: &(u32, u32)| plan.contract_inputs.partition_point(|other| other < key) as u32;
    plan.consigned.of_contract = keys.iter().map(number).collect();
}
