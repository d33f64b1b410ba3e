//! Text from machines, engines, clouds and files, without characters that control a terminal.

use crate::text::acts_on_terminal;

/// Removes control characters and those that change the text direction; keeps line breaks, tabs and, with colour, this
/// program's own colours.
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

/// The same JSON with these characters written as `\u…`.
pub(super) fn escaped(json: &str) -> String {
    let escape = |c: char| match acts_on_terminal(c) && c != '\n' {
        true => format!("\\u{:04x}", u32::from(c)),
        false => c.to_string(),
    };
    json.chars().map(escape).collect()
}

/// The codes of [`super::Palette`].
const COLOURS: &[&str] = &[
    "\u{1b}[0m",
    "\u{1b}[1m",
    "\u{1b}[31;1m",
    "\u{1b}[32m",
    "\u{1b}[33m",
    "\u{1b}[36m",
];
