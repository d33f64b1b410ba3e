//! A person at a terminal: the real program on a real pseudo-terminal.

// Finding out one's own address.
mod address;
// Escape, the summary, the keys of a line.
mod back;
// The same in Chinese.
mod chinese;

use std::process::Command;

use rexpect::session::{PtySession, spawn_command};

use crate::common::{KEY, World};

const ENTER: &str = "\r";
const ESCAPE: &str = "\u{1b}";
const CTRL_C: char = 'c';

/// A conversation; every step waits for the question before it answers.
struct Terminal {
    session: PtySession,
    seen: String,
}

impl Terminal {
    fn start(mut command: Command) -> Terminal {
        command.env("TERM", "xterm-256color");
        let session = spawn_command(command, Some(10_000)).expect("a terminal");
        Terminal {
            session,
            seen: String::new(),
        }
    }

    fn sees(&mut self, text: &str) -> &mut Terminal {
        let before = self
            .session
            .exp_string(&as_bytes(text))
            .unwrap_or_else(|error| panic!("`{text}` did not come: {error}\nso far:\n{}", as_text(&self.seen)));
        self.seen.push_str(&before);
        self.seen.push_str(&as_bytes(text));
        self
    }

    fn presses(&mut self, control: char) -> &mut Terminal {
        self.session.send_control(control).expect("typed");
        self
    }

    fn types(&mut self, text: &str) -> &mut Terminal {
        self.session.send(text).expect("typed");
        self.session.flush().expect("sent");
        self
    }

    fn erases(&mut self, typed: &str) -> &mut Terminal {
        self.types(&"\u{7f}".repeat(typed.len()))
    }

    fn answers(&mut self, question: &str, answer: &str) -> &mut Terminal {
        self.sees(question).types(answer).types(ENTER)
    }

    fn ends_with(mut self, code: i32) -> String {
        self.seen.push_str(&self.session.exp_eof().expect("an end"));
        // The type is not exported; it prints as `Exited(Pid(7), 0)`.
        let status = format!("{:?}", self.session.process().wait().expect("a status"));
        assert!(
            status.starts_with("Exited(") && status.ends_with(&format!(", {code})")),
            "{status}: {}",
            as_text(&self.seen)
        );
        as_text(&self.seen)
    }
}

