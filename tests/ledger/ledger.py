# SPDX-License-Identifier: Apache-2.0
"""The zero-copy ledger, measured: how many octets a process copies to move a payload, hop by hop.

    python3 ledger.py FOLDER SCHEMA      FOLDER: of zerowire and tests/ledger_peer

Two instruments count: `valgrind --tool=dhat --mode=copy`, the octets that the memcpy family moves; and callgrind, the writes of
hand-written loops (a write moves at most 8 octets there, so 8 octets a write are charged). The checksum reads the payload and writes its
accumulators, and unmasking is one pass in place: their writes are printed beside, not charged. Each hop is run with payloads of 1 KiB and of
1 MiB; what grows between the two, divided by what the payloads grow, is the number of copies. Its limit is the ledger's number plus 2 %.
"""
import contextlib
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from serving import serve  # noqa: E402

SMALL, LARGE, COUNT = 1 << 10, 1 << 20, 8
SLACK = 0.02
SECONDS = 300
FRAGMENTS = 8
TRIES = 3
TUNABLES = "glibc.cpu.hwcaps=-ERMS,-FSRM"

# Hop, transport, what is measured, its copies as either instrument sees them, and the peer's arguments; {size} is filled in. `before`
# runs against the same data beforehand. The application's own writing of the octets into the message is no copy, but it is a write.
NONE, ONE, WRITTEN = ({"dhat": copies, "callgrind": writes} for copies, writes in ((0, 0), (1, 1), (0, 1)))
HOPS = (
    ("application -> message", "rs", "peer", WRITTEN, ("build", "{size}", COUNT), None),
    ("socket -> router -> 3 subscribers", "rs", "server", NONE, ("live", "{size}", COUNT, 3), None),
    ("  the same over WebSocket, masked", "ws", "server", NONE, ("live", "{size}", COUNT, 3), None),
    ("  WebSocket message in fragments", "ws", "server", ONE, ("fragments", "{size}", COUNT), None),
    ("socket -> client application", "rs", "peer", NONE, ("live", "{size}", COUNT, 1), None),
    ("router -> LMDB, and 2 subscribers", "rs", "server", ONE, ("kept", "{size}", COUNT, 2), None),
    ("LMDB -> socket, replay", "rs", "server", NONE, ("replay", "{size}", COUNT), ("kept", "{size}", COUNT, 0)),
    ("LMDB -> socket, get", "rs", "server", NONE, ("get", "{size}", COUNT), ("put", "{size}")),
)


class Failed(Exception):
    pass


def instrument(tool, place):
    if tool == "dhat":
        return ["valgrind", "--tool=dhat", "--mode=copy", f"--dhat-out-file={place}/dhat.json"]
    return ["valgrind", "--tool=callgrind", "--cache-sim=yes", f"--callgrind-out-file={place}/callgrind.out"]


def charged(tool, place, log):
    """The octets that the run copied, and those that checksum and unmasking wrote."""
    if tool == "dhat":
        found = re.search(r"Total:\s+([\d,]+) bytes", log)
        if not found:
            raise Failed(f"dhat says nothing: {log[-500:]}")
        return number(found.group(1)), 0
    text = subprocess.run(["callgrind_annotate", "--show=Dw", "--sort=Dw", "--threshold=100", "--auto=no", f"{place}/callgrind.out"], capture_output=True,
                          text=True, check=True).stdout
    total = number(re.search(r"^ *([\d,]+) .*PROGRAM TOTALS$", text, re.M).group(1))
    beside = sum(number(line.group(1)) for line in re.finditer(r"^ *([\d,]+) .*(?:zw_hash|XXH|zw_wire_mask)\w*.*$", text, re.M))
    return 8 * (total - beside), 8 * beside


def number(text):
    return int(text.replace(",", ""))


