/**
 * The programs that run inside the kernel while somebody wants to know which file.
 *
 * The kernel adds to a task's write_bytes where a page becomes dirty, and to its read_bytes where a request for a device
 * is made. At both places it has a tracepoint: a spot where programs may be hooked in, called with what is at hand there.
 * Ours look who is running and which file it is, and add the bytes to an entry of a table, the map `events`. So the
 * entries of a process add up to what the kernel counts for it. Nothing is changed, slept on or printed in there.
 *
 * Each function below is one program, from top to bottom: it writes the instructions with the assembler, and
 * `program-parts.ts` has what several of them do. In all of them r6 is the argument of the tracepoint, r7 an address on
 * the way from there to the file, r8 the file's inode, and r9 a number that is needed later.
 */
import { Assembler, STACK } from "./assembler.ts";
import type { Tracepoint } from "./btf.ts";
import type { KernelLayout } from "./kernel-layout.ts";
import {
  copyFileFromDirect,
  countBytes,
  forgetDirect,
  loadArgument,
  noteFile,
  noteNoFile,
  noteTask,
  read,
  rememberDirect,
  rememberName,
  SLOT,
  type Maps,
} from "./program-parts.ts";
import { DIRECT, EVENT_FIELDS, KIND } from "./records.ts";

/** Where on the stack a field of the key is. */
const slotOf = (name: keyof typeof EVENT_FIELDS): number =>
  SLOT.key + EVENT_FIELDS[name];

export interface Around {
  readonly layout: KernelLayout;
  readonly maps: Maps;
  readonly tracepoint: Tracepoint;
  readonly pageBytes: number;
}

export interface Program {
  /** At most 15 characters. */
  readonly name: string;
  readonly tracepoint: string;
  /** Without all of these, direct I/O has no file. */
  readonly isOptional: boolean;
  readonly write: (around: Around) => Uint8Array;
}

export const PROGRAMS: readonly Program[] = [
  {
    name: "iotop_dirty",
    tracepoint: "writeback_dirty_folio",
    isOptional: false,
    write: onDirty,
  },
  {
    name: "iotop_request",
    tracepoint: "block_bio_queue",
    isOptional: false,
    write: onRequest,
  },
  // Since Linux 6.5.
  {
    name: "iotop_direct",
    tracepoint: "iomap_dio_rw_begin",
    isOptional: true,
    write: onDirectBegin,
  },
  {
    name: "iotop_done",
    tracepoint: "iomap_dio_complete",
    isOptional: true,
    write: onDirectEnd,
  },
  {
    name: "iotop_queued",
    tracepoint: "iomap_dio_rw_queued",
    isOptional: true,
    write: onDirectEnd,
  },
];

/** A page of a file becomes dirty: somebody has written to it. */
function onDirty({ layout, maps, tracepoint, pageBytes }: Around): Uint8Array {
  const code = new Assembler();
  const { folio, addressSpace } = layout;
  loadArgument(code, 6, tracepoint, "folio");
  loadArgument(code, 7, tracepoint, "address_space");
  read(code, "typed", "u64", 8, 7, addressSpace.inode);
  code.jumpIfZero(8, "end");
  noteFile(code, layout, "typed", 8);
  code.storeConstant("u32", STACK, slotOf("kind"), KIND.dirtied);
  code.storeConstant("u32", STACK, slotOf("device"), 0);

  // How many bytes: one page, or 2, 4, 8 ... of them.
  code.set(9, pageBytes);
  read(code, "typed", "u64", 1, 6, folio.flags);
  code.and(1, 1 << folio.severalFlag);
  code.jumpIfZero(1, "one page");
  read(code, "typed", folio.order.size, 1, 6, folio.order.at);
  code.and(1, 0xff);
  code.shiftLeft(9, 1);
  code.label("one page");
  code.store("u64", STACK, SLOT.bytes, 9);

  noteTask(code, layout);
  countBytes(code, maps, "new", "end");
  code.label("new");
  rememberName(code, layout, maps, 8, "end");
  code.label("end");
  code.exit();
  return code.bytes();
}

