import { StringDecoder } from "node:string_decoder";

/** Cuts the output of a child into lines. */
export interface OutputLines {
  push(chunk: Uint8Array): void;
  /** Tells what has come without a line end. */
  flush(): void;
}

/** A line longer than this is told in pieces: output without a line end must not fill the memory. */
const maxLineLength = 16_384;

/** Makes the cutter of one stream; `tell` gets lines without their ends, empty ones too. */
export function createOutputLines(tell: (line: string) => void): OutputLines {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const cut = (): void => {
    while (rest.length > maxLineLength) {
      tell(rest.slice(0, maxLineLength));
      rest = rest.slice(maxLineLength);
    }
  };
  return {
    push(chunk) {
      const lines = (rest + decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))).split(
        /\r?\n/,
      );
      rest = lines.pop() ?? "";
      for (const line of lines) {
        for (let at = 0; at === 0 || at < line.length; at += maxLineLength) tell(line.slice(at, at + maxLineLength));
      }
      cut();
    },
    flush() {
      if (rest !== "") tell(rest);
      rest = "";
    },
  };
}

/** Keeps the last bytes of an output: what a child said before it died. */
export interface OutputTail {
  push(chunk: Uint8Array): void;
  text(): string;
  clear(): void;
}

/** Makes a tail of so many bytes. */
export function createOutputTail(maxBytes: number): OutputTail {
  let kept: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      const all = Buffer.concat([kept, chunk]);
      kept = all.length > maxBytes ? Buffer.from(all.subarray(all.length - maxBytes)) : all;
    },
    text: () => kept.toString("utf8").trim(),
    clear() {
      kept = Buffer.alloc(0);
    },
  };
}
