# SPDX-License-Identifier: Apache-2.0
"""The zero-copy ledger, measured: how many octets a process copies to move a payload, hop by hop.

    python3 ledger.py FOLDER SCHEMA      FOLDER: of zerowire and tests/ledger_peer

Two instruments count: `valgrind --tool=dhat --mode=copy`, the octets that the memcpy family moves; and callgrind, the writes of
hand-written loops (a write moves at most 8 octets there, so 8 octets a write are charged). The checksum reads the payload and writes its
accumulators: its writes are printed beside, not charged. Each hop is run with payloads of 1 KiB and of
1 MiB; what grows between the two, divided by what the payloads grow, is the number of copies. Its limit is the ledger's number plus 2 %.
"""
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

SMALL, LARGE, COUNT = 1 << 10, 1 << 20, 8
SLACK = 0.02
SECONDS = 300
TUNABLES = "glibc.cpu.hwcaps=-ERMS,-FSRM"

# Hop, what is measured, its copies as either instrument sees them, and the peer's arguments; {size} is filled in. `before` runs
# against the same data beforehand. The application's own writing of the octets into the message is no copy, but it is a write.
NONE, ONE, WRITTEN = {"dhat": 0, "callgrind": 0}, {"dhat": 1, "callgrind": 1}, {"dhat": 0, "callgrind": 1}
HOPS = (
    ("application -> message", "peer", WRITTEN, ("build", "{size}", COUNT), None),
    ("socket -> router -> 3 subscribers", "server", NONE, ("live", "{size}", COUNT, 3), None),
    ("socket -> client application", "peer", NONE, ("live", "{size}", COUNT, 1), None),
    ("router -> LMDB, and 2 subscribers", "server", ONE, ("kept", "{size}", COUNT, 2), None),
    ("LMDB -> socket, replay", "server", NONE, ("replay", "{size}", COUNT), ("kept", "{size}", COUNT, 0)),
    ("LMDB -> socket, get", "server", NONE, ("get", "{size}", COUNT), ("put", "{size}")),
)


class Failed(Exception):
    pass


def instrument(tool, place):
    if tool == "dhat":
        return ["valgrind", "--tool=dhat", "--mode=copy", f"--dhat-out-file={place}/dhat.json"]
    return ["valgrind", "--tool=callgrind", "--cache-sim=yes", f"--callgrind-out-file={place}/callgrind.out"]


def charged(tool, place, log):
    """The octets that the run copied, and those that the checksum wrote to its own state."""
    if tool == "dhat":
        found = re.search(r"Total:\s+([\d,]+) bytes", log)
        if not found:
            raise Failed(f"dhat says nothing: {log[-500:]}")
        return number(found.group(1)), 0
    text = subprocess.run(["callgrind_annotate", "--show=Dw", "--sort=Dw", "--threshold=100", "--auto=no", f"{place}/callgrind.out"], capture_output=True,
                          text=True, check=True).stdout
    total = number(re.search(r"^ *([\d,]+) .*PROGRAM TOTALS$", text, re.M).group(1))
    checksum = sum(number(line.group(1)) for line in re.finditer(r"^ *([\d,]+) .*(?:zw_hash|XXH)\w*.*$", text, re.M))
    return 8 * (total - checksum), 8 * checksum


def number(text):
    return int(text.replace(",", ""))


class Run:
    def __init__(self, folder, schema):
        self.folder, self.schema = os.path.abspath(folder), schema
        self.place = tempfile.mkdtemp(prefix="zerowire-ledger-")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.environment = dict(os.environ, ZEROWIRE_URL=f"rs://127.0.0.1:{self.port}", GLIBC_TUNABLES=TUNABLES)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.place, ignore_errors=True)

    @contextlib.contextmanager
    def server(self, under, report):
        command = [*under, os.path.join(self.folder, "zerowire"), "serve", self.schema, "--data", os.path.join(self.place, "data"),
                   "--listen", f"127.0.0.1:{self.port}"]
        with open(os.path.join(self.place, "server.log"), "w+", encoding="utf-8", errors="replace") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, env=self.environment)
            try:
                end = time.monotonic() + SECONDS
                while True:
                    if server.poll() is not None or time.monotonic() > end:
                        log.seek(0)
                        raise Failed(f"the server does not start: {log.read()[-800:]}")
                    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                        break
                    time.sleep(0.02)
                yield
                server.send_signal(signal.SIGTERM)
                code = server.wait(SECONDS)
                log.seek(0)
                report.append(log.read())
                if code:
                    raise Failed(f"the server ended with {code}: {report[-1][-800:]}")
            finally:
                if server.poll() is None:
                    server.kill()
                    server.wait()

    def peer(self, arguments, size, under=()):
        words = [str(word).format(size=size) for word in arguments]
        done = subprocess.run([*under, os.path.join(self.folder, "tests", "ledger_peer"), *words], env=self.environment, timeout=SECONDS,
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(f"ledger_peer {' '.join(words)}: {done.stdout}{done.stderr[-800:]}")
        return done.stderr


def octets(folder, schema, hop, tool, size):
    _, measured, _, arguments, before = hop
    with Run(folder, schema) as run:
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


def main():
    folder, schema = sys.argv[1:3]
    if not shutil.which("valgrind"):
        print("SKIP: valgrind is not installed")
        sys.exit(77)
    failures = 0
    for hop in HOPS:
        name, _, copies, arguments, _ = hop
        moved = COUNT * (LARGE - SMALL)
        for tool in ("dhat", "callgrind"):
            try:
                (small, _), (large, checksum) = (octets(folder, schema, hop, tool, size) for size in (SMALL, LARGE))
            except Failed as failure:
                print(f"{name:36} {tool:9} FAILED: {failure}")
                failures += 1
                continue
            measured = (large - small) / moved
            good = measured < copies[tool] + SLACK
            failures += not good
            beside = f", checksum {checksum:,} beside" if checksum else ""
            print(f"{name:36} {tool:9} {measured:7.4f} copies, at most {copies[tool] + SLACK:.2f}   "
                  f"({small:,} octets with {COUNT} x 1 KiB, {large:,} with {COUNT} x 1 MiB{beside}){'' if good else '  FAILED'}", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
