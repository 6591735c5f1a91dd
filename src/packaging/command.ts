/** Runs the programs that make archives: always with the same locale, zone and time. */

/** @throws Error with what the program wrote, if it fails or is not there */
export async function runTool(
  command: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<void> {
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
  if (status !== 0)
    throw new Error(
      `${command.join(" ")} failed (${status}):\n${output}${errors}`,
    );
}
