//! What Tencent's provider does that nobody expects of one: reads that fail when something is gone, a run that can
//! never be removed, a key that is taken once.
//!
//! Source: tencentcloud/services/{lighthouse,tat} of https://github.com/tencentcloudstack/terraform-provider-tencentcloud
//! and the error codes of https://github.com/TencentCloud/tencentcloud-sdk-go

use std::collections::{BTreeMap, BTreeSet};

use super::lists::LISTS;
use super::value::Value;

const ATTACHMENT: &str = "tencentcloud_lighthouse_key_pair_attachment";
const COMMAND: &str = "tencentcloud_tat_command";
const INSTANCE: &str = "tencentcloud_lighthouse_instance";
const KEY_PAIR: &str = "tencentcloud_lighthouse_key_pair";
const RULE: &str = "tencentcloud_lighthouse_firewall_rule";
const RUN: &str = "tencentcloud_tat_invocation_invoke_attachment";

/// Something that happens in Tencent Cloud, and not through Terraform.
#[derive(Clone, Debug)]
pub enum Incident {
    /// What has this id is deleted in the console.
    Deleted(String),
    /// The key pair with this id is unbound from every machine.
    Unbound(String),
    /// Another machine uses the key pair with this id too.
    Shared(String),
    /// The account has this public key already, in a key pair with this id.
    Imported { id: String, public_key: String },
    /// Nobody can buy this bundle any more.
    SoldOut(String),
    /// Nobody can install this image any more.
    Withdrawn(String),
    /// Commands do not run to a success on any machine, or do so again.
    RunsFail(bool),
    /// Tencent takes no machine back.
    KeepsMachines,
    /// The next machine is bought, and does not run before the provider gives up on it.
    StartsLate,
}

/// What there is in the account besides what Terraform knows.
#[derive(Default)]
pub(super) struct Account {
    deleted: BTreeSet<String>,
    unbound: BTreeSet<String>,
    shared: BTreeSet<String>,
    /// Id and public key.
    key_pairs: BTreeSet<(String, String)>,
    sold_out: BTreeSet<String>,
    withdrawn: BTreeSet<String>,
    runs_fail: bool,
    failed_runs: BTreeSet<String>,
    keeps_machines: bool,
    starts_late: bool,
    /// By id: machines that are paid for, and that nothing knows.
    orphans: BTreeMap<String, Value>,
}

/// How a change ends that Tencent did not refuse.
pub(super) enum Ending {
    Done,
    /// It exists, and the provider ends in an error.
    Tainted(String),
    /// The same, and the provider forgets its id.
    Orphaned(String),
}

/// What a read finds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    AsItWas,
    Nothing,
    Error(String),
}

impl Account {
    pub(super) fn happens(&mut self, incident: Incident) {
        match incident {
            Incident::Deleted(id) => {
                self.key_pairs.retain(|(pair, _)| *pair != id);
                self.deleted.insert(id);
            }
            Incident::Unbound(id) => _ = self.unbound.insert(id),
            Incident::Shared(id) => _ = self.shared.insert(id),
            Incident::Imported { id, public_key } => _ = self.key_pairs.insert((id, public_key)),
            Incident::SoldOut(bundle) => _ = self.sold_out.insert(bundle),
            Incident::Withdrawn(image) => _ = self.withdrawn.insert(image),
            Incident::RunsFail(fail) => self.runs_fail = fail,
            Incident::KeepsMachines => self.keeps_machines = true,
            Incident::StartsLate => self.starts_late = true,
        }
    }

    /// How much is gone, so that what is made anew gets another id.
    pub(super) fn losses(&self) -> usize {
        self.deleted.len()
    }

    pub(super) fn read(&self, kind: &str, state: &Value) -> Found {
        let id = text(state, "id");
        let gone = self.deleted.contains(id);
        match kind {
            INSTANCE if gone => Found::Error(format!("resource `lighthouse instance` {id} does not exist")),
            COMMAND if gone => Found::Error(format!("resource `command` {id} does not exist")),
            RULE if self.machine_is_gone(state) => no_machine(),
            // Of a pair that is still there, the provider does not look which machines it is bound to.
            ATTACHMENT if self.deleted.contains(text(state, "key_id")) => Found::Nothing,
            _ if gone => Found::Nothing,
            _ => Found::AsItWas,
        }
    }

