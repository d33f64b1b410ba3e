//! Going back, changing what was answered, and the keys of a line.

use super::{CTRL_C, ESCAPE, Terminal, started};
use crate::common::{KEY, World};

/// Flags for everything but what is asked here.
const FEW: &[&str] = &[
    "--cloud=azure",
    "--size=Standard_B2als_v2",
    "--bridge=telegram",
    "--provider=openrouter",
    "--model=auto",
    "--ssh-public-key",
    KEY,
    "--allow-ssh-from=none",
    "--out=bundle",
];

/// Flags for everything but the SSH key.
fn but_the_key() -> Vec<&'static str> {
    let few = FEW.iter().copied();
    few.filter(|arg| *arg != KEY && *arg != "--ssh-public-key")
        .chain(["--region=eastus", "--allowlist="])
        .collect()
}

fn spec(world: &World) -> String {
    world.read("bundle/deployment.yaml")
}

#[test]
fn escape_goes_back_to_the_question_before_and_keeps_the_answer() {
    let world = World::new();
    world.write(".ssh/id_ed25519.pub", &format!("{KEY}\n"));
    let mut terminal = started(&world, &["--out=bundle"]);
    terminal
        .answers("Where should the agent run?", "")
        .answers("Region", "westeur")
        .answers("Machine size", "B2as")
        .answers("Which chat app", "feis")
        .sees("Where the app lives")
        .types(ESCAPE)
        .sees("Which chat app")
        // What was chosen is under the cursor again.
        .sees("> ")
        .sees("Feishu")
        .types(ESCAPE)
        .sees("Machine size")
        .sees("> ")
        .sees("Standard_B2as_v2")
        .types(ESCAPE)
        .sees("Region")
        .sees("> ")
        .sees("westeurope")
        .types("\r")
        .answers("Machine size", "")
        .answers("Which chat app", "telegr")
        .answers("Model provider", "openrouter")
        .answers("Model id", "some/model")
        .sees("Look up your public address")
        .types(ESCAPE)
        .sees("Model id")
        .sees("(some/model)")
        .types(ESCAPE)
        .sees("Model provider")
        .types("\r")
        .answers("(some/model)", "")
        .answers("Look up your public address", "")
        .sees("Who may reach SSH?")
        .types(ESCAPE)
        .answers("Look up your public address", "")
        .answers("Who may reach SSH?", "none")
        .answers("Chat ids", "77")
        .answers("(OPENROUTER_API_KEY)", "MARKED-SECRET-KEY-LONG")
        .sees("(TELEGRAM_BOT_TOKEN)")
        .types(ESCAPE)
        .sees("(OPENROUTER_API_KEY)")
        .types(ESCAPE)
        .sees("Chat ids")
        .answers("(77)", "")
        .answers("(OPENROUTER_API_KEY)", "MARKED-SECRET-OTHER")
        .answers("(TELEGRAM_BOT_TOKEN)", "")
        .answers("Generate?", "");
    terminal.ends_with(0);
    let spec = spec(&world);
    for line in [
        "region: westeurope",
        "size: Standard_B2as_v2",
        "bridge: telegram",
        "model: some/model",
        "'77'",
    ] {
        assert!(spec.replace('"', "'").contains(line), "{line} is not in\n{spec}");
    }
    assert!(!spec.contains("FEISHU"), "{spec}");
    assert!(
        world
            .read("bundle/secrets.env")
            .contains("OPENROUTER_API_KEY=MARKED-SECRET-OTHER\n")
    );
}

#[test]
fn escape_from_the_first_question_asks_whether_to_stop() {
    let world = World::new();
    let mut terminal = started(&world, &[]);
    terminal
        .sees("Where should the agent run?")
        .types(ESCAPE)
        .answers("This is the first question. Stop?", "")
        .sees("Where should the agent run?")
        .sees("Microsoft Azure")
        .types(ESCAPE)
        .answers("This is the first question. Stop?", "y");
    assert!(terminal.ends_with(130).contains("nothing was written"));
    assert_eq!(world.listing(), Vec::<String>::new());
}

#[test]
fn the_summary_leads_back_to_any_answer() {
    let world = World::new();
    let mut terminal = started(&world, FEW);
    terminal
        .answers("Region", "westeur")
        .answers("Chat ids", "")
        .answers("(OPENROUTER_API_KEY)", "MARKED-SECRET-KEY-LONG")
        .answers("(TELEGRAM_BOT_TOKEN)", "123456:MARKED-SECRET-TOKEN-0123456789abcdef")
        .sees("westeurope")
        .answers("Generate?", "change")
        .sees("What do you want to change?")
        .types(ESCAPE)
        .answers("Generate?", "change")
        .sees("Region: westeurope")
        .types("region\r")
        .sees("where the machine runs")
        .types("tokyo\r")
        .sees("What else do you want to change?")
        .types("nowhere")
        .sees("Ctrl-U")
        .presses('u')
        .types("reach\r")
        .answers("Look up your public address", "")
        .sees("(none)")
        .types("10.0.0.0/99\r")
        .sees("is not a CIDR")
        .presses('u')
        .types("198.51.100.7/32\r")
        .answers("What else do you want to change?", "")
        .sees("japaneast")
        .sees("all set")
        .answers("Generate?", "");
    let seen = terminal.ends_with(0);
    assert!(!seen.contains("MARKED-SECRET"), "a secret was echoed:\n{seen}");
    let spec = spec(&world);
    for line in ["region: japaneast", "- 198.51.100.7/32"] {
        assert!(spec.contains(line), "{line} is not in\n{spec}");
    }
    assert!(
        world
            .read("bundle/secrets.env")
            .contains("OPENROUTER_API_KEY=MARKED-SECRET-KEY-LONG\n")
    );
}

