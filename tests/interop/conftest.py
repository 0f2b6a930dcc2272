# SPDX-License-Identifier: Apache-2.0
"""A router for each test that asks for one, and Autobahn sessions that join it."""
import asyncio
import contextlib
import os
import signal
import subprocess
import sys

import pytest
import txaio

txaio.use_asyncio()

from autobahn.asyncio.rawsocket import WampRawSocketClientFactory  # noqa: E402
from autobahn.asyncio.wamp import ApplicationSession  # noqa: E402
from autobahn.asyncio.websocket import WampWebSocketClientFactory  # noqa: E402
from autobahn.wamp.serializer import CBORSerializer, FlatBuffersSerializer, JsonSerializer  # noqa: E402
from autobahn.wamp.types import ComponentConfig  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.abspath(os.environ.get("ZEROWIRE_BUILD", "build/dev"))
COMMAND = os.path.join(BUILD, "zerowire")
SCHEMA = os.path.join(HERE, "interop.fbs")
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from serving import serve  # noqa: E402

SERIALIZERS = {"flatbuffers": FlatBuffersSerializer, "cbor": CBORSerializer, "json": JsonSerializer}
SECONDS = 120


def built(name):
    """The path of a program of the build; that it is missing is a failure, not a reason to skip."""
    path = os.path.join(BUILD, name)
    assert os.path.exists(path), f"{path} is not built"
    return path


class Router:
    def __init__(self, place, schema, *options):
        self.place, self.schema, self.options = place, schema, options
        self.process = self.port = self.environment = None

    def start(self):
        self.process, self.port = serve([built("zerowire"), "serve", self.schema, "--data", str(self.place / "data"), *self.options], self.place / "server.log")
        self.environment = dict(os.environ, ZEROWIRE_URL=f"rs://127.0.0.1:{self.port}")

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        try:
            code = self.process.wait(SECONDS)
        finally:
            self.process.kill()
        assert code == (0 if how == signal.SIGTERM else -how), (self.place / "server.log").read_text()

    def restart(self, how=signal.SIGTERM):
        self.stop(how)
        self.start()

    def command(self, *words, stdin=None):
        """Runs zerowire; its output, and that it went well."""
        done = subprocess.run([COMMAND, *words], env=self.environment, input=stdin, capture_output=True, text=True, timeout=SECONDS, check=False)
        assert done.returncode == 0, f"zerowire {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    @contextlib.contextmanager
    def running(self, *words):
        """A command that goes on meanwhile; it does not outlive the test."""
        with subprocess.Popen([built("zerowire"), *words], env=self.environment, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield process
            finally:
                process.kill()


@pytest.fixture
def router(tmp_path):
    router = Router(tmp_path, SCHEMA)
    router.start()
    yield router
    if router.process.poll() is None:
        router.stop()


class Session(ApplicationSession):
    """An Autobahn session whose joining can be waited for."""

    def __init__(self, realm):
        super().__init__(ComponentConfig(realm=realm))
        self.joined = asyncio.get_running_loop().create_future()

    def onJoin(self, details):
        self.joined.set_result(details)

    def onLeave(self, details):
        if not self.joined.done():
            self.joined.set_exception(RuntimeError(f"{details.reason}: {details.message}"))
        super().onLeave(details)


@contextlib.asynccontextmanager
async def join(port, transport, serializer, session=None):
    """A session over rawsocket or websocket, unchanged as Autobahn ships it."""
    session = session or Session("realm1")
    if transport == "rawsocket":
        factory = WampRawSocketClientFactory(lambda: session, serializer=SERIALIZERS[serializer]())
    else:
        factory = WampWebSocketClientFactory(lambda: session, url=f"ws://127.0.0.1:{port}/ws", serializers=[SERIALIZERS[serializer]()])
    connection, _ = await asyncio.get_running_loop().create_connection(factory, "127.0.0.1", port)
    await asyncio.wait_for(session.joined, SECONDS)
    try:
        yield session
    finally:
        if session.is_connected():
            with contextlib.suppress(Exception):
                await asyncio.wait_for(session.leave(), SECONDS)
        connection.close()


class Inbox:
    """Collects events, and waits until so many are there."""

    def __init__(self):
        self.items = []
        self.changed = asyncio.Event()

    def __call__(self, *args, **kwargs):
        details = kwargs.pop("details", None)
        self.items.append((args, kwargs, details))
        self.changed.set()

    async def take(self, count):
        end = asyncio.get_running_loop().time() + SECONDS
        while len(self.items) < count:
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), max(0.1, end - asyncio.get_running_loop().time()))
        return self.items


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, SECONDS))
