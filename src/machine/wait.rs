//! Waits until SSH works.

use super::connection::Connection;
use super::transport::Trouble;
use crate::error::{Error, Kind, Result};
use crate::process::command::Command;
use crate::process::retry::{GaveUp, Look};

/// Retries the login until it works.
///
/// # Errors
/// A different host key fails at once; a machine that answers too late or rejects the key fails in the end.
pub fn until_reached(command: &Command, connection: &Connection, tell: &mut dyn FnMut(&str)) -> Result<()> {
    let waited = connection.retry.until("SSH", tell, || {
        let output = connection.run(command, b"")?;
        match connection.trouble(&output) {
            None => Ok(Look::Found(())),
            Some((Trouble::HostKey, _)) => Err(connection.changed_key()),
            Some((Trouble::Refused, said)) => Ok(Look::Refused(said.to_owned())),
            Some((Trouble::Connection, said)) => Ok(Look::NotYet(said.to_owned())),
        }
    });
    waited.map_err(|gave_up| match gave_up {
        GaveUp::Refused(said) => connection.refused_key(&said),
        GaveUp::Late(said) => Error::new(Kind::Failed, format!("the machine does not answer SSH: {said}"))
            .hint("check that it is running and that your current address is in `allow_ssh_from`"),
        GaveUp::Interrupted => Error::new(Kind::Interrupted, "stopped waiting for SSH"),
        GaveUp::Failed(error) => error,
    })
}
