/**
 * Runs BPF programs as the kernel does, on made-up memory: registers, a stack, maps and helpers. It knows the
 * instructions that iotop uses, by their numbers in the kernel's documentation, and fails on every other one.
 */

/** Which numbers of maps stand for what; programs name maps by their descriptor. */
export interface MachineMap {
  readonly valueBytes: number;
  /** More entries are refused. */
  readonly entries: number;
  /** By key in hexadecimal. */
  readonly values: Map<string, Uint8Array>;
}

export const machineMap = (valueBytes: number, entries = 100): MachineMap => ({
  ...{ valueBytes, entries, values: new Map<string, Uint8Array>() },
});

interface Region {
  readonly base: bigint;
  readonly bytes: Uint8Array;
}

const STACK_BYTES = 512;
const MOST_STEPS = 10_000;
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

export class BpfMachine {
  readonly #regions: Region[] = [];
  readonly #maps: ReadonlyMap<number, MachineMap>;
  #next = 0x10000n;
  /** What the helpers say of who runs. */
  pid = 0;
  tid = 0;
  task = 0n;
  steps = 0;

  /** @param maps by descriptor */
  constructor(maps: ReadonlyMap<number, MachineMap>) {
    this.#maps = maps;
  }

  /** Memory of the kernel. @returns its address */
  place(bytes: Uint8Array): bigint {
    const base = this.#next;
    this.#next += BigInt((bytes.length + 0xffff) & ~0xfff);
    this.#regions.push({ base, bytes });
    return base;
  }

  /** @param args of the tracepoint */
  run(code: Uint8Array, args: readonly bigint[]): void {
    const context = new Uint8Array(8 * args.length);
    args.forEach((arg, i) =>
      new DataView(context.buffer).setBigUint64(8 * i, arg, true),
    );
    const stack = this.place(new Uint8Array(STACK_BYTES));
    const r: bigint[] = Array.from({ length: 11 }, () => 0xdeadn);
    r[1] = this.place(context);
    r[10] = stack + BigInt(STACK_BYTES);
    const view = new DataView(code.buffer, code.byteOffset, code.length);
    for (let pc = 0; ; pc++) {
      if (++this.steps > MOST_STEPS) throw new Error("it does not end");
      const at = 8 * pc;
      const op = view.getUint8(at);
      const to = view.getUint8(at + 1) & 15;
      const from = view.getUint8(at + 1) >> 4;
      const offset = view.getInt16(at + 2, true);
      const constant = BigInt(view.getInt32(at + 4, true));
      const size = { 0: 4, 8: 2, 0x10: 1, 0x18: 8 }[op & 0x18]!;
      if (op === 0x95) return;
      if (op === 0xbf) r[to] = r[from]!;
      else if (op === 0xb7) r[to] = u64(constant);
      else if (op === 0x07) r[to] = u64(r[to]! + constant);
      else if (op === 0x57) r[to] = r[to]! & u64(constant);
      else if (op === 0x6f) r[to] = u64(r[to]! << (r[from]! & 63n));
      else if ((op & 0xe7) === 0x61)
        r[to] = this.load(r[from]! + BigInt(offset), size);
      else if ((op & 0xe7) === 0x63)
        this.poke(r[to]! + BigInt(offset), size, r[from]!);
      else if ((op & 0xe7) === 0x62)
        this.poke(r[to]! + BigInt(offset), size, constant);
      else if (op === 0xdb) {
        const address = r[to]! + BigInt(offset);
        this.poke(address, 8, this.load(address, 8) + r[from]!);
      } else if (op === 0x18) {
        const fd = Number(constant);
        r[to] = from === 2 ? this.#valueAt(fd, "00000000")! : BigInt(fd);
        pc++;
      } else if (op === 0x85) {
        r[0] = this.#help(Number(constant), r);
        for (const i of [1, 2, 3, 4, 5]) r[i] = 0xdeadn;
      } else if (op === 0x05) pc += offset;
      else if (op === 0x15) pc += r[to] === u64(constant) ? offset : 0;
      else if (op === 0x55) pc += r[to] !== u64(constant) ? offset : 0;
      else if (op === 0x1d) pc += r[to] === r[from] ? offset : 0;
      else if (op === 0xa5) pc += r[to]! < u64(constant) ? offset : 0;
      else throw new Error(`instruction ${pc}: operation ${op.toString(16)}`);
    }
  }

  /** @throws Error where there is no memory */
  load(address: bigint, size: number): bigint {
    const bytes = this.#bytesAt(address, size);
    if (bytes === null) throw new Error(`read at ${address.toString(16)}`);
    return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }

  /** @throws Error where there is no memory */
  poke(address: bigint, size: number, value: bigint): void {
    const bytes = this.#bytesAt(address, size);
    if (bytes === null) throw new Error(`write at ${address.toString(16)}`);
    for (let i = 0; i < size; i++)
      bytes[i] = Number((u64(value) >> BigInt(8 * i)) & 0xffn);
  }

  #bytesAt(address: bigint, size: number): Uint8Array | null {
    const region = this.#regions.find(
      ({ base, bytes }) =>
        address >= base &&
        address + BigInt(size) <= base + BigInt(bytes.length),
    );
    if (region === undefined) return null;
    const begin = Number(address - region.base);
    return region.bytes.subarray(begin, begin + size);
  }

  /** Address of a value; null if there is none. Each is placed in memory once. */
  #valueAt(fd: number, key: string): bigint | null {
    const value = this.#maps.get(fd)!.values.get(key);
    if (value === undefined) return null;
    const placed = this.#regions.find(({ bytes }) => bytes === value);
    return placed?.base ?? this.place(value);
  }

  #help(helper: number, r: readonly bigint[]): bigint {
    const [, r1, r2, r3, r4] = r as [bigint, bigint, bigint, bigint, bigint];
    const keyOf = (): string =>
      hex(this.#bytesAt(r2, this.keyBytesOf(Number(r1)))!);
    switch (helper) {
      case 1:
        return this.#valueAt(Number(r1), keyOf()) ?? 0n;
      case 2: {
        const { values, valueBytes, entries } = this.#maps.get(Number(r1))!;
        const key = keyOf();
        if (r4 === 1n && values.has(key)) return u64(-17n);
        if (!values.has(key) && values.size >= entries) return u64(-7n);
        values.set(key, new Uint8Array(this.#bytesAt(r3, valueBytes)!));
        return 0n;
      }
      case 3:
        this.#maps.get(Number(r1))!.values.delete(keyOf());
        return 0n;
      case 14:
        return (BigInt(this.pid) << 32n) | BigInt(this.tid);
      case 158:
        return this.task;
      case 113: {
        const into = this.#bytesAt(r1, Number(r2))!;
        const source = this.#bytesAt(r3, Number(r2));
        into.fill(0);
        if (source === null) return u64(-14n);
        into.set(source);
        return 0n;
      }
      case 115: {
        const into = this.#bytesAt(r1, Number(r2))!;
        for (let i = 0; i < into.length; i++) {
          const byte = this.#bytesAt(r3 + BigInt(i), 1)?.[0] ?? 0;
          into[i] = i === into.length - 1 ? 0 : byte;
          if (byte === 0) break;
        }
        return 0n;
      }
      default:
        throw new Error(`helper ${helper}`);
    }
  }

  /** Set by the test, as programs do not say it. */
  keyBytesOf: (fd: number) => number = () => 0;
}
