import { expect, test, setDefaultTimeout } from "bun:test";
import {
  encodeRecord,
  fromRecord,
  toRecord,
} from "../../../../src/model/record/record.ts";
import type { Sample } from "../../../../src/model/sample.ts";
import { DEFAULT_VIEW } from "../../../../src/model/view/view.ts";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import { framesOf } from "../../../support/screen/screen-frames.ts";

setDefaultTimeout(60_000);

/** As a recording has it: one line of JSON. */
const recorded = (sample: Sample): Sample => {
  const record = toRecord(sample, { all: true, view: DEFAULT_VIEW });
  return fromRecord(JSON.parse(encodeRecord(record)));
};

test.each([
  ["five culprits", {}],
  ["a burst", { burstIn: 8 }],
  ["a stuck task", { stuckFrom: 3 }],
  ["the end of a loop", { loopUntil: 8 }],
])("%s are drawn the same from a recording", async (_what, fields) => {
  const samples = culprits(fields);
  const size = { columns: 120, rows: 40 };
  const live = await framesOf(size, samples);
  expect(await framesOf(size, samples.map(recorded))).toEqual(live);
});
