# SPDX-License-Identifier: Apache-2.0
"""Accessors of fields: properties made from descriptors.

A table's view has the buffer `_b`, its position `_p`, and the offsets of its vtable as a tuple `_f` that has as many as the type
has slots: a scalar is one index and one unpacking away. Each property has code of its own, so that the interpreter's inline
caches serve one class each.
"""
from .builder import PackError, pack_struct
from .descriptors import STRING
from .flexbuffer import read_flexbuffer
from .scalars import CODES, COMPILED, LAYOUTS, SIZES, UNPACK, VALUE_ERRORS, own
from .scalars import u32 as _u32
from .scalars import u64 as _u64
from .vectors import Enums, Strings, Structs, Tables, Unions, member_at, scalars_at

if COMPILED:
    from .compiled import scalars_of
else:
    from .vectors import scalars_of


class AbsentError(ValueError):
    """A field that is set in place, but has no octets in its buffer."""


def accessor(field, get, put=None):
    get.__name__ = field.symbol
    return property(own(get), put and own(put), None, field.doc)


# ---- tables ----

def _offsets(field):
    """How an offset and what it leads to are read: the offset, a length, the octets of the length."""
    return (_u64 if field.far else _u32), (_u64 if field.wide else _u32), (8 if field.wide else 4)


def _place(view, field):
    """The octets of a field behind the table's position."""
    at = view._f[field.at]
    if not at:
        raise AbsentError(f"{view._type.name}.{field.name} is absent: there is no place for a value")
    return at


def _put_octets(buf, at, octets):
    """`buf` may be a memoryview or a bytearray, which must not change its size."""
    memoryview(buf)[at:at + len(octets)] = octets


def _put_scalar(view, field, at, value):
    try:
        octets = LAYOUTS[field.base].pack(value)
    except VALUE_ERRORS as error:
        raise PackError(f"{view._type.name}.{field.name}: {error}") from error
    _put_octets(view._b, view._p + at, octets)


def _scalar(field):
    slot, absent, values = field.at, field.value_of(field.default), field.enum and field.enum.values
    unpack, members = UNPACK[field.base], values and values.dense()

    def get(self):
        at = self._f[slot]
        return unpack(self._b, self._p + at)[0] if at else absent

    def get_octet(self):
        at = self._f[slot]
        return self._b[self._p + at] if at else absent

    def get_member(self):
        at = self._f[slot]
        if not at:
            return absent
        value = unpack(self._b, self._p + at)[0]
        return members[value] if 0 <= value < count else values[value]

    def get_enum(self):
        at = self._f[slot]
        return values[unpack(self._b, self._p + at)[0]] if at else absent

    def put(self, value):
        _put_scalar(self, field, _place(self, field), value)

    count = len(members or ())
    if values is not None:
        get = get_member if members else get_enum
    elif field.base == "ubyte":
        get = get_octet
    return accessor(field, get, None if field.union else put)


def _string(field):
    slot, absent = field.at, field.preset
    follow, _, _ = _offsets(field)

    def get(self):
        at = self._f[slot]
        if not at:
            return absent
        buf = self._b
        at += self._p
        at += follow(buf, at)[0]
        size = _u32(buf, at)[0]
        at += 4
        octets = buf[at:at + size]
        return octets.decode() if octets.__class__ is bytes else str(octets, "utf-8")

    return accessor(field, get)


def _object(field):
    slot, view = field.at, field.type.view

    def get_struct(self):
        at = self._f[slot]
        return view(self._b, self._p + at) if at else None

    def put_struct(self, value):
        _put_octets(self._b, self._p + _place(self, field), pack_struct(field.type, value))

    def get_table(self):
        at = self._f[slot]
        if not at:
            return None
        at += self._p
        return view(self._b, at + _u32(self._b, at)[0], self._c)

    return accessor(field, get_struct, put_struct) if field.type.is_struct else accessor(field, get_table)


def _union(field):
    slot, members, unpack = field.at, field.enum.members, UNPACK[field.enum.base]

    def get(self):
        at, kind_at = self._f[slot], self._f[slot - 1]
        if not at or not kind_at:
            return None
        kind = unpack(self._b, self._p + kind_at)[0]
        at += self._p
        return member_at(members.get(kind), self._b, at + _u32(self._b, at)[0], self._c)

    return accessor(field, get)


