//! Phase 4, **produce**: firms make what orders, capacity, inputs and labour allow, and say what bound each line.
//!
//! `x = min(capacity, open orders − finished stock, inputs, labour)`. Standing business (restock orders, final demand) comes first and is
//! scaled together where lines of a firm share a scarce input or labour; then order lines by due date, then id, as far as their plan asks for
//! ([`crate::rule::work`]), and ahead of it where the days to come would not do. A critical input binds at S/a, an important one at
//! (S/a + x_cap)/2, any other never (Pichler et al. 2022); what is missing is not used.
//! Workforce, where it moves (the same): l ← l + Δ/hire_days if Δ > 0, l + Δ/fire_days if Δ < 0, Δ = labour asked for − l, l ≤ workers.

use crate::model::network::Importance;
use crate::plan::state::{CUT_BY_RULE, NOTHING, Stage, State};
use crate::plan::{NONE, Plan, Use};
use crate::rule::cause::{Asked, Cause};
use crate::rule::make::{enough_for, wish};
use crate::rule::work;

use super::today::capacity_of_line;

/// All firms with lines.
pub fn firms(plan: &Plan, state: &mut State, t: usize) {
    state.point_wanted.fill(0.0);
    if plan.any_by_supplier {
        super::stores::open_day(state);
    }
    for &firm in &plan.making_firms {
        let firm = firm as usize;
        let rests = plan.rests(firm, t);
        open_day(plan, state, firm, rests);
        if state.ended(firm) || state.frozen(plan, firm) {
            continue;
        }
        if plan.lines_of(firm).iter().any(|&l| plan.line_standing[l as usize]) {
            standing(plan, state, firm, rests);
        }
        if !plan.orders_of(firm).is_empty() {
            order_lines(plan, state, firm, rests, t as i32);
        }
    }
    if plan.any_by_supplier {
        super::stores::use_parts(plan, state);
    }
}

/// Bulk lines: one line per firm, bound by capacity and inputs alone.
pub fn bulk(plan: &Plan, state: &mut State, _t: usize) {
    crate::bulk::passes::produce(plan, state);
}

fn open_day(plan: &Plan, state: &mut State, firm: usize, rests: bool) {
    let employed = if rests { 0.0 } else { state.workforce[firm] };
    let frozen = state.frozen(plan, firm);
    let labour = if frozen { 0.0 } else { employed * state.attendance_factor[firm] };
    let cause = match (state.ended(firm), frozen, rests) {
        (true, ..) => Cause::NoCash,
        (.., true) => Cause::Rest,
        (_, true, _) => Cause::Frozen,
        _ => Cause::OffSeason,
    };
    let idle = rests || frozen || cause == Cause::NoCash;
    let cause = cause.code();
    state.labour_asked[firm] = 0.0;
    state.employed[firm] = employed;
    state.present[firm] = labour;
    state.labour_left[firm] = labour;
    for &line in plan.lines_of(firm) {
        let l = line as usize;
        state.capacity_left[l] = if idle { 0.0 } else { capacity_of_line(plan, state, l) };
        state.output[l] = 0.0;
        state.output_value[l] = 0.0;
        state.value_added[l] = 0.0;
        state.labour_used[l] = 0.0;
        state.cause[l] = cause;
    }
}

