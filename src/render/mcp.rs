//! `mcp.json`: the MCP servers of the spec, in the form the runtime reads.

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
