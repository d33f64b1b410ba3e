//! How every client of ours logs in to a machine: this program, `provision.sh`, the runbook and the pipeline.

/// Only the host key that the bundle holds, and nothing of the operator's that would get around it or reach back from the
/// machine.
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

/// With one key and no other: before the key's file.
pub const ONLY_THIS_KEY: [&str; 3] = ["-o", "IdentitiesOnly=yes", "-i"];

/// The options as a shell takes them, in lines.
pub(super) fn typed(known_hosts: &str) -> Vec<String> {
    let line = |options: &[String]| {
        let options = options.iter().map(|option| format!("-o {option}"));
        options.collect::<Vec<_>>().join(" ")
    };
    options(known_hosts).chunks(5).map(line).collect()
}
