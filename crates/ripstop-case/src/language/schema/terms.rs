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
    days("leave_days_before_due", "none", "5", "Finished goods of an order line leave no more than so many days before its due date")
        .or_none(),
    plain("stock_by", Kind::Enum(&["product", "supplier"]), "product", "Whether the buyer keeps stock of a product or of each supplier's")
        .default("product"),
    days("stock_days", "15", "15", "Restock: stock the buyer aims for, in days of need; of sellers of one product the mean by share")
        .likely(0.0, 730.0)
        .at_least(1.0),
    days("restock_days", "6", "6", "Restock: time over which a gap in stock is closed; likewise").likely(0.0, 365.0).at_least(1.0),
    days("hold_patience_days", "30", "30", "After that, goods held at a shut crossing no longer count as on the way"),
    column("lots_per_order", Kind::Integer, "lots", "1", "Complete lots an order is shipped in").at_least(1.0).at_most(1e6).default("1"),
    amount("collection_interval_days", "days", "40", "Days between two collections")
        .at_most(TERM_DAYS_MAX)
        .likely(0.0, 730.0)
        .at_least(1.0)
        .default("30"),
    share("prepaid_share", "share of the fee", "0.15", "Paid with the order").default("0"),
    share("season_settlement_share", "share of the fee left after prepayment", "0.6", "Due only at the end of the season").default("0"),
    days("inspection_days", "0", "7", "From delivery to acceptance").likely(0.0, 365.0).at_most(ripstop::model::limits::DAYS_MAX),
    days("net_days", "0", "30", "From acceptance to payment").likely(0.0, 730.0).at_most(ripstop::model::limits::DAYS_MAX),
    plain("means", Kind::Enum(&["bank", "carried"]), "carried", "How money comes: by bank, or as cash over a crossing").default("bank"),
    plain(
        "carried_crossing",
        Kind::Ref("crossings"),
        "dandong",
        "Crossing the cash is carried over; needed when means or compensation_means is, or may be, carried",
    ),
    share("theft_share", "share of the goods", "0.01", "Stolen on the way").default("0"),
    share("retention_share", "share of the goods", "0.02", "Kept back by the maker").default("0"),
    plain(
        "leftovers",
        Kind::Enum(&["returned", "retained", "written_off"]),
        "returned",
        "What becomes of inputs left over from closed orders",
    )
    .default("returned"),
    amount("over_shipment_share", "share of the bill of materials", "0.1", "Inputs sent on top of what the order takes")
        .likely(0.0, 1.0)
        .default("0"),
    days("purchase_lead_days", "7", "7", "How far ahead a client buys the inputs of placed orders")
        .likely(0.0, 730.0)
        .at_most(ripstop::model::limits::DAYS_MAX),
    days("input_window_days", "45", "45", "Days over which the inputs of an order line are sent and worked")
        .likely(0.0, 730.0)
        .at_most(ripstop::model::limits::DAYS_MAX),
    days("input_lead_days", "10", "10", "Days inputs arrive before they are worked")
        .likely(0.0, 365.0)
        .at_most(ripstop::model::limits::DAYS_MAX),
    amount("consignment_interval_days", "days", "7", "Days between two consignments of inputs")
        .at_most(TERM_DAYS_MAX)
        .likely(0.0, 365.0)
        .at_least(1.0)
        .default("7"),
    days("slack_days", "4", "4", "Days between the planned end of work and the due date")
        .likely(0.0, 365.0)
        .at_most(ripstop::model::limits::DAYS_MAX),
    days("ceiling_days", "none", "30", "Inputs at the maker or on the way are kept below this many days of its labour").or_none(),
    days("stop_after_days", "none", "30", "Closed days after which the client sends nothing more and cancels what is unsent").or_none(),
    days("grace_days", "none", "30", "Days after the due date until the fee on uncollected pieces becomes a compensation claim").or_none(),
    share("compensation_share", "share of the claim", "0", "What the client pays of such a claim").default("0"),
    days("cancel_late_days", "none", "60", "Days after the due date at which an order not yet delivered is cancelled").or_none(),
    share("moves_share", "share of the order", "0.5", "What moves to standby contracts while the seller cannot be reached").default("0"),
    share("refused_share", "share of the goods", "0.02", "Refused at inspection: not paid, destroyed").default("0"),
    amount("minimum_order_units", "units", "500", "Restock: smallest order of a day; what is less waits until it is worth an order")
        .default("0"),
    plain("compensation_means", Kind::Enum(&["same", "bank", "carried"]), "bank", "How compensation comes: as the fee, or otherwise")
        .default("same"),
];
