//! One command as data: the one shown in the review, in `--json` and in hints is the one that runs.

use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

/// One command.
#[derive(Clone, Debug, Serialize)]
pub struct Command {
    pub description: String,
    pub program: String,
    /// `{name}` is filled in when it runs.
    pub args: Vec<String>,
    pub directory: PathBuf,
    /// Names of the environment variables that carry secrets; never their values.
    pub secret_variables: Vec<String>,
    #[serde(rename = "reads", skip_serializing_if = "Stdin::is_nothing")]
    pub stdin: Stdin,
}

/// What a command gets on stdin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stdin {
    Nothing,
    /// Every secret of the deployment.
    Secrets,
    /// A file of the bundle.
    File(&'static str),
}

impl Stdin {
    fn is_nothing(&self) -> bool {
        *self == Stdin::Nothing
    }
}

impl Serialize for Stdin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Stdin::Nothing => serializer.serialize_none(),
            Stdin::Secrets => serializer.serialize_str("secrets"),
            Stdin::File(name) => serializer.serialize_str(name),
        }
    }
}

impl Command {
    pub fn new<S: AsRef<str>>(program: &str, args: &[S], directory: &Path) -> Command {
        Command {
            description: String::new(),
            program: program.to_owned(),
            args: args.iter().map(|arg| arg.as_ref().to_owned()).collect(),
            directory: directory.to_owned(),
            secret_variables: Vec::new(),
            stdin: Stdin::Nothing,
        }
    }

    #[must_use]
    pub fn described(mut self, description: &str) -> Command {
        description.clone_into(&mut self.description);
        self
    }

    #[must_use]
    pub fn reading(mut self, stdin: Stdin) -> Command {
        self.stdin = stdin;
        self
    }

    /// As typed in a shell.
    pub fn shown(&self) -> String {
        let words = std::iter::once(&self.program).chain(&self.args);
        let typed = words.map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
        match self.stdin {
            Stdin::File(name) => format!("{typed} < {name}"),
            Stdin::Nothing | Stdin::Secrets => typed,
        }
    }

    /// With `{name}` replaced wherever it stands.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Command {
        let place = format!("{{{name}}}");
        for arg in &mut self.args {
            *arg = arg.replace(&place, value);
        }
        self
    }
}

/// Quoted as one shell word.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@".contains(c);
    // A shell may expand any other braces.
    let is_place = word
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .is_some_and(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
    if is_place || (!word.is_empty() && word.chars().all(plain)) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
