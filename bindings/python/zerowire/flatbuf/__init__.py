# SPDX-License-Identifier: Apache-2.0
"""The run time of generated Python: FlatBuffers in place, in pure Python.

`zerowire compile --python telemetry.fbs` writes `telemetry_generated.py` and its types, `telemetry_generated.pyi`. Of a
table `Reading` there are two classes:

* `Reading`, a *view* into octets that somebody else owns: bytes, bytearray, memoryview, mmap, a numpy array, or whatever has a
  buffer. Nothing is copied; a field is read when it is asked for. `Reading.verify(data)` is the way from foreign octets to a
  view: it checks everything that can be reached, with bounded work, or raises `VerifyError`. `Reading.as_root(data)` is for
  octets that were verified before. Fields that are absent read as their default, or None; absent vectors are empty
  (`has("items")` tells). A scalar can be set in place where its octets are writable: `reading.celsius = 21.5`; `AbsentError`
  says that the field has no place in the buffer.
* `ReadingT`, an *object* of its own with the same fields: `ReadingT(celsius=21.5).pack()` gives the octets of a buffer,
  `reading.unpack()` the object of a view. None is what is absent.

`Builder` makes buffers from parts. Strings, vectors, tables and structs may be given as objects, views, dicts (structs:
tuples too), or as the `Ref` of what was written before.

An enum is an IntEnum, or IntFlag where it has bit_flags; a value that the schema does not know is an int. Views keep the
buffer alive. They may be read by many threads, if nobody writes.

A vector of scalars is a memoryview of the buffer: it indexes, slices and iterates (under PyPy, where memoryviews are slow, it is a
class that does what they do, and has a buffer). numpy is not needed; where it is installed,
`numpy(vector)` is an array without a copy, of scalars and of structs.

A field with the attribute `flexbuffer` is its octets; `reading.extra_root` reads them, as `read_flexbuffer(octets)` does: scalars, str,
octets, a `FlexVector` (a sequence) or a `FlexMap` (a mapping), whose elements are read and checked when they are asked for. `plain()`
copies all. `write_flexbuffer({"unit": "K", "limits": [1, 2.5]})` gives the octets.
"""
from .accessors import AbsentError
from .builder import Builder, PackError, Ref
from .descriptors import ABI, Enum, Field, Module, Type, VersionError
from .flexbuffer import FlexMap, FlexValue, FlexVector, read_flexbuffer
from .flexbuffer_writer import write_flexbuffer
from .objects import LimitError, Object
from .vectors import Enums, Strings, Structs, Tables, Unions, Vector, numpy
from .verify import VerifyError
from .views import Octets, Struct, Table, Void, VoidT

__all__ = ["ABI", "AbsentError", "Builder", "Enum", "Enums", "Field", "FlexMap", "FlexValue", "FlexVector", "LimitError",
           "Module", "Object", "Octets", "PackError", "Ref", "Strings", "Struct", "Structs", "Table", "Tables",
           "Type", "Unions", "Vector", "VerifyError", "VersionError", "Void", "VoidT", "numpy", "read_flexbuffer",
           "write_flexbuffer"]
