# What Tencent sells and installs today; both change without notice.

data "tencentcloud_lighthouse_bundle" "this" {
  limit = 100
  zones = var.zone == "" ? null : [var.zone]

  filters {
    name   = var.size == "auto" ? "support-platform-type" : "bundle-id"
    values = [var.size == "auto" ? "LINUX_UNIX" : var.size]
  }
}

data "tencentcloud_lighthouse_blueprints" "this" {
  count = var.blueprint_id == "" ? 1 : 0

  filters {
    name   = "platform-type"
    values = ["LINUX_UNIX"]
  }

  filters {
    name   = "blueprint-type"
    values = ["PURE_OS"]
  }
}

locals {
  bundles = [
    for bundle in data.tencentcloud_lighthouse_bundle.this.bundle_set : {
      id = bundle.bundle_id
      # A promotion (`ACTIVITY`) is sold on Tencent's own pages only, at a price for the first term.
      fits = (
        bundle.cpu == 2 && bundle.memory == 4 && bundle.support_linux_unix_platform &&
        bundle.bundle_sales_state == "AVAILABLE" && bundle.bundle_display_label != "ACTIVITY"
      )
      # A price of nothing is one that Tencent does not tell.
      price    = try(max(bundle.price[0].instance_price[0].discount_price, 0), 0)
      currency = try(coalesce(bundle.price[0].instance_price[0].currency), "")
    }
  ]

  # The price comes first, in text of even length, and so does the cheapest; what has no price is last.
  bundles_on_sale = sort([
    for bundle in local.bundles :
    "${bundle.price > 0 ? format("%010.2f", bundle.price) : "~"} ${bundle.id}" if bundle.fits
  ])

  cheapest_bundle_id = try(split(" ", local.bundles_on_sale[0])[1], "")

  ubuntu_blueprint_ids = sort(flatten([
    for found in data.tencentcloud_lighthouse_blueprints.this : [
      for blueprint in found.blueprint_set : blueprint.blueprint_id
      if blueprint.blueprint_type == "PURE_OS" && blueprint.blueprint_state == "NORMAL" &&
      can(regex("(?i)ubuntu\\D*24\\.04", blueprint.os_name))
    ]
  ]))

  bundle_id = var.size == "auto" ? terraform_data.bundle[0].input : var.size

  # No image has the last id: a machine that exists looks at none, and a new one is refused before it is paid for.
  blueprint_id = var.blueprint_id == "" ? try(local.ubuntu_blueprint_ids[0], "lhbp-00000000") : var.blueprint_id

  monthly_price = try([
    for bundle in local.bundles : format("%s %.2f a month", bundle.currency, bundle.price)
    if bundle.id == local.bundle_id && bundle.price > 0 && bundle.currency != ""
  ][0], "")
}

# Keeps what was chosen for `auto`: another bundle that is the cheapest one day would be a paid change of the machine.
resource "terraform_data" "bundle" {
  count = var.size == "auto" ? 1 : 0

  input = local.cheapest_bundle_id

  lifecycle {
    ignore_changes = [input]
  }
}

check "image" {
  assert {
    condition     = var.blueprint_id != "" || length(local.ubuntu_blueprint_ids) > 0
    error_message = "Lighthouse offers no image of Ubuntu 24.04 in `${var.location}`, so no new machine can be made: find one with `tccli lighthouse DescribeBlueprints --region ${var.location} --Limit 100` and give its id as `blueprint_id`."
  }
}
