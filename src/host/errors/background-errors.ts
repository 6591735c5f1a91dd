/** Errors that no call returned: from a timer, an event, or a promise that nothing awaits. */
import type { ResolvedOutput } from "../outputs/resolve-outputs.ts";

/** Calls back for each such error, so that it does not end the process, until disposed. */
export function catchBackgroundErrors(
  listener: (error: unknown) => void,
): Disposable {
  process.on("uncaughtException", listener);
  process.on("unhandledRejection", listener);
  return {
    [Symbol.dispose]() {
      process.off("uncaughtException", listener);
      process.off("unhandledRejection", listener);
    },
  };
}

type Suspect = Pick<ResolvedOutput, "name" | "codePath">;

/** The index of the output whose code appears in the error's stack; -1 if there is none. */
export function findCulprit(
  error: unknown,
  outputs: readonly Suspect[],
): number {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return outputs.findIndex(({ name, codePath }) =>
    codePath === null
      ? stack.includes(`outputs/${name}/`) ||
        stack.includes(`outputs/${name}.ts`)
      : stack.includes(codePath),
  );
}

/** " (at src/file.ts:1:2)" for a bug report; empty if the error has no usable stack. */
export function originOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const place = /(?:\(|at )([^()\s]+:\d+:\d+)\)?$/m.exec(stack)?.[1];
  return place === undefined ? "" : ` (at ${place})`;
}
