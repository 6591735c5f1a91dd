/** What a running program has used so far. */
import { readFileSync } from "node:fs";
import { TASKSTATS_CMD_ATTR_TGID } from "../../src/kernel/taskstats-requests.ts";
import type { TaskstatsClient } from "../support/machine/taskstats-client.ts";

export interface Memory {
  /** Of which the program's own file is a part that the kernel can take back. */
  readonly residentBytes: number;
  /** Of no file: heap, stacks, compiled code. */
  readonly anonymousBytes: number;
  /** The most that was ever resident. */
  readonly peakBytes: number;
}

export function readMemory(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const bytesOf = (name: string): number =>
    Number(
      new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? NaN,
    ) * 1024;
  return {
    residentBytes: bytesOf("VmRSS"),
    anonymousBytes: bytesOf("RssAnon"),
    peakBytes: bytesOf("VmHWM"),
  };
}

/** User and system time of all threads, those that have ended too, ms: /proc counts in steps of 10 ms, taskstats in ns. */
export function cpuMsOf(pid: number, client: TaskstatsClient): number {
  const [answer] = client.ask(TASKSTATS_CMD_ATTR_TGID, [pid]);
  if (typeof answer !== "object") throw new Error(`errno ${answer} for ${pid}`);
  return answer.record.cpuRunNs / 1e6;
}
