//! The terminal while a question is open: keys come in, a frame of lines is drawn again and again on stderr.

use std::io::{Write, stderr};
use std::time::Duration;

use crossterm::cursor::{MoveToColumn, MoveUp};
use crossterm::event::{
    self, DisableBracketedPaste, EnableBracketedPaste, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers,
};
use crossterm::terminal::{self, Clear, ClearType};
use crossterm::{execute, queue};

use super::frame::{Frame, size};
use super::line::Edit;
use crate::error::{Error, Kind, Result};

/// What a person did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Enter,
    /// To the question before.
    Escape,
    /// Ctrl-C, or the end of input.
    Interrupt,
    Up,
    Down,
    PageUp,
    PageDown,
    Edit(Edit),
}

/// The terminal in raw mode; as it was again when this goes.
pub(super) struct Terminal {
    /// Lines of the last frame above the cursor.
    above: usize,
}

impl Terminal {
    pub fn open() -> Result<Terminal> {
        terminal::enable_raw_mode().map_err(unusable)?;
        let opened = Terminal { above: 0 };
        execute!(stderr(), EnableBracketedPaste).map_err(unusable)?;
        Ok(opened)
    }

    /// The keys since the last frame, at least one: a pasted line is drawn once.
    pub fn keys(&mut self) -> Result<Vec<Key>> {
        let mut keys = Vec::new();
        loop {
            keys.extend(key(&event::read().map_err(unusable)?));
            // What was typed ahead of the next question is for the next question.
            let ends = matches!(keys.last(), Some(Key::Enter | Key::Escape | Key::Interrupt));
            let more = event::poll(Duration::ZERO).map_err(unusable)?;
            if ends || (!keys.is_empty() && !more) {
                return Ok(keys);
            }
        }
    }

    /// Draws over the last frame.
    pub fn draw(&mut self, frame: &Frame) -> Result<()> {
        // The last column stays free: a terminal that has reached it is of two minds about where the cursor is.
        let laid_out = frame.laid_out(size().0.saturating_sub(1).max(20));
        let mut out = self.wiped()?;
        out.extend(laid_out.text.replace('\n', "\r\n").bytes());
        let below = laid_out.rows - laid_out.cursor.0;
        if below > 0 {
            queue!(out, MoveUp(short(below))).map_err(unusable)?;
        }
        queue!(out, MoveToColumn(short(laid_out.cursor.1))).map_err(unusable)?;
        self.above = laid_out.cursor.0;
        write(&out)
    }

    /// Takes the frame away and leaves these lines in its place.
    pub fn leave(mut self, frame: &Frame) -> Result<()> {
        let laid_out = frame.laid_out(size().0.saturating_sub(1).max(20));
        let mut out = self.wiped()?;
        out.extend(laid_out.text.replace('\n', "\r\n").bytes());
        self.above = 0;
        write(&out)
    }

    fn wiped(&self) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        if self.above > 0 {
            queue!(out, MoveUp(short(self.above))).map_err(unusable)?;
        }
        queue!(out, MoveToColumn(0), Clear(ClearType::FromCursorDown)).map_err(unusable)?;
        Ok(out)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = execute!(stderr(), DisableBracketedPaste);
        let _ = terminal::disable_raw_mode();
    }
}

fn key(event: &Event) -> Option<Key> {
    match event {
        Event::Key(pressed) if pressed.kind != KeyEventKind::Release => of_key(*pressed),
        Event::Paste(text) => Some(Key::Edit(Edit::Insert(one_line(text)))),
        // Drawn anew, for another width.
        Event::Resize(..) => Some(Key::Edit(Edit::Insert(String::new()))),
        _ => None,
    }
}

fn of_key(pressed: KeyEvent) -> Option<Key> {
    let word = pressed.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    let edit = match pressed.code {
        KeyCode::Enter => return Some(Key::Enter),
        KeyCode::Esc => return Some(Key::Escape),
        KeyCode::Up => return Some(Key::Up),
        KeyCode::Down => return Some(Key::Down),
        KeyCode::PageUp => return Some(Key::PageUp),
        KeyCode::PageDown => return Some(Key::PageDown),
        KeyCode::Char(letter) if pressed.modifiers.contains(KeyModifiers::CONTROL) => return with_control(letter),
        KeyCode::Char(letter) if !pressed.modifiers.contains(KeyModifiers::ALT) => Edit::Insert(letter.to_string()),
        KeyCode::Backspace if word => Edit::EraseWord,
        KeyCode::Backspace => Edit::Backspace,
        KeyCode::Delete => Edit::Delete,
        KeyCode::Left if word => Edit::WordLeft,
        KeyCode::Left => Edit::Left,
        KeyCode::Right if word => Edit::WordRight,
        KeyCode::Right => Edit::Right,
        KeyCode::Home => Edit::Home,
        KeyCode::End => Edit::End,
        _ => return None,
    };
    Some(Key::Edit(edit))
}

/// The keys of a shell's line; every other one does nothing, least of all write its letter.
fn with_control(letter: char) -> Option<Key> {
    Some(match letter {
        'c' | 'd' => Key::Interrupt,
        'j' | 'm' => Key::Enter,
        'g' => Key::Escape,
        'n' => Key::Down,
        'p' => Key::Up,
        'a' => Key::Edit(Edit::Home),
        'b' => Key::Edit(Edit::Left),
        'e' => Key::Edit(Edit::End),
        'f' => Key::Edit(Edit::Right),
        'h' => Key::Edit(Edit::Backspace),
        'k' => Key::Edit(Edit::EraseAfter),
        'u' => Key::Edit(Edit::EraseBefore),
        'w' => Key::Edit(Edit::EraseWord),
        _ => return None,
    })
}

/// What was pasted, as one line: the check says what is wrong with several.
fn one_line(text: &str) -> String {
    text.trim_end_matches(['\r', '\n'])
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

fn short(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

fn write(bytes: &[u8]) -> Result<()> {
    let mut stderr = stderr().lock();
    stderr.write_all(bytes).and_then(|()| stderr.flush()).map_err(unusable)
}

fn unusable(error: std::io::Error) -> Error {
    Error::new(Kind::Failed, format!("cannot ask on this terminal: {error}"))
        .hint("give the answers as flags, with --non-interactive")
}
