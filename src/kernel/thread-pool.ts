/** The runtime's threads for calls that may wait: files, and the names of hosts. */
import { libc } from "./libc.ts";

/**
 * There are as many as processors, and a disk that does not answer holds one for each file on it. The runtime looks
 * for its variable when the first call comes; before that this makes room, later it has no effect. Threads are made
 * when they are needed.
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
    // Without foreign functions it is as the runtime has it.
  }
}
