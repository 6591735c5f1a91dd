/** What must be seen of the services, and whether it was. Pure. */

/** Of each fact, by the name that check.sh gives it. */
export const WANTED: readonly (readonly [name: string, value: RegExp])[] = [
  ["installed", /^disabled disabled inactive inactive$/],
  ["started", /^active active$/],
  ["folder", /^drwx------ -rw-------$/],
  // CAP_NET_ADMIN is bit 12.
  ["rights", /^CapEff=0{12}1000 CapBnd=0{12}1000 NoNewPrivs=1 Seccomp=2$/],
  ["user", /^its own$/],
  ["recorded", /^40 40 10485760$/],
  ["sent", /^units add up all$/],
  ["restarted", /^active active \.jsonl$/],
  ["rotated", /^\.jsonl\.zst \.jsonl$/],
  ["kept", /^\.jsonl$/],
  ["killed", /^active active anew$/],
  ["upgraded", /^active active anew$/],
  ["exposure", /^1\.\d 2\.\d$/],
  ["stopped", /^inactive inactive success success$/],
  ["removed", /^inactive inactive$/],
  ["purged", /^$/],
  ["done", /^$/],
];

export interface Fact {
  readonly name: string;
  /** Null if nothing was said of it. */
  readonly value: string | null;
  readonly isGood: boolean;
}

/** @param console_ of the machine; lines of others are between ours */
export function judge(console_: string): readonly Fact[] {
  const said = new Map(
    [...console_.matchAll(/@@ (\w+): ?(.*?) *\r?$/gm)].map(
      ([, name, value]) => [name!, value!] as const,
    ),
  );
  return WANTED.map(([name, wanted]) => {
    const value = said.get(name) ?? null;
    return { name, value, isGood: value !== null && wanted.test(value) };
  });
}
