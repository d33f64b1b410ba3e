#!/usr/bin/env bash
# userland.sh FOLDER: makes what the bed boots from, from the machine's own Debian mirror.
#
#   stock   a Debian 13 with what a cloud's stock image has
#   ready   the same with what install.sh would add for a native installation
#   debs    all packages that install.sh adds to stock, as an apt repository
#   tls     a certificate authority of the test, which stock and ready trust, and a certificate of it
#   image   what the published container image is made of, and the packages that the Dockerfile adds to it
set -Eeuo pipefail
out=$1
readonly SUITE=trixie

# locales, gnupg and the like are not listed for their own sake: cloud-init complains where a stock
# image would not. polkitd, PAM's systemd module, cron and uuidd are what a cloud's server image lets
# an ordinary user talk to.
readonly STOCK=systemd-sysv,dbus,udev,kmod,cloud-init,openssh-server,sudo,python3,curl,ca-certificates,nftables,git,iproute2,netbase,procps,locales,e2fsprogs,gnupg,polkitd,libpam-systemd,dbus-user-session,cron,uuid-runtime
readonly ADDED=(nodejs npm nginx)
readonly ENGINE=(docker.io docker-cli)
readonly IN_IMAGE=(ca-certificates curl git openssh-client python3 ripgrep tini)

# The first archive that is neither a security nor a CD one, as apt itself reads its sources.
mirror() {
    if [ -n "${DEBIAN_MIRROR:-}" ]; then
        printf '%s\n' "$DEBIAN_MIRROR"
        return
    fi
    grep -q '^ID=debian' /etc/os-release || return 0
    # shellcheck disable=SC2016 # The dollars are apt's.
    apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
        awk '$1 !~ /^cdrom:|security/ && $2 !~ /security/ { print $1; exit }'
}

uri=$(mirror)
if [ -z "$uri" ]; then
    echo 'no Debian mirror in the apt sources of this machine; set DEBIAN_MIRROR' >&2
    exit 1
fi
keyring=$(find /usr/share/keyrings -name 'debian-archive-keyring.*' | sort | head -n 1)
source="deb ${keyring:+[signed-by=$keyring] }$uri $SUITE main"

rm -rf "$out.new"
mkdir -p "$out.new/debs" "$out.new/image-debs"
# This machine's way out, where it needs one.
apt-config dump | grep -E '^Acquire::https?::' >"$out.new/apt.conf" || true
common=(--quiet --mode=root --variant=minbase --aptopt="$out.new/apt.conf"
    --aptopt='Acquire::Retries "3"' --aptopt='Acquire::Languages "none"'
    --dpkgopt=force-unsafe-io
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*'
    --dpkgopt='path-exclude=/usr/share/locale/*')

# shellcheck disable=SC2016
mmdebstrap "${common[@]}" --include=ca-certificates,libdbus-1-3,python3-minimal \
    --customize-hook="chroot \"\$1\" apt-get -qq --yes --no-install-recommends -o APT::Keep-Downloaded-Packages=true --download-only install ${IN_IMAGE[*]}" \
    --customize-hook="cp -- \"\$1\"/var/cache/apt/archives/*.deb '$out.new/image-debs/'" \
    $SUITE "$out.new/image" "$source" &
image=$!

# Hooks enter the root for apt: outside it, dpkg would be this machine's. While they run, the root has the machine's own /proc, /sys and /dev in it, which must not be copied.
# shellcheck disable=SC2016 # Hooks get their root as $1 from mmdebstrap.
mmdebstrap "${common[@]}" --include="$STOCK" \
    --customize-hook='rm -f "$1"/var/cache/apt/archives/*.deb' \
    --customize-hook="mkdir '$out.new/stock' && tar -C \"\$1\" --exclude='./proc/*' --exclude='./sys/*' --exclude='./dev/*' -cf - . | tar -C '$out.new/stock' -xf -" \
    --customize-hook="chroot \"\$1\" apt-get -qq --yes --no-install-recommends -o APT::Keep-Downloaded-Packages=true install ${ADDED[*]}" \
    --customize-hook='chroot "$1" systemctl --quiet disable nginx.service' \
    --customize-hook="chroot \"\$1\" apt-get -qq --yes --no-install-recommends -o APT::Keep-Downloaded-Packages=true --download-only install ${ENGINE[*]}" \
    --customize-hook="cp -- \"\$1\"/var/cache/apt/archives/*.deb '$out.new/debs/'" \
    $SUITE "$out.new/ready" "$source"
wait "$image"

# Every outside host that the machine talks to, the vault of any name among them.
mkdir "$out.new/tls"
(
    cd "$out.new/tls"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj '/CN=boot test' \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign -keyout ca-key.pem -out ca.crt 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=outside' -keyout key.pem -out request.pem 2>/dev/null
    printf 'subjectAltName=DNS:*.vault.azure.net,DNS:mirror.example,DNS:registry.example,DNS:api.telegram.org,DNS:open.feishu.cn,DNS:open.larksuite.com,DNS:api.openai.com,DNS:api.deepseek.com,DNS:api.anthropic.com,DNS:openrouter.ai\n' >names
    openssl x509 -req -in request.pem -CA ca.crt -CAkey ca-key.pem -days 3650 -extfile names -out cert.pem 2>/dev/null
)
for root in stock ready; do
    cp "$out.new/tls/ca.crt" "$out.new/$root/usr/local/share/ca-certificates/boot-test.crt"
    chroot "$out.new/$root" update-ca-certificates >/dev/null
    printf 'deb [trusted=yes] https://mirror.example/debs ./\n' >"$out.new/$root/etc/apt/sources.list"
done

for folder in debs image-debs; do
    (cd "$out.new/$folder" && dpkg-scanpackages --multiversion . >Packages 2>/dev/null)
done
for root in stock ready image; do
    rm -rf "${out:?}.new/$root/var/lib/apt/lists" "$out.new/$root"/var/cache/apt/*.bin "$out.new/$root/etc/hostname" "$out.new/$root/etc/resolv.conf"
    mkdir -p "$out.new/$root/var/lib/apt/lists"
    # A stock image has neither of these before its first boot.
    rm -f "$out.new/$root"/etc/ssh/ssh_host_*
    [ ! -e "$out.new/$root/etc/machine-id" ] || : >"$out.new/$root/etc/machine-id"
    rm -f "$out.new/$root"/etc/apt/sources.list.d/*
    rm -rf "$out.new/$root"/var/lib/cloud/*
done
rm -rf "$out"
mv "$out.new" "$out"
