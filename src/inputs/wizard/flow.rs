//! From question to question, back again, and through the answers once they are all there.

use std::collections::BTreeMap;

use super::asking::Asking;
use super::questions::{QUESTIONS, Question};
use super::select::{MenuItem, select};
use super::text::stopped;
use super::{Reply, Support, confirm, hidden};
use crate::error::Result;
use crate::inputs::{Secret, Spec};
use crate::tables::secret_form::SecretForm;
use crate::tables::translation::say;
use crate::tables::{Lang, Words, words};

/// What is done with the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Generate,
    Change,
    Stop,
}

/// One person's walk through the questions.
pub struct Wizard<'a> {
    pub lang: Lang,
    /// Preferred models, by provider.
    pub models: BTreeMap<String, String>,
    support: Support<'a>,
    /// Answers that were taken back, to be offered again.
    before: Spec,
    /// The way here.
    asked: Vec<&'static Question>,
}

impl<'a> Wizard<'a> {
    pub fn new(support: Support<'a>) -> Wizard<'a> {
        Wizard {
            lang: Lang::En,
            models: BTreeMap::new(),
            support,
            before: Spec::default(),
            asked: Vec::new(),
        }
    }

    /// Asks for everything that has no answer yet and no default nobody would change.
    ///
    /// # Errors
    /// Interrupted, or an answer in a higher layer that the tables do not know.
    pub fn complete(&mut self, mut spec: Spec) -> Result<Spec> {
        let mut asked = std::mem::take(&mut self.asked);
        while let Reply::Back = self.walk(&mut spec, &mut asked)? {
            self.stop_here()?;
        }
        self.asked = asked;
        Ok(spec)
    }

    /// Whether a question was asked that one can go back to.
    pub fn has_asked(&self) -> bool {
        !self.asked.is_empty()
    }

    /// Asks the last question again.
    ///
    /// # Errors
    /// As for [`Wizard::complete`].
    pub fn back(&mut self, mut spec: Spec) -> Result<Spec> {
        if let Some(last) = self.asked.pop() {
            self.withdraw(last, &mut spec);
        }
        self.complete(spec)
    }

    /// Asks which of the answers should be others, one after the other, and for those. The cloud is one of them as long
    /// as nothing was made there.
    ///
    /// # Errors
    /// Interrupted, or an answer that the tables do not know.
    pub fn edit(&mut self, mut spec: Spec, with_cloud: bool) -> Result<Reply<Spec>> {
        let mut changed = 0;
        loop {
            let applies = |question: &&Question| {
                let mut rest = spec.clone();
                let answered = question.take(&mut rest) != Spec::default();
                (answered || question.is_open(&spec)) && (with_cloud || question.key != "cloud")
            };
            let shown: Vec<&'static Question> = QUESTIONS.iter().filter(applies).collect();
            let mut choices = vec![MenuItem::new(
                words("Nothing; continue with these answers", "不修改，用这些答案继续").say(self.lang),
            )];
            for question in &shown {
                let prompt = question.prompt();
                let answer = question.answer().shown(&spec);
                let answer = answer.unwrap_or_else(|| prompt.nothing.say(self.lang).to_owned());
                let label = prompt.label.say(self.lang);
                choices.push(MenuItem::new(words("{}: {}", "{}：{}").with(self.lang, &[&label, &answer])));
            }
            let question = match changed {
                0 => words("What do you want to change?", "要修改什么？"),
                _ => words("What else do you want to change?", "还要修改什么？"),
            };
            match select(self.lang, question.say(self.lang), "", &choices, 0)? {
                Reply::Back if changed == 0 => return Ok(Reply::Back),
                Reply::Back | Reply::Given(0) => return Ok(Reply::Given(spec)),
                Reply::Given(chosen) => {
                    let mut tried = spec.clone();
                    let question = shown[chosen - 1];
                    self.withdraw(question, &mut tried);
                    let settled = QUESTIONS.iter().filter(|other| question.settles.contains(&other.key));
                    settled.for_each(|other| self.withdraw(other, &mut tried));
                    if let Reply::Given(()) = self.walk(&mut tried, &mut Vec::new())? {
                        spec = tried;
                        changed += 1;
                    }
                }
            }
        }
    }

    /// Asks what is done with the answers that were shown.
    ///
    /// # Errors
    /// Interrupted.
    pub fn decide(&self) -> Result<Decision> {
        let choice = |label: Words, first_for: &str| MenuItem {
            label: label.say(self.lang).to_owned(),
            first_for: first_for.to_owned(),
            ..MenuItem::default()
        };
        let choices = [
            choice(words("Generate", "生成"), "y yes 是"),
            choice(words("Change an answer", "修改答案"), "c change e edit"),
            choice(words("Stop; nothing is written", "退出，不写入任何文件"), "n no q quit 否"),
        ];
        let question = words("Generate?", "生成吗？").say(self.lang);
        Ok(match select(self.lang, question, "", &choices, 0)? {
            Reply::Given(0) => Decision::Generate,
            Reply::Back | Reply::Given(1) => Decision::Change,
            Reply::Given(_) => Decision::Stop,
        })
    }

    /// Asks for one secret of this form without showing it; Enter leaves it for later.
    ///
    /// # Errors
    /// Interrupted.
    pub fn secret(&self, name: &str, label: &str, form: SecretForm) -> Result<Reply<Option<Secret>>> {
        hidden(self.lang, name, label, form)
    }

    /// A text of the tables in the language that is spoken here.
    pub fn translated(&self, english: &str) -> String {
        say(self.lang, english).into_owned()
    }

    /// Asks whether to end, where there is no question before this one.
    ///
    /// # Errors
    /// Yes, or interrupted.
    pub fn stop_here(&self) -> Result<()> {
        let question = words("This is the first question. Stop?", "这是第一个问题。要退出吗？");
        let help = words("nothing was written", "还没有写入任何文件");
        match confirm(self.lang, question.say(self.lang), help.say(self.lang), false)? {
            Reply::Given(true) => Err(stopped(self.lang)),
            Reply::Given(false) | Reply::Back => Ok(()),
        }
    }

    /// Asks what is open; back from the first of them is back for the caller.
    fn walk(&mut self, spec: &mut Spec, asked: &mut Vec<&'static Question>) -> Result<Reply<()>> {
        while let Some(question) = QUESTIONS.iter().find(|question| question.is_open(spec)) {
            let asking = Asking {
                lang: self.lang,
                answer: question.answer(),
                spec,
                before: &self.before,
                models: &self.models,
                support: &self.support,
            };
            match ((question.ask)(&asking)?, asked.pop()) {
                (Reply::Given(answer), last) => {
                    self.forget_what_depends(question, &answer);
                    *spec = answer.over(std::mem::take(spec));
                    asked.extend(last);
                    asked.push(question);
                }
                (Reply::Back, Some(last)) => self.withdraw(last, spec),
                (Reply::Back, None) => return Ok(Reply::Back),
            }
        }
        Ok(Reply::Given(()))
    }

    /// What was answered before to a question that depends on this one is offered again only if this answer is the same.
    fn forget_what_depends(&mut self, question: &Question, answer: &Spec) {
        let earlier = question.take(&mut self.before);
        if earlier != Spec::default() && earlier != *answer {
            for other in QUESTIONS.iter().filter(|other| question.settles.contains(&other.key)) {
                other.take(&mut self.before);
            }
        }
    }

    fn withdraw(&mut self, question: &Question, spec: &mut Spec) {
        self.before = question.take(spec).or(std::mem::take(&mut self.before));
    }
}
