/** Starts a task that ends at once, to check whether the kernel reports its end. */
import { EINVAL } from "./errors.ts";
import { libc } from "./libc.ts";

/** spawn.h; flags and process group are the first two members of posix_spawnattr_t in glibc and in musl. */
const POSIX_SPAWN_SETPGROUP = 2;
/** At least as large as either C library's posix_spawnattr_t. */
const ATTRIBUTES_BYTES = 512;

/**
 * Starts a child process that ends before it runs a program, and waits for it: it is told to join an impossible process
 * group, so posix_spawn(3) fails in it. The child borrows our memory, as with vfork(2), so this takes some 0.1 ms. When
 * this returns, the kernel has sent its exit message (do_exit in kernel/exit.c does that first).
 *
 * @returns false if no process can be started
 */
export function startAndEndChild(): boolean {
  const attributes = new Int32Array(new ArrayBuffer(ATTRIBUTES_BYTES));
  attributes[0] = POSIX_SPAWN_SETPGROUP;
  attributes[1] = -1;
  const path = new Uint8Array(new ArrayBuffer(8));
  const nothing = new BigUint64Array(new ArrayBuffer(8));
  const error = libc().call.posix_spawn(
    null,
    path,
    null,
    attributes,
    nothing,
    nothing,
  );
  return error === EINVAL;
}
