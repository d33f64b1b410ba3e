resource "tencentcloud_lighthouse_instance" "this" {
  instance_name        = local.full_name
  bundle_id            = local.bundle_id
  blueprint_id         = local.blueprint_id
  firewall_template_id = tencentcloud_lighthouse_firewall_template.this.id
  zone                 = var.zone == "" ? null : var.zone

  # Prepaid is the only way.
  period     = var.period
  renew_flag = var.renew_flag

  lifecycle {
    # What is on the disk exists nowhere else, and a machine that goes is paid for until its month ends.
    prevent_destroy = true

    # To change the blueprint, Tencent reinstalls the machine, and the plan would say no more than `update`. The other two
    # count at the start only, cannot be changed and are not read back.
    ignore_changes = [blueprint_id, firewall_template_id, period]

    precondition {
      condition     = local.bundle_id != ""
      error_message = "Lighthouse sells no Linux bundle of 2 cores and 4 GB in `${coalesce(var.zone, var.location)}` today: find another with `tccli lighthouse DescribeBundles --region ${var.location} --Limit 100` and give its id as `size`, or take another region."
    }
  }

  # The region is looked at first, and what can be refused for nothing is made first.
  depends_on = [
    data.tencentcloud_lighthouse_zone.this,
    tencentcloud_lighthouse_key_pair.this,
    tencentcloud_tat_command.bootstrap,
  ]
}

locals {
  # Tencent may write the comment otherwise than it was given, so only what makes the key counts.
  ssh_key = join(" ", slice(split(" ", trimspace(var.ssh_public_key)), 0, 2))

  # At most 25 letters, digits and underscores.
  ssh_key_name = "${substr(replace(var.name, "-", "_"), 0, 24 - length(var.deployment_id))}_${var.deployment_id}"

  # Tencent takes a public key once in an account; a pair that is there already is used, and is not ours to delete.
  ssh_key_id = var.ssh_key_id == "" ? tencentcloud_lighthouse_key_pair.this[0].id : var.ssh_key_id
}

resource "terraform_data" "ssh_key" {
  triggers_replace = local.ssh_key
}

resource "tencentcloud_lighthouse_key_pair" "this" {
  count = var.ssh_key_id == "" ? 1 : 0

  key_name = local.ssh_key_name

  # Without it, Tencent would make a pair, and its private half would be in the state.
  public_key = local.ssh_key

  lifecycle {
    ignore_changes       = [public_key]
    replace_triggered_by = [terraform_data.ssh_key]
  }
}

# A machine that was reinstalled has another blueprint, and neither the key nor anything else on its disk.
resource "terraform_data" "blueprint" {
  triggers_replace = tencentcloud_lighthouse_instance.this.blueprint_id
}

resource "tencentcloud_lighthouse_key_pair_attachment" "this" {
  instance_id = tencentcloud_lighthouse_instance.this.id
  key_id      = local.ssh_key_id

  lifecycle {
    replace_triggered_by = [terraform_data.blueprint]
  }
}
