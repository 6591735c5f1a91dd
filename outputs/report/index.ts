/** One table when the run ends: the processes that read and wrote the most, including those that ended long ago. */
import {
  GROUP_KINDS,
  addCounters,
  addInto,
  defineOutput,
  mergeHealth,
  unknownDelta,
  type Format,
  type GroupKind,
  type Health,
  type Origin,
  type Output,
  type OutputContext,
  type RunInfo,
  type Sample,
  type Unknown,
  type View,
} from "../../src/model/index.ts";
import { GroupTotals, sumTotals } from "./group-totals.ts";
import { REPORT_FORMATS, encodeReport, type Summed } from "./records.ts";
import { renderReport } from "./text.ts";
import { Watched } from "./watched.ts";

const FORMATS = ["text", ...REPORT_FORMATS] as const;

interface Shape {
  readonly rows: number;
  readonly format: (typeof FORMATS)[number];
}

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
    format: {
      type: "string",
      about: "text, or one JSON object or lines of CSV with exact numbers",
      default: "text",
      choices: FORMATS,
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
  create: ({ group, rows, format }, file) =>
    new Report(
      group as GroupKind,
      { rows, format: format as Shape["format"] },
      file !== undefined,
    ),
});

class Report implements Output {
  readonly #kind: GroupKind;
  readonly #shape: Shape;
  readonly #isFile: boolean;
  readonly #totals: GroupTotals;
  readonly #total = unknownDelta();
  readonly #watched = new Watched();
  #diskReadBytes: number | Unknown = null;
  #diskWriteBytes: number | Unknown = null;
  #health: Health | null = null;
  /** Samples with and without delay accounting. */
  readonly #waits = { counted: 0, uncounted: 0 };
  #origin: Origin | null = null;

  constructor(kind: GroupKind, shape: Shape, isFile: boolean) {
    this.#kind = kind;
    this.#shape = shape;
    this.#isFile = isFile;
    this.#totals = new GroupTotals(kind);
  }

  write(sample: Sample, { run: { view } }: OutputContext): void {
    const { host, health, origin } = sample;
    this.#totals.add(sample, view);
    addInto(this.#total, host);
    this.#watched.add(sample);
    this.#diskReadBytes = addCounters(this.#diskReadBytes, host.diskReadBytes);
    this.#diskWriteBytes = addCounters(
      this.#diskWriteBytes,
      host.diskWriteBytes,
    );
    this.#health =
      this.#health === null ? health : mergeHealth(this.#health, health);
    this.#waits[origin.delayAccounting ? "counted" : "uncounted"]++;
    this.#origin = origin;
  }

  async close(_: unknown, { run, ...ctx }: OutputContext) {
    const summary = this.#summarize(run.view);
    const { format } = this.#shape;
    await ctx.print(
      format === "text"
        ? this.#render(summary, run, ctx.format)
        : encodeReport(summary, format),
    );
  }

  #render(summary: Summed, run: RunInfo, format: Format): string {
    const { health, span } = summary;
    if (this.#origin === null || health === null || span === null)
      return "Nothing was watched: the run ended before the first sample.\n";
    const findings = {
      ...summary,
      ...{ health, endMs: span.endMs, origin: this.#origin },
      hasWholeNames: this.#isFile,
      view: run.view,
      isRecorded: run.intervalMs === null,
    };
    return renderReport(findings, format);
  }

  #summarize({ pids, uids }: View): Summed {
    const totals = this.#totals;
    const { top, others } = totals.rank(this.#shape.rows);
    const { counted, uncounted } = this.#waits;
    const all = pids.length === 0 && uids.length === 0;
    return {
      kind: this.#kind,
      boots: this.#watched.boots,
      span: this.#watched.span,
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
    };
  }
}
