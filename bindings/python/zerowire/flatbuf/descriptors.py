# SPDX-License-Identifier: Apache-2.0
"""Descriptors: what generated modules say of their types, and all else is driven by.

A module describes its declarations when it is imported, in any order, and may be imported by those that it imports: what is
referred to before it is described is an empty descriptor in the registry, which is filled later. Accessors are made at the
end, by Module.ready, when everything that they need is described.
"""
import importlib

from .scalars import CODES, SIZES

ABI = 1

FLAG_VALUES_MAX = 1024
STRING = "string"


class VersionError(ImportError):
    """Generated code that this run time does not fit."""


class Values(dict):
    """Members of an enum by value. What the schema does not know is the number itself; with bit_flags combinations are members
    too: they are kept up to a limit, so that octets from elsewhere cannot fill the memory."""
    __slots__ = ("cls", "flags")

    def __init__(self):
        self.cls, self.flags = None, False

    def __missing__(self, value):
        if not self.flags:
            return value
        member = int.__new__(self.cls, value)
        member._value_ = value
        member._name_ = "|".join(m.name for m in self.cls if m.value & value) or None
        if len(self) < FLAG_VALUES_MAX:
            self[value] = member
        return member

    def dense(self):
        """What there is for each number up to the largest, as a tuple; None if there are flags, or gaps too large."""
        count = max(self, default=-1) + 1
        return None if self.flags or count > 4 * len(self) + 256 else tuple(self[value] for value in range(count))


class Enum:
    """An enum or a union. `members` of a union: STRING or a Type, by value; of an enum: None."""
    __slots__ = ("name", "cls", "base", "values", "members")

    def __init__(self):
        self.values = Values()
        self.members = None

    def describe(self, cls, name, base, flags, members):
        self.name, self.cls, self.base, self.members = name, cls, base, members
        self.values.cls, self.values.flags = cls, flags
        self.values.update((int(member), member) for member in cls)


class Type:
    """A table or a struct: its classes and fields, in the order of their slots or octets; `verified`: with deprecated ones."""
    __slots__ = ("name", "view", "object", "fields", "verified", "by_symbol", "size", "align", "is_struct", "identifier", "key", "slots",
                 "plans")

    def describe(self, view, object_class, name, fields, size, align, identifier):
        self.name, self.view, self.object, self.verified = name, view, object_class, tuple(fields)
        self.fields = tuple(field for field in fields if not field.deprecated)
        self.size, self.align, self.is_struct, self.identifier = size, align, size > 0, identifier
        self.by_symbol = {field.symbol: field for field in self.fields}
        self.key = next((field for field in self.fields if field.key), None)
        self.slots = 0 if size else max((field.at + 1 for field in self.fields), default=0)
        self.plans = {}  # what building and verification work out once
        view._type = object_class._type = self

    def plan(self, make):
        """What make(type) gives, worked out once."""
        try:
            return self.plans[make]
        except KeyError:
            made = self.plans[make] = make(self)
            return made


