# SPDX-License-Identifier: Apache-2.0
"""Vectors in a buffer: sequences whose elements are read when they are asked for.

Scalars need no class: they are a memoryview of the buffer in the host's format, which indexes, slices, iterates and compares
in C, and is a numpy array without a copy.
"""
import sys
from array import array
from functools import partial
from struct import Struct as Layout
from typing import Sequence, TypeVar

from .descriptors import STRING
from .scalars import CODES, COMPILED, SIZES, UNPACK
from .scalars import i32 as _i32
from .scalars import u16 as _u16
from .scalars import u32 as _u32

_SWAPPED = sys.byteorder == "big"
E = TypeVar("E", covariant=True)


def scalars_at(buf, start, count, base):
    """The elements as a memoryview; on a big-endian host of a copy."""
    end = start + count * SIZES[base]
    octets = memoryview(buf)[start:end]
    if len(octets) != end - start:
        raise ValueError("a vector leads out of the buffer")
    if _SWAPPED and SIZES[base] > 1:
        swapped = array(CODES[base], octets.tobytes())
        swapped.byteswap()
        return memoryview(swapped)
    return octets.cast(CODES[base])


def scalars_of(base):
    """A function like scalars_at, for one base."""
    size, code = SIZES[base], CODES[base]

    def scalars(buf, start, count):
        end = start + count * size
        octets = memoryview(buf)[start:end]
        if len(octets) != end - start:
            raise ValueError("a vector leads out of the buffer")
        return octets.cast(code)

    return partial(scalars_at, base=base) if _SWAPPED else scalars


def string_at(buf, pos):
    size = _u32(buf, pos)[0]
    pos += 4
    octets = buf[pos:pos + size]
    return octets.decode() if octets.__class__ is bytes else str(octets, "utf-8")


def octets_of_text(text):
    """Of a str, or of octets that are text."""
    return text.encode() if isinstance(text, str) else bytes(memoryview(text))


def octets_at(buf, pos):
    """The octets of a string."""
    size = _u32(buf, pos)[0]
    return bytes(buf[pos + 4:pos + 4 + size])


class Vector(Sequence[E]):
    """What vectors other than of scalars have in common. `_at(i)` gives an element; the index is in range."""
    __slots__ = ("_b", "_s", "_n")

    def __init__(self, buf, start, count):
        self._b = buf
        self._s = start
        self._n = count

    def __len__(self):
        return self._n

    def _at(self, i):
        raise NotImplementedError

    def __getitem__(self, index):
        if index.__class__ is slice:
            return [self._at(i) for i in range(*index.indices(self._n))]
        if index < 0:
            index += self._n
        if 0 <= index < self._n:
            return self._at(index)
        raise IndexError("vector index out of range")

    def __iter__(self):
        at = self._at
        for i in range(self._n):
            yield at(i)

    def __eq__(self, other):
        if isinstance(other, (Vector, list, tuple)):
            return len(self) == len(other) and all(a == b for a, b in zip(self, other))
        return NotImplemented

    def __repr__(self):
        return f"<{type(self).__name__} of {self._n}>"


class Enums(Vector[E]):
    """A vector or array of scalars that have an enum. They are set in place where the buffer can be written to."""
    __slots__ = ("_k",)

    def __init__(self, buf, start, count, kind):
        """`kind`: (unpack_from, size, members by value, base)."""
        self._b = buf
        self._s = start
        self._n = count
        self._k = kind

    def _at(self, i):
        unpack, size, values, _ = self._k
        return values[unpack(self._b, self._s + size * i)[0]]

    def memory(self):
        """The numbers."""
        return scalars_at(self._b, self._s, self._n, self._k[3])

    def __setitem__(self, index, value):
        self.memory()[index] = value

    if not COMPILED:
        def __iter__(self):
            values = self._k[2]
            return (values[number] for number in self.memory())


