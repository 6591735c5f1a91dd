/** Families of metrics as text, in the format of Prometheus (0.0.4) or that of OpenMetrics (1.0). */

export const FORMATS = ["text", "openmetrics"] as const;
export type TextFormat = (typeof FORMATS)[number];

export const CONTENT_TYPES: Readonly<Record<TextFormat, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

export interface Family {
  /** Without "_total" or "_info"; ends in the unit, if there is one. */
  readonly name: string;
  readonly type: "counter" | "gauge" | "info";
  readonly unit: "bytes" | "seconds" | null;
  readonly help: string;
  readonly points: readonly Point[];
}

export interface Point {
  /** Values from `labelValue`. */
  readonly labels: Readonly<Record<string, string>>;
  /** A decimal number. */
  readonly value: string;
  /** When the counter was 0, Unix ms; null: it is not said. */
  readonly createdMs: number | null;
}

/** A whole document. Families without a point are left out. */
export function encodeFamilies(
  families: readonly Family[],
  format: TextFormat,
): string {
  const lines = families
    .filter(({ points }) => points.length > 0)
    .flatMap((family) => encodeFamily(family, format));
  if (format === "openmetrics") lines.push("# EOF");
  return lines.map((line) => `${line}\n`).join("");
}

const SUFFIXES = { counter: "_total", gauge: "", info: "_info" } as const;

function encodeFamily(
  { name, type, unit, help, points }: Family,
  format: TextFormat,
): string[] {
  const isOpen = format === "openmetrics";
  const full = `${name}${SUFFIXES[type]}`;
  // The older format knows a metric by the name of its lines, and has no type for facts.
  const head = isOpen ? name : full;
  const lines = [
    `# TYPE ${head} ${type === "info" && !isOpen ? "gauge" : type}`,
  ];
  if (isOpen && unit !== null) lines.push(`# UNIT ${head} ${unit}`);
  lines.push(`# HELP ${head} ${escapeHelp(help, isOpen)}`);
  for (const { labels, value, createdMs } of points) {
    const set = encodeLabels(labels);
    lines.push(`${full}${set} ${value}`);
    if (isOpen && createdMs !== null)
      lines.push(`${name}_created${set} ${encodeSeconds(createdMs)}`);
  }
  return lines;
}

function encodeLabels(labels: Point["labels"]): string {
  const pairs = Object.entries(labels).map(
    ([key, value]) => `${key}="${escapeLabel(value)}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const escapeLabel = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

function escapeHelp(text: string, isOpen: boolean): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return isOpen ? escaped.replaceAll('"', '\\"') : escaped;
}

/** Milliseconds as seconds, with all digits. */
export const encodeSeconds = (ms: number): string =>
  encodeNanoseconds(BigInt(Math.round(ms)) * 1_000_000n);

/** Nanoseconds as seconds, exactly and without an exponent: "1.5", "0". */
export function encodeNanoseconds(ns: bigint): string {
  const whole = ns / 1_000_000_000n;
  const rest = (ns % 1_000_000_000n).toString().padStart(9, "0");
  const digits = rest.replace(/0+$/, "");
  return digits === "" ? `${whole}` : `${whole}.${digits}`;
}

/** Controls, invisible and reordering characters, half characters, and separators of lines. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * Any text as the value of a label. What cannot be seen becomes U+FFFD; an empty value would mean that there is no such
 * label.
 */
export const labelValue = (text: string): string =>
  text === "" ? "unnamed" : text.replace(HIDDEN, "\ufffd");
