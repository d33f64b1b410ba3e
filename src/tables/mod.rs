//! What the tables have in common: rows with slugs, closed choices, and how a row is found.

mod choice;
pub mod secret_form;
pub mod translation;
mod words;

pub use choice::{Architecture, Bootstrap, Choice, CnbDeploy, Install, Lang, SecretStore};
pub use words::{Words, words};

use crate::error::{Error, Result};
use crate::text::{nearest, shown};

/// A table row that users name by slug.
pub trait Row: Sized + 'static {
    /// Singular noun for messages: `cloud`, `bridge`, `provider`.
    const NOUN: &'static str;

    fn rows() -> &'static [Self];
    fn slug(&self) -> &'static str;
    fn aliases(&self) -> &'static [&'static str];
}

/// Makes a type the row of a table.
macro_rules! row {
    ($type:ty, $noun:literal, $rows:expr) => {
        impl $crate::tables::Row for $type {
            const NOUN: &'static str = $noun;

            fn rows() -> &'static [Self] {
                $rows
            }
            fn slug(&self) -> &'static str {
                self.slug
            }
            fn aliases(&self) -> &'static [&'static str] {
                self.aliases
            }
        }
    };
}
pub(crate) use row;

/// Finds a row by slug or alias; case and `_` against `-` do not matter.
///
/// # Errors
/// Unknown name: what was given, the nearest slug, and every allowed one.
pub fn find<R: Row>(name: &str) -> Result<&'static R> {
    let wanted = name.trim().to_lowercase().replace('_', "-");
    R::rows()
        .iter()
        .find(|row| row.slug() == wanted || row.aliases().contains(&wanted.as_str()))
        .ok_or_else(|| {
            let slugs = || R::rows().iter().map(Row::slug);
            let aliases = || R::rows().iter().flat_map(|row| row.aliases().iter().copied());
            let error = Error::usage(format!(
                "`{}` is not a {}; allowed: {}",
                shown(name),
                R::NOUN,
                slugs().collect::<Vec<_>>().join(", ")
            ));
            let error = error.about(R::NOUN, "", name);
            match nearest(&wanted, slugs().chain(aliases())) {
                Some(near) => error.better("did you mean {}?", R::NOUN, near),
                None => error.hint(format!("run `remote-setup list {}s`", R::NOUN)),
            }
        })
}
