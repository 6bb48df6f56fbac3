//! From a case to the engine's network, events and facts.

pub mod act;
pub mod facts;
pub mod network;
pub mod refusals;
pub(crate) mod start;
