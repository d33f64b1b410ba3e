//! Orders to the outside services, which read them anew for every request, and what they recorded.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use remote_setup::chats::Chat;
use remote_setup::deployment::Deployment;
use remote_setup::tables::Row;
use serde_json::{Value, json};

/// Every value that must stay secret starts like this.
pub const MARK: &str = "MARKED-";
/// A pattern that finds it, and not the search itself among the arguments of programs.
pub const SEARCH: &str = "[M]ARKED-";

/// Where the outside services are, by the names the machine knows them by.
pub fn hosts(deployment: &Deployment) -> String {
    let vault = deployment.vault_name.as_ref();
    let vault = vault.map(|name| format!("203.0.113.10 {name}.vault.azure.net\n"));
    let model = deployment.broker.as_ref();
    let model = model.map(|broker| format!("{MODEL} {}\n", broker.host));
    format!(
        "{}{}203.0.113.20 mirror.example registry.example\n203.0.113.30 {}\n",
        vault.unwrap_or_default(),
        model.unwrap_or_default(),
        Chat::rows()
            .iter()
            .flat_map(|chat| chat.hosts)
            .copied()
            .collect::<Vec<_>>()
            .join(" "),
    )
}

/// Where the model provider is; nginx asks DNS for it, other programs /etc/hosts.
pub const MODEL: &str = "203.0.113.40";

fn vault_name(secret: &str) -> String {
    secret.to_lowercase().replace('_', "-")
}

pub struct World {
    folder: PathBuf,
}

impl World {
    /// Everything works, and the vault holds one version of each secret.
    pub fn new(folder: &Path, deployment: &Deployment) -> World {
        fs::create_dir_all(folder.join("log")).expect("a folder");
        for mounted in ["files", "git", "tls", "services"] {
            fs::create_dir_all(folder.join(mounted)).expect("a folder");
        }
        fs::write(folder.join("network.sh"), "").expect("written");
        let world = World {
            folder: folder.to_owned(),
        };
        let secrets: serde_json::Map<String, Value> = deployment
            .secrets
            .iter()
            .map(|secret| (secret.vault_name(), json!([first_value(&secret.vault_name())])))
            .collect();
        let chat: serde_json::Map<String, Value> = secrets
            .iter()
            .map(|(name, versions)| (name.clone(), versions[0].clone()))
            .collect();
        world.write(&json!({
            "metadata": {}, "vault": { "secrets": secrets }, "mirror": {}, "chat": chat, "network": {},
            "model": { "keys": deployment.provider.key().map(|name| [chat[&vault_name(name)].clone()]) },
            "dns": deployment.broker.iter().map(|broker| (broker.host, json!(MODEL))).collect::<BTreeMap<_, _>>(),
        }));
        world
    }

    pub fn order(&self, change: impl FnOnce(&mut Value)) {
        let mut orders = serde_json::from_str(&fs::read_to_string(self.orders()).expect("orders")).expect("JSON");
        change(&mut orders);
        self.write(&orders);
    }

    /// A new version of a secret, as the owner stores it in the vault.
    pub fn rotate(&self, secret: &str, value: &str) {
        self.order(|orders| {
            let versions = orders["vault"]["secrets"][secret].as_array_mut().expect("versions");
            versions.push(json!(value));
            orders["chat"][secret] = json!(value);
            if secret.ends_with("-api-key") {
                orders["model"]["keys"] = json!([value]);
            }
        });
    }

    /// By rename: a service may be reading.
    fn write(&self, orders: &Value) {
        let new = self.folder.join("orders.new");
        fs::write(&new, orders.to_string()).expect("written");
        fs::rename(new, self.orders()).expect("renamed");
    }

    fn orders(&self) -> PathBuf {
        self.folder.join("orders.json")
    }

    /// What a service was asked, in order.
    pub fn records(&self, service: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.folder.join(format!("log/{service}.jsonl"))).unwrap_or_default();
        text.lines()
            .map(|line| serde_json::from_str(line).expect("a record"))
            .collect()
    }

    /// How many answers of a service had this status.
    pub fn answers(&self, service: &str, status: u16) -> usize {
        let records = self.records(service);
        records.iter().filter(|record| record["status"] == status).count()
    }
}

pub fn first_value(secret: &str) -> String {
    // Not secret, and of a form that the bridge's library insists on.
    if secret == "feishu-app-id" {
        return "cli_0123456789abcdef".to_owned();
    }
    format!("{MARK}{secret}-1")
}
