import { expect, test } from "bun:test";
import {
  orderWrites,
  type Run,
} from "../../../../outputs/screen/cells/write-order.ts";
import type { Style } from "../../../../outputs/screen/cells/theme.ts";

const run = (y: number, from: number, style: Style): Run => ({
  ...{ y, from, to: from + 1, style, pulled: false },
});

test("style by style, beginning with that of the terminal; each row by row", () => {
  const [a, b, c, d] = [
    run(0, 0, "plain"),
    run(0, 5, "faint"),
    run(1, 0, "plain"),
    run(1, 5, "faint"),
  ] as const;
  expect(orderWrites([a, b, c, d], "faint")).toEqual([b, d, a, c]);
  expect(orderWrites([a, b, c, d], "plain")).toEqual([a, c, b, d]);
  expect(orderWrites([a, b, c, d], "strong")).toEqual([a, c, b, d]);
});
