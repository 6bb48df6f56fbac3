//! Files written whole or not at all, in a place of one's own; and why one cannot be.

pub mod place;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::Code;

/// Why a run folder could not be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The folder holds something that is no earlier run.
    #[error("{0} exists and is no run folder of ripstop, or holds other files too")]
    Foreign(PathBuf),
    /// The folder holds the case, or is read with it.
    #[error("{0} holds the case, or is a folder of the case that is read with it")]
    HoldsCase(PathBuf),
    /// A file that is to be written is there and is not ours.
    #[error("{0} exists and is no page of ripstop")]
    ForeignFile(PathBuf),
    /// Somebody else is writing there.
    #[error("another run is writing to {0} at this moment")]
    Busy(PathBuf),
    /// The file system said no.
    #[error("cannot write {path}: {error}")]
    Io {
        /// What was written.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The Parquet writer said no.
    #[error("cannot write {path}: {error}")]
    Parquet {
        /// What was written.
        path: PathBuf,
        /// What the library said.
        error: parquet::errors::ParquetError,
    },
}

impl OutputError {
    /// Names the file a person knows, not the hidden folder in which it is filled.
    pub(crate) fn in_place(mut self, fresh: &Path, out: &Path) -> Self {
        if let Self::Io { path, .. } | Self::Parquet { path, .. } = &mut self
            && let Ok(inner) = path.strip_prefix(fresh)
        {
            *path = out.join(inner);
        }
        self
    }

    /// Its stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Foreign(_) | Self::HoldsCase(_) => Code::ForeignFolder,
            Self::ForeignFile(_) => Code::ForeignFile,
            Self::Busy(_) => Code::PlaceTaken,
            Self::Io { .. } | Self::Parquet { .. } => Code::OutputNotWritten,
        }
    }
}

/// Every file a run may leave, beside the copy of its inputs.
pub const FILES: [&str; 9] = [
    "manifest.json",
    "summary.json",
    "claims.json",
    "evidence.json",
    "findings.json",
    "case.json",
    "series.parquet",
    "series.csv",
    "report.html",
];

/// Writes a file and has the disk take it.
///
/// Errors: the file system's.
pub fn write_whole(path: &Path, body: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(body)?;
    file.sync_all()
}

/// Waits until the disk knows the names in a folder. Best effort: not every system can open a folder.
pub fn sync_folder(folder: &Path) {
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
}

/// The blake3 of a file.
///
/// Errors: it cannot be read.
pub fn hash_of(path: &Path) -> io::Result<String> {
    let (mut file, mut hasher, mut bytes) = (File::open(path)?, blake3::Hasher::new(), vec![0; 1 << 18]);
    loop {
        let count = file.read(&mut bytes)?;
        if count == 0 {
            return Ok(hasher.finalize().to_hex().to_string());
        }
        hasher.update(&bytes[..count]);
    }
}

/// The folder of the copy inside a run folder.
pub const INPUTS: &str = "inputs";
