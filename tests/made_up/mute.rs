//! An agent without a bridge.

use remote_setup::agents::{AGENTS, Agent};
use remote_setup::deployment::Deployment;
use remote_setup::inputs::Spec;

pub const MUTE: Agent = Agent {
    slug: "mute",
    display_name: "Mute",
    aliases: &[],
    bridges: &[],
    ..AGENTS[0]
};

#[test]
fn an_agent_that_no_chat_reaches_is_refused() {
    crate::introduce();
    let spec = Spec {
        agent: Some("mute".to_owned()),
        ..crate::common::spec()
    };
    let error = Deployment::resolve(&spec).expect_err("nobody could talk to it");
    assert_eq!(
        error.message(),
        "`--agent`: `mute` has no bridge to any chat app, so nobody could talk to it"
    );
}
