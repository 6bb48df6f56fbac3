//! x
use crate::*;
pub fn diff(_: &DiffArgs) -> Result<(), Failure> { Ok(()) }
