//! Why an engine command failed, and how to recover, with commands that can be pasted as they are.

use crate::clouds::Failure;
use crate::error::{Error, Kind};
use crate::process::Ended;
use crate::process::command::{Command, quoted};
use crate::terraform::apply::{Failed, Run, Said};
use crate::terraform::data_folder;
use crate::terraform::failure;
use crate::terraform::operation::Operation;

impl Run {
    pub(super) fn judge(&self, command: &Command, ended: Ended, said: &Said) -> Result<(), Failed> {
        if ended.ok() {
            return Ok(());
        }
        if ended.interrupted {
            return Err(Failed::from(Error::new(
                Kind::Interrupted,
                "interrupted; the engine stopped cleanly",
            )));
        }
        let (diagnostics, plain) = (&said.diagnostics, &said.plain);
        let what = format!("`{} {}` failed", command.program, command.args.first().map_or("", String::as_str));
        let found = failure::known(self.deployment().cloud.failures, diagnostics, plain)
            .find_map(|failure| Some((failure, self.way_out(failure)?)));
        let known = found.as_ref().map(|(failure, _)| *failure);
        let told = found.map(|(failure, way_out)| (failure.cause.en, way_out));
        Err(Failed {
            error: failure::explain(&what, told, diagnostics, plain),
            known,
        })
    }

    /// How to recover from a failure; `None` if that means removing resources that the state does not have.
    pub fn way_out(&self, failure: &Failure) -> Option<String> {
        let mut forget = String::new();
        if !failure.forget.is_empty() {
            let addresses = failure::forgettable(failure, self.exists());
            if addresses.is_empty() {
                return None;
            }
            let addresses: Vec<String> = addresses.iter().map(|address| quoted(address)).collect();
            forget = format!("`{{terraform}} state rm {}`", addresses.join(" "));
        }
        // Pushing changes nothing in the cloud.
        let operation = match self.operation {
            Operation::Destroy => Operation::Destroy,
            Operation::Apply | Operation::Push => Operation::Apply,
        };
        let again = format!("`remote-setup {} {}`", operation.word(), self.shown_directory());
        let words = failure
            .remedy
            .en
            .replace("{forget}", &forget)
            .replace("{again}", &again);
        Some(self.in_words_to_type(&words))
    }

    /// The engine's command line for a person, with its data folder, which is not in the bundle.
    fn in_words_to_type(&self, hint: &str) -> String {
        let data = data_folder::assignment(&self.environment);
        let data = data.map(|(name, path)| format!("{name}={} ", quoted(path)));
        let engine = format!(
            "{}{} -chdir={}",
            data.unwrap_or_default(),
            quoted(&self.engine.program),
            self.shown_directory()
        );
        let d = self.deployment();
        let hint = hint.replace("{terraform}", &engine).replace("{region}", &d.region);
        d.agent.names().fill(&hint)
    }

    fn shown_directory(&self) -> String {
        quoted(&self.directory().display().to_string())
    }
}
