// SPDX-License-Identifier: Apache-2.0
// peer copy|young IN OUT: the root of IN is verified, unpacked through accessors into objects, and packed into OUT.
import { readFileSync, writeFileSync } from 'node:fs';

import * as flatbuffers from 'flatbuffers';

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

const [mode, from, to] = process.argv.slice(2);
const copy = mode === undefined ? undefined : modes[mode];
if (!copy || from === undefined || to === undefined) throw new Error('usage: peer copy|young IN OUT');
writeFileSync(to, copy(readFileSync(from)).asUint8Array());
