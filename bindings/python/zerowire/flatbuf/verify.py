# SPDX-License-Identifier: Apache-2.0
"""Verification: the way from octets of others to a view.

Everything that accessors can reach is inside the buffer, aligned relative to its start, terminated, of consistent length, with
what is required present. Each offset that is followed costs one of a budget that is proportional to the length; what else takes
time (octets that are looked at one by one, enums, tables with many fields) costs of another, at the rates of the C run time, so
that verdicts are the same. Nesting is bounded: shared objects cannot multiply the work. Nested buffers share all three.
"""
from .descriptors import STRING
from .scalars import CODES, SIZES, UNPACK
from .scalars import i32 as _i32
from .scalars import u16 as _u16
from .scalars import u32 as _u32
from .scalars import u64 as _u64
from .vectors import scalars_at


class VerifyError(ValueError):
    """Octets that are no buffer of the schema. `offset`: where; `path`: the field ("readings[3].id")."""

    def __init__(self, what, path="", offset=0):
        super().__init__(f"{path}: {what}, at octet {offset}" if path else f"{what}, at octet {offset}")
        self.path, self.offset = path, offset


class Verifier:
    """The state of one verification. `buf` is the buffer that is looked at: in a nested one, its octets; `prefix`: octets of the
    size before it; `path`: names and indexes that lead to the field."""

    def __init__(self, buf, prefix, options, depth_max, offsets):
        self.buf, self.size, self.prefix = buf, len(buf), prefix
        self.utf8, self.enums, self.strict, self.is_aligned = options
        self.depth_max, self.offsets, self.octets = depth_max, offsets, max(16 * len(buf) + 4096, 64 * offsets)
        self.path, self.depth = [], 0
        self.placed = {}  # fields of a vtable that are where they should be

    def refuse(self, what, at):
        path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path)
        raise VerifyError(what, path.lstrip("."), at)

    def pay(self, count, at):
        self.offsets -= count
        if self.offsets < 0:
            self.refuse("more offsets than the length allows", at)

    def scan(self, count, at):
        self.octets -= count
        if self.octets < 0:
            self.refuse("more octets to look at than the length allows", at)

    def misaligned(self, at, align):
        return self.is_aligned and (at + self.prefix) % align != 0

    def follow(self, pos):
        """Where the offset at `pos` leads: to four octets inside."""
        self.pay(1, pos)
        offset = _u32(self.buf, pos)[0]
        at = pos + offset
        if not 0 < offset or at > self.size - 4:
            self.refuse("an offset leads out of the buffer" if offset else "an offset is 0", pos)
        if self.misaligned(at, 4):
            self.refuse("an offset is not aligned", pos)
        return at

    def follow_far(self, pos, head):
        self.pay(1, pos)
        offset = _u64(self.buf, pos)[0]
        at = pos + offset
        if not 0 < offset or at > self.size - head:
            self.refuse("an offset leads out of the buffer" if offset else "an offset is 0", pos)
        if self.misaligned(at, head):
            self.refuse("an offset is not aligned", pos)
        return at

    # ---- tables ----

    def root(self, of, pos):
        if self.size < 8:
            self.refuse("too short for a buffer", 0)
        at = self.follow(pos)
        self.table(of, at)
        return at

    def table(self, of, pos):
        if self.depth >= self.depth_max:
            self.refuse(f"nested more than {self.depth_max} deep", pos)
        self.depth += 1
        buf = self.buf
        vtable = pos - _i32(buf, pos)[0]
        plan, align = of.plan(checks)
        known = (vtable, id(of), (pos + self.prefix) % align)
        placed = self.placed.get(known)
        if placed is None:
            placed = self.placed[known] = self.place(of, plan, pos, vtable)
        size, fields, cost = placed
        if pos + size > self.size:
            self.refuse("a table leads out of the buffer", pos)
        if cost:
            self.scan(cost, pos)
        path = self.path
        for field, at, check in fields:
            path.append(field.name)
            check(self, field, pos, pos + at)
            path.pop()
        self.depth -= 1

    def place(self, of, plan, pos, vtable):
        """Checks a vtable, and where the fields are; gives the table's size, what is left to follow in each, and what a table costs."""
        buf = self.buf
        if not 0 <= vtable <= self.size - 4 or vtable % 2:
            self.refuse("a vtable leads out of the buffer", pos)
        octets, size = _u16(buf, vtable)[0], _u16(buf, vtable + 2)[0]
        if octets < 4 or octets % 2 or vtable + octets > self.size:
            self.refuse("a vtable leads out of the buffer", pos)
        if size < 4:
            self.refuse("a table leads out of the buffer", pos)
        fields = []
        for field, octets_of_field, align, check in plan:
            entry = 4 + 2 * field.at
            at = _u16(buf, vtable + entry)[0] if entry < octets else 0
            if not at:
                if field.required:
                    self.path.append(field.name)
                    self.refuse("a required field is missing", pos)
                continue
            if at < 4 or at + octets_of_field > size:
                self.path.append(field.name)
                self.refuse("a field leads out of its table", pos)
            if self.misaligned(pos + at, align):
                self.path.append(field.name)
                self.refuse("a field is not aligned", pos + at)
            if check and (check is not Verifier.enum or self.checks_enum(field)):
                fields.append((field, at, check))
        return size, fields, self.cost(len(plan), octets, size)

    def cost(self, count, octets, size):
        """What the blocks of eight fields cost that a table with several has: those in the vtable, and the others."""
        blocks, there = (count + 7) // 8, ((octets - 4) // 2 + 7) // 8
        if blocks <= 1:
            return 0
        there = min(there, blocks)
        return (16 if size > 32767 or not self.is_aligned else 4) * there + (blocks - there) // 2

    def slot(self, table, slot):
        """The position of a field that is in the table, else 0."""
        vtable = table - _i32(self.buf, table)[0]
        entry = 4 + 2 * slot
        at = _u16(self.buf, vtable + entry)[0] if entry < _u16(self.buf, vtable)[0] else 0
        return at and table + at

    # ---- scalars ----

    def checks_enum(self, field):
        return self.enums and field.enum and field.enum.members is None and not field.enum.values.flags

    def enum(self, field, _, at):
        self.scan(4, at)
        if self.number(field.base, at) not in field.enum.values:
            self.refuse("an enum value is not declared", at)

    def number(self, base, at):
        return UNPACK[base](self.buf, at)[0]

    # ---- strings ----

    def string(self, field, _, pos):
        at = self.follow_far(pos, 4) if field is not None and field.far else self.follow(pos)
        size = _u32(self.buf, at)[0]
        if at + 4 + size >= self.size:
            self.refuse("a string leads out of the buffer", at)
        if self.buf[at + 4 + size]:
            self.refuse("a string is not terminated", at)
        if self.utf8:
            self.scan(size, at)
            try:
                str(self.buf[at + 4:at + 4 + size], "utf-8")
            except UnicodeDecodeError:
                self.refuse("a string is not UTF-8", at)

    # ---- vectors ----

    def elements(self, field, pos, size, align):
        """(position of the first, count)."""
        head = 8 if field.wide else 4
        at = self.follow_far(pos, head) if field.far else self.follow(pos)
        count = (_u64 if field.wide else _u32)(self.buf, at)[0]
        first = at + head
        if count * size > self.size - first:
            self.refuse("a vector leads out of the buffer", at)
        if count and self.misaligned(first, align):
            self.refuse("a vector is not aligned", at)
        return first, count

    def scalars(self, field, _, pos):
        first, count = self.elements(field, pos, SIZES[field.element], SIZES[field.element])
        if field.type is not None:
            self.nested(field, first, count)
        elif self.checks_enum(field):
            self.scan(4 * count, first)
            for number in scalars_at(self.buf, first, count, field.element):
                if number not in field.enum.values:
                    self.refuse("an enum value is not declared", first)

    def nested(self, field, first, count):
        if count == 0:
            return
        if count < 8:
            self.refuse("a nested buffer is too short", first)
        outer = self.buf, self.size, self.prefix, self.placed
        self.buf, self.size, self.prefix, self.placed = memoryview(self.buf)[first:first + count], count, 0, {}
        self.depth += 1
        self.root(field.type, 0)
        self.depth -= 1
        self.buf, self.size, self.prefix, self.placed = outer

    def structs(self, field, _, pos):
        self.elements(field, pos, field.type.size, field.type.align)

    def strings(self, field, _, pos):
        first, count = self.elements(field, pos, 4, 4)
        for i in range(count):
            self.path.append(i)
            self.string(None, None, first + 4 * i)
            self.path.pop()

    def tables(self, field, _, pos):
        first, count = self.elements(field, pos, 4, 4)
        for i in range(count):
            self.path.append(i)
            self.table(field.type, self.follow(first + 4 * i))
            self.path.pop()

    def child(self, field, _, pos):
        self.table(field.type, self.follow(pos))

    # ---- unions ----

    def anywhere(self, pos):
        """Structs may have fewer octets than the four of all else, and any alignment."""
        self.pay(1, pos)
        offset = _u32(self.buf, pos)[0]
        if not 0 < offset < self.size - pos:
            self.refuse("an offset leads out of the buffer" if offset else "an offset is 0", pos)
        return pos + offset

    def member(self, field, kind, pos):
        member = field.enum.members.get(kind)
        if member is None:
            if self.strict:
                self.refuse("an unknown union member", pos)
            self.anywhere(pos)
        elif member == STRING:
            self.string(None, None, pos)
        elif member.is_struct:
            at = self.anywhere(pos)
            if at + member.size > self.size:
                self.refuse("a struct leads out of the buffer", at)
            if self.misaligned(at, member.align):
                self.refuse("a struct is not aligned", at)
        else:
            self.table(member, self.follow(pos))

    def union(self, field, table, pos):
        kind_at = self.slot(table, field.at - 1)
        kind = self.number(field.enum.base, kind_at) if kind_at else 0
        if kind == 0:
            self.refuse("a union value without a type", pos)
        self.member(field, kind, pos)

    def unions(self, field, table, pos):
        kinds_at, size = self.slot(table, field.at - 1), SIZES[field.enum.base]
        if not kinds_at:
            self.refuse("a vector of unions without its types", pos)
        kinds, kind_count = self.elements(field, kinds_at, size, size)
        first, count = self.elements(field, pos, 4, 4)
        if count != kind_count:
            self.refuse("a vector of unions and its types differ in length", pos)
        self.scan(count * size, pos)
        for i, kind in enumerate(scalars_at(self.buf, kinds, count, field.enum.base)):
            if kind != 0:
                self.path.append(i)
                self.member(field, kind, first + 4 * i)
                self.path.pop()

    def kinds(self, field, table, pos):
        """Who counts the types reads as many values."""
        size = SIZES[field.element]
        _, count = self.elements(field, pos, size, size)
        if count and not self.slot(table, field.at + 1):
            self.refuse("types of a vector of unions without its values", pos)


