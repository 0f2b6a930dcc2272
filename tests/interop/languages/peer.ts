// SPDX-License-Identifier: Apache-2.0
// peer copy|young IN OUT: the root of IN is verified, unpacked through accessors into objects, and packed into OUT.
// peer verdicts IN OUT: whether each buffer of IN is accepted.
import { readFileSync, writeFileSync } from 'node:fs';

import * as flatbuffers from 'flatbuffers';
import { VerifyError } from 'zerowire';

import * as constructs from './constructs_generated.js';
import * as younger from './younger_generated.js';

const modes: Record<string, (octets: Uint8Array) => flatbuffers.Builder> = {
  copy(octets) {
    const builder = new flatbuffers.Builder(16);
    const object = constructs.Everything.verifyEverything(octets, { utf8: true, strictUnions: true }).unpack();
    constructs.Everything.finishEverythingBuffer(builder, object.pack(builder));
    return builder;
  },
  young(octets) {
    const builder = new flatbuffers.Builder(16);
    const object = younger.Everything.verifyEverything(octets, { utf8: true, strictUnions: true }).unpack();
    younger.Everything.finishEverythingBuffer(builder, object.pack(builder));
    return builder;
  },
};

const roots = { copy: constructs.Everything, young: younger.Everything };

/* A line of IN is a record, see test_languages.py. */
function accepts(line: string): boolean {
  const [mode, flagsText, prefix, depthMax, offsetsMax, hex] = line.split(' ');
  const flags = Number(flagsText), octets = Buffer.from(hex!, 'hex'), root = roots[mode as 'copy' | 'young'];
  const options = {
    utf8: !!(flags & 1), enums: !!(flags & 2), strictUnions: !!(flags & 4), noRequired: !!(flags & 8), unaligned: !!(flags & 16), forceAlign: !!(flags & 32),
    depthMax: Number(depthMax) || 64, offsetsMax: Number(offsetsMax),
  };
  try {
    if (prefix === '0') root.verifyEverything(octets, options);
    else root.verifySizePrefixedEverything(octets, options);
    return true;
  } catch (error) {
    if (error instanceof VerifyError) return false;
    throw error;
  }
}

const [mode, from, to] = process.argv.slice(2);
if (mode === undefined || from === undefined || to === undefined) throw new Error('usage: peer copy|young|verdicts IN OUT');
if (mode === 'verdicts') {
  writeFileSync(to, readFileSync(from, 'ascii').trim().split('\n').map((line) => (accepts(line) ? '1' : '0')).join(''));
} else {
  const copy = modes[mode];
  if (!copy) throw new Error(`there is no mode ${mode}`);
  writeFileSync(to, copy(readFileSync(from)).asUint8Array());
}
