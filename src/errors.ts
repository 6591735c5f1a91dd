/** Errors that concern the user, and errors of any kind in one line, for people to read. */

/** The user's request is invalid: one line on stderr, exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

interface SystemErrorLike extends Error {
  readonly code: string;
  readonly syscall?: string;
}

function isSystemError(error: unknown): error is SystemErrorLike {
  return (
    error instanceof Error &&
    typeof (error as { code?: unknown }).code === "string" &&
    error.message.startsWith(`${(error as SystemErrorLike).code}: `)
  );
}

/** One line: "no space left on device" instead of "ENOSPC: no space left on device, write". Never throws. */
export function describeError(error: unknown): string {
  try {
    return reasonOf(error) + adviceFor(errorCode(error));
  } catch {
    return "unknown error";
  }
}

function reasonOf(error: unknown): string {
  if (isSystemError(error)) {
    const { code, message, syscall } = error;
    const text = message.slice(code.length + 2);
    const end = syscall === undefined ? -1 : text.indexOf(`, ${syscall}`);
    return firstLine(plainReason(end < 0 ? text : text.slice(0, end)));
  }
  if (error instanceof AggregateError && error.errors.length > 0)
    return describeError(error.errors[0]);
  if (error instanceof Error && error.message === "") return error.name;
  const { message } = (error ?? {}) as { message?: unknown };
  return firstLine(typeof message === "string" ? message : String(error));
}

const firstLine = (text: string): string => text.trim().split("\n", 1)[0]!;

/** The code of a system error, "EPIPE"; null for all others. */
export function errorCode(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : null;
}

/** What to do where the reason is no fault of what was tried; empty for all other errors. */
function adviceFor(code: string | null): string {
  switch (code) {
    case "EMFILE":
      return `; iotop may have ${openFileLimit()} at once: raise that limit (ulimit -n, LimitNOFILE= of systemd)`;
    case "ENFILE":
      return "; the limit is that of the machine: raise it (sysctl fs.file-max), or end what has many open";
    default:
      return "";
  }
}

/** Asked of the kernel without opening a file, which would fail too. */
function openFileLimit(): string {
  const { userLimits } = process.report.getReport() as {
    readonly userLimits?: {
      readonly open_files?: { readonly soft?: number | string };
    };
  };
  return String(userLimits?.open_files?.soft ?? "no more");
}

/** What the system said, where the runtime's words for it (EISDIR) do not say what is wrong. */
function plainReason(text: string): string {
  return text.replace("illegal operation on a directory", "is a directory");
}
