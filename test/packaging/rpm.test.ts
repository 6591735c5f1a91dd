import { expect, test } from "bun:test";
import { specFile } from "../../src/packaging/rpm.ts";

const spec = specFile(
  { version: "1.2.3", architecture: "aarch64", timeS: 0 },
  ["usr/sbin/iotop-bun", "usr/share/man/man8/iotop-bun.8.gz"],
  "/tree",
);

test("nothing strips the program, and no clock gets into the package", () => {
  expect(spec).toContain("%global __strip /bin/true\n");
  expect(spec).toContain("%global __os_install_post %{nil}\n");
  expect(spec).toContain("%global _buildhost localhost\n");
  expect(spec).toContain("%global use_source_date_epoch_as_buildtime 1\n");
});

test("lists each file", () => {
  expect(spec).toEndWith(
    "%files\n/usr/sbin/iotop-bun\n%doc /usr/share/man/man8/iotop-bun.8.gz\n",
  );
  expect(spec).toContain("\nVersion: 1.2.3\n");
  expect(spec).toContain("cp -a /tree/. %{buildroot}/\n");
});
