//! What a declaration of an answer says, and what follows from it for flags, environment, files and questions alike.
//!
//! The declarations themselves are in `spec`, beside the fields they fill.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::inputs::{Spec, ssh_key, syntax};
use crate::model_providers::Provider;
use crate::tables::{Choice, Lang, Row, Words, find, words};

/// One thing that can be asked for, and every way to say it.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// In `deployment.yaml`; `key.part` inside of another one.
    pub key: &'static str,
    /// Without the dashes; empty where only the file says it.
    pub flag: &'static str,
    /// What stands for the value in help.
    pub value: &'static str,
    /// Variable behind `CODEWHALE_` and, for old set-ups, behind `DEEPSEEK_`; empty for none: a local endpoint
    /// (`CODEWHALE_BASE_URL`) means nothing on another machine.
    pub variable: &'static str,
    pub heading: Words,
    /// What it is; `{}` stands for the values.
    pub help: Words,
    pub kind: AnswerKind,
    /// Values that a shell completes.
    pub values: fn() -> Vec<&'static str>,
    /// Whether nothing can be made without it.
    pub needed: fn(&Spec) -> bool,
    /// What a person should give, in the list of what is missing.
    pub wants: &'static str,
    /// May stand in the preferences too.
    pub preference: bool,
    /// How a person is asked; `None` for what has a default hardly anybody changes.
    pub prompt: Option<Prompt>,
    /// Still taken, and shown nowhere.
    pub hidden: bool,
}

/// How a person is asked.
#[derive(Clone, Copy, Debug)]
pub struct Prompt {
    /// The answer's name in a list.
    pub label: Words,
    pub question: Words,
    pub help: Words,
    /// What an empty list means.
    pub nothing: Words,
}

/// Where the value of an answer rests.
pub type Slot<T> = fn(&mut Spec) -> &mut Option<T>;

/// How a value is written.
#[derive(Clone, Copy, Debug)]
pub enum AnswerKind {
    Text(Slot<String>),
    /// Of SSH, as text or as the name of a file that holds one.
    PublicKey(Slot<String>),
    /// With commas between the entries.
    List(Slot<Vec<String>>),
    /// A list of CIDRs, or `none`.
    Networks(Slot<Vec<String>>),
    /// `NAME=VALUE`, each of its own.
    Map(Slot<BTreeMap<String, String>>),
    Number {
        slot: Slot<u16>,
        least: u16,
        most: u16,
    },
    /// More than fits a flag: in the file only, in this form.
    Written(WrittenForm),
}

/// What stands behind a key in a file.
#[derive(Clone, Copy, Debug)]
pub struct WrittenForm {
    pub what: &'static str,
    pub written: &'static str,
}

pub const TEXT: WrittenForm = WrittenForm {
    what: "a single text",
    written: "write it behind the key, in quotes if it is more than a word",
};
pub const LIST: WrittenForm = WrittenForm {
    what: "a list of texts",
    written: "write one `- value` a line below the key, or `[]` for none",
};
pub const NAMES: WrittenForm = WrittenForm {
    what: "a list of names with their values",
    written: "write one `name: value` a line below the key, indented",
};

/// What declarations leave unsaid.
pub const ANSWER: Answer = Answer {
    key: "",
    flag: "",
    value: "",
    variable: "",
    heading: words("File only", "仅限文件"),
    help: Words::same(""),
    kind: AnswerKind::Written(TEXT),
    values: Vec::new,
    needed: never,
    wants: "",
    preference: false,
    prompt: None,
    hidden: false,
};

pub const PROMPT: Prompt = Prompt {
    label: Words::same(""),
    question: Words::same(""),
    help: Words::same(""),
    nothing: words("not set", "未填写"),
};

/// Every answer, in the order of `deployment.yaml`.
pub fn all() -> impl Iterator<Item = &'static Answer> {
    Spec::ANSWERS.iter().copied().flatten()
}

/// The answer of a key, if a declaration has it.
pub fn find_by_key(key: &str) -> Option<&'static Answer> {
    all().find(|answer| answer.key == key)
}

/// The answer of a key that is written in this program.
///
/// # Panics
/// No declaration has it, which a test rules out.
pub fn by_key(key: &str) -> &'static Answer {
    find_by_key(key).unwrap_or_else(|| panic!("no answer is called `{key}`"))
}

impl Answer {
    /// Environment variables in the order they are read: the current name, then the old one.
    pub fn variables(&self) -> Vec<String> {
        let prefixes: &[&str] = if self.variable.is_empty() { &[] } else { &["CODEWHALE_", "DEEPSEEK_"] };
        prefixes
            .iter()
            .map(|prefix| format!("{prefix}{}", self.variable))
            .collect()
    }

