//! Ways onto a machine that has no user data of ours: the cloud's agent, and a real SSH client.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use remote_setup::deployment::Deployment;

use crate::bed::Bed;
use crate::common::{Ran, passes, root, tool};

/// The machine's address, as network.sh gives it.
pub const ADDRESS: &str = "10.0.0.4";

/// What the operator connects with; nothing where this machine has no SSH client.
pub fn make_identity(bed: &Path) -> Option<()> {
    tool("ssh")?;
    passes(
        Command::new(tool("ssh-keygen")?)
            .args(["-q", "-t", "ed25519", "-N", "", "-C", "operator@example", "-f"])
            .arg(bed.join("identity")),
    );
    Some(())
}

/// What the cloud's own image is: its first user may become root, and lets the operator's key in.
pub fn user_data(bed: &Path) -> String {
    let key = fs::read_to_string(bed.join("identity.pub")).expect("a key");
    format!(
        "#cloud-config\nssh_pwauth: false\nusers:\n  - name: ubuntu\n    uid: 1000\n    shell: /bin/bash\n    lock_passwd: true\n    \
         sudo: ALL=(ALL) NOPASSWD:ALL\n    ssh_authorized_keys:\n      - {key}"
    )
}

/// What the Lighthouse module gives TAT to run, with its expressions filled in.
fn as_the_module_wraps_it(script: &str) -> String {
    let module = fs::read_to_string(root().join("modules/lighthouse/bootstrap.tf")).expect("the module");
    let (_, rest) = module.split_once("<<-SH\n").expect("a script");
    let (lines, _) = rest.split_once("\n  SH\n").expect("its end");
    let lines = lines.replace("\n    ", "\n");
    let filled = lines
        .trim_start()
        .split("${")
        .enumerate()
        .map(|(place, part)| match (place, part.split_once('}')) {
            (0, _) | (_, None) => part.to_owned(),
            (_, Some((expression, after))) => {
                let value = match expression.split('(').next().expect("a word") {
                    "local.script_seconds" => "240",
                    "try" => "/bin/sh",
                    "sha256" => "end-of-the-script",
                    "trimsuffix" => script.trim_end_matches('\n'),
                    other => panic!("`{other}` is new"),
                };
                format!("{value}{after}")
            }
        });
    filled.collect::<String>() + "\n"
}

impl Bed {
    /// The bootstrap script by the cloud's agent: a file, root, no terminal, nothing in the
    /// environment; what is left of it is killed when it ends or takes too long.
    pub fn bootstrap_by_tat(&self, deployment: &Deployment) -> String {
        self.wait_for("cloud-init", || (self.run("cloud-init status --wait").code == 0).then_some(()));
        let script = as_the_module_wraps_it(&crate::common::file(deployment, "bootstrap.sh"));
        self.run_with("cat >/tmp/tat-command.sh", &script).ok();
        let began = Instant::now();
        let ran = self.run(
            "systemd-run --quiet --wait --pipe --collect --property=RuntimeMaxSec=20s \
             --property=WorkingDirectory=/root env -i /bin/sh /tmp/tat-command.sh </dev/null",
        );
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
        let said = ran.ok().stdout;
        let key = self.text("ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub | cut -d' ' -f2");
        assert!(said.contains(&format!("SSH host key: {key}")), "{said}");
        said
    }

    /// Pins the machine's host key, as the operator who read it somewhere does.
    pub fn pin(&self, key: &str) {
        fs::write(self.folder.path().join("known_hosts"), format!("{ADDRESS} {}\n", key.trim())).expect("written");
    }

    /// A program of this computer, on the network outside the machine.
    pub fn outside(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command
            .arg(format!("--net=/proc/{}/root/run/netns/outside", self.leader))
            .arg(program);
        command
    }

    /// As this program connects, from outside the machine.
    pub fn ssh_command(&self, remote: &str) -> Command {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        let mut command = self.outside("ssh");
        command
            .args(["-F", "/dev/null", "-T", "-i", &path("identity")])
            .args([
                "-o",
                "BatchMode=yes",
                "-o",
                "StrictHostKeyChecking=yes",
                "-o",
                "IdentitiesOnly=yes",
            ])
            .args(["-o", &format!("UserKnownHostsFile={}", path("known_hosts"))])
            .args(["-o", "GlobalKnownHostsFile=/dev/null", "-o", "ConnectTimeout=10"])
            .args(["-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4"])
            .args([&format!("ubuntu@{ADDRESS}"), remote]);
        command
    }

    /// Runs a command as the image's user, with this on its standard input.
    pub fn ssh(&self, remote: &str, input: &str) -> Ran {
        let file = self.folder.path().join("input");
        fs::write(&file, input).expect("written");
        let input = fs::File::open(&file).expect("opened");
        let ran = Ran::of(self.ssh_command(remote).stdin(Stdio::from(input)));
        fs::remove_file(&file).expect("removed");
        ran
    }
}
