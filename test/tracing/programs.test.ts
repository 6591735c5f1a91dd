/** The programs, run on a made-up kernel: what each event adds to which entry. */
import { beforeEach, expect, test } from "bun:test";
import type { KernelLayout } from "../../src/tracing/kernel-layout.ts";
import { PROGRAMS, type Program } from "../../src/tracing/programs.ts";
import {
  COUNT_BYTES,
  EVENT_BYTES,
  FILE_BYTES,
  KIND,
  NAME_BYTES,
  parseEventKey,
  parseName,
  readCount,
} from "../../src/tracing/records.ts";
import { BpfMachine, machineMap } from "../support/bytes/bpf-machine.ts";

/** No kernel has its members there. */
const LAYOUT: KernelLayout = {
  inode: {
    number: 16,
    generation: 24,
    mode: 2,
    device: 28,
    superBlock: 8,
    firstName: 40,
  },
  superBlock: { device: 4 },
  dentry: { inList: 32, name: 8, parent: 16 },
  addressSpace: { inode: 8 },
  folio: {
    flags: 0,
    mapping: 24,
    order: { at: 64, size: "u64" },
    severalFlag: 6,
  },
  page: { firstPage: 8 },
  bio: { operation: 16, bytes: 44, device: 8, pages: 104, swapFlag: 20 },
  pageOfBio: { page: 0 },
  blockDevice: { device: 52 },
  task: { mainThread: 80, start: 96 },
  call: { file: 8 },
  file: { inode: 32 },
};

const FD = { events: 11, names: 12, direct: 13, lost: 14, blank: 15 } as const;
const PAGE = 16_384;
const DISK = (254 << 20) | 1;
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  writeback_dirty_folio: ["folio", "address_space"],
  // Up to Linux 5.10 the queue came first.
  block_bio_queue: ["request_queue", "bio"],
  iomap_dio_rw_begin: ["kiocb", "iov_iter"],
  iomap_dio_complete: ["kiocb"],
  iomap_dio_rw_queued: ["inode"],
};

let maps: ReturnType<typeof openMaps>;
let machine: BpfMachine;

const openMaps = (entries = 100) => ({
  events: machineMap(COUNT_BYTES, entries),
  names: machineMap(NAME_BYTES),
  direct: machineMap(FILE_BYTES),
  lost: machineMap(COUNT_BYTES),
  blank: machineMap(NAME_BYTES),
});

/** A machine on which thread 43 of process 42 runs, which began at 7000. */
function start(entries?: number): void {
  maps = openMaps(entries);
  for (const name of ["lost", "blank"] as const)
    maps[name].values.set("00000000", new Uint8Array(maps[name].valueBytes));
  machine = new BpfMachine(
    new Map(
      Object.entries(maps).map(([name, map]) => [
        FD[name as keyof typeof FD],
        map,
      ]),
    ),
  );
  machine.keyBytesOf = (fd) =>
    ({ [FD.events]: EVENT_BYTES, [FD.names]: FILE_BYTES, [FD.direct]: 8 })[fd]!;
  machine.pid = 42;
  machine.tid = 43;
  machine.task = struct(128, [80, struct(128, [96, 7000n])]);
}

beforeEach(() => start());

/** @param fields offset and value; a number has 4 bytes, a bigint 8, text as it is with a zero byte */
function struct(
  bytes: number,
  ...fields: readonly (readonly [number, number | bigint | string])[]
): bigint {
  const memory = new Uint8Array(bytes);
  const view = new DataView(memory.buffer);
  for (const [at, value] of fields)
    if (typeof value === "bigint") view.setBigUint64(at, value, true);
    else if (typeof value === "number") view.setUint32(at, value, true);
    else memory.set(new TextEncoder().encode(`${value}\0`), at);
  return machine.place(memory);
}

/** A file by its path, as the kernel has it. @returns its inode */
function file(path: string, number: bigint, mode = 0o100644): bigint {
  const root = struct(64);
  machine.poke(root + 16n, 8, root);
  machine.poke(root + 8n, 8, struct(300, [0, "/"]));
  let dentry = root;
  for (const name of path.split("/").filter(Boolean))
    dentry = struct(64, [16, dentry], [8, struct(300, [0, name])]);
  const superBlock = struct(16, [4, DISK]);
  const inode = struct(
    64,
    [16, number],
    [24, 5],
    [28, 0x700001],
    [8, superBlock],
    [40, dentry === root ? 0n : dentry + 32n],
  );
  machine.poke(inode + 2n, 2, BigInt(mode));
  return inode;
}

const mappingOf = (inode: bigint): bigint => struct(64, [8, inode]);

/** A page, or 2^order of them, of a file. */
const folioOf = (mapping: bigint, order = 0): bigint =>
  struct(
    128,
    [0, order === 0 ? 0n : 1n << 6n],
    [24, mapping],
    // Other flags lie above the lowest byte.
    [64, 0xab00n | BigInt(order)],
  );

