//! What a run does to the cloud.

/// One of the verbs that change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Apply,
    Destroy,
    /// Changes nothing in the cloud; sends files and secrets to the machine.
    Push,
}

impl Operation {
    pub fn word(self) -> &'static str {
        match self {
            Operation::Apply => "apply",
            Operation::Destroy => "destroy",
            Operation::Push => "push",
        }
    }
}
