/** BTF, written a second time from its documentation (Documentation/bpf/btf.rst). */

export type Member = readonly [name: string, type: number, bits: number];

/** Collects types; each gets the next id, from 1 on. */
export class BtfBytes {
  readonly #words: number[] = [];
  readonly #names: number[] = [0];
  readonly #places = new Map<string, number>([["", 0]]);
  #count = 0;

  #name(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    const place = this.#names.length;
    this.#names.push(...new TextEncoder().encode(text), 0);
    this.#places.set(text, place);
    return place;
  }

  /** Any type. @returns its id */
  add(
    kind: number,
    name: string,
    sizeOrType: number,
    extra: readonly number[] = [],
    members = 0,
    flag = false,
  ): number {
    const info = members | (kind << 24) | (flag ? 1 << 31 : 0);
    this.#words.push(this.#name(name), info >>> 0, sizeOrType, ...extra);
    return ++this.#count;
  }

  integer = (name: string): number => this.add(1, name, 4, [32]);
  pointer = (to: number): number => this.add(2, "", to);
  array = (of: number): number => this.add(3, "", 0, [of, of, 4]);
  typedef = (name: string, to: number): number => this.add(8, name, to);
  constant = (to: number): number => this.add(10, "", to);

  struct = (name: string, ...members: readonly Member[]): number =>
    this.#composite(4, name, members, false);
  union = (name: string, ...members: readonly Member[]): number =>
    this.#composite(5, name, members, false);
  /** Its members have widths of bits above the offset. */
  bitStruct = (name: string, ...members: readonly Member[]): number =>
    this.#composite(
      4,
      name,
      members.map(([each, type, bits]) => [each, type, bits | (7 << 24)]),
      true,
    );

  #composite(
    kind: number,
    name: string,
    members: readonly Member[],
    flag: boolean,
  ): number {
    const extra = members.flatMap(([each, type, bits]) => [
      ...[this.#name(each), type, bits >>> 0],
    ]);
    return this.add(kind, name, 64, extra, members.length, flag);
  }

  enum(name: string, values: Readonly<Record<string, number>>): number {
    const all = Object.entries(values);
    const extra = all.flatMap(([each, value]) => [this.#name(each), value]);
    return this.add(6, name, 4, extra, all.length);
  }

  /** `typedef void (*btf_trace_NAME)(void *, ...)`. @returns its id */
  tracepoint(name: string, ...args: readonly number[]): number {
    const data = this.pointer(0);
    const parameters = [data, ...args].flatMap((type) => [0, type]);
    const prototype = this.add(13, "", 0, parameters, args.length + 1);
    return this.typedef(`btf_trace_${name}`, this.pointer(prototype));
  }

  bytes(): Uint8Array {
    const types = new Uint8Array(Uint32Array.from(this.#words).buffer);
    const header = new DataView(new ArrayBuffer(24));
    header.setUint16(0, 0xeb9f, true);
    header.setUint8(2, 1);
    header.setUint32(4, 24, true);
    header.setUint32(8, 0, true);
    header.setUint32(12, types.length, true);
    header.setUint32(16, types.length, true);
    header.setUint32(20, this.#names.length, true);
    return Uint8Array.from([
      ...new Uint8Array(header.buffer),
      ...types,
      ...this.#names,
    ]);
  }
}
