//! Who owns goods on their way from seller to buyer: on the road, and held at a gate or limit.

/// A side of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who sends.
    Seller,
    /// Who is sent to.
    Buyer,
}

/// The owner of finished goods until they are delivered. Goods processed for a client are the client's all along; those sold are the
/// seller's, since title passes at delivery.
///
/// ```
/// # use ripstop::rule::title::{Side, until_delivery};
/// assert_eq!(until_delivery(true), Side::Buyer);
/// assert_eq!(until_delivery(false), Side::Seller);
/// ```
pub fn until_delivery(processed_for_buyer: bool) -> Side {
    if processed_for_buyer { Side::Buyer } else { Side::Seller }
}
