//! A question that is answered by typing.

use zeroize::Zeroizing;

use super::Reply;
use super::frame::{Frame, Style, shortened};
use super::line::Line;
use super::terminal::{Key, Terminal};
use crate::clouds::Cloud;
use crate::error::{Error, Kind, Result};
use crate::tables::translation::say;
use crate::tables::{Lang, Row, words};

/// What is asked, in the language it is asked in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Text<'a> {
    pub question: &'a str,
    /// What Enter gives; none when empty.
    pub default: &'a str,
    pub help: &'a str,
    /// Said before anything was typed.
    pub problem: Option<&'a str>,
    /// Shown as stars, and never afterwards.
    pub masked: bool,
    /// How an empty answer is shown afterwards.
    pub nothing: &'a str,
}

/// Asks until the check is content; blanks around the answer fall away.
///
/// # Errors
/// Interrupted, or a terminal that does not work.
pub(super) fn text(lang: Lang, asked: &Text, check: &dyn Fn(&str) -> Result<()>) -> Result<Reply<Zeroizing<String>>> {
    let mut terminal = Terminal::open()?;
    let mut line = Line::new();
    let mut problem = asked.problem.map(str::to_owned);
    loop {
        terminal.draw(&frame(asked, &line, problem.as_deref()))?;
        for key in terminal.keys()? {
            match key {
                Key::Interrupt => return Err(stopped(lang)),
                Key::Escape => {
                    terminal.leave(&Frame::default())?;
                    return Ok(Reply::Back);
                }
                Key::Enter => {
                    let typed = Zeroizing::new(line.text());
                    let typed =
                        Zeroizing::new(if typed.trim().is_empty() { asked.default } else { typed.trim() }.to_owned());
                    match check(&typed) {
                        Ok(()) => {
                            terminal.leave(&answered(asked, &typed))?;
                            return Ok(Reply::Given(typed));
                        }
                        Err(error) => problem = Some(explained(lang, &error)),
                    }
                }
                Key::Edit(edit) => {
                    line.apply(&edit);
                    problem = None;
                }
                Key::Up | Key::Down | Key::PageUp | Key::PageDown => {}
            }
        }
    }
}

fn frame(asked: &Text, line: &Line, problem: Option<&str>) -> Frame {
    let shown = |half: &[char]| -> String { half.iter().map(|c| if asked.masked { '*' } else { *c }).collect() };
    let (before, after) = line.halves();
    let default = match asked.default {
        "" => String::new(),
        default => format!("({}) ", shortened(default, 60)),
    };
    let mut frame = Frame::default();
    frame.line([
        (Style::Mark, "? "),
        (Style::Question, asked.question),
        (Style::Plain, " "),
        (Style::Quiet, &default),
        (Style::Plain, &shown(before)),
        (Style::Plain, &shown(after)),
    ]);
    frame.cursor_behind(5);
    if let Some(problem) = problem {
        frame.paragraph(Style::Problem, problem);
    }
    frame.paragraph(Style::Quiet, asked.help);
    frame
}

fn answered(asked: &Text, typed: &str) -> Frame {
    let shown = match typed {
        "" => asked.nothing,
        _ if asked.masked => "********",
        typed => typed,
    };
    done(asked.question, shown)
}

/// A question with its answer, as it stays on the screen.
pub(super) fn done(question: &str, answer: &str) -> Frame {
    let mut frame = Frame::default();
    frame.line([
        (Style::Mark, "> "),
        (Style::Question, question),
        (Style::Plain, " "),
        (Style::Answer, answer),
    ]);
    frame
}

/// What is wrong and what to do, as flags are answered.
fn explained(lang: Lang, error: &Error) -> String {
    let mut text = match (lang, error.chinese()) {
        (Lang::ZhCn, Some(chinese)) => chinese.to_owned(),
        _ => say(lang, error.message()).into_owned(),
    };
    for hint in error.hints() {
        text.push('\n');
        text.push_str(&say(lang, hint));
    }
    for cloud in Cloud::rows() {
        text = text.replace(cloud.display_name.en, cloud.display_name.say(lang));
    }
    text
}

pub(super) fn stopped(lang: Lang) -> Error {
    let stopped = words("stopped; nothing was written", "已停止，没有写入任何文件");
    Error::new(Kind::Interrupted, stopped.say(lang))
}
