//! A machine, from power-on to power-off.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use remote_setup::deployment::Deployment;
use remote_setup::inputs::{Sources, Spec};
use remote_setup::render::RenderedFile;
use remote_setup::tables::Bootstrap;
use serde_json::Value;
use tempfile::TempDir;

use crate::common::{Ran, resolve, root, spec};
use crate::layout::lay_out;
use crate::userland::{Image, Userland, userland};
use crate::world::World;

/// Where the host files lie on the machine.
pub const BUNDLE: &str = "/var/lib/codewhale-setup/bundle";

const PATIENCE: Duration = Duration::from_secs(150);

/// What to boot.
pub struct Plan {
    pub name: &'static str,
    pub deployment: Deployment,
    pub image: Image,
    /// Changes to the world before the machine is switched on.
    pub orders: fn(&mut Value),
    /// Files of the test that the machine has beside its own: path and text.
    pub files: Vec<(&'static str, String)>,
    /// Instead of what the deployment says.
    pub user_data: Option<String>,
}

impl Plan {
    pub fn new(name: &'static str, spec: &Spec) -> Plan {
        crate::hello::introduce();
        Plan {
            name,
            deployment: resolve(spec),
            image: Image::Ready,
            orders: |_| {},
            files: Vec::new(),
            user_data: None,
        }
    }
}

/// A spec whose downloads come from the mirror of the world outside, as any user's may.
pub fn mirrored() -> Spec {
    crate::hello::introduce();
    Spec {
        install: Some("native".to_owned()),
        sources: Some(Sources {
            release_base_url: Some("https://mirror.example/releases".to_owned()),
            git_url: Some("git://mirror.example/codewhale.git".to_owned()),
            image: Some("registry.example/codewhale".to_owned()),
            npm_registry: Some("https://mirror.example/npm".to_owned()),
            apt_mirror: None,
        }),
        ..spec()
    }
}

pub struct Bed {
    pub name: &'static str,
    pub deployment: Deployment,
    pub world: World,
    pub folder: TempDir,
    machine: Child,
    /// The machine's first process, as this machine numbers it.
    pub leader: u32,
    switched_on: Instant,
}

impl Bed {
    /// Switches a machine on; nothing where that cannot be done.
    pub fn boot(plan: Plan) -> Option<Bed> {
        let userland = userland()?;
        let folder = tempfile::Builder::new().prefix("bed").tempdir().expect("a folder");
        let world = World::new(&folder.path().join("world"), &plan.deployment);
        world.order(plan.orders);
        if plan.deployment.bootstrap != Bootstrap::CloudInit {
            crate::reach::make_identity(folder.path())?;
        }
        lay_out(folder.path(), &plan);
        let switched_on = Instant::now();
        let machine = power_on(folder.path(), userland, plan.image);
        let mut bed = Bed {
            name: plan.name,
            deployment: plan.deployment,
            world,
            folder,
            machine,
            leader: 0,
            switched_on,
        };
        bed.await_leader();
        Some(bed)
    }

