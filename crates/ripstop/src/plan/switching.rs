//! Stores with several sellers, of which one may fail, and what then takes over in time.

use std::collections::BTreeMap;

use super::{NONE, Plan};
use crate::model::ids::*;
use crate::model::network::*;

/// What of the plan has to do with sellers that fail.
#[derive(Clone, Debug, Default)]
pub struct Switching {
    /// Restocking flows of stores with several sellers, by stock point, as `(stock point, flow)`: where shares bind.
    pub shared: Vec<(u32, u32)>,
    /// Who takes over what others fail to bring, by stock point.
    pub takers: Vec<Taker>,
    /// Everything that takes time.
    pub ramps: Vec<Ramp>,
    /// Standing flow → ramp of its other ways, or [`NONE`]; empty where no way takes time. So of the next two, per order line.
    pub flow_detour: Vec<u32>,
    /// Order line → ramp of its goods' other ways.
    pub order_detour: Vec<u32>,
    /// Order line → ramp of its inputs' other ways.
    pub input_detour: Vec<u32>,
    /// Order line that stands by → its ramp; empty where orders move at once.
    pub twin_ramp: Vec<u32>,
    /// Newcomer → its stock point.
    pub newcomer_point: Vec<u32>,
    /// Newcomer → first cell of its goods on the way.
    pub newcomer_cells: Vec<u32>,
}

/// Who takes over at a store.
#[derive(Clone, Copy, Debug)]
pub struct Taker {
    /// Stock point.
    pub point: u32,
    /// Its ramp.
    pub ramp: u32,
    /// Most it takes over, share of the need.
    pub share: f64,
    /// Who it is.
    pub who: Who,
}

/// A seller that takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// One with a contract: its standing flow.
    Flow(u32),
    /// One from outside.
    Newcomer(u32),
}

/// Something that grows from nothing to all while something else fails.
#[derive(Clone, Copy, Debug)]
pub struct Ramp {
    /// Days until it begins, from nothing to all, and back.
    pub times: (f64, f64, f64),
    /// What fails.
    pub fails: Fails,
}

/// What has to fail for a ramp to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fails {
    /// Any seller of a stock point but this flow, if it is one.
    Store(u32, u32),
    /// The first branch of a path.
    FirstBranch(u32),
    /// The path of a seller, or the seller itself (a firm).
    Seller(u32, u32),
}

impl Switching {
    /// What a plan with its flows and order lines laid out has of it.
    pub(super) fn of(plan: &mut Plan, network: &Network) -> Self {
        let mut made = Self::default();
        if network.settings.shares == Shares::Bind {
            made.stores(plan, network);
        }
        made.detours(plan, network);
        made.twins(plan, network);
        made
    }

    /// The cells of a newcomer's goods on the way; none where shares do not bind.
    pub fn cells_of(&self, n: usize, one: &Newcomer) -> std::ops::Range<usize> {
        match self.newcomer_cells.get(n) {
            Some(&first) => first as usize..first as usize + one.travel_days.max(1) as usize,
            None => 0..0,
        }
    }

    fn ramp(&mut self, switch: &Switch, fails: Fails) -> u32 {
        let back = switch.return_days.unwrap_or(switch.days);
        self.ramps.push(Ramp { times: (switch.after_days, switch.days, back), fails });
        self.ramps.len() as u32 - 1
    }

