//! Claims: statements a source made, as conditions on what a run left.
//!
//! A claim holds if each of its conditions holds for every scope it names. A condition is a [`Measure`] with bounds.

use super::caught::{self, Which};
use crate::law::{self, Outcome, Shared};
use crate::model::calendar::Day;
use crate::model::ids::*;
use crate::plan::{NEVER, Plan};
use crate::record::{Record, Snapshot, price_share};
use crate::rule::cause::{Cause, stopped};

/// Firms, lines and products a condition speaks of.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Firms.
    pub firms: Vec<FirmId>,
    /// Lines.
    pub lines: Vec<LineId>,
    /// Products.
    pub products: Vec<ProductId>,
}

/// A window of steps, first to last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First step.
    pub from: usize,
    /// Last step.
    pub to: usize,
}

impl Window {
    fn steps(self, record: &Record) -> std::ops::Range<usize> {
        self.from.min(record.days)..(self.to + 1).min(record.days)
    }

    fn days(self) -> f64 {
        (self.to + 1).saturating_sub(self.from) as f64
    }
}

/// What is measured. Dates are steps; `at` is the claim's date.
#[derive(Clone, Debug)]
pub enum Measure {
    /// Labour used / labour of those employed; 0 where nobody is left.
    Utilisation(Window),
    /// Value passed through gates per day, relative to another window.
    Passages {
        /// The gates.
        gates: Vec<usize>,
        /// The window.
        window: Window,
        /// The window it is compared with; `None`: value per day, currency.
        relative: Option<Window>,
    },
    /// Smallest month / median month of the value passed through gates.
    PassagesMinMonth {
        /// The gates.
        gates: Vec<usize>,
        /// The whole months.
        months: Vec<Window>,
    },
    /// Of the pieces made in the window, the share still at the makers (first made, first shipped).
    UnshippedShare {
        /// When they were made.
        made: Window,
        /// The claim's date.
        at: usize,
    },
    /// Of the fee on the pieces made in the window, the share not paid, due or not (first made, first paid).
    FeeUnpaidShare {
        /// When they were made.
        made: Window,
        /// The claim's date.
        at: usize,
    },
    /// Firms whose utilisation over 14 days is at most 5 %, off-season days left out.
    FirmsShut {
        /// The claim's date.
        at: usize,
    },
    /// Arrears of wages, worker-days per worker.
    ArrearsDaysPerWorker {
        /// The claim's date.
        at: usize,
    },
    /// Share of the products whose retail list price exceeds a price.
    ListPriceShare {
        /// The price, currency.
        price: f64,
    },
    /// Units lost on the way.
    LostUnits(Window),
    /// Of the pieces of order lines whose season ended in the window, the share undelivered and marked down to half or less.
    SeasonMissedShare {
        /// When the season ended.
        season: Window,
        /// The claim's date.
        at: usize,
    },
    /// Firms with a compensation claim open on the date.
    Claimants {
        /// The claim's date.
        at: usize,
    },
    /// Median over claimants of compensation received / claimed.
    CompensationReceivedMedian {
        /// The claim's date.
        at: usize,
    },
    /// Output at its price in a window / in another.
    OutputRatio {
        /// The window.
        window: Window,
        /// The window it is compared with.
        relative: Window,
    },
    /// (Cash − arrears of wages) / monthly wages.
    LiquidityMonths {
        /// The claim's date.
        at: usize,
    },
    /// Finished goods that are stranded on the date, units.
    StrandedUnits {
        /// The claim's date.
        at: usize,
    },
    /// The same, value at cost, currency.
    StrandedValue {
        /// The claim's date.
        at: usize,
    },
    /// Goods caught on the date: units, or their value at cost, currency.
    Caught {
        /// The claim's date.
        at: usize,
        /// Which goods.
        which: Which,
        /// Their value instead of their units.
        value: bool,
    },
    /// Inputs in stores on the date, in days of use.
    InputCoverDays {
        /// The claim's date.
        at: usize,
        /// Where, and of what.
        which: Which,
    },
    /// Workers without work, mean of the working days of the window: the firms' full workforce, the dismissed and the absent among it, less
    /// the labour used. What is usual without the events is not taken off.
    WorkersIdle(Window),
    /// Of some contracts, the share with a finding of some outcomes under some rules, up to a day.
    FindingsShare {
        /// Rules and facts.
        screen: Shared,
        /// The contracts.
        contracts: Vec<ContractId>,
        /// Rules that count, by their place in the screen; empty: all.
        rules: Vec<u32>,
        /// Outcomes that count.
        outcomes: Vec<Outcome>,
        /// Last day.
        until: Day,
    },
    /// Line-days stopped for a cause (an input matches any input), or for any.
    StoppedDays {
        /// The window.
        window: Window,
        /// The cause; `None`: any that stops a line.
        cause: Option<Cause>,
    },
}

