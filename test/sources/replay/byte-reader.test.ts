import { expect, test } from "bun:test";
import fc from "fast-check";
import { ByteReader } from "../../../src/sources/replay/byte-reader.ts";

const readerOf = (bytes: Uint8Array<ArrayBuffer>, pieceBytes: number) => {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes)
      yield bytes.slice(at, at + pieceBytes);
  }
  return new ByteReader(pieces());
};

test("every byte once and in order, however it is taken", async () => {
  const takes = fc.array(
    fc.record({
      how: fc.constantFrom("take", "chunk", "fill"),
      bytes: fc.integer({ min: 1, max: 9 }),
      back: fc.nat({ max: 9 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 60 }),
      fc.integer({ min: 1, max: 12 }),
      takes,
      async (source, pieceBytes, steps) => {
        const bytes = new Uint8Array(source);
        const input = readerOf(bytes, pieceBytes);
        let at = 0;
        for (const { how, bytes: count, back } of steps) {
          const left = bytes.length - at;
          if (how === "fill") {
            expect(await input.fill(count)).toBe(count <= left);
            continue;
          }
          if (how === "take" && count > left) {
            await expect(input.take(count)).rejects.toThrow("unexpected end");
            continue;
          }
          const got =
            how === "take" ? await input.take(count) : await input.chunk(count);
          if (got === null) {
            expect(left).toBe(0);
            continue;
          }
          expect(got).toEqual(bytes.slice(at, at + got.length));
          at += got.length;
          const again = Math.min(back, got.length);
          input.unread(again);
          at -= again;
        }
        const magic = [...bytes.slice(at, at + 3)];
        expect(await input.startsWith(magic)).toBe(true);
        expect(await input.startsWith([...magic, 256])).toBe(false);
      },
    ),
  );
});
