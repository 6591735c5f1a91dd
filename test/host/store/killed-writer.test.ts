// waits: it starts programs
/** A writer that is killed at any moment, also while it compresses. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { zstdDecompressSync } from "node:zlib";

setDefaultTimeout(120_000);

const WRITER = resolve(import.meta.dir, "../../support/store-writer.ts");
const KILLS = 50;

/** Runs the writer until it has written so many lines. @returns the number of the last one, or that before the first */
async function writeAndKill(
  folder: string,
  first: number,
  lines: number,
): Promise<number> {
  const child = Bun.spawn([process.execPath, WRITER, folder, `${first}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let told = "";
  // To the end: it may have written more by the time that it is gone.
  for await (const bytes of child.stdout) {
    told += new TextDecoder().decode(bytes);
    if (told.split("\n").length > lines) child.kill("SIGKILL");
  }
  await child.exited;
  return Number(told.split("\n").at(-2) ?? first - 1);
}

test("killed fifty times, a store has every line once, and at most one in pieces for each kill", async () => {
  const folder = `${mkdtempSync(join(tmpdir(), "iotop-killed-"))}/`;
  try {
    const written = new Set<number>();
    let next = 1;
    for (let kill = 0; kill < KILLS; kill++) {
      const last = await writeAndKill(folder, next, Math.random() * 20);
      for (let n = next; n <= last; n++) written.add(n);
      // A line may be whole though nobody heard of it.
      next = last + 2;
    }
    const names = readdirSync(folder);
    expect(
      names.filter((name) => name.endsWith(".zst")).length,
    ).toBeGreaterThan(KILLS / 2);
    const lines = names
      .filter((name) => !name.endsWith(".part"))
      .flatMap((name) => {
        const bytes = readFileSync(join(folder, name));
        const text = name.endsWith(".zst") ? zstdDecompressSync(bytes) : bytes;
        return text.toString().split("\n");
      })
      .filter((line) => line !== "");
    const whole = lines.filter((line) => /^\d+ x*\.$/.test(line));
    const numbers = whole.map((line) => parseInt(line, 10));
    for (const line of lines) expect(line).toMatch(/^\d+( x*\.?)?$/);
    expect(lines.length - whole.length).toBeLessThanOrEqual(KILLS);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect([...written].filter((n) => !numbers.includes(n))).toEqual([]);
    expect(numbers.length - written.size).toBeLessThanOrEqual(KILLS);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
