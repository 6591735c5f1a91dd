/** A macro: it runs when iotop is built, and the page's script, in one piece, takes the place of the call. */
import { join } from "node:path";

/** @throws Error with what the bundler says */
export function bundleScript(): string {
  const { success, stdout, stderr } = Bun.spawnSync([
    ...[process.execPath, "build", join(import.meta.dir, "page", "main.ts")],
    ...["--target=browser", "--format=iife", "--minify"],
  ]);
  if (!success) throw new Error(stderr.toString());
  return stdout.toString();
}
