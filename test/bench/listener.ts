/**
 * What the kernel's exit messages themselves cost whoever forks: a program that has them sent, takes them four times a
 * second as iotop does, and looks at none.
 */
import { TaskstatsClient } from "../support/machine/taskstats-client.ts";

const BUFFER_BYTES = 64 << 20;
const DRAIN_MS = 250;

using client = new TaskstatsClient(BUFFER_BYTES);
client.listen();
let isAskedToEnd = false;
process.once("SIGTERM", () => void (isAskedToEnd = true));
while (!isAskedToEnd) {
  await Bun.sleep(DRAIN_MS);
  while (client.transport.receive() > 0);
}
