//! Agents that differ from the product's own in one thing each.

use remote_setup::agents::{AGENTS, Agent};
use remote_setup::deployment::Deployment;
use remote_setup::inputs::Spec;

use crate::common::{KEY, spec};
use crate::{introduce, program};

pub const MUTE: Agent = Agent {
    slug: "mute",
    display_name: "Mute",
    aliases: &[],
    bridges: &[],
    ..AGENTS[0]
};

pub const TWIN: Agent = Agent {
    slug: "twin",
    display_name: "Twin",
    aliases: &[],
    ..AGENTS[0]
};

#[test]
fn an_agent_that_no_chat_reaches_is_refused() {
    introduce();
    let spec = Spec {
        agent: Some("mute".to_owned()),
        ..spec()
    };
    let error = Deployment::resolve(&spec).expect_err("nobody could talk to it");
    assert_eq!(
        error.message(),
        "`--agent`: `mute` has no bridge to any chat app, so nobody could talk to it"
    );
}

#[test]
fn a_deployment_without_a_name_is_named_after_its_agent() {
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = folder.path().join("bundle");
    let out = bundle.to_str().expect("text");
    let generate = [
        "--cloud=nimbus",
        "--agent=twin",
        "--bridge=telegram",
        "--provider=openrouter",
        "--ssh-public-key",
        KEY,
        "--allow-ssh-from=203.0.113.7/32",
        "--non-interactive",
        "--yes",
        "--out",
        out,
    ];
    // The second time, it is the same deployment and not another one in its folder.
    for _ in 0..2 {
        program(&generate).unwrap_or_else(|error| panic!("{error}"));
    }
    let spec = std::fs::read_to_string(bundle.join("deployment.yaml")).expect("a spec");
    assert!(spec.contains("\nname: twin\n"), "{spec}");
}
