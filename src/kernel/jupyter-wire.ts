import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { ParseError } from '../core/base/errors.js';

/** What a Jupyter message is about. Names are the protocol's own (jupyter-client, messaging 5.4). */
export interface JupyterHeader {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

export type JsonObject = { readonly [field: string]: unknown };

export interface JupyterMessage {
  /** ZeroMQ routing prefix; empty on messages that a client makes. */
  readonly identities: readonly Uint8Array[];
  readonly header: JupyterHeader;
  /** The header of the request that caused this message, or `{}`. */
  readonly parent: Partial<JupyterHeader>;
  readonly metadata: JsonObject;
  readonly content: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

const DELIMITER: Buffer = Buffer.from('<IDS|MSG>');
/** The version of the messaging protocol that is spoken. */
export const PROTOCOL_VERSION: string = '5.4';

/** A fresh request of a session. */
export function request(session: string, type: string, content: JsonObject): JupyterMessage {
  return {
    identities: [],
    header: {
      msg_id: randomUUID(),
      msg_type: type,
      session,
      username: 'nascope',
      date: new Date().toISOString(),
      version: PROTOCOL_VERSION,
    },
    parent: {},
    metadata: {},
    content,
    buffers: [],
  };
}

/** A message as ZeroMQ frames: identities, delimiter, signature, four JSON parts, buffers. An empty key leaves it unsigned. */
export function encodeMessage(message: JupyterMessage, key: string): Buffer[] {
  const parts = [message.header, message.parent, message.metadata, message.content].map((part) =>
    Buffer.from(JSON.stringify(part)),
  );
  return [
    ...message.identities.map((identity) => Buffer.from(identity)),
    DELIMITER,
    Buffer.from(signature(parts, key)),
    ...parts,
    ...message.buffers.map((buffer) => Buffer.from(buffer)),
  ];
}

/**
 * The message that frames carry; the inverse of `encodeMessage`.
 * @throws ParseError when the frames are not a message, or are not signed with this key. Receivers drop such frames.
 */
export function decodeMessage(frames: readonly Uint8Array[], key: string): JupyterMessage {
  const delimiter = frames.findIndex((frame) => DELIMITER.equals(frame));
  if (delimiter < 0) throw refuse(frames, 'the delimiter <IDS|MSG>');
  const parts = frames.slice(delimiter + 2, delimiter + 6).map((frame) => Buffer.from(frame));
  if (parts.length < 4) throw refuse(frames, 'a signature and four JSON parts after the delimiter');
  const got = Buffer.from(frames[delimiter + 1]);
  const want = Buffer.from(signature(parts, key));
  if (got.length !== want.length || !timingSafeEqual(got, want))
    throw refuse(frames, "a signature made with this connection's key");
  const [header, parent, metadata, content] = parts.map((part) => jsonObject(part, frames));
  if (typeof header.msg_id !== 'string' || typeof header.msg_type !== 'string')
    throw refuse(frames, 'a header with msg_id and msg_type');
  return {
    identities: frames.slice(0, delimiter),
    header: header as unknown as JupyterHeader,
    parent: parent as Partial<JupyterHeader>,
    metadata,
    content,
    buffers: frames.slice(delimiter + 6),
  };
}

function signature(parts: readonly Uint8Array[], key: string): string {
  if (key === '') return '';
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

function jsonObject(part: Buffer, frames: readonly Uint8Array[]): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(part.toString('utf8'));
  } catch {
    throw refuse(frames, 'JSON in each of the four parts');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse(frames, 'a JSON object in each of the four parts');
  return value as JsonObject;
}

function refuse(frames: readonly Uint8Array[], expected: string): ParseError {
  const text = frames.map((frame) => Buffer.from(frame).toString('latin1')).join(' ');
  return new ParseError({ what: 'Jupyter message', text, at: 0, expected });
}
