/** A directory full of files that some program would run if it were careless, and the means to tell that one did. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Names that a runtime, a loader or a C library might look for in the current directory. */
const LIBRARIES = [
  "libc.so",
  "libc.so.6",
  "libc.musl-x86_64.so.1",
  "libc.musl-aarch64.so.1",
  "ld-musl-x86_64.so.1",
  "ld-linux-x86-64.so.2",
  "libpthread.so.0",
  "libdl.so.2",
  "libm.so.6",
  "libgcc_s.so.1",
  "libstdc++.so.6",
  "libcap.so.2",
  "libnss_files.so.2",
  "libtinfo.so.6",
];

const MODULES = ["iotop", "chalk", "citty", "cli-table3", "bun", "node:fs"];

export interface Traps extends Disposable {
  /** The directory to be in. */
  readonly path: string;
  /** A script that leaves a trace when it is run. */
  readonly script: string;
  /** The same as CommonJS. */
  readonly commonJs: string;
  /** A file that a switch may be told to write; it does not exist. */
  readonly victim: string;
  /** What was run since the last call, by name. */
  sprung(): string[];
  /** Files that were not there at first. */
  newFiles(): string[];
}

const trap = (marker: string, name: string) =>
  `require("node:fs").appendFileSync(${JSON.stringify(marker)}, ${JSON.stringify(`${name}\n`)});\n`;

/** A shared object that writes to the marker when it is loaded. @throws when there is no C compiler */
function compileLibrary(marker: string, target: string): void {
  const { exitCode, stderr } = Bun.spawnSync(
    ["gcc", "-shared", "-fPIC", "-o", target, "-x", "c", "-"],
    {
      stdin: Buffer.from(`
        #include <fcntl.h>
        #include <unistd.h>
        __attribute__((constructor)) static void spring(void) {
          int fd = open(${JSON.stringify(marker)}, O_WRONLY | O_APPEND | O_CREAT, 0666);
          if (write(fd, "library\\n", 8) < 0) _exit(99);
          close(fd);
        }`),
      stderr: "pipe",
    },
  );
  if (exitCode !== 0) throw new Error(stderr.toString());
}

export function setTraps(): Traps {
  const home = mkdtempSync(join(tmpdir(), "iotop-traps-"));
  const marker = join(home, "sprung");
  const path = join(home, "cwd");
  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  };
  put("trap.ts", trap(marker, "trap.ts"));
  put("trap.cjs", trap(marker, "trap.cjs"));
  for (const name of ["index.ts", "index.js", "main.ts", "src/main.ts"])
    put(name, trap(marker, name));
  put("preload.ts", trap(marker, "bunfig.toml"));
  put("bunfig.toml", `preload = ["./preload.ts"]\nlogLevel = "debug"\n`);
  for (const name of [".env", ".env.local", ".env.production"])
    put(name, `BUN_OPTIONS=--preload=./trap.ts\nTRAP=${name}\n`);
  put(
    "tsconfig.json",
    `{ "compilerOptions": { "paths": { "*": ["./trap.ts"] } } }`,
  );
  put(
    "package.json",
    `{ "main": "./trap.cjs", "imports": { "#*": "./trap.cjs" } }`,
  );
  for (const name of MODULES) {
    put(`node_modules/${name}/package.json`, `{ "main": "trap.cjs" }`);
    put(`node_modules/${name}/trap.cjs`, trap(marker, `module ${name}`));
  }
  const [first, ...others] = LIBRARIES.map((name) => join(path, name));
  compileLibrary(marker, first!);
  for (const other of others) copyFileSync(first!, other);

  const list = () => readdirSync(path, { recursive: true }).map(String);
  const original = new Set(list());
  return {
    path,
    script: join(path, "trap.ts"),
    commonJs: join(path, "trap.cjs"),
    victim: join(path, "victim"),
    sprung() {
      if (!existsSync(marker)) return [];
      const lines = readFileSync(marker, "utf8").split("\n").filter(Boolean);
      rmSync(marker);
      return lines;
    },
    newFiles: () => list().filter((name) => !original.has(name)),
    [Symbol.dispose]: () => rmSync(home, { recursive: true }),
  };
}
