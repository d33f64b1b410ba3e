//! The tables: everything that differs between clouds, bridges and providers.
//!
//! Lists, help, suggestions and tests derive from these slices. Adding a provider or a bridge is
//! one row; adding a cloud is one row and one `modules/<cloud>/`.

mod bridge;
mod choice;
mod cloud;
mod families;
mod places;
mod provider;
pub mod provisioning;
mod release;
pub mod secret_form;
pub mod translation;

pub use bridge::{BRIDGES, Bridge, SecretKey, Setting};
pub use choice::{Architecture, Bootstrap, Choice, CnbDeploy, Install, Lang, SecretStore};
pub use cloud::{CLOUDS, Cloud, Fact, MIRRORS, Metadata, Mirror, PRICE_OUTPUT, RootVariable, Size, SourceDefaults};
pub use families::FAMILIES;
pub use places::place;
pub use provider::{BaseUrl, KeyBroker, KeyHeader, PROVIDERS, Provider};
pub use release::{Download, RELEASES, Release};

use crate::error::{Error, Result};

/// A table row that users name by slug.
pub trait Row: Sized + 'static {
    /// Singular noun for messages: `cloud`, `bridge`, `provider`.
    const NOUN: &'static str;

    fn rows() -> &'static [Self];
    fn slug(&self) -> &'static str;
    fn aliases(&self) -> &'static [&'static str];
}

macro_rules! row {
    ($type:ty, $noun:literal, $rows:expr) => {
        impl Row for $type {
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

row!(Cloud, "cloud", CLOUDS);
row!(Bridge, "bridge", BRIDGES);
row!(Provider, "provider", PROVIDERS);

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

/// The candidate a typing slip away from `word`, if any.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Whether a character makes a terminal do something else than show it: controls, and what turns the direction of writing.
pub fn acts_on_terminal(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `1 file`, `2 files`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// A value as it may stand in a message: one line, short, no control characters.
pub fn shown(value: &str) -> String {
    let plain = |c: char| match c {
        '\'' | '"' => c.to_string(),
        other => other.escape_debug().to_string(),
    };
    let clean: String = value.chars().take(60).map(plain).collect();
    if value.chars().count() > 60 { clean + "…" } else { clean }
}
