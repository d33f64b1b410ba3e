//! The agent that answers are for.

use super::Spec;
use crate::agents::Agent;
use crate::error::Result;
use crate::tables::find;

/// The agent that was asked for, or the one that nobody has to ask for.
///
/// # Errors
/// No agent of this name.
pub fn of(spec: &Spec) -> Result<&'static Agent> {
    match &spec.agent {
        Some(name) => find(name),
        None => Ok(Agent::default_row()),
    }
}
