import { open } from "node:fs/promises";

const before = 72;
const after = 24;

/** The text around a byte of a file, squeezed onto one line; what is no text becomes `·`. */
export async function readExcerpt(path: string, byte: number): Promise<string> {
  const file = await open(path, "r");
  try {
    const start = Math.max(0, byte - before);
    const buffer = Buffer.alloc(byte - start + after);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    const text = new TextDecoder().decode(buffer.subarray(0, bytesRead));
    return text
      .replaceAll(/\s+/g, " ")
      .replaceAll(/[\p{Cc}\uFFFD]/gu, "·")
      .trim();
  } finally {
    await file.close();
  }
}
