/** The rules of the contract of outputs, each as what a test does with one output. */
import { expect, spyOn } from "bun:test";
import { readdirSync } from "node:fs";
import { UsageError } from "../../src/errors.ts";
import {
  mergeSamples,
  type OptionSpec,
  type Sample,
} from "../../src/model/index.ts";
import { parseModuleOptions } from "../../src/output-options/module-options.ts";
import {
  Run,
  createOutput,
  play,
  textsOf,
  type Subject,
  type Sums,
  type Told,
} from "./conformance-run.ts";
import {
  BUSY_READ_BYTES,
  HOSTILE_NAMES,
  busySamples,
  hostileSamples,
  hugeSamples,
  unknownSamples,
} from "./conformance-samples.ts";

/** What the command line could say, and `create` does not take. */
export interface Refused {
  readonly settings?: readonly string[];
  readonly target?: string;
}

export interface Candidate extends Subject {
  readonly sums?: Sums;
  readonly refused: readonly Refused[];
  readonly needs?: Readonly<Record<string, readonly string[]>>;
}

const VIEWS = [
  {},
  { accumulated: true, processes: true, timestamp: true },
  { only: true, pids: [5], kilobytes: true },
] as const;

const isAlone = (setting: string, settings: readonly string[] = []): boolean =>
  settings.length === 1 && settings[0] === setting;

