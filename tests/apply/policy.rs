//! Plans as JSON against what a deployment asks for.

use remote_setup::deployment::Deployment;
use remote_setup::inputs::Spec;
use remote_setup::terraform::operation::Operation;
use remote_setup::terraform::plan;
use remote_setup::terraform::policy;
use serde_json::{Value, json};

use crate::common::{resolve, spec};

/// A resource that a plan makes.
fn made(kind: &str, name: &str, after: Value) -> Value {
    json!({
        "address": format!("module.agent.{kind}.{name}"), "mode": "managed", "type": kind, "name": name,
        "change": {"actions": ["create"], "before": null, "after": after, "after_unknown": {"id": true}},
    })
}

/// A rule of Azure's as the module makes it, with changes.
fn rule(name: &str, changes: Value) -> Value {
    let mut after = json!({
        "name": name, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
        "source_address_prefix": null, "source_address_prefixes": ["203.0.113.7/32"],
        "destination_address_prefix": "*", "destination_port_range": "22", "source_port_range": "*",
    });
    for (name, value) in changes.as_object().expect("changes") {
        after[name] = value.clone();
    }
    made("azurerm_network_security_rule", name, after)
}

fn deny() -> Value {
    let all = json!({
        "access": "Deny", "protocol": "*", "source_address_prefix": "*", "source_address_prefixes": null,
        "destination_port_range": "*",
    });
    rule("deny-inbound", all)
}

/// What the module makes besides rules, as far as it has a say in who comes in.
fn network() -> Vec<Value> {
    let kinds = [
        "azurerm_network_interface",
        "azurerm_public_ip",
        "azurerm_subnet",
        "azurerm_subnet_network_security_group_association",
        "azurerm_virtual_network",
    ];
    let mut all: Vec<Value> = kinds.iter().map(|kind| made(kind, "this", json!({}))).collect();
    let mut group = made("azurerm_network_security_group", "this", json!({"name": "nsg"}));
    // The cloud will say; the module sets none.
    group["change"]["after_unknown"]["security_rule"] = json!(true);
    all.push(group);
    all
}

fn plan_of(resources: Vec<Value>) -> Value {
    json!({"resource_changes": resources, "configuration": {"root_module": {}}})
}

/// The module's plan with one more resource.
fn with(resource: Value) -> Value {
    let own = [deny(), rule("allow-ssh-ipv4", json!({})), resource];
    plan_of(network().into_iter().chain(own).collect())
}

fn check_for(deployment: &Deployment, json: Value, operation: Operation) -> Result<(), String> {
    let plan = plan::of_json(json, String::new(), deployment.module().expect("a module"));
    policy::check(&plan, deployment, operation).map_err(|error| error.message().to_owned())
}

fn check(json: Value) -> Result<(), String> {
    check_for(&resolve(&spec()), json, Operation::Apply)
}

#[track_caller]
fn refused(json: Value, said: &str) {
    let error = check(json).expect_err(said);
    assert!(error.contains(said), "`{said}` is not in: {error}");
    assert!(
        error.ends_with("deployment.yaml allows TCP 22 from 203.0.113.7/32 and nothing else"),
        "{error}"
    );
}

/// A request as the module makes it, with changes.
fn request(changes: Value) -> Value {
    let vault = resolve(&spec()).vault_name.clone().expect("a vault");
    let mut after = json!({
        "type": "Microsoft.KeyVault/vaults/secrets@2024-11-01", "method": "PUT", "when": "apply",
        "resource_id": format!("/subscriptions/x/resourceGroups/x/providers/Microsoft.KeyVault/vaults/{vault}/secrets/openrouter-api-key"),
        "action": null, "body": null, "headers": null, "query_parameters": null,
        "response_export_values": null, "sensitive_response_export_values": null,
    });
    for (name, value) in changes.as_object().expect("changes") {
        after[name] = value.clone();
    }
    made("azapi_resource_action", "secret", after)
}