/// Restock orders and final demand: what every line wants, scaled where inputs or labour are short.
fn standing(plan: &Plan, state: &mut State, firm: usize, rests: bool) {
    let lines = plan.lines_of(firm);
    for &line in lines {
        let l = line as usize;
        let wish = wish(state.wanted[l], state.finished[l], state.capacity_left[l]);
        // The wish waits in `output` until inputs and labour have spoken.
        state.output[l] = wish;
        for input in plan.uses_of(l) {
            state.point_wanted[input.point as usize] += input.per_unit * wish;
        }
    }
    let mut labour = 0.0;
    for &line in lines {
        let l = line as usize;
        let mut scale = 1.0;
        let mut scarce = NONE;
        for input in plan.uses_of(l) {
            let point = input.point as usize;
            let ratio = state.stock[point].max(0.0) / state.point_wanted[point];
            let ratio = half_binding(plan, input.importance, ratio, || most_today(plan, state, l, firm) / state.output[l]);
            if state.point_wanted[point] > 0.0 && ratio < scale {
                scale = ratio;
                scarce = input.product;
            }
        }
        state.cause[l] = standing_cause(plan, state, l, scarce, rests).code();
        state.output[l] *= scale;
        labour += state.output[l] * plan.network.lines[l].labour_days_per_unit;
    }
    state.labour_asked[firm] += labour;
    let mut scale = 1.0;
    if labour > state.labour_left[firm] {
        scale = state.labour_left[firm] / labour;
    }
    for &line in lines {
        let l = line as usize;
        if scale < 1.0 && state.output[l] > 0.0 && plan.network.lines[l].labour_days_per_unit > 0.0 {
            state.output[l] *= scale;
            state.cause[l] = labour_cause(state, firm).code();
        }
        take_for(plan, state, l, |importance| importance == Importance::Critical);
    }
    for &line in lines {
        let l = line as usize;
        if plan.graded {
            // Of an input that does not bind here, what binds elsewhere leaves.
            take_for(plan, state, l, |importance| importance != Importance::Critical);
        }
        let made = std::mem::take(&mut state.output[l]);
        if made > 0.0 {
            let (price, input_value) = (plan.prices.line[l], plan.prices.own_input_value[l]);
            count(plan, state, l, &Made { units: made, price, input_value });
            state.finished[l] += made;
        }
    }
}

/// Takes the inputs of some importance for a line's output of the day out of the firm's store.
fn take_for(plan: &Plan, state: &mut State, l: usize, which: impl Fn(Importance) -> bool) {
    let made = state.output[l];
    for input in plan.uses_of(l).iter().filter(|input| made > 0.0 && which(input.importance)) {
        take_input(plan, state, input, made);
    }
}

fn standing_cause(plan: &Plan, state: &State, l: usize, scarce: u32, rests: bool) -> Cause {
    if rests {
        return Cause::Rest;
    }
    let asked = Asked {
        open: state.wanted[l] - state.finished[l],
        wanted: state.wanted[l],
        blocked: state.blocked[l],
        forbidden: state.forbidden.get(l).copied().unwrap_or(0.0),
        withheld: state.withheld[l],
        usual: plan.line_steady[l] || state.in_season[l] == 1,
    };
    Cause::of_standing(&asked, (scarce != NONE).then_some(scarce), state.output[l])
}

fn labour_cause(state: &State, firm: usize) -> Cause {
    if state.attendance_factor[firm] < 1.0 { Cause::Attendance } else { Cause::Capacity }
}

/// What an input that is not critical allows, from what it would if it were and the most the line could make: (S/a + x_cap)/2, or any.
fn half_binding(plan: &Plan, importance: Importance, at_most: f64, most_today: impl Fn() -> f64) -> f64 {
    if !plan.graded {
        return at_most;
    }
    match importance {
        Importance::Critical => at_most,
        Importance::Important => (at_most + most_today()) / 2.0,
        Importance::Other => f64::INFINITY,
    }
}

/// x_cap: what capacity and labour that are left would allow today.
fn most_today(plan: &Plan, state: &State, l: usize, firm: usize) -> f64 {
    let labour = plan.network.lines[l].labour_days_per_unit;
    let hands = if labour > 0.0 { state.labour_left[firm] / labour } else { f64::INFINITY };
    state.capacity_left[l].min(hands)
}

/// What an order line asks of a workforce without limit: what is left of it, within capacity and inputs.
fn asked_of_order(plan: &Plan, state: &State, order: usize, l: usize, firm: usize) -> f64 {
    let mut asked = (state.target[order] - state.made[order]).min(state.capacity_left[l]);
    for input in plan.inputs_of_order(order) {
        let enough = enough_for(state.input_stock[input].max(0.0), plan.consigned.used_per_unit[input].max(f64::MIN_POSITIVE));
        asked = asked.min(half_binding(plan, plan.consigned.importance[input], enough, || most_today(plan, state, l, firm)));
    }
    for input in own_inputs(plan, order, l) {
        let enough = enough_for(state.stock[input.point as usize].max(0.0), input.per_unit.max(f64::MIN_POSITIVE));
        asked = asked.min(half_binding(plan, input.importance, enough, || most_today(plan, state, l, firm)));
    }
    asked.max(0.0)
}

