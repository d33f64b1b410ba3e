//! A real `sshd` on loopback, for what reaches a machine over SSH.
//!
//! Whoever tests puts [`Sshd::client`] first on the path. The `ssh` there records how it was called
//! and goes to this server whatever address was asked for, so that commands and `known_hosts` stay
//! exactly what they are outside: `ubuntu@203.0.113.10`, port 22.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::common::{passes, tool};

/// The user of the machines that we make.
const USER: &str = "ubuntu";

pub struct Sshd {
    folder: TempDir,
    port: u16,
    running: Option<Child>,
}

impl Sshd {
    /// None, said aloud, where no `sshd` is to be had.
    pub fn start() -> Option<Sshd> {
        for name in ["sshd", "ssh", "ssh-keygen", "setpriv", "unshare"] {
            tool(name)?;
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let mut sshd = Sshd {
            folder: tempfile::tempdir().expect("a temporary folder"),
            port: port.expect("a free port").port(),
            running: None,
        };
        for folder in ["client", "programs", "machine", "home"] {
            fs::create_dir(sshd.path(folder)).expect("a folder");
        }
        keygen(&sshd.path("host_key"));
        keygen(&sshd.path("identity"));
        fs::copy(sshd.path("identity.pub"), sshd.path("authorized_keys")).expect("copied");
        sshd.write_client();
        sshd.write_sudo();
        sshd.write_config();
        sshd.listen();
        Some(sshd)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// To be put first on the path of whoever calls `ssh`.
    pub fn client(&self) -> PathBuf {
        self.path("client")
    }

    /// Where it listens, on loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The private key that the server lets in.
    pub fn identity(&self) -> PathBuf {
        self.path("identity")
    }

    /// The `known_hosts` line of this server, called by any address.
    pub fn known_host(&self, address: &str) -> String {
        let public = self.read("host_key.pub");
        let mut words = public.split(' ');
        let (kind, key) = (words.next().expect("a kind"), words.next().expect("a key"));
        format!("{address} {kind} {key}\n")
    }

    /// `SHA256:…` of the host key.
    pub fn fingerprint(&self) -> String {
        let said = passes(Command::new("ssh-keygen").arg("-lf").arg(self.path("host_key.pub")));
        said.split(' ').nth(1).expect("a fingerprint").to_owned()
    }

    /// Stands for the root folder of the machine wherever `sudo` is given one of our absolute paths.
    pub fn machine(&self) -> PathBuf {
        self.path("machine")
    }

    /// A file of the machine, given by its absolute path there.
    pub fn put(&self, path: &str, text: &str) {
        let path = self.machine().join(path.trim_start_matches('/'));
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        executable(&path, text);
    }

    /// The text of a file of the machine, if it is there.
    pub fn get(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.machine().join(path.trim_start_matches('/'))).ok()
    }

    /// A program that remote commands find before any other of its name.
    pub fn program(&self, name: &str, script: &str) {
        executable(&self.path("programs").join(name), script);
    }

    /// Every call of the client: one line each, arguments in `<>`.
    pub fn called(&self) -> String {
        self.read("called.log")
    }

    /// Every command line that reached the machine's `sudo`, as `called`.
    pub fn commands(&self) -> String {
        self.read("sudo.log")
    }

    /// What the server says about itself.
    pub fn log(&self) -> String {
        self.read("sshd.log")
    }

    /// Breaks every connection in the middle of what it does.
    pub fn cut(&self) {
        let listener = self.running.as_ref().expect("running").id();
        for process in descendants(listener) {
            // May have ended by itself.
            let _ = Command::new("kill")
                .args(["-9", &process.to_string()])
                .stderr(Stdio::null())
                .status();
        }
    }

    /// A dead host: connections are cut, new ones refused.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.running.take() {
            let left = descendants(child.id());
            let _ = child.kill();
            let _ = child.wait();
            for process in left {
                let _ = Command::new("kill")
                    .args(["-9", &process.to_string()])
                    .stderr(Stdio::null())
                    .status();
            }
        }
    }

    /// Another machine at the same address: a new host key.
    pub fn rekey(&mut self) {
        self.stop();
        for name in ["host_key", "host_key.pub"] {
            fs::remove_file(self.path(name)).expect("removed");
        }
        keygen(&self.path("host_key"));
        self.listen();
    }

    /// Comes back after `stop`.
    pub fn listen(&mut self) {
        let sshd = tool("sshd").expect("found before");
        let mut command = Command::new("setpriv");
        // Ends with the thread of its test, whatever happens to that.
        command.args(["--pdeathsig", "KILL"]);
        if is_root() {
            // As root it wants an account and a folder of its own. They exist for nobody else.
            let passwd = self.path("passwd");
            let accounts = fs::read_to_string("/etc/passwd").expect("accounts");
            let others: String = accounts
                .lines()
                .filter(|line| !line.starts_with("ubuntu:"))
                .fold(String::new(), |all, line| all + line + "\n");
            let home = self.path("home");
            let own = format!(
                "{USER}:*:0:0::{}:/bin/bash\nsshd:*:65534:65534::/run/sshd:/usr/sbin/nologin\n",
                home.display()
            );
            fs::write(&passwd, own + &others).expect("written");
            let script =
                "mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd && mount --bind \"$0\" /etc/passwd && exec \"$@\"";
            command.args(["unshare", "--mount", "sh", "-c", script]).arg(&passwd);
        }
        command
            .arg(sshd)
            .arg("-D")
            .arg("-f")
            .arg(self.path("sshd_config"))
            .arg("-E")
            .arg(self.path("sshd.log"))
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        self.running = Some(command.spawn().expect("starts"));
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.running.as_mut().expect("running").try_wait().expect("its state");
            assert!(ended.is_none(), "sshd ended with {ended:?}\n{}", self.log());
            assert!(Instant::now() < deadline, "sshd does not listen\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn write_client(&self) {
        let ssh = tool("ssh").expect("found before");
        let script = format!(
            r#"#!/bin/sh
{{ printf 'ssh'; printf ' <%s>' "$@"; echo; }} >>'{log}'
host=
for argument do
    shift
    case $host$argument in
        {USER}@* | azureuser@*) host=${{argument#*@}} argument={user}@127.0.0.1 ;;
    esac
    set -- "$@" "$argument"
done
exec '{ssh}' -p {port} -o HostKeyAlias="$host" "$@"
"#,
            log = self.path("called.log").display(),
            user = user(),
            ssh = ssh.display(),
            port = self.port,
        );
        executable(&self.client().join("ssh"), &script);
    }

    fn write_sudo(&self) {
        let script = format!(
            r#"#!/bin/sh
{{ printf 'sudo'; printf ' <%s>' "$@"; echo; }} >>'{log}'
[ "$1" != -n ] || shift
for argument do
    shift
    case $argument in
        /opt/codewhale/* | /etc/codewhale/* | /var/lib/codewhale*) argument='{machine}'$argument ;;
    esac
    set -- "$@" "$argument"
done
exec "$@"
"#,
            log = self.path("sudo.log").display(),
            machine = self.machine().display(),
        );
        self.program("sudo", &script);
    }

    fn write_config(&self) {
        let path = |name: &str| self.path(name).display().to_string();
        let config = format!(
            "ListenAddress 127.0.0.1\nPort {port}\nHostKey {host}\nPidFile none\nAuthorizedKeysFile {keys}\n\
             StrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n\
             MaxStartups 100\nKexAlgorithms curve25519-sha256\nLogLevel VERBOSE\nSetEnv PATH={programs}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME={home}\n",
            port = self.port,
            host = path("host_key"),
            keys = path("authorized_keys"),
            programs = path("programs"),
            home = path("home"),
        );
        fs::write(self.path("sshd_config"), config).expect("written");
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.stop();
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Who logs in really: an ordinary user's sshd knows no other than that user.
fn user() -> String {
    if is_root() {
        return USER.to_owned();
    }
    passes(Command::new("id").arg("-un")).trim().to_owned()
}

fn keygen(path: &Path) {
    passes(
        Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f"])
            .arg(path),
    );
}

fn executable(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("mode");
}

/// Children of a process and theirs, children last.
fn descendants(of: u32) -> Vec<u32> {
    let mut found = Vec::new();
    let mut ask = vec![of];
    while let Some(process) = ask.pop() {
        let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
        for child in children.unwrap_or_default().split_whitespace() {
            let child = child.parse().expect("a process id");
            found.push(child);
            ask.push(child);
        }
    }
    found
}

mod own {
    use super::*;
    use crate::common::Ran;

    fn ssh(sshd: &Sshd, known: &str, command: &str) -> Ran {
        let known_hosts = sshd.path("known_hosts");
        fs::write(&known_hosts, known).expect("written");
        Ran::of(
            Command::new(sshd.client().join("ssh"))
                .args([
                    "-F",
                    "/dev/null",
                    "-o",
                    "BatchMode=yes",
                    "-o",
                    "StrictHostKeyChecking=yes",
                ])
                .args(["-o", "IdentitiesOnly=yes", "-i"])
                .arg(sshd.identity())
                .arg("-o")
                .arg(format!("UserKnownHostsFile={}", known_hosts.display()))
                .args(["ubuntu@203.0.113.10", command]),
        )
    }

    #[test]
    fn commands_run_with_the_fake_sudo_and_nothing_is_left() {
        let Some(mut sshd) = Sshd::start() else { return };
        sshd.put("/opt/codewhale/bin/hello", "#!/bin/sh\necho \"hello $1\"\n");
        let known = sshd.known_host("203.0.113.10");
        let command = "sudo -n /opt/codewhale/bin/hello 'a b' && touch \"$HOME/here\"";
        let ran = ssh(&sshd, &known, command).ok();
        assert_eq!(ran.stdout, "hello a b\n");
        assert!(sshd.path("home/here").exists(), "commands have a home of their own");
        assert_eq!(sshd.commands(), "sudo <-n> </opt/codewhale/bin/hello> <a b>\n");
        assert!(sshd.called().contains(" <ubuntu@203.0.113.10> <sudo -n "), "{}", sshd.called());
        assert_eq!(sshd.get("/opt/codewhale/bin/none"), None);
        assert!(sshd.fingerprint().starts_with("SHA256:"));
        assert!(sshd.log().contains(&sshd.port.to_string()), "{}", sshd.log());

        let listener = sshd.running.as_ref().expect("running").id();
        sshd.stop();
        assert!(!Path::new(&format!("/proc/{listener}")).exists());
        assert_ne!(ssh(&sshd, &known, "true").code, 0, "a dead host answers");
    }

    #[test]
    fn another_host_key_is_refused_and_a_connection_can_be_cut() {
        let Some(mut sshd) = Sshd::start() else { return };
        let known = sshd.known_host("203.0.113.10");
        let _ = ssh(&sshd, &known, "true").ok();
        assert_eq!(ssh(&sshd, &sshd.known_host("203.0.113.11"), "true").code, 255, "an unknown host");

        let arrived = sshd.path("arrived");
        let command = format!("touch '{}'; sleep 60", arrived.display());
        let ran = std::thread::scope(|scope| {
            let waiting = scope.spawn(|| ssh(&sshd, &known, &command));
            let deadline = Instant::now() + Duration::from_secs(20);
            while !arrived.exists() && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(20));
            }
            sshd.cut();
            waiting.join().expect("the client ends")
        });
        assert_eq!(ran.code, 255, "{ran:#?}");

        sshd.rekey();
        let ran = ssh(&sshd, &known, "true");
        assert!(ran.code == 255 && ran.stderr.contains("HOST IDENTIFICATION HAS CHANGED"), "{ran:#?}");
    }
}
