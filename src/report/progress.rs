//! Shows the engine's progress: a live line per resource on a terminal, plain lines elsewhere.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::note;
use super::plain::plain;
use crate::process::Notice;
use crate::terraform::apply::Watcher;
use crate::terraform::messages::Message;

/// Shows a run on stderr.
#[derive(Debug)]
pub struct Progress {
    live: Option<MultiProgress>,
    bars: HashMap<String, (String, ProgressBar)>,
    plain: HashMap<String, String>,
}

impl Progress {
    pub fn new() -> Progress {
        Progress {
            live: std::io::stderr()
                .is_terminal()
                .then(MultiProgress::new)
                .filter(|live| !live.is_hidden()),
            bars: HashMap::new(),
            plain: HashMap::new(),
        }
    }

    fn say(&self, text: &str) {
        match &self.live {
            Some(live) => {
                let _ = live.println(plain(text, false));
            }
            None => note(text),
        }
    }

    fn started(&mut self, address: &str, action: &str) {
        match &self.live {
            None => {
                note(&format!("  {address}: {action}"));
                self.plain.insert(address.to_owned(), action.to_owned());
            }
            Some(live) => {
                let style = ProgressStyle::with_template("  {spinner} {msg} {elapsed}")
                    .unwrap_or_else(|_| ProgressStyle::default_spinner());
                let bar = live.add(ProgressBar::new_spinner().with_style(style));
                bar.set_message(plain(&format!("{address}: {action}"), false));
                bar.enable_steady_tick(Duration::from_millis(120));
                self.bars.insert(address.to_owned(), (action.to_owned(), bar));
            }
        }
    }

    fn ended(&mut self, address: &str, how: &str) {
        let action = match self.bars.remove(address) {
            Some((action, bar)) => {
                bar.finish_and_clear();
                Some(action)
            }
            None => self.plain.remove(address),
        };
        self.say(&format!("  {address}: {} {how}", action.unwrap_or_default()));
    }
}

impl Default for Progress {
    fn default() -> Self {
        Progress::new()
    }
}

impl Watcher for Progress {
    fn message(&mut self, message: &Message) {
        match message {
            Message::Started { address, action } => self.started(address, action),
            Message::Finished { address, seconds } => self.ended(address, &format!("done after {seconds} s")),
            Message::Failed { address } => self.ended(address, "FAILED"),
            Message::Diagnostic(diagnostic) if diagnostic.severity == "warning" => {
                self.say(&format!("  Warning: {}", diagnostic.summary));
            }
            Message::Diagnostic(_) | Message::Plain(_) => {}
        }
    }

    fn notice(&mut self, notice: Notice) {
        self.say(match notice {
            Notice::Stopping => "Stopping: waiting for the engine to finish what it started.",
            Notice::ThirdKills => {
                "Still stopping. A third Ctrl-C kills the engine; resources it is creating would then exist outside the state."
            }
            Notice::Killed => "Killed. Check the cloud for resources that are not in the state.",
        });
    }
}
