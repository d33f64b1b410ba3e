terraform {
  # Write-only arguments need 1.11, in Terraform and in OpenTofu alike.
  required_version = ">= 1.11.0, < 2.0.0"

  required_providers {
    # Secrets in a write-only body need 2.11.
    azapi = {
      source  = "azure/azapi"
      version = ">= 2.11.0, < 3.0.0"
    }

    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 5.0.1, < 6.0.0"
    }
  }
}