/** A request for a device is made: by whoever reads, or by a kernel thread that writes dirty pages out. */
function onRequest({ layout, maps, tracepoint }: Around): Uint8Array {
  const code = new Assembler();
  const { bio, blockDevice, pageOfBio, page, folio, addressSpace } = layout;
  loadArgument(code, 6, tracepoint, "bio");
  // The lowest byte is what is to be done: 0 to read, 1 to write; all else moves no bytes of files.
  read(code, "typed", "u32", 9, 6, bio.operation);
  code.and(9, 0xff);
  code.jumpIfLess(9, 2, "read or write");
  code.jump("end");
  code.label("read or write");
  code.add(9, KIND.read);
  read(code, "typed", "u32", 1, 6, bio.bytes);
  code.jumpIfZero(1, "end");
  code.store("u64", STACK, SLOT.bytes, 1);
  read(code, "typed", "u64", 1, 6, bio.device);
  code.jumpIfZero(1, "end");
  read(code, "typed", "u32", 1, 1, blockDevice.device);
  code.store("u32", STACK, slotOf("device"), 1);
  noteTask(code, layout);

  // Past the page cache? Then the file was noted when the call began, as the pages are those of the program.
  code.set(8, 0);
  copyFileFromDirect(code, maps, "no direct call");
  code.add(9, DIRECT);
  code.jump("count");

  // The first page belongs to the file; to none if it is memory of a program, or a journal.
  code.label("no direct call");
  noteNoFile(code);
  read(code, "typed", "u64", 7, 6, bio.pages);
  code.jumpIfZero(7, "count");
  read(code, "typed", "u64", 7, 7, pageOfBio.page);
  code.jumpIfZero(7, "count");
  read(code, "any", "u64", 1, 7, page.firstPage);
  code.move(2, 1);
  code.and(2, 1);
  code.jumpIfZero(2, "first page");
  code.address(7, 1, -1);
  code.label("first page");
  read(code, "any", "u64", 7, 7, folio.mapping);
  code.jumpIfZero(7, "count");
  // Two flags in its address: 1 and 3 are memory of a program, 2 is a page that a driver moves.
  code.move(1, 7);
  code.and(1, 3);
  code.jumpIfZero(1, "has a file");
  code.jumpIfEqual(1, 2, "count");
  // Memory goes to swap, or a program reads or writes past the page cache: a device, or a file that nobody noted.
  read(code, "typed", "u32", 1, 6, bio.operation);
  code.and(1, 1 << bio.swapFlag);
  code.jumpUnlessEqual(1, 0, "count");
  code.add(9, DIRECT);
  code.jump("count");
  code.label("has a file");
  read(code, "any", "u64", 8, 7, addressSpace.inode);
  code.jumpIfZero(8, "count");
  noteFile(code, layout, "any", 8);

  code.label("count");
  code.store("u32", STACK, slotOf("kind"), 9);
  countBytes(code, maps, "new", "end");
  code.label("new");
  code.jumpIfZero(8, "end");
  rememberName(code, layout, maps, 8, "end");
  code.label("end");
  code.exit();
  return code.bytes();
}

/** A read or write with O_DIRECT begins: until it ends, requests of this thread are for this file. */
function onDirectBegin({ layout, maps, tracepoint }: Around): Uint8Array {
  const code = new Assembler();
  loadArgument(code, 6, tracepoint, "kiocb");
  read(code, "typed", "u64", 7, 6, layout.call.file);
  code.jumpIfZero(7, "end");
  read(code, "typed", "u64", 8, 7, layout.file.inode);
  code.jumpIfZero(8, "end");
  noteFile(code, layout, "typed", 8);
  rememberDirect(code, maps);
  rememberName(code, layout, maps, 8, "end");
  code.label("end");
  code.exit();
  return code.bytes();
}

/** It is over, or it goes on without the thread. */
function onDirectEnd({ maps }: Around): Uint8Array {
  const code = new Assembler();
  forgetDirect(code, maps);
  code.exit();
  return code.bytes();
}
