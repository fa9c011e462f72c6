/** A JSON Schema, of the keywords that this package's own schemas use. */
export type Schema = Readonly<Record<string, unknown>>;

type Check = (value: unknown, wanted: never, schema: Schema, path: string, root: Schema) => string[];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function when(holds: boolean, problem: string): string[] {
  return holds ? [] : [problem];
}

const CHECKS: Readonly<Record<string, Check>> = {
  type: (value, wanted: string | readonly string[], _, path) => {
    const types = [wanted].flat();
    const is = typeOf(value);
    return when(
      types.includes(is) || (is === 'integer' && types.includes('number')),
      `${path} is no ${types.join(' or ')}: ${is}`,
    );
  },
  const: (value, wanted, _, path) => when(value === wanted, `${path} is not ${wanted}: ${value}`),
  enum: (value, wanted: readonly unknown[], _, path) => when(wanted.includes(value), `${path} is none of ${wanted}: ${value}`),
  pattern: (value, wanted: string, _, path) =>
    when(typeof value !== 'string' || new RegExp(wanted, 'u').test(value), `${path} does not match ${wanted}: ${value}`),
  minLength: (value, wanted: number, _, path) =>
    when(typeof value !== 'string' || value.length >= wanted, `${path} is shorter than ${wanted}`),
  minimum: (value, wanted: number, _, path) =>
    when(typeof value !== 'number' || value >= wanted, `${path} < ${wanted}: ${value}`),
  exclusiveMinimum: (value, wanted: number, _, path) =>
    when(typeof value !== 'number' || value > wanted, `${path} <= ${wanted}: ${value}`),
  items: (value, wanted: Schema, _, path, root) =>
    Array.isArray(value) ? value.flatMap((item, i) => problems(item, wanted, `${path}[${i}]`, root)) : [],
  minItems: (value, wanted: number, _, path) =>
    when(!Array.isArray(value) || value.length >= wanted, `${path} has fewer than ${wanted} items`),
  maxItems: (value, wanted: number, _, path) =>
    when(!Array.isArray(value) || value.length <= wanted, `${path} has more than ${wanted} items`),
  uniqueItems: (value, _, __, path) =>
    when(!Array.isArray(value) || new Set(value).size === value.length, `${path} has an item twice`),
  required: (value, wanted: readonly string[], _, path) =>
    isRecord(value) ? wanted.flatMap((name) => when(Object.hasOwn(value, name), `${path} lacks ${name}`)) : [],
  properties: (value, wanted: Record<string, Schema>, _, path, root) =>
    isRecord(value)
      ? Object.entries(wanted).flatMap(([name, schema]) =>
          Object.hasOwn(value, name) ? problems(value[name], schema, `${path}.${name}`, root) : [],
        )
      : [],
  propertyNames: (value, wanted: Schema, _, path, root) =>
    isRecord(value) ? Object.keys(value).flatMap((name) => problems(name, wanted, `a name of ${path}`, root)) : [],
  additionalProperties: (value, wanted: Schema | false, { properties = {} }, path, root) =>
    isRecord(value)
      ? Object.keys(value)
          .filter((name) => !Object.hasOwn(properties as object, name))
          .flatMap((name) =>
            wanted === false ? [`${path} has ${name} too much`] : problems(value[name], wanted, `${path}.${name}`, root),
          )
      : [],
  anyOf: (value, wanted: readonly Schema[], _, path, root) =>
    when(
      wanted.some((schema) => problems(value, schema, path, root).length === 0),
      `${path} fits none of ${wanted.length} schemas`,
    ),
  if: (value, wanted: Schema, schema, path, root) => {
    const branch = problems(value, wanted, path, root).length === 0 ? schema.then : schema.else;
    return branch === undefined ? [] : problems(value, branch as Schema, path, root);
  },
  $ref: (value, wanted: string, _, path, root) => {
    const name = /^#\/\$defs\/(\w+)$/.exec(wanted)?.[1] ?? '';
    return problems(value, (root.$defs as Record<string, Schema>)[name], path, root);
  },
};
const SAYS_NOTHING = ['$schema', '$defs', 'title', 'description', 'then', 'else'];

/** What is wrong with a value by a schema. @throws Error for a keyword that is not known here. */
export function problems(value: unknown, schema: Schema, path: string = '$', root: Schema = schema): string[] {
  return Object.entries(schema).flatMap(([keyword, wanted]) => {
    if (SAYS_NOTHING.includes(keyword)) return [];
    if (!Object.hasOwn(CHECKS, keyword)) throw new Error(`unknown keyword of JSON Schema: ${keyword}`);
    return CHECKS[keyword](value, wanted as never, schema, path, root);
  });
}
