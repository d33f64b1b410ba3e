//! The environment of every child: cleared, then filled from a list.
//!
//! Terraform's debug logs hold request bodies, secrets among them, and `TF_CLI_ARGS` would run something
//! other than what was shown: neither is on the list.

use std::collections::BTreeMap;

/// Variables that are passed on as they are.
const PASSED: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "TZ",
    "TMPDIR",
    "SSH_AUTH_SOCK",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "TF_CLI_CONFIG_FILE",
    "TF_PLUGIN_CACHE_DIR",
];

/// Prefixes of variables that are passed on: registry tokens of Terraform.
const PASSED_PREFIXES: &[&str] = &["LC_", "TF_TOKEN_"];

/// The environment of every child.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// From the environment of this process; `more` tells which variables are passed on besides.
    pub fn of(all: impl IntoIterator<Item = (String, String)>, more: fn(&str) -> bool) -> Environment {
        let passed = |name: &str| {
            PASSED.contains(&name) || PASSED_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || more(name)
        };
        let mut kept: BTreeMap<String, String> = all.into_iter().filter(|(name, _)| passed(name)).collect();
        for (name, value) in [
            ("TF_IN_AUTOMATION", "1"),
            ("TF_INPUT", "0"),
            ("CHECKPOINT_DISABLE", "1"),
        ] {
            kept.insert(name.to_owned(), value.to_owned());
        }
        Environment(kept)
    }

    /// Sets one variable for every child that follows.
    pub fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&String, &String)> {
        self.0.iter()
    }
}
