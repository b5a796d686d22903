/** A run of text of one colour. */
export interface AnsiPart {
  readonly text: string;
  readonly tone: "plain" | "bad" | "ok" | "warn" | "run" | "quiet";
  readonly isBold: boolean;
}

const tones: Readonly<Record<number, AnsiPart["tone"]>> = {
  31: "bad",
  91: "bad",
  32: "ok",
  92: "ok",
  33: "warn",
  93: "warn",
  34: "run",
  94: "run",
  36: "run",
  96: "run",
  90: "quiet",
  2: "quiet",
};

/**
 * Reads the colours of a terminal, and drops every other order to it: a log must not move a cursor, set a title or make a link. Pure,
 * in one pass.
 */
export function ansiParts(text: string): readonly AnsiPart[] {
  const parts: AnsiPart[] = [];
  let [tone, isBold]: [AnsiPart["tone"], boolean] = ["plain", false];
  let from = 0;
  // CSI orders, strings up to their end, and single ones.
  const order =
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    /\u001b\[([0-9;:?]{0,40})([@-~])|\u001b[\]PX^_][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\)?|\u001b[@-Z\\-_]?/g;
  const push = (end: number): void => {
    if (end > from) parts.push({ text: text.slice(from, end), tone, isBold });
  };
  for (let found = order.exec(text); found; found = order.exec(text)) {
    push(found.index);
    from = order.lastIndex;
    if (found[2] !== "m") continue;
    for (const code of (found[1] ?? "").split(";").map(Number)) {
      if (code === 0) [tone, isBold] = ["plain", false];
      else if (code === 1) isBold = true;
      else if (code === 22) isBold = false;
      else if (code === 39) tone = "plain";
      else tone = tones[code] ?? tone;
    }
  }
  push(text.length);
  return parts;
}
