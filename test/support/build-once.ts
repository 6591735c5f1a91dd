/** One process builds, those beside it wait: whoever finds that something must be built may ask for it. */

/** Held by one process at a time, and free again when that process has ended, however it ended. Null: another has it. */
function tryLock(name: string): Disposable | null {
  try {
    // A name in the kernel and no file: nothing stays behind.
    const listener = Bun.listen({
      unix: `\0iotop-${Bun.hash(name).toString(16)}`,
      socket: { data() {} },
    });
    return { [Symbol.dispose]: () => listener.stop(true) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return null;
    throw error;
  }
}

/** Calls `build` unless `path` is current, or has become so while another process built it. */
export async function buildOnce(
  path: string,
  isCurrent: () => boolean,
  build: () => Promise<unknown>,
): Promise<void> {
  while (!isCurrent()) {
    using lock = tryLock(path);
    if (lock === null) await Bun.sleep(50);
    else if (!isCurrent()) return void (await build());
  }
}
