terraform {
  # Validations that look at a second variable need 1.9.
  required_version = ">= 1.9.0, < 2.0.0"

  required_providers {
    tencentcloud = {
      source  = "tencentcloudstack/tencentcloud"
      version = ">= 1.83.0, < 2.0.0"
    }
  }
}
