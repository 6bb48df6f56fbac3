//! From raw cells to a case: names resolved, cells typed, parameters ordered, law read.

pub mod amounts;
pub mod case;
pub mod changed;
pub mod claims;
pub mod columns;
pub mod law;
pub mod links;
pub mod names;
pub mod parameters;
pub mod schema_out;
pub mod selector;
pub mod settings;
pub mod table;
