//! Goods caught: what there is in the evening, by where it is, whose it is and how it stands, and why it cannot be got out.
//!
//! A good is caught by the first reason that applies: *frozen*, its place is out of reach; *held*, it waits at a gate; *stranded*, it is
//! finished and due, and no way out is open for its class; *shut in*, no way out is open for the class of its contract. Inputs take the ways
//! of what is made of them, goods on the way those that are left of theirs. All is summed from the state of the evening
//! (docs/model.md, *Afterwards*).

use crate::model::ids::*;
use crate::plan::columns::RestoreError;
use crate::plan::state::{BUYER_GONE, Stage, State};
use crate::plan::stocks::each_of_bulk;
use crate::plan::transit::{NO_GATE, Path};
use crate::plan::{NONE, Plan};
use crate::rule::title::{self, Side};

/// Where goods are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Site {
    /// At a place.
    Place(PlaceId),
    /// At a gate (number of [`crate::plan::gate`]), or on the way to one that is shut: on the sender's side of it.
    Gate(u32),
    /// On the way, with no shut gate before them.
    Road,
}

/// How goods stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// In a store, for use.
    Inputs,
    /// Finished and not due to leave.
    NotDue,
    /// Finished and due to leave.
    Due,
    /// On the way.
    OnTheWay,
    /// On the way and held, at a gate or by a limit in tonnes.
    Held,
    /// Kept by the maker so far: no longer part of what there is.
    Retained,
}

impl Standing {
    /// All, in order of their numbers.
    pub const ALL: [Self; 6] = [Self::Inputs, Self::NotDue, Self::Due, Self::OnTheWay, Self::Held, Self::Retained];

    /// The word used in files.
    pub fn word(self) -> &'static str {
        ["inputs", "finished_not_due", "finished_due", "on_the_way", "held", "retained"][self as usize]
    }
}

/// Why goods are caught.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Their place is out of reach.
    Frozen,
    /// They wait at a gate.
    Held,
    /// They are finished and due, and no way out is open, or a rule keeps them.
    Stranded,
    /// No way out is open for the class of their contract.
    ShutIn,
}

impl Reason {
    /// All, the first that applies first.
    pub const ALL: [Self; 4] = [Self::Frozen, Self::Held, Self::Stranded, Self::ShutIn];

    /// The word used in files.
    pub fn word(self) -> &'static str {
        ["frozen", "held", "stranded", "shut_in"][self as usize]
    }
}

/// What goods are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Where they are.
    pub site: Site,
    /// Whose they are.
    pub owner: FirmId,
    /// What they are.
    pub product: ProductId,
    /// How they stand.
    pub standing: Standing,
    /// Why they are caught; `None`: they are free.
    pub reason: Option<Reason>,
}

/// Goods of one kind, in the evening.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goods {
    /// What they are told apart by.
    pub key: Key,
    /// How much, in the product's unit.
    pub units: f64,
}

/// All goods of an evening, caught or free, and what makers have kept so far, in order of their keys. Without the kept they sum, per
/// product, to what the audit holds ([`State::content`]).
pub fn account(plan: &Plan, state: &State) -> Vec<Goods> {
    let mut all = Vec::new();
    visited(plan, state, &mut all);
    // Stable, so that equal keys are summed in the order in which they were visited.
    all.sort_by_key(|goods| goods.key);
    all.dedup_by(|next, sum| {
        let same = next.key == sum.key;
        sum.units += if same { next.units } else { 0.0 };
        same
    });
    all
}

/// Adds the same to a list as it is found, without summing.
pub(super) fn visited(plan: &Plan, state: &State, all: &mut Vec<Goods>) {
    each(plan, state, &mut |key, units| all.push(Goods { key, units }));
    retained(plan, state, &mut |key, units| all.push(Goods { key, units }));
}

/// Calls `visit` with everything there is, except what makers have kept.
fn each(plan: &Plan, state: &State, visit: &mut impl FnMut(Key, f64)) {
    let mut tell = |key: Key, units: f64| {
        if units != 0.0 {
            visit(key, units);
        }
    };
    let ways = Ways::of(plan, state);
    stores(plan, state, &ways, &mut tell);
    flows(plan, state, &mut tell);
    for &firm in &plan.order_firms {
        for order in state.order_low[firm as usize] as usize..state.order_high[firm as usize] as usize {
            if state.stage[order] != Stage::Closed as u8 {
                order_goods(plan, state, order, &mut tell);
                order_inputs(plan, state, order, &mut tell);
            }
        }
    }
}

/// The lines none of whose ways out is open.
struct Ways {
    shut: Vec<bool>,
}

