//! Where a machine can stand, and how large it is.

use crate::tables::Words;

/// A region of a cloud.
#[derive(Clone, Copy, Debug)]
pub struct Region {
    pub slug: &'static str,
    /// The place it is named after, as people know it.
    pub place: Words,
    /// In mainland China, where other downloads and another language are the default.
    pub mainland: bool,
}

impl Region {
    pub const fn at(slug: &'static str, place: Words) -> Region {
        Region {
            slug,
            place,
            mainland: false,
        }
    }

    pub const fn in_mainland_china(slug: &'static str, place: Words) -> Region {
        Region {
            slug,
            place,
            mainland: true,
        }
    }
}

/// A machine size, as far as its name or the table tells.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub slug: &'static str,
    pub vcpus: u16,
    pub memory_gib: u16,
    /// Estimate, US dollars a month, Linux, in the cloud's default region; `None` where only the cloud knows.
    pub monthly_usd: Option<f32>,
}
