output "public_ip" {
  description = "Public address of the machine."
  value       = nimbus_machine.this.address
}

output "ssh_command" {
  description = "Opens a shell on the machine."
  value       = "ssh root@${nimbus_machine.this.address}"
}

output "ssh_user" {
  description = "Administrator's name on the machine."
  value       = "root"
}

output "tunnel_command" {
  description = "Brings the runtime's loopback port to this computer."
  value       = "ssh -N -L ${var.runtime_port}:127.0.0.1:${var.runtime_port} root@${nimbus_machine.this.address}"
}
