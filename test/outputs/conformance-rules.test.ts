/** The rules themselves: for each an output that breaks it, and a good one that holds all. */
import { closeSync, openSync } from "node:fs";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  defineOutput,
  type IoDelta,
  type Output,
  type OutputModule,
  type Sample,
} from "../../src/model/index.ts";
import { RULES, type Candidate, type Rule } from "./conformance-rules.ts";

setDefaultTimeout(120_000);

const lineOf = ({ seq, host, threads }: Sample): string =>
  `#${seq} ${host.readBytes ?? "?"} in ${threads.length} rows\n`;

const good: Output["write"] = (sample, ctx) => ctx.print(lineOf(sample));

/** @param create by default an output that holds every rule */
const candidate = (
  create: OutputModule["create"] = () => ({ write: good }),
  more: Partial<Candidate> = {},
): Candidate => ({
  module: defineOutput({ api: 1, name: "tried", summary: "tried out", create }),
  settings: [],
  refused: [],
  sums: {
    readBytes: (texts) =>
      texts
        .map((text) => Number(/ (\d+) in/.exec(text)?.[1]))
        .reduce((a, b) => a + b, 0),
  },
  ...more,
});

const writing = (write: Output["write"]): Candidate =>
  candidate(() => ({ write }));

const withoutSums = ({ sums: _, ...rest }: Candidate): Candidate => rest;

const opened: number[] = [];
let writes = 0;

const BROKEN: Readonly<Record<Rule, readonly Candidate[]>> = {
  "`create` opens nothing": [
    candidate(() => {
      opened.push(openSync("/dev/null", "r"));
      return { write: good };
    }),
    candidate(() => {
      process.on("SIGUSR2", ignore);
      return { write: good };
    }),
  ],
  "every setting that its declaration allows is taken, all others are refused in one line":
    [
      candidate(undefined, { refused: [{ target: "anything" }] }),
      candidate(
        (_, target) => {
          if (target !== undefined) throw new Error("no\nsuch target");
          return { write: good };
        },
        { refused: [{ target: "anything" }] },
      ),
      {
        ...candidate(),
        module: {
          ...candidate().module,
          options: { rows: { type: "number", about: "rows", max: 9 } },
          create: ({ rows }) => {
            if (Number(rows) === 9) throw new Error("too many");
            return { write: good };
          },
        },
      },
    ],
  "a run without samples ends": [
    candidate(() => ({
      write: good,
      close: (_, ctx) => ctx.print((null as unknown as Sample).origin.hostname),
    })),
    candidate(() => ({
      write: good,
      close: ({ host }, ctx) => ctx.print(`${Number(host?.readBytes)}\n`),
    })),
  ],
  "samples stay as they are": [
    writing(({ threads }) => void (threads as unknown[]).sort()),
    writing(({ host }) => void ((host as { tasks: number }).tasks = 0)),
    writing(
      ({ endedThreads }) =>
        void (endedThreads as Map<string, unknown>).set("x", null),
    ),
    writing(({ processes }) => {
      for (const row of processes)
        (row.since as { readBytes: IoDelta["readBytes"] }).readBytes = 0;
    }),
  ],
  "everything may be unknown": [
    writing(({ host }, ctx) =>
      ctx.print(`${(host.readBytes as number).toFixed(2)}\n`),
    ),
    writing(({ threads }, ctx) =>
      ctx.print(`${threads[0]?.task.cmdline?.length}\n`),
    ),
  ],
  "ten thousand tasks may do something": [
    writing(
      ({ threads }) => void String.fromCharCode(...threads.map(() => NaN)),
    ),
    writing(({ threads }, ctx) =>
      threads.length > 1000 ? Promise.reject(new Error("many")) : ctx.print(""),
    ),
  ],
  "names are printed harmlessly": [
    writing(({ threads }, ctx) => ctx.print(threads[0]!.task.comm)),
    writing(({ origin }, ctx) => ctx.warn(origin.hostname)),
    {
      ...candidate(),
      module: {
        ...candidate().module,
        owns: "terminal",
        create: () => ({
          write: ({ threads }, ctx) => ctx.print(threads[0]!.task.user),
        }),
      },
    },
  ],
  "merged samples make the same sums": [
    writing((sample, ctx) =>
      sample.seq === 2 ? undefined : good(sample, ctx),
    ),
    writing((_, ctx) => ctx.print("1024 in")),
    withoutSums(candidate()),
  ],
  "the same samples make the same text": [
    writing((sample, ctx) => ctx.print(`${writes++} ${lineOf(sample)}`)),
  ],
  "two instances know nothing of each other": [
    writing((sample, ctx) => ctx.print(`${writes++} ${lineOf(sample)}`)),
  ],
  "samples that come after the abort are told, and `close` ends": [
    writing((sample, ctx) =>
      ctx.signal.aborted ? undefined : good(sample, ctx),
    ),
    writing((sample, ctx) => {
      ctx.signal.throwIfAborted();
      return good(sample, ctx);
    }),
  ],
  "each print is waited for": [
    writing((sample, ctx) => void good(sample, ctx)),
    writing(async (sample, ctx) => {
      await Promise.all([good(sample, ctx), good(sample, ctx)]);
    }),
    writing(() => {}),
  ],
  "a print that fails is its failure": [
    writing(async (sample, ctx) => {
      await Promise.resolve(good(sample, ctx)).catch(() => {});
    }),
    writing(async (sample, ctx) => {
      await Promise.resolve(good(sample, ctx)).catch(() => {
        throw new Error("something went wrong");
      });
    }),
  ],
  "all that it says goes through `print`, or to its target": [
    writing((sample) => void process.stdout.write(lineOf(sample))),
    writing((sample, ctx) => {
      console.error(sample.seq);
      return good(sample, ctx);
    }),
    writing(() => {}),
  ],
};

const ignore = (): void => {};

describe.each(Object.keys(RULES) as Rule[])("%s", (rule) => {
  test("is held by a good output", () => RULES[rule](candidate()));

  test.each(BROKEN[rule].map((broken, n) => [n + 1, broken] as const))(
    "is broken by a bad one, %d",
    async (_, broken) => {
      try {
        await expect(RULES[rule](broken)).rejects.toThrow();
      } finally {
        for (const descriptor of opened.splice(0)) closeSync(descriptor);
        process.off("SIGUSR2", ignore);
      }
    },
  );
});
