# SPDX-License-Identifier: Apache-2.0
"""Building: buffers are written from their end, children before parents.

What is written is a list of octets, last things first; a Ref is the distance of an object from the end. How the fields of a
table lie is worked out once for each set of fields that are present.
"""
from struct import Struct as Layout

from .descriptors import STRING, reaches
from .scalars import CODES, LAYOUTS, VALUE_ERRORS
from .vectors import flatten, inline_key_reader, key_value, octets_of_text, struct_layout

DEPTH_MAX = 64
_u32 = Layout("<I").pack
_u64 = Layout("<Q").pack
_KINDS = {"?": "?", **dict.fromkeys("bhilq", "i"), **dict.fromkeys("BHILQ", "u"), **dict.fromkeys("fd", "f")}


class PackError(ValueError):
    """Values that are no FlatBuffer: what is required is missing, a number is out of range, a type is not the schema's."""


class Ref(int):
    """An object that was written: its distance from the end of the buffer."""
    __slots__ = ()


class Inline:
    """How the fields that are present lie in a table. `entries`: (slot, octet in the table, field)."""
    __slots__ = ("vtable", "layout", "entries", "size", "align")

    def __init__(self, fields):
        entries, at, letters = [], 4, ["<i"]
        for field in sorted(fields, key=lambda field: -field.alignment()):
            entries.append((field.at, at, field))
            size = field.size()
            if field.base in CODES:
                letters.append(CODES[field.base])
            else:
                letters.append("Q" if field.far else "I" if field.is_offset else f"{size}s")
            at += size
        slots = [0] * (max((slot for slot, _, _ in entries), default=-1) + 1)
        for slot, offset, _ in entries:
            slots[slot] = offset
        if at > 0xffff:
            raise PackError("a table has more than 64 KiB")
        self.entries, self.size, self.layout = entries, at, Layout("".join(letters))
        self.align = max((field.alignment() for field in fields), default=4)
        self.vtable = Layout(f"<{len(slots) + 2}H").pack(4 + 2 * len(slots), at, *slots)


