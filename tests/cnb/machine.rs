//! A machine behind the loopback sshd: it unpacks the real `bootstrap.sh`, runs the real
//! `store-secrets.sh`, and has an installer and a doctor that do what a test tells them.

use std::fs;
use std::process::Command;

use crate::common::passes;
use crate::sshd::Sshd;

/// The address by which the pipeline knows it.
pub const ADDRESS: &str = "203.0.113.10";

pub struct Machine {
    pub sshd: Sshd,
}

impl Machine {
    /// None, said aloud, where no `sshd` is to be had.
    pub fn start() -> Option<Machine> {
        let sshd = Sshd::start()?;
        let root = sshd.machine();
        let root = root.display();
        // What arrives to be run: only the whole of it does something.
        sshd.program(
            "bash",
            &format!(
                r#"#!/bin/bash
setup='{root}/var/lib/codewhale-setup'
case $1 in
  -s)
    if [ -e '{root}/hang' ]; then rm '{root}/hang'; touch '{root}/hanging'; sleep 60; fi
    cat >'{root}/received.sh'
    if grep --quiet '^examine()' '{root}/received.sh'; then
      touch '{root}/examined'
      echo 'the doctor ran'
      exit "$(cat '{root}/doctor' 2>/dev/null || echo 0)"
    fi
    [ ! -e '{root}/bootstrap-fails' ] || {{ echo 'Error: the disk is full' >&2; exit 1; }}
    rm -rf "$setup/bundle" && /bin/bash '{root}/received.sh' --extract "$setup/bundle" >/dev/null || exit 1
    rm -f "$setup/result.json"
    echo 'host key SHA256:of-the-machine'
    exec systemd-run bash "$setup/bundle/install.sh"
    ;;
  */store-secrets.sh)
    if [ -e '{root}/hang-push' ]; then rm '{root}/hang-push'; touch '{root}/hanging'; sleep 60; fi
    CODEWHALE_ETC='{root}/etc/codewhale' CODEWHALE_SETUP=$setup exec /bin/bash "$@"
    ;;
  *) exec /bin/bash "$@" ;;
esac
"#
            ),
        );
        // Each installation takes the next line of `results`; the last one stays.
        sshd.program(
            "systemd-run",
            &format!(
                r#"#!/bin/bash
status=$(head -n 1 '{root}/results')
[ "$(wc -l <'{root}/results')" = 1 ] || sed -i 1d '{root}/results'
echo "$status" >>'{root}/installations'
[ "$status" != none ] || exit 0
(
  sleep 0.3
  rm -f '{root}/var/lib/codewhale-setup/pending/codewhale-secrets.service'
  result='{root}/var/lib/codewhale-setup/result.json'
  printf '{{"schema_version": 1, "status": "%s", "step": "readiness", "message": "as told"}}\n' "$status" >"$result.new"
  mv "$result.new" "$result"
) >/dev/null 2>&1 &
"#
            ),
        );
        sshd.put(
            "/opt/codewhale/bin/codewhale-roll-back",
            &format!(
                "#!/bin/sh\necho 'codewhale-roll-back ran'\nexit \"$(cat '{root}/roll-back' 2>/dev/null || echo 0)\"\n"
            ),
        );
        fs::create_dir_all(sshd.machine().join("var/lib/codewhale-setup")).expect("a folder");
        let machine = Machine { sshd };
        machine.will_be(&["ready"]);
        Some(machine)
    }

    /// What the installations from now on end with.
    pub fn will_be(&self, results: &[&str]) {
        self.sshd.put("results", &format!("{}\n", results.join("\n")));
    }

    /// A file that changes what the machine does.
    pub fn set(&self, name: &str, text: &str) {
        self.sshd.put(name, text);
    }

    /// How each installation so far ended.
    pub fn installations(&self) -> Vec<String> {
        let all = self.sshd.get("installations").unwrap_or_default();
        all.lines().map(str::to_owned).collect()
    }

    pub fn rolled_back(&self) -> bool {
        self.sshd
            .commands()
            .contains("</opt/codewhale/bin/codewhale-roll-back>")
    }

    pub fn asked_doctor(&self) -> bool {
        self.sshd.get("examined").is_some()
    }

    /// The variables that lead to this machine.
    pub fn variables(&self) -> Vec<(String, String)> {
        let key = passes(Command::new("base64").args(["-w", "0"]).arg(self.sshd.identity()));
        [
            ("DEPLOY_HOST", ADDRESS.to_owned()),
            ("DEPLOY_KNOWN_HOSTS", self.sshd.known_host(ADDRESS)),
            ("DEPLOY_SSH_KEY_BASE64", key),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}
