//! Case files of ripstop.
