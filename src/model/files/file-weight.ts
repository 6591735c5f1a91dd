/** How much was moved of a file: what files are ranked by. */
import type { Unknown } from "../sample.ts";
import type { FileDelta } from "./file-delta.ts";

/** Weight of a file in the order of a table: files that moved most come first. */
export const fileWeight = (row: FileDelta): number =>
  amount(row.readBytes) +
  Math.max(amount(row.writeBytes), amount(row.toDiskBytes)) +
  amount(row.movedBytes);

const amount = (bytes: number | Unknown): number => Math.abs(bytes ?? 0);
