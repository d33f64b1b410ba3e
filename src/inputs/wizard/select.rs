//! A question that is answered by choosing from a list, which typing makes shorter.

use super::Reply;
use super::frame::{Frame, Style, shortened, size};
use super::line::Line;
use super::terminal::{Key, Terminal};
use super::text::{done, stopped};
use crate::error::Result;
use crate::tables::{Lang, words};

/// Rows of a list that are seen at once.
const PAGE: usize = 12;

/// One of the answers.
#[derive(Clone, Debug, Default)]
pub(super) struct MenuItem {
    pub label: String,
    /// Further words that find it.
    pub words: String,
    /// Words that it is the first answer to.
    pub first_for: String,
}

impl MenuItem {
    pub fn new(label: impl Into<String>) -> MenuItem {
        MenuItem {
            label: label.into(),
            ..MenuItem::default()
        }
    }

    /// Whether every word that was typed is part of it.
    fn is_meant(&self, typed: &str) -> bool {
        holds(&format!("{} {} {}", self.label, self.words, self.first_for), typed)
    }

    /// How far down it belongs among those that are meant.
    fn rank(&self, typed: &str) -> u8 {
        let typed = typed.trim().to_lowercase();
        if self.first_for.split_whitespace().any(|word| word == typed) {
            0
        } else if holds(&self.label, &typed) {
            1
        } else {
            2
        }
    }
}

fn holds(text: &str, typed: &str) -> bool {
    let text = text.to_lowercase();
    typed.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

/// Asks for one of the choices; `start` is under the cursor at first.
///
/// # Errors
/// Interrupted, or a terminal that does not work.
pub(super) fn select(
    lang: Lang,
    question: &str,
    help: &str,
    choices: &[MenuItem],
    start: usize,
) -> Result<Reply<usize>> {
    let mut terminal = Terminal::open()?;
    let mut filter = Line::new();
    let mut found: Vec<usize> = (0..choices.len()).collect();
    let mut cursor = start.min(choices.len().saturating_sub(1));
    loop {
        terminal.draw(&frame(lang, question, help, choices, &found, cursor, &filter))?;
        for key in terminal.keys()? {
            let last = found.len().saturating_sub(1);
            match key {
                Key::Interrupt => return Err(stopped(lang)),
                Key::Escape => {
                    terminal.leave(&Frame::default())?;
                    return Ok(Reply::Back);
                }
                Key::Enter => {
                    if let Some(chosen) = found.get(cursor) {
                        terminal.leave(&done(question, &choices[*chosen].label))?;
                        return Ok(Reply::Given(*chosen));
                    }
                }
                Key::Up => cursor = cursor.checked_sub(1).unwrap_or(last),
                Key::Down => cursor = if cursor >= last { 0 } else { cursor + 1 },
                Key::PageUp => cursor = cursor.saturating_sub(PAGE),
                Key::PageDown => cursor = (cursor + PAGE).min(last),
                Key::Edit(edit) => {
                    let before = filter.text();
                    filter.apply(&edit);
                    let typed = filter.text();
                    if typed != before {
                        let meant = |number: &usize| choices[*number].is_meant(&typed);
                        found = (0..choices.len()).filter(meant).collect();
                        found.sort_by_key(|number| choices[*number].rank(&typed));
                        cursor = if typed.trim().is_empty() { start } else { 0 };
                    }
                }
            }
        }
    }
}

fn frame(
    lang: Lang,
    question: &str,
    help: &str,
    choices: &[MenuItem],
    found: &[usize],
    cursor: usize,
    filter: &Line,
) -> Frame {
    let (columns, rows) = size();
    let mut frame = Frame::default();
    let (before, after) = filter.halves();
    frame.line([
        (Style::Mark, "? "),
        (Style::Question, question),
        (Style::Plain, " "),
        (Style::Plain, &before.iter().collect::<String>()),
        (Style::Plain, &after.iter().collect::<String>()),
    ]);
    frame.cursor_behind(4);
    let page = PAGE.min(rows.saturating_sub(8).max(3));
    let first = cursor.saturating_sub(page / 2).min(found.len().saturating_sub(page));
    for (row, number) in found.iter().enumerate().skip(first).take(page) {
        let label = shortened(&choices[*number].label, columns.saturating_sub(4).max(20));
        let more = (row == first && first > 0) || (row + 1 == first + page && row + 1 < found.len());
        match (row == cursor, more) {
            (true, _) => frame.line([(Style::Mark, "> "), (Style::Mark, &label)]),
            (false, true) => frame.line([(Style::Quiet, "… "), (Style::Plain, &label)]),
            (false, false) => frame.line([(Style::Plain, "  "), (Style::Plain, &label)]),
        }
    }
    if found.is_empty() {
        let nothing = words("no match; Ctrl-U clears the search", "列表里没有匹配的选项；按 Ctrl-U 清空输入");
        frame.paragraph(Style::Problem, nothing.say(lang));
    }
    frame.paragraph(Style::Quiet, help);
    let keys = if !filter.is_empty() || choices.len() > page {
        words(
            "↑ ↓ or type to search, Enter to choose, Esc to go back",
            "↑ ↓ 移动，输入文字查找，回车选择，Esc 返回上一题",
        )
    } else {
        words("↑ ↓ and Enter to choose, Esc to go back", "↑ ↓ 移动，回车选择，Esc 返回上一题")
    };
    frame.paragraph(Style::Quiet, keys.say(lang));
    frame
}
