// SPDX-License-Identifier: Apache-2.0
/*
 * What generated TypeScript reads with: fields, elements, strings, unions, and lists for the object
 * API. A view is {bb, bb_pos}. Nothing is checked here but indexes: bytes from elsewhere go through
 * the verifier first. Types and the manual are in zerowire.d.ts.
 */
import { ByteBuffer, Encoding, isLittleEndian } from 'flatbuffers';

import { decodeFlex } from './flexbuffers.js';
import { table } from './verifier.js';

export * from './builders.js';
export * from './flexbuffers.js';
export * from './order.js';
export { ABI, checkStamp, VERSION, VersionError } from './stamp.js';
export * from './verifier.js';

/* ---- scalars ---- */

function scalar(size, suffix, array, zero) {
  const read = `read${suffix}`, write = `write${suffix}`;
  return {
    size,
    array,
    zero,
    method: typeof zero === 'bigint' ? `Big${suffix}` : suffix, /* of a DataView */
    get: (bb, at) => bb[read](at),
    set: (bb, at, value) => bb[write](at, value),
  };
}

export const int8 = scalar(1, 'Int8', Int8Array, 0);
export const uint8 = scalar(1, 'Uint8', Uint8Array, 0);
export const int16 = scalar(2, 'Int16', Int16Array, 0);
export const uint16 = scalar(2, 'Uint16', Uint16Array, 0);
export const int32 = scalar(4, 'Int32', Int32Array, 0);
export const uint32 = scalar(4, 'Uint32', Uint32Array, 0);
export const int64 = scalar(8, 'Int64', BigInt64Array, 0n);
export const uint64 = scalar(8, 'Uint64', BigUint64Array, 0n);
export const float32 = scalar(4, 'Float32', Float32Array, 0);
export const float64 = scalar(8, 'Float64', Float64Array, 0);
export const bool = {
  ...uint8,
  zero: false,
  get: (bb, at) => bb.readUint8(at) !== 0,
  set: (bb, at, value) => bb.writeUint8(at, value ? 1 : 0),
};

/* ---- fields ---- */

/* A table's octets may be up to 65,535: the vtable's entries are unsigned. */
export function at(view, slot) {
  const bb = view.bb, pos = view.bb_pos;
  const vtable = pos - bb.readInt32(pos);
  if (slot >= bb.readUint16(vtable)) return 0;
  const offset = bb.readUint16(vtable + slot);
  return offset && pos + offset;
}

/* Where the 64-bit offset at `from` leads. */
function far(bb, from) {
  return from + Number(bb.readUint64(from));
}

function count(bb, from, lengthSize) {
  return lengthSize === 8 ? Number(bb.readUint64(from)) : bb.readUint32(from);
}

export function length(view, slot) {
  const field = at(view, slot);
  return field && view.bb.__vector_len(field);
}

export function length64(view, slot, lengthSize) {
  const field = at(view, slot);
  return field && count(view.bb, far(view.bb, field), lengthSize);
}

export function element(view, slot, index, size) {
  const field = at(view, slot);
  if (!field || !(index >= 0 && index < view.bb.__vector_len(field))) return 0;
  return view.bb.__vector(field) + index * size;
}

export function element64(view, slot, index, size, lengthSize) {
  const field = at(view, slot);
  if (!field) return 0;
  const first = far(view.bb, field);
  if (!(index >= 0 && index < count(view.bb, first, lengthSize))) return 0;
  return first + lengthSize + index * size;
}

/* ---- what unpacking copies ---- */

const OVERLAP_MAX = 4; /* what is copied of a buffer, by its length */

/* As a root is unpacked: the octets that may still be copied, and what was, by its position. null:
 * nothing is. Objects of a sound buffer may overlap, as the texts of a thousand tables: what is
 * referred to twice is copied once, and all that is copied is paid for. */
let run = null;

function pay(octets) {
  if (run === null) return;
  run.left -= octets;
  if (run.left < 0) throw new RangeError('objects overlap so that they would be more than four times the buffer');
}

/* The copy of what is at this position, seen as `as`; `make` makes the first. */
function once(position, as, slot, make) {
  if (run === null) return make();
  const copies = run.copies.get(position) ?? [];
  const known = copies.find((copy) => copy.as === as && copy.slot === slot);
  if (known) return known.made;
  const made = make();
  copies.push({ as, slot, made });
  run.copies.set(position, copies);
  return made;
}

function tableSize(view) {
  return view.bb.readUint16(view.bb_pos - view.bb.readInt32(view.bb_pos) + 2);
}

/* A struct lies in what was paid for: a table, a vector. */
export function unpack(view, object) {
  const copy = () => (view.unpackTo(object), object);
  if (view.constructor.shape.size) return copy();
  const isRoot = run === null;
  if (isRoot) run = { left: OVERLAP_MAX * view.bb.capacity(), copies: new Map() };
  try {
    return once(view.bb_pos, view.constructor, 0, () => (pay(tableSize(view)), copy()));
  } finally {
    if (isRoot) run = null;
  }
}

