// waits: it makes packages, and installs one in a root of its own
/** Archive and packages of a small program, which is all that counts here: the real one takes xz minutes. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { unknownFlaws } from "../../src/packaging/lint.ts";
import {
  checkAnswer,
  checkPacked,
  sha256Of,
} from "../../src/packaging/packed-program.ts";
import { lackOf, lackOfRoot, needing } from "../support/needs.ts";
import type { Packages } from "../support/package-maker.ts";

setDefaultTimeout(240_000);

const TOOLS = ["dpkg-deb", "rpmbuild", "rpm", "tar", "xz"];
const LACK = lackOf(...TOOLS);

let folder: string;
let program: string;
let first: Packages;
let second: Packages;

/** In a process whose files would be others' business. */
async function make(
  name: string,
  umask: string,
  env: Readonly<Record<string, string>>,
): Promise<Packages> {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  const maker = join(import.meta.dir, "../support/package-maker.ts");
  const child = Bun.spawn(
    [
      ...["sh", "-c", `umask ${umask}; exec "$@"`, "sh"],
      ...[process.execPath, maker, program, path],
    ],
    {
      cwd: path,
      env: { PATH: process.env["PATH"] ?? "", ...env },
      stderr: "inherit",
    },
  );
  return JSON.parse(await child.stdout.text());
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "iotop-packages-"));
  program = join(folder, "program");
  copyFileSync("/bin/true", program);
  if (LACK !== null) return;
  [first, second] = await Promise.all([
    make("first", "022", { HOME: "/root", TZ: "UTC", LC_ALL: "C" }),
    make("a/longer/second", "077", {
      ...{ HOME: folder, TZ: "Asia/Kolkata", LC_ALL: "de_DE.UTF-8" },
      ...{ XZ_OPT: "-0", TAR_OPTIONS: "--verbose", SOURCE_DATE_EPOCH: "1" },
    }),
  ]);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(LACK !== null)(needing("what is released", LACK), () => {
  test.each(["archive", "deb", "rpm"] as const)(
    "as %s is the same to the byte, whoever makes it, where and when",
    async (kind) => {
      expect(basename(second[kind])).toBe(basename(first[kind]));
      expect(await sha256Of(second[kind])).toBe(await sha256Of(first[kind]));
    },
  );

  test("as an archive has the program with all that goes with it", () => {
    const { stdout } = Bun.spawnSync(["tar", "tvf", first.archive]);
    const lines = stdout.toString().trimEnd().split("\n");
    for (const line of lines)
      expect(line).toMatch(/^(?:drwxr-xr-x|-rw[x-]r-[x-]r-[x-]) 0\/0 /);
    const top = "iotop-1.2.3-linux-x64/";
    const names = lines.map((line) => line.slice(line.indexOf(top)));
    expect(names).toEqual(
      [
        ...["", "CHANGELOG.md", "LICENSE", "README.md", "THIRD-PARTY"],
        ...["completions/", "completions/_iotop", "completions/iotop.bash"],
        ...["completions/iotop.fish", "iotop", "iotop.8", "systemd/"],
        "systemd/iotop-bun-recorder.service",
        "systemd/iotop-bun-statsd.service",
      ].map((name) => top + name),
    );
  });

  test.each(["deb", "rpm"] as const)(
    "as %s holds the program as it was built, or nothing is released",
    async (kind) => {
      await checkPacked(first[kind], program);
      const other = join(folder, `other-${kind}`);
      copyFileSync(program, other);
      appendFileSync(other, "x");
      expect(checkPacked(first[kind], other)).rejects.toThrow("such as strip");
    },
  );

  test("has members that old systems know", () => {
    const list = (command: readonly string[]) =>
      Bun.spawnSync([...command]).stdout.toString();
    expect(list(["ar", "t", first.deb])).toBe(
      "debian-binary\ncontrol.tar.xz\ndata.tar.xz\n",
    );
    const format = "%{PAYLOADCOMPRESSOR}";
    expect(list(["rpm", "-qp", "--qf", format, first.rpm])).toBe("xz");
  });
});

test("a program that does not answer as iotop is refused", async () => {
  const echo = join(folder, "echo");
  copyFileSync("/bin/echo", echo);
  expect(checkAnswer(echo, "1.2.3")).rejects.toThrow("says");
  await Bun.write(join(folder, "right"), "#!/bin/sh\necho iotop 1.2.3\n");
  Bun.spawnSync(["chmod", "755", join(folder, "right")]);
  await checkAnswer(join(folder, "right"), "1.2.3");
  expect(checkAnswer(join(folder, "right"), "1.2.4")).rejects.toThrow("1.2.3");
});

describe.concurrent.each([
  ["lintian", "deb"],
  ["rpmlint", "rpm"],
] as const)("%s", (linter, kind) => {
  const lack = LACK ?? lackOf(linter);
  test.skipIf(lack !== null)(
    needing("finds nothing that is not known", lack),
    async () => {
      const flaws = await unknownFlaws(first[kind]);
      // Beside a program of some KiB, documents are most of the package.
      const ofReal = flaws.filter((line) => !line.includes("huge-docs"));
      expect(ofReal).toEqual([]);
    },
  );
});

/** What `iotop` is, step by step, where Debian's alternatives serve rpm too. */
const LIFE = `
layer=$(mktemp -d)
mount -t tmpfs tmpfs "$layer"
mkdir "$layer/up" "$layer/work" "$layer/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$layer/up,workdir=$layer/work" "$layer/root"
mount -t proc proc "$layer/root/proc"
is() { echo "$1: $(basename "$(chroot "$layer/root" readlink -f /usr/sbin/iotop)")"; }
rpm() { chroot "$layer/root" rpm --dbpath /packages --nodeps "$@" 2>/dev/null >&2; }
mkdir "$layer/root/packages"
cp "$1" "$layer/root/packages/one.rpm"
is before
rpm -i /packages/one.rpm
is installed
rpm -U --force /packages/one.rpm
is upgraded
rpm -V iotop-bun && echo verified
rpm -e iotop-bun
is erased
find "$layer/root/usr" "$layer/root/etc" -name '*iotop-bun*'
`;

const lackOfLife = LACK ?? lackOfRoot ?? lackOf("unshare", "iotop-c");
test.skipIf(lackOfLife !== null)(
  needing("an rpm comes, is renewed, and goes without a trace", lackOfLife),
  () => {
    const { stdout, stderr } = Bun.spawnSync(
      ["unshare", "-m", "sh", "-c", LIFE, "sh", first.rpm],
      { stderr: "pipe" },
    );
    expect({ out: stdout.toString(), err: stderr.toString() }).toEqual({
      out: "before: iotop-c\ninstalled: iotop-bun\nupgraded: iotop-bun\nverified\nerased: iotop-c\n",
      err: "",
    });
  },
);