/// What was answered together does not go together: nobody should have to begin again.
#[test]
fn answers_that_do_not_fit_each_other_are_changed_not_lost() {
    let world = World::new();
    let args = [
        FEW,
        &[
            "--region=eastus",
            "--allowlist=",
            "--install=native",
            "--size=Standard_B2pls_v2",
            "--mirror=cnb",
        ],
    ];
    let args: Vec<&str> = args
        .concat()
        .into_iter()
        .filter(|arg| *arg != "--size=Standard_B2als_v2")
        .collect();
    let mut terminal = started(&world, &args);
    terminal
        .sees("has no arm64 build")
        .sees("What do you want to change?")
        .types("size\r")
        .sees("4 GiB are enough")
        .types("B2als\r")
        .answers("What else do you want to change?", "")
        .answers("(OPENROUTER_API_KEY)", "")
        .answers("(TELEGRAM_BOT_TOKEN)", "")
        .answers("Generate?", "");
    terminal.ends_with(0);
    assert!(spec(&world).contains("size: Standard_B2als_v2"));
}

#[test]
fn the_keys_of_a_shell_work_in_every_line() {
    let world = World::new();
    let args: Vec<&str> = FEW.iter().copied().filter(|arg| !arg.starts_with("--model")).collect();
    let mut terminal = started(&world, &args);
    terminal
        // The filter of a list.
        .sees("Region")
        .types("nowhere")
        .sees("no match")
        .presses('u')
        .types("westeur\r")
        // A line: all of it, a word of it, from the cursor on, and from its other end.
        .sees("Model id")
        .types("wrong words")
        .presses('u')
        .types("right/model wrong")
        .presses('w')
        .types("\u{7f}")
        .presses('a')
        .types("x")
        .presses('e')
        .types("-y-z")
        .types("\u{1b}[D\u{1b}[D")
        .presses('k')
        .types("\r")
        .answers("Chat ids", "")
        // A secret, which nobody sees.
        .sees("(OPENROUTER_API_KEY)")
        .types("wrong")
        .presses('u')
        .types("MARKED-SECRET-KEY-LONG wrong")
        .presses('w')
        .types("\r")
        .answers("(TELEGRAM_BOT_TOKEN)", "")
        .answers("Generate?", "y");
    terminal.ends_with(0);
    assert!(spec(&world).contains("model: xright/model-y\n"), "{}", spec(&world));
    assert!(
        world
            .read("bundle/secrets.env")
            .contains("OPENROUTER_API_KEY=MARKED-SECRET-KEY-LONG\n")
    );
}

#[test]
fn a_line_that_was_pasted_arrives_as_one() {
    let world = World::new();
    let mut terminal = started(&world, &but_the_key());
    terminal
        .sees("SSH public key")
        .types(&format!("\u{1b}[200~{KEY}\n\u{1b}[201~"))
        .sees("operator@example")
        .types("\r")
        .answers("(OPENROUTER_API_KEY)", "")
        .answers("(TELEGRAM_BOT_TOKEN)", "")
        .answers("Generate?", "");
    terminal.ends_with(0);
    let body = KEY.split(' ').nth(1).expect("a key");
    assert!(spec(&world).contains(body), "{}", spec(&world));
}

#[test]
fn who_has_no_key_learns_how_to_make_one() {
    let world = World::new();
    let mut terminal = started(&world, &but_the_key());
    terminal
        .sees("SSH public key")
        .sees("`ssh-keygen -t ed25519`")
        .types("\r")
        .sees("cannot read");
    // In another terminal.
    world.write(".ssh/id_ed25519.pub", &format!("{KEY}\n"));
    terminal.types("\r").sees("(OPENROUTER_API_KEY)").presses(CTRL_C);
    terminal.ends_with(130);
}

#[test]
fn region_and_size_say_what_they_mean() {
    let world = World::new();
    let mut terminal = started(&world, &[]);
    terminal
        .answers("Where should the agent run?", "")
        .sees("Region")
        .sees("where the machine runs: closer is faster")
        .types("netherlands\r")
        .sees("westeurope (Netherlands)")
        .sees("Standard_B2als_v2 (2 vCPU, 4 GiB, about $28 a month)")
        .sees("2 vCPU and 4 GiB are enough")
        .sees("Prices are estimates from")
        .presses(CTRL_C);
    terminal.ends_with(130);
}

