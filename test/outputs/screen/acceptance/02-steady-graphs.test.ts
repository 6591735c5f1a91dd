import { expect, test, setDefaultTimeout } from "bun:test";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import {
  framesOf,
  graphOf,
  rowWith,
} from "../../../support/screen/screen-frames.ts";

setDefaultTimeout(60_000);

test("a burst of another task changes no graph, and rows of different size never look alike", async () => {
  const frames = await framesOf(
    { columns: 120, rows: 24 },
    culprits({ burstIn: 8 }),
  );
  const graphs = (name: string) =>
    frames.map((lines) => graphOf(rowWith(lines, name)));
  const [archive, wal] = [graphs("archive"), graphs("name=wal")];
  expect(graphOf(rowWith(frames[7]!, " cp "))).toBe("▇");
  for (let i = 0; i < frames.length; i++) {
    expect(archive[i]).toHaveLength(i + 1);
    expect([...archive[i]!].at(-1)).not.toBe([...wal[i]!].at(-1));
    // What was drawn stays as it was drawn.
    expect(archive[i]).toStartWith(archive[Math.max(0, i - 1)]!);
    expect(wal[i]).toStartWith(wal[Math.max(0, i - 1)]!);
  }
});
