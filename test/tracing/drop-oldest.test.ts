import { expect, test } from "bun:test";
import { dropOldest } from "../../src/tracing/drop-oldest.ts";

test("the newest stay, in their order", () => {
  const map = new Map([..."abcd"].map((key) => [key, 0]));
  dropOldest(map, 4);
  expect([...map.keys()]).toEqual([..."abcd"]);
  map.set("a", 1);
  dropOldest(map, 2);
  expect([...map.keys()]).toEqual([..."cd"]);
});