const bioOf = (operation: number, bytes: number, page: bigint): bigint =>
  struct(
    128,
    [16, operation | 0x800],
    [44, bytes],
    [8, struct(64, [52, 0xfd00002])],
    [104, page === 0n ? 0n : struct(16, [0, page])],
  );

/** The instructions of a program, for this made-up kernel. */
function codeOf({ tracepoint, write }: Program): Uint8Array {
  const maps = Object.fromEntries(
    Object.entries(FD).map(([name, fd]) => [name, { fd }]),
  ) as Record<keyof typeof FD, { fd: number }>;
  const argumentTypes = ARGUMENTS[tracepoint]!;
  const place = { typeId: 1, argumentTypes };
  return write({ layout: LAYOUT, maps, tracepoint: place, pageBytes: PAGE });
}

function hit(tracepoint: string, ...args: readonly bigint[]): void {
  const program = PROGRAMS.find((each) => each.tracepoint === tracepoint)!;
  machine.run(codeOf(program), args);
}

const events = () =>
  [...maps.events.values].map(([key, value]) => ({
    ...parseEventKey(Uint8Array.fromHex(key)),
    bytes: readCount(new DataView(value.buffer), 0),
  }));

const names = (): (string | null)[] =>
  [...maps.names.values.values()].map((value) => parseName(value));

const OWN = { pid: 42, processStartNs: 7000 };
const PASSWD = { inode: 77, generation: 5, fileSystem: DISK };
/** A flag beside the operation. */
const SWAP = 1 << 20;
const NO_FILE = { inode: 0, generation: 0, fileSystem: 0 };

test("pages that become dirty count for who dirties them", () => {
  const mapping = mappingOf(file("/etc/passwd", 77n));
  hit("writeback_dirty_folio", folioOf(mapping), mapping);
  hit("writeback_dirty_folio", folioOf(mapping, 3), mapping);
  expect(events()).toEqual([
    { ...OWN, kind: KIND.dirtied, device: 0, file: PASSWD, bytes: 9 * PAGE },
  ]);
  expect(names()).toEqual(["/etc/passwd"]);
});

test("a request counts by its device, and by the file of its first page", () => {
  const page = folioOf(mappingOf(file("/a", 77n)));
  hit("block_bio_queue", 0n, bioOf(0, 12_288, page));
  hit("block_bio_queue", 0n, bioOf(1, 4096, page));
  // A page in the middle of several says where the first one is.
  hit("block_bio_queue", 0n, bioOf(0, 512, struct(16, [8, page + 1n])));
  const about = { ...OWN, device: 0xfd00002, file: PASSWD };
  expect(events()).toEqual([
    { ...about, kind: KIND.read, bytes: 12_800 },
    { ...about, kind: KIND.written, bytes: 4096 },
  ]);
  expect(names()).toEqual(["/a"]);
});

test("a request without a file: swap, a journal, no page at all", () => {
  const mapping = mappingOf(file("/a", 77n));
  hit("block_bio_queue", 0n, bioOf(SWAP, 1, folioOf(mapping + 1n)));
  hit("block_bio_queue", 0n, bioOf(0, 10_000, folioOf(mapping + 2n)));
  hit("block_bio_queue", 0n, bioOf(0, 10, folioOf(0n)));
  hit("block_bio_queue", 0n, bioOf(0, 100, 0n));
  hit("block_bio_queue", 0n, bioOf(0, 1000, folioOf(mappingOf(0n))));
  expect(events()).toEqual([
    {
      ...OWN,
      kind: KIND.read,
      device: 0xfd00002,
      file: NO_FILE,
      bytes: 11_111,
    },
  ]);
  expect(names()).toEqual([]);
});

test("memory of a program that is no swap is read or written past the page cache", () => {
  const mapping = mappingOf(file("/a", 77n));
  hit("block_bio_queue", 0n, bioOf(0, 4096, folioOf(mapping + 1n)));
  hit("block_bio_queue", 0n, bioOf(1, 512, folioOf(mapping + 3n)));
  hit("block_bio_queue", 0n, bioOf(1 | SWAP, 1024, folioOf(mapping + 1n)));
  const about = { ...OWN, device: 0xfd00002, file: NO_FILE };
  expect(events()).toEqual([
    { ...about, kind: KIND.directRead, bytes: 4096 },
    { ...about, kind: KIND.directWrite, bytes: 512 },
    { ...about, kind: KIND.written, bytes: 1024 },
  ]);
});

test("what moves no bytes is not counted: discards, flushes, null arguments", () => {
  const mapping = mappingOf(file("/a", 77n));
  hit("block_bio_queue", 0n, bioOf(3, 4096, folioOf(mapping)));
  hit("block_bio_queue", 0n, bioOf(1, 0, folioOf(mapping)));
  hit("block_bio_queue", 0n, 0n);
  hit("writeback_dirty_folio", folioOf(mapping), 0n);
  hit("writeback_dirty_folio", 0n, mapping);
  hit("writeback_dirty_folio", folioOf(mapping), mappingOf(0n));
  expect(events()).toEqual([]);
});

