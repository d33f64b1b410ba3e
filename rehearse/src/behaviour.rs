//! Behaviour of a cloud that neither its schema nor a table describes.

use std::any::Any;
use std::collections::BTreeSet;

use crate::value::Value;

/// A cloud's own behaviour. It lives as long as the emulator does.
pub trait Behaviour: Send {
    /// Something happens outside Terraform. Incidents meant for other clouds must be ignored.
    fn happens(&mut self, _incident: &dyn Any) {}

    /// Called before a change. Returns what it sends to the cloud; `None` means every write-only argument.
    ///
    /// # Errors
    /// The reason why the cloud refuses it.
    fn begin(&mut self, _change: &Change) -> Result<Option<Sent>, Refusal> {
        Ok(None)
    }

    /// Called after a change.
    fn end(&mut self, _change: &Change) -> Ending {
        Ending::Done
    }

    /// Adjusts a data source's answer to the present.
    fn answer(&self, answer: Value) -> Value {
        answer
    }
}

/// One change of one resource.
#[derive(Debug)]
pub struct Change<'a> {
    pub type_name: &'a str,
    /// Null before it is created.
    pub prior: &'a Value,
    /// As planned, or as it turned out; null if it is removed.
    pub after: &'a Value,
    /// Including write-only values.
    pub config: &'a Value,
    /// Ids of everything deleted outside Terraform.
    pub deleted: &'a BTreeSet<String>,
}

/// What a change sends to the cloud.
#[derive(Debug, Default)]
pub struct Sent {
    /// The strings it sends, secrets included.
    pub texts: Vec<String>,
    /// Data that the provider keeps in the state besides the values, hidden from users.
    pub private: Vec<u8>,
}

/// Why a change fails, in the provider's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub summary: String,
    pub detail: String,
}

impl Refusal {
    #[must_use]
    pub fn new(summary: impl Into<String>) -> Refusal {
        Refusal {
            summary: summary.into(),
            detail: String::new(),
        }
    }
}

/// How an accepted change ends.
#[derive(Debug)]
pub enum Ending {
    Done,
    /// The resource exists, but the provider reports an error.
    Tainted(String),
    /// The same, and the provider also forgets its id.
    Orphaned(String),
}

/// Does only what the schema says.
pub(crate) struct Plain;

impl Behaviour for Plain {}