/// Bounds of a condition; all given must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// value ≥ bound.
    pub at_least: Option<f64>,
    /// value ≤ bound.
    pub at_most: Option<f64>,
    /// value > bound.
    pub above: Option<f64>,
    /// value < bound.
    pub below: Option<f64>,
}

impl Bounds {
    /// Whether a value lies within; a value that is no number does not.
    pub fn hold(&self, value: f64) -> bool {
        !value.is_nan()
            && self.at_least.is_none_or(|b| value >= b)
            && self.at_most.is_none_or(|b| value <= b)
            && self.above.is_none_or(|b| value > b)
            && self.below.is_none_or(|b| value < b)
    }

    /// How far inside the bounds a value lies (negative: outside), to find the scope that fares worst.
    fn margin(&self, value: f64) -> f64 {
        let lower = self.at_least.or(self.above).map_or(f64::INFINITY, |b| value - b);
        let upper = self.at_most.or(self.below).map_or(f64::INFINITY, |b| b - value);
        if value.is_nan() { f64::NEG_INFINITY } else { lower.min(upper) }
    }
}

/// One condition.
#[derive(Clone, Debug)]
pub struct Condition {
    /// What is measured.
    pub measure: Measure,
    /// Each of these must satisfy the bounds.
    pub scopes: Vec<Scope>,
    /// The bounds.
    pub bounds: Bounds,
}

/// A condition's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Whether it holds.
    pub holds: bool,
    /// The value of the scope that fares worst.
    pub value: f64,
}

/// Steps at which a condition needs snapshots.
pub fn probes(conditions: &[Condition]) -> Vec<usize> {
    let mut steps = Vec::new();
    for condition in conditions {
        match &condition.measure {
            Measure::UnshippedShare { made, at } | Measure::FeeUnpaidShare { made, at } => {
                steps.extend([made.from.saturating_sub(1), made.to, *at]);
            }
            Measure::SeasonMissedShare { at, .. } | Measure::Claimants { at } | Measure::CompensationReceivedMedian { at } => {
                steps.push(*at)
            }
            Measure::Caught { at, .. } | Measure::InputCoverDays { at, .. } => steps.push(*at),
            Measure::LostUnits(window) => steps.extend([window.from.saturating_sub(1), window.to]),
            _ => {}
        }
    }
    steps.sort_unstable();
    steps.dedup();
    steps
}

/// Evaluates a condition; needs [`crate::record::Detail::Full`] and the snapshots of [`probes`].
pub fn evaluate(plan: &Plan, record: &Record, condition: &Condition) -> Answer {
    let mut worst = f64::NAN;
    let mut margin = f64::INFINITY;
    let mut holds = !condition.scopes.is_empty();
    for (at, scope) in condition.scopes.iter().enumerate() {
        let value = measure(plan, record, &condition.measure, scope);
        holds &= condition.bounds.hold(value);
        if at == 0 || condition.bounds.margin(value) < margin {
            margin = condition.bounds.margin(value);
            worst = value;
        }
    }
    Answer { holds, value: worst }
}

