//! Contracts: their terms, parties, ways and prices, and the share of the buyer's need that each covers.

use std::collections::BTreeMap;

use ripstop::model::fields;
use ripstop::model::ids::*;
use ripstop::model::network::*;

use super::Mapper;
use super::options::{self, FirstRates};
use crate::Values;

impl Mapper<'_> {
    pub(super) fn terms(&self, network: &mut Network, values: &Values) {
        let terms = self.case.table("terms");
        let neutral = Terms::default();
        let means = |word: &str, crossing: Option<u32>| match (word, crossing) {
            ("carried", Some(crossing)) => Means::Carried(CrossingId(crossing)),
            _ => Means::Bank,
        };
        for row in 0..terms.rows() {
            let number = |col: &str, default: f64| terms.number(terms.col(col), row, values).unwrap_or(default);
            let word = |col: &str| terms.enumeration(terms.col(col), row, values).unwrap_or("");
            let crossing = terms.reference(terms.col("carried_crossing"), row);
            network.terms.push(Terms {
                ordering: match word("ordering") {
                    "schedule" => Ordering::Schedule,
                    "plan" => Ordering::Plan,
                    _ => Ordering::Restock,
                },
                class: self.class(terms.text(terms.col("class"), row)),
                dispatch: match word("dispatch") {
                    "lot" => Dispatch::Lot,
                    "collection" => Dispatch::Collection,
                    _ => Dispatch::Continuous,
                },
                work: if word("work") == "early" { Work::Early } else { Work::Spread },
                leave_days_before_due: number("leave_days_before_due", neutral.leave_days_before_due),
                stock_by_supplier: word("stock_by") == "supplier",
                leftovers: match word("leftovers") {
                    "retained" => Leftovers::Retained,
                    "written_off" => Leftovers::WrittenOff,
                    _ => Leftovers::Returned,
                },
                means: means(word("means"), crossing),
                compensation_means: Some(word("compensation_means")).filter(|w| *w != "same").map(|w| means(w, crossing)),
                stock_days: number("stock_days", neutral.stock_days),
                restock_days: number("restock_days", neutral.restock_days),
                hold_patience_days: number("hold_patience_days", neutral.hold_patience_days),
                lots_per_order: number("lots_per_order", neutral.lots_per_order).round(),
                collection_interval_days: number("collection_interval_days", neutral.collection_interval_days),
                prepaid_share: number("prepaid_share", neutral.prepaid_share),
                season_settlement_share: number("season_settlement_share", neutral.season_settlement_share),
                inspection_days: number("inspection_days", neutral.inspection_days),
                net_days: number("net_days", neutral.net_days),
                theft_share: number("theft_share", neutral.theft_share),
                retention_share: number("retention_share", neutral.retention_share),
                over_shipment_share: number("over_shipment_share", neutral.over_shipment_share),
                purchase_lead_days: number("purchase_lead_days", neutral.purchase_lead_days),
                input_window_days: number("input_window_days", neutral.input_window_days),
                input_lead_days: number("input_lead_days", neutral.input_lead_days),
                consignment_interval_days: number("consignment_interval_days", neutral.consignment_interval_days),
                slack_days: number("slack_days", neutral.slack_days),
                ceiling_days: number("ceiling_days", neutral.ceiling_days),
                title: if terms.enumeration(terms.col("title"), row, values) == Some("loading") { Title::Loading } else { Title::Delivery },
                news_days: number("news_days", neutral.news_days),
                stop_after_days: number("stop_after_days", neutral.stop_after_days),
                grace_days: number("grace_days", neutral.grace_days),
                compensation_share: number("compensation_share", neutral.compensation_share),
                cancel_late_days: number("cancel_late_days", neutral.cancel_late_days),
                moves_share: number("moves_share", neutral.moves_share),
                refused_share: number("refused_share", neutral.refused_share),
                minimum_order_units: number("minimum_order_units", neutral.minimum_order_units),
            });
        }
    }

    pub(super) fn contracts(&self, network: &mut Network, first: &FirstRates, values: &Values) {
        let contracts = self.case.table("contracts");
        let default_route = RouteId::from(network.routes.len() - 1);
        let shares = self.shares(network, values);
        let (buyer, kind, terms) = (contracts.col("buyer"), contracts.col("kind"), contracts.col("terms"));
        let (route, input_route) = (contracts.col("route"), contracts.col("input_route"));
        let phase = contracts.col("collection_phase_share");
        let price = ["price_per_unit", "price_usd_per_unit"].map(|name| contracts.col(name));
        let cols = options::ExtraCols::of(contracts);
        for (row, &share) in shares.iter().enumerate() {
            let extras = self.extras(contracts, &cols, row, first, values);
            let rate = first[extras.currency.index()];
            network.contracts.push(Contract {
                seller: LineId(self.seller_line[row]),
                buyer: FirmId(contracts.referred(buyer, row)),
                kind: if contracts.enumeration(kind, row, values) == Some("processing") { Kind::Processing } else { Kind::Sale },
                terms: TermsId(contracts.referred(terms, row)),
                route: contracts.reference(route, row).map_or(default_route, RouteId),
                input_route: contracts.reference(input_route, row).map_or(default_route, RouteId),
                price_per_unit: options::own_amount(contracts, row, price, rate, values),
                share,
                collection_phase_share: contracts.number(phase, row, values).unwrap_or(fields::COLLECTION_PHASE.default),
                extras,
            });
        }
    }

    /// Shares of the buyer's need: given ones hold; sellers without one split the rest, by `quantity_per_day` if all have it, else equally.
    /// A contract with only a `standby_share` or `switch_share` has none of its own, unless nobody else sells.
    fn shares(&self, network: &Network, values: &Values) -> Vec<f64> {
        let contracts = self.case.table("contracts");
        let (buyer, product, terms) = (contracts.col("buyer"), contracts.col("product"), contracts.col("terms"));
        let [share, quantity, standby, switch] =
            ["share", "quantity_per_day", "standby_share", "switch_share"].map(|name| contracts.col(name));
        let has = |col, row: usize| contracts.number(col, row, values).is_some();
        let only_standby = |row: &usize| (has(standby, *row) || has(switch, *row)) && !has(share, *row) && !has(quantity, *row);
        let standing = |row: usize| {
            let terms = contracts.reference(terms, row).and_then(|terms| network.terms.get(terms as usize));
            terms.is_some_and(|terms| terms.ordering != Ordering::Schedule)
        };
        let mut sellers: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
        for row in (0..contracts.rows()).filter(|&r| standing(r)) {
            let key = (contracts.referred(buyer, row), contracts.referred(product, row));
            sellers.entry(key).or_default().push(row);
        }
        let mut shares = vec![1.0; contracts.rows()];
        for rows in sellers.values() {
            let waits = |row: &usize| only_standby(row) && !rows.iter().all(only_standby);
            let given: f64 = rows.iter().filter_map(|&r| contracts.number(share, r, values)).sum();
            let blank: Vec<usize> = rows.iter().copied().filter(|r| !has(share, *r) && !waits(r)).collect();
            let weights: Vec<f64> = match blank.iter().map(|&r| contracts.number(quantity, r, values)).collect::<Option<Vec<f64>>>() {
                Some(quantities) if quantities.iter().sum::<f64>() > 0.0 => quantities,
                _ => vec![1.0; blank.len()],
            };
            let all: f64 = weights.iter().sum();
            for &row in rows {
                shares[row] = contracts.number(share, row, values).unwrap_or(0.0);
            }
            for (&row, weight) in blank.iter().zip(&weights) {
                shares[row] = (1.0 - given).max(0.0) * weight / all;
            }
        }
        shares
    }
}
