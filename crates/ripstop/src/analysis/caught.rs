//! Goods caught on a date, and how long stores of inputs last: sums over the account of an evening ([`crate::record::caught`]).

use std::collections::BTreeMap;

use super::claims::Window;
use crate::model::ids::*;
use crate::plan::Plan;
use crate::record::Record;
use crate::record::caught::{Goods, Reason, Site, Standing};

/// Which goods are summed. An empty list and `None` narrow nothing; where places are named, what is at a gate or on the road is left out,
/// where gates are, all that is not at one of them.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// Where they lie.
    pub places: Vec<PlaceId>,
    /// At which gates they are, held or on the way to them.
    pub gates: Vec<usize>,
    /// Whose they are.
    pub owners: Vec<FirmId>,
    /// What they are.
    pub products: Vec<ProductId>,
    /// How they stand.
    pub standing: Option<Standing>,
    /// Why they are caught.
    pub reason: Option<Reason>,
}

impl Which {
    fn places(&self, site: Site) -> bool {
        let place = self.places.is_empty() || matches!(site, Site::Place(place) if self.places.contains(&place));
        let gate = self.gates.is_empty() || matches!(site, Site::Gate(gate) if self.gates.contains(&(gate as usize)));
        place && gate
    }

    /// Whether goods are among them.
    pub fn has(&self, goods: &Goods) -> bool {
        let key = &goods.key;
        self.places(key.site)
            && (self.owners.is_empty() || self.owners.contains(&key.owner))
            && (self.products.is_empty() || self.products.contains(&key.product))
            && self.standing.is_none_or(|standing| standing == key.standing)
            && key.reason.is_some()
            && self.reason.is_none_or(|reason| key.reason == Some(reason))
    }
}

/// Sum of goods caught at the end of step `at`, units or, times `weight`, what they are worth; no number without a snapshot of it.
pub fn caught(plan: &Plan, record: &Record, which: &Which, at: usize, weight: &dyn Fn(ProductId) -> f64) -> f64 {
    if plan.only_bulk {
        return 0.0;
    }
    let sum = |goods: &[Goods]| goods.iter().filter(|goods| which.has(goods)).map(|goods| goods.units * weight(goods.key.product)).sum();
    record.snapshot(at).map_or(f64::NAN, |snapshot| sum(&snapshot.caught))
}

/// Days of work, four weeks long, by which stores of inputs are measured.
const USE_DAYS: usize = 28;

/// The window of use by which a store is measured at the end of step `at`: the four weeks up to it, or to the eve of the first event of the
/// scenario, whichever is earlier. A plant that stands still would have stores for ever.
fn use_window(record: &Record, at: usize) -> Window {
    let to = if record.first_event > 0 { at.min(record.first_event - 1) } else { at };
    Window { from: (to + 1).saturating_sub(USE_DAYS), to }
}

/// Somebody at a place: whose goods are there.
pub type Stock = (PlaceId, FirmId);

/// What is counted by the day: output of a line, or what is made for a contract's order lines.
#[derive(Clone, Copy)]
enum Daily {
    Line(usize),
    Contract(usize),
}

/// A part of what somebody's goods are used for, or made of: a daily column, and the value at cost of inputs used and of goods made per unit
/// of it. What is made for a client is taken off its maker's and put to the client's.
struct Part {
    of: Daily,
    used: f64,
    made: f64,
}

/// What is left of a maker's output, less what it makes for clients, is rounding below this share.
const NOTHING: f64 = 1e-9;

/// What is used and made in a day, of whose goods. What is resold is not used.
struct Turnover {
    /// Place × product → whether a line there uses it.
    uses: Vec<bool>,
    parts: BTreeMap<Stock, Vec<Part>>,
}

