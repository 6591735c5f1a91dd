/** @returns what the program says. @throws Error with what it wrote to stderr, if it fails */
export async function runCommand(
  command: readonly string[],
  cwd: string,
  stdin = "",
): Promise<string> {
  const child = Bun.spawn([...command], {
    cwd,
    stdin: new TextEncoder().encode(stdin),
    stderr: "pipe",
  });
  const [output, errors, status] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  if (status !== 0)
    throw new Error(`${command.join(" ")} failed (${status}): ${errors}`);
  return output;
}
