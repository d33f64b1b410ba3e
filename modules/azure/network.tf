locals {
  ssh_ipv4_cidrs = [for cidr in var.ssh_allowed_cidrs : cidr if !strcontains(cidr, ":")]
  ssh_ipv6_cidrs = [for cidr in var.ssh_allowed_cidrs : cidr if strcontains(cidr, ":")]
}

resource "azurerm_virtual_network" "this" {
  name                = "vnet-${local.full_name}"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  address_space       = ["10.78.0.0/24"]
  tags                = local.tags
}

resource "azurerm_subnet" "this" {
  name                 = "snet-agent"
  resource_group_name  = azurerm_resource_group.this.name
  virtual_network_name = azurerm_virtual_network.this.name
  address_prefixes     = ["10.78.0.0/28"]

  # What leaves, leaves through the machine's own address, and through no other that Azure may pick.
  default_outbound_access_enabled = false

  service_endpoint {
    service = "Microsoft.KeyVault"
  }
}

resource "azurerm_network_security_group" "this" {
  name                = "nsg-${local.full_name}"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  tags                = local.tags
}

resource "azurerm_network_security_rule" "ssh_ipv4" {
  count = length(local.ssh_ipv4_cidrs) > 0 ? 1 : 0

  name                        = "allow-ssh-ipv4"
  resource_group_name         = azurerm_resource_group.this.name
  network_security_group_name = azurerm_network_security_group.this.name
  priority                    = 100
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_address_prefixes     = local.ssh_ipv4_cidrs
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_range      = "22"
}

# A rule holds addresses of one family only.
resource "azurerm_network_security_rule" "ssh_ipv6" {
  count = length(local.ssh_ipv6_cidrs) > 0 ? 1 : 0

  name                        = "allow-ssh-ipv6"
  resource_group_name         = azurerm_resource_group.this.name
  network_security_group_name = azurerm_network_security_group.this.name
  priority                    = 110
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_address_prefixes     = local.ssh_ipv6_cidrs
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_range      = "22"
}

# Azure's own last rule would still let the virtual network and load balancers in.
resource "azurerm_network_security_rule" "deny_inbound" {
  name                        = "deny-inbound"
  resource_group_name         = azurerm_resource_group.this.name
  network_security_group_name = azurerm_network_security_group.this.name
  priority                    = 4096
  direction                   = "Inbound"
  access                      = "Deny"
  protocol                    = "*"
  source_address_prefix       = "*"
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_range      = "*"
}

# Package mirrors speak 80, git over SSH speaks 22, everything else 443.
resource "azurerm_network_security_rule" "outbound" {
  name                        = "allow-outbound"
  resource_group_name         = azurerm_resource_group.this.name
  network_security_group_name = azurerm_network_security_group.this.name
  priority                    = 100
  direction                   = "Outbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_address_prefix       = "*"
  source_port_range           = "*"
  destination_address_prefix  = "Internet"
  destination_port_ranges     = ["22", "80", "443"]
}

resource "azurerm_network_security_rule" "deny_outbound" {
  name                        = "deny-outbound"
  resource_group_name         = azurerm_resource_group.this.name
  network_security_group_name = azurerm_network_security_group.this.name
  priority                    = 4096
  direction                   = "Outbound"
  access                      = "Deny"
  protocol                    = "*"
  source_address_prefix       = "*"
  source_port_range           = "*"
  destination_address_prefix  = "Internet"
  destination_port_range      = "*"
}

resource "azurerm_subnet_network_security_group_association" "this" {
  subnet_id                 = azurerm_subnet.this.id
  network_security_group_id = azurerm_network_security_group.this.id

  # The machine waits for this association, so it is never up behind half of the rules.
  depends_on = [
    azurerm_network_security_rule.deny_inbound,
    azurerm_network_security_rule.deny_outbound,
    azurerm_network_security_rule.outbound,
    azurerm_network_security_rule.ssh_ipv4,
    azurerm_network_security_rule.ssh_ipv6,
  ]
}

resource "azurerm_public_ip" "this" {
  name                = "pip-${local.full_name}"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  allocation_method   = "Static"
  sku                 = "Standard"
  tags                = local.tags
}

#trivy:ignore:AZU-0076
resource "azurerm_network_interface" "this" {
  #checkov:skip=CKV_AZURE_119:The public address is how you reach SSH, from the given networks only.
  name                = "nic-${local.full_name}"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  tags                = local.tags

  ip_configuration {
    name                          = "primary"
    subnet_id                     = azurerm_subnet.this.id
    private_ip_address_allocation = "Dynamic"
    public_ip_address_id          = azurerm_public_ip.this.id
  }

  depends_on = [azurerm_subnet_network_security_group_association.this]
}
