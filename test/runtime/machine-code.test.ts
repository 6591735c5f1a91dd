/** The instructions against what the GNU disassembler calls them. What they do is seen in test/e2e/limits.test.ts. */
import { describe, expect, test } from "bun:test";
import { ARM64, X64 } from "../../src/runtime/machine-code.ts";

const words = (code: Buffer): string[] =>
  Array.from({ length: code.length / 4 }, (_, n) =>
    code.readUInt32LE(4 * n).toString(16),
  );

const block = Buffer.alloc(8);

describe("arm64", () => {
  test("a system call", () => {
    expect(words(ARM64.call(0x105, -1, 0x12345678, "scratch"))).toEqual([
      ...["d29fffe0", "f2bfffe0", "f2dfffe0", "f2ffffe0"], // mov x0, -1
      ...["d28acf01", "f2a24681", "f2c00001", "f2e00001"], // mov x1, 0x12345678
      "910003e2", // mov x2, sp
      ...["d28020a8", "f2a00008", "f2c00008", "f2e00008"], // mov x8, 0x105
      "d4000001", // svc 0
    ]);
  });

  test("conditions jump to the end of the block", () => {
    const zeros = ["0", "0"];
    expect(words(ARM64.unlessNotZero(block))).toEqual(["b5000060", ...zeros]);
    expect(words(ARM64.unlessZero(block)).slice(1)).toEqual([
      "b4000060",
      ...zeros,
    ]);
    expect(words(ARM64.unlessOk(block)).slice(-4)).toEqual([
      "eb0a001f", // cmp x0, x10
      "54000063", // b.lo
      ...zeros,
    ]);
    expect(words(ARM64.unlessAtLeast(1, 0, block))[0]).toBe("f94007e9"); // ldr x9, [sp, 8]
    expect(words(ARM64.unlessAtLeast(1, 0, block)).slice(-4)).toEqual([
      "eb0a013f", // cmp x9, x10
      "54000062", // b.hs
      ...zeros,
    ]);
  });
});

describe("x86-64", () => {
  test("a system call", () => {
    expect(X64.call(302, 0x12345678, -1, 0, "scratch").toString("hex")).toBe(
      [
        "48bf7856341200000000", // movabs rdi, 0x12345678
        "48beffffffffffffffff", // movabs rsi, -1
        "48ba0000000000000000", // movabs rdx, 0
        "4989e2", // mov r10, rsp
        "48b82e01000000000000", // movabs rax, 302
        "0f05", // syscall
      ].join(""),
    );
    expect(X64.call(61, "result").toString("hex")).toStartWith("4889c7"); // mov rdi, rax
  });

  test("conditions jump to the end of the block", () => {
    const code = X64.unlessNotZero(block).toString("hex");
    expect(code).toBe("4885c00f8508000000" + "00".repeat(8)); // test rax, rax; jnz +8
    expect(X64.unlessOk(block).toString("hex")).toContain(
      "4839c80f8208000000", // cmp rax, rcx; jb +8
    );
    expect(X64.unlessAtLeast(1, 5, block).toString("hex")).toStartWith(
      "488b44240848b905000000000000004839c80f8308000000", // mov rax, [rsp + 8]; movabs rcx, 5; cmp; jae +8
    );
  });
});