    /// `result.json`, once it is there.
    pub fn result(&self) -> Value {
        let path = self.path(&self.deployment.agent.names().fill("/var/lib/@agent@-setup/result.json"));
        self.wait_for("result.json", || fs::read_to_string(&path).ok());
        let text = fs::read_to_string(&path).expect("a result");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// Waits for `ready`, and prints where the time went.
    pub fn ready(&self) -> Value {
        let result = self.result();
        assert_eq!(result["status"], "ready", "{}: {result:#}\n{}", self.name, self.last_words());
        self.print_times(&result);
        result
    }

    fn print_times(&self, result: &Value) {
        let total = self.switched_on.elapsed().as_secs_f64();
        let steps = result["steps"].as_array().expect("steps");
        let seconds = |step: &Value| step["seconds"].as_f64().expect("seconds");
        let before = (total - steps.iter().map(seconds).sum::<f64>()).max(0.0);
        let mut shares = vec![format!("boot {before:.1}")];
        shares.extend(
            steps
                .iter()
                .filter(|step| seconds(step) >= 0.05)
                .map(|step| format!("{} {:.1}", step["name"].as_str().expect("a name"), seconds(step))),
        );
        say(&format!("{}: ready after {total:.1} s: {}", self.name, shares.join(", ")));
    }

    /// Restarts the machine and waits until its services are up.
    pub fn reboot(&mut self) {
        self.restart();
        self.wait_for("both services", || self.both_run().then_some(()));
    }

    /// Whether the runtime and the bridge are active; the command's exit code would be that of the better one.
    pub fn both_run(&self) -> bool {
        let states = self.run(&format!("systemctl is-active codewhale-runtime {}", self.bridge_unit()));
        states.stdout == "active\nactive\n"
    }

    /// Restarts the machine.
    pub fn restart(&mut self) {
        let before = self.leader;
        // It ends under the command's feet.
        self.enter(&["systemctl", "reboot"]).output().expect("nsenter");
        self.wait_for("power-off", || (!Path::new(&format!("/proc/{before}")).exists()).then_some(()));
        self.await_leader();
    }

    pub fn bridge_unit(&self) -> String {
        format!("codewhale-{}-bridge", self.deployment.bridge.slug)
    }

    /// A file of the machine, from here.
    pub fn path(&self, path: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root{path}", self.leader))
    }

    /// Runs a script as root on the machine.
    pub fn run(&self, script: &str) -> Ran {
        self.run_with(script, "")
    }

    /// The same with text on its standard input.
    pub fn run_with(&self, script: &str, input: &str) -> Ran {
        let mut child = self
            .enter(&["bash", "-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("nsenter");
        let mut stdin = child.stdin.take().expect("stdin");
        stdin.write_all(input.as_bytes()).expect("written");
        drop(stdin);
        Ran::from(child.wait_with_output().expect("nsenter"))
    }

    /// Has the machine's owner check it.
    pub fn doctor(&self, arguments: &str) -> Ran {
        self.run_with(&format!("bash -s -- {arguments}"), &self.file("doctor.sh"))
    }

    /// A file of the bundle.
    pub fn file(&self, name: &str) -> String {
        crate::common::file(&self.deployment, name)
    }

    /// What a script that must succeed prints.
    pub fn text(&self, script: &str) -> String {
        let ran = self.run(script);
        assert_eq!(ran.code, 0, "{}: `{script}`: {ran:#?}", self.name);
        ran.stdout
    }

    /// Has the agent run a command, as a chat message makes it do: a child of the runtime.
    pub fn agent(&self, command: &str) -> (i64, String) {
        let script = format!(
            r#"token=$(sed -n 's/^CODEWHALE_RUNTIME_TOKEN=//p' /run/codewhale/runtime.secrets.env)
curl --silent --show-error --fail --max-time 60 --data-binary @- \
    --header @<(printf 'Authorization: Bearer %s' "$token") http://127.0.0.1:{}/v1/stand-in/run"#,
            self.deployment.port
        );
        let ran = self.run_with(&script, command);
        let answer: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:#?}"));
        let output = answer["output"].as_str().expect("output").to_owned();
        (answer["code"].as_i64().expect("a code"), output)
    }

    /// Runs the bundle's installer again; what it says, and the result it leaves.
    pub fn install_again(&self) -> (Ran, Value) {
        let ran = self.run(&format!("bash {BUNDLE}/install.sh"));
        (ran, self.result())
    }

    /// Puts another bundle's host files where the owner copies them to.
    pub fn copy_over(&self, deployment: &Deployment) {
        for file in host_files(deployment) {
            let path = self.path(&format!("{BUNDLE}/{}", file.path));
            fs::write(&path, &file.contents).expect("written");
            let mode = if file.executable { 0o755 } else { 0o644 };
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("mode");
        }
    }

    /// Polls until there is something; what the machine said last otherwise.
    pub fn wait_for<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(
                began.elapsed() < PATIENCE,
                "{}: no {what} within {PATIENCE:?}\n{}",
                self.name,
                self.last_words()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    pub fn last_words(&self) -> String {
        let console = fs::read_to_string(self.folder.path().join("console")).unwrap_or_default();
        let console: Vec<&str> = console.lines().rev().take(20).collect();
        let journal = self
            .run("journalctl --no-pager --lines 80 --output short-monotonic; tail -40 /var/log/cloud-init-output.log");
        format!(
            "console, newest first:\n{}\njournal and cloud-init:\n{}{}",
            console.join("\n"),
            journal.stdout,
            journal.stderr
        )
    }

    pub fn enter(&self, command: &[&str]) -> Command {
        let mut enter = Command::new("nsenter");
        enter
            .args(["--target", &self.leader.to_string()])
            .args(["--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd", "--"])
            .args([
                "env",
                "-i",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ])
            .args(["HOME=/root", "LC_ALL=C.UTF-8"])
            .args(command);
        enter
    }

    fn await_leader(&mut self) {
        let machine = self.machine.id();
        let leader = self.wait_for("first process", || {
            descendants(machine).into_iter().find(|pid| is_first_process(*pid))
        });
        self.leader = leader;
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        // The processes of a namespace end with its first one.
        let _ = self.machine.kill();
        let _ = self.machine.wait();
    }
}

/// Not `eprintln!`, which the test harness hides while a test passes.
pub fn say(line: &str) {
    writeln!(std::io::stderr(), "{line}").expect("stderr");
}

/// What the machine gets.
pub fn host_files(deployment: &Deployment) -> Vec<RenderedFile> {
    let first = match deployment.bootstrap {
        Bootstrap::CloudInit => "cloud-init.yaml",
        Bootstrap::CommandService | Bootstrap::Ssh | Bootstrap::Cnb => "bootstrap.sh",
    };
    let packed = crate::common::packed(&crate::common::file(deployment, first));
    let file = |(path, contents, mode)| RenderedFile {
        path,
        contents,
        executable: mode == 0o755,
    };
    packed.into_iter().map(file).collect()
}

fn power_on(bed: &Path, userland: &Userland, image: Image) -> Child {
    let console = fs::File::create(bed.join("console")).expect("a console");
    // When the test ends in whatever way, so does the machine.
    Command::new("setpriv")
        .args([
            "--pdeathsig",
            "KILL",
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "bash",
        ])
        .arg(root().join("tests/boot/bed.sh"))
        .arg(userland.root(image))
        .arg(bed)
        .arg(&userland.world)
        .arg(userland.roots.join("tls"))
        .stdin(Stdio::null())
        .stdout(console.try_clone().expect("a console"))
        .stderr(console)
        .spawn()
        .expect("setpriv")
}

fn descendants(pid: u32) -> Vec<u32> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let mut found = Vec::new();
    for child in children.split_whitespace().filter_map(|child| child.parse().ok()) {
        found.push(child);
        found.extend(descendants(child));
    }
    found
}

/// Of the machine itself: number 1 in a namespace inside the bed's, and already systemd.
fn is_first_process(pid: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let numbers = status
        .lines()
        .find_map(|line| line.strip_prefix("NSpid:"))
        .unwrap_or_default();
    let numbers: Vec<&str> = numbers.split_whitespace().collect();
    let here = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let depth = here
        .lines()
        .find_map(|line| line.strip_prefix("NSpid:"))
        .map_or(1, |numbers| numbers.split_whitespace().count());
    numbers.len() == depth + 2
        && numbers.last() == Some(&"1")
        && Path::new(&format!("/proc/{pid}/root/run/systemd/private")).exists()
}
