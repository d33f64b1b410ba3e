//! Firewall rules in the shapes that providers give them: each plan holds what the provider's own schema has.

use remote_setup::clouds::{CLOUDS, Module, NetworkShape, Ports, RuleShape, RulesIn, When};
use remote_setup::terraform::operation::Operation;
use remote_setup::terraform::{plan, policy};
use serde_json::{Value, json};

use crate::common::{resolve, spec};

const PLAIN: RuleShape = RuleShape {
    resource_type: "",
    rules_in: RulesIn::Resource,
    reported: false,
    name: "name",
    outbound: When::Never,
    denies: When::Never,
    protocol: "protocol",
    portless: &["icmp"],
    sources: &[],
    destinations: &[],
    ports: Ports::In(&[]),
    groups: &[],
    every_port: "all",
};

const DIGITALOCEAN: &[RuleShape] = &[
    RuleShape {
        resource_type: "digitalocean_firewall",
        rules_in: RulesIn::List("inbound_rule"),
        sources: &["source_addresses"],
        ports: Ports::In(&["port_range"]),
        groups: &[
            "source_droplet_ids",
            "source_kubernetes_ids",
            "source_load_balancer_uids",
            "source_tags",
        ],
        ..PLAIN
    },
    RuleShape {
        resource_type: "digitalocean_firewall",
        rules_in: RulesIn::List("outbound_rule"),
        outbound: When::Always,
        destinations: &["destination_addresses"],
        ports: Ports::In(&["port_range"]),
        ..PLAIN
    },
];

const HETZNER: &[RuleShape] = &[RuleShape {
    resource_type: "hcloud_firewall",
    rules_in: RulesIn::List("rule"),
    name: "description",
    outbound: When::Is("direction", "out"),
    sources: &["source_ips"],
    destinations: &["destination_ips"],
    ports: Ports::In(&["port"]),
    every_port: "any",
    ..PLAIN
}];

const AWS: &[RuleShape] = &[
    RuleShape {
        resource_type: "aws_vpc_security_group_ingress_rule",
        name: "description",
        protocol: "ip_protocol",
        sources: &["cidr_ipv4", "cidr_ipv6"],
        ports: Ports::FromTo("from_port", "to_port"),
        groups: &["prefix_list_id", "referenced_security_group_id"],
        ..PLAIN
    },
    RuleShape {
        resource_type: "aws_vpc_security_group_egress_rule",
        name: "description",
        outbound: When::Always,
        protocol: "ip_protocol",
        destinations: &["cidr_ipv4", "cidr_ipv6"],
        ports: Ports::FromTo("from_port", "to_port"),
        ..PLAIN
    },
    RuleShape {
        resource_type: "aws_security_group",
        rules_in: RulesIn::List("ingress"),
        reported: true,
        name: "description",
        sources: &["cidr_blocks", "ipv6_cidr_blocks"],
        ports: Ports::FromTo("from_port", "to_port"),
        groups: &["prefix_list_ids", "security_groups", "self"],
        ..PLAIN
    },
];

const GCP_ALLOW: RuleShape = RuleShape {
    resource_type: "google_compute_firewall",
    rules_in: RulesIn::Parts("allow"),
    outbound: When::Is("direction", "EGRESS"),
    sources: &["source_ranges"],
    destinations: &["destination_ranges"],
    ports: Ports::In(&["ports"]),
    groups: &["source_service_accounts", "source_tags"],
    ..PLAIN
};

const GCP: &[RuleShape] = &[
    GCP_ALLOW,
    RuleShape {
        rules_in: RulesIn::Parts("deny"),
        denies: When::Always,
        ..GCP_ALLOW
    },
];

/// What the policy says to a plan with these resources: type, values, and what only applying tells.
fn judged(rules: &'static [RuleShape], resources: &[(&str, Value, Value)]) -> Result<Vec<plan::Rule>, String> {
    let module = Box::leak(Box::new(Module {
        rules,
        network: NetworkShape {
            types: &[],
            made: &[],
            admitted: &[],
            deny_rule: None,
        },
        identity: None,
        ..*CLOUDS[0].module().expect("a module")
    }));
    let changes = resources.iter().enumerate().map(|(number, (kind, after, unknown))| {
        json!({
            "address": format!("module.agent.{kind}.this[{number}]"), "mode": "managed", "type": kind, "name": "this",
            "change": {"actions": ["create"], "before": null, "after": after, "after_unknown": unknown},
        })
    });
    let json = json!({"resource_changes": changes.collect::<Vec<_>>(), "configuration": {"root_module": {}}});
    let plan = plan::of_json(json, String::new(), module);
    policy::check(&plan, &resolve(&spec()), Operation::Apply)
        .map(|()| plan.rules)
        .map_err(|error| error.message().to_owned())
}

