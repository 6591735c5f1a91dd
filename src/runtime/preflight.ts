/**
 * Checks before the runtime starts. If the runtime lacks something, it ends with a banner of its own, an illegal
 * instruction or nothing at all, long before the program's first line. So the executable gets a new entry point: some
 * hundred instructions that name what is missing in one line, or jump to the old entry point.
 */
import { BuildError } from "./build-error.ts";
import type { Machine } from "./machine-code.ts";

const MIB = 1024 * 1024;

/**
 * The address space that iotop needs, its own file and libraries included: 630 MiB were seen, and 35 more for each
 * output file.
 */
const ADDRESS_SPACE_BYTES = 768 * MIB;
/** The part of it that is neither shared nor code: 310 MiB were seen, and 360 for a moment at the start. */
const DATA_BYTES = 448 * MIB;
/** The part that counts where the kernel does not overcommit: 263 MiB were seen, and 370 for a moment at the start. */
const COMMIT_BYTES = 384 * MIB;
/** The threads that the runtime starts. */
const THREADS = 8;
/** If a user may have this many tasks, the threads are not tried: each takes 0.4 ms. */
const AMPLE_TASKS = 4096;
/** 128 KiB were seen to be too little. */
const STACK_BYTES = 256 * 1024;
/** 18 were seen to be enough, and 32 with --files. */
const OPEN_FILES = 32;

const RLIMIT_DATA = 2;
const RLIMIT_STACK = 3;
const RLIMIT_NPROC = 6;
const RLIMIT_NOFILE = 7;
const RLIMIT_AS = 9;
const AT_FDCWD = -100;
const F_OK = 0;
const PROT_READ_WRITE = 3;
const MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
/** CLONE_VM and CLONE_VFORK; SIGCHLD when the child ends. */
const AS_VFORK = 0x4111;

const MESSAGES = {
  processor:
    "this processor lacks SSE4.2 or POPCNT, which iotop needs: give a virtual machine another CPU model, such as host",
  addressSpace: `the address space is limited to less than the ${ADDRESS_SPACE_BYTES / MIB} MiB that iotop needs (ulimit -v, LimitAS= of systemd)`,
  data: `the data size is limited to less than the ${DATA_BYTES / MIB} MiB that iotop needs (ulimit -d, LimitDATA= of systemd)`,
  stack: `the stack is limited to less than the ${STACK_BYTES / 1024} KiB that iotop needs (ulimit -s, LimitSTACK= of systemd)`,
  openFiles: `open files are limited to fewer than the ${OPEN_FILES} that iotop needs (ulimit -n, LimitNOFILE= of systemd)`,
  memory: `${COMMIT_BYTES / MIB} MiB of memory, which iotop needs, cannot be allocated (vm.overcommit_memory=2 also counts memory that is only reserved)`,
  proc: "there is no /proc, which iotop needs: mount -t proc proc /proc",
  threads: `the ${THREADS} threads that iotop needs cannot be started (ulimit -u, LimitNPROC= of systemd)`,
} as const;

const PROC_FILE = "/proc/self/maps";

/** Texts in memory, one after the other, with their addresses. */
class Texts {
  readonly #address: number;
  #bytes = Buffer.alloc(0);

  constructor(address: number) {
    this.#address = address;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  add(text: string): { address: number; length: number } {
    const added = Buffer.from(text);
    const place = {
      address: this.#address + this.#bytes.length,
      length: added.length,
    };
    this.#bytes = Buffer.concat([this.#bytes, added]);
    return place;
  }
}

/** Room for the instructions, before the texts. */
const CODE_BYTES = 8192;

