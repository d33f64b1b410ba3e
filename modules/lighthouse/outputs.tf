output "instance_id" {
  description = "Id of the machine."
  value       = tencentcloud_lighthouse_instance.this.id
}

output "monthly_price" {
  description = "Price of the machine, such as `CNY 60.00 a month`, after discounts; empty if Tencent does not report one."
  value       = local.monthly_price
}

output "public_ip" {
  description = "Public address of the machine."
  value       = local.public_ip
}

output "ssh_command" {
  description = "Opens a shell on the machine."
  value       = "ssh ${local.ssh_username}@${local.public_ip}"
}

output "ssh_user" {
  description = "Name of the administrator on the machine."
  value       = local.ssh_username
}

output "tunnel_command" {
  description = "Forwards the runtime's loopback port to your computer."
  value       = "ssh -N -L ${var.runtime_port}:127.0.0.1:${var.runtime_port} ${local.ssh_username}@${local.public_ip}"
}
