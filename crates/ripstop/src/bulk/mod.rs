//! Lines and contracts that ask nothing special, by the same rules over columns: ten million contracts, and many scenarios at once.

pub mod batch;
pub mod passes;
pub mod share;
pub mod sweep;
