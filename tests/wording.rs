//! Broken input of every kind: what is wrong and where is said in our words, never in a library's.

use std::os::unix::ffi::OsStrExt;

use remote_setup::inputs::Spec;

use crate::common::{KEY, MINIMAL, Ran, World};

/// Words of serde, serde_json, saphyr, clap, ipnet, hcl and the standard library.
const FOREIGN: &[&str] = &[
    "invalid u16",
    "invalid u8",
    "invalid type",
    "invalid value",
    "invalid digit",
    "invalid length",
    "invalid UTF-8",
    "DuplicateKeyPolicy",
    "duplicate mapping key",
    "duplicate key",
    "EOF while",
    "from_str_multiple",
    "from_multiple",
    "expected value",
    "expected ident",
    "expected `",
    "expected a ",
    "expected struct",
    "expected mapping",
    "expected sequence",
    "trailing characters",
    "trailing comma",
    "key must be a string",
    "missing field",
    "unknown field",
    "unknown variant",
    "os error",
    "No such file or directory",
    "Is a directory",
    "valid UTF-8",
    "did not contain",
    "a value is required",
    "unexpected argument",
    "unexpected value",
    "unrecognized",
    "similar argument",
    "similar subcommand",
    "tip:",
    "possible values",
    "required arguments",
    "multiple times",
    "For more information",
    "Usage:",
    "invalid IP",
    "AddrParse",
    "ParseInt",
    "number too large",
    "while parsing",
    "while scanning",
    "mapping values",
    "block mapping",
    "block sequence",
    "simple key",
    "flow sequence",
    "flow mapping",
    "scalar",
    "saphyr",
    "granit",
    "serde",
    "panicked",
    "RUST_BACKTRACE",
    "called `",
    " at line ",
    "line 1 column",
    "Some(",
    "Err(",
    "Error {",
    "unexpected end",
    "could not be parsed",
    "cannot deserialize",
    "unexpected event",
    "recursion limit",
    "out of range integral",
];

/// Asserts a refusal in our own words that names these.
fn plain(ran: Ran, case: &str, named: &[&str]) {
    let ran = if ran.code == 1 { ran } else { ran.refused() };
    let errors = ran.stderr.lines().filter(|line| line.starts_with("Error: ")).count();
    assert_eq!(errors, 1, "{case}: {ran:#?}");
    assert!(ran.stderr.lines().any(|line| line.starts_with("Hint: ")), "{case}: {ran:#?}");
    for foreign in FOREIGN {
        assert!(
            !ran.stderr.contains(foreign),
            "{case}: `{foreign}` is a library's wording:\n{}",
            ran.stderr
        );
    }
    for text in named {
        assert!(ran.stderr.contains(text), "{case}: `{text}` is not named:\n{}", ran.stderr);
    }
}

fn with_spec(bytes: &[u8]) -> Ran {
    let world = World::new();
    std::fs::write(world.path("answers.yaml"), bytes).expect("a file");
    world.run(&["--spec=answers.yaml", "--out=bundle"])
}

