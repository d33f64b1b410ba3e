#!/usr/bin/env bash
# bed.sh ROOT BED WORLD TLS: boots a throwaway copy of ROOT, in mount and process namespaces of its own.
#
# BED has a folder `machine`, whose files are laid over ROOT, and `world`, which the outside services
# read their orders from. A reboot of the machine boots it again; when it powers off, this ends.
set -Eeuo pipefail
root=$1 bed=$2 world=$3 tls=$4

# A view of its own on the control groups, and a group of its own in it.
umount -R /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
group=/sys/fs/cgroup/boot-${bed##*/}
mkdir -p "$group"
echo 0 >"$group/cgroup.procs"

mount -t tmpfs -o mode=0755 tmpfs "$bed/disk"
mkdir "$bed/disk"/{upper,work,root,docker}
mount -t overlay overlay -o "lowerdir=$root,upperdir=$bed/disk/upper,workdir=$bed/disk/work" "$bed/disk/root"
cp -a "$bed/machine/." "$bed/disk/root/"
cat "$bed/hosts" >>"$bed/disk/root/etc/hosts"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
status=133
while [ "$status" = 133 ]; do
    status=0
    # An engine needs its folder on something else than an overlay, and more rights than other programs.
    systemd-nspawn --quiet --boot --register=no --keep-unit --private-network --link-journal=no \
        --machine="boot-${bed##*/}" --directory="$bed/disk/root" \
        --capability=all --system-call-filter='bpf keyctl add_key' \
        --bind="$bed/disk/docker:/var/lib/docker" \
        --bind="$bed/world:/srv/world" --bind-ro="$world/files:/srv/world/files" --bind-ro="$world/git:/srv/world/git" \
        --bind-ro="$tls:/srv/world/tls" --bind-ro="$here/world/services:/srv/world/services" \
        --bind-ro="$here/world/network.sh:/srv/world/network.sh" || status=$?
done
echo 0 >/sys/fs/cgroup/cgroup.procs
rmdir "$group"/*/ "$group" 2>/dev/null || true
exit "$status"
