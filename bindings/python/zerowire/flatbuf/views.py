# SPDX-License-Identifier: Apache-2.0
"""Views: tables and structs in a buffer.

A table's view holds the buffer, its position, and its vtable as a tuple that is padded to the slots that the type knows.
Tables share vtables, so the tuples are kept for each root, by position.
"""
from struct import Struct as Layout
from typing import Union

from .accessors import struct_accessor, table_accessors
from .builder import Builder, Ref
from .descriptors import Type, registry
from .objects import Object, unpack, unpack_struct
from .scalars import i32 as _i32
from .scalars import u16 as _u16
from .scalars import u32 as _u32
from .verify import verify

Octets = Union[bytes, bytearray, memoryview]


def octets_of(data):
    """What views read from: bytes and bytearrays as they are, all else as a memoryview."""
    return data if type(data) in (bytes, bytearray) else memoryview(data).cast("B")


class Vtables(dict):
    """Vtables of one buffer: the offsets that each has, as many as the type has slots, and behind them the key: the vtable's position,
    and above its 48 bits the number of slots. `last`: the one that was wanted last."""
    __slots__ = ("last",)

    def __init__(self):
        self.last = (None,)

    def at(self, buf, key, slots):
        offsets = self.get(key)
        if offsets is None:
            vtable = key - (slots << 48)
            if vtable < 0:
                raise ValueError("a vtable leads out of the buffer")
            count = min(max((_u16(buf, vtable)[0] - 4) // 2, 0), slots)
            offsets = self[key] = Layout(f"<{count}H").unpack_from(buf, vtable + 4) + (0,) * (slots - count) + (key,)
        self.last = offsets
        return offsets


class Table:
    """What views of tables have in common."""
    __slots__ = ("_b", "_p", "_c", "_f")
    _n = _k = 0

    def __init__(self, buf, pos, vtables):
        self._b = buf
        self._p = pos
        self._c = vtables
        key = pos - _i32(buf, pos)[0] + self._k
        offsets = vtables.last
        self._f = offsets if offsets[-1] == key else vtables.at(buf, key, self._n)

    @classmethod
    def _ready(cls):
        cls._n = cls._type.slots
        cls._k = cls._n << 48
        for field in cls._type.fields:
            for symbol, made in table_accessors(field):
                setattr(cls, symbol, made)

    @classmethod
    def as_root(cls, data, size_prefixed=0):
        """The root of a buffer that was verified before, or comes from a trusted place. `size_prefixed`: octets of the size
        that stands before it, 4 (or True) or 8. Of other octets views raise exceptions, or read what is not there."""
        buf = octets_of(data)
        if size_prefixed:
            buf = memoryview(buf)[8 if size_prefixed == 8 else 4:]
        return cls(buf, _u32(buf, 0)[0], Vtables())

    @classmethod
    def verify(cls, data, *, identified=False, size_prefixed=0, utf8=False, enums=False, strict=False, aligned=True, depth_max=64,
               offsets_max=None):
        """The root of a buffer, after all that can be reached in it was checked; else VerifyError.

        `identified`: its file identifier is the schema's. `size_prefixed`: octets of the size that stands before it, 4 (or
        True) or 8. `utf8`: strings are well-formed. `enums`: their values are declared. `strict`: so are unions' types.
        `aligned`: False for builders that align nothing. Work is bounded by the length: nesting of `depth_max`, and
        `offsets_max` offsets (default: length / 4 + 64).
        """
        prefix = 4 if size_prefixed is True else size_prefixed
        buf, pos = verify(cls._type, octets_of(data), identified, prefix, (utf8, enums, strict, aligned), depth_max, offsets_max)
        return cls(buf, pos, Vtables())

    @classmethod
    def build(cls, builder, /, **fields):
        """Writes a table with these fields into the builder, and gives its Ref."""
        return builder.table(cls, fields)

    def has(self, field):
        """Whether the field is in the buffer."""
        return self._f[self._type.by_symbol[field].at] != 0

    def unpack(self):
        """An object with all that the view shows, copied."""
        return unpack(self)

    def __repr__(self):
        present = (field.symbol for field in self._type.fields if self._f[field.at])
        return f"<{self._type.name} at {self._p}: {', '.join(present)}>"


class Struct:
    """What views of structs have in common. `bytes(view)` are its octets."""
    __slots__ = ("_b", "_p")

    def __init__(self, buf, pos):
        self._b = buf
        self._p = pos

    @classmethod
    def _ready(cls):
        for field in cls._type.fields:
            setattr(cls, field.symbol, struct_accessor(field))

    def unpack(self):
        """An object with all that the view shows, copied."""
        return unpack_struct(self)

    def __bytes__(self):
        return bytes(self._b[self._p:self._p + self._type.size])

    def __repr__(self):
        members = (f"{field.symbol}={getattr(self, field.symbol)!r}" for field in self._type.fields)
        return f"<{self._type.name} {', '.join(members)}>"


class Void(Table):
    """The built-in table without fields."""
    __slots__ = ()


class VoidT(Object):
    """The object of `Void`."""
    __slots__ = ()


def _describe_void():
    described = registry.setdefault("zerowire", {}).setdefault("Void", Type())
    described.describe(Void, VoidT, "Void", (), 0, 1, b"")
    Void._ready()
    VoidT._ready()


_describe_void()
