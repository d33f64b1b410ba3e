//! Ctrl-C while a program runs: the first is passed on politely, the second warns, the third kills.
//!
//! All waiting happens here, so that an interrupt wakes every waiter at once.

use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::error::{Error, Kind, Result};

/// Interrupts so far.
static COUNT: Mutex<usize> = Mutex::new(0);
static CHANGED: Condvar = Condvar::new();
static WATCHING: OnceLock<()> = OnceLock::new();

/// What ended a wait.
#[derive(Debug, PartialEq, Eq)]
pub enum Woken<T> {
    Done(T),
    Interrupted,
    TimedOut,
}

/// Counts interrupts from here on instead of ending the program at the first.
///
/// # Errors
/// The system refuses a signal handler.
pub fn watch() -> Result<()> {
    if WATCHING.set(()).is_ok() {
        let mut signals = Signals::new([SIGINT, SIGTERM]).context("cannot watch for interrupts")?;
        std::thread::spawn(move || {
            for _ in signals.forever() {
                *counted() += 1;
                CHANGED.notify_all();
            }
        });
    }
    Ok(())
}

fn counted() -> MutexGuard<'static, usize> {
    COUNT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Interrupts so far.
pub fn count() -> usize {
    *counted()
}

/// Fails after an interrupt that nothing has handled yet.
///
/// # Errors
/// There was one.
pub fn check() -> Result<()> {
    match count() {
        0 => Ok(()),
        _ => Err(Error::new(Kind::Interrupted, "interrupted")),
    }
}

/// Blocks until `done` returns something, an interrupt comes beyond the first `before`, or the time is over. Whoever
/// makes `done` succeed calls [`wake`].
pub fn wait<T>(before: usize, end: Option<Instant>, mut done: impl FnMut() -> Option<T>) -> Woken<T> {
    let mut interrupts = counted();
    loop {
        if let Some(found) = done() {
            return Woken::Done(found);
        }
        if *interrupts > before {
            return Woken::Interrupted;
        }
        interrupts = match end.map(|end| end.saturating_duration_since(Instant::now())) {
            None => CHANGED.wait(interrupts).unwrap_or_else(PoisonError::into_inner),
            Some(Duration::ZERO) => return Woken::TimedOut,
            Some(left) => {
                CHANGED
                    .wait_timeout(interrupts, left)
                    .unwrap_or_else(PoisonError::into_inner)
                    .0
            }
        };
    }
}

/// Makes every waiter check again.
pub fn wake() {
    // Holding the lock, no waiter is between its check and its sleep.
    let _held = counted();
    CHANGED.notify_all();
}

/// Sleeps; false when an interrupt cut it short.
pub fn sleep(duration: Duration) -> bool {
    sleep_since(count(), duration)
}

/// The same for a caller that counted `before` interrupts earlier, so that one that came since then counts.
pub fn sleep_since(before: usize, duration: Duration) -> bool {
    wait(before, Some(Instant::now() + duration), || None::<()>) == Woken::TimedOut
}
