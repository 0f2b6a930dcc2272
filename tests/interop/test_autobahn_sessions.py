# SPDX-License-Identifier: Apache-2.0
"""Autobahn joins as it ships, over both transports with three serializers, and does what WAMP clients do."""
import asyncio
import json

import pytest
from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.types import CallOptions, PublishOptions, RegisterOptions, SubscribeOptions

from conftest import SECONDS, Inbox, join, run

KINDS = [(transport, serializer) for transport in ("rawsocket", "websocket") for serializer in ("flatbuffers", "cbor", "json")]
DETAILS = SubscribeOptions(details_arg="details")
ACKNOWLEDGED = PublishOptions(acknowledge=True)

kinds = pytest.mark.parametrize("transport,serializer", KINDS)


@kinds
def test_publish_and_subscribe(router, transport, serializer):
    async def main():
        async with join(router.port, transport, serializer) as reader, join(router.port, transport, serializer) as writer:
            exact, prefix, wildcard = Inbox(), Inbox(), Inbox()
            await reader.subscribe(exact, "com.example.plain.one", DETAILS)
            await reader.subscribe(prefix, "com.example.plain", SubscribeOptions(match="prefix", details_arg="details"))
            await reader.subscribe(wildcard, "com..plain.one", SubscribeOptions(match="wildcard", details_arg="details"))
            first = await writer.publish("com.example.plain.one", 1, "zwei", [3.5, None, True], key="value", options=ACKNOWLEDGED)
            await writer.publish("com.example.plain.two", 2, options=ACKNOWLEDGED)
            assert 1 <= first.id <= 2**53
            for inbox in (exact, wildcard):
                args, kwargs, details = (await inbox.take(1))[0]
                assert args == (1, "zwei", [3.5, None, True]) and kwargs == {"key": "value"}
                assert details.publication == first.id
            topics = [details.topic for _, _, details in await prefix.take(2)]
            assert topics == ["com.example.plain.one", "com.example.plain.two"]
            assert len(exact.items) == len(wildcard.items) == 1

    run(main())


@kinds
def test_publisher_exclusion(router, transport, serializer):
    async def main():
        async with join(router.port, transport, serializer) as session:
            inbox = Inbox()
            await session.subscribe(inbox, "com.example.own")
            await session.publish("com.example.own", "excluded", options=ACKNOWLEDGED)
            await session.publish("com.example.own", "included", options=PublishOptions(acknowledge=True, exclude_me=False))
            assert (await inbox.take(1))[0][0] == ("included",)

    run(main())


@kinds
def test_unsubscribe(router, transport, serializer):
    async def main():
        async with join(router.port, transport, serializer) as reader, join(router.port, transport, serializer) as writer:
            gone, there = Inbox(), Inbox()
            subscription = await reader.subscribe(gone, "com.example.a")
            await reader.subscribe(there, "com.example.b")
            await subscription.unsubscribe()
            await writer.publish("com.example.a", 1, options=ACKNOWLEDGED)
            await writer.publish("com.example.b", 2, options=ACKNOWLEDGED)
            await there.take(1)
            assert gone.items == []

    run(main())


@kinds
def test_calls(router, transport, serializer):
    async def main():
        async with join(router.port, transport, serializer) as callee, join(router.port, transport, serializer) as caller:
            async def slowly(n, details=None):
                for i in range(n):
                    details.progress(i)
                return n

            def refuse(_):
                raise ApplicationError("com.example.refused")

            await callee.register(lambda a, b, c=0: a + b + c, "com.example.add")
            await callee.register(slowly, "com.example.slowly", RegisterOptions(details_arg="details"))
            await callee.register(refuse, "com.example.refuse")
            assert await caller.call("com.example.add", 2, 3, c=4) == 9
            progress = []
            assert await caller.call("com.example.slowly", 3, options=CallOptions(on_progress=progress.append)) == 3
            assert progress == [0, 1, 2]
            with pytest.raises(ApplicationError) as caught:
                await caller.call("com.example.refuse", 1)
            assert caught.value.error == "com.example.refused"
            with pytest.raises(ApplicationError) as caught:
                await caller.call("com.example.nothing")
            assert caught.value.error == "wamp.error.no_such_procedure"
            with pytest.raises(ApplicationError) as caught:
                await caller.register(lambda: 1, "com.example.add")
            assert caught.value.error == "wamp.error.procedure_already_exists"

    run(main())


