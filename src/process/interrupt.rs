//! Ctrl-C while a program runs: the first is passed on politely, the second warns, the third kills.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::error::{Error, Kind, Result};

static COUNT: AtomicUsize = AtomicUsize::new(0);
static WATCHING: OnceLock<()> = OnceLock::new();

/// Counts interrupts from here on instead of ending the program at the first.
///
/// # Errors
/// Only when the system refuses a signal handler.
pub fn watch() -> Result<()> {
    if WATCHING.set(()).is_ok() {
        let mut signals = Signals::new([SIGINT, SIGTERM]).context("cannot watch for interrupts")?;
        std::thread::spawn(move || {
            for _ in signals.forever() {
                COUNT.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    Ok(())
}

/// Interrupts so far.
pub fn count() -> usize {
    COUNT.load(Ordering::SeqCst)
}

/// Stops here after an interrupt that nobody acted on.
///
/// # Errors
/// There was one.
pub fn check() -> Result<()> {
    match count() {
        0 => Ok(()),
        _ => Err(Error::new(Kind::Interrupted, "interrupted")),
    }
}

/// Sleeps; false when an interrupt cut it short.
pub fn sleep(duration: Duration) -> bool {
    sleep_since(count(), duration)
}

/// The same for who has done something before, since there were `before` interrupts: one that came meanwhile counts.
pub fn sleep_since(before: usize, duration: Duration) -> bool {
    let end = Instant::now() + duration;
    while count() == before {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return true;
        }
        std::thread::sleep(left.min(Duration::from_millis(50)));
    }
    false
}
