//! What is asked of a case: base run and counterfactual, draws, evidence, findings; and the results in words and tables.

pub mod account_out;
pub mod ask;
pub mod caught_out;
pub mod cite;
pub(crate) mod clock;
pub mod daily;
pub mod evidence;
pub mod evidence_out;
pub mod facts_out;
pub mod figures;
pub mod figures_out;
pub mod findings;
pub mod keep;
pub mod names;
pub mod numbers;
pub mod rests;
pub mod rule_book;
pub mod series_out;
pub mod spans;
pub mod summary;
pub mod tell;
pub mod who;

pub use ask::*;
