/** The path of a file in a line. Pure. */
import {
  fileLabel,
  type FileDelta,
  type Format,
} from "../../../src/model/index.ts";
import type { Spans } from "./spans.ts";

const DIRECT = " (direct)";
/** Less of the folders says nothing. */
const LEAST_FOLDER_CELLS = 4;

/** Where there is no room for all of it, the name of the file stays whole, and folders lose their middle. */
export function pathSpans(
  file: FileDelta,
  wanted: number,
  format: Format,
): Spans {
  const cells = Math.max(1, wanted);
  const { path } = file;
  if (path === null)
    return [{ text: format.text(fileLabel(file), cells), style: "faint" }];
  const at = path.lastIndexOf("/") + 1;
  const name = format.text(path.slice(at));
  const folderCells = Bun.stringWidth(format.text(path.slice(0, at)));
  for (const mark of file.direct ? [DIRECT, ""] : [""]) {
    const room = cells - Bun.stringWidth(name) - mark.length;
    if (room < Math.min(LEAST_FOLDER_CELLS, folderCells)) continue;
    return [
      { text: format.text(path.slice(0, at), room) },
      { text: name, style: "strong" },
      { text: mark, style: "faint" },
    ];
  }
  return [{ text: format.text(path, cells), style: "strong" }];
}
