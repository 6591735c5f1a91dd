import { expect, test } from "bun:test";
import { Outage } from "../../../outputs/statsd/outage.ts";

const SECOND_NS = 1e9;

test("every reason is told once, until it is over", () => {
  const outage = new Outage("h:1");
  expect(outage.fail("refused")).toBe(
    "h:1: refused; metrics are lost until this is over",
  );
  expect(outage.fail("refused")).toBeNull();
  expect(outage.fail("no route")).not.toBeNull();
  outage.lose(3);
  expect(outage.calm(3 * SECOND_NS)).toBe(
    "h:1 is reachable; at least 3 datagrams were lost",
  );
  expect(outage.active).toBe(false);
  expect(outage.calm(3 * SECOND_NS)).toBeNull();
  expect(outage.end()).toBeNull();
  expect(outage.fail("refused")).not.toBeNull();
});

test("a quiet moment between two refusals is not the end", () => {
  const outage = new Outage("h:1");
  outage.fail("refused");
  expect(outage.calm(SECOND_NS)).toBeNull();
  expect(outage.calm(SECOND_NS)).toBeNull();
  outage.fail("refused");
  expect(outage.calm(2 * SECOND_NS)).toBeNull();
  expect(outage.active).toBe(true);
  expect(outage.calm(SECOND_NS)).not.toBeNull();
});

test("what was lost is told at the latest when the run ends", () => {
  const outage = new Outage("h:1");
  expect(outage.end()).toBeNull();
  outage.lose(1);
  expect(outage.end()).toBe("h:1: at least 1 datagram was lost");
});