#[test]
fn broken_yaml_is_explained_in_our_words() {
    let bomb = format!(
        "a: &a [{0}]\nb: &b [{1}]\nc: &c [{2}]\nd: &d [{3}]\ne: [{4}]\n",
        "x,".repeat(50),
        "*a,".repeat(50),
        "*b,".repeat(50),
        "*c,".repeat(50),
        "*d,".repeat(50)
    );
    let deep = format!("tags: {}{}\n", "[".repeat(5000), "]".repeat(5000));
    let cases: &[(&str, &[u8], &[&str])] = &[
        (
            "two documents",
            b"cloud: azure\n---\ncloud: azure\n",
            &["answers.yaml", "more than one document"],
        ),
        (
            "a key twice",
            b"cloud: azure\nport: 9000\ncloud: azure\n",
            &["answers.yaml, line 3", "`cloud` appears twice"],
        ),
        (
            "a nested key twice",
            b"tags:\n  a: b\n  a: c\n",
            &["answers.yaml, line 3", "`a` appears twice"],
        ),
        ("a tab", b"tags:\n\tteam: x\n", &["answers.yaml, line 2", "tab"]),
        ("an open bracket", b"allowlist: [azure\n", &["answers.yaml, line", "not valid YAML"]),
        (
            "an open quote",
            b"cloud: \"azure\nbridge: telegram\n",
            &["answers.yaml", "not valid YAML"],
        ),
        ("an open brace", b"tags: {a: b\n", &["answers.yaml", "not valid YAML"]),
        (
            "bad indent",
            b"cloud: azure\n  bridge: telegram\n",
            &["answers.yaml", "not valid YAML"],
        ),
        ("two colons", b"cloud: azure: west\n", &["answers.yaml, line 1", "not valid YAML"]),
        ("a percent", b"cloud: azure\n%bad\n", &["answers.yaml"]),
        ("an at sign", b"cloud: @azure\n", &["answers.yaml, line 1"]),
        ("an unknown anchor", b"cloud: *nowhere\n", &["answers.yaml, line 1", "`&name`"]),
        ("an unknown tag", b"cloud: !!float azure\n", &["answers.yaml, line 1"]),
        (
            "a list",
            b"- azure\n- telegram\n",
            &["answers.yaml, line 1", "not a list of answers"],
        ),
        ("a word", b"azure\n", &["answers.yaml, line 1", "not a list of answers"]),
        ("a number", b"42\n", &["answers.yaml, line 1", "not a list of answers"]),
        (
            "an unknown key",
            b"cloud: azure\nbrigde: x\n",
            &["answers.yaml, line 2", "`brigde`", "`bridge`"],
        ),
        (
            "an unknown nested key",
            b"sources:\n  git_ulr: x\n",
            &["answers.yaml, line 2", "`git_ulr`", "`git_url`"],
        ),
        ("a key that is a list", b"[a, b]: c\n", &["answers.yaml, line 1"]),
        ("a key that is a map", b"{a: b}: c\n", &["answers.yaml, line 1"]),
        (
            "an unknown server key",
            b"mcp_servers:\n  x:\n    comand: y\n",
            &["answers.yaml, line 3", "`command`"],
        ),
        (
            "arguments in one",
            b"mcp_servers:\n  x:\n    command: y\n    args: 5\n",
            &["answers.yaml, line 4", "`args`: `5` is not a list"],
        ),
        ("not text", b"cloud: \xff\xfe\n", &["answers.yaml", "not text in UTF-8"]),
        ("UTF-16", b"\xff\xfec\0l\0o\0u\0d\0", &["answers.yaml", "not text in UTF-8"]),
        ("a NUL", b"cloud: az\0ure\n", &["answers.yaml"]),
        ("an alias bomb", bomb.as_bytes(), &["answers.yaml"]),
        ("deep nesting", deep.as_bytes(), &["answers.yaml"]),
        ("a merge of a word", b"<<: azure\n", &["answers.yaml, line 1"]),
        ("an open directive", b"%YAML 9.9\n---\ncloud: [\n", &["answers.yaml"]),
    ];
    for (case, bytes, named) in cases {
        plain(with_spec(bytes), case, named);
    }
    // Nothing, and a mark of the byte order before what is right, are no mistakes of form.
    for bytes in [&b""[..], b"# only words\n", b"---\n", b"\xef\xbb\xbfcloud: azure\n"] {
        let ran = with_spec(bytes).refused();
        assert!(ran.stderr.contains("missing"), "{ran:#?}");
    }
}

