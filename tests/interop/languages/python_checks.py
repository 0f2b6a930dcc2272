# SPDX-License-Identifier: Apache-2.0
"""What generated Python holds under every interpreter, without what only some have: test_python.py runs this under each. Generated
modules and the run time are on the path. Each function is a check; a failure ends the program."""
import array
import copy
import gc
import mmap
import pickle
import sys
import tempfile
from struct import error as StructError

import constructs_generated as c
import python_names_generated as names
import younger_generated as y
from zerowire import flatbuf


def refused(error, work, what=""):
    try:
        work()
    except error as caught:
        assert what in str(caught), caught
    else:
        raise AssertionError(f"no {error.__name__}")


def set_to(view, name, value):
    return lambda: setattr(view, name, value)


# ---- names ----

def check_names_that_are_taken():
    fields = [field for field in names.T._type.fields if field.kind == "int" and not field.enum]
    assert len(fields) >= 70 and len({field.symbol for field in fields}) == len(fields)
    made = names.TT(**{field.symbol: 7 + i for i, field in enumerate(fields)}, property=names.Number.print,
                    _p_=names.StructT(match=names.Number.real_, inner=names.InnerT(tolist=5)))
    view = names.T.verify(made.pack())
    assert [getattr(view, field.symbol) for field in fields] == [7 + i for i in range(len(fields))]
    assert view.unpack() == made and view.property is names.Number.print and view._p_.match is names.Number.real_
    assert names.Number.real_.real == 1 and names.Number(5).numerator == 5 and names.Number.x_missing_ == 27 and names.Number.print + 1 == 18
    assert names.Bits.real_ | names.Bits.print == 17
    for cls in (names.int, names.str, names.property, names.Table, names.Object, names.X, names.names_XT):
        assert issubclass(cls, flatbuf.Table)


def check_values_of_enums():
    """Known ones are members, dense or not; others numbers."""
    for number in (0, 17, 31, 32, 99999, 100000, 100001, -3, -4, 2 ** 31 - 1, -2 ** 31):
        view = names.T.verify(names.TT(property=number).pack(force_defaults=True))
        known = number in names.Number.__members__.values()
        assert view.property == number and (type(view.property) is names.Number) == known
    for number in (-128, -2, -1, 0, 1, 3, 4, 127):
        view = names.T.verify(names.TT(dense=number, denses=[number]).pack(force_defaults=True))
        assert view.dense == view.denses[0] == number and (type(view.dense) is names.Dense) == (number in (-2, 0, 3))


# ---- scalars ----

def check_limits_of_scalars():
    limits = {"a_byte": (-128, 127), "a_ubyte": (0, 255), "a_short": (-2 ** 15, 2 ** 15 - 1), "a_ushort": (0, 2 ** 16 - 1), "an_int": (-2 ** 31, 2 ** 31 - 1),
              "a_uint": (0, 2 ** 32 - 1), "a_long": (-2 ** 63, 2 ** 63 - 1), "a_ulong": (0, 2 ** 64 - 1), "maybe_byte": (-128, 127),
              "maybe_ulong": (0, 2 ** 64 - 1), "a_double": (-1.7976931348623157e308, 5e-324), "a_float": (-2.0 ** 127, 2.0 ** -149)}
    for name, values in limits.items():
        for value in values:
            octets = c.EverythingT(needed="n", **{name: value}).pack(force_defaults=True)
            for buffer in (octets, bytearray(octets), memoryview(octets)):
                assert getattr(c.Everything.verify(buffer), name) == value, name
        if isinstance(values[0], int):
            for value in (values[0] - 1, values[1] + 1):
                refused(flatbuf.PackError, c.EverythingT(needed="n", **{name: value}).pack, name)


def check_what_is_set_in_place():
    buffer = bytearray(c.EverythingT(needed="n", an_int=5, colors=[c.Color.Red, c.Color.Blue], ints=[1, 2], point=(1, 2)).pack(force_defaults=True))
    view = c.Everything.verify(buffer)
    view.an_int, view.colors[1], view.ints[0], view.a_float = -1, c.Color.Green, 9, 0.25
    again = c.Everything.verify(bytes(buffer))
    assert (again.an_int, list(again.colors), list(again.ints), again.a_float) == (-1, [c.Color.Red, c.Color.Green], [9, 2], 0.25)
    refused(flatbuf.PackError, set_to(view, "a_byte", 200), "Everything.a_byte")
    refused(flatbuf.PackError, set_to(view.point, "x", "text"), "Point.x")
    refused(flatbuf.AbsentError, set_to(view, "maybe_int", 1), "maybe_int")
    refused(AttributeError, set_to(view, "text", "t"))
    refused(AttributeError, set_to(view, "nothing", 1))
    refused(TypeError, set_to(again, "an_int", 1))
    assert view.an_int == -1


