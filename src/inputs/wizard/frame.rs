//! What is drawn for one question: styled lines, wrapped to the terminal, and where the cursor stands.

use std::io;

use anstream::{AutoStream, ColorChoice};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::text::acts_on_terminal;

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    /// The mark in front of a question, and the option under the cursor.
    Mark,
    Question,
    /// Help and defaults.
    Quiet,
    Answer,
    Problem,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Style::Plain => "",
            Style::Mark => "96",
            Style::Question => "1",
            Style::Quiet => "2",
            Style::Answer => "92",
            Style::Problem => "91",
        }
    }
}

/// The lines of one question, top down.
#[derive(Debug, Default)]
pub(super) struct Frame {
    lines: Vec<Vec<(Style, String)>>,
    /// Line and pieces before the cursor.
    cursor: Option<(usize, usize)>,
}

/// A frame as it goes to the terminal.
#[derive(Debug)]
pub(super) struct LaidOut {
    /// Every line ends in a line feed.
    pub text: String,
    pub rows: usize,
    /// Row and column.
    pub cursor: (usize, usize),
}

impl Frame {
    /// Adds a line of pieces. An answer of a stranger's file may be among them, so nothing in it acts on the terminal.
    pub fn line<const N: usize>(&mut self, pieces: [(Style, &str); N]) {
        let pieces = pieces.map(|(style, text)| (style, text.replace(acts_on_terminal, "\u{fffd}")));
        self.lines.push(pieces.into());
    }

    /// Puts the cursor behind the first `pieces` of the line that was added last.
    pub fn cursor_behind(&mut self, pieces: usize) {
        self.cursor = Some((self.lines.len().saturating_sub(1), pieces));
    }

    /// Adds text that is read, not edited: it is broken between words.
    pub fn paragraph(&mut self, style: Style, text: &str) {
        if text.is_empty() {
            return;
        }
        for line in broken(text, size().0.saturating_sub(4).max(20)) {
            self.line([(style, &line)]);
        }
    }

    pub fn laid_out(&self, width: usize) -> LaidOut {
        let colour = AutoStream::choice(&io::stderr()) != ColorChoice::Never;
        let mut laid_out = LaidOut {
            text: String::new(),
            rows: 0,
            cursor: (0, 0),
        };
        for (number, line) in self.lines.iter().enumerate() {
            let mut column = 0;
            let mark = |laid_out: &mut LaidOut, piece: usize, column: usize| {
                if self.cursor == Some((number, piece)) {
                    laid_out.cursor = (laid_out.rows, column);
                }
            };
            for (piece, (style, text)) in line.iter().enumerate() {
                mark(&mut laid_out, piece, column);
                let styled = colour && *style != Style::Plain && !text.is_empty();
                if styled {
                    laid_out.text.push_str(&format!("\u{1b}[{}m", style.code()));
                }
                for character in text.chars() {
                    let wide = character.width().unwrap_or(0);
                    if column + wide > width {
                        laid_out.text.push('\n');
                        laid_out.rows += 1;
                        column = 0;
                    }
                    laid_out.text.push(character);
                    column += wide;
                }
                if styled {
                    laid_out.text.push_str("\u{1b}[0m");
                }
            }
            mark(&mut laid_out, line.len(), column);
            laid_out.text.push('\n');
            laid_out.rows += 1;
        }
        if self.cursor.is_none() {
            laid_out.cursor = (laid_out.rows, 0);
        }
        laid_out
    }
}

/// Columns and rows; a terminal that does not say is an ordinary one.
pub(super) fn size() -> (usize, usize) {
    match crossterm::terminal::size() {
        Ok((columns, rows)) if columns > 0 && rows > 0 => (usize::from(columns), usize::from(rows)),
        _ => (80, 24),
    }
}

/// Lines no wider than this, broken at blanks; between any two characters where there are none, as Chinese is.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split_inclusive(|c: char| c == ' ' || !c.is_ascii()) {
            // No line begins with the end of a sentence or a bracket.
            let closes = word.starts_with(['，', '。', '、', '；', '：', '？', '！', '）', '”', '…']);
            if !line.is_empty() && !closes && line.width() + word.trim_end().width() > width {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
            }
            line.push_str(word);
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The beginning of a text that fits.
pub(super) fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for character in text.chars() {
        if kept.width() + character.width().unwrap_or(0) + 1 > width {
            break;
        }
        kept.push(character);
    }
    kept + "…"
}
