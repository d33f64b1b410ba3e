locals {
  # The vault's firewall takes /31 and /32 as single addresses only.
  key_vault_ip_rules = flatten([
    for cidr in var.key_vault_allowed_cidrs :
    endswith(cidr, "/32") ? [cidrhost(cidr, 0)] :
    endswith(cidr, "/31") ? [cidrhost(cidr, 0), cidrhost(cidr, 1)] : [cidr]
  ])

  # A plan can be made and shown before anyone hands out a secret; this stands in for the values.
  secret_placeholder = "remote-setup-placeholder"

  secret_missing = {
    for name in keys(var.secret_versions) : name =>
    contains(["", local.secret_placeholder], try(trimspace(var.secret_values[name]), ""))
  }

  # A secret takes 15 tags, where every other resource takes 50.
  secret_tags = {
    for key, value in local.tags : key => value
    if length(local.tags) <= 15 || contains(["deployment_id", "managed_by", "owner"], key)
  }
}

resource "azurerm_key_vault" "this" {
  name                       = var.key_vault_name
  resource_group_name        = azurerm_resource_group.this.name
  location                   = azurerm_resource_group.this.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
  purge_protection_enabled   = var.purge_protection_enabled
  soft_delete_retention_days = 7
  tags                       = local.tags

  network_acls {
    default_action             = "Deny"
    bypass                     = "None"
    ip_rules                   = local.key_vault_ip_rules
    virtual_network_subnet_ids = [azurerm_subnet.this.id]
  }
}

# On the resource group, because the grant needs minutes to spread and so gets those in which the vault is made.
resource "azurerm_role_assignment" "secrets_officer" {
  count = var.assign_roles ? 1 : 0

  scope                = azurerm_resource_group.this.id
  role_definition_name = "Key Vault Secrets Officer"
  principal_id         = data.azurerm_client_config.current.object_id
}

resource "azurerm_role_assignment" "secrets_user" {
  count = var.assign_roles ? 1 : 0

  scope                = azurerm_key_vault.this.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_linux_virtual_machine.this.identity[0].principal_id

  # A new identity takes a while to be known everywhere; with the type given, Azure does not look it up.
  principal_type = "ServicePrincipal"
}

resource "azurerm_key_vault_secret" "this" {
  for_each = var.secret_versions

  name         = each.key
  key_vault_id = azurerm_key_vault.this.id
  content_type = "text/plain"
  tags         = local.secret_tags

  # Not a precondition: that is checked in every apply, and so would ask for every value even when no secret changes.
  value_wo = (
    terraform.applying && local.secret_missing[each.key]
    ? tobool("Secret ${each.key} cannot be stored: secret_values holds nothing or a placeholder for it.")
    : lookup(var.secret_values, each.key, "")
  )
  value_wo_version = each.value

  depends_on = [azurerm_role_assignment.secrets_officer]
}
