//! Machine sizes of Azure.

use crate::clouds::Size;
use crate::tables::Architecture;

/// Estimates for East US, Linux, pay as you go.
pub(super) const SIZES: &[Size] = &[
    size("Standard_B2als_v2", 2, 4, 27.5),
    size("Standard_B2as_v2", 2, 8, 55.0),
    size("Standard_B2pls_v2", 2, 4, 25.0),
    size("Standard_B2ps_v2", 2, 8, 49.0),
    size("Standard_B2ats_v2", 2, 1, 7.0),
    size("Standard_B2pts_v2", 2, 1, 6.2),
    size("Standard_B4als_v2", 4, 8, 107.0),
];

const fn size(slug: &'static str, vcpus: u16, memory_gib: u16, monthly_usd: f32) -> Size {
    Size {
        slug,
        vcpus,
        memory_gib,
        monthly_usd: Some(monthly_usd),
    }
}

/// Size names are `<tier>_<family><vcpus>[-<constrained>]<features>[_<accelerator>][_v<n>]`;
/// a `p` among the features says ARM.
/// Source: https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions
pub(super) fn architecture(size: &str) -> Option<Architecture> {
    let rest = size.strip_prefix("Standard_")?;
    let well_formed = rest.len() <= 40
        && rest.starts_with(|c: char| c.is_ascii_uppercase())
        && rest.contains(|c: char| c.is_ascii_digit())
        && rest
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if !well_formed {
        return None;
    }
    Some(if features(rest).contains('p') {
        Architecture::Arm64
    } else {
        Architecture::X64
    })
}

fn features(rest: &str) -> &str {
    let first = rest.split('_').next().unwrap_or(rest);
    first
        .trim_start_matches(|c: char| c.is_ascii_uppercase())
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == '-')
}

/// Documented: x64 families B, D, E and F from generation 3 on, and of the ARM families only v6.
/// Source: https://learn.microsoft.com/azure/virtual-machines/trusted-launch
pub(super) fn trusted_launch(size: &str) -> bool {
    let rest = size.strip_prefix("Standard_").unwrap_or(size);
    match architecture(size) {
        Some(Architecture::X64) => {
            let generation = rest.rsplit_once("_v").and_then(|(_, v)| v.parse::<u8>().ok());
            rest.starts_with('B') || (rest.starts_with(['D', 'E', 'F']) && generation >= Some(3))
        }
        Some(Architecture::Arm64) => rest.starts_with(['D', 'E']) && rest.ends_with("_v6"),
        None => false,
    }
}