impl Turnover {
    fn of(plan: &Plan, counts: impl Fn(ProductId) -> bool) -> Self {
        let network = &plan.network;
        let value = |product: ProductId| network.products[product.index()].value_per_unit;
        let mut uses = vec![false; network.products.len() * network.places.len()];
        let mut parts: BTreeMap<Stock, Vec<Part>> = BTreeMap::new();
        for (l, line) in network.lines.iter().enumerate().filter(|(l, _)| !network.resells(*l)) {
            let place = network.firms[line.firm.index()].place;
            let mut used = 0.0;
            for input in network.inputs[line.first_input as usize..line.last_input as usize].iter().filter(|input| counts(input.product)) {
                used += input.per_unit * (1.0 + input.waste_share) * value(input.product);
                uses[place.index() * network.products.len() + input.product.index()] = true;
            }
            parts.entry((place, line.firm)).or_default().push(Part { of: Daily::Line(l), used, made: value(line.product) });
        }
        let mut seen = vec![false; network.contracts.len()];
        for order in (0..plan.orders.row.len()).filter(|&order| plan.is_processing(order)) {
            let contract = plan.orders.contract[order].index();
            if std::mem::replace(&mut seen[contract], true) {
                continue;
            }
            let line = &network.lines[plan.orders.line[order] as usize];
            let consigned =
                plan.inputs_of_order(order).map(|input| (ProductId(plan.consigned.product[input]), plan.consigned.used_per_unit[input]));
            let used: f64 = consigned.filter(|&(product, _)| counts(product)).map(|(product, units)| units * value(product)).sum();
            let (place, made) = (network.firms[line.firm.index()].place, value(line.product));
            let mut part = |owner: FirmId, used: f64, made: f64| {
                parts.entry((place, owner)).or_default().push(Part { of: Daily::Contract(contract), used, made });
            };
            part(line.firm, -used, -made);
            part(FirmId(plan.orders.buyer[order]), used, made);
        }
        Self { uses, parts }
    }

    /// Whether goods are a store of inputs that lines at their place use, and where.
    fn input_at(&self, plan: &Plan, goods: &Goods) -> Option<PlaceId> {
        let Site::Place(place) = goods.key.site else { return None };
        let used = self.uses[place.index() * plan.network.products.len() + goods.key.product.index()];
        (used && goods.key.standing == Standing::Inputs).then_some(place)
    }

    /// Value at cost of inputs used of somebody's at a place, and of goods made for them there, every day.
    fn days(&self, plan: &Plan, record: &Record, whose: Stock) -> [Vec<f64>; 2] {
        let mut days = [(); 2].map(|()| vec![0.0; record.days]);
        let mut gross = days.clone();
        for part in self.parts.get(&whose).into_iter().flatten() {
            let (column, width, at) = match part.of {
                Daily::Line(line) => (&record.columns.line_output, plan.network.lines.len(), line),
                Daily::Contract(contract) => (&record.columns.contract_made, plan.network.contracts.len(), contract),
            };
            for (t, units) in column.iter().skip(at).step_by(width).enumerate() {
                days[0][t] += units * part.used;
                days[1][t] += units * part.made;
                gross[0][t] += units * part.used.abs();
                gross[1][t] += units * part.made.abs();
            }
        }
        // What a maker does for clients alone leaves nothing of its own but rounding.
        for (column, gross) in days.iter_mut().zip(&gross) {
            column.iter_mut().zip(gross).filter(|(day, gross)| **day <= NOTHING * **gross).for_each(|(day, _)| *day = 0.0);
        }
        days
    }
}

fn mean(column: &[f64], window: Window) -> f64 {
    column.get(window.from..=window.to).map_or(f64::NAN, |days| days.iter().sum::<f64>() / days.len() as f64)
}