    fn stores(&mut self, plan: &mut Plan, network: &Network) {
        let flows = &plan.standing;
        let mut by_point: Vec<(u32, u32)> =
            (0..flows.point.len()).filter(|&f| !flows.planned[f]).map(|f| (flows.point[f], f as u32)).collect();
        by_point.sort_unstable();
        let keys: Vec<(u32, u32)> = plan.point_firm.iter().copied().zip(plan.point_product.iter().copied()).collect();
        let point_of = |one: &Newcomer| keys.binary_search(&(one.buyer.0, one.product.0)).map_or(NONE, |k| k as u32);
        self.newcomer_point = network.newcomers.iter().map(point_of).collect();
        for one in &network.newcomers {
            self.newcomer_cells.push(plan.newcomer_cells as u32);
            plan.newcomer_cells += one.travel_days.max(1) as usize;
        }
        for store in by_point.chunk_by(|a, b| a.0 == b.0) {
            let point = store[0].0;
            if store.len() < 2 && !self.newcomer_point.contains(&point) {
                continue;
            }
            self.shared.extend(store);
            for &(_, flow) in store {
                let Extras { switch, standby_share, .. } = network.contracts.extras_of(flows.contract[flow as usize].index());
                // A standby that takes time is one who takes over.
                let share = if switch.share == 0.0 && switch.takes_time() { *standby_share } else { switch.share };
                if share > 0.0 {
                    let ramp = self.ramp(switch, Fails::Store(point, flow));
                    self.takers.push(Taker { point, ramp, share, who: Who::Flow(flow) });
                }
            }
        }
        for (n, one) in network.newcomers.iter().enumerate() {
            let point = self.newcomer_point[n];
            // Who does not restock the product lacks nothing that it could be asked for.
            let restocks = self.shared.binary_search_by_key(&point, |&(shared, _)| shared).is_ok();
            if restocks && one.switch.share > 0.0 {
                let ramp = self.ramp(&one.switch, Fails::Store(point, NONE));
                self.takers.push(Taker { point, ramp, share: one.switch.share, who: Who::Newcomer(n as u32) });
            }
        }
        self.takers.sort_by_key(|taker| taker.point);
        for taker in &self.takers {
            if let Who::Flow(flow) = taker.who {
                plan.standing.standby_share[flow as usize] = 0.0;
            }
        }
    }

    /// Contracts whose goods or inputs take another way only in time.
    fn detours(&mut self, plan: &Plan, network: &Network) {
        let slow = |row: &&(ContractId, Extras)| {
            let extras = &row.1;
            let others = !extras.alternative_routes.is_empty() || !extras.alternative_input_routes.is_empty();
            others && extras.switch.takes_time()
        };
        let slow: BTreeMap<ContractId, &Switch> =
            network.contracts.extras.iter().filter(slow).map(|(contract, extras)| (*contract, &extras.switch)).collect();
        if slow.is_empty() {
            return;
        }
        let mut known = BTreeMap::new();
        let mut detour = |contract: ContractId, path: u32| {
            let Some(switch) = slow.get(&contract).filter(|_| path != NONE && plan.paths[path as usize].branches.len() > 1) else {
                return NONE;
            };
            *known.entry((contract, path)).or_insert_with(|| self.ramp(switch, Fails::FirstBranch(path)))
        };
        let (flows, orders) = (&plan.standing, &plan.orders);
        let of_flows = flows.contract.iter().zip(&flows.path).map(|(&contract, &path)| detour(contract, path)).collect();
        let of_goods = orders.contract.iter().zip(&orders.path).map(|(&contract, &path)| detour(contract, path)).collect();
        let of_inputs = orders.contract.iter().zip(&orders.input_path).map(|(&contract, &path)| detour(contract, path)).collect();
        (self.flow_detour, self.order_detour, self.input_detour) = (of_flows, of_goods, of_inputs);
    }

    /// Order lines that stand by and take over only in time.
    fn twins(&mut self, plan: &Plan, network: &Network) {
        let orders = &plan.orders;
        let switch = |twin: usize| &network.contracts.extras_of(orders.contract[twin].index()).switch;
        if !plan.twins.iter().any(|&(_, twin)| switch(twin as usize).takes_time() || switch(twin as usize).share > 0.0) {
            return;
        }
        self.twin_ramp = vec![NONE; orders.row.len()];
        let mut known = BTreeMap::new();
        for &(order, twin) in &plan.twins {
            let (order, twin) = (order as usize, twin as usize);
            let path = if orders.input_path[order] == NONE { orders.path[order] } else { orders.input_path[order] };
            let firm = plan.line_firm[orders.line[order] as usize];
            let key = (orders.contract[order], orders.contract[twin]);
            self.twin_ramp[twin] = *known.entry(key).or_insert_with(|| self.ramp(switch(twin), Fails::Seller(path, firm)));
        }
    }
}
