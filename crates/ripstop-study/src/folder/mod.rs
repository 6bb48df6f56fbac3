//! Run folders: what a run leaves on disk, whole or not at all, and how it is read again.

pub mod checkpoint;
pub mod compare;
pub mod inputs;
pub mod output;
pub mod run_folder;
