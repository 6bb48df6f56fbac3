//! Case files of ripstop: a folder of TOML and CSV in, typed tables and diagnostics out.
//!
//! One static table, [`schema::TABLES`], says what every input means. The reader, the diagnostics and the
//! docs all read it, so a new input is one line.
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

pub mod schema;

mod amounts;
mod case;
mod checks;
mod claims;
mod columns;
mod dates;
mod diagnostic;
mod expr;
mod fuzz;
mod habits;
mod limits;
mod names;
mod order;
mod parameters;
mod parquet_in;
mod parquet_types;
mod quotes;
mod read;
mod rows;
mod selector;
mod settings;
mod table;
mod text;
mod toml_file;

pub mod account_out;
pub mod checkpoint;
pub mod cite;
pub mod compare;
pub mod countries;
pub mod evidence;
pub mod evidence_out;
pub mod facts_out;
pub mod figures;
pub mod figures_out;
pub mod generate;
pub mod inputs;
pub mod links;
pub mod network;
pub mod output;
pub mod place;
pub mod refusals;
pub mod rests;
pub mod rules;
pub mod run_folder;
pub mod schema_out;
pub mod series_out;
pub mod study;
pub mod who;

pub use amounts::Amount;
pub use case::{Case, CaseMeta, Loaded, Override, Plan, Scenario, Settings, StartState, load, load_files, load_within};
pub use checks::notes;
pub use claims::{ClaimKind, ClaimPart, ClaimRow};
pub use dates::{date_of, days_of, parse_date};
pub use diagnostic::{Code, Diagnostic, Policy, Position, Severity, near_miss, warning_named};
pub use expr::{Expr, ExprError, ExprErrorKind};
pub use limits::Limits;
pub use order::by_id;
pub use parameters::{ParamId, ParamKind, Parameter, Parameters, Value, Values};
pub use read::Source;
pub use selector::{All, Selector, SelectorKind, Term};
pub use table::{Col, ScenarioName, Table};
