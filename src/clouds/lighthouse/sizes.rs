//! Machine sizes of Lighthouse.

use crate::clouds::Size;
use crate::tables::Architecture;

/// What is on sale differs by region and day, and so do the prices: Tencent is asked while planning.
pub(super) const SIZES: &[Size] = &[
    size("auto", 2, 4),
    size("bundle_rs_nmc_lin_med1_02", 2, 1),
    size("bundle_rs_nmc_lin_med2_01", 2, 2),
    size("bundle_starter_mc_med2_01", 2, 2),
    size("bundle_starter_mc_med4_02", 2, 4),
    size("bundle_starter_mc_promo_med4_02", 2, 4),
    size("bundle_starter_nmc_lin_med4_01", 2, 4),
];

const fn size(slug: &'static str, vcpus: u16, memory_gib: u16) -> Size {
    Size {
        slug,
        vcpus,
        memory_gib,
        monthly_usd: None,
    }
}

/// Every bundle is x64.
pub(super) fn architecture(size: &str) -> Option<Architecture> {
    let is_bundle = size.strip_prefix("bundle").is_some_and(|rest| {
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.starts_with('_')
            && (3..=61).contains(&rest.len())
            && rest
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    });
    (size == "auto" || is_bundle).then_some(Architecture::X64)
}
