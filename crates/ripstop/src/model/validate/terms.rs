//! Terms of contracts.

use super::*;

pub(super) fn check(network: &Network, row: usize, terms: &Terms) -> Checked {
    let Terms {
        ordering,
        class,
        dispatch: _,
        work: _,
        leave_days_before_due,
        stock_by_supplier: _,
        stock_days,
        restock_days,
        hold_patience_days,
        lots_per_order,
        collection_interval_days,
        prepaid_share,
        title: _,
        news_days,
        season_settlement_share,
        inspection_days,
        net_days,
        means,
        theft_share,
        retention_share,
        leftovers: _,
        over_shipment_share,
        purchase_lead_days,
        input_window_days,
        input_lead_days,
        consignment_interval_days,
        slack_days,
        ceiling_days,
        stop_after_days,
        grace_days,
        compensation_share,
        cancel_late_days,
        moves_share,
        refused_share,
        minimum_order_units,
        compensation_means,
    } = terms;
    refers(network, At("terms", row), *class, [Some(*means), *compensation_means])?;
    At("terms", row).numbers(&[
        (cover(*ordering), *stock_days),
        (fields::RESTOCK_DAYS, *restock_days),
        (fields::HOLD_PATIENCE_DAYS, *hold_patience_days),
        (fields::LEAVE_DAYS_BEFORE_DUE, *leave_days_before_due),
        (fields::LOTS_PER_ORDER, *lots_per_order),
        (fields::COLLECTION_INTERVAL_DAYS, *collection_interval_days),
        (fields::PREPAID_SHARE, *prepaid_share),
        (fields::NEWS_DAYS, *news_days),
        (fields::SEASON_SETTLEMENT_SHARE, *season_settlement_share),
        (fields::INSPECTION_DAYS, *inspection_days),
        (fields::NET_DAYS, *net_days),
        (fields::THEFT_SHARE, *theft_share),
        (fields::RETENTION_SHARE, *retention_share),
        (fields::OVER_SHIPMENT_SHARE, *over_shipment_share),
        (fields::PURCHASE_LEAD_DAYS, *purchase_lead_days),
        (fields::INPUT_WINDOW_DAYS, *input_window_days),
        (fields::INPUT_LEAD_DAYS, *input_lead_days),
        (fields::CONSIGNMENT_INTERVAL_DAYS, *consignment_interval_days),
        (fields::SLACK_DAYS, *slack_days),
        (fields::CEILING_DAYS, *ceiling_days),
        (fields::STOP_AFTER_DAYS, *stop_after_days),
        (fields::GRACE_DAYS, *grace_days),
        (fields::COMPENSATION_SHARE, *compensation_share),
        (fields::CANCEL_LATE_DAYS, *cancel_late_days),
        (fields::MOVES_SHARE, *moves_share),
        (fields::REFUSED_SHARE, *refused_share),
        (fields::MINIMUM_ORDER_UNITS, *minimum_order_units),
    ])
}

/// Cover binds those who restock; of others the field is not read.
fn cover(ordering: Ordering) -> Field {
    let field = fields::STOCK_DAYS;
    if ordering == Ordering::Restock { field } else { Field { limits: field.limits.from(0.0), ..field } }
}

/// Whether what the terms name is there.
fn refers(network: &Network, at: At, class: Option<ClassId>, means: [Option<Means>; 2]) -> Checked {
    class.map_or(Ok(()), |class| at.refer("class", class.index(), network.classes as usize))?;
    means.into_iter().flatten().try_for_each(|means| check_means(network, at, means))
}

fn check_means(network: &Network, at: At, means: Means) -> Checked {
    match means {
        Means::Bank => Ok(()),
        Means::Carried(_) if network.persons.is_none() => Err(NetworkError::NoPersons { terms: at.1 }),
        Means::Carried(crossing) => at.refer("crossing", crossing.index(), network.crossings.len()),
    }
}
