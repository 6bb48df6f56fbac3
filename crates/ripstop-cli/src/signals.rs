//! Ctrl-C and SIGTERM: the first asks a run to stop, the second ends it at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Exit code of a run that was asked to stop.
pub const STOPPED: u8 = 5;

/// Whether the run was asked to stop.
pub struct Signals(Arc<AtomicBool>);

impl Signals {
    /// Listens from now on. Where the system gives no signals the run cannot be stopped so, and all else works.
    pub fn listen() -> Self {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // The order matters: the first signal sets the flag after the second handler has looked at it.
            let _ = flag::register_conditional_shutdown(signal, i32::from(STOPPED), asked.clone());
            let _ = flag::register(signal, asked.clone());
        }
        Self(asked)
    }

    /// Whether a signal has come.
    pub fn stop(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