/// The provider of requests can change anything in the cloud, so just one request of it is admitted.
#[test]
fn a_request_to_the_cloud_stores_a_secret_of_this_deployment_or_is_refused() {
    check(with(request(json!({})))).expect("allowed");
    check(with(request(json!({"resource_id": null})))).expect("not known before the vault is there");
    let other =
        "/subscriptions/x/resourceGroups/x/providers/Microsoft.KeyVault/vaults/other/secrets/openrouter-api-key";
    for (name, value) in [
        ("type", json!("Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01")),
        ("method", json!("DELETE")),
        ("when", json!("destroy")),
        ("action", json!("start")),
        ("body", json!({"properties": {}})),
        ("headers", json!({"a": "b"})),
        ("query_parameters", json!({"a": ["b"]})),
        ("response_export_values", json!(["*"])),
        ("sensitive_response_export_values", json!(["*"])),
        ("resource_id", json!(other)),
        ("resource_id", json!(other.replace("openrouter-api-key", "another"))),
    ] {
        let error = check(with(request(json!({ name: value })))).expect_err(name);
        assert!(error.contains(&format!("`{name}` is `")), "{name}: {error}");
    }
    let mut unknown = request(json!({}));
    unknown["change"]["after_unknown"]["action"] = json!(true);
    let error = check(with(unknown)).expect_err("nobody knows what it does");
    assert!(error.contains("`action` is known only after applying"), "{error}");
    for kind in ["azapi_resource", "azapi_update_resource", "azapi_data_plane_resource"] {
        refused(with(made(kind, "x", json!({}))), "could let others in, bypassing the rules");
    }
}

#[test]
fn what_the_module_makes_is_what_the_deployment_asks_for() {
    let outbound = json!({"direction": "Outbound", "source_address_prefix": "*", "destination_port_range": "443"});
    check(with(rule("allow-outbound", outbound))).expect("allowed");
    let both = resolve(&Spec {
        allow_ssh_from: Some(vec!["203.0.113.7/32".to_owned(), "2001:db8::/64".to_owned()]),
        ..spec()
    });
    let v6 = rule("allow-ssh-ipv6", json!({"source_address_prefixes": ["2001:db8::/64"]}));
    check_for(&both, with(v6), Operation::Apply).expect("allowed");
    let error = check_for(&both, with(deny()), Operation::Apply).expect_err("one is missing");
    assert!(error.contains("no rule that allows TCP 22 from `2001:db8::/64`"), "{error}");
    let closed = resolve(&Spec {
        allow_ssh_from: Some(Vec::new()),
        ..spec()
    });
    let error = check_for(&closed, with(deny()), Operation::Apply).expect_err("nobody was to be let in");
    assert!(
        error.contains("from `203.0.113.7/32`") && error.ends_with("allows no inbound access"),
        "{error}"
    );
}

#[test]
fn no_other_rule_lets_anybody_in_whatever_its_shape() {
    for (changes, said) in [
        (
            json!({"source_address_prefixes": ["0.0.0.0/1", "128.0.0.0/1"]}),
            "allows TCP 22 from `0.0.0.0/1`",
        ),
        (json!({"source_address_prefix": "INTERNET"}), "from `INTERNET`"),
        (json!({"source_address_prefix": "internet"}), "from `internet`"),
        (json!({"source_address_prefix": "AzureCloud"}), "from `AzureCloud`"),
        (json!({"source_address_prefix": "*"}), "from `*`"),
        (json!({"source_address_prefix": "203.0.113.0/24"}), "from `203.0.113.0/24`"),
        (json!({"source_address_prefix": "::/1"}), "from `::/1`"),
        (json!({"source_address_prefixes": null}), "from everywhere: it names no source"),
        (json!({"destination_port_range": "22-23"}), "allows Tcp 22-23"),
        (
            json!({"destination_port_range": null, "destination_port_ranges": ["22", "7878"]}),
            "allows Tcp 22, 7878",
        ),
        (json!({"destination_port_range": "*"}), "allows Tcp *"),
        (json!({"protocol": "*"}), "allows * 22"),
        (json!({"protocol": "Udp"}), "allows Udp 22"),
        (json!({"protocol": "Icmp", "destination_port_range": null}), "allows Icmp"),
        (json!({"direction": "inbound", "destination_port_range": "80"}), "allows Tcp 80"),
        (json!({"access": "deny", "destination_port_range": "80"}), "allows Tcp 80"),
        (
            json!({"source_application_security_group_ids": ["/asg/x"]}),
            "allows the group `/asg/x`",
        ),
    ] {
        refused(
            with(rule("extra", changes)),
            &format!("the rule `extra` {said}").replace("` from", "` allows TCP 22 from"),
        );
    }
}

