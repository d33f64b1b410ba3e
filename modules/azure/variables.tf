variable "cloud_init" {
  description = "The cloud-init document the machine starts with; anyone with access to the state can read it, so it holds no secret."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.cloud_init, "#cloud-config")
    error_message = "cloud_init must start with the line `#cloud-config`."
  }

  validation {
    # 87380 base64 characters are exactly 65535 bytes.
    condition     = length(base64encode(var.cloud_init)) <= 87380
    error_message = "cloud_init must be at most 65535 bytes, Azure's limit for custom data."
  }
}

variable "key_vault_name" {
  description = "Name of the Key Vault; must be unique across Azure."
  type        = string
  nullable    = false

  validation {
    condition = (
      can(regex("^[a-z][0-9a-z-]{1,22}[0-9a-z]$", var.key_vault_name)) &&
      !strcontains(var.key_vault_name, "--")
    )
    error_message = "key_vault_name must be 3 to 24 of a-z, 0-9 and single dashes, start with a letter and end with a letter or digit."
  }
}

variable "location" {
  description = "Azure region, such as `eastus`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][0-9a-z]{2,39}$", var.location))
    error_message = "location must be the short name of a region in lower case without spaces, such as `eastus`."
  }
}

variable "name" {
  description = "Name of the deployment; part of every resource's name and the machine's host name."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.name) >= 2 && length(var.name) <= 24 && can(regex("^[a-z][0-9a-z]*(-[0-9a-z]+)*$", var.name))
    error_message = "name must be 2 to 24 of a-z, 0-9 and single dashes, start with a letter and end with a letter or digit."
  }
}

variable "secret_versions" {
  description = "Version of each secret, by its name in the vault; raising it stores the value again."
  type        = map(number)
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.secret_versions) : can(regex("^[0-9a-zA-Z-]{1,127}$", name))])
    error_message = "The names in secret_versions must be 1 to 127 letters, digits and dashes."
  }

  validation {
    condition     = alltrue([for version in values(var.secret_versions) : try(version >= 1 && floor(version) == version, false)])
    error_message = "The versions in secret_versions must be whole numbers from 1."
  }
}

variable "ssh_allowed_cidrs" {
  description = "Networks allowed to connect by SSH; `[]` creates no SSH rule."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.ssh_allowed_cidrs : try("${cidrhost(cidr, 0)}/${tonumber(split("/", cidr)[1])}" == cidr, false)])
    error_message = "ssh_allowed_cidrs must be CIDRs in canonical form, such as `203.0.113.7/32` or `2001:db8::/64`; words such as `Internet` or `*` are not accepted."
  }

  validation {
    condition     = alltrue([for cidr in var.ssh_allowed_cidrs : try(tonumber(split("/", cidr)[1]) >= (strcontains(cidr, ":") ? 32 : 16), true)])
    error_message = "ssh_allowed_cidrs must not cover the whole internet or large parts of it: the shortest prefix is /16 for IPv4 and /32 for IPv6."
  }

  validation {
    condition = alltrue([
      for pair in setproduct(var.ssh_allowed_cidrs, ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3", "fc00::/7", "fe80::/10", "ff00::/8"]) :
      try(cidrhost("${split("/", pair[0])[0]}/${split("/", pair[1])[1]}", 0) != split("/", pair[1])[0], true)
    ])
    error_message = "ssh_allowed_cidrs must be public: no connection from a private, carrier-grade NAT, loopback, link-local or multicast network reaches the machine's public address."
  }
}

variable "ssh_public_key" {
  description = "Public key of the administrator, on one line as in a `.pub` file; the only way to log in."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(ssh-ed25519|ssh-rsa) [0-9A-Za-z+/]{60,}={0,3}( [^\\r\\n]*)?$", var.ssh_public_key))
    error_message = "ssh_public_key must be one line that starts with `ssh-ed25519 ` or `ssh-rsa `, the types that Azure accepts."
  }
}

