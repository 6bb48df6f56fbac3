//! Case files of ripstop: a folder of TOML and CSV in, typed tables and diagnostics out.
//!
//! One static table, [`schema::TABLES`], says what every input means: name, unit, default, limits. The reader, the diagnostics and the
//! docs all read it.
//!
//! ```text
//! folder ── read ──> raw cells ── names ──> ids ── columns ──> typed tables ── checks ──> Case
//!                        every stage adds to one list of diagnostics and goes on
//! ```
//!
//! # Example
//! ```no_run
//! let loaded = ripstop_case::load(std::path::Path::new("cases/sinuiju-2020"));
//! for problem in &loaded.diagnostics {
//!     eprintln!("{}:{}:{}: {}", problem.file.display(), problem.line, problem.column, problem.message);
//! }
//! if let Some(case) = loaded.case {
//!     let firms = case.table("firms");
//!     let (workers, values) = (firms.col("workers"), case.parameters.base_values());
//!     let total: f64 = (0..firms.rows()).filter_map(|row| firms.number(workers, row, &values)).sum();
//!     println!("{total} workers");
//! }
//! ```

#![warn(missing_docs)]

#[doc(hidden)]
pub mod check;
#[cfg(feature = "files")]
mod fuzz;
#[doc(hidden)]
pub mod language;
mod load;
#[doc(hidden)]
pub mod map;
#[doc(hidden)]
pub mod read;
#[doc(hidden)]
pub mod tables;

#[cfg(feature = "files")]
pub mod disk;
#[cfg(feature = "files")]
pub mod generate;

#[cfg(feature = "files")]
pub use disk::place;
pub use language::{countries, schema};
pub use map::{network, refusals};
pub use tables::{links, schema_out};

/// Law and behaviour in files: read, put together with the facts of a case, and what the engine finds told in words.
///
/// ```text
/// shipped rules ─┐
/// rules/*.toml ──┼─> Law ──compile──> engine rules ─┐
/// hs.csv ────────┘                                   ├─> Screen ──over a run──> findings ──> findings.json, terminal
/// tables of the case ──────────> facts ──────────────┘
/// behaviour/*.toml ─> Behaviour ──with the scenario──> events of the run
/// ```
pub mod rules {
    pub use crate::map::act::{act_on, enforcement_seed};
    pub use crate::map::facts::{RuleSet, offset_seconds, second_of_day, signed_of};
    pub use crate::tables::law::behaviour::{Behaviour, BehaviourFile, Observed, Share};
    pub use crate::tables::law::hs;
    pub use crate::tables::law::read::{CaseLaw, check_file, read_law};
    pub use crate::tables::law::rules::{GoodsSet, Law, LawExemption, LawRule, LawWhen, Stamp, Words, compile};
    pub use crate::tables::law::shipped::{Shipped, shipped};
}

pub use check::read_on;
pub use check::what_if::{self, Changed, Setting};
pub use check::{most_extreme, notes};
pub use language::dates::{date_of, days_of, parse_date};
pub use language::diagnostic::{Code, Diagnostic, Policy, Position, Severity, near_miss, warning_named};
pub use language::expr::{Expr, ExprError, ExprErrorKind};
pub use language::limits::Limits;
pub use load::{Loaded, load, load_files, load_within};
pub use read::bytes::Source;
pub use read::order::by_id;
pub use tables::amounts::Amount;
pub use tables::case::{Case, CaseMeta, Plan, Settings, StartState};
pub use tables::claims::{ClaimKind, ClaimPart, ClaimRow};
pub use tables::parameters::{Override, ParamId, ParamKind, Parameter, Parameters, Scenario, Value, Values};
pub use tables::selector::{All, Selector, SelectorKind, Term};
pub use tables::table::{Col, ScenarioName, Table};
