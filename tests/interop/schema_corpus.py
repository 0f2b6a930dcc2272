# SPDX-License-Identifier: Apache-2.0
"""Schemas made by chance from a seed: every construct of the language in combination, and the same broken.

    python3 schema_corpus.py SEED [--broken]        prints one

A valid schema is a list of declarations that refer to each other; types stand before what refers to them, as flatc wants them. A
broken one is a valid one with one edit: a token dropped, doubled, swapped with its neighbour or put in another's place, or one of
BREAKAGES, each of which violates a rule.
"""
import argparse
import random
import re

INTEGERS = {"byte": (-128, 127), "ubyte": (0, 255), "short": (-32768, 32767), "ushort": (0, 65535), "int": (-(2**31), 2**31 - 1),
            "uint": (0, 2**32 - 1), "long": (-(2**63), 2**63 - 1), "ulong": (0, 2**63 - 1), "int8": (-128, 127), "uint8": (0, 255),
            "int16": (-32768, 32767), "uint16": (0, 65535), "int32": (-(2**31), 2**31 - 1), "uint32": (0, 2**32 - 1),
            "int64": (-(2**63), 2**63 - 1), "uint64": (0, 2**63 - 1)}
FLOATS = ["float", "double", "float32", "float64"]
HASHABLE = {"short": 16, "ushort": 16, "int": 32, "uint": 32, "long": 64, "ulong": 64}
WORDS = ["a", "b", "id", "name", "table_", "struct", "union", "x1", "value", "int_", "root", "key", "type_", "enum", "list", "when", "_z", "Camel"]


