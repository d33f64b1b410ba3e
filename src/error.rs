//! The one error type: what happened, what to do, and the exit code that says which kind it was.

mod cause;

use std::fmt;

pub use cause::{json, why};

/// Why the program stops; each kind is one exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something outside our control failed. Exit 1.
    Failed,
    /// Bad input or usage. Exit 2.
    Usage,
    /// `--check` found a difference. Exit 3.
    Differs,
    /// The person said no. Exit 4.
    Declined,
    /// Escape or Ctrl-C. Exit 130.
    Interrupted,
}

impl Kind {
    pub fn exit_code(self) -> u8 {
        match self {
            Kind::Failed => 1,
            Kind::Usage => 2,
            Kind::Differs => 3,
            Kind::Declined => 4,
            Kind::Interrupted => 130,
        }
    }

    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Failed => "failed",
            Kind::Usage => "usage",
            Kind::Differs => "differs",
            Kind::Declined => "declined",
            Kind::Interrupted => "interrupted",
        }
    }
}

/// An error as the user sees it: `Error:` and, where there is one, `Hint:`.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    message: String,
    /// The message in Chinese, where it has words of the tables.
    chinese: Option<Box<str>>,
    hints: Vec<String>,
    answer: Option<Box<AboutAnswer>>,
    is_printed: bool,
}

/// The answer an error is about, for callers that know where it was given.
#[derive(Debug)]
struct AboutAnswer {
    /// Its key in the spec.
    key: String,
    value: String,
    /// The message without a name for the answer.
    what: String,
    /// Hints with a better answer: the hint's index, its text with `{}`, and the answer.
    better: Vec<(usize, &'static str, String)>,
}

/// Where an answer was given, as named in messages.
#[derive(Debug)]
pub struct Place {
    /// What the message starts with.
    pub named: String,
    /// The place to correct it.
    pub within: String,
    /// There, values are written after their key.
    pub keyed: bool,
}

impl Error {
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Error {
            kind,
            message: message.into(),
            chinese: None,
            hints: Vec::new(),
            answer: None,
            is_printed: false,
        }
    }

    /// Bad input or usage.
    pub fn usage(message: impl Into<String>) -> Self {
        Error::new(Kind::Usage, message)
    }

    /// Adds the message in Chinese.
    #[must_use]
    pub fn in_chinese(mut self, text: impl Into<Box<str>>) -> Self {
        self.chinese = Some(text.into());
        self
    }

    /// Adds one thing the user can do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Names the refused answer: its key in the spec, a name for when its place is not known, and its value.
    #[must_use]
    pub fn about(mut self, key: &str, name: &str, value: &str) -> Self {
        self.answer = Some(Box::new(AboutAnswer {
            key: key.to_owned(),
            value: value.to_owned(),
            what: self.message.clone(),
            better: Vec::new(),
        }));
        self.named(name)
    }

    /// Names the answer for when its place is not known.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        match name {
            "" => self,
            name => self.context(name),
        }
    }

    /// Adds a hint with a better answer in place of `{}`, written as `flag` until its place is known.
    #[must_use]
    pub fn better(mut self, text: &'static str, flag: &str, value: &str) -> Self {
        if let Some(answer) = &mut self.answer {
            answer.better.push((self.hints.len(), text, value.to_owned()));
        }
        self.hint(text.replace("{}", &format!("`--{flag} {value}`")))
    }

    /// Rewrites the message for the place where the answer was given, if `find` knows it by key and value.
    #[must_use]
    pub fn placed(mut self, find: impl FnOnce(&str, &str) -> Option<Place>) -> Self {
        let Some((answer, place)) = self
            .answer
            .take()
            .and_then(|answer| find(&answer.key, &answer.value).map(|place| (answer, place)))
        else {
            return self;
        };
        for (at, text, value) in &answer.better {
            let said = match (place.keyed, value.split_once('=')) {
                (false, _) => value.clone(),
                (true, Some((name, value))) => format!("{name}: {value}"),
                (true, None) => format!("{}: {value}", answer.key),
            };
            self.hints[*at] = text.replace("{}", &format!("`{said}`"));
        }
        for hint in &mut self.hints {
            *hint = format!("correct {}: {hint}", place.within);
        }
        self.message = format!("{}: {}", place.named, answer.what);
        self
    }

    /// Rewrites the message for a person who was just asked: no name is needed, and a better answer is shown as it is
    /// typed.
    #[must_use]
    pub fn asked(mut self) -> Self {
        if let Some(answer) = self.answer.take() {
            for (at, text, value) in &answer.better {
                self.hints[*at] = text.replace("{}", &format!("`{value}`"));
            }
            self.message = answer.what;
        }
        self
    }

    /// Puts what the value was for in front of the message.
    #[must_use]
    pub fn context(mut self, context: impl fmt::Display) -> Self {
        self.message = format!("{context}: {}", self.message);
        self
    }

    /// Turns it into a failure of the run instead of bad input.
    #[must_use]
    pub fn failed(mut self) -> Self {
        self.kind = Kind::Failed;
        self
    }

    /// Marks it as already printed in a JSON object on stdout.
    #[must_use]
    pub fn printed(mut self) -> Self {
        self.is_printed = true;
        self
    }

    /// Whether a JSON object on stdout has it already: each run prints one.
    pub fn is_printed(&self) -> bool {
        self.is_printed
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn message(&self) -> &str {
        &self.message
    }

    pub fn chinese(&self) -> Option<&str> {
        self.chinese.as_deref()
    }

    pub fn hints(&self) -> &[String] {
        &self.hints
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// Files and terminals: `anyhow` carries the path and the cause.
impl From<anyhow::Error> for Error {
    fn from(source: anyhow::Error) -> Self {
        Error::new(Kind::Failed, cause::chain(&source))
    }
}

pub type Result<T, E = Error> = std::result::Result<T, E>;
