//! What differs between a person's run, a rehearsal and a test.

use std::fmt;
use std::time::Duration;

use crate::process::retry::RetryPolicy;
use crate::terraform::gate::{AtTerminal, Person};

pub struct Context {
    /// Variables for every child, over the process's own.
    pub variables: Vec<(String, String)>,
    pub person: Box<dyn Person>,
    /// For a failure that passes by itself.
    pub apply_retry: RetryPolicy,
    /// For a machine that starts.
    pub ssh_retry: RetryPolicy,
    pub ready_retry: RetryPolicy,
}

impl Default for Context {
    fn default() -> Self {
        let policy = |minutes: u64, seconds: u64| RetryPolicy {
            total: Duration::from_secs(60 * minutes),
            pause: Duration::from_secs(seconds),
        };
        Context {
            variables: Vec::new(),
            person: Box::new(AtTerminal),
            apply_retry: policy(15, 20),
            ssh_retry: policy(5, 5),
            ready_retry: policy(30, 15),
        }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}