/// Takes an input for so many units made out of the firm's store.
fn take_input(plan: &Plan, state: &mut State, input: &Use, made: f64) {
    let point = input.point as usize;
    let before = state.stock[point];
    let used = (input.per_unit * made).min(before.max(0.0));
    state.stock[point] = before - used;
    state.used[input.product as usize] += used;
    if plan.point_by_supplier[point] && before > 0.0 {
        super::stores::note_use(state, point, used, before);
    }
}

/// What was made, and what a unit of it sells for and takes of inputs, at prices.
struct Made {
    units: f64,
    price: f64,
    input_value: f64,
}

fn count(plan: &Plan, state: &mut State, l: usize, what: &Made) {
    let (line, firm, made) = (&plan.network.lines[l], plan.line_firm[l] as usize, what.units);
    let labour = made * line.labour_days_per_unit;
    state.output[l] += made;
    state.output_value[l] += made * what.price;
    state.value_added[l] += made * (what.price - what.input_value);
    state.labour_used[l] += labour;
    state.labour_left[firm] = (state.labour_left[firm] - labour).max(0.0);
    state.capacity_left[l] = (state.capacity_left[l] - made).max(0.0);
    state.produced[line.product.index()] += made;
}

/// Order lines, earliest due first.
fn order_lines(plan: &Plan, state: &mut State, firm: usize, rests: bool, t: i32) {
    for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
        let l = plan.orders.line[order] as usize;
        let covers = plan.orders.work_start[order] <= t && t <= plan.orders.due[order];
        if state.cut[order] > 0 && covers && !rests && Cause::of(state.cause[l]) == Cause::OffSeason {
            state.cause[l] = if state.cut[order] == CUT_BY_RULE { Cause::Forbidden } else { Cause::NoOrders }.code();
        }
        if state.stage[order] != Stage::Open as u8 {
            continue;
        }
        if rests || waits_for_its_plan(plan, state, order, t) {
            continue;
        }
        let most = planned(plan, state, order, t);
        if plan.any_workforce && plan.moves_workforce(firm) {
            let asked = asked_of_order(plan, state, order, l, firm).min(most);
            state.labour_asked[firm] += asked * plan.network.lines[l].labour_days_per_unit;
        }
        let (made, bound) = if most > 0.0 { make(plan, state, order, most) } else { (0.0, Cause::None) };
        let begun = covers || t > plan.orders.due[order] || state.made[order] > 0.0 || made > 0.0;
        if begun {
            explain(state, l, made, bound);
        }
        if covers && bound == Cause::None && made >= most {
            worked(state, l);
        }
        finish_if_done(plan, state, order);
    }
    if !rests && !plan.foresight.is_empty() {
        super::ahead::work(plan, state, firm, t);
    }
}

/// Whether an order line has something left, and its planned start is still to come: the day passes it over.
fn waits_for_its_plan(plan: &Plan, state: &State, order: usize, t: i32) -> bool {
    let to_come = plan.orders.work_days[order] > 0 && t < plan.orders.work_start[order];
    to_come && state.target[order] - state.made[order] > NOTHING * plan.orders.quantity[order]
}

/// Units of an order line that are to be made today: all that is left, or what its plan asks for.
fn planned(plan: &Plan, state: &State, order: usize, t: i32) -> f64 {
    let days = plan.orders.work_days[order];
    if days == 0 {
        return state.target[order] - state.made[order];
    }
    work::planned(state.target[order], state.made[order], work::planned_share(t, plan.orders.work_start[order], days))
}

/// What was planned of a line is made: nothing bound it.
pub(super) fn worked(state: &mut State, l: usize) {
    if matches!(Cause::of(state.cause[l]), Cause::OffSeason | Cause::NoOrders | Cause::Forbidden) {
        state.cause[l] = Cause::None.code();
    }
}

/// The first order line that is bound names the cause; if none is, work without a bound is `none`.
fn explain(state: &mut State, l: usize, made: f64, bound: Cause) {
    let now = Cause::of(state.cause[l]);
    if bound != Cause::None && matches!(now, Cause::OffSeason | Cause::NoOrders | Cause::Forbidden | Cause::None) {
        state.cause[l] = bound.code();
    } else if made > 0.0 {
        worked(state, l);
    }
}

/// What of an order line can be made, as its limits are gone through.
struct Lot {
    quantity: f64,
    bound: Cause,
    grain: f64,
}

