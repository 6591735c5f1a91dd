/** Programs and maps in the kernel, as tests look for them. */
import { existsSync, readdirSync } from "node:fs";
import { readSmallFile } from "../../../src/kernel/files.ts";
import { libc, MACHINE } from "../../../src/kernel/libc.ts";
import { lackOfRoot, type Lack } from "../needs.ts";

/** Why the kernel would not let us count by file, or null. */
export const BPF_REFUSAL: Lack =
  lackOfRoot ??
  (existsSync("/sys/kernel/btf/vmlinux") ? null : "a kernel with BTF");

/** include/uapi/linux/bpf.h: commands that give a descriptor for an id. */
const BY_ID = { prog: 13, map: 14 } as const;

export interface KernelObject {
  readonly kind: keyof typeof BY_ID;
  readonly id: number;
}

/** Those that a process holds, as its descriptors say. */
export function bpfObjectsOf(pid: number): readonly KernelObject[] {
  const folder = `/proc/${pid}/fdinfo`;
  return readdirSync(folder).flatMap((fd): KernelObject[] => {
    // The folder itself was open while it was listed.
    const text = readSmallFile(`${folder}/${fd}`) ?? "";
    // A link names the program that it holds.
    const [, kind, id] = /^(prog|map)_id:\s*(\d+)$/m.exec(text) ?? [];
    if (kind === undefined) return [];
    return [{ kind: kind as KernelObject["kind"], id: Number(id) }];
  });
}

/** Whether the kernel still has it. */
export function isInKernel({ kind, id }: KernelObject): boolean {
  const attributes = new Uint8Array(new ArrayBuffer(128));
  new DataView(attributes.buffer).setUint32(0, id, true);
  const { call } = libc();
  const fd = Number(
    call.syscall(MACHINE.bpf, BY_ID[kind], attributes, attributes.length, 0),
  );
  if (fd >= 0) call.close(fd);
  return fd >= 0;
}