variable "tags" {
  description = "Tags of every resource; must include `owner` and `deployment_id`, and `managed_by` is added."
  type        = map(string)
  nullable    = false

  validation {
    condition     = try(length(var.tags["owner"]) > 0, false)
    error_message = "tags must have a key `owner` that says who is responsible for the deployment."
  }

  validation {
    condition     = can(regex("^[0-9a-z]{1,16}$", var.tags["deployment_id"]))
    error_message = "tags must have a key `deployment_id` of 1 to 16 of a-z and 0-9, such as `k3v9qd`; it becomes part of the names."
  }

  validation {
    condition     = length(setunion(keys(var.tags), ["managed_by"])) <= 50
    error_message = "tags must hold at most 50 keys, `managed_by` included."
  }
}

variable "architecture" {
  description = "Processor architecture of the size: `x64` or `arm64`."
  type        = string
  default     = "x64"
  nullable    = false

  validation {
    condition     = contains(["arm64", "x64"], var.architecture)
    error_message = "architecture must be `x64` or `arm64`."
  }
}

variable "assign_roles" {
  description = "Whether to grant the machine its role on the vault; if false, someone else must, once the machine exists."
  type        = bool
  default     = true
  nullable    = false
}

variable "encryption_at_host_enabled" {
  description = "Whether the host encrypts temporary disks and caches too; the subscription must have the feature `EncryptionAtHost` registered."
  type        = bool
  default     = false
  nullable    = false
}

variable "os_disk_size_gb" {
  description = "Size of the system disk in GiB."
  type        = number
  default     = 32
  nullable    = false

  validation {
    condition     = var.os_disk_size_gb >= 30 && var.os_disk_size_gb <= 4095 && floor(var.os_disk_size_gb) == var.os_disk_size_gb
    error_message = "os_disk_size_gb must be a whole number from 30, the size of the image, to 4095."
  }
}

variable "purge_protection_enabled" {
  description = "Whether a deleted vault stays recoverable for seven days; once on, it cannot be turned off again."
  type        = bool
  default     = true
  nullable    = false
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

variable "secret_values" {
  description = "Value of each secret, by its name in the vault; stored in neither plan nor state. Needed only by an apply that creates or changes a secret."
  type        = map(string)
  default     = {}
  ephemeral   = true
  nullable    = false
  sensitive   = true
}

variable "size" {
  description = "Size of the machine; it must have the given architecture."
  type        = string
  default     = "Standard_B2als_v2"
  nullable    = false

  validation {
    condition     = can(regex("^Standard_[A-Z][0-9A-Za-z_-]{1,40}$", var.size))
    error_message = "size must be an Azure size name, such as `Standard_B2als_v2`."
  }
}

variable "ssh_username" {
  description = "Name of the administrator."
  type        = string
  default     = "azureuser"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][0-9a-z_-]{0,30}[0-9a-z]$", var.ssh_username))
    error_message = "ssh_username must be 2 to 32 of a-z, 0-9, `_` and `-`, start with a letter and end with a letter or digit."
  }

  validation {
    condition = !startswith(var.ssh_username, "codewhale") && !contains([
      "actuser", "adm", "admin", "admin1", "admin2", "administrator", "aspnet", "backup", "console", "david", "guest",
      "john", "owner", "root", "server", "sql", "support", "support_388945a0", "sys", "test", "test1", "test2", "test3",
      "user", "user1", "user2", "user3", "user4", "user5", "video",
    ], var.ssh_username)
    error_message = "ssh_username must be neither a name Azure reserves, such as `admin`, nor start with `codewhale`, which belongs to the services; `azureuser` works."
  }
}

variable "trusted_launch_enabled" {
  description = "Whether to start with secure boot and a virtual TPM; the size must support it, and changing it replaces the machine."
  type        = bool
  default     = true
  nullable    = false
}

variable "vm_revision" {
  description = "Raising it replaces the machine, for example to start with a changed cloud_init."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.vm_revision >= 1 && floor(var.vm_revision) == var.vm_revision
    error_message = "vm_revision must be a whole number from 1."
  }
}