fn measure(plan: &Plan, record: &Record, measure: &Measure, scope: &Scope) -> f64 {
    match measure {
        Measure::Utilisation(window) => utilisation(plan, record, scope, *window),
        Measure::Passages { gates, window, relative } => {
            let per_day = |w: Window| passed(plan, record, gates, w) / w.days();
            per_day(*window) / relative.map_or(1.0, per_day)
        }
        Measure::PassagesMinMonth { gates, months } => passages_min_month(plan, record, gates, months),
        Measure::UnshippedShare { made, at } => unshipped_share(plan, record, scope, *made, *at),
        Measure::FeeUnpaidShare { made, at } => fee_unpaid_share(plan, record, scope, *made, *at),
        Measure::FirmsShut { at } => scope.firms.iter().filter(|f| firm_shut(plan, record, f.index(), *at)).count() as f64,
        Measure::ArrearsDaysPerWorker { at } => {
            sum_firms(plan, record, &record.columns.firm_arrears_days, scope, *at) / workers(plan, scope)
        }
        Measure::ListPriceShare { price } => {
            let above = |p: &&ProductId| plan.network.products[p.index()].retail_price_per_unit > *price;
            scope.products.iter().filter(above).count() as f64 / scope.products.len() as f64
        }
        Measure::LostUnits(window) => lost_units(record, scope, *window),
        Measure::SeasonMissedShare { season, at } => season_missed_share(plan, record, scope, *season, *at),
        Measure::Claimants { at } => claimants(plan, record, scope, *at).len() as f64,
        Measure::CompensationReceivedMedian { at } => {
            let shares: Vec<f64> = claimants(plan, record, scope, *at).iter().map(|(claimed, received)| received / claimed).collect();
            crate::model::draws::quantile(&shares, 0.5).unwrap_or(f64::NAN)
        }
        Measure::OutputRatio { window, relative } => output(plan, record, scope, *window) / output(plan, record, scope, *relative),
        Measure::LiquidityMonths { at } => {
            let cash = sum_firms(plan, record, &record.columns.firm_cash, scope, *at);
            let arrears = sum_firms(plan, record, &record.columns.firm_arrears, scope, *at);
            let wages: f64 = scope.firms.iter().map(|f| &plan.network.firms[f.index()]).map(|f| f.workers * f.wage_per_month).sum();
            (cash - arrears) / wages
        }
        Measure::StrandedUnits { at } => stranded(plan, record, scope, *at, &|_| 1.0),
        Measure::StrandedValue { at } => stranded(plan, record, scope, *at, &|p| plan.network.products[p.index()].value_per_unit),
        Measure::Caught { at, which, value } => {
            let weight = |p: ProductId| if *value { plan.network.products[p.index()].value_per_unit } else { 1.0 };
            caught::caught(plan, record, which, *at, &weight)
        }
        Measure::InputCoverDays { at, which } => caught::input_cover_days(plan, record, which, *at),
        Measure::WorkersIdle(window) => workers_idle(plan, record, scope, *window),
        Measure::FindingsShare { screen, contracts, rules, outcomes, until } => {
            let mut contracts = contracts.clone();
            contracts.retain(|c| scope.lines.contains(&plan.network.contracts.seller[c.index()]));
            let asked = law::Asked { contracts: &contracts, rules, until: *until };
            let mut found: Vec<ContractId> = law::screen_by(plan, record, screen, &asked)
                .iter()
                .filter(|f| outcomes.contains(&f.outcome))
                .map(|f| f.candidate.consignment.contract)
                .collect();
            found.dedup();
            found.len() as f64 / contracts.len() as f64
        }
        Measure::StoppedDays { window, cause } => stopped_days(plan, record, scope, *window, *cause),
    }
}

fn sum_firms(plan: &Plan, record: &Record, column: &[f64], scope: &Scope, t: usize) -> f64 {
    let firms = plan.network.firms.len();
    if t >= record.days {
        return f64::NAN;
    }
    scope.firms.iter().map(|f| column[t * firms + f.index()]).sum()
}

fn workers(plan: &Plan, scope: &Scope) -> f64 {
    scope.firms.iter().map(|f| plan.network.firms[f.index()].workers).sum()
}

