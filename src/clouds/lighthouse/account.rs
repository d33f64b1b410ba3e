//! What Tencent's provider does that nobody expects of one: reads that fail when something is gone, a run that can
//! never be removed, a key that is taken once.
//!
//! Source: tencentcloud/services/{lighthouse,tat} of https://github.com/tencentcloudstack/terraform-provider-tencentcloud
//! and the error codes of https://github.com/TencentCloud/tencentcloud-sdk-go

use std::any::Any;
use std::collections::BTreeSet;

use rehearse::{Behaviour, Change, Ending, Refusal, Sent, Value};

use super::catalogue::LISTS;

pub(super) const ATTACHMENT: &str = "tencentcloud_lighthouse_key_pair_attachment";
pub(super) const COMMAND: &str = "tencentcloud_tat_command";
pub(super) const INSTANCE: &str = "tencentcloud_lighthouse_instance";
pub(super) const KEY_PAIR: &str = "tencentcloud_lighthouse_key_pair";
pub(super) const RULE: &str = "tencentcloud_lighthouse_firewall_rule";
pub(super) const RUN: &str = "tencentcloud_tat_invocation_invoke_attachment";

/// Something that happens in Tencent Cloud, and not through Terraform.
#[derive(Clone, Debug)]
pub enum Incident {
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
pub(super) struct TencentAccount {
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
}

impl Behaviour for TencentAccount {
    fn happens(&mut self, incident: &dyn Any) {
        let Some(incident) = incident.downcast_ref::<Incident>().cloned() else {
            return;
        };
        match incident {
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

    fn begin(&mut self, change: &Change) -> Result<Option<Sent>, Refusal> {
        self.key_pairs.retain(|(pair, _)| !change.deleted.contains(pair));
        match self.refuses(change) {
            Some(why) => Err(Refusal::new(why)),
            None => Ok(None),
        }
    }

    /// Keeps what a change leaves behind.
    fn end(&mut self, change: &Change) -> Ending {
        let (before, id) = (change.prior.text("id"), change.after.text("id").to_owned());
        match (change.type_name, change.after) {
            (KEY_PAIR, Value::Null) => self.key_pairs.retain(|(pair, _)| pair != before),
            (KEY_PAIR, made) => _ = self.key_pairs.insert((id, made.text("public_key").to_owned())),
            (ATTACHMENT, made @ Value::Map(_)) => _ = self.unbound.remove(made.text("key_id")),
            (RUN, Value::Map(_)) if self.runs_fail => {
                self.failed_runs.insert(id);
                return Ending::Tainted(PENDING.to_owned());
            }
            // The provider takes the id down only when the machine runs.
            (INSTANCE, Value::Map(_)) if change.prior.is_null() && std::mem::take(&mut self.starts_late) => {
                return Ending::Orphaned("lighthouse instance status is PENDING, retry...".to_owned());
            }
            _ => {}
        }
        Ending::Done
    }

    fn answer(&self, answer: Value) -> Value {
        let Value::Map(mut fields) = answer else { return answer };
        if let Some(Value::List(bundles)) = fields.get_mut("bundle_set") {
            for bundle in bundles {
                let sold_out = self.sold_out.contains(bundle.text("bundle_id"));
                if let (true, Value::Map(bundle)) = (sold_out, bundle) {
                    bundle.insert("bundle_sales_state".to_owned(), Value::Text("SOLD_OUT".to_owned()));
                }
            }
        }
        if let Some(Value::List(images)) = fields.get_mut("blueprint_set") {
            images.retain(|image| !self.withdrawn.contains(image.text("blueprint_id")));
        }
        Value::Map(fields)
    }
}

impl TencentAccount {
    /// Why a change does not come about.
    fn refuses(&self, change: &Change) -> Option<String> {
        let machine_is_gone = |state: &Value| change.deleted.contains(state.text("instance_id"));
        match (change.type_name, change.prior, change.after) {
            (INSTANCE, Value::Null, made) => self.does_not_sell(made),
            (INSTANCE, _, Value::Null) if self.keeps_machines => {
                Some(api("UnsupportedOperation.ResourceNotReturnable"))
            }
            (KEY_PAIR, Value::Null, made) => {
                let key = made.text("public_key");
                let known = self.key_pairs.iter().any(|(_, known)| known == key);
                known.then(|| api("InvalidParameterValue.KeyPairPublicKeyDuplicated"))
            }
            (KEY_PAIR, prior, Value::Null) if self.shared.contains(prior.text("id")) => {
                Some(api("ResourceInUse.KeyPairInUse"))
            }
            (COMMAND, prior, Value::Null) if change.deleted.contains(prior.text("id")) => {
                Some(api("ResourceNotFound.CommandNotFound"))
            }
            (ATTACHMENT | RULE, prior, made) if machine_is_gone(prior) || machine_is_gone(made) => {
                Some(NO_MACHINE.to_owned())
            }
            (ATTACHMENT, prior, Value::Null) if self.unbound.contains(prior.text("key_id")) => {
                Some(api("UnsupportedOperation.KeyPairNotBoundToInstance"))
            }
            (RUN, prior, Value::Null) if self.failed_runs.contains(prior.text("id")) => Some(PENDING.to_owned()),
            _ => None,
        }
    }

    fn does_not_sell(&self, made: &Value) -> Option<String> {
        let (bundle, image) = (made.text("bundle_id"), made.text("blueprint_id"));
        if self.withdrawn.contains(image) || !items("blueprint_set").any(|item| item["blueprint_id"] == image) {
            return Some(api("ResourceNotFound.BlueprintIdNotFound"));
        }
        if is_promotion(bundle) {
            return Some(api("ResourcesSoldOut.PurchaseSourceHasNoBundleConfigs"));
        }
        let sold_out = self.sold_out.contains(bundle);
        sold_out.then(|| api("ResourcesSoldOut.ZonesHasNoBundleConfigs"))
    }
}

/// All that the provider says of a run that did not succeed, when it has waited long enough.
const PENDING: &str = "invocation status is still pending...";

/// What the SDK makes of the API's answer when a machine is gone.
pub(super) const NO_MACHINE: &str = "[TencentCloudSDKError] Code=ResourceNotFound.InstanceIdNotFound, Message=as the API says it, RequestId=00000000-0000-4000-8000-000000000000";

/// The same of another code.
fn api(code: &str) -> String {
    NO_MACHINE.replace("ResourceNotFound.InstanceIdNotFound", code)
}

fn is_promotion(bundle: &str) -> bool {
    items("bundle_set").any(|item| item["bundle_id"] == bundle && item["bundle_display_label"] == "ACTIVITY")
}

/// What is listed when nothing has happened yet.
fn items(attribute: &str) -> impl Iterator<Item = serde_json::Value> {
    let lists = LISTS.iter().filter(move |list| list.attribute == attribute);
    lists.flat_map(|list| serde_json::from_str::<Vec<_>>(list.items).expect("the table is JSON"))
}
