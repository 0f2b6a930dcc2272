// SPDX-License-Identifier: Apache-2.0
// checks NAME [FILE…]: what generated code does beyond copies; ends with 0, or says what is wrong.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';

import * as flatbuffers from 'flatbuffers';
import * as zw from 'zerowire';

import * as c from './constructs_generated.js';
import * as base from './constructs_base_generated.js';
import { Identified, IdentifiedT } from './identifier_generated.js';
import * as official from './flatc/stock.js';
import * as stock from './stock_generated.js';
import * as y from './younger_generated.js';

function finished(object: c.EverythingT): Uint8Array {
  const builder = new flatbuffers.Builder(16);
  c.Everything.finishEverythingBuffer(builder, object.pack(builder));
  return builder.asUint8Array();
}

function everything(values: Partial<c.EverythingT> = {}): c.Everything {
  return c.Everything.verifyEverything(finished(new c.EverythingT({ needed: 'n', ...values })), { enums: true });
}

/* Equal by content, whatever the classes. */
function sameContent(a: unknown, b: unknown): void {
  const text = (value: unknown) => JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}n` : v instanceof Uint8Array ? [...v] : v));
  assert.equal(text(a), text(b));
}

const FLEX = { a: [1, 2.5, 'x', { b: null }], c: [0.1, 1e300], d: true };
const SIZED = { farText: 'far', farDoubles: [0.5, 2], doubles: [1.5], word: 7 };

function sized(): Uint8Array {
  const builder = new flatbuffers.Builder(1);
  y.Everything.finishSizePrefixedEverythingBuffer(builder, new y.EverythingT(SIZED).pack(builder));
  return builder.asUint8Array();
}

function sizedContent(view: y.Everything): object {
  return { farText: view.farText(), farDoubles: [...view.farDoublesArray()!], doubles: [...view.doublesArray()!], word: view.word() };
}

/* Integers that JSON does not hold are {"$big": "…"}. */
function fromText(line: string): zw.FlexValue {
  return JSON.parse(line, (_, value) => (value?.$big ? BigInt(value.$big) : value));
}

function toText(value: unknown): string {
  return JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? { $big: `${v}` } : v));
}

function ours(): stock.RootT {
  return new stock.RootT({
    truth: false, tiny: -128, small: 65535, number: 1, large: 18446744073709551615n, long: 6n, real: 1.5, double: -0.1, color: stock.Color.Red,
    maybe: 0, maybeNot: false, text: 'grün 😀', moreText: '', vec: new stock.VecT({ x: 1, y: 2, c: 4, inner: new stock.InnerT({ a: -1, b: 4294967295 }) }),
    leaf: new stock.LeafT({ name: 'leaf' }), partType: stock.Part.Twig, part: new stock.TwigT({ bend: 3, leaves: [new stock.LeafT({ name: 'l', v: 0 })] }),
    octets: Uint8Array.of(0, 255), shorts: [-32768, 32767], longs: [-1n, 9223372036854775807n], reals: [0.5, -0.25], truths: [true, false],
    texts: ['', 'a', ''], vecs: [new stock.VecT({ x: 9 }), new stock.VecT()], leaves: [new stock.LeafT({ name: 'a' }), new stock.LeafT({ name: 'b', v: 1 })],
    nested: Uint8Array.of(1, 2, 3), last: 4000000000,
  });
}

const checks: Record<string, (...files: string[]) => void> = {
  scalars_are_set_in_place() {
    const view = everything({ aByte: 5, maybeDouble: 1, far: 0n, aBool: false, color: c.Color.Red });
    assert(view.mutate_a_byte(-7) && view.mutate_maybe_double(2.5) && view.mutate_far(c.Far.High) && view.mutate_a_bool(true));
    assert.deepEqual([view.aByte(), view.maybeDouble(), view.far(), view.aBool()], [-7, 2.5, 9000000000n, true]);
    assert(!view.mutate_a_short(1), 'an absent field has no place');
    assert.equal(view.aShort(), 0);
    const point = everything({ point: new c.PointT({ x: 1, y: 2 }) }).point()!;
    assert(point.mutate_x(8));
    assert.deepEqual([point.x(), point.y()], [8, 2]);
  },

  defaults_are_read() {
    const view = everything();
    assert.equal(view.greeting(), 'say "hi" é?');
    assert.equal(view.text(), null);
    assert.equal(view.presetLength(), 0);
    assert.deepEqual(view.presetArray(), new Int32Array(0));
    assert.deepEqual([view.anInt(), view.aUlong(), view.aDouble(), view.infinite(), view.tenth()],
      [-2147483648, 9223372036854775807n, -2e300, -Infinity, Math.fround(0.1)]);
    assert(Number.isNaN(view.notANumber()));
    assert.deepEqual([view.color(), view.far(), view.small(), view.flags(), view.kind()],
      [c.Color.Green, c.Far.High, c.Small.More, c.Flags.One, base.Kind.Second]);
    assert.deepEqual([view.maybeBool(), view.maybeUlong(), view.maybeColor()], [null, null, null]);
    assert.deepEqual([new c.EverythingT().preset, new c.EverythingT().greeting], [[], 'say "hi" é?']);
    assert.throws(() => finished(new c.EverythingT()), /must be set/);
  },

  vectors_are_views_of_the_buffer() {
    const view = everything({ ints: [1, 2, 3], doubles: [0.5], longs: [-1n], bools: [true], octets: Uint8Array.of(7) });
    assert.deepEqual(view.intsArray(), Int32Array.of(1, 2, 3));
    view.intsArray()![1] = 9;
    assert.equal(view.ints(1), 9);
    assert.deepEqual([view.ints(3), view.ints(-1), view.shortsArray(), view.shorts(0)], [null, null, null, null]);
    assert.deepEqual([view.longsArray(), view.bools(0), view.octetsArray()], [BigInt64Array.of(-1n), true, Uint8Array.of(7)]);
    /* At an address that typed arrays do not take: a copy. */
    const bytes = view.bb!.bytes().slice(view.bb!.position()), moved = new Uint8Array(bytes.length + 1);
    moved.set(bytes, 1);
    const other = c.Everything.verifyEverything(moved.subarray(1));
    assert.deepEqual([other.intsArray(), other.doublesArray()], [Int32Array.of(1, 9, 3), Float64Array.of(0.5)]);
  },

  elements_are_found_by_key() {
    const view = everything({
      leaves: ['m', '', 'é', 'a', 'z'].map((name, value) => new c.LeafT({ name, value })),
      entries: [18446744073709551615n, 3n, 0n].map((id) => new c.EntryT({ id, text: `${id}` })),
      signeds: [5, -5, 0].map((id) => new c.SignedT({ id })),
      cells: [9, 4294967295, 1].map((id, value) => new c.CellT({ id, value })),
      tinteds: [c.Color.Blue, c.Color.None].map((tint) => new c.TintedT({ tint })),
    });
    const names = Array.from({ length: view.leavesLength() }, (_, i) => view.leaves(i)!.name());
    assert.deepEqual(names, ['', 'a', 'm', 'z', 'é']);
    assert.equal(view.leavesByKey('é')!.value(), 2);
    assert.equal(view.leavesByKey(new TextEncoder().encode('z'))!.value(), 4);
    assert.equal(view.leavesByKey('b'), null);
    assert.equal(view.entriesByKey(18446744073709551615n)!.text(), '18446744073709551615');
    assert.deepEqual([view.signedsByKey(-5)!.id(), view.signedsByKey(1)], [-5, null]);
    assert.deepEqual([view.cellsByKey(4294967295)!.value(), view.cellsByKey(2)], [1, null]);
    assert.equal(view.tintedsByKey(c.Color.Blue)!.tint(), c.Color.Blue);
    assert.equal(everything().leavesByKey('a'), null);
    const builder = new flatbuffers.Builder(1);
    const placed = [[3, 1], [-1, 9], [3, 0]].map(([x, at], n) => new y.PlacedT({ spot: new y.SpotT({ x: x!, y: at! }), n }));
    const fixed = [[9, 0, 0, 0], [1, 2, 3, 4]].map((octets, n) => new y.FixedT({ octets, n }));
    builder.finish(new y.EverythingT({ placed, fixed }).pack(builder));
    const young = y.Everything.getRootAsEverything(builder.dataBuffer());
    assert.equal(young.placedByKey(new y.SpotT({ x: 3, y: 0 }))!.n(), 2);
    assert.equal(young.placedByKey(new y.SpotT({ x: 3, y: 2 })), null);
    assert.equal(young.fixedByKey([1, 2, 3, 4])!.n(), 1);
  },

  unions_are_what_they_hold() {
    const view = everything({
      anyType: c.Any.Text, any: 'text',
      anysType: [c.Any.Leaf, c.Any.Point, c.Any.More, c.Any.NONE, c.Any.Far_],
      anys: [new c.LeafT({ name: 'l' }), new c.PointT({ x: 1, y: 2 }), '', null, new base.ThingT({ name: 't' })],
    });
    assert.equal(view.any(), 'text');
    const [leaf, point, more, none, thing] = [0, 1, 2, 3, 4].map((i) => view.anys(i));
    assert(leaf instanceof c.Leaf && leaf.name() === 'l');
    assert(point instanceof c.Point && point.y() === 2);
    assert.deepEqual([more, none], ['', null]);
    assert(thing instanceof base.Thing && thing.name() === 't');
    assert.equal(view.anys(1, new c.Point())!.x(), 1);
    assert.equal(view.anys(5), null);
  },

  unions_are_packed_with_their_types() {
    assert.throws(() => everything({ any: 'text' }), { name: 'TypeError', message: 'a union has a value, and no type' });
    assert.throws(() => everything({ anys: ['text'] }), TypeError);
    assert.throws(() => everything({ anys: ['text', 'more'], anysType: [c.Any.Text] }), TypeError);
    const view = everything({ anyType: c.Any.Leaf, anys: [null, 'b'], anysType: [c.Any.Leaf, c.Any.More] });
    assert.deepEqual([view.anyType(), view.any(), view.anysType(0), view.anys(0), view.anys(1)], [c.Any.NONE, null, c.Any.NONE, null, 'b']);
  },

  what_is_shared_is_unpacked_once() {
    const builder = new flatbuffers.Builder(1), text = builder.createString('x'.repeat(20000));
    const ints = c.Everything.createIntsVector(builder, [1, 2, 3]), bytes = c.Everything.createOctetsVector(builder, [1]);
    const child = () => {
      c.Everything.startEverything(builder);
      c.Everything.addNeeded(builder, text);
      c.Everything.addInts(builder, ints);
      c.Everything.addOctets(builder, bytes);
      return c.Everything.endEverything(builder);
    };
    const [a, b] = [child(), child()];
    const children = c.Everything.createChildrenVector(builder, [a, b, ...new Array<number>(500).fill(a)]);
    c.Everything.startEverything(builder);
    c.Everything.addNeeded(builder, text);
    c.Everything.addChildren(builder, children);
    c.Everything.finishEverythingBuffer(builder, c.Everything.endEverything(builder));
    const [first, second, third] = c.Everything.verifyEverything(builder.asUint8Array()).unpack().children!;
    assert.equal(first, third);
    assert.notEqual(first, second);
    assert.deepEqual(first, second);
    assert.equal(first!.ints, second!.ints);
    assert.equal(first!.octets, second!.octets);
  },

  /* Strings that begin within each other: each is another one, of more than half the buffer. */
  what_overlaps_is_not_unpacked_without_end() {
    const overlapping = (elements: number) => {
      const builder = new flatbuffers.Builder(1), length = 0x2020, inside = '  \0\0';
      const text = builder.createString(inside.repeat(1000) + '\0'.repeat(length));
      const texts = y.Everything.createTextsVector(builder, new Array<number>(elements).fill(text));
      y.Everything.startEverything(builder);
      y.Everything.addTexts(builder, texts);
      y.Everything.finishEverythingBuffer(builder, y.Everything.endEverything(builder));
      const bytes = builder.asUint8Array(), data = new DataView(bytes.buffer, bytes.byteOffset);
      const first = Buffer.from(bytes).indexOf(inside), vector = Buffer.from(bytes).indexOf(Buffer.from([elements, 0, 0, 0])) + 4;
      for (let i = 0; i < elements; i++) data.setUint32(vector + 4 * i, first - vector, true);
      return y.Everything.verifyEverything(bytes);
    };
    assert.deepEqual(overlapping(5).unpack().texts!.map((text) => text.length), new Array(5).fill(0x2020));
    const hostile = overlapping(7);
    assert.equal(hostile.texts(6)!.length, 0x2020);
    assert.throws(() => hostile.unpack(), { name: 'RangeError', message: /objects overlap.*four times the buffer/ });
    assert.equal(overlapping(5).unpack().texts!.length, 5);
  },

  size_prefixes_are_skipped() {
    const builder = new flatbuffers.Builder(1);
    c.Everything.finishSizePrefixedEverythingBuffer(builder, new c.EverythingT({ needed: 'prefixed', doubles: [1.5] }).pack(builder));
    const bytes = builder.asUint8Array();
    assert.equal(c.Everything.verifySizePrefixedEverything(bytes).needed(), 'prefixed');
    assert.throws(() => c.Everything.verifySizePrefixedEverything(bytes.subarray(0, bytes.length - 1)), zw.VerifyError);
    assert.throws(() => c.Everything.verifyEverything(bytes), zw.VerifyError);
    assert(c.Everything.bufferHasIdentifier(new flatbuffers.ByteBuffer(bytes.subarray(4))));
  },

  identifiers_are_octets() {
    const object = new IdentifiedT({ number: 5 }), builder = new flatbuffers.Builder(1), sized = new flatbuffers.Builder(1);
    Identified.finishIdentifiedBuffer(builder, object.pack(builder));
    Identified.finishSizePrefixedIdentifiedBuffer(sized, object.pack(sized));
    const bytes = builder.asUint8Array();
    assert.equal(Buffer.from(bytes.subarray(4, 8)).toString('utf8'), "é'\n");
    assert.equal(Identified.verifyIdentified(bytes).number(), 5);
    assert.equal(Identified.verifySizePrefixedIdentified(sized.asUint8Array()).number(), 5);
    assert(Identified.bufferHasIdentifier(new flatbuffers.ByteBuffer(bytes)));
    bytes[5]! ^= 1;
    assert(!Identified.bufferHasIdentifier(new flatbuffers.ByteBuffer(bytes)));
    assert(!Identified.bufferHasIdentifier(new flatbuffers.ByteBuffer(bytes.subarray(0, 6))));
    assert.throws(() => Identified.verifyIdentified(bytes), zw.VerifyError);
  },

  size_prefixes_have_8_octets_with_64_bit_offsets() {
    const bytes = sized();
    assert.equal(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true), BigInt(bytes.length - 8));
    assert.deepEqual(sizedContent(y.Everything.verifySizePrefixedEverything(bytes.slice(), { forceAlign: true })), SIZED);
    assert.equal(y.Everything.getSizePrefixedRootAsEverything(new flatbuffers.ByteBuffer(bytes)).farText(), 'far');
    assert(y.Everything.bufferHasIdentifier(new flatbuffers.ByteBuffer(bytes.subarray(8))));
    for (const length of [0, 7, 8, bytes.length - 1])
      assert.throws(() => y.Everything.verifySizePrefixedEverything(bytes.subarray(0, length)), zw.VerifyError);
    const builder = new flatbuffers.Builder(1);
    y.Leaf.finishSizePrefixedLeafBuffer(builder, new y.LeafT({ name: 'no identifier' }).pack(builder));
    assert.equal(y.Leaf.verifySizePrefixedLeaf(builder.asUint8Array()).name(), 'no identifier');
  },

  flexbuffers_are_values() {
    const value = { list: [1, -1, 0.5, 1e300, 2n ** 63n, null, true, ''], text: 'grün', __proto__: null, octets: Uint8Array.of(1, 0), 'é': {}, e: [] };
    const builder = new flatbuffers.Builder(1), flex = y.Everything.createFlexValue(builder, value);
    y.Everything.startEverything(builder);
    y.Everything.addFlex(builder, flex);
    y.Everything.finishEverythingBuffer(builder, y.Everything.endEverything(builder));
    const view = y.Everything.verifyEverything(builder.asUint8Array().slice());
    assert.deepEqual(view.flexValue(), { ...value });
    assert.deepEqual(zw.decodeFlex(view.unpack().flex!), { ...value });
    assert.deepEqual(zw.decodeFlex(zw.encodeFlex(JSON.parse('{"__proto__": 1}'))), JSON.parse('{"__proto__": 1}'));
    const empty = new flatbuffers.Builder(1);
    empty.finish(new y.EverythingT({ flex: new Uint8Array(0) }).pack(empty));
    assert.equal(y.Everything.getRootAsEverything(empty.dataBuffer()).flexValue(), undefined);
    assert.throws(() => zw.decodeFlex(Uint8Array.of(9, 40, 1)), { name: 'VerifyError', path: 'FlexBuffer' });
    assert.throws(() => zw.encodeFlex(2n ** 64n), RangeError);
    assert.throws(() => zw.encodeFlex({ 'a\0': 1 }), RangeError);
    const circle: zw.FlexValue[] = [];
    circle.push(circle);
    assert.throws(() => zw.encodeFlex(circle), RangeError);
  },

  nested_buffers_are_read() {
    const builder = new flatbuffers.Builder(1);
    builder.finish(new c.LeafT({ name: 'inside' }).pack(builder));
    const view = everything({ nested: builder.asUint8Array(), recursive: finished(new c.EverythingT({ needed: 'deep', doubles: [2] })) });
    assert.equal(view.nestedNestedRoot()!.name(), 'inside');
    assert.deepEqual(view.recursiveNestedRoot()!.doublesArray(), Float64Array.of(2));
    assert.equal(everything().nestedNestedRoot(), null);
    const bad = builder.asUint8Array().slice();
    bad[0] = 0xff;
    assert.throws(() => everything({ nested: bad }), { name: 'VerifyError', path: 'zw.test.Everything.nested' });
  },

  shared_strings_are_written_once() {
    const builder = new flatbuffers.Builder(1);
    y.Everything.finishEverythingBuffer(builder, new y.EverythingT({ shared: 'twice used', leaves: [new y.LeafT({ name: 'twice used' })], doubles: [1], octets: Uint8Array.of(1) }).pack(builder));
    const bytes = builder.asUint8Array();
    assert.equal(Buffer.from(bytes).toString('latin1').split('twice used').length, 2);
    y.Everything.verifyEverything(bytes.slice(), { forceAlign: true, unaligned: false });
  },

  what_is_wrong_is_said_with_its_place() {
    const bytes = finished(new c.EverythingT({ needed: 'n', color: 77 as c.Color }));
    assert.throws(() => c.Everything.verifyEverything(bytes, { enums: true }), { name: 'VerifyError', path: 'zw.test.Everything.color' });
    c.Everything.verifyEverything(bytes);
    for (const [name, value] of Object.entries({ colors: [c.Color.Red, 77], fars: [c.Far.High, 1n], kinds: [99] })) {
      const octets = finished(new c.EverythingT({ needed: 'n', [name]: value }));
      assert.throws(() => c.Everything.verifyEverything(octets, { enums: true }), { path: `zw.test.Everything.${name}` });
      c.Everything.verifyEverything(octets);
    }
    everything({ colors: [c.Color.Red, c.Color.Blue], bits: [64 as c.Flags], fars: [c.Far.Low] });
    assert.throws(() => stock.Root.verifyRoot(bytes), /file identifier is not "STCK"/);
    assert.throws(() => c.Everything.verifyEverything(bytes.subarray(0, 7)), zw.VerifyError);
    assert.throws(() => c.Everything.verifyEverything(new Uint8Array(0)), zw.VerifyError);
    let deep = new c.EverythingT({ needed: 'bottom' });
    for (let i = 0; i < 64; i++) deep = new c.EverythingT({ needed: 'n', child: deep });
    assert.throws(() => c.Everything.verifyEverything(finished(deep)), /nested too deep/);
    c.Everything.verifyEverything(finished(deep), { depthMax: 65 });
  },

  stamps_are_checked() {
    assert.deepEqual([c.stamp.abi, c.stamp.compiler], [zw.ABI, zw.VERSION]);
    assert.match(c.stamp.schemaId, /^[0-9a-f]{32}$/);
    assert.notEqual(c.stamp.schemaId, y.stamp.schemaId);
    assert.throws(() => zw.checkStamp({ ...c.stamp, abi: zw.ABI + 1, compiler: '9.9.9' }), /constructs: code generated by zerowire 9\.9\.9/);
    assert.throws(() => zw.checkStamp({ ...c.stamp, schemaId: '' }), zw.VersionError);
    assert.throws(() => zw.checkStamp({ ...c.stamp, fileId: '0' }), zw.VersionError);
    /* A module, and what is expected of it, as files that include each other have it: first it is not there. */
    const base: { stamp?: zw.Stamp } = {};
    zw.checkStamp({ ...c.stamp }, () => [[base.stamp, '0'.repeat(32)]]);
    everything();
    base.stamp = zw.checkStamp({ ...c.stamp, file: 'base', fileId: '1'.repeat(32) });
    assert.throws(() => everything(), { name: 'VersionError', message: /constructs: code generated with another base than/ });
  },

  objects_begin_with_defaults() {
    const object = new c.MixedT();
    const given: object = { many: undefined, bools: [true, true] };
    assert.deepEqual(new c.MixedT(given), new c.MixedT({ bools: [true, true] }));
    assert.deepEqual([object.many, object.bools, object.corners.length], [[0, 0, 0], [false, false], 2]);
    assert.throws(() => everything({ mixed: new c.MixedT({ many: [1, 2, 3, 4] }) }), RangeError);
    const view = everything({ mixed: new c.MixedT({ many: [1] }) }).mixed()!;
    assert.deepEqual([view.manyArray(), view.many(0), view.many(3), view.manyLength()], [Uint16Array.of(1, 0, 0), 1, null, 3]);
    assert.equal(view.corners(1)!.x(), 0);
    const builder = new flatbuffers.Builder(1);
    const name = builder.createString('built');
    builder.finish(c.Leaf.createLeaf(builder, name, 3));
    assert.deepEqual(c.Leaf.getRootAsLeaf(builder.dataBuffer()).unpack(), new c.LeafT({ name: 'built', value: 3 }));
  },

  /* flatc's own TypeScript, both ways. */
  stock_code_reads_and_writes_the_same() {
    const object = ours(), builder = new flatbuffers.Builder(1), back = new flatbuffers.Builder(1);
    stock.Root.finishRootBuffer(builder, object.pack(builder));
    const theirs = official.Root.getRootAsRoot(new flatbuffers.ByteBuffer(builder.asUint8Array().slice())).unpack();
    const { octets, nested, ...rest } = object, { octets: octets2, nested: nested2, ...rest2 } = theirs;
    sameContent(rest, rest2);
    assert.deepEqual([octets2, nested2], [[...octets!], [...nested!]]);
    official.Root.finishRootBuffer(back, theirs.pack(back));
    sameContent(stock.Root.getRootAsRoot(back.dataBuffer()).unpack(), object);
  },

  /* What 64-bit offsets refer to: to a file, and from one. */
  far_write(file) {
    const leaf = new flatbuffers.Builder(1), builder = new flatbuffers.Builder(1);
    leaf.finish(new y.LeafT({ name: 'inside', n: 3 }).pack(leaf));
    const object = new y.EverythingT({
      farText: 'far text', farOctets: Uint8Array.of(1, 2), farOctets64: Uint8Array.of(3, 4, 5), farDoubles: [0.5, -1.25],
      farSpots: [new y.SpotT({ x: 1, y: -2 }), new y.SpotT({ x: 3, y: 4 })], farNested: leaf.asUint8Array(), small: 7, flex: zw.encodeFlex(FLEX),
      farFixed: [new y.FixedT({ octets: [2, 0, 0, 0], n: 1 }), new y.FixedT({ octets: [1, 255, 0, 0], n: 2 })],
    });
    y.Everything.finishEverythingBuffer(builder, object.pack(builder));
    writeFileSync(file!, builder.asUint8Array());
  },

  far_read(file) {
    const view = y.Everything.verifyEverything(readFileSync(file!));
    assert.deepEqual(view.flexValue(), FLEX);
    assert.deepEqual([view.farText(), view.farOctetsLength(), view.farOctets(1), view.farOctets(2)], ['far text', 2, 2, null]);
    assert.deepEqual([view.farOctets64Array() ?? Uint8Array.of(3, 4, 5), view.farDoublesArray()], [Uint8Array.of(3, 4, 5), Float64Array.of(0.5, -1.25)]);
    assert.deepEqual([view.farDoubles(1), view.farSpots(1)!.unpack(), view.farSpots(2)], [-1.25, new y.SpotT({ x: 3, y: 4 }), null]);
    if (view.farFixedLength()) assert.deepEqual([view.farFixed(0)!.n(), view.farFixedByKey([2, 0, 0, 0])!.n(), view.farFixedByKey([2, 0, 0, 1])], [2, 1, null]);
    const inside = view.farNestedNestedRoot();
    if (inside) assert.deepEqual(inside.unpack(), new y.LeafT({ name: 'inside', n: 3 }));
  },

  /* To a file, and from one. */
  sized_write(file) {
    writeFileSync(file!, sized());
  },

  sized_read(file) {
    assert.deepEqual(sizedContent(y.Everything.verifySizePrefixedEverything(readFileSync(file!), { forceAlign: true })), SIZED);
  },

  /* Lines of JSON become FlexBuffers in hexadecimal digits, and those become JSON; or "refused". */
  flex_write(file) {
    for (const line of readFileSync(file!, 'utf8').split('\n').filter(Boolean)) console.log(Buffer.from(zw.encodeFlex(fromText(line))).toString('hex'));
  },

  flex_read(file) {
    for (const line of readFileSync(file!, 'utf8').split('\n').filter(Boolean)) {
      try {
        console.log(toText(zw.decodeFlex(Buffer.from(line, 'hex'))));
      } catch (error) {
        if (!(error instanceof zw.VerifyError)) throw error;
        console.log('refused');
      }
    }
  },

  /* A line for each file: whether it is sound. All that is there is then read. */
  verdicts(schema, ...files) {
    for (const file of files) {
      try {
        const root = schema === 'young' ? y.Everything.verifyEverything : c.Everything.verifyEverything;
        const view = root(readFileSync(file), { utf8: true });
        console.log('sound');
        view.unpack();
      } catch (error) {
        if (!(error instanceof zw.VerifyError)) throw error;
        console.log('refused');
      }
    }
  },

  list() {
    const own = ['list', 'verdicts', 'far_write', 'far_read', 'sized_write', 'sized_read', 'flex_write', 'flex_read'];
    for (const name of Object.keys(checks)) if (!own.includes(name)) console.log(name);
  },
};

const [name, ...files] = process.argv.slice(2);
const check = name === undefined ? undefined : checks[name];
if (!check) throw new Error(`there is no check ${name}`);
check(...files);