impl Ways {
    fn of(plan: &Plan, state: &State) -> Self {
        // Line → 1: a way that is not open, 2: one that is. What is sold where it is made, and bulk contracts, pass nothing.
        let mut ways = vec![0_u8; plan.network.lines.len()];
        let mut add = |line: usize, open: bool| ways[line] |= 1 + u8::from(open);
        plan.network.demands.iter().for_each(|demand| add(demand.line.index(), true));
        plan.bulk.seller.iter().for_each(|&line| add(line as usize, true));
        let flows = &plan.standing;
        for flow in 0..flows.contract.len() {
            add(flows.line[flow] as usize, flow_is_open(plan, state, flow));
        }
        for order in 0..plan.orders.row.len() {
            add(plan.orders.line[order] as usize, order_is_open(plan, state, order));
        }
        Self { shut: ways.iter().map(|&ways| ways == 1).collect() }
    }
}

/// Whether goods of a standing flow can leave, and reach their buyer.
fn flow_is_open(plan: &Plan, state: &State, flow: usize) -> bool {
    let flows = &plan.standing;
    let buyer = plan.point_firm[flows.point[flow] as usize] as usize;
    let gone = state.flow_gone[flow] & BUYER_GONE != 0;
    state.shut_gates[flows.path[flow] as usize] == 0 && !gone && !state.frozen(plan, buyer)
}

/// The same of an order line: nobody collects for a client that has stopped.
fn order_is_open(plan: &Plan, state: &State, order: usize) -> bool {
    let buyer = plan.orders.buyer[order] as usize;
    state.shut_gates[plan.orders.path[order] as usize] == 0 && !state.ended(buyer) && !state.frozen(plan, buyer)
}

/// A good at its firm's place: frozen, or caught for the other reason, if there is one.
fn at_place(plan: &Plan, state: &State, firm: usize, otherwise: Option<Reason>) -> (Site, Option<Reason>) {
    let reason = if state.frozen(plan, firm) { Some(Reason::Frozen) } else { otherwise };
    (Site::Place(plan.network.firms[firm].place), reason)
}

/// Stores of firms, what lines have finished for standing business, and bulk goods.
fn stores(plan: &Plan, state: &State, ways: &Ways, tell: &mut impl FnMut(Key, f64)) {
    // Stock point → 1: a line without a way out takes from it, 2: one with a way. What no line takes is not caught by shut ways: it has
    // come to stay, or has not set out.
    let mut takers = vec![0_u8; state.stock.len()];
    for &l in &plan.general_lines {
        for input in plan.uses_of(l as usize) {
            takers[input.point as usize] |= 1 + u8::from(!ways.shut[l as usize]);
        }
    }
    let shut_in = |shut: bool| shut.then_some(Reason::ShutIn);
    for (point, &units) in state.stock.iter().enumerate() {
        let firm = plan.point_firm[point] as usize;
        let (site, reason) = at_place(plan, state, firm, shut_in(takers[point] == 1));
        let (owner, product) = (FirmId::from(firm), ProductId(plan.point_product[point]));
        tell(Key { site, owner, product, standing: Standing::Inputs, reason }, units);
    }
    let finished = |l: usize| {
        let (firm, product) = (plan.line_firm[l] as usize, ProductId(plan.line_product[l]));
        let due = state.standing_stranded(l);
        let otherwise = if due { Some(Reason::Stranded) } else { shut_in(ways.shut[l]) };
        let (site, reason) = at_place(plan, state, firm, otherwise);
        let standing = if due { Standing::Due } else { Standing::NotDue };
        Key { site, owner: FirmId::from(firm), product, standing, reason }
    };
    for l in 0..state.finished.len() {
        tell(finished(l), state.finished[l]);
    }
    each_of_bulk(plan, state, |i, row, units| {
        let l = plan.bulk.lines[i] as usize;
        let product = ProductId(plan.bulk.row_product[row]);
        let (site, reason) = at_place(plan, state, plan.line_firm[l] as usize, shut_in(ways.shut[l]));
        tell(Key { site, owner: FirmId(plan.line_firm[l]), product, standing: Standing::Inputs, reason }, units);
    });
    for (l, &sent) in state.bulk_sent.iter().enumerate() {
        let key = Key { site: Site::Road, standing: Standing::OnTheWay, reason: None, ..finished(l) };
        tell(key, sent);
    }
}

