/** What several of the programs do. Each function writes instructions; comments say what those do in the kernel. */
import {
  BYTES,
  STACK,
  type Assembler,
  type Register,
  type Size,
} from "./assembler.ts";
import { BtfError, type Tracepoint } from "./btf.ts";
import type { BpfMap } from "./bpf.ts";
import type { KernelLayout } from "./kernel-layout.ts";
import {
  EVENT_BYTES,
  EVENT_FIELDS,
  FILE_FIELDS,
  LEVEL_BYTES,
  NAME_LEVELS,
  NAME_STATE,
} from "./records.ts";

export interface Maps {
  /** Bytes by process, kind, device and file. */
  readonly events: Pick<BpfMap, "fd">;
  /** Names of files, by file. */
  readonly names: Pick<BpfMap, "fd">;
  /** The file of a direct call that is under way, by thread. */
  readonly direct: Pick<BpfMap, "fd">;
  /** Bytes for which `events` had no room. */
  readonly lost: Pick<BpfMap, "fd">;
  /** A name without anything in it: too long for the stack. */
  readonly blank: Pick<BpfMap, "fd">;
}

/** What lies where on the stack. */
export const SLOT = {
  key: -EVENT_BYTES,
  /** Process and thread. */
  task: -EVENT_BYTES - 8,
  bytes: -EVENT_BYTES - 16,
  scratch: -EVENT_BYTES - 24,
} as const;
const FILE_SLOT = SLOT.key + EVENT_FIELDS.file;

/** Flag of an update: only if there is no such entry. */
const IF_NEW = 1;
const WHATEVER = 0;

/** Kinds of a file in its mode, include/uapi/linux/stat.h. */
const KIND_OF_FILE = 0o170000;
const BLOCK_DEVICE = 0o060000;

/**
 * to = the argument of the tracepoint that points to such a structure. They lie in a row where r1 points to at the
 * beginning. Any of them may be null: then the program is over.
 *
 * @throws BtfError if this kernel's tracepoint has no such argument
 */
export function loadArgument(
  code: Assembler,
  to: Register,
  { argumentTypes }: Tracepoint,
  struct: string,
): void {
  const index = argumentTypes.indexOf(struct);
  if (index < 0) throw new BtfError(`an argument ${struct}`);
  code.load("u64", to, 1, 8 * index);
  code.jumpIfZero(to, "end");
}

/**
 * How a structure of the kernel may be read. "typed": through an address that the kernel's check has followed from the
 * arguments, so that it knows what is there; one plain instruction. "any": through an address that was computed; a helper
 * copies what is there, or zeros.
 */
export type Access = "typed" | "any";

/** to = the member at `offset` of what `from` points to. With "any", `from` is one of r6 to r9, and r0 to r5 are lost. */
export function read(
  code: Assembler,
  access: Access,
  size: Size,
  to: Register,
  from: Register,
  offset: number,
): void {
  if (access === "typed") {
    code.load(size, to, from, offset);
    return;
  }
  code.address(3, from, offset);
  code.set(2, BYTES[size]);
  code.address(1, STACK, SLOT.scratch);
  code.call("readKernel");
  code.load(size, to, STACK, SLOT.scratch);
}

/** The file goes into the key. */
export function noteFile(
  code: Assembler,
  { inode, superBlock }: KernelLayout,
  access: Access,
  from: Register,
): void {
  const isDevice = code.newLabel("is a device");
  const isNoted = code.newLabel("is noted");
  read(code, access, "u16", 1, from, inode.mode);
  code.and(1, KIND_OF_FILE);
  code.jumpIfEqual(1, BLOCK_DEVICE, isDevice);
  read(code, access, "u64", 1, from, inode.number);
  code.store("u64", STACK, FILE_SLOT + FILE_FIELDS.inode, 1);
  read(code, access, "u32", 1, from, inode.generation);
  code.store("u32", STACK, FILE_SLOT + FILE_FIELDS.generation, 1);
  // r7 is needed no more where files are noted.
  read(code, access, "u64", 7, from, inode.superBlock);
  read(code, access, "u32", 1, 7, superBlock.device);
  code.jump(isNoted);
  // What a file system keeps about its files is in pages of the device. Those have no number, but a device.
  code.label(isDevice);
  noteNoFile(code);
  read(code, access, "u32", 1, from, inode.device);
  code.label(isNoted);
  code.store("u32", STACK, FILE_SLOT + FILE_FIELDS.fileSystem, 1);
}

export function noteNoFile(code: Assembler): void {
  code.storeConstant("u64", STACK, FILE_SLOT, 0);
  code.storeConstant("u64", STACK, FILE_SLOT + 8, 0);
}

