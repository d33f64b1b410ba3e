# Without a template of its own a machine starts behind Tencent's, which opens SSH and the web to everybody.
resource "tencentcloud_lighthouse_firewall_template" "this" {
  template_name = local.full_name
}

# All five fields of a rule are given: Tencent answers with all of them, and what differs is a change in every plan.
resource "tencentcloud_lighthouse_firewall_rule" "ssh" {
  count = length(var.ssh_allowed_cidrs) > 0 ? 1 : 0

  instance_id = tencentcloud_lighthouse_instance.this.id

  dynamic "firewall_rules" {
    for_each = distinct(var.ssh_allowed_cidrs)

    content {
      protocol                  = "TCP"
      port                      = "22"
      cidr_block                = firewall_rules.value
      action                    = "ACCEPT"
      firewall_rule_description = "SSH"
    }
  }
}
