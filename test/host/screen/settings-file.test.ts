// waits: it starts a program
/** The settings file on disk: whom iotop believes, and how it writes. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Privileges } from "../../../src/host/run/privileges.ts";
import {
  ownerOf,
  readSettingsFile,
  savedSettings,
  settingsPath,
} from "../../../src/host/screen/settings-file.ts";
import { lackOfRoot, needing } from "../../support/needs.ts";

/** Not below /tmp, which root does not trust. */
const PLACE = lackOfRoot === null ? "/run" : "/tmp";
/** Any user but root. */
const OTHER = 12_345;

const plain: Privileges = {
  uid: process.geteuid!(),
  sudoUid: undefined,
  atSecure: false,
};
/** Without more rights than anybody: nothing is judged. */
const somebody: Privileges = { ...plain, uid: process.geteuid!() || 1000 };

let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(PLACE, "iotop-settings-"));
  chmodSync(home, 0o755);
  file = join(home, ".config", "iotop", "iotoprc");
});
afterEach(() => rmSync(home, { recursive: true }));

const put = (text: string, path = file): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

test.each([
  [{ HOME: "/home/ann" }, "/home/ann/.config/iotop/iotoprc"],
  [{ HOME: "/home/ann", XDG_CONFIG_HOME: "/x" }, "/x/iotop/iotoprc"],
  [
    { HOME: "/home/ann", XDG_CONFIG_HOME: "" },
    "/home/ann/.config/iotop/iotoprc",
  ],
  // A relative one is to be ignored, as the XDG specification has it.
  [{ HOME: "/a", XDG_CONFIG_HOME: "x" }, "/a/.config/iotop/iotoprc"],
  [{ HOME: "" }, null],
  [{ HOME: "home" }, null],
  [{}, null],
] as const)("with %j it is %j", (env, path) => {
  expect(settingsPath(env)).toBe(path);
});

test.each([
  ["/home/ann/.config/iotop/iotoprc", "1000", false, 1000],
  ["/home/anna/.config/iotop/iotoprc", "1000", false, 0],
  ["/srv/x/iotop/iotoprc", "1000", false, 0],
  ["/home/ann/.config/iotop/iotoprc", undefined, false, 0],
  ["/home/ann/.config/iotop/iotoprc", "1001", false, 0],
  // The caller of a program with more rights can set SUDO_UID to anything.
  ["/home/ann/.config/iotop/iotoprc", "1000", true, 0],
] as const)(
  "%s may belong, with SUDO_UID %s, to …",
  (path, sudoUid, atSecure, owner) => {
    const homeOf = (uid: number) => (uid === 1000 ? "/home/ann" : null);
    expect(ownerOf(path, { uid: 0, sudoUid, atSecure }, homeOf)).toBe(owner);
  },
);

describe("read", () => {
  const read = (privileges = plain) => readSettingsFile(file, privileges);

  test("its text; nothing where it is not, or its folder is a file", () => {
    expect(read()).toEqual({ path: file, text: "", flaw: null });
    put("--only\n");
    expect(read()).toEqual({ path: file, text: "--only\n", flaw: null });
    rmSync(dirname(file), { recursive: true });
    writeFileSync(dirname(file), "");
    expect(read()).toEqual({ path: file, text: "", flaw: null });
    expect(readSettingsFile(null)).toEqual({
      path: null,
      text: "",
      flaw: null,
    });
  });

  test("nothing that is no file, or too long, and waits for nobody", () => {
    mkdirSync(file, { recursive: true });
    expect(read().flaw).toBe("it is not a regular file");
    rmSync(file, { recursive: true });
    Bun.spawnSync(["mkfifo", file]);
    expect(read().flaw).toBe("it is not a regular file");
    rmSync(file);
    put("#".repeat(64 * 1024 + 1));
    expect(read()).toMatchObject({
      text: "",
      flaw: "it is longer than 64 KiB",
    });
  });

  test("follows a link to a file that is kept elsewhere", () => {
    put("--only\n", join(home, "dotfiles", "iotoprc"));
    mkdirSync(dirname(file), { recursive: true });
    symlinkSync("../../dotfiles/iotoprc", file);
    expect(read()).toMatchObject({ text: "--only\n", flaw: null });
  });
});

