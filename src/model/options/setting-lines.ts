/**
 * The text of the settings file: that of iotop-c, with one long option in each line, empty lines, and comments after
 * "#". iotop-c does not start with an option that it does not know. So lines that are ours alone are comments for it:
 * "#: --sort=io".
 */
import { SCREEN_OPTIONS, SCREEN_SPELLINGS } from "./screen-options.ts";
import type { ScreenOption } from "./screen-option.ts";
import { DEFAULT_SCREEN, type ScreenSettings } from "./screen-settings.ts";

const OWN = "#:";
/** iotop-c writes it for all who never chose a kind of help, so it says nothing about what they want. */
const NEVER_CHOSEN = "--help-type=none";
const HEADER = `# iotop configuration file
# empty lines are ignored, comments start with #
# each line contains a single option; iotop-c ignores those after ${OWN}
`;

/** The file as it was found. */
export interface SettingsFile {
  /** Null where there is no home for it. */
  readonly path: string | null;
  /** Empty if there is none, or if it is not to be trusted. */
  readonly text: string;
  /** Why it was not read although it is there; null if it was, or is not there. */
  readonly flaw: string | null;
}

/** What a file says. */
export interface SettingsText {
  /** The settings with what the lines say, one after the other. */
  readonly apply: (settings: ScreenSettings) => ScreenSettings;
  /** The first line that is not understood, and why, and how many there are; null if all are. */
  readonly flaw: string | null;
}

/** Reads all that can be understood. */
export function parseSettings(text: string): SettingsText {
  const changes: Change[] = [];
  const flaws: string[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    const read = parseLine(line);
    if (read.kind === "option") changes.push(read.change);
    if (read.kind === "wrong") flaws.push(`line ${at + 1}: ${read.why}`);
  }
  const more = flaws.length > 1 ? ` (and ${flaws.length - 1} more)` : "";
  return {
    apply: (settings) =>
      changes.reduce((changed, change) => change(changed), settings),
    flaw: flaws.length === 0 ? null : `${flaws[0]}${more}`,
  };
}

/** Whether all lines look like those of a settings file, if also of another version: options and comments. */
export function isSettingsText(text: string): boolean {
  return text.split("\n").every((line) => /^\s*($|#|--?\w)/.test(line));
}

/** The lines of the settings file that say how these settings differ from the default ones. */
export function settingLines(settings: ScreenSettings): readonly string[] {
  return SCREEN_OPTIONS.flatMap((option) => {
    const line = option.line?.(settings) ?? null;
    if (line === null) return [];
    return [isShared(option, settings) ? `--${line}` : `${OWN} --${line}`];
  });
}

/**
 * The text of a file after saving: everything that is no setting stays where it is, comments and lines that are not
 * understood too; settings stand at the end.
 *
 * @param old the text before; empty if there is no file
 */
export function replaceSettings(old: string, lines: readonly string[]): string {
  const kept = old.split("\n").filter((line) => !isReplaced(parseLine(line)));
  const head = kept.join("\n").trimEnd() || HEADER.trimEnd();
  return `${[head, "", ...lines].join("\n").trimEnd()}\n`;
}

type Change = (settings: ScreenSettings) => ScreenSettings;

type Line =
  /** A comment, or nothing. */
  | { readonly kind: "none" }
  | {
      readonly kind: "option";
      readonly change: Change;
      readonly isKept: boolean;
    }
  | { readonly kind: "wrong"; readonly why: string };

function parseLine(line: string): Line {
  const words = (line.startsWith(OWN) ? line.slice(OWN.length) : line).trim();
  if (words === "" || words.startsWith("#")) return { kind: "none" };
  const [, word = "", value] = /^([^\s=]*)(?:(?:=|\s+)(.*))?$/.exec(words)!;
  const found = SCREEN_SPELLINGS.get(word);
  if (found === undefined)
    return {
      kind: "wrong",
      why: `${printable(word)} is not an option of the screen`,
    };
  const { option, on } = found;
  const isKept = option.subject === "inert" || words === NEVER_CHOSEN;
  if (option.kind === "switch")
    return value === undefined
      ? { kind: "option", change: (now) => option.set(now, on), isKept }
      : { kind: "wrong", why: `${word} takes no value` };
  if (value === undefined || value === "")
    return { kind: "wrong", why: `${word} needs a value` };
  const tried = option.set(DEFAULT_SCREEN, value);
  if (typeof tried === "string")
    return { kind: "wrong", why: `${word} ${tried}` };
  const change: Change = (now) =>
    words === NEVER_CHOSEN ? now : (option.set(now, value) as ScreenSettings);
  return { kind: "option", change, isKept };
}

const isReplaced = (line: Line): boolean =>
  line.kind === "option" && !line.isKept;

/** A warning shows nothing of a file but what looks like an option: whoever reads it may not have the right to. */
const printable = (word: string): string =>
  /^--?[\w-]{1,40}$/.test(word) ? word : "its text";

function isShared(
  { isShared = false }: ScreenOption,
  settings: ScreenSettings,
): boolean {
  return typeof isShared === "function" ? isShared(settings) : isShared;
}
