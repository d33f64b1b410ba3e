//! Rules of who may deploy: environments, buttons, and the file that holds the secrets.

use std::collections::BTreeMap;

use serde_json::Value;

use super::known::ROLES;
use super::model::{Button, Members, OneOrMany, TagDeploy, WebTrigger};
use super::rules::{Checker, Placed, glob, is_deployment, text};

impl Checker<'_> {
    fn members(&mut self, at: &str, members: Option<&Members>) {
        let roles = members.and_then(|members| members.roles.as_deref()).unwrap_or_default();
        for role in roles {
            if !ROLES.contains(&role.as_str()) {
                self.complain("roles", at, format_args!("`{role}` is not a role"));
            }
        }
        // A list of roles is exact, not "at least".
        if !roles.iter().any(|role| role == "owner") {
            self.complain("roles", at, "the owner is shut out");
        }
    }

    fn button(&mut self, at: &str, button: &Button, pipelines: &[Placed]) {
        let event = text(button.event.as_ref());
        if text(button.name.as_ref()).is_empty() {
            self.complain("name", at, "a button has no name");
        }
        if !event.starts_with("web_trigger") {
            self.complain("button", at, format_args!("`{event}` is not an event of a button"));
        } else if !pipelines
            .iter()
            .any(|(branch, defined, _)| branch == "$" && defined == event)
        {
            self.complain("button", at, format_args!("`{event}` is defined nowhere under `$`"));
        }
        self.members(at, button.permissions.as_ref());
    }

    pub(super) fn environments(&mut self, pipelines: &[Placed]) {
        let path = ".cnb/tag_deploy.yml";
        let environments = self.parse::<TagDeploy>(path).environments.unwrap_or_default();
        let mut names = Vec::new();
        for environment in &environments {
            let name = text(environment.name.as_ref());
            let at = format!("{path} → {name}");
            if name.is_empty() || names.contains(&name) {
                self.complain("environment", &at, "has a name of its own");
            }
            names.push(name);
            if !pipelines
                .iter()
                .any(|(_, event, _)| *event == format!("tag_deploy.{name}"))
            {
                self.complain(
                    "environment",
                    &at,
                    format_args!("its button fires `tag_deploy.{name}`, defined nowhere"),
                );
            }
            self.members(&at, environment.permissions.as_ref());
            for button in environment.button.iter().flatten() {
                self.button(&at, button, pipelines);
            }
            let approvers: Vec<_> = environment
                .require
                .iter()
                .flatten()
                .filter_map(|entry| entry.approver.as_ref())
                .collect();
            if approvers.is_empty() {
                self.complain("approver", &at, "nobody is asked");
            }
            for approver in approvers {
                self.members(&at, Some(approver));
            }
        }
        for (_, event, _) in pipelines {
            if let Some(name) = event.strip_prefix("tag_deploy.")
                && !names.contains(&name)
            {
                self.complain("environment", event, format_args!("no environment is called `{name}`"));
            }
        }
    }

    pub(super) fn web_trigger(&mut self, pipelines: &[Placed]) {
        let path = ".cnb/web_trigger.yml";
        for row in self.parse::<WebTrigger>(path).branch.unwrap_or_default() {
            if !text(row.reg.as_ref()).starts_with('^') {
                self.complain("button", path, "`reg` says from its start where the button shows");
            }
            for button in row.buttons.iter().flatten() {
                self.button(path, button, pipelines);
            }
        }
    }

    pub(super) fn secret_file(&mut self, pipelines: &[Placed]) {
        let path = ".cnb/secrets.example.yml";
        let file: BTreeMap<String, Value> = self.parse(path);
        let mut lists = BTreeMap::new();
        for (key, value) in &file {
            if !key.starts_with("allow_") {
                if !value.as_str().is_some_and(str::is_empty) {
                    self.complain("secret file", path, format_args!("`{key}` has a value; this is only an example"));
                }
                continue;
            }
            if !["allow_slugs", "allow_events", "allow_branches"].contains(&key.as_str()) {
                // `allow_images` among them: with it no script may read the file.
                self.complain("allow", path, format_args!("`{key}` has no place in a file for scripts"));
            }
            match serde_json::from_value::<OneOrMany>(value.clone()) {
                Ok(list)
                    if list
                        .all()
                        .iter()
                        .all(|glob| !glob.is_empty() && !glob.contains([',', ' '])) =>
                {
                    lists.insert(key.as_str(), list);
                }
                _ => self.complain("allow", path, format_args!("`{key}` is a pattern or a list of them")),
            }
        }
        let allows = |key: &str, text: &str| {
            lists
                .get(key)
                .is_some_and(|list| list.all().iter().any(|pattern| glob(pattern, text)))
        };
        let mut refused = Vec::new();
        for (_, event, _) in pipelines.iter().filter(|(_, event, _)| is_deployment(event)) {
            if !allows("allow_events", event) {
                refused.push(format!("event `{event}` may not read it"));
            }
        }
        if allows("allow_events", "push") || allows("allow_events", "pull_request") {
            refused.push("other events may read it".to_owned());
        }
        // It is compared with the tag, not with a branch.
        if !allows("allow_branches", "v1.2.3") || allows("allow_branches", "main") {
            refused.push("`allow_branches` names release tags and nothing else".to_owned());
        }
        if !lists.contains_key("allow_slugs") || allows("allow_slugs", "other/other") {
            refused.push("`allow_slugs` names one repository".to_owned());
        }
        for what in refused {
            self.complain("allow", path, what);
        }
    }
}
