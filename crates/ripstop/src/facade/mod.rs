//! What a program uses: a simulation in steps, seen and changed between days.

mod pair;
mod simulation;
mod view;

pub use pair::Pair;
pub use simulation::Simulation;
pub use view::{LineView, View};