def checks(of):
    """(field, octets, alignment, method of Verifier or None) of each field, and the largest alignment."""
    plan = [(field, field.size(), field.alignment(), check_of(field)) for field in of.verified]
    return plan, max((align for _, _, align, _ in plan), default=4)


def check_of(field):
    if field.base in CODES:
        return Verifier.enum if field.enum and not field.union else None
    if field.base == "vector":
        if field.union and field.scalar:
            return Verifier.kinds
        if field.element == "obj":
            return Verifier.structs if field.type.is_struct else Verifier.tables
        return {STRING: Verifier.strings, "union": Verifier.unions}.get(field.element, Verifier.scalars)
    if field.base == "obj":
        return None if field.type.is_struct else Verifier.child
    return {STRING: Verifier.string, "union": Verifier.union}[field.base]


def verify(of, buf, identified, prefix, options, depth_max, offsets_max):
    """The buffer behind its size, and the position of the root in it."""
    if prefix:
        if len(buf) < prefix:
            raise VerifyError(f"too short for a size prefix of {prefix} octets")
        size = (_u64 if prefix == 8 else _u32)(buf, 0)[0]
        if size != len(buf) - prefix:
            raise VerifyError(f"the size prefix says {size} octets, {len(buf) - prefix} octets follow it")
        buf = memoryview(buf)[prefix:]
    if identified and bytes(buf[4:8]) != of.identifier:
        raise VerifyError(f"the file identifier is not {of.identifier!r}", "", 4)
    offsets = len(buf) // 4 + 64 if offsets_max is None else offsets_max
    return buf, Verifier(buf, prefix, options, depth_max, offsets).root(of, 0)
