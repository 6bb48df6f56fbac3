//! The terms of contracts.

use super::fields;
use super::ids::*;

/// Who orders how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ordering {
    /// A standing flow that refills the buyer's stock (Hallegatte).
    #[default]
    Restock,
    /// Order lines with quantity and dates.
    Schedule,
    /// A client's purchases for its consignments: net requirements of the order lines it has placed.
    Plan,
}

/// How finished goods of an order line leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dispatch {
    /// Every day what is finished.
    #[default]
    Continuous,
    /// A lot as soon as it is complete.
    Lot,
    /// Complete lots, on the client's collection days.
    Collection,
}

/// When the work on an order line is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Work {
    /// Evenly over its window, and ahead of that where the days to come would not do ([`crate::rule::work`]).
    #[default]
    Spread,
    /// As soon as inputs, hands and capacity allow.
    Early,
}

/// What happens to inputs that are left when an order line closes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leftovers {
    /// They go back to the client.
    #[default]
    Returned,
    /// The processor keeps them.
    Retained,
    /// They are written off.
    WrittenOff,
}

/// How money travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Means {
    /// By bank, always possible.
    #[default]
    Bank,
    /// As cash over a crossing: needs it open to persons, in the direction of the payee.
    Carried(CrossingId),
}

/// When what is sold becomes the buyer's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Title {
    /// When it is delivered: on the way it is the seller's, and what is lost there is not paid.
    #[default]
    Delivery,
    /// When it leaves the seller: its price is owed from that day, whatever becomes of it.
    Loading,
}

/// The terms of a contract. Defaults are neutral: no money parts, no losses, no limits.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Who orders how.
    pub ordering: Ordering,
    /// Shipment class; `None`: the product's.
    pub class: Option<ClassId>,
    /// How finished goods of order lines leave.
    pub dispatch: Dispatch,
    /// When the work on an order line is done.
    pub work: Work,
    /// Days before the due date from which finished goods of an order line may leave; infinite: as soon as they are finished.
    pub leave_days_before_due: f64,
    /// Restock: stock kept per supplier (true) or per product (false).
    pub stock_by_supplier: bool,
    /// Restock: target stock n, days of need; at least 1, since the day's need is met from the store. Of sellers of one product with
    /// different terms the mean holds, as for `restock_days` ([`crate::plan::cover`]).
    pub stock_days: f64,
    /// Restock: τ, days over which a gap is closed; at least 1.
    pub restock_days: f64,
    /// Restock: days after which goods held at a shut crossing no longer count as on the way.
    pub hold_patience_days: f64,
    /// Equal lots per order line.
    pub lots_per_order: f64,
    /// Days between a client's collections.
    pub collection_interval_days: f64,
    /// Share of the fee or price paid when the order is placed; of a restock or plan contract when the goods leave.
    pub prepaid_share: f64,
    /// Restock and plan: when what is sold becomes the buyer's.
    pub title: Title,
    /// Days after its way has shut on which goods are still made and sent, and held there: news travels.
    pub news_days: f64,
    /// σ: share of the rest that is due only after the season's end.
    pub season_settlement_share: f64,
    /// Days of inspection after delivery.
    pub inspection_days: f64,
    /// Days to pay after inspection.
    pub net_days: f64,
    /// How money travels.
    pub means: Means,
    /// Share of shipped units lost on the way.
    pub theft_share: f64,
    /// Share of finished units the processor keeps.
    pub retention_share: f64,
    /// Inputs left when an order line closes.
    pub leftovers: Leftovers,
    /// Extra inputs a client sends, share of the bill of materials.
    pub over_shipment_share: f64,
    /// Days between placing an order and the first consignment (schedule), or days looked ahead (plan).
    pub purchase_lead_days: f64,
    /// Days over which the inputs of an order line are sent and sewn.
    pub input_window_days: f64,
    /// Days inputs arrive before they are used.
    pub input_lead_days: f64,
    /// Days between consignments.
    pub consignment_interval_days: f64,
    /// Days between planned end of work and due date.
    pub slack_days: f64,
    /// No consignment while inputs at or on the way exceed this many days of the firm's labour.
    pub ceiling_days: f64,
    /// Closed days after which the client sends nothing and cancels the unsent part.
    pub stop_after_days: f64,
    /// Days after due at which the fee on uncollected pieces becomes a compensation claim.
    pub grace_days: f64,
    /// Share of a compensation claim the client pays.
    pub compensation_share: f64,
    /// Days after due at which the buyer cancels what is not made.
    pub cancel_late_days: f64,
    /// Share of an order that moves to the buyer's standby contracts while this seller cannot be reached.
    pub moves_share: f64,
    /// Share of delivered goods refused at inspection: not paid, destroyed.
    pub refused_share: f64,
    /// Smallest order of a restock contract, units a day: less is not worth the seller's while, and waits.
    pub minimum_order_units: f64,
    /// How compensation travels; `None`: as the fee.
    pub compensation_means: Option<Means>,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            ordering: Ordering::Restock,
            class: None,
            dispatch: Dispatch::Continuous,
            work: Work::Spread,
            leave_days_before_due: fields::LEAVE_DAYS_BEFORE_DUE.default,
            stock_by_supplier: false,
            stock_days: fields::STOCK_DAYS.default,
            restock_days: fields::RESTOCK_DAYS.default,
            hold_patience_days: fields::HOLD_PATIENCE_DAYS.default,
            lots_per_order: fields::LOTS_PER_ORDER.default,
            collection_interval_days: fields::COLLECTION_INTERVAL_DAYS.default,
            prepaid_share: fields::PREPAID_SHARE.default,
            title: Title::Delivery,
            news_days: fields::NEWS_DAYS.default,
            season_settlement_share: fields::SEASON_SETTLEMENT_SHARE.default,
            inspection_days: fields::INSPECTION_DAYS.default,
            net_days: fields::NET_DAYS.default,
            means: Means::Bank,
            theft_share: fields::THEFT_SHARE.default,
            retention_share: fields::RETENTION_SHARE.default,
            leftovers: Leftovers::Returned,
            over_shipment_share: fields::OVER_SHIPMENT_SHARE.default,
            purchase_lead_days: fields::PURCHASE_LEAD_DAYS.default,
            input_window_days: fields::INPUT_WINDOW_DAYS.default,
            input_lead_days: fields::INPUT_LEAD_DAYS.default,
            consignment_interval_days: fields::CONSIGNMENT_INTERVAL_DAYS.default,
            slack_days: fields::SLACK_DAYS.default,
            ceiling_days: fields::CEILING_DAYS.default,
            stop_after_days: fields::STOP_AFTER_DAYS.default,
            grace_days: fields::GRACE_DAYS.default,
            compensation_share: fields::COMPENSATION_SHARE.default,
            cancel_late_days: fields::CANCEL_LATE_DAYS.default,
            moves_share: fields::MOVES_SHARE.default,
            refused_share: fields::REFUSED_SHARE.default,
            minimum_order_units: fields::MINIMUM_ORDER_UNITS.default,
            compensation_means: None,
        }
    }
}
