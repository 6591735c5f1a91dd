import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { parseRequestHead } from "../../../outputs/prometheus/request-head.ts";

setDefaultTimeout(120_000);

const parse = (...lines: readonly string[]) =>
  parseRequestHead(lines.join("\r\n"));

test("a request is its method, path and headers", () => {
  expect(
    parse(
      "GET /metrics?x=1?y HTTP/1.1",
      "Host: a:1",
      "ACCEPT:  text/plain \t",
      "Accept: */*",
      "X-Empty:",
    ),
  ).toEqual({
    method: "GET",
    path: "/metrics",
    headers: new Map([
      ["host", "a:1"],
      ["accept", "text/plain, */*"],
      ["x-empty", ""],
    ]),
    isKept: true,
  });
});

test.each([
  ["HTTP/1.1", [], true],
  ["HTTP/1.1", ["Connection: Close"], false],
  ["HTTP/1.0", [], false],
  ["HTTP/1.0", ["Connection: keep-alive"], true],
] as const)("%s with %j is kept: %p", (version, headers, isKept) =>
  expect(parse(`GET / ${version}`, ...headers)?.isKept).toBe(isKept),
);

describe("refused:", () => {
  test.each([
    [""],
    ["GET /metrics"],
    ["GET /metrics HTTP/2.0"],
    ["get /metrics HTTP/1.1"],
    ["GET  /metrics HTTP/1.1"],
    ["GET metrics HTTP/1.1"],
    ["GET http://a/metrics HTTP/1.1"],
    ["GET /a\x7f HTTP/1.1"],
    ["GET / HTTP/1.1\r\nno colon"],
    ["GET / HTTP/1.1\r\n folded: x"],
    ["GET / HTTP/1.1\r\nA b: x"],
    ["GET / HTTP/1.1\r\nA: x\nB: y"],
    ["GET / HTTP/1.1\r\nA: x\0"],
    ["POST / HTTP/1.1\r\nContent-Length: 5"],
    ["GET / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 5"],
    ["GET / HTTP/1.1\r\nTransfer-Encoding: chunked"],
  ])("%j", (text) => expect(parseRequestHead(text)).toBeNull());
});

test("any text is a request or none", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      parseRequestHead(text);
      const head = parseRequestHead(`GET / HTTP/1.1\r\nA: ${text}`);
      if (head !== null) expect([...head.headers.keys()]).toContain("a");
    }),
  );
});
