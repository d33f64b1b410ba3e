//! What a cloud does that neither a schema nor a table tells.

use std::any::Any;
use std::collections::BTreeSet;

use crate::value::Value;

/// A cloud with a mind of its own. It lives as long as the emulator does.
pub trait Behaviour: Send {
    /// Something happens, and not through Terraform. Incidents that another cloud knows are to be ignored.
    fn happens(&mut self, _incident: &dyn Any) {}

    /// A change is about to be made. What it sends to the cloud; `None` for all write-only arguments.
    ///
    /// # Errors
    /// Why the cloud refuses it.
    fn begin(&mut self, _change: &Change) -> Result<Option<Sent>, Refusal> {
        Ok(None)
    }

    /// A change was made.
    fn end(&mut self, _change: &Change) -> Ending {
        Ending::Done
    }

    /// A data source's answer as it is now.
    fn answer(&self, answer: Value) -> Value {
        answer
    }
}

/// One change of one resource.
#[derive(Debug)]
pub struct Change<'a> {
    pub type_name: &'a str,
    /// Null before it is made.
    pub prior: &'a Value,
    /// As planned, or as it has become; null where it is removed.
    pub after: &'a Value,
    /// With what is write-only.
    pub config: &'a Value,
    /// Ids of everything that was deleted behind Terraform's back.
    pub deleted: &'a BTreeSet<String>,
}

/// What a change brings to the cloud.
#[derive(Debug, Default)]
pub struct Sent {
    /// Secrets among it.
    pub texts: Vec<String>,
    /// What the provider keeps in the state beside the values; nobody is shown it.
    pub private: Vec<u8>,
}

/// Why a change does not come about, in the provider's words.
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

/// How a change ends that was not refused.
#[derive(Debug)]
pub enum Ending {
    Done,
    /// It exists, and the provider ends in an error.
    Tainted(String),
    /// The same, and the provider forgets its id.
    Orphaned(String),
}

/// Does what the schema says.
pub(crate) struct Plain;

impl Behaviour for Plain {}
