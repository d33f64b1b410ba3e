resource "nimbus_firewall" "this" {
  name = "${var.name}-${var.deployment_id}"

  dynamic "inbound" {
    for_each = length(var.ssh_allowed_cidrs) > 0 ? [var.ssh_allowed_cidrs] : []

    content {
      protocol = "tcp"
      port     = "22"
      sources  = inbound.value
    }
  }
}

resource "nimbus_machine" "this" {
  name           = "${var.name}-${var.deployment_id}"
  size           = var.size
  image          = "ubuntu-24.04"
  ssh_public_key = var.ssh_public_key
  firewall_id    = nimbus_firewall.this.id
  user_data      = var.user_data

  lifecycle {
    ignore_changes = [user_data]
  }
}
