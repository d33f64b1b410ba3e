//! The agent's container image: what it is built from, and what its build can reach.

use remote_setup::agents::Download;
use remote_setup::inputs::{Pins, Spec};
use remote_setup::render::sha256;

use crate::bed::{Bed, Plan, mirrored};
use crate::checks::services;
use crate::common::resolve;
use crate::pins::{OTHER_HASH, pinned, released, told};
use crate::userland::{Image, userland};

/// Steps of the build run as root, and their programs come from the published image.
pub fn its_build_was_kept_in(bed: &Bed) {
    let image = format!("codewhale-agent:{}", bed.deployment.version);
    let found = bed.text(&format!(
        "docker run --rm --network none --entrypoint cat {image} /var/cache/looked-around"
    ));
    let expected = "169.254.169.254 out-of-reach\n168.63.129.16 out-of-reach\n";
    assert_eq!(found, expected, "{}: while the image was built", bed.name);
    // It looked at the right places: whoever shares the machine's network gets an answer there.
    for line in expected.lines() {
        let address = line.split(' ').next().expect("an address");
        let look = |network: &str| {
            let connect = format!("exec 3<>/dev/tcp/{address}/80");
            bed.run(&format!(
                "docker run --rm --network {network} --user 0:0 --entrypoint bash {image} -c '{connect}'"
            ))
        };
        assert_eq!(look("host").code, 0, "{}: {address}", bed.name);
        assert_ne!(
            look("bridge").code,
            0,
            "{}: {address}, from a container on docker's own network",
            bed.name
        );
    }
}

/// What the registry of the world has under a name in its folder.
fn digest(manifest: &str) -> String {
    let folder = &userland().expect("booted before").world;
    let manifest = folder.join("files/v2/codewhale/manifests").join(manifest);
    format!("sha256:{}", sha256(&std::fs::read(manifest).expect("a manifest")))
}

#[test]
fn an_image_is_held_by_its_digest() {
    if userland().is_none() {
        return;
    }
    let spec = Spec {
        install: Some("docker".to_owned()),
        ..mirrored()
    };
    let pins = Pins {
        version: Some("0.9.9".to_owned()),
        image: Some(digest("0.9.9")),
        git: released().git,
        ..Pins::default()
    };
    let plan = Plan {
        image: Image::Stock,
        orders: |orders| orders["mirror"]["moved"] = true.into(),
        ..Plan::new("telegram, docker, image by digest", &pinned(&spec, &pins, None))
    };
    let Some(bed) = Bed::boot(plan) else { return };
    let label = |image: &str| {
        let format = "{{.Config.Labels.what}}";
        bed.text(&format!("docker image inspect --format '{format}' {image}"))
    };
    assert_eq!(bed.ready()["got"], told(&pins));
    assert_eq!(label("codewhale-agent:0.9.9"), "released\n", "the tag points elsewhere by now");
    bed.run("cloud-init status --wait");

    let up = services(&bed);
    let other = format!("sha256:{OTHER_HASH}");
    bed.copy_over(&resolve(&pinned(&spec, &pins, Some((Download::Image, &other)))));
    let (ran, result) = bed.install_again();
    assert_eq!(
        (&result["status"], &result["step"]),
        (&"failed".into(), &"runtime".into()),
        "{ran:#?}"
    );
    let message = result["message"].as_str().expect("a message");
    let wanted = format!("cannot pull registry.example/codewhale@{other}: the registry does not have it");
    assert!(message.contains(&wanted), "{message}");
    assert_eq!(services(&bed), up, "what ran goes on");

    // Without a pin, and without what was there, the tag decides: so it was the pin that held.
    bed.text("rm /opt/codewhale/versions/0.9.9/got");
    bed.copy_over(&resolve(&spec));
    let (ran, result) = bed.install_again();
    assert_eq!(result["status"], "ready", "{ran:#?}");
    assert_eq!(result["got"]["image"], digest("0.9.9.moved"));
    assert_eq!(label("codewhale-agent:0.9.9"), "moved\n");
    its_build_was_kept_in(&bed);
}