#[test]
fn a_provider_is_found_by_the_family_of_its_models() {
    for (family, provider) in [
        ("claude", "Anthropic (anthropic)"),
        ("gpt", "OpenAI-compatible (openai)"),
        ("qwen", "Alibaba Cloud Model Studio"),
        ("deepseek", "DeepSeek (deepseek)"),
        ("kimi", "Moonshot/Kimi (moonshot)"),
        ("gemini", "Google Gemini (google)"),
    ] {
        let world = World::new();
        let args: Vec<&str> = FEW
            .iter()
            .copied()
            .filter(|arg| !arg.contains("provider") && !arg.contains("model"))
            .collect();
        let mut terminal = started(&world, &[&args[..], &["--region=eastus"]].concat());
        terminal
            .answers("Model provider", family)
            .sees("> ")
            .sees("Model provider");
        terminal.sees("Model id").presses(CTRL_C);
        let seen = terminal.ends_with(130);
        let answer = seen
            .lines()
            .rev()
            .find(|line| line.contains("Model provider"))
            .unwrap_or_default();
        assert!(answer.contains(provider), "{family}: {answer}");
    }
}

#[test]
fn a_keyless_provider_is_asked_for_its_server() {
    let world = World::new();
    let args: Vec<&str> = FEW
        .iter()
        .copied()
        .filter(|arg| !arg.contains("provider") && !arg.contains("model"))
        .collect();
    let mut terminal = started(&world, &[&args[..], &["--region=eastus", "--allowlist="]].concat());
    terminal
        .answers("Model provider", "vllm")
        .sees("Address of the model server")
        .sees("(http://localhost:8000/v1)")
        .sees("vLLM is not installed for you")
        .types("ftp://x\r")
        .sees("is not an address")
        .presses('u')
        .types("https://models.example.org/v1\r")
        .sees("Model id")
        .sees("the name it has on your server")
        .types("auto\r")
        .sees("no default")
        .presses('u')
        .types("\r")
        .sees("is not a model id")
        .types("Qwen/Qwen3-Coder\r")
        .answers("(TELEGRAM_BOT_TOKEN)", "")
        .answers("Generate?", "");
    terminal.ends_with(0);
    let spec = spec(&world);
    for line in ["base_url: https://models.example.org/v1", "model: Qwen/Qwen3-Coder"] {
        assert!(spec.contains(line), "{line} is not in\n{spec}");
    }
}

#[test]
fn a_prompt_says_what_a_flag_would() {
    for (value, line) in [
        ("203.0.113.7", "write `203.0.113.7/32`"),
        ("203.0.113.7/24", "write `203.0.113.0/24`"),
        ("0.0.0.0/0", "give the public address you come from"),
        ("192.168.1.5/32", "is a private network"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("everybody", "give the public address you come from"),
    ] {
        let world = World::new();
        let args: Vec<&str> = FEW.iter().copied().filter(|arg| !arg.contains("allow-ssh")).collect();
        let args = [&args[..], &["--region=eastus", "--allowlist="]].concat();
        let mut terminal: Terminal = started(&world, &args);
        terminal
            .answers("Look up your public address", "")
            .answers("Who may reach SSH?", value)
            .sees(line)
            .presses(CTRL_C);
        terminal.ends_with(130);
        let flag = format!("--allow-ssh-from={value}");
        world.run(&[&args[..], &[flag.as_str()]].concat()).refused().says(line);
    }
}

#[test]
fn a_preferred_model_is_offered_with_its_provider() {
    let world = World::new();
    world.write(
        ".config/codewhale/remote-setup.yaml",
        "models: {anthropic: claude-preferred, openrouter: other/preferred}\n",
    );
    let args: Vec<&str> = FEW
        .iter()
        .copied()
        .filter(|arg| !arg.contains("provider") && !arg.contains("model"))
        .collect();
    let mut terminal = started(&world, &[&args[..], &["--region=eastus", "--allowlist="]].concat());
    terminal
        .answers("Model provider", "claude")
        .sees("(claude-preferred)")
        .types(ESCAPE)
        .answers("Model provider", "openrouter")
        .sees("(other/preferred)")
        .presses(CTRL_C);
    terminal.ends_with(130);
}

/// A bundle may be a stranger's.
#[test]
fn an_answer_that_is_shown_does_nothing_to_the_terminal() {
    let world = World::new();
    world.generate(&[]).ok();
    let path = "bundle/deployment.yaml";
    let text = world.read(path).replace("model: auto", "model: \"evil\\e]0;title\\a\"");
    assert!(text.contains("evil"), "{text}");
    world.write(path, &text);
    let mut command = world.command();
    command.current_dir(world.path("bundle"));
    let mut terminal = Terminal::start(command);
    terminal.sees("Model: evil").sees("title").presses(CTRL_C);
    let seen = terminal.ends_with(130);
    assert!(!seen.contains("\u{1b}]0;") && !seen.contains('\u{7}'), "{seen:?}");
}
