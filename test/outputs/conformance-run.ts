/** Runs of one output in memory, as the host runs it: created, opened, written to, closed. */
import { parseModuleOptions } from "../../src/output-options/module-options.ts";
import type {
  Output,
  OutputContext,
  OutputModule,
  OptionSpecs,
  OptionValues,
  Sample,
  Summary,
  Terminal,
  View,
} from "../../src/model/index.ts";
import { makeContext } from "../support/context.ts";

/** Receives what an output sends. */
export interface Peer extends AsyncDisposable {
  /** What the output is given as its target. */
  readonly target: string;
  /** All that has come so far, once nothing is under way any more. */
  received(): Promise<readonly string[]>;
  /** Of an output that waits to be asked: asks it. Called after each sample. */
  ask?(): Promise<void>;
}

/** Where the sum of bytes read stands in the texts of a run. */
export interface Sums {
  readonly view?: Partial<View>;
  readonly readBytes: (texts: readonly string[]) => number;
}

export interface Subject {
  readonly module: OutputModule;
  readonly settings: readonly string[];
  readonly openPeer?: () => Promise<Peer>;
  /** Of texts that hold a program: the rest of such a text. */
  readonly withoutCode?: (text: string) => string;
}

/** What an output has said. */
export interface Told {
  readonly printed: readonly string[];
  readonly sent: readonly string[];
  readonly warned: readonly string[];
}

export const textsOf = ({ printed, sent }: Told): readonly string[] => [
  ...printed,
  ...sent,
];

export interface RunOptions {
  readonly view?: Partial<View>;
  readonly signal?: AbortSignal;
  /** Instead of taking the text. */
  readonly print?: (text: string) => Promise<void>;
}

/** @throws UsageError, or what the module throws */
export function createOutput(
  { module, settings }: Subject,
  target?: string,
): Output {
  const options = new Map(
    settings.map((setting): [string, string | true] => {
      const at = setting.indexOf("=");
      return at < 0
        ? [setting, true]
        : [setting.slice(0, at), setting.slice(at + 1)];
    }),
  );
  const { name } = module;
  const values = parseModuleOptions({ name, options }, module.options);
  return module.create(values as OptionValues<OptionSpecs>, target);
}

/** One instance, from `create` to `close`. */
export class Run implements AsyncDisposable {
  readonly #output: Output;
  readonly #ctx: OutputContext;
  readonly #printed: readonly string[];
  readonly #warned: readonly string[];
  readonly #peer: Peer | undefined;
  readonly #samples: Sample[] = [];

  private constructor(
    subject: Subject,
    peer: Peer | undefined,
    { view, signal, print }: RunOptions,
  ) {
    this.#peer = peer;
    this.#output = createOutput(subject, peer?.target);
    const made = makeContext(view);
    this.#printed = made.printed;
    this.#warned = made.warned;
    this.#ctx = {
      ...made,
      print: print ?? made.print,
      signal: signal ?? made.signal,
      terminal: subject.module.owns === "terminal" ? TERMINAL : null,
    };
  }

  static async start(subject: Subject, options: RunOptions = {}): Promise<Run> {
    return new Run(subject, await subject.openPeer?.(), options);
  }

  async open(): Promise<void> {
    await this.#output.open?.(this.#ctx);
  }

  async write(...samples: readonly Sample[]): Promise<void> {
    for (const sample of samples) {
      this.#samples.push(sample);
      await this.#output.write(sample, this.#ctx);
      await this.#peer?.ask?.();
    }
  }

  async close(): Promise<void> {
    await this.#output.close?.(summaryOf(this.#samples), this.#ctx);
  }

  async told(): Promise<Told> {
    return {
      printed: this.#printed,
      warned: this.#warned,
      sent: (await this.#peer?.received()) ?? [],
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#peer?.[Symbol.asyncDispose]();
  }
}

/** A whole run of some samples. */
export async function play(
  subject: Subject,
  samples: readonly Sample[],
  options?: RunOptions,
): Promise<Told> {
  await using run = await Run.start(subject, options);
  await run.open();
  await run.write(...samples);
  await run.close();
  return await run.told();
}

const TERMINAL: Terminal = {
  columns: 100,
  rows: 30,
  unicode: true,
  background: null,
  answers: false,
  onInput: () => {},
  onPaste: () => {},
  setMouse: () => {},
  onRedraw: () => {},
  onMessage: () => {},
};

function summaryOf(samples: readonly Sample[]): Summary {
  return {
    reason: "count",
    samples: samples.length,
    durationNs: samples.reduce((ns, { intervalNs }) => ns + intervalNs, 0),
    host: samples.at(-1)?.host ?? null,
  };
}
