import type { PickleBudget } from './pickle-limits.js';
import { NUMPY_CLASSES } from './pickle-numpy.js';
import type { Known, Rebuild } from './pickle-rebuild.js';
import { TORCH_CLASSES } from './pickle-torch.js';
import { InertRecord, PickleGlobal, type PickleValue } from './pickle-value.js';

/** `OrderedDict()`, `OrderedDict([[key, value], …])`, `dict({…})`. */
const dict: Rebuild = ([from], budget) => {
  const made = new Map<PickleValue, PickleValue>();
  if (from === undefined) return made;
  const pairs = from instanceof Map ? [...from] : from;
  if (!Array.isArray(pairs)) return null;
  budget.spend(64 * pairs.length);
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) return null;
    made.set(pair[0], pair[1]);
  }
  return made;
};

/** A copy: what is then appended to one must not show in the other. */
const list: Rebuild = ([from], budget) => {
  const items = from === undefined ? [] : from instanceof Set ? [...from] : from;
  if (!Array.isArray(items)) return null;
  budget.spend(8 * items.length);
  return items.slice();
};

const set: Rebuild = ([from], budget) => {
  const items = from === undefined ? [] : from;
  if (!Array.isArray(items)) return null;
  budget.spend(32 * items.length);
  return new Set(items);
};

/** `_codecs.encode(text, 'latin1')`: how protocols 0 to 2 write bytes. */
const encode: Rebuild = ([text, codec], budget) => {
  if (typeof text !== 'string' || (codec !== undefined && typeof codec !== 'string')) return null;
  const name = (codec ?? 'utf-8').toLowerCase().replace(/[-_]/g, '');
  if (name !== 'latin1' && name !== 'iso88591' && name !== 'utf8' && name !== 'ascii') return null;
  budget.spend(3 * text.length);
  return new Uint8Array(Buffer.from(text, name === 'utf8' ? 'utf8' : 'latin1'));
};

/** `bytes()`, `bytearray(bytes)`, `bytearray(text, codec)`. */
const bytes: Rebuild = (args, budget) => {
  const [from] = args;
  if (from === undefined) return new Uint8Array(0);
  if (!(from instanceof Uint8Array)) return encode(args, budget);
  budget.spend(from.length);
  return new Uint8Array(from);
};

/** `_reconstructor(class, base, state)`: how protocols 0 and 1 write objects. */
const reconstructor: Rebuild = ([made, base, state]) => {
  if (!(made instanceof PickleGlobal) || !(base instanceof PickleGlobal)) return null;
  return new InertRecord(made.name, state === null || state === undefined ? [] : [state]);
};

/** Two classes of a name each: Python 3 and Python 2. */
const BUILTINS: Known = {};
for (const module of ['builtins', '__builtin__']) {
  Object.assign(BUILTINS, {
    [`${module}.dict`]: dict,
    [`${module}.list`]: list,
    [`${module}.tuple`]: list,
    [`${module}.set`]: set,
    [`${module}.frozenset`]: set,
    [`${module}.bytes`]: bytes,
    [`${module}.bytearray`]: bytes,
  } satisfies Known);
}

/**
 * Everything that is rebuilt as a value. None of these calls anything or looks anything up; a name that is not here, and
 * a call with other arguments, is an inert record.
 */
const KNOWN: ReadonlyMap<string, Rebuild> = new Map(
  Object.entries({
    ...BUILTINS,
    'collections.OrderedDict': dict,
    'collections.Counter': dict,
    'collections.deque': list,
    'collections.defaultdict': ([, ...rest], budget) => dict(rest, budget),
    '_codecs.encode': encode,
    'copyreg._reconstructor': reconstructor,
    'copy_reg._reconstructor': reconstructor,
    ...NUMPY_CLASSES,
    ...TORCH_CLASSES,
  } satisfies Known),
);

/** What calling a value would give: a known value, else a record of the call. */
export function rebuild(callee: PickleValue, args: PickleValue[], budget: PickleBudget): PickleValue {
  if (!(callee instanceof PickleGlobal)) return new InertRecord('call', [callee, ...args]);
  return KNOWN.get(callee.name)?.(args, budget) ?? new InertRecord(callee.name, args);
}
