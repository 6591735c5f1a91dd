/**
 * Which test files may run side by side, and after what time one is held to hang. A file computes, and needs nothing but
 * a processor, unless it says otherwise in comments above its first import:
 *
 *     // waits: it starts programs
 *     // alone: its tasks take process ids that were used a moment ago
 *     // limit: 20 min, as 10,000 histories are one test
 *
 * One that waits for programs, ports or timers leaves most of its time to others. One that changes or floods what all
 * programs share runs alone: beside it are files that compute, and no others. Files in test/e2e and test/live wait
 * without a word: they drive the built program, or the kernel.
 */

/**
 * Longest time between the ends of two tests of one file, ms, if the file does not say another. It ends what hangs and
 * decides nothing else, so it is far above what any test may take by its own limit; under CI farther still.
 */
export const defaultLimitMs = (isCi: boolean): number =>
  (isCi ? 15 : 5) * 60_000;

export type Kind = "computes" | "waits" | "alone";

export interface PlannedFile {
  readonly path: string;
  readonly kind: Kind;
  readonly limitMs: number;
}

const WAITING_FOLDERS = /^test\/(?:e2e|live)\//;
const UNIT_MS = { s: 1000, min: 60_000 } as const;

/** The plan for a file by its path from the top of the checkout, and its text. */
export function planFile(
  path: string,
  text: string,
  usualLimitMs: number,
): PlannedFile {
  const head = text.split(/^import\b/m, 1)[0]!;
  const limit = /^\/\/ limit: ([\d.]+) (s|min)\b/m.exec(head);
  return {
    path,
    kind: /^\/\/ alone: \S/m.test(head)
      ? "alone"
      : /^\/\/ waits: \S/m.test(head) || WAITING_FOLDERS.test(path)
        ? "waits"
        : "computes",
    limitMs:
      limit === null
        ? usualLimitMs
        : Number(limit[1]) * UNIT_MS[limit[2] as keyof typeof UNIT_MS],
  };
}

/** The order to start files in: those that may take long first, as nothing else could be done beside the last one. */
export const inOrder = (files: readonly PlannedFile[]): PlannedFile[] =>
  files.toSorted((a, b) => b.limitMs - a.limitMs || (a.path < b.path ? -1 : 1));
