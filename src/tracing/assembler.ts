/**
 * A small assembler for BPF, the instructions that Linux runs inside itself. Pure: it makes bytes.
 *
 * A BPF program has ten registers of 64 bits and a stack of 512 bytes, below the address in r10. It calls a fixed set of
 * functions of the kernel, the helpers: their arguments are in r1 to r5, their result in r0, and a call leaves only r6 to
 * r9 as they were. The kernel checks the program before it takes it: it must end, and may read nothing that it was not
 * given. So nothing that is written with this can crash a kernel; it can only be refused.
 *
 * An instruction is 8 bytes: the operation, two registers, an offset of 16 bits, and a constant of 32 bits.
 * Documentation/bpf/standardization/instruction-set.rst has the numbers.
 */

export type Register = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

/** The stack lies below this address: offsets from it are negative. */
export const STACK = 10;

/** How much of memory is loaded or stored. */
export type Size = "u8" | "u16" | "u32" | "u64";
const SIZE_BITS = { u32: 0x00, u16: 0x08, u8: 0x10, u64: 0x18 } as const;
export const BYTES = { u8: 1, u16: 2, u32: 4, u64: 8 } as const;

/** Functions of the kernel by their number, include/uapi/linux/bpf.h. */
const HELPER = {
  mapLookup: 1,
  mapUpdate: 2,
  mapDelete: 3,
  currentPidAndTid: 14,
  readKernel: 113,
  readKernelText: 115,
  currentTask: 158,
} as const;

const OPERATION = {
  moveRegister: 0xbf,
  moveConstant: 0xb7,
  addConstant: 0x07,
  andConstant: 0x57,
  shiftLeft: 0x6f,
  load: 0x61,
  store: 0x63,
  storeConstant: 0x62,
  /** On 8 bytes of memory that other CPUs change too. */
  addToMemory: 0xdb,
  loadAddress: 0x18,
  call: 0x85,
  exit: 0x95,
  jump: 0x05,
  jumpIfEqual: 0x15,
  jumpUnlessEqual: 0x55,
  jumpIfSame: 0x1d,
  jumpIfLess: 0xa5,
} as const;

const INSTRUCTION_BYTES = 8;
/** What the second register of `loadAddress` says about its constant. */
const IS_MAP = 1;
const IS_VALUE_OF_MAP = 2;

interface Jump {
  /** Which instruction jumps. */
  readonly from: number;
  readonly label: string;
}

/** Writes one program, an instruction a call. */
export class Assembler {
  readonly #instructions: number[][] = [];
  readonly #labels = new Map<string, number>();
  readonly #jumps: Jump[] = [];
  #fresh = 0;

  /** A name that no other label has. */
  newLabel(about: string): string {
    return `${about} ${this.#fresh++}`;
  }

  /** Jumps to this name lead here. */
  label(name: string): void {
    this.#labels.set(name, this.#instructions.length);
  }

  /** to = from */
  move(to: Register, from: Register): void {
    this.#add(OPERATION.moveRegister, to, from);
  }

  /** to = value */
  set(to: Register, value: number): void {
    this.#add(OPERATION.moveConstant, to, 0, 0, value);
  }

  /** to = from + offset */
  address(to: Register, from: Register, offset: number): void {
    this.move(to, from);
    if (offset !== 0) this.#add(OPERATION.addConstant, to, 0, 0, offset);
  }

  /** register &= mask */
  and(register: Register, mask: number): void {
    this.#add(OPERATION.andConstant, register, 0, 0, mask);
  }

  /** register += value */
  add(register: Register, value: number): void {
    this.#add(OPERATION.addConstant, register, 0, 0, value);
  }

  /** register <<= by */
  shiftLeft(register: Register, by: Register): void {
    this.#add(OPERATION.shiftLeft, register, by);
  }

  /** to = memory at (from + offset) */
  load(size: Size, to: Register, from: Register, offset: number): void {
    this.#add(OPERATION.load | SIZE_BITS[size], to, from, offset);
  }

