//! The engine of ripstop: how a shock travels through a supply network, day by day, in goods and money.

pub mod calendar;
pub mod cause;
pub mod claims;
pub mod day;
pub mod draws;
pub mod error;
pub mod ids;
pub mod losses;
pub mod network;
pub mod phases;
pub mod plan;
pub mod run;
pub mod scenario;
pub mod series;
pub mod state;
pub mod steady;
pub mod transit;
