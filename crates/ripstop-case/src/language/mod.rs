//! What may be said in a case: the schema, dates, formulas and codes; and how a problem is told.

pub mod countries;
pub mod dates;
pub mod diagnostic;
pub mod expr;
pub mod faults;
pub mod limits;
pub mod numbers;
pub mod observations;
pub mod schema;
pub mod text;
