//! A cloud's store of secrets, which the machine reads by an identity of its own.

use serde::Serialize;

use crate::tables::Words;

/// Terraform stores each value through the module's write-only inputs, once for each version that the root is given; the machine
/// fetches them.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Vault {
    /// What the cloud calls it.
    pub kind: &'static str,
    /// A vault's name, from the name and the id of the deployment.
    #[serde(skip)]
    pub name: fn(&str, &str) -> String,
    /// Its address; `{name}` stands for the name.
    #[serde(skip)]
    pub address: &'static str,
    /// Template of the script that fetches every secret into a file of its service.
    #[serde(skip)]
    pub fetch: &'static str,
    /// Who may write to it and who may read, for the runbook.
    pub access: Words,
}
