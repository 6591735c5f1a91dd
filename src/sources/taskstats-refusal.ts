/** Why taskstats is not used: one line for each reason, none longer than a narrow screen. */
import { NetlinkError, type KernelError } from "../kernel/errors.ts";
import type { Notice } from "./source.ts";

const MISSED = "short-lived tasks are missed";

/** @param isRoot whether we run as root: then no notice advises to become root */
export function refusalNotice(error: KernelError, isRoot: boolean): Notice {
  const isPrivilege = error instanceof NetlinkError && error.code === "EPERM";
  if (isPrivilege && !isRoot)
    return {
      text: "only your own tasks are read, no short-lived ones: use sudo (CAP_NET_ADMIN)",
      explains: ["denied", "exit-events"],
    };
  if (isPrivilege)
    return procfsAlone("no CAP_NET_ADMIN in the initial user namespace");
  return procfsAlone(
    error instanceof NetlinkError
      ? `the kernel offers no taskstats here (${error.code})`
      : `no taskstats (${error.operation}: ${error.code})`,
  );
}

/** @param why in a few words */
export function procfsAlone(why: string): Notice {
  return { text: `${why}: ${MISSED}`, explains: ["exit-events"] };
}