/// Stores of inputs at some places, of some owners (none named: all), at the end of step `at`, in days of use: value at cost of the inputs
/// there that lines there use / value of what is used of these owners' in a day: in the four weeks up to the step, or to the eve of the
/// scenario's first event, whichever is earlier. What is made for a client uses what the client has consigned. No number where nothing is
/// used, without a snapshot, or where lines are not recorded.
pub fn input_cover_days(plan: &Plan, record: &Record, which: &Which, at: usize) -> f64 {
    let Some(snapshot) = record.snapshot(at).filter(|_| !record.columns.line_output.is_empty()) else { return f64::NAN };
    let turnover = Turnover::of(plan, |product| which.products.is_empty() || which.products.contains(&product));
    let owned = |owner: FirmId| which.owners.is_empty() || which.owners.contains(&owner);
    let asked = |(place, owner): Stock| which.places(Site::Place(place)) && owned(owner);
    let value = |goods: &Goods| goods.units * plan.network.products[goods.key.product.index()].value_per_unit;
    let here = |goods: &&Goods| turnover.input_at(plan, goods).is_some_and(|place| asked((place, goods.key.owner)));
    let store: f64 = snapshot.caught.iter().filter(here).map(value).sum();
    let window = use_window(record, at);
    let used = |whose: Stock| mean(&turnover.days(plan, record, whose)[0], window);
    let used: f64 = turnover.parts.keys().copied().filter(|&whose| asked(whose)).map(used).sum();
    if used > 0.0 { store / used } else { f64::NAN }
}

/// Stores at a place, day by day: value at cost, currency 0.
#[derive(Clone, Debug, Default)]
pub struct Stores {
    /// Inputs that lines there use, finished goods not due to leave, and those due.
    pub value: [Vec<f64>; 3],
    /// The same in days: of use of inputs and of output, by the window of [`input_cover_days`]; 0 where nothing is used or made.
    pub cover_days: [Vec<f64>; 3],
}

impl Stores {
    fn empty(days: usize) -> Self {
        let empty = || [(); 3].map(|()| vec![0.0; days]);
        Self { value: empty(), cover_days: empty() }
    }

    fn add(&mut self, other: &Self) {
        let columns = self.value.iter_mut().zip(&other.value);
        columns.for_each(|(sum, column)| sum.iter_mut().zip(column).for_each(|(sum, value)| *sum += value));
    }

    /// Days of cover, by what is used and made in a day.
    fn cover(&mut self, record: &Record, [used, made]: &[Vec<f64>; 2]) {
        for (kind, column) in [used, made, made].into_iter().enumerate() {
            for t in 0..record.days {
                let day = mean(column, use_window(record, t));
                self.cover_days[kind][t] = if day > 0.0 { self.value[kind][t] / day } else { 0.0 };
            }
        }
    }
}

/// Stores of every place, and at it of every owner who has some; none where evenings were not kept.
pub fn stores(plan: &Plan, record: &Record) -> BTreeMap<(PlaceId, Option<FirmId>), Stores> {
    let mut all: BTreeMap<(PlaceId, Option<FirmId>), Stores> = BTreeMap::new();
    if !record.evenings.kept() || record.columns.line_output.is_empty() {
        return all;
    }
    let turnover = Turnover::of(plan, |_| true);
    for t in 0..record.days {
        for goods in record.evenings.on(t) {
            let kind = match (goods.key.site, goods.key.standing) {
                (Site::Place(place), Standing::NotDue) => Some((place, 1)),
                (Site::Place(place), Standing::Due) => Some((place, 2)),
                _ => turnover.input_at(plan, goods).map(|place| (place, 0)),
            };
            if let Some((place, kind)) = kind {
                let stores = all.entry((place, Some(goods.key.owner))).or_insert_with(|| Stores::empty(record.days));
                stores.value[kind][t] += goods.units * plan.network.products[goods.key.product.index()].value_per_unit;
            }
        }
    }
    let mut places: BTreeMap<PlaceId, (Stores, [Vec<f64>; 2])> = BTreeMap::new();
    for (&(place, owner), stores) in &mut all {
        let (sum, _) = places.entry(place).or_insert_with(|| (Stores::empty(record.days), [(); 2].map(|()| vec![0.0; record.days])));
        sum.add(stores);
        if let Some(owner) = owner {
            stores.cover(record, &turnover.days(plan, record, (place, owner)));
        }
    }
    for &whose in turnover.parts.keys() {
        let Some((_, days)) = places.get_mut(&whose.0) else { continue };
        let own = turnover.days(plan, record, whose);
        days.iter_mut().zip(own).for_each(|(sum, own)| sum.iter_mut().zip(own).for_each(|(sum, own)| *sum += own));
    }
    for (place, (mut stores, days)) in places {
        stores.cover(record, &days);
        all.insert((place, None), stores);
    }
    all
}
