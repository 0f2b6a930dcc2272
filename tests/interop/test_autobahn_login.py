# SPDX-License-Identifier: Apache-2.0
"""Autobahn logs in with a ticket, as it ships: the right one, a wrong one, and a name that nobody has."""
import json

import pytest
from autobahn.wamp.types import PublishOptions, SubscribeOptions

from conftest import SCHEMA, Inbox, Router, Session, join, run

KINDS = [(transport, serializer) for transport in ("rawsocket", "websocket") for serializer in ("flatbuffers", "cbor", "json")]
CONFIG = {"principals": [{"authid": "joe", "role": "operator", "ticket": "let me in, Grüße"}, {"authid": "ann", "role": "guest", "ticket": "other"}]}

kinds = pytest.mark.parametrize("transport,serializer", KINDS)


class Login(Session):
    """Joins by ticket only."""

    def __init__(self, realm, authid, ticket):
        super().__init__(realm)
        self.name, self.ticket = authid, ticket

    def onConnect(self):
        self.join(self.config.realm, ["ticket"], self.name)

    def onChallenge(self, challenge):
        assert challenge.method == "ticket"
        return self.ticket


def login(router, transport, serializer, authid, ticket):
    return join(router.port, transport, serializer, Login("realm1", authid, ticket))


@pytest.fixture(params=[True, False], ids=["anonymous", "tickets-only"])
def router(request, tmp_path):
    config = tmp_path / "serve.json"
    config.write_text(json.dumps({**CONFIG, "anonymous": request.param}))
    config.chmod(0o600)
    router = Router(tmp_path, SCHEMA, "--config", str(config))
    router.start()
    yield router
    router.stop()


@kinds
def test_the_right_ticket(router, transport, serializer):
    async def main():
        async with login(router, transport, serializer, "joe", "let me in, Grüße") as joe, \
                login(router, transport, serializer, "ann", "other") as ann:
            details = await joe.joined
            assert (details.authid, details.authrole) == ("joe", "operator")
            assert details.authmethod == ("authmethod_1" if serializer == "flatbuffers" else "ticket")  # Autobahn reads the number only.
            assert (await ann.joined).authrole == "guest"
            inbox = Inbox()
            await ann.subscribe(inbox, "com.example.plain", SubscribeOptions(details_arg="details"))
            await joe.publish("com.example.plain", 7, options=PublishOptions(acknowledge=True))
            assert (await inbox.take(1))[0][0] == (7,)

    run(main())


@kinds
def test_wrong_tickets_and_unknown_names_are_told_the_same(router, transport, serializer):
    async def main():
        told = []
        for authid, ticket in (("joe", "let me out"), ("joe", ""), ("ann", "let me in, Grüße"), ("jim", "other")):
            with pytest.raises(RuntimeError) as refusal:
                async with login(router, transport, serializer, authid, ticket):
                    pass
            told.append(str(refusal.value))
        assert set(told) == {"wamp.error.authentication_denied: The authid or the ticket is wrong."}

    run(main())
