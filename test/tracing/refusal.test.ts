import { expect, test } from "bun:test";
import { SysError } from "../../src/kernel/errors.ts";
import { LoadError } from "../../src/tracing/bpf.ts";
import { BtfError } from "../../src/tracing/btf.ts";
import { explainRefusal } from "../../src/tracing/refusal.ts";

const EPERM = 1;
const EACCES = 13;
const EINVAL = 22;
const ENOSYS = 38;
const ENOTSUPP = 524;
const refused = (errno: number, log = ""): LoadError =>
  new LoadError("iotop_dirty", errno, log);
const noFile = Object.assign(new Error("no such file"), { code: "ENOENT" });

test.each<[string, unknown, string]>([
  [
    "no BTF, or no /sys",
    noFile,
    "/sys is not mounted, or this kernel was built without CONFIG_DEBUG_INFO_BTF",
  ],
  [
    "no rights, at a map",
    new SysError("BPF map x", EPERM),
    "CAP_BPF and CAP_PERFMON",
  ],
  ["no rights, at a program", refused(EPERM), "CAP_BPF and CAP_PERFMON"],
  [
    "lockdown",
    refused(
      EINVAL,
      "3: (85) call bpf_probe_read_kernel#113\nprogram of this type cannot use helper bpf_probe_read_kernel#113\n",
    ),
    "locked down (confidentiality)",
  ],
  [
    "lockdown, in the words of older kernels",
    refused(EINVAL, "unknown func bpf_probe_read_kernel#113\n"),
    "locked down (confidentiality)",
  ],
  [
    "another fault of a program that calls the helper",
    refused(EINVAL, "3: (85) call bpf_probe_read_kernel#113\n4: (00) bad\n"),
    "the kernel's verifier refuses the BPF program",
  ],
  ["no BPF", new SysError("BPF map x", ENOSYS), "CONFIG_BPF_SYSCALL"],
  ["no compiler", refused(ENOTSUPP), "bpf_jit_enable"],
  [
    "another structure",
    new BtfError("bio.bi_bdev"),
    "does not know this kernel's bio.bi_bdev",
  ],
  [
    "the verifier",
    refused(EACCES, "0: a\n1: b\n2: c\n3: R1 invalid mem access\n"),
    "iotop_dirty (1: b; 2: c; 3: R1 invalid mem access): please report",
  ],
  [
    "out of memory",
    new SysError("BPF map x", 12),
    "BPF map x: Cannot allocate memory",
  ],
])("%s", (_, error, sentence) => {
  const text = explainRefusal(error)!;
  expect(text).toContain(sentence);
  expect(text).not.toContain("\n");
});

test("a fault of ours is not explained away", () => {
  expect(explainRefusal(new TypeError("x is not a function"))).toBeNull();
});
