# SPDX-License-Identifier: Apache-2.0
"""Starts `zerowire serve` for a test, on a port that the system chooses: no other process can have taken it meanwhile."""
import re
import subprocess
import time

SECONDS = 120
ADDRESS = re.compile(rb"rs://127\.0\.0\.1:(\d+)\s")


def serve(command, log, env=None):
    """(process, port) once it listens; it prints to the end of the file `log`. RuntimeError, with what it said, if it does not."""
    with open(log, "ab") as output:
        begin = output.tell()
        process = subprocess.Popen([*command, "--listen", "127.0.0.1:0"], stdout=output, stderr=output, env=env)
    end = time.monotonic() + SECONDS
    while True:
        ended = process.poll() is not None or time.monotonic() > end
        with open(log, "rb") as output:
            output.seek(begin)
            said = output.read()
        found = ADDRESS.search(said)
        if found and not ended:
            return process, int(found.group(1))
        if ended:
            process.kill()
            process.wait()
            raise RuntimeError(f"the server does not start: {said[-2000:].decode('utf-8', 'replace')}")
        time.sleep(0.005)
