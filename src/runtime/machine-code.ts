/** The few machine instructions that make up the check before the start, for both processors. */

/**
 * An argument of a system call: a number or address, the scratch memory on the stack, or the result of the last call.
 */
export type Argument = number | "scratch" | "result";

/**
 * Each function returns the bytes of some instructions. A `block` is jumped over if the condition holds; it may contain
 * such conditions itself.
 */
export interface Machine {
  /** ELF's e_machine. */
  readonly elf: number;
  /** Numbers of the system calls. */
  readonly calls: Readonly<
    Record<
      | "access"
      | "clone"
      | "exit"
      | "exitGroup"
      | "mmap"
      | "munmap"
      | "prlimit"
      | "wait4"
      | "write",
      number
    >
  >;
  /** Saves what the kernel and the loader passed in, and reserves the scratch memory. */
  begin(): Buffer;
  /** Restores what `begin` saved, and jumps to the program. */
  end(entry: number): Buffer;
  call(number: number, ...args: readonly Argument[]): Buffer;
  /** Condition: the last call succeeded. */
  unlessOk(block: Buffer): Buffer;
  /** Condition: the last call returned a value other than 0. */
  unlessNotZero(block: Buffer): Buffer;
  /** Condition: the lower half of word 0 of the scratch memory is 0. */
  unlessZero(block: Buffer): Buffer;
  /** Condition: the word of the scratch memory, unsigned, is at least this big. */
  unlessAtLeast(word: 0 | 1, amount: number, block: Buffer): Buffer;
  /** Copies word 1 of the scratch memory to word 0. */
  copyWord(): Buffer;
  /** Sets word 0 of the scratch memory to 0. */
  clearWord(): Buffer;
  /** Condition: the processor has all instructions that the runtime uses. Null where all processors have them. */
  readonly unlessCapable: ((block: Buffer) => Buffer) | null;
}

/** The last 4095 numbers are errors. */
const FIRST_ERROR = -4095;

const bytes = (...parts: readonly (Buffer | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part)));

function littleEndian(value: number, size: 4 | 8): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64LE(BigInt(value));
  return buffer.subarray(0, size);
}

/** movabs r, imm64 */
const x64Load = (register: number, value: number): Buffer =>
  bytes(
    [register < 8 ? 0x48 : 0x49, 0xb8 + (register & 7)],
    littleEndian(value, 8),
  );

/** A conditional jump (0F 8x) over a block. */
const x64Jump = (opcode: number, block: Buffer): Buffer =>
  bytes([0x0f, opcode], littleEndian(block.length, 4), block);

/** mov r, rsp or rax */
const x64Copy = (register: number, from: "scratch" | "result"): Buffer =>
  bytes([
    register < 8 ? 0x48 : 0x49,
    0x89,
    0xc0 + ((from === "scratch" ? 4 : 0) << 3) + (register & 7),
  ]);

/** SSSE3, SSE4.1, SSE4.2 and POPCNT in ECX of CPUID 1. */
const X64_FEATURES = (1 << 9) | (1 << 19) | (1 << 20) | (1 << 23);

