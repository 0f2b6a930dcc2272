# SPDX-License-Identifier: Apache-2.0
"""Runs the shell sessions NAME.session of this folder, and the tour in README.md: commands, each with what it must print.

    python3 run_sessions.py --bin FOLDER [--junit-xml FILE] [--verbose] [NAME…]

A session is text. What comes before the first command is a comment.

    $ command             run by bash; the lines that follow are its output, stdout and stderr as they come
    > more of it          directly below a command: its next line (here-documents)
    expected line         `...` in a line stands for any text, a line of only `...` for any lines; $PORT, $PORT2 and $DIR are filled in
    (exit N)              as the last line: the exit code, when it is not 0
    $ command &           stays in the background until the session ends; the session goes on once the expected lines were printed,
                          or, if there are none, once something listens on $PORT. Backgrounds are numbered 1, 2, …; $BG is the process
                          id of the latest, $BG1 that of the first …
    $ output N            what background N has printed since it was last looked at; waits until the expected lines are there
    $ stop N              SIGTERM for background N, the rest of its output, and its exit code (128 + signal if it died of one)

Each session has a fresh folder ($DIR, the working directory; the files of NAME.d are copied to it), a free port ($PORT, and $PORT2),
$ROOT (this repository), ZEROWIRE_URL=rs://127.0.0.1:$PORT, and the folder of the built `zerowire` first on PATH.
"""
import argparse
import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from xml.sax.saxutils import escape, quoteattr

from markdown_session import session_of

HERE = os.path.dirname(os.path.abspath(__file__))
COMMAND_SECONDS = 120
WAIT_SECONDS = 60


class Failure(Exception):
    pass


class Step:
    def __init__(self, line, command):
        self.line, self.command, self.expected, self.exit = line, command, [], 0


def parse(path):
    steps = []
    with open(path, encoding="utf-8") as file:
        text = session_of(file.read()) if path.endswith(".md") else file.read()
        for number, line in enumerate(text.split("\n"), 1):
            if line.startswith("$ "):
                steps.append(Step(number, line[2:]))
            elif not steps:
                continue
            elif line.startswith("> ") and not steps[-1].expected:
                steps[-1].command += "\n" + line[2:]
            elif line == ">" and not steps[-1].expected:
                steps[-1].command += "\n"
            else:
                steps[-1].expected.append(line)
    for step in steps:
        while step.expected and not step.expected[-1]:
            step.expected.pop()
        code = re.fullmatch(r"\(exit (\d+)\)", step.expected[-1]) if step.expected else None
        if code:
            step.exit = int(code.group(1))
            step.expected.pop()
    return steps


def line_matches(pattern, line):
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("...")), line) is not None


def match(patterns, lines, prefix=False):
    """How many of the lines the patterns took, or None."""
    if not patterns:
        return 0 if prefix or not lines else None
    if patterns[0] == "...":
        for skipped in range(len(lines) + 1):
            rest = match(patterns[1:], lines[skipped:], prefix)
            if rest is not None:
                return skipped + rest
        return None
    if not lines or not line_matches(patterns[0], lines[0]):
        return None
    rest = match(patterns[1:], lines[1:], prefix)
    return None if rest is None else rest + 1


