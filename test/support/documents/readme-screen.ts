/** The picture of the screen in README.md: what the program draws of the machine with five culprits. */
import { culprits } from "../screen/screen-culprits.ts";
import { framesOf } from "../screen/screen-frames.ts";

const SIZE = { columns: 106, rows: 24 };

/** A code block, without blank lines at the end of the list. */
export async function screenPicture(): Promise<string> {
  const samples = culprits({ samples: 36, stuckFrom: 25, burstIn: 30 });
  const frames = await framesOf({ ...SIZE, screen: { only: true } }, samples);
  const lines = frames.at(-1)!.filter((line) => line !== "");
  return ["```text", ...lines, "```"].join("\n");
}
