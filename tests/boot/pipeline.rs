//! The stage of the CNB pipeline that deploys over SSH, run as CNB runs it: `sh`, the files of a tag,
//! everything else in the environment.

use std::fs;

use remote_setup::deployment::Deployment;
use remote_setup::inputs::Spec;
use remote_setup::render::render;

use crate::bed::Bed;
use crate::common::{Ran, passes, resolve, tool};
use crate::pushed::{expect_outside, is_at, it_is_well, values};
use crate::reach::ADDRESS;
use crate::world::MARK;

pub fn it_deploys_and_goes_back(bed: &Bed) {
    if tool("dash").is_none() {
        return;
    }
    let release = |version: &str| {
        resolve(&Spec {
            codewhale_version: Some(version.to_owned()),
            ..bed.deployment.spec.clone()
        })
    };
    expect_outside(bed, 2);
    let ran = deploy(bed, &release("0.9.12"), 2);
    assert_eq!(ran.code, 0, "{ran:#?}\n{}", bed.last_words());
    assert!(ran.stdout.ends_with("v1.2.3 runs on codewhale and is healthy\n"), "{ran:#?}");
    is_at(bed, "0.9.12");
    it_is_well(bed, 2);

    // Ready, but not what anybody wants to keep.
    let leak = format!("python3 -m http.server {} --bind {ADDRESS}", bed.deployment.port);
    bed.text(&format!("systemd-run --quiet --unit=leak {leak}"));
    let ran = deploy(bed, &release("0.9.9"), 2);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(
        ran.stderr
            .contains("Error: the doctor found something wrong with v1.2.3; the previous release is back\n"),
        "{ran:#?}"
    );
    bed.text("systemctl stop leak");
    is_at(bed, "0.9.12");
    it_is_well(bed, 2);
}

fn deploy(bed: &Bed, deployment: &Deployment, round: u8) -> Ran {
    let folder = bed.folder.path().join("tag");
    for file in render(deployment).expect("renders") {
        let path = folder.join(&file.path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, file.contents).expect("written");
    }
    let identity = bed.folder.path().join("identity");
    let key = passes(std::process::Command::new("base64").arg("--wrap=0").arg(identity));
    let known_hosts = fs::read_to_string(bed.folder.path().join("known_hosts")).expect("pinned");
    let mut command = bed.outside("dash");
    command
        .arg(".cnb/deploy.sh")
        .current_dir(&folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("CNB_BRANCH", "v1.2.3")
        .env("CODEWHALE_PAUSE", "1")
        .env("DEPLOY_HOST", ADDRESS)
        .env("DEPLOY_KNOWN_HOSTS", known_hosts.trim())
        .env("DEPLOY_SSH_KEY_BASE64", key)
        .envs(values(deployment, round));
    let ran = Ran::of(&mut command);
    assert!(!ran.stdout.contains(MARK) && !ran.stderr.contains(MARK), "{ran:#?}");
    ran
}
