/** The version of iotop: the bundler keeps this one field of the file. */
export { version as VERSION } from "../package.json";
