//! A machine that version 0.1 set up becomes one of this version, in place, with everything it has.

use std::fs;

use remote_setup::inputs::spec_file;
use remote_setup::tables::Install;

use crate::bed::{Bed, Plan};
use crate::checks;
use crate::common::unpacked_0_1;
use crate::world::first_value;

/// What the owner and the agent left on the machine, and who it is.
const LEAVE: &str = "
  install -o codewhale -g codewhale -m 0644 /dev/stdin /opt/whalebro/mine.txt <<<'half a day of work'
  install -o codewhale -g codewhale -m 0600 /dev/stdin /var/lib/codewhale/memory.md <<<'what it learned'
";

const KEPT: &str = "
  cat /etc/machine-id /etc/ssh/ssh_host_*_key.pub
  id codewhale
  stat --format '%n %U' /opt/whalebro/mine.txt /var/lib/codewhale/memory.md
  cat /opt/whalebro/mine.txt /var/lib/codewhale/memory.md
  cat /var/lib/codewhale-telegram-bridge/thread-map.json
";

#[test]
fn a_machine_of_version_0_1_is_taken_over_with_all_it_has() {
    let old = unpacked_0_1();
    let bundle = old.path().join("bundle");
    let spec = spec_file::load(&bundle.join("deployment.yaml")).expect("the spec");
    let plan = Plan {
        files: vec![("srv/trusts-downloads", String::new())],
        user_data: Some(fs::read_to_string(bundle.join("cloud-init.yaml")).expect("user data")),
        ..Plan::new("set up by 0.1, taken over", &spec)
    };
    assert_eq!(plan.deployment.install, Install::Native);
    let Some(bed) = Bed::boot(plan) else { return };
    bed.ready();
    let agent_reads = || {
        bed.text("cat /run/codewhale/runtime.secrets.env")
            .contains(&first_value("openrouter-api-key"))
    };
    assert!(agent_reads(), "version 0.1 gave the key to the agent");
    bed.wait_for("thread map", || {
        bed.path("/var/lib/codewhale-telegram-bridge/thread-map.json")
            .exists()
            .then_some(())
    });
    bed.text(LEAVE);
    bed.text("rm /srv/trusts-downloads");
    let before = bed.text(KEPT);

    bed.copy_over(&bed.deployment);
    let (ran, result) = bed.install_again();
    assert_eq!((ran.code, &result["status"]), (0, &"ready".into()), "{ran:#?}");
    assert!(!agent_reads(), "the agent has the key still");
    assert_eq!(bed.text(KEPT), before, "something of it is lost");
    // With the key broker, the confinement and the checks of this version.
    checks::everything(&bed);
}
