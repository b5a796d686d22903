import { fileURLToPath } from "node:url";

/** The Bun that was installed with the tools of this repository; null where there is none for this machine. */
export function bunPath(): string | null {
  const arch = process.arch === "arm64" ? "aarch64" : process.arch;
  const system = process.platform === "win32" ? "windows" : process.platform;
  const file = system === "windows" ? "bun.exe" : "bun";
  try {
    return fileURLToPath(import.meta.resolve(`@oven/bun-${system}-${arch}/bin/${file}`));
  } catch {
    return null;
  }
}
