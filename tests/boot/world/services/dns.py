"""The machine's DNS server: knows the model providers, for programs that do not read /etc/hosts."""
import socket

from standing import orders

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("203.0.113.53", 53))
while True:
    asked, client = server.recvfrom(512)
    labels, at = [], 12
    while asked[at]:
        labels.append(asked[at + 1 : at + 1 + asked[at]].decode().lower())
        at += 1 + asked[at]
    question = asked[12 : at + 5]
    address = orders("dns").get(".".join(labels))
    found = address and question[-4:-2] == b"\x00\x01"
    flags = b"\x81\x80" if address else b"\x81\x83"
    answer = asked[:2] + flags + b"\x00\x01" + (b"\x00\x01" if found else b"\x00\x00") + b"\x00" * 4 + question
    if found:
        answer += b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x05\x00\x04" + socket.inet_aton(address)
    server.sendto(answer, client)
