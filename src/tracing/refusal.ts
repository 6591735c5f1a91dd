/** Why the kernel does not let us count by file, in one sentence. Pure. */
import {
  EACCES,
  EINVAL,
  ENOSYS,
  EPERM,
  KernelError,
} from "../kernel/errors.ts";
import { LoadError } from "./bpf.ts";
import { BtfError } from "./btf.ts";

/** The kernel's own ENOTSUPP, which no program should see. */
const ENOTSUPP = 524;
/** What the kernel says of a helper that it does not allow; up to Linux 6.6 it knows none of that name. */
const FORBIDDEN_READ = /(?:cannot use helper|unknown func) bpf_probe_read_/;
const LAST_LINES = 3;

/** @returns the reason, or null if it is a fault that nobody foresaw */
export function explainRefusal(error: unknown): string | null {
  if (error instanceof BtfError)
    return `iotop does not know this kernel's ${error.message}: it needs Linux 5.17 or newer; if this is one, please report it`;
  if (error instanceof LoadError) return explainLoad(error);
  if (error instanceof KernelError) return explainErrno(error.errno, error);
  if (isMissingFile(error))
    return "there is no /sys/kernel/btf/vmlinux: /sys is not mounted, or this kernel was built without CONFIG_DEBUG_INFO_BTF";
  return null;
}

function explainLoad(error: LoadError): string {
  if (error.errno === EINVAL && FORBIDDEN_READ.test(error.log))
    return "the kernel is locked down (confidentiality), so no program may read its memory";
  if (error.errno !== EACCES && error.errno !== EINVAL)
    return explainErrno(error.errno, error);
  const lines = error.log.trim().split("\n").slice(-LAST_LINES).join("; ");
  return `the kernel's verifier refuses the ${error.operation} (${lines}): please report it`;
}

function explainErrno(errno: number, { message }: Error): string {
  switch (errno) {
    case EPERM:
      return "the kernel allows this only to root, or with CAP_BPF and CAP_PERFMON, and not in every container";
    case ENOSYS:
      return "this kernel has no BPF (CONFIG_BPF_SYSCALL)";
    case ENOTSUPP:
      return "this kernel does not compile BPF programs (net.core.bpf_jit_enable)";
    default:
      return message;
  }
}

const isMissingFile = (error: unknown): boolean =>
  error instanceof Error && (error as { code?: unknown }).code === "ENOENT";
