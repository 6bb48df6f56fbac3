//! Law and behaviour in files: read, put together with the facts of a case, and what the engine finds told in words.
//!
//! ```text
//! shipped rules ─┐
//! rules/*.toml ──┼─> Law ──compile──> engine rules ─┐
//! hs.csv ────────┘                                   ├─> Screen ──over a run──> findings ──> findings.json, terminal
//! tables of the case ──────────> facts ──────────────┘
//! behaviour/*.toml ─> Behaviour ──with the scenario──> events of the run
//! ```

mod act;
mod behaviour;
mod facts;
mod findings;
pub mod hs;
mod law;
mod page;
mod read;
mod tell;

pub use act::{act_on, enforcement_seed};
pub use behaviour::{Behaviour, BehaviourFile, Observed, Share};
pub(crate) use facts::items;
pub use facts::{RuleSet, offset_seconds, second_of_day, signed_of};
pub use findings::{DISCLAIMER, Told, counts, findings_json, tell_all};
pub use law::{GoodsSet, Law, LawExemption, LawRule, LawWhen, Shipped, Stamp, Words, compile, shipped};
pub use page::rule_book_page;
pub(crate) use read::{Asked, is_country, known_code, named, read_case_law};
pub use read::{CaseLaw, check_file, read_law};
pub use tell::{explain, list};
