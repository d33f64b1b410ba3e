#!/usr/bin/env bash
# make.sh: makes what machines boot from and what the outside serves, once for each recipe, and prints the two folders.
#
# Whoever comes second waits: it may be running since the suite began.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
kept=$(cd ../.. && pwd)/target/boot
mkdir -p "$kept"
exec 9>"$kept/lock"
flock 9

recipe() { cat -- "$@" | sha256sum | cut -c 1-12; }

# In a mount namespace of its own, so that nothing stays mounted when it is interrupted.
made() {
    [ -d "$2" ] || unshare --mount --propagation private bash "$@" >&2 9>&-
}

readarray -t integrations < <(find world/integrations -type f | LC_ALL=C sort)
userland=$kept/userland-$(recipe userland.sh)
world=$kept/world-$(recipe userland.sh "${integrations[@]}" world/runtime.py world/look-around.sh world.sh)
made userland.sh "$userland"
made world.sh "$world" "$userland"
for folder in "$kept"/*/; do
    folder=${folder%/}
    [ "$folder" = "$userland" ] || [ "$folder" = "$world" ] || rm -rf -- "$folder"
done
printf '%s\n%s\n' "$userland" "$world"
