/** What Prometheus does with an output that listens on a Unix socket: asks it for its metrics. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Scraper extends AsyncDisposable {
  readonly target: string;
  received(): Promise<readonly string[]>;
  ask(): Promise<void>;
}

export async function openScraper(): Promise<Scraper> {
  const folder = mkdtempSync(join(tmpdir(), "iotop-scraper-"));
  const path = join(folder, "metrics.sock");
  const bodies: string[] = [];
  return {
    target: `unix:${path}`,
    received: async () => bodies,
    ask: async () => {
      const reply = await fetch("http://iotop/metrics", { unix: path });
      if (!reply.ok) throw new Error(`${reply.status}: ${await reply.text()}`);
      bodies.push(await reply.text());
    },
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }),
  };
}
