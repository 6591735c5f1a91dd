/** When to sample: at absolute deadlines, draining exit messages in between, and never blocking other work for long. */
import type { AlarmClock, Clock } from "../kernel/clock.ts";
import type { Sample } from "../model/sample.ts";
import { AdjustablePace } from "./adjustable-pace.ts";
import { Housekeeping } from "./housekeeping.ts";
import type { Pace } from "./source.ts";

/** What is paced: a sampler, or a substitute in tests. Each generator is run to its end, in slices. */
export interface Steps {
  watch(): Generator<void, void, void>;
  /** Right after that: what is counted is counted from here. */
  countFromNow(): Generator<void, void, void>;
  sample(): Generator<void, Sample, void>;
  /** Takes what came between samples. @returns how much */
  drainExits(): number;
}

/** A tidied memory costs as much as some samples. */
const FEW_SAMPLES = 10;
/** After this long, a scan lets keys and painting run. */
const SLICE_NS = 8e6;
/**
 * How long exit messages wait to be taken where many tasks end, and where few do: there, waking takes more CPU time than
 * the messages. 50,000 exits a second stay well within the receive buffer.
 */
const BUSY_DRAIN_MS = 250;
const QUIET_DRAIN_MS = 500;
/** Messages in one drain. */
const MANY_MESSAGES = 64;

/** A run of a few samples is over before memory matters. */
export function isShort({ count }: Pick<Pace, "count">): boolean {
  return count !== null && count <= FEW_SAMPLES;
}

/**
 * Watches, then samples at every deadline. A deadline that was missed, because the program was stopped or a scan took
 * long, is skipped and not made up for. A suspend causes no misses, because the clock stands still. When the signal
 * aborts, what was done since the last sample is delivered as one more.
 */
export async function* paceSamples(
  steps: Steps,
  pace: Pace,
  clock: AlarmClock,
  signal: AbortSignal,
): AsyncGenerator<Sample, void, void> {
  const control = pace.control ?? new AdjustablePace(pace.intervalMs);
  await runInSlices(steps.watch(), clock);
  const beganNs = clock.monotonicNs();
  const endNs = beganNs + (pace.durationMs ?? Infinity) * 1e6;
  await runInSlices(steps.countFromNow(), clock);
  // The first scan leaves more garbage than any other.
  const housekeeping = isShort(pace) ? null : new Housekeeping();
  housekeeping?.tidyUp();
  let deadlineNs = beganNs;
  const drains = { everyMs: QUIET_DRAIN_MS };
  for (let n = 0; pace.count === null || n < pace.count; n++) {
    const nextNs = control.endOf(deadlineNs, clock.monotonicNs());
    const mostNs =
      n === 0 ? beganNs + (pace.firstIntervalMs ?? Infinity) * 1e6 : Infinity;
    const waiting = { steps, control, clock, signal, endNs, drains };
    deadlineNs = await waitUntil(
      Math.min(nextNs, mostNs, endNs),
      deadlineNs,
      waiting,
    );
    const isLast = signal.aborted || deadlineNs === endNs;
    let sample: Sample | null = await runInSlices(steps.sample(), clock);
    yield sample;
    if (isLast) return;
    // Otherwise the sample would be kept in memory until the next one.
    sample = null;
    housekeeping?.tidyUp();
  }
}

async function runInSlices<T>(
  steps: Generator<void, T, void>,
  clock: Clock,
): Promise<T> {
  let sliceBeganNs = clock.monotonicNs();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (clock.monotonicNs() - sliceBeganNs < SLICE_NS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    sliceBeganNs = clock.monotonicNs();
  }
}

interface Waiting {
  readonly steps: Steps;
  readonly control: AdjustablePace;
  readonly clock: AlarmClock;
  readonly signal: AbortSignal;
  /** When the run ends at the latest. */
  readonly endNs: number;
  /** How long to wait for the next one. */
  readonly drains: { everyMs: number };
}

/**
 * Resolves to the deadline when it has come, or at once when the signal aborts. It is another one if the pace is changed
 * meanwhile.
 */
async function waitUntil(
  deadlineNs: number,
  beganNs: number,
  { steps, control, clock, signal, endNs, drains }: Waiting,
): Promise<number> {
  for (;;) {
    const nowNs = clock.monotonicNs();
    const wishedNs = control.takeWish(beganNs, nowNs);
    if (wishedNs !== null) deadlineNs = Math.min(wishedNs, endNs);
    const leftMs = (deadlineNs - nowNs) / 1e6;
    if (leftMs <= 0 || signal.aborted) return deadlineNs;
    const { everyMs } = drains;
    await control.sleep(Math.min(leftMs, everyMs), clock, signal);
    if (leftMs <= everyMs) continue;
    const isBusy = steps.drainExits() >= MANY_MESSAGES;
    drains.everyMs = isBusy ? BUSY_DRAIN_MS : QUIET_DRAIN_MS;
  }
}
