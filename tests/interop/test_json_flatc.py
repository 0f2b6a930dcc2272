# SPDX-License-Identifier: Apache-2.0
"""JSON against flatc 25.12.19 (inside the zlmdb wheel), over a generated corpus: what both build says the same, what both print
is the same text octet for octet, in every mode; and the verdicts on texts that are good and bad. Ours is a filter of the build,
flatbuf_transcode."""
import json
import os
import pathlib
import random
import subprocess

import pytest
import zlmdb

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ZEROWIRE_BUILD", "build/dev"))
FLATC = pathlib.Path(zlmdb.__file__).parent / "_flatc" / "bin" / "flatc"
SCHEMA = ROOT / "tests" / "data" / "json" / "corpus.fbs"
TYPE = "com.example.corpus.T"
STRICT, DEFAULTS, NATURAL, ANY, UNKNOWN = 1, 2, 4, 8, 16
OPTIONS = {STRICT: "--strict-json", DEFAULTS: "--defaults-json", NATURAL: "--natural-utf8", ANY: "--allow-non-utf8", UNKNOWN: "--unknown-json"}
MODES = [0, STRICT, DEFAULTS, STRICT | DEFAULTS, NATURAL, ANY, STRICT | DEFAULTS | NATURAL | ANY]


def words(flags):
    return [word for bit, word in OPTIONS.items() if flags & bit]