test("pages of a device count for the device, whatever inode stands for it", () => {
  const mapping = mappingOf(file("/", 254n, 0o60660));
  hit("writeback_dirty_folio", folioOf(mapping), mapping);
  hit("block_bio_queue", 0n, bioOf(0, 8, folioOf(mapping)));
  const device = { inode: 0, generation: 0, fileSystem: 0x700001 };
  expect(events().map((event) => event.file)).toEqual([device, device]);
});

test("between begin and end of a direct call, requests of the thread are for its file", () => {
  const inode = file("/srv/db/pool", 77n);
  const call = struct(16, [8, struct(64, [32, inode])]);
  const memory = folioOf(mappingOf(file("/other", 9n)) + 1n);
  hit("iomap_dio_rw_begin", call, 0n);
  hit("block_bio_queue", 0n, bioOf(0, 4096, memory));
  hit("block_bio_queue", 0n, bioOf(1, 512, memory));
  machine.tid = 44;
  hit("block_bio_queue", 0n, bioOf(0, 1, memory));
  machine.tid = 43;
  hit("iomap_dio_complete", call);
  hit("block_bio_queue", 0n, bioOf(0, 2, memory));
  hit("iomap_dio_rw_begin", call, 0n);
  hit("iomap_dio_rw_queued", inode);
  hit("block_bio_queue", 0n, bioOf(0, 4, memory));
  const about = { ...OWN, device: 0xfd00002 };
  expect(events()).toEqual([
    { ...about, kind: KIND.directRead, file: PASSWD, bytes: 4096 },
    { ...about, kind: KIND.directWrite, file: PASSWD, bytes: 512 },
    { ...about, kind: KIND.directRead, file: NO_FILE, bytes: 7 },
  ]);
  expect(names()).toEqual(["/srv/db/pool"]);
});

test("a full map: what it has no room for is counted as lost", () => {
  start(1);
  const [a, b] = [mappingOf(file("/a", 1n)), mappingOf(file("/b", 2n))];
  hit("writeback_dirty_folio", folioOf(a), a);
  hit("writeback_dirty_folio", folioOf(b), b);
  hit("writeback_dirty_folio", folioOf(a), a);
  expect(events()).toMatchObject([{ bytes: 2 * PAGE }]);
  const lost = maps.lost.values.get("00000000")!;
  expect(readCount(new DataView(lost.buffer), 0)).toBe(PAGE);
});

test.each([
  ["/", "/a/b/c/d/e/f/g/h/i", "/a/b/c/d/e/f/g/h/i"],
  ["deeper", "/a/b/c/d/e/f/g/h/i/j/k", "/…/b/c/d/e/f/g/h/i/j/k"],
  ["a long name", `/${"x".repeat(200)}/y`, `/${"x".repeat(71)}…/y`],
  ["a character cut in two", `/${"x".repeat(70)}ä`, `/${"x".repeat(70)}…`],
  ["just fits", `/${"x".repeat(70)}`, `/${"x".repeat(70)}`],
  ["any characters", "/a\n\x1b[2Jb/\u00e4 c", "/a\n\x1b[2Jb/\u00e4 c"],
])("the name: %s", (_, path, shown) => {
  const mapping = mappingOf(file(path, 77n));
  hit("writeback_dirty_folio", folioOf(mapping), mapping);
  expect(names()).toEqual([shown]);
});

test("a file without a name: nothing is known, and it counts all the same", () => {
  const mapping = mappingOf(file("/", 77n));
  hit("writeback_dirty_folio", folioOf(mapping), mapping);
  expect(names()).toEqual([null]);
  expect(events()).toMatchObject([{ file: PASSWD, bytes: PAGE }]);
});

test("a kernel that passes other arguments is refused by name", () => {
  const { write } = PROGRAMS[0]!;
  expect(() =>
    write({
      layout: LAYOUT,
      maps: {} as never,
      tracepoint: { typeId: 1, argumentTypes: ["page", "address_space"] },
      pageBytes: PAGE,
    }),
  ).toThrow("an argument folio");
});

test("for fixed offsets the programs are these, to the byte", () => {
  const programs = PROGRAMS.map((program) => {
    const bytes = codeOf(program);
    const hash = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
    return `${program.name}, ${bytes.length / 8} slots, ${hash.slice(0, 16)}`;
  });
  expect(programs).toMatchInlineSnapshot(`
    [
      "iotop_dirty, 303 slots, 5a8044a594b88a97",
      "iotop_request, 395 slots, f11b098d05f51c31",
      "iotop_direct, 267 slots, 9462ede666ecaec1",
      "iotop_done, 9 slots, 9e201e4fe08331a1",
      "iotop_queued, 9 slots, 9e201e4fe08331a1",
    ]
  `);
});
