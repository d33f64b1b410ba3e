//! What goes wrong on a cloud, told once: to who runs a command, and to who reads the runbook.

use crate::tables::Words;

/// A failure people meet.
#[derive(Clone, Copy, Debug)]
pub struct Failure {
    /// How it shows itself, for the runbook; `None` where the engine's message is enough to find the way out.
    pub symptom: Option<Words>,
    /// Parts of the engine's message that it is known by; none where only a person can tell.
    pub needles: &'static [&'static str],
    /// A clause, without a full stop.
    pub cause: Words,
    /// A clause too, with the marks of [`crate::agents::Names`]. `{region}` stands for the deployment's, `{terraform}` for the engine as a person has to call it, `{forget}`
    /// for the command that has the state forget, `{again}` for going on.
    pub remedy: Words,
    /// It passes by itself: plan and apply again after a while.
    pub retry: bool,
    /// What the state knows, and the cloud does not or not as its provider needs it: addresses without an index. The failure is
    /// this one only where the state knows one of them.
    pub forget: &'static [&'static str],
}

impl Failure {
    /// The columns that most rows leave alone.
    pub const PLAIN: Failure = Failure {
        symptom: None,
        needles: &[],
        cause: Words::same(""),
        remedy: Words::same(""),
        retry: false,
        forget: &[],
    };
}
