# SPDX-License-Identifier: Apache-2.0
"""Vectors of scalars under PyPy, which takes a hundred times as long to make a memoryview as to read an element. This one reads elements
itself; for all else that a memoryview can, one is made."""
import importlib
from typing import Any

from .scalars import COMPILED, SIZES, UNPACK, own
from .vectors import scalars_at

Base: Any = importlib.import_module("__pypy__.bufferable").bufferable if COMPILED else object


class Scalars(Base):
    """What a memoryview of scalars is. Each base has a class of its own, with its accessors."""
    __slots__ = ("_b", "_s", "_n")
    base = "ubyte"

    def __init__(self, buf, start, count):
        self._b = buf
        self._s = start
        self._n = count

    def memory(self):
        return scalars_at(self._b, self._s, self._n, self.base)

    def __buffer__(self, _):
        return self.memory()

    def __getattr__(self, name):
        return getattr(self.memory(), name)

    def __len__(self):
        return self._n

    def __setitem__(self, index, value):
        self.memory()[index] = value

    def __eq__(self, other):
        return self.memory() == (other.memory() if isinstance(other, Scalars) else other)

    def __repr__(self):
        return f"<Scalars of {self._n}>"

    def tolist(self):
        return list(self)


def scalars_of(base):
    """A function (buffer, position of the first element, count)."""
    size, unpack = SIZES[base], UNPACK[base]

    def item(self, index):
        if index.__class__ is not int:
            return self.memory()[index]
        if index < 0:
            index += self._n
        if 0 <= index < self._n:
            return unpack(self._b, self._s + index * size)[0]
        raise IndexError("vector index out of range")

    def each(self):
        buf, start = self._b, self._s
        for at in range(start, start + self._n * size, size):
            yield unpack(buf, at)[0]

    return type("Scalars", (Scalars,), {"__slots__": (), "base": base, "__getitem__": own(item), "__iter__": own(each)})
