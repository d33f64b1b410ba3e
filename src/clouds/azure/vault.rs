//! Key Vault, where the machine's managed identity reads its secrets.

use crate::clouds::Vault;
use crate::tables::words;

pub(super) const VAULT: Vault = Vault {
    kind: "Key Vault",
    name,
    address: "https://{name}.vault.azure.net",
    fetch: include_str!("fetch-secrets.sh.tera"),
    access: words(
        "Secrets go to the vault through Azure's control plane, so its firewall stays closed to you. Whoever may write to the resource group, every Contributor for\n\
         one, can overwrite them that way, past the roles on the vault, and nobody can read them back.",
        "机密通过 Azure 的控制平面存入保管库，所以保管库的防火墙不必对你开放。凡是能写这个资源组的人（例如每一个参与者）都能这样覆盖机密，不受保管库上角色的限制；但谁也不能这样把机密读出来。",
    ),
};

/// 3 to 24 characters, no double dash, the same for the same deployment.
fn name(name: &str, id: &str) -> String {
    let short: String = name.chars().take(13).collect();
    format!("kv-{}-{id}", short.trim_end_matches('-'))
}
