//! One simulated day, on one screen.

mod ahead;
pub mod dispatch;
pub mod events;
mod newcomers;
pub mod order;
mod places;
pub mod produce;
pub mod ration;
pub mod receive;
pub mod record;
mod restock;
pub mod settle;
mod stores;
mod switching;
mod today;
mod twins;

use crate::plan::Plan;
use crate::plan::state::State;
use crate::record::Record;

/// Simulates day `t`: each phase is a verb, a file in this room, a chapter of `docs/model.md` and a set of output columns.
pub fn step_day(plan: &Plan, state: &mut State, record: &mut Record, t: usize) {
    // What the outside world does today: factors, open shares, cuts.
    events::apply(plan, state, t);
    // What was sent arrives, or is held at a crossing.
    receive::standing(plan, state, t);
    receive::order_lines(plan, state, t);
    receive::newcomers(plan, state, t);
    // Buyers order; clients place order lines and send inputs.
    order::place(plan, state, t);
    order::demand(plan, state, t);
    order::consign(plan, state, t);
    order::bulk(plan, state, t);
    order::restock(plan, state, t);
    // Firms make what they can, and say what bound them.
    produce::firms(plan, state, t);
    produce::bulk(plan, state, t);
    // Shortage is shared out.
    ration::share(plan, state, t);
    // Goods leave, or stay: stranded and delayed.
    dispatch::standing(plan, state, t);
    dispatch::order_lines(plan, state, t);
    dispatch::limits(plan, state, t);
    dispatch::spoil(plan, state);
    // Invoices, fees, wages, claims.
    settle::deliveries(plan, state, t);
    settle::pay(plan, state, t);
    settle::month_end(plan, state, t);
    // What the day was, and the proof that it balances.
    record::day(plan, state, record, t);
}
