//! What the tables share: rows with slugs, closed choices, and how a row is found.

mod choice;
pub mod secret_form;
pub mod translation;
mod words;

pub use choice::{Architecture, Bootstrap, Choice, CnbDeploy, Install, Lang};
pub use words::{Wording, Words, words};

use std::sync::OnceLock;

use crate::error::{Error, Result};
use crate::text::{nearest, shown};

/// A table row that users name by slug.
pub trait Row: Clone + Send + Sync + 'static {
    /// Singular noun for messages: `cloud`, `bridge`, `provider`.
    const NOUN: &'static str;

    fn table() -> &'static Table<Self>;
    fn slug(&self) -> &'static str;
    fn aliases(&self) -> &'static [&'static str];

    /// In the order users see them.
    fn rows() -> &'static [Self] {
        Self::table().rows()
    }
}

/// The rows of one kind. A program that embeds this library can have rows of its own.
#[derive(Debug)]
pub struct Table<R: 'static> {
    own: &'static [R],
    all: OnceLock<Vec<R>>,
}

impl<R: Clone> Table<R> {
    pub const fn new(own: &'static [R]) -> Table<R> {
        Table {
            own,
            all: OnceLock::new(),
        }
    }

    fn rows(&self) -> &[R] {
        self.all.get_or_init(|| self.own.to_vec())
    }

    /// Adds rows after the existing ones; once, and before anything is looked up.
    ///
    /// # Panics
    /// The table was read before, so a reader may have missed these rows.
    pub fn extend(&self, more: &[R]) {
        let all = self.own.iter().chain(more).cloned().collect();
        assert!(self.all.set(all).is_ok(), "the table was read before rows were added to it");
    }
}

/// Makes a type the row of a table.
macro_rules! row {
    ($type:ty, $noun:literal, $rows:expr) => {
        impl $crate::tables::Row for $type {
            const NOUN: &'static str = $noun;

            fn table() -> &'static $crate::tables::Table<Self> {
                static TABLE: $crate::tables::Table<$type> = $crate::tables::Table::new($rows);
                &TABLE
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
/// Unknown name: says what was given, the nearest slug, and every allowed one.
pub fn find<R: Row>(name: &str) -> Result<&'static R> {
    let wanted = name.trim().to_lowercase().replace('_', "-");
    R::rows()
        .iter()
        .find(|row| row.slug() == wanted || row.aliases().contains(&wanted.as_str()))
        .ok_or_else(|| {
            let slugs = || R::rows().iter().map(Row::slug);
            let aliases = || R::rows().iter().flat_map(|row| row.aliases().iter().copied());
            let article = if R::NOUN.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            let error = Error::usage(format!(
                "`{}` is not {article} {}; allowed: {}",
                shown(name),
                R::NOUN,
                slugs().collect::<Vec<_>>().join(", ")
            ));
            let error = error.about(R::NOUN, "", name);
            match nearest(&wanted, slugs().chain(aliases())) {
                Some(near) => error.better("did you mean {}?", R::NOUN, near),
                None => error.hint(format!("run `remote-setup choices {}s`", R::NOUN)),
            }
        })
}