/** Process and thread go to their slot; the process, and when it began, into the key. */
export function noteTask(code: Assembler, { task }: KernelLayout): void {
  noteThread(code);
  code.load("u32", 1, STACK, SLOT.task + 4);
  code.store("u32", STACK, SLOT.key + EVENT_FIELDS.pid, 1);
  code.call("currentTask");
  code.load("u64", 1, 0, task.mainThread);
  code.load("u64", 1, 1, task.start);
  code.store("u64", STACK, SLOT.key + EVENT_FIELDS.processStart, 1);
  code.storeConstant("u32", STACK, SLOT.key + EVENT_FIELDS.unused, 0);
}

/** The upper half is the process, the lower one the thread. */
function noteThread(code: Assembler): void {
  code.call("currentPidAndTid");
  code.store("u64", STACK, SLOT.task, 0);
}

/**
 * Adds the bytes to the entry that the key names, and makes one if there is none. CPUs may do so at once: if another has
 * made it meanwhile, that is the one. If the map is full, the bytes are lost, which is counted.
 */
export function countBytes(
  code: Assembler,
  maps: Maps,
  ifNew: string,
  then: string,
): void {
  const isThere = code.newLabel("is there");
  const isMissing = code.newLabel("is missing");
  lookUp(code, maps.events, SLOT.key);
  code.jumpIfZero(0, isMissing);
  code.label(isThere);
  code.load("u64", 1, STACK, SLOT.bytes);
  code.addToMemory(0, 1);
  code.jump(then);
  code.label(isMissing);
  code.address(3, STACK, SLOT.bytes);
  update(code, maps.events, SLOT.key, IF_NEW);
  code.jumpIfZero(0, ifNew);
  lookUp(code, maps.events, SLOT.key);
  code.jumpUnlessEqual(0, 0, isThere);
  code.loadValueAddress(0, maps.lost.fd);
  code.jump(isThere);
}

/** Walks from the file's name up to the root of its file system, unless that was done before. */
export function rememberName(
  code: Assembler,
  { inode, dentry }: KernelLayout,
  maps: Maps,
  from: Register,
  then: string,
): void {
  lookUp(code, maps.names, FILE_SLOT);
  code.jumpUnlessEqual(0, 0, then);
  code.loadValueAddress(3, maps.blank.fd);
  update(code, maps.names, FILE_SLOT, IF_NEW);
  code.jumpUnlessEqual(0, 0, then);
  lookUp(code, maps.names, FILE_SLOT);
  code.jumpIfZero(0, then);
  code.move(9, 0);
  read(code, "any", "u64", 7, from, inode.firstName);
  code.jumpIfZero(7, then);
  code.add(7, -dentry.inList);
  const isRoot = code.newLabel("is the root");
  for (let level = 0; level < NAME_LEVELS; level++) {
    read(code, "any", "u64", 3, 7, dentry.name);
    code.set(2, LEVEL_BYTES);
    code.address(1, 9, 8 + level * LEVEL_BYTES);
    code.call("readKernelText");
    read(code, "any", "u64", 6, 7, dentry.parent);
    // The root is its own parent.
    code.jumpIfSame(6, 7, isRoot);
    code.move(7, 6);
  }
  code.storeConstant("u64", 9, 0, NAME_STATE.deeper);
  code.jump(then);
  code.label(isRoot);
  code.storeConstant("u64", 9, 0, NAME_STATE.whole);
  code.jump(then);
}

/** From now on, what this thread requests is for the file in the key. */
export function rememberDirect(code: Assembler, maps: Maps): void {
  noteThread(code);
  code.address(3, STACK, FILE_SLOT);
  update(code, maps.direct, SLOT.task, WHATEVER);
}

export function forgetDirect(code: Assembler, maps: Maps): void {
  noteThread(code);
  code.address(2, STACK, SLOT.task);
  code.loadMap(1, maps.direct.fd);
  code.call("mapDelete");
}

/** The file of this thread's direct call goes into the key, if one is under way. */
export function copyFileFromDirect(
  code: Assembler,
  maps: Maps,
  otherwise: string,
): void {
  lookUp(code, maps.direct, SLOT.task);
  code.jumpIfZero(0, otherwise);
  for (const half of [0, 8]) {
    code.load("u64", 1, 0, half);
    code.store("u64", STACK, FILE_SLOT + half, 1);
  }
}

/** r0 = the address of the value, or 0 */
function lookUp(
  code: Assembler,
  map: Pick<BpfMap, "fd">,
  keySlot: number,
): void {
  code.address(2, STACK, keySlot);
  code.loadMap(1, map.fd);
  code.call("mapLookup");
}

/** r0 = 0 if it is done; r3 points to the value. */
function update(
  code: Assembler,
  map: Pick<BpfMap, "fd">,
  keySlot: number,
  flag: number,
): void {
  code.set(4, flag);
  code.address(2, STACK, keySlot);
  code.loadMap(1, map.fd);
  code.call("mapUpdate");
}
