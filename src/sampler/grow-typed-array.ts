/** How columns of lives grow: in place of an array that is full, a longer one. */
type Column =
  | Uint8Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** A longer column. `transfer` gives the old memory back at once and not when garbage is next collected. */
export function extend<T extends Column>(column: T, length: number): T {
  const Same = column.constructor as new (memory: ArrayBuffer) => T;
  return new Same(column.buffer.transfer(length * column.BYTES_PER_ELEMENT));
}
