import { expect, test } from "bun:test";
import { SpaceNews } from "../../../src/host/sinks/space-news.ts";

test("a full disk is said once, and once how many samples were merged", () => {
  const news = new SpaceNews("/log");
  expect(news.next(1)).toBeNull();
  expect(news.full("no space left on device")).toBe(
    "/log: no space left on device: waiting for space; samples are merged meanwhile",
  );
  news.freed();
  expect(news.next(5)).toBe(
    "/log: there is space again: 4 samples were merged into one",
  );
  expect([news.next(6), news.end()]).toEqual([null, null]);
  news.freed();
  expect(news.next(7)).toBe("/log: there is space again: no sample was merged");
  news.freed();
  expect(news.end()).toBe("/log: there is space again: no sample was merged");
});
