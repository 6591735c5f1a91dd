/**
 * The counters in outputs/jsonl.schema.json, which are made from their declaration in src/model/counters.ts;
 * `bun test/support/counter-schema.ts --write` brings them up to date. All else in it is written by hand.
 */
import { join, resolve } from "node:path";
import {
  OTHER_FIELDS,
  TASK_FIELDS,
  TOTAL_FIELDS,
  type CounterField,
} from "../../src/model/record/counter-record.ts";
import { formatText } from "./documents/format-text.ts";

const ROOT = resolve(import.meta.dir, "../..");
const SCHEMA = join(ROOT, "outputs/jsonl.schema.json");
export const HOW_TO_WRITE = "bun test/support/counter-schema.ts --write";

interface ObjectSchema {
  required: string[];
  properties: Record<string, object>;
}

const FIELDS: readonly CounterField[] = [...TOTAL_FIELDS, ...TASK_FIELDS];
const isCounter = (key: string): boolean =>
  FIELDS.some((field) => field.key === key);

const describeField = ({ about, isRatio }: CounterField): object => ({
  ...(isRatio
    ? { type: ["number", "null"], minimum: 0 }
    : { $ref: "#/$defs/count" }),
  description: about,
});

/** In the place of the first counter that is there. */
function withCounters(
  { required, properties, ...rest }: ObjectSchema,
  fields: readonly CounterField[],
): ObjectSchema {
  const made = new Map(
    fields.map((field) => [field.key, describeField(field)]),
  );
  const at = required.findIndex(isCounter);
  const order = required.filter((key) => !isCounter(key));
  order.splice(at, 0, ...made.keys());
  return {
    ...rest,
    required: order,
    properties: Object.fromEntries(
      order.map((key) => [key, made.get(key) ?? properties[key]!]),
    ),
  };
}

/** The schema with every counter as it is declared. */
export function fillSchema(schema: any): object {
  const { properties, $defs } = schema;
  return {
    ...schema,
    properties: {
      ...properties,
      total: withCounters(properties.total, TOTAL_FIELDS),
      other: withCounters(properties.other, OTHER_FIELDS),
    },
    $defs: { ...$defs, task: withCounters($defs.task, TASK_FIELDS) },
  };
}

if (import.meta.main) {
  const old = await Bun.file(SCHEMA).text();
  const made = JSON.stringify(fillSchema(JSON.parse(old)), null, 2);
  const current = await formatText("jsonl.schema.json", made);
  if (process.argv[2] === "--write") await Bun.write(SCHEMA, current);
  else if (current !== old) {
    console.error(`the schema differs from the code: run ${HOW_TO_WRITE}`);
    process.exit(1);
  }
}
