//! Arguments for `ssh`, and how to read its errors.

use std::path::Path;

use crate::layout::KNOWN_HOSTS;
use crate::render::ssh::{ONLY_THIS_KEY, options};

/// Arguments that run a script on the machine. The path of `known_hosts` is relative, since ssh splits it at spaces.
pub(super) fn args(identity: &Path, script: &str) -> Vec<String> {
    let options = options(KNOWN_HOSTS);
    let mut args: Vec<String> = options
        .into_iter()
        .flat_map(|option| ["-o".to_owned(), option])
        .collect();
    args.extend(ONLY_THIS_KEY.map(str::to_owned));
    args.push(identity.to_string_lossy().into_owned());
    // What follows `--` is never an option, wherever it comes from.
    args.extend(["--", "{ssh_target}", script].map(str::to_owned));
    args
}

/// Why a machine could not be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The host key is not the one in the bundle.
    HostKey,
    /// The machine rejects the operator's key, or the cloud rejects the operator.
    Refused,
    /// No answer, or the connection broke.
    Connection,
}

/// Reads the errors of `ssh` itself; `None` if the command ran.
pub(super) fn trouble(code: Option<i32>, stderr: &str) -> Option<Trouble> {
    if stderr.contains("HOST IDENTIFICATION HAS CHANGED") || stderr.contains("Host key verification failed") {
        Some(Trouble::HostKey)
    } else if stderr.contains("Permission denied (") {
        Some(Trouble::Refused)
    } else {
        (code.is_none() || code == Some(255)).then_some(Trouble::Connection)
    }
}