fn utilisation(plan: &Plan, record: &Record, scope: &Scope, window: Window) -> f64 {
    let firms = plan.network.firms.len();
    let (mut used, mut employed, mut ever) = (0.0, 0.0, false);
    for t in window.steps(record) {
        for firm in &scope.firms {
            used += record.columns.firm_used[t * firms + firm.index()];
            employed += record.columns.firm_employed[t * firms + firm.index()];
            ever |= plan.workers[firm.index()] > 0.0 && !plan.lines_of(firm.index()).is_empty() && !plan.rests(firm.index(), t);
        }
    }
    // Nobody left is nobody at work; where nobody ever was there is nothing to measure.
    if ever && employed == 0.0 { 0.0 } else { used / employed }
}

/// Sum over firms of workers less the mean labour used on working days, whoever comes; all of them where there is no such day.
fn workers_idle(plan: &Plan, record: &Record, scope: &Scope, window: Window) -> f64 {
    let firms = plan.network.firms.len();
    let idle = |firm: &FirmId| {
        let (mut used, mut days) = (0.0, 0.0);
        for t in window.steps(record).filter(|&t| !plan.rests(firm.index(), t)) {
            used += record.columns.firm_used[t * firms + firm.index()];
            days += 1.0;
        }
        (plan.workers[firm.index()] - if days > 0.0 { used / days } else { 0.0 }).max(0.0)
    };
    scope.firms.iter().map(idle).sum()
}

fn stranded(plan: &Plan, record: &Record, scope: &Scope, at: usize, weight: &dyn Fn(ProductId) -> f64) -> f64 {
    let lines = plan.network.lines.len();
    if at >= record.days {
        return f64::NAN;
    }
    scope.lines.iter().map(|l| record.columns.line_stranded[at * lines + l.index()] * weight(plan.network.lines[l.index()].product)).sum()
}

fn passed(plan: &Plan, record: &Record, gates: &[usize], window: Window) -> f64 {
    window.steps(record).map(|t| gates.iter().map(|g| record.columns.gate_passed[t * plan.gates + g]).sum::<f64>()).sum()
}

fn passages_min_month(plan: &Plan, record: &Record, gates: &[usize], months: &[Window]) -> f64 {
    let sums: Vec<f64> = months.iter().map(|&m| passed(plan, record, gates, m)).collect();
    let least = sums.iter().copied().fold(f64::INFINITY, f64::min);
    least / crate::model::draws::quantile(&sums, 0.5).unwrap_or(f64::NAN)
}

fn orders_in<'a>(plan: &'a Plan, scope: &'a Scope) -> impl Iterator<Item = usize> + 'a {
    let mut wanted = vec![false; plan.network.lines.len()];
    for line in &scope.lines {
        wanted[line.index()] = true;
    }
    (0..plan.orders.row.len()).filter(move |&o| wanted[plan.orders.line[o] as usize])
}

/// What an order line had made before a window and by its end.
fn made_between(record: &Record, made: Window, order: usize) -> (f64, f64) {
    let by = |snapshot: Option<&Snapshot>| snapshot.map_or(0.0, |s| s.made[order]);
    let before = if made.from == 0 { 0.0 } else { by(record.snapshot(made.from - 1)) };
    (before, by(record.snapshot(made.to)))
}

fn unshipped_share(plan: &Plan, record: &Record, scope: &Scope, made: Window, at: usize) -> f64 {
    let Some(now) = record.snapshot(at) else { return f64::NAN };
    let (mut left, mut all) = (0.0, 0.0);
    for order in orders_in(plan, scope) {
        let (before, by) = made_between(record, made, order);
        let shipped = now.made[order] - now.finished[order];
        left += (by - shipped.max(before)).max(0.0);
        all += by - before;
    }
    left / all
}

fn fee_unpaid_share(plan: &Plan, record: &Record, scope: &Scope, made: Window, at: usize) -> f64 {
    let Some(now) = record.snapshot(at) else { return f64::NAN };
    let (mut unpaid, mut all) = (0.0, 0.0);
    for order in orders_in(plan, scope) {
        let (before, by) = made_between(record, made, order);
        // For pieces the processor keeps no fee is due.
        let fee = plan.orders.price[order] * (1.0 - plan.terms_of_order(order).retention_share);
        let paid_for_these = (now.paid[order] - before * fee).clamp(0.0, (by - before) * fee);
        unpaid += (by - before) * fee - paid_for_these;
        all += (by - before) * fee;
    }
    unpaid / all
}