@kinds
def test_a_megabyte(router, transport, serializer):
    async def main():
        async with join(router.port, transport, serializer) as reader, join(router.port, transport, serializer) as writer:
            inbox = Inbox()
            text = "Grüße " * (1 << 17)
            await reader.subscribe(inbox, "com.example.large")
            await writer.publish("com.example.large", text, options=ACKNOWLEDGED)
            assert (await inbox.take(1))[0][0] == (text,)

    run(main())


@kinds
def test_typed_topic(router, transport, serializer):
    """Typed events come in as positional arguments and go out so; wrong ones are answered with the field."""
    async def main():
        async with join(router.port, transport, serializer) as reader, join(router.port, transport, serializer) as writer:
            inbox = Inbox()
            await reader.subscribe(inbox, "interop.glance")
            await writer.publish("interop.glance", "s1", 21.5, "Doubtful", 1700000000000000000, note="first", options=ACKNOWLEDGED)
            await writer.publish("interop.glance", sensor="s2", celsius=-3, options=ACKNOWLEDGED)
            events = await inbox.take(2)
            args, kwargs, _ = events[0]
            assert args[:2] == ("s1", 21.5) and kwargs["note"] == "first"
            assert events[1][0][:2] == ("s2", -3.0)
            with pytest.raises(ApplicationError) as caught:
                await writer.publish("interop.glance", sensor="s2", celcius=1, options=ACKNOWLEDGED)
            assert caught.value.error == "wamp.error.invalid_argument"
            if serializer != "flatbuffers":
                assert "celcius" in str(caught.value) and "celsius" in str(caught.value)
            assert len(inbox.items) == 2

    run(main())


@kinds
def test_map_procedures(router, transport, serializer):
    async def main():
        async with join(router.port, transport, serializer) as session, join(router.port, transport, serializer) as other:
            changes, deletions = Inbox(), Inbox()
            await other.subscribe(changes, "interop.sensor_changed")
            await other.subscribe(deletions, "interop.sensor_deleted")
            await session.call("interop.sensor_put", "s1", "north", 1700000000000000000)
            await session.call("interop.sensor_insert", id="s2", site="north")
            result = await session.call("interop.sensor_get", "north", "s1")
            values = list(result.results) if hasattr(result, "results") else result
            assert values[:2] == ["s1", "north"]
            assert await session.call("interop.sensor_count") == 2
            with pytest.raises(ApplicationError) as caught:
                await session.call("interop.sensor_insert", id="s2", site="north")
            assert caught.value.error == "zerowire.error.exists"
            await session.call("interop.sensor_delete", "north", "s1")
            with pytest.raises(ApplicationError) as caught:
                await session.call("interop.sensor_get", "north", "s1")
            assert caught.value.error == "zerowire.error.not_found"
            assert [args[0] for args, _, _ in await changes.take(2)] == ["s1", "s2"]
            assert (await deletions.take(1))[0][0] == ("north", "s1")

    run(main())


async def history(session, subscription, **filters):
    result = await session.call("wamp.subscription.get_events", subscription, **filters)
    if hasattr(result, "results"):
        result = list(result.results)
    return result


