#!/bin/bash
# What a hostile image does while the agent's image is built from it, as root: it looks for the machine's identity, and
# leaves a note of what it could reach.
for address in 169.254.169.254 168.63.129.16; do
    answer=out-of-reach
    # shellcheck disable=SC2016 # The inner shell's.
    if timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/80"' "$address" 2>/dev/null; then answer=reached; fi
    echo "$address $answer" >>/var/cache/looked-around
done