/** The instructions and texts, to be loaded at this address. */
export function preflightCode(
  machine: Machine,
  address: number,
  entry: number,
): Buffer {
  const { calls } = machine;
  const texts = new Texts(address + CODE_BYTES);
  const fail = (message: keyof typeof MESSAGES): Buffer => {
    const text = texts.add(`iotop: ${MESSAGES[message]}\n`);
    return Buffer.concat([
      machine.call(calls.write, 2, text.address, text.length),
      machine.call(calls.exitGroup, 1),
    ]);
  };
  const readLimit = (resource: number): Buffer =>
    machine.call(calls.prlimit, 0, resource, 0, "scratch");
  // As after vfork(2), each child waits until the one that it starts has ended: so all exist at the same time.
  const startThreads = (count: number): Buffer =>
    Buffer.concat([
      machine.call(calls.clone, AS_VFORK, 0, 0, 0, 0),
      machine.unlessOk(fail("threads")),
      machine.unlessNotZero(
        Buffer.concat([
          count === 1 ? Buffer.alloc(0) : startThreads(count - 1),
          machine.call(calls.exit, 0),
        ]),
      ),
      // If SIGCHLD is ignored, there is no status to wait for.
      machine.clearWord(),
      machine.call(calls.wait4, "result", "scratch", 0, 0),
      // The child has reported why.
      machine.unlessZero(machine.call(calls.exitGroup, 1)),
    ]);
  const path = texts.add(`${PROC_FILE}\0`);
  const code = Buffer.concat([
    machine.begin(),
    machine.unlessCapable?.(fail("processor")) ?? Buffer.alloc(0),
    readLimit(RLIMIT_AS),
    machine.unlessAtLeast(0, ADDRESS_SPACE_BYTES, fail("addressSpace")),
    readLimit(RLIMIT_DATA),
    machine.unlessAtLeast(0, DATA_BYTES, fail("data")),
    // The stack of a running program grows up to the current limit, so the soft limit is raised to the hard one.
    readLimit(RLIMIT_STACK),
    machine.unlessAtLeast(
      0,
      STACK_BYTES,
      Buffer.concat([
        machine.unlessAtLeast(1, STACK_BYTES, fail("stack")),
        machine.copyWord(),
        machine.call(calls.prlimit, 0, RLIMIT_STACK, "scratch", 0),
      ]),
    ),
    // The runtime raises the soft limit to the hard one.
    readLimit(RLIMIT_NOFILE),
    machine.unlessAtLeast(1, OPEN_FILES, fail("openFiles")),
    machine.call(calls.access, AT_FDCWD, path.address, F_OK),
    machine.unlessOk(fail("proc")),
    machine.call(
      calls.mmap,
      ...[0, COMMIT_BYTES, PROT_READ_WRITE],
      ...[MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0],
    ),
    machine.unlessOk(fail("memory")),
    machine.call(calls.munmap, "result", COMMIT_BYTES),
    readLimit(RLIMIT_NPROC),
    machine.unlessAtLeast(0, AMPLE_TASKS, startThreads(THREADS)),
    machine.end(entry),
  ]);
  if (code.length > CODE_BYTES)
    throw new BuildError(
      `the check before the start takes ${code.length} bytes`,
    );
  return Buffer.concat([
    code,
    Buffer.alloc(CODE_BYTES - code.length),
    texts.bytes,
  ]);
}

const PT_LOAD = 1;
const PT_NOTE = 4;
const READ_EXECUTE = 5;
/** The largest page size of the supported processors. */
const PAGE_BYTES = 0x10000;
const toPage = (value: number): number =>
  Math.ceil(value / PAGE_BYTES) * PAGE_BYTES;

/**
 * Adds the check to an executable. Its notes are never read, so their entry in the table of segments is reused.
 *
 * @throws BuildError if it is not the executable that is expected
 */
export function addPreflight(executable: Buffer, machine: Machine): Buffer {
  const isExpected =
    executable.toString("latin1", 0, 6) === "\x7fELF\x02\x01" &&
    executable.readUInt16LE(16) === 2 &&
    executable.readUInt16LE(18) === machine.elf;
  const number = (at: number): number => Number(executable.readBigUInt64LE(at));
  const table = isExpected ? number(32) : 0;
  const segments = Array.from(
    { length: isExpected ? executable.readUInt16LE(56) : 0 },
    (_, n) => {
      const at = table + n * 56;
      return {
        at,
        type: executable.readUInt32LE(at),
        end: number(at + 16) + number(at + 40),
      };
    },
  );
  const loaded = segments.filter(({ type }) => type === PT_LOAD);
  const notes = segments.filter(({ type }) => type === PT_NOTE);
  // Segments are loaded in the order of the table, which must be the order of their addresses.
  if (notes.length !== 1 || !loaded.every(({ at }) => at < notes[0]!.at))
    throw new BuildError("this executable has no place for another segment");
  const address = toPage(Math.max(...loaded.map(({ end }) => end)));
  const offset = toPage(executable.length);
  const code = preflightCode(machine, address, number(24));
  const whole = Buffer.concat([
    executable,
    Buffer.alloc(offset - executable.length),
    code,
  ]);
  const { at } = notes[0]!;
  whole.writeUInt32LE(PT_LOAD, at);
  whole.writeUInt32LE(READ_EXECUTE, at + 4);
  for (const [n, value] of [
    offset,
    address,
    address,
    code.length,
    code.length,
    PAGE_BYTES,
  ].entries())
    whole.writeBigUInt64LE(BigInt(value), at + 8 + 8 * n);
  whole.writeBigUInt64LE(BigInt(address), 24);
  return whole;
}
