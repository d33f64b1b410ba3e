locals {
  # The id keeps two deployments of one name in one subscription apart.
  full_name = "${var.name}-${var.tags["deployment_id"]}"

  tags = merge(var.tags, { managed_by = "remote-setup" })
}

data "azurerm_client_config" "current" {}

resource "azurerm_resource_group" "this" {
  name     = "rg-${local.full_name}"
  location = var.location
  tags     = local.tags
}
