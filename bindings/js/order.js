// SPDX-License-Identifier: Apache-2.0
/*
 * Keys: their order, lookups in sorted vectors, and sorting. A key is a description {place, inTable,
 * text, preset, members}: where an element has it and what it is. Scalars are ordered by value,
 * strings by their octets, structs and arrays member by member. An absent scalar is its default, an
 * absent string an empty one, an absent struct comes first.
 */
import { Builder } from 'flatbuffers';

/* One scalar: members [[0, scalar, 1]]. A struct or array: a row [offset, scalar, count], or
 * [offset, rows, count, size] for structs in it. */
export function key(inTable, place, members, preset) {
  return { inTable, place, members, preset, text: false };
}

export function textKey(place) {
  return { inTable: true, place, members: null, preset: null, text: true };
}

/* Where the element at `pos` has its key; 0: nowhere. */
function find(key, bb, pos) {
  if (!key.inTable) return pos + key.place;
  const vtable = pos - bb.readInt32(pos);
  const offset = key.place < bb.readUint16(vtable) ? bb.readUint16(vtable + key.place) : 0;
  return offset && pos + offset;
}

function order(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareStored(rows, a, atA, b, atB) {
  for (const [offset, what, count, size] of rows) {
    const step = size ?? what.size;
    for (let i = 0; i < count; i++) {
      const pA = atA + offset + i * step, pB = atB + offset + i * step;
      const found = size === undefined ? order(what.get(a, pA), what.get(b, pB)) : compareStored(what, a, pA, b, pB);
      if (found) return found;
    }
  }
  return 0;
}

function compareOctets(a, b) {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

const NOTHING = new Uint8Array(0);

function octets(bb, field) {
  if (!field) return NOTHING;
  const length = bb.__indirect(field);
  return bb.bytes().subarray(length + 4, length + 4 + bb.readUint32(length));
}

function isScalar(key) {
  return key.preset !== null;
}

function value(key, bb, pos) {
  const field = find(key, bb, pos);
  return field ? key.members[0][1].get(bb, field) : key.preset;
}

function compareElements(key, bb, a, b) {
  const atA = find(key, bb, a), atB = find(key, bb, b);
  if (key.text) return compareOctets(octets(bb, atA), octets(bb, atB));
  if (isScalar(key)) return order(value(key, bb, a), value(key, bb, b));
  return atA && atB ? compareStored(key.members, bb, atA, bb, atB) : order(atA !== 0, atB !== 0);
}

/* ---- lookup ---- */

/* Compares an element with what is looked for: a function (bb, pos). */
function comparer(key, wanted) {
  if (key.text) {
    const text = typeof wanted === 'string' ? new TextEncoder().encode(wanted) : wanted;
    return (bb, pos) => compareOctets(octets(bb, find(key, bb, pos)), text);
  }
  if (isScalar(key)) return (bb, pos) => order(value(key, bb, pos), wanted);
  const [stored, start] = store(key, wanted);
  return (bb, pos) => {
    const field = find(key, bb, pos);
    return field ? compareStored(key.members, bb, field, stored, start) : -1;
  };
}

/* A struct's object, or an array, laid out as it is in a buffer. */
function store(key, wanted) {
  const [row] = key.members, builder = new Builder(64);
  if (typeof wanted.store === 'function') wanted.pack(builder);
  else {
    const size = row[3] ?? row[1].size, count = row[2];
    builder.pad(size * count);
    const first = builder.dataBuffer().capacity() - builder.offset();
    for (let i = 0; i < count && i < wanted.length; i++) {
      if (row[3] === undefined) row[1].set(builder.dataBuffer(), first + i * size, wanted[i]);
      else wanted[i].store(builder.dataBuffer(), first + i * size);
    }
  }
  return [builder.dataBuffer(), builder.dataBuffer().capacity() - builder.offset()];
}

/* All elements before `low` are less than the key, none from `high` on is: so it is the first of
 * those that have the key. */
export function lookup(view, length, elementAt, key, wanted) {
  const compare = comparer(key, wanted);
  let low = 0, high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(view.bb, elementAt(middle)) < 0) low = middle + 1;
    else high = middle;
  }
  return low < length && compare(view.bb, elementAt(low)) === 0 ? low : -1;
}

/* ---- sorting ---- */

/* Tables that have been built, by their offsets. */
export function sortOffsets(builder, key, offsets) {
  const bb = builder.dataBuffer(), end = bb.capacity();
  return offsets.slice().sort((a, b) => compareElements(key, bb, end - a, end - b));
}

/* `count` structs in the builder's memory, where they are. */
export function sortStructs(builder, key, first, size, count) {
  const bb = builder.dataBuffer(), bytes = bb.bytes();
  const sorted = Array.from({ length: count }, (_, i) => first + i * size);
  sorted.sort((a, b) => compareElements(key, bb, a, b));
  const copies = sorted.map((from) => bytes.slice(from, from + size));
  copies.forEach((copy, i) => bytes.set(copy, first + i * size));
}
