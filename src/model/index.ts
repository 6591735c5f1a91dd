/** What `import ... from "iotop"` gives to a user's own output. Grows by addition only. */
export { API_VERSION, defineOutput } from "./output.ts";
export type * from "./output.ts";
export type * from "./sample.ts";
export type { View } from "./view.ts";
export { isActive, isWatched, shownRows, watchedRows } from "./view.ts";
