/** An object of a Python class, for `writePickle`. */
export class PythonObject {
  constructor(
    readonly module: string,
    readonly name: string,
    readonly state: unknown,
  ) {}
}

/**
 * A pickle of protocol 2 as Python's pickler writes it, without a memo: numbers, texts, lists, dicts (Map or plain
 * object) and objects with `__dict__`.
 */
export function writePickle(value: unknown): Uint8Array {
  const parts: Buffer[] = [Buffer.from([0x80, 2])];
  const put = (...bytes: (number | Buffer | string)[]): void => {
    for (const b of bytes)
      parts.push(typeof b === 'number' ? Buffer.from([b]) : typeof b === 'string' ? Buffer.from(b, 'latin1') : b);
  };
  const write = (item: unknown): void => {
    if (item === null || item === undefined) put('N');
    else if (typeof item === 'boolean') put(item ? 0x88 : 0x89);
    else if (typeof item === 'number') {
      const bytes = Buffer.alloc(8);
      if (Number.isInteger(item) && Math.abs(item) < 2 ** 31) {
        bytes.writeInt32LE(item);
        put('J', bytes.subarray(0, 4));
      } else {
        bytes.writeDoubleBE(item);
        put('G', bytes);
      }
    } else if (typeof item === 'string') {
      const text = Buffer.from(item, 'utf8');
      const length = Buffer.alloc(4);
      length.writeUInt32LE(text.length);
      put('X', length, text);
    } else if (Array.isArray(item)) {
      put('](');
      item.forEach(write);
      put('e');
    } else if (item instanceof PythonObject) {
      put(`c${item.module}\n${item.name}\n)`, 0x81);
      write(item.state);
      put('b');
    } else {
      put('}(');
      for (const [key, field] of item instanceof Map ? item : Object.entries(item)) {
        write(key);
        write(field);
      }
      put('u');
    }
  };
  write(value);
  put('.');
  return new Uint8Array(Buffer.concat(parts));
}
