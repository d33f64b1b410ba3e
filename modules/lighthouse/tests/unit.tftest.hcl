# Nothing is applied, not even here: the machine is guarded against being destroyed, and so against tidying up.
mock_provider "tencentcloud" {
  override_during = plan

  mock_data "tencentcloud_lighthouse_blueprints" {
    defaults = {
      blueprint_set = [
        {
          blueprint_id    = "lhbp-2cacsycc"
          blueprint_state = "NORMAL"
          blueprint_type  = "DOCKER"
          os_name         = "Ubuntu Server 24.04 LTS 64bit"
        },
        {
          blueprint_id    = "lhbp-6p3qtx0j"
          blueprint_state = "NORMAL"
          blueprint_type  = "PURE_OS"
          os_name         = "Ubuntu Server 22.04 LTS 64bit"
        },
        {
          blueprint_id    = "lhbp-0ffline0"
          blueprint_state = "OFFLINE"
          blueprint_type  = "PURE_OS"
          os_name         = "Ubuntu Server 24.04 LTS 64bit"
        },
        {
          blueprint_id    = "lhbp-1l4ptuvm"
          blueprint_state = "NORMAL"
          blueprint_type  = "PURE_OS"
          os_name         = "Ubuntu Server 24.04 LTS 64bit"
        },
      ]
    }
  }

  mock_data "tencentcloud_lighthouse_bundle" {
    defaults = {
      bundle_set = [
        {
          bundle_id                   = "bundle_untold_med4_01"
          bundle_sales_state          = "AVAILABLE"
          cpu                         = 2
          memory                      = 4
          price                       = []
          support_linux_unix_platform = true
        },
        {
          bundle_display_label        = "ACTIVITY"
          bundle_id                   = "bundle_starter_mc_act_med4_02"
          bundle_sales_state          = "AVAILABLE"
          cpu                         = 2
          memory                      = 4
          price                       = [{ instance_price = [{ currency = "CNY", discount_price = 8 }] }]
          support_linux_unix_platform = true
        },
        {
          bundle_id                   = "bundle_starter_mc_promo_med4_02"
          bundle_sales_state          = "SOLD_OUT"
          cpu                         = 2
          memory                      = 4
          price                       = [{ instance_price = [{ currency = "CNY", discount_price = 9.9 }] }]
          support_linux_unix_platform = true
        },
        {
          bundle_id                   = "bundle_starter_mc_med2_01"
          bundle_sales_state          = "AVAILABLE"
          cpu                         = 2
          memory                      = 2
          price                       = [{ instance_price = [{ currency = "CNY", discount_price = 40 }] }]
          support_linux_unix_platform = true
        },
        {
          bundle_id                   = "bundle_windows_med4_01"
          bundle_sales_state          = "AVAILABLE"
          cpu                         = 2
          memory                      = 4
          price                       = [{ instance_price = [{ currency = "CNY", discount_price = 50 }] }]
          support_linux_unix_platform = false
        },
        {
          bundle_id                   = "bundle_gen_mc_med4_01"
          bundle_sales_state          = "AVAILABLE"
          cpu                         = 2
          memory                      = 4
          price                       = [{ instance_price = [{ currency = "CNY", discount_price = 105.5 }] }]
          support_linux_unix_platform = true
        },
        {
          bundle_id                   = "bundle_starter_mc_med4_02"
          bundle_sales_state          = "AVAILABLE"
          cpu                         = 2
          memory                      = 4
          price                       = [{ instance_price = [{ currency = "CNY", discount_price = 60 }] }]
          support_linux_unix_platform = true
        },
      ]
    }
  }

  mock_data "tencentcloud_lighthouse_zone" {
    defaults = {
      zone_info_set = [{ zone = "ap-hongkong-2" }, { zone = "ap-hongkong-3" }]
    }
  }

  mock_resource "tencentcloud_lighthouse_firewall_template" {
    defaults = {
      id = "lhft-11111111"
    }
  }

  mock_resource "tencentcloud_lighthouse_instance" {
    defaults = {
      id               = "lhins-22222222"
      public_addresses = ["198.51.100.20"]
      zone             = "ap-hongkong-2"
    }
  }

  mock_resource "tencentcloud_lighthouse_key_pair" {
    defaults = {
      id = "lhkp-33333333"
    }
  }

  mock_resource "tencentcloud_tat_command" {
    defaults = {
      id = "cmd-44444444"
    }
  }
}