def fragments(port, size, count):
    """Publishes over a WebSocket, each payload in fragments."""
    with socket.create_connection(("127.0.0.1", port), SECONDS) as peer, peer.makefile("rb") as incoming:
        def send(opcode, octets, last=True):
            size = len(octets)
            length = struct.pack(">B", 128 | size) if size < 126 else struct.pack(">BH" if size < 65536 else ">BQ", 254 if size < 65536 else 255, size)
            peer.sendall(bytes([opcode | last << 7]) + length + bytes(4) + octets)

        def receive():
            head = incoming.read(2)
            if len(head) < 2:
                raise Failed("the router closed the connection")
            return incoming.read(head[1] if head[1] < 126 else struct.unpack(">H", incoming.read(2))[0])

        peer.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                     b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: wamp.2.cbor\r\n\r\n")
        while incoming.readline() not in (b"\r\n", b""):
            pass
        send(2, b"\x83\x01\x66realm1\xa1\x65roles\xa1\x69publisher\xa0")
        receive()
        for number in range(1, count + 1):
            head = b"\x85\x10" + bytes([number]) + b"\xa1\x6backnowledge\xf5\x6cledger.plain\x81\x5a" + struct.pack(">I", size)
            send(2, head, last=False)
            for index in range(FRAGMENTS):
                send(0, bytes(size // FRAGMENTS), last=index == FRAGMENTS - 1)
            answer = receive()
            if answer[:3] != bytes([0x83, 17, number]):
                raise Failed(f"the router answers {answer!r}")


class Run:
    def __init__(self, folder, schema, transport):
        self.folder, self.schema, self.transport = os.path.abspath(folder), schema, transport
        self.place = tempfile.mkdtemp(prefix="zerowire-ledger-")
        self.environment = dict(os.environ, GLIBC_TUNABLES=TUNABLES)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.place, ignore_errors=True)

    @contextlib.contextmanager
    def server(self, under, report):
        log = os.path.join(self.place, "server.log")
        command = [*under, os.path.join(self.folder, "zerowire"), "serve", self.schema, "--data", os.path.join(self.place, "data")]
        with contextlib.suppress(FileNotFoundError):
            os.unlink(log)
        try:
            server, self.port = serve(command, log, self.environment)
        except RuntimeError as error:
            raise Failed(error) from None
        self.environment["ZEROWIRE_URL"] = f"{self.transport}://127.0.0.1:{self.port}"
        try:
            yield
            server.send_signal(signal.SIGTERM)
            code = server.wait(SECONDS)
            with open(log, encoding="utf-8", errors="replace") as text:
                report.append(text.read())
            if code:
                raise Failed(f"the server ended with {code}: {report[-1][-800:]}")
        finally:
            if server.poll() is None:
                server.kill()
                server.wait()

    def peer(self, arguments, size, under=()):
        words = [str(word).format(size=size) for word in arguments]
        if words[0] == "fragments":
            return fragments(self.port, size, int(words[2]))
        done = subprocess.run([*under, os.path.join(self.folder, "tests", "ledger_peer"), *words], env=self.environment, timeout=SECONDS,
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(f"ledger_peer {' '.join(words)}: {done.stdout}{done.stderr[-800:]}")
        return done.stderr


def octets(folder, schema, hop, tool, size):
    _, transport, measured, _, arguments, before = hop
    with Run(folder, schema, transport) as run:
        under, report = instrument(tool, run.place), []
        if arguments[0] == "build":
            return charged(tool, run.place, run.peer(arguments, size, under))
        if before:
            with run.server((), report):
                run.peer(before, size)
        if measured == "server":
            with run.server(under, report):
                run.peer(arguments, size)
            return charged(tool, run.place, report[-1])
        with run.server((), report):
            log = run.peer(arguments, size, under)
        return charged(tool, run.place, log)


def measure(folder, schema, hop, tool):
    """(copies, what was measured). On a busy machine payloads come in more pieces, and each turn of a loop writes a little: what was
    judged too much is measured again, and the least counts."""
    limit, found = hop[3][tool] + SLACK, []
    while len(found) < TRIES and (not found or found[-1][0] >= limit):
        (small, _), (large, aside) = (octets(folder, schema, hop, tool, size) for size in (SMALL, LARGE))
        beside = f", {aside:,} beside" if aside else ""
        found.append(((large - small) / (COUNT * (LARGE - SMALL)), f"({small:,} octets with {COUNT} x 1 KiB, {large:,} with {COUNT} x 1 MiB{beside})"))
    return min(found)


def main():
    folder, schema = sys.argv[1:3]
    if not shutil.which("valgrind"):
        print("SKIP: valgrind is not installed")
        sys.exit(77)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))  # so that servers are ended too
    failures = 0
    for hop in HOPS:
        for tool in ("dhat", "callgrind"):
            try:
                copies, figures = measure(folder, schema, hop, tool)
            except Failed as failure:
                print(f"{hop[0]:36} {tool:9} FAILED: {failure}")
                failures += 1
                continue
            limit = hop[3][tool] + SLACK
            good = copies < limit
            failures += not good
            print(f"{hop[0]:36} {tool:9} {copies:7.4f} copies, at most {limit:.2f}   {figures}{'' if good else '  FAILED'}", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
