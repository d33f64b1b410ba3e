//! Layers of answers: which of two says something, and what both say together.

use std::collections::BTreeMap;

use crate::inputs::answers::{self, AnswerKind};
use crate::inputs::origin::{Origin, Origins};
use crate::inputs::{Cnb, Spec};

/// Makes the spec of its answers: `key: Type = [declarations],`.
macro_rules! spec {
    ($($(#[$doc:meta])* $field:ident: $type:ty = $answers:expr,)+) => {
        /// Everything a user can ask for; `None` is "not said here".
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Spec {
            $(
                $(#[$doc])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )+
            /// Where each of them was given.
            #[serde(skip)]
            pub origins: Origins,
        }

        impl Spec {
            /// The keys of `deployment.yaml`, in the order they are written.
            pub const KEYS: &'static [&'static str] = &[$(stringify!($field)),+];

            /// What each key is and how it can be given; [`answers::all`] has them in one row.
            pub const ANSWERS: &'static [&'static [Answer]] = &[$(&$answers),+];

            /// Fills what is not said here from a layer of lower precedence.
            #[must_use]
            pub fn or(self, lower: Spec) -> Spec {
                let origins = self.origins_above(&lower);
                Spec { $($field: self.$field.or(lower.$field),)+ origins }
            }

            /// Keys that are said here; entries of maps as `key.name` too.
            pub fn said(&self) -> Vec<String> {
                let mut keys: Vec<String> = Vec::new();
                $(if self.$field.is_some() { keys.push(stringify!($field).to_owned()) })+
                keys.extend(self.entries());
                keys
            }
        }
    };
}
pub(super) use spec;

impl Spec {
    /// The same, all of it from one source.
    #[must_use]
    pub fn given_by(mut self, origin: &Origin) -> Spec {
        self.origins = Origins::all(&self.said(), origin);
        self
    }

    pub(super) fn entries(&self) -> Vec<String> {
        let mut copy = self.clone();
        let mut entries = Vec::new();
        for answer in answers::all() {
            if let AnswerKind::Map(slot) = answer.kind {
                let names = slot(&mut copy).iter().flat_map(BTreeMap::keys);
                entries.extend(names.map(|name| format!("{}.{name}", answer.key)));
            }
        }
        let cnb = self.cnb.clone().unwrap_or_default();
        let cnb = [
            ("cnb.repository", cnb.repository),
            ("cnb.secrets", cnb.secrets),
            ("cnb.deploy", cnb.deploy),
        ];
        let cnb = cnb.into_iter().filter(|(_, value)| value.is_some());
        entries.extend(cnb.map(|(key, _)| key.to_owned()));
        entries
    }

    pub(super) fn origins_above(&self, lower: &Spec) -> Origins {
        self.origins.clone().above(&lower.origins, &self.said())
    }

    /// Lays `self` over `lower`; maps and `cnb` are merged name by name.
    #[must_use]
    pub fn over(mut self, mut lower: Spec) -> Spec {
        let origins = self.origins_above(&lower);
        for answer in answers::all() {
            if let AnswerKind::Map(slot) = answer.kind
                && let (Some(upper), Some(lower)) = (slot(&mut self), slot(&mut lower))
            {
                let mut both = lower.clone();
                both.append(upper);
                *upper = both;
            }
        }
        self.cnb = match (self.cnb, lower.cnb.clone()) {
            (Some(upper), Some(lower)) => Some(Cnb {
                repository: upper.repository.or(lower.repository),
                secrets: upper.secrets.or(lower.secrets),
                deploy: upper.deploy.or(lower.deploy),
            }),
            (upper, lower) => upper.or(lower),
        };
        Spec {
            origins,
            ..self.or(lower)
        }
    }
}
