/** The runtime's threads for calls that may block: files, and look-ups of host names. */
import { libc } from "./libc.ts";

/**
 * By default there is one for each processor, and each file on a disk that does not answer blocks one. The runtime
 * reads its variable at the first such call, so this must run earlier: later it has no effect. Threads start only when
 * they are needed.
 */
export function makeRoomForThreads(count: number): void {
  if (count <= navigator.hardwareConcurrency) return;
  try {
    libc().call.setenv(
      Buffer.from("UV_THREADPOOL_SIZE\0"),
      Buffer.from(`${count}\0`),
      1,
    );
  } catch {
    // Without foreign functions, the runtime's default stays.
  }
}
