resource "terraform_data" "vm_revision" {
  input = var.vm_revision
}

resource "azurerm_linux_virtual_machine" "this" {
  #checkov:skip=CKV_AZURE_50:Extensions stay allowed, because platform patching is one.
  name                  = "vm-${local.full_name}"
  computer_name         = var.name
  resource_group_name   = azurerm_resource_group.this.name
  location              = azurerm_resource_group.this.location
  size                  = var.size
  network_interface_ids = [azurerm_network_interface.this.id]
  tags                  = local.tags

  admin_username                  = var.ssh_username
  disable_password_authentication = true

  custom_data = base64encode(var.cloud_init)

  allow_extension_operations = true
  patch_assessment_mode      = "AutomaticByPlatform"
  patch_mode                 = "AutomaticByPlatform"
  provision_vm_agent         = true

  encryption_at_host_enabled = var.encryption_at_host_enabled

  # Azure asks for trusted launch as soon as either is set, and some sizes do not have it.
  secure_boot_enabled = var.trusted_launch_enabled ? true : null
  vtpm_enabled        = var.trusted_launch_enabled ? true : null

  admin_ssh_key {
    username   = var.ssh_username
    public_key = var.ssh_public_key
  }

  # Empty means storage that Azure manages; without it there is no serial log when the start fails.
  boot_diagnostics {}

  identity {
    type = "SystemAssigned"
  }

  os_disk {
    caching              = "ReadWrite"
    disk_size_gb         = var.os_disk_size_gb
    storage_account_type = "StandardSSD_LRS"
  }

  source_image_reference {
    publisher = "Canonical"
    offer     = "ubuntu-24_04-lts"
    sku       = var.architecture == "arm64" ? "server-arm64" : "server"
    version   = "latest"
  }

  lifecycle {
    # Both are read at the first start only, and Azure would replace the machine to change them.
    ignore_changes       = [admin_ssh_key, custom_data]
    replace_triggered_by = [terraform_data.vm_revision]
  }

  # Not on the vault: the two are made side by side, and the machine waits for its secrets by itself.
  depends_on = [azurerm_subnet_network_security_group_association.this]
}
