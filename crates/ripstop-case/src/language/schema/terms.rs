//! The columns of terms.

use super::*;

/// Columns of `terms`.
pub(super) static TERMS: &[ColumnSpec] = &[
    plain("id", Kind::Id, "garment-terms", "Name used by contracts").required(),
    plain(
        "ordering",
        Kind::Enum(&["restock", "schedule", "plan"]),
        "schedule",
        "How the buyer orders: to refill stock, by dated order lines, or for its clients' consignments",
    )
    .required(),
    plain("class", Kind::Text, "consigned", "Class at crossings; blank: the product's"),
    plain(
        "dispatch",
        Kind::Enum(&["continuous", "lot", "collection"]),
        "lot",
        "When goods leave: daily, in complete lots, or when the client collects",
    )
    .default("continuous"),
    plain(
        "work",
        Kind::Enum(&["spread", "early"]),
        "early",
        "When an order line is worked: evenly over its window, or as soon as inputs and hands are there",
    )
    .default("spread"),
    number(
        fields::LEAVE_DAYS_BEFORE_DUE,
        "days",
        "5",
        "Finished goods of an order line leave no more than so many days before its due date",
    ),
    plain("stock_by", Kind::Enum(&["product", "supplier"]), "product", "Whether the buyer keeps stock of a product or of each supplier's")
        .default("product"),
    number(
        fields::STOCK_DAYS,
        "days",
        "15",
        "Restock: stock the buyer aims for, in days of need; of sellers of one product the mean by share",
    )
    .likely(0.0, 730.0),
    number(fields::RESTOCK_DAYS, "days", "6", "Restock: time over which a gap in stock is closed; likewise").likely(0.0, 365.0),
    number(fields::HOLD_PATIENCE_DAYS, "days", "30", "After that, goods held at a shut crossing no longer count as on the way"),
    number(fields::LOTS_PER_ORDER, "lots", "1", "Complete lots an order is shipped in").whole(),
    number(fields::COLLECTION_INTERVAL_DAYS, "days", "40", "Days between two collections").likely(0.0, 730.0),
    number(fields::PREPAID_SHARE, "share of the fee", "0.15", "Paid with the order; of restock and plan contracts when the goods leave"),
    plain(
        "title",
        Kind::Enum(&["delivery", "loading"]),
        "loading",
        "Restock and plan: when what is sold is the buyer's, and its price is owed",
    )
    .default("delivery"),
    number(fields::NEWS_DAYS, "days", "7", "Days after its way has shut on which goods are still made and sent, and held there")
        .likely(0.0, 60.0),
    number(fields::SEASON_SETTLEMENT_SHARE, "share of the fee left after prepayment", "0.6", "Due only at the end of the season"),
    number(fields::INSPECTION_DAYS, "days", "7", "From delivery to acceptance").likely(0.0, 365.0),
    number(fields::NET_DAYS, "days", "30", "From acceptance to payment").likely(0.0, 730.0),
    plain("means", Kind::Enum(&["bank", "carried"]), "carried", "How money comes: by bank, or as cash over a crossing").default("bank"),
    plain(
        "carried_crossing",
        Kind::Ref("crossings"),
        "dandong",
        "Crossing the cash is carried over; needed when means or compensation_means is, or may be, carried",
    ),
    number(fields::THEFT_SHARE, "share of the goods", "0.01", "Stolen on the way"),
    number(fields::RETENTION_SHARE, "share of the goods", "0.02", "Kept back by the maker"),
    plain(
        "leftovers",
        Kind::Enum(&["returned", "retained", "written_off"]),
        "returned",
        "What becomes of inputs left over from closed orders",
    )
    .default("returned"),
    number(fields::OVER_SHIPMENT_SHARE, "share of the bill of materials", "0.1", "Inputs sent on top of what the order takes")
        .likely(0.0, 1.0),
    number(fields::PURCHASE_LEAD_DAYS, "days", "7", "How far ahead a client buys the inputs of placed orders").likely(0.0, 730.0),
    number(fields::INPUT_WINDOW_DAYS, "days", "45", "Days over which the inputs of an order line are sent and worked").likely(0.0, 730.0),
    number(fields::INPUT_LEAD_DAYS, "days", "10", "Days inputs arrive before they are worked").likely(0.0, 365.0),
    number(fields::CONSIGNMENT_INTERVAL_DAYS, "days", "7", "Days between two consignments of inputs").likely(0.0, 365.0),
    number(fields::SLACK_DAYS, "days", "4", "Days between the planned end of work and the due date").likely(0.0, 365.0),
    number(fields::CEILING_DAYS, "days", "30", "Inputs at the maker or on the way are kept below this many days of its labour"),
    number(fields::STOP_AFTER_DAYS, "days", "30", "Closed days after which the client sends nothing more and cancels what is unsent"),
    number(fields::GRACE_DAYS, "days", "30", "Days after the due date until the fee on uncollected pieces becomes a compensation claim"),
    number(fields::COMPENSATION_SHARE, "share of the claim", "0", "What the client pays of such a claim"),
    number(fields::CANCEL_LATE_DAYS, "days", "60", "Days after the due date at which an order not yet delivered is cancelled"),
    number(fields::MOVES_SHARE, "share of the order", "0.5", "What moves to standby contracts while the seller cannot be reached"),
    number(fields::REFUSED_SHARE, "share of the goods", "0.02", "Refused at inspection: not paid, destroyed"),
    number(fields::MINIMUM_ORDER_UNITS, "units", "500", "Restock: smallest order of a day; what is less waits until it is worth an order"),
    plain("compensation_means", Kind::Enum(&["same", "bank", "carried"]), "bank", "How compensation comes: as the fee, or otherwise")
        .default("same"),
];
