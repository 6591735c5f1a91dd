/** The programs whose live screens are compared. */
import { BINARY } from "../support/binary.ts";

export interface ScreenProgram {
  readonly name: string;
  readonly command: readonly string[];
  /** It writes what ours does. */
  readonly isOurs: boolean;
}

export const PEER = "iotop-c";
export const SIZE = { columns: 120, rows: 40 };

/** @param against another build of iotop */
export function screenPrograms(
  against: string | null,
): readonly ScreenProgram[] {
  const peer = Bun.which(PEER, { PATH: `${process.env["PATH"]}:/usr/sbin` });
  return [
    { name: "iotop", command: [BINARY], isOurs: true },
    ...(against === null
      ? []
      : [{ name: "the other iotop", command: [against], isOurs: true }]),
    ...(peer === null ? [] : [{ name: PEER, command: [peer], isOurs: false }]),
  ];
}
