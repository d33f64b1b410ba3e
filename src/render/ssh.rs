//! SSH options shared by all our clients: this program, `provision.sh`, the runbook and the pipeline.

/// Only the bundle's host key counts, and nothing of the operator's configuration that would bypass it or connect back
/// from the machine.
pub fn options(known_hosts: &str) -> [String; 9] {
    [
        "BatchMode=yes".to_owned(),
        "StrictHostKeyChecking=yes".to_owned(),
        format!("UserKnownHostsFile={known_hosts}"),
        "GlobalKnownHostsFile=/dev/null".to_owned(),
        "ConnectTimeout=10".to_owned(),
        "ServerAliveInterval=15".to_owned(),
        "ServerAliveCountMax=4".to_owned(),
        "ControlPath=none".to_owned(),
        "ForwardAgent=no".to_owned(),
    ]
}

/// Options before the key's file, to try that key only.
pub const ONLY_THIS_KEY: [&str; 3] = ["-o", "IdentitiesOnly=yes", "-i"];

/// The options for a shell, in lines.
pub(super) fn typed(known_hosts: &str) -> Vec<String> {
    let line = |options: &[String]| {
        let options = options.iter().map(|option| format!("-o {option}"));
        options.collect::<Vec<_>>().join(" ")
    };
    options(known_hosts).chunks(5).map(line).collect()
}
