locals {
  # The id keeps two deployments of one name in one account apart.
  full_name = "${var.name}-${var.deployment_id}"

  tags = merge(var.tags, { managed_by = "remote-setup" })

  # The images' own administrator; Lighthouse makes no other.
  ssh_username = "ubuntu"
  public_ip    = try(tencentcloud_lighthouse_instance.this.public_addresses[0], "")
}

# Tells whether the provider works in the region that is meant: a machine is paid for when it is made.
data "tencentcloud_lighthouse_zone" "this" {
  lifecycle {
    postcondition {
      condition     = anytrue([for zone in self.zone_info_set : startswith(zone.zone, "${var.location}-")])
      error_message = "The provider is not set to the region `${var.location}`, or Lighthouse has no zone there: give its `region` in the provider block."
    }
  }
}
