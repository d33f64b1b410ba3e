# Lighthouse takes no user data. Tencent's agent on the machine (TAT) runs the script instead; it needs no open port.

locals {
  bootstraps = var.cloud_init == null ? 0 : 1

  # Far longer than unpacking and starting takes: the script leaves the installation to systemd.
  script_seconds    = 240
  bootstrap_seconds = 300

  # The provider waits for a success even to remove a run, so one that failed could neither be repeated nor destroyed.
  # Pipes carry the script, because a full disk has no room for a file; its hash ends it, because nothing else in it can.
  bootstrap = var.cloud_init == null ? "" : <<-SH
    #!/bin/sh
    timeout --kill-after=10 ${local.script_seconds} ${try(regex("^#! *([^\n]+)", var.cloud_init)[0], "/bin/sh")} /dev/fd/3 3<<'${sha256(var.cloud_init)}' </dev/null
    ${trimsuffix(var.cloud_init, "\n")}
    ${sha256(var.cloud_init)}
    code=$?
    if [ "$code" != 0 ]; then echo "The script failed with exit code $code; the lines above say why."; fi
    exit 0
  SH
}

resource "tencentcloud_tat_command" "bootstrap" {
  count = local.bootstraps

  command_name      = "codewhale-${local.full_name}"
  command_type      = "SHELL"
  content           = local.bootstrap
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
    # The older of the providers that this module takes cannot change them, and the apply would end in an error.
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

  # The script ends before; what is left is for an agent that does not run it at all.
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
