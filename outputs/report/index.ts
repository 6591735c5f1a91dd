/** One table when the run ends: the processes that read and wrote the most, including those that ended long ago. */
import {
  GROUP_KINDS,
  addCounters,
  addInto,
  defineOutput,
  mergeHealth,
  unknownDelta,
  type GroupKind,
  type Health,
  type Output,
  type OutputContext,
  type Sample,
  type Unknown,
} from "../../src/model/index.ts";
import { GroupTotals, sumTotals } from "./group-totals.ts";
import { renderReport } from "./text.ts";

export default defineOutput({
  api: 1,
  name: "report",
  summary: "who used the disks most, as one table at the end of the run",
  target: "file",
  owns: "stdout-at-end",
  options: {
    group: {
      type: "string",
      about: "how to group processes",
      default: "comm",
      choices: GROUP_KINDS,
    },
    rows: {
      type: "number",
      integer: true,
      about: "how many groups get their own row; all others share one",
      default: 20,
      min: 1,
      max: 10_000,
    },
  },
  create: ({ group, rows }, file) =>
    new Report(group as GroupKind, rows, file !== undefined),
});

class Report implements Output {
  readonly #kind: GroupKind;
  readonly #rows: number;
  readonly #isFile: boolean;
  readonly #totals: GroupTotals;
  readonly #total = unknownDelta();
  /** How long each machine was watched, ns. */
  readonly #watchedNs = new Map<string, number>();
  #diskReadBytes: number | Unknown = null;
  #diskWriteBytes: number | Unknown = null;
  #health: Health | null = null;
  /** Samples with and without delay accounting. */
  readonly #waits = { counted: 0, uncounted: 0 };
  #last: Pick<Sample, "origin" | "timeMs"> | null = null;

  constructor(kind: GroupKind, rows: number, isFile: boolean) {
    this.#kind = kind;
    this.#rows = rows;
    this.#isFile = isFile;
    this.#totals = new GroupTotals(kind);
  }

  write(sample: Sample, { run: { view } }: OutputContext): void {
    const { host, health, origin, timeMs } = sample;
    this.#totals.add(sample, view);
    addInto(this.#total, host);
    const { hostname } = origin;
    const beforeNs = this.#watchedNs.get(hostname) ?? 0;
    this.#watchedNs.set(hostname, beforeNs + sample.intervalNs);
    this.#diskReadBytes = addCounters(this.#diskReadBytes, host.diskReadBytes);
    this.#diskWriteBytes = addCounters(
      this.#diskWriteBytes,
      host.diskWriteBytes,
    );
    this.#health =
      this.#health === null ? health : mergeHealth(this.#health, health);
    this.#waits[origin.delayAccounting ? "counted" : "uncounted"]++;
    this.#last = { origin, timeMs };
  }

  async close(_: unknown, { run, ...ctx }: OutputContext) {
    const { view, intervalMs } = run;
    if (this.#last === null || this.#health === null) {
      await ctx.print(
        "Nothing was watched: the run ended before the first sample.\n",
      );
      return;
    }
    const totals = this.#totals;
    const { top, others } = totals.rank(this.#rows);
    const { counted, uncounted } = this.#waits;
    const all = view.pids.length === 0 && view.uids.length === 0;
    const findings = {
      kind: this.#kind,
      hasWholeNames: this.#isFile,
      view,
      origin: this.#last.origin,
      isRecorded: intervalMs === null,
      watchedNs: this.#watchedNs,
      endMs: this.#last.timeMs,
      total: all
        ? this.#total
        : sumTotals(others === null ? top : [...top, others.sum]).io,
      diskReadBytes: this.#diskReadBytes,
      diskWriteBytes: this.#diskWriteBytes,
      processes: totals.processes,
      ended: totals.ended,
      top,
      others,
      health: this.#health,
      waitsCounted:
        uncounted === 0 ? "always" : counted === 0 ? "never" : "sometimes",
    } as const;
    await ctx.print(renderReport(findings, ctx.format));
  }
}
