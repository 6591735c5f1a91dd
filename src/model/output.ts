/** The contract between iotop and an output, stock or a user's own. */
import type { Controls } from "./controls.ts";
import type { Format } from "./text/format.ts";
import type { Sample, Summary } from "./sample.ts";
import type { ScreenSettings } from "./options/screen-settings.ts";
import type { View } from "./view/view.ts";

export type { Format };

/** Version of the contract of outputs, 1. A module states the one it was written for. */
export const API_VERSION = 1;

/**
 * A consumer of samples. The host promises: `open` first; then `write` in `seq` order, never overlapping itself;
 * `close` exactly once if `open` succeeded, after a signal too; nothing after `close`. If a `write` is slow, the next
 * samples are merged into one. A `Retry` thrown by `open` or `write` asks for the same call again, later and with what
 * has come meanwhile. Any other exception ends only the output that throws it.
 */
export interface Output {
  open?(ctx: OutputContext): void | Promise<void>;
  write(sample: Sample, ctx: OutputContext): void | Promise<void>;
  close?(summary: Summary, ctx: OutputContext): void | Promise<void>;
}

/** The default export of a module. */
export interface OutputModule<S extends OptionSpecs = OptionSpecs> {
  readonly api: typeof API_VERSION;
  /** Lower-case word, the output's name in `--output`. */
  readonly name: string;
  /** One line for the list of outputs. */
  readonly summary: string;
  /**
   * What `--output NAME=TARGET` means. "file": `print` writes to that file instead of stdout, and `create` receives its
   * path. "whole-file": the same, but each text is all that the file holds from then on: it takes the place of the last
   * one in one step. "recording": the same as "file" for outputs that print JSON lines; a path that ends in / is a
   * folder, where each host and hour has a file of its own. An object: text for the module, passed to `create`. Absent:
   * no target is accepted.
   */
  readonly target?:
    "file" | "whole-file" | "recording" | { readonly about: string };
  readonly options?: S;
  /**
   * Two outputs that own the same thing are a usage error. An output with a file as its target does not own stdout.
   * "stdout-at-end" is for outputs that print in `close` alone: they can be combined with the owner of the terminal,
   * which is gone by then. An output that owns the terminal shows the problems of samples itself; without one, iotop
   * reports each once on stderr.
   */
  readonly owns?: "terminal" | "stdout" | "stdout-at-end";
  /** For the help, if the output owns the terminal: its most useful keys, and what they do. */
  readonly keys?: readonly (readonly [keys: string, effect: string])[];
  /**
   * Checks and keeps the options. An exception is a usage error, and its message is shown in one line. Opens nothing.
   */
  create(options: OptionValues<S>, target?: string): Output;
}

interface OptionBase {
  /** One phrase for the help. */
  readonly about: string;
}

export type OptionSpec =
  | (OptionBase & {
      readonly type: "string";
      readonly default?: string;
      /** If present, no other value is accepted. */
      readonly choices?: readonly string[];
      /** It chooses a kind of groups: by default the one of --by, where that is given. */
      readonly isGrouping?: boolean;
    })
  | (OptionBase & {
      readonly type: "number";
      readonly default?: number;
      /** Only whole numbers are accepted. */
      readonly integer?: boolean;
      readonly min?: number;
      readonly max?: number;
    })
  | (OptionBase & { readonly type: "boolean"; readonly default?: boolean })
  /** Any number of settings of one kind: `tag.env=prod,tag.role=db` gives the option `tag` an object of two texts. */
  | (OptionBase & {
      readonly type: "map";
      readonly default?: Readonly<Record<string, string>>;
    });

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

type Value<T extends OptionSpec> = T["type"] extends "string"
  ? string
  : T["type"] extends "number"
    ? number
    : T["type"] extends "map"
      ? Readonly<Record<string, string>>
      : boolean;