class Background:
    """A process whose output is gathered while it runs."""

    def __init__(self, command, where, env):
        self.process = subprocess.Popen(["bash", "-c", "exec " + command], cwd=where, env=env, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        self.lines, self.seen = [], 0
        self.thread = threading.Thread(target=self.gather, daemon=True)
        self.thread.start()

    def gather(self):
        for line in self.process.stdout:
            self.lines.append(line.decode("utf-8", "backslashreplace").rstrip("\n"))

    def fresh(self):
        return self.lines[self.seen:]

    def wait_for(self, expected):
        end = time.monotonic() + WAIT_SECONDS
        while True:
            dead = self.process.poll() is not None
            if dead:
                self.thread.join(5)
            taken = match(expected, self.fresh(), prefix=True)
            if taken is not None:
                self.seen += taken
                return
            if dead or time.monotonic() > end:
                raise Failure("ended with " + str(self.process.returncode) if dead else f"not printed within {WAIT_SECONDS} s")
            time.sleep(0.02)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failure(f"did not end within {WAIT_SECONDS} s of SIGTERM") from None
        self.thread.join(5)
        return code if code >= 0 else 128 - code

    def kill(self):
        """Ends the process and what it started: they are a session of their own."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.thread.join(5)


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def wait_for_port(port, background):
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end and background.process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise Failure(f"nothing listens on port {port}")


class Session:
    def __init__(self, path, binaries):
        self.path, self.backgrounds = path, []
        self.where = tempfile.mkdtemp(prefix="zerowire-session-")
        extra = path[:-len(".session")] + ".d"
        if os.path.isdir(extra):
            shutil.copytree(extra, self.where, dirs_exist_ok=True)
        self.port, port2 = free_ports(2)
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("ZEROWIRE_")}
        self.env.update(PATH=binaries + os.pathsep + os.environ["PATH"], PORT=str(self.port), PORT2=str(port2), DIR=self.where,
                        ROOT=os.path.dirname(os.path.dirname(HERE)), HOME=self.where, LC_ALL="C.UTF-8", TZ="UTC", NO_COLOR="1",
                        ZEROWIRE_URL=f"rs://127.0.0.1:{self.port}")
        self.fill_in = {"$PORT2": str(port2), "$PORT": str(self.port), "$DIR": self.where}

    def background(self, number):
        try:
            return self.backgrounds[int(number) - 1]
        except (ValueError, IndexError):
            raise Failure(f"no background {number}") from None

    def start(self, step, expected):
        background = Background(step.command[:-1].rstrip(), self.where, self.env)
        self.backgrounds.append(background)
        self.env["BG"] = self.env[f"BG{len(self.backgrounds)}"] = str(background.process.pid)
        self.shown = background.fresh
        if expected:
            background.wait_for(expected)
        else:
            wait_for_port(self.port, background)

    def foreground(self, command):
        """(lines, exit code)"""
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(["bash", "-c", command], cwd=self.where, env=self.env, stdin=subprocess.DEVNULL,
                                       stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
            try:
                code = process.wait(COMMAND_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                code = None
            output.seek(0)
            text = output.read().decode("utf-8", "backslashreplace")
        lines = text.split("\n")
        while lines and not lines[-1]:
            lines.pop()
        self.shown = lambda: lines
        if code is None:
            raise Failure(f"did not end within {COMMAND_SECONDS} s")
        return lines, code if code >= 0 else 128 - code

    def run_step(self, step):
        expected = step.expected
        for name, value in self.fill_in.items():
            expected = [line.replace(name, value) for line in expected]
        self.shown, self.wanted = (lambda: []), expected
        words = step.command.split()
        if step.command.rstrip().endswith("&") and not step.command.rstrip().endswith("&&"):
            return self.start(step, expected)
        if words[0] == "output" and len(words) == 2:
            background = self.background(words[1])
            self.shown = background.fresh
            return background.wait_for(expected)
        if words[0] == "stop" and len(words) == 2:
            background = self.background(words[1])
            self.shown = background.fresh
            code = background.stop()
            lines = background.fresh()
        else:
            lines, code = self.foreground(step.command)
        if match(expected, lines) is None:
            raise Failure("the output differs")
        if code != step.exit:
            raise Failure(f"exit code {code}, expected {step.exit}")
        return None

    def run(self):
        """None, or what failed."""
        step = None
        try:
            for step in parse(self.path):
                self.run_step(step)
        except Failure as failure:
            return "\n".join([f"{os.path.basename(self.path)}:{step.line}: {failure}", f"  $ {step.command}", "  expected:",
                              *("    " + line for line in self.wanted), "  printed:",
                              *("    " + line for line in self.shown()[:60])])
        finally:
            for background in self.backgrounds:
                background.kill()
            shutil.rmtree(self.where, ignore_errors=True)
        return None


def write_junit(path, results):
    with open(path, "w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="sessions">\n')
        for name, problem in results:
            file.write(f'<testcase classname="cli" name={quoteattr(name)}>')
            if problem:
                clean = re.sub(r"[^\t\n\x20-\ud7ff\ue000-\U0010ffff]", "?", problem)
                file.write(f"<failure>{escape(clean)}</failure>")
            file.write("</testcase>\n")
        file.write("</testsuite>\n")


def main():
    parser = argparse.ArgumentParser(description="Runs shell sessions with expected output.")
    parser.add_argument("--bin", required=True, help="the folder of the built zerowire")
    parser.add_argument("--junit-xml")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    paths = [os.path.join(HERE, name.removesuffix(".session") + ".session") for name in arguments.names] \
        or [*sorted(glob.glob(os.path.join(HERE, "*.session"))), os.path.join(HERE, "..", "..", "README.md")]
    results = []
    for path in paths:
        problem = Session(path, os.path.abspath(arguments.bin)).run()
        results.append((os.path.basename(path), problem))
        if problem or arguments.verbose:
            print(problem or f"{os.path.basename(path)}: passed", flush=True)
    if arguments.junit_xml:
        write_junit(arguments.junit_xml, results)
    failed = sum(1 for _, problem in results if problem)
    print(f"{len(results) - failed} sessions passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
