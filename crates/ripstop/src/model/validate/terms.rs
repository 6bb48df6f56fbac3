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
    let at = At("terms", row);
    refers(network, at, *class, [Some(*means), *compensation_means])?;
    [
        ("stock_days", *stock_days, if *ordering == Ordering::Restock { COVER } else { AMOUNT }),
        ("restock_days", *restock_days, TIME_CONSTANT),
        ("hold_patience_days", *hold_patience_days, LIMIT),
        ("leave_days_before_due", *leave_days_before_due, LIMIT),
        ("lots_per_order", *lots_per_order, Domain { least: 1.0, ..AMOUNT }),
        ("collection_interval_days", *collection_interval_days, INTERVAL),
        ("prepaid_share", *prepaid_share, SHARE),
        ("season_settlement_share", *season_settlement_share, SHARE),
        ("inspection_days", *inspection_days, DAYS),
        ("net_days", *net_days, DAYS),
        ("theft_share", *theft_share, SHARE),
        ("retention_share", *retention_share, SHARE),
        ("over_shipment_share", *over_shipment_share, AMOUNT),
        ("purchase_lead_days", *purchase_lead_days, DAYS),
        ("input_window_days", *input_window_days, DAYS),
        ("input_lead_days", *input_lead_days, DAYS),
        ("consignment_interval_days", *consignment_interval_days, INTERVAL),
        ("slack_days", *slack_days, DAYS),
        ("ceiling_days", *ceiling_days, LIMIT),
        ("stop_after_days", *stop_after_days, LIMIT),
        ("grace_days", *grace_days, LIMIT),
        ("compensation_share", *compensation_share, SHARE),
        ("cancel_late_days", *cancel_late_days, LIMIT),
        ("moves_share", *moves_share, SHARE),
        ("refused_share", *refused_share, SHARE),
        ("minimum_order_units", *minimum_order_units, AMOUNT),
    ]
    .into_iter()
    .try_for_each(|(field, value, domain)| at.number(field, value, domain))
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
