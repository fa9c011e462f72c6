// Long because it is one switch with a case for each of the 68 operations: a table of functions would be longer.

import { type DataError, UnsupportedError } from '../../core/base/errors.js';
import { rebuild } from './pickle-classes.js';
import { type PickleCursor, quotedString, rawUnicode } from './pickle-cursor.js';
import type { PickleBudget } from './pickle-limits.js';
import { setNumpyState } from './pickle-numpy.js';
import { OPCODES } from './pickle-opcodes.js';
import { InertRecord, PickleGlobal, type PickleValue } from './pickle-value.js';

/** What an object stands for that a pickle names by an id of its program's own. */
export type PersistentLoad = (id: PickleValue) => PickleValue;

/** What a container takes, about, in bytes. */
const ARRAY = 48;
const TABLE = 240;
const RECORD = 400;

/**
 * The stack machine that pickles are programs of, with every operation of protocols 0 to 5 (Python's `pickle._Unpickler`
 * is the reference). It has no operation that runs anything: where Python would call, it makes a value that it knows or
 * an inert record.
 */
export class PickleMachine {
  #stack: PickleValue[] = [];
  readonly #outer: PickleValue[][] = [];
  /** Places are given out in order by most writers; others are kept beside. */
  readonly #memo: PickleValue[] = [];
  readonly #sparse = new Map<number, PickleValue>();
  readonly #globals = new Map<string, PickleGlobal>();

  constructor(
    readonly cursor: PickleCursor,
    readonly budget: PickleBudget,
    readonly persistent: PersistentLoad,
  ) {}

  /** Runs to the next STOP. @throws DataError, UnsupportedError */
  run(): PickleValue {
    for (;;) {
      const code = this.cursor.byte();
      if (code === OPCODES.STOP) return this.#pop();
      this.budget.spend(8);
      this.#step(code);
    }
  }

