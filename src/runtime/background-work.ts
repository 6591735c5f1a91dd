/**
 * Work that the runtime does on threads of its own. Some of it is meant for programs that compute without a pause: a
 * program that works some milliseconds a second pays more for it than it gets back. Only environment variables switch it
 * off, which iotop must not obey. So it is switched off in the runtime itself.
 */
import { replaceBytes, type Replacement } from "./replace-bytes.ts";

const WASTED_WORK: readonly Replacement[] = [
  {
    // JavaScriptCore's third tier (useFTLJIT), where the second one asks whether to count for it.
    // Without it, 40 refreshes of the screen take a quarter fewer instructions, and none later takes more.
    what: "compiles a third time",
    codes: [
      {
        // x86-64: cmp byte [option], 1; jne; mov rax, [rax + 0x28]; test byte [rax + 0x11], 8. It is never 2.
        code: /\x80\x3d....(\x01)\x0f\x85....\x48\x8b\x40\x28\xf6\x40\x11\x08/dgs,
        bytes: "\x02",
      },
      {
        // arm64: ldrb w9, [x9, option]; cbz w9; ldr x8, [x8, 0x28]; ldrb w9, [x8, 0x11]; tbnz w9, 3. It is read as 0.
        code: /(\x29\x21\x67\x39)...\x34\x08\x15\x40\xf9\x09\x45\x40\x39..\x18\x37/dgs,
        bytes: "\x09\0\x80\x52",
      },
    ],
  },
  {
    // mimalloc's option scavenger (number 0x31 in its table): a thread that wakes each time that the program falls
    // asleep. Without it, memory is given back where it is freed.
    what: "wakes the allocator's thread",
    codes: [{ code: /(\x01)\0{11}\x31\0\0\0/dgs, bytes: "\0" }],
  },
  {
    // A timer that collects garbage every second, until the heap has stayed the same for half a minute. Each time takes
    // 2 ms, and iotop collects when its memory has grown (src/sources/housekeeping.ts). A variable that is set to
    // anything switches it off. That name may be blank by now; PATH takes its place, because it is set nearly everywhere.
    what: "collects garbage every second",
    codes: [{ code: /\0([B\0]UN_GC_TIMER_DISABLE)\0/dgs, bytes: "PATH\0" }],
  },
];

/**
 * Switches off, in a bun binary in place, what costs more than it gives.
 *
 * @throws BuildError if the binary does not hold exactly what is expected; then it is unchanged
 */
export function stopWastedWork(binary: Buffer): void {
  replaceBytes(binary, WASTED_WORK, WASTED_WORK.length);
}