class Schema:
    """What has been declared so far, and the text."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.count = 0
        self.enums, self.structs, self.tables, self.unions = [], [], [], []
        self.space = ""
        self.parts = []

    def chance(self, one_in):
        return self.r.randrange(one_in) == 0

    def fresh(self, prefix):
        self.count += 1
        return f"{prefix}{self.count}"

    def ref(self, full):
        """A name that reaches a declaration from the namespace: short where it is the same, else in full."""
        space, _, last = full.rpartition(".")
        return last if space == self.space else full

    def full(self, name):
        return f"{self.space}.{name}" if self.space else name

    # ---- pieces ----

    def docs(self, indent=""):
        return "".join(f"{indent}///{self.r.choice([' ', '', '  '])}line {i} \u00e9 \"q\"\n" for i in range(self.r.randrange(1, 3))) if self.chance(6) else ""

    def attributes(self, own):
        """Of the schema's own attributes now and then one."""
        if self.chance(8):
            own = own + [self.r.choice(["mine", 'mine: "text"', "mine: 5", 'other: "a\\nb"', "other"])]
        self.r.shuffle(own)
        return f" ({', '.join(own)})" if own else ""

    def number(self, word):
        low, high = INTEGERS[word]
        n = self.r.choice([0, 1, low, high, self.r.randint(low, high), self.r.randint(max(low, -100), min(high, 100))])
        if n >= 0 and self.chance(5):
            return hex(n)
        return f'"{n}"' if self.chance(10) else str(n)

    def real(self):
        r = self.r
        return r.choice([lambda: f"{r.uniform(-1e3, 1e3):.4f}", lambda: f"{r.uniform(-1, 1):e}", lambda: str(r.randint(-99, 99)),
                         lambda: r.choice(["nan", "inf", "-inf", "infinity", "+1.5", "-.5", "5.", "1e10"]),
                         lambda: r.choice(["0x1p3", "0x1.8p-2", "-0xA.8p1"]),
                         lambda: f"{r.choice(['rad', 'deg', 'sin', 'cos', 'tan', 'atan'])}({r.uniform(-3, 3):.3f})",
                         lambda: "acos(sin(rad(30)))"])()

    def enum_default(self, enum):
        name, values, flags = enum
        if flags and self.chance(3):
            return '"' + " ".join(self.r.sample(values, min(len(values), 2))) + '"'
        return self.r.choice(values)

    # ---- declarations ----

    def enum(self):
        name, word = self.fresh("Enum"), self.r.choice(list(INTEGERS))
        flags = self.chance(3) and word.startswith("u")
        low, high = INTEGERS[word]
        bits = {"8": 8, "6": 16, "2": 32, "4": 64}.get(word[-1], {"ubyte": 8, "ushort": 16, "uint": 32, "ulong": 64}.get(word, 8))
        count = self.r.randrange(1, min(6, bits))
        pool = list(range(min(bits, 60))) if flags else list(range(max(low, -60), min(high, 60)))
        values = sorted(self.r.sample(pool, count)) if self.chance(2) else self.r.sample(pool, count)
        names = [self.fresh("V") for _ in range(count)]
        explicit = self.chance(2)
        lines = [f"{self.docs('  ')}  {n}{f' = {v}' if explicit else ''}{self.attributes([])}" for n, v in zip(names, values)]
        self.parts.append(f"{self.docs()}enum {name}: {word}{self.attributes(['bit_flags'] if flags else [])} {{\n" + ",\n".join(lines)
                          + (",\n" if self.chance(3) else "\n") + "}\n")
        zero = flags or not explicit or 0 in values
        self.enums.append((self.full(name), names, flags, zero, word))

    def member_type(self):
        kind = self.r.randrange(8)
        if kind == 0 and self.structs:
            return self.ref(self.r.choice(self.structs))
        fit = [e for e in self.enums if e[3]]
        if kind == 1 and fit:
            return self.ref(self.r.choice(fit)[0])
        return self.r.choice(list(INTEGERS) + FLOATS + ["bool"])

    def struct(self):
        name, key = self.fresh("Struct"), self.chance(3)
        lines = []
        for i in range(self.r.randrange(1, 5)):
            kind = self.member_type()
            if self.chance(4):
                kind = f"[{kind}:{self.r.randrange(1, 5)}]"
            own = ["key"] if key and i == 0 else []
            lines.append(f"{self.docs('  ')}  {self.fresh('m')}: {kind}{self.attributes(own)};\n")
        own = [f"force_align: {self.r.choice([16, 32])}"] if self.chance(4) else []
        self.parts.append(f"{self.docs()}struct {name}{self.attributes(own)} {{\n{''.join(lines)}}}\n")
        self.structs.append(self.full(name))

    def union(self):
        name = self.fresh("Union")
        members = [(self.ref(t), t) for t in self.r.sample(self.tables + self.structs, min(len(self.tables + self.structs), self.r.randrange(1, 4)))]
        base = self.r.choice([": ushort", ": int", ": ubyte"]) if self.chance(4) else ""
        lines, value = [], 0
        for ref, _ in members:
            alias = f"{self.fresh('M')}: {ref}" if self.chance(2) else ref
            value += self.r.randrange(1, 9)
            lines.append(alias + (f" = {value}" if base or self.chance(1) else ""))
        if self.chance(3):
            lines.append(f"{self.fresh('Text')}: string")
        self.parts.append(f"{self.docs()}union {name}{base} {{ {', '.join(lines)} }}\n")
        self.unions.append(self.full(name))

    def field(self, state):
        r, own = self.r, []
        kind = r.randrange(14)
        if kind < 4:
            word = r.choice(list(INTEGERS))
            text = word + (f" = {self.number(word)}" if self.chance(2) else " = null" if self.chance(4) else "")
            if word in HASHABLE and self.chance(5) and "null" not in text:
                own.append(f'hash: "{r.choice(["fnv1", "fnv1a"])}_{HASHABLE[word]}"')
                if self.chance(3):
                    own.append('cpp_type: "T"')
            elif "null" not in text and not state["key"] and self.chance(8):
                own.append("key")
                state["key"] = True
        elif kind == 4:
            text = r.choice(FLOATS) + (f" = {self.real()}" if self.chance(2) else " = null" if self.chance(4) else "")
        elif kind == 5:
            text = "bool" + r.choice(["", " = true", " = false", " = 1", " = null"])
        elif kind == 6 and self.enums:
            enum = r.choice(self.enums)
            text = self.ref(enum[0])
            if not enum[3] or self.chance(2):
                text += f" = {self.enum_default(enum[:3])}"
        elif kind == 7:
            text = "string" + (' = "some \\"text\\""' if self.chance(4) else "")
            own += r.choice([[], [], ["shared"], ["offset64"], ["required"] if "=" not in text else [], ['cpp_str_type: "S"']])
        elif kind == 8:
            text = r.choice(["[ubyte]", "[byte]", "[int]", "[double]", "[bool]", "[uint8]"])
            own += r.choice([[], [], ["vector64"], ["offset64"], ["force_align: 16"], ["required"]])
            if text == "[ubyte]" and not own:
                own += r.choice([[], ["flexbuffer"], [f'nested_flatbuffer: "{self.ref(r.choice(self.tables))}"'] if self.tables else []])
            if not own and self.chance(4):
                text += " = []"
        elif kind == 9 and self.structs:
            struct = self.ref(r.choice(self.structs))
            text = r.choice([struct, f"[{struct}]"])
            own += r.choice([[], ["required"], ["native_inline"], ["vector64"] if text[0] == "[" else []])
        elif kind == 10 and self.tables:
            table = self.ref(r.choice(self.tables))
            text = r.choice([table, f"[{table}]"])
            own += r.choice([[], [], ["required"]])
        elif kind == 11 and self.unions:
            union = self.ref(r.choice(self.unions))
            text = r.choice([union, union, f"[{union}]"])
            own += r.choice([[], [], ["required"]])
            state["slots"].append(2)
            return text, own, 2
        elif kind == 12 and self.enums:
            text = f"[{self.ref(r.choice(self.enums)[0])}]"
        else:
            text = "[string]"
        if "key" not in own and "required" not in own and self.chance(10):
            own.append("deprecated")
        state["slots"].append(1)
        return text, own, 1

    def table(self):
        name, state = self.fresh("Table"), {"key": False, "slots": []}
        used, fields = set(), []
        for _ in range(self.r.randrange(0, 9)):
            text, own, slots = self.field(state)
            word = self.r.choice(WORDS) if self.chance(2) else self.fresh("f_")
            word = self.fresh("f_") if word in used or f"{word}_type" in used else word
            used.add(word)
            fields.append([word, text, own, slots])
        if fields and self.chance(3):
            order, at = list(range(len(fields))), 0
            self.r.shuffle(order)
            for i in order:
                at += fields[i][3]
                fields[i][2].append(f"id: {at - 1}")
        lines = [f"{self.docs('  ')}  {w}: {t}{self.attributes(o)};\n" for w, t, o, _ in fields]
        own = self.r.choice([[], [], [], ["original_order"], ["private"], ["csharp_partial"], ['native_type: "N"']])
        self.parts.append(f"{self.docs()}table {name}{self.attributes(own)} {{\n{''.join(lines)}}}\n")
        self.tables.append(self.full(name))

    def service(self):
        name = self.fresh("Service")
        lines = []
        for _ in range(self.r.randrange(1, 4)):
            own = self.r.choice([[], [], ['streaming: "server"'], ['streaming: "bidi"'], ["idempotent"]])
            request, response = (self.ref(self.r.choice(self.tables)) for _ in range(2))
            lines.append(f"{self.docs('  ')}  {self.fresh('call')}({request}): {response}{self.attributes(own)};\n")
        self.parts.append(f"{self.docs()}rpc_service {name} {{\n{''.join(lines)}}}\n")

    def text(self):
        if self.chance(4):
            self.parts.append('native_include "native.h";\n')
        self.parts.append('attribute "mine";\nattribute other;\n')
        for _ in range(self.r.randrange(3, 14)):
            if self.chance(5):
                self.space = self.r.choice(["", "one", "two.three", "one.inner"])
                self.parts.append(f"namespace {self.space};\n" if self.space else "namespace;\n")
            makers = [self.enum, self.struct, self.table, self.table, self.table]
            if self.tables:
                makers += [self.union, self.service]
            self.r.choice(makers)()
        if self.tables and self.chance(2):
            self.parts.append(f"root_type {self.ref(self.r.choice(self.tables))};\n")
        if self.chance(3):
            self.parts.append('file_identifier "ABCD";\nfile_extension "ext";\n')
        return "".join(self.parts)


