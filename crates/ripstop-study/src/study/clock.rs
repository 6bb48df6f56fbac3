//! The only clock: how long runs take, for people and for when a checkpoint is due. No result depends on it.
//!
//! A page in a browser has no such clock, and asking for it would end the program: there it stands still, and every time is 0.

use std::time::Duration;

/// The moment something began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(#[cfg(not(target_arch = "wasm32"))] std::time::Instant);

impl Stopwatch {
    /// Now.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn now() -> Self {
        Self(std::time::Instant::now())
    }

    /// Now, as always.
    #[cfg(target_arch = "wasm32")]
    pub fn now() -> Self {
        Self()
    }

    /// Time since then.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    /// None: the clock stands still.
    #[cfg(target_arch = "wasm32")]
    pub fn elapsed(self) -> Duration {
        Duration::ZERO
    }
}
