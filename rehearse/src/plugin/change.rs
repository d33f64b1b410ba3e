//! One change of one resource: what is refused, what becomes of it, and what is remembered.

use super::Plugin;
use crate::behaviour::{Change, Ending, Refusal, Sent};
use crate::plausible::Subject;
use crate::schema::Block;
use crate::value::Value;
use crate::{Action, Applied, apply, plan};

/// The result of a change.
pub(super) struct Made {
    pub(super) state: Value,
    pub(super) private: Vec<u8>,
    pub(super) complaint: Option<Refusal>,
}

impl Plugin {
    pub(super) fn change(
        &self,
        type_name: &str,
        block: &Block,
        prior: &Value,
        planned: Value,
        config: Value,
    ) -> Result<Made, Refusal> {
        if let Some(says) = plan::refused(&self.data, type_name, prior, &planned) {
            return Err(Refusal::new(says));
        }
        let deleted = self.cloud.deleted();
        let sent = self.behaviour().begin(&Change {
            type_name,
            prior,
            after: &planned,
            config: &config,
            deleted: &deleted,
        })?;
        if let Some(refusal) = self.locked_out(type_name) {
            return Err(refusal);
        }
        let generation = self.cloud.generation(type_name, name_of(&planned));
        let (known, settings) = (planned.clone(), self.settings());
        let subject = Subject::new(&self.data, type_name, &known, generation, &settings);
        let state = apply::settle(&subject, block, planned);
        let ending = self.behaviour().end(&Change {
            type_name,
            prior,
            after: &state,
            config: &config,
            deleted: &deleted,
        });
        let sent = sent.unwrap_or_else(|| Sent {
            texts: apply::write_only_texts(block, config),
            private: Vec::new(),
        });
        sent.texts.iter().for_each(|text| self.cloud.store(text));
        let complaint = match ending {
            Ending::Done => None,
            Ending::Tainted(why) => Some(Refusal::new(why)),
            Ending::Orphaned(why) => {
                self.cloud.orphan(type_name, state.text("id").to_owned(), state);
                return Err(Refusal::new(why));
            }
        };
        let action = match (prior, &state) {
            (Value::Null, _) => Action::Create,
            (_, Value::Null) => Action::Delete,
            _ => Action::Update,
        };
        let subject = if action == Action::Delete { prior } else { &state };
        self.cloud.applied(Applied {
            name: name_of(subject).to_owned(),
            id: subject.text("id").to_owned(),
            type_name: type_name.to_owned(),
            action,
        });
        Ok(Made {
            state,
            private: sent.private,
            complaint,
        })
    }
}

/// The name, or its substitute.
fn name_of(value: &Value) -> &str {
    match value.text("name") {
        "" => value.text("id"),
        name => name,
    }
}
