//! Which firms ask nothing special, so that their lines and contracts can go by columns ([`super::bulk`]).

use super::NONE;
use super::inputs::Inputs;
use super::policy::{fills_to_level, policy_of};
use crate::model::events::{Change, Event};
use crate::model::ids::*;
use crate::model::network::*;

/// Firm → whether its line and all it buys ask nothing special, whatever of `events` holds. `rate`: steady output of every line.
pub(super) fn firms(network: &Network, events: &[Event], rate: &[f64]) -> Vec<bool> {
    Candidates::new(network, events, rate).bulk_firms()
}

/// What matters of a line when it is asked whether a contract it sells under is bulk.
struct Seller {
    product: ProductId,
    may_be_bulk: bool,
    fills_to_level: bool,
}

/// Which firms may be bulk: tried one condition after the other.
struct Candidates<'a> {
    network: &'a Network,
    events: &'a [Event],
    rate: &'a [f64],
    /// Firm → whether nothing has spoken against it so far.
    bulk: Vec<bool>,
    /// Firm → its line, or [`NONE`] without or with several.
    line_of: Vec<u32>,
    /// Route → whether it is one day without crossing or limit.
    short: Vec<bool>,
    /// Terms → whether a bulk contract may have them.
    bare: Vec<bool>,
    inputs: Inputs,
}

impl<'a> Candidates<'a> {
    fn new(network: &'a Network, events: &'a [Event], rate: &'a [f64]) -> Self {
        let mut line_of = vec![NONE; network.firms.len()];
        // No setting asks for a way of its own of those who are bulk.
        let settled = settings_of_bulk(&network.settings);
        let mut bulk: Vec<bool> = network.firms.iter().map(|firm| settled && nothing_but_a_name(firm)).collect();
        for (l, line) in network.lines.iter().enumerate() {
            let firm = line.firm.index();
            bulk[firm] &= line_of[firm] == NONE && simple_line(network, l);
            line_of[firm] = l as u32;
        }
        Self {
            network,
            events,
            rate,
            bulk,
            line_of,
            short: network.routes.iter().map(short_route).collect(),
            bare: network.terms.iter().map(bare_terms).collect(),
            inputs: Inputs::new(network),
        }
    }

    fn bulk_firms(mut self) -> Vec<bool> {
        let network = self.network;
        for (firm, line) in self.line_of.iter().enumerate() {
            self.bulk[firm] &= *line != NONE;
        }
        for demand in network.demands.iter().filter(|demand| !simple_demand(demand)) {
            self.bulk[network.lines[demand.line.index()].firm.index()] = false;
        }
        self.by_event();
        for newcomer in &network.newcomers {
            self.bulk[newcomer.buyer.index()] = false;
        }
        let sellers = self.sellers();
        // Input row → terms of its first contract.
        let mut terms_of_row = vec![NONE; network.inputs.len()];
        let contracts = &network.contracts;
        let mut special = contracts.extras.iter().filter(|(_, extras)| !no_extras(extras)).map(|(contract, _)| contract.index()).peekable();
        for row in 0..contracts.len() {
            let special = special.next_if_eq(&row).is_some();
            let seller = contracts.seller[row].index();
            if network.terms[contracts.terms[row].index()].ordering != Ordering::Restock {
                self.bulk[network.lines[seller].firm.index()] = false;
            }
            let buyer = contracts.buyer[row].index();
            if self.bulk[buyer] && (special || !self.bulk_contract(row, &sellers[seller], &mut terms_of_row)) {
                self.bulk[buyer] = false;
            }
        }
        self.bulk
    }

    /// Firms and buyers that an event deals with in a way of its own.
    fn by_event(&mut self) {
        for event in self.events {
            match &event.change {
                Change::Default(firms) => firms.iter().for_each(|firm| self.bulk[firm.index()] = false),
                Change::Freeze { places, after: _ } | Change::Destroy(places) | Change::Evacuate(places) => {
                    firms_at(self.network, places).for_each(|firm| self.bulk[firm] = false);
                }
                Change::OrderCut(contracts)
                | Change::Cancel(contracts)
                | Change::Refusal(contracts)
                | Change::Forbid(contracts)
                | Change::Enforce(contracts, _) => {
                    contracts.iter().for_each(|c| self.bulk[self.network.contracts.buyer[c.index()].index()] = false);
                }
                Change::Capacity(_)
                | Change::Attendance(_)
                | Change::Demand(_)
                | Change::OpenShare { .. }
                | Change::ExchangeRate(_)
                | Change::Damage { .. } => {}
            }
        }
    }

