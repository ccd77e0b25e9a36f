"""The small parts, each for itself."""

import zlib
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import Clock, Message
from bot.sandbox.gateway.compression import packer
from bot.sandbox.gateway.intents import Intents
from bot.sandbox.gateway.sessions import Session
from bot.sandbox.snowflakes import Snowflakes, shard_of
from bot.sandbox.users import User
from bot.sandbox.waiting import Changes
from bot.sandbox.wire.layout import ActionRow, Container, Section, numbered, walk

UNPACKERS: dict[str, Callable[[], Callable[[bytes], bytes]]] = {
    "zlib-stream": lambda: zlib.decompressobj().decompress,
    "zstd-stream": lambda: zstandard.ZstdDecompressor().decompressobj().decompress,
}


@settings(deadline=None)
@given(st.sampled_from(sorted(UNPACKERS)), st.lists(st.text(), min_size=1, max_size=20))
def test_each_frame_can_be_unpacked_when_it_comes(way: str, frames: list[str]) -> None:
    pack, unpack = packer(way), UNPACKERS[way]()
    assert pack is not None
    for frame in frames:
        packed = pack(frame)
        assert isinstance(packed, bytes)
        assert unpack(packed).decode() == frame


def test_an_unknown_way_of_packing_is_not_known() -> None:
    assert packer("gzip") is None


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), max_size=50))
def test_ids_never_repeat_and_only_rise(pauses: list[float]) -> None:
    clock = Clock(lambda: 1_800_000_000.0)
    ids = Snowflakes(clock)
    found: list[int] = []
    for pause in pauses:
        found += [ids.next(), ids.next()]
        clock.advance(pause)
    assert found == sorted(set(found))


@settings(deadline=None)
@given(st.integers(1, 16))
def test_consecutive_servers_are_on_consecutive_shards(count: int) -> None:
    ids = Snowflakes(Clock())
    shards = [shard_of(ids.next_server(), count) for _ in range(count)]
    assert sorted(shards) == list(range(count))
    assert shard_of(None, count) == 0


@settings(deadline=None)
@given(st.integers(0, 3000), st.integers(0, 3000))
def test_a_session_tells_again_exactly_what_was_missed(told: int, seen: int) -> None:
    session = Session(0, 1, Intents.NONE)
    for _ in range(told):
        session.tell("EVENT", {})
    missed = session.missed(seen)
    known = max(0, told - 2000) <= seen <= told
    assert (missed is not None) == known
    assert missed is None or len(missed) == told - seen


def test_parts_are_numbered_once_and_given_numbers_stay() -> None:
    section = Section.model_validate(
        {
            "type": 9,
            "components": [{"type": 10, "content": "x", "id": 2}],
            "accessory": {"type": 2, "style": 1, "label": "x", "custom_id": "a"},
        }
    )
    row = ActionRow.model_validate(
        {"type": 1, "components": [{"type": 2, "style": 1, "label": "x", "custom_id": "b"}]}
    )
    card = Container.model_validate({"type": 17, "components": [section, row]})
    numbers = [one.id for one in walk(numbered([card]))]
    assert numbers == [1, 3, 2, 4, 5, 6]


async def test_a_wait_in_vain_names_what_was_waited_for() -> None:
    with pytest.raises(TimeoutError, match=r"waited 0.01 s for rain"):
        await Changes().until(lambda: None, what="rain", within=0.01)


def test_text_is_what_a_person_reads() -> None:
    message = Message(1, 2, 3, User(4, "anna"), 0.0, content="hello")
    assert (message.text, message.buttons, message.menus) == ("hello", (), ())
