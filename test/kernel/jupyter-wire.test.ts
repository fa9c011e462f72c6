import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ParseError } from '../../src/core/base/errors.js';
import { decodeMessage, encodeMessage, type JupyterMessage, request } from '../../src/kernel/jupyter-wire.js';

const content = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.parse(JSON.stringify(value)));
/** A frame that is the delimiter itself would end the routing prefix early; ZeroMQ identities never are. */
const bytes = fc.uint8Array({ maxLength: 20 }).filter((frame) => Buffer.from(frame).toString('latin1') !== '<IDS|MSG>');
const message: fc.Arbitrary<JupyterMessage> = fc.record({
  identities: fc.array(bytes, { maxLength: 3 }),
  header: fc.tuple(fc.string(), fc.string()).map(([session, type]) => request(session, type, {}).header),
  parent: fc.constant({}),
  metadata: content,
  content,
  buffers: fc.array(bytes, { maxLength: 3 }),
});
const key = fc.string({ minLength: 1 });
const asBytes = (m: JupyterMessage): unknown => ({
  ...m,
  identities: m.identities.map((b) => [...b]),
  buffers: m.buffers.map((b) => [...b]),
});

describe('Jupyter messages on the wire', () => {
  test('come back as they were sent, signed or not', () => {
    fc.assert(
      fc.property(message, fc.oneof(key, fc.constant('')), (sent, k) => {
        expect(asBytes(decodeMessage(encodeMessage(sent, k), k))).toEqual(asBytes(sent));
      }),
    );
  });

  test('are refused when signed with another key', () => {
    fc.assert(
      fc.property(message, key, key, (sent, ours, theirs) => {
        fc.pre(ours !== theirs);
        expect(() => decodeMessage(encodeMessage(sent, theirs), ours)).toThrow(ParseError);
      }),
    );
  });

  test('are refused when one byte of signature, header, parent, metadata or content was changed', () => {
    fc.assert(
      fc.property(message, key, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (sent, k, frame, at, flip) => {
        const frames = encodeMessage(sent, k);
        const part = frames[sent.identities.length + 1 + (frame % 5)];
        part[at % part.length] ^= flip;
        expect(() => decodeMessage(frames, k)).toThrow(ParseError);
      }),
    );
  });

  test('that are any other frames are refused, and nothing else is thrown', () => {
    const frames = fc.array(fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(Buffer.from('<IDS|MSG>'))), { maxLength: 8 });
    fc.assert(
      fc.property(frames, fc.oneof(key, fc.constant('')), (raw, k) => {
        expect(() => decodeMessage(raw, k)).toThrow(ParseError);
      }),
    );
  });

  test('carry the signature of the protocol: HMAC-SHA256 of the four parts in order, in hex', () => {
    // Python 3.11: hmac.new(b'key', b'{"msg_id":"1","msg_type":"t"}' + b'{}' * 3, 'sha256').hexdigest()
    const header = { msg_id: '1', msg_type: 't' } as JupyterMessage['header'];
    const frames = encodeMessage({ identities: [], header, parent: {}, metadata: {}, content: {}, buffers: [] }, 'key');
    expect(frames.map((frame) => frame.toString())).toEqual([
      '<IDS|MSG>',
      '5a6c96f5a0f3230fbe86bfe303866f2d24973553340f47c2e875f41a4466863b',
      '{"msg_id":"1","msg_type":"t"}',
      '{}',
      '{}',
      '{}',
    ]);
  });
});
