/** The built program's screen among 10,000 threads: what each key takes, and the memory once all samples are kept. */
import { openTerminal, type TerminalSession } from "../support/binary.ts";
import { HERDS, startHerd } from "./herds.ts";
import { KEYS } from "./keys.ts";
import { readMemory } from "./process.ts";
import { SIZE, type ScreenProgram } from "./screen-programs.ts";
import { median, quantile } from "./statistics.ts";
import { mib, ms, type Figures } from "./tables.ts";

const ROUNDS = 3;
const WARM_UP_S = 10;
/** A key that changes nothing has no answer. */
const NO_ANSWER_MS = 400;
const PAUSE_MS = 60;
/** As many as are kept. */
const SAMPLES = 300;
const SAMPLE_S = 0.1;

/** Tables of keys, and of memory. */
export async function* screenAmongMany(
  programs: readonly ScreenProgram[],
  signal: AbortSignal,
): AsyncGenerator<Figures, void, void> {
  const herd = HERDS[0]!;
  const ours = programs.filter(({ isOurs }) => isOurs);
  await using _herd = await startHerd(herd);
  const times: (readonly number[])[] = [];
  for (const { command } of ours) times.push(await pressAll(command, signal));
  yield {
    title: `Each key of the table, among ${herd.tasks} tasks`,
    head: ["", "keys", "median", "99 of 100", "at worst"],
    rows: ours.map(({ name }, i) => [
      name,
      String(times[i]!.length),
      ms(median(times[i]!)),
      ms(quantile(times[i]!, 0.99)),
      ms(Math.max(...times[i]!)),
    ]),
  };
  const memories = await Promise.all(
    programs.map(({ command }) => memoryOf(command, signal)),
  );
  yield {
    title: `Memory after ${SAMPLES} samples, among ${herd.tasks} tasks`,
    head: ["", "resident", "of no file", "peak"],
    rows: programs.map(({ name }, i) => {
      const { residentBytes, anonymousBytes, peakBytes } = memories[i]!;
      return [name, mib(residentBytes), mib(anonymousBytes), mib(peakBytes)];
    }),
  };
}

/** From each key that changes something to the first byte of its answer, ms. */
async function pressAll(
  command: readonly string[],
  signal: AbortSignal,
): Promise<readonly number[]> {
  let onOutput = (): void => {};
  // Frames that nobody asked for would be taken for answers.
  await using session = openTerminal(["-d", "600"], {
    ...SIZE,
    command,
    onOutput: () => onOutput(),
  });
  await session.until((text) => text.includes("root"), 20_000);
  await Bun.sleep(WARM_UP_S * 1000);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++)
    for (const [, ...keys] of KEYS)
      for (const key of keys) {
        signal.throwIfAborted();
        const { promise: answered, resolve } = Promise.withResolvers<boolean>();
        onOutput = () => resolve(true);
        const pressedMs = performance.now();
        session.type(key);
        const hasAnswer = await Promise.race([
          answered,
          Bun.sleep(NO_ANSWER_MS).then(() => false),
        ]);
        if (hasAnswer) times.push(performance.now() - pressedMs);
        await Bun.sleep(PAUSE_MS);
      }
  return times;
}

async function memoryOf(command: readonly string[], signal: AbortSignal) {
  await using session: TerminalSession = openTerminal(
    ["-d", String(SAMPLE_S)],
    { ...SIZE, command },
  );
  // Some deadlines are missed.
  await Bun.sleep(SAMPLES * SAMPLE_S * 1500);
  signal.throwIfAborted();
  return readMemory(session.pid);
}
