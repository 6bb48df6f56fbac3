//! Contracts as columns.

use super::compact::Compact;
use super::fields;
use super::ids::*;

/// Who owns the goods while they are worked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Title passes at delivery.
    #[default]
    Sale,
    /// The client owns inputs, work in progress and output; only custody moves.
    Processing,
}

/// One contract, as it is pushed into [`Contracts`].
#[derive(Clone, Debug, Default)]
pub struct Contract {
    /// The seller's line (it fixes the product).
    pub seller: LineId,
    /// The buyer; goods arrive in its store of the product.
    pub buyer: FirmId,
    /// Sale or processing.
    pub kind: Kind,
    /// The terms.
    pub terms: TermsId,
    /// Route of the goods, seller to buyer.
    pub route: RouteId,
    /// Route of consigned inputs, client to maker (processing only).
    pub input_route: RouteId,
    /// Sale price or processing fee, contract's currency per unit; zero: no money.
    pub price_per_unit: f64,
    /// Restock and plan: share of the buyer's need of the product bought here.
    pub share: f64,
    /// First collection, share of the collection interval after the first day.
    pub collection_phase_share: f64,
    /// What few contracts have.
    pub extras: Extras,
}

/// How a contract takes over what other sellers fail to bring, and how long that takes, another way of its goods included.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Switch {
    /// Most it takes over in the end: share of the buyer's whole need (restock) or of the order line (schedule). Zero: only what its
    /// `standby_share` says.
    pub share: f64,
    /// Days from the failure until something is done about it.
    pub after_days: f64,
    /// Days over which it grows from nothing to all.
    pub days: f64,
    /// Days over which it falls back to nothing once the seller, or the first way, is there again; `None`: as many as `days`.
    pub return_days: Option<f64>,
}

impl Switch {
    /// Whether it takes time at all.
    pub fn takes_time(&self) -> bool {
        self.after_days > 0.0 || self.days > 0.0 || self.return_days.is_some_and(|days| days > 0.0)
    }
}

/// A seller outside the network, to whom a buyer switches when its own sellers fail. Its goods come from abroad, and what is paid for them
/// goes to the outside world.
#[derive(Clone, Debug, PartialEq)]
pub struct Newcomer {
    /// Who buys of it; it must buy the product under a restock contract too.
    pub buyer: FirmId,
    /// What it sells.
    pub product: ProductId,
    /// How much it takes over, and how long that takes.
    pub switch: Switch,
    /// Price, currency 0 per unit, paid with the order; zero: no money.
    pub price_per_unit: f64,
    /// Most it sells a day, units.
    pub capacity_per_day: f64,
    /// Travel time, days; at least one.
    pub travel_days: u32,
}

/// Terms of single contracts that few contracts have; kept in a side table.
#[derive(Clone, Debug, PartialEq)]
pub struct Extras {
    /// Currency of price, prepayment and claims.
    pub currency: CurrencyId,
    /// Most this contract takes over of orders that move: share of the buyer's whole need (restock) or of the order line (schedule).
    pub standby_share: f64,
    /// Most the buyer may owe, goods on the way included, contract's currency; infinite: no limit.
    pub credit_limit: f64,
    /// Other routes of the goods, in order of preference.
    pub alternative_routes: Vec<RouteId>,
    /// Other routes of consigned inputs, in order of preference.
    pub alternative_input_routes: Vec<RouteId>,
    /// How it takes over from other sellers, and how long that and another way take.
    pub switch: Switch,
}

impl Extras {
    /// Whether it may take over what other sellers fail to bring.
    pub fn takes_over(&self) -> bool {
        self.standby_share > 0.0 || self.switch.share > 0.0
    }
}

/// It takes nothing over, and goes another way at once.
const NO_SWITCH: Switch = Switch { share: 0.0, after_days: 0.0, days: 0.0, return_days: None };

/// What a contract without extras has.
static BULK: Extras = Extras {
    currency: CurrencyId(0),
    standby_share: fields::STANDBY_SHARE.default,
    credit_limit: fields::CREDIT_LIMIT.default,
    alternative_routes: Vec::new(),
    alternative_input_routes: Vec::new(),
    switch: NO_SWITCH,
};

impl Default for Extras {
    fn default() -> Self {
        BULK.clone()
    }
}

/// Contracts as columns, one entry per contract. Columns that are mostly alike take no room while they are ([`Compact`]): a bulk contract
/// is a seller, a buyer and a share, 16 bytes. Columns may be set whole (`share: column.into()`) instead of by [`Contracts::push`]; all
/// must have the same length.
#[derive(Clone, Debug, Default)]
pub struct Contracts {
    /// Seller lines.
    pub seller: Vec<LineId>,
    /// Buyers.
    pub buyer: Vec<FirmId>,
    /// Sale or processing.
    pub kind: Compact<Kind>,
    /// Terms.
    pub terms: Compact<TermsId>,
    /// Routes of the goods.
    pub route: Compact<RouteId>,
    /// Routes of consigned inputs.
    pub input_route: Compact<RouteId>,
    /// Prices or fees, currency per unit.
    pub price_per_unit: Compact<f64>,
    /// Shares of the buyer's need.
    pub share: Compact<f64>,
    /// First collection, share of the interval.
    pub collection_phase_share: Compact<f64>,
    /// Contracts with extras, in order of contract.
    pub extras: Vec<(ContractId, Extras)>,
}

impl Contracts {
    /// Adds a contract and returns its id.
    pub fn push(&mut self, contract: Contract) -> ContractId {
        let id = ContractId::from(self.seller.len());
        self.seller.push(contract.seller);
        self.buyer.push(contract.buyer);
        self.kind.push(contract.kind);
        self.terms.push(contract.terms);
        self.route.push(contract.route);
        self.input_route.push(contract.input_route);
        self.price_per_unit.push(contract.price_per_unit);
        self.share.push(contract.share);
        self.collection_phase_share.push(contract.collection_phase_share);
        if contract.extras != BULK {
            self.extras.push((id, contract.extras));
        }
        id
    }

    /// What a contract has beyond the columns.
    pub fn extras_of(&self, row: usize) -> &Extras {
        match self.extras.binary_search_by_key(&ContractId::from(row), |(id, _)| *id) {
            Ok(at) => &self.extras[at].1,
            Err(_) => &BULK,
        }
    }

    /// Number of contracts.
    pub fn len(&self) -> usize {
        self.seller.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.seller.is_empty()
    }
}
