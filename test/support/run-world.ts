/** A run in memory: its settings, its outputs, and everything that it does to the world. */
import type { Sink } from "../../src/host/sinks/sink.ts";
import type { ResolvedOutput } from "../../src/host/outputs/resolve-outputs.ts";
import type {
  HostTerminal,
  TerminalOptions,
} from "../../src/host/screen/terminal.ts";
import type { Output } from "../../src/model/output.ts";
import { DEFAULT_SCREEN } from "../../src/model/options/screen-settings.ts";
import { DEFAULT_VIEW } from "../../src/model/view/view.ts";
import type { RunSettings, Surroundings } from "../../src/run.ts";
import { FakeClock } from "./fake-clock.ts";
import { FakeTasks } from "./fake-tasks.ts";
import { makeSample, row } from "./samples.ts";
import { utcTime } from "./utc-time.ts";

export const SETTINGS: RunSettings = {
  intervalMs: 250,
  count: null,
  durationMs: null,
  view: DEFAULT_VIEW,
  screen: DEFAULT_SCREEN,
  colorLevel: 0,
  onScreen: { view: DEFAULT_VIEW, screen: DEFAULT_SCREEN, colorLevel: 0 },
  notice: null,
};

export const resolved = (
  output: Output,
  more: Partial<ResolvedOutput> = {},
): ResolvedOutput => ({
  name: "mine",
  output,
  owns: undefined,
  file: null,
  fileSettings: { mode: null, store: null },
  folder: null,
  isWhole: false,
  codePath: null,
  ...more,
});

export const samples = (...seqs: readonly number[]) =>
  seqs.map((seq) =>
    makeSample({ seq, threads: [row({ tid: 7, readBytes: 1024 * seq })] }),
  );

/** Everything that a run does, as a list. Its time passes only as the test lets it. */
export class World implements Surroundings {
  readonly version = "1.2.3";
  readonly localTime = utcTime;
  readonly savedSettings = null;
  readonly clock = new FakeClock();
  readonly events: string[] = [];
  readonly stdout: Sink = {
    write: async (text) => void this.events.push(`stdout: ${text}`),
  };
  terminalOptions: TerminalOptions | null = null;

  readonly printError = (text: string): void =>
    void this.events.push(`stderr: ${text}`);

  readonly tasks = new FakeTasks();
  readonly openTasks = (): FakeTasks => this.tasks;

  readonly exit = (status: number): void =>
    void this.events.push(`exit ${status}`);

  readonly openTerminal = (options: TerminalOptions): HostTerminal => {
    this.terminalOptions = options;
    this.events.push("terminal opened");
    return {
      write: async (text) => void this.events.push(`screen: ${text}`),
      columns: 80,
      rows: 24,
      unicode: true,
      background: null,
      answers: false,
      onInput() {},
      onPaste() {},
      setMouse() {},
      onRedraw() {},
      onMessage() {},
      message: (text) => void this.events.push(`message: ${text}`),
      [Symbol.dispose]: () => void this.events.push("terminal restored"),
    };
  };
}
