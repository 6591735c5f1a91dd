/** How many colours to use. The environment alone decides: no library guesses on its own. */
import type { ColorLevel } from "../model/output.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** 0 none, 1 sixteen, 2 256, 3 true colour. FORCE_COLOR, as Node and chalk read it, takes precedence over the guess. */
export function colorLevel(
  env: Environment,
  isTerminal: boolean,
  wanted = true,
): ColorLevel {
  if (!wanted || (env["NO_COLOR"] ?? "") !== "") return 0;
  const force = env["FORCE_COLOR"];
  if (force === "0" || force === "false") return 0;
  if (force === "2") return 2;
  if (force === "3") return 3;
  const term = env["TERM"] ?? "";
  if (!isTerminal || term === "" || term === "dumb")
    return force === undefined ? 0 : 1;
  if (/^(truecolor|24bit)$/.test(env["COLORTERM"] ?? "")) return 3;
  return /256color|direct|kitty|alacritty|ghostty/.test(term) ? 2 : 1;
}
