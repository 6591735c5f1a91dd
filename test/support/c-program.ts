/** Programs in C of our own, compiled on first use. */
import { existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const FOLDER = resolve(import.meta.dir, "../../dist/test");
const compiled = new Set<string>();

/**
 * Path of the program, compiled anew if its source is newer.
 *
 * @param name of the executable
 * @throws when there is no C compiler
 */
export function compileProgram(name: string, source: string): string {
  const program = join(FOLDER, name);
  if (!compiled.has(program) && !isCurrent(program, source))
    compile(program, source);
  compiled.add(program);
  return program;
}

const isCurrent = (program: string, source: string): boolean =>
  existsSync(program) && statSync(program).mtimeMs >= statSync(source).mtimeMs;

/** Under another name first, as tests that run side by side may do the same. */
function compile(program: string, source: string): void {
  mkdirSync(dirname(program), { recursive: true });
  const fresh = `${program}.${process.pid}`;
  const { exitCode, stderr } = Bun.spawnSync(
    ["gcc", "-O2", "-Wall", "-Werror", "-pthread", "-o", fresh, source],
    { stderr: "pipe" },
  );
  if (exitCode !== 0) throw new Error(stderr.toString());
  renameSync(fresh, program);
}