export const RULES = {
  "`create` opens nothing": async (subject: Candidate) => {
    await using peer = await subject.openPeer?.();
    const before = state();
    for (let n = 0; n < 100; n++) createOutput(subject, peer?.target);
    await turns();
    expect(state()).toEqual(before);
  },

  "every setting that its declaration allows is taken, all others are refused in one line":
    async (subject: Candidate) => {
      await using peer = await subject.openPeer?.();
      const { name, options = {} } = subject.module;
      for (const [key, option] of Object.entries(options)) {
        for (const value of goodValues(option)) {
          const setting = `${key}=${value}`;
          // Below: it has no meaning for this target.
          if (
            subject.refused.some(({ settings }) => isAlone(setting, settings))
          )
            continue;
          createOutput(
            {
              ...subject,
              settings: [setting, ...(subject.needs?.[key] ?? [])],
            },
            peer?.target,
          );
        }
        for (const value of badValues(option))
          expectRefusal(() =>
            parseModuleOptions(
              { name, options: new Map([[key, value]]) },
              options,
            ),
          );
      }
      for (const { settings = [], target = peer?.target } of subject.refused)
        expectRefusal(() => createOutput({ ...subject, settings }, target));
    },

  "a run without samples ends": async (subject: Candidate) => {
    expectClean(subject, await play(subject, []));
  },

  "samples stay as they are": async (subject: Candidate) => {
    for (const view of VIEWS) {
      const samples = busySamples();
      const told = await play(subject, samples, { view });
      expectClean(subject, told);
      expect(samples).toEqual(busySamples());
    }
  },

  "everything may be unknown": async (subject: Candidate) => {
    for (const view of VIEWS)
      expectClean(subject, await play(subject, unknownSamples(), { view }));
  },

  "ten thousand tasks may do something": async (subject: Candidate) => {
    const told = await play(subject, hugeSamples());
    expectClean(subject, told);
    expect(textsOf(told).join("")).not.toBe("");
  },

  "names are printed harmlessly": async (subject: Candidate) => {
    for (const view of VIEWS)
      expectClean(subject, await play(subject, hostileSamples(), { view }));
  },

  "merged samples make the same sums": async (subject: Candidate) => {
    const { sums } = subject;
    if (sums === undefined)
      throw new Error("say in `sums` how to read its sums, or why it has none");
    const [a, b, c] = busySamples() as [Sample, Sample, Sample];
    const runs = [
      [a, b, c],
      [mergeSamples(a, b), c],
      [a, mergeSamples(b, c)],
      [mergeSamples(mergeSamples(a, b), c)],
    ];
    for (const samples of runs) {
      const told = await play(subject, samples, { view: sums.view ?? {} });
      expect(sums.readBytes(textsOf(told))).toBe(3 * BUSY_READ_BYTES);
    }
  },

  "the same samples make the same text": async (subject: Candidate) => {
    const first = await play(subject, busySamples());
    await play(subject, hostileSamples());
    expect(await play(subject, busySamples())).toEqual(first);
  },

  "two instances know nothing of each other": async (subject: Candidate) => {
    const samples = busySamples();
    const others = busySamples([4, 5, 6]);
    const alone = [await play(subject, samples), await play(subject, others)];
    await using one = await Run.start(subject);
    await using other = await Run.start(subject);
    await Promise.all([one.open(), other.open()]);
    for (const [n, sample] of samples.entries())
      await Promise.all([one.write(sample), other.write(others[n]!)]);
    await one.close();
    await other.close();
    expect([await one.told(), await other.told()]).toEqual(alone);
  },

  "samples that come after the abort are told, and `close` ends": async (
    subject: Candidate,
  ) => {
    const [first, ...rest] = busySamples();
    const whole = await play(subject, [first!, ...rest]);
    const controller = new AbortController();
    await using run = await Run.start(subject, { signal: controller.signal });
    await run.open();
    await run.write(first!);
    controller.abort();
    await run.write(...rest);
    await run.close();
    expect(await run.told()).toEqual(whole);
  },

  "each print is waited for": async (subject: Candidate) => {
    let prints = 0;
    await using run = await Run.start(subject, {
      print: () => {
        prints++;
        return new Promise(() => {});
      },
    });
    const steps = inOrder(run);
    // What does not wait for the first print comes to its end, or to a second one.
    const ended = await Promise.race([
      steps.then(() => true),
      untilTrue(() => prints > 0)
        .then(turns)
        .then(() => false),
    ]);
    expect([ended, prints]).toEqual(
      hasTarget(subject) ? [true, 0] : [false, 1],
    );
  },

  "a print that fails is its failure": async (subject: Candidate) => {
    const failure = new Error("no space left on device");
    await using run = await Run.start(subject, {
      print: () => Promise.reject(failure),
    });
    const outcome = await inOrder(run).then(
      () => null,
      (error: unknown) => error,
    );
    expect(outcome).toBe(hasTarget(subject) ? null : failure);
  },

  "all that it says goes through `print`, or to its target": async (
    subject: Candidate,
  ) => {
    const spies = [
      spyOn(process.stdout, "write"),
      spyOn(process.stderr, "write"),
      ...(["log", "info", "warn", "error", "debug"] as const).map((name) =>
        spyOn(console, name),
      ),
    ];
    try {
      for (const spy of spies) spy.mockImplementation((() => true) as never);
      const { printed, sent } = await play(subject, busySamples());
      for (const spy of spies) expect(spy).not.toHaveBeenCalled();
      const [silent, loud] = hasTarget(subject)
        ? [printed, sent]
        : [sent, printed];
      expect(silent.join("")).toBe("");
      expect(loud.join("")).not.toBe("");
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  },
} as const satisfies Readonly<
  Record<string, (subject: Candidate) => Promise<void>>
>;

export type Rule = keyof typeof RULES;

async function inOrder(run: Run): Promise<void> {
  await run.open();
  await run.write(...busySamples());
  await run.close();
}

/** Whether it has a place of its own for what it says. */
const hasTarget = ({ module: { target } }: Subject): boolean =>
  typeof target === "object";

function state(): unknown {
  return {
    descriptors: readdirSync("/proc/self/fd").length,
    listeners: process
      .eventNames()
      .map((name) => [String(name), process.listenerCount(name as string)]),
  };
}

/** Long enough for whatever waits for nothing but its turn. */
async function turns(): Promise<void> {
  for (let n = 0; n < 20; n++) await Bun.sleep(0);
}

async function untilTrue(isSo: () => boolean): Promise<void> {
  while (!isSo()) await Bun.sleep(1);
}

function goodValues(option: OptionSpec): readonly string[] {
  if (option.type === "boolean") return ["yes", "no"];
  if (option.type === "map") return [];
  if (option.type === "string") return option.choices ?? [];
  const { min = 0, max = 1000 } = option;
  return [String(min), String(max)];
}

function badValues(option: OptionSpec): readonly string[] {
  if (option.type === "boolean") return ["perhaps", ""];
  // Without a key of its own.
  if (option.type === "map") return ["", "text"];
  if (option.type === "string")
    return option.choices === undefined ? [""] : ["", "\x1b[2J", "two\nlines"];
  const { min, max, integer } = option;
  return [
    ...["", "many", "NaN", "Infinity", "1e3"],
    ...(min === undefined ? [] : [String(min - 1)]),
    ...(max === undefined ? [] : [String(max + 1)]),
    ...(integer ? ["1.5"] : []),
  ];
}

function expectRefusal(act: () => unknown): void {
  let refusal: unknown;
  try {
    act();
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(Error);
  const { message } = refusal as Error;
  // What iotop refuses by itself quotes what was typed; where it is shown, a line feed is spelled out.
  if (!(refusal instanceof UsageError)) expect(message).not.toContain("\n");
  expect(message).not.toBe("");
}

/** Controls, format characters such as bidi, separators, lone surrogates; a line feed ends a line. */
const UNPRINTABLE = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u;
/** How an owner of the terminal moves, erases and colours. */
const SEQUENCES = /\x1b\[[0-9;?]*[@-~]|[\b\r]/g;

/** Nothing is printed, sent or warned of that a terminal or a reader of lines would take for something else. */
function expectClean(
  { module, withoutCode = (text) => text }: Subject,
  told: Told,
): void {
  for (const text of [...textsOf(told), ...told.warned].map(withoutCode)) {
    for (const name of HOSTILE_NAMES)
      if (UNPRINTABLE.test(name)) expect(text.includes(name)).toBe(false);
    const plain =
      module.owns === "terminal" ? text.replace(SEQUENCES, "") : text;
    expect(plain).not.toMatch(UNPRINTABLE);
    expect(plain).not.toMatch(/\bNaN\b|\bundefined\b|\bInfinity\b|\[object /);
  }
  for (const line of told.warned) expect(line).not.toContain("\n");
}
