//! Order lines, balances and sums so far at the end of one day, for analyses that look at cohorts, owners and accounts as of a date.

use super::Counts;
use super::caught::{self, Goods, owner_of};
use super::tally::Tally;
use crate::plan::columns::{Cells, Column, RestoreError, refill, sum};
use crate::plan::state::{Stage, State};
use crate::plan::{Account, NEVER, Plan};
use crate::record::deadlock::{self, Deadlock};
use crate::rule::title::{self, Side};

/// Declares the columns of a snapshot: one number per entity.
macro_rules! snapshot {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* $field:ident [$count:ident],)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default)]
        pub struct $name {
            /// The step.
            pub t: usize,
            $($(#[$field_meta])* pub $field: Vec<f64>,)*
            /// Sums so far.
            pub tally: Tally,
            /// Rings of lines that wait for each other.
            pub deadlocks: Vec<Deadlock>,
            /// Goods caught, inputs in stores, and what makers have kept; none in a bulk network.
            pub caught: Vec<Goods>,
        }

        impl $name {
            pub(super) fn save<E>(&self, write: &mut impl FnMut(&str, Cells<'_>) -> Result<(), E>) -> Result<(), E> {
                write("t", Cells::U32(&[self.t as u32]))?;
                $(write(stringify!($field), Cells::F64(&self.$field))?;)*
                self.tally.save(&mut |name, cells| write(&format!("tally.{name}"), cells))?;
                write("deadlocks", Cells::U32(&deadlock::flat(&self.deadlocks)))?;
                let (keys, units) = caught::flat(&self.caught);
                write("caught.keys", Cells::U32(&keys))?;
                write("caught.units", Cells::F64(&units))
            }

            pub(super) fn restore<E: From<RestoreError>>(plan: &Plan, read: &mut impl FnMut(&str) -> Result<Column, E>) -> Result<Self, E> {
                let counts = Counts::of(plan);
                let (mut restored, mut numbers) = (Self { tally: Tally::new(plan), ..Self::default() }, Vec::new());
                refill("t", &read("t")?, Some(1), &mut numbers)?;
                restored.t = numbers[0] as usize;
                $(refill(stringify!($field), &read(stringify!($field))?, Some(counts.$count), &mut restored.$field)?;)*
                restored.tally.restore(&mut |name: &str| read(&format!("tally.{name}")))?;
                refill("deadlocks", &read("deadlocks")?, None, &mut numbers)?;
                let wrong = || RestoreError::Value { column: "deadlocks".to_string(), found: numbers.len() as u64 };
                restored.deadlocks = deadlock::unflat(&numbers).ok_or_else(wrong)?;
                let mut units = Vec::new();
                refill("caught.keys", &read("caught.keys")?, None, &mut numbers)?;
                refill("caught.units", &read("caught.units")?, Some(numbers.len() / caught::KEY), &mut units)?;
                restored.caught = caught::unflat(plan, &numbers, &units)?;
                Ok(restored)
            }
        }
    };
}

snapshot! {
    /// Order lines and balances at the end of one day, for analyses that look at cohorts and owners.
    pub struct Snapshot {
        /// Order → placed quantity.
        target [orders],
        /// Order → made so far.
        made [orders],
        /// Order → finished and still at the seller.
        finished [orders],
        /// Order → stranded.
        stranded [orders],
        /// Order → delayed.
        delayed [orders],
        /// Order → delivered so far.
        billed [orders],
        /// Order → paid so far, currency.
        paid [orders],
        /// Order → claim now, currency.
        claim [orders],
        /// Order → compensation received towards the claim, currency.
        compensation [orders],
        /// Firm → cash, currency.
        cash [firms],
        /// Firm → value of goods owned, at cost, marked down after their season, currency.
        owned_value [firms],
        /// Firm → receivables less payables that are not overdue, currency.
        credit [firms],
        /// Firm → wages paid so far, currency.
        wages_paid [firms],
        /// Firm → handed to state and owner so far, currency.
        handed_over [firms],
        /// Firm → put in by its owner to rescue it so far, currency.
        rescued [firms],
        /// Line → lost on the way so far, units.
        line_lost [lines],
        /// Institutions → cash in currency 0: households, state, market, outside, exchange dealer.
        institutions [institutions],
        /// Age, [`AGES`] → what firms are owed, currency.
        owed_by_age [ages],
        /// Product → on the way, held goods among them, units.
        in_transit [products],
        /// Product → all there is of it, units.
        content [products],
        /// Product → finished goods at the makers, units.
        at_maker [products],
        /// Firm → stranded goods, value at cost, currency.
        firm_stranded [firms],
        /// Firm → arrears of wages, currency.
        arrears [firms],
        /// Firm → how it stands, [`crate::plan::state::Condition`].
        condition [firms],
        /// Firm → people on its payroll, persons.
        workforce [firms],
        /// Currency → value of a unit in currency 0.
        rate [currencies],
    }
}

/// Ages of what firms are owed: invoices not due, overdue for up to 30, 31 to 90, more than 90 days; and what is overdue under standing
/// contracts, whose days are not kept.
pub const AGES: [&str; 5] = ["not_due", "to_30_days", "to_90_days", "older", "standing"];

impl Snapshot {
    /// What is caught this evening, inputs that lie in stores, and what makers have kept.
    pub(crate) fn with_caught(self, plan: &Plan, state: &State) -> Self {
        let mut caught = caught::account(plan, state);
        let told = |standing| matches!(standing, caught::Standing::Retained | caught::Standing::Inputs);
        caught.retain(|goods| goods.key.reason.is_some() || told(goods.key.standing));
        Self { caught, ..self }
    }

    /// Takes a snapshot at the end of day `t`.
    pub fn take(plan: &Plan, state: &State, tally: &Tally, t: usize) -> Self {
        let firms = plan.network.firms.len();
        let home = |firm: usize| state.rate[plan.network.firms[firm].currency.index()];
        // Fees and what is paid of them at the first day's rate, so that their ratio is exact; claims at today's.
        let at_start =
            |order: usize| if plan.orders.price[order] > 0.0 { plan.orders.value[order] / plan.orders.price[order] } else { 1.0 };
        let today = |column: &[f64]| column.iter().zip(&plan.orders.currency).map(|(x, &c)| x * state.rate[c as usize]).collect();
        Self {
            t,
            target: state.target.clone(),
            made: state.made.clone(),
            finished: state.order_finished.clone(),
            stranded: state.order_stranded.clone(),
            delayed: state.order_delayed.clone(),
            billed: state.billed.clone(),
            paid: state.paid.iter().enumerate().map(|(order, paid)| paid * at_start(order)).collect(),
            claim: today(&state.claim),
            compensation: today(&state.compensation),
            cash: state.cash[..firms].iter().enumerate().map(|(firm, cash)| cash * home(firm)).collect(),
            owned_value: owned_value(plan, state, t),
            owed_by_age: owed_by_age(plan, state, t),
            in_transit: in_transit(plan, state),
            credit: sound_credit(plan, state, t),
            wages_paid: state.wages_paid.clone(),
            handed_over: state.handed_over.clone(),
            rescued: state.rescued.clone(),
            line_lost: state.line_lost.clone(),
            institutions: Account::ALL.iter().map(|&a| institution(plan, state, a)).collect(),
            content: state.content.clone(),
            at_maker: at_maker(plan, state),
            firm_stranded: firm_stranded(plan, state),
            arrears: (0..firms).map(|firm| state.arrears[firm] * home(firm)).collect(),
            condition: state.condition.iter().map(|&condition| f64::from(condition)).collect(),
            workforce: state.workforce.clone(),
            rate: state.rate.clone(),
            tally: tally.clone(),
            deadlocks: deadlock::find(plan, state),
            caught: Vec::new(),
        }
    }
}

/// Cash of an institution in currency 0.
fn institution(plan: &Plan, state: &State, account: Account) -> f64 {
    (0..plan.currencies).map(|c| state.cash[plan.account(account, c)] * state.rate[c]).sum()
}

/// Value at cost of the goods each firm owns, wherever they are; order goods are marked down after their season's end.
pub fn owned_value(plan: &Plan, state: &State, t: usize) -> Vec<f64> {
    let network = &plan.network;
    let value = |product: u32| network.products[product as usize].value_per_unit;
    let mut owned = vec![0.0; network.firms.len()];
    for (point, &stock) in state.stock.iter().enumerate() {
        owned[plan.point_firm[point] as usize] += stock * value(plan.point_product[point]);
    }
    crate::plan::stocks::each_of_bulk(plan, state, |i, row, stock| {
        owned[network.lines[plan.bulk.lines[i] as usize].firm.index()] += stock * value(plan.bulk.row_product[row]);
    });
    for (line, sent) in network.lines.iter().zip(&state.bulk_sent) {
        owned[line.firm.index()] += sent * value(line.product.0);
    }
    for (l, line) in network.lines.iter().enumerate() {
        owned[line.firm.index()] += state.finished[l] * value(line.product.0);
    }
    let flows = &plan.standing;
    for flow in 0..flows.contract.len() {
        let owner = match title::on_the_way(false, flows.title_at_loading[flow]) {
            Side::Seller => network.lines[flows.line[flow] as usize].firm.index(),
            Side::Buyer => plan.point_firm[flows.point[flow] as usize] as usize,
        };
        let moving = plan.flow_in_transit(&state.cells, flow) + state.flow_waits.get(flow).copied().unwrap_or(0.0);
        owned[owner] += moving * value(plan.point_product[flows.point[flow] as usize]);
    }
    for order in (0..plan.orders.row.len()).filter(|&o| state.stage[o] != Stage::Future as u8) {
        let product = plan.point_product[plan.orders.point[order] as usize];
        let owner = owner_of(plan, order);
        owned[owner] += (state.order_finished[order] + state.order_in_transit[order]) * value(product) * price_share(plan, order, t);
        for input in plan.inputs_of_order(order) {
            let units = state.input_stock[input] + state.input_in_transit[input] + state.returning[input];
            owned[plan.orders.buyer[order] as usize] += units * value(plan.consigned.product[input]);
        }
    }
    owned
}

/// Receivables less payables per firm, without what is overdue: that is counted where it has gone missing.
pub fn sound_credit(plan: &Plan, state: &State, t: usize) -> Vec<f64> {
    let mut credit = vec![0.0; plan.network.firms.len()];
    for &number in &state.invoices_open {
        let i = number as usize;
        if state.invoice_due[i] > t as i32 {
            let left = state.invoice_left[i] * state.rate_of_order(plan, state.invoice_order[i] as usize);
            credit[state.invoice_payee[i] as usize] += left;
            credit[state.invoice_payer[i] as usize] -= left;
        }
    }
    let flows = &plan.standing;
    for p in 0..flows.priced.len() {
        let open = state.due_later[p] * state.rate[flows.currency[p] as usize];
        credit[flows.payee[p] as usize] += open;
        credit[flows.payer[p] as usize] -= open;
        // What was paid for goods on the way is owed in goods.
        let ahead = state.paid_ahead.get(p).copied().unwrap_or(0.0) * state.rate[flows.currency[p] as usize];
        credit[flows.payee[p] as usize] -= ahead;
        credit[flows.payer[p] as usize] += ahead;
    }
    credit
}

/// What firms are owed, by [`AGES`]; the sum is the receivables of the day.
pub fn owed_by_age(plan: &Plan, state: &State, t: usize) -> Vec<f64> {
    let mut owed = vec![0.0; AGES.len()];
    for &number in &state.invoices_open {
        let i = number as usize;
        let age = match t as i32 - state.invoice_due[i] {
            ..0 => 0,
            0..=30 => 1,
            31..=90 => 2,
            _ => 3,
        };
        owed[age] += state.invoice_left[i] * state.rate_of_order(plan, state.invoice_order[i] as usize);
    }
    let flows = &plan.standing;
    for p in 0..flows.priced.len() {
        let rate = state.rate[flows.currency[p] as usize];
        owed[0] += state.due_later[p] * rate;
        owed[4] += state.overdue[p] * rate;
    }
    owed
}

/// Finished goods at the makers per product, units.
fn at_maker(plan: &Plan, state: &State) -> Vec<f64> {
    let mut units = vec![0.0; plan.network.products.len()];
    for (l, &product) in plan.line_product.iter().enumerate() {
        // Of bulk lines what waits is counted for a full record only; it is what they have finished.
        let waiting = if plan.bulk.is_bulk[l] { &state.finished } else { &state.waiting_goods };
        units[product as usize] += waiting[l];
    }
    units
}

/// Stranded goods per firm that made them, value at cost.
fn firm_stranded(plan: &Plan, state: &State) -> Vec<f64> {
    let mut value = vec![0.0; plan.network.firms.len()];
    for (l, &stranded) in state.stranded.iter().enumerate().filter(|&(_, &stranded)| stranded > 0.0) {
        let product = plan.line_product[l] as usize;
        value[plan.line_firm[l] as usize] += stranded * plan.network.products[product].value_per_unit;
    }
    value
}

/// Units on the way per product, held goods and returning inputs among them.
pub fn in_transit(plan: &Plan, state: &State) -> Vec<f64> {
    let mut moving = vec![0.0; plan.network.products.len()];
    for stream in &plan.standing.streams {
        let (_, cells) = plan.path_of(stream);
        moving[stream.product as usize] += sum(&state.cells[cells]) + state.flow_waits.get(stream.flows()).map_or(0.0, sum);
    }
    for order in
        (0..plan.orders.row.len()).filter(|&o| !matches!(state.stage[o], s if s == Stage::Future as u8 || s == Stage::Closed as u8))
    {
        moving[plan.point_product[plan.orders.point[order] as usize] as usize] += state.order_in_transit[order];
        for input in plan.inputs_of_order(order) {
            moving[plan.consigned.product[input] as usize] += state.input_in_transit[input] + state.returning[input];
        }
    }
    moving
}

/// Price of an order line's goods on a day, share of the full price: marked down after the season's end.
pub fn price_share(plan: &Plan, order: usize, t: usize) -> f64 {
    let season_end = plan.orders.season_end[order];
    if season_end != NEVER && t as i32 > season_end {
        plan.network.products[plan.point_product[plan.orders.point[order] as usize] as usize].price_after_season_share
    } else {
        1.0
    }
}