#[test]
fn a_wrong_type_of_every_key_names_line_key_and_value() {
    let lists = ["allowlist", "allow_ssh_from", "allow_vault_from", "extra_files"];
    let maps = ["bridge_settings", "tags", "sources", "pins", "cnb", "mcp_servers"];
    let numbers = ["version", "port", "workers"];
    for key in Spec::KEYS {
        let wrong: &[&str] = if lists.contains(key) {
            &["5", "azure", "{a: b}", "[[a]]", "[{a: b}]", "true"]
        } else if maps.contains(key) {
            &["5", "azure", "[a]", "{a: [b]}", "true"]
        } else if numbers.contains(key) {
            &[
                "many",
                "-1",
                "1.5",
                "99999999999999999999999",
                "1e400",
                ".nan",
                "[1]",
                "{a: 1}",
                "''",
                "12:30",
                "70000000000",
            ]
        } else {
            &["[a]", "{a: b}", "[]"]
        };
        for value in wrong {
            let case = format!("{key}: {value}");
            let ran = with_spec(format!("# answers\n{case}\n").as_bytes());
            plain(
                ran,
                &case,
                &[
                    "answers.yaml, line 2",
                    &format!(
                        "`{}`",
                        if value.contains("{a: [b]}") && ["sources", "pins", "cnb"].contains(key) {
                            "a"
                        } else {
                            key
                        }
                    ),
                ],
            );
        }
    }
}

#[test]
fn broken_preferences_name_their_file() {
    for (case, text, named) in [
        ("a word", &b"azure\n"[..], "line 1"),
        ("an unknown key", b"model: x\n", "did you mean `models`?"),
        ("a list of models", b"models: [x]\n", "`models`: `[x]` is not"),
        ("twice", b"cloud: azure\ncloud: azure\n", "line 2"),
        ("not text", b"\xff\xff\n", "UTF-8"),
        ("open", b"models: {\n", "not valid YAML"),
    ] {
        let world = World::new();
        let path = world.write(".config/codewhale/remote-setup.yaml", "");
        std::fs::write(path, text).expect("a file");
        plain(world.run(MINIMAL), case, &["codewhale/remote-setup.yaml", named]);
    }
    let world = World::new();
    std::fs::create_dir_all(world.path(".config/codewhale/remote-setup.yaml")).expect("a folder");
    plain(world.run(MINIMAL), "a folder", &["codewhale/remote-setup.yaml", "it is a folder"]);
}

#[test]
fn broken_files_of_a_bundle_are_explained_in_our_words() {
    for (name, verbs) in [
        ("bundle.lock.json", &["generate", "plan", "output", "rehearse"][..]),
        ("terraform.tfstate", &["plan", "apply", "destroy"]),
        ("secret_versions.auto.tfvars.json", &["plan", "apply"]),
        ("deployment.yaml", &["plan", "destroy", "push"]),
        ("secrets.env", &["generate", "plan"]),
    ] {
        for (case, bytes) in [
            ("cut", &b"{\"schema_version\": 1, \"files\": {"[..]),
            ("a list", b"[1, 2]"),
            ("a word", b"nonsense here"),
            (
                "a wrong type",
                b"{\"schema_version\": \"x\", \"version\": \"y\", \"secret_versions\": 5}",
            ),
            ("twice", b"{\"version\": 4, \"version\": 5}"),
            ("not text", b"\xff\xfe\xfd"),
        ] {
            let world = World::new();
            world.generate(&[]).ok();
            std::fs::write(world.path(&format!("bundle/{name}")), bytes).expect("a file");
            for verb in verbs {
                let case = format!("{name}, {case}, {verb}");
                let ran = match *verb {
                    "generate" => world.generate(&[]),
                    verb => world.run(&[verb, "bundle"]),
                };
                plain(ran, &case, &[name]);
            }
        }
    }
}

#[test]
fn an_extra_file_that_is_no_hcl_names_its_line() {
    let world = World::new();
    world.write("answers.yaml", "extra_files: [more.tf]\n");
    world.generate(&["--spec=answers.yaml"]).ok();
    world.write("bundle/more.tf", "locals {\n  a = \n}\n");
    plain(world.run(&["plan", "bundle"]), "HCL", &["`more.tf`", "line 2", "HCL"]);
}

