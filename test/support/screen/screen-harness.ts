/** The screen on a terminal that keeps what it shows. */
import { Terminal as XTerm } from "@xterm/headless";
import screen from "../../../outputs/screen/index.ts";
import { PastedText } from "../../../src/host/screen/pasted-text.ts";
import { connectDatagrams } from "../../../src/kernel/unix-datagrams.ts";
import { createFormat } from "../../../src/model/text/format.ts";
import { eventually } from "../eventually.ts";
import { utcTime } from "../utc-time.ts";
import type { Controls } from "../../../src/model/controls.ts";
import type {
  Output,
  OutputContext,
  Terminal,
} from "../../../src/model/output.ts";
import type { Sample } from "../../../src/model/sample.ts";
import {
  DEFAULT_SCREEN,
  type ScreenSettings,
} from "../../../src/model/options/screen-settings.ts";
import { viewOf } from "../../../src/model/options/screen-view.ts";
import type { View } from "../../../src/model/view/view.ts";

export interface ScreenSetup {
  readonly columns: number;
  readonly rows: number;
  readonly unicode?: boolean;
  readonly colorLevel?: 0 | 1 | 2 | 3;
  /** By COLORFGBG. */
  readonly background?: "dark" | "light";
  /** Whether the screen may ask the terminal for its background. */
  readonly answers?: boolean;
  readonly view?: Partial<View>;
  readonly screen?: Partial<ScreenSettings>;
  readonly graph?: "braille" | "blocks" | "ascii";
  readonly controls?: Controls;
  /** Whether the samples come from a recording. */
  readonly isRecorded?: boolean;
}

/** A headless terminal that does not wrap lines, as the host sets it. */
export async function openXTerm(columns: number, rows: number): Promise<XTerm> {
  const xterm = new XTerm({
    cols: columns,
    rows,
    allowProposedApi: true,
    scrollback: 0,
  });
  await feed(xterm, "\x1b[?7l");
  return xterm;
}

export function feed(xterm: XTerm, text: string): Promise<void> {
  return new Promise((resolve) => xterm.write(text, resolve));
}

/** What each line shows, blanks at its end left off. */
export function linesOf(xterm: XTerm): string[] {
  const { active } = xterm.buffer;
  return Array.from({ length: xterm.rows }, (_, y) =>
    active
      .getLine(active.baseY + y)!
      .translateToString()
      .trimEnd(),
  );
}

export class ScreenHarness implements AsyncDisposable {
  readonly xterm: XTerm;
  /** Everything printed, one entry a print. */
  readonly prints: string[] = [];
  /** When each was. */
  readonly printedMs: number[] = [];
  stops = 0;
  /** How often the program has looked how large the terminal is: as often for each frame that it composes. */
  sizeReads = 0;
  readonly #output: Output;
  readonly #terminal: Terminal & { columns: number; rows: number };
  readonly #ctx: OutputContext;
  /** Whether the terminal reports clicks. */
  mouse = false;
  /** As the host has it between the terminal and the screen. */
  readonly #pasted = new PastedText();
  #input: (bytes: Uint8Array) => void = () => {};
  #paste: (text: string) => void = () => {};
  #redraw: () => void = () => {};
  #message: (text: string) => void = () => {};

  private constructor(setup: ScreenSetup, xterm: XTerm) {
    this.xterm = xterm;
    this.#output = screen.create({ graph: setup.graph });
    let { rows } = setup;
    const countReads = (): void => void this.sizeReads++;
    this.#terminal = {
      columns: setup.columns,
      get rows() {
        countReads();
        return rows;
      },
      set rows(changed) {
        rows = changed;
      },
      unicode: setup.unicode ?? true,
      background: setup.background ?? null,
      answers: setup.answers ?? false,
      onInput: (listener) => void (this.#input = listener),
      onPaste: (listener) => void (this.#paste = listener),
      setMouse: (on) => void (this.mouse = on),
      onRedraw: (listener) => void (this.#redraw = listener),
      onMessage: (listener) => void (this.#message = listener),
    };
    const chosen = { ...DEFAULT_SCREEN, ...setup.screen };
    const view = { ...viewOf(chosen), ...setup.view };
    this.#ctx = {
      print: async (text) => {
        this.prints.push(text);
        this.printedMs.push(performance.now());
        await feed(xterm, text);
      },
      connectDatagrams,
      warn: (text) => this.#message(text),
      stop: () => void this.stops++,
      signal: new AbortController().signal,
      format: createFormat({ ...view, localTime: utcTime }),
      terminal: this.#terminal,
      controls: setup.controls ?? null,
      run: {
        version: "0.0.0",
        ...(setup.isRecorded === true
          ? { origin: "replay", intervalMs: null }
          : { origin: "live", intervalMs: 1000 }),
        view,
        screen: chosen,
        colorLevel: setup.colorLevel ?? 0,
      },
    };
  }

  static async open(setup: ScreenSetup): Promise<ScreenHarness> {
    const xterm = await openXTerm(setup.columns, setup.rows);
    const harness = new ScreenHarness(setup, xterm);
    await harness.#output.open?.(harness.#ctx);
    return harness;
  }

  async show(sample: Sample): Promise<readonly string[]> {
    await this.#output.write(sample, this.#ctx);
    return this.lines();
  }

  /** Types, waits for the answer, and returns what is shown. */
  async type(text: string): Promise<readonly string[]> {
    this.feed(text);
    await this.settle();
    return this.lines();
  }

  /** The same, before anything is drawn: more may follow. */
  feed(text: string): void {
    for (const piece of this.#pasted.take(new TextEncoder().encode(text)))
      if (piece.type === "typed") this.#input(piece.bytes);
      else this.#paste(piece.text);
  }

  /** Waits until what is shown matches: some keys are answered only after rows have been read. */
  async until(pattern: RegExp): Promise<readonly string[]> {
    await eventually(
      () => this.lines().join("\n"),
      (shown) => pattern.test(shown),
    );
    return this.lines();
  }

  async resize(columns: number, rows: number): Promise<readonly string[]> {
    this.xterm.resize(columns, rows);
    Object.assign(this.#terminal, { columns, rows });
    this.#redraw();
    await this.settle();
    return this.lines();
  }

  async warn(text: string): Promise<readonly string[]> {
    this.#message(text);
    await this.settle();
    return this.lines();
  }

  /** Waits until all that was printed is shown. */
  async settle(): Promise<void> {
    for (let i = 0; i < 3; i++) await feed(this.xterm, "");
  }

  lines(): readonly string[] {
    return linesOf(this.xterm);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#output.close?.(
      { reason: "quit", samples: 0, durationNs: 0, host: null },
      this.#ctx,
    );
    this.xterm.dispose();
  }
}
