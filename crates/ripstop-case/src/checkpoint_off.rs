//! Checkpoints of a build that writes no files: there are none, and nobody can make one.

use std::convert::Infallible;
use std::marker::PhantomData;

use ripstop::run::Pair;

pub use crate::inputs::{changed_files, record_word};
use crate::study::Brief;

/// Why a checkpoint cannot be written or taken up: never, as none is.
#[derive(Debug, thiserror::Error)]
#[error("there are no checkpoints")]
pub enum CheckpointError {
    /// Cannot be made.
    #[doc(hidden)]
    Never(Infallible),
}

/// Keeps nothing; there is none.
pub enum Keeper<'a> {
    /// Cannot be made.
    #[doc(hidden)]
    Never(Infallible, PhantomData<&'a ()>),
}

impl Keeper<'_> {
    fn never(&self) -> ! {
        match self {
            Self::Never(never, _) => match *never {},
        }
    }

    /// Whether it was asked to stop.
    pub fn stopped(&self) -> bool {
        self.never()
    }

    pub(crate) fn go_on(&self) -> bool {
        self.never()
    }

    pub(crate) fn restore_base(&self, _: &mut Pair) -> Result<f64, CheckpointError> {
        self.never()
    }

    pub(crate) fn keep_base(&self, _: &Pair, _: f64) -> Result<(), CheckpointError> {
        self.never()
    }

    pub(crate) fn worth_keeping(&self, _: f64) -> bool {
        self.never()
    }

    pub(crate) fn run(&self, _: usize) -> Option<Brief> {
        self.never()
    }

    pub(crate) fn note(&self, _: usize, _: &Brief, _: usize) {
        self.never()
    }

    pub(crate) fn keep_runs(&self) -> Result<(), CheckpointError> {
        self.never()
    }
}
