//! Who owns goods on their way from seller to buyer (on the road, and held at a gate or limit), and what is owed for them.

/// A side of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who sends.
    Seller,
    /// Who is sent to.
    Buyer,
}

/// The owner of goods that have not left yet: those processed for a client are the client's all along, those sold the seller's.
///
/// ```
/// # use ripstop::rule::title::{Side, at_maker};
/// assert_eq!((at_maker(true), at_maker(false)), (Side::Buyer, Side::Seller));
/// ```
pub fn at_maker(processed_for_buyer: bool) -> Side {
    if processed_for_buyer { Side::Buyer } else { Side::Seller }
}

/// The owner of goods that have left and are not delivered: of those sold the seller where title passes at delivery, the buyer where it
/// passes at loading.
///
/// ```
/// # use ripstop::rule::title::{Side, on_the_way};
/// assert_eq!((on_the_way(false, false), on_the_way(false, true)), (Side::Seller, Side::Buyer));
/// assert_eq!(on_the_way(true, false), Side::Buyer);
/// ```
pub fn on_the_way(processed_for_buyer: bool, title_at_loading: bool) -> Side {
    if processed_for_buyer || title_at_loading { Side::Buyer } else { Side::Seller }
}

/// Units whose price is owed today: those that leave where title passes at loading, since from then on they are at the buyer's risk; else
/// those delivered.
///
/// ```
/// # use ripstop::rule::title::owed_units;
/// assert_eq!((owed_units(7.0, 5.0, true), owed_units(7.0, 5.0, false)), (7.0, 5.0));
/// ```
pub fn owed_units(left: f64, delivered: f64, title_at_loading: bool) -> f64 {
    if title_at_loading { left } else { delivered }
}

/// What is set off against an amount owed at delivery, of what was paid when goods left: the part that was paid for goods no longer on the
/// way. `still`: units on the way yesterday that are so today, as a share.
///
/// ```
/// # use ripstop::rule::title::set_off;
/// // 45 paid ahead for three days of goods, one of which came; 30 are owed.
/// assert_eq!(set_off(45.0, 2.0 / 3.0, 30.0).round(), 15.0);
/// assert_eq!(set_off(45.0, 0.0, 30.0), 30.0);
/// assert_eq!(set_off(45.0, 1.0, 30.0), 0.0);
/// ```
pub fn set_off(paid_ahead: f64, still: f64, owed: f64) -> f64 {
    (paid_ahead * (1.0 - still)).clamp(0.0, owed.max(0.0))
}
