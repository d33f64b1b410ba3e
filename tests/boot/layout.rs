//! The files a machine has beside those of its image.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use remote_setup::tables::Bootstrap;

use crate::bed::Plan;
use crate::world::hosts;

/// Everything of the machine that is not in its image: user data, the way to the outside services.
pub fn lay_out(bed: &Path, plan: &Plan) {
    let put = |path: &str, text: &str| {
        let path = bed.join("machine").join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("written");
    };
    fs::create_dir_all(bed.join("disk")).expect("a folder");
    fs::write(bed.join("hosts"), hosts(&plan.deployment)).expect("written");
    let seed = "var/lib/cloud/seed/nocloud";
    let user_data = match plan.deployment.bootstrap {
        _ if plan.user_data.is_some() => plan.user_data.clone().unwrap_or_default(),
        Bootstrap::CloudInit => crate::common::file(&plan.deployment, "cloud-init.yaml"),
        Bootstrap::CommandService | Bootstrap::Ssh | Bootstrap::Cnb => crate::reach::user_data(bed),
    };
    put(&format!("{seed}/user-data"), &user_data);
    put(&format!("{seed}/meta-data"), "instance-id: boot-test\n");
    // The cable is the test's.
    put("etc/cloud/cloud.cfg.d/99-boot-test.cfg", "network: {config: disabled}\n");
    // For containers on a network of their own, which do not see the machine's /etc/hosts.
    put("etc/resolv.conf", "nameserver 203.0.113.53\n");
    put("etc/systemd/system/world-network.service", NETWORK_UNIT);
    put("etc/systemd/system/world@.service", SERVICE_UNIT);
    put("etc/systemd/system/world-git.service", GIT_UNIT);
    put("etc/resolv.conf", "nameserver 203.0.113.53\n");
    for (path, text) in &plan.files {
        put(path, text);
    }
    let wants = bed.join("machine/etc/systemd/system/sysinit.target.wants");
    fs::create_dir_all(&wants).expect("a folder");
    for unit in ["metadata", "vault", "mirror", "chat", "model", "dns", "watch"] {
        std::os::unix::fs::symlink("../world@.service", wants.join(format!("world@{unit}.service"))).expect("a link");
    }
    std::os::unix::fs::symlink("../world-git.service", wants.join("world-git.service")).expect("a link");
    // Folders of the image keep their mode; copying a tree over it would change it.
    for folder in ["machine", "machine/etc", "machine/var", "machine/var/lib"] {
        fs::set_permissions(bed.join(folder), fs::Permissions::from_mode(0o755)).expect("mode");
    }
}

const NETWORK_UNIT: &str = "[Unit]
DefaultDependencies=no
After=local-fs.target
Before=network-pre.target sysinit.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh /srv/world/network.sh
";

const SERVICE_UNIT: &str = "[Unit]
DefaultDependencies=no
Requires=world-network.service
After=world-network.service
[Service]
Type=exec
Environment=PYTHONDONTWRITEBYTECODE=1
ExecStart=/usr/bin/python3 /srv/world/services/%i.py
NetworkNamespacePath=/run/netns/outside
[Install]
WantedBy=sysinit.target
";

const GIT_UNIT: &str = "[Unit]
DefaultDependencies=no
Requires=world-network.service
After=world-network.service
[Service]
Type=exec
Environment=HOME=/root GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=*
ExecStart=/usr/bin/git daemon --reuseaddr --export-all --listen=203.0.113.20 --base-path=/srv/world/git
NetworkNamespacePath=/run/netns/outside
[Install]
WantedBy=sysinit.target
";
