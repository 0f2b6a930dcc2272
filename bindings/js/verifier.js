// SPDX-License-Identifier: Apache-2.0
/*
 * Verification: one recursive engine over shapes, which generated classes have. A shape is {name,
 * size, align} of a struct, or {name, fields} of a table; a field {id, name, size, align, flags,
 * check}, where `check` looks at what the field refers to.
 *
 * Every offset that is followed costs one of a budget that is proportional to the length. What else
 * takes time (octets that are looked at one by one, enums, tables with many fields) costs of another,
 * at the rates of the C run time, so that verdicts are the same. So shared objects cannot multiply
 * the work; nesting is bounded; nested buffers share all three. Numbers are doubles: sums of 32-bit numbers,
 * and of 64-bit ones that have been compared with the length, are exact.
 */

import { checkImports } from './stamp.js';

export const REQUIRED = 1;
export const SIZE_PREFIX64_LENGTH = 8;

export class VerifyError extends Error {
  constructor(path, at, what) {
    super(`${path}: ${what} (at ${at})`);
    this.name = 'VerifyError';
    this.path = path;
    this.at = at;
    this.reason = what;
  }
}

/* ---- shapes ---- */

export function struct(name, size, align) {
  return { name, size, align, fields: null };
}

export function table(name, make) {
  let fields = null, required = null;
  return {
    name,
    size: 0,
    align: 1,
    get fields() {
      return (fields ??= make());
    },
    /* The slot of the last field that is required. */
    get required() {
      return (required ??= this.fields.reduce((last, f) => (f.flags & REQUIRED ? f.slot : last), 0));
    },
  };
}

/* A union's members: by number a shape, or 'string'. */
export function members(make) {
  let map = null;
  return (number) => (map ??= new Map(make())).get(number);
}

const declared = new WeakMap();

/* The numbers that an enum declares: of a TypeScript enum's names and numbers, the numbers. */
export function values(enumeration) {
  let set = declared.get(enumeration);
  if (!set) declared.set(enumeration, (set = new Set(Object.values(enumeration).filter((v) => typeof v !== 'string'))));
  return set;
}

function field(id, name, size, flags, check) {
  return { id, name, slot: 4 + 2 * id, size, align: size, flags: flags ?? 0, check };
}

/* `values`: gives those that the enum declares. */
export function scalarField(id, name, scalar, values) {
  const check = values && ((v, at) => v.checkEnum(scalar, at, 1, values));
  return field(id, name, scalar.size, 0, check);
}

export function structField(id, name, size, align, flags) {
  return { ...field(id, name, size, flags, undefined), align };
}

export function stringField(id, name, flags) {
  return field(id, name, 4, flags, (v, at) => v.checkString(at));
}

export function stringField64(id, name, flags) {
  return field(id, name, 8, flags, (v, at) => v.checkString64(at));
}

export function tableField(id, name, shape, flags) {
  return field(id, name, 4, flags, (v, at) => v.checkTable(v.follow(at), shape()));
}

/* Of scalars or structs; `forced`: the field's force_align, 0: none. */
export function vectorField(id, name, size, align, forced, flags, scalar, values) {
  return field(id, name, 4, flags, (v, at) => {
    const { first, count } = v.vector(at, size, v.alignment(align, forced));
    if (values) v.checkEnum(scalar, first, count, values);
  });
}

export function vectorField64(id, name, size, align, forced, lengthSize, flags, scalar, values) {
  return field(id, name, 8, flags, (v, at) => {
    const { first, count } = v.vector64(at, size, v.alignment(align, forced), lengthSize);
    if (values) v.checkEnum(scalar, first, count, values);
  });
}

export function nestedField(id, name, shape, flags) {
  return field(id, name, 4, flags, (v, at) => v.checkNested(v.vector(at, 1, 1), shape()));
}

export function nestedField64(id, name, lengthSize, shape, flags) {
  return field(id, name, 8, flags, (v, at) => v.checkNested(v.vector64(at, 1, 1, lengthSize), shape()));
}

