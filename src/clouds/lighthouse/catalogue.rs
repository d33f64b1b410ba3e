//! What Tencent sells and what an account has at first, for the emulator.

use rehearse::List;

/// What the catalogue holds when nothing has happened yet. Prices are those of a day, for the emulator only.
/// Source: the examples of https://cloud.tencent.com/document/api/1207/47576
pub(super) const LISTS: &[List] = &[
    List {
        type_name: "tencentcloud_lighthouse_blueprints",
        attribute: "blueprint_set",
        items: r#"[
            { "blueprint_id": "lhbp-2cacsycc", "blueprint_type": "DOCKER", "blueprint_state": "NORMAL",
              "display_title": "Docker CE", "os_name": "Ubuntu Server 24.04 LTS 64bit",
              "platform": "UBUNTU", "platform_type": "LINUX_UNIX", "support_automation_tools": true },
            { "blueprint_id": "lhbp-6p3qtx0j", "blueprint_type": "PURE_OS", "blueprint_state": "NORMAL",
              "display_title": "Ubuntu", "display_version": "22.04 LTS", "os_name": "Ubuntu Server 22.04 LTS 64bit",
              "platform": "UBUNTU", "platform_type": "LINUX_UNIX", "support_automation_tools": true },
            { "blueprint_id": "lhbp-1l4ptuvm", "blueprint_type": "PURE_OS", "blueprint_state": "NORMAL",
              "display_title": "Ubuntu", "display_version": "24.04 LTS", "os_name": "Ubuntu Server 24.04 LTS 64bit",
              "platform": "UBUNTU", "platform_type": "LINUX_UNIX", "support_automation_tools": true,
              "required_system_disk_size": 20, "required_memory_size": 1 }
        ]"#,
    },
    List {
        type_name: "tencentcloud_lighthouse_bundle",
        attribute: "bundle_set",
        items: r#"[
            { "bundle_id": "bundle_starter_mc_act_med4_02", "bundle_sales_state": "AVAILABLE", "cpu": 2, "memory": 4,
              "bundle_display_label": "ACTIVITY",
              "support_linux_unix_platform": true, "system_disk_size": 60,
              "price": [{ "instance_price": [{ "currency": "CNY", "discount_price": 8, "original_price": 70 }] }] },
            { "bundle_id": "bundle_starter_mc_promo_med4_02", "bundle_sales_state": "SOLD_OUT", "cpu": 2, "memory": 4,
              "support_linux_unix_platform": true, "system_disk_size": 60,
              "price": [{ "instance_price": [{ "currency": "CNY", "discount_price": 9.9, "original_price": 70 }] }] },
            { "bundle_id": "bundle_starter_mc_med2_01", "bundle_sales_state": "AVAILABLE", "cpu": 2, "memory": 2,
              "bundle_display_label": "NORMAL",
              "support_linux_unix_platform": true, "support_windows_platform": true, "system_disk_size": 50,
              "price": [{ "instance_price": [{ "currency": "CNY", "discount_price": 40, "original_price": 40 }] }] },
            { "bundle_id": "bundle_gen_mc_med4_01", "bundle_sales_state": "AVAILABLE", "cpu": 2, "memory": 4,
              "bundle_display_label": "NORMAL",
              "support_linux_unix_platform": true, "support_windows_platform": true, "system_disk_size": 80,
              "price": [{ "instance_price": [{ "currency": "CNY", "discount_price": 105.5, "original_price": 110 }] }] },
            { "bundle_id": "bundle_starter_mc_med4_02", "bundle_sales_state": "AVAILABLE", "cpu": 2, "memory": 4,
              "bundle_display_label": "NORMAL",
              "support_linux_unix_platform": true, "support_windows_platform": true, "system_disk_size": 70,
              "internet_max_bandwidth_out": 6, "monthly_traffic": 600, "system_disk_type": "CLOUD_SSD",
              "price": [{ "instance_price": [{ "currency": "CNY", "discount_price": 60, "original_price": 70 }] }] }
        ]"#,
    },
    List {
        type_name: "tencentcloud_lighthouse_region",
        attribute: "region_set",
        items: r#"[{ "region": "{region}", "region_state": "AVAILABLE" }]"#,
    },
    List {
        type_name: "tencentcloud_lighthouse_zone",
        attribute: "zone_info_set",
        items: r#"[{ "zone": "{region}-2", "zone_name": "2" }, { "zone": "{region}-3", "zone_name": "3" }]"#,
    },
    List {
        type_name: "tencentcloud_tat_agent",
        attribute: "automation_agent_set",
        items: r#"[{ "agent_status": "Online", "environment": "Linux", "version": "1.0.0" }]"#,
    },
];
