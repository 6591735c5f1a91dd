import { expect, test } from "bun:test";
import { formatAddress } from "../../outputs/addresses.ts";

test.each([
  ["::1", "[::1]:80"],
  ["127.0.0.1", "127.0.0.1:80"],
  ["db1.example.org", "db1.example.org:80"],
])("%s with a port", (host, text) =>
  expect(formatAddress({ host, port: 80 })).toBe(text),
);
