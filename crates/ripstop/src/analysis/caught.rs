//! Goods caught on a date, and how long stores of inputs last: sums over the account of an evening ([`crate::record::caught`]).

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

/// What lines use and make in a day.
struct Turnover {
    /// Place × product → whether a line there uses it.
    uses: Vec<bool>,
    /// Place → step → value at cost of inputs used, and of what is made.
    by_place: Vec<[Vec<f64>; 2]>,
}

impl Turnover {
    /// Of lines that work; what is resold is not used.
    fn of(plan: &Plan, record: &Record, counts: impl Fn(ProductId) -> bool) -> Self {
        let (network, lines) = (&plan.network, plan.network.lines.len());
        let value = |product: ProductId| network.products[product.index()].value_per_unit;
        let mut uses = vec![false; network.products.len() * network.places.len()];
        let mut by_place = vec![[vec![0.0; record.days], vec![0.0; record.days]]; network.places.len()];
        for (l, line) in network.lines.iter().enumerate().filter(|(l, _)| !network.resells(*l)) {
            let place = network.firms[line.firm.index()].place.index();
            let mut used = 0.0;
            for input in network.inputs[line.first_input as usize..line.last_input as usize].iter().filter(|input| counts(input.product)) {
                used += input.per_unit * (1.0 + input.waste_share) * value(input.product);
                uses[place * network.products.len() + input.product.index()] = true;
            }
            let [inputs, made] = &mut by_place[place];
            for (t, output) in record.columns.line_output.iter().skip(l).step_by(lines.max(1)).enumerate() {
                inputs[t] += output * used;
                made[t] += output * value(line.product);
            }
        }
        Self { uses, by_place }
    }

    /// Whether goods are a store of inputs that lines at their place use, and where.
    fn input_at(&self, plan: &Plan, goods: &Goods) -> Option<usize> {
        let Site::Place(place) = goods.key.site else { return None };
        let used = self.uses[place.index() * plan.network.products.len() + goods.key.product.index()];
        (used && goods.key.standing == Standing::Inputs).then_some(place.index())
    }
}

fn mean(column: &[f64], window: Window) -> f64 {
    column.get(window.from..=window.to).map_or(f64::NAN, |days| days.iter().sum::<f64>() / days.len() as f64)
}

/// Stores of inputs at some places (none: all) at the end of step `at`, in days of use: value at cost of the inputs there that lines there
/// use / value of what these use in a day: in the four weeks up to the step, or to the eve of the scenario's first event, whichever is
/// earlier. No number where nothing is used, without a snapshot, or where lines are not recorded.
pub fn input_cover_days(plan: &Plan, record: &Record, which: &Which, at: usize) -> f64 {
    let Some(snapshot) = record.snapshot(at).filter(|_| !record.columns.line_output.is_empty()) else { return f64::NAN };
    let turnover = Turnover::of(plan, record, |product| which.products.is_empty() || which.products.contains(&product));
    let asked = |place: usize| which.places(Site::Place(PlaceId::from(place)));
    let value = |goods: &Goods| goods.units * plan.network.products[goods.key.product.index()].value_per_unit;
    let store: f64 = snapshot.caught.iter().filter(|goods| turnover.input_at(plan, goods).is_some_and(asked)).map(value).sum();
    let window = use_window(record, at);
    let used: f64 = (0..turnover.by_place.len()).filter(|&p| asked(p)).map(|p| mean(&turnover.by_place[p][0], window)).sum();
    if used > 0.0 { store / used } else { f64::NAN }
}

/// Stores of a place, day by day: value at cost, currency 0.
#[derive(Clone, Debug, Default)]
pub struct Stores {
    /// Inputs that lines there use, finished goods not due to leave, and those due.
    pub value: [Vec<f64>; 3],
    /// The same in days: of use of inputs and of output, by the window of [`input_cover_days`]; 0 where nothing is used or made.
    pub cover_days: [Vec<f64>; 3],
}

/// Stores of every place; none where evenings were not kept.
pub fn stores(plan: &Plan, record: &Record) -> Vec<Stores> {
    if !record.evenings.kept() || record.columns.line_output.is_empty() {
        return Vec::new();
    }
    let turnover = Turnover::of(plan, record, |_| true);
    let empty = || [(); 3].map(|()| vec![0.0; record.days]);
    let mut stores: Vec<Stores> = turnover.by_place.iter().map(|_| Stores { value: empty(), cover_days: empty() }).collect();
    for t in 0..record.days {
        for goods in record.evenings.on(t) {
            let value = goods.units * plan.network.products[goods.key.product.index()].value_per_unit;
            match (goods.key.site, goods.key.standing) {
                (Site::Place(place), Standing::NotDue) => stores[place.index()].value[1][t] += value,
                (Site::Place(place), Standing::Due) => stores[place.index()].value[2][t] += value,
                _ => {
                    if let Some(place) = turnover.input_at(plan, goods) {
                        stores[place].value[0][t] += value;
                    }
                }
            }
        }
        let window = use_window(record, t);
        for (store, [used, made]) in stores.iter_mut().zip(&turnover.by_place) {
            for (kind, column) in [used, made, made].into_iter().enumerate() {
                let day = mean(column, window);
                store.cover_days[kind][t] = if day > 0.0 { store.value[kind][t] / day } else { 0.0 };
            }
        }
    }
    stores
}