/* ---- vectors ---- */

/* A view of the elements where the host could lay them like that, else a copy of its own. */
export function arrayAt(bb, first, length, Type) {
  const bytes = bb.bytes(), size = Type.BYTES_PER_ELEMENT;
  const start = bytes.byteOffset + first;
  if (isLittleEndian && start % size === 0) return new Type(bytes.buffer, start, length);
  const copy = bytes.slice(first, first + length * size);
  if (!isLittleEndian) for (let i = 0; i < length; i++) copy.subarray(i * size, (i + 1) * size).reverse();
  return new Type(copy.buffer, 0, length);
}

export function array(view, slot, Type) {
  const field = at(view, slot);
  if (!field) return null;
  return arrayAt(view.bb, view.bb.__vector(field), view.bb.__vector_len(field), Type);
}

export function array64(view, slot, Type, lengthSize) {
  const field = at(view, slot);
  if (!field) return null;
  const first = far(view.bb, field);
  return arrayAt(view.bb, first + lengthSize, count(view.bb, first, lengthSize), Type);
}

/* ---- strings ---- */

/* A byte order mark at the front of a string is part of it. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function textAt(bb, length, encoding) {
  const first = length + 4;
  const octets = bb.bytes().subarray(first, first + bb.readUint32(length));
  if (encoding === Encoding.UTF8_BYTES) return octets;
  return once(length, textAt, 0, () => (pay(octets.length), decoder.decode(octets)));
}

export function text(bb, field, encoding) {
  return textAt(bb, bb.__indirect(field), encoding);
}

export function text64(bb, field, encoding) {
  return textAt(bb, far(bb, field), encoding);
}

/* ---- what else fields hold ---- */

/* That of the npm run time knows no octets above 127. */
export function hasIdentifier(bb, identifier) {
  const first = bb.position() + 4;
  return [0, 1, 2, 3].every((i) => bb.readUint8(first + i) === identifier.charCodeAt(i));
}

/* A FlexBuffer's value; undefined: absent or empty. */
export function flexValue(octets) {
  return octets === null || octets.length === 0 ? undefined : decodeFlex(octets);
}

/* A buffer over octets. */
export function buffer(source) {
  return source instanceof Uint8Array ? new ByteBuffer(source) : source;
}

export function union(bb, field, obj) {
  return typeof obj === 'string' ? text(bb, field) : bb.__union(obj, field);
}

export function nested(bytes) {
  return bytes !== null && bytes.length >= 8 ? new ByteBuffer(bytes) : null;
}

/* ---- the object API ---- */

/* What is undefined keeps its default. */
export function assign(object, values) {
  for (const [name, value] of Object.entries(values)) if (value !== undefined) object[name] = value;
}

function elements(size, length, read) {
  pay(size * length);
  return Array.from({ length }, (_, index) => read(index));
}

/* Of elements that lie in the vector, and of strings and tables. */
export function list(view, slot, size, length, read) {
  const field = at(view, slot);
  return field ? once(view.bb.__indirect(field), view.constructor, slot, () => elements(size, length, read)) : null;
}

/* Each by itself: a vector of unions is other values with other types. */
export function unions(view, slot, size, length, read) {
  return at(view, slot) ? elements(size, length, read) : null;
}

/* Behind a 64-bit offset, which only roots have. */
export const list64 = unions;

function octetsOf(field, view, slot, bytes) {
  return once(field, view.constructor, slot, () => (pay(bytes.length), bytes.slice()));
}

export function octets(view, slot) {
  const field = at(view, slot);
  return field ? octetsOf(view.bb.__indirect(field), view, slot, array(view, slot, Uint8Array)) : null;
}

export function octets64(view, slot, lengthSize) {
  const field = at(view, slot);
  return field ? octetsOf(far(view.bb, field), view, slot, array64(view, slot, Uint8Array, lengthSize)) : null;
}

export function filled(length, make) {
  return Array.from({ length }, (_, index) => make(index));
}

export function unpackUnion(value) {
  if (value === null || typeof value === 'string') return value;
  pay(value.constructor.shape.size);
  return value.unpack();
}

/* The type that is written of a union whose value is there or not: where there is no value, there is
 * no type. */
export function unionType(type, isThere, none) {
  if (!isThere) return none;
  if (!type) throw new TypeError('a union has a value, and no type');
  return type;
}

export function unionTypes(types, values, none) {
  return values.map((value, i) => unionType(types?.[i], value !== null, none));
}

/* The built-in table without fields. */
export class VoidT {
  pack(builder) {
    builder.startObject(0);
    return builder.endObject();
  }
}

export class Void {
  static shape = table('Void', () => []);
  bb = null;
  bb_pos = 0;

  __init(i, bb) {
    this.bb_pos = i;
    this.bb = bb;
    return this;
  }

  unpack() {
    return new VoidT();
  }

  unpackTo() {}
}
