// waits: it starts every command that is documented
/**
 * What README, the manual and the help tell to type, typed in a terminal: on this machine instead of servers, and
 * shortly. A command that is neither typed here nor named in LEFT_OUT fails.
 */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { OUTPUTS } from "../../outputs/index.ts";
import packageJson from "../../package.json";
import { helpText } from "../../src/cli/help.ts";
import { shortHelp } from "../../src/cli/short-help.ts";
import { describeOutputs } from "../../src/output-options/describe-outputs.ts";
import { ALL_TARGETS } from "../../src/runtime/targets.ts";
import { ensureBinary } from "../support/binary.ts";
import { DOCUMENTS, readDocument } from "../support/documents/manual.ts";
import {
  codeBlocks,
  shellCommands,
  typedCommands,
} from "../support/documents/markdown-text.ts";
import { lackOf, needing } from "../support/needs.ts";
import {
  openTypingPlace,
  type TypingPlace,
} from "../support/documents/typing-place.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const BUILD = "node_modules/.bin/bun build.ts";

/** Commands that cannot be typed here, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "npm start": "it builds, as other tests do",
  "npm start -- -oP": "the same",
  "npm test": "it runs this file",
  "bun run start": "it builds",
  "bun run test": "it runs this file",
  "npm install pg": "it asks a registry",
  "npm run bench": "it measures for minutes: contributing.test.ts has its help",
  "npm run bench -- --scenario forks": "the same",
  "npm run bench -- --scenario screen": "the same",
  "npm run kernels": "it boots kernels for many minutes",
  "npm run release": "it takes minutes; test/packaging tests its parts",
  [BUILD]: "test/build.test.ts builds",
  [`${BUILD} --runtime PATH-TO-BUN`]: "the same",
  [`${BUILD} --all`]: "it fetches the runtimes of all machines",
  ...Object.fromEntries(
    ALL_TARGETS.map((target) => [
      `${BUILD} --target ${target}`,
      "it needs the runtime of that machine",
    ]),
  ),
  "scp dist/iotop server:": "it needs a server",
  "ssh -t server sudo install -m 755 iotop /usr/local/bin/iotop": "the same",
  "sudo systemctl enable --now iotop-bun-recorder":
    "it needs the package; test/packaging/units.test.ts reads the unit",
  "sudo systemctl enable --now iotop-bun-statsd": "the same",
  "apk add libstdc++": "it is for Alpine",
  "apt purge": "it removes a package",
  "sha256sum --check --ignore-missing SHA256SUMS": "it needs a release",
  "sudo apt install ./iotop-bun_*_amd64.deb": "it installs a package",
  "sudo dnf install ./iotop-bun-*.x86_64.rpm": "the same",
  "docker ps": "it needs Docker",
  "docker run --rm -it --pid=host --net=host --cap-add NET_ADMIN -v /usr/local/bin/iotop:/iotop:ro debian /iotop":
    "it needs Docker, and an image",
  "setcap cap_net_admin+ep iotop": "it is advised against",
  "jq FILTER io.jsonl": "FILTER stands for those beside it",
  "sudo iotop -P --output jsonl,shape=task | systemd-cat -t iotop":
    "it needs a journal; shippers.test.ts reads the same lines",
};

/** Nothing else is run: documents may name what changes a machine. */
const TYPED_PROGRAMS = [
  "iotop",
  "echo",
  "jq",
  "man",
  "sqlite3",
  "sysctl",
  "tee",
];

/** The programs of a command line, as they are called here. */
const programsOf = (command: string): string[] =>
  shellCommands(command.replaceAll(/\bsudo /g, "")).map(([program]) =>
    program!.replace("./dist/", ""),
  );

let place: TypingPlace;
beforeAll(async () => {
  const [busiest = ""] = codeBlocks(readDocument("README.md"), "ts");
  place = await openTypingPlace(busiest);
});
afterAll(() => place[Symbol.asyncDispose]());

/** A run that nothing in its arguments ends. */
const ENDLESS =
  /(?<=^|\| )iotop\b(?!.* (?:--replay|--report|--doctor|--licenses|--man|--help|--output-t|--grafana|--prometheus-|-W$))/;
const SERVER = "(?:stats\\.example\\.org|127\\.0\\.0\\.1|\\[::1\\]):8125";

