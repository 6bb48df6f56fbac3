//! What a run leaves: daily series as columns, and snapshots on the days analyses ask for.

use crate::columns::{Cell, Cells, Column, RestoreError, refill, row, sum};
use crate::deadlock::{self, Deadlock};
use crate::plan::{Account, NEVER, Plan};
use crate::state::{Stage, State};

pub mod groups;
use groups::Groups;

/// How much is recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// Totals per day only.
    Totals,
    /// Totals and sums by sector, place and cause: for networks of millions.
    Sectors,
    /// Every line, firm, gate, product and demand, every day.
    #[default]
    Full,
}

row! {
    /// Totals of one day.
    pub struct Totals {
        /// Output at its price, currency.
        output_value,
        /// Output less inputs bought, currency.
        value_added,
        /// Final demand arriving or waiting, at its price, currency.
        demand_wanted,
        /// Final demand met, at its price, currency.
        demand_met,
        /// Goods stranded, value at cost, currency.
        stranded_value,
        /// Goods delayed, value at cost, currency.
        delayed_value,
        /// Goods held at crossings, value at cost, currency.
        held_value,
        /// Wages owed, currency.
        arrears,
        /// Wages owed, worker-days.
        arrears_days,
        /// Open receivables, currency.
        receivable,
        /// Overdue receivables, currency.
        overdue,
        /// Compensation claimed and not paid, currency.
        claims,
        /// Labour present, worker-days.
        present,
        /// Labour used, worker-days.
        used,
        /// Workers dismissed, persons.
        dismissed,
        /// Claims on insolvent firms lost so far, currency.
        bad_debt,
        /// Money owners put in to rescue firms so far, currency.
        rescued,
        /// Firms insolvent or stopped for good.
        insolvent,
        /// Fines paid so far, currency.
        fined,
        /// Goods the rule of a published program gave beyond what there was or kept back ([`crate::network::Compat`]), value at cost,
        /// currency.
        misdealt_value,
        /// Largest relative goods residual.
        goods_residual,
        /// Relative money residual.
        money_residual,
    }
}

