# SPDX-License-Identifier: Apache-2.0
"""A layer includes its own headers and those of the layers that it may use, as the design's table says, and nothing else."""
import os
import re

from style_files import ROOT, files, lines, report

MAY_USE = {
    "base": "",
    "flatbuf": "base",
    "schema": "flatbuf base",
    "store": "flatbuf base",
    "wamp": "flatbuf base",
    "wire": "base",
    "router": "wamp flatbuf base",
    "net": "wire base",
    "client": "wamp wire net flatbuf base",
    "serve": "store router wire net wamp flatbuf base client",
    "cli": "base flatbuf schema store wamp router client serve",
}
MAY_USE = {layer: {layer, *used.split()} for layer, used in MAY_USE.items()}

PUBLIC = {
    "base.h": "base", "flatbuf.h": "flatbuf", "builder.h": "flatbuf", "reflect.h": "flatbuf", "model.h": "flatbuf", "any.h": "flatbuf", "annotate.h": "flatbuf", "flatbuf.hpp": "flatbuf",
    "flatbuf_view.hpp": "flatbuf", "flexbuffer.h": "flatbuf", "flexbuffer.hpp": "flatbuf", "schema.h": "schema", "store.h": "store", "wamp.h": "wamp", "router.h": "router", "client.h": "client", "serve.h": "serve",
}
# Layers without a public header: the header in their folder is their interface, which the command may not see.
FOLDER = {"wire.h": "wire", "net.h": "net"}

# Headers of libraries and of the system that belong to some layers only: no other layer does input and output.
SYSTEM = [
    (r"xxhash\.h", {"base"}),
    (r"lmdb\.h", {"store"}),
    (r"uv\.h", {"net"}),
    (r"openssl/.*", {"wire"}),
    (r"zlib\.h", {"wire"}),
    (r"sys/socket\.h|sys/un\.h|netinet/.*|arpa/.*|netdb\.h|poll\.h|sys/epoll\.h|sys/uio\.h", {"net"}),
    (r"pthread\.h", {"store"}),
]
INCLUDE = re.compile(r'\s*#\s*include\s+([<"])([^>"]+)[>"]')


def schemas_of(layer):
    """The generated headers of a layer, from its CMakeLists.txt."""
    text = "\n".join(lines(f"src/{layer}/CMakeLists.txt")) if os.path.exists(f"{ROOT}/src/{layer}/CMakeLists.txt") else ""
    listed = re.search(r"\bSCHEMAS\b([^)]*)", text)
    return {name[:-4] + "_generated.h" for name in re.findall(r"\w+\.fbs", listed.group(1))} if listed else set()


def local_include(layer, path, name):
    """Why `#include "name"` is refused in the file, or None."""
    if name.startswith("zerowire/"):
        owner = PUBLIC.get(name[len("zerowire/"):])
        if name == "zerowire/zerowire.h" and layer == "cli":
            return None
        if owner in MAY_USE[layer]:
            return None
        return f"layer {layer} may not use layer {owner}" if owner else "no such public header"
    if os.path.exists(os.path.join(ROOT, os.path.dirname(path), name)) and "/" not in name:
        return None
    if FOLDER.get(name) in MAY_USE[layer]:
        return None
    if any(name in schemas_of(used) for used in MAY_USE[layer]):
        return None
    return f"neither in the folder of layer {layer} nor the interface of a layer that it may use"


def system_include(layer, name):
    for pattern, owners in SYSTEM:
        if re.fullmatch(pattern, name) and layer not in owners:
            return f"belongs to layer {', '.join(sorted(owners))}"
    return None


def uses_in_cmake(layer):
    """Layers that the layer's CMakeLists.txt names and the table does not."""
    path = f"src/{layer}/CMakeLists.txt"
    if not os.path.exists(os.path.join(ROOT, path)):
        return []
    listed = re.search(r"\bUSES\b([^)]*?)(?=\b(?:LIBRARIES|SCHEMAS|SOURCES)\b|\))", "\n".join(lines(path)))
    used = listed.group(1).split() if listed else []
    return [f"{path}:1: layer {layer} may not use layer {name}" for name in used if name not in MAY_USE[layer]]


def main():
    findings, count = [], 0
    for layer in MAY_USE:
        folder = layer if layer == "cli" else f"src/{layer}"
        findings += uses_in_cmake(layer)
        for path in files(".c", ".h", under=(folder,)):
            count += 1
            for number, line in enumerate(lines(path), 1):
                found = INCLUDE.match(line)
                if not found:
                    continue
                kind, name = found.groups()
                why = local_include(layer, path, name) if kind == '"' else system_include(layer, name)
                if why:
                    findings.append(f"{path}:{number}: {name}: {why}")
    report(findings, count)


if __name__ == "__main__":
    main()
