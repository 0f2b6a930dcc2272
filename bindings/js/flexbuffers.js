// SPDX-License-Identifier: Apache-2.0
/*
 * FlexBuffers as values of the language, both ways. Integers that a number cannot hold are bigints;
 * blobs are Uint8Arrays.
 *
 * The root's type and width are the last two octets, its slot is before them. A slot holds a
 * scalar, or how far back its value begins; so nothing can refer to itself. A vector has its length
 * before its elements and a type for each behind; a map is a vector with two more words before: how
 * far back its keys are, a vector of keys in the order of their octets, and their width. Widths are
 * 1, 2, 4 or 8 octets.
 *
 * Reading checks each slot before it is read. Values may be shared, so what they cost is paid from
 * two bounds, values and octets, that are proportional to the length.
 */
import { VerifyError } from './verifier.js';

const INT = 1, UINT = 2, FLOAT = 3, KEY = 4, STRING = 5, INDIRECT_INT = 6, INDIRECT_FLOAT = 8, MAP = 9, VECTOR = 10;
const VECTOR_INT = 11, VECTOR_STRING = 15, VECTOR_INT2 = 16, VECTOR_FLOAT4 = 24, BLOB = 25, BOOL = 26, VECTOR_BOOL = 36;
const DEPTH_MAX = 64;

/* ---- reading ---- */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function small(value) {
  return BigInt.asIntN(54, value) === value ? Number(value) : value;
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.values = 4 * bytes.length + 64;
    this.octets = 64 * bytes.length + (1 << 20);
    this.depth = 0;
  }

  refuse(at, what) {
    throw new VerifyError('FlexBuffer', at, what);
  }

  checkWidth(at, width) {
    if (width !== 1 && width !== 2 && width !== 4 && width !== 8) this.refuse(at, 'no value has this width');
  }

  unsigned(at, width) {
    if (width === 8) return small(this.view.getBigUint64(at, true));
    return width === 4 ? this.view.getUint32(at, true) : width === 2 ? this.view.getUint16(at, true) : this.bytes[at];
  }

  signed(at, width) {
    if (width === 8) return small(this.view.getBigInt64(at, true));
    return width === 4 ? this.view.getInt32(at, true) : width === 2 ? this.view.getInt16(at, true) : this.view.getInt8(at);
  }

  number(at, width, type) {
    if (type === INT) return this.signed(at, width);
    if (type === UINT) return this.unsigned(at, width);
    if (width < 4) this.refuse(at, 'a float has no such width');
    return width === 4 ? this.view.getFloat32(at, true) : this.view.getFloat64(at, true);
  }

  /* Where the offset in a slot leads. */
  follow(at, width) {
    const back = this.unsigned(at, width);
    if (back > at) this.refuse(at, 'an offset leads out of the buffer');
    return at - Number(back);
  }

  /* The length before a value whose elements are inside. */
  count(at, width, each) {
    if (at < width) this.refuse(at, 'a length is before the buffer');
    const count = Number(this.unsigned(at - width, width));
    if (at + count * each > this.bytes.length) this.refuse(at, 'a length leads out of the buffer');
    return count;
  }

  slice(at, length) {
    this.octets -= length;
    if (this.octets < 0) this.refuse(at, 'more text in shared strings than the length allows');
    return this.bytes.subarray(at, at + length);
  }

  text(at, length) {
    const octets = this.slice(at, length);
    if (this.bytes[at + length] !== 0) this.refuse(at, 'a string is not terminated');
    try {
      return decoder.decode(octets);
    } catch {
      return this.refuse(at, 'a string is not UTF-8');
    }
  }

  key(at) {
    const end = this.bytes.indexOf(0, at);
    return this.text(at, end < 0 ? this.bytes.length - at : end - at);
  }

  /* What the slot at `at` stands for. */
  value(at, slotWidth, packed) {
    const type = packed >> 2, width = 1 << (packed & 3);
    if (this.values-- === 0) this.refuse(at, 'more values than the length allows');
    if (type === 0) return null;
    if (type === BOOL) return this.unsigned(at, slotWidth) !== 0;
    if (type <= FLOAT) return this.number(at, slotWidth, type);
    const to = this.follow(at, slotWidth);
    if (type === KEY) return this.key(to);
    if (type === STRING) return this.text(to, this.count(to, width, 1));
    if (type === BLOB) return this.slice(to, this.count(to, width, 1)).slice();
    if (type > INDIRECT_FLOAT) return this.elements(at, to, width, type);
    if (to + width > this.bytes.length) this.refuse(to, 'a number is cut off');
    return this.number(to, width, type - INDIRECT_INT + INT);
  }

  elements(at, to, width, type) {
    if (type > VECTOR_FLOAT4 && type !== VECTOR_BOOL) this.refuse(at, 'no such type');
    if (this.depth === DEPTH_MAX) this.refuse(to, 'nested too deep');
    const mixed = type <= VECTOR, fixed = type >= VECTOR_INT2 && type <= VECTOR_FLOAT4;
    const count = fixed ? Math.floor((type - VECTOR_INT2) / 3) + 2 : this.count(to, width, width + +mixed);
    if (to + count * width > this.bytes.length) this.refuse(to, 'a vector leads out of the buffer');
    const element = fixed ? INT + ((type - VECTOR_INT2) % 3) : type === VECTOR_BOOL ? BOOL : type === VECTOR_STRING ? KEY : type - VECTOR_INT + INT;
    const packed = mixed ? (i) => this.bytes[to + count * width + i] : () => element << 2;
    const keyAt = type === MAP ? this.keys(to, width, count) : null, items = [];
    this.depth++;
    for (let i = 0; i < count; i++) {
      const value = this.value(to + i * width, width, packed(i));
      items.push(keyAt ? [this.key(keyAt(i)), value] : value);
    }
    this.depth--;
    return keyAt ? Object.fromEntries(items) : items;
  }

  /* Where a map's keys are, by index. */
  keys(to, width, count) {
    const at = to - 3 * width;
    if (at < 0) this.refuse(to, "a map's keys are before the buffer");
    const keyWidth = this.unsigned(at + width, width);
    this.checkWidth(at, keyWidth);
    const first = this.follow(at, width);
    if (this.count(first, keyWidth, keyWidth) !== count) this.refuse(at, 'a map has not a key for each value');
    return (i) => this.follow(first + i * keyWidth, keyWidth);
  }

  root() {
    const length = this.bytes.length;
    if (length < 3) this.refuse(0, 'no FlexBuffer has this length');
    const width = this.bytes[length - 1];
    this.checkWidth(length - 1, width);
    if (width > length - 2) this.refuse(length - 1, 'the root is before the buffer');
    return this.value(length - 2 - width, width, this.bytes[length - 2]);
  }
}