class Strings(Vector[str]):
    """A vector of strings."""
    __slots__ = ()

    def _at(self, i):
        pos = self._s + 4 * i
        return string_at(self._b, pos + _u32(self._b, pos)[0])


def key_reader(element):
    """A function of (buffer, position) that gives an element's key as what sorts like the format: numbers, octets, tuples. A struct
    that is absent is before all others."""
    key = element.key
    at = key.at
    if element.is_struct:
        read = inline_key_reader(key)
        return lambda buf, pos: read(buf, pos + at)
    entry = 4 + 2 * at

    def slot(buf, pos):
        vtable = pos - _i32(buf, pos)[0]
        return _u16(buf, vtable + entry)[0] if entry < _u16(buf, vtable)[0] else 0

    if key.base == STRING:
        def read_string(buf, pos):
            offset = slot(buf, pos)
            pos += offset
            return octets_at(buf, pos + _u32(buf, pos)[0]) if offset else b""
        return read_string
    read, absent = inline_key_reader(key), key.default if key.base in CODES else ()

    def read_inline(buf, pos):
        offset = slot(buf, pos)
        return read(buf, pos + offset) if offset else absent
    return read_inline


def inline_key_reader(key):
    if key.base in CODES:
        unpack = UNPACK[key.base]
        return lambda buf, pos: unpack(buf, pos)[0]
    if key.base == "obj":
        return key.type.plan(struct_layout).unpack_from
    if key.element == "obj":
        layout = Layout("<" + struct_format(key.type) * key.length)
    else:
        layout = Layout(f"<{key.length}{CODES[key.element]}")
    return layout.unpack_from


def struct_format(of):
    """The members of a struct in the letters of the struct module, padding and all."""
    parts, end = [], 0
    for field in of.fields:
        parts.append("x" * (field.at - end))
        count = field.length if field.base == "array" else 1
        if field.scalar:
            parts.append(f"{count}{CODES[field.scalar]}")
        else:
            parts.append(struct_format(field.type) * count)
        end = field.at + field.size()
    return "".join(parts) + "x" * (of.size - end)


def struct_layout(of):
    return Layout("<" + struct_format(of))


def key_value(key, value):
    """A key that is looked for, in the form of key_reader."""
    if key.base == STRING:
        return octets_of_text(value)
    if key.base in CODES:
        return value
    flat = []
    if key.base == "array":
        flatten_array(key, value, flat)
    else:
        flatten(key.type, value, flat)
    return tuple(flat)


def flatten(of, value, out):
    """Adds the members of a struct, given as an object, view, dict or tuple, in the order of its layout."""
    if isinstance(value, dict):
        unknown = value.keys() - of.by_symbol.keys()
        if unknown:
            raise TypeError(f"{of.name} has no member {min(unknown)}")
        items = (value.get(field.symbol) for field in of.fields)
    elif isinstance(value, (tuple, list)):
        if len(value) != len(of.fields):
            raise TypeError(f"{of.name} has {len(of.fields)} members, not {len(value)}")
        items = value
    else:
        if getattr(value, "_type", None) is not of:
            raise TypeError(f"a {of.name} is needed, not a {type(value).__name__}")
        items = (getattr(value, field.symbol) for field in of.fields)
    for field, item in zip(of.fields, items):
        if field.base == "array":
            flatten_array(field, item, out)
        elif field.base == "obj":
            flatten(field.type, {} if item is None else item, out)
        else:
            out.append(0 if item is None else item)


def flatten_array(field, items, out):
    if items is None:
        items = [{} if field.element == "obj" else 0] * field.length
    if len(items) != field.length:
        raise TypeError(f"{field.name} has {field.length} elements, not {len(items)}")
    if field.element == "obj":
        for item in items:
            flatten(field.type, item, out)
    else:
        out.extend(items)


