/** Whether a file that lines are appended to begins with their header. */
import { open, stat } from "node:fs/promises";

/**
 * @param header with its line feed
 * @returns false for a new or empty file, and for what is no file
 * @throws Error if the file begins with anything else
 */
export async function hasHeader(
  path: string,
  header: string,
): Promise<boolean> {
  // A FIFO is not opened for it: iotop would be its reader.
  if (!(await stat(path)).isFile()) return false;
  await using file = await open(path, "r");
  const wanted = Buffer.from(header);
  const { buffer, bytesRead } = await file.read(
    Buffer.alloc(wanted.length),
    0,
    wanted.length,
    0,
  );
  if (bytesRead === 0) return false;
  if (buffer.subarray(0, bytesRead).equals(wanted)) return true;
  throw new Error(
    `${path} does not begin with the header that these settings make: give another file, or header=off`,
  );
}
