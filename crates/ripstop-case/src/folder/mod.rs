//! Run folders: what a run leaves on disk, whole or not at all, and how it is read again.

pub mod checkpoint;
pub mod compare;
pub mod disk;
pub mod inputs;
pub mod output;
pub mod place;
pub mod run_folder;
