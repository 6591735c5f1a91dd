/** A strict reader of what is exposed, written from the formats' documents and not from the encoder. */

export interface ParsedPoint {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
}

export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly points: readonly ParsedPoint[];
}

const UNESCAPED: Readonly<Record<string, string>> = {
  "\\": "\\",
  n: "\n",
  '"': '"',
};
const unescape = (text: string): string =>
  text.replace(/\\(.)/gs, (_, char: string) => {
    const plain = UNESCAPED[char];
    if (plain === undefined) throw new Error(`bad escape \\${char}`);
    return plain;
  });

function parsePoint(line: string): ParsedPoint {
  const found =
    /^([a-z][a-z0-9_]*)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)+)\})? ([0-9]+(?:\.[0-9]+)?)$/s.exec(
      line,
    );
  if (found === null) throw new Error(`no point: ${JSON.stringify(line)}`);
  const pairs = [
    ...(found[2] ?? "").matchAll(/([a-z_]+)="((?:[^"\\\n]|\\.)*)"/gs),
  ].map(([, key, value]): [string, string] => [key!, unescape(value!)]);
  return {
    name: found[1]!,
    labels: Object.fromEntries(pairs),
    value: found[3]!,
  };
}

/** @throws Error for a family that comes twice, a point outside of its family, or one that comes twice */
export function parseExposition(text: string): ParsedFamily[] {
  if (text !== "" && !text.endsWith("\n")) throw new Error("no end of line");
  const lines = text.split("\n").slice(0, -1);
  const families: (ParsedFamily & { points: ParsedPoint[] })[] = [];
  const seen = new Set<string>();
  for (const [n, line] of lines.entries()) {
    if (line === "# EOF") {
      if (n !== lines.length - 1) throw new Error("something after # EOF");
      continue;
    }
    const [, keyword, name, rest] =
      /^# (TYPE|HELP|UNIT) ([a-z_]+) (.*)$/s.exec(line) ?? [];
    if (keyword === "TYPE") {
      if (families.some((family) => family.name === name))
        throw new Error(`${name} comes twice`);
      families.push({ name: name!, type: rest!, points: [] });
      continue;
    }
    const family = families.at(-1)!;
    if (keyword !== undefined) {
      if (name !== family.name || family.points.length > 0)
        throw new Error(`${keyword} of ${name} in ${family.name}`);
      if (keyword === "UNIT" && !name!.endsWith(`_${rest}`))
        throw new Error(`${name} does not end in ${rest}`);
      continue;
    }
    const point = parsePoint(line);
    if (!/^(|_total|_info|_created)$/.test(point.name.replace(family.name, "")))
      throw new Error(`${point.name} in ${family.name}`);
    const key = JSON.stringify([point.name, point.labels]);
    if (seen.has(key)) throw new Error(`${key} comes twice`);
    seen.add(key);
    family.points.push(point);
  }
  return families;
}

/** The values of all points of one name, by the value of a label; "" without labels. */
export const valuesOf = (
  families: readonly ParsedFamily[],
  name: string,
): ReadonlyMap<string, string> =>
  new Map(
    families
      .flatMap(({ points }) => points)
      .filter((point) => point.name === name)
      .map(({ labels, value }) => [Object.values(labels).join(), value]),
  );
