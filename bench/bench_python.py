#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reading in Python: generated code of zerowire beside that of flatc with the official run time, in turns in one run, over the
object of foobar.fbs, under CPython and PyPy.

    bench/bench_python.py ZEROWIRE [FLATC]    the two compilers; flatbuffers is installed, and zlmdb, which has a flatc

Prints nanoseconds of a read without those of the loop around it, the best of the rounds, and the part of the official run time's time;
the last line is that of the whole object. Ends with 1 if a read takes a larger part than PART_MAX of the interpreter. PyPy compiles
what the official run time does for a field to a dozen of loads; a string is made by both, and a member of a struct is one load for
both. There is no third of that, but it must be less."""
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PART_MAX = {"cpython": 1 / 3, "pypy": 1}
# Rounds are short, so that some are not disturbed.
ROUNDS, PASSES = {"cpython": (60, 1), "pypy": (600, 5)}[sys.implementation.name]
VIEWS = 300

# What is read, and of what: an expression with the view `v`. Whole objects are read below.
READS = [
    ("bool", "container", "v.initialized", "v.Initialized()"),
    ("enum", "container", "v.fruit", "v.Fruit()"),
    ("ubyte", "entry", "v.postfix", "v.Postfix()"),
    ("double", "entry", "v.rating", "v.Rating()"),
    ("string", "entry", "size(v.name)", "size(v.Name().decode())"),
    ("struct", "entry", "(v.sibling is None)", "(v.Sibling() is None)"),
    ("int of a struct", "bar", "v.time", "v.Time()"),
    ("field of an element", "container", "v.list[1].postfix", "v.List(1).Postfix()"),
    ("whole object", "octets", "whole(v)", "whole(v)"),
]
LOOP = """
def loop(views, size=len):
    total = 0
    start = now()
    for v in views:
        total += {}
    return now() - start
"""


def generate(folder, compiler, flatc):
    """Both modules; ours is foobar_generated, theirs the package bench. And the official run time, apart from all else that is
    installed: zlmdb brings one of its own, once it is imported."""
    shutil.copytree(importlib.import_module("flatbuffers").__path__[0], os.path.join(folder, "flatbuffers"))
    flatc = flatc or os.path.join(importlib.import_module("zlmdb").__path__[0], "_flatc", "bin", "flatc")
    schema = os.path.join(ROOT, "bench", "foobar.fbs")
    subprocess.run([compiler, "compile", "--python", "-o", folder, schema], check=True)
    subprocess.run([flatc, "--python", "-o", folder, schema], check=True, stdout=subprocess.DEVNULL)


def build(ours):
    entries = [ours.FooBarT(
        sibling=ours.BarT(parent=ours.FooT(id=0xABADCAFEABADCAFE + i, count=10000 + i, prefix=64 + i, length=1000000 + i), time=123456 + i,
                          ratio=3.14159 + i, size=10000 + i),
        name="Hello, World!", rating=3.1415432432445543543 + i, postfix=33 + i) for i in range(3)]
    return ours.FooBarContainerT(list=entries, initialized=True, fruit=ours.Fruit.Bananas, location="http://google.com/flatbuffers/").pack()


def whole_of_ours(cls):
    def whole(octets):
        container = cls.as_root(octets)
        total = container.initialized + container.fruit + len(container.location)
        for entry in container.list:
            bar = entry.sibling
            parent = bar.parent
            total += len(entry.name) + entry.postfix + int(entry.rating) + bar.time + int(bar.ratio) + bar.size
            total += (parent.id & 0xffff) + parent.count + parent.prefix + parent.length
        return total
    return whole


def whole_of_theirs(cls, foo):
    def whole(octets):
        container = cls.GetRootAs(octets, 0)
        total = container.Initialized() + container.Fruit() + len(container.Location().decode())
        for i in range(container.ListLength()):
            entry = container.List(i)
            bar = entry.Sibling()
            parent = bar.Parent(foo())
            total += len(entry.Name().decode()) + entry.Postfix() + int(entry.Rating()) + bar.Time() + int(bar.Ratio()) + bar.Size()
            total += (parent.Id() & 0xffff) + parent.Count() + parent.Prefix() + parent.Length()
        return total
    return whole


def loop_of(expression, whole):
    """A function of its own for each expression: interpreters compile and note by function."""
    names = {"now": time.perf_counter_ns, "whole": whole}
    exec(LOOP.format(expression), names)
    return names["loop"]


def best_of(loops, views):
    """The best round of each, in turns."""
    best = [float("inf")] * len(loops)
    for _ in range(ROUNDS):
        for i, loop in enumerate(loops):
            for _ in range(PASSES):
                best[i] = min(best[i], loop(views[i]) / len(views[i]))
    return best


def compare(name, loops, views):
    *best, empty = best_of([*loops, loop_of("1", None)], [*views, views[0]])
    best = [time - empty for time in best]
    part = best[0] / best[1]
    print(f"{name:24} {best[0]:9.1f} ns {best[1]:9.1f} ns   {part:.2f}", flush=True)
    return part


def measure():
    """Under one interpreter; what is imported is on its path."""
    ours = importlib.import_module("foobar_generated").FooBarContainer
    theirs = importlib.import_module("bench.FooBarContainer").FooBarContainer
    octets = build(importlib.import_module("foobar_generated"))
    whole = whole_of_ours(ours), whole_of_theirs(theirs, importlib.import_module("bench.Foo").Foo)
    ours.verify(octets)
    assert whole[0](octets) == whole[1](octets)
    mine, other = ours.as_root(octets), theirs.GetRootAs(octets, 0)
    entries = list(mine.list), [other.List(i) for i in range(3)]
    views = {"container": ([mine] * VIEWS, [other] * VIEWS), "entry": [three * (VIEWS // 3) for three in entries],
             "bar": ([one.sibling for one in entries[0]] * (VIEWS // 3), [one.Sibling() for one in entries[1]] * (VIEWS // 3)),
             "octets": ([octets] * (VIEWS // 10), [octets] * (VIEWS // 10))}
    name = sys.implementation.name
    print(f"{len(octets)} octets, {name} {sys.version.split()[0]}, best of {ROUNDS} rounds\n{'':24} {'zerowire':>12} {'official':>12}   part")
    parts = [compare(what, [loop_of(expression, one) for expression, one in zip(expressions, whole)], views[of])
             for what, of, *expressions in READS]
    return 0 if max(parts) <= PART_MAX[name] else 1


def main(compiler, flatc=None):
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        generate(folder, compiler, flatc)
        path = os.pathsep.join((folder, os.path.join(ROOT, "bindings", "python")))
        for interpreter in (sys.executable, shutil.which("pypy3")):
            if interpreter is None:
                print("pypy3 is not installed")
                continue
            done = subprocess.run([interpreter, "-B", os.path.abspath(__file__), "--measure"], env=dict(os.environ, PYTHONPATH=path), check=False)
            status = max(status, done.returncode)
    return status


if __name__ == "__main__":
    sys.exit(measure() if sys.argv[1:] == ["--measure"] else main(*sys.argv[1:]))
