/** struct taskstats as the kernel writes it, from linux/taskstats.h: written apart from the decoder, on purpose. */
import type { FakeCounters } from "./fake-linux-tasks.ts";
import { putU16, putU32, putU64 } from "./fake-messages.ts";

export interface FakeStats {
  readonly tid: number;
  readonly tgid: number;
  readonly ppid: number;
  readonly uid: number;
  readonly comm: string;
  readonly exitCode: number;
  readonly elapsedUs: number;
  /** Of the process, told since version 12. */
  readonly processElapsedUs: number;
  readonly cpuCount: number;
  readonly cpuRunNs: number;
  readonly peakVirtualKiB: number;
  /** The last task of its process (AGROUP), told since version 12. */
  readonly isLastOfProcess: boolean;
  readonly shown: FakeCounters;
}

/** Bytes of the struct by version. */
const SIZES: Readonly<Record<number, number>> = {
  9: 352,
  13: 416,
  14: 432,
  15: 560,
  16: 560,
};
const AGROUP = 0x20;
const ENCODER = new TextEncoder();

export function encodeTaskstats(version: number, s: FakeStats): Uint8Array {
  const size = SIZES[version]!;
  const bytes = new Uint8Array(size);
  const u32 = (at: number, value: number) => putU32(bytes, at, value);
  const u64 = (at: number, value: number) => putU64(bytes, at, value);
  // Version 15 put two u64 behind each total: three totals come before the name.
  const odd = version === 15;
  const behind = odd ? 48 : 0;
  putU16(bytes, 0, version);
  u32(4, s.exitCode);
  u64(16, s.cpuCount);
  u64(odd ? 56 : 40, s.shown.ioWaitNs);
  u64(odd ? 88 : 56, s.shown.swapWaitNs);
  u64(72 + behind, s.cpuRunNs);
  bytes.set(ENCODER.encode(s.comm), 80 + behind);
  u32(120 + behind, s.uid);
  u32(128 + behind, s.tid);
  u32(132 + behind, s.ppid);
  u64(144 + behind, s.elapsedUs);
  u64(208 + behind, s.peakVirtualKiB);
  u64(216 + behind, s.shown.logicalReadBytes);
  u64(224 + behind, s.shown.logicalWriteBytes);
  u64(248 + behind, s.shown.readBytes);
  u64(256 + behind, s.shown.writeBytes);
  u64(264 + behind, s.shown.cancelledBytes);
  if (version >= 12) {
    bytes[8] = s.isLastOfProcess ? AGROUP : 0;
    u32(odd ? 464 : 368, s.tgid);
    u64(odd ? 472 : 376, s.processElapsedUs);
  }
  return bytes;
}
