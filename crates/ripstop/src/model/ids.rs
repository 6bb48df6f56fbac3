//! Row numbers as types: a contract id cannot be used where a firm id is meant, and both take four bytes.

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The id as an array index.
            #[inline]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl From<usize> for $name {
            /// # Panics
            /// If `index` does not fit `u32`; tables are limited to 2³² rows where they are read.
            fn from(index: usize) -> Self {
                Self(u32::try_from(index).expect("a table has fewer than 2^32 rows"))
            }
        }
    )*};
}

ids! {
    /// A country, by its position in the case's list of country codes.
    CountryId,
    /// A place: a town, a port, a zone.
    PlaceId,
    /// A border point with two sides.
    CrossingId,
    /// A shipment class (consigned, declared, essential, persons, …).
    ClassId,
    /// An ordered list of legs.
    RouteId,
    /// Firms under one owner.
    GroupId,
    /// A sector of the economy.
    SectorId,
    /// A good.
    ProductId,
    /// A firm.
    FirmId,
    /// A firm's production of one product.
    LineId,
    /// A set of contract terms.
    TermsId,
    /// A contract: seller line → buyer, one product.
    ContractId,
    /// An order line: a quantity with dates under a contract.
    OrderId,
    /// Final demand for one line's product.
    DemandId,
    /// A currency; 0 is the case's, in which values are stated.
    CurrencyId,
}
