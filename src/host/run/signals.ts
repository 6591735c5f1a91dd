/** Signals that ask iotop to end, or to open its files anew. */
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import type { Clock } from "../../kernel/clock.ts";

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;
/** By default these end a program and leave its terminal as it is. So they end this one in order too. */
const STRAY_SIGNALS = [
  "SIGUSR1",
  "SIGUSR2",
  "SIGALRM",
  "SIGVTALRM",
  "SIGPROF",
  "SIGIO",
  "SIGXCPU",
] as const;
export type StopSignal =
  (typeof STOP_SIGNALS)[number] | (typeof STRAY_SIGNALS)[number];

/** npm also passes on a Ctrl-C that its child has already got from the terminal: within this time, two count as one. */
const SAME_REQUEST_MS = 500;

export interface StopListeners {
  /** The first request: end in order, with this status if nothing fails. */
  onStop(exitStatus: number): void;
  /** A repeated request, because ending takes too long. */
  onInsist(exitStatus: number): void;
  /** One of the signals that ask for that. */
  onReopen?(): void;
}

/** Calls back until disposed. @param reopening signals that do not ask to end, but to open files anew */
export function listenForStop(
  listeners: StopListeners,
  clock: Clock,
  reopening: readonly StopSignal[] = [],
): Disposable & {
  /** The same request from another source, such as Ctrl-C typed in raw mode. */
  request(signal: StopSignal): void;
} {
  let firstMs: number | null = null;
  const request = (signal: StopSignal): void => {
    const nowMs = clock.monotonicNs() / 1e6;
    const killedStatus = 128 + constants.signals[signal];
    if (firstMs === null) {
      firstMs = nowMs;
      listeners.onStop(isStray(signal) ? killedStatus : 0);
    } else if (nowMs - firstMs > SAME_REQUEST_MS) {
      listeners.onInsist(killedStatus);
    }
  };
  const take = (signal: StopSignal): void => {
    if (reopening.includes(signal)) listeners.onReopen?.();
    else request(signal);
  };
  // nohup sets the signal to be ignored. Handling it would end a program that is meant to keep running.
  const status = readStatus();
  const caught = [...STOP_SIGNALS, ...STRAY_SIGNALS].filter(
    (name) =>
      !(name === "SIGHUP" || isStray(name)) ||
      !parseIgnored(status, constants.signals[name]),
  );
  for (const name of caught) process.on(name, take);
  return {
    request,
    [Symbol.dispose]() {
      for (const name of caught) process.off(name, take);
    },
  };
}

const isStray = (signal: StopSignal): boolean =>
  (STRAY_SIGNALS as readonly StopSignal[]).includes(signal);

function readStatus(): string {
  try {
    return readFileSync("/proc/self/status", "latin1");
  } catch {
    return "";
  }
}

/** SigIgn in /proc/PID/status is a hexadecimal mask; signal 1 is the lowest bit. */
export function parseIgnored(status: string, signal: number): boolean {
  const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (mask === undefined) return false;
  return ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
}