/// Goods of standing flows on the way, and those of sellers outside the network, which are paid with the order.
fn flows(plan: &Plan, state: &State, tell: &mut impl FnMut(Key, f64)) {
    for stream in &plan.standing.streams {
        let (path, cells) = plan.path_of(stream);
        let cells = &state.cells[cells];
        for (at, flow) in stream.flows().enumerate() {
            let buyer = plan.point_firm[plan.standing.point[flow] as usize] as usize;
            let owner = match title::on_the_way(false, plan.standing.title_at_loading[flow]) {
                Side::Seller => FirmId(plan.line_firm[plan.standing.line[flow] as usize]),
                Side::Buyer => FirmId::from(buyer),
            };
            let of = Travelling {
                owner,
                product: ProductId(stream.product),
                to_frozen: state.frozen(plan, buyer),
                width: stream.width as usize,
            };
            on_path(state, path, &cells[at..], &of, tell);
            of.before_its_place(state.flow_waits.get(flow), tell);
        }
    }
    for (n, one) in plan.network.newcomers.iter().enumerate() {
        let reason = state.frozen(plan, one.buyer.index()).then_some(Reason::ShutIn);
        let of = Key { site: Site::Road, owner: one.buyer, product: one.product, standing: Standing::OnTheWay, reason };
        tell(of, state.newcomer_cells[plan.switching.cells_of(n, one)].iter().sum());
    }
}

/// The firm that owns an order line's goods until they are delivered ([`title::at_maker`]; the title of order lines passes at delivery).
pub fn owner_of(plan: &Plan, order: usize) -> usize {
    match title::at_maker(plan.is_processing(order)) {
        Side::Buyer => plan.orders.buyer[order] as usize,
        Side::Seller => plan.network.lines[plan.orders.line[order] as usize].firm.index(),
    }
}

/// What travels, whether the place it goes to is out of reach, and how many items lie side by side in its cells.
struct Travelling {
    owner: FirmId,
    product: ProductId,
    to_frozen: bool,
    width: usize,
}

impl Travelling {
    fn key(&self, site: Site, standing: Standing, reason: Option<Reason>) -> Key {
        Key { site, owner: self.owner, product: self.product, standing, reason }
    }

    /// What has come and waits before a place out of reach.
    fn before_its_place(&self, units: Option<&f64>, tell: &mut impl FnMut(Key, f64)) {
        tell(self.key(Site::Road, Standing::OnTheWay, Some(Reason::ShutIn)), units.copied().unwrap_or(0.0));
    }
}

/// What is on a path: held at a gate, on the way to one that is shut, or moving. `cells`: from the item's first on, so many side by side.
fn on_path(state: &State, path: &Path, cells: &[f64], of: &Travelling, tell: &mut impl FnMut(Key, f64)) {
    let is_shut = |gate: u32| gate != NO_GATE && state.open[gate as usize] <= 0.0;
    for (at, hop) in path.hops.iter().enumerate() {
        let moving: f64 = (hop.ring..hop.ring + hop.days).map(|cell| cells[cell as usize * of.width]).sum();
        let held = if hop.holds() { cells[hop.held as usize * of.width] } else { 0.0 };
        if moving == 0.0 && held == 0.0 {
            continue;
        }
        let rest = if hop.last { 0 } else { path.hops[at + 1..].iter().position(|next| next.last).map_or(0, |last| last + 1) };
        let ahead = path.hops[at + 1..][..rest].iter().map(|next| next.gate).find(|&gate| is_shut(gate));
        let site = ahead.map_or(Site::Road, Site::Gate);
        let reason = (ahead.is_some() || of.to_frozen).then_some(Reason::ShutIn);
        tell(of.key(site, Standing::OnTheWay, reason), moving);
        // What waits at a leg's limit waits at no gate.
        let waits = if hop.gate == NO_GATE { (site, reason) } else { (Site::Gate(hop.gate), Some(Reason::Held)) };
        tell(of.key(waits.0, Standing::Held, waits.1), held);
    }
}

/// Finished goods of an order line, at the maker and on the way.
fn order_goods(plan: &Plan, state: &State, order: usize, tell: &mut impl FnMut(Key, f64)) {
    let orders = &plan.orders;
    let (maker, buyer) = (plan.line_firm[orders.line[order] as usize] as usize, orders.buyer[order] as usize);
    let (owner, product) = (FirmId::from(owner_of(plan, order)), ProductId(plan.point_product[orders.point[order] as usize]));
    // What spoils in the evening spoils after it was told what is due.
    let finished = state.order_finished[order];
    let stranded = state.order_stranded[order].min(finished);
    let delayed = state.order_delayed[order].min(finished - stranded);
    let shut_in = (!order_is_open(plan, state, order)).then_some(Reason::ShutIn);
    for (standing, units, otherwise) in [
        (Standing::Due, stranded, Some(Reason::Stranded)),
        (Standing::Due, delayed, None),
        (Standing::NotDue, finished - stranded - delayed, shut_in),
    ] {
        let (site, reason) = at_place(plan, state, maker, otherwise);
        tell(Key { site, owner, product, standing, reason }, units);
    }
    if state.order_in_transit[order] != 0.0 {
        let of = Travelling { owner, product, to_frozen: state.frozen(plan, buyer), width: 1 };
        let cells = &state.cells[orders.cells[order] as usize..];
        on_path(state, &plan.paths[orders.path[order] as usize], cells, &of, tell);
        of.before_its_place(state.order_waits.get(order), tell);
    }
}

