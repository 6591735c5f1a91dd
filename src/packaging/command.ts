/** Runs the programs that make archives: always with the same locale, zone and time. */

/** What the program printed. @throws Error with all that it wrote, if it fails or is not there */
export async function runTool(
  command: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    /** With which it may end. */
    readonly statuses?: readonly number[];
  } = {},
): Promise<string> {
  const child = Bun.spawn([...command], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: {
      PATH: process.env["PATH"] ?? "/usr/bin:/bin",
      // Nothing can be made in it.
      HOME: "/dev/null",
      LC_ALL: "C",
      TZ: "UTC",
      ...options.env,
    },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, errors, status] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  if (!(options.statuses ?? [0]).includes(status))
    throw new Error(
      `${command.join(" ")} failed (${status}):\n${output}${errors}`,
    );
  return output;
}
