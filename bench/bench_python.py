#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reading in Python: generated code of zerowire beside that of flatc with the official run time, in turns in one run, over the
object of foobar.fbs.

    bench/bench_python.py ZEROWIRE [FLATC]    the two compilers; flatbuffers is installed, and zlmdb, which has a flatc

Prints nanoseconds of a read, the best of the rounds, and the ratio; the last line is that of the whole object. Ends with 1 if
a read takes more than a third of the official run time's time."""
import importlib
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROUNDS, CALLS, PART_MAX = 9, 4000, 1 / 3


def generate(folder, compiler, flatc):
    """Both modules; ours is foobar_generated, theirs the package bench."""
    schema = os.path.join(ROOT, "bench", "foobar.fbs")
    subprocess.run([compiler, "compile", "--python", "-o", folder, schema], check=True)
    subprocess.run([flatc, "--python", "-o", folder, schema], check=True, stdout=subprocess.DEVNULL)
    sys.path[:0] = [folder, os.path.join(ROOT, "bindings", "python")]
    ours = importlib.import_module("foobar_generated")
    return ours, importlib.import_module("bench.FooBarContainer").FooBarContainer


def build(ours):
    entries = [ours.FooBarT(
        sibling=ours.BarT(parent=ours.FooT(id=0xABADCAFEABADCAFE + i, count=10000 + i, prefix=64 + i, length=1000000 + i), time=123456 + i,
                          ratio=3.14159 + i, size=10000 + i),
        name="Hello, World!", rating=3.1415432432445543543 + i, postfix=33 + i) for i in range(3)]
    return ours.FooBarContainerT(list=entries, initialized=True, fruit=ours.Fruit.Bananas, location="http://google.com/flatbuffers/").pack()


def traverse_ours(module, octets):
    container = module.FooBarContainer.as_root(octets)
    total = container.initialized + container.fruit + len(container.location)
    for entry in container.list:
        bar = entry.sibling
        parent = bar.parent
        total += len(entry.name) + entry.postfix + int(entry.rating) + bar.time + int(bar.ratio) + bar.size
        total += parent.id + parent.count + parent.prefix + parent.length
    return total


def traverse_theirs(cls, foo, octets):
    container = cls.GetRootAs(octets, 0)
    total = container.Initialized() + container.Fruit() + len(container.Location().decode())
    for i in range(container.ListLength()):
        entry = container.List(i)
        bar = entry.Sibling()
        parent = bar.Parent(foo())
        total += len(entry.Name().decode()) + entry.Postfix() + int(entry.Rating()) + bar.Time() + int(bar.Ratio()) + bar.Size()
        total += parent.Id() + parent.Count() + parent.Prefix() + parent.Length()
    return total


def once(call, calls):
    start = time.perf_counter_ns()
    for _ in range(calls):
        call()
    return (time.perf_counter_ns() - start) / calls


def compare(name, ours, theirs, calls):
    """The best round of each, in turns; the loop around the calls is in both."""
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for i, call in enumerate((ours, theirs)):
            best[i] = min(best[i], once(call, calls))
    part = best[0] / best[1]
    print(f"{name:24} {best[0]:9.0f} ns {best[1]:9.0f} ns   {part:.2f}", flush=True)
    return part


def main(compiler, flatc=None):
    if flatc is None:
        flatc = os.path.join(importlib.import_module("zlmdb").__path__[0], "_flatc", "bin", "flatc")
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = generate(folder, compiler, flatc)
        return measure(ours, theirs, importlib.import_module("bench.Foo").Foo)


def measure(ours, theirs, foo):
    octets = build(ours)
    ours.FooBarContainer.verify(octets)
    assert traverse_ours(ours, octets) == traverse_theirs(theirs, foo, octets)
    mine, other = ours.FooBarContainer.as_root(octets), theirs.GetRootAs(octets, 0)
    entry, their_entry = mine.list[1], other.List(1)
    bar, their_bar = entry.sibling, their_entry.Sibling()
    print(f"{len(octets)} octets, {sys.implementation.name} {sys.version.split()[0]}, best of {ROUNDS} rounds\n{'':24} {'zerowire':>12} {'official':>12}   part")
    parts = [
        compare("bool", lambda: mine.initialized, lambda: other.Initialized(), CALLS),
        compare("enum", lambda: mine.fruit, lambda: other.Fruit(), CALLS),
        compare("ubyte", lambda: entry.postfix, lambda: their_entry.Postfix(), CALLS),
        compare("double", lambda: entry.rating, lambda: their_entry.Rating(), CALLS),
        compare("string", lambda: entry.name, lambda: their_entry.Name().decode(), CALLS),
        compare("struct", lambda: entry.sibling, lambda: their_entry.Sibling(), CALLS),
        compare("int of a struct", lambda: bar.time, lambda: their_bar.Time(), CALLS),
        compare("element of a vector", lambda: mine.list[1], lambda: other.List(1), CALLS),
        compare("whole object", lambda: traverse_ours(ours, octets), lambda: traverse_theirs(theirs, foo, octets), CALLS // 10),
    ]
    return 0 if max(parts) <= PART_MAX else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
