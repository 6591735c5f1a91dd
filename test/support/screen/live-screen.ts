/** The built program on a terminal that keeps what it shows. */
import { openTerminal, type TerminalSession } from "../binary.ts";
import { eventually } from "../eventually.ts";
import { linesOf, openXTerm } from "./screen-harness.ts";

export interface LiveScreen extends AsyncDisposable {
  readonly session: TerminalSession;
  /** All lines in one text. */
  shown(): string;
  /** Resolves with what is shown as soon as it is as wanted. */
  until(isReady: (shown: string) => boolean): Promise<string>;
  type(keys: string): void;
}

/** Whether the first frame is there, up to its last line, in whatever width. */
export const isDrawn = (shown: string): boolean => shown.includes("h help");

export async function openLiveScreen(
  args: readonly string[],
  size: { readonly columns: number; readonly rows: number },
  env: Readonly<Record<string, string>> = {},
): Promise<LiveScreen> {
  const xterm = await openXTerm(size.columns, size.rows);
  const session = openTerminal(["--no-config", ...args], {
    ...size,
    env,
    onOutput: (bytes) => xterm.write(bytes),
  });
  const shown = (): string => linesOf(xterm).join("\n");
  return {
    session,
    shown,
    until: (isReady) => eventually(shown, isReady, 60_000),
    type: (keys) => session.type(keys),
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]();
      xterm.dispose();
    },
  };
}
