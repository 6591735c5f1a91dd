/** Whether lines can be appended to a file. */
import { open, stat } from "node:fs/promises";

/**
 * @param header with its line feed
 * @throws Error if the file begins with anything else
 */
export async function checkHeader(path: string, header: string): Promise<void> {
  // A FIFO is not opened for it: iotop would be its reader.
  if (!(await stat(path)).isFile()) return;
  await using file = await open(path, "r");
  const wanted = Buffer.from(header);
  const { buffer, bytesRead } = await file.read(
    Buffer.alloc(wanted.length),
    0,
    wanted.length,
    0,
  );
  if (bytesRead === 0 || buffer.subarray(0, bytesRead).equals(wanted)) return;
  throw new Error(
    `${path} does not start with the header of these settings: give another file, or header=off`,
  );
}
