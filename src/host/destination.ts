/** Where an output's text goes, and how that destination is opened and closed. */
import type { Output, Terminal } from "../model/output.ts";
import { fileSink } from "./file-sink.ts";
import type { ResolvedOutput } from "./resolve-outputs.ts";
import type { ScreenSession } from "./screen-session.ts";
import type { Sink } from "./sink.ts";

export interface Destination {
  readonly output: Output;
  readonly sink: Sink;
  readonly terminal: Terminal | null;
}

export function chooseDestination(
  { output, owns, file }: ResolvedOutput,
  { terminal, screen, besideScreen }: ScreenSession,
): Destination {
  if (file !== null) return { ...withFile(output, file), terminal: null };
  if (owns === "terminal") return { output, sink: screen, terminal };
  return { output, sink: besideScreen, terminal: null };
}

/** The file is opened before the output and closed after it. */
function withFile(
  output: Output,
  path: string,
): { readonly output: Output; readonly sink: Sink } {
  const sink = fileSink(path);
  return {
    sink,
    output: {
      async open(ctx) {
        await sink.open(ctx);
        try {
          await output.open?.(ctx);
        } catch (error) {
          await sink.close();
          throw error;
        }
      },
      write: (sample, ctx) => output.write(sample, ctx),
      async close(summary, ctx) {
        try {
          await output.close?.(summary, ctx);
        } finally {
          await sink.close();
        }
      },
    },
  };
}
