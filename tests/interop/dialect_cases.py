# SPDX-License-Identifier: Apache-2.0
"""Families of small schemas, each about one thing in all its forms: literals, values of enums, attributes, octets of a text, structs,
unions, names in namespaces. A family is a list, or made by chance from a seed; the tests take a sample of each."""
import itertools
import random

INTEGERS = "byte ubyte short ushort int uint long ulong".split()
SCALARS = [*INTEGERS, "bool", "float", "double"]
EDGES = [sign * (2**bits) + more for bits in (7, 8, 15, 16, 31, 32, 63, 64) for sign in (1, -1) for more in (-1, 0, 1)]
NUMBERS = [*map(str, EDGES), "0", "-0", "+1", "007", "0x10", "0XfF", "-0x1", "0x1ffffffffffffffff", "0x", "0xg", "'5'", '"-5"', '"+5"', '"0x10"', '"1e3"', '""',
           '" "', "1_000", "1f", "--1", "-+1", "true", "True", '"true"', "null", '"null"', "A", "[]", "{}", "nan"]
REALS = ["1.", ".5", "-.5", "+.5", "1e2", "1E+2", "1e", "1.e5", "1..2", "1.2.3", "1e400", "1e39", "1e-400", "0x1p4", "0x1.8p4", "0x.8p1", "0x1.8", "0x1p99999", '"1.5"',
         "-nan", "inf", "-inf", "+inf", "infinity", "NaN", "Inf", '"nan"', '"-inf"', '"nan(1)"', "rad(180)", "RAD(1)", "rad (180)", "rad( 180 )", "sin(rad(90))",
         "-sin(1)", "sin(-1)", "sin(inf)", "sin(1", "sin(1))", "sin()", "sin(1,2)", "sin(sin)", "sqrt(2)", "cos(0x1)", "cos(0x1p1)", "sin(true)", "asin(2)"]
ATTRIBUTES = ("bit_flags cpp_ptr_type cpp_ptr_type_get cpp_str_flex_ctor cpp_str_type cpp_type csharp_partial deprecated flexbuffer force_align hash id idempotent key "
              "native_custom_alloc native_default native_inline native_type native_type_pack_name nested_flatbuffer offset64 original_order private required shared "
              "streaming vector64 optional mine").split()
VALUES = ["", ": 0", ": 1", ": 16", ': "16"', ': "x"', ": x", ": 1.5", ": -1", ": 0x10", ': "T"', ": null", ': ""', ": 99999999999", ": -2147483649", ": [1]", ": rad(1)",
          ': "\\u00e9"', ": ,", ': "a" "b"', ': "fnv1_32"', ': "fnv1a_16"', ': "fnv1_64"']
FIRST = 'attribute "mine"; struct S { x: int; } table T { x: int; } enum E: ubyte { A } union U { T } '
PLACES = ["table Q (?) { a: int; }", "struct Q (?) { a: int; }", "enum Q: ubyte (?) { B }", "union Q (?) { T }", "rpc_service Q (?) { m(T): T; }", "rpc_service Q { m(T): T (?); }",
          "enum Q: ubyte { B (?) }", "union Q { T (?) }", "struct Q { a: int (?); }",
          *[f"table Q {{ a: {kind} (?); }}" for kind in "int short ulong float bool string [ubyte] [int] [string] [S] [T] [U] [E] S T U E".split()]]
ESCAPES = [r"\n", r"\'", r"\/", r"\x41", r"\x4", r"\xZZ", r"\xC3\xA9", r"\xFF", r"\u0041", r"\u004", r"\u0000", r"\uD83D\uDE00", r"\uD83D", r"\uDE00", r"\uD83Dx",
           r"\uD83D\uD83D", r"\q", r"\0", "\t", "\r", "\x01", "\x1f", "\x7f", "\n", "é", "😀", "\\", "/*", "//", "\x0b", "\x00"]
COMMENTS = ["///", "/// a\\", "////", "/// /* a", "//", "//a\\", "/**/", "/***/", "/*/*/", "/* /* */", "/*\n*/", "//*/", "/// \x0b", "/// é", "/// \x00"]
MEMBERS = ["T", "T,", "T, V", "T V", "T; V", ",", "", "T, T", "A: T, A: V", "A: T, B: T", "T = 1", "T = 0", "T = 2, V = 1", "T = 255, V", "T = 256", "T = -1", "A: T = 7, V", "S",
           "string", "A: string", "string: string", "A: int", "int", "A: [T]", "A: E", "E", "A: Nope", "NONE", "NONE: T", "n.T", "A: n.T", "n.T = 4", "n.T: T", "a.b: T",
           "T = 3 (mine)", "T (mine) = 3", "A: T: T", "U", "A: U", "T = 0x10", 'T = "3"', "T = 1.0", "T = V"]
