// waits: it builds programs of 100 MB
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, sourceCommit } from "../build.ts";
import packageJson from "../package.json";
import { BuildError } from "../src/runtime/build-error.ts";
import { disarm } from "../src/runtime/disarm.ts";
import {
  ALL_TARGETS,
  TARGETS,
  checkHash,
  findBun,
  installCommand,
  nativeTarget,
} from "../src/runtime/targets.ts";
import { lackOf, needing } from "./support/needs.ts";

setDefaultTimeout(120_000);

const scratch = mkdtempSync(join(tmpdir(), "iotop-build-"));
afterAll(() => rmSync(scratch, { recursive: true }));

describe("disarm", () => {
  const { names } = TARGETS[nativeTarget()];
  const pristine = readFileSync(findBun(nativeTarget()));
  const disarmed = Buffer.from(pristine);
  disarm(disarmed, names);
  const changed: number[] = [];
  for (let at = 0; at < pristine.length; at++)
    if (disarmed[at] !== pristine[at]) changed.push(at);

  /** The changed places with their surroundings: as good as the whole binary of 100 MB, and quicker to search. */
  const extract = (binary: Buffer): Buffer => {
    const ranges: { from: number; to: number }[] = [];
    for (const at of changed) {
      const last = ranges.at(-1);
      if (last !== undefined && at - 100 < last.to) last.to = at + 100;
      else ranges.push({ from: at - 100, to: at + 100 });
    }
    return Buffer.concat(
      ranges.map(({ from, to }) => binary.subarray(from, to)),
    );
  };
  const small = extract(pristine);
  const smallDisarmed = extract(disarmed);
  const prefixTest = small.findIndex(
    (byte, at) => byte !== smallDisarmed[at] && small[at - 1] !== 0,
  );

  test("blanks the first byte of every name, breaks the prefix test and changes nothing else", () => {
    expect(changed).toHaveLength(names + 1);
    const blanked = changed.filter((at) => pristine[at - 1] === 0);
    expect(blanked).toHaveLength(names);
    for (const at of blanked) {
      expect(disarmed[at]).toBe(0);
      expect(pristine.toString("latin1", at, at + 4)).toMatch(
        /^(BUN_|JSC_|NODE|Java)$/,
      );
    }
  });

  test("leaves no name of bun's own that is a whole string", () => {
    expect(
      disarmed.toString("latin1").match(/\0BUN_\w{1,60}(?=\0)/g),
    ).toBeNull();
  });

  test("accepts the extract that the refusals below are tried on", () => {
    const binary = Buffer.from(small);
    disarm(binary, names);
    expect(binary.equals(smallDisarmed)).toBe(true);
  });

  test("refuses a binary that is disarmed already, or is no bun", () => {
    expect(() => disarm(Buffer.from(smallDisarmed), names)).toThrow(BuildError);
    expect(() => disarm(Buffer.from("\0BUN_BE_BUN\0"), 1)).toThrow(BuildError);
  });

  test("refuses a name more, a name twice and a name less", () => {
    const withName = (name: string) =>
      Buffer.concat([small, Buffer.from(`\0${name}\0`)]);
    expect(() => disarm(withName("BUN_NEW_SWITCH"), names)).toThrow(/known/);
    expect(() => disarm(withName("BUN_BE_BUN"), names)).toThrow(/known/);
    const without = Buffer.from(small);
    without[without.indexOf("\0BUN_BE_BUN\0") + 1] = 0x43;
    expect(() => disarm(without, names)).toThrow(/does not hold BUN_BE_BUN/);
  });

  test("refuses a binary that tests for BUN_JSC_ twice or in a way not known", () => {
    const twice = Buffer.concat([
      small,
      small.subarray(prefixTest - 32, prefixTest + 64),
    ]);
    expect(() => disarm(twice, names)).toThrow(/in 2 places/);
    const other = Buffer.from(small);
    other[prefixTest] = smallDisarmed[prefixTest]!;
    expect(() => disarm(other, names)).toThrow(/in 0 places/);
  });

  test("changes nothing in a binary that it refuses", () => {
    const binary = Buffer.from(small);
    expect(() => disarm(binary, names + 1)).toThrow(BuildError);
    expect(binary.equals(small)).toBe(true);
  });
});

describe("checkHash", () => {
  const target = nativeTarget();

  test("accepts the pinned bun and refuses it with one bit changed", () => {
    const binary = readFileSync(findBun(target));
    checkHash(binary, target);
    binary[binary.length >> 1]! ^= 1;
    expect(() => checkHash(binary, target)).toThrow(
      `${TARGETS[target].package} holds another bun`,
    );
  });
});

const GIT_LACK = lackOf("git");

