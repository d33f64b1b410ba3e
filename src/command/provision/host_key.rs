//! Verifies the machine's host key, the same way for every verb and cloud.

use super::session::Session;
use crate::command::Context;
use crate::error::Result;
use crate::machine::Machine;
use crate::machine::connection::Connection;
use crate::machine::host_key::HostKeyCheck;
use crate::machine::transport::Transport;
use crate::process::command::Command;
use crate::report;

/// Leaves the machine's verified key in `known_hosts`. `command` reads the key.
///
/// # Errors
/// As for [`HostKeyCheck::run`].
pub(super) fn pin(
    session: &Session,
    machine: &Machine,
    command: &Command,
    connection: &Connection,
    is_shown: bool,
    context: &mut Context,
) -> Result<()> {
    let cloud = Transport::by_cloud(session.run.deployment());
    let check = HostKeyCheck {
        directory: session.run.directory(),
        machine,
        expected: session.host_key.as_ref(),
        is_shown,
        command,
        cloud: cloud.as_ref(),
        connection,
    };
    let person = &mut *context.person;
    let asked = person.is_there() && !session.args.run.non_interactive;
    check.run(asked.then_some(person), &mut |text| report::note(text))
}