#[test]
fn every_complaint_about_the_command_line_is_ours() {
    let cases: &[(&[&str], &[&str])] = &[
        (&["--colour"], &["unknown option `--colour`"]),
        (&["--clod=azure"], &["`--clod`", "did you mean `--cloud`?"]),
        (&["--cloud"], &["`--cloud` needs a value"]),
        (&["--cloud=azure", "--cloud=azure"], &["`--cloud` is given twice"]),
        (&["--check", "--force"], &["`--check`", "`--force`"]),
        (&["--engine=tofu"], &["`--apply` is missing"]),
        (&["--json=yes"], &["`--json` takes no value", "yes"]),
        (&["aply"], &["`aply` is not a verb", "did you mean `apply`?"]),
        (&["frobnicate"], &["`frobnicate` is not a verb", "remote-setup --help"]),
        (&["--yes", "apply"], &["`apply`"]),
        (&["apply", "one", "two"], &["`two` is one argument too many"]),
        (&["apply", "--rotate"], &["`--rotate` needs a value"]),
        (&["apply", "--colour=x"], &["`--colour`"]),
        (&["migrate"], &["`FILE` is missing"]),
        (&["completions"], &["`SHELL` is missing"]),
        (&["completions", "csh"], &["`csh`", "bash, elvish, fish, powershell, zsh"]),
        (&["completions", "bahs"], &["`bahs`", "did you mean `bash`?"]),
        (&["help", "a", "b"], &["`b`"]),
        (&["-x"], &["`-x`"]),
        (&["plan", "--yes=1"], &["`--yes`"]),
        (&["plan", "--yes", "--yes"], &["`--yes` is given twice"]),
    ];
    for (args, named) in cases {
        plain(World::new().run(args), &format!("{args:?}"), named);
    }
    let world = World::new();
    let mut command = world.command();
    command.arg(std::ffi::OsStr::from_bytes(b"--cloud=\xff"));
    plain(Ran::of(&mut command), "bytes", &["UTF-8"]);
}

#[test]
fn broken_variables_and_files_are_explained_in_our_words() {
    for (name, value, named) in [
        ("CODEWHALE_RUNTIME_PORT", "99999", "1024 to 65535"),
        ("CODEWHALE_RUNTIME_PORT", "many", "`many`"),
        ("CODEWHALE_RUNTIME_WORKERS", "-1", "1 to 8"),
        ("CODEWHALE_ALLOW_SSH_FROM", "1.2.3.4/99", "`1.2.3.4/99`"),
        ("CODEWHALE_ALLOW_SSH_FROM", "1.2.3/8", "`1.2.3/8`"),
        ("DEEPSEEK_CLOUD", "moon", "`moon`"),
        ("CODEWHALE_SSH_PUBLIC_KEY", "/no/such/key.pub", "/no/such/key.pub"),
        ("CODEWHALE_VERSION", "newest", "`newest`"),
    ] {
        let world = World::new();
        let taken = match name {
            "CODEWHALE_ALLOW_SSH_FROM" => "--allow-ssh-from",
            "DEEPSEEK_CLOUD" => "--cloud",
            _ => "--none",
        };
        let mut flags: Vec<&str> = MINIMAL
            .iter()
            .copied()
            .filter(|flag| !flag.starts_with(taken))
            .collect();
        if name == "CODEWHALE_SSH_PUBLIC_KEY" {
            flags.retain(|flag| *flag != "--ssh-public-key" && *flag != KEY);
        }
        let mut command = world.command();
        command.args(flags).env(name, value);
        plain(Ran::of(&mut command), name, &[name, named]);
    }
    for (args, named) in [
        (&["--spec=nowhere.yaml"][..], "`nowhere.yaml`: it does not exist"),
        (&["--spec=."], "a folder"),
        (&["migrate", "nowhere.env"], "`nowhere.env`: it does not exist"),
        (&["migrate", "."], "it is a folder"),
        (
            &["--allow-ssh-from=none", "--ssh-public-key=nowhere.pub"],
            "`nowhere.pub`: it does not exist",
        ),
        (&["apply", "nowhere"], "nowhere"),
        (&["apply", "plain-file"], "plain-file"),
    ] {
        let world = World::new();
        world.write("plain-file", "x");
        plain(world.run(args), &format!("{args:?}"), &[named]);
    }
}
