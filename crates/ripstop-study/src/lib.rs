//! Studies of ripstop: what is asked of a case, and the results as values, words and tables.
//!
//! [`study()`] runs a scenario with its counterfactual, draws over every ranged row, and what rests on which; [`summary`], [`figures_out`],
//! [`mod@findings`] and [`series_out`] say it. No files but in the room `folder`, which the feature `files` opens: run folders, checkpoints,
//! comparison of runs.

#![warn(missing_docs)]

#[cfg(feature = "files")]
pub mod folder;
pub mod study;

#[cfg(feature = "files")]
pub use folder::{checkpoint, compare, inputs, output, run_folder};
pub use study::ask::*;
pub use study::{account_out, cite, evidence, evidence_out, facts_out, figures, figures_out, findings, rests, series_out, summary, who};

/// Law in words: what the engine found, rules explained and listed.
pub mod rules {
    pub use crate::study::findings::{DISCLAIMER, Told, counts, findings_json, tell_all};
    pub use crate::study::rule_book::rule_book_page;
    pub use crate::study::tell::{explain, list};
}
