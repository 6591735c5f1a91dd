import { expect, test } from "bun:test";
import { WriteQueue } from "../../../src/host/sinks/write-queue.ts";

const eagain = () => Object.assign(new Error("EAGAIN: no"), { code: "EAGAIN" });

/** A descriptor of a few bytes that somebody reads now and then. */
class Pipe {
  taken = "";
  room: number;
  asked = 0;

  constructor(room: number) {
    this.room = room;
  }

  readonly take = (bytes: Uint8Array): number => {
    this.asked++;
    if (this.room === 0) throw eagain();
    const count = Math.min(this.room, bytes.length);
    this.room -= count;
    this.taken += Buffer.from(bytes.subarray(0, count)).toString("latin1");
    return count;
  };
}

const open = (pipe: Pipe) => new WriteQueue(pipe.take, pipe.take);

test("what there is room for is taken before write returns", () => {
  const pipe = new Pipe(5);
  void open(pipe).write("abc");
  expect(pipe.taken).toBe("abc");
});

test("what finds no room waits its turn, and resolves when it is taken", async () => {
  const pipe = new Pipe(2);
  const queue = open(pipe);
  const done: string[] = [];
  const all = ["abcd", "", "ef", "gh"].map((text) =>
    queue.write(text).then(() => void done.push(text)),
  );
  await all[1];
  expect([pipe.taken, done]).toEqual(["ab", [""]]);
  pipe.room = 3;
  await all[0];
  expect(pipe.taken).toBe("abcde");
  pipe.room = 100;
  await Promise.all(all);
  expect([pipe.taken, done]).toEqual(["abcdefgh", ["", "abcd", "ef", "gh"]]);
  await queue.write("ij");
  expect(pipe.taken).toBe("abcdefghij");
});

test("a failure is that text's alone", async () => {
  let fails = true;
  const pipe = new Pipe(100);
  const queue = new WriteQueue((bytes) => {
    if (fails) throw Object.assign(new Error("EIO: no"), { code: "EIO" });
    return pipe.take(bytes);
  });
  await expect(queue.write("a")).rejects.toThrow("EIO");
  fails = false;
  await queue.write("b");
  expect(pipe.taken).toBe("b");
});

test("dropped text resolves, and is not written later", async () => {
  const pipe = new Pipe(2);
  const queue = open(pipe);
  const dropped = [queue.write("abcd"), queue.write("efgh")];
  queue.drop();
  await Promise.all(dropped);
  pipe.room = 100;
  await queue.write("ij");
  expect(pipe.taken).toBe("abij");
});

test("at the end: in place of what waits, and not for ever", () => {
  const pipe = new Pipe(2);
  const queue = open(pipe);
  void queue.write("abcd");
  expect(queue.now("XY")).toBe(false);
  expect(pipe.asked).toBeLessThan(200);
  pipe.room = 2;
  expect(queue.now("XY")).toBe(true);
  expect(pipe.taken).toBe("abXY");
});

test("at the end: what waits, if there is room by then", () => {
  const pipe = new Pipe(1);
  const queue = open(pipe);
  void queue.write("ab");
  void queue.write("cd");
  pipe.room = 100;
  expect(queue.flushNow()).toBe(true);
  expect(pipe.taken).toBe("abcd");
});

test("a write that does not return holds up the texts after it, but no end", async () => {
  const began = Promise.withResolvers<number>();
  const pipe = new Pipe(100);
  let asked = 0;
  const queue = new WriteQueue((bytes) => {
    if (asked++ === 0) return began.promise;
    return pipe.take(bytes);
  }, pipe.take);
  const first = queue.write("ab");
  const second = queue.write("cd");
  expect(queue.now("XY")).toBe(false);
  await Promise.all([first, second]);
  expect(pipe.taken).toBe("");
  const third = queue.write("ef");
  began.resolve(2);
  await third;
  expect(pipe.taken).toBe("ef");
});