/// Inputs a client has consigned for an order line: at the maker, on the way, and what is left of them on its way back.
fn order_inputs(plan: &Plan, state: &State, order: usize, tell: &mut impl FnMut(Key, f64)) {
    let orders = &plan.orders;
    let (maker, client) = (plan.line_firm[orders.line[order] as usize] as usize, orders.buyer[order] as usize);
    let shut_in = (!order_is_open(plan, state, order)).then_some(Reason::ShutIn);
    for input in plan.inputs_of_order(order) {
        let product = ProductId(plan.consigned.product[input]);
        let of = Travelling { owner: FirmId::from(client), product, to_frozen: state.frozen(plan, maker), width: 1 };
        let (site, reason) = at_place(plan, state, maker, shut_in);
        tell(of.key(site, Standing::Inputs, reason), state.input_stock[input]);
        tell(of.key(Site::Road, Standing::OnTheWay, shut_in), state.returning[input]);
        if state.input_in_transit[input] != 0.0 && orders.input_path[order] != NONE {
            let cells = &state.cells[plan.consigned.cells[input] as usize..];
            on_path(state, &plan.paths[orders.input_path[order] as usize], cells, &of, tell);
            of.before_its_place(state.input_waits.get(input), tell);
        }
    }
}

/// What makers have kept of their clients' goods so far, where it was kept. It is told and not summed: it has left the books.
fn retained(plan: &Plan, state: &State, tell: &mut impl FnMut(Key, f64)) {
    if state.order_retained.is_empty() {
        return;
    }
    for order in (0..plan.orders.row.len()).filter(|&order| state.stage[order] != Stage::Future as u8) {
        let maker = plan.line_firm[plan.orders.line[order] as usize] as usize;
        let site = Site::Place(plan.network.firms[maker].place);
        let goods = (ProductId(plan.point_product[plan.orders.point[order] as usize]), state.order_retained[order]);
        let inputs = plan.inputs_of_order(order).map(|input| (ProductId(plan.consigned.product[input]), state.input_retained[input]));
        for (product, units) in std::iter::once(goods).chain(inputs).filter(|&(_, units)| units > 0.0) {
            let owner = FirmId::from(owner_of(plan, order));
            tell(Key { site, owner, product, standing: Standing::Retained, reason: None }, units);
        }
    }
}

/// Numbers of a key as saved: kind and number of the site, owner, product, standing, reason counted from 1.
pub(super) const KEY: usize = 6;

/// Goods as columns of numbers.
pub(super) fn flat(goods: &[Goods]) -> (Vec<u32>, Vec<f64>) {
    let key = |goods: &Goods| {
        let Key { site, owner, product, standing, reason } = goods.key;
        let (kind, number) = match site {
            Site::Place(place) => (0, place.0),
            Site::Gate(gate) => (1, gate),
            Site::Road => (2, 0),
        };
        [kind, number, owner.0, product.0, standing as u32, reason.map_or(0, |reason| reason as u32 + 1)]
    };
    (goods.iter().flat_map(key).collect(), goods.iter().map(|goods| goods.units).collect())
}

/// Goods from columns of numbers.
///
/// Errors: a number that names nothing of this network.
pub(super) fn unflat(plan: &Plan, keys: &[u32], units: &[f64]) -> Result<Vec<Goods>, RestoreError> {
    let network = &plan.network;
    let wrong = |found: u32| RestoreError::Value { column: "caught.keys".to_string(), found: u64::from(found) };
    let below = |number: u32, count: usize| if (number as usize) < count { Ok(number) } else { Err(wrong(number)) };
    let (all, rest) = keys.as_chunks::<KEY>();
    if !rest.is_empty() || all.len() != units.len() {
        return Err(RestoreError::Length { column: "caught.keys".to_string(), found: keys.len(), wanted: units.len() * KEY });
    }
    let goods = |(&[kind, number, owner, product, standing, reason], &units): (&[u32; KEY], &f64)| {
        let site = match kind {
            0 => Site::Place(PlaceId(below(number, network.places.len())?)),
            1 => Site::Gate(below(number, plan.gates)?),
            2 => Site::Road,
            other => return Err(wrong(other)),
        };
        let owner = FirmId(below(owner, network.firms.len())?);
        let product = ProductId(below(product, network.products.len())?);
        let standing = *Standing::ALL.get(standing as usize).ok_or_else(|| wrong(standing))?;
        let reason = match reason {
            0 => None,
            reason => Some(*Reason::ALL.get(reason as usize - 1).ok_or_else(|| wrong(reason))?),
        };
        Ok(Goods { key: Key { site, owner, product, standing, reason }, units })
    };
    all.iter().zip(units).map(goods).collect()
}