variables {
  cloud_init        = "#!/bin/sh\nexit 0\n"
  deployment_id     = "k3v9qd"
  location          = "ap-hongkong"
  name              = "codewhale"
  ssh_allowed_cidrs = ["203.0.113.7/32", "198.51.100.0/24"]
  ssh_public_key    = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH4u2cGDIKJ4Mq0tBRBTDyPIXQ7ADcNv1pjj3SO6H8Hd operator"
  tags              = { deployment_id = "k3v9qd", owner = "research" }
}

run "machine_is_bought_for_a_month_and_renewed_by_hand" {
  command = plan

  assert {
    condition = (
      tencentcloud_lighthouse_instance.this.instance_name == "codewhale-k3v9qd" &&
      tencentcloud_lighthouse_instance.this.period == 1 &&
      tencentcloud_lighthouse_instance.this.renew_flag == "NOTIFY_AND_MANUAL_RENEW"
    )
    error_message = "The defaults must pay for one month, and renew nothing by themselves."
  }

  assert {
    condition     = tencentcloud_lighthouse_instance.this.bundle_id == "bundle_starter_mc_med4_02"
    error_message = "auto must be the cheapest bundle on sale for Linux with 2 cores and 4 GB and a known price."
  }

  assert {
    condition     = tencentcloud_lighthouse_instance.this.blueprint_id == "lhbp-1l4ptuvm"
    error_message = "The image must be Ubuntu 24.04, plain and not withdrawn."
  }

  assert {
    condition     = tencentcloud_lighthouse_instance.this.firewall_template_id == "lhft-11111111" && length(tencentcloud_lighthouse_firewall_template.this.template_rules) == 0
    error_message = "The machine must start behind a firewall without rules."
  }

  assert {
    condition     = length(tencentcloud_lighthouse_instance.this.login_configuration) == 0
    error_message = "There must be no password."
  }

  assert {
    condition     = output.public_ip == "198.51.100.20" && output.ssh_command == "ssh ubuntu@198.51.100.20" && output.ssh_user == "ubuntu"
    error_message = "The outputs must lead to the machine."
  }

  assert {
    condition     = output.tunnel_command == "ssh -N -L 7878:127.0.0.1:7878 ubuntu@198.51.100.20"
    error_message = "tunnel_command must forward the loopback port."
  }

  assert {
    condition     = output.instance_id == "lhins-22222222" && output.monthly_price == "CNY 60.00 a month"
    error_message = "The outputs must name the machine and its price."
  }
}



run "bundle_and_zone_can_be_chosen" {
  command = plan

  variables {
    blueprint_id = "lhbp-6p3qtx0j"
    renew_flag   = "NOTIFY_AND_AUTO_RENEW"
    size         = "bundle_gen_mc_med4_01"
    zone         = "ap-hongkong-3"
  }

  assert {
    condition = (
      tencentcloud_lighthouse_instance.this.bundle_id == "bundle_gen_mc_med4_01" &&
      tencentcloud_lighthouse_instance.this.blueprint_id == "lhbp-6p3qtx0j" &&
      tencentcloud_lighthouse_instance.this.zone == "ap-hongkong-3" &&
      tencentcloud_lighthouse_instance.this.renew_flag == "NOTIFY_AND_AUTO_RENEW"
    )
    error_message = "What is given must be taken as it is."
  }

  assert {
    condition     = output.monthly_price == "CNY 105.50 a month"
    error_message = "The price must be that of the chosen bundle."
  }

  assert {
    condition     = length(data.tencentcloud_lighthouse_blueprints.this) == 0
    error_message = "Nobody needs a list of images."
  }
}

run "a_price_that_is_not_told_is_left_out" {
  command = plan

  variables {
    size = "bundle_untold_med4_01"
  }

  assert {
    condition     = output.monthly_price == ""
    error_message = "Without a price there must be no text."
  }
}

