# SPDX-License-Identifier: Apache-2.0
"""Objects: plain classes with the fields of a table or struct, apart from any buffer.

An object is unpacked from a view, or made by its class with fields by name. None is what is absent; other fields have their
defaults. A vector is a list, octets are bytes, a union's value stands beside its type.
"""
from .builder import Builder
from .descriptors import STRING
from .scalars import CODES
from .vectors import Enums, Structs

OVERLAP_MAX = 4  # what is copied of a buffer, by its length
OVERLAP_BASE = 4096


class LimitError(ValueError):
    """A buffer whose objects overlap so much that unpacking it would fill the memory."""


class Object:
    """What objects have in common."""
    __slots__ = ()
    _defaults = ()

    def __init__(self, /, **fields):
        for symbol, default in self._defaults:
            setattr(self, symbol, default() if callable(default) else default)
        for symbol, value in fields.items():
            if symbol not in self._type.by_symbol:
                raise TypeError(f"{type(self).__name__} has no field {symbol}")
            setattr(self, symbol, value)

    @classmethod
    def _ready(cls):
        make = struct_default if cls._type.is_struct else lambda field: field.value_of(field.default) if field.base in CODES else None
        cls._defaults = [(field.symbol, make(field)) for field in cls._type.fields]

    @classmethod
    def unpack(cls, view):
        """An object with all that the view shows, copied."""
        if view._type is not cls._type:
            raise TypeError(f"a {cls._type.name} is needed, not a {view._type.name}")
        return view.unpack()

    def pack(self, *, identified=True, size_prefixed=0, force_defaults=False, share_strings=False):
        """The octets of a buffer with this table as its root. `identified`: with the schema's file identifier, if it is of the
        root table. `size_prefixed`: behind its size in 4 (or True) or 8 octets. `force_defaults`: scalars that have their
        default are written, too. `share_strings`: equal strings are written once."""
        if self._type.is_struct:
            return bytes(Builder().struct(self._type.view, self))
        builder = Builder(force_defaults=force_defaults, share_strings=share_strings)
        builder.write_far(self)
        root = builder.table(type(self), self)
        return builder.finish(root, self._type.identifier if identified else b"", size_prefixed)

    def __eq__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return [getattr(self, symbol) for symbol in self._type.by_symbol] == [getattr(other, symbol) for symbol in self._type.by_symbol]

    def __repr__(self):
        fields = ((field.symbol, getattr(self, field.symbol)) for field in self._type.fields)
        shown = (f"{symbol}={value!r}" for symbol, value in fields if value is not None)
        return f"{type(self).__name__}({', '.join(shown)})"


def struct_default(member):
    """The default of a struct's member, or what makes it."""
    if member.base in CODES:
        return member.value_of(0)
    if member.base == "obj":
        return member.type.object
    if member.element == "obj":
        return lambda: [member.type.object() for _ in range(member.length)]
    return lambda: [member.value_of(0)] * member.length


# ---- unpacking ----

class Unpacking:
    """One run: tables that were unpacked, so that what is shared stays so, and the octets that may still be copied."""
    __slots__ = ("tables", "left")

    def __init__(self, buf):
        self.tables = {}
        self.left = OVERLAP_MAX * len(buf) + OVERLAP_BASE

    def pay(self, octets):
        self.left -= octets
        if self.left < 0:
            raise LimitError("objects overlap so that they would be much more than the buffer")

    def table(self, view):
        known = (view._p, view._type)
        made = self.tables.get(known)
        if made is None:
            self.pay(4)
            made = self.tables[known] = view._type.object.__new__(view._type.object)
            for field, copy in view._type.plan(copies):
                setattr(made, field.symbol, copy(self, view, field))
        return made

    def any(self, value):
        """A member of a union."""
        if value is None:
            return None
        if value.__class__ is str:
            self.pay(len(value))
            return value
        return unpack_struct(value) if value._type.is_struct else self.table(value)


def unpack(view):
    return Unpacking(view._b).table(view)


def unpack_struct(view):
    made = view._type.object.__new__(view._type.object)
    for field in view._type.fields:
        setattr(made, field.symbol, plain(getattr(view, field.symbol)))
    return made


def plain(member):
    """A struct's member, as an object has it."""
    if isinstance(member, Structs):
        return [unpack_struct(one) for one in member]
    if isinstance(member, Enums):
        return list(member)
    if hasattr(member, "_type"):
        return unpack_struct(member)
    return member.tolist() if hasattr(member, "tolist") else member


def copies(of):
    """(field, function that copies it from a view) of each field."""
    return [(field, _COPIES[field.kind]) for field in of.fields]


def _copy_scalar(_, view, field):
    return getattr(view, field.symbol)


def _copy_string(run, view, field):
    if not view._f[field.at]:
        return None
    text = getattr(view, field.symbol)
    run.pay(len(text))
    return text


def _copy_object(run, view, field):
    value = getattr(view, field.symbol)
    return value and (unpack_struct(value) if field.type.is_struct else run.table(value))


def _copy_union(run, view, field):
    return run.any(getattr(view, field.symbol))


def _copy_vector(run, view, field):
    if not view._f[field.at]:
        return None
    vector = getattr(view, field.symbol)
    run.pay(len(vector) * field.element_size())
    if field.element == STRING:
        return [run.any(text) for text in vector]
    if field.element == "union":
        return [run.any(value) for value in vector]
    if field.element == "obj":
        return [unpack_struct(one) for one in vector] if field.type.is_struct else [run.table(one) for one in vector]
    if field.enum:
        return list(vector)
    return bytes(vector) if field.element == "ubyte" else vector.tolist()


_COPIES = {STRING: _copy_string, "obj": _copy_object, "union": _copy_union, **dict.fromkeys(CODES, _copy_scalar),
           **dict.fromkeys((f"[{element}]" for element in (*CODES, STRING, "obj", "union")), _copy_vector)}
