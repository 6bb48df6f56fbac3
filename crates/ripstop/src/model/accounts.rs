//! Accounts of money that belong to no firm.

/// Accounts that are no firm's or group's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// Workers' households: they get the wages.
    Households,
    /// The state: it takes the levy of every receipt.
    State,
    /// Final customers: they pay for final demand.
    Market,
    /// The rest of the world: the owner of every firm without a group.
    Outside,
    /// The exchange dealer: it takes one currency and gives another at the day's rate.
    Dealer,
}

impl Account {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Households, Self::State, Self::Market, Self::Outside, Self::Dealer];
}
