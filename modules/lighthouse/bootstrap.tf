# Lighthouse takes no user data. Tencent's agent on the machine (TAT) runs the script instead; it needs no open port.

locals {
  bootstraps = var.cloud_init == null ? 0 : 1

  # Far longer than unpacking and starting takes: the script leaves the installation to systemd.
  bootstrap_seconds = 300
}

resource "tencentcloud_tat_command" "bootstrap" {
  count = local.bootstraps

  command_name      = "codewhale-${local.full_name}"
  command_type      = "SHELL"
  content           = var.cloud_init
  enable_parameter  = false
  timeout           = local.bootstrap_seconds
  username          = "root"
  working_directory = "/root"

  dynamic "tags" {
    for_each = local.tags

    content {
      key   = tags.key
      value = tags.value
    }
  }

  lifecycle {
    # The provider refuses to change them.
    ignore_changes = [tags]
  }
}

resource "terraform_data" "bootstrap" {
  count = local.bootstraps

  triggers_replace = sha256(var.cloud_init)
}

# Changing a command runs nothing, so a changed script or a reinstalled machine needs a new invocation.
resource "tencentcloud_tat_invocation_invoke_attachment" "bootstrap" {
  count = local.bootstraps

  instance_id = tencentcloud_lighthouse_instance.this.id
  command_id  = tencentcloud_tat_command.bootstrap[0].id

  # Read back from the invocation, where a difference would run the script in every apply.
  timeout           = local.bootstrap_seconds
  username          = "root"
  working_directory = "/root"

  # A run that fails is waited for until the end, and so is one that is taken back.
  timeouts {
    create = "10m"
    delete = "3m"
  }

  lifecycle {
    replace_triggered_by = [terraform_data.blueprint, terraform_data.bootstrap]
  }

  # Attaching a key may restart the machine.
  depends_on = [tencentcloud_lighthouse_key_pair_attachment.this]
}
