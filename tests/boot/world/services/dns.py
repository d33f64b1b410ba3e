"""The name server of containers and of programs that do not read /etc/hosts."""
import socket
import struct

from standing import orders

HOSTS = {"mirror.example": "203.0.113.20", "registry.example": "203.0.113.20"}


def answer(question):
    """An address where there is one; nothing of another type; no such name otherwise."""
    labels, at = [], 12
    while question[at]:
        labels.append(question[at + 1 : at + 1 + question[at]].decode().lower())
        at += 1 + question[at]
    kind = struct.unpack("!H", question[at + 1 : at + 3])[0]
    name = ".".join(labels)
    address = HOSTS.get(name) or orders("dns").get(name)
    found = [address] if address and kind == 1 else []
    header = struct.pack("!HHHHH", 0x8180 if address else 0x8183, 1, len(found), 0, 0)
    records = b"".join(
        b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 5, 4) + socket.inet_aton(address) for address in found
    )
    return question[:2] + header + question[12 : at + 5] + records


server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("203.0.113.53", 53))
while True:
    packet, sender = server.recvfrom(512)
    server.sendto(answer(packet), sender)
