use rehearse::{List, Provider, computed};

use crate::stage::Stage;

const SECRET: &str = "m4rked-s3cret";

fn head(name: &str, source: &str, block: &str) -> String {
    format!(
        "terraform {{\n  required_providers {{\n    {name} = {{ source = \"{source}\" }}\n  }}\n}}\nprovider \"{name}\" {{\n{block}\n}}\n"
    )
}

/// Plans, applies, plans again, changes in place what `change` says, and destroys.
fn live_a_life(provider: Provider, configuration: &str, change: (&str, &str)) -> Option<Stage> {
    let stage = Stage::new(provider, configuration)?;
    stage.apply();
    stage.assert_nothing_to_do();
    assert!(configuration.contains(change.0), "{}", change.0);
    stage.write(&configuration.replace(change.0, change.1));
    let changes = stage.changes();
    assert!(!changes.is_empty(), "`{}` changes nothing", change.1);
    assert!(changes.iter().all(|(_, actions)| actions == "[\"update\"]"), "{changes:#?}");
    stage.apply();
    stage.assert_nothing_to_do();
    stage.assert_nowhere(SECRET);
    let created = stage.ok(&["state", "list"]);
    let made = stage.emulator.record().len();
    stage.ok(&["destroy", "-auto-approve", "-input=false"]);
    assert_eq!(stage.ok(&["state", "list"]), "");
    assert!(stage.emulator.record().len() > made, "{created}");
    Some(stage)
}

