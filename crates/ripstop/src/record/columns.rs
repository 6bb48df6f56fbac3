//! The daily columns of every entity.

use super::detail::Counts;
use crate::plan::Plan;
use crate::plan::columns::{Cell, Cells, Column, RestoreError, refill};
use crate::plan::state::State;

/// Declares the recorded columns: one value per entity and day, day after day.
macro_rules! recorded {
    ($($(#[$meta:meta])* $field:ident [$count:ident] $kind:ty = $source:expr;)*) => {
        /// Daily columns of every entity (only with [`Detail::Full`](super::Detail::Full)); value of entity `e` on day `t` at `t × count + e`.
        #[derive(Clone, Debug, Default)]
        pub struct Columns {
            $($(#[$meta])* pub $field: Vec<$kind>,)*
        }

        impl Columns {
            pub(super) fn reserve(&mut self, plan: &Plan, days: usize) {
                let counts = Counts::of(plan);
                $(self.$field.reserve_exact(days * counts.$count);)*
            }

            pub(super) fn push(&mut self, state: &State, scratch: &FirmDay, gate_held: &[f64]) {
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
            pub(super) fn repeat(&self, days: usize) -> Self {
                Self { $($field: self.$field.repeat(days),)* }
            }

            pub(super) fn save<E>(&self, write: &mut impl FnMut(&str, Cells<'_>) -> Result<(), E>) -> Result<(), E> {
                $(write(stringify!($field), <$kind as Cell>::cells(&self.$field))?;)*
                Ok(())
            }

            pub(super) fn restore<E: From<RestoreError>>(
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

/// Sums of the day per firm and per contract.
#[derive(Clone, Debug, Default)]
pub struct FirmDay {
    /// Labour used, worker-days.
    pub used: Vec<f64>,
    /// Compensation claimed and not paid, currency.
    pub claims: Vec<f64>,
    /// Rate of its currency.
    pub rate: Vec<f64>,
    /// Contract → delivered today, units (this and the next only with [`Detail::Full`](super::Detail::Full)).
    pub delivered: Vec<f64>,
    /// Contract → made for its order lines today, units.
    pub made: Vec<f64>,
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
    /// Line → cause, [`crate::rule::cause::Cause::of`].
    line_cause[lines] u32 = |s, _, _, out| out.extend_from_slice(&s.cause);
    /// Line → finished goods at the seller, units.
    line_waiting[lines] f64 = |s, _, _, out| out.extend_from_slice(&s.waiting_goods);
    /// Line → stranded goods, units.
    line_stranded[lines] f64 = |s, _, _, out| out.extend_from_slice(&s.stranded);
    /// Line → delayed goods, units.
    line_delayed[lines] f64 = |s, _, _, out| out.extend_from_slice(&s.delayed);
    /// Line → lost on the way so far, units.
    line_lost[lines] f64 = |s, _, _, out| out.extend_from_slice(&s.line_lost);
    /// Firm → labour of those employed, worker-days; 0 on rest days.
    firm_employed[firms] f64 = |s, _, _, out| out.extend_from_slice(&s.employed);
    /// Firm → labour present, worker-days.
    firm_present[firms] f64 = |s, _, _, out| out.extend_from_slice(&s.present);
    /// Firm → labour used, worker-days.
    firm_used[firms] f64 = |_, f, _, out| out.extend_from_slice(&f.used);
    /// Firm → cash, currency.
    firm_cash[firms] f64 = |s, f, _, out| out.extend(s.cash.iter().zip(&f.rate).map(|(cash, rate)| cash * rate));
    /// Firm → arrears of wages, currency.
    firm_arrears[firms] f64 = |s, f, _, out| out.extend(s.arrears.iter().zip(&f.rate).map(|(arrears, rate)| arrears * rate));
    /// Firm → arrears of wages, worker-days.
    firm_arrears_days[firms] f64 = |s, _, _, out| out.extend_from_slice(&s.arrears_days);
    /// Firm → open receivables, currency.
    firm_receivable[firms] f64 = |s, _, _, out| out.extend_from_slice(&s.receivable);
    /// Firm → overdue receivables, currency.
    firm_overdue[firms] f64 = |s, _, _, out| out.extend_from_slice(&s.receivable_overdue);
    /// Firm → compensation claimed and not paid, currency.
    firm_claims[firms] f64 = |_, f, _, out| out.extend_from_slice(&f.claims);
    /// Firm → workforce, persons.
    firm_workforce[firms] f64 = |s, _, _, out| out.extend_from_slice(&s.workforce);
    /// Firm → how it stands, [`crate::plan::state::Condition`].
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
    /// Product → entered from new sellers outside, units.
    product_imported[products] f64 = |s, _, _, out| {
        out.extend_from_slice(&s.imported);
        // Without such sellers nothing is counted.
        out.resize(out.len() + s.produced.len() - s.imported.len(), 0.0);
    };
    /// Product → used, units.
    product_used[products] f64 = |s, _, _, out| out.extend_from_slice(&s.used);
    /// Product → sold to final demand, units.
    product_sold[products] f64 = |s, _, _, out| out.extend_from_slice(&s.sold);
    /// Product → sent into a way that is shut, units.
    product_sent_shut[products] f64 = |s, _, _, out| out.extend_from_slice(&s.sent_shut);
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
    /// Product → destroyed in store, units; this and the next three only where events take goods.
    product_destroyed[taken] f64 = |s, _, _, out| out.extend_from_slice(&s.destroyed);
    /// Product → carried out of places, units.
    product_carried_out[taken] f64 = |s, _, _, out| out.extend_from_slice(&s.carried_out);
    /// Product → lost with a place, units.
    product_forfeited[taken] f64 = |s, _, _, out| out.extend_from_slice(&s.forfeited);
    /// Product → sold by whoever held a place, units.
    product_sold_off[taken] f64 = |s, _, _, out| out.extend_from_slice(&s.sold_off);
    /// Demand → wanted, units.
    demand_wanted[demands] f64 = |s, _, _, out| out.extend_from_slice(&s.demand_wanted);
    /// Demand → met, units.
    demand_met[demands] f64 = |s, _, _, out| out.extend_from_slice(&s.demand_met);
    /// Contract → delivered, units.
    contract_delivered[contracts] f64 = |_, f, _, out| out.extend_from_slice(&f.delivered);
    /// Contract → made for its order lines, units.
    contract_made[contracts] f64 = |_, f, _, out| out.extend_from_slice(&f.made);
    /// Currency → value of a unit in currency 0.
    currency_rate[currencies] f64 = |s, _, _, out| out.extend_from_slice(&s.rate);
    /// Demand → lost, units.
    demand_lost[demands] f64 = |s, _, _, out| out.extend_from_slice(&s.demand_lost);
}
