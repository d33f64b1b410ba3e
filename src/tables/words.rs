//! Texts of the tables, in each language of the questions.

use std::fmt::Display;

use serde::Serialize;

use super::Lang;

/// One text, written natively in each language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    pub en: &'static str,
    pub zh: &'static str,
}

impl Words {
    /// For names, code and addresses.
    pub const fn same(text: &'static str) -> Words {
        Words { en: text, zh: text }
    }

    pub fn say(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::ZhCn => self.zh,
        }
    }
}

impl Words {
    /// Fills in these values for each `{}`, in order.
    pub fn with(self, lang: Lang, values: &[&dyn Display]) -> String {
        let mut text = String::new();
        let mut values = values.iter();
        for (number, piece) in self.say(lang).split("{}").enumerate() {
            if number > 0
                && let Some(value) = values.next()
            {
                text.push_str(&value.to_string());
            }
            text.push_str(piece);
        }
        text
    }
}

/// English first.
pub const fn words(en: &'static str, zh: &'static str) -> Words {
    Words { en, zh }
}

/// The same, composed at runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    pub en: String,
    pub zh: String,
}

impl Wording {
    pub fn say(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::ZhCn => &self.zh,
        }
    }
}

impl From<Words> for Wording {
    fn from(words: Words) -> Wording {
        Wording {
            en: words.en.to_owned(),
            zh: words.zh.to_owned(),
        }
    }
}