    /// What matters of every line as a seller, side by side: contracts name sellers in any order, and these fit a cache where lines do not.
    fn sellers(&self) -> Vec<Seller> {
        let mortal = self.mortal();
        let seller = |line: &Line| Seller {
            product: line.product,
            may_be_bulk: !mortal[line.firm.index()] && !matches!(line.rationing, Rationing::ClassPriority | Rationing::Oldest),
            fills_to_level: fills_to_level(line.rationing),
        };
        self.network.lines.iter().map(seller).collect()
    }

    /// Firm → whether it may stop for good, or be out of reach.
    fn mortal(&self) -> Vec<bool> {
        let mut mortal: Vec<bool> = self.network.firms.iter().map(|firm| firm.insolvency_days.is_finite()).collect();
        for event in self.events {
            match &event.change {
                Change::Default(firms) => firms.iter().for_each(|firm| mortal[firm.index()] = true),
                Change::Freeze { places, after: _ } => firms_at(self.network, places).for_each(|firm| mortal[firm] = true),
                _ => {}
            }
        }
        mortal
    }

    /// Whether the contract of a buyer bulk so far is bulk.
    fn bulk_contract(&self, row: usize, seller: &Seller, terms_of_row: &mut [u32]) -> bool {
        let (network, contracts) = (self.network, &self.network.contracts);
        let terms = contracts.terms[row];
        let bare = bare_contract(contracts, row) && self.bare[terms.index()] && self.short[contracts.route[row].index()];
        if !(bare && seller.may_be_bulk) {
            return false;
        }
        let buyer = self.line_of[contracts.buyer[row].index()];
        let line = &network.lines[buyer as usize];
        let Some(input) = self.inputs.of(network, line, seller.product) else { return false };
        if seller.fills_to_level && self.rate[buyer as usize] <= 0.0 {
            return false;
        }
        let before = std::mem::replace(&mut terms_of_row[input], terms.0);
        // Where shares bind somebody has to look who fails.
        if before != NONE && network.settings.shares == Shares::Bind {
            return false;
        }
        if before == NONE || before == terms.0 {
            return true;
        }
        let (before, now) = (policy_of(&network.terms[before as usize]), policy_of(&network.terms[terms.index()]));
        // What is kept in common has one cover, the mean.
        before == now || !before.by_supplier && !now.by_supplier
    }
}

/// Firms that are at some places.
fn firms_at<'a>(network: &'a Network, places: &'a [PlaceId]) -> impl Iterator<Item = usize> + use<'a> {
    network.firms.iter().enumerate().filter(|(_, firm)| places.contains(&firm.place)).map(|(firm, _)| firm)
}

// What follows takes rows apart field by field: a new field does not compile until somebody decides here whether bulk lines may have it.

fn settings_of_bulk(settings: &Settings) -> bool {
    let Settings {
        // Rows are filled steadily or from nothing, and days of a warm-up are days.
        start_state: _,
        warm_up_days: _,
        settle_tolerance_share: _,
        settle_max_days: _,
        // What is planned and expected is a number of the line, by the same rules for lines of both kinds.
        plan_rate: _,
        expect_days: _,
        backlog_days: _,
        // The sweep has a rule of its own for it, and general lines have none.
        compat: _,
        // Asked where a store has several sellers.
        shares: _,
    } = settings;
    true
}

fn bare_contract(contracts: &Contracts, row: usize) -> bool {
    let Contracts {
        kind,
        price_per_unit,
        // Whose they are, and how they order and travel: asked where firms, lines, terms and routes are.
        seller: _,
        buyer: _,
        terms: _,
        route: _,
        // A sale has no inputs that are sent.
        input_route: _,
        // How a row is shared among its sellers.
        share: _,
        // Of order lines.
        collection_phase_share: _,
        // Asked of the few that have any.
        extras: _,
    } = contracts;
    kind[row] == Kind::Sale && price_per_unit[row] == 0.0
}

fn no_extras(extras: &Extras) -> bool {
    let Extras { currency, standby_share, credit_limit, alternative_routes, alternative_input_routes, switch } = extras;
    // Times alone act on what is switched, and there is nothing.
    let Switch { share, after_days: _, days: _, return_days: _ } = switch;
    currency.index() == 0
        && *standby_share == 0.0
        && credit_limit.is_infinite()
        && alternative_routes.is_empty()
        && alternative_input_routes.is_empty()
        && *share == 0.0
}