describe("saved", () => {
  const save = (lines: readonly string[], privileges = plain) =>
    savedSettings(file, privileges).save(lines);

  test("in folders that are made for it, for its owner alone", () => {
    const umask = process.umask(0);
    try {
      expect(save(["--only"])).toBeNull();
    } finally {
      process.umask(umask);
    }
    expect(readFileSync(file, "utf8")).toEndWith("\n--only\n");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  });

  test("in one step: what is open stays whole, and nothing else is left in the folder", () => {
    put("--processes\n# mine\n");
    chmodSync(file, 0o644);
    const before = statSync(file).ino;
    expect(save(["--only"])).toBeNull();
    expect(statSync(file).ino).not.toBe(before);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).toBe("# mine\n\n--only\n");
    expect(readdirSync(dirname(file))).toEqual(["iotoprc"]);
  });

  test("where a link leads, and the link stays", () => {
    const real = join(home, "dotfiles", "iotoprc");
    put("", real);
    mkdirSync(dirname(file), { recursive: true });
    symlinkSync(real, file);
    expect(save(["--only"])).toBeNull();
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, "utf8")).toEndWith("--only\n");
  });

  test.each([
    ["dotfiles/iotoprc", 0o644],
    ["dotfiles/dot_iotoprc.conf", 0o640],
    ["elsewhere", 0o600],
  ])(
    "where a link leads to %s, with the mode that it has there",
    (name, mode) => {
      const real = join(home, name);
      put("--processes\n--of-another-version=3\n", real);
      chmodSync(real, mode);
      mkdirSync(dirname(file), { recursive: true });
      symlinkSync(real, file);
      expect(save(["--only"])).toBeNull();
      expect(statSync(real).mode & 0o7777).toBe(mode);
      expect(readFileSync(real, "utf8")).toBe(
        "--of-another-version=3\n\n--only\n",
      );
    },
  );

  test("in a folder that is a link, with the mode that it has there", () => {
    const real = join(home, "dotfiles", "iotop", "iotoprc");
    put("# mine\n", real);
    chmodSync(real, 0o644);
    mkdirSync(dirname(dirname(file)), { recursive: true });
    symlinkSync(dirname(real), dirname(file));
    expect(save(["--only"])).toBeNull();
    expect(statSync(real).mode & 0o777).toBe(0o644);
  });

  test.each(["export PATH=/bin\n", "# mine\nalias ll='ls -l'\n", "[user]\n"])(
    "not where a link leads to another kind of file: %j",
    (text) => {
      const real = join(home, ".bashrc");
      put(text, real);
      mkdirSync(dirname(file), { recursive: true });
      symlinkSync(real, file);
      expect(save(["--only"])).toBe(
        `${file} is not written: it leads to ${real}, which is not a settings file`,
      );
      expect(readFileSync(real, "utf8")).toBe(text);
    },
  );

  test("not over what cannot be read, which stays as it is", () => {
    mkdirSync(file, { recursive: true });
    expect(save(["--only"])).toBe(
      `${file} is not written: it is not a regular file`,
    );
    expect(statSync(file).isDirectory()).toBe(true);
  });

  test("or it says why not", () => {
    mkdirSync(dirname(dirname(file)), { recursive: true });
    writeFileSync(dirname(file), "");
    expect(save(["--only"])).toStartWith(`${file} cannot be written: `);
  });
});

describe.skipIf(lackOfRoot !== null)(needing("as root", lackOfRoot), () => {
  const flaw = (privileges = plain) => readSettingsFile(file, privileges).flaw;

  test.each([
    ["the file", () => file],
    ["its folder", () => dirname(file)],
    ["a folder above", () => home],
  ])("%s that others can write is not believed", (_, path) => {
    put("--only\n");
    expect(flaw()).toBeNull();
    chmodSync(path(), 0o777);
    const name = path() === file ? "it" : path();
    expect(flaw()).toBe(`${name} can be written by others (mode 777)`);
    expect(readSettingsFile(file, plain).text).toBe("");
    expect(savedSettings(file, plain).save(["--only"])).toBe(
      `${file} is not written: ${name} can be written by others (mode 777)`,
    );
    // Who has no more rights than others can believe what others could give.
    expect(flaw(somebody)).toBeNull();
  });

  test("another user's is not believed, nor a folder of another", () => {
    put("--only\n");
    chownSync(file, OTHER, 0);
    expect(flaw()).toBe(`it belongs to user ${OTHER}, who could change it`);
    chownSync(file, 0, 0);
    chownSync(dirname(file), OTHER, 0);
    expect(flaw()).toStartWith(`${dirname(file)} belongs to user ${OTHER}`);
  });

  test("nor is one that a link of another user leads to", () => {
    put("--only\n", join(home, "secret"));
    const folder = join(home, "theirs");
    mkdirSync(folder);
    chownSync(folder, OTHER, 0);
    symlinkSync(join(home, "secret"), join(folder, "iotoprc"));
    const found = readSettingsFile(join(folder, "iotoprc"), plain);
    expect(found).toMatchObject({
      text: "",
      flaw: expect.stringContaining(folder),
    });
  });

  test("the one who called sudo is believed in the own home alone", () => {
    put("--only\n");
    chownSync(file, OTHER, 0);
    const sudo = { ...plain, sudoUid: String(OTHER) };
    // No user of this machine has that number, so it has no home.
    expect(flaw(sudo)).toContain(`belongs to user ${OTHER}`);
  });

  test("a program with more rights than its caller believes neither the caller nor sudo's", () => {
    put("--only\n");
    chownSync(file, OTHER, 0);
    const secure = { uid: 0, sudoUid: String(OTHER), atSecure: true };
    expect(flaw(secure)).toContain(`belongs to user ${OTHER}`);
    expect(flaw({ ...secure, uid: OTHER })).toBeNull();
    expect(flaw({ ...secure, uid: OTHER + 1 })).not.toBeNull();
  });

  test("nothing is written into a folder that another user could move", () => {
    mkdirSync(join(home, ".config"));
    chownSync(join(home, ".config"), OTHER, 0);
    expect(savedSettings(file, plain).save(["--only"])).toContain(
      `.config belongs to user ${OTHER}`,
    );
    expect(existsSync(dirname(file))).toBe(false);
  });
});
