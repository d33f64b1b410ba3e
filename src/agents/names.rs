//! Names on the machine. All are made from the agent's slug, so that two agents never share one.

use super::Agent;

/// What the marks of templates and tables stand for.
#[derive(Clone, Debug)]
pub struct Names {
    marks: [(&'static str, String); 4],
}

impl Names {
    pub(super) fn of(agent: &Agent) -> Names {
        let identifier = agent.slug.replace('-', "_");
        Names {
            marks: [
                // Users, folders, units, commands.
                ("@agent@", agent.slug.to_owned()),
                // Where a dash is not allowed: variables of nginx.
                ("@agent_id@", identifier.clone()),
                // The beginning of environment variables.
                ("@AGENT@", identifier.to_uppercase()),
                // What people call it.
                ("@Agent@", agent.display_name.to_owned()),
            ],
        }
    }

    /// A text with the names in place of the marks.
    pub fn fill(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (mark, name) in &self.marks {
            text = text.replace(mark, name);
        }
        text
    }
}
