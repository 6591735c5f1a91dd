/** The version of iotop: the bundler keeps this one field of the file. */
export { version as VERSION } from "../package.json";

/** The day on which it was released, for the man page. */
export const RELEASED = "2026-11-23";