def check_vectors_of_scalars():
    buffer = bytearray(c.EverythingT(needed="n", longs=[1, -2, 3], octets=b"abc", bools=[True, False], ulongs=[2 ** 64 - 1], mixed=c.MixedT(many=[7, 8, 9])).pack())
    view = c.Everything.verify(buffer)
    longs, octets, many = view.longs, view.octets, view.mixed.many
    assert list(longs) == longs.tolist() == [1, -2, 3] and longs[-1] == 3 and longs[1:].tolist() == [-2, 3] and len(longs) == 3 and -2 in longs
    assert memoryview(longs).format == longs.format == "q" and longs.nbytes == 24 and longs == view.longs and longs != many
    assert bytes(octets) == b"abc" and b"".join([octets]) == b"abc" and octets[0] == 97 and octets == b"abc" and bytes(octets[1:]) == b"bc"
    assert view.bools.tolist() == [True, False] and view.bools[0] is True and view.ulongs[0] == 2 ** 64 - 1 and many.tolist() == [7, 8, 9]
    longs[0], many[2] = -5, 1
    assert c.Everything.verify(bytes(buffer)).longs[0] == -5 and c.Everything.verify(bytes(buffer)).mixed.many[2] == 1
    assert len(view.ints) == 0 and list(view.ints) == []
    refused(IndexError, lambda: longs[3])
    refused(IndexError, lambda: longs[-4])
    refused(TypeError, lambda: c.Everything.verify(bytes(buffer)).longs.__setitem__(0, 1))
    refused(AttributeError, lambda: longs.nothing)
    colors = c.Everything.verify(c.EverythingT(needed="n", colors=[1, 77]).pack()).colors
    assert list(colors) == [c.Color.Red, 77] == colors[:] and colors[-2] is c.Color.Red and colors.memory().tolist() == [1, 77]


# ---- buffers ----

