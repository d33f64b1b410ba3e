terraform {
  required_version = ">= 1.9.0, < 2.0.0"

  required_providers {
    nimbus = {
      source  = "example/nimbus"
      version = ">= 1.0.0, < 2.0.0"
    }
  }
}
