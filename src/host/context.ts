/** What an output is handed: its print, and the run it is part of. */
import type {
  Format,
  OutputContext,
  RunInfo,
  Terminal,
} from "../model/output.ts";
import type { LaneControls } from "./lane.ts";
import type { Messages } from "./messages.ts";
import { SinkError, type Sink } from "./print.ts";

/** The same for all outputs of a run. */
export interface Surface {
  readonly run: RunInfo;
  readonly format: Format;
  readonly signal: AbortSignal;
  readonly messages: Messages;
  readonly stop: () => void;
}

export interface Place {
  /** What warnings are signed with. */
  readonly name: string;
  readonly sink: Sink;
  readonly terminal: Terminal | null;
}

export function createContext(
  surface: Surface,
  { name, sink, terminal }: Place,
  lane: LaneControls,
): OutputContext {
  const print = async (text: string): Promise<void> => {
    const taken = lane.printing();
    try {
      await sink.write(text);
    } catch (error) {
      if (!(error instanceof SinkError) || !error.readerGone) {
        lane.fail(error);
        throw error;
      }
      lane.breakPipe();
      await new Promise<never>(() => {});
    } finally {
      taken();
    }
  };
  return {
    print(text) {
      const printed = print(text);
      // The lane knows already; an output that does not wait must not make an unhandled rejection of it.
      printed.catch(() => {});
      return printed;
    },
    warn(text) {
      surface.messages.warn(`${name}: ${text}`);
    },
    stop: surface.stop,
    signal: surface.signal,
    format: surface.format,
    terminal,
    run: surface.run,
  };
}