impl Lot {
    /// Of inputs that run out together the first of the line is named, not the one rounding left a grain less of.
    fn limit(&mut self, most: f64, cause: Cause) {
        if most < self.quantity {
            if self.bound == Cause::None || most < self.quantity - self.grain {
                self.bound = cause;
            }
            self.quantity = most;
        }
    }
}

/// Makes what it can of one order line, at most so many units; returns the quantity and what bound it.
#[inline]
pub(super) fn make(plan: &Plan, state: &mut State, order: usize, most: f64) -> (f64, Cause) {
    let l = plan.orders.line[order] as usize;
    let (line, firm) = (&plan.network.lines[l], plan.line_firm[l] as usize);
    let grain = NOTHING * plan.orders.quantity[order];
    let mut lot = Lot { quantity: (state.target[order] - state.made[order]).min(most), bound: Cause::None, grain };
    lot.limit(state.capacity_left[l], Cause::Capacity);
    if line.labour_days_per_unit > 0.0 {
        lot.limit(state.labour_left[firm] / line.labour_days_per_unit, labour_cause(state, firm));
    }
    if lot.quantity <= 0.0 {
        return (0.0, lot.bound);
    }
    // Read once: this is the innermost loop of a case with order lines.
    let graded = plan.graded;
    let consigned = plan.inputs_of_order(order);
    for input in consigned.clone() {
        let enough = enough_for(state.input_stock[input].max(0.0), plan.consigned.used_per_unit[input].max(f64::MIN_POSITIVE));
        let enough =
            if graded { half_binding(plan, plan.consigned.importance[input], enough, || most_today(plan, state, l, firm)) } else { enough };
        lot.limit(enough, Cause::Input(plan.consigned.product[input]));
    }
    for input in own_inputs(plan, order, l) {
        let enough = enough_for(state.stock[input.point as usize].max(0.0), input.per_unit.max(f64::MIN_POSITIVE));
        let enough = if graded { half_binding(plan, input.importance, enough, || most_today(plan, state, l, firm)) } else { enough };
        lot.limit(enough, Cause::Input(input.product));
    }
    let quantity = lot.quantity.max(0.0);
    if quantity > 0.0 {
        for input in consigned {
            let used = (quantity * plan.consigned.used_per_unit[input]).min(state.input_stock[input]);
            state.input_stock[input] -= used;
            state.used[plan.consigned.product[input] as usize] += used;
        }
        own_inputs(plan, order, l).for_each(|input| take_input(plan, state, input, quantity));
        let input_value = if plan.is_processing(order) { plan.prices.maker_input_value[l] } else { plan.prices.own_input_value[l] };
        count(plan, state, l, &Made { units: quantity, price: plan.orders.value[order], input_value });
        state.made[order] += quantity;
        state.order_finished[order] += quantity;
    }
    (quantity, lot.bound)
}

/// Inputs of an order line that come from the maker's own store: all of a sale, those not consigned of a processing order.
#[inline(always)]
fn own_inputs(plan: &Plan, order: usize, l: usize) -> impl Iterator<Item = &Use> {
    let consigned = &plan.consigned.product[plan.inputs_of_order(order)];
    let uses = if plan.orders.takes_own[order] { plan.uses_of(l) } else { &[] };
    uses.iter().filter(|input| !consigned.contains(&input.product))
}

/// An order line is made when nothing is left, or short-closed when an input is exhausted, none is on the way or held and none is to be
/// sent.
#[inline(always)]
pub(super) fn finish_if_done(plan: &Plan, state: &mut State, order: usize) {
    let left = state.target[order] - state.made[order];
    let tiny = NOTHING * plan.orders.quantity[order];
    let exhausted = || {
        plan.inputs_of_order(order).any(|input| {
            let per_unit = plan.consigned.sent_per_unit[input];
            state.input_stock[input] <= tiny * plan.consigned.used_per_unit[input]
                && state.input_in_transit[input] == 0.0
                && plan.consigned.importance[input] == Importance::Critical
                && state.input_sent[input] >= state.target[order] * per_unit * (1.0 - NOTHING)
        })
    };
    if left <= tiny || exhausted() {
        state.stage[order] = Stage::Made as u8;
        state.target[order] = state.made[order];
    }
}
