/** What an output is given: its `print`, and the run that it is part of. */
import { connectDatagrams } from "../../kernel/unix-datagrams.ts";
import type { Controls } from "../../model/controls.ts";
import type {
  Format,
  OutputContext,
  RunInfo,
  Terminal,
} from "../../model/output.ts";
import type { Messages } from "../run/messages.ts";
import type { RunnerControls } from "./output-runner.ts";
import { SinkError, type Sink } from "../sinks/sink.ts";

/** The same for all outputs of a run. */
export interface SharedContext {
  readonly run: RunInfo;
  readonly format: Format;
  readonly messages: Messages;
  readonly stop: () => void;
}

/** Different for each output. */
export interface OwnContext {
  /** The name that signs warnings. */
  readonly name: string;
  readonly sink: Sink;
  readonly terminal: Terminal | null;
  readonly controls: Controls | null;
}

export function createContext(
  shared: SharedContext,
  { name, sink, terminal, controls }: OwnContext,
  runner: RunnerControls,
): OutputContext {
  const print = async (text: string, heading?: string): Promise<void> => {
    const taken = runner.printing();
    try {
      await sink.write(text, heading);
    } catch (error) {
      if (!(error instanceof SinkError) || !error.readerGone) {
        runner.fail(error);
        throw error;
      }
      runner.breakPipe();
      await new Promise<never>(() => {});
    } finally {
      taken();
    }
  };
  return {
    print(text, heading) {
      const printed = print(text, heading);
      // The runner knows already. If the output does not await the promise, its rejection must not count as unhandled.
      printed.catch(() => {});
      return printed;
    },
    connectDatagrams,
    warn(text) {
      shared.messages.warn(`${name}: ${text}`);
    },
    stop: shared.stop,
    signal: runner.signal,
    format: shared.format,
    terminal,
    controls,
    run: shared.run,
  };
}
