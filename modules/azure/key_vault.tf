locals {
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
  #checkov:skip=CKV2_AZURE_32:A private endpoint costs more than the vault; the firewall lets in one subnet and nobody else.
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
    ip_rules                   = []
    virtual_network_subnet_ids = [azurerm_subnet.this.id]
  }
}

resource "azurerm_role_assignment" "secrets_user" {
  count = var.assign_roles ? 1 : 0

  scope                = azurerm_key_vault.this.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_linux_virtual_machine.this.identity[0].principal_id

  # A new identity takes a while to be known everywhere; with the type given, Azure does not look it up.
  principal_type = "ServicePrincipal"
}

# Through the control plane, so that the vault's firewall needs no opening for whoever applies, and no refresh reads a
# value back: reading and removing this send no request. No expiry: an expired secret would stop the agent without a word.
resource "azapi_resource_action" "secret" {
  for_each = var.secret_versions

  # Newer versions of the interface have no secrets.
  type        = "Microsoft.KeyVault/vaults/secrets@2024-11-01"
  resource_id = "${azurerm_key_vault.this.id}/secrets/${each.key}"
  method      = "PUT"

  # Everything is in here and nothing in `body`, because a change of `body` alone would store the secret without its value.
  sensitive_body = {
    properties = {
      contentType = "text/plain"

      # Not a precondition: that is checked in every apply, and so would ask for every value even when no secret changes.
      value = (
        terraform.applying && local.secret_missing[each.key]
        ? tobool("Secret ${each.key} cannot be stored: secret_values holds nothing or a placeholder for it.")
        : lookup(var.secret_values, each.key, "")
      )
    }

    tags = local.secret_tags
  }

  # Without versions the provider would keep an unsalted hash of the value in the state.
  sensitive_body_version = {
    "properties.contentType" = tostring(each.value)
    "properties.value"       = tostring(each.value)
    "tags"                   = tostring(each.value)
  }
}
