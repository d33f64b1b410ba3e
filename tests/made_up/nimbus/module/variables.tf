variable "deployment_id" {
  description = "Id of the deployment; part of every resource's name."
  type        = string
  nullable    = false
}

variable "name" {
  description = "Name of the deployment; part of every resource's name."
  type        = string
  nullable    = false
}

variable "runtime_port" {
  description = "Loopback port of the runtime; nothing opens it."
  type        = number
  nullable    = false
}

variable "size" {
  description = "Machine size, such as `drop-2`."
  type        = string
  nullable    = false
}

variable "ssh_allowed_cidrs" {
  description = "Networks that may open SSH; with `[]` there is no rule."
  type        = list(string)
  nullable    = false
}

variable "ssh_public_key" {
  description = "Public key of the administrator."
  type        = string
  nullable    = false
}

variable "user_data" {
  description = "What the machine runs first."
  type        = string
  nullable    = false
}
