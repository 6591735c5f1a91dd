/** A recording that the built program makes beside a dd, of threads and of files, as if at 02:13 of this night. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startBinary } from "../binary.ts";
import { eventually } from "../eventually.ts";
import { parseLines } from "../json-run.ts";
import { diskFolder } from "../workload.ts";

const BEGINS = [2, 13, 10] as const;

/** @param folder for the file that iotop writes @returns its lines */
export async function nightRecording(folder: string): Promise<string> {
  const path = join(folder, "recorded.jsonl");
  await runBesideDd(["--files", "-d", "0.1", "--output", `jsonl=${path}`], {
    cwd: folder,
    linesIn: path,
    lines: 3,
  });
  return inTheNight(readFileSync(path, "utf8"));
}

interface BesideDd {
  readonly cwd: string;
  /** A file of the run; by default its stdout. */
  readonly linesIn?: string;
  /** So many lines there end the run. */
  readonly lines: number;
}

/**
 * Runs iotop beside a dd that writes 64 KiB to a disk again and again, until iotop has printed enough. @throws if it
 * fails
 */
export async function runBesideDd(
  args: readonly string[],
  { cwd, linesIn, lines }: BesideDd,
) {
  using disk = diskFolder();
  const dd = Bun.spawn(
    [
      "dd",
      `of=${join(disk.path, "written")}`,
      "bs=64k",
      "iflag=fullblock",
      "oflag=dsync",
      "status=none",
    ],
    { stdin: "pipe" },
  );
  await using running = startBinary(args, { cwd });
  const printed = (): string => {
    if (linesIn === undefined) return running.stdout;
    return existsSync(linesIn) ? readFileSync(linesIn, "utf8") : "";
  };
  await eventually(
    () => {
      void dd.stdin.write(new Uint8Array(64 << 10));
      void dd.stdin.flush();
      return printed().split("\n").length - 1;
    },
    (count) => count >= lines,
  );
  running.kill("SIGTERM");
  const outcome = await running.exited;
  await dd.stdin.end();
  await dd.exited;
  if (outcome.status !== 0)
    throw new Error(`status ${outcome.status}: ${outcome.stderr}`);
  return outcome;
}

function inTheNight(lines: string): string {
  const records = parseLines(lines);
  const beganMs = records[0]!.time_ms;
  const shiftMs = new Date(beganMs).setHours(...BEGINS) - beganMs;
  return records
    .map((record) => {
      const timeMs = record.time_ms + shiftMs;
      const time = new Date(timeMs).toISOString();
      return `${JSON.stringify({ ...record, time, time_ms: timeMs })}\n`;
    })
    .join("");
}
