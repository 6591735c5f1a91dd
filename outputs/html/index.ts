/** One page of charts and a table: who moved how much, and when. */
import {
  defineOutput,
  type GroupKind,
  type Output,
  type OutputContext,
  type Sample,
} from "../../src/model/index.ts";
import { GROUP_OPTION } from "../run/group-option.ts";
import { Watched } from "../run/watched.ts";
import { pageDataOf } from "./encode-data.ts";
import { pageOf } from "./page.ts";
import { Timeline } from "./timeline.ts";

interface Choices {
  readonly kind: GroupKind;
  readonly rows: number;
  readonly points: number;
  readonly everyS: number;
}

export default defineOutput({
  api: 1,
  name: "html",
  summary: "one page of charts: which processes moved how much, and when",
  target: "whole-file",
  owns: "stdout-at-end",
  options: {
    group: GROUP_OPTION,
    rows: {
      type: "number",
      integer: true,
      about: "how many groups get their own color; all others share one",
      default: 10,
      min: 1,
      max: 30,
    },
    points: {
      type: "number",
      integer: true,
      about:
        "largest number of points in time; in longer runs, a point covers several samples",
      default: 1500,
      min: 2,
      max: 10_000,
    },
    every: {
      type: "number",
      about: "seconds between two versions of FILE during a live run",
      default: 60,
      min: 0.1,
      max: 86_400,
    },
  },
  create: ({ group, rows, points, every }, file) =>
    new Html(
      { kind: group as GroupKind, rows, points, everyS: every },
      file !== undefined,
    ),
});

/** Enough for a hundred groups that always do something. */
const LEAST_CELLS = 150_000;

class Html implements Output {
  readonly #choices: Choices;
  readonly #isFile: boolean;
  readonly #timeline: Timeline;
  readonly #watched = new Watched();
  /** Since the last version, by the samples; Infinity: there is none. */
  #ageNs = Infinity;

  constructor(choices: Choices, isFile: boolean) {
    const { kind, rows, points } = choices;
    this.#choices = choices;
    this.#isFile = isFile;
    const cells = Math.max(LEAST_CELLS, 2 * rows * points);
    this.#timeline = new Timeline({ kind, points, cells });
  }

  async write(sample: Sample, ctx: OutputContext): Promise<void> {
    this.#timeline.add(sample, ctx.run.view);
    this.#watched.add(sample);
    this.#ageNs += sample.intervalNs;
    const { everyS } = this.#choices;
    if (!this.#isFile || ctx.run.origin === "replay") return;
    if (this.#ageNs < everyS * 1e9) return;
    this.#ageNs = 0;
    await ctx.print(this.#page(ctx, everyS));
  }

  async close(_: unknown, ctx: OutputContext): Promise<void> {
    await ctx.print(this.#page(ctx, null));
  }

  #page(ctx: OutputContext, nextS: number | null): string {
    const { kind, rows } = this.#choices;
    const shown = { kind, rows, nextS };
    return pageOf(pageDataOf(this.#timeline, this.#watched, shown, ctx));
  }
}
