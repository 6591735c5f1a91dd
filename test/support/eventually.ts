/**
 * Asks until the answer is good. Fails with the last answer when time is up, which on a busy machine may take long: the
 * limit is there to name what hangs, and decides nothing else.
 */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  good: (answer: T) => boolean,
  timeoutMs = 120_000,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (performance.now() > deadlineMs)
      throw new Error(
        `not in ${timeoutMs} ms; last answer: ${Bun.inspect(answer)}`,
      );
    await Bun.sleep(20);
  }
}