fn short_route(route: &Route) -> bool {
    let Route { legs } = route;
    let bare = |leg: &Leg| {
        let Leg { crossing, days: _, tonnes_per_day } = leg;
        crossing.is_none() && tonnes_per_day.is_infinite()
    };
    legs.iter().map(|leg| leg.days).sum::<u32>() == 1 && legs.iter().all(bare)
}

fn simple_demand(demand: &Demand) -> bool {
    let Demand { line: _, quantity_per_day: _, season: _, price_per_unit, patience_days } = demand;
    *patience_days == 0 && demand.all_year() && *price_per_unit <= 0.0
}

fn nothing_but_a_name(firm: &Firm) -> bool {
    let Firm {
        workers,
        rest_weekdays,
        hire_days,
        fire_days,
        insolvency_days,
        keep_months,
        // Where it stands, whose it is, and what it is counted in.
        place: _,
        group: _,
        sector: _,
        currency: _,
        // Without workers nobody is paid.
        wage_per_month: _,
        idle_pay_share: _,
        // Without a price nothing is received, and without pay days nothing moves of what is there.
        levy_share: _,
        opening_cash: _,
        // Who never becomes insolvent is never rescued.
        when_insolvent: _,
        rescue_months: _,
    } = firm;
    *workers == 0.0 && *rest_weekdays == 0 && [hire_days, fire_days, insolvency_days, keep_months].iter().all(|days| days.is_infinite())
}

fn bare_terms(terms: &Terms) -> bool {
    let Terms {
        ordering,
        stock_days,
        theft_share,
        refused_share,
        minimum_order_units,
        moves_share,
        title,
        // How a row restocks.
        restock_days: _,
        stock_by_supplier: _,
        // Without a crossing nothing is held, and no class has a gate.
        class: _,
        hold_patience_days: _,
        stop_after_days: _,
        news_days: _,
        // Of order lines.
        dispatch: _,
        work: _,
        leave_days_before_due: _,
        lots_per_order: _,
        collection_interval_days: _,
        retention_share: _,
        leftovers: _,
        over_shipment_share: _,
        purchase_lead_days: _,
        input_window_days: _,
        input_lead_days: _,
        consignment_interval_days: _,
        slack_days: _,
        ceiling_days: _,
        cancel_late_days: _,
        // Without a price nothing is paid.
        prepaid_share: _,
        season_settlement_share: _,
        inspection_days: _,
        net_days: _,
        means: _,
        grace_days: _,
        compensation_share: _,
        compensation_means: _,
    } = terms;
    *ordering == Ordering::Restock
        && *theft_share == 0.0
        && *refused_share == 0.0
        && *minimum_order_units == 0.0
        && *moves_share == 0.0
        && *title == Title::Delivery
        && *stock_days >= 1.0
        && stock_days.is_finite()
}

fn simple_line(network: &Network, l: usize) -> bool {
    let Line { labour_days_per_unit, product, rationing, firm: _, capacity_per_day: _, first_input: _, last_input: _ } = &network.lines[l];
    let inputs = network.inputs_of(LineId(l as u32));
    let own = |input: &Input| {
        let Input { product, per_unit, waste_share: _, supplied_by, importance } = input;
        *importance == Importance::Critical && *supplied_by == SuppliedBy::Maker && *per_unit > 0.0 && keeps(network, *product)
    };
    let mut products: Vec<ProductId> = inputs.iter().map(|input| input.product).collect();
    products.sort_unstable();
    *labour_days_per_unit == 0.0
        && keeps(network, *product)
        && !matches!(rationing, Rationing::ClassPriority | Rationing::Oldest)
        && inputs.iter().all(own)
        && products.windows(2).all(|pair| pair[0] != pair[1])
}

/// Whether a product does not spoil.
fn keeps(network: &Network, product: ProductId) -> bool {
    let Product {
        spoilage_share_per_day,
        // What it is counted at, and what it weighs where something is limited by weight.
        class: _,
        value_per_unit: _,
        value_from: _,
        retail_price_per_unit: _,
        price_after_season_share: _,
        kg_per_unit: _,
    } = &network.products[product.index()];
    *spoilage_share_per_day == 0.0
}
