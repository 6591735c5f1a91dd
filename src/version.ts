/** Put in by build.ts; not there when the sources run as they are. */
declare const IOTOP_VERSION: string | undefined;

/** The version of package.json, or "dev" when the sources run unbuilt. */
export const VERSION: string =
  typeof IOTOP_VERSION === "string" ? IOTOP_VERSION : "dev";
