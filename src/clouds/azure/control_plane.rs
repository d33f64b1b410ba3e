//! `azapi_resource_action`: one request to the control plane, as the real provider makes it.
//!
//! Creating and updating send the request; reading and deleting send none. Of a sensitive body with versions, only the
//! paths whose version changed are sent; without versions all of it is, and its SHA-256, unsalted, stays in the state.
//! Source: internal/services/azapi_resource_action_resource.go of https://github.com/Azure/terraform-provider-azapi

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use rehearse::{Behaviour, Change, Refusal, Sent, Value};

const TYPE: &str = "azapi_resource_action";

/// What the vault's part of the control plane takes. Newer versions of the interface have no secrets.
/// Source: internal/azure/loader.go of the same, and https://github.com/Azure/terraform-provider-azapi/issues/879
const SECRETS: &str = "Microsoft.KeyVault/vaults/secrets@";
const NEWEST: &str = "2025-12-31";

pub(super) struct ControlPlane;

impl Behaviour for ControlPlane {
    fn begin(&mut self, change: &Change) -> Result<Option<Sent>, Refusal> {
        match change.type_name {
            TYPE => request(change.prior, change.after, change.config).map(Some),
            _ => Ok(None),
        }
    }
}

/// Makes the request of a planned change; nothing on removal.
fn request(prior: &Value, planned: &Value, config: &Value) -> Result<Sent, Refusal> {
    let Value::Map(_) = planned else {
        return Ok(Sent::default());
    };
    let text = |name: &str| planned.text(name);
    if text("when") == "destroy" {
        return Ok(Sent::default());
    }
    let refused = |why: &str| Refusal {
        summary: "Failed to perform action".to_owned(),
        detail: format!("{} {}: {why}", text("method"), text("id")),
    };
    let Some(version) = text("type").strip_prefix(SECRETS) else {
        return Err(refused("400 InvalidResourceType"));
    };
    if version > NEWEST {
        return Err(refused("400 NoRegisteredProviderFound"));
    }
    if !is_secret(text("resource_id")) {
        return Err(refused("`type` and `resource_id` are not matched"));
    }
    if text("method") != "PUT" {
        return Err(refused("400 DisallowedResourceOperation"));
    }
    let body = config.get("sensitive_body").map_or(&Value::Null, Value::of_dynamic);
    let versions = map_of(planned.get("sensitive_body_version"));
    let before = map_of(prior.get("sensitive_body_version"));
    let mut texts = Vec::new();
    collect(body, "", &mut texts);
    let private = match versions.is_empty() && !body.is_null() {
        true => hash(&texts),
        false => Vec::new(),
    };
    if !versions.is_empty() {
        texts.retain(|(path, _)| {
            let is_of = |listed: &str| path == listed || path.starts_with(&format!("{listed}."));
            let mut listed = versions.iter().filter(|(listed, _)| is_of(listed));
            listed.any(|(listed, version)| before.get(listed) != Some(version))
        });
    }
    // Whatever else changed: a secret is stored whole, so a request without its value would lose it.
    if !texts
        .iter()
        .any(|(path, text)| path == "properties.value" && !text.is_empty())
    {
        return Err(refused("400 BadParameter: properties.value"));
    }
    Ok(Sent {
        texts: texts.into_iter().map(|(_, text)| text).collect(),
        private,
    })
}

fn is_secret(id: &str) -> bool {
    let parts: Vec<&str> = id.split('/').collect();
    matches!(
        parts.as_slice(),
        ["", "subscriptions", _, "resourceGroups", _, "providers", "Microsoft.KeyVault", "vaults", vault, "secrets", name]
            if !vault.is_empty() && !name.is_empty()
    )
}

fn map_of(value: Option<&Value>) -> BTreeMap<String, Value> {
    match value {
        Some(Value::Map(fields)) => fields.clone(),
        _ => BTreeMap::new(),
    }
}

/// Every text with the path to it.
fn collect(value: &Value, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Text(text) => found.push((path.to_owned(), text.clone())),
        Value::Map(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(value, &path, found);
            }
        }
        _ => {}
    }
}

fn hash(texts: &[(String, String)]) -> Vec<u8> {
    let digest: String = Sha256::digest(format!("{texts:?}"))
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    serde_json::json!({ "sensitive_body": digest }).to_string().into_bytes()
}
