mock_provider "azapi" {
  mock_resource "azapi_resource_action" {
    defaults = {
      output           = {}
      sensitive_output = {}
    }
  }
}

mock_provider "azurerm" {
  mock_data "azurerm_client_config" {
    defaults = {
      tenant_id = "22222222-2222-4222-8222-222222222222"
    }
  }

  mock_resource "azurerm_key_vault" {
    defaults = {
      id        = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv"
      vault_uri = "https://kv.vault.azure.net/"
    }
  }

  mock_resource "azurerm_linux_virtual_machine" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm"
      identity = {
        principal_id = "33333333-3333-4333-8333-333333333333"
      }
    }
  }

  mock_resource "azurerm_network_interface" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Network/networkInterfaces/nic"
    }
  }

  mock_resource "azurerm_network_security_group" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg"
    }
  }

  mock_resource "azurerm_public_ip" {
    defaults = {
      id         = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/pip"
      ip_address = "198.51.100.20"
    }
  }

  mock_resource "azurerm_resource_group" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg"
    }
  }

  mock_resource "azurerm_subnet" {
    defaults = {
      id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet/subnets/snet"
    }
  }
}

variables {
  cloud_init        = "#cloud-config\npackages: []\n"
  key_vault_name    = "kv-codewhale-k3v9qd"
  location          = "eastus"
  name              = "codewhale"
  secret_values     = { "model-api-key" = "unit-test-key", "runtime-token" = "unit-test-token" }
  secret_versions   = { "model-api-key" = 1, "runtime-token" = 1 }
  ssh_allowed_cidrs = ["203.0.113.7/32", "2001:db8::/64"]
  ssh_public_key    = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH4u2cGDIKJ4Mq0tBRBTDyPIXQ7ADcNv1pjj3SO6H8Hd operator"
  tags              = { deployment_id = "k3v9qd", owner = "research" }
}

run "placeholder_can_be_planned" {
  command = plan

  variables {
    secret_values = { "model-api-key" = "remote-setup-placeholder", "runtime-token" = "remote-setup-placeholder" }
  }

  assert {
    condition     = length(azapi_resource_action.secret) == 2
    error_message = "A plan with placeholders must hold both secrets."
  }
}

run "secrets_are_stored_write_only" {
  assert {
    condition     = alltrue([for secret in azapi_resource_action.secret : secret.sensitive_body == null && secret.body == null])
    error_message = "No secret value must be in the state, and nothing that would store a secret without its value."
  }

  assert {
    condition = alltrue([
      for secret in azapi_resource_action.secret :
      secret.sensitive_body_version == tomap({ "properties.contentType" = "1", "properties.value" = "1", "tags" = "1" })
    ])
    error_message = "Every part of a secret must bear its version, or the provider keeps a hash of the value."
  }

  assert {
    condition = (
      azapi_resource_action.secret["model-api-key"].type == "Microsoft.KeyVault/vaults/secrets@2024-11-01" &&
      azapi_resource_action.secret["model-api-key"].method == "PUT" &&
      azapi_resource_action.secret["model-api-key"].resource_id == "${azurerm_key_vault.this.id}/secrets/model-api-key"
    )
    error_message = "Every secret must be stored through the control plane, in this vault and under its own name."
  }

  assert {
    condition     = output.public_ip == "198.51.100.20" && output.ssh_command == "ssh azureuser@198.51.100.20" && output.ssh_user == "azureuser"
    error_message = "The outputs must lead to the machine."
  }

  assert {
    condition     = output.tunnel_command == "ssh -N -L 7878:127.0.0.1:7878 azureuser@198.51.100.20"
    error_message = "tunnel_command must forward the loopback port."
  }

  assert {
    condition     = output.key_vault_name == "kv-codewhale-k3v9qd" && output.key_vault_uri == "https://kv.vault.azure.net/" && output.resource_group_name == "rg-codewhale-k3v9qd"
    error_message = "The outputs must name the vault and the resource group."
  }

  assert {
    condition     = endswith(output.vm_id, "/virtualMachines/vm")
    error_message = "vm_id must be the id of the machine."
  }

  assert {
    condition = (
      azurerm_role_assignment.secrets_user[0].scope == azurerm_key_vault.this.id &&
      azurerm_role_assignment.secrets_user[0].principal_id == "33333333-3333-4333-8333-333333333333" &&
      azurerm_role_assignment.secrets_user[0].principal_type == "ServicePrincipal" &&
      azurerm_role_assignment.secrets_user[0].role_definition_name == "Key Vault Secrets User"
    )
    error_message = "The machine's identity must become Key Vault Secrets User on the vault, and no more."
  }
}

