//! The ripstop command.
fn main() {}