run "an_image_that_is_not_there_is_said_and_holds_no_machine_up" {
  command = plan

  override_data {
    target = data.tencentcloud_lighthouse_blueprints.this[0]
    values = {
      blueprint_set = [{ blueprint_id = "lhbp-6p3qtx0j", blueprint_state = "NORMAL", blueprint_type = "PURE_OS", os_name = "Ubuntu Server 22.04 LTS 64bit" }]
    }
  }

  expect_failures = [check.image]
}

run "a_bundle_that_nobody_sells_stops_the_plan" {
  command = plan

  override_data {
    target = data.tencentcloud_lighthouse_bundle.this
    values = {
      bundle_set = [{ bundle_id = "bundle_big", bundle_sales_state = "AVAILABLE", cpu = 4, memory = 8, price = [], support_linux_unix_platform = true }]
    }
  }

  expect_failures = [tencentcloud_lighthouse_instance.this]
}

run "ssh_is_open_to_the_given_networks_only" {
  command = plan

  assert {
    condition     = [for rule in tencentcloud_lighthouse_firewall_rule.ssh[0].firewall_rules : rule.cidr_block] == ["203.0.113.7/32", "198.51.100.0/24"]
    error_message = "There must be one rule for each network."
  }

  assert {
    condition = alltrue([
      for rule in tencentcloud_lighthouse_firewall_rule.ssh[0].firewall_rules :
      rule.protocol == "TCP" && rule.port == "22" && rule.action == "ACCEPT" && rule.firewall_rule_description == "SSH"
    ])
    error_message = "Every field must be given, and nothing but port 22 over TCP be open."
  }
}

run "a_network_given_twice_is_one_rule" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["203.0.113.7/32", "203.0.113.7/32"]
  }

  assert {
    condition     = length(tencentcloud_lighthouse_firewall_rule.ssh[0].firewall_rules) == 1
    error_message = "Tencent refuses the same rule twice."
  }
}

run "no_networks_mean_no_rule" {
  command = plan

  variables {
    ssh_allowed_cidrs = []
  }

  assert {
    condition     = length(tencentcloud_lighthouse_firewall_rule.ssh) == 0
    error_message = "An empty list must leave no rule."
  }
}

run "runtime_port_is_in_no_rule" {
  command = plan

  variables {
    runtime_port = 54321
  }

  assert {
    condition = (
      !strcontains(jsonencode(tencentcloud_lighthouse_firewall_rule.ssh[0].firewall_rules), "54321") &&
      !strcontains(jsonencode(tencentcloud_lighthouse_firewall_template.this.template_rules), "54321")
    )
    error_message = "No rule must name the runtime's port."
  }

  assert {
    condition     = strcontains(output.tunnel_command, "54321:127.0.0.1:54321")
    error_message = "tunnel_command must follow runtime_port."
  }
}

run "key_is_the_given_one_and_attached" {
  command = plan

  assert {
    condition = (
      tencentcloud_lighthouse_key_pair.this[0].key_name == "codewhale_k3v9qd" &&
      tencentcloud_lighthouse_key_pair.this[0].public_key == "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH4u2cGDIKJ4Mq0tBRBTDyPIXQ7ADcNv1pjj3SO6H8Hd"
    )
    error_message = "The key pair must be of the given key, without its comment."
  }

  assert {
    condition     = tencentcloud_lighthouse_key_pair_attachment.this.key_id == "lhkp-33333333" && tencentcloud_lighthouse_key_pair_attachment.this.instance_id == "lhins-22222222"
    error_message = "The key must be attached to the machine."
  }
}

run "long_names_fit_into_a_key_name" {
  command = plan

  variables {
    name = "a-name-of-twenty-four-ch"
  }

  assert {
    condition     = tencentcloud_lighthouse_key_pair.this[0].key_name == "a_name_of_twenty_f_k3v9qd" && length(tencentcloud_lighthouse_key_pair.this[0].key_name) == 25
    error_message = "A key name is at most 25 letters, digits and underscores, and must hold the id."
  }
}

