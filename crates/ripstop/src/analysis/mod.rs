//! What a finished run says: losses, claims, and the figures of every level of record.

pub mod caught;
pub mod claims;
pub mod levels;
pub mod losses;