run "values_are_not_needed_where_no_secret_changes" {
  variables {
    secret_values     = {}
    ssh_allowed_cidrs = ["198.51.100.9/32"]
  }

  assert {
    condition     = azurerm_network_security_rule.ssh_ipv4[0].source_address_prefixes == toset(["198.51.100.9/32"])
    error_message = "The SSH rule must follow ssh_allowed_cidrs without any secret at hand."
  }
}

run "rotation_needs_only_the_rotated_value" {
  variables {
    secret_values   = { "runtime-token" = "unit-test-token-2" }
    secret_versions = { "model-api-key" = 1, "runtime-token" = 2 }
  }

  assert {
    condition = (
      azapi_resource_action.secret["runtime-token"].sensitive_body_version["properties.value"] == "2" &&
      azapi_resource_action.secret["model-api-key"].sensitive_body_version["properties.value"] == "1"
    )
    error_message = "A raised version must store that secret again."
  }
}

run "changed_cloud_init_replaces_nothing" {
  command = plan

  variables {
    cloud_init      = "#cloud-config\npackages: [jq]\n"
    secret_values   = {}
    secret_versions = { "model-api-key" = 1, "runtime-token" = 2 }
    ssh_public_key  = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIo0Kj7UB9ojWjZ1bxs1vVqN0lzvWq0V4dpfQf2OUrHt other"
  }

  assert {
    condition     = azurerm_linux_virtual_machine.this.custom_data == base64encode("#cloud-config\npackages: []\n")
    error_message = "A changed cloud_init must wait for a raised vm_revision."
  }
}

run "raised_revision_starts_with_the_new_cloud_init" {
  variables {
    cloud_init      = "#cloud-config\npackages: [jq]\n"
    secret_values   = {}
    secret_versions = { "model-api-key" = 1, "runtime-token" = 2 }
    vm_revision     = 2
  }

  assert {
    condition     = azurerm_linux_virtual_machine.this.custom_data == base64encode("#cloud-config\npackages: [jq]\n")
    error_message = "A raised vm_revision must start a machine with the changed cloud_init."
  }
}

run "ssh_is_open_to_the_given_networks_only" {
  command = plan

  assert {
    condition = (
      azurerm_network_security_rule.ssh_ipv4[0].source_address_prefixes == toset(["203.0.113.7/32"]) &&
      azurerm_network_security_rule.ssh_ipv6[0].source_address_prefixes == toset(["2001:db8::/64"])
    )
    error_message = "Each SSH rule must hold the networks of its own family."
  }

  assert {
    condition = alltrue([
      for rule in concat(azurerm_network_security_rule.ssh_ipv4, azurerm_network_security_rule.ssh_ipv6) :
      rule.destination_port_range == "22" && rule.destination_port_ranges == null && rule.protocol == "Tcp" &&
      rule.direction == "Inbound" && rule.access == "Allow" && rule.source_address_prefix == null
    ])
    error_message = "The SSH rules must open port 22 over TCP and nothing else."
  }

  assert {
    condition = (
      azurerm_network_security_rule.deny_inbound.priority == 4096 &&
      azurerm_network_security_rule.deny_inbound.direction == "Inbound" &&
      azurerm_network_security_rule.deny_inbound.access == "Deny" &&
      azurerm_network_security_rule.deny_inbound.protocol == "*" &&
      azurerm_network_security_rule.deny_inbound.source_address_prefix == "*" &&
      azurerm_network_security_rule.deny_inbound.destination_port_range == "*"
    )
    error_message = "Everything else from outside must be denied."
  }
}

run "no_networks_mean_no_ssh_rule" {
  command = plan

  variables {
    ssh_allowed_cidrs = []
  }

  assert {
    condition     = length(azurerm_network_security_rule.ssh_ipv4) == 0 && length(azurerm_network_security_rule.ssh_ipv6) == 0
    error_message = "An empty list must leave no SSH rule."
  }
}

run "one_family_means_one_ssh_rule" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["2001:db8::/64"]
  }

  assert {
    condition     = length(azurerm_network_security_rule.ssh_ipv4) == 0 && length(azurerm_network_security_rule.ssh_ipv6) == 1
    error_message = "A family without networks must have no rule."
  }
}