class Builder:
    """Writes one buffer. Tables may be given as objects, views, dicts of fields, or Refs; structs as objects, views, dicts or
    tuples; vectors of scalars as any sequence or buffer. `force_defaults`: scalars that have their default are written, too.
    `share_strings`: equal strings are written once, whether or not the schema says so."""

    def __init__(self, *, force_defaults=False, share_strings=False):
        self._force, self._share = force_defaults, share_strings
        self._parts = []     # octets, the last of the buffer first
        self._used = 0       # of them
        self._align = 4      # the largest so far
        self._vtables = {}   # octets of a vtable: its Ref
        self._strings = {}   # octets of a shared string: its Ref
        self._texts = {}     # of strings that the caller wrote: their octets
        self._keys = {}      # keys of tables, by Ref
        self._tables = {}    # tables of objects, by identity; the objects are kept
        self._far = {}       # what 64-bit offsets refer to, by the object's identity and the slot
        self._depth = 0

    def _place(self, octets, align, after=0):
        """Adds octets whose part behind the first `after` is aligned; gives the distance of the first."""
        if align > self._align:
            self._align = align
        pad = -(self._used + len(octets) - after) % align
        if pad:
            self._parts.append(bytes(pad))
        self._parts.append(octets)
        self._used += pad + len(octets)
        return self._used

    # ---- strings and vectors ----

    def string(self, text, *, shared=False):
        """Writes a string; equal shared ones are one."""
        octets = octets_of_text(text)
        ref = Ref(self._string(octets, shared))
        self._texts[ref] = octets
        return ref

    def _string(self, octets, shared):
        shared = shared or self._share
        if shared and octets in self._strings:
            return self._strings[octets]
        ref = self._place(_u32(len(octets)) + octets + bytes(4 - len(octets) % 4), 4)
        if shared:
            self._strings[octets] = ref
        return ref

    def _vector(self, octets, count, align, wide=False):
        """`align`: of an element."""
        head = _u64(count) if wide else _u32(count)
        return self._place(b"".join((head, octets)), max(align, len(head)), len(head))

    def _refs(self, refs):
        """A vector of offsets; a ref of 0 leads nowhere."""
        count = len(refs)
        first = self._used + -self._used % 4 + 4 * count
        offsets = [first - 4 * i - ref if ref else 0 for i, ref in enumerate(refs)]
        return self._vector(Layout(f"<{count}I").pack(*offsets), count, 4)

    def octets(self, octets, *, align=1):
        """Writes a vector of octets, such as a field [ubyte] takes."""
        octets = bytes(memoryview(octets))
        return Ref(self._vector(octets, len(octets), align))

    def nested(self, octets):
        """Writes a finished buffer as a vector of octets, so that what is in it stays aligned."""
        octets = bytes(memoryview(octets))
        return Ref(self._vector(octets, len(octets), nested_align(len(octets))))

    # ---- fields ----

    def _of_string(self, field, value, _):
        return self._string(octets_of_text(value), field.shared)

    def _of_struct(self, field, value, _):
        return pack_struct(field.type, value)

    def _of_object(self, field, value, _):
        return self._table(field.type, value)

    def _of_scalars(self, field, value, _):
        if field.type:
            value = value.pack() if hasattr(value, "pack") else value
            align = nested_align(len(value))
        else:
            align = field.element_alignment()
        count, octets = scalar_octets(field.element, value)
        return self._vector(octets, count, max(align, field.align), field.wide)

    def _of_strings(self, field, value, _):
        if isinstance(value, (str, bytes)):
            raise TypeError(f"a sequence of strings is needed, not a {type(value).__name__}")
        return self._refs([text if text.__class__ is Ref else self._of_string(field, text, None) for text in value])

    def _of_objects(self, field, value, _):
        element = field.type
        if not element.is_struct:
            refs = [self._table(element, one) for one in value]
            if element.key:
                refs.sort(key=self._key)
            return self._refs(refs)
        parts = [pack_struct(element, one) for one in value]
        if element.key:
            read, at = inline_key_reader(element.key), element.key.at
            parts.sort(key=lambda octets: read(octets, at))
        return self._vector(b"".join(parts), len(parts), max(element.align, field.align), field.wide)

    def _of_union(self, field, value, kind):
        return self._member(field, value, kind)

    def _of_unions(self, field, values, kinds):
        if len(kinds) != len(values):
            raise PackError("a vector of unions has as many types as values")
        return self._refs([self._member(field, value, kind) for value, kind in zip(values, kinds)])

    def _member(self, field, value, kind):
        if value.__class__ is Ref:
            return value
        member = field.enum.members.get(kind)
        if member is None:
            if value is None and kind == 0:
                return 0
            raise PackError(f"{kind!r} is no member of {field.enum.name}")
        if member == STRING:
            return self._of_string(field, value, None)
        if member.is_struct:
            return self._place(pack_struct(member, value), member.align)
        return self._table(member, value)

    # ---- tables ----

    def table(self, cls, fields):
        """Writes a table. `cls`: its view or object class; `fields`: an object, a view, or a dict of values by field."""
        try:
            return Ref(self._table(cls._type, fields))
        finally:
            self._tables.clear()
            self._depth = 0

    def struct(self, cls, value):
        """The octets of a struct."""
        return pack_struct(cls._type, value)

    def _table(self, of, value):
        if value.__class__ is Ref:
            return value
        if isinstance(value, dict):
            unknown = value.keys() - of.by_symbol.keys()
            if unknown:
                raise PackError(f"{of.name} has no field {min(unknown)}")
            return self._table_of(of, value, None)
        if getattr(value, "_type", None) is not of:
            raise PackError(f"a {of.name} is needed, not a {type(value).__name__}")
        if not isinstance(value, of.object):
            value = value.unpack()
        known = self._tables.get(id(value))
        if known is None:
            fields = {symbol: getattr(value, symbol) for symbol in of.by_symbol}
            known = self._tables[id(value)] = self._table_of(of, fields, value), value
        return known[0]

    def _table_of(self, of, values, owner):
        """`owner`: the object that the values are of, or None."""
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise PackError(f"{of.name}: tables are nested more than {DEPTH_MAX} deep")
        present, stored = [], {}
        for field, write, other in of.plan(writers):
            value = values.get(field.symbol)
            if other is not None and field.scalar:
                value = (kinds_of if field.element else kind_of)(field.enum, values.get(other), value)
            if write is None:
                if value is None or (not self._force and not field.optional and is_default(field, value)):
                    continue
            elif value is None:
                if field.required:
                    raise PackError(f"{of.name}.{field.name} is required")
                continue
            elif value.__class__ is not Ref:
                kinds = None
                if field.union:
                    kinds = kinds_of(field.enum, value, values.get(other)) if field.element else stored[field.at - 1]
                value = self._write(of, field, write, value, kinds, owner)
            elif field.union and field.at - 1 not in stored:
                raise PackError(f"{of.name}.{field.name}: its type has to be given")
            stored[field.at] = value
            present.append(field)
        ref = self._inline(of, present, stored)
        if of.key:
            self._keys[ref] = self._key_of(of.key, values.get(of.key.symbol))
        self._depth -= 1
        return ref

    def _write(self, of, field, write, value, kinds, owner):
        """What is written apart from the table: its Ref; or the octets of a struct."""
        if field.far and (id(owner), field.at) in self._far:
            return self._far[id(owner), field.at]
        try:
            return write(self, field, value, kinds)
        except PackError:
            raise
        except VALUE_ERRORS as error:
            raise PackError(f"{of.name}.{field.name}: {error}") from error

    def _inline(self, of, present, stored):
        """The table itself, and its vtable if there is none like it."""
        slots = tuple(field.at for field in present)
        layouts = of.plan(no_layouts)
        inline = layouts.get(slots)
        if inline is None:
            inline = layouts[slots] = Inline(present)
        align = max(inline.align, 4)
        start = self._used + -(self._used + inline.size - 4) % align + inline.size
        values = []
        for slot, at, field in inline.entries:
            value = stored[slot]
            values.append(start - at - value if field.is_offset else value)
        vtable = self._vtables.get(inline.vtable)
        try:
            octets = inline.layout.pack(len(inline.vtable) if vtable is None else vtable - start, *values)
        except VALUE_ERRORS as error:
            raise PackError(f"{of.name}: {out_of_range(inline, stored) or error}") from error
        ref = self._place(octets, align, 4)
        if vtable is None:
            self._vtables[inline.vtable] = self._place(inline.vtable, 2)
        return ref

    # ---- keys ----

    def _key_of(self, key, value):
        if key.base == STRING:
            if value.__class__ is Ref:
                return self._texts[value]
            return b"" if value is None else key_value(key, value)
        if value is None:
            return key.default if key.base in CODES else ()
        return key_value(key, value)

    def _key(self, ref):
        return self._keys[ref]

    # ---- what 64-bit offsets refer to ----

    def write_far(self, root):
        """Writes all that 64-bit offsets in an object and below it refer to, so that it is at the very end of the buffer, where
        it may have any size."""
        if reaches(root._type, has_far):
            self._walk_far(root, 0, set())

    def _walk_far(self, owner, depth, seen):
        if id(owner) in seen or depth > DEPTH_MAX:
            return
        seen.add(id(owner))
        for field, write, _ in owner._type.plan(writers):
            value = getattr(owner, field.symbol)
            if field.far and value is not None and value.__class__ is not Ref:
                self._far[id(owner), field.at] = self._write(owner._type, field, write, value, None, None)
            elif field.base in ("obj", "union", "vector"):
                for one in value if isinstance(value, (list, tuple)) else (value,):
                    if hasattr(one, "pack") and not one._type.is_struct:
                        self._walk_far(one, depth + 1, seen)

    # ---- the end ----

    def finish(self, root, identifier=b"", size_prefixed=0):
        """The buffer. `identifier`: 4 octets, or none; `size_prefixed`: behind its size in 4 (or True) or 8 octets."""
        if len(identifier) not in (0, 4):
            raise PackError("a file identifier has 4 octets")
        prefix = 4 if size_prefixed is True else size_prefixed
        align = max(self._align, prefix)
        head = prefix + 4 + len(identifier)
        pad = -(self._used + head) % align
        size = self._used + pad + head
        offset = _u32(size - prefix - root)
        before = b"" if not prefix else (_u64 if prefix == 8 else _u32)(size - prefix)
        return b"".join((before, offset, identifier, bytes(pad), *reversed(self._parts)))


