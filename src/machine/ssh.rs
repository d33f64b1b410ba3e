//! What `ssh` is told, and how it says that something is wrong.

use std::path::Path;

use crate::layout::KNOWN_HOSTS;
use crate::render::ssh::{ONLY_THIS_KEY, options};

/// Arguments that run a script on the machine. The path of `known_hosts` is relative, since ssh splits it at blanks.
pub(super) fn args(identity: &Path, script: &str) -> Vec<String> {
    let options = options(KNOWN_HOSTS);
    let mut args: Vec<String> = options
        .into_iter()
        .flat_map(|option| ["-o".to_owned(), option])
        .collect();
    args.extend(ONLY_THIS_KEY.map(str::to_owned));
    args.push(identity.to_string_lossy().into_owned());
    // Whatever follows is no option, whoever wrote it.
    args.extend(["--", "{ssh_target}", script].map(str::to_owned));
    args
}

/// What stood in the way between here and the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Another host key than the one that the bundle holds.
    HostKey,
    /// The machine does not know the operator's key, or the cloud does not know the operator.
    Refused,
    /// Nobody answers, or the connection broke.
    Connection,
}

/// Reads what `ssh` itself said; `None` when the command ran and the rest is its own.
pub(super) fn trouble(code: Option<i32>, stderr: &str) -> Option<Trouble> {
    if stderr.contains("HOST IDENTIFICATION HAS CHANGED") || stderr.contains("Host key verification failed") {
        Some(Trouble::HostKey)
    } else if stderr.contains("Permission denied (") {
        Some(Trouble::Refused)
    } else {
        (code.is_none() || code == Some(255)).then_some(Trouble::Connection)
    }
}