run "egress_is_limited" {
  command = plan

  assert {
    condition = (
      azurerm_network_security_rule.outbound.destination_port_ranges == toset(["22", "80", "443"]) &&
      azurerm_network_security_rule.outbound.destination_address_prefix == "Internet" &&
      azurerm_network_security_rule.outbound.protocol == "Tcp" &&
      azurerm_network_security_rule.outbound.direction == "Outbound"
    )
    error_message = "TCP 22, 80 and 443 must be all that leaves for the internet."
  }

  assert {
    condition = (
      azurerm_network_security_rule.deny_outbound.priority == 4096 &&
      azurerm_network_security_rule.deny_outbound.direction == "Outbound" &&
      azurerm_network_security_rule.deny_outbound.access == "Deny" &&
      azurerm_network_security_rule.deny_outbound.destination_address_prefix == "Internet"
    )
    error_message = "Everything else to the internet must be denied."
  }

  assert {
    condition     = azurerm_subnet.this.default_outbound_access_enabled == false && azurerm_subnet.this.service_endpoint[0].service == "Microsoft.KeyVault"
    error_message = "The subnet must be private and have the vault's service endpoint."
  }

  assert {
    condition     = azurerm_public_ip.this.sku == "Standard" && azurerm_public_ip.this.allocation_method == "Static"
    error_message = "The public address must be static and of the Standard kind."
  }
}

run "runtime_port_is_in_no_rule" {
  command = plan

  variables {
    runtime_port = 54321
  }

  assert {
    condition = !strcontains(jsonencode([
      azurerm_network_security_rule.deny_inbound,
      azurerm_network_security_rule.deny_outbound,
      azurerm_network_security_rule.outbound,
      azurerm_network_security_rule.ssh_ipv4,
      azurerm_network_security_rule.ssh_ipv6,
    ]), "54321")
    error_message = "No rule must name the runtime's port."
  }
}

run "vault_is_closed_to_other_networks" {
  assert {
    condition = (
      azurerm_key_vault.this.network_acls[0].default_action == "Deny" &&
      azurerm_key_vault.this.network_acls[0].bypass == "None" &&
      length(azurerm_key_vault.this.network_acls[0].ip_rules) == 0 &&
      azurerm_key_vault.this.network_acls[0].virtual_network_subnet_ids == toset([azurerm_subnet.this.id])
    )
    error_message = "The vault must deny every network but the subnet."
  }

  assert {
    condition = (
      azurerm_key_vault.this.rbac_authorization_enabled && azurerm_key_vault.this.purge_protection_enabled &&
      azurerm_key_vault.this.soft_delete_retention_days == 7 &&
      azurerm_key_vault.this.tenant_id == "22222222-2222-4222-8222-222222222222"
    )
    error_message = "The vault must use roles, be protected against purging and keep deleted secrets for 7 days."
  }
}

run "roles_can_be_left_to_someone_else" {
  command = plan

  variables {
    assign_roles = false
  }

  assert {
    condition     = length(azurerm_role_assignment.secrets_user) == 0
    error_message = "Without assign_roles there must be no role assignment."
  }
}