export type OptionValues<S extends OptionSpecs> = {
  readonly [K in keyof S]: S[K] extends
    { readonly default: unknown } | { readonly type: "map" }
    ? Value<S[K]>
    : Value<S[K]> | undefined;
};

export interface OutputContext {
  /**
   * Resolves when the bytes are taken. A closed pipe ends the output cleanly: the promise then never resolves for it.
   *
   * @param heading goes before the text where nothing stands yet: at the beginning of stdout, of an empty file, and of
   * the new file after a rotation. The text itself may be empty.
   */
  print(text: string, heading?: string): Promise<void>;
  /**
   * A connection to the Unix socket of a server that takes datagrams: the runtime has none.
   *
   * @throws Error with a `code`, such as ENOENT or ECONNREFUSED
   */
  connectDatagrams(path: string): DatagramSocket;
  /** One line to stderr, or to the screen's message line while one is up. Never throws. */
  warn(text: string): void;
  /** Ends the run, as `q` does. */
  stop(): void;
  /**
   * Aborted when the output is waited for no longer: after its `close`, or 2 s after the samples have ended if it has not
   * closed by then. Pass it to sockets and timers.
   */
  readonly signal: AbortSignal;
  readonly format: Format;
  /** The terminal, for the output that owns it; null for all others, and if stdout is not a terminal. */
  readonly terminal: Terminal | null;
  /** Acts on the run and on the machine, for the owner of the terminal; null for all others. */
  readonly controls: Controls | null;
  readonly run: RunInfo;
}

/** Takes datagrams for a server. To be disposed of. */
export interface DatagramSocket extends Disposable {
  /**
   * @returns false if the server has no room for it now
   * @throws Error with a `code`, such as ECONNREFUSED: the server is gone, and a new one needs a new connection
   */
  send(bytes: Uint8Array): boolean;
}

export interface RunInfo {
  readonly version: string;
  /** Whether the samples are taken now, or come from a recording: then they are of another time, or another machine. */
  readonly origin: "live" | "replay";
  /** Nominal time between samples, ms; null if it is known from the samples alone (a recording). */
  readonly intervalMs: number | null;
  /** What the command line selects; for the screen, its settings file too. */
  readonly view: View;
  /** The user's choices about the screen, from the command line; for the screen, from its settings file too. */
  readonly screen: ScreenSettings;
  readonly colorLevel: ColorLevel;
}

/** Colours: 0 none, 1 sixteen, 2 256, 3 true colour (chalk's levels). */
export type ColorLevel = 0 | 1 | 2 | 3;

/** A terminal in raw mode. The host enters and leaves the alternate screen, also on signals and crashes. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  /** False: only ASCII may be drawn. */
  readonly unicode: boolean;
  /** What the environment says of the background (COLORFGBG); null if it says nothing. */
  readonly background: "dark" | "light" | null;
  /** Whether it may be asked something: the Linux console shows questions that it does not know. */
  readonly answers: boolean;
  /**
   * Bytes as typed. One escape sequence may arrive in pieces. The host handles Ctrl-C and Ctrl-Z, and takes pasted text
   * out.
   */
  onInput(listener: (bytes: Uint8Array) => void): void;
  /** Pasted text, at most 4 KiB of it; it may hold anything. */
  onPaste(listener: (text: string) => void): void;
  /**
   * Whether the terminal reports clicks and the wheel, in SGR form. At first it does not: then text can be selected
   * with the mouse, and the wheel sends the keys up and down.
   */
  setMouse(on: boolean): void;
  /** The size changed, or the screen must be drawn anew (after a Ctrl-Z and fg). */
  onRedraw(listener: () => void): void;
  /** Lines for the message line: warnings from iotop itself and from other outputs. */
  onMessage(listener: (text: string) => void): void;
}

/** Returns the module unchanged; it is there so that the types of `create`'s options are inferred. */
export function defineOutput<const S extends OptionSpecs = {}>(
  module: OutputModule<S>,
): OutputModule<S> {
  return module;
}