    /// How messages name it: by flag where there is one.
    pub fn name(&self) -> String {
        match self.flag {
            "" => format!("`{}`", self.key),
            flag => format!("`--{flag}`"),
        }
    }

    /// What it is, in a line.
    pub fn explained(&self, lang: Lang) -> String {
        self.help.say(lang).replace("{}", &(self.values)().join(", "))
    }

    /// Whether it may be given more than once.
    pub fn is_repeatable(&self) -> bool {
        matches!(self.kind, AnswerKind::Networks(_) | AnswerKind::Map(_))
    }

    /// Reads what was given by flag, variable, preference or prompt into its place.
    ///
    /// # Errors
    /// Another form than the answer's own.
    pub fn put(&self, spec: &mut Spec, given: &[String]) -> Result<()> {
        let last = given.last().map(String::as_str).unwrap_or_default();
        match self.kind {
            AnswerKind::Text(slot) => *slot(spec) = Some(last.to_owned()),
            AnswerKind::PublicKey(slot) => *slot(spec) = Some(ssh_key::text_or_file(last)?),
            AnswerKind::List(slot) => *slot(spec) = Some(syntax::list(last)),
            AnswerKind::Networks(slot) => *slot(spec) = Some(syntax::cidr_list(given)),
            AnswerKind::Map(slot) => {
                *slot(spec) = Some(given.iter().map(|text| syntax::pair(text)).collect::<Result<_>>()?)
            }
            AnswerKind::Number { slot, least, most } => *slot(spec) = Some(syntax::number(last, least, most)?),
            AnswerKind::Written(_) => {}
        }
        Ok(())
    }

    /// The answer alone, as a layer.
    ///
    /// # Errors
    /// As for [`Answer::put`].
    pub fn layer(&self, given: &str) -> Result<Spec> {
        let mut spec = Spec::default();
        self.put(&mut spec, &[given.to_owned()])?;
        Ok(spec)
    }

    /// Moves the answer out, into a layer of its own.
    pub fn take(&self, spec: &mut Spec) -> Spec {
        let mut taken = Spec::default();
        match self.kind {
            AnswerKind::Text(slot) | AnswerKind::PublicKey(slot) => *slot(&mut taken) = slot(spec).take(),
            AnswerKind::List(slot) | AnswerKind::Networks(slot) => *slot(&mut taken) = slot(spec).take(),
            AnswerKind::Map(slot) => *slot(&mut taken) = slot(spec).take(),
            AnswerKind::Number { slot, .. } => *slot(&mut taken) = slot(spec).take(),
            AnswerKind::Written(_) => {}
        }
        taken
    }

    /// The answer as a person reads it; `None` where nothing was said, or an empty list.
    pub fn shown(&self, spec: &Spec) -> Option<String> {
        let mut spec = spec.clone();
        match self.kind {
            AnswerKind::Text(slot) | AnswerKind::PublicKey(slot) => slot(&mut spec).take(),
            AnswerKind::List(slot) | AnswerKind::Networks(slot) => slot(&mut spec).take().map(|list| list.join(", ")),
            AnswerKind::Map(slot) => slot(&mut spec)
                .take()
                .map(|map| map.into_values().collect::<Vec<_>>().join(", ")),
            AnswerKind::Number { slot, .. } => slot(&mut spec).map(|number| number.to_string()),
            AnswerKind::Written(_) => None,
        }
        .filter(|text| !text.is_empty())
    }

    /// What stands behind its key in a file, and how it is written there.
    pub fn form(&self) -> (String, &'static str) {
        let form = match self.kind {
            _ if self.key.contains('.') => TEXT,
            AnswerKind::Text(_) | AnswerKind::PublicKey(_) => TEXT,
            AnswerKind::List(_) | AnswerKind::Networks(_) => LIST,
            AnswerKind::Map(_) => NAMES,
            AnswerKind::Number { least, most, .. } => {
                return (format!("a whole number from {least} to {most}"), "write such a number");
            }
            AnswerKind::Written(form) => form,
        };
        (form.what.to_owned(), form.written)
    }
}

pub fn never(_: &Spec) -> bool {
    false
}

pub fn always(_: &Spec) -> bool {
    true
}

/// Where the model provider is a server of the operator's own.
pub fn keyless(spec: &Spec) -> bool {
    let provider = spec.provider.as_deref().and_then(|slug| find::<Provider>(slug).ok());
    provider.is_some_and(|row| row.own_server)
}

/// Slugs of a table.
pub fn slugs<R: Row>() -> Vec<&'static str> {
    R::rows().iter().map(Row::slug).collect()
}

/// Words of a closed choice.
pub fn slugs_of<C: Choice>(all: &[C]) -> Vec<&'static str> {
    all.iter().map(|choice| choice.slug()).collect()
}