  #step(code: number): void {
    const { cursor } = this;
    switch (code) {
      case OPCODES.PROTO: {
        const protocol = cursor.byte();
        if (protocol > 5) throw new UnsupportedError(`pickle protocol ${protocol}`, 'Protocols 0 to 5 are read.');
        break;
      }
      case OPCODES.FRAME: {
        const length = cursor.uint64();
        const left = cursor.bytes.length - cursor.at;
        if (length > left) throw cursor.wrong(`a frame of ${length} bytes`, `only ${left}`);
        break;
      }

      // Constants.
      case OPCODES.NONE:
        this.#push(null);
        break;
      case OPCODES.NEWTRUE:
        this.#push(true);
        break;
      case OPCODES.NEWFALSE:
        this.#push(false);
        break;
      case OPCODES.INT: {
        const text = cursor.line().trim();
        this.#push(text === '01' ? true : text === '00' ? false : cursor.decimal(text));
        break;
      }
      case OPCODES.LONG:
        this.#push(cursor.decimal(cursor.line()));
        break;
      case OPCODES.BININT:
        this.#push(cursor.int32());
        break;
      case OPCODES.BININT1:
        this.#push(cursor.byte());
        break;
      case OPCODES.BININT2:
        this.#push(cursor.uint16());
        break;
      case OPCODES.LONG1:
        this.#push(cursor.long(cursor.byte()));
        break;
      case OPCODES.LONG4: {
        const length = cursor.int32();
        if (length < 0) throw cursor.wrong('the length of an integer', `${length}`);
        this.#push(cursor.long(length));
        break;
      }
      case OPCODES.FLOAT:
        this.#push(this.#float(cursor.line()));
        break;
      case OPCODES.BINFLOAT:
        this.#push(cursor.float64());
        break;

      // Texts and bytes.
      case OPCODES.STRING: {
        const line = cursor.line();
        const text = quotedString(line);
        if (text === null) throw cursor.wrong('a text in quotes', `"${line.slice(0, 40)}"`);
        this.#text(text);
        break;
      }
      case OPCODES.BINSTRING: {
        const length = cursor.int32();
        if (length < 0) throw cursor.wrong('the length of a text', `${length}`);
        this.#text(cursor.latin1(length));
        break;
      }
      case OPCODES.SHORT_BINSTRING:
        this.#text(cursor.latin1(cursor.byte()));
        break;
      case OPCODES.UNICODE:
        this.#text(rawUnicode(cursor.line()));
        break;
      case OPCODES.SHORT_BINUNICODE:
        this.#text(cursor.utf8(cursor.byte()));
        break;
      case OPCODES.BINUNICODE:
        this.#text(cursor.utf8(cursor.uint32()));
        break;
      case OPCODES.BINUNICODE8:
        this.#text(cursor.utf8(cursor.uint64()));
        break;
      case OPCODES.SHORT_BINBYTES:
        this.#bytes(cursor.byte());
        break;
      case OPCODES.BINBYTES:
        this.#bytes(cursor.uint32());
        break;
      case OPCODES.BINBYTES8:
      case OPCODES.BYTEARRAY8:
        this.#bytes(cursor.uint64());
        break;
      case OPCODES.NEXT_BUFFER:
        throw new UnsupportedError('a pickle whose buffers lie outside of it', 'Write it without a `buffer_callback`.');
      case OPCODES.READONLY_BUFFER:
        break;

      // Containers.
      case OPCODES.MARK:
        this.budget.spend(ARRAY);
        this.#outer.push(this.#stack);
        this.#stack = [];
        break;
      case OPCODES.POP:
        if (this.#stack.length > 0) this.#stack.pop();
        else this.#popMark();
        break;
      case OPCODES.POP_MARK:
        this.#popMark();
        break;
      case OPCODES.DUP:
        this.#push(this.#top());
        break;
      case OPCODES.EMPTY_LIST:
      case OPCODES.EMPTY_TUPLE:
        this.#made([], ARRAY);
        break;
      case OPCODES.LIST:
      case OPCODES.TUPLE:
        this.#made(this.#popMark(), ARRAY);
        break;
      case OPCODES.TUPLE1:
        this.#made(this.#popTuple(1), ARRAY);
        break;
      case OPCODES.TUPLE2:
        this.#made(this.#popTuple(2), ARRAY);
        break;
      case OPCODES.TUPLE3:
        this.#made(this.#popTuple(3), ARRAY);
        break;
      case OPCODES.EMPTY_DICT:
        this.#made(new Map(), TABLE);
        break;
      case OPCODES.DICT: {
        const items = this.#popMark();
        const dict = new Map<PickleValue, PickleValue>();
        this.#set(dict, items);
        this.#made(dict, TABLE);
        break;
      }
      case OPCODES.EMPTY_SET:
        this.#made(new Set(), TABLE);
        break;
      case OPCODES.FROZENSET: {
        const items = this.#popMark();
        this.#made(new Set(items), TABLE + 32 * items.length);
        break;
      }
      case OPCODES.APPEND: {
        const item = this.#pop();
        this.#append(this.#top(), [item]);
        break;
      }
      case OPCODES.APPENDS: {
        const items = this.#popMark();
        this.#append(this.#top(), items);
        break;
      }
      case OPCODES.ADDITEMS: {
        const items = this.#popMark();
        const set = this.#top();
        if (set instanceof Set) {
          this.budget.spend(32 * items.length);
          for (const item of items) set.add(item);
        } else {
          this.#append(set, items);
        }
        break;
      }
      case OPCODES.SETITEM: {
        const value = this.#pop();
        const key = this.#pop();
        this.#set(this.#top(), [key, value]);
        break;
      }
      case OPCODES.SETITEMS: {
        const items = this.#popMark();
        this.#set(this.#top(), items);
        break;
      }

      // The memo.
      case OPCODES.PUT:
        this.#remember(this.#place(cursor.line()));
        break;
      case OPCODES.BINPUT:
        this.#remember(cursor.byte());
        break;
      case OPCODES.LONG_BINPUT:
        this.#remember(cursor.uint32());
        break;
      case OPCODES.MEMOIZE:
        this.#remember(this.#memo.length + this.#sparse.size);
        break;
      case OPCODES.GET:
        this.#recall(this.#place(cursor.line()));
        break;
      case OPCODES.BINGET:
        this.#recall(cursor.byte());
        break;
      case OPCODES.LONG_BINGET:
        this.#recall(cursor.uint32());
        break;

      // Names, and what Python would call.
      case OPCODES.GLOBAL:
        this.#push(this.#global(cursor.line(), cursor.line()));
        break;
      case OPCODES.STACK_GLOBAL: {
        const name = this.#pop();
        const module = this.#pop();
        if (typeof name !== 'string' || typeof module !== 'string') throw cursor.wrong('a module and a name', 'other values');
        this.#push(this.#global(module, name));
        break;
      }
      case OPCODES.EXT1:
        this.#push(this.#extension(cursor.byte()));
        break;
      case OPCODES.EXT2:
        this.#push(this.#extension(cursor.uint16()));
        break;
      case OPCODES.EXT4:
        this.#push(this.#extension(cursor.int32()));
        break;
      case OPCODES.REDUCE:
      case OPCODES.NEWOBJ: {
        const args = this.#pop();
        this.#call(this.#pop(), args);
        break;
      }
      case OPCODES.NEWOBJ_EX: {
        const named = this.#pop();
        const args = this.#pop();
        const callee = this.#pop();
        const plain = (named instanceof Map && named.size === 0) || !Array.isArray(args);
        this.#call(callee, plain ? args : [...args, named]);
        break;
      }
      case OPCODES.OBJ: {
        const [callee, ...args] = this.#popMark();
        if (callee === undefined) throw cursor.wrong('a class', 'nothing on the stack');
        this.#call(callee, args);
        break;
      }
      case OPCODES.INST: {
        const callee = this.#global(cursor.line(), cursor.line());
        this.#call(callee, this.#popMark());
        break;
      }
      case OPCODES.BUILD: {
        const state = this.#pop();
        const target = this.#top();
        if (setNumpyState(target, state, this.budget)) return;
        // What a known value would keep beside its content (an OrderedDict's attributes) is let go.
        if (target instanceof InertRecord) target.state = state;
        break;
      }
      case OPCODES.PERSID:
        this.#push(this.persistent(cursor.line()));
        break;
      case OPCODES.BINPERSID:
        this.#push(this.persistent(this.#pop()));
        break;
      default:
        cursor.at--;
        throw cursor.wrong('an operation of protocols 0 to 5', `0x${code.toString(16).padStart(2, '0')}`);
    }
  }

