//! One table of the numbers of a network: what a field is unless somebody says otherwise, and what it may be.
//!
//! Read by `Default` of the rows, by [`super::validate`], and by the schema of case files, whose columns take name, default and limits
//! from here. A field that is new begins with a line here.

use super::limits::*;

/// A number of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    /// Its name in the row's struct, and of the column, where files have it in the same unit.
    pub name: &'static str,
    /// What it is unless it is said; infinite where that is `none`.
    pub default: f64,
    /// The same as it is written in a file; empty where a row has to say it, or another column.
    pub blank: &'static str,
    /// What it may be.
    pub limits: Limits,
}

macro_rules! default {
    (_) => {
        0.0
    };
    (none) => {
        f64::INFINITY
    };
    ($number:literal) => {
        $number as f64
    };
}

macro_rules! blank {
    (_) => {
        ""
    };
    ($default:tt) => {
        stringify!($default)
    };
}

/// `CONSTANT: name = default, limits;` with `none` for no limit, and `_` where there is no default.
macro_rules! fields {
    ($($constant:ident: $name:ident = $default:tt, $limits:expr;)*) => {
        $(
            #[doc = concat!("`", stringify!($name), "`: ", stringify!($default), " unless it is said.")]
            pub const $constant: Field =
                Field { name: stringify!($name), default: default!($default), blank: blank!($default), limits: $limits };
        )*
        /// All of them.
        pub const ALL: &[Field] = &[$($constant),*];
    };
}

