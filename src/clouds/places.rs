//! Where the clouds' regions are. Source: the clouds' own lists of regions, 2026-11.

/// The place a region is named after, as people know it.
pub fn place(region: &str) -> Option<&'static str> {
    PLACES.iter().find(|(slug, _)| *slug == region).map(|(_, name)| *name)
}

#[rustfmt::skip]
const PLACES: &[(&str, &str)] = &[
    ("australiacentral", "Canberra"), ("australiaeast", "Sydney"), ("australiasoutheast", "Melbourne"),
    ("austriaeast", "Vienna"), ("belgiumcentral", "Brussels"), ("brazilsouth", "São Paulo"),
    ("canadacentral", "Toronto"), ("canadaeast", "Quebec"), ("centralindia", "Pune"), ("centralus", "Iowa"),
    ("chilecentral", "Santiago"), ("eastasia", "Hong Kong"), ("eastus", "Virginia"), ("eastus2", "Virginia"),
    ("francecentral", "Paris"), ("germanywestcentral", "Frankfurt"), ("indonesiacentral", "Jakarta"),
    ("israelcentral", "Israel"), ("italynorth", "Milan"), ("japaneast", "Tokyo"), ("japanwest", "Osaka"),
    ("jioindiawest", "Jamnagar"), ("koreacentral", "Seoul"), ("koreasouth", "Busan"),
    ("malaysiawest", "Kuala Lumpur"), ("mexicocentral", "Querétaro"), ("newzealandnorth", "Auckland"),
    ("northcentralus", "Illinois"), ("northeurope", "Ireland"), ("norwayeast", "Oslo"), ("polandcentral", "Warsaw"),
    ("qatarcentral", "Doha"), ("southafricanorth", "Johannesburg"), ("southcentralus", "Texas"),
    ("southeastasia", "Singapore"), ("southindia", "Chennai"), ("spaincentral", "Madrid"), ("swedencentral", "Gävle"),
    ("switzerlandnorth", "Zurich"), ("uaenorth", "Dubai"), ("uksouth", "London"), ("ukwest", "Cardiff"),
    ("westcentralus", "Wyoming"), ("westeurope", "Netherlands"), ("westindia", "Mumbai"), ("westus", "California"),
    ("westus2", "Washington State"), ("westus3", "Arizona"),
    ("ap-beijing", "Beijing"), ("ap-chengdu", "Chengdu"), ("ap-guangzhou", "Guangzhou"), ("ap-hongkong", "Hong Kong"),
    ("ap-mumbai", "Mumbai"), ("ap-nanjing", "Nanjing"), ("ap-shanghai", "Shanghai"), ("ap-singapore", "Singapore"),
    ("ap-tokyo", "Tokyo"), ("eu-frankfurt", "Frankfurt"), ("na-siliconvalley", "Silicon Valley"),
];
