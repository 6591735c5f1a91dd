/** Text in the form in which `bun fmt` wants a file of that name. */
import { resolve } from "node:path";

const ROOT = resolve(import.meta.dir, "../../..");

export async function formatText(name: string, text: string): Promise<string> {
  const child = Bun.spawn(
    [process.execPath, "fmt", `--stdin-filepath=${name}`],
    { cwd: ROOT, stdin: new TextEncoder().encode(text), stderr: "inherit" },
  );
  const formatted = await child.stdout.text();
  if ((await child.exited) !== 0) throw new Error(`${name} is not formatted`);
  return formatted;
}
