//! What templates know of the agent: its row, and what the deployment fills in.

use serde::Serialize;

use crate::agents::{Agent, Bridge};
use crate::deployment::Deployment;

#[derive(Debug, Serialize)]
pub(super) struct AgentContext {
    /// Its row's own columns, under their own names.
    #[serde(flatten)]
    row: &'static Agent,
    /// The arguments of its program.
    arguments: String,
    /// Variable with the token that it shares with the bridge.
    token: &'static str,
    /// Its program for the deployment's chat app.
    bridge: &'static Bridge,
    bridge_command: String,
    /// Names of its configuration files, including that of its MCP servers.
    config_files: Vec<&'static str>,
}

impl AgentContext {
    pub(super) fn of(d: &Deployment) -> AgentContext {
        let agent = d.agent;
        let arguments = agent.arguments.replace("{port}", &d.port.to_string());
        AgentContext {
            row: agent,
            arguments: arguments.replace("{workers}", &d.workers.to_string()),
            token: agent.token.env,
            bridge: d.bridge,
            bridge_command: agent.bridge_command.replace("{bridge}", d.bridge.slug),
            config_files: agent.config_files.iter().copied().chain(agent.mcp_file).collect(),
        }
    }
}

/// One setting of the bridge.
#[derive(Debug, Serialize)]
pub(super) struct BridgeSetting<'a> {
    name: &'static str,
    value: std::borrow::Cow<'a, str>,
}

/// All of the bridge's own settings.
pub(super) fn bridge_settings(d: &Deployment) -> Vec<BridgeSetting<'_>> {
    let bridge = d.bridge;
    let state = d.agent.names().fill("/var/lib/@agent@");
    let own = [
        (bridge.allowlist_env, d.allowlist.join(",")),
        (bridge.allow_unlisted_env, "false".to_owned()),
        (bridge.thread_map_env, format!("{state}-{}-bridge/thread-map.json", bridge.slug)),
    ];
    let own = own.into_iter().map(|(name, value)| (name, value.into()));
    let fixed = bridge.fixed_settings.iter().map(|&(name, value)| (name, value.into()));
    let chosen = d.bridge_settings.iter().map(|(name, value)| (*name, value.into()));
    own.chain(fixed)
        .chain(chosen)
        .map(|(name, value)| BridgeSetting { name, value })
        .collect()
}