/** What is typed in place of what only the reader's machine has, or what takes time. */
const SUBSTITUTIONS: readonly (readonly [RegExp, () => string])[] = [
  [/\bsudo /g, () => ""],
  [/\.\/dist\/iotop\b/g, () => "iotop"],
  // Everybody would notice.
  [/(?<=^sysctl \S+)=1$/, () => ""],
  [/^iotop --doctor$/, () => "iotop --doctor || [ $? -eq 1 ]"],
  [
    /^sqlite3 /,
    () => "iotop --replay io.jsonl --speed max --output csv=io.csv && sqlite3 ",
  ],
  // A filter finds what was recorded, and may find nothing in an instant.
  [/\biotop --report \d+(?=.*\| jq )/, () => "iotop"],
  [/\biotop (?=.*\| jq )/, () => "iotop --replay io.jsonl --speed max "],
  [/(?<=--replay .*) --files\b/, () => ""],
  [/--report \d+/, () => "--report 0.05"],
  [/ -(?:d 10|n \d)\b/, () => ""],
  [ENDLESS, () => "iotop -d 0.05 -n 1"],
  [/(?<=-p )1234\b/, () => String(process.pid)],
  [/(?<=-p )5678\b/, () => String(process.ppid)],
  [/(?<=-u )postgres/, () => String(process.getuid!())],
  [
    /(?<=[=\s:])\/(?:var\/log|var\/lib\/prometheus\/node-exporter|run|root|etc\/prometheus|etc\/sysctl\.d|tmp)\//g,
    () => "./",
  ],
  [/unixgram:[^,\s]+/, () => `unixgram:${place.datagramPath}`],
  [/(?<=statsd=)unix:[^,\s]+/, () => `unix:${place.streamPath}`],
  [/tcp:stats\.example\.org:8125/, () => place.stream.target],
  [
    new RegExp(`\\bstatsd(?:=${SERVER})?(?=[,' ]|$)`),
    () => `statsd=${place.udp.target}`,
  ],
  [/\bprometheus(?=$| )/, () => "prometheus=unix:./default.sock"],
];

const onThisMachine = (command: string): string =>
  SUBSTITUTIONS.reduce(
    (text, [what, instead]) => text.replace(what, instead),
    command,
  );

/** Runs that differ by an output for a server or a page: they are one run with all of these. */
const JOINED =
  /^iotop -d 0\.05 -n 1 (--output '?(?:statsd|prometheus|html)\S+)$/;

function joined(lines: readonly string[]): string {
  const outputs = lines.flatMap((line) => JOINED.exec(line)?.[1] ?? []);
  return `iotop -d 0.05 -n 1 ${[...new Set(outputs)].join(" ")}`;
}

/** Examples stand alone in a line, or before what they do. */
const examplesOf = (help: string): string[] =>
  [...help.matchAll(/^ {2}((?:sudo )?iotop .*?)(?: {2}.*)?$/gm)].map(
    ([, command]) => command!,
  );

const commands = new Set([
  ...[...DOCUMENTS, ".github/SECURITY.md"].flatMap((path) =>
    typedCommands(readDocument(path)),
  ),
  ...examplesOf(helpText("1.2.3", await describeOutputs(OUTPUTS))),
  ...examplesOf(shortHelp("1.2.3")),
]);

test("what is not typed is left out for a reason", () => {
  const unknown = [...commands].filter(
    (command) =>
      LEFT_OUT[command] === undefined &&
      programsOf(command).some((program) => !TYPED_PROGRAMS.includes(program)),
  );
  expect(unknown).toEqual([]);
});

test("what is left out is documented", () => {
  const others = Object.keys(LEFT_OUT).filter((name) => !commands.has(name));
  expect(others).toEqual([]);
});

test("scripts that are named are in package.json", () => {
  const names = [...commands].flatMap(
    (command) => /^(?:npm|bun) (?:run )?(\w+)/.exec(command)?.[1] ?? [],
  );
  expect(names).toContain("release");
  const known = [...Object.keys(packageJson.scripts), "install"];
  expect(names.filter((name) => !known.includes(name))).toEqual([]);
});

/** What leaves nothing here: it goes to a server, or is there for one while iotop runs. */
const isForServers = (command: string): boolean =>
  /--output '?(?:statsd|prometheus)/.test(command);

/** It selects what is above a limit. */
const mayFindNothing = (command: string): boolean =>
  /\bselect\([^)]* > /.test(command);

/** Its output has names of processes, and iotop was told to replay a dd. */
const showsDd = (command: string): boolean =>
  /--replay(?!.*(?:group=(?:unit|user)|csv=|html=|jsonl=|jq))/.test(command);

/** At the end of a recording the screen stays, and waits for its user. */
const staysOnScreen = (command: string): boolean =>
  /--replay(?!.*(?:--output| -b))/.test(command);

describe.concurrent("is typed:", () => {
  for (const command of commands) {
    if (LEFT_OUT[command] !== undefined) continue;
    const programs = programsOf(command);
    if (programs.some((program) => !TYPED_PROGRAMS.includes(program))) continue;
    const lack = lackOf(...programs.filter((program) => program !== "iotop"));
    test.skipIf(lack !== null)(needing(command, lack), async () => {
      const own = onThisMachine(command);
      const line = JOINED.test(own)
        ? joined([...commands].map(onThisMachine))
        : own;
      const { status, terminal, warnings, written } = await place.type(
        line,
        staysOnScreen(line) ? { quitAfter: "dd" } : {},
      );
      if (status !== 0 || warnings.length > 0)
        throw new Error(
          `${line}\nstatus ${status}\n${warnings.join("\n")}\n${terminal}`,
        );
      if (showsDd(line)) expect(terminal).toContain("dd");
      if (!isForServers(command) && !mayFindNothing(command))
        expect(terminal.trim().length + written).toBeGreaterThan(0);
    });
  }
});

test("servers got what was sent to them", async () => {
  const [packet = ""] = await place.udp.received();
  expect(packet).toMatch(/^(?:iotop|disk)\./);
  const [connection = ""] = await place.stream.received();
  expect(connection).toMatch(/^iotop\./);
  expect(place.datagrams.read()[0]).toMatch(/^iotop\./);
});