/// Declares the recorded columns: one value per entity and day, day after day.
macro_rules! recorded {
    ($($(#[$meta:meta])* $field:ident [$count:ident] $kind:ty = $source:expr;)*) => {
        /// Daily columns of every entity (only with [`Detail::Full`]); value of entity `e` on day `t` at `t × count + e`.
        #[derive(Clone, Debug, Default)]
        pub struct Columns {
            $($(#[$meta])* pub $field: Vec<$kind>,)*
        }

        impl Columns {
            fn reserve(&mut self, plan: &Plan, days: usize) {
                let counts = Counts::of(plan);
                $(self.$field.reserve_exact(days * counts.$count);)*
            }

            fn push(&mut self, state: &State, scratch: &FirmDay, gate_held: &[f64]) {
                $(
                    let source: fn(&State, &FirmDay, &[f64], &mut Vec<$kind>) = $source;
                    source(state, scratch, gate_held, &mut self.$field);
                )*
            }

            /// A copy with room for all days: what parts here goes on.
            pub(crate) fn part(&self, plan: &Plan, days: usize) -> Self {
                let counts = Counts::of(plan);
                Self { $($field: roomy(&self.$field, days * counts.$count),)* }
            }

            /// As many copies of the columns of one day.
            fn repeat(&self, days: usize) -> Self {
                Self { $($field: self.$field.repeat(days),)* }
            }

            fn save<E>(&self, write: &mut impl FnMut(&str, Cells<'_>) -> Result<(), E>) -> Result<(), E> {
                $(write(stringify!($field), <$kind as Cell>::cells(&self.$field))?;)*
                Ok(())
            }

            fn restore<E: From<RestoreError>>(
                &mut self,
                counts: &Counts,
                days: usize,
                read: &mut impl FnMut(&str) -> Result<Column, E>,
            ) -> Result<(), E> {
                $(refill(stringify!($field), &read(stringify!($field))?, Some(days * counts.$count), &mut self.$field)?;)*
                Ok(())
            }
        }
    };
}

/// A copy of a column with room for so many values.
fn roomy<T: Copy>(column: &[T], room: usize) -> Vec<T> {
    let mut copy = Vec::with_capacity(room);
    copy.extend_from_slice(column);
    copy
}

/// Numbers of entities.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    /// Lines.
    pub lines: usize,
    /// Firms.
    pub firms: usize,
    /// Gates.
    pub gates: usize,
    /// Products.
    pub products: usize,
    /// Final demands.
    pub demands: usize,
    /// Contracts.
    pub contracts: usize,
    /// Currencies.
    pub currencies: usize,
    /// Order lines.
    pub orders: usize,
    /// Institutions: [`Account::ALL`].
    pub institutions: usize,
    /// Ages of what firms are owed: [`AGES`].
    pub ages: usize,
}

impl Counts {
    /// The counts of a plan.
    pub fn of(plan: &Plan) -> Self {
        Self {
            lines: plan.network.lines.len(),
            firms: plan.network.firms.len(),
            gates: plan.gates,
            products: plan.network.products.len(),
            demands: plan.network.demands.len(),
            contracts: plan.network.contracts.len(),
            currencies: plan.currencies,
            orders: plan.orders.row.len(),
            institutions: Account::ALL.len(),
            ages: AGES.len(),
        }
    }
}

/// Sums of the day per firm and per contract.
#[derive(Clone, Debug, Default)]
pub struct FirmDay {
    /// Labour used, worker-days.
    pub used: Vec<f64>,
    /// Compensation claimed and not paid, currency.
    pub claims: Vec<f64>,
    /// Rate of its currency.
    pub rate: Vec<f64>,
    /// Contract → delivered today, units (only with [`Detail::Full`]).
    pub delivered: Vec<f64>,
}

recorded! {
    /// Line → output, units.
    line_output[lines] f64 = |s, _, _, out| out.extend_from_slice(&s.output);
    /// Line → output at its price, currency.
    line_output_value[lines] f64 = |s, _, _, out| out.extend_from_slice(&s.output_value);
    /// Line → value added, currency.
    line_value_added[lines] f64 = |s, _, _, out| out.extend_from_slice(&s.value_added);
    /// Line → labour used, worker-days.
    line_labour[lines] f64 = |s, _, _, out| out.extend_from_slice(&s.labour_used);
    /// Line → cause, [`crate::cause::Cause::of`].
    line_cause[lines] u32 = |s, _, _, out| out.extend_from_slice(&s.cause);
    /// Line → finished goods at the seller, units.
    line_waiting[lines] f64 = |s, _, _, out| out.extend_from_slice(&s.waiting_goods);
    /// Line → stranded goods, units.
    line_stranded[lines] f64 = |s, _, _, out| out.extend_from_slice(&s.stranded);
    /// Line → delayed goods, units.
    line_delayed[lines] f64 = |s, _, _, out| out.extend_from_slice(&s.delayed);
    /// Line → lost on the way so far, units.
    line_lost[lines] f64 = |s, _, _, out| out.extend_from_slice(&s.line_lost);
    /// Firm → labour present, worker-days.
    firm_present[firms] f64 = |s, _, _, out| out.extend_from_slice(&s.present);
    /// Firm → labour used, worker-days.
    firm_used[firms] f64 = |_, f, _, out| out.extend_from_slice(&f.used);
    /// Firm → cash, currency.
    firm_cash[firms] f64 = |s, f, _, out| out.extend(s.cash.iter().zip(&f.rate).map(|(cash, rate)| cash * rate));
    /// Firm → wages owed, currency.
    firm_arrears[firms] f64 = |s, f, _, out| out.extend(s.arrears.iter().zip(&f.rate).map(|(owed, rate)| owed * rate));
    /// Firm → wages owed, worker-days.
    firm_arrears_days[firms] f64 = |s, _, _, out| out.extend_from_slice(&s.arrears_days);
    /// Firm → open receivables, currency.
    firm_receivable[firms] f64 = |s, _, _, out| out.extend_from_slice(&s.receivable);
    /// Firm → overdue receivables, currency.
    firm_overdue[firms] f64 = |s, _, _, out| out.extend_from_slice(&s.receivable_overdue);
    /// Firm → compensation claimed and not paid, currency.
    firm_claims[firms] f64 = |_, f, _, out| out.extend_from_slice(&f.claims);
    /// Firm → workforce, persons.
    firm_workforce[firms] f64 = |s, _, _, out| out.extend_from_slice(&s.workforce);
    /// Firm → how it stands, [`crate::state::Condition`].
    firm_condition[firms] u16 = |s, _, _, out| out.extend(s.condition.iter().map(|&c| u16::from(c)));
    /// Firm → claims on insolvent firms lost so far, currency.
    firm_bad_debt[firms] f64 = |s, _, _, out| out.extend_from_slice(&s.bad_debt);
    /// Gate → value passed, currency.
    gate_passed[gates] f64 = |s, _, _, out| out.extend_from_slice(&s.passed);
    /// Gate → value held, currency.
    gate_held[gates] f64 = |_, _, held, out| out.extend_from_slice(held);
    /// Gate → open share.
    gate_open[gates] f64 = |s, _, _, out| out.extend_from_slice(&s.open);
    /// Product → content of the system, units.
    product_content[products] f64 = |s, _, _, out| out.extend_from_slice(&s.content);
    /// Product → produced, units.
    product_produced[products] f64 = |s, _, _, out| out.extend_from_slice(&s.produced);
    /// Product → used, units.
    product_used[products] f64 = |s, _, _, out| out.extend_from_slice(&s.used);
    /// Product → sold to final demand, units.
    product_sold[products] f64 = |s, _, _, out| out.extend_from_slice(&s.sold);
    /// Product → lost, units.
    product_lost[products] f64 = |s, _, _, out| out.extend_from_slice(&s.lost);
    /// Product → spoilt, units.
    product_spoilt[products] f64 = |s, _, _, out| out.extend_from_slice(&s.spoilt);
    /// Product → refused at inspection, units.
    product_refused[products] f64 = |s, _, _, out| out.extend_from_slice(&s.refused);
    /// Product → seized, units.
    product_seized[products] f64 = |s, _, _, out| out.extend_from_slice(&s.seized);
    /// Product → retained by processors, units.
    product_retained[products] f64 = |s, _, _, out| out.extend_from_slice(&s.retained);
    /// Product → written off, units.
    product_written_off[products] f64 = |s, _, _, out| out.extend_from_slice(&s.written_off);
    /// Demand → wanted, units.
    demand_wanted[demands] f64 = |s, _, _, out| out.extend_from_slice(&s.demand_wanted);
    /// Demand → met, units.
    demand_met[demands] f64 = |s, _, _, out| out.extend_from_slice(&s.demand_met);
    /// Contract → delivered, units.
    contract_delivered[contracts] f64 = |_, f, _, out| out.extend_from_slice(&f.delivered);
    /// Currency → value of a unit in currency 0.
    currency_rate[currencies] f64 = |s, _, _, out| out.extend_from_slice(&s.rate);
    /// Demand → lost, units.
    demand_lost[demands] f64 = |s, _, _, out| out.extend_from_slice(&s.demand_lost);
}

/// What moved, day by day. On most days nothing of most contracts moves, so what does is listed: entity and units, day after day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Movements {
    /// Day.
    pub day: Vec<u32>,
    /// Contract, or contract and input.
    pub entity: Vec<u32>,
    /// Units.
    pub units: Vec<f64>,
}

impl Movements {
    /// Adds those of a day.
    fn push(&mut self, day: usize, units: &[f64]) {
        for (entity, &units) in units.iter().enumerate().filter(|&(_, &units)| units > 0.0) {
            self.day.push(day as u32);
            self.entity.push(entity as u32);
            self.units.push(units);
        }
    }

    /// `(day, entity, units)` of each.
    pub fn iter(&self) -> impl Iterator<Item = (usize, usize, f64)> {
        self.day.iter().zip(&self.entity).zip(&self.units).map(|((&day, &entity), &units)| (day as usize, entity as usize, units))
    }

    fn save<E>(&self, name: &str, write: &mut impl FnMut(&str, Cells<'_>) -> Result<(), E>) -> Result<(), E> {
        write(&format!("{name}.day"), Cells::U32(&self.day))?;
        write(&format!("{name}.entity"), Cells::U32(&self.entity))?;
        write(&format!("{name}.units"), Cells::F64(&self.units))
    }

    fn restore<E: From<RestoreError>>(
        &mut self,
        name: &str,
        (days, entities): (usize, usize),
        read: &mut impl FnMut(&str) -> Result<Column, E>,
    ) -> Result<(), E> {
        refill(name, &read(&format!("{name}.day"))?, None, &mut self.day)?;
        refill(name, &read(&format!("{name}.entity"))?, Some(self.day.len()), &mut self.entity)?;
        refill(name, &read(&format!("{name}.units"))?, Some(self.day.len()), &mut self.units)?;
        for (column, below) in [(&self.day, days), (&self.entity, entities)] {
            if let Some(&wrong) = column.iter().find(|&&number| number as usize >= below) {
                return Err(RestoreError::Value { column: name.to_string(), found: u64::from(wrong) }.into());
            }
        }
        Ok(())
    }
}

/// What contracts have sent and cleared (only with [`Detail::Full`]).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shipments {
    /// Of contracts: left the seller (only where there are crossings; plain contracts pass none).
    pub sent: Movements,
    /// Of contracts: passed the first crossing of its way.
    pub cleared: Movements,
    /// Of contracts and inputs ([`Plan::contract_inputs`]): sent by the client.
    pub inputs_sent: Movements,
    /// Of contracts and inputs: passed the first crossing of its way.
    pub inputs_cleared: Movements,
    /// Of contracts and inputs: arrived at the maker.
    pub inputs_arrived: Movements,
}

impl Shipments {
    fn push(&mut self, day: usize, state: &State) {
        self.sent.push(day, &state.sent_today);
        self.cleared.push(day, &state.cleared_today);
        self.inputs_sent.push(day, &state.inputs_sent_today);
        self.inputs_cleared.push(day, &state.inputs_cleared_today);
        self.inputs_arrived.push(day, &state.inputs_today);
    }

    fn save<E>(&self, write: &mut impl FnMut(&str, Cells<'_>) -> Result<(), E>) -> Result<(), E> {
        self.sent.save("contract_sent", write)?;
        self.cleared.save("contract_cleared", write)?;
        self.inputs_sent.save("contract_inputs_sent", write)?;
        self.inputs_cleared.save("contract_inputs_cleared", write)?;
        self.inputs_arrived.save("contract_inputs", write)
    }

    fn restore<E: From<RestoreError>>(
        &mut self,
        plan: &Plan,
        days: usize,
        read: &mut impl FnMut(&str) -> Result<Column, E>,
    ) -> Result<(), E> {
        let (contracts, inputs) = ((days, plan.network.contracts.len()), (days, plan.contract_inputs.len()));
        self.sent.restore("contract_sent", contracts, read)?;
        self.cleared.restore("contract_cleared", contracts, read)?;
        self.inputs_sent.restore("contract_inputs_sent", inputs, read)?;
        self.inputs_cleared.restore("contract_inputs_cleared", inputs, read)?;
        self.inputs_arrived.restore("contract_inputs", inputs, read)
    }
}

/// Declares the columns of a snapshot: one number per entity.
macro_rules! snapshot {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* $field:ident [$count:ident],)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default)]
        pub struct $name {
            /// The step.
            pub t: usize,
            $($(#[$field_meta])* pub $field: Vec<f64>,)*
            /// Rings of lines that wait for each other.
            pub deadlocks: Vec<Deadlock>,
        }

        impl $name {
            fn save<E>(&self, write: &mut impl FnMut(&str, Cells<'_>) -> Result<(), E>) -> Result<(), E> {
                write("t", Cells::U32(&[self.t as u32]))?;
                $(write(stringify!($field), Cells::F64(&self.$field))?;)*
                write("deadlocks", Cells::U32(&deadlock::flat(&self.deadlocks)))
            }

            fn restore<E: From<RestoreError>>(counts: &Counts, read: &mut impl FnMut(&str) -> Result<Column, E>) -> Result<Self, E> {
                let (mut restored, mut numbers) = (Self::default(), Vec::new());
                refill("t", &read("t")?, Some(1), &mut numbers)?;
                restored.t = numbers[0] as usize;
                $(refill(stringify!($field), &read(stringify!($field))?, Some(counts.$count), &mut restored.$field)?;)*
                refill("deadlocks", &read("deadlocks")?, None, &mut numbers)?;
                let wrong = || RestoreError::Value { column: "deadlocks".to_string(), found: numbers.len() as u64 };
                restored.deadlocks = deadlock::unflat(&numbers).ok_or_else(wrong)?;
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
        on_way [products],
    }
}

/// Ages of what firms are owed: invoices not due, overdue for up to 30, 31 to 90, more than 90 days; and what is overdue under standing
/// contracts, whose days are not kept.
pub const AGES: [&str; 5] = ["not_due", "to_30_days", "to_90_days", "older", "standing"];

impl Snapshot {
    /// Takes a snapshot at the end of day `t`.
    pub fn take(plan: &Plan, state: &State, t: usize) -> Self {
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
            on_way: on_way(plan, state),
            credit: sound_credit(plan, state, t),
            wages_paid: state.wages_paid.clone(),
            handed_over: state.handed_over.clone(),
            rescued: state.rescued.clone(),
            line_lost: state.line_lost.clone(),
            institutions: Account::ALL.iter().map(|&a| institution(plan, state, a)).collect(),
            deadlocks: deadlock::find(plan, state),
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
    for (slot, &stock) in state.stock.iter().enumerate() {
        owned[plan.slot_firm[slot] as usize] += stock * value(plan.slot_product[slot]);
    }
    crate::plain::for_stocks(plan, state, |i, row, stock| {
        owned[network.lines[plan.plain.lines[i] as usize].firm.index()] += stock * value(plan.plain.row_product[row]);
    });
    for (line, sent) in network.lines.iter().zip(&state.plain_sent) {
        owned[line.firm.index()] += sent * value(line.product.0);
    }
    for (l, line) in network.lines.iter().enumerate() {
        owned[line.firm.index()] += state.finished[l] * value(line.product.0);
    }
    let flows = &plan.standing;
    for flow in 0..flows.contract.len() {
        // Title passes at delivery: what is on the way is the seller's.
        let seller = network.lines[flows.line[flow] as usize].firm.index();
        owned[seller] += plan.flow_on_way(&state.cells, flow) * value(plan.slot_product[flows.slot[flow] as usize]);
    }
    for order in (0..plan.orders.row.len()).filter(|&o| state.stage[o] != Stage::Future as u8) {
        let product = plan.slot_product[plan.orders.slot[order] as usize];
        let owner = owner_of(plan, order);
        owned[owner] += (state.order_finished[order] + state.order_on_way[order]) * value(product) * price_share(plan, order, t);
        for input in plan.inputs_of_order(order) {
            let units = state.input_stock[input] + state.input_on_way[input] + state.returning[input];
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
            let left = state.invoice_left[i] * plan.rate_of_order(state, state.invoice_order[i] as usize);
            credit[state.invoice_payee[i] as usize] += left;
            credit[state.invoice_payer[i] as usize] -= left;
        }
    }
    let flows = &plan.standing;
    for p in 0..flows.priced.len() {
        let open = state.due_later[p] * state.rate[flows.currency[p] as usize];
        credit[flows.payee[p] as usize] += open;
        credit[flows.payer[p] as usize] -= open;
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
        owed[age] += state.invoice_left[i] * plan.rate_of_order(state, state.invoice_order[i] as usize);
    }
    let flows = &plan.standing;
    for p in 0..flows.priced.len() {
        let rate = state.rate[flows.currency[p] as usize];
        owed[0] += state.due_later[p] * rate;
        owed[4] += state.overdue[p] * rate;
    }
    owed
}

/// Units on the way per product, held goods and returning inputs among them.
pub fn on_way(plan: &Plan, state: &State) -> Vec<f64> {
    let mut moving = vec![0.0; plan.network.products.len()];
    for stream in &plan.standing.streams {
        let (_, cells) = plan.way_of(stream);
        moving[stream.product as usize] += sum(&state.cells[cells]);
    }
    for order in
        (0..plan.orders.row.len()).filter(|&o| !matches!(state.stage[o], s if s == Stage::Future as u8 || s == Stage::Closed as u8))
    {
        moving[plan.slot_product[plan.orders.slot[order] as usize] as usize] += state.order_on_way[order];
        for input in plan.inputs_of_order(order) {
            moving[plan.consigned.product[input] as usize] += state.input_on_way[input] + state.returning[input];
        }
    }
    moving
}

/// The owner of an order line's goods: the client of a processing order, the seller of a sale until delivery.
pub fn owner_of(plan: &Plan, order: usize) -> usize {
    if plan.is_processing(order) {
        plan.orders.buyer[order] as usize
    } else {
        plan.network.lines[plan.orders.line[order] as usize].firm.index()
    }
}

/// Price of an order line's goods on a day, share of the full price: marked down after the season's end.
pub fn price_share(plan: &Plan, order: usize, t: usize) -> f64 {
    let season_end = plan.orders.season_end[order];
    if season_end != NEVER && t as i32 > season_end {
        plan.network.products[plan.slot_product[plan.orders.slot[order] as usize] as usize].price_after_season_share
    } else {
        1.0
    }
}

/// Everything recorded of a run.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Days recorded.
    pub days: usize,
    /// Level of detail.
    pub detail: Detail,
    /// Totals per day.
    pub totals: Vec<Totals>,
    /// Daily columns.
    pub columns: Columns,
    /// What contracts have sent and cleared.
    pub shipments: Shipments,
    /// Sums by sector, place and cause (only with [`Detail::Sectors`]).
    pub groups: Groups,
    /// Steps at which snapshots are taken, sorted.
    pub probes: Vec<usize>,
    /// Snapshots taken.
    pub snapshots: Vec<Snapshot>,
    /// Currency → money of all accounts at the start.
    pub opening_money: Vec<f64>,
    /// Content per product at the start.
    pub opening_content: Vec<f64>,
    pub(crate) scratch: Vec<f64>,
    pub(crate) money_today: Vec<(f64, f64)>,
    pub(crate) gate_held_today: Vec<f64>,
    firm_day: FirmDay,
}

impl Record {
    /// An empty record with room for all days.
    pub fn new(plan: &Plan, state: &State, detail: Detail, probes: &[usize]) -> Self {
        let (products, firms) = (plan.network.products.len(), plan.network.firms.len());
        let mut probes = probes.to_vec();
        probes.sort_unstable();
        probes.dedup();
        let mut record = Self {
            detail,
            probes,
            opening_money: vec![0.0; plan.currencies],
            money_today: vec![(0.0, 0.0); plan.currencies],
            opening_content: vec![0.0; products],
            scratch: vec![0.0; products],
            gate_held_today: vec![0.0; plan.gates],
            firm_day: FirmDay { used: vec![0.0; firms], claims: vec![0.0; firms], rate: vec![1.0; firms], delivered: Vec::new() },
            ..Self::default()
        };
        record.open(plan, state);
        record.totals.reserve_exact(plan.calendar.len());
        if detail == Detail::Sectors {
            record.groups = Groups::new(plan);
        }
        if detail == Detail::Full {
            record.columns.reserve(plan, plan.calendar.len());
            record.firm_day.delivered = vec![0.0; plan.network.contracts.len()];
        }
        record
    }

    /// Takes the state as the one the recorded days start from.
    pub(crate) fn open(&mut self, plan: &Plan, state: &State) {
        crate::phases::record::tally(plan, state, &mut self.opening_content, &mut self.gate_held_today);
        state.money(plan, &mut self.money_today);
        self.opening_money.iter_mut().zip(&self.money_today).for_each(|(opening, &(sum, _))| *opening = sum);
    }

    pub(crate) fn push(&mut self, plan: &Plan, state: &State, goods_residual: f64, money_residual: f64, held_value: f64) {
        if self.detail == Detail::Full || plan.currencies > 1 {
            sum_firms(plan, state, &mut self.firm_day);
        }
        if !plan.order_firms.is_empty() {
            sum_claims(plan, state, &mut self.firm_day);
        }
        let mut totals = if plan.only_plain { plain_totals(state) } else { totals(plan, state, &self.firm_day) };
        if plan.network.settings.compat.is_some() {
            let values = plan.network.products.iter().map(|product| product.value_per_unit);
            totals.misdealt_value = state.misdealt.iter().zip(values).map(|(units, value)| units.abs() * value).sum();
        }
        totals.goods_residual = goods_residual;
        totals.money_residual = money_residual;
        totals.held_value = held_value;
        self.totals.push(totals);
        if self.detail == Detail::Sectors {
            self.groups.push(plan, state);
        }
        if self.detail == Detail::Full {
            sum_contracts(plan, state, &mut self.firm_day.delivered);
            self.columns.push(state, &self.firm_day, &self.gate_held_today);
            self.shipments.push(self.days, state);
        }
        self.days += 1;
    }

    /// Shows everything recorded so far, column by column. What a day fills anew is left out.
    ///
    /// Errors: those of `write`.
    pub fn save<E>(&self, write: &mut impl FnMut(&str, Cells<'_>) -> Result<(), E>) -> Result<(), E> {
        write("days", Cells::U32(&[self.days as u32]))?;
        write("snapshots", Cells::U32(&[self.snapshots.len() as u32]))?;
        write("opening_money", Cells::F64(&self.opening_money))?;
        write("opening_content", Cells::F64(&self.opening_content))?;
        Totals::save(&self.totals, &mut |name, cells| write(&format!("totals.{name}"), cells))?;
        self.columns.save(write)?;
        self.shipments.save(write)?;
        if self.detail == Detail::Sectors {
            self.groups.save(&mut |name, cells| write(&format!("groups.{name}"), cells))?;
        }
        for (number, snapshot) in self.snapshots.iter().enumerate() {
            snapshot.save(&mut |name, cells| write(&format!("snapshot.{number}.{name}"), cells))?;
        }
        Ok(())
    }

    /// Takes what was recorded from saved columns; `self` is an empty record of the same plan, detail and probes.
    ///
    /// Errors: those of `read`; columns that are not those of this plan.
    pub fn restore<E: From<RestoreError>>(&mut self, plan: &Plan, read: &mut impl FnMut(&str) -> Result<Column, E>) -> Result<(), E> {
        let counts = Counts::of(plan);
        let mut number: Vec<u32> = Vec::new();
        refill("days", &read("days")?, Some(1), &mut number)?;
        self.days = number[0] as usize;
        if self.days + plan.warm_up > plan.calendar.len() {
            return Err(RestoreError::Value { column: "days".to_string(), found: self.days as u64 }.into());
        }
        refill("snapshots", &read("snapshots")?, Some(1), &mut number)?;
        let snapshots = self.probes.iter().filter(|&&probe| probe < self.days).count();
        if number[0] as usize != snapshots {
            return Err(RestoreError::Length { column: "snapshots".to_string(), found: number[0] as usize, wanted: snapshots }.into());
        }
        refill("opening_money", &read("opening_money")?, Some(counts.currencies), &mut self.opening_money)?;
        refill("opening_content", &read("opening_content")?, Some(counts.products), &mut self.opening_content)?;
        Totals::restore(&mut self.totals, self.days, &mut |name: &str| read(&format!("totals.{name}")))?;
        let days = if self.detail == Detail::Full { self.days } else { 0 };
        self.columns.restore(&counts, days, read)?;
        self.shipments.restore(plan, days, read)?;
        if self.detail == Detail::Sectors {
            self.groups.restore(self.days, &mut |name: &str| read(&format!("groups.{name}")))?;
        }
        for number in 0..snapshots {
            self.snapshots.push(Snapshot::restore(&counts, &mut |name: &str| read(&format!("snapshot.{number}.{name}")))?);
        }
        Ok(())
    }

    /// The record of a run in which every day is like the one recorded in `day`, over the days and probes of this record.
    pub(crate) fn calm(&self, plan: &Plan, day: &Self) -> Self {
        let snapshot = |&t: &usize| day.snapshots.first().map(|of_day| Snapshot { t, ..of_day.clone() });
        let mut calm = Self {
            totals: vec![day.totals[0]; self.days],
            columns: day.columns.repeat(self.days),
            groups: day.groups.repeat(self.days),
            probes: self.probes.clone(),
            snapshots: self.probes.iter().filter(|&&t| t < self.days).filter_map(snapshot).collect(),
            days: self.days,
            ..day.clone()
        };
        // The first day opens as this record does.
        calm.opening_content.clone_from(&self.opening_content);
        debug_assert!(plan.only_plain, "where money moves no day is like another");
        calm
    }

    /// The snapshot of step `t`, if one was asked for.
    pub fn snapshot(&self, t: usize) -> Option<&Snapshot> {
        self.snapshots.iter().find(|s| s.t == t)
    }

    /// Largest relative goods residual of all days.
    pub fn goods_residual_max(&self) -> f64 {
        self.totals.iter().map(|t| t.goods_residual).fold(0.0, f64::max)
    }

    /// Largest relative money residual of all days.
    pub fn money_residual_max(&self) -> f64 {
        self.totals.iter().map(|t| t.money_residual).fold(0.0, f64::max)
    }
}

/// Compensation claimed of every firm.
fn sum_claims(plan: &Plan, state: &State, day: &mut FirmDay) {
    day.claims.fill(0.0);
    for &firm in &plan.order_firms {
        let firm = firm as usize;
        for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
            let left = (state.claim[order] - state.compensation[order]).max(0.0);
            day.claims[firm] += left * plan.rate_of_order(state, order);
        }
    }
}

/// Labour and rate of every firm.
fn sum_firms(plan: &Plan, state: &State, day: &mut FirmDay) {
    day.used.fill(0.0);
    for (rate, firm) in day.rate.iter_mut().zip(&plan.network.firms) {
        *rate = state.rate[firm.currency.index()];
    }
    for (&firm, &labour) in plan.line_firm.iter().zip(&state.labour_used) {
        day.used[firm as usize] += labour;
    }
}

fn sum_contracts(plan: &Plan, state: &State, delivered: &mut [f64]) {
    delivered.fill(0.0);
    for (flow, contract) in plan.standing.contract.iter().enumerate() {
        delivered[contract.index()] += state.arrived[flow];
    }
    for (&contract, arrived) in plan.plain.contract.iter().zip(&state.plain_arrived) {
        delivered[contract as usize] += arrived;
    }
    for &firm in &plan.order_firms {
        let firm = firm as usize;
        for order in state.order_low[firm] as usize..state.order_high[firm] as usize {
            delivered[plan.orders.contract[order].index()] += state.billed_today[order];
        }
    }
}

/// Totals where everything is plain: no labour, no money, nothing held.
fn plain_totals(state: &State) -> Totals {
    match state.plain_totals[..] {
        [output_value, value_added, demand_wanted, demand_met] => {
            Totals { output_value, value_added, demand_wanted, demand_met, ..Totals::default() }
        }
        _ => Totals::default(),
    }
}

/// Wages owed, in currency 0.
fn arrears(plan: &Plan, state: &State, day: &FirmDay) -> f64 {
    if plan.currencies == 1 {
        return sum(&state.arrears) * state.rate[0];
    }
    state.arrears.iter().zip(&day.rate).map(|(owed, rate)| owed * rate).sum()
}

fn dismissed(plan: &Plan, state: &State) -> f64 {
    plan.workers.iter().zip(&state.workforce).map(|(workers, now)| workers - now).sum()
}

fn totals(plan: &Plan, state: &State, day: &FirmDay) -> Totals {
    let mut totals = Totals {
        output_value: sum(&state.output_value),
        value_added: sum(&state.value_added),
        arrears: arrears(plan, state, day),
        dismissed: if plan.any_workforce || state.ended_firms[0] > 0 { dismissed(plan, state) } else { 0.0 },
        bad_debt: sum(&state.bad_debt),
        rescued: sum(&state.rescued),
        fined: sum(&state.fined),
        insolvent: state.condition.iter().filter(|&&c| c != 0).count() as f64,
        arrears_days: sum(&state.arrears_days),
        receivable: sum(&state.receivable),
        overdue: sum(&state.receivable_overdue),
        claims: sum(&day.claims),
        present: sum(&state.present),
        used: sum(&state.labour_used),
        ..Totals::default()
    };
    for (&product, (&stranded, &delayed)) in plan.line_product.iter().zip(state.stranded.iter().zip(&state.delayed)) {
        if stranded > 0.0 || delayed > 0.0 {
            let value = plan.network.products[product as usize].value_per_unit;
            totals.stranded_value += stranded * value;
            totals.delayed_value += delayed * value;
        }
    }
    for (m, demand) in plan.network.demands.iter().enumerate() {
        let price = plan.demand_price(demand);
        totals.demand_wanted += state.demand_wanted[m] * price;
        totals.demand_met += state.demand_met[m] * price;
    }
    totals
}
