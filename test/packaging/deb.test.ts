// waits: it installs the package in a root of its own
/** The package with the real program, in a copy of this system that is thrown away. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentsOf } from "../../src/packaging/contents.ts";
import { controlFile, writeDeb } from "../../src/packaging/deb.ts";
import { VERSION } from "../../src/version.ts";
import { BINARY, ensureBinary } from "../support/binary.ts";
import { lackOf, lackOfRoot, needing } from "../support/needs.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

let scratch: string;
beforeAll(() => void (scratch = mkdtempSync(join(tmpdir(), "iotop-deb-"))));
afterAll(() => rmSync(scratch, { recursive: true }));

const INFO = { version: VERSION, architecture: "amd64", timeS: 1_795_392_000 };
const HERE = process.arch === "arm64" ? "arm64" : "amd64";

const makeDeb = async (): Promise<string> => {
  const { installed } = await contentsOf(BINARY, "iotop");
  return await writeDeb(
    installed,
    { ...INFO, architecture: HERE },
    { scratch, result: scratch },
    "none",
  );
};

test("says what it is, for Debian", () => {
  const control = controlFile({ ...INFO, version: "1.2.3" }, 456);
  expect(control).toStartWith("Package: iotop-bun\nVersion: 1.2.3\n");
  expect(control).toContain("\nInstalled-Size: 456\n");
  expect(control).toEndWith("\n");
});

/** Steps of a life with Debian's own iotop-c, each of which prints what `iotop` is then. */
const LIFE = `
set -e
layer=$(mktemp -d)
mount -t tmpfs tmpfs "$layer"
mkdir "$layer/up" "$layer/work" "$layer/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$layer/up,workdir=$layer/work" "$layer/root"
mount -t proc proc "$layer/root/proc"
mount --bind /dev "$layer/root/dev"
cp "$1" "$layer/root/iotop.deb"
chroot "$layer/root" /bin/sh -ec '
  is() { echo "$1: $(basename "$(readlink -f /usr/sbin/iotop)") $(basename "$(readlink -f /usr/share/man/man8/iotop.8.gz)")"; }
  quietly() { "$@" >/log 2>&1 || { cat /log; exit 1; }; }
  # Nothing needs to reach a disk, and no index be made.
  dpkg() { quietly /usr/bin/dpkg --force-unsafe-io --no-triggers "$@"; }
  is before
  dpkg -i /iotop.deb
  is installed
  iotop --version | head -n 1
  quietly man -w iotop
  dpkg -i /iotop.deb
  is upgraded
  mkdir -p /var/log/private/iotop && echo x > /var/log/private/iotop/x
  dpkg -r iotop-bun
  is removed
  dpkg -P iotop-bun
  dpkg -i /iotop.deb
  dpkg -P iotop-bun
  is purged
  rm -f /log /iotop.deb'
echo "left: $(cd "$layer/up" && find . -name '*iotop-bun*' -type f -o -path ./var/log/private/iotop | sort | tr '\\n' ' ')"
`;

const LACK =
  lackOfRoot ?? lackOf("dpkg-deb", "dpkg", "unshare", "iotop-c", "man");

describe("a package", () => {
  test.skipIf(LACK !== null)(
    needing("with the real program lives beside iotop-c", LACK),
    async () => {
      const deb = await makeDeb();
      const child = Bun.spawn(["unshare", "-m", "bash", "-c", LIFE, "-", deb], {
        stderr: "pipe",
      });
      const [output, errors] = await Promise.all([
        child.stdout.text(),
        child.stderr.text(),
        child.exited,
      ]);
      expect({ output, errors }).toEqual({
        output: `before: iotop-c iotop-c.8.gz
installed: iotop-bun iotop-bun.8.gz
iotop ${VERSION}
upgraded: iotop-bun iotop-bun.8.gz
removed: iotop-c iotop-c.8.gz
purged: iotop-c iotop-c.8.gz
left: 
`,
        errors: "",
      });
    },
  );
});
