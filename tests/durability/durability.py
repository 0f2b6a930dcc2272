# SPDX-License-Identifier: Apache-2.0
"""What must survive: kill -9 while publishing and while records change, a full disk, and the order from publisher to subscriber.

    python3 durability.py FOLDER SCHEMA [--rounds N] [--seed N]     FOLDER: of zerowire and tests/durability_peer
"""
import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from serving import serve  # noqa: E402

PUBLISHERS = 4
SECONDS = 120
CHANGES = 4000
READERS = 10
QUEUE_MAX = 64 << 20


class Failed(Exception):
    pass


def check(holds, what):
    if not holds:
        raise Failed(what)


class Bench:
    """A folder with a store in it, the server over it, and the peers."""

    def __init__(self, folder, schema, place):
        self.folder, self.schema, self.place = os.path.abspath(folder), schema, place
        self.log = os.path.join(place, "server.log")
        self.port = self.environment = self.server = None
        self.started = []

    def start(self):
        self.server, self.port = serve([os.path.join(self.folder, "zerowire"), "serve", self.schema, "--data", os.path.join(self.place, "data")], self.log)
        self.environment = dict(os.environ, ZEROWIRE_URL=f"rs://127.0.0.1:{self.port}")

    def server_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()[-2000:]

    def kill(self, how=signal.SIGKILL):
        self.server.send_signal(how)
        code = self.server.wait(SECONDS)
        check(code == (-9 if how == signal.SIGKILL else 0), f"the server ended with {code}: {self.server_log()}")

    def peer(self, *arguments, output=None):
        peer = subprocess.Popen([os.path.join(self.folder, "tests", "durability_peer"), *map(str, arguments)], env=self.environment,
                                stdout=output or subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.started.append(peer)
        return peer

    def lines(self, *arguments):
        out, err = self.peer(*arguments).communicate(timeout=SECONDS)
        check(not err, f"{' '.join(map(str, arguments))}: {err}")
        return out.splitlines()

    def command(self, *words):
        done = subprocess.run([os.path.join(self.folder, "zerowire"), *words], env=self.environment, capture_output=True, text=True, timeout=SECONDS,
                              check=False)
        check(done.returncode == 0, f"zerowire {' '.join(words)}: {done.stderr}")
        return done.stdout

    def kept(self):
        lines = self.lines("replay")
        check(lines and lines[-1] == "end", "the replay did not end")
        return [tuple(map(int, line.split()[1:])) for line in lines[:-1]]

    def close(self):
        for process in [*self.started, *([self.server] if self.server else [])]:
            if process.poll() is None:
                process.kill()
            process.wait()
            for stream in (process.stdout, process.stderr):
                if stream:
                    stream.close()


class Plain:
    """A RawSocket session in JSON that reads when the test says so."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), SECONDS)
        self.socket.sendall(b"\x7f\xf1\0\0")
        check(self.exactly(4)[1] & 15 == 1, "the handshake was refused")
        self.request = 0
        self.send([1, "realm1", {"roles": {"publisher": {}, "subscriber": {}}}])
        check(self.receive()[0] == 2, "no WELCOME")

    def exactly(self, octets):
        data, have = bytearray(octets), 0
        while have < octets:
            n = self.socket.recv_into(memoryview(data)[have:])
            if not n:
                raise EOFError
            have += n
        return bytes(data)

    def send(self, message):
        octets = json.dumps(message).encode()
        self.socket.sendall(struct.pack(">I", len(octets)) + octets)

    def receive(self):
        while True:
            head = struct.unpack(">I", self.exactly(4))[0]
            octets = self.exactly(head & 0xFFFFFF)
            if head >> 24 == 0:
                return json.loads(octets)
            self.socket.sendall(struct.pack(">I", 0x02000000 | len(octets)) + octets)

    def ask(self, code, options, *rest):
        self.request += 1
        self.send([code, self.request, options, *rest])
        answer = self.receive()
        check(answer[0] == code + 1, f"{code}: {answer}")

    def close(self):
        self.socket.close()


def facts(path, word):
    """The whole lines of a peer's output that begin with a word, as tuples of what follows."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    whole = (line.split() for line in text[:text.rfind("\n") + 1].splitlines())
    return [tuple(rest) for first, *rest in whole if first == word]


def wait_for(path, peer, word):
    """Waits until a peer's output has a whole line that begins with the word."""
    end = time.monotonic() + SECONDS
    while not facts(path, word):
        check(peer.poll() is None, f"the peer ended before it was {word}")
        check(time.monotonic() < end, f"the peer is not {word}")
        time.sleep(0.002)


def ascending(numbers):
    return all(a < b for a, b in zip(numbers, numbers[1:]))


def kill_rounds(bench, rounds, dice):
    """SIGKILL at random instants: nothing acknowledged is lost, nothing seen is missing, nothing is there twice, order is kept."""
    first = [1] * (PUBLISHERS + 1)
    acknowledged, seen = {}, {}
    for turn in range(rounds):
        bench.start()
        path = os.path.join(bench.place, f"watch-{turn}")
        with open(path, "w", encoding="utf-8") as output:
            watcher = bench.peer("watch", 0, output=output)
        wait_for(path, watcher, "watching")
        outputs, peers = [], []
        for publisher in range(1, PUBLISHERS + 1):
            outputs.append(os.path.join(bench.place, f"publish-{turn}-{publisher}"))
            with open(outputs[-1], "w", encoding="utf-8") as output:
                peers.append(bench.peer("publish", publisher, first[publisher], 1000000, output=output))
        wait_for(outputs[-1], peers[-1], "acknowledged")
        time.sleep(dice.uniform(0, 0.2))
        bench.kill()
        for peer in [*peers, watcher]:
            peer.wait(SECONDS)
        for publisher, output in enumerate(outputs, 1):
            mine = [(int(n), int(publication)) for _, n, publication in facts(output, "acknowledged")]
            check(ascending([n for n, _ in mine]), f"round {turn}: acknowledgements of {publisher} out of order")
            acknowledged.update({(publisher, n): publication for n, publication in mine})
            # Those in flight may be stored or not: the next round counts on from beyond them.
            first[publisher] = (mine[-1][0] if mine else first[publisher]) + 1000
        live = [(int(p), int(n), int(publication)) for _, p, n, publication in facts(path, "seen")]
        seen.update({(p, n): publication for p, n, publication in live})
        bench.start()
        kept = bench.kept()
        bench.kill(signal.SIGTERM)
        stored = {(p, n): publication for p, n, publication in kept}
        check(len(stored) == len(kept), f"round {turn}: an event is there twice")
        lost = [key for key, publication in acknowledged.items() if stored.get(key) != publication]
        check(not lost, f"round {turn}: {len(lost)} acknowledged events are lost, the first {lost[:1]}")
        missing = [key for key, publication in seen.items() if stored.get(key) != publication]
        check(not missing, f"round {turn}: {len(missing)} events that were seen are not in the history, the first {missing[:1]}")
        place = {event: at for at, event in enumerate(kept)}
        check(ascending([place[event] for event in live]), f"round {turn}: the history has another order than the subscriber saw")
        for publisher in range(1, PUBLISHERS + 1):
            check(ascending([n for p, n, _ in kept if p == publisher]), f"round {turn}: order of {publisher} not kept")
    return f"{rounds} rounds, {len(acknowledged)} acknowledged, {len(seen)} seen, {len(stored)} kept: none lost"


def changes(bench, rounds, dice):
    """SIGKILL while a record changes: the history of its changes ends with what the record is."""
    total = 0
    for turn in range(1, rounds + 1):
        bench.start()
        path = os.path.join(bench.place, f"change-{turn}")
        with open(path, "w", encoding="utf-8") as output:
            peer = bench.peer("change", turn, 1000000, output=output)
        wait_for(path, peer, "acknowledged")
        time.sleep(dice.uniform(0, 0.2))
        bench.kill()
        peer.wait(SECONDS)
        acknowledged = [int(n) for _, n, _ in facts(path, "acknowledged")]
        bench.start()
        record = json.loads(bench.command("get", "notes", str(turn)))
        told = [json.loads(line) for line in bench.command("history", "durability.note_changed").splitlines()]
        bench.kill(signal.SIGTERM)
        numbers = [note["number"] for note in told if note["publisher"] == turn]
        check(numbers == list(range(1, len(numbers) + 1)), f"round {turn}: the changes are not told one by one")
        check(numbers[-1] == record["number"], f"round {turn}: record {record['number']}, but the last change that was told is {numbers[-1]}")
        check(numbers[-1] >= acknowledged[-1], f"round {turn}: an acknowledged change is lost")
        total += len(numbers)
    return f"{rounds} rounds, {total} changes: each was told, and none that was not made"


def grown_file(bench, readers):
    """The size of the data file after many changes, while sessions that asked for all events read nothing."""
    bench.start()
    bench.lines("publish", 1, 1, 16, 1 << 20)
    stalled = [Plain(bench.port) for _ in range(readers)]
    for peer in stalled:
        peer.ask(32, {"x_from": {"since": 0}}, "durability.kept")
    bench.lines("change", 1, CHANGES)
    size = os.stat(os.path.join(bench.place, "data", "realm1", "data.mdb")).st_blocks * 512
    for peer in stalled:
        check([peer.receive()[4][1] for _ in range(2)] == [1, 2], "what a stalled reader was owed is not there")
        peer.close()
    bench.kill(signal.SIGTERM)
    shutil.rmtree(os.path.join(bench.place, "data"))
    return size


def stalled_readers(bench):
    """Readers of the log that stop reading keep no old pages: the file grows as it does without them."""
    control, size = grown_file(bench, 0), grown_file(bench, READERS)
    check(size <= 1.1 * control, f"the file grew to {size} octets, and to {control} without readers")
    return f"{size >> 10} KiB with {READERS} stalled readers, {control >> 10} KiB without"


def anonymous_memory(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith("RssAnon"))


def slow_subscriber(bench):
    """A live subscriber that stops reading costs its queue and no more, and is closed; the others and the publisher do not notice."""
    # AddressSanitizer keeps freed memory for a while; here what is freed is to be seen.
    os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"
    bench.start()
    publisher, reader, sleeper = (Plain(bench.port) for _ in range(3))
    reader.ask(32, {}, "plain.topic")
    sleeper.ask(32, {}, "plain.topic")
    before, most = anonymous_memory(bench.server), 0
    for number in range(500):
        publisher.ask(16, {"acknowledge": True}, "plain.topic", [number, "x" * (256 << 10)])
        check(reader.receive()[4][0] == number, "an event is missing")
        most = max(most, anonymous_memory(bench.server) - before)
    check(most <= QUEUE_MAX + (24 << 20), f"a subscriber that does not read costs {most} octets")
    check("its queue is full" in bench.server_log(), "it was not closed")
    seen = 0
    with contextlib.suppress(EOFError, OSError):
        while True:
            check(sleeper.receive()[4][0] == seen, "a gap before the end")
            seen += 1
    check(0 < seen < 500, f"it was given {seen} events")
    bench.kill(signal.SIGTERM)
    return f"500 events delivered; the sleeper cost {most >> 20} MiB and was closed after {seen}"


def order(bench):
    """One publisher, a durable and a live topic in turn: a subscriber of both sees them in the order of publishing."""
    bench.start()
    watcher = bench.peer("watch", 2000, "durability.kept", "durability.live")
    check(watcher.stdout.readline() == "watching\n", "the watcher ended")
    bench.lines("mixed", 1, 2000)
    out, _ = watcher.communicate(timeout=SECONDS)
    bench.kill(signal.SIGTERM)
    numbers = [int(line.split()[3]) for line in out.splitlines()]
    check(numbers == list(range(1, 2001)), f"order broken after {next((i for i, n in enumerate(numbers, 1) if i != n), len(numbers))}")
    return f"{len(numbers)} events over a durable and a live topic in order"


@contextlib.contextmanager
def small_disk(place, megabytes):
    disk = os.path.join(place, "data")
    os.makedirs(disk)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", disk], capture_output=True, text=True, check=False)
    if done.returncode:
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", "-l", disk], check=False)


def full_disk(bench):
    """A full disk: a typed error for publishers, reads go on, and publishing goes on once there is space."""
    with small_disk(bench.place, 16) as mounted:
        if not mounted:
            return None
        ballast = os.path.join(bench.place, "data", "ballast")
        bench.start()
        bench.command("put", "notes", '{"publisher":1,"number":7}')
        with open(ballast, "wb") as file:
            file.write(bytes(10 << 20))
        lines = bench.lines("publish", 1, 1, 2000, 8192)
        good = [line.split() for line in lines if line.startswith("acknowledged")]
        refused = [line.split() for line in lines if line.startswith("refused")]
        check(good, "nothing was stored before the disk was full")
        check(refused, "the disk never was full")
        check({line[3] for line in refused} == {"zerowire.error.store_unavailable"}, f"errors: { {line[3] for line in refused} }")
        record = json.loads(bench.command("get", "notes", "1"))
        told = [json.loads(line)["number"] for line in bench.command("history", "durability.kept", "--limit", "10").splitlines()]
        check(record["number"] == 7 and told == [int(n) for _, _, n, _ in good[:10]], f"reads do not go on: {record}, {told}")
        os.unlink(ballast)
        # Space is back: the mark that ends the replay is stored as well.
        after = bench.lines("publish", 2, 1, 50)
        check(len([line for line in after if line.startswith("acknowledged")]) == 50, f"publishing did not go on: {after[:3]}")
        kept = bench.kept()
        stored = {(p, n): publication for p, n, publication in kept}
        check(all(stored.get((int(p), int(n))) == int(publication) for _, p, n, publication in good), "acknowledged events are lost")
        refused_numbers = {int(line[2]) for line in refused}
        check(not [n for p, n, _ in kept if p == 1 and n in refused_numbers], "refused events are stored")
        bench.kill(signal.SIGTERM)
        return f"{len(good)} stored, {len(refused)} refused while the disk was full, then 50 more stored"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("schema")
    parser.add_argument("case", choices=("kill", "changes", "stalled-readers", "slow-subscriber", "order", "full-disk"))
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))  # so that servers are ended too
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(1 << 32)
    place = tempfile.mkdtemp(prefix="zerowire-durability-")
    bench = Bench(arguments.folder, arguments.schema, place)
    case = {"kill": lambda: kill_rounds(bench, arguments.rounds, random.Random(seed)), "order": lambda: order(bench),
            "changes": lambda: changes(bench, arguments.rounds // 5, random.Random(seed)),
            "stalled-readers": lambda: stalled_readers(bench), "slow-subscriber": lambda: slow_subscriber(bench),
            "full-disk": lambda: full_disk(bench)}[arguments.case]
    try:
        told = case()
        if told is None:
            print("SKIP: a tmpfs cannot be mounted here (root is needed)")
            sys.exit(77)
        print(told)
    except Failed as failure:
        print(f"FAILED (--seed {seed}): {failure}", file=sys.stderr)
        sys.exit(1)
    finally:
        bench.close()
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
