import { expect, test } from "bun:test";
import { specFile } from "../../src/packaging/rpm.ts";

const spec = specFile(
  { version: "1.2.3", architecture: "aarch64", timeS: 0 },
  [
    "usr/sbin/iotop-bun",
    "usr/share/man/man8/iotop-bun.8.gz",
    "usr/share/doc/iotop-bun/copyright",
    "usr/share/doc/iotop-bun/README.md.gz",
  ],
  "/tree",
);

test("nothing strips the program, and no clock gets into the package", () => {
  expect(spec).toContain("%global __strip /bin/true\n");
  expect(spec).toContain("%global __os_install_post %{nil}\n");
  expect(spec).toContain("%global _buildhost localhost\n");
  expect(spec).toContain("%global use_source_date_epoch_as_buildtime 1\n");
});

test("lists each file, and the folders that no other package need have", () => {
  expect(spec).toContain(`
%files
%defattr(-,root,root,-)
%dir /usr/share/doc/iotop-bun
%dir /usr/share/bash-completion
%dir /usr/share/bash-completion/completions
%dir /usr/share/fish
%dir /usr/share/fish/vendor_completions.d
%dir /usr/share/zsh
%dir /usr/share/zsh/site-functions
/usr/sbin/iotop-bun
/usr/share/man/man8/iotop-bun.8.gz
%license /usr/share/doc/iotop-bun/copyright
%doc /usr/share/doc/iotop-bun/README.md.gz

%changelog
* Thu Jan 01 1970 the iotop authors - 1.2.3-1
`);
  expect(spec).toContain("\nVersion: 1.2.3\n");
  expect(spec).toContain("cp -a /tree/. %{buildroot}/\n");
});