FIELDS = ["u: U", "u: [U]", "u: U = T", "u: U = NONE", "u: U = 0", "u: U = null", "u: U (required)", "u: U (key)", "u: U (deprecated)", "u: U; u_type: int", "u: U; uType: int",
          "u: [U]; uType: int", "v: [int]; v_length: int", "vLength: int; v: [U]", "v: [int] (vector64); v_length: int", "s: string; s_byte_vector: int",
          "s: string; s_length: int", "u: U (id: 1)", "u: U (id: 0)", "u: U (id: 2); a: int (id: 0)", "u: [U] (id: 3); a: U (id: 1)", "a: int (id: 1); b: int (id: 0)",
          'a: int (id: "0"); b: int (id: 01)', "a: int (id: 0); b: int", "a: int (id: 0); b: int (id: 2)", "a: [[int]]", "a: [int:2]", "a: int = [] (key)"]


def structs(count):
    """Structs of all members in all orders: where the padding goes."""
    r = random.Random(5)
    for _ in range(count):
        text = f"enum E: {r.choice(INTEGERS)} {{ A, B }} "
        for i in range(r.randrange(1, 4)):
            kinds = [*SCALARS, "E", *[f"S{k}" for k in range(i)] * 2]
            members = [r.choice(kinds) if r.randrange(4) else f"[{r.choice(kinds)}:{r.choice([1, 2, 3, 7, 255])}]" for _ in range(r.randrange(1, 7))]
            align = f" (force_align: {r.choice([1, 2, 4, 8, 16, 32, 64])})" if r.randrange(5) == 0 else ""
            text += f"struct S{i}{align} {{ {' '.join(f'm{k}: {kind};' for k, kind in enumerate(members))} }} "
        yield text + "table T { s: S0; v: [S0] (vector64); w: [S0]; }"


def names(count):
    """The same names in several namespaces, used in part and in full, before and behind their declarations."""
    for seed in range(count):
        r = random.Random(seed)
        plan = list({(r.choice(["", "a", "a.b", "a.b.c", "b", "a.a", "b.a"]), r.choice("STU")): r.choice("table struct enum union table table".split()) for _ in range(r.randrange(2, 7))}.items())

        def used():
            (space, name), _ = r.choice(plan)
            parts = f"{space}.{name}".strip(".").split(".")
            return ".".join(parts[r.randrange(len(parts)):])

        text = ""
        for (space, name), kind in plan:
            text += f"namespace {space}; " if space else "namespace; "
            some = range(r.randrange(3))
            text += {"table": lambda: " ".join(f"f{i}: {r.choice(['?', '?', '[?]'])};".replace("?", used()) for i in some), "enum": lambda: "A, B",
                     "struct": lambda: "x: int; " + (f"s: {used()};" if r.randrange(2) else ""), "union": lambda: ", ".join(f"M{i}: {used()}" if r.randrange(2) else used() for i in some)}[kind]().join(
                         [f"{kind} {name}{': byte' if kind == 'enum' else ''} {{ ", " } "])
        yield text + r.choice(["", "", "rpc_service R { m(?): ?; }", "root_type ?;", 'table N { x: [ubyte] (nested_flatbuffer: "?"); }']).replace("?", used())


FAMILIES = {
    "defaults": [f"table T {{ a: {word} = {value}; }}" for word in SCALARS for value in (*NUMBERS, *REALS)],
    "enums": [text.format(word, value) for word in (*INTEGERS, "bool", "float", "string") for value in NUMBERS for text in
              ("enum E: {} {{ A = {} }}", "enum E: {} {{ A = {}, B }}", "enum E: {} (bit_flags) {{ A, B = {}, C }}", "table T {{}} union E: {} {{ T = {} }}")],
    "attributes": [FIRST + place.replace("?", name + value) for place in PLACES for name in ATTRIBUTES for value in VALUES],
    "octets": [text.replace("?", octets) for octets in ESCAPES for text in
               ('table T { a: string = "?"; }', "table T { a: string = '?'; }", 'attribute "?"; table T ("?") { }', 'file_extension "?"; table T { }', 'table T { a: int = "?"; }',
                'attribute "x"; table T (x: "?") { }', "table T { a: ?int; }", "?table T { }", "table T { }?", 'file_identifier "AB?C"; table T { }')],
    "comments": [text.replace("?", comment) for comment in COMMENTS for text in
                 ("?\ntable T { a: int; }", "table T { ?\n a: int; }", "table T {\n?\n a: int; ?\n}", "enum E: byte {\n?\nA, ?\n B\n?\n}", "?\r\n\r\n?\r\ntable T {\r\n?\r\na: int;\r\n}",
                  "?\rtable T { a: int; }", "table T {}\n?\nrpc_service S {\n?\nm(T):\n?\nT;\n}\n?", "/* x */ ?\ntable T { a\n?\n: int; }", "?\n// y\n?\ntable T {} ?")],
    "structs": list(structs(300)),
    "unions": [f"attribute mine; namespace n; table T {{ }} namespace; struct S {{ x: int; }} table T {{ }} table V {{ }} enum E: ubyte {{ A }} union U{base} {{ {members} }} table Q {{ u: U; v: [U]; }}"
               for base in ("", ": ubyte", ": byte", ": ushort", ": long", ": bool", ": float", ": T") for members in MEMBERS],
    "fields": [f"{before}table Q {{ {fields}; }}" for fields in FIELDS for before in ("table T { } union U { T } ", "table T { } union U: ushort { T } ")],
    "names": list(names(600)),
}


def sample(family, count):
    cases = FAMILIES[family]
    return cases if len(cases) <= count else random.Random(7).sample(cases, count)
