/** One table when the run ends: the processes that read and wrote the most, including those that ended long ago. */
import {
  addInto,
  defineOutput,
  selectsAll,
  unknownDelta,
  type Format,
  type GroupKind,
  type Output,
  type OutputContext,
  type RunInfo,
  type Sample,
  type View,
} from "../../src/model/index.ts";
import { GROUP_OPTION } from "../run/group-option.ts";
import { Watched } from "../run/watched.ts";
import { ReportFiles } from "./files.ts";
import { GroupTotals, sumTotals } from "./group-totals.ts";
import { REPORT_FORMATS, encodeReport, type Summed } from "./records.ts";
import { renderReport } from "./text.ts";

const FORMATS = ["text", ...REPORT_FORMATS] as const;

interface Shape {
  readonly rows: number;
  readonly format: (typeof FORMATS)[number];
}

export default defineOutput({
  api: 1,
  name: "report",
  summary:
    "which processes used the disks most, as one table at the end of the run",
  target: "file",
  owns: "stdout-at-end",
  options: {
    group: GROUP_OPTION,
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
  readonly #files = new ReportFiles();

  constructor(kind: GroupKind, shape: Shape, isFile: boolean) {
    this.#kind = kind;
    this.#shape = shape;
    this.#isFile = isFile;
    this.#totals = new GroupTotals(kind);
  }

  write(sample: Sample, { run: { view } }: OutputContext): void {
    this.#totals.add(sample, view);
    addInto(this.#total, sample.host);
    this.#watched.add(sample);
    this.#files.add(sample, view);
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
    const { origin } = this.#watched;
    if (origin === null || health === null || span === null)
      return "Nothing was watched: the run ended before the first sample.\n";
    const findings = {
      ...summary,
      ...{ health, endMs: span.endMs, origin },
      hasWholeNames: this.#isFile,
      view: run.view,
      isRecorded: run.origin === "replay",
    };
    return renderReport(findings, format);
  }

  #summarize(view: View): Summed {
    const totals = this.#totals;
    const watched = this.#watched;
    const { top, others } = totals.rank(this.#shape.rows);
    return {
      kind: this.#kind,
      boots: watched.boots,
      span: watched.span,
      total: selectsAll(view)
        ? this.#total
        : sumTotals(others === null ? top : [...top, others.sum]).io,
      diskReadBytes: watched.diskReadBytes,
      diskWriteBytes: watched.diskWriteBytes,
      processes: totals.processes,
      ended: totals.ended,
      top,
      others,
      health: watched.health,
      files: this.#files.rank(this.#shape.rows),
      waitsCounted: watched.waitsCounted,
    };
  }
}
