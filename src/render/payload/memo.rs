//! Remembers what was made of a text.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// By text, for as long as the process lives: deployments of one kind share their programs, which are most of a payload.
pub(super) struct Memo<T>(LazyLock<Mutex<HashMap<String, T>>>);

impl<T: Clone> Memo<T> {
    pub(super) const fn new() -> Memo<T> {
        Memo(LazyLock::new(Mutex::default))
    }

    pub(super) fn of<E>(&self, text: &str, make: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = known.get(text) {
            return Ok(made.clone());
        }
        let made = make()?;
        known.insert(text.to_owned(), made.clone());
        Ok(made)
    }
}