  /** memory at (to + offset) = from */
  store(size: Size, to: Register, offset: number, from: Register): void {
    this.#add(OPERATION.store | SIZE_BITS[size], to, from, offset);
  }

  /** memory at (to + offset) = value */
  storeConstant(size: Size, to: Register, offset: number, value: number): void {
    this.#add(OPERATION.storeConstant | SIZE_BITS[size], to, 0, offset, value);
  }

  /** The 8 bytes of memory at `to` += from, as one step for all CPUs. */
  addToMemory(to: Register, from: Register): void {
    this.#add(OPERATION.addToMemory, to, from);
  }

  /** to = the map with this file descriptor */
  loadMap(to: Register, mapFd: number): void {
    this.#add(OPERATION.loadAddress, to, IS_MAP, 0, mapFd);
    this.#add(0, 0, 0);
  }

  /** to = the address of the one value of an array with one entry */
  loadValueAddress(to: Register, mapFd: number): void {
    this.#add(OPERATION.loadAddress, to, IS_VALUE_OF_MAP, 0, mapFd);
    this.#add(0, 0, 0);
  }

  /** r0 = helper(r1, r2 ...) */
  call(helper: keyof typeof HELPER): void {
    this.#add(OPERATION.call, 0, 0, 0, HELPER[helper]);
  }

  jump(label: string): void {
    this.#jump(label, OPERATION.jump, 0);
  }

  jumpIfZero(register: Register, label: string): void {
    this.jumpIfEqual(register, 0, label);
  }

  jumpIfEqual(register: Register, value: number, label: string): void {
    this.#jump(label, OPERATION.jumpIfEqual, register, 0, value);
  }

  jumpUnlessEqual(register: Register, value: number, label: string): void {
    this.#jump(label, OPERATION.jumpUnlessEqual, register, 0, value);
  }

  jumpIfSame(a: Register, b: Register, label: string): void {
    this.#jump(label, OPERATION.jumpIfSame, a, b);
  }

  /** Both without a sign. */
  jumpIfLess(register: Register, value: number, label: string): void {
    this.#jump(label, OPERATION.jumpIfLess, register, 0, value);
  }

  /** Ends the program; r0 is its result, which nobody reads. */
  exit(): void {
    this.set(0, 0);
    this.#add(OPERATION.exit, 0, 0);
  }

  /** The program. @throws Error if a jump leads nowhere, or too far */
  bytes(): Uint8Array {
    const bytes = new Uint8Array(
      new ArrayBuffer(this.#instructions.length * INSTRUCTION_BYTES),
    );
    const view = new DataView(bytes.buffer);
    for (const [i, instruction] of this.#instructions.entries()) {
      const [operation, to, from, offset, constant] = instruction;
      view.setUint8(i * INSTRUCTION_BYTES, operation!);
      view.setUint8(i * INSTRUCTION_BYTES + 1, to! | (from! << 4));
      view.setInt16(i * INSTRUCTION_BYTES + 2, offset!, true);
      view.setInt32(i * INSTRUCTION_BYTES + 4, constant!, true);
    }
    for (const { from, label } of this.#jumps) {
      const to = this.#labels.get(label);
      if (to === undefined) throw new Error(`no label "${label}"`);
      // Counted from the instruction after the jump.
      view.setInt16(from * INSTRUCTION_BYTES + 2, to - from - 1, true);
    }
    return bytes;
  }

  #jump(
    label: string,
    operation: number,
    a: Register,
    b: number = 0,
    constant = 0,
  ): void {
    this.#jumps.push({ from: this.#instructions.length, label });
    this.#add(operation, a, b, 0, constant);
  }

  #add(
    operation: number,
    to: number,
    from: number,
    offset = 0,
    constant = 0,
  ): void {
    this.#instructions.push([operation, to, from, offset, constant]);
  }
}