class Objects(Vector[E]):
    """What vectors of tables and of structs have in common."""
    __slots__ = ("_t", "_c")

    def __init__(self, buf, start, count, element, vtables):
        self._b = buf
        self._s = start
        self._n = count
        self._t = element
        self._c = vtables

    def find(self, key):
        """The first element with this key, or None, in a vector that is sorted by it, as builders write them."""
        element = self._t
        if element.key is None:
            raise TypeError(f"{element.name} has no key")
        key, read, buf = key_value(element.key, key), element.plan(key_reader), self._b
        low, high = 0, self._n
        while low < high:
            middle = (low + high) // 2
            if read(buf, self._pos(middle)) < key:
                low = middle + 1
            else:
                high = middle
        return self._at(low) if low < self._n and read(buf, self._pos(low)) == key else None


class Tables(Objects[E]):
    """A vector of tables."""
    __slots__ = ()

    def _pos(self, i):
        pos = self._s + 4 * i
        return pos + _u32(self._b, pos)[0]

    def _at(self, i):
        pos = self._s + 4 * i
        return self._t.view(self._b, pos + _u32(self._b, pos)[0], self._c)

    if not COMPILED:
        def __iter__(self):
            buf, view, vtables, pos = self._b, self._t.view, self._c, self._s
            for offset in scalars_at(buf, pos, self._n, "uint"):
                yield view(buf, pos + offset, vtables)
                pos += 4


class Structs(Objects[E]):
    """A vector or array of structs."""
    __slots__ = ()

    def _pos(self, i):
        return self._s + self._t.size * i

    def _at(self, i):
        return self._t.view(self._b, self._s + self._t.size * i)

    def octets(self):
        """The elements' octets, as they are in the buffer."""
        return memoryview(self._b)[self._s:self._s + self._n * self._t.size]


def member_at(member, buf, pos, vtables):
    """The value of a union; None of a member that the schema does not know."""
    if member is None:
        return None
    if member == STRING:
        return string_at(buf, pos)
    return member.view(buf, pos) if member.is_struct else member.view(buf, pos, vtables)


class Unions(Vector[E]):
    """A vector of unions: views and strings; None where the type is NONE, or one that the schema does not know."""
    __slots__ = ("_k", "_m", "_c")

    def __init__(self, buf, start, count, kinds, members, vtables):
        super().__init__(buf, start, min(count, len(kinds)))
        self._k = kinds
        self._m = members
        self._c = vtables

    def _at(self, i):
        pos = self._s + 4 * i
        return member_at(self._m.get(self._k[i]), self._b, pos + _u32(self._b, pos)[0], self._c)


def numpy_module():
    try:
        import numpy
    except ImportError as error:
        raise ImportError("numpy is not installed: without it vectors of scalars are memoryviews, and others sequences", name="numpy") from error
    return numpy


def numpy_type(of):
    """The numpy type of a struct."""
    module, formats = numpy_module(), []
    for field in of.fields:
        element = module.dtype("<" + CODES[field.scalar]) if field.scalar else field.type.plan(numpy_type)
        formats.append((element, (field.length,)) if field.base == "array" else element)
    return module.dtype({"names": [field.symbol for field in of.fields], "formats": formats,
                         "offsets": [field.at for field in of.fields], "itemsize": of.size})


def numpy(vector):
    """A vector of scalars, enums or structs, an array of them, or a vector of numbers in a FlexBuffer as a numpy array without a
    copy. It can be written to where the buffer can. ImportError if there is no numpy."""
    module = numpy_module()
    if isinstance(vector, Enums):
        return module.asarray(vector.memory())
    if isinstance(vector, Structs):
        return module.frombuffer(vector.octets(), vector._t.plan(numpy_type))
    if hasattr(vector, "scalars"):
        octets, base = vector.scalars()
        return module.frombuffer(octets, "<" + CODES[base])
    if not isinstance(vector, Vector):
        return module.asarray(memoryview(vector))
    raise TypeError(f"{type(vector).__name__} has no elements that numpy can view")
