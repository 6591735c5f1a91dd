/** How outputs about a whole run group processes: the same option, which --by sets for all of them. */
import { GROUP_KINDS } from "../../src/model/index.ts";

export const GROUP_OPTION = {
  type: "string",
  about: "how to group processes",
  default: "comm",
  choices: GROUP_KINDS,
  isGrouping: true,
} as const;
