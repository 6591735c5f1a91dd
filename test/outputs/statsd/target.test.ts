import { describe, expect, test } from "bun:test";
import statsd, {
  createStatsd,
  type StatsdOptions,
} from "../../../outputs/statsd/index.ts";
import {
  formatPlace,
  parsePlace,
  parseTarget,
  type Place,
} from "../../../outputs/statsd/target.ts";
import { STATSD_DEFAULTS } from "../../support/servers/statsd-output.ts";

describe("a target", () => {
  test.each([
    ["127.0.0.1", "127.0.0.1:8125"],
    ["127.0.0.1:9125", "127.0.0.1:9125"],
    ["stats.example.org:1", "stats.example.org:1"],
    ["stats_1:65535", "stats_1:65535"],
    ["localhost.", "localhost.:8125"],
    ["::1", "[::1]:8125"],
    ["[::1]", "[::1]:8125"],
    ["[fe80::1%eth0]:77", "[fe80::1%eth0]:77"],
  ])("%s is %s", (text, place) => {
    expect(formatPlace(parsePlace(text))).toBe(place);
    expect(parseTarget(place)).toEqual(parseTarget(text));
  });

  test.each([
    ["unixgram:", "the path of the socket is missing"],
    ["", "the name of the host is missing; write HOST[:PORT], tcp:HOST"],
    [":8125", "the name of the host is missing; write HOST[:PORT]"],
    ["http://h", '"http://h" is a URL; write HOST[:PORT], tcp:HOST'],
    ["[::1", '"[" is not a host name; write HOST[:PORT], tcp:HOST'],
    ["h:0", '"0" is not a port: use 1 to 65535'],
    ["h:99999", '"99999" is not a port: use 1 to 65535'],
    ["h:", "the port is missing after the colon: use 1 to 65535"],
    ["h:+1", '"+1" is not a port: use 1 to 65535'],
    ["h:1.5", '"1.5" is not a port: use 1 to 65535'],
    ["a b", '"a b" is not a host name'],
    ["a\x1b[2J", '"a\\u001b[2J" is not a host name'],
    ["udp://h:1", '"udp://h:1" is a URL; write HOST[:PORT]'],
    ["tcp:", "the name of the host is missing"],
    ["tcp:8125", '"8125" is not a host name'],
    ["tcp:h:0", '"0" is not a port: use 1 to 65535'],
    ["unix:", "the path of the socket is missing"],
    [
      "unix:/run/\x1b[2J",
      '"/run/\\u001b[2J" has characters that cannot be shown',
    ],
    [`unix:/${"a".repeat(107)}`, "longer than the 107 bytes"],
    ["-a", '"-a" is not a host name'],
    ["a..b", '"a..b" is not a host name'],
    ["1.2.3.400", '"1.2.3.400" is not a host name'],
    ["[h]:1", '"h" in brackets is not an IPv6 address'],
  ])("%j is refused at start", (text, message) => {
    expect(() => statsd.create(STATSD_DEFAULTS, text)).toThrow(message);
  });
});

test.each(["h", "udp:h", "unixgram:/run/s"])(
  "%s takes datagrams, which need no frame",
  (target) => {
    const framed = { ...STATSD_DEFAULTS, framing: "length" };
    expect(() => createStatsd(framed, target)).toThrow(
      "framing=length is for tcp: and unix: only; datagrams need no framing",
    );
    expect(() => createStatsd(framed, "tcp:h")).not.toThrow();
  },
);

test.each<[string, Place]>([
  ["h", { transport: "udp", host: "h", port: 8125 }],
  ["unixgram:/run/d.sock", { transport: "unixgram", path: "/run/d.sock" }],
  ["udp:h:1", { transport: "udp", host: "h", port: 1 }],
  ["tcp:h", { transport: "tcp", host: "h", port: 8125 }],
  ["tcp:[::1]:9", { transport: "tcp", host: "::1", port: 9 }],
  ["unix:/run/statsd.sock", { transport: "unix", path: "/run/statsd.sock" }],
  ["unix:a,b:c", { transport: "unix", path: "a,b:c" }],
])("%s is reached so", (text, place) => {
  expect(parsePlace(text)).toEqual(place);
});

test.each<[string, Partial<StatsdOptions>, string]>([
  ["without a dialect that has tags", { tag: { env: "x" } }, "tag.env needs"],
  [
    "with a key that would end it",
    { tags: "influx", tag: { "a=b": "x" } },
    'tag."a=b" is not valid',
  ],
  [
    "that groups have",
    { tags: "graphite", tag: { comm: "x" } },
    "tag.comm: each group",
  ],
  [
    "that is the host",
    { tags: "dogstatsd", tag: { host: "x" } },
    "tag.host: write host=NAME",
  ],
])("a constant tag %s is refused", (_, options, message) => {
  expect(() => createStatsd({ ...STATSD_DEFAULTS, ...options })).toThrow(
    message,
  );
});

test.each(["", "1a", "a b", "a..b", "a:1|c", "ä", "a".repeat(101)])(
  "the prefix %j is refused at start",
  (prefix) => {
    expect(() => createStatsd({ ...STATSD_DEFAULTS, prefix })).toThrow(
      "prefix",
    );
  },
);
