//! Ctrl-C, SIGTERM and a terminal that hangs up: the first asks a run to stop, the second ends it at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(unix)]
use signal_hook::consts::SIGHUP;
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
        // A closing terminal sends it more than once: it asks, and never ends the run before its checkpoint.
        #[cfg(unix)]
        if !hangup_is_ignored() {
            let _ = flag::register(SIGHUP, asked.clone());
        }
        Self(asked)
    }

    /// Whether a signal has come.
    pub fn stop(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Whether the run was started so that it outlives its terminal, as `nohup` does.
#[cfg(target_os = "linux")]
fn hangup_is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (SIGHUP - 1) & 1 == 1)
}

/// The same where the system does not tell without `unsafe`: `nohup` moves standard error away from the terminal.
#[cfg(all(unix, not(target_os = "linux")))]
fn hangup_is_ignored() -> bool {
    use std::io::IsTerminal;
    !std::io::stderr().is_terminal()
}