def nested_align(length):
    """What a buffer of this length may be aligned to: builders make it a multiple of its largest alignment."""
    return 8 if length == 0 or length % 16 else 16 if length % 32 else 32


def writers(of):
    """(field, method of Builder that writes it, symbol of the other field of a union) of each field; no method: a scalar. The types
    of a vector of unions are a vector, and are written as if they were given."""
    def writer(field):
        if field.base in CODES:
            return None
        if field.base == "obj":
            return Builder._of_struct if field.type.is_struct else Builder._of_object
        if field.base == "vector":
            return {STRING: Builder._of_strings, "obj": Builder._of_objects, "union": Builder._of_unions}.get(
                field.element, Builder._of_scalars)
        return {STRING: Builder._of_string, "union": Builder._of_union}[field.base]

    def other(field):
        slot = field.at - 1 if "union" in (field.base, field.element) else field.at + 1
        return next((one.symbol for one in of.fields if one.at == slot), None) if field.union else None

    return [(field, writer(field), other(field)) for field in of.fields]


def no_layouts(_):
    return {}


def has_far(of):
    return any(field.far for field in of.fields)


def pack_struct(of, value):
    flat = []
    flatten(of, value, flat)
    return of.plan(struct_layout).pack(*flat)


def scalar_octets(base, values):
    """(count, octets) of a sequence or a buffer of scalars."""
    code = CODES[base]
    try:
        view = memoryview(values)
    except TypeError:
        view = None
    if view is not None and view.ndim == 1 and view.itemsize == LAYOUTS[base].size and _KINDS.get(view.format) == _KINDS[code]:
        return len(view), view.tobytes()
    values = values.tolist() if hasattr(values, "tolist") else list(values)
    return len(values), Layout(f"<{len(values)}{code}").pack(*values)


def is_default(field, value):
    """Nothing need be written; the sign of a zero is a difference."""
    default = field.default
    if value == default:
        return value != 0 or field.base not in ("float", "double") or str(float(value)) == str(float(default))
    return value != value and default != default


def kind_of(union, value, kind):
    """The type of a value: the given one, or the only one that the value can have."""
    if value is None or kind:
        return None if value is None else kind
    if isinstance(value, (str, bytes)):
        kinds = [kind for kind, member in union.members.items() if member == STRING]
    else:
        kinds = [kind for kind, member in union.members.items() if getattr(value, "_type", None) is member]
    if len(kinds) != 1:
        raise PackError(f"{union.name}: the type of a {type(value).__name__} has to be given")
    return kinds[0]


def kinds_of(union, values, kinds):
    if values is None:
        return None
    return [kind_of(union, value, None) or 0 for value in values] if kinds is None else kinds


def out_of_range(inline, stored):
    """Which scalar does not fit its field."""
    for slot, _, field in inline.entries:
        if field.base in CODES:
            try:
                LAYOUTS[field.base].pack(stored[slot])
            except VALUE_ERRORS as error:
                return f"{field.name}: {error}"
    return None
