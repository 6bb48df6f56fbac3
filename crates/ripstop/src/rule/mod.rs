//! Each rule of behaviour once, as a pure function of numbers: formula, units, source.
//!
//! The day of general networks ([`crate::day`]) and the passes over columns ([`crate::bulk`]) call the same functions, so a rule cannot be
//! changed in one and forgotten in the other.

pub mod audit;
pub mod capacity;
pub mod cause;
pub mod expect;
pub mod fee;
pub mod gross;
pub mod level;
pub mod make;
pub mod news;
pub mod restock;
pub mod settle;
pub mod share;
pub mod stores;
pub mod switching;
pub mod title;
pub mod wage;
pub mod work;
