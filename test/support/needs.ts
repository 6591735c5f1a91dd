/** Tests that need something of the machine: they are skipped where it is missing, and their titles then say what. */

const isRoot = process.getuid!() === 0;

/** What is missing, or null. */
export type Lack = string | null;

export const lackOfRoot: Lack = isRoot ? null : "root";

/** @param programs as they are called on a command line */
export function lackOf(...programs: readonly string[]): Lack {
  const path = `${process.env["PATH"]}:/usr/sbin:/sbin`;
  const missing = programs.filter(
    (name) => Bun.which(name, { PATH: path }) === null,
  );
  return missing.length === 0 ? null : missing.join(", ");
}

/** The title of a test, with what it lacks. */
export const needing = (title: string, ...lacks: readonly Lack[]): string => {
  const missing = lacks.filter((lack) => lack !== null);
  return missing.length === 0
    ? title
    : `${title} (skipped: needs ${missing.join(", ")})`;
};