    /// Why a change does not come about; `made` is what would be there afterwards.
    pub(super) fn refuses(&self, kind: &str, prior: &Value, made: &Value) -> Option<String> {
        match (kind, prior, made) {
            (INSTANCE, Value::Null, _) => self.does_not_sell(made),
            (INSTANCE, _, Value::Null) if self.keeps_machines => {
                Some(api("UnsupportedOperation.ResourceNotReturnable"))
            }
            (KEY_PAIR, Value::Null, _) => {
                let key = text(made, "public_key");
                let known = self.key_pairs.iter().any(|(_, known)| known == key);
                known.then(|| api("InvalidParameterValue.KeyPairPublicKeyDuplicated"))
            }
            (KEY_PAIR, _, Value::Null) if self.shared.contains(text(prior, "id")) => {
                Some(api("ResourceInUse.KeyPairInUse"))
            }
            (COMMAND, _, Value::Null) if self.deleted.contains(text(prior, "id")) => {
                Some(api("ResourceNotFound.CommandNotFound"))
            }
            (ATTACHMENT | RULE, _, _) if self.machine_is_gone(prior) || self.machine_is_gone(made) => {
                Some(api("ResourceNotFound.InstanceIdNotFound"))
            }
            (ATTACHMENT, _, Value::Null) if self.unbound.contains(text(prior, "key_id")) => {
                Some(api("UnsupportedOperation.KeyPairNotBoundToInstance"))
            }
            (RUN, _, Value::Null) if self.failed_runs.contains(text(prior, "id")) => Some(PENDING.to_owned()),
            _ => None,
        }
    }

    fn does_not_sell(&self, made: &Value) -> Option<String> {
        let (bundle, image) = (text(made, "bundle_id"), text(made, "blueprint_id"));
        if self.withdrawn.contains(image) || !items("blueprint_set").any(|item| item["blueprint_id"] == image) {
            return Some(api("ResourceNotFound.BlueprintIdNotFound"));
        }
        if is_promotion(bundle) {
            return Some(api("ResourcesSoldOut.PurchaseSourceHasNoBundleConfigs"));
        }
        let sold_out = self.sold_out.contains(bundle);
        sold_out.then(|| api("ResourcesSoldOut.ZonesHasNoBundleConfigs"))
    }

    /// Keeps what a change that came about leaves behind.
    pub(super) fn changed(&mut self, kind: &str, prior: &Value, made: &Value) -> Ending {
        let (before, id) = (text(prior, "id").to_owned(), text(made, "id").to_owned());
        match (kind, made) {
            (KEY_PAIR, Value::Null) => self.key_pairs.retain(|(pair, _)| *pair != before),
            (KEY_PAIR, _) => _ = self.key_pairs.insert((id, text(made, "public_key").to_owned())),
            (ATTACHMENT, Value::Map(_)) => _ = self.unbound.remove(text(made, "key_id")),
            (RUN, Value::Map(_)) if self.runs_fail => {
                self.failed_runs.insert(id);
                return Ending::Tainted(PENDING.to_owned());
            }
            // The provider takes the id down only when the machine runs.
            (INSTANCE, Value::Map(_)) if prior.is_null() && std::mem::take(&mut self.starts_late) => {
                self.orphans.insert(id, made.clone());
                return Ending::Orphaned("lighthouse instance status is PENDING, retry...".to_owned());
            }
            _ => {}
        }
        Ending::Done
    }

    /// What `terraform import` finds under an id.
    pub(super) fn imported(&mut self, kind: &str, id: &str) -> Option<Value> {
        (kind == INSTANCE).then(|| self.orphans.remove(id)).flatten()
    }

    /// Ids of machines that are paid for, and that nothing knows.
    pub(super) fn orphans(&self) -> Vec<String> {
        self.orphans.keys().cloned().collect()
    }

    /// A data source's answer as it is now.
    pub(super) fn listed(&self, answer: Value) -> Value {
        let Value::Map(mut fields) = answer else { return answer };
        if let Some(Value::List(bundles)) = fields.get_mut("bundle_set") {
            for bundle in bundles {
                let sold_out = self.sold_out.contains(text(bundle, "bundle_id"));
                if let (true, Value::Map(bundle)) = (sold_out, bundle) {
                    bundle.insert("bundle_sales_state".to_owned(), Value::Text("SOLD_OUT".to_owned()));
                }
            }
        }
        if let Some(Value::List(images)) = fields.get_mut("blueprint_set") {
            images.retain(|image| !self.withdrawn.contains(text(image, "blueprint_id")));
        }
        Value::Map(fields)
    }

    fn machine_is_gone(&self, state: &Value) -> bool {
        self.deleted.contains(text(state, "instance_id"))
    }
}

/// All that the provider says of a run that did not succeed, when it has waited long enough.
const PENDING: &str = "invocation status is still pending...";

fn no_machine() -> Found {
    Found::Error(api("ResourceNotFound.InstanceIdNotFound"))
}

/// As the SDK writes an answer of the API.
fn api(code: &str) -> String {
    format!(
        "[TencentCloudSDKError] Code={code}, Message=as the API says it, RequestId=00000000-0000-4000-8000-000000000000"
    )
}

fn is_promotion(bundle: &str) -> bool {
    items("bundle_set").any(|item| item["bundle_id"] == bundle && item["bundle_display_label"] == "ACTIVITY")
}

/// What is listed when nothing has happened yet.
fn items(attribute: &str) -> impl Iterator<Item = serde_json::Value> {
    let lists = LISTS.iter().filter(move |list| list.attribute == attribute);
    lists.flat_map(|list| serde_json::from_str::<Vec<_>>(list.items).expect("the table is JSON"))
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_text).unwrap_or_default()
}
