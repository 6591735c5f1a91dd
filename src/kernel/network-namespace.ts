/** Other processes' network namespaces: a socket stays in the namespace in which it was opened. */
import { SysError } from "./errors.ts";
import { openReadOnly } from "./files.ts";
import { libc } from "./libc.ts";

const CLONE_NEWNET = 0x40000000;

/**
 * Does the work, which must not wait, in the network namespace of a process. Only this thread enters it, and it comes
 * back.
 *
 * @throws SysError where that is not allowed: it takes CAP_SYS_ADMIN in both namespaces, and the right to see the
 * namespace of the process (setns(2)); an Error if there is no way back
 */
export function inNetworkOf<T>(pid: number, work: () => T): T {
  using own = openNamespace("self");
  using other = openNamespace(String(pid));
  other.enter();
  try {
    return work();
  } finally {
    try {
      own.enter();
    } catch (cause) {
      // This must not be handled like a refusal: everything opened from now on would be in the wrong network.
      throw new Error("cannot return to the network namespace of iotop", {
        cause,
      });
    }
  }
}

function openNamespace(process: string): Disposable & { enter(): void } {
  const path = `/proc/${process}/ns/net`;
  const fd = openReadOnly(path);
  if (fd < 0) throw new SysError(`open ${path}`, -fd);
  const { call, errno } = libc();
  return {
    enter() {
      if (call.setns(fd, CLONE_NEWNET) < 0)
        throw new SysError(`setns ${path}`, errno());
    },
    [Symbol.dispose]: () => void call.close(fd),
  };
}
