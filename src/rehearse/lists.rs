//! What data sources list: computed attributes that are lists of objects.
//!
//! Texts are filled in like those of `values`. Fields that are left out are empty, zero or false.
//! What a query filters by is not looked at: whoever asks must look as well.

/// One attribute's items.
pub(super) struct List {
    pub(super) type_name: &'static str,
    pub(super) attribute: &'static str,
    /// JSON.
    pub(super) items: &'static str,
}

pub(super) const LISTS: &[List] = &[];