run "machine_is_hardened" {
  command = plan

  assert {
    condition = (
      azurerm_linux_virtual_machine.this.disable_password_authentication == true &&
      azurerm_linux_virtual_machine.this.admin_password == null &&
      one(azurerm_linux_virtual_machine.this.admin_ssh_key).public_key == var.ssh_public_key &&
      one(azurerm_linux_virtual_machine.this.admin_ssh_key).username == "azureuser"
    )
    error_message = "The key must be the only way to log in."
  }

  assert {
    condition     = azurerm_linux_virtual_machine.this.secure_boot_enabled == true && azurerm_linux_virtual_machine.this.vtpm_enabled == true
    error_message = "Trusted launch must be on."
  }

  assert {
    condition = (
      azurerm_linux_virtual_machine.this.patch_mode == "AutomaticByPlatform" &&
      azurerm_linux_virtual_machine.this.patch_assessment_mode == "AutomaticByPlatform" &&
      azurerm_linux_virtual_machine.this.provision_vm_agent == true
    )
    error_message = "Azure must assess and install updates."
  }

  assert {
    condition     = azurerm_linux_virtual_machine.this.identity[0].type == "SystemAssigned" && length(azurerm_linux_virtual_machine.this.boot_diagnostics) == 1
    error_message = "The machine must have its own identity and a serial log."
  }

  assert {
    condition = (
      azurerm_linux_virtual_machine.this.size == "Standard_B2als_v2" &&
      azurerm_linux_virtual_machine.this.os_disk[0].disk_size_gb == 32 &&
      azurerm_linux_virtual_machine.this.encryption_at_host_enabled == false
    )
    error_message = "The defaults must work in a fresh subscription."
  }

  assert {
    condition = (
      azurerm_linux_virtual_machine.this.source_image_reference[0].publisher == "Canonical" &&
      azurerm_linux_virtual_machine.this.source_image_reference[0].offer == "ubuntu-24_04-lts" &&
      azurerm_linux_virtual_machine.this.source_image_reference[0].sku == "server"
    )
    error_message = "The image must be Ubuntu 24.04 for x64."
  }

  assert {
    condition     = azurerm_linux_virtual_machine.this.user_data == null && azurerm_linux_virtual_machine.this.computer_name == "codewhale"
    error_message = "The start document must be custom data, which the metadata service does not show."
  }
}

run "arm64_without_trusted_launch" {
  command = plan

  variables {
    architecture           = "arm64"
    size                   = "Standard_B2pls_v2"
    trusted_launch_enabled = false
  }

  assert {
    condition     = azurerm_linux_virtual_machine.this.source_image_reference[0].sku == "server-arm64"
    error_message = "arm64 must start the arm64 image."
  }

  assert {
    condition     = azurerm_linux_virtual_machine.this.secure_boot_enabled == null && azurerm_linux_virtual_machine.this.vtpm_enabled == null
    error_message = "Without trusted launch neither setting must be sent, so that every size is taken."
  }
}

run "everything_is_tagged" {
  command = plan

  assert {
    condition = alltrue([
      for tags in concat([
        azurerm_key_vault.this.tags,
        azurerm_linux_virtual_machine.this.tags,
        azurerm_network_interface.this.tags,
        azurerm_network_security_group.this.tags,
        azurerm_public_ip.this.tags,
        azurerm_resource_group.this.tags,
        azurerm_virtual_network.this.tags,
      ], [tomap(local.secret_tags)]) :
      tags == tomap({ deployment_id = "k3v9qd", managed_by = "remote-setup", owner = "research" })
    ])
    error_message = "Everything that takes tags must bear owner, deployment_id and managed_by."
  }
}

run "secrets_bear_at_most_fifteen_tags" {
  command = plan

  variables {
    tags = merge({ deployment_id = "k3v9qd", owner = "research" }, { for n in range(20) : "tag${n}" => "x" })
  }

  assert {
    condition = (
      join(",", keys(local.secret_tags)) == "deployment_id,managed_by,owner" &&
      length(azurerm_resource_group.this.tags) == 23
    )
    error_message = "More tags than a secret takes must reach everything but the secrets."
  }
}

run "refuses_cloud_init_without_its_first_line" {
  command = plan

  variables {
    cloud_init = "#!/bin/sh\n"
  }

  expect_failures = [var.cloud_init]
}

run "refuses_cloud_init_too_long" {
  command = plan

  variables {
    cloud_init = "#cloud-config\n${join("", [for n in range(1024) : "0123456789012345678901234567890123456789012345678901234567890123"])}"
  }

  expect_failures = [var.cloud_init]
}

run "refuses_key_vault_name_too_long" {
  command = plan

  variables {
    key_vault_name = "kv-codewhale-codewhale-k3v9"
  }

  expect_failures = [var.key_vault_name]
}

run "refuses_key_vault_name_with_double_dash" {
  command = plan

  variables {
    key_vault_name = "kv--codewhale"
  }

  expect_failures = [var.key_vault_name]
}

run "refuses_key_vault_name_in_upper_case" {
  command = plan

  variables {
    key_vault_name = "KV-codewhale"
  }

  expect_failures = [var.key_vault_name]
}

run "refuses_location_as_displayed" {
  command = plan

  variables {
    location = "East US"
  }

  expect_failures = [var.location]
}

run "refuses_name_in_upper_case" {
  command = plan

  variables {
    name = "CodeWhale"
  }

  expect_failures = [var.name]
}

