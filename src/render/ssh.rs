//! How every client of ours logs in to a machine: this program, `provision.sh`, the runbook and the pipeline.

/// Name of the kept host keys in the bundle's folder; they are public, so the file may be committed.
pub const KNOWN_HOSTS: &str = "known_hosts";

/// Only the host key that the bundle holds and only the key that the deployment names; nothing of the operator's
/// that would get around either, or reach back from the machine.
pub fn options(known_hosts: &str) -> [String; 10] {
    [
        "BatchMode=yes".to_owned(),
        "StrictHostKeyChecking=yes".to_owned(),
        format!("UserKnownHostsFile={known_hosts}"),
        "GlobalKnownHostsFile=/dev/null".to_owned(),
        "IdentitiesOnly=yes".to_owned(),
        "ConnectTimeout=10".to_owned(),
        "ServerAliveInterval=15".to_owned(),
        "ServerAliveCountMax=4".to_owned(),
        "ControlPath=none".to_owned(),
        "ForwardAgent=no".to_owned(),
    ]
}

/// The same as a shell takes them, some on each line.
pub(super) fn typed(known_hosts: &str) -> String {
    let all = options(known_hosts);
    let lines: Vec<String> = all
        .chunks(4)
        .map(|line| {
            line.iter()
                .map(|option| format!("-o {option}"))
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    lines.join(" \\\n    ")
}
