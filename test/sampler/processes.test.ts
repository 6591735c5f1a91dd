import { describe, expect, test } from "bun:test";
import { unknownDelta } from "../../src/model/delta.ts";
import type { IoDelta } from "../../src/model/sample.ts";
import { ProcessTable } from "../../src/sampler/processes.ts";

const read = (readBytes: number): IoDelta => ({ ...unknownDelta(), readBytes });

describe("who belongs to which process", () => {
  test("threads join the process of their pid", () => {
    const processes = new ProcessTable();
    const main = processes.join(10, true);
    expect(processes.join(10, false)).toBe(main);
    expect(processes.find(10)).toBe(main);
    expect(processes.find(11)).toBe(-1);
  });

  test("a thread that is seen before its main thread is in the same process", () => {
    const processes = new ProcessTable();
    const thread = processes.join(10, false);
    expect(processes.join(10, true)).toBe(thread);
  });

  test("a second main thread is a new process", () => {
    const processes = new ProcessTable();
    const old = processes.join(10, true);
    const young = processes.join(10, true);
    expect(young).not.toBe(old);
    expect(processes.find(10)).toBe(young);
    processes.release(old);
    expect(processes.find(10)).toBe(young);
  });

  test("after the last thread ended, a thread too is of a new process", () => {
    const processes = new ProcessTable();
    const old = processes.join(10, true);
    processes.close(old, 1);
    expect(processes.join(10, false)).not.toBe(old);
  });

  test("an index is used again only when no life refers to it", () => {
    const processes = new ProcessTable();
    const index = processes.join(10, true);
    processes.join(10, false);
    processes.leave(index, read(0));
    processes.release(index);
    expect(processes.join(20, true)).not.toBe(index);
    processes.release(index);
    expect(processes.find(10)).toBe(-1);
    const again = processes.join(30, true);
    expect(again).toBe(index);
    expect(processes.runNs[again]).toBeNaN();
  });
});

describe("what ended threads did", () => {
  test("adds up while the process lives", () => {
    const processes = new ProcessTable();
    const index = processes.join(10, true);
    for (let i = 0; i < 2; i++) processes.join(10, false);
    processes.leave(index, read(5));
    processes.leave(index, read(7));
    processes.addRetired(index, read(1));
    expect(processes.retired().get(10)).toMatchObject({
      since: { readBytes: 13, writeBytes: null },
      count: 2,
    });
  });

  test("is the same object until something changes, and then another", () => {
    const processes = new ProcessTable();
    const index = processes.join(10, true);
    for (let i = 0; i < 2; i++) processes.join(10, false);
    processes.leave(index, read(5));
    const before = processes.retired();
    expect(processes.retired()).toBe(before);
    processes.leave(index, read(7));
    expect(before.get(10)?.since.readBytes).toBe(5);
    expect(processes.retired().get(10)?.since.readBytes).toBe(12);
  });

  test("ends with the process", () => {
    const processes = new ProcessTable();
    const index = processes.join(10, true);
    processes.join(10, false);
    processes.leave(index, read(5));
    processes.close(index, 1);
    processes.leave(index, read(7));
    expect(processes.retired().size).toBe(0);
  });

  test("waits for a main thread that no scan has seen yet", () => {
    const processes = new ProcessTable();
    const index = processes.join(10, false);
    processes.leave(index, read(5));
    expect(processes.isBetweenThreads(index)).toBe(true);
    expect(processes.retired().size).toBe(0);
    processes.join(10, true);
    expect(processes.isBetweenThreads(index)).toBe(false);
    expect(processes.retired().get(10)?.since.readBytes).toBe(5);
  });
});