/// The first is what the deployment asks for; each of the others opens something else.
fn only_the_first_is_allowed(rules: &'static [RuleShape], cases: &[(&str, Value, &str)]) {
    let (kind, asked, _) = &cases[0];
    let first = (*kind, asked.clone(), json!({}));
    let found = judged(rules, std::slice::from_ref(&first)).unwrap_or_else(|error| panic!("{kind}: {error}"));
    let inbound: Vec<_> = found.iter().filter(|rule| rule.inbound && rule.allows).collect();
    assert_eq!(inbound.len(), 1, "{kind}: {found:#?}");
    assert_eq!(
        (&inbound[0].sources[..], &inbound[0].ports[..]),
        (&["203.0.113.7/32".to_owned()][..], &["22".to_owned()][..]),
        "{kind}"
    );
    for (kind, after, said) in &cases[1..] {
        let error = judged(rules, &[first.clone(), (*kind, after.clone(), json!({}))]).expect_err(said);
        assert!(error.contains(said), "{kind}: `{said}` is not in: {error}");
    }
}

#[test]
fn rules_in_nested_blocks_by_direction() {
    let firewall = |inbound: Value| {
        let none: [&str; 0] = [];
        let mut rule = json!({
            "protocol": "tcp", "port_range": "22", "source_addresses": ["203.0.113.7/32"], "source_droplet_ids": none,
            "source_kubernetes_ids": none, "source_load_balancer_uids": none, "source_tags": none,
        });
        for (name, value) in inbound.as_object().expect("changes") {
            rule[name] = value.clone();
        }
        json!({
            "name": "codewhale", "droplet_ids": [1], "tags": null, "inbound_rule": [rule],
            "outbound_rule": [{
                "protocol": "tcp", "port_range": "1-65535", "destination_addresses": ["0.0.0.0/0", "::/0"],
                "destination_droplet_ids": none, "destination_kubernetes_ids": none,
                "destination_load_balancer_uids": none, "destination_tags": none,
            }],
        })
    };
    let open = |changes: Value, said| ("digitalocean_firewall", firewall(changes), said);
    only_the_first_is_allowed(
        DIGITALOCEAN,
        &[
            open(json!({}), ""),
            open(json!({"source_addresses": ["0.0.0.0/0", "::/0"]}), "allows TCP 22 from `0.0.0.0/0`"),
            open(json!({"source_addresses": []}), "from everywhere: it names no source"),
            open(json!({"port_range": "1-65535"}), "allows tcp 1-65535"),
            open(json!({"protocol": "udp", "port_range": "all"}), "allows udp all"),
            open(json!({"protocol": "icmp", "port_range": ""}), "allows icmp"),
            open(json!({"source_tags": ["all-of-mine"]}), "allows the group `all-of-mine`"),
            open(json!({"source_droplet_ids": [42]}), "allows the group `42`"),
        ],
    );
}

#[test]
fn rules_in_nested_blocks_that_say_their_direction() {
    let firewall = |changes: Value| {
        let mut rule = json!({
            "description": "ssh", "direction": "in", "protocol": "tcp", "port": "22", "source_ips": ["203.0.113.7/32"],
            "destination_ips": [],
        });
        for (name, value) in changes.as_object().expect("changes") {
            rule[name] = value.clone();
        }
        let out = json!({
            "description": "out", "direction": "out", "protocol": "tcp", "port": "any", "source_ips": [],
            "destination_ips": ["0.0.0.0/0", "::/0"],
        });
        json!({"name": "codewhale", "labels": null, "apply_to": [], "rule": [rule, out]})
    };
    let open = |changes: Value, said| ("hcloud_firewall", firewall(changes), said);
    only_the_first_is_allowed(
        HETZNER,
        &[
            open(json!({}), ""),
            open(
                json!({"source_ips": ["0.0.0.0/0", "::/0"]}),
                "the rule `ssh` allows TCP 22 from `0.0.0.0/0`",
            ),
            open(json!({"port": "any"}), "allows tcp any"),
            open(json!({"port": null}), "allows tcp any"),
            open(json!({"port": "20-25"}), "allows tcp 20-25"),
            open(json!({"direction": "IN", "port": "80"}), "allows tcp 80"),
        ],
    );
}

