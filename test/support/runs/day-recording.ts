/** A day of samples, one a second, of ten tasks each: as a store keeps it, an hour in a file. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  STORE_PERIODS,
  storeFileName,
} from "../../../src/model/store/store-files.ts";

export const DAY_BEGIN_MS = Date.parse("2026-11-24T00:00:00Z");
export const DAY_SAMPLES = 86_400;
const HOUR_SAMPLES = 3600;

/** What all but the first task write in a sample, each. */
const WRITTEN = 4096;
const OTHERS = Array.from({ length: 9 }, (_, n) => taskText(n + 2, WRITTEN));

/** What all tasks write in a sample, bytes. */
export const writtenIn = (seq: number): number => 9 * WRITTEN + seq;

/** What they have written by then. */
const writtenUntil = (seq: number): number =>
  9 * WRITTEN * seq + (seq * (seq + 1)) / 2;

export const DAY_WRITTEN = writtenUntil(DAY_SAMPLES);

function taskText(tid: number, bytes: number): string {
  return `{"pid":${tid},"tid":${tid},"ppid":1,"start_time":"2026-11-23T00:00:00.000Z","life":"running","comm":"t${tid}","uid":0,"user":"root","write_bytes":${bytes}}`;
}

/** With the keys that a recording must have. */
function lineOf(seq: number): string {
  const timeMs = DAY_BEGIN_MS + seq * 1000;
  const time = new Date(timeMs).toISOString();
  return `{"schema":"iotop.sample/1","seq":${seq},"time":"${time}","time_ms":${timeMs},"uptime_s":${seq + 3600},"interval_s":1,"host":"web1","boot_id":"b","accounting":"taskstats","disk":{},"total":{"tasks":10,"write_bytes":${writtenIn(seq)},"since_write_bytes":${writtenUntil(seq)}},"health":{"lost_exit_events":0,"exit_events":true,"scan_s":0},"tasks":[${taskText(1, seq)},${OTHERS.join()}]}\n`;
}

/** Files of a store, the first one with samples that end at its begin. @returns the folder */
export function writeDay(folder: string): string {
  mkdirSync(folder, { recursive: true });
  let lines: string[] = [];
  let startMs = DAY_BEGIN_MS;
  const close = () => {
    const name = storeFileName({
      ...{ host: "web1", startMs, period: "1h", form: "compressed" },
    });
    writeFileSync(join(folder, name), Bun.zstdCompressSync(lines.join("")));
    lines = [];
    startMs += STORE_PERIODS["1h"];
  };
  for (let seq = 1; seq <= DAY_SAMPLES; seq++) {
    if (seq % HOUR_SAMPLES === 0) close();
    lines.push(lineOf(seq));
  }
  close();
  return folder;
}