describe("the commit that is built", () => {
  const root = join(scratch, "clone");
  const git = (...args: readonly string[]): string => {
    const { stdout, stderr, exitCode } = Bun.spawnSync(
      ["git", "-c", "user.name=a", "-c", "user.email=a@localhost", ...args],
      { cwd: root, env: { PATH: process.env["PATH"] ?? "" } },
    );
    if (exitCode !== 0) throw new Error(stderr.toString());
    return stdout.toString().trim();
  };
  const put = (folder: string, text: string): void => {
    mkdirSync(join(folder, "src"), { recursive: true });
    writeFileSync(join(folder, "src/commit.txt"), text);
  };
  const TEMPLATE = "$Format:%H$\n";

  test.skipIf(GIT_LACK !== null)(
    needing("is that of the clone, and says that files differ", GIT_LACK),
    () => {
      put(root, TEMPLATE);
      copyFileSync(
        join(import.meta.dir, "../.gitattributes"),
        join(root, ".gitattributes"),
      );
      expect(sourceCommit(root)).toBeNull();
      git("init", "--quiet");
      expect(sourceCommit(root)).toBeNull();
      git("add", ".");
      git("commit", "--quiet", "--message", "one");
      const commit = git("rev-parse", "HEAD");
      writeFileSync(join(root, "untracked"), "");
      expect(sourceCommit(root)).toBe(commit.slice(0, 12));

      // A copy inside of another project's clone.
      put(join(root, "copy"), TEMPLATE);
      expect(sourceCommit(join(root, "copy"))).toBeNull();

      const archive = join(scratch, "archive");
      mkdirSync(archive);
      git("archive", "--output", join(archive, "a.tar"), "HEAD");
      Bun.spawnSync(["tar", "xf", "a.tar"], { cwd: archive });
      expect(sourceCommit(archive)).toBe(commit.slice(0, 12));

      writeFileSync(join(root, ".gitattributes"), "# changed\n");
      expect(sourceCommit(root)).toBe(`${commit.slice(0, 12)}, changed`);
    },
  );
});

describe("build", () => {
  const entry = join(scratch, "entry.ts");
  const sha256 = (path: string) =>
    createHash("sha256").update(readFileSync(path)).digest("hex");
  const runEntry = (path: string, ...args: string[]) => {
    const { stdout, stderr, exitCode } = Bun.spawnSync([path, ...args]);
    return {
      status: exitCode,
      stdout: stdout.toString(),
      stderr: stderr.toString(),
    };
  };
  beforeAll(() =>
    writeFileSync(
      entry,
      `import { VERSION } from "${join(import.meta.dir, "../src/version.ts")}";
      if (process.argv[2] === "throw") throw new Error("where");
      console.log(VERSION, process.env.NODE_ENV, JSON.stringify(process.execArgv));`,
    ),
  );

  test("takes a runtime that was linked anew", async () => {
    const runtime = join(scratch, "bun-anew");
    // Another file to every check, the same program to the kernel.
    writeFileSync(
      runtime,
      Buffer.concat([readFileSync(findBun(nativeTarget())), Buffer.of(0)]),
    );
    const path = await build({
      entry,
      outfile: join(scratch, "anew", "iotop"),
      runtime,
    });
    expect(runEntry(path).status).toBe(0);
  });

  test("is the same to the byte from run to run, wherever it is started and put", async () => {
    const first = await build({ entry, outfile: join(scratch, "a", "iotop") });
    const caller = process.cwd();
    process.chdir("/");
    const second = await build({
      entry,
      outfile: join(scratch, "longer", "b", "iotop"),
    }).finally(() => process.chdir(caller));
    expect(sha256(second)).toBe(sha256(first));
    expect(statSync(first).mode & 0o777).toBe(0o755);
    expect(readdirSync(join(scratch, "a"))).toEqual(["iotop"]);
    expect(runEntry(first)).toEqual({
      status: 0,
      stdout: `${packageJson.version} production ["--no-install"]\n`,
      stderr: "",
    });
    // The source map is inside: the place of an error is that of the source.
    expect(runEntry(first, "throw").stderr).toContain("entry.ts:2:");
  });

  test("replaces the file in one step and leaves the old one when it fails", async () => {
    const outfile = join(scratch, "c", "iotop");
    await build({ entry, outfile });
    const { ino } = statSync(outfile);
    const broken = join(scratch, "broken.ts");
    writeFileSync(broken, `import "./absent.ts";`);
    expect(build({ entry: broken, outfile })).rejects.toThrow();
    await build({ entry: broken, outfile }).catch(() => {});
    expect(statSync(outfile).ino).toBe(ino);
    expect(readdirSync(join(scratch, "c"))).toEqual(["iotop"]);
    await build({ entry, outfile });
    expect(statSync(outfile).ino).not.toBe(ino);
  });

  test("finds the bun of another target, or names the package to install", () => {
    const foreign = ALL_TARGETS.filter((target) => target !== nativeTarget());
    // One command for all: npm removes what the last one brought.
    const every = foreign
      .map(
        (target) =>
          `${TARGETS[target].package}@${packageJson.devDependencies.bun}`,
      )
      .join(" ");
    for (const target of foreign) {
      const name = TARGETS[target].package;
      const path = join(import.meta.dir, "../node_modules", name, "bin", "bun");
      if (existsSync(path)) expect(findBun(target)).toBe(path);
      else
        expect(() => findBun(target)).toThrow(
          `${name} is not installed: ${installCommand()}`,
        );
    }
    expect(installCommand(true)).toBe(`npm install --no-save --force ${every}`);
    expect(installCommand(false)).toBe(
      `${process.execPath} add --cpu='*' --no-save --force ${every}`,
    );
  });

  test.each([
    [["--target", "vax"], "no target vax; there are linux-x64, "],
    [["--all", "--target", "linux-x64"], "--all builds for all machines"],
    [["--runtime", "/a", "--all"], "--all builds for all machines"],
  ])("refuses %j with one line and status 1", (args, reason) => {
    const { exitCode, stderr, stdout } = Bun.spawnSync([
      process.execPath,
      join(import.meta.dir, "../build.ts"),
      ...args,
    ]);
    expect(exitCode).toBe(1);
    expect(stdout.toString()).toBe("");
    expect(stderr.toString()).toStartWith(`BuildError: ${reason}`);
    expect(stderr.toString().match(/\n/g)).toHaveLength(1);
  });
});