  #push(value: PickleValue): void {
    this.#stack.push(value);
  }

  #made(value: PickleValue, bytes: number): void {
    this.budget.spend(bytes);
    this.#stack.push(value);
  }

  #text(text: string): void {
    this.#made(text, 16 + 2 * text.length);
  }

  #bytes(length: number): void {
    if (length <= this.cursor.bytes.length) this.budget.spend(ARRAY + length);
    this.#push(this.cursor.take(length));
  }

  #pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined) throw this.#empty();
    return value;
  }

  #top(): PickleValue {
    if (this.#stack.length === 0) throw this.#empty();
    return this.#stack[this.#stack.length - 1];
  }

  #empty(): DataError {
    return this.cursor.wrong('a value on the stack', 'none');
  }

  /** What stands above the last mark. */
  #popMark(): PickleValue[] {
    const items = this.#stack;
    const outer = this.#outer.pop();
    if (outer === undefined) throw this.cursor.wrong('a mark on the stack', 'none');
    this.#stack = outer;
    return items;
  }

  #popTuple(count: number): PickleValue[] {
    if (this.#stack.length < count) throw this.#empty();
    return this.#stack.splice(this.#stack.length - count, count);
  }

  #append(target: PickleValue, items: readonly PickleValue[]): void {
    const list = target instanceof InertRecord ? target.items : target;
    if (!Array.isArray(list)) throw this.cursor.wrong('a list to append to', 'another value');
    this.budget.spend(8 * items.length);
    for (const item of items) list.push(item);
  }

  #set(target: PickleValue, items: readonly PickleValue[]): void {
    const dict = target instanceof InertRecord ? target.entries : target;
    if (!(dict instanceof Map)) throw this.cursor.wrong('a dict to set keys of', 'another value');
    if (items.length % 2 !== 0) throw this.cursor.wrong('keys with a value each', 'an odd number of them');
    this.budget.spend(48 * items.length);
    for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
  }

  #place(text: string): number {
    const place = this.cursor.decimal(text);
    if (typeof place !== 'number' || place < 0) throw this.cursor.wrong('a place in the memo', text.slice(0, 40));
    return place;
  }

  #remember(place: number): void {
    const value = this.#top();
    if (place < this.#memo.length) this.#memo[place] = value;
    else if (place === this.#memo.length) this.#memo.push(value);
    else this.#sparse.set(place, value);
    if (this.#memo.length + this.#sparse.size > this.budget.limits.memo) throw this.budget.over('memo');
  }

  #recall(place: number): void {
    const value = place < this.#memo.length ? this.#memo[place] : this.#sparse.get(place);
    if (value === undefined) throw this.cursor.wrong('a remembered value', `none at place ${place} of the memo,`);
    this.#push(value);
  }

  #global(module: string, name: string): PickleGlobal {
    const full = `${module}.${name}`;
    this.budget.spend(full.length);
    const known = this.#globals.get(full);
    if (known) return known;
    const made = new PickleGlobal(full);
    this.#globals.set(full, made);
    return made;
  }

  /** A name by its number in a program's own registry, which no file has. */
  #extension(code: number): PickleGlobal {
    return this.#global('copyreg', `extension_${code}`);
  }

  #call(callee: PickleValue, args: PickleValue): void {
    if (!Array.isArray(args)) throw this.cursor.wrong('a tuple of arguments', 'another value');
    // The arguments are copied: a list given as arguments may still grow.
    this.#made(rebuild(callee, args.slice(), this.budget), RECORD + 8 * args.length);
  }

  #float(text: string): number {
    const body = text.trim().toLowerCase();
    const named = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY }[body];
    if (named !== undefined) return named;
    const value = /^[+-]?[\d._]+(e[+-]?\d+)?$/.test(body) ? Number(body) : Number.NaN;
    if (Number.isNaN(value)) throw this.cursor.wrong('a number', `"${text.slice(0, 40)}"`);
    return value;
  }
}