run "refuses_name_with_double_dash" {
  command = plan

  variables {
    name = "code--whale"
  }

  expect_failures = [var.name]
}

run "refuses_name_too_long" {
  command = plan

  variables {
    name = "codewhale-codewhale-codew"
  }

  expect_failures = [var.name]
}

run "refuses_secret_name_with_underscore" {
  command = plan

  variables {
    secret_versions = { "model_api_key" = 1 }
  }

  expect_failures = [var.secret_versions]
}

run "refuses_secret_version_zero" {
  command = plan

  variables {
    secret_versions = { "model-api-key" = 0 }
  }

  expect_failures = [var.secret_versions]
}

run "refuses_secret_version_broken" {
  command = plan

  variables {
    secret_versions = { "model-api-key" = 1.5 }
  }

  expect_failures = [var.secret_versions]
}

run "refuses_ssh_from_everywhere" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_from_everywhere_by_ipv6" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["::/0"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_from_a_word" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["Internet"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_from_a_star" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["*"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_from_a_bare_address" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["203.0.113.7"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_from_too_many" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["203.0.0.0/15"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_from_too_many_by_ipv6" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["2001:da0::/31"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_from_a_private_network" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["192.168.1.0/24"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_from_carrier_grade_nat" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["100.100.1.0/24"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_from_loopback" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["127.0.0.1/32"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_from_a_private_ipv6_network" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["fd00:1::/48"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_cidr_with_host_bits" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["203.0.113.7/24"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_cidr_with_long_ipv6" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["2001:DB8:0::/64"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_cidr_with_padded_prefix" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["203.0.113.7/032"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_private_key" {
  command = plan

  variables {
    ssh_public_key = "-----BEGIN OPENSSH PRIVATE KEY-----"
  }

  expect_failures = [var.ssh_public_key]
}

run "refuses_ssh_key_of_another_kind" {
  command = plan

  variables {
    ssh_public_key = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT"
  }

  expect_failures = [var.ssh_public_key]
}

run "refuses_ssh_keys_on_two_lines" {
  command = plan

  variables {
    ssh_public_key = join("\n", ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH4u2cGDIKJ4Mq0tBRBTDyPIXQ7ADcNv1pjj3SO6H8Hd a", "ssh-ed25519 b"])
  }

  expect_failures = [var.ssh_public_key]
}

run "refuses_architecture_unknown" {
  command = plan

  variables {
    architecture = "x86_64"
  }

  expect_failures = [var.architecture]
}

run "refuses_os_disk_smaller_than_the_image" {
  command = plan

  variables {
    os_disk_size_gb = 16
  }

  expect_failures = [var.os_disk_size_gb]
}

run "refuses_runtime_port_privileged" {
  command = plan

  variables {
    runtime_port = 80
  }

  expect_failures = [var.runtime_port]
}

run "refuses_size_without_tier" {
  command = plan

  variables {
    size = "B2als_v2"
  }

  expect_failures = [var.size]
}

run "refuses_ssh_username_reserved" {
  command = plan

  variables {
    ssh_username = "admin"
  }

  expect_failures = [var.ssh_username]
}

run "refuses_ssh_username_of_a_service" {
  command = plan

  variables {
    ssh_username = "codewhale"
  }

  expect_failures = [var.ssh_username]
}

run "refuses_ssh_username_in_upper_case" {
  command = plan

  variables {
    ssh_username = "Azure"
  }

  expect_failures = [var.ssh_username]
}

run "refuses_tags_without_owner" {
  command = plan

  variables {
    tags = { deployment_id = "k3v9qd" }
  }

  expect_failures = [var.tags]
}

run "refuses_tags_without_deployment_id" {
  command = plan

  variables {
    tags = { owner = "research" }
  }

  expect_failures = [var.tags]
}

run "refuses_tags_with_a_long_deployment_id" {
  command = plan

  variables {
    tags = { deployment_id = "k3v9qd-k3v9qd", owner = "research" }
  }

  expect_failures = [var.tags]
}

run "refuses_tags_too_many" {
  command = plan

  variables {
    tags = merge({ deployment_id = "k3v9qd", owner = "research" }, { for n in range(48) : "tag${n}" => "x" })
  }

  expect_failures = [var.tags]
}

run "refuses_vm_revision_zero" {
  command = plan

  variables {
    vm_revision = 0
  }

  expect_failures = [var.vm_revision]
}
