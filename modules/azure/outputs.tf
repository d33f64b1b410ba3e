output "key_vault_name" {
  description = "Name of the Key Vault that holds the secrets."
  value       = azurerm_key_vault.this.name
}

output "key_vault_uri" {
  description = "Address of the Key Vault."
  value       = azurerm_key_vault.this.vault_uri
}

output "public_ip" {
  description = "Public address of the machine."
  value       = azurerm_public_ip.this.ip_address
}

output "resource_group_name" {
  description = "Resource group that holds everything."
  value       = azurerm_resource_group.this.name
}

output "ssh_command" {
  description = "Opens a shell on the machine."
  value       = "ssh ${var.ssh_username}@${azurerm_public_ip.this.ip_address}"
}

output "ssh_user" {
  description = "Name of the administrator on the machine."
  value       = var.ssh_username
}

output "tunnel_command" {
  description = "Forwards the runtime's loopback port to your computer."
  value       = "ssh -N -L ${var.runtime_port}:127.0.0.1:${var.runtime_port} ${var.ssh_username}@${azurerm_public_ip.this.ip_address}"
}

output "vm_id" {
  description = "Resource id of the machine."
  value       = azurerm_linux_virtual_machine.this.id
}
