//! Helpers for words and values in messages.

/// The candidate that `word` is probably a typo of, if any.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Whether a character controls the terminal: control characters, and those that change the text direction.
pub fn acts_on_terminal(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `1 file`, `2 files`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// A value made safe for a message: one line, short, no control characters.
pub fn shown(value: &str) -> String {
    let plain = |c: char| match c {
        '\'' | '"' => c.to_string(),
        other => other.escape_debug().to_string(),
    };
    let clean: String = value.chars().take(60).map(plain).collect();
    if value.chars().count() > 60 { clean + "…" } else { clean }
}
