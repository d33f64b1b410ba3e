variable "deployment_id" {
  description = "Id of the deployment; part of every resource's name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-z]{1,16}$", var.deployment_id))
    error_message = "deployment_id must be 1 to 16 of a-z and 0-9, such as `k3v9qd`."
  }
}

variable "location" {
  description = "Tencent Cloud region, such as `ap-hongkong`; must be the provider's."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}-[a-z]{3,24}$", var.location))
    error_message = "location must be a region in lower case, such as `ap-hongkong`; a zone such as `ap-hongkong-2` goes into zone."
  }
}

variable "name" {
  description = "Name of the deployment; part of every resource's name."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.name) >= 2 && length(var.name) <= 24 && can(regex("^[a-z][0-9a-z]*(-[0-9a-z]+)*$", var.name))
    error_message = "name must be 2 to 24 of a-z, 0-9 and single dashes, start with a letter and end with a letter or digit."
  }
}

variable "ssh_allowed_cidrs" {
  description = "IPv4 networks allowed to connect by SSH; `[]` creates no rule."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.ssh_allowed_cidrs : try("${cidrhost(cidr, 0)}/${tonumber(split("/", cidr)[1])}" == cidr && !strcontains(cidr, ":"), false)])
    error_message = "ssh_allowed_cidrs must be IPv4 CIDRs in canonical form, such as `203.0.113.7/32`; the machine has no IPv6 address."
  }

  validation {
    condition     = alltrue([for cidr in var.ssh_allowed_cidrs : try(tonumber(split("/", cidr)[1]) >= 16, true)])
    error_message = "ssh_allowed_cidrs must not cover the whole internet or large parts of it: the shortest prefix is /16."
  }

  validation {
    condition = alltrue([
      for pair in setproduct(var.ssh_allowed_cidrs, ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3"]) :
      try(cidrhost("${split("/", pair[0])[0]}/${split("/", pair[1])[1]}", 0) != split("/", pair[1])[0], true)
    ])
    error_message = "ssh_allowed_cidrs must be public: no connection from a private, carrier-grade NAT, loopback, link-local or multicast network reaches the machine's public address."
  }

  validation {
    condition     = length(var.ssh_allowed_cidrs) <= 100
    error_message = "ssh_allowed_cidrs must hold at most 100 networks, the limit of a Lighthouse firewall."
  }
}

variable "ssh_public_key" {
  description = "Public key of the administrator, on one line as in a `.pub` file; the only way to log in."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(ssh-ed25519|ssh-rsa) [0-9A-Za-z+/]{60,}={0,3}( [^\\r\\n]*)?$", var.ssh_public_key))
    error_message = "ssh_public_key must be one line that starts with `ssh-ed25519 ` or `ssh-rsa `, the types that Tencent accepts."
  }
}

variable "tags" {
  description = "Tags of the TAT command (nothing else here supports tags); must include `owner`, and `managed_by` is added."
  type        = map(string)
  nullable    = false

  validation {
    condition     = try(length(var.tags["owner"]) > 0, false)
    error_message = "tags must have a key `owner` that says who is responsible for the deployment."
  }

  validation {
    condition     = length(setunion(keys(var.tags), ["managed_by"])) <= 10
    error_message = "tags must hold at most 10 keys, `managed_by` included."
  }
}

variable "blueprint_id" {
  description = "Image to start from; `\"\"` means Ubuntu 24.04. Changing it never reinstalls the machine."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(lhbp-[0-9a-z]{8})?$", var.blueprint_id))
    error_message = "blueprint_id must be empty or the id of a blueprint, such as `lhbp-1l4ptuvm`."
  }
}

variable "cloud_init" {
  description = "Shell script that the machine runs as root through TAT, again whenever it changes; `null` for none. Anyone with access to the state or to TAT can read it, so it holds no secret."
  type        = string
  default     = null
  nullable    = true

  validation {
    condition     = var.cloud_init == null || can(regex("^#! *(/[0-9A-Za-z._+-]+)+( [0-9A-Za-z._+-]+)*\n", var.cloud_init))
    error_message = "cloud_init must be a script whose first line is `#!` and its interpreter, such as `#!/bin/sh`: Lighthouse does not accept a cloud-init document."
  }

  validation {
    # 64856 base64 characters are 48640 bytes; TAT takes 65536 characters, and the lines around the script need some.
    condition     = try(length(base64encode(var.cloud_init)) <= 64856, true)
    error_message = "cloud_init must be at most 48640 bytes: TAT takes 64 KB of base64."
  }
}

variable "period" {
  description = "Months to prepay at creation; ignored afterwards."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = contains([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36, 48, 60], var.period)
    error_message = "period must be 1 to 12, 24, 36, 48 or 60 months."
  }
}

variable "renew_flag" {
  description = "What happens when the prepaid period ends: `NOTIFY_AND_AUTO_RENEW`, `NOTIFY_AND_MANUAL_RENEW` or `DISABLE_NOTIFY_AND_MANUAL_RENEW`."
  type        = string
  default     = "NOTIFY_AND_MANUAL_RENEW"
  nullable    = false

  validation {
    condition     = contains(["DISABLE_NOTIFY_AND_MANUAL_RENEW", "NOTIFY_AND_AUTO_RENEW", "NOTIFY_AND_MANUAL_RENEW"], var.renew_flag)
    error_message = "renew_flag must be `NOTIFY_AND_AUTO_RENEW`, `NOTIFY_AND_MANUAL_RENEW` or `DISABLE_NOTIFY_AND_MANUAL_RENEW`."
  }
}

variable "runtime_port" {
  description = "Loopback port of the runtime, for `tunnel_command` only: no rule ever opens it."
  type        = number
  default     = 7878
  nullable    = false

  validation {
    condition     = var.runtime_port >= 1024 && var.runtime_port <= 65535 && floor(var.runtime_port) == var.runtime_port
    error_message = "runtime_port must be a whole number from 1024 to 65535."
  }
}

variable "size" {
  description = "Lighthouse bundle to buy; `auto` picks the cheapest on sale for Linux with 2 cores and 4 GB, and keeps that choice."
  type        = string
  default     = "auto"
  nullable    = false

  validation {
    condition     = var.size == "auto" || can(regex("^bundle[0-9]*_[0-9a-z_]{2,60}$", var.size))
    error_message = "size must be `auto` or the id of a bundle, such as `bundle_starter_nmc_lin_med4_01`."
  }
}

variable "ssh_key_id" {
  description = "Existing key pair of `ssh_public_key` in the account, which is never deleted; `\"\"` creates one."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(lhkp-[0-9a-z]{8})?$", var.ssh_key_id))
    error_message = "ssh_key_id must be empty or the id of a key pair, such as `lhkp-a1b2c3d4`."
  }
}

variable "zone" {
  description = "Zone within the region, such as `ap-hongkong-2`; `\"\"` lets Tencent pick one."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.zone == "" || can(regex("^${var.location}-[1-9][0-9]?$", var.zone))
    error_message = "zone must be empty or a zone of the given location, such as `${var.location}-2`."
  }
}
