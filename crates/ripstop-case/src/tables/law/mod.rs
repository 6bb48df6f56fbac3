//! Law and behaviour in files, read.

pub mod behaviour;
pub mod hs;
pub mod keys;
pub mod read;
pub mod rules;
pub mod shipped;
