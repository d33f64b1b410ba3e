//! A text of the tables in every language that a person can choose.

use super::Lang;

/// One text, said natively in each language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// English first.
pub const fn words(en: &'static str, zh: &'static str) -> Words {
    Words { en, zh }
}

/// The same, put together when it is needed.
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
