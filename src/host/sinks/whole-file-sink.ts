/**
 * A file that each text replaces, in one step: whoever reads it sees a whole text. One that cannot be written is no loss
 * as long as a later one can.
 */
import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { lstat, open, rename, unlink, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describeError, errorCode } from "../../errors.ts";
import { fileSink, type FileSink } from "./file-sink.ts";
import type { LogSurroundings } from "./log-file.ts";
import { foreign, openAlongLinks } from "../files/open-along-links.ts";
import { NEW_FILE_MODE } from "../files/open-target.ts";
import { SinkError } from "./sink.ts";
import { Turns } from "./turns.ts";
import { mayWrite } from "../files/target-trust.ts";

const PERMISSIONS = 0o777;

/**
 * What is no regular file, such as /dev/stdout, is written to as usual.
 *
 * @param mode of a new file; null: 0600, less what the umask takes
 */
export function wholeFileSink(path: string, mode: number | null): FileSink {
  let warn: LogSurroundings["warn"];
  let plain: FileSink | null = null;
  const turns = new Turns();
  /** Why the last text could not be written. */
  let failure: unknown = null;

  const replace = async (text: string): Promise<void> => {
    try {
      await replaceFile(path, text, mode);
      if (failure !== null) warn(`${path} is written again`);
      failure = null;
    } catch (error) {
      if (failure === null)
        warn(
          `${path} cannot be written: ${describeError(error)}; the old version stays, and iotop tries again with the next one`,
        );
      failure = error;
    }
  };
  return {
    async open(around) {
      warn = around.warn;
      try {
        const place = await findPlace(path);
        if (place === null) plain = fileSink(path, mode);
        else await tryFolder(dirname(place.at));
      } catch (cause) {
        throw new SinkError(path, cause, []);
      }
      await plain?.open(around);
    },
    write(text) {
      if (plain !== null) return plain.write(text);
      return turns.take(() => replace(text));
    },
    reopen() {},
    async close() {
      await plain?.close();
      // Texts that the output did not await are written first.
      await turns.idle();
      if (failure !== null) throw new SinkError(path, failure, []);
    },
  };
}

interface Place {
  /** The path, after all links. */
  readonly at: string;
  /** What is there. */
  readonly old: Stats | null;
}

/** @returns null for what is no regular file @throws as `openTarget` */
function findPlace(path: string): Promise<Place | null> {
  return openAlongLinks<Place | null>(path, {
    async openHere(at, folder) {
      const old = await lstat(at).catch((error: unknown) => {
        // Only a folder can have a name that ends so.
        if (errorCode(error) === "ENOENT" && !at.endsWith("/")) return null;
        throw error;
      });
      if (old === null) return { at, old };
      if (old.isSymbolicLink()) throw new Error("it is a link");
      if (!old.isFile()) return null;
      if (!mayWrite(old, folder, process.geteuid!()))
        throw foreign("file", old);
      return { at, old };
    },
    openThrough: async () => null,
    explain(error) {
      throw error;
    },
  });
}

/** Nobody else knows its name. */
const draftIn = (folder: string): string =>
  join(folder, `.iotop-${randomUUID()}`);

async function replaceFile(
  path: string,
  text: string,
  mode: number | null,
): Promise<void> {
  const place = await findPlace(path);
  if (place === null) throw new Error("it is not a regular file any more");
  const draft = draftIn(dirname(place.at));
  try {
    const file = await open(draft, "wx", NEW_FILE_MODE);
    try {
      await file.writeFile(text);
      if (place.old !== null) await keepOwner(file, place.old);
      else if (mode !== null) await file.chmod(mode);
    } finally {
      await file.close();
    }
    await rename(draft, place.at);
  } catch (error) {
    await unlink(draft).catch(() => {});
    throw error;
  }
}

/** An existing file keeps its mode; and its owner, where that can be. */
async function keepOwner(
  file: FileHandle,
  { uid, gid, mode }: Stats,
): Promise<void> {
  const now = await file.stat();
  if (now.uid !== uid || now.gid !== gid)
    await file.chown(uid, gid).catch(() => {});
  await file.chmod(mode & PERMISSIONS);
}

/** @throws what the system said, if no file can be made there */
async function tryFolder(folder: string): Promise<void> {
  const draft = draftIn(folder);
  await (await open(draft, "wx", NEW_FILE_MODE)).close();
  await unlink(draft);
}