def valid(seed):
    return Schema(seed).text()


# What to look for in a valid schema, and what to put in its place.
BREAKAGES = [
    (r": int;", ": int = 99999999999;"), (r": int;", ": int = 1.5;"), (r": int;", ": unknown.Type;"), (r": int;", ": int (required);"),
    (r": string", ": [[string]]"), (r": string;", ": string = 5;"), (r"table (\w+)", r"table \1 {} table \1"), (r"enum (\w+): \w+", r"enum \1"),
    (r"enum (\w+): \w+", r"enum \1: float"), (r"enum (\w+): \w+", r"enum \1: bool"), (r"struct (\w+)[^{]*\{", r"struct \1 { s: string;"),
    (r"struct (\w+)[^{]*\{[^}]*\}", r"struct \1 { }"), (r"struct (\w+)[^{]*\{", r"struct \1 { self: \1;"), (r"force_align: \d+", "force_align: 3"),
    (r"force_align: \d+", "force_align: 1024"), (r"id: (\d+)", "id: 77"), (r", id: \d+|id: \d+, ", ""), (r"id: (\d+)", "id: -1"), (r"key", "key, undeclared"),
    (r"file_identifier \"ABCD\"", 'file_identifier "ABC"'), (r"root_type (\S+);", "root_type Nothing;"), (r"hash: \"\w+\"", 'hash: "md5"'),
    (r"hash: \"(\w+)_\d+\"", r'hash: "\1_8"'), (r"nested_flatbuffer: \"\S+\"", 'nested_flatbuffer: "Nothing"'), (r"nested_flatbuffer: \"\S+\"", "nested_flatbuffer"),
    (r": \[int\]", ": [int:3]"), (r": bool;", ": bool = maybe;"), (r"(V\d+)(.*\n)", r"\1, \1\2"), (r"union (\w+)[^{]*\{", r"union \1 { Nothing,"),
    (r"union (\w+)[^{]*\{", r"union \1: float {"), (r"union (\w+)[^{]*\{", r"union \1 { T: int,"), (r"\(streaming: \"server\"\)", '(streaming: "sideways")'),
    (r"call(\d+)\((\S+)\)", r"call\1(int)"), (r"rpc_service (\w+) \{[^}]*\}", r"rpc_service \1 { }"), (r"\}", ""), (r";", ""), (r"$", "}"), (r"$", "table"),
    (r"$", "table T { a: int"), (r"$", "enum E: ubyte { A = 300 }"), (r"$", "enum E: ubyte { A = 1, B = 1 }"), (r"$", "enum E: ubyte (bit_flags) { A = 8 }"),
    (r"$", "table T { a: int (key); b: int (key); }"), (r"$", "struct S { a: int (deprecated); }"), (r"$", "struct S { a: int = 5; }"),
    (r"$", "table T { a: string (hash: \"fnv1_32\"); }"), (r"$", "table T { a: int (shared); }"), (r"$", "table T { a: [string] (vector64); }"),
    (r"$", "table T { a: [byte] (flexbuffer); }"), (r"$", "table T { a: int (native_custom_alloc); }"), (r"$", "table T { a: int (cpp_type: \"x\"); }"),
    (r"$", "table T { a: int = rad(1); }"), (r"$", "table T { a: float = foo(1); }"), (r"$", "table T { a: [ubyte] = [1]; }"), (r"$", "include \"x.fbs\";"),
    (r"$", "union U: ubyte { A1 = 300 }"), (r"$", "table T { a: int = null (key); }"), (r"$", "attribute 5;"), (r"$", "namespace 5;"), (r"$", "/* open"),
    (r"$", "table T { a: string = \"open; }"), (r"$", "table T { a_type: int; a: U; } union U { T }"), (r"$", "{ }"), (r"^", "include \"nothing.fbs\";\n"),
    (r"$", "table T { a: [Nope]; }"), (r"$", "table T { a: string (nested_flatbuffer: \"T\"); }"), (r"$", "table T { a: double = 0x10; }"),
    (r"$", "struct S { a: [int:0]; }"), (r"$", "struct S { a: [int:70000]; }"), (r"$", "struct S { a: [string:2]; }"), (r"$", "struct S (force_align: 1) { a: int; }"),
]
TOKEN = re.compile(r"///[^\n]*\n|\"(?:[^\"\\\n]|\\.)*\"|[\w.]+|\s+|.", re.S)


def broken(seed):
    r, text = random.Random(seed * 7919 + 1), valid(seed)
    if r.randrange(3):
        for _ in range(20):
            pattern, put = r.choice(BREAKAGES)
            found = list(re.finditer(pattern, text))
            if found:
                at = r.choice(found)
                return text[:at.start()] + at.expand(put) + text[at.end():]
    tokens = TOKEN.findall(text)
    real = [i for i, token in enumerate(tokens) if not token.isspace() and not token.startswith("///")]
    i, j = r.choice(real), r.choice(real)
    kind = r.randrange(4)
    if kind == 0:
        tokens[i] = ""
    elif kind == 1:
        tokens[i] += " " + tokens[i]
    elif kind == 2:
        tokens[i], tokens[j] = tokens[j], tokens[i]
    else:
        tokens[i] = tokens[j]
    return "".join(tokens)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("seed", type=int)
    arguments.add_argument("--broken", action="store_true")
    given = arguments.parse_args()
    print((broken if given.broken else valid)(given.seed), end="")
