//! Polling: clouds and machines take their time.

use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::process::interrupt;

/// How long to poll, and how often.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    pub total: Duration,
    pub pause: Duration,
}

/// What one look found.
#[derive(Debug)]
pub enum Look<T> {
    Found(T),
    /// Not yet, with what was said instead.
    NotYet(String),
    /// Waiting will hardly help, although something that is still starting may say this for a while.
    Refused(String),
}

/// Why polling stopped.
#[derive(Debug)]
pub enum GaveUp {
    Late(String),
    Refused(String),
    Interrupted,
    Failed(Error),
}

impl RetryPolicy {
    /// Polls until it is found. Each pause is reported with what is waited for.
    ///
    /// # Errors
    /// The time is over, refusals for a tenth of it, an interrupt, or the look itself failed.
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