class Field:
    """A field of a table (`at`: its slot) or a member of a struct (`at`: its octet).

    `kind`: a scalar's base ("int"), "string", "obj", "union", a vector of one of them ("[int]"), or of a struct an array
    ("int:3"). `type` and `enum` name another declaration, "file_generated:Symbol" if it is in another module; the enum of a
    union's type and value is the union. `far`: its offset has 64 bits; `wide`: its length has. `root`: the accessor of the
    root of a nested buffer, or of a FlexBuffer. `preset`: a string's default.
    """
    __slots__ = ("name", "symbol", "at", "kind", "base", "element", "length", "default", "type", "enum", "required", "optional",
                 "key", "shared", "far", "wide", "align", "root", "preset", "deprecated", "doc")

    def __init__(self, name, at, kind, default=0, *, symbol=None, type=None, enum=None, required=False, optional=False, key=False,
                 shared=False, far=False, wide=False, align=0, root=None, preset=None, deprecated=False, doc=None):
        self.name, self.symbol, self.at, self.kind, self.default = name, symbol or name, at, kind, default
        self.type, self.enum, self.required, self.optional, self.key = type, enum, required, optional, key
        self.shared, self.far, self.wide, self.align, self.root, self.preset, self.doc = shared, far, wide, align, root, preset, doc
        self.deprecated = deprecated
        self.base, self.element, self.length = kind, None, 0
        if kind[0] == "[":
            self.base, self.element = "vector", kind[1:-1]
        elif ":" in kind:
            self.base = "array"
            self.element, length = kind.split(":")
            self.length = int(length)
        if optional:
            self.default = None

    @property
    def is_offset(self):
        """Whether it is an offset to something else in the buffer."""
        return self.base in ("string", "vector", "union") or (self.base == "obj" and not self.type.is_struct)

    @property
    def scalar(self):
        """The base of the scalar that it is or has as elements, else None."""
        base = self.element or self.base
        return base if base in CODES else None

    @property
    def union(self):
        """Of a union's type and value, and vectors of them: the union, else None."""
        return self.enum if self.enum and self.enum.members is not None else None

    def value_of(self, number):
        """A number as a member of its enum."""
        return number if self.enum is None or number is None else self.enum.values[number]

    def size(self):
        """Octets in the table or struct."""
        if self.base in SIZES:
            return SIZES[self.base]
        if self.base == "array":
            return self.length * self.element_size()
        if self.base == "obj" and self.type.is_struct:
            return self.type.size
        return 8 if self.far else 4

    def alignment(self):
        if self.base in SIZES:
            return SIZES[self.base]
        if self.base == "array":
            return self.element_alignment()
        if self.base == "obj" and self.type.is_struct:
            return self.type.align
        return 8 if self.far else 4

    def element_size(self):
        if self.element in SIZES:
            return SIZES[self.element]
        return self.type.size if self.element == "obj" and self.type.is_struct else 4

    def element_alignment(self):
        """The elements' own; force_align is apart."""
        if self.element in SIZES:
            return SIZES[self.element]
        return self.type.align if self.element == "obj" and self.type.is_struct else 4


# Declarations of all modules: module name -> symbol -> descriptor.
registry: dict = {}


class Module:
    """What a generated module is to the run time: the check of its stamp, and its declarations."""

    def __init__(self, name, abi, compiler, schema_id):
        if abi != ABI:
            raise VersionError(f"{name}: generated by zerowire {compiler} for version {abi} of the descriptors; this run time has "
                               f"version {ABI}. Generate it again, with the compiler of this release", name=name)
        if len(schema_id) != 32:
            raise VersionError(f"{name}: its stamp has no schema id. Generate it again", name=name)
        self.name, self.compiler, self.schema_id = name, compiler, schema_id
        self.package = name.rpartition(".")[0]
        self.types = []
        registry.setdefault(name, {})

    def _find(self, symbol, kind):
        """The descriptor of a symbol, empty if it is not described yet."""
        file, colon, last = symbol.rpartition(":")
        if file == "zerowire":
            return registry["zerowire"][last]
        module = self._sibling(file) if colon else self.name
        return registry.setdefault(module, {}).setdefault(last, kind())

    def _sibling(self, file):
        return f"{self.package}.{file}" if self.package else file

    def _member(self, symbol):
        return symbol if symbol == STRING else self._find(symbol, Type)

    def enum(self, cls, name, base, flags=False):
        self._find(cls.__name__, Enum).describe(cls, name, base, flags, None)

    def union(self, cls, name, base, members):
        """`members`: "string" or the symbol of a type, by value."""
        members = {value: self._member(symbol) for value, symbol in members.items()}
        self._find(cls.__name__, Enum).describe(cls, name, base, False, members)

    def struct(self, view, object_class, name, size, align, fields):
        self._type(view, object_class, name, fields, size, align, b"")

    def table(self, view, object_class, name, fields, identifier=b""):
        self._type(view, object_class, name, fields, 0, 1, identifier)

    def _type(self, view, object_class, name, fields, size, align, identifier):
        for field in fields:
            field.type = field.type and self._find(field.type, Type)
            field.enum = field.enum and self._find(field.enum, Enum)
        described = self._find(view.__name__, Type)
        described.describe(view, object_class, name, fields, size, align, identifier)
        self.types.append(described)

    def ready(self, *files):
        """All is described: imports the modules of included schemas, and makes the accessors."""
        for file in files:
            importlib.import_module(self._sibling(file))
        for described in self.types:
            described.view._ready()
            described.object._ready()


def reaches(root, wanted):
    """Whether `wanted` is true of any type that can be reached from `root`."""
    seen, waiting = set(), [root]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if wanted(one):
            return True
        for field in one.fields:
            if field.type:
                waiting.append(field.type)
            if field.union:
                waiting += [member for member in field.enum.members.values() if member is not STRING]
    return False