#[test]
fn a_rule_that_only_applying_tells_is_refused() {
    for attribute in [
        "source_address_prefix",
        "source_address_prefixes",
        "destination_port_range",
        "protocol",
        "direction",
        "access",
        "source_application_security_group_ids",
    ] {
        let mut unknown = rule("extra", json!({}));
        unknown["change"]["after"]
            .as_object_mut()
            .expect("values")
            .remove(attribute);
        unknown["change"]["after_unknown"][attribute] = match attribute.ends_with('s') {
            true if attribute != "access" => json!([true]),
            _ => json!(true),
        };
        refused(with(unknown), "the rule `extra` is known only after applying");
    }
}

#[test]
fn inline_rules_count_where_the_configuration_sets_them_and_only_there() {
    let group = |before: Value, after: Value| {
        let mut json = with(deny());
        let list = json["resource_changes"].as_array_mut().expect("a list");
        let group = list
            .iter_mut()
            .find(|one| one["type"] == "azurerm_network_security_group")
            .expect("a group");
        group["change"]["before"] = json!({ "security_rule": before });
        group["change"]["after"] = json!({ "security_rule": after });
        group["change"]["after_unknown"] = json!({});
        json
    };
    let inline = |source: &str| {
        json!([{
            "name": "inline", "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
            "source_address_prefix": source, "destination_port_range": "22", "destination_address_prefix": "*",
        }])
    };
    refused(
        group(json!([]), inline("198.51.100.7/32")),
        "the rule `inline` allows TCP 22 from `198.51.100.7/32`",
    );
    check(group(json!([]), inline("203.0.113.7/32"))).expect("asked for");
    // Azure reports every rule there, those of before a change of the networks too.
    check(group(inline("198.51.100.7/32"), inline("198.51.100.7/32"))).expect("only reported");
    let set = |mut json: Value| {
        json["configuration"]["root_module"] = json!({"module_calls": {"agent": {"module": {"resources": [
            {"type": "azurerm_network_security_group", "name": "this", "expressions": {"security_rule": {}}},
        ]}}}});
        json
    };
    refused(
        set(group(inline("198.51.100.7/32"), inline("198.51.100.7/32"))),
        "from `198.51.100.7/32`",
    );
    refused(set(with(deny())), "is known only after applying");
}

#[test]
fn nothing_leads_past_the_rules() {
    for kind in [
        "azurerm_network_security_group",
        "azurerm_network_interface_security_group_association",
        "azurerm_public_ip",
        "azurerm_network_interface",
        "azurerm_subnet",
        "azurerm_bastion_host",
        "azurerm_lb_nat_rule",
        "azurerm_virtual_network_peering",
        "azurerm_virtual_network_gateway",
        "azurerm_resource_group_template_deployment",
        "azapi_resource",
    ] {
        refused(with(made(kind, "other", json!({}))), ", bypassing the rules");
    }
    check(with(made("azurerm_monitor_metric_alert", "other", json!({})))).expect("allows no inbound access");
    // What goes lets nobody in either.
    let mut gone = made("azurerm_public_ip", "other", Value::Null);
    gone["change"]["actions"] = json!(["delete"]);
    check(with(gone)).expect("it goes");
}

#[test]
fn a_plan_that_drops_the_firewall_is_refused() {
    for kind in [
        "azurerm_network_security_group",
        "azurerm_subnet_network_security_group_association",
    ] {
        let mut json = with(deny());
        let list = json["resource_changes"].as_array_mut().expect("a list");
        list.retain(|one| one["type"] != kind);
        refused(json.clone(), &format!("the plan has no `{kind}`"));
    }
    let ssh = || rule("allow-ssh-ipv4", json!({}));
    let without = |rules: Vec<Value>| plan_of(network().into_iter().chain(rules).collect());
    refused(without(vec![ssh()]), "no rule that denies everything else");
    let mut narrow = deny();
    narrow["change"]["after"]["source_address_prefix"] = json!("10.0.0.0/8");
    refused(without(vec![ssh(), narrow]), "no rule that denies everything else");
    refused(without(vec![deny()]), "no rule that allows TCP 22 from `203.0.113.7/32`");
    // Where everything goes, its firewall may too.
    check_for(&resolve(&spec()), plan_of(Vec::new()), Operation::Destroy).expect("nothing is left");
}