/// Sets of rules, a list block, and a data source that lists objects in lists.
#[test]
fn digitalocean() {
    const PROVIDER: Provider = Provider {
        values: &[
            computed("digitalocean_droplet", "id", "3164444"),
            computed("digitalocean_droplet", "ipv4_address", "203.0.113.{name|octet}"),
            computed("*", "id", "{uuid}"),
        ],
        lists: &[List {
            type_name: "digitalocean_sizes",
            attribute: "sizes",
            items: r#"[{ "slug": "s-1vcpu-2gb", "memory": 2048, "price_monthly": 12.5, "regions": ["fra1"], "available": true }]"#,
        }],
        ..Provider::new(include_str!("schemas/digitalocean-2.99.1.json"))
    };
    let configuration = head("digitalocean", "digitalocean/digitalocean", "")
        + r#"
data "digitalocean_sizes" "all" {
  filter {
    key    = "slug"
    values = ["s-1vcpu-2gb"]
  }
}
resource "digitalocean_ssh_key" "x" {
  name       = "operator"
  public_key = "ssh-ed25519 AAAA"
}
resource "digitalocean_droplet" "x" {
  name     = "agent"
  image    = "debian-13-x64"
  region   = "fra1"
  size     = data.digitalocean_sizes.all.sizes[0].slug
  ssh_keys = [digitalocean_ssh_key.x.id]
  backup_policy {
    plan = "weekly"
    hour = 4
  }
}
resource "digitalocean_firewall" "x" {
  name        = "agent"
  droplet_ids = [digitalocean_droplet.x.id]
  inbound_rule {
    protocol         = "tcp"
    port_range       = "22"
    source_addresses = ["203.0.113.7/32"]
  }
  outbound_rule {
    protocol              = "tcp"
    port_range            = "all"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
  outbound_rule {
    protocol              = "udp"
    port_range            = "all"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
}
output "price" {
  value = data.digitalocean_sizes.all.sizes[0].price_monthly
}
"#;
    live_a_life(PROVIDER, &configuration, ("203.0.113.7/32", "203.0.113.8/32"));
}

/// Sets with computed attributes inside.
#[test]
fn hetzner() {
    const PROVIDER: Provider = Provider {
        values: &[
            computed("*", "id", "4711"),
            computed("hcloud_server", "ipv4_address", "203.0.113.{name|octet}"),
            computed("hcloud_server", "network.mac_address", "86:00:ff:2a:7d:e1"),
        ],
        ..Provider::new(include_str!("schemas/hcloud-1.68.0.json"))
    };
    let configuration = head("hcloud", "hetznercloud/hcloud", "")
        + r#"
resource "hcloud_ssh_key" "x" {
  name       = "operator"
  public_key = "ssh-ed25519 AAAA"
}
resource "hcloud_firewall" "x" {
  name = "agent"
  rule {
    direction  = "in"
    protocol   = "tcp"
    port       = "22"
    source_ips = ["203.0.113.7/32"]
  }
  apply_to {
    label_selector = "agent=x"
  }
}
resource "hcloud_server" "x" {
  name         = "agent"
  server_type  = "cx22"
  image        = "debian-13"
  ssh_keys     = [hcloud_ssh_key.x.id]
  firewall_ids = [hcloud_firewall.x.id]
  labels       = { agent = "x" }
  public_net {
    ipv4_enabled = true
    ipv6_enabled = true
  }
  network {
    network_id = 7
    ip         = "10.0.1.5"
  }
  network {
    network_id = 8
  }
}
output "address" {
  value = hcloud_server.x.ipv4_address
}
"#;
    live_a_life(PROVIDER, &configuration, ("203.0.113.7/32", "203.0.113.8/32"));
}

/// Attributes that are sets of objects, a write-only value, and an ephemeral one.
#[test]
fn aws() {
    const PROVIDER: Provider = Provider {
        values: &[
            computed("aws_eip", "public_ip", "203.0.113.{region|octet}"),
            computed("aws_ssm_parameter", "arn", "arn:aws:ssm:{region}:123456789012:parameter{name}"),
            computed("*", "id", "{type}-{code}"),
        ],
        ..Provider::new(include_str!("schemas/aws-6.66.0.json"))
    };
    let configuration = head("aws", "hashicorp/aws", "  region = \"eu-central-1\"")
        + &r#"
variable "secret" {
  type      = string
  default   = "SECRET"
  ephemeral = true
}
data "aws_region" "here" {}
resource "aws_security_group" "x" {
  name = "agent"
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["203.0.113.7/32"]
  }
  egress = []
}
resource "aws_ssm_parameter" "x" {
  name             = "/agent/key"
  type             = "SecureString"
  value_wo         = var.secret
  value_wo_version = 1
}
ephemeral "aws_ssm_parameter" "x" {
  arn = aws_ssm_parameter.x.arn
}
resource "aws_eip" "x" {
  domain = "vpc"
}
output "address" {
  value = aws_eip.x.public_ip
}
output "arn" {
  value = aws_ssm_parameter.x.arn
}
"#
        .replace("SECRET", SECRET);
    let Some(stage) = live_a_life(PROVIDER, &configuration, ("203.0.113.7/32", "203.0.113.8/32")) else {
        return;
    };
    assert!(stage.emulator.has_stored(SECRET));
    stage.apply();
    assert_eq!(
        stage.outputs()["arn"]["value"],
        "arn:aws:ssm:eu-central-1:123456789012:parameter/agent/key"
    );
}

/// Blocks of lists three deep, sets of `allow` with ports apart from sources, labels that the provider adds to.
#[test]
fn google() {
    const PROVIDER: Provider = Provider {
        values: &[
            computed("google_compute_address", "address", "203.0.113.{name|octet}"),
            computed("google_secret_manager_secret", "id", "projects/{project}/secrets/{secret_id}"),
            computed("google_secret_manager_secret_version", "name", "{secret}/versions/1"),
            computed("google_compute_zones", "names", "{region}-b"),
            computed("*", "id", "projects/{project}/{type}/{name}"),
        ],
        ..Provider::new(include_str!("schemas/google-8.7.0.json"))
    };
    let configuration = head("google", "hashicorp/google", "  project = \"p\"\n  region  = \"europe-west3\"")
        + &r#"
variable "secret" {
  type      = string
  default   = "SECRET"
  ephemeral = true
}
data "google_compute_zones" "here" {}
resource "google_compute_firewall" "x" {
  name          = "agent"
  network       = "default"
  source_ranges = ["203.0.113.7/32"]
  target_tags   = ["agent"]
  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
  log_config {
    metadata = "EXCLUDE_ALL_METADATA"
  }
}
resource "google_compute_address" "x" {
  name   = "agent"
  labels = { agent = "x" }
}
resource "google_secret_manager_secret" "x" {
  secret_id = "agent-key"
  replication {
    user_managed {
      replicas {
        location = "europe-west3"
        customer_managed_encryption {
          kms_key_name = "k"
        }
      }
      replicas {
        location = "europe-west4"
      }
    }
  }
}
resource "google_secret_manager_secret_version" "x" {
  secret                 = google_secret_manager_secret.x.id
  secret_data_wo         = var.secret
  secret_data_wo_version = 1
}
output "zone" {
  value = data.google_compute_zones.here.names[0]
}
output "version" {
  value = google_secret_manager_secret_version.x.name
}
"#
        .replace("SECRET", SECRET);
    let Some(stage) = live_a_life(PROVIDER, &configuration, ("203.0.113.7/32", "203.0.113.8/32")) else {
        return;
    };
    assert!(stage.emulator.has_stored(SECRET));
    stage.apply();
    let outputs = stage.outputs();
    assert_eq!(outputs["zone"]["value"], "europe-west3-b");
    assert_eq!(outputs["version"]["value"], "projects/p/secrets/agent-key/versions/1");
}
