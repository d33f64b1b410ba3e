//! `mcp.json`: the spec's MCP servers, in the form that the agent reads.

use std::collections::BTreeMap;

use serde::Serialize;

use super::bug;
use crate::deployment::Deployment;
use crate::error::Result;
use crate::inputs::McpServer;

#[derive(Serialize)]
struct McpFile<'a> {
    servers: &'a BTreeMap<String, McpServer>,
}

pub(super) fn render(deployment: &Deployment) -> Result<String> {
    let file = McpFile {
        servers: &deployment.mcp_servers,
    };
    let text = serde_json::to_string_pretty(&file).map_err(|error| bug("mcp.json", &error))?;
    Ok(text + "\n")
}