export function stringsField(id, name, flags) {
  return field(id, name, 4, flags, (v, at) => v.each(at, (element) => v.checkString(element)));
}

export function tablesField(id, name, shape, flags) {
  return field(id, name, 4, flags, (v, at) =>
    v.each(at, (element) => v.checkTable(v.follow(element), shape()))
  );
}

export function unionTypeField(id, name, scalar) {
  return field(id, name, scalar.size, 0, undefined);
}

export function unionField(id, name, scalar, find, flags) {
  return field(id, name, 4, flags, (v, at, pos) => {
    const type = v.at(pos, 4 + 2 * (id - 1));
    const number = type ? v.load(scalar, type) : 0;
    if (number == 0) v.refuse(at, 'a union value without a type');
    v.checkMember(at, number, find);
  });
}

export function unionTypesField(id, name, scalar) {
  return field(id, name, 4, 0, (v, at, pos) => {
    const { count } = v.vector(at, scalar.size, scalar.size);
    if (count && !v.at(pos, 4 + 2 * (id + 1))) v.refuse(at, 'types of a vector of unions without its values');
  });
}

export function unionsField(id, name, scalar, find, flags) {
  return field(id, name, 4, flags, (v, at, pos) => {
    const place = v.at(pos, 4 + 2 * (id - 1));
    if (!place) v.refuse(at, 'a vector of unions without its types');
    const types = v.vector(place, scalar.size, scalar.size), values = v.vector(at, 4, 4);
    if (types.count !== values.count) v.refuse(at, 'a vector of unions and its types differ in length');
    v.scan(at, types.count * scalar.size);
    for (let i = 0; i < values.count; i++) {
      const number = v.load(scalar, types.first + i * scalar.size);
      v.path[v.path.length - 1] = `${name}[${i}]`;
      if (number != 0) v.checkMember(values.first + 4 * i, number, find);
    }
  });
}

/* ---- the engine ---- */

const LENGTH_MAX = 0x7fffffff;
const utf8 = new TextDecoder('utf-8', { fatal: true });