run "script_is_run_through_tat" {
  command = plan

  assert {
    condition = (
      strcontains(tencentcloud_tat_command.bootstrap[0].content, "\n#!/bin/sh\nexit 0\n") &&
      endswith(tencentcloud_tat_command.bootstrap[0].content, "\nexit 0\n") &&
      tencentcloud_tat_command.bootstrap[0].command_name == "codewhale-codewhale-k3v9qd" &&
      tencentcloud_tat_command.bootstrap[0].command_type == "SHELL" &&
      tencentcloud_tat_command.bootstrap[0].username == "root" &&
      tencentcloud_tat_command.bootstrap[0].enable_parameter == false
    )
    error_message = "The command must hold the script as it is, end well whatever it does, and be run by root."
  }

  assert {
    condition = (
      tencentcloud_tat_invocation_invoke_attachment.bootstrap[0].command_id == "cmd-44444444" &&
      tencentcloud_tat_invocation_invoke_attachment.bootstrap[0].instance_id == "lhins-22222222" &&
      tencentcloud_tat_invocation_invoke_attachment.bootstrap[0].username == "root" &&
      tencentcloud_tat_invocation_invoke_attachment.bootstrap[0].working_directory == "/root"
    )
    error_message = "The machine must run the command."
  }

  assert {
    condition     = tencentcloud_tat_command.bootstrap[0].timeout == 300 && tencentcloud_tat_invocation_invoke_attachment.bootstrap[0].timeout == 300
    error_message = "TAT's own limit of a minute must be replaced, in both places."
  }

  assert {
    condition     = { for tag in tencentcloud_tat_command.bootstrap[0].tags : tag.key => tag.value } == { deployment_id = "k3v9qd", managed_by = "remote-setup", owner = "research" }
    error_message = "The command must bear owner, deployment_id and managed_by."
  }
}

run "without_a_script_nothing_is_run" {
  command = plan

  variables {
    cloud_init = null
  }

  assert {
    condition     = length(tencentcloud_tat_command.bootstrap) == 0 && length(tencentcloud_tat_invocation_invoke_attachment.bootstrap) == 0
    error_message = "Without cloud_init there must be neither command nor run."
  }
}

run "a_provider_in_another_region_stops_the_plan" {
  command = plan

  variables {
    location = "ap-singapore"
  }

  expect_failures = [data.tencentcloud_lighthouse_zone.this]
}

run "refuses_blueprint_of_another_kind" {
  command = plan

  variables {
    blueprint_id = "img-f82x5lxe"
  }

  expect_failures = [var.blueprint_id]
}

run "refuses_cloud_config" {
  command = plan

  variables {
    cloud_init = "#cloud-config\npackages: []\n"
  }

  expect_failures = [var.cloud_init]
}

run "refuses_script_too_long" {
  command = plan

  variables {
    cloud_init = "#!/bin/sh\n${join("", [for n in range(768) : "0123456789012345678901234567890123456789012345678901234567890123"])}"
  }

  expect_failures = [var.cloud_init]
}

run "refuses_deployment_id_with_dash" {
  command = plan

  variables {
    deployment_id = "k3v-9qd"
  }

  expect_failures = [var.deployment_id]
}

run "refuses_deployment_id_too_long" {
  command = plan

  variables {
    deployment_id = "k3v9qdk3v9qdk3v9q"
  }

  expect_failures = [var.deployment_id]
}

run "refuses_zone_as_location" {
  command = plan

  variables {
    location = "ap-hongkong-2"
  }

  expect_failures = [var.location]
}

run "refuses_location_as_displayed" {
  command = plan

  variables {
    location = "Hong Kong"
  }

  expect_failures = [var.location]
}

run "refuses_name_in_upper_case" {
  command = plan

  variables {
    name = "CodeWhale"
  }

  expect_failures = [var.name]
}

run "refuses_name_with_double_dash" {
  command = plan

  variables {
    name = "code--whale"
  }

  expect_failures = [var.name]
}

run "refuses_name_too_long" {
  command = plan

  variables {
    name = "codewhale-codewhale-codew"
  }

  expect_failures = [var.name]
}

run "refuses_period_of_thirteen_months" {
  command = plan

  variables {
    period = 13
  }

  expect_failures = [var.period]
}

run "refuses_period_zero" {
  command = plan

  variables {
    period = 0
  }

  expect_failures = [var.period]
}

run "refuses_renew_flag_of_the_provider_s_page" {
  command = plan

  variables {
    renew_flag = "DISABLE_NOTIFY_AND_AUTO_RENEW"
  }

  expect_failures = [var.renew_flag]
}