/// What comes is read byte by byte, each as a character of its own.
fn as_bytes(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

fn as_text(bytes: &str) -> String {
    let bytes: Vec<u8> = bytes.chars().map(|byte| byte as u8).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn started(world: &World, args: &[&str]) -> Terminal {
    let mut command = world.command();
    command.args(args);
    Terminal::start(command)
}

#[test]
fn answering_every_question_makes_a_bundle() {
    let world = World::new();
    world.write(".ssh/id_ed25519.pub", &format!("{KEY}\n"));
    let mut terminal = started(&world, &[]);
    terminal
        .answers("Where should the agent run?", "")
        .answers("Region", "westeur")
        .answers("Machine size", "")
        .answers("Which chat app", "feis")
        .answers("Where the app lives", "lark")
        .answers("Model provider", "openrouter")
        .answers("Model id", "")
        .answers("Look up your public address", "")
        .sees("Who may reach SSH?")
        .types("0.0.0.0/0\r")
        .sees("whole internet")
        .erases("0.0.0.0/0")
        .types("203.0.113.7/32\r")
        .answers("Chat ids", "")
        .answers("(OPENROUTER_API_KEY)", "MARKED-SECRET-KEY")
        .sees("open platform")
        .answers("(FEISHU_APP_ID)", "cli_MARKED-SECRET-APP")
        .answers("(FEISHU_APP_SECRET)", "")
        .sees("later")
        .sees("Microsoft Azure, westeurope")
        .sees("missing: FEISHU_APP_SECRET")
        .answers("Generate?", "");
    let seen = terminal.ends_with(0);
    assert!(!seen.contains("MARKED-SECRET"), "a secret was echoed:\n{seen}");

    let folder = "codewhale-deploy/azure-feishu";
    let spec = world.read(&format!("{folder}/deployment.yaml"));
    for line in [
        "region: westeurope",
        "bridge: feishu",
        "FEISHU_DOMAIN: lark",
        "provider: openrouter",
        "model: auto",
        "- 203.0.113.7/32",
    ] {
        assert!(spec.contains(line), "{line} is not in\n{spec}");
    }
    let secrets = world.read(&format!("{folder}/secrets.env"));
    assert!(secrets.contains("OPENROUTER_API_KEY=MARKED-SECRET-KEY\n"));
    assert!(secrets.contains("FEISHU_APP_ID=cli_MARKED-SECRET-APP\n"));
    assert!(secrets.contains("FEISHU_APP_SECRET=\n"));
}

const COMPLETE: &[&str] = &[
    "--cloud=azure",
    "--region=eastus",
    "--size=Standard_B2als_v2",
    "--bridge=telegram",
    "--provider=ollama",
    "--model=qwen3:8b",
    "--base-url=http://localhost:11434/v1",
    "--ssh-public-key",
    KEY,
    "--allow-ssh-from=none",
    "--allowlist=",
];

#[test]
fn given_answers_are_not_asked_again() {
    let world = World::new();
    let mut terminal = started(&world, COMPLETE);
    terminal
        .sees("BotFather")
        .answers("(TELEGRAM_BOT_TOKEN)", "")
        .answers("Generate?", "y");
    let seen = terminal.ends_with(0);
    for question in ["Region", "Machine size", "Model id", "Who may reach"] {
        assert!(!seen.contains(question), "{question} was asked:\n{seen}");
    }
}

#[test]
fn an_interrupt_leaves_nothing_behind() {
    let world = World::new();
    let mut terminal = started(&world, &[]);
    terminal.sees("Where should the agent run?").presses(CTRL_C);
    terminal.ends_with(130);

    let mut terminal = started(&world, COMPLETE);
    terminal
        .sees("(TELEGRAM_BOT_TOKEN)")
        .types("half a sec")
        .presses(CTRL_C);
    terminal.ends_with(130);

    let mut terminal = started(&world, COMPLETE);
    terminal
        .answers("(TELEGRAM_BOT_TOKEN)", "")
        .sees("Generate?")
        .presses(CTRL_C);
    terminal.ends_with(130);
    assert_eq!(world.listing(), Vec::<String>::new());
}

#[test]
fn no_is_no() {
    let world = World::new();
    let mut terminal = started(&world, COMPLETE);
    terminal.answers("(TELEGRAM_BOT_TOKEN)", "").answers("Generate?", "n");
    terminal.ends_with(4);
    assert_eq!(world.listing(), Vec::<String>::new());
}

#[test]
fn yes_asks_nothing_when_everything_is_given() {
    let world = World::new();
    let args = [COMPLETE, &["--yes"]].concat();
    let seen = started(&world, &args).ends_with(0);
    assert!(!seen.contains('?'), "something was asked:\n{seen}");
    assert!(world.path("codewhale-deploy/azure-telegram/main.tf").exists());
}

#[test]
fn a_placeholder_is_refused_at_the_prompt() {
    let world = World::new();
    let mut terminal = started(&world, COMPLETE);
    terminal
        .answers("(TELEGRAM_BOT_TOKEN)", "replace-with-token")
        .sees("is a placeholder")
        .erases("replace-with-token")
        .types(ENTER)
        .sees("missing: TELEGRAM_BOT_TOKEN")
        .answers("Generate?", "y");
    terminal.ends_with(0);
}

#[test]
fn colour_follows_the_terminal_and_no_color() {
    let world = World::new();
    let args = [COMPLETE, &["--yes"]].concat();
    let seen = started(&world, &args).ends_with(0);
    assert!(seen.contains("\u{1b}["), "no colour on a terminal:\n{seen}");
    let mut command = world.command();
    command.args(&args).env("NO_COLOR", "1");
    let seen = Terminal::start(command).ends_with(0);
    assert!(!seen.contains("\u{1b}["), "colour in spite of NO_COLOR:\n{seen:?}");
}

#[test]
fn inside_a_bundle_its_answers_are_edited() {
    let world = World::new();
    world.generate(&["--allowlist=12345", "--name=mine"]).ok();
    let mut command = world.command();
    command.current_dir(world.path("bundle"));
    let mut terminal = Terminal::start(command);
    terminal
        .sees("This folder holds the deployment `mine` on azure")
        .sees("What do you want to change?")
        .sees("Region: eastus")
        .sees("Who may talk to the agent: 12345")
        .types("region")
        .types(ENTER)
        .sees("where the machine runs")
        .types("westeur")
        .types(ENTER)
        .answers("What else do you want to change?", "")
        .answers("(OPENROUTER_API_KEY)", "")
        .answers("(TELEGRAM_BOT_TOKEN)", "")
        .answers("Generate?", "");
    terminal.ends_with(0);
    let spec = world.read("bundle/deployment.yaml");
    for line in ["region: westeurope", "name: mine", "12345", "provider: openrouter"] {
        assert!(spec.contains(line), "`{line}` is not in\n{spec}");
    }
    assert!(!world.path("bundle/codewhale-deploy").exists(), "a bundle inside a bundle");
}

#[test]
fn nothing_marked_changes_nothing() {
    let world = World::new();
    world.generate(&["--allowlist=12345"]).ok();
    let before = world.read("bundle/deployment.yaml");
    let mut command = world.command();
    command
        .current_dir(world.path("bundle"))
        .env("OPENROUTER_API_KEY", "unused-but-long-enough")
        .env("TELEGRAM_BOT_TOKEN", "123456:unused-but-long-enough-0123456789");
    let mut terminal = Terminal::start(command);
    terminal
        .sees("What do you want to change?")
        .types(ENTER)
        .answers("Generate?", "");
    assert!(terminal.ends_with(0).contains("is up to date"));
    assert_eq!(world.read("bundle/deployment.yaml"), before);
}
