//! What a cloud accepts as tags.

#[derive(Clone, Copy, Debug)]
pub struct TagRules {
    pub most: usize,
    pub longest_key: usize,
    pub longest_value: usize,
    /// Characters a key may not hold.
    pub not_in_key: &'static str,
    /// Words a key may not start with, lower case.
    pub reserved_prefixes: &'static [&'static str],
}
