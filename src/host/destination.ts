/** Where an output's text goes, and how that destination is opened and closed. */
import type { Output, Terminal } from "../model/output.ts";
import { fileSink } from "./file-sink.ts";
import type { LogRotation } from "./log-rotation.ts";
import type { ResolvedOutput } from "./resolve-outputs.ts";
import type { ScreenSession } from "./screen-session.ts";
import { headed, type Sink } from "./sink.ts";
import { SpaceNews } from "./space-news.ts";

export interface Destination {
  readonly output: Output;
  readonly sink: Sink;
  readonly terminal: Terminal | null;
}

/** The run, as files see it. */
export interface FileRun {
  readonly rotation: LogRotation;
  /** Aborted when the run is to end: then files wait neither for readers nor for space. */
  readonly signal: AbortSignal;
}

export function chooseDestination(
  { output, owns, file }: ResolvedOutput,
  { terminal, screen, besideScreen }: ScreenSession,
  files: FileRun,
): Destination {
  if (file !== null)
    return { ...withFile(output, file, files), terminal: null };
  if (owns === "terminal") return { output, sink: screen, terminal };
  return { output, sink: headed(besideScreen), terminal: null };
}

/** The file is opened before the output and closed after it. */
function withFile(
  output: Output,
  path: string,
  { rotation, signal }: FileRun,
): { readonly output: Output; readonly sink: Sink } {
  const sink = fileSink(path);
  const news = new SpaceNews(path);
  rotation.add(sink.reopen);
  return {
    sink,
    output: {
      async open(ctx) {
        await sink.open({
          warn: (text) => ctx.warn(text),
          signal,
          onFull: (reason) => ctx.warn(news.full(reason)),
          onFreed: () => news.freed(),
        });
        try {
          await output.open?.(ctx);
        } catch (error) {
          await sink.close();
          throw error;
        }
      },
      write(sample, ctx) {
        const line = news.next(sample.seq);
        if (line !== null) ctx.warn(line);
        return output.write(sample, ctx);
      },
      async close(summary, ctx) {
        try {
          await output.close?.(summary, ctx);
        } finally {
          await sink.close();
          const line = news.end();
          if (line !== null) ctx.warn(line);
        }
      },
    },
  };
}