/// Days over which a firm must be idle to be *shut*.
pub const SHUT_DAYS: usize = 14;
/// Utilisation up to which it counts as idle.
pub const SHUT_UTILISATION: f64 = 0.05;

/// Whether a firm is *shut* at the end of day `t`: utilisation ≤ 5 % over 14 days. A firm all of whose lines are off-season is not.
pub fn firm_shut(plan: &Plan, record: &Record, firm: usize, t: usize) -> bool {
    let (firms, lines) = (plan.network.firms.len(), plan.network.lines.len());
    if t >= record.days || t + 1 < SHUT_DAYS {
        return false;
    }
    let (mut used, mut employed, mut in_season) = (0.0, 0.0, false);
    for day in t + 1 - SHUT_DAYS..=t {
        used += record.columns.firm_used[day * firms + firm];
        employed += record.columns.firm_employed[day * firms + firm];
        in_season |= plan.lines_of(firm).iter().any(|&l| {
            let cause = Cause::of(record.columns.line_cause[day * lines + l as usize]);
            !matches!(cause, Cause::OffSeason | Cause::Rest)
        });
    }
    in_season && plan.network.firms[firm].workers > 0.0 && used <= SHUT_UTILISATION * employed
}

fn lost_units(record: &Record, scope: &Scope, window: Window) -> f64 {
    let at = |t: usize| record.snapshot(t).map_or(f64::NAN, |s| scope.lines.iter().map(|l| s.line_lost[l.index()]).sum::<f64>());
    at(window.to) - if window.from == 0 { 0.0 } else { at(window.from - 1) }
}

fn season_missed_share(plan: &Plan, record: &Record, scope: &Scope, season: Window, at: usize) -> f64 {
    let Some(now) = record.snapshot(at) else { return f64::NAN };
    let (mut missed, mut all) = (0.0, 0.0);
    for order in orders_in(plan, scope) {
        let end = plan.orders.season_end[order];
        if end == NEVER || end < season.from as i32 || end > season.to as i32 {
            continue;
        }
        all += now.made[order];
        if price_share(plan, order, at) <= 0.5 {
            // What the processor keeps was never to be delivered.
            let kept = plan.terms_of_order(order).retention_share * now.made[order];
            missed += (now.made[order] - kept - now.billed[order]).max(0.0);
        }
    }
    missed / all
}

/// Per firm with a claim open on the date: claimed, and received towards it, currency.
fn claimants(plan: &Plan, record: &Record, scope: &Scope, at: usize) -> Vec<(f64, f64)> {
    let Some(now) = record.snapshot(at) else { return Vec::new() };
    let per_firm = |firm: &FirmId| {
        plan.orders_of(firm.index()).fold((0.0, 0.0), |(claimed, received), o| (claimed + now.claim[o], received + now.compensation[o]))
    };
    scope.firms.iter().map(per_firm).filter(|(claimed, _)| *claimed > 0.0).collect()
}

fn output(plan: &Plan, record: &Record, scope: &Scope, window: Window) -> f64 {
    let lines = plan.network.lines.len();
    let day = |t: usize| scope.lines.iter().map(|l| record.columns.line_output_value[t * lines + l.index()]).sum::<f64>();
    window.steps(record).map(day).sum()
}

fn stopped_days(plan: &Plan, record: &Record, scope: &Scope, window: Window, cause: Option<Cause>) -> f64 {
    let lines = plan.network.lines.len();
    let mut count = 0_usize;
    for t in window.steps(record) {
        for line in &scope.lines {
            let cell = t * lines + line.index();
            let (output, code) = (record.columns.line_output[cell], record.columns.line_cause[cell]);
            let counts = match (Cause::of(code), cause) {
                (_, None) => stopped(output, code),
                (Cause::Input(_), Some(Cause::Input(_))) => output <= 0.0,
                // The cause that is asked for may be one that does not count as a stop.
                (found, Some(cause)) => found == cause && output <= 0.0,
            };
            count += usize::from(counts);
        }
    }
    count as f64
}
