# SPDX-License-Identifier: Apache-2.0
"""Objects: plain classes with the fields of a table or struct, apart from any buffer.

An object is unpacked from a view, or made by its class with fields by name. None is what is absent; other fields have their
defaults. A vector is a list, octets are bytes, a union's value stands beside its type.
"""
from .builder import Builder
from .descriptors import STRING
from .scalars import CODES, UNPACK
from .scalars import i32 as _i32
from .scalars import u16 as _u16
from .scalars import u32 as _u32
from .scalars import u64 as _u64
from .vectors import Enums, Structs, member_at, string_at

OVERLAP_MAX = 4  # what is copied of a buffer, by its length


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
    """One run: what was copied, by its position and as what it was seen, so that what is shared stays so; and the octets that may
    still be copied."""
    __slots__ = ("buf", "made", "left")

    def __init__(self, buf):
        self.buf, self.made = buf, {}
        self.left = OVERLAP_MAX * len(buf)

    def pay(self, octets):
        self.left -= octets
        if self.left < 0:
            raise LimitError("objects overlap so that they would be more than four times the buffer")

    def table(self, view):
        pos = view._p
        known = (pos, view._type)
        made = self.made.get(known)
        if made is None:
            self.pay(_u16(self.buf, pos - _i32(self.buf, pos)[0] + 2)[0])
            made = self.made[known] = view._type.object.__new__(view._type.object)
            for field, copy in view._type.plan(copies):
                setattr(made, field.symbol, copy(self, view, field))
        return made

    def string(self, pos):
        """A string by its position."""
        text = self.made.get(pos)
        if text is None:
            self.pay(_u32(self.buf, pos)[0])
            text = self.made[pos] = string_at(self.buf, pos)
        return text

    def member(self, member, pos, vtables):
        """A member of a union; None of one that the schema does not know."""
        if member is None:
            return None
        if member == STRING:
            return self.string(pos)
        view = member_at(member, self.buf, pos, vtables)
        if not member.is_struct:
            return self.table(view)
        self.pay(member.size)
        return unpack_struct(view)


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


def _target(view, field):
    """Where a field's offset leads; 0: it is absent."""
    at = view._f[field.at]
    if not at:
        return 0
    at += view._p
    return at + (_u64 if field.far else _u32)(view._b, at)[0]


def _copy_string(run, view, field):
    pos = _target(view, field)
    return run.string(pos) if pos else None


def _copy_object(run, view, field):
    value = getattr(view, field.symbol)
    return value and (unpack_struct(value) if field.type.is_struct else run.table(value))


def _copy_union(run, view, field):
    kind, pos = view._f[field.at - 1], _target(view, field)
    if not kind or not pos:
        return None
    number = UNPACK[field.enum.base](view._b, view._p + kind)[0]
    return run.member(field.enum.members.get(number), pos, view._c)


def _copy_vector(run, view, field):
    """A vector of unions is other values with other types, so each is copied."""
    pos = _target(view, field)
    if not pos:
        return None
    known = (pos, field.element, field.type or field.enum)
    made = run.made.get(known) if field.element != "union" else None
    if made is None:
        vector = getattr(view, field.symbol)
        run.pay(len(vector) * field.element_size())
        made = run.made[known] = _copy_elements(run, vector, field, pos + (8 if field.wide else 4))
    return made


def _copy_elements(run, vector, field, first):
    buf, slots = run.buf, range(first, first + 4 * len(vector), 4)
    if field.element == STRING:
        return [run.string(at + _u32(buf, at)[0]) for at in slots]
    if field.element == "union":
        members = map(vector._m.get, vector._k)
        return [run.member(member, at + _u32(buf, at)[0], vector._c) for member, at in zip(members, slots)]
    if field.element == "obj":
        return [unpack_struct(one) for one in vector] if field.type.is_struct else [run.table(one) for one in vector]
    if field.enum:
        return list(vector)
    return bytes(vector) if field.element == "ubyte" else vector.tolist()


_COPIES = {STRING: _copy_string, "obj": _copy_object, "union": _copy_union, **dict.fromkeys(CODES, _copy_scalar),
           **dict.fromkeys((f"[{element}]" for element in (*CODES, STRING, "obj", "union")), _copy_vector)}
