/** Settings that every output with a file takes, whatever it prints, and those of a store of recordings. */
import { UsageError } from "../errors.ts";
import {
  DURATION_EXAMPLES,
  SIZE_EXAMPLES,
  parseDurationMs,
  parsePercent,
  parseSizeBytes,
} from "../model/text/amounts.ts";
import type { OptionSpecs, OutputModule } from "../model/output.ts";
import type { StoreLimits } from "../model/store/store-limits.ts";
import { STORE_PERIODS, type StorePeriod } from "../model/store/store-files.ts";
import { parseModuleOptions, parseTarget } from "./module-options.ts";
import type { OutputSpec } from "./output-spec.ts";

/** How a file is made. */
export interface FileSettings {
  /** Permissions of a new file; null: its owner's alone, less what the umask takes. */
  readonly mode: number | null;
  /** Null: the target is a file, and no folder. */
  readonly store: StoreSettings | null;
}

export interface MinFree {
  readonly bytes: number;
  readonly ratio: number;
  /** As the user wrote it. */
  readonly text: string;
}

/** A folder with a file for each host and period. */
export interface StoreSettings extends StoreLimits {
  readonly period: StorePeriod;
  /** Nothing is written while the disk has less free: in bytes, and as a part of its size. */
  readonly minFree: MinFree;
  readonly isCompressed: boolean;
}

const MODE = {
  mode: {
    type: "string",
    about: "permissions of a new file, such as 0640; 0600 unless set",
  },
} as const satisfies OptionSpecs;

const STORE = {
  every: {
    type: "string",
    default: "1h",
    choices: Object.keys(STORE_PERIODS),
    about: "for DIR/: the time that a file covers",
  },
  keep: {
    type: "string",
    default: "7d",
    about: `for DIR/: how long to keep files, ${DURATION_EXAMPLES}, or off`,
  },
  max: {
    type: "string",
    default: "2G",
    about: `for DIR/: largest size of all files together, ${SIZE_EXAMPLES}, or off`,
  },
  "min-free": {
    type: "string",
    default: "5%",
    about:
      "for DIR/: write nothing while less of the disk is free, in percent or bytes, or off",
  },
  compress: {
    type: "string",
    default: "zstd",
    choices: ["zstd", "none"],
    about: "for DIR/: how to compress a file when its time is over",
  },
} as const satisfies OptionSpecs;

type Declared = Pick<OutputModule, "target" | "options">;

/** The settings that an output has by its target, but for those that it declares itself. */
export function fileOptions({ target, options = {} }: Declared): OptionSpecs {
  if (typeof target !== "string") return {};
  const offered: OptionSpecs =
    target === "recording" ? { ...MODE, ...STORE } : MODE;
  return Object.fromEntries(
    Object.entries(offered).filter(([key]) => !Object.hasOwn(options, key)),
  );
}

/** What follows the name of an output. */
export interface OutputSettings {
  readonly file: string | null;
  readonly fileSettings: FileSettings;
  /** What the module is given: its target as text, and its own options. */
  readonly text: string | null;
  readonly options: Readonly<Record<string, unknown>>;
}

/** @throws UsageError that says what is accepted instead */
export function parseOutputSettings(
  spec: OutputSpec,
  module: Declared,
): OutputSettings {
  const { file, text } = parseTarget(spec, module.target);
  const offered = fileOptions(module);
  const values = parseModuleOptions(spec, { ...module.options, ...offered });
  const isStore = module.target === "recording" && isFolder(file);
  refuseUnused(spec, offered, file, isStore);
  const options = Object.fromEntries(
    Object.entries(values).filter(([key]) => !Object.hasOwn(offered, key)),
  );
  const label = (key: string): string =>
    `${spec.name}: ${key}=${String(values[key])}`;
  const value = (key: string): string | null =>
    Object.hasOwn(offered, key) ? ((values[key] as string) ?? null) : null;
  return {
    ...{ file, text, options },
    fileSettings: {
      mode: parseMode(value("mode"), label("mode")),
      store: isStore ? parseStore(value, label) : null,
    },
  };
}

const isFolder = (path: string | null): path is string =>
  path !== null && path.endsWith("/");

/** What would have no effect was meant otherwise. */
function refuseUnused(
  { name, options }: OutputSpec,
  offered: OptionSpecs,
  file: string | null,
  isStore: boolean,
): void {
  for (const key of Object.keys(offered)) {
    if (!options.has(key)) continue;
    if (key in STORE && !isStore)
      throw new UsageError(
        `${name}: ${key} is for a store of recordings: give a folder, ${name}=DIR/`,
      );
    if (file === null)
      throw new UsageError(`${name}: ${key} is for a file: ${name}=FILE`);
  }
}

const OWNER_ALONE = 0o600;

function parseMode(text: string | null, label: string): number | null {
  if (text === null) return null;
  const mode = /^0?[0-7]{3}$/.test(text) ? parseInt(text, 8) : NaN;
  if ((mode & OWNER_ALONE) !== OWNER_ALONE)
    throw new UsageError(
      `${label}: must be octal, from 0600 to 0777, and let the owner read and write`,
    );
  return mode;
}

function parseStore(
  value: (key: string) => string | null,
  label: (key: string) => string,
): StoreSettings {
  /** @param without what "off" means */
  const amount = <T>(
    key: string,
    without: T,
    parse: (text: string) => T | null,
    accepted: string,
  ): T => {
    const text = value(key);
    if (text === null || text === "off") return without;
    const parsed = parse(text);
    if (parsed === null)
      throw new UsageError(`${label(key)}: must be ${accepted}, or off`);
    return parsed;
  };
  return {
    period: (value("every") ?? STORE.every.default) as StorePeriod,
    keepMs: amount(
      "keep",
      Infinity,
      parseDurationMs,
      `a time with its unit, ${DURATION_EXAMPLES}`,
    ),
    mostBytes: amount(
      "max",
      Infinity,
      parseMostBytes,
      `a size of at least 1M, ${SIZE_EXAMPLES}`,
    ),
    minFree: amount(
      "min-free",
      { bytes: 0, ratio: 0, text: "off" },
      parseMinFree,
      "a part of the disk, such as 5%, or a size, such as 500M",
    ),
    isCompressed: value("compress") !== "none",
  };
}

/** A file is compressed whenever it has an eighth of that: less would be a few samples. */
const LEAST_MAX_BYTES = 1 << 20;

function parseMostBytes(text: string): number | null {
  const bytes = parseSizeBytes(text) ?? 0;
  return bytes < LEAST_MAX_BYTES ? null : bytes;
}

function parseMinFree(text: string): MinFree | null {
  const ratio = parsePercent(text);
  if (ratio !== null) return { bytes: 0, ratio, text };
  const bytes = parseSizeBytes(text);
  return bytes === null ? null : { bytes, ratio: 0, text };
}
