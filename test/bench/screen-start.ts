/** How soon a screen shows something. */
import { openTerminal } from "../support/binary.ts";
import { TaskstatsClient } from "../support/machine/taskstats-client.ts";
import { cpuMsOf } from "./process.ts";
import { SIZE, type ScreenProgram } from "./screen-programs.ts";
import { median, quantile } from "./statistics.ts";
import { ms, type Figures } from "./tables.ts";

const ROUNDS = 15;
const LIMIT_MS = 10_000;
/** There are no totals before the first sample. */
const FIGURES = /Current DISK READ/;

/** When it was, since the start, ms. */
interface Start {
  readonly frameMs: number;
  /** Of all threads by then. */
  readonly frameCpuMs: number;
  readonly figuresMs: number;
}

export async function screenStarts(
  programs: readonly ScreenProgram[],
  signal: AbortSignal,
): Promise<Figures> {
  const ours = programs.filter(({ isOurs }) => isOurs);
  const starts = ours.map((): Start[] => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, { command }] of ours.entries()) {
      signal.throwIfAborted();
      starts[i]!.push(await startOf(command));
    }
  return {
    title: "From the start on",
    head: [
      "",
      "first frame",
      "3 of 4",
      "CPU until then",
      "first figures, after that",
      "3 of 4",
    ],
    rows: ours.map(({ name }, i) => {
      const frames = starts[i]!.map(({ frameMs }) => frameMs);
      const figures = starts[i]!.map((one) => one.figuresMs - one.frameMs);
      const cpuMs = median(starts[i]!.map(({ frameCpuMs }) => frameCpuMs));
      return [name, ...summary(frames), ms(cpuMs), ...summary(figures)];
    }),
  };
}

function summary(times: readonly number[]): readonly string[] {
  return [ms(median(times)), ms(quantile(times, 0.75))];
}

async function startOf(command: readonly string[]): Promise<Start> {
  const decoder = new TextDecoder();
  const { promise, resolve, reject } = Promise.withResolvers<Start>();
  const limit = setTimeout(reject, LIMIT_MS, new Error("it shows nothing"));
  let text = "";
  let frame: Omit<Start, "figuresMs"> | null = null;
  using client = new TaskstatsClient();
  const beganMs = performance.now();
  await using session = openTerminal(["-d", "1"], {
    ...SIZE,
    command,
    onOutput: (piece) => {
      text += decoder.decode(piece, { stream: true });
      const sinceMs = performance.now() - beganMs;
      if (frame === null && text.includes("DISK READ"))
        frame = {
          frameMs: sinceMs,
          frameCpuMs: cpuMsOf(session.pid, client),
        };
      if (frame !== null && FIGURES.test(text))
        resolve({ ...frame, figuresMs: sinceMs });
    },
  });
  try {
    return await promise;
  } finally {
    clearTimeout(limit);
  }
}
