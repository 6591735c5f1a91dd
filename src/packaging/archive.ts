/** An archive that is unpacked anywhere, by tar and xz. */
import { join } from "node:path";
import { runTool } from "./command.ts";
import { writeTree, type PackagedFile } from "./files.ts";

/** Writes `result`/`folder`.tar.xz. @param timeS of each file, Unix s */
export async function writeArchive(
  files: readonly PackagedFile[],
  folder: string,
  timeS: number,
  paths: { readonly scratch: string; readonly result: string },
): Promise<string> {
  writeTree(paths.scratch, files, timeS);
  const archive = join(paths.result, `${folder}.tar`);
  await runTool(
    [
      ...["tar", "--create", "--file", archive, "--format=gnu", "--sort=name"],
      ...["--owner=0", "--group=0", "--numeric-owner", `--mtime=@${timeS}`],
      folder,
    ],
    { cwd: paths.scratch },
  );
  // One thread: more of them cut the data into other blocks.
  await runTool(["xz", "--threads=1", "-6", "--force", archive]);
  return `${archive}.xz`;
}
