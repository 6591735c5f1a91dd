/** Where an output's text goes, and how that destination is opened and closed. */
import type { Output, Terminal } from "../../model/output.ts";
import type { StopReason } from "../../model/sample.ts";
import { fileSink, type FileSink } from "../sinks/file-sink.ts";
import type { LogRotation } from "../run/log-rotation.ts";
import type { ResolvedOutput } from "./resolve-outputs.ts";
import type { ScreenSession } from "../screen/screen-session.ts";
import { headed, type Sink } from "../sinks/sink.ts";
import { SpaceNews } from "../sinks/space-news.ts";
import { StoreSink } from "../store/store-sink.ts";
import { wholeFileSink } from "../sinks/whole-file-sink.ts";

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
  resolved: ResolvedOutput,
  { terminal, screen, besideScreen }: ScreenSession,
  files: FileRun,
): Destination {
  const { output, owns, file } = resolved;
  if (file !== null)
    return {
      ...withFile(output, file, sinkOf(resolved, file), files),
      terminal: null,
    };
  if (owns === "terminal") return { output, sink: screen, terminal };
  return { output, sink: headed(besideScreen), terminal: null };
}

function sinkOf(
  { fileSettings: { mode, store }, folder, isWhole }: ResolvedOutput,
  path: string,
): FileSink {
  if (isWhole) return wholeFileSink(path, mode);
  return store !== null && folder !== null
    ? new StoreSink(folder, store, mode)
    : fileSink(path, mode);
}

/** How a run ends if nobody waits for it. */
const UNHURRIED: readonly StopReason[] = ["count", "end-of-input"];

/** The file is opened before the output and closed after it. */
function withFile(
  output: Output,
  path: string,
  sink: FileSink,
  { rotation, signal }: FileRun,
): { readonly output: Output; readonly sink: Sink } {
  const news = new SpaceNews(path);
  rotation.add(() => sink.reopen());
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
      async write(sample, ctx) {
        const line = news.next(sample.seq);
        if (line !== null) ctx.warn(line);
        await sink.begin?.(sample);
        await output.write(sample, ctx);
      },
      async close(summary, ctx) {
        try {
          await output.close?.(summary, ctx);
          if (sink.finish && UNHURRIED.includes(summary.reason)) {
            sink.finish();
            // What it begins counts as a print, which may take its time.
            await ctx.print("");
          }
        } finally {
          await sink.close();
          const line = news.end();
          if (line !== null) ctx.warn(line);
        }
      },
    },
  };
}
