/** An error that ends the program, for the user. */
import { UsageError, describeError, errorCode } from "../../errors.ts";
import { originOf } from "./background-errors.ts";
import { SinkError } from "../sinks/sink.ts";

export interface LastWords {
  /** One line, or null when nobody is left to read it. */
  readonly text: string | null;
  readonly status: 0 | 1 | 2;
}

const EXPECTED_NAMES: readonly string[] = [
  "SysError",
  "NetlinkError",
  "RecordingError",
];

/** Wherever they are met: too many files are open. */
const LIMITS: readonly string[] = ["EMFILE", "ENFILE"];

/** @param isRoot whether we run as root: then no message advises to become root */
export function explainFailure(
  error: unknown,
  isRoot = process.geteuid!() === 0,
): LastWords {
  if (error instanceof UsageError) return { text: error.message, status: 2 };
  if (error instanceof SinkError && error.readerGone)
    return { text: null, status: 0 };
  const text = describeError(error);
  if (!isExpected(error))
    return { text: `unexpected error: ${text}${originOf(error)}`, status: 1 };
  const denied = ["EPERM", "EACCES"].includes(errorCode(error) ?? "");
  return {
    text: denied && !isRoot ? `${text}; run iotop as root` : text,
    status: 1,
  };
}

/** What the system refused, and errors that were put into words on purpose: those have a cause. */
function isExpected(error: unknown): boolean {
  return (
    error instanceof Error &&
    (EXPECTED_NAMES.includes(error.name) ||
      LIMITS.includes(errorCode(error) ?? "") ||
      error.cause !== undefined)
  );
}
