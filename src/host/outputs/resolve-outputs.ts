/** Turns the values of `--output` into outputs that can be opened. Opens nothing. */
import { resolve } from "node:path";
import { UsageError, describeError } from "../../errors.ts";
import type {
  OptionSpecs,
  OptionValues,
  Output,
  OutputModule,
} from "../../model/output.ts";
import type { ScreenSettings } from "../../model/options/screen-settings.ts";
import type { StockOutputs } from "../../output-options/describe-outputs.ts";
import {
  parseOutputSettings,
  type FileSettings,
} from "../../output-options/file-options.ts";
import { withGrouping } from "../../output-options/grouping.ts";
import type { OutputSpec } from "../../output-options/output-spec.ts";
import { describeFailure } from "../modules/module-error.ts";
import { identifyFile } from "../files/file-identity.ts";
import type { Privileges } from "../run/privileges.ts";
import { StoreFolder } from "../store/folder.ts";
import type { LoadedModule } from "../modules/user-module.ts";

export interface ResolvedOutput {
  /** What errors call it: "jsonl", "./busiest.ts". */
  readonly name: string;
  readonly output: Output;
  readonly owns: OutputModule["owns"];
  /** Where `print` writes: a file, or the folder of a store; null: stdout. */
  readonly file: string | null;
  readonly fileSettings: FileSettings;
  /** The folder of the store; null: `file` is none. */
  readonly folder: StoreFolder | null;
  /** Whether each text takes the place of the file. */
  readonly isWhole: boolean;
  /** A part of the file names in this output's stack traces; null for stock outputs. */
  readonly codePath: string | null;
}

/** What outputs are resolved for. */
export interface ResolvingFor {
  readonly stdoutIsTerminal: boolean;
  /** By default, those of this process. */
  readonly privileges?: Privileges;
  /** What --by says: off, if it was not given. */
  readonly groupBy?: ScreenSettings["groupBy"];
}

/** @throws UsageError for anything wrong with one of the specs, or with their combination */
export async function resolveOutputs(
  specs: readonly OutputSpec[],
  stock: StockOutputs,
  around: ResolvingFor,
): Promise<readonly ResolvedOutput[]> {
  const outputs: ResolvedOutput[] = [];
  for (const spec of specs)
    outputs.push(await resolveOutput(spec, stock, around));
  await refuseSharedDestinations(outputs);
  const homeless = outputs.find((each) => each.owns === "terminal");
  if (homeless !== undefined && !around.stdoutIsTerminal)
    throw new UsageError(
      `${homeless.name} needs a terminal, and stdout is not one; -b prints lines of text`,
    );
  const unreadable = outputs.find(({ isWhole, file }) => isWhole && !file);
  if (unreadable !== undefined && around.stdoutIsTerminal)
    throw new UsageError(
      `${unreadable.name} needs a file, as in ${unreadable.name}=FILE: what it prints is not for a terminal`,
    );
  return outputs;
}

async function resolveOutput(
  spec: OutputSpec,
  stock: StockOutputs,
  { privileges, groupBy = "off" }: ResolvingFor,
): Promise<ResolvedOutput> {
  const { name } = spec;
  const loaded = spec.isPath ? await loadFromFile(name, privileges) : null;
  const module = loaded?.module ?? (await loadStockModule(name, stock));
  const { file, text, options, fileSettings } = parseOutputSettings(
    withGrouping(spec, module.options, groupBy),
    module,
  );
  return {
    name,
    output: createOutput(
      { name, codePath: loaded?.realPath ?? null },
      module,
      options,
      text,
    ),
    owns: module.owns,
    ...{ file, fileSettings },
    folder: fileSettings.store && new StoreFolder(file!),
    isWhole: module.target === "whole-file",
    codePath: loaded?.realPath ?? null,
  };
}

/** Loaded on demand: stock outputs do not need the code that judges and loads modules. */
async function loadFromFile(
  path: string,
  privileges: Privileges | undefined,
): Promise<LoadedModule> {
  const { loadUserModule } = await import("../modules/user-module.ts");
  return loadUserModule(path, privileges);
}

async function loadStockModule(
  name: string,
  stock: StockOutputs,
): Promise<OutputModule> {
  const entry = Object.hasOwn(stock, name) ? stock[name] : undefined;
  if (entry === undefined) {
    const known = Object.keys(stock).join(", ");
    throw new UsageError(
      `--output ${name}: no such output; use ${known}, or a path such as ./mine.ts`,
    );
  }
  return (await entry.load()).default;
}

function createOutput(
  { name, codePath }: Pick<ResolvedOutput, "name" | "codePath">,
  module: OutputModule,
  options: Readonly<Record<string, unknown>>,
  target: string | null,
): Output {
  let output: Partial<Output> | undefined;
  try {
    // Checked against the module's own declarations; their types are known to the module alone.
    const checked = options as OptionValues<OptionSpecs>;
    output = module.create(checked, target ?? undefined);
  } catch (error) {
    // A plain Error is what the module has to say about its options; others are its mistakes.
    const isSaid = (error as Error | null)?.constructor === Error;
    throw new UsageError(
      `${name}: ${isSaid ? describeError(error) : describeFailure({ error, phase: "create" }, codePath)}`,
    );
  }
  if (typeof output?.write !== "function")
    throw new UsageError(
      `${name}: \`create\` must return an object with a \`write\` function`,
    );
  return output as Output;
}

const STDOUT = "/proc/self/fd/1";

/** How an output without a file uses stdout: during the run, and at its end. */
const CLAIMS = {
  terminal: ["now"],
  stdout: ["now", "end"],
  "stdout-at-end": ["end"],
} as const satisfies Record<NonNullable<OutputModule["owns"]>, object>;

/** A screen and lines of text on the same terminal would spoil each other, and so would two outputs to one file. */
async function refuseSharedDestinations(
  outputs: readonly ResolvedOutput[],
): Promise<void> {
  const taken = new Map<string, { of: ResolvedOutput; place: string }>();
  for (const output of outputs) {
    const { file } = output;
    const place = file === null ? "stdout" : resolve(file);
    for (const claim of await claimsOf(output)) {
      const other = taken.get(claim);
      if (other !== undefined)
        throw new UsageError(
          `${namesOf(other.of, output)} cannot both write to ${place}${other.place === place ? "" : `, which is the same file as ${other.place}`}; send one elsewhere, as in ${nameForFile(output)}=FILE`,
        );
      taken.set(claim, { of: output, place });
    }
  }
}

const namesOf = (one: ResolvedOutput, other: ResolvedOutput): string =>
  one.name === other.name
    ? `two ${one.name} outputs`
    : `${one.name} and ${other.name}`;

/** One that takes a file, for an example. */
const nameForFile = ({ name, owns, codePath }: ResolvedOutput): string =>
  owns === "terminal" || codePath !== null ? "jsonl" : name;

async function claimsOf({
  owns,
  file,
}: ResolvedOutput): Promise<readonly string[]> {
  if (file !== null) return [await identifyFile(file)];
  if (owns === undefined) return [];
  const times = CLAIMS[owns].map((time) => `stdout ${time}`);
  // The screen can be combined with outputs that print at the end.
  return owns === "terminal" ? times : [...times, await identifyFile(STDOUT)];
}
