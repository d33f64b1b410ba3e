//! The one error type: what happened, what to do, and the exit code that says which kind it was.

use std::fmt;

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

    /// As JSON has it.
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
    hints: Vec<String>,
    is_printed: bool,
}

impl Error {
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Error {
            kind,
            message: message.into(),
            hints: Vec::new(),
            is_printed: false,
        }
    }

    /// Bad input or usage.
    pub fn usage(message: impl Into<String>) -> Self {
        Error::new(Kind::Usage, message)
    }

    /// Adds one thing the user can do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Names what the value was for, in front of the message.
    #[must_use]
    pub fn context(mut self, context: impl fmt::Display) -> Self {
        self.message = format!("{context}: {}", self.message);
        self
    }

    /// The same as a failure of what was going on, not of what was asked.
    #[must_use]
    pub fn failed(mut self) -> Self {
        self.kind = Kind::Failed;
        self
    }

    /// The same after the JSON object that holds it went to stdout.
    #[must_use]
    pub fn printed(mut self) -> Self {
        self.is_printed = true;
        self
    }

    /// Whether a JSON object on stdout holds it already: there is one for each run.
    pub fn is_printed(&self) -> bool {
        self.is_printed
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn message(&self) -> &str {
        &self.message
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
        Error::new(Kind::Failed, format!("{source:#}"))
    }
}

pub type Result<T, E = Error> = std::result::Result<T, E>;
