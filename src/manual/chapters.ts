/** The chapters of the manual, in the order of the man page. Two are not in it: how to install, and comparisons. */
import accuracy from "./accuracy.md" with { type: "text" };
import columns from "./columns.md" with { type: "text" };
import containers from "./containers.md" with { type: "text" };
import files from "./files.md" with { type: "text" };
import jsonLines from "./json-lines.md" with { type: "text" };
import metrics from "./metrics.md" with { type: "text" };
import modules from "./modules.md" with { type: "text" };
import options from "./options.md" with { type: "text" };
import outputs from "./outputs.md" with { type: "text" };
import screen from "./screen.md" with { type: "text" };
import security from "./security.md" with { type: "text" };
import signals from "./signals.md" with { type: "text" };
import troubleshooting from "./troubleshooting.md" with { type: "text" };
import whichFile from "./which-file.md" with { type: "text" };

/** Markdown; each begins with its title as a heading of the first level. */
export const CHAPTERS: readonly string[] = [
  options,
  screen,
  columns,
  outputs,
  whichFile,
  jsonLines,
  metrics,
  modules,
  files,
  signals,
  accuracy,
  security,
  containers,
  troubleshooting,
];