def check_buffers_of_all_kinds():
    octets = c.EverythingT(needed="né", longs=[1, -2], points=[(1, 2)], octets=b"abc", nested=c.LeafT(name="inner"), leaf=c.LeafT(name="l")).pack()
    padded = memoryview(b"x" * 8 + octets)
    for buffer in (octets, bytearray(octets), memoryview(octets), memoryview(bytearray(octets)), array.array("B", octets), padded[8:],
                   array.array("I", octets), memoryview(array.array("Q", octets)) if len(octets) % 8 == 0 else octets):
        view = c.Everything.verify(buffer, identified=True, utf8=True)
        assert (view.needed, list(view.longs), view.points[0].y, bytes(view.octets)) == ("né", [1, -2], 2.0, b"abc")
        assert view.nested_root.name == "inner" and view.leaf.name == "l" and view.unpack().pack() == c.Everything.as_root(octets).unpack().pack()
    refused(TypeError, lambda: c.Everything.verify("text"))
    refused(TypeError, lambda: c.Everything.verify(memoryview(octets)[::2]))
    for short in (b"", b"x", octets[:4], octets[:len(octets) // 2]):
        refused(flatbuf.VerifyError, lambda: c.Everything.verify(short))


def check_buffers_are_let_go():
    """A map can be closed, and a bytearray resized, when the views are gone; not before, but under PyPy, where views read no more."""
    early = BufferError if sys.implementation.name == "cpython" else None
    octets = c.EverythingT(needed="n", longs=[1, 2], texts=["a"], leaves=[c.LeafT(name="l")]).pack()
    with tempfile.TemporaryFile() as file:
        file.write(octets)
        file.flush()
        mapped = mmap.mmap(file.fileno(), 0)
        view = c.Everything.verify(mapped)
        kept = [view.longs, view.texts, view.leaves[0], view.unpack()]
        assert kept[0][1] == 2 and kept[2].name == "l"
        if early:
            refused(early, mapped.close)
        view = kept = None
        gc.collect()
        mapped.close()
    buffer = bytearray(octets)
    longs = c.Everything.verify(buffer).longs
    if early:
        refused(early, buffer.clear)
    assert longs[0] == 1
    longs = None
    gc.collect()
    buffer.clear()


# ---- objects ----

def check_objects_are_plain():
    made = c.EverythingT(needed="n", ints=[1], leaves=[c.LeafT(name="a"), c.LeafT(name="b")], any=c.PointT(x=1), any_type=c.Any.Point, mixed=c.MixedT(),
                         flags=c.Flags.One | c.Flags.Ninth, color=77, not_a_number=0.0)
    read = c.Everything.verify(made.pack()).unpack()
    for one in (made, read):
        for other in (copy.deepcopy(one), pickle.loads(pickle.dumps(one)), copy.copy(one)):
            assert other == one and other is not one and other.pack() == one.pack()
    assert copy.deepcopy(read).leaves[0] is not read.leaves[0] and copy.copy(read).leaves is read.leaves
    assert read.mixed == made.mixed and read.any == made.any and read.leaves == made.leaves and read.color == 77
    assert made != c.LeafT() and c.LeafT() != c.EmptyT() and c.LeafT(name="a") != c.LeafT(name="b")
    refused(TypeError, lambda: hash(made))
    refused(AttributeError, set_to(made, "nothing", 1))
    refused(TypeError, lambda: c.LeafT(nothing=1), "nothing")
    assert eval(repr(c.LeafT(name="é", value=3)), {"LeafT": c.LeafT}) == c.LeafT(name="é", value=3)
    assert repr(c.Everything.verify(made.pack())).startswith("<zw.test.Everything at ")
    view = c.Everything.verify(made.pack())
    refused(TypeError, lambda: c.LeafT.unpack(view), "Leaf")
    assert c.LeafT.unpack(view.leaves[1]) == c.LeafT(name="b")


def check_shared_objects_stay_shared():
    leaf = c.LeafT(name="one")
    octets = c.EverythingT(needed="n", leaf=leaf, leaves=[leaf, leaf]).pack()
    read = c.Everything.verify(octets).unpack()
    assert read.leaf is read.leaves[0] is read.leaves[1] and read.pack() == octets


def check_what_is_no_value():
    for wrong in ({"text": 5}, {"texts": "abc"}, {"texts": [5]}, {"octets": 5}, {"nested": 5}, {"leaf": "x"}, {"leaves": [None]}, {"text": "\ud800"},
                  {"point": 3}, {"mixed": {"many": 7}}, {"ints": 5}, {"ints": [1.5]}, {"any": object()}, {"any_type": 99, "any": c.LeafT()}):
        refused(flatbuf.PackError, c.EverythingT(needed="n", **wrong).pack)
    builder = flatbuf.Builder()
    for work in (lambda: builder.string(5), lambda: builder.octets(5), lambda: builder.nested(5)):
        refused(TypeError, work)
    refused(flatbuf.PackError, lambda: builder.finish(builder.table(c.Leaf, {}), b"12345"))


# ---- keys ----

def check_keys():
    far = names.FarT(keyed=[(5, 1), (2 ** 64 - 1, 2), (0, 3)], named=[names.NamedT(name=name, n=i) for i, name in enumerate(("b", "é", "", "a"))])
    view = names.Far.verify(far.pack())
    assert [one.id for one in view.keyed] == [0, 5, 2 ** 64 - 1] and [view.keyed.find(n).n for n in (5, 2 ** 64 - 1, 0)] == [1, 2, 3]
    assert view.keyed.find(4) is None and [view.named.find(name).n for name in ("b", "é", "", "a")] == [0, 1, 2, 3] and view.named.find("c") is None
    assert names.Far.verify(names.FarT().pack()).keyed.find(1) is None
    refused(TypeError, lambda: view.named.find(5))


# ---- hostile octets ----

def check_hostile_octets():
    """Of octets that verification refuses, accessors raise exceptions of the usual kinds, and nothing worse."""
    octets = c.EverythingT(needed="n", leaf=c.LeafT(name="x"), texts=["a", "b"], ints=[1, 2], any=c.OtherT(id=1), points=[(1, 2)]).pack()
    seen = 0
    for at in range(len(octets)):
        broken = bytearray(octets)
        broken[at] ^= 0x81
        try:
            c.Everything.verify(broken)
        except flatbuf.VerifyError as error:
            assert 0 <= error.offset <= len(octets) and "at octet" in str(error)
            seen += 1
        try:
            c.Everything.as_root(bytes(broken)).unpack()
        except (ValueError, IndexError, KeyError, OverflowError, StructError):
            pass
    assert seen > len(octets) // 8


# ---- FlexBuffers, numpy ----

def check_flexbuffers():
    content = {"a": [1, 2.5, None, "é", -2 ** 63, 2 ** 64 - 1], "b": {"c": True}, "z": ""}
    octets = flatbuf.write_flexbuffer(content)
    view = y.Everything.verify(y.EverythingT(flex=octets).pack())
    assert view.flex_root.plain() == content and view.flex_root["a"][4] == -2 ** 63
    assert flatbuf.read_flexbuffer(flatbuf.write_flexbuffer(array.array("h", [1, -2]))) == [1, -2]
    assert bytes(flatbuf.read_flexbuffer(flatbuf.write_flexbuffer(b"\0\1"))) == b"\0\1"
    for at in range(len(octets)):
        broken = bytearray(octets)
        broken[at] ^= 0x41
        try:
            root = flatbuf.read_flexbuffer(broken)
            root.plain() if hasattr(root, "plain") else root
        except (flatbuf.VerifyError, flatbuf.LimitError):
            pass


def check_numpy():
    vector = c.Everything.verify(c.EverythingT(needed="n", ints=[1, 2]).pack()).ints
    try:
        import numpy
    except ImportError:
        refused(ImportError, lambda: flatbuf.numpy(vector), "numpy is not installed")
    else:
        assert flatbuf.numpy(vector).dtype == numpy.int32


if __name__ == "__main__":
    for check in [value for name, value in list(globals().items()) if name.startswith("check_")]:
        check()
        print(check.__name__, file=sys.stderr)
