// Ways to spoil a file. Each takes the bytes, another seed's bytes, and a generator; none changes what it is given.

import { parse, write } from './wire-tree.js';

/** Numbers that lengths, counts and extents break at. */
const ODD_BYTES = [0, 1, 0x7f, 0x80, 0xfe, 0xff];
const ODD_RUNS = ['ffffffff', 'ffffff7f', '00000080', 'ffffffff0f', 'ffffffffffffffffff01', '8080808000', 'ffffffffffffff7f'];
const ODD_NUMBERS = [
  '-1',
  '0',
  '1e308',
  '-1e308',
  '4294967296',
  '9007199254740993',
  '2147483647',
  '1000000000',
  '0.5',
  'null',
  '"x"',
  '[]',
  '{}',
];
/** Operations of the pickle machine that make, copy, remember and call. */
const PICKLE_CODES = Buffer.from(
  '(.012FIJKLMNRSTUVXabcdeghijlopqrstu)]}BC\x80\x81\x82\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96',
  'latin1',
);

/** One as often as several: a file with one wrong bit is read the deepest. */
const few = (rng, most) => (rng.int(2) === 0 ? 1 : 1 + rng.int(most));

const cut = (bytes, _, rng) => bytes.slice(0, rng.int(bytes.length + 1));
const flip = (bytes, _, rng) => {
  const out = bytes.slice();
  for (let i = few(rng, 20); i > 0 && out.length > 0; i--) out[rng.int(out.length)] ^= 1 << rng.int(8);
  return out;
};
const odd = (bytes, _, rng) => {
  const out = bytes.slice();
  for (let i = few(rng, 8); i > 0 && out.length > 0; i--) out[rng.int(out.length)] = ODD_BYTES[rng.int(ODD_BYTES.length)];
  return out;
};
const insert = (bytes, piece, at) => new Uint8Array(Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]));
const run = (bytes, _, rng) => insert(bytes, Buffer.from(ODD_RUNS[rng.int(ODD_RUNS.length)], 'hex'), rng.int(bytes.length + 1));
const part = (bytes, rng) => {
  const at = rng.int(bytes.length + 1);
  return bytes.subarray(at, at + rng.int(Math.min(2000, bytes.length - at + 1)));
};
const drop = (bytes, _, rng) => {
  const piece = part(bytes, rng);
  const at = piece.byteOffset - bytes.byteOffset;
  return new Uint8Array(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + piece.length)]));
};
const repeat = (bytes, _, rng) => {
  const piece = part(bytes, rng);
  return insert(bytes, Buffer.concat(new Array(1 + rng.int(20)).fill(piece)), rng.int(bytes.length + 1));
};
const graft = (bytes, other, rng) => insert(bytes, part(other, rng), rng.int(bytes.length + 1));
const noise = (_, __, rng) => Uint8Array.from({ length: rng.int(400) }, () => rng.int(256));
const numbers = (bytes, _, rng) => {
  let left = 1 + rng.int(5);
  const every = 1 + rng.int(40);
  let seen = 0;
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replace(/-?\d+(\.\d+)?/g, (whole) => {
      if (left === 0 || ++seen % every !== 0) return whole;
      left--;
      return ODD_NUMBERS[rng.int(ODD_NUMBERS.length)];
    });
  return new Uint8Array(Buffer.from(text, 'latin1'));
};
const codes = (bytes, _, rng) => {
  const piece = Buffer.from(Array.from({ length: 1 + rng.int(30) }, () => PICKLE_CODES[rng.int(PICKLE_CODES.length)]));
  return insert(
    bytes,
    rng.int(3) === 0 ? Buffer.concat(new Array(1 + rng.int(3000)).fill(piece)) : piece,
    rng.int(bytes.length + 1),
  );
};

/** A value of a JSON file put in another's place, or made odd. */
const rewire = (bytes, _, rng) => {
  let file;
  try {
    file = JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return flip(bytes, _, rng);
  }
  const places = [];
  const walk = (value) => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      places.push([value, key]);
      walk(value[key]);
    }
  };
  walk(file);
  for (let i = 1 + rng.int(4); i > 0 && places.length > 0; i--) {
    const [owner, key] = places[rng.int(places.length)];
    const [from, name] = places[rng.int(places.length)];
    const choice = rng.int(4);
    if (choice === 0) delete owner[key];
    else if (choice === 1) owner[key] = structuredClone(from[name]);
    else if (choice === 2) owner[key] = JSON.parse(ODD_NUMBERS[rng.int(ODD_NUMBERS.length)]);
    else if (Array.isArray(owner)) owner.push(...new Array(1 + rng.int(50)).fill(owner[key]));
  }
  return new Uint8Array(Buffer.from(JSON.stringify(file)));
};

const ODD_INTEGERS = [0n, 1n, -1n, 2n, 3n, 127n, 65536n, 2n ** 31n, 2n ** 32n, 2n ** 40n, 2n ** 53n, -(2n ** 63n)];

/** Fields of a protobuf message deleted, doubled, moved, or given odd numbers; every length stays right. */
const refield = (bytes, other, rng) => {
  const tree = parse(bytes);
  if (tree === null || tree.length === 0) return flip(bytes, other, rng);
  const places = [];
  const walk = (fields) => {
    fields.forEach((field, i) => {
      places.push([fields, i]);
      if (field.inner !== null) walk(field.inner);
    });
  };
  walk(tree);
  for (let i = few(rng, 6); i > 0; i--) {
    const [owner, at] = places[rng.int(places.length)];
    const field = owner[at];
    if (field === undefined) continue;
    const choice = rng.int(5);
    if (choice === 0) owner.splice(at, 1);
    else if (choice === 1) owner.splice(at, 0, ...new Array(few(rng, 200)).fill(field));
    else if (choice === 2) {
      const [from, place] = places[rng.int(places.length)];
      if (from[place] !== undefined)
        owner[at] = { ...structuredClone(from[place]), number: rng.int(2) ? field.number : 1 + rng.int(20) };
    } else if (field.wire === 0) field.value = ODD_INTEGERS[rng.int(ODD_INTEGERS.length)];
    else if (field.inner === null && field.value.length > 0) field.value = flip(field.value, other, rng);
    else field.number = 1 + rng.int(20);
    if (write(tree).length > 2e6) break;
  }
  return new Uint8Array(write(tree));
};

const COMMON = [cut, flip, odd, run, drop, repeat, graft, noise];
const MUTATIONS = {
  onnx: [...COMMON, flip, refield, refield, refield, refield, refield, refield, refield, refield],
  tfjs: [cut, flip, drop, numbers, numbers, rewire, rewire, rewire],
  pickle: [...COMMON, codes, codes, numbers],
};

/** @returns {Uint8Array} a spoilt copy: one mutation, or a few on top of each other. */
export function mutate(kind, bytes, other, rng) {
  const ways = MUTATIONS[kind];
  let out = bytes;
  for (let i = rng.int(3) === 0 ? 1 + rng.int(4) : 1; i > 0; i--) out = ways[rng.int(ways.length)](out, other, rng);
  return out;
}
