//! Parts of the spec that hold several values.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Download addresses; each moves one kind of download to a mirror of yours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// `<this>/v<version>/<asset>` serves the release binaries and their checksums.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_base_url: Option<String>,
    /// Git remote that has the tag `v<version>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git_url: Option<String>,
    /// Container image without its tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub npm_registry: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apt_mirror: Option<String>,
}

/// An MCP server: a program with arguments and settings, or an address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct McpServer {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub args: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<BTreeMap<String, String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// The CNB pipeline's surroundings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cnb {
    /// Repository that holds the bundle: `org/repo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Secret repository that the pipeline reads: `org/repo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<String>,
    /// How it reaches the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deploy: Option<String>,
}
