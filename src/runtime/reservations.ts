/**
 * How much address space the runtime reserves when it starts. Unchanged it takes 6 GiB, and 10 for a moment, of which
 * iotop uses some 10 MiB. Without overcommit (vm.overcommit_memory=2), the rest reduces what other programs can still
 * allocate, and a limit such as `ulimit -v` or LimitAS= is soon exceeded. The amounts can be set by environment
 * variables alone, which iotop must not obey. So they are changed in the runtime's code.
 */
import { replaceBytes, type Replacement } from "./replace-bytes.ts";

/** The amounts are what is replaced. */
const RESERVATIONS: readonly Replacement[] = [
  {
    // mimalloc's option arena_reserve (number 0x17 in its table), in KiB: 1 GiB becomes 64 MiB, the least it works with.
    what: "reserves memory for the heap",
    codes: [
      {
        code: /(\0\0\x10\0)\0{8}\x17\0\0\0/dgs,
        bytes: "\0\0\x01\0",
      },
    ],
  },
  {
    // JavaScriptCore's fixedExecutableMemoryPoolSize: 1 GiB or 512 MiB become 32 MiB, of which 1 MiB is used.
    what: "reserves memory for compiled code",
    codes: [
      {
        // x86-64: test eax, eax; mov r, 1 << 30; cmovne r, eax
        code: /\x85\xc0\x41[\xb8-\xbf](\0\0\0\x40)\x44\x0f\x45/dgs,
        bytes: "\0\0\0\x02",
      },
      {
        // arm64: mov w9, 1 << 29; ldr w8, [option]; cmp w8, 0; csel w, w9, w8, eq
        code: /(\x09\0\xa4\x52)...\xb9\x1f\x01\0\x71.\x01\x88\x1a/dgs,
        bytes: "\x09\x40\xa0\x52",
      },
    ],
  },
  {
    // JavaScriptCore's structureHeapAddressSize: 4 GiB become 128 MiB, of which iotop uses 1 MiB. A file that is not a
    // recording can need one structure for each object: 64 MiB were full after 300,000.
    what: "reserves memory for structures",
    codes: [
      {
        // x86-64: shl rax, 32; mov ecx, [option]; mov r14, rcx; shl r14, 10
        code: /\x48\xc1\xe0(\x20)\x8b\x0d....\x49\x89\xce\x49\xc1\xe6\x0a/dgs,
        bytes: "\x1b",
      },
      {
        // x86-64, a function that returns it: movzx eax, [once]; shl rax, 32; add rsp, 16
        code: /\x0f\xb6\x05....\x48\xc1\xe0(\x20)\x48\x83\xc4\x10/dgs,
        bytes: "\x1b",
      },
      {
        // x86-64, musl, the same: movzx eax, [once]; (stack check); shl rax, 32
        code: /\x0f\xb6\x05....\x64\x48\x8b\x0c\x25\x28\0\0\0\x48\x3b\x4d\xe8\x75\x14\x48\xc1\xe0(\x20)/dgs,
        bytes: "\x1b",
      },
      {
        // arm64: mov x8, 1 << 32; lsl x10, x9, 10
        code: /(\x28\0\xc0\xd2)\x2a\xd5\x76\xd3/dgs,
        bytes: "\x08\0\xa1\xd2",
      },
      {
        // arm64, a function that returns it: cmp w8, 0; mov x8, 1 << 32; csel x0, x8, xzr, ne
        code: /\x1f\x01\0\x71(\x28\0\xc0\xd2)\0\x11\x9f\x9a/dgs,
        bytes: "\x08\0\xa1\xd2",
      },
    ],
  },
];

/**
 * Lowers what a bun binary reserves, in place.
 *
 * @throws BuildError if the binary does not hold exactly what is expected; then it is unchanged
 */
export function lowerReservations(
  binary: Buffer,
  expectedPlaces: number | null,
): void {
  replaceBytes(binary, RESERVATIONS, expectedPlaces);
}