def flatc(*arguments, folder=None):
    return subprocess.run([str(FLATC), *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False, cwd=folder)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schema")
    run = flatc("-b", "--schema", "--bfbs-builtins", "-o", folder, SCHEMA)
    assert run.returncode == 0, run.stdout + run.stderr
    return folder / "corpus.bfbs"


def transcode(compiled, kind, lines, flags, type_name=TYPE):
    """Each octet string through our filter; None where it is refused."""
    run = subprocess.run([BUILD / "tests" / "flatbuf_transcode", compiled, type_name, kind, str(flags)], capture_output=True, text=True,
                         input="".join(line.hex() + "\n" for line in lines), check=True, timeout=120)
    answers = run.stdout.splitlines()
    assert len(answers) == len(lines)
    return [None if answer.startswith("!") else bytes.fromhex(answer) for answer in answers], answers


def flatc_many(folder, inputs, options, suffix, out):
    """One run of flatc over files; it stops at the first that it refuses."""
    names = []
    for i, data in enumerate(inputs):
        name = folder / f"v{i}.{suffix}"
        name.write_bytes(data)
        names.append(name)
    split = ["--"] if suffix == "bin" else []
    run = flatc(*options, "-o", folder, SCHEMA, *split, *names)
    assert run.returncode == 0, run.stdout + run.stderr
    return [(folder / f"v{i}.{out}").read_bytes() for i in range(len(inputs))]


# ---- values ----

class Values:
    """Values of the corpus' types, as texts that flatc reads."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.plain = 0

    def passed_over(self, make):
        """A value that flatc passes over at first: a nested buffer, a union before its type. There it knows no words and functions."""
        self.plain += 1
        value = make()
        self.plain -= 1
        return value

    def word(self, *choices):
        value = self.r.choice(choices)
        is_word = value[0].isalpha() and value not in ("true", "false", "inf")
        return f'"{value}"' if is_word and self.plain else value

    def integer(self, low, high):
        r = self.r
        return str(r.choice([low, high, 0, 1, r.randint(low, high), r.randint(max(low, -9), 9)]))

    def real(self):
        r = self.r
        known = [] if self.plain else ["nan", "rad(180)", "sin( rad(30) )"]
        return r.choice([*known, "0", "-0.0", "1.5", "0.1", "1e-7", "123456.7890625", "inf", "-inf", "1e20", "3.0e38", "0.0000005", "-1e-30", "0x1.8p3", "+.5", "7.", repr(r.uniform(-1e6, 1e6)), repr(r.uniform(-1, 1)), repr(r.randint(-10**9, 10**9) / 1024)])

    def double(self):
        r = self.r
        return r.choice([self.real(), "1e300", "5e-324", "1.7976931348623157e308", repr(r.uniform(-1e15, 1e15)), repr(2.0 ** r.randint(-1000, 1000))])

    def string(self):
        r = self.r
        parts = ["a", "Z", " ", "é", "日本", "😀", "\\n", "\\t", "\\\"", "\\\\", "\\/", "\\u0001", "\\u007f", "\\u00E9", "\\ud83d\\ude00", "\\x41", "'", "<", "/* */", "xyz"]
        return '"' + "".join(r.choice(parts) for _ in range(r.choice([0, 1, 3, 12]))) + '"'

    def boolean(self):
        return self.r.choice(["true", "false", "1", "0", '"true"', '"0"'])

    def color(self):
        return self.word("Red", '"Blue"', "Zero", "2", "77", '"8"')

    def bits(self):
        return self.word("A", '"A B"', '"A B C"', "0", "3", "512", "4", '"C"')

    def big(self):
        return self.word("Low", '"High"', "None", "-5", "123456789012")

    def huge(self):
        return self.word("Nothing", "Most", "5", "18446744073709551614")

    def point(self):
        return self.r.choice(["{{x: {0}, y: {1}}}", "[{0}, {1}]", "{{\"y\": {1}, 'x': {0}}}"]).format(self.real(), self.double())

    def q(self):
        return (f"{{p: {self.point()}, c: {self.color()}, n: [{self.integer(-32768, 32767)}, 0x10, -0x1], ps: [{self.point()}, {self.point()}], "
                f"e: [{self.color()}, {self.color()}], b: {self.boolean()}}}")

    def item(self):
        return f"{{name: \"{self.r.randint(0, 10**9)}\", n: {self.integer(-2**31, 2**31 - 1)}}}"

    def must(self):
        return f"{{s: {self.string()}, v: [1, 2, 3], n: 5}}"

    def leaf(self):
        return self.r.choice([f"{{n: 3, s: {self.string()}}}", "{}", f"[4, {self.string()}]"])

    def member(self, depth):
        name = self.r.choice(["Leaf", "It", "P", "S", "T"] if depth else ["Leaf", "P", "S"])
        value = {"Leaf": self.leaf, "It": self.item, "P": self.point, "S": self.string, "T": lambda: self.table(depth - 1)}[name]()
        return name, value

    def union(self, depth):
        if self.r.random() < 0.6:
            name, value = self.member(depth)
            return f"u_type: {self.word(name)}, u: {value}"
        name, value = self.passed_over(lambda: self.member(depth))
        return f"u: {value}, u_type: {self.word(name)}"

    def unions(self, depth):
        members = [self.member(depth) for _ in range(self.r.randint(0, 3))]
        return f"us_type: [{', '.join(self.word(m[0]) for m in members)}], us: [{', '.join(m[1] for m in members)}]"

    def list(self, element):
        r = self.r
        end = r.choice(["", ", ", " /* end */ "])
        elements = [element() for _ in range(r.choice([0, 1, 2, 5]))]
        return "[" + ", ".join(elements) + (end if elements else "") + "]"

    def fields(self, depth):
        def number(low, high):
            return lambda: self.integer(low, high)
        def ints(bits, signed):
            return number(-2**(bits - 1), 2**(bits - 1) - 1) if signed else number(0, 2**bits - 1)
        def lists(element):
            return lambda: self.list(element)
        keyed = [0]
        def kid():
            keyed[0] += 1
            return f"{{id: {self.r.randint(0, 10**6) * 1000 + keyed[0]}}}"
        def k():
            keyed[0] += 1
            return f"{{id: {self.r.randint(0, 10**6) * 1000 + keyed[0]}, v: -3}}"
        fields = {"b": self.boolean, "i8": ints(8, True), "u8": ints(8, False), "i16": ints(16, True), "u16": ints(16, False), "i32": ints(32, True),
                  "u32": ints(32, False), "i64": ints(64, True), "u64": ints(64, False), "f": self.real, "d": self.double, "g": self.double,
                  "bt": self.boolean, "ob": lambda: self.r.choice(["null", "false", "true"]), "oi": lambda: self.r.choice(["null", "0", "-3"]),
                  "of": self.real, "od": self.double, "oc": self.color, "ou": ints(64, False), "c": self.color, "big": self.big, "huge": self.huge,
                  "bits": self.bits, "s": self.string, "sd": self.string, "p": self.point, "q": self.q, "m": self.must,
                  "vb": lists(self.boolean), "vi8": lists(ints(8, True)), "vu8": lists(ints(8, False)), "vi": lists(ints(32, True)),
                  "vu64": lists(ints(64, False)), "vf": lists(self.real), "vd": lists(self.double), "vs": lists(self.string), "vc": lists(self.color),
                  "vbits": lists(self.bits), "vbig": lists(self.big), "vp": lists(self.point), "vq": lists(self.q), "vk": lists(k),
                  "vitem": lists(self.item), "vkid": lists(kid)}
        if depth:
            fields |= {"t": lambda: self.table(depth - 1), "vt": lists(lambda: self.table(depth - 1)), "nest": lambda: self.passed_over(lambda: self.table(depth - 1))}
        return fields

    def table(self, depth=2):
        r = self.r
        makers = self.fields(depth)
        names = r.sample(sorted(makers), r.choice([0, 1, 4, 10]) if depth < 2 else r.choice([3, 12, len(makers)]))
        pairs = [f"{r.choice([name, json.dumps(name)])}: {makers[name]()}" for name in names]
        if r.random() < 0.4:
            pairs.append(self.union(depth))
        if r.random() < 0.3:
            pairs.append(self.unions(depth))
        if r.random() < 0.1:
            pairs.append("s: null" if "s" not in names else "t: null" if "t" not in names else "i32: 3" if "i32" not in names else "$x: 1")
            if pairs[-1] == "$x: 1":
                pairs.pop()
        return "{" + r.choice([" ", "\n  // note\n  "]) + ", ".join(pairs) + (r.choice(["", ","]) if pairs else "") + "}"


CORPUS = [Values(seed).table().encode() for seed in range(240)]


@pytest.fixture(scope="module")
def buffers(compiled, tmp_path_factory):
    """The corpus as flatc builds it, and as we do."""
    theirs = flatc_many(tmp_path_factory.mktemp("theirs"), CORPUS, ["-b"], "json", "bin")
    ours, answers = transcode(compiled, "binary", CORPUS, 0)
    refused = [(text, answer) for text, mine, answer in zip(CORPUS, ours, answers) if mine is None]
    assert not refused, refused[0]
    return theirs, ours


@pytest.mark.parametrize("flags", MODES)
def test_text_is_that_of_flatc(compiled, buffers, tmp_path, flags):
    for built in buffers:
        expected = flatc_many(tmp_path, built, ["--json", *words(flags)], "bin", "json")
        printed, answers = transcode(compiled, "json", built, flags)
        for want, got, answer in zip(expected, printed, answers):
            assert got is not None, answer
            assert got.decode() == want.decode()


def test_both_build_the_same(compiled, buffers):
    theirs, ours = buffers
    assert transcode(compiled, "json", theirs, DEFAULTS)[0] == transcode(compiled, "json", ours, DEFAULTS)[0]


def test_what_flatc_prints_is_read_back(compiled, buffers):
    _, ours = buffers
    texts, _ = transcode(compiled, "json", ours, 0)
    again, answers = transcode(compiled, "binary", texts, 0)
    assert None not in again, [answer for answer in answers if answer.startswith("!")][0]
    # The text has 6 and 12 digits of a float, so that only the second print is the same.
    once, _ = transcode(compiled, "json", again, 0)
    twice, _ = transcode(compiled, "json", transcode(compiled, "binary", once, 0)[0], 0)
    assert once == twice


# ---- verdicts ----

# Texts that both take, or both refuse; the options of flatc are in the first column.
SAME = [(0, text) for text in [
    "{}", "{ }", "{,}", "{i32: 1,}", "{i32: 1,,}", "[]", "1", "", " ", "{", "}", "{}{}", "{} x", "{i32}", "{i32:}", "{i32 1}", "{'i32': 1}", "{i32: 1 s: \"x\"}",
    "{i32: 01}", "{i32: -007}", "{i32: +5}", "{i32: 0x1F}", "{i32: -0x1F}", "{i32: 0x}", "{i32: 1.}", "{i32: 1e2}", "{i32: 2.0}", "{i32: .5}", "{i32: -}",
    "{i32: 2147483647}", "{i32: 2147483648}", "{i32: -2147483649}", "{u32: -1}", "{u32: -0}", "{u8: 256}", "{u64: 18446744073709551615}", "{u64: 18446744073709551616}",
    "{i64: 9223372036854775808}", "{i32: \"12\"}", "{i32: \" 12 \"}", "{i32: \"\"}", "{i32: \"1x\"}", "{i32: \"0x10\"}", "{i32: '7'}", "{i32: true}", "{i32: null}", "{i32: nan}",
    "{i32: x}", "{i32: \"x\"}", "{i32: \"Color.Pink\"}", "{i32: \"Shade.Red\"}", "{i32: rad(1)}", "{i32: [1]}", "{i32: {}}",
    "{b: 2x}", "{b: true}", "{b: \"false\"}", "{b: yes}", "{b: null}", "{ob: null}", "{oi: null}", "{oc: null}",
    "{f: 0x1p3}", "{f: 0x1.8p-1}", "{f: 0x10}", "{f: \"0x10\"}", "{f: 0x1.8}", "{f: 5.}", "{f: .5}", "{f: .}", "{f: 1.e5}", "{f: 1e}", "{f: 1e5.0}", "{f: +inf}", "{f: -infinity}",
    "{f: \"nan\"}", "{f: \"inf\"}", "{f: NaN}", "{f: -nan}", "{f: \"1.5 \"}", "{f: true}", "{f: null}", "{f: sin(1)}", "{f: sin (1)}", "{f: foo(1)}", "{f: sin(rad(90))}", "{f: sin(x)}",
    "{f: sin(1}", "{f: sin()}", "{f: -sin(1)}", "{f: 1_0}", "{f: atan( -1 )}", "{d: acos(2)}", "{f: \"sin(1)\"}",
    "{c: Red}", "{c: \"Red\"}", "{c: Pink}", "{c: 8}", "{c: \"8\"}", "{c: 300}", "{c: -1}", "{c: \"\"}", "{c: \" Red\"}", "{c: null}", "{bits: \"A B\"}", "{bits: \"A  B\"}", "{bits: \"A \"}", "{bits: \"A X\"}",
    "{bits: A}", "{huge: Most}", "{big: Low}", "{big: High}",
    "{s: x}", "{s: 1}", "{s: null}", "{s: 'x'}", "{s: \"\\x41\\xC3\\xA9\"}", "{s: \"\\xFF\"}", "{s: \"\\u12\"}", "{s: \"\\ud800\"}", "{s: \"\\udc00\"}", "{s: \"\\q\"}", "{s: \"a\nb\"}", "{s: \"a\tb\"}", "{s: \"\x7f\"}",
    "{s: \"x}", "{s: \"\\'\"}", "{s: []}", "{s: true}",
    "{p: {x: 1}}", "{p: {x: 1, y: 2}}", "{p: {x: 1, y: 2, z: 3}}", "{p: [1, 2]}", "{p: [1]}", "{p: [1, 2, 3]}", "{p: {}}", "{p: null}", "{p: {x: 1, y: null}}", "{p: {x: 1, x: 2, y: 1}}",
    "{q: {p: [1,2], c: Red, n: [1,2], ps: [[1,2],[3,4]], e: [1,2], b: true}}", "{q: {p: [1,2], c: Red, n: [1,2,3], ps: [[1,2],[3,4]], e: [1,2], b: true}}", "{q: [[1,2],Red,[1,2,3],[[1,2],[3,4]],[1,Blue],true]}",
    "{m: {}}", "{m: {s: \"\"}}", "{m: {s: \"\", v: []}}", "{m: {s: null, v: []}}", "{m: [\"x\", [1], 2]}", "{m: [\"x\", [1]]}", "{m: null}",
    "{t: {t: {i32: 1}}}", "{t: 1}", "{t: []}", "{nest: {i32: 1}}", "{nest: {}}", "{nest: \"x\"}", "{nest: {nope: 1}}", "{nest: null}",
    "{u_type: Leaf, u: {n: 1}}", "{u: {n: 1}, u_type: Leaf}", "{u: {n: 1}}", "{u_type: Nope, u: {}}", "{u_type: NONE}", "{u_type: 1, u: {n: 1}}", "{u_type: 9, u: {}}", "{u_type: S, u: \"x\"}", "{u_type: S, u: {}}",
    "{u_type: P, u: {x: 1, y: 2}}", "{u_type: P, u: [1, 2]}", "{u_type: Leaf, u: [1, \"x\"]}", "{u_type: NONE, u: {}}", "{us_type: [Leaf, S], us: [{}, \"x\"]}", "{us_type: [Leaf], us: [{}, {}]}", "{us: [{}]}", "{us_type: [NONE], us: [{}]}",
    "{vi: [1, 2,]}", "{vi: [,]}", "{vi: [1 2]}", "{vi: [null]}", "{vi: null}", "{vi: 1}", "{vi: {}}", "{vs: [null]}", "{vs: [\"x\", 1]}", "{vc: [Red, Pink]}", "{vb: [true, 0, \"1\"]}", "{vt: [{}, null]}", "{vt: [[]]}",
    "{vk: [{id: 2, v: 1}, {id: 1, v: 1}]}", "{vitem: [{name: \"b\"}, {name: \"a\"}]}", "{vi: [1}", "{i32: 1]",
    "{nope: 1}", "{nope: {a: [1, {}]}, i32: 1}", "{i32: 1, i32: 2}", "{\"$schema\": \"x\", i32: 1}", "{\"$schema\": 1}", "{$schema: \"x\"}", "{gone: 1}", "{\"i3\\u0032\": 1}",
    "// c\n{}", "/* c */ {}", "{} // c", "{} /* c", "{/**/}", "/// doc\n{}", "\ufeff{}", "{\u00a0}", "{i32: 1; }", "{i32 = 1}", "{i32: /*x*/ 1}", "{\f}", "{i32: #1}",
]] + [(STRICT, text) for text in ["{\"i32\": 1}", "{i32: 1}", "{'i32': 1}", "{\"i32\": 1,}", "{\"vi\": [1,]}", "{}", "{\"vi\": []}", "{\"c\": Red}", "{\"f\": .5}", "// c\n{}"]] + [
    (UNKNOWN, text) for text in ["{nope: 1}", "{nope: {a: [1, {}], \"b\": null}, i32: 1}", "{nope: inf}", "{nope: }", "{p: {x: 1, y: 2, z: 3}}"]] + [
    (ANY, "{s: \"\\xFF\"}")]

# Texts that one takes and the other refuses, on purpose: docs/flatc-differences.md has the reasons. True: we take it.
DIFFERENT = [
    (True, "{u: {n: 1}, i32: 1, u_type: Leaf}"), (True, "{us: [{}], us_type: [Leaf]}"), (True, "{c: \"Color.Red\"}"), (True, "{c: Color.Red}"), (True, "{nest: [8, 0, 0, 0, 4, 0, 4, 0, 4, 0, 0, 0]}"),
    (True, "{i32: \"Color.Red\"}"), (True, "{i32: \"com.example.corpus.Color.Red Color.Green\"}"), (True, "{nest: {c: Red, f: nan}}"),
    (True, "{} /// x"),
    (False, "{c: \"Red Blue\"}"), (False, "{b: 2}"), (False, "{f: 1e39}"), (False, "{d: 1e400}"), (False, "{u_type: Leaf}"), (False, "{us_type: [Leaf, Leaf], us: [{}]}"),
    (False, "{s: null, s: \"x\"}"), (False, "table X {} {}"),
]


def flatc_takes(folder, flags, text):
    path = folder / "verdict.json"
    path.write_bytes(text.encode())
    return flatc("-b", *words(flags), "-o", folder, SCHEMA, path).returncode == 0


def verdicts(compiled, flags, texts):
    return [answer is not None for answer in transcode(compiled, "binary", [text.encode() for text in texts], flags)[0]]


@pytest.mark.parametrize("flags", sorted({flags for flags, _ in SAME}))
def test_verdicts_are_those_of_flatc(compiled, tmp_path, flags):
    texts = [text for f, text in SAME if f == flags]
    mine = verdicts(compiled, flags, texts)
    theirs = [flatc_takes(tmp_path, flags, text) for text in texts]
    assert [(text, m, t) for text, m, t in zip(texts, mine, theirs) if m != t] == []
    assert True in mine or flags == ANY


def test_verdicts_that_differ_on_purpose(compiled, tmp_path):
    mine = verdicts(compiled, 0, [text for _, text in DIFFERENT])
    assert [(text, m) for (ours, text), m in zip(DIFFERENT, mine) if m != ours] == []
    assert [text for ours, text in DIFFERENT if flatc_takes(tmp_path, 0, text) == ours] == []


def printed_by_flatc(folder, schema, text, maker):
    """What flatc prints of what flatc, or we, make of the text."""
    (folder / "s.fbs").write_text(schema)
    (folder / "v.json").write_text(text)
    program = [FLATC] if maker == "flatc" else [BUILD / "zerowire", "flatc"]
    assert subprocess.run([*map(str, program), "-b", "-o", str(folder), str(folder / "s.fbs"), str(folder / "v.json")], check=False, timeout=60).returncode == 0
    assert flatc("--json", "--raw-binary", "-o", folder / "out", folder / "s.fbs", "--", folder / "v.bin").returncode == 0
    return (folder / "out" / "v.json").read_text().split()


@pytest.mark.parametrize("schema, text, theirs, ours", [
    ("table T { f: float; d: double; } root_type T;", "{f: -0.0, d: -0}", ["{", "}"], ["{", "f:", "-0.0,", "d:", "-0.0", "}"]),
    ("struct K { a: [byte:2] (key); } table T { v: [K]; } root_type T;", "{v: [[[-90,1]],[[-42,2]],[[-127,3]]]}",
     "{ v: [ { a: [ -42, 2 ] }, { a: [ -127, 3 ] }, { a: [ -90, 1 ] } ] }".split(), "{ v: [ { a: [ -127, 3 ] }, { a: [ -90, 1 ] }, { a: [ -42, 2 ] } ] }".split()),
    ("table K { a: float (key); } table T { v: [K]; } root_type T;", "{v: [{a:3},{a:nan},{a:-1}]}",
     "{ v: [ { a: nan }, { a: -1.0 }, { a: 3.0 } ] }".split(), "{ v: [ { a: -1.0 }, { a: 3.0 }, { a: nan } ] }".split()),
    ("table K { a: int = 9 (key); b: int; } table T { v: [K]; } root_type T;", "{v: [{a:3,b:1},{a:3,b:2}]}",
     "{ v: [ { a: 3, b: 2 }, { a: 3, b: 1 } ] }".split(), "{ v: [ { a: 3, b: 1 }, { a: 3, b: 2 } ] }".split()),
    ('table T { h: short (hash: "fnv1_16"); } root_type T;', '{h: "7"}', ["{", "h:", "7", "}"], ["{", "h:", "22564", "}"]),
])
def test_values_that_differ_on_purpose(tmp_path, schema, text, theirs, ours):
    assert printed_by_flatc(tmp_path, schema, text, "flatc") == theirs
    assert printed_by_flatc(tmp_path, schema, text, "ours") == ours


def test_a_compiled_schema_keeps_what_is_deprecated(tmp_path):
    (tmp_path / "s.fbs").write_text("table T { a: int = 1 (deprecated); b: int = 2; } root_type T;")
    (tmp_path / "v.json").write_text("{}")
    assert flatc("-b", "--schema", "-o", tmp_path, tmp_path / "s.fbs").returncode == 0
    assert flatc("-b", "-o", tmp_path, tmp_path / "s.fbs", tmp_path / "v.json").returncode == 0
    texts = []
    for name, program in (("theirs", [FLATC]), ("ours", [BUILD / "zerowire", "flatc"])):
        words = ["-t", "--raw-binary", "--defaults-json", "-o", tmp_path / name, tmp_path / "s.bfbs", "--", tmp_path / "v.bin"]
        assert subprocess.run([str(word) for word in [*program, *words]], check=False, timeout=60).returncode == 0
        texts.append((tmp_path / name / "v.json").read_text().split())
    assert texts == [["{", "a:", "1,", "b:", "2", "}"], ["{", "b:", "2", "}"]]


@pytest.mark.parametrize("depth, taken", [(63, True), (64, False), (1000, False)])
def test_depth_is_that_of_flatc(compiled, tmp_path, depth, taken):
    text = "{t: " * depth + "{}" + "}" * depth
    assert verdicts(compiled, 0, [text]) == [taken]
    assert flatc_takes(tmp_path, 0, text) == taken


# ---- size prefixes ----

def test_size_prefixed(compiled, buffers, tmp_path):
    """flatc reads the prefix that it is told of."""
    sized = []
    for data in buffers[1][:40]:
        length = (len(data) + 4).to_bytes(4, "little")
        prefixed = length + (4 + int.from_bytes(data[:4], "little")).to_bytes(4, "little") + data[4:8] + bytes(4) + data[8:]
        sized.append(prefixed)
    printed, answers = transcode(compiled, "json", sized, 32)
    assert None not in printed, [answer for answer in answers if answer.startswith("!")][0]
    assert printed == flatc_many(tmp_path, sized, ["--json", "--size-prefixed"], "bin", "json")
