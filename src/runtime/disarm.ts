/**
 * Removes what environment variables switch in a bun: one turns any compiled file into the bun command line, others load
 * code, open a debugger port or write files.
 */
import { BuildError } from "./build-error.ts";

/**
 * The name of a variable as the runtime passes it to getenv(3), a whole C string: all of its own, and those of Node.js
 * that write files or take over a descriptor.
 */
const NAME =
  /(?<=\0)(?:BUN_\w{1,60}|JSC_[A-Z_]+|JavaScriptCoreUseJIT|NODE_(?:CHANNEL_FD|CHANNEL_SERIALIZATION_MODE|COMPILE_CACHE|COMPILE_CACHE_PORTABLE|DEBUG_NATIVE|REDIRECT_WARNINGS))(?=\0)/g;

/** Names that were seen to run code, to listen or to write files. */
const DANGEROUS = [
  "BUN_BE_BUN",
  "BUN_BYTECODE_DIGEST_OUT",
  "BUN_BYTECODE_ORDER_NAMES_OUT",
  "BUN_BYTECODE_ORDER_OUT",
  "BUN_INSPECT",
  "BUN_INSPECT_CONNECT_TO",
  "BUN_INSPECT_PRELOAD",
  "BUN_OPTIONS",
  "BUN_RUNTIME_TRANSPILER_CACHE_PATH",
  "BUN_TRACE",
  "NODE_COMPILE_CACHE",
  "NODE_REDIRECT_WARNINGS",
];

/**
 * BUN_JSC_*: the runtime compares the first eight characters of every variable one by one, so there is no name to
 * blank. The byte in the group holds the offset of the second character. Without the bit `clear` it becomes the offset
 * of the first, and no character is both "B" and "U".
 */
const PREFIX_TESTS = [
  {
    // x86-64: cmpb 'B', 0(r); jne; cmpb 'U', 1(r); jne; cmpb 'N', 2(r); jne; cmpb '_', 3(r)
    code: /\x80[\x38-\x3f]Bu.A?\x80[\x78-\x7f](\x01)Uu.A?\x80[\x78-\x7f]\x02Nu.A?\x80[\x78-\x7f]\x03_/dgs,
    clear: 0x01,
  },
  {
    // arm64: ldrb w, [x]; cmp w, 'B'; b.ne; ldrb w, [x, 1]; cmp w, 'U'; b.ne; ldrb w, [x, 2]; cmp w, 'N'
    code: /[\x00-\x03]@9.[\x08-\x0b]\x01q...T.([\x04-\x07])@9.[\x54-\x57]\x01q...T.[\x08-\x0b]@9.[\x38-\x3b]\x01q/dgs,
    clear: 0x04,
  },
];

/** The names in a bun binary that has not been disarmed, so that the tests can try each. */
export function variableNames(binary: Buffer): string[] {
  return [...binary.toString("latin1").matchAll(NAME)].map(([name]) => name);
}

/**
 * Removes the environment switches from a bun binary, in place. The first byte of every name becomes NUL, so the
 * runtime calls getenv(""), which finds nothing, whatever the environment holds. The other bytes stay because the
 * linker lets strings share their ends.
 *
 * @param expectedNames null for a runtime that nobody has looked at: then all names that are found are removed
 * @throws BuildError if the binary does not hold exactly what is expected: then this file must be checked against it
 */
export function disarm(binary: Buffer, expectedNames: number | null): void {
  const text = binary.toString("latin1");
  const names = [...text.matchAll(NAME)];
  const distinct = new Set(names.map(([name]) => name));
  const absent = DANGEROUS.filter((name) => !distinct.has(name));
  if (absent.length > 0)
    throw new BuildError(`this bun does not hold ${absent.join(", ")}`);
  if (
    expectedNames !== null &&
    (names.length !== expectedNames || distinct.size !== expectedNames)
  )
    throw new BuildError(
      `this bun holds ${distinct.size} variable names in ${names.length} places; ${expectedNames} are known`,
    );
  const tests = PREFIX_TESTS.flatMap(({ code, clear }) =>
    [...text.matchAll(code)].map((match) => ({
      index: match.indices![1]![0],
      clear,
    })),
  );
  if (tests.length !== 1)
    throw new BuildError(
      `this bun tests for BUN_JSC_ in ${tests.length} places; 1 is known`,
    );
  for (const { index } of names) binary[index] = 0;
  for (const { index, clear } of tests) binary[index]! &= ~clear;
}