#[test]
fn one_resource_a_rule_with_first_and_last_port() {
    let rule = |changes: Value| {
        let mut rule = json!({
            "cidr_ipv4": "203.0.113.7/32", "cidr_ipv6": null, "description": "ssh", "from_port": 22, "to_port": 22,
            "ip_protocol": "tcp", "prefix_list_id": null, "referenced_security_group_id": null,
            "security_group_id": "sg-1", "tags": null,
        });
        for (name, value) in changes.as_object().expect("changes") {
            rule[name] = value.clone();
        }
        rule
    };
    let kind = "aws_vpc_security_group_ingress_rule";
    let inline = |changes: Value| {
        let mut rule = json!({
            "cidr_blocks": ["203.0.113.7/32"], "ipv6_cidr_blocks": [], "description": "inline", "from_port": 22,
            "to_port": 22, "prefix_list_ids": [], "protocol": "tcp", "security_groups": [], "self": false,
        });
        for (name, value) in changes.as_object().expect("changes") {
            rule[name] = value.clone();
        }
        json!({"name": "codewhale", "ingress": [rule], "egress": []})
    };
    let group = "aws_security_group";
    only_the_first_is_allowed(
        AWS,
        &[
            (kind, rule(json!({})), ""),
            (
                kind,
                rule(json!({"cidr_ipv4": "0.0.0.0/0"})),
                "the rule `ssh` allows TCP 22 from `0.0.0.0/0`",
            ),
            (
                kind,
                rule(json!({"cidr_ipv4": null, "cidr_ipv6": "::/0"})),
                "allows TCP 22 from `::/0`",
            ),
            (kind, rule(json!({"from_port": 0, "to_port": 65535})), "allows tcp 0-65535"),
            (
                kind,
                rule(json!({"ip_protocol": "-1", "from_port": null, "to_port": null})),
                "allows -1 all",
            ),
            (
                kind,
                rule(json!({"cidr_ipv4": null, "prefix_list_id": "pl-1"})),
                "allows the group `pl-1`",
            ),
            (
                kind,
                rule(json!({"cidr_ipv4": null, "referenced_security_group_id": "sg-2"})),
                "allows the group `sg-2`",
            ),
            (
                group,
                inline(json!({"cidr_blocks": ["0.0.0.0/0"]})),
                "the rule `inline` allows TCP 22 from `0.0.0.0/0`",
            ),
            (group, inline(json!({"ipv6_cidr_blocks": ["::/0"]})), "from `::/0`"),
            (group, inline(json!({"self": true})), "allows the group `self`"),
        ],
    );
    let out = json!({"cidr_ipv4": "0.0.0.0/0", "ip_protocol": "-1", "from_port": null, "to_port": null});
    judged(
        AWS,
        &[
            (kind, rule(json!({})), json!({})),
            ("aws_vpc_security_group_egress_rule", out, json!({})),
        ],
    )
    .expect("what goes out allows no inbound access");
}

#[test]
fn blocks_with_ports_apart_from_the_sources() {
    let firewall = |changes: Value| {
        let mut firewall = json!({
            "name": "ssh", "direction": "INGRESS", "source_ranges": ["203.0.113.7/32"], "source_tags": null,
            "source_service_accounts": null, "destination_ranges": [], "disabled": null, "priority": 1000,
            "allow": [{"protocol": "tcp", "ports": ["22"]}], "deny": [],
        });
        for (name, value) in changes.as_object().expect("changes") {
            firewall[name] = value.clone();
        }
        firewall
    };
    let open = |changes: Value, said| ("google_compute_firewall", firewall(changes), said);
    only_the_first_is_allowed(
        GCP,
        &[
            open(json!({}), ""),
            open(
                json!({"source_ranges": ["0.0.0.0/0"]}),
                "the rule `ssh` allows TCP 22 from `0.0.0.0/0`",
            ),
            open(json!({"source_ranges": null}), "from everywhere: it names no source"),
            open(json!({"allow": [{"protocol": "tcp", "ports": []}]}), "allows tcp all"),
            open(
                json!({"allow": [{"protocol": "tcp", "ports": ["22"]}, {"protocol": "all", "ports": []}]}),
                "allows all all",
            ),
            open(
                json!({"allow": [{"protocol": "tcp", "ports": ["22", "8000-9000"]}]}),
                "allows tcp 22, 8000-9000",
            ),
            open(json!({"source_tags": ["web"]}), "allows the group `web`"),
            open(json!({"direction": null, "source_ranges": ["::/0"]}), "from `::/0`"),
        ],
    );
    let others = [
        firewall(json!({"source_ranges": ["0.0.0.0/0"], "allow": [], "deny": [{"protocol": "all", "ports": []}]})),
        firewall(json!({"direction": "EGRESS", "source_ranges": [], "destination_ranges": ["0.0.0.0/0"]})),
    ];
    for other in others {
        let asked = ("google_compute_firewall", firewall(json!({})), json!({}));
        judged(GCP, &[asked, ("google_compute_firewall", other.clone(), json!({}))])
            .unwrap_or_else(|error| panic!("{other}: {error}"));
    }
    let denies = firewall(json!({"source_ranges": null, "allow": [], "deny": [{"protocol": "all", "ports": []}]}));
    judged(
        GCP,
        &[
            ("google_compute_firewall", firewall(json!({})), json!({})),
            ("google_compute_firewall", denies, json!({"source_ranges": true})),
        ],
    )
    .expect("nobody is let in, whoever is kept out");
    // The provider would fill in what is not given.
    let unknown = (
        "google_compute_firewall",
        firewall(json!({"source_ranges": null})),
        json!({"source_ranges": true}),
    );
    let error = judged(GCP, &[unknown]).expect_err("nobody knows whom it lets in");
    assert!(error.contains("is known only after applying"), "{error}");
}