run "refuses_runtime_port_of_ssh" {
  command = plan

  variables {
    runtime_port = 22
  }

  expect_failures = [var.runtime_port]
}

run "refuses_runtime_port_broken" {
  command = plan

  variables {
    runtime_port = 7878.5
  }

  expect_failures = [var.runtime_port]
}

run "refuses_size_of_another_kind" {
  command = plan

  variables {
    size = "S5.MEDIUM4"
  }

  expect_failures = [var.size]
}

run "refuses_size_in_upper_case" {
  command = plan

  variables {
    size = "AUTO"
  }

  expect_failures = [var.size]
}

run "refuses_ssh_from_everywhere" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_by_ipv6" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["2001:db8::/64"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_from_a_word" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["ALL"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_from_a_bare_address" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["203.0.113.7"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_from_too_many" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["203.0.0.0/15"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_from_a_private_network" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["192.168.1.0/24"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_from_carrier_grade_nat" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["100.100.1.0/24"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_from_loopback" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["127.0.0.1/32"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_cidr_with_host_bits" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["203.0.113.7/24"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_cidr_with_padded_prefix" {
  command = plan

  variables {
    ssh_allowed_cidrs = ["203.0.113.7/032"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_cidrs_too_many" {
  command = plan

  variables {
    ssh_allowed_cidrs = [for n in range(101) : "203.0.113.${n}/32"]
  }

  expect_failures = [var.ssh_allowed_cidrs]
}

run "refuses_ssh_private_key" {
  command = plan

  variables {
    ssh_public_key = "-----BEGIN OPENSSH PRIVATE KEY-----"
  }

  expect_failures = [var.ssh_public_key]
}

run "refuses_ssh_key_of_another_kind" {
  command = plan

  variables {
    ssh_public_key = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT"
  }

  expect_failures = [var.ssh_public_key]
}

run "refuses_ssh_keys_on_two_lines" {
  command = plan

  variables {
    ssh_public_key = join("\n", ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH4u2cGDIKJ4Mq0tBRBTDyPIXQ7ADcNv1pjj3SO6H8Hd a", "ssh-ed25519 b"])
  }

  expect_failures = [var.ssh_public_key]
}

run "refuses_tags_without_owner" {
  command = plan

  variables {
    tags = { deployment_id = "k3v9qd" }
  }

  expect_failures = [var.tags]
}

run "refuses_tags_too_many" {
  command = plan

  variables {
    tags = merge({ owner = "research" }, { for n in range(9) : "tag${n}" => "x" })
  }

  expect_failures = [var.tags]
}

run "refuses_zone_of_another_region" {
  command = plan

  variables {
    zone = "ap-singapore-2"
  }

  expect_failures = [var.zone]
}

run "refuses_zone_without_number" {
  command = plan

  variables {
    zone = "ap-hongkong"
  }

  expect_failures = [var.zone]
}

run "takes_a_script_of_just_the_limit" {
  command = plan

  variables {
    cloud_init = "#!/bin/sh\n${substr(join("", [for n in range(768) : "0123456789012345678901234567890123456789012345678901234567890123"]), 0, 48630)}"
  }

  assert {
    condition     = length(base64encode(tencentcloud_tat_command.bootstrap[0].content)) <= 65536
    error_message = "The largest script must fit into 64 KB of base64, with the lines around it."
  }
}

run "a_key_pair_that_is_there_already_is_used" {
  command = plan

  variables {
    ssh_key_id = "lhkp-a1b2c3d4"
  }

  assert {
    condition     = length(tencentcloud_lighthouse_key_pair.this) == 0 && tencentcloud_lighthouse_key_pair_attachment.this.key_id == "lhkp-a1b2c3d4"
    error_message = "The given key pair must be bound, and none be made."
  }
}

run "refuses_ssh_key_id_of_another_kind" {
  command = plan

  variables {
    ssh_key_id = "skey-a1b2c3d4"
  }

  expect_failures = [var.ssh_key_id]
}

run "refuses_a_script_without_a_plain_interpreter" {
  command = plan

  variables {
    cloud_init = "#!/bin/sh; reboot\nexit 0\n"
  }

  expect_failures = [var.cloud_init]
}
