/** Metrics as text, with names and tags in the server's dialect. */
import { findContainerIds } from "../../src/model/index.ts";

/** How groups are distinguished: in the name itself, or in the tags of one family of servers. */
export const DIALECTS = ["none", "dogstatsd", "influx", "graphite"] as const;
export type Dialect = (typeof DIALECTS)[number];

export interface Metric {
  readonly scope: "disk" | "device" | "tasks" | "group" | "pressure" | "health";
  readonly field: string;
  /** Which group or device, by its kind and its label from `labelOf`; null: there is one alone. */
  readonly of: Tag | null;
  /** A counter of what the interval added, or a gauge of the current value. */
  readonly type: "c" | "g";
  /** Never negative: a sign would mean "add to the gauge". Counters are whole numbers. */
  readonly value: number;
}

export interface Naming {
  readonly dialect: Dialect;
  readonly prefix: string;
  /** Unix time of what is counted, in seconds; null: it is not said. For Datadog alone. */
  readonly timeS?: number | null;
  /** A part of every name, after the prefix, from `nameComponent`; null: none. */
  readonly host: string | null;
  /** Of every line, as `tagValue` has them; none where the dialect has no tags. */
  readonly tags?: readonly Tag[];
}

export type Tag = readonly [key: string, value: string];

/** One metric in one line, without a line feed. */
export function encodeLine(metric: Metric, naming: Naming): string {
  const { dialect } = naming;
  const { scope, field, of, type } = metric;
  const root =
    naming.host === null ? naming.prefix : `${naming.prefix}.${naming.host}`;
  const amount = `${encodeValue(metric.value)}|${type}`;
  if (dialect === "none") {
    const part = of === null ? scope : of.join(".");
    return `${root}.${part}.${field}:${amount}`;
  }
  const tags = [...(of === null ? [] : [of]), ...(naming.tags ?? [])];
  const line = encodeTagged(`${root}.${scope}.${field}`, amount, tags, dialect);
  return naming.timeS == null ? line : `${line}|T${naming.timeS}`;
}

function encodeTagged(
  name: string,
  amount: string,
  tags: readonly Tag[],
  dialect: Exclude<Dialect, "none">,
): string {
  if (tags.length === 0) return `${name}:${amount}`;
  const join = (assign: string, mark: string): string =>
    tags.map((tag) => tag.join(assign)).join(mark);
  switch (dialect) {
    case "dogstatsd":
      return `${name}:${amount}|#${join(":", ",")}`;
    case "influx":
      return `${name},${join("=", ",")}:${amount}`;
    case "graphite":
      return `${name};${join("=", ";")}:${amount}`;
  }
}

/** Whole numbers with all digits and ratios with four decimal places: some servers do not accept exponents. */
const encodeValue = (value: number): string =>
  Number.isInteger(value) ? String(BigInt(value)) : value.toFixed(4);

/** The label of a group or a device in a dialect. Different names can have the same label: merge them. */
export function labelOf(name: string, dialect: Dialect): string {
  return dialect === "none" ? nameComponent(name) : tagValue(name);
}

const MAX_COMPONENT = 64;
/** Datadog cuts a tag, including its key, at 200. */
const MAX_TAG_VALUE = 190;

/** Any text as one component of a dotted name. */
export function nameComponent(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^_+|_+$/g, "");
  const kept = keepEnd(plain, MAX_COMPONENT).replace(/^_+/, "");
  return kept === "" ? "unnamed" : kept;
}

/**
 * Blanks, invisible characters, characters that end a tag in any of the dialects, brackets (with one in it, a name has
 * no tags for servers that know tags in brackets), and a mark with nothing before it.
 */
const UNSAFE_IN_TAG =
  /[\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800,|#:;=@"\\[\]]|^\p{M}/gu;

/** Any text as the value of a tag. Keeps letters of all scripts. */
export function tagValue(text: string): string {
  const kept = keepEnd(text, MAX_TAG_VALUE).replace(/^~+/, "");
  const safe = kept.replace(UNSAFE_IN_TAG, "_");
  return safe === "" ? "unnamed" : safe;
}

/**
 * The end of a text, because it is the most telling part of a long path. Ids that do not fit keep their beginnings
 * before it, because those distinguish containers.
 */
function keepEnd(text: string, max: number): string {
  if (text.length <= max) return text;
  const [found] = findContainerIds(text);
  if (found === undefined || found.index >= text.length - max)
    return text.slice(-max);
  const id = found.id.slice(0, max);
  const room = max - id.length - 1;
  if (room <= 0) return id;
  return `${id}_${keepEnd(text.slice(found.index + found.id.length), room)}`;
}
