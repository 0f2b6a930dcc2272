// SPDX-License-Identifier: Apache-2.0
/*
 * Building on the Builder of the npm run time, by its public methods alone: vectors, structs written
 * member by member, 64-bit offsets and size prefixes, nested buffers, shared strings. A builder writes from the end of
 * its memory to the front, so that what has been written is behind `here`.
 */

import { SIZE_PREFIX64_LENGTH } from './verifier.js';

/* The position in the builder's memory of what was written last. */
function here(builder) {
  return builder.dataBuffer().capacity() - builder.offset();
}

/* Room for octets that are zero; their position. */
function room(builder, octets) {
  builder.pad(octets);
  return here(builder);
}

export function addOffset(builder, id, offset) {
  if (offset) builder.addFieldOffset(id, offset, 0);
}

export function addOffset64(builder, id, offset) {
  if (!offset) return;
  builder.prep(8, 0);
  builder.writeInt64(BigInt(builder.offset() - offset + 8));
  builder.slot(id);
}

export function createSharedString(builder, text) {
  if (text === '') return builder.createString(''); /* createSharedString takes it for absent */
  return builder.createSharedString(text);
}

/* ---- vectors ---- */

export function startVector64(builder, size, length, align) {
  builder.notNested();
  builder.prep(8, size * length);
  builder.prep(align, size * length);
}

export function endVector64(builder, length) {
  builder.writeInt64(BigInt(length));
  return builder.offset();
}

const OCTET = { size: 1, set: (bb, at, value) => bb.writeUint8(at, value) };

/* Copied as a whole, behind the padding that the builder puts before its length. */
function createOctets(builder, data, align) {
  builder.notNested();
  builder.prep(4, data.length);
  builder.prep(align, data.length);
  return builder.createByteVector(data);
}

function writeAll(builder, scalar, data) {
  const size = scalar.size, first = room(builder, data.length * size), bb = builder.dataBuffer();
  if (size === 1 && data instanceof Uint8Array) bb.bytes().set(data, first);
  else for (let i = 0; i < data.length; i++) scalar.set(bb, first + i * size, data[i]);
}

export function createVector(builder, scalar, data, align) {
  if (scalar.size === 1 && data instanceof Uint8Array) return createOctets(builder, data, align);
  builder.startVector(scalar.size, data.length, align);
  writeAll(builder, scalar, data);
  return builder.endVector();
}

export function createVector64(builder, scalar, data, align) {
  startVector64(builder, scalar.size, data.length, align);
  writeAll(builder, scalar, data);
  return endVector64(builder, data.length);
}

/* Of strings, tables or union values; 0 is the value of a union that is NONE. */
export function createOffsets(builder, offsets) {
  builder.startVector(4, offsets.length, 4);
  for (let i = offsets.length - 1; i >= 0; i--) {
    if (offsets[i]) builder.addOffset(offsets[i]);
    else builder.addInt32(0);
  }
  return builder.endVector();
}

/* A finished buffer. Builders make the length a multiple of the largest alignment inside: so much of
 * it the vector gets, at least 8, at most 32. */
function nestedAlign(length) {
  return length === 0 || length % 16 ? 8 : length % 32 ? 16 : 32;
}

export function createNested(builder, bytes) {
  return createVector(builder, OCTET, bytes, nestedAlign(bytes.length));
}

export function createNested64(builder, bytes) {
  return createVector64(builder, OCTET, bytes, nestedAlign(bytes.length));
}

/* ---- whole buffers ---- */

/* The builder does not tell the largest alignment that it has met: this is the largest there is. */
const ALIGN_MAX = 32;

export function finishSizePrefixed64(builder, root, identifier) {
  builder.prep(ALIGN_MAX, SIZE_PREFIX64_LENGTH + 4 + (identifier === null ? 0 : 4));
  for (let i = 3; identifier !== null && i >= 0; i--) builder.writeInt8(identifier.charCodeAt(i));
  builder.addOffset(root);
  builder.writeInt64(BigInt(builder.offset()));
  builder.dataBuffer().setPosition(here(builder));
}

/* ---- structs ---- */

export function startStruct(builder, size, align) {
  builder.prep(align, size);
  return room(builder, size);
}

function checkLength(given, length) {
  if (given > length) throw new RangeError(`${given} elements for an array of ${length}`);
}

export function storeScalars(bb, first, scalar, length, data) {
  if (!data) return;
  checkLength(data.length, length);
  for (let i = 0; i < data.length; i++) scalar.set(bb, first + i * scalar.size, data[i]);
}

export function storeStructs(bb, first, size, length, data) {
  if (!data) return;
  checkLength(data.length, length);
  for (let i = 0; i < data.length; i++) data[i].store(bb, first + i * size);
}

/* The position of the elements of a vector of structs, which follow its length. */
export function storeVector(builder, size, data) {
  const first = room(builder, size * data.length);
  storeStructs(builder.dataBuffer(), first, size, data.length, data);
  return first;
}

/* ---- the object API ---- */

export function packUnion(builder, value) {
  if (value === null) return 0;
  return typeof value === 'string' ? builder.createString(value) : value.pack(builder);
}
