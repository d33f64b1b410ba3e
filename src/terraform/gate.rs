//! Asks for approval before anything is changed; the default answer is No.

use std::io::{IsTerminal, Write};
use std::sync::mpsc;

use crate::error::{Error, Kind, Result};
use crate::process::interrupt::{self, Woken};
use crate::terraform::operation::Operation;
use crate::terraform::plan::Change;
use crate::terraform::plan::Plan;
use crate::terraform::plan::PlannedValues;
use crate::terraform::plan::SavedHashes;

/// The person who is asked.
pub trait Person {
    /// Whether anyone can answer.
    fn is_there(&self) -> bool;
    /// Asks on stderr; `None` at the end of input.
    fn ask(&mut self, question: &str) -> Option<String>;
}

/// The person at this terminal.
#[derive(Debug, Default)]
pub struct AtTerminal;

impl Person for AtTerminal {
    fn is_there(&self) -> bool {
        std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    fn ask(&mut self, question: &str) -> Option<String> {
        let before = interrupt::count();
        let mut stderr = std::io::stderr();
        let _ = write!(stderr, "{question} ");
        let _ = stderr.flush();
        // Ctrl-C does not interrupt a blocking read, so another thread does the reading.
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let mut answer = String::new();
            let read = std::io::stdin().read_line(&mut answer);
            let _ = sender.send(read.ok().filter(|read| *read > 0).map(|_| answer.trim().to_owned()));
            interrupt::wake();
        });
        match interrupt::wait(before, None, || receiver.try_recv().ok()) {
            Woken::Done(answer) => answer,
            Woken::Interrupted | Woken::TimedOut => {
                let _ = writeln!(stderr);
                None
            }
        }
    }
}

/// What the flags answered in advance.
#[derive(Clone, Copy, Debug, Default)]
pub struct SaidBefore {
    /// `--yes`
    pub yes: bool,
    /// `--allow-destroy`
    pub allow_destroy: bool,
    /// `--non-interactive`
    pub silent: bool,
}

/// Approval of exactly what was shown. Only [`ask`] creates one.
#[derive(Clone, Debug)]
pub struct Approval {
    digest: String,
    saved: SavedHashes,
    /// Every change, with the values that were shown.
    changes: Vec<(Change, PlannedValues)>,
    given: &'static str,
}

impl Approval {
    /// Digest of what was shown.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Hashes of the plan that was shown, and of its providers.
    pub fn saved(&self) -> &SavedHashes {
        &self.saved
    }

    /// How it was given; goes into the receipt.
    pub fn given(&self) -> &'static str {
        self.given
    }

    /// Extends the approval to what a failed apply left to do, as long as all of it was shown.
    ///
    /// # Errors
    /// The new plan has something that was not shown.
    pub fn for_the_rest(&self, plan: &Plan, digest: String) -> Result<Approval> {
        let refused = |what: String| Err(Error::new(Kind::Failed, what).hint("apply again and review the new plan"));
        for (change, values) in of_plan(plan) {
            let Some((_, shown)) = self.changes.iter().find(|(shown, _)| shown.is_same(&change)) else {
                return refused(format!("`{}` would now change too, which was not shown", change.address));
            };
            if let Some(what) = values.differs_from(shown) {
                return refused(format!("`{}` would now get a different `{what}` than was shown", change.address));
            }
        }
        if plan.saved.providers != self.saved.providers {
            return refused("the providers are no longer those that were shown".to_owned());
        }
        Ok(Approval {
            digest,
            saved: plan.saved.clone(),
            ..self.clone()
        })
    }
}

fn of_plan(plan: &Plan) -> Vec<(Change, PlannedValues)> {
    let changes = plan.changes.iter();
    changes
        .map(|change| (change.clone(), PlannedValues::of(plan, &change.address)))
        .collect()
}

/// Asks for approval. When something would be lost, the deployment's name must be typed: one letter is too easy.
///
/// # Errors
/// Declined (4), interrupted (130), or no terminal (2).
pub fn ask(
    plan: &Plan,
    digest: String,
    name: &str,
    operation: Operation,
    said: SaidBefore,
    person: &mut dyn Person,
) -> Result<Approval> {
    let losses = plan.losses();
    let approval = |given| Approval {
        digest,
        saved: plan.saved.clone(),
        changes: of_plan(plan),
        given,
    };
    if said.yes && (losses == 0 || said.allow_destroy) {
        return Ok(approval("flag"));
    }
    if said.yes {
        return Err(Error::usage(format!(
            "{losses} would be destroyed or replaced, and --yes does not cover destructive changes"
        ))
        .hint("add --allow-destroy, or run without --yes to be asked"));
    }
    if said.silent || !person.is_there() {
        return Err(Error::usage("not a terminal, so the plan cannot be confirmed")
            .hint("review the plan above, then run the same command with --yes"));
    }
    let yes = if losses > 0 {
        let question = match operation {
            Operation::Destroy => format!("Type the deployment's name, {name}, to destroy it:"),
            Operation::Apply | Operation::Push => format!("Type the deployment's name, {name}, to continue:"),
        };
        person.ask(&question).is_some_and(|answer| answer == name)
    } else {
        let question = if plan.is_empty() { "Push this? [y/N]" } else { "Apply this? [y/N]" };
        let answer = person.ask(question).unwrap_or_default().to_lowercase();
        answer == "y" || answer == "yes"
    };
    interrupt::check()?;
    if yes {
        Ok(approval("typed"))
    } else {
        let what = match operation {
            Operation::Destroy => "not destroyed; nothing was changed",
            Operation::Apply | Operation::Push => "not applied; nothing was changed",
        };
        Err(Error::new(Kind::Declined, what))
    }
}
