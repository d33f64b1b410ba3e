//! The line being typed: what the usual keys of a shell do to it.

use zeroize::Zeroize;

/// Longer than any secret or key; a line that never grows leaves no copy of itself behind.
const CAPACITY: usize = 20_000;

/// What a key does to the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    Insert(String),
    /// The character before the cursor.
    Backspace,
    /// The character under the cursor.
    Delete,
    /// Everything before the cursor: Ctrl-U.
    EraseBefore,
    /// Everything from the cursor on: Ctrl-K.
    EraseAfter,
    /// The word before the cursor: Ctrl-W.
    EraseWord,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
}

/// Text and cursor; wiped when it goes, since it may be a secret.
#[derive(Debug)]
pub(super) struct Line {
    characters: Vec<char>,
    cursor: usize,
}

impl Line {
    pub fn new() -> Line {
        Line {
            characters: Vec::with_capacity(CAPACITY),
            cursor: 0,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.characters.is_empty()
    }

    pub fn text(&self) -> String {
        self.characters.iter().collect()
    }

    /// What stands before the cursor, and what stands after it.
    pub fn halves(&self) -> (&[char], &[char]) {
        self.characters.split_at(self.cursor)
    }

    pub fn apply(&mut self, edit: &Edit) {
        let length = self.characters.len();
        match edit {
            Edit::Insert(text) => {
                for character in text.chars().take(CAPACITY - length) {
                    self.characters.insert(self.cursor, character);
                    self.cursor += 1;
                }
            }
            Edit::Backspace => self.erase(self.cursor.saturating_sub(1), self.cursor),
            Edit::Delete => self.erase(self.cursor, (self.cursor + 1).min(length)),
            Edit::EraseBefore => self.erase(0, self.cursor),
            Edit::EraseAfter => self.erase(self.cursor, length),
            Edit::EraseWord => self.erase(self.word_start(), self.cursor),
            Edit::Left => self.cursor = self.cursor.saturating_sub(1),
            Edit::Right => self.cursor = (self.cursor + 1).min(length),
            Edit::WordLeft => self.cursor = self.word_start(),
            Edit::WordRight => self.cursor = self.word_end(),
            Edit::Home => self.cursor = 0,
            Edit::End => self.cursor = length,
        }
    }

    fn erase(&mut self, from: usize, to: usize) {
        self.characters.drain(from..to);
        self.cursor = from;
    }

    /// Words end at blanks, as in a terminal without an editor, so that an address goes as a whole.
    fn word_start(&self) -> usize {
        let before = &self.characters[..self.cursor];
        let word = before.iter().rposition(|c| !c.is_whitespace()).map_or(0, |at| at + 1);
        before[..word]
            .iter()
            .rposition(|c| c.is_whitespace())
            .map_or(0, |at| at + 1)
    }

    fn word_end(&self) -> usize {
        let length = self.characters.len();
        let after = &self.characters[self.cursor..];
        let word = after.iter().position(|c| !c.is_whitespace()).unwrap_or(after.len());
        after[word..]
            .iter()
            .position(|c| c.is_whitespace())
            .map_or(length, |at| self.cursor + word + at)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.characters.zeroize();
    }
}
