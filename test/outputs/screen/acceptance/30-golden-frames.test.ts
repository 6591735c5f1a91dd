import { expect, setDefaultTimeout, test } from "bun:test";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import { framesOf } from "../../../support/screen/screen-frames.ts";

setDefaultTimeout(60_000);

test.each([
  [20, 5],
  [40, 12],
  [80, 24],
  [120, 40],
  [200, 60],
  [300, 100],
])("five culprits in %d by %d", async (columns, rows) => {
  const samples = culprits({ stuckFrom: 3 });
  const frames = await framesOf({ columns, rows }, samples);
  expect(frames.at(-1)!.join("\n")).toMatchSnapshot();
});
