//! What the benchmarks share: a measure of the machine they ran on, and networks made in memory.

pub mod networks;

use std::hint::black_box;
use std::time::Instant;

const CELLS: usize = 8 << 20;
const ROUNDS: usize = 7;

/// Memory bandwidth of one thread in GB/s: best of seven rounds of the triad `a[i] = b[i] + s × c[i]` over three columns of 64 MiB.
///
/// Counts 24 bytes a cell, as the STREAM benchmark does; that a written line is read first is not counted.
pub fn bandwidth_gb_per_s() -> f64 {
    let (b, c) = (vec![1.0_f64; CELLS], vec![2.0_f64; CELLS]);
    let mut a = vec![0.0_f64; CELLS];
    let mut best_seconds = f64::INFINITY;
    for round in 0..ROUNDS {
        let scale = black_box(0.5 + round as f64);
        let started = Instant::now();
        for ((a, b), c) in a.iter_mut().zip(&b).zip(&c) {
            *a = b + scale * c;
        }
        black_box(&mut a);
        best_seconds = best_seconds.min(started.elapsed().as_secs_f64());
    }
    (CELLS * 24) as f64 / best_seconds / 1e9
}

/// Most memory the process has held so far, bytes; zero where the system does not say.
pub fn memory_peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()).map_or(0, |kb| kb * 1024)
}
