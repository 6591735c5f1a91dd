/** Whether a package holds the program as it was built: a tool that strips it leaves the bare runtime. */
import { createReadStream } from "node:fs";
import { runTool } from "./command.ts";
import { PACKAGE } from "./target.ts";

const PROGRAM = `usr/sbin/${PACKAGE}`;

export async function sha256Of(path: string): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const chunk of createReadStream(path)) hasher.update(chunk);
  return hasher.digest("hex");
}

/** SHA-256 of the program in a package, which is unpacked for it. */
async function packedInDeb(path: string): Promise<string> {
  const script = `dpkg-deb --fsys-tarfile "$1" | tar --extract --to-stdout "./${PROGRAM}" | sha256sum`;
  const output = await runTool(["sh", "-c", script, "sh", path]);
  return output.slice(0, 64);
}

/** As the package itself lists it: rpm refuses to install anything else. */
async function packedInRpm(path: string): Promise<string> {
  const format = "[%{FILENAMES} %{FILEDIGESTS}\n]";
  const listed = await runTool(["rpm", "-qp", "--qf", format, path]);
  const line = listed
    .split("\n")
    .find((each) => each.startsWith(`/${PROGRAM} `));
  return line?.split(" ")[1] ?? "";
}

/** @throws Error if the program in the package is another one than that which was built */
export async function checkPacked(
  packagePath: string,
  binary: string,
): Promise<void> {
  const packed = packagePath.endsWith(".deb") ? packedInDeb : packedInRpm;
  if ((await packed(packagePath)) !== (await sha256Of(binary)))
    throw new Error(
      `${packagePath} holds another ${PROGRAM} than ${binary}: something has changed it, such as strip`,
    );
}

/** @throws Error if the program does not answer as iotop: then it is the bare runtime, or of another version */
export async function checkAnswer(
  binary: string,
  version: string,
): Promise<void> {
  const [first = ""] = (await runTool([binary, "--version"])).split("\n");
  if (first !== `iotop ${version}`)
    throw new Error(`${binary} --version says "${first}"`);
}