export function decodeFlex(octets) {
  return new Reader(octets).root();
}

/* ---- writing ---- */

const encoder = new TextEncoder();

/* The exponent of the least width that holds it. */
function widthOf(unsigned) {
  return unsigned < 0x100 ? 0 : unsigned < 0x10000 ? 1 : unsigned < 0x100000000 ? 2 : 3;
}

function integer(value) {
  const magnitude = value < 0 ? -value - (typeof value === 'bigint' ? 1n : 1) : value;
  if (magnitude >= 1n << 63n) {
    if (value < 0 || value >= 1n << 64n) throw new RangeError(`${value} has more than 64 bits`);
    return { type: UINT, width: 3, value };
  }
  return { type: INT, width: magnitude < 0x80 ? 0 : magnitude < 0x8000 ? 1 : magnitude < 0x80000000 ? 2 : 3, value };
}

function number(value) {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return integer(value);
  return { type: FLOAT, width: Math.fround(value) === value || value !== value ? 2 : 3, value };
}

function compareOctets(a, b) {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

/* A value that has been written has its place `at`; a scalar has a `value`, and its slot's width
 * is that of the vector. */
class Writer {
  constructor() {
    this.bytes = new Uint8Array(256);
    this.view = new DataView(this.bytes.buffer);
    this.length = 0;
    this.texts = new Map();
    this.depth = 0;
  }

  /* The position of so many octets more. */
  room(octets) {
    const at = this.length;
    this.length += octets;
    if (this.length > this.bytes.length) {
      const more = new Uint8Array(Math.max(2 * this.bytes.length, this.length));
      more.set(this.bytes);
      this.bytes = more;
      this.view = new DataView(more.buffer);
    }
    return at;
  }

  align(size) {
    this.room(-this.length & (size - 1));
  }

  put(value, size) {
    const at = this.room(size);
    if (size === 8) this.view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
    else if (size === 4) this.view.setUint32(at, Number(value), true);
    else if (size === 2) this.view.setUint16(at, Number(value), true);
    else this.view.setUint8(at, Number(value));
  }

  putFloat(value, size) {
    const at = this.room(size);
    if (size === 8) this.view.setFloat64(at, value, true);
    else this.view.setFloat32(at, value, true);
  }

  putElement(element, size) {
    if (element.at !== undefined) this.put(this.length - element.at, size);
    else if (element.type === FLOAT) this.putFloat(element.value, size);
    else this.put(element.value, size);
  }

  /* The exponent of the least width whose slots, `before` more of them first, hold all elements. */
  slotWidth(elements, least, before) {
    for (let width = least; width < 3; width++) {
      const size = 1 << width, first = this.length + (-this.length & (size - 1)) + before * size;
      const fits = (e, i) => (e.at === undefined ? e.width : widthOf(first + i * size - e.at)) <= width;
      if (elements.every(fits)) return width;
    }
    return 3;
  }

  octets(octets, type) {
    const width = widthOf(octets.length);
    this.align(1 << width);
    this.put(octets.length, 1 << width);
    const at = this.room(octets.length + (type === STRING ? 1 : 0));
    this.bytes.set(octets, at);
    return { type, width, at };
  }

  /* Keys and strings are written once. */
  once(text, type, write) {
    const name = `${type}${text}`;
    if (!this.texts.has(name)) this.texts.set(name, write(encoder.encode(text)));
    return this.texts.get(name);
  }

  key(text) {
    if (text.includes('\0')) throw new RangeError('a key with U+0000');
    return this.once(text, KEY, (octets) => {
      const at = this.room(octets.length + 1);
      this.bytes.set(octets, at);
      return { type: KEY, width: 0, at, octets };
    });
  }

  vector(elements, type, keys) {
    const width = this.slotWidth(keys ? [keys, ...elements] : elements, widthOf(elements.length), keys ? 2 : 1), size = 1 << width;
    this.align(size);
    if (keys) {
      this.putElement(keys, size);
      this.put(1 << keys.width, size);
    }
    this.put(elements.length, size);
    const at = this.length;
    for (const element of elements) this.putElement(element, size);
    if (type <= VECTOR) for (const e of elements) this.put((e.type << 2) | (e.at === undefined ? width : e.width), 1);
    return { type, width, at };
  }

  map(object) {
    const names = Object.keys(object).filter((name) => object[name] !== undefined);
    const keys = names.map((name) => [this.key(name), name]).sort(([a], [b]) => compareOctets(a.octets, b.octets));
    const values = keys.map(([, name]) => this.value(object[name]));
    return this.vector(values, MAP, this.vector(keys.map(([key]) => key), VECTOR_INT + KEY - INT));
  }

  value(value) {
    if (value === null) return { type: 0, width: 0, value: 0 };
    if (typeof value === 'boolean') return { type: BOOL, width: 0, value: +value };
    if (typeof value === 'bigint') return integer(value);
    if (typeof value === 'number') return number(value);
    if (typeof value === 'string') return this.once(value, STRING, (octets) => this.octets(octets, STRING));
    if (value instanceof Uint8Array) return this.octets(value, BLOB);
    if (typeof value !== 'object') throw new TypeError(`a FlexBuffer has no ${typeof value}`);
    if (this.depth === DEPTH_MAX) throw new RangeError(`a value nested more than ${DEPTH_MAX} deep`);
    this.depth++;
    const written = Array.isArray(value) ? this.vector(value.map((element) => this.value(element)), VECTOR) : this.map(value);
    this.depth--;
    return written;
  }

  finish(root) {
    const width = this.slotWidth([root], 0, 0), size = 1 << width;
    this.align(size);
    this.putElement(root, size);
    this.put((root.type << 2) | (root.at === undefined ? width : root.width), 1);
    this.put(size, 1);
    return this.bytes.slice(0, this.length);
  }
}

export function encodeFlex(value) {
  const writer = new Writer();
  return writer.finish(writer.value(value));
}
