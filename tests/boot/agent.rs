//! What the agent and the bridge can do on the machine, tried.

use remote_setup::tables::Install;

use crate::bed::Bed;
use crate::world::{SEARCH, first_value};

/// Commands and whether they may succeed, in the place of whoever runs them.
type Tries = Vec<(&'static str, String, bool)>;

pub fn the_agent_is_kept_in(bed: &Bed) {
    let bridge = bed.deployment.bridge.slug;
    let workspace = bed.deployment.workspace.as_str();
    let tries: Tries = vec![
        (
            "read its own secrets file",
            "cat /run/codewhale/runtime.secrets.env".to_owned(),
            false,
        ),
        (
            "read the bridge's secrets file",
            format!("cat /run/codewhale/{bridge}.secrets.env"),
            false,
        ),
        (
            "read the broker's secrets file",
            "cat /run/codewhale/broker.secrets.env || cat /run/codewhale-broker/settings.conf".to_owned(),
            false,
        ),
        ("list the secrets", "ls /run/codewhale".to_owned(), false),
        ("find secrets in /etc", format!("grep -rqs {SEARCH} /etc/codewhale"), false),
        (
            "read secrets that were pushed",
            "for file in /etc/codewhale/*.secrets.env; do cat \"$file\" && exit 0; done; exit 1".to_owned(),
            false,
        ),
        ("read the bridge's state", format!("ls /var/lib/codewhale-{bridge}-bridge"), false),
        (
            "read an environment with a secret in it",
            format!("cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -a {SEARCH}"),
            false,
        ),
        (
            "reach the metadata service",
            format!(
                "curl -s -m 3 -o /dev/null http://{}/metadata/identity/oauth2/token",
                bed.deployment.cloud.metadata[0].address
            ),
            false,
        ),
        (
            "reach another address of the cloud's own",
            format!("curl -s -m 3 -o /dev/null http://{}/", bed.deployment.cloud.metadata[1].address),
            false,
        ),
        ("become root by sudo", "sudo -n true".to_owned(), false),
        ("become root by su", "su -c true </dev/null".to_owned(), false),
        (
            "use a file that makes its user root",
            "find / -xdev -perm -4000 -user root -exec {} --version \\; 2>/dev/null; test \"$(id -u)\" = 0".to_owned(),
            false,
        ),
        (
            "change installed code",
            "touch /opt/codewhale/bin/x || touch /opt/codewhale/current/x".to_owned(),
            false,
        ),
        ("change settings", "touch /etc/codewhale/runtime.env".to_owned(), false),
        ("drive the services", "systemctl restart codewhale-secrets".to_owned(), false),
        (
            "use the container engine",
            "docker ps || curl -s --unix-socket /run/docker.sock http://localhost/info".to_owned(),
            false,
        ),
        (
            "write its workspace",
            format!("cd '{workspace}' && echo x > file && test -s file"),
            true,
        ),
        ("write its home", "echo x > ~/file && test -s ~/file".to_owned(), true),
        (
            "use git",
            format!(
                "cd '{workspace}' && rm -rf r && git init -q r && cd r && git -c user.name=a -c user.email=a@example commit -q --allow-empty -m x && git log --oneline"
            ),
            true,
        ),
        (
            "fetch a repository",
            format!(
                "cd '{workspace}' && rm -rf c && git clone -q --depth 1 {} c",
                bed.deployment.sources.git_url
            ),
            true,
        ),
    ];
    for (what, command, may) in &tries {
        let (code, output) = bed.agent(command);
        assert_eq!(code == 0, *may, "{}: the agent, to {what}: `{command}`: {code} {output}", bed.name);
    }
    // Without the unit's sandbox as well: the user alone must not suffice.
    if bed.deployment.install == Install::Native {
        as_user(bed, "codewhale", &tries);
    }
    the_block_is_what_stops_it(bed);
}

/// Root gets an answer at the same address at the same time.
fn the_block_is_what_stops_it(bed: &Bed) {
    let answer = bed.text(&format!(
        "curl -s -m 3 -o /dev/null -w '%{{http_code}}' http://{}/",
        bed.deployment.cloud.metadata[0].address
    ));
    assert_eq!(
        answer, "404",
        "{}: the metadata service is up, and only the block is in the way",
        bed.name
    );
}

pub fn the_bridge_is_kept_in(bed: &Bed) {
    let bridge = bed.deployment.bridge.slug;
    let tries: Tries = vec![
        ("read the runtime's state", "ls /var/lib/codewhale".to_owned(), false),
        ("read the workspace", format!("ls '{}'", bed.deployment.workspace), false),
        ("read the provider's key", "cat /run/codewhale/runtime.secrets.env".to_owned(), false),
        (
            "read the runtime's environment",
            "for p in $(pgrep -u codewhale); do cat /proc/$p/environ; done 2>/dev/null | grep -a .".to_owned(),
            false,
        ),
        (
            "reach the metadata service",
            format!("curl -s -m 3 -o /dev/null http://{}/", bed.deployment.cloud.metadata[0].address),
            false,
        ),
        ("become root by sudo", "sudo -n true".to_owned(), false),
        ("write its own state", format!("touch /var/lib/codewhale-{bridge}-bridge/x"), true),
    ];
    as_user(bed, "codewhale-bridge", &tries);
    its_environment_has_its_own_secrets_only(bed);
}

fn its_environment_has_its_own_secrets_only(bed: &Bed) {
    use remote_setup::deployment::SecretFile;
    let pid = bed.text(&format!("systemctl show --property=MainPID --value {}", bed.bridge_unit()));
    let environment = bed.text(&format!("tr '\\0' '\\n' </proc/{}/environ", pid.trim()));
    for secret in &bed.deployment.secrets {
        let wanted = secret.files.contains(&SecretFile::Bridge);
        let there = environment.contains(&format!("{}={}\n", secret.env, first_value(&secret.vault_name())));
        assert_eq!(there, wanted, "{}: {} in the bridge's environment", bed.name, secret.env);
    }
}

fn as_user(bed: &Bed, user: &str, tries: &Tries) {
    for (what, command, may) in tries {
        let ran = bed.run_with(
            &format!("cd / && exec runuser -u {user} -- env HOME=/var/lib/{user} bash -s"),
            command,
        );
        assert_eq!(ran.code == 0, *may, "{}: {user}, to {what}: `{command}`: {ran:#?}", bed.name);
    }
}