@kinds
def test_history_after_a_restart(router, transport, serializer):
    """With 0, 1 and 2 subscribers N publications give N records, and the subscription has the same id afterwards."""
    async def publish(listeners):
        async with join(router.port, transport, serializer) as writer:
            for n in range(5):
                await writer.publish("interop.reading", f"s{listeners}", float(n), options=ACKNOWLEDGED)

    async def before():
        await publish(0)
        async with join(router.port, transport, serializer) as one:
            subscription = await one.subscribe(Inbox(), "interop.reading")
            await publish(1)
            async with join(router.port, transport, serializer) as two:
                assert (await two.subscribe(Inbox(), "interop.reading")).id == subscription.id
                await publish(2)
            events = await history(one, subscription.id)
            return subscription.id, events

    async def after(subscription, events):
        async with join(router.port, transport, serializer) as session:
            assert (await session.subscribe(Inbox(), "interop.reading")).id == subscription
            assert await history(session, subscription) == events
            newest = await history(session, subscription, reverse=True, limit=3)
            assert [event["publication"] for event in newest] == [event["publication"] for event in events[:-4:-1]]
            middle = await history(session, subscription, after_publication=events[3]["publication"],
                                   until_publication=events[6]["publication"])
            assert middle == events[4:7]
            later = await history(session, subscription, from_time=events[10]["timestamp"])
            assert later == events[10:]

    subscription, events = run(before())
    assert [(event["args"][0], event["args"][1]) for event in events] == [(f"s{k}", float(n)) for k in range(3) for n in range(5)]
    assert all(event["subscription"] == subscription for event in events)
    assert [event["details"]["x_seq"] for event in events] == list(range(1, 16))
    assert [event["timestamp"] for event in events] == sorted({event["timestamp"] for event in events})
    router.restart()
    run(after(subscription, events))


def test_meta_api(router):
    async def main():
        async with join(router.port, "websocket", "json") as one, join(router.port, "rawsocket", "cbor") as two:
            assert await one.call("wamp.session.count") == 2
            assert sorted(await one.call("wamp.session.list")) == sorted([one._session_id, two._session_id])
            details = await one.call("wamp.session.get", two._session_id)
            assert details["session"] == two._session_id
            subscription = await one.subscribe(Inbox(), "com.example.meta")
            assert await two.call("wamp.subscription.lookup", "com.example.meta") == subscription.id
            assert await two.call("wamp.subscription.match", "com.example.meta") == [subscription.id]
            assert (await two.call("wamp.subscription.get", subscription.id))["uri"] == "com.example.meta"
            assert subscription.id in (await two.call("wamp.subscription.list"))["exact"]

    run(main())


def test_three_clients_on_one_topic(router):
    """An Autobahn JSON client, an Autobahn FlatBuffers client and zerowire's own exchange typed events."""
    async def main():
        async with join(router.port, "websocket", "json") as by_json, join(router.port, "rawsocket", "flatbuffers") as by_flatbuffers:
            json_inbox, flatbuffers_inbox = Inbox(), Inbox()
            await by_json.subscribe(json_inbox, "interop.reading")
            await by_flatbuffers.subscribe(flatbuffers_inbox, "interop.reading")
            await by_json.publish("interop.reading", "json", 1.5, options=ACKNOWLEDGED)
            await by_flatbuffers.publish("interop.reading", "flatbuffers", 2.5, options=ACKNOWLEDGED)
            await asyncio.to_thread(router.command, "pub", "interop.reading", '{"sensor":"zerowire","celsius":3.5}')
            heard_by_json = [args[:2] for args, _, _ in await json_inbox.take(2)]
            heard_by_flatbuffers = [args[:2] for args, _, _ in await flatbuffers_inbox.take(2)]
            assert heard_by_json == [("flatbuffers", 2.5), ("zerowire", 3.5)]
            assert heard_by_flatbuffers == [("json", 1.5), ("zerowire", 3.5)]

    with router.running("sub", "interop.reading", "--last", "10", "--count", "3") as sub:
        run(main())
        out, _ = sub.communicate(timeout=SECONDS)
    readings = [json.loads(line) for line in out.splitlines()]
    assert [(r["sensor"], r["celsius"]) for r in readings] == [("json", 1.5), ("flatbuffers", 2.5), ("zerowire", 3.5)]
