/** Metrics as text: the names and tags that a server's dialect understands. */
import { findContainerIds } from "../../src/model/index.ts";

/** How groups are told apart: in the name itself, or in the tags of one family of servers. */
export const DIALECTS = ["none", "dogstatsd", "influx", "graphite"] as const;
export type Dialect = (typeof DIALECTS)[number];

export interface Metric {
  readonly scope: "disk" | "tasks" | "group" | "pressure";
  readonly field: string;
  /** Label of the group, from `groupLabel`; null for all other scopes. */
  readonly group: string | null;
  /** Counter of what the interval added, or gauge of what is now. */
  readonly type: "c" | "g";
  /** Never negative: a sign would mean "add to the gauge". Counters are whole. */
  readonly value: number;
}

export interface Naming {
  readonly dialect: Dialect;
  readonly prefix: string;
  /** Part of every name after the prefix, from `nameComponent`; null: none. */
  readonly host: string | null;
  /** What the groups are groups of: their scope in plain names, else their tag. */
  readonly kind: string;
}

/** One metric in one line, without a line feed. */
export function encodeLine(metric: Metric, naming: Naming): string {
  const { dialect, kind } = naming;
  const { scope, field, group, type } = metric;
  const root =
    naming.host === null ? naming.prefix : `${naming.prefix}.${naming.host}`;
  const value = encodeValue(metric.value);
  if (group === null) return `${root}.${scope}.${field}:${value}|${type}`;
  switch (dialect) {
    case "none":
      return `${root}.${kind}.${group}.${field}:${value}|${type}`;
    case "dogstatsd":
      return `${root}.${scope}.${field}:${value}|${type}|#${kind}:${group}`;
    case "influx":
      return `${root}.${scope}.${field},${kind}=${group}:${value}|${type}`;
    case "graphite":
      return `${root}.${scope}.${field};${kind}=${group}:${value}|${type}`;
  }
}

/** Whole numbers in all their digits and ratios in four places: some servers take no exponent. */
const encodeValue = (value: number): string =>
  Number.isInteger(value) ? String(BigInt(value)) : value.toFixed(4);

/** The label of a group in a dialect. Different names can get the same one: merge them. */
export function groupLabel(name: string, dialect: Dialect): string {
  return dialect === "none" ? nameComponent(name) : tagValue(name);
}

const MAX_COMPONENT = 64;
/** Datadog cuts a tag, its key included, at 200. */
const MAX_TAG_VALUE = 190;

/** Any text as one part of a dotted name. */
export function nameComponent(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^_+|_+$/g, "");
  const kept = keepEnd(plain, MAX_COMPONENT).replace(/^_+/, "");
  return kept === "" ? "unnamed" : kept;
}

/** Blanks, what cannot be seen, and what ends a tag in any of the dialects; a mark with nothing before it too. */
const UNSAFE_IN_TAG =
  /[\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800,|#:;=@"\\]|^\p{M}/gu;

/** Any text as the value of a tag. Keeps letters of all scripts. */
export function tagValue(text: string): string {
  const kept = keepEnd(text, MAX_TAG_VALUE).replace(/^~+/, "");
  const safe = kept.replace(UNSAFE_IN_TAG, "_");
  return safe === "" ? "unnamed" : safe;
}

/**
 * The end of a text, as of a long path it tells most. Of the ids that do not fit with it the beginnings are kept before
 * it: containers are told apart by them.
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
