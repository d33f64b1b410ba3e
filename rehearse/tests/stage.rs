//! A folder with a configuration, and the emulator that Terraform finds there.

use std::path::PathBuf;
use std::process::Command;

use rehearse::{Emulator, Provider, REATTACH_VARIABLE};
use serde_json::Value;
use tempfile::TempDir;

#[path = "../../tests/common/tool.rs"]
mod tool;

use tool::tool;

pub struct Stage {
    terraform: PathBuf,
    pub folder: TempDir,
    pub emulator: Emulator,
}

pub struct Ran {
    pub success: bool,
    pub stdout: String,
    pub stderr: String,
}

impl Stage {
    /// After `terraform init`; none, said aloud, without Terraform.
    pub fn new(provider: Provider, configuration: &str) -> Option<Stage> {
        let stage = Stage {
            terraform: tool("terraform")?,
            folder: tempfile::tempdir().expect("a temporary folder"),
            emulator: Emulator::start(&[provider], Vec::new()).expect("the emulator starts"),
        };
        stage.write(configuration);
        stage.ok(&["init", "-input=false"]);
        Some(stage)
    }

    pub fn write(&self, configuration: &str) {
        std::fs::write(self.folder.path().join("main.tf"), configuration).expect("a file");
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        let output = Command::new(&self.terraform)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("CHECKPOINT_DISABLE", "1")
            .env(REATTACH_VARIABLE, self.emulator.reattach())
            .args(args)
            .current_dir(self.folder.path())
            .output()
            .expect("terraform");
        Ran {
            success: output.status.success(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    pub fn ok(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert!(ran.success, "{args:?}\n{}\n{}", ran.stdout, ran.stderr);
        ran.stdout
    }

    pub fn apply(&self) -> String {
        self.ok(&["apply", "-auto-approve", "-input=false", "-no-color"])
    }

    pub fn destroy(&self) {
        self.ok(&["destroy", "-auto-approve", "-input=false", "-no-color"]);
        assert_eq!(self.ok(&["state", "list"]), "");
    }

    pub fn assert_nothing_to_do(&self) {
        self.ok(&["plan", "-detailed-exitcode", "-input=false", "-no-color"]);
    }

    /// What went wrong, in one line; Terraform breaks lines and draws a frame around them.
    pub fn complaint(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert!(!ran.success, "{args:?} is fine\n{}", ran.stdout);
        let words: Vec<_> = ran.stderr.split_whitespace().filter(|word| *word != "│").collect();
        words.join(" ")
    }

    /// The values of one resource in the state.
    pub fn values(&self, address: &str) -> Value {
        let state: Value = serde_json::from_str(&self.ok(&["show", "-json"])).expect("JSON");
        let mut all = state["values"]["root_module"]["resources"]
            .as_array()
            .expect("resources")
            .iter();
        all.find(|resource| resource["address"] == address).expect(address)["values"].clone()
    }

    pub fn outputs(&self) -> Value {
        serde_json::from_str(&self.ok(&["output", "-json"])).expect("JSON")
    }

    /// Addresses of what a plan would change, and how.
    pub fn changes(&self) -> Vec<(String, String)> {
        self.ok(&["plan", "-out=tfplan", "-input=false"]);
        let plan: Value = serde_json::from_str(&self.ok(&["show", "-json", "tfplan"])).expect("JSON");
        let changes = plan["resource_changes"].as_array().expect("changes").iter();
        let actions = |change: &Value| change["change"]["actions"].to_string();
        changes
            .map(|change| (change["address"].as_str().expect("an address").to_owned(), actions(change)))
            .filter(|(_, actions)| actions != "[\"no-op\"]" && actions != "[\"read\"]")
            .collect()
    }

    /// No file of the folder holds the text, but for the configuration itself.
    pub fn assert_nowhere(&self, text: &str) {
        for entry in std::fs::read_dir(self.folder.path()).expect("a folder") {
            let entry = entry.expect("an entry");
            if entry.file_name() == "main.tf" || entry.path().is_dir() {
                continue;
            }
            let bytes = std::fs::read(entry.path()).expect("a file");
            let found = bytes.windows(text.len()).any(|window| window == text.as_bytes());
            assert!(!found, "`{text}` is in {}", entry.path().display());
        }
    }
}