export const X64: Machine = {
  elf: 62,
  calls: {
    access: 269,
    clone: 56,
    exit: 60,
    exitGroup: 231,
    mmap: 9,
    munmap: 11,
    prlimit: 302,
    wait4: 61,
    write: 1,
  },
  // push rdx; sub rsp, 72
  begin: () => bytes([0x52, 0x48, 0x83, 0xec, 0x48]),
  // add rsp, 72; pop rdx; movabs rax, entry; jmp rax
  end: (entry) =>
    bytes([0x48, 0x83, 0xc4, 0x48, 0x5a], x64Load(0, entry), [0xff, 0xe0]),
  call: (number, ...args) =>
    bytes(
      // rdi, rsi, rdx, r10, r8, r9; then movabs rax, number; syscall
      ...args.map((arg, n) => {
        const register = [7, 6, 2, 10, 8, 9][n]!;
        return typeof arg === "number"
          ? x64Load(register, arg)
          : x64Copy(register, arg);
      }),
      x64Load(0, number),
      [0x0f, 0x05],
    ),
  // movabs rcx, -4095; cmp rax, rcx; jb
  unlessOk: (block) =>
    bytes(x64Load(1, FIRST_ERROR), [0x48, 0x39, 0xc8], x64Jump(0x82, block)),
  // test rax, rax; jnz
  unlessNotZero: (block) => bytes([0x48, 0x85, 0xc0], x64Jump(0x85, block)),
  // mov eax, [rsp]; test rax, rax; jz
  unlessZero: (block) =>
    bytes([0x8b, 0x04, 0x24, 0x48, 0x85, 0xc0], x64Jump(0x84, block)),
  // mov rax, [rsp + 8 * word]; movabs rcx, amount; cmp rax, rcx; jae
  unlessAtLeast: (word, amount, block) =>
    bytes(
      [0x48, 0x8b, 0x44, 0x24, 8 * word],
      x64Load(1, amount),
      [0x48, 0x39, 0xc8],
      x64Jump(0x83, block),
    ),
  // mov rax, [rsp + 8]; mov [rsp], rax
  copyWord: () => bytes([0x48, 0x8b, 0x44, 0x24, 0x08, 0x48, 0x89, 0x04, 0x24]),
  // mov qword [rsp], 0
  clearWord: () => bytes([0x48, 0xc7, 0x04, 0x24, 0, 0, 0, 0]),
  // mov eax, 1; cpuid; and ecx, features; cmp ecx, features; je
  unlessCapable: (block) =>
    bytes(
      [0xb8, 1, 0, 0, 0, 0x0f, 0xa2, 0x81, 0xe1],
      littleEndian(X64_FEATURES, 4),
      [0x81, 0xf9],
      littleEndian(X64_FEATURES, 4),
      x64Jump(0x84, block),
    ),
};

const word = (instruction: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(instruction >>> 0);
  return buffer;
};

/** movz x, imm16; movk x, imm16, lsl 16, 32, 48 */
function arm64Load(register: number, value: number): Buffer {
  const halves = new Uint16Array(new Uint8Array(littleEndian(value, 8)).buffer);
  return bytes(
    ...[...halves].map((half, n) =>
      word(
        (n === 0 ? 0xd2800000 : 0xf2800000) +
          n * 0x200000 +
          half * 32 +
          register,
      ),
    ),
  );
}

/** A conditional branch over a block. The distance counts instructions from the branch itself. */
const arm64Branch = (instruction: number, block: Buffer): Buffer =>
  bytes(word(instruction + (block.length / 4 + 1) * 32), block);

export const ARM64: Machine = {
  elf: 183,
  calls: {
    access: 48,
    clone: 220,
    exit: 93,
    exitGroup: 94,
    mmap: 222,
    munmap: 215,
    prlimit: 261,
    wait4: 260,
    write: 64,
  },
  // sub sp, sp, 80; str x0, [sp, 64]
  begin: () => bytes(word(0xd10143ff), word(0xf90023e0)),
  // ldr x0, [sp, 64]; add sp, sp, 80; mov x16, entry; br x16
  end: (entry) =>
    bytes(
      word(0xf94023e0),
      word(0x910143ff),
      arm64Load(16, entry),
      word(0xd61f0200),
    ),
  call: (number, ...args) =>
    bytes(
      // x0 to x5. A previous result is in x0 already, and can only be the first argument. mov x8, number; svc 0
      ...args.map((arg, n) => {
        if (typeof arg === "number") return arm64Load(n, arg);
        return arg === "scratch" ? word(0x910003e0 + n) : [];
      }),
      arm64Load(8, number),
      word(0xd4000001),
    ),
  // mov x10, -4095; cmp x0, x10; b.lo
  unlessOk: (block) =>
    bytes(
      arm64Load(10, FIRST_ERROR),
      word(0xeb0a001f),
      arm64Branch(0x54000003, block),
    ),
  // cbnz x0
  unlessNotZero: (block) => arm64Branch(0xb5000000, block),
  // ldr w0, [sp]; cbz x0
  unlessZero: (block) =>
    bytes(word(0xb94003e0), arm64Branch(0xb4000000, block)),
  // ldr x9, [sp, 8 * word]; mov x10, amount; cmp x9, x10; b.hs
  unlessAtLeast: (at, amount, block) =>
    bytes(
      word(0xf94003e9 + at * 1024),
      arm64Load(10, amount),
      word(0xeb0a013f),
      arm64Branch(0x54000002, block),
    ),
  // ldr x9, [sp, 8]; str x9, [sp]
  copyWord: () => bytes(word(0xf94007e9), word(0xf90003e9)),
  // str xzr, [sp]
  clearWord: () => word(0xf90003ff),
  unlessCapable: null,
};