class Verifier {
  constructor(bytes, prefix, options, shared) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.length = Math.min(bytes.length, LENGTH_MAX); /* what 32-bit offsets reach */
    this.prefix = prefix;
    this.options = options;
    this.shared = shared; /* the budget, with nested buffers */
    this.path = shared.path;
  }

  refuse(at, what) {
    throw new VerifyError(this.path.join('.'), at, what);
  }

  /* ---- the budget ---- */

  pay(at, count) {
    this.shared.offsets -= count;
    if (this.shared.offsets < 0) this.refuse(at, 'more offsets than the length allows');
  }

  scan(at, octets) {
    this.shared.octets -= octets;
    if (this.shared.octets < 0) this.refuse(at, 'more octets to look at than the length allows');
  }

  /* The blocks of eight fields that a table with several has: those in the vtable, and the others. */
  payBlocks(at, count, octets, size) {
    const all = Math.ceil(count / 8), there = Math.min(all, Math.ceil((octets - 4) / 16));
    const rate = size > 32767 || this.options.unaligned ? 16 : 4;
    if (all > 1) this.scan(at, rate * there + Math.floor((all - there) / 2));
  }

  /* ---- ranges ---- */

  checkAligned(at, align, what) {
    if ((at + this.prefix) % align && !this.options.unaligned) this.refuse(at, `${what} is not aligned`);
  }

  alignment(align, forced) {
    return this.options.forceAlign && forced > align ? forced : align;
  }

  /* Where the offset at `at` leads; the callers check what they read there. */
  target(at, room) {
    const offset = this.view.getUint32(at, true);
    if (offset === 0) this.refuse(at, 'an offset is 0');
    if (at + offset + room > this.length) this.refuse(at, 'an offset leads out of the buffer');
    return at + offset;
  }

  /* The same for all but structs: 4 octets are read there. */
  resolve(at) {
    const to = this.target(at, 4);
    this.checkAligned(to, 4, 'an offset');
    return to;
  }

  follow(at) {
    this.pay(at, 1);
    return this.resolve(at);
  }

  follow64(at, lengthSize) {
    this.pay(at, 1);
    const offset = this.view.getBigUint64(at, true);
    if (offset === 0n) this.refuse(at, 'an offset is 0');
    if (offset > BigInt(this.bytes.length - at - lengthSize)) this.refuse(at, 'an offset leads out of the buffer');
    const to = at + Number(offset);
    this.checkAligned(to, lengthSize, 'an offset');
    return to;
  }

  /* The elements of a vector whose offset is at `at`. */
  vector(at, size, align) {
    const from = this.follow(at);
    return this.elements(from, 4, BigInt(this.view.getUint32(from, true)), size, align, this.length);
  }

  vector64(at, size, align, lengthSize) {
    const from = this.follow64(at, lengthSize);
    const count = lengthSize === 8 ? this.view.getBigUint64(from, true) : BigInt(this.view.getUint32(from, true));
    return this.elements(from, lengthSize, count, size, align, this.bytes.length);
  }

  elements(from, lengthSize, length, size, align, end) {
    const first = from + lengthSize, count = Number(length);
    if (count > (end - first) / size) this.refuse(from, 'a vector leads out of the buffer');
    if (count) this.checkAligned(first, align, 'a vector');
    return { first, count };
  }

  /* Calls back for each element of a vector of offsets. */
  each(at, check) {
    const { first, count } = this.vector(at, 4, 4), last = this.path.length - 1, name = this.path[last];
    this.pay(first, count);
    for (let i = 0; i < count; i++) {
      this.path[last] = `${name}[${i}]`;
      this.shared.offsets++; /* paid for above, before the first is looked at */
      check(first + 4 * i);
    }
  }

  load(scalar, at) {
    return this.view[`get${scalar.method}`](at, true);
  }

  /* ---- values ---- */

  checkOctets(from, length, end) {
    if (from + 4 + length >= end) this.refuse(from, 'a string leads out of the buffer');
    if (this.bytes[from + 4 + length] !== 0) this.refuse(from, 'a string is not terminated');
    if (!this.options.utf8) return;
    this.scan(from, length);
    try {
      utf8.decode(this.bytes.subarray(from + 4, from + 4 + length));
    } catch {
      this.refuse(from, 'a string is not UTF-8');
    }
  }

  checkString(at) {
    const from = this.follow(at);
    this.checkOctets(from, this.view.getUint32(from, true), this.length);
  }

  checkString64(at) {
    const from = this.follow64(at, 4);
    this.checkOctets(from, this.view.getUint32(from, true), this.bytes.length);
  }

  checkEnum(scalar, at, count, values) {
    if (!this.options.enums) return;
    this.scan(at, 4 * count);
    const known = values();
    for (let i = 0; i < count; i++)
      if (!known.has(this.load(scalar, at + i * scalar.size))) this.refuse(at, 'an enum value is not declared');
  }

  checkMember(at, number, find) {
    const member = find(number);
    if (member === 'string') return this.checkString(at);
    if (member?.fields) return this.checkTable(this.follow(at), member);
    if (!member && this.options.strictUnions) this.refuse(at, 'an unknown union member');
    this.pay(at, 1);
    const to = this.target(at, member ? member.size : 1);
    if (member) this.checkAligned(to, member.align, 'a struct');
  }

  /* ---- tables ---- */

  /* The position of a present field, else 0. */
  at(pos, slot) {
    const vtable = pos - this.view.getInt32(pos, true);
    if (slot >= this.view.getUint16(vtable, true)) return 0;
    const offset = this.view.getUint16(vtable + slot, true);
    return offset && pos + offset;
  }

  checkTable(pos, shape) {
    if (this.shared.depth >= this.options.depthMax) this.refuse(pos, 'nested too deep');
    const vtable = pos - this.view.getInt32(pos, true);
    if (vtable < 0 || vtable + 4 > this.length) this.refuse(pos, 'a vtable leads out of the buffer');
    const octets = this.view.getUint16(vtable, true), size = this.view.getUint16(vtable + 2, true);
    if (octets < 4 || vtable + octets > this.length) this.refuse(pos, 'a vtable leads out of the buffer');
    if ((vtable | octets) & 1) this.refuse(pos, 'a vtable is not aligned');
    if (size < 4 || pos + size > this.length) this.refuse(pos, 'a table leads out of the buffer');
    this.shared.depth++;
    this.payBlocks(pos, shape.fields.length, octets, size);
    for (const f of shape.fields) {
      if (f.slot >= octets && f.slot > shape.required) break;
      const offset = f.slot < octets ? this.view.getUint16(vtable + f.slot, true) : 0;
      this.path.push(f.name);
      this.checkField(f, pos, offset, size);
      this.path.pop();
    }
    this.shared.depth--;
  }

  checkField(f, pos, offset, size) {
    if (offset === 0) {
      if (f.flags & REQUIRED && !this.options.noRequired) this.refuse(pos, 'a required field is missing');
      return;
    }
    if (offset < 4 || offset + f.size > size) this.refuse(pos, 'a field leads out of its table');
    this.checkAligned(pos + offset, f.align, 'a field');
    if (f.check) f.check(this, pos + offset, pos);
  }

  /* ---- buffers ---- */

  checkRoot(shape) {
    if (this.bytes.length < 8) this.refuse(0, 'too short for a buffer');
    this.checkTable(this.follow(0), shape);
  }

  /* An empty vector is no buffer, and allowed in its place. */
  checkNested({ first, count }, shape) {
    if (count === 0) return;
    if (this.shared.depth >= this.options.depthMax) this.refuse(first, 'nested too deep');
    this.shared.depth++;
    new Verifier(this.bytes.subarray(first, first + count), 0, this.options, this.shared).checkRoot(shape);
    this.shared.depth--;
  }
}

