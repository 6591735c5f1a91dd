/**
 * Every option that says something about the screen, in the order of the help. The command line takes them all; the
 * settings file has one in each line.
 */
import { COLUMN_OPTIONS } from "./column-options.ts";
import { DELAY_OPTION } from "./delay.ts";
import { INERT_OPTIONS } from "./inert-options.ts";
import { LOOK_OPTIONS } from "./look-options.ts";
import type { ScreenOption } from "./screen-option.ts";
import { VIEW_OPTIONS } from "./view-options.ts";

export const SCREEN_OPTIONS: readonly ScreenOption[] = [
  ...VIEW_OPTIONS,
  ...LOOK_OPTIONS,
  ...COLUMN_OPTIONS,
  DELAY_OPTION,
  ...INERT_OPTIONS,
];

interface Spelling {
  readonly option: ScreenOption;
  readonly on: boolean;
}

/** By the word as it is typed, with its dashes. */
export const SCREEN_SPELLINGS: ReadonlyMap<string, Spelling> = new Map<
  string,
  Spelling
>(
  SCREEN_OPTIONS.flatMap((option) => [
    ...onWords(option).map(
      (word) => [dashed(word), { option, on: true }] as const,
    ),
    ...offWords(option).map(
      (word) => [dashed(word), { option, on: false }] as const,
    ),
  ]),
);

function onWords({ name, letter, also = [] }: ScreenOption): readonly string[] {
  return letter === undefined ? [name, ...also] : [name, letter, ...also];
}

function offWords(option: ScreenOption): readonly string[] {
  if (option.kind === "value") return [];
  return [`no-${option.name}`, ...(option.off ?? [])];
}

/** "-n" or "--iter". */
export function dashed(word: string): string {
  return (word.length === 1 ? "-" : "--") + word;
}
