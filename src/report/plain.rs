//! Text from machines, engines, clouds and files, without what makes a terminal do something else than show it.

use crate::text::acts_on_terminal;

/// Without control characters and those that turn the direction of writing; line breaks, tabs and, where there is colour,
/// the colours of this program stay.
pub(super) fn plain(text: &str, colour: bool) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let own = COLOURS.iter().find(|own| colour && rest.starts_with(**own));
        let taken = own.map_or(c.len_utf8(), |own| own.len());
        if own.is_some() || "\n\t".contains(c) || !acts_on_terminal(c) {
            kept.push_str(&rest[..taken]);
        }
        rest = &rest[taken..];
    }
    kept
}

/// JSON that says the same with all of these written as `\u…`.
pub(super) fn escaped(json: &str) -> String {
    let escape = |c: char| match acts_on_terminal(c) && c != '\n' {
        true => format!("\\u{:04x}", u32::from(c)),
        false => c.to_string(),
    };
    json.chars().map(escape).collect()
}

/// What [`super::Palette`] writes.
const COLOURS: &[&str] = &[
    "\u{1b}[0m",
    "\u{1b}[1m",
    "\u{1b}[31;1m",
    "\u{1b}[32m",
    "\u{1b}[33m",
    "\u{1b}[36m",
];
