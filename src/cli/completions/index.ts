/** The scripts by which shells complete the command line. */
import type { OutputDescription } from "../../output-options/describe-outputs.ts";
import { bashCompletion } from "./bash.ts";
import { fishCompletion } from "./fish.ts";
import { optionWords, outputWords } from "./words.ts";
import { zshCompletion } from "./zsh.ts";

const SCRIPTS = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
} as const;

export type Shell = keyof typeof SCRIPTS;

export const completionScript = (
  shell: Shell,
  outputs: readonly OutputDescription[],
): string => SCRIPTS[shell](optionWords(), outputWords(outputs));
