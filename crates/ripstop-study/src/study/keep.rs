//! Who keeps what a long study has done so far, and stops it: run folders do ([`crate::folder::checkpoint`]), a page does not.

use std::io;
use std::path::PathBuf;

use ripstop::plan::columns::RestoreError;
use ripstop::run::Pair;

use crate::study::ask::Brief;
use ripstop_case::Code;

/// Format of the files. 2: finished runs hold every headline figure, with the events and without. 3: a draw hangs on its row.
pub(crate) const FORMAT: u64 = 3;

/// Why a checkpoint cannot be written or taken up.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The file system said no.
    #[error("checkpoint {path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A file is not what was written.
    #[error("checkpoint {path} is damaged or gone")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// A file lacks a column.
    #[error("checkpoint {path} was written by another build of ripstop: it lacks {column}")]
    Lacks {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// It is of a format this build does not read.
    #[error("checkpoint {path} is of format {found}, this ripstop reads format {FORMAT}: run without --resume to begin anew")]
    Format {
        /// The folder.
        path: PathBuf,
        /// The format found; the first one did not say it.
        found: u64,
    },
    /// It belongs to another run.
    #[error("checkpoint {path} belongs to another run: {}", .differences.join("; "))]
    Differs {
        /// The folder.
        path: PathBuf,
        /// What differs, in words.
        differences: Vec<String>,
    },
    /// Its columns do not fit the network.
    #[error("the checkpoint does not fit the network: {0}")]
    Shape(#[from] RestoreError),
    /// Something else stands where the checkpoint would.
    #[error("{path} is no checkpoint of ripstop")]
    Foreign {
        /// What stands there.
        path: PathBuf,
    },
}

impl CheckpointError {
    /// Its stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Io { .. } => Code::CheckpointNotWritten,
            Self::Damaged { .. } | Self::Lacks { .. } | Self::Format { .. } | Self::Shape(_) => Code::CheckpointDamaged,
            Self::Differs { .. } => Code::CheckpointOfAnotherRun,
            Self::Foreign { .. } => Code::ForeignFolder,
        }
    }
}

/// Keeps what a study has done so far.
pub trait Keep: Sync {
    /// Whether the study is to stop.
    fn stopped(&self) -> bool;
    /// Whether the base run is to go on without being kept first.
    fn go_on(&self) -> bool;
    /// Takes up the base run where it was kept; returns the seconds it had taken.
    ///
    /// Errors: what was kept cannot be read, or is of another network.
    fn restore_base(&self, pair: &mut Pair) -> Result<f64, CheckpointError>;
    /// Keeps the base run.
    ///
    /// Errors: it cannot be written.
    fn keep_base(&self, pair: &Pair, seconds: f64) -> Result<(), CheckpointError>;
    /// Whether a run of so many seconds is worth being kept when it is finished.
    fn worth_keeping(&self, seconds: f64) -> bool;
    /// A finished run that was kept.
    fn run(&self, number: usize) -> Option<Brief>;
    /// Notes a finished run, of so many days.
    fn note(&self, number: usize, brief: &Brief, days: usize);
    /// Keeps the finished runs.
    ///
    /// Errors: they cannot be written.
    fn keep_runs(&self) -> Result<(), CheckpointError>;
}