def _vector(field, make, absent):
    """`make` gives the vector of (view, position of the first element, count)."""
    slot = field.at
    follow, count, head = _offsets(field)

    def get(self):
        at = self._f[slot]
        if not at:
            return absent
        buf = self._b
        at += self._p
        at += follow(buf, at)[0]
        return make(self, at + head, count(buf, at)[0])

    return accessor(field, get)


def _scalars_maker(field):
    """A function (buffer, position of the first element, count)."""
    base = field.element
    if field.enum is None:
        return scalars_of(base)
    kind = UNPACK[base], SIZES[base], field.enum.values, base
    return lambda buf, start, count: Enums(buf, start, count, kind)


def _scalars(field):
    make = _scalars_maker(field)
    return _vector(field, lambda view, start, count: make(view._b, start, count), make(b"", 0, 0))


def _strings(field):
    return _vector(field, lambda view, start, count: Strings(view._b, start, count), Strings(b"", 0, 0))


def _objects(field):
    element, kind = field.type, Structs if field.type.is_struct else Tables
    return _vector(field, lambda view, start, count: kind(view._b, start, count, element, view._c), kind(b"", 0, 0, element, None))


def _unions(field):
    slot, base, members = field.at - 1, field.enum.base, field.enum.members

    def make(view, start, count):
        at = view._p + view._f[slot]
        at += _u32(view._b, at)[0]
        kinds = scalars_at(view._b, at + 4, _u32(view._b, at)[0], base) if view._f[slot] else ()
        return Unions(view._b, start, count, kinds, members, view._c)

    return _vector(field, make, Unions(b"", 0, 0, (), members, None))


def _root(field):
    """The root of a nested buffer, which a verification of the buffer around it has verified: its offsets are good in that one, too. Or
    of a FlexBuffer, which is verified when it is read."""
    slot, octets, view = field.at, field.symbol, field.type and field.type.view
    follow, count, head = _offsets(field)

    def get(self):
        at = self._f[slot]
        if not at:
            return None
        buf = self._b
        at += self._p
        at += follow(buf, at)[0]
        if not count(buf, at)[0]:
            return None
        at += head
        return view(buf, at + _u32(buf, at)[0], self._c)

    def get_value(self):
        inner = getattr(self, octets)
        return read_flexbuffer(inner) if len(inner) else None

    return accessor(field, get if view else get_value)


_TABLE = {STRING: _string, "obj": _object, "union": _union, f"[{STRING}]": _strings, "[obj]": _objects, "[union]": _unions,
          **dict.fromkeys(CODES, _scalar), **{f"[{base}]": _scalars for base in CODES}}


def table_accessors(field):
    """(symbol, property) of a field."""
    yield field.symbol, _TABLE[field.kind](field)
    if field.root:
        yield field.root, _root(field)


# ---- structs ----

def _member(field):
    offset, values, unpack = field.at, field.enum and field.enum.values, UNPACK[field.base]

    def get(self):
        return unpack(self._b, self._p + offset)[0]

    def get_enum(self):
        return values[unpack(self._b, self._p + offset)[0]]

    def put(self, value):
        _put_scalar(self, field, offset, value)

    return accessor(field, get if values is None else get_enum, put)


def _struct_array(field):
    offset, length, element = field.at, field.length, field.type

    def get(self):
        return Structs(self._b, self._p + offset, length, element, None)

    return accessor(field, get)


def _scalar_array(field):
    offset, length, make = field.at, field.length, _scalars_maker(field)

    def get(self):
        return make(self._b, self._p + offset, length)

    return accessor(field, get)


def _inner(field):
    offset, view = field.at, field.type.view

    def get(self):
        return view(self._b, self._p + offset)

    def put(self, value):
        _put_octets(self._b, self._p + offset, pack_struct(field.type, value))

    return accessor(field, get, put)


def struct_accessor(field):
    if field.base in SIZES:
        return _member(field)
    if field.base == "obj":
        return _inner(field)
    return _struct_array(field) if field.element == "obj" else _scalar_array(field)