/* ---- whole buffers ---- */

const DEFAULTS = {
  utf8: false, enums: false, strictUnions: false, noRequired: false, unaligned: false, forceAlign: false,
  large: false, depthMax: 64, offsetsMax: 0,
};

function octetsOf(source) {
  return source instanceof Uint8Array ? source : source.bytes().subarray(source.position());
}

function verifyBytes(bytes, prefix, shape, identifier, given) {
  const options = { ...DEFAULTS, ...given }, path = [shape.name];
  checkImports();
  if (bytes.length > LENGTH_MAX && !options.large) throw new VerifyError(shape.name, 0, 'a buffer of 2 GiB or more');
  if (identifier !== null) {
    for (let i = 0; i < 4; i++)
      if (bytes[4 + i] !== identifier.charCodeAt(i))
        throw new VerifyError(shape.name, 4, `the file identifier is not "${identifier}"`);
  }
  const offsets = options.offsetsMax || Math.floor(bytes.length / 4) + 64;
  const shared = { path, depth: 0, offsets, octets: Math.max(16 * bytes.length + 4096, 64 * options.offsetsMax) };
  new Verifier(bytes, prefix, options, shared).checkRoot(shape);
}

export function verify(shape, source, identifier, options) {
  verifyBytes(octetsOf(source), 0, shape, identifier, options);
}

/* Behind a size prefix, which has to say how many octets follow it. */
function verifyPrefixed(prefix, shape, source, identifier, options) {
  const bytes = octetsOf(source);
  if (bytes.length < prefix) throw new VerifyError(shape.name, 0, `too short for a size prefix of ${prefix} octets`);
  const view = new DataView(bytes.buffer, bytes.byteOffset), left = bytes.length - prefix;
  const said = prefix === 8 ? view.getBigUint64(0, true) : BigInt(view.getUint32(0, true));
  if (said !== BigInt(left)) throw new VerifyError(shape.name, 0, `the size prefix says ${said} octets, ${left} follow it`);
  verifyBytes(bytes.subarray(prefix), prefix, shape, identifier, options);
}

export function verifySizePrefixed(shape, source, identifier, options) {
  verifyPrefixed(4, shape, source, identifier, options);
}

export function verifySizePrefixed64(shape, source, identifier, options) {
  verifyPrefixed(SIZE_PREFIX64_LENGTH, shape, source, identifier, options);
}
