import { expect, test } from "bun:test";
import {
  chooseFormat,
  takesGzip,
} from "../../../outputs/prometheus/negotiation.ts";

const OPEN = "application/openmetrics-text";

test.each([
  ["", "text"],
  ["*/*", "text"],
  ["application/*", "text"],
  ["text/plain", "text"],
  [OPEN, "openmetrics"],
  [OPEN.toUpperCase(), "openmetrics"],
  [`${OPEN};q=0`, "text"],
  [`${OPEN};q=x`, "text"],
  [`${OPEN};q=0.5,text/plain;q=0.6`, "text"],
  [`text/plain;q=0.5 , ${OPEN} ; version="1.0.0" ; q=0.5`, "openmetrics"],
  [`${OPEN};version=0.0.1`, "text"],
  [`${OPEN};version=2.0.0,*/*;q=0.1`, "text"],
  ["\0,;=,;;q=1,", "text"],
  // Prometheus 2.42
  [
    `${OPEN};version=1.0.0,${OPEN};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
    "openmetrics",
  ],
  // Prometheus 3
  [
    `${OPEN};version=1.0.0;escaping=allow-utf-8;q=0.6,${OPEN};version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2`,
    "openmetrics",
  ],
] as const)("%j gets %s", (accept, format) =>
  expect(chooseFormat(accept)).toBe(format),
);

test.each([
  ["", false],
  ["identity", false],
  ["gzip", true],
  ["GZIP;q=0.5, br", true],
  ["gzip;q=0", false],
  ["gzip;q=0, *", false],
  ["br, *;q=0.1", true],
  ["*;q=0", false],
  ["x-gzip", true],
])("%j takes gzip: %p", (encoding, isTaken) =>
  expect(takesGzip(encoding)).toBe(isTaken),
);
