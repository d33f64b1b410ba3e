//! Looking again until something is there: clouds and machines take their time.

use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::process::interrupt;

/// How long to wait, and how often to look.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    pub total: Duration,
    pub pause: Duration,
}

/// What one look found.
#[derive(Debug)]
pub enum Look<T> {
    Found(T),
    /// Not yet, and what was said instead.
    NotYet(String),
    /// What was said will hardly change by waiting, although something that starts may say it for a while.
    Refused(String),
}

/// Why nobody looks any longer.
#[derive(Debug)]
pub enum GaveUp {
    Late(String),
    Refused(String),
    Interrupted,
    Failed(Error),
}

impl RetryPolicy {
    /// Looks until it is there. Each pause is told with what is waited for.
    ///
    /// # Errors
    /// The time is over, a tenth of it in refusals, an interrupt, or looking itself failed.
    pub fn until<T>(
        self,
        what: &str,
        tell: &mut dyn FnMut(&str),
        mut look: impl FnMut() -> Result<Look<T>>,
    ) -> Result<T, GaveUp> {
        let began = Instant::now();
        let interrupts = interrupt::count();
        let mut refused_since: Option<Instant> = None;
        loop {
            let said = match look().map_err(GaveUp::Failed)? {
                Look::Found(found) => return Ok(found),
                Look::NotYet(said) => {
                    refused_since = None;
                    said
                }
                Look::Refused(said) => {
                    let since = *refused_since.get_or_insert_with(Instant::now);
                    if since.elapsed() >= self.total / 10 {
                        return Err(GaveUp::Refused(said));
                    }
                    said
                }
            };
            if began.elapsed() >= self.total {
                return Err(GaveUp::Late(said));
            }
            tell(&format!("waiting for {what}, {} s so far ({said})", began.elapsed().as_secs()));
            if !interrupt::sleep_since(interrupts, self.pause) {
                return Err(GaveUp::Interrupted);
            }
        }
    }
}
