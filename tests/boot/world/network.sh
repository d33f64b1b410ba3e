#!/bin/sh
# The cable between the machine and everything outside it, which lives in a network namespace of its own.
set -eu
delay=$(python3 -c 'import json; print(json.load(open("/srv/world/orders.json")).get("network", {}).get("delay", 0))')

# A vault that is still to be made has no name; from then on, only the name server knows it.
if [ "$(python3 -c 'import json; print(json.load(open("/srv/world/orders.json"))["vault"].get("unnamed", False))')" = True ]; then
    sed -i '/vault[.]azure[.]net/d' /etc/hosts
fi

ip link set lo up
ip netns add outside
ip link add eth0 type veth peer name uplink netns outside
ip -n outside link set lo up
for address in 169.254.169.254 169.254.0.23 168.63.129.16 203.0.113.10 203.0.113.20 203.0.113.30 203.0.113.40 203.0.113.53; do
    ip -n outside address add "$address/32" dev lo
done
# Other clouds' metadata services; none answers on an address of a cloud that has no IPv6.
for address in fd00:ec2::254 fd20:ce::254; do
    ip -n outside address add "$address/128" dev lo nodad
done
ip -n outside address add 10.0.0.1/24 dev uplink
ip -n outside address add fd00:0::1/64 dev uplink nodad
ip -n outside link set uplink up
ip address add 10.0.0.4/24 dev eth0
ip address add fd00:0::4/64 dev eth0 nodad

plug() {
    ip link set eth0 up
    ip route add default via 10.0.0.1
    ip route add default via fd00:0::1
}
if [ "$delay" = 0 ]; then
    plug
else
    (sleep "$delay"; plug) &
fi