fields! {
    // Settings. Something is divided by a time constant, and less than a day overshoots ever further.
    EXPECT_DAYS: expect_days = 28, INTERVAL;
    BACKLOG_DAYS: backlog_days = 6, INTERVAL;
    WARM_UP_DAYS: warm_up_days = 365, DAYS.from(1.0);
    // Two months of four weeks are compared.
    SETTLE_TOLERANCE: settle_tolerance_share = 0.02, SHARE;
    SETTLE_MAX_DAYS: settle_max_days = 1460, DAYS.from(56.0);

    // Ways, and what passes. A limit of nothing can be reckoned with; in files, where an event would shut the way, it is a slip.
    CROSSING_TONNES: tonnes_per_day = _, AMOUNT;
    LEG_DAYS: days = _, DAYS;
    LEG_TONNES: tonnes_per_day = none, AMOUNT.or_none();
    TRAFFIC_TONNES: tonnes_per_day = _, AMOUNT;
    RATE: value = _, POSITIVE;

    // Products and their inputs.
    VALUE: value_per_unit = _, AMOUNT;
    RETAIL_PRICE: retail_price_per_unit = _, AMOUNT;
    PRICE_AFTER_SEASON: price_after_season_share = 1, SHARE;
    KG: kg_per_unit = _, AMOUNT;
    SPOILAGE: spoilage_share_per_day = 0, SHARE;
    PER_UNIT: per_unit = _, AMOUNT;
    WASTE: waste_share = 0, SHARE;

    // Firms and lines.
    WORKERS: workers = 0, AMOUNT;
    WAGE: wage_per_month = 0, AMOUNT;
    IDLE_PAY: idle_pay_share = 1, SHARE;
    LEVY: levy_share = 0, SHARE;
    KEEP_MONTHS: keep_months = none, AMOUNT.or_none();
    OPENING_CASH: opening_cash = 0, AMOUNT;
    HIRE_DAYS: hire_days = none, INTERVAL.or_none();
    FIRE_DAYS: fire_days = none, INTERVAL.or_none();
    INSOLVENCY_DAYS: insolvency_days = none, INTERVAL.or_none();
    RESCUE_MONTHS: rescue_months = 1, AMOUNT;
    CAPACITY: capacity_per_day = none, AMOUNT.or_none();
    LABOUR: labour_days_per_unit = 0, AMOUNT;

    // Terms. A day's need is met from the store, and what is ordered today comes tomorrow at the earliest: less cover than a day can
    // never be enough. Closing more than the whole gap in a day overshoots.
    STOCK_DAYS: stock_days = 15, INTERVAL;
    RESTOCK_DAYS: restock_days = 6, INTERVAL;
    HOLD_PATIENCE_DAYS: hold_patience_days = 30, TERM.or_none();
    LEAVE_DAYS_BEFORE_DUE: leave_days_before_due = none, TERM.or_none();
    LOTS_PER_ORDER: lots_per_order = 1, INTERVAL;
    COLLECTION_INTERVAL_DAYS: collection_interval_days = 30, INTERVAL;
    PREPAID_SHARE: prepaid_share = 0, SHARE;
    NEWS_DAYS: news_days = 0, DAYS;
    SEASON_SETTLEMENT_SHARE: season_settlement_share = 0, SHARE;
    INSPECTION_DAYS: inspection_days = 0, DAYS;
    NET_DAYS: net_days = 0, DAYS;
    THEFT_SHARE: theft_share = 0, SHARE;
    RETENTION_SHARE: retention_share = 0, SHARE;
    OVER_SHIPMENT_SHARE: over_shipment_share = 0, AMOUNT;
    PURCHASE_LEAD_DAYS: purchase_lead_days = 7, DAYS;
    INPUT_WINDOW_DAYS: input_window_days = 45, DAYS;
    INPUT_LEAD_DAYS: input_lead_days = 10, DAYS;
    CONSIGNMENT_INTERVAL_DAYS: consignment_interval_days = 7, INTERVAL;
    SLACK_DAYS: slack_days = 4, DAYS;
    CEILING_DAYS: ceiling_days = none, TERM.or_none();
    STOP_AFTER_DAYS: stop_after_days = none, TERM.or_none();
    GRACE_DAYS: grace_days = none, TERM.or_none();
    COMPENSATION_SHARE: compensation_share = 0, SHARE;
    CANCEL_LATE_DAYS: cancel_late_days = none, TERM.or_none();
    MOVES_SHARE: moves_share = 0, SHARE;
    REFUSED_SHARE: refused_share = 0, SHARE;
    MINIMUM_ORDER_UNITS: minimum_order_units = 0, AMOUNT;

    // Contracts. What is not resolved by shares is by quantities, so the engine takes more than a share.
    PRICE: price_per_unit = _, AMOUNT;
    SHARE_OF_NEED: share = _, AMOUNT;
    COLLECTION_PHASE: collection_phase_share = 0, AMOUNT;
    STANDBY_SHARE: standby_share = _, SHARE;
    CREDIT_LIMIT: credit_limit = none, AMOUNT.or_none();
    SWITCH_SHARE: switch_share = _, SHARE;
    SWITCH_AFTER_DAYS: switch_after_days = 0, TERM.or_none();
    SWITCH_DAYS: switch_days = 0, TERM.or_none();
    RETURN_DAYS: return_days = _, TERM.or_none();

    // Sellers outside the network that a buyer finds; they switch as contracts do.
    NEWCOMER_CAPACITY: capacity_per_day = none, AMOUNT.or_none();
    NEWCOMER_TRAVEL: travel_days = 1, DAYS.from(1.0);

    // Order lines and final demand.
    ORDER_QUANTITY: quantity = _, AMOUNT;
    DEMAND_QUANTITY: quantity_per_day = _, AMOUNT;
    PATIENCE_DAYS: patience_days = 0, DAYS;

    // Events; what their value may be hangs on the kind. What heals faster than in a tenth of a day heals at once.
    RAMP_IN_DAYS: ramp_in_days = 0, DAYS;
    RAMP_OUT_DAYS: ramp_out_days = 0, DAYS;
    RECOVERY_DAYS: recovery_days = _, TERM.from(0.1).or_none();
    STOP_DAYS: stop_days = _, DAYS;
    DETECTION_SHARE: detection_share = _, SHARE;
    SEIZED_SHARE: seized_share = _, SHARE;
    FINE_PER_VALUE: fine_per_value = 0, AMOUNT;
    ENDS_SHARE: ends_share = _, SHARE;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_is_one_number_in_two_forms_and_within_its_limits() {
        for field in ALL.iter().filter(|field| !field.blank.is_empty()) {
            let written = if field.blank == "none" { f64::INFINITY } else { field.blank.parse().unwrap() };
            assert_eq!(field.default, written, "{}", field.name);
            assert!(field.limits.hold(field.default), "{}", field.name);
        }
        assert_eq!((STOCK_DAYS.default, STOCK_DAYS.blank, STOCK_DAYS.limits.low), (15.0, "15", 1.0));
    }
}
