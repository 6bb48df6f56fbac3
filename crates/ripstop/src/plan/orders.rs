//! Order lines and their inputs, laid out for the day.

use crate::model::ids::*;
use crate::model::network::{Importance, SuppliedBy};

/// Order lines as columns, sorted by seller firm, due date, row: a firm's order lines lie together, earliest due first.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    /// Row in [`Network::orders`](crate::model::network::Network::orders).
    pub row: Vec<OrderId>,
    /// Contract.
    pub contract: Vec<ContractId>,
    /// Seller line.
    pub line: Vec<u32>,
    /// Buyer firm.
    pub buyer: Vec<u32>,
    /// Buyer's stock point for the product.
    pub point: Vec<u32>,
    /// Ordered quantity, units.
    pub quantity: Vec<f64>,
    /// Step at which it is placed.
    pub placed: Vec<i32>,
    /// Step of the first consignment.
    pub send_start: Vec<i32>,
    /// Step of the planned start of work.
    pub work_start: Vec<i32>,
    /// Whole days over which work is spread, from its planned start; 0: worked as soon as it can be.
    pub work_days: Vec<i32>,
    /// Working days of the seller up to the last one before the planned end of work ([`Plan::working_days`](super::Plan::working_days)).
    pub work_before: Vec<i32>,
    /// Step of the due date.
    pub due: Vec<i32>,
    /// Step of the season's end, or [`NEVER`](super::NEVER).
    pub season_end: Vec<i32>,
    /// Fee or price, contract's currency per unit.
    pub price: Vec<f64>,
    /// Fee or price at the first day's rate, currency 0 per unit.
    pub value: Vec<f64>,
    /// Currency of price and payments.
    pub currency: Vec<u32>,
    /// For a standby twin, the order line it stands by for; else [`NONE`](super::NONE).
    pub twin_of: Vec<u32>,
    /// Path of the goods.
    pub path: Vec<u32>,
    /// Path of consigned inputs, or [`NONE`](super::NONE).
    pub input_path: Vec<u32>,
    /// First cell of the goods on the way.
    pub cells: Vec<u32>,
    /// Consigned inputs `first_input[o]..first_input[o + 1]`.
    pub first_input: Vec<u32>,
    /// Step of the first collection.
    pub first_collection: Vec<i32>,
    /// Step from which the fee on uncollected goods is claimed, or [`NEVER`](super::NEVER).
    pub claim_from: Vec<i32>,
    /// Gate carried cash must pass to the seller, or [`NO_GATE`](super::transit::NO_GATE).
    pub cash_gate: Vec<u32>,
    /// The same for compensation.
    pub compensation_gate: Vec<u32>,
    /// Dense number of the contract among the scheduled ones.
    pub account: Vec<u32>,
    /// Equal consignments in which the inputs are sent.
    pub consignments: Vec<f64>,
    /// Days from one consignment to the next.
    pub interval: Vec<i32>,
    /// Terms.
    pub terms: Vec<TermsId>,
    /// Whether it is worked for its client.
    pub processing: Vec<bool>,
    /// Whether its maker takes inputs of its own for it: all of a sale, those not consigned of a processing order.
    pub takes_own: Vec<bool>,
}

/// Consigned inputs of order lines as columns.
#[derive(Clone, Debug, Default)]
pub struct Consigned {
    /// Input product.
    pub product: Vec<u32>,
    /// The client's stock point they are taken from.
    pub store: Vec<u32>,
    /// Units sent per ordered unit, with over-shipment.
    pub sent_per_unit: Vec<f64>,
    /// Units used per unit made, with waste.
    pub used_per_unit: Vec<f64>,
    /// How it binds.
    pub importance: Vec<Importance>,
    /// First cell of the inputs on the way.
    pub cells: Vec<u32>,
    /// Row in [`Plan::contract_inputs`](super::Plan::contract_inputs).
    pub of_contract: Vec<u32>,
}

/// An input that a line takes from its firm's store.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// Stock point it is taken from.
    pub point: u32,
    /// Product.
    pub product: u32,
    /// Units used per unit made, with waste.
    pub per_unit: f64,
    /// How it binds.
    pub importance: Importance,
    /// Who supplies it for processing orders.
    pub supplied_by: SuppliedBy,
}
