const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** How many columns a text takes, when every letter takes one. */
export function columnsOf(text: string): number {
  return lettersOf(text).length;
}

/** Text in exactly so many columns: filled with spaces, or cut with an ellipsis. */
export function fit(text: string, columns: number): string {
  if (columns <= 0) return "";
  const letters = lettersOf(text);
  if (letters.length <= columns) return text + " ".repeat(columns - letters.length);
  return `${letters.slice(0, columns - 1).join("")}…`;
}

/** Like `fit`, but with the text at the right end. */
export function fitRight(text: string, columns: number): string {
  const used = columnsOf(text);
  return used <= columns ? " ".repeat(columns - used) + text : fit(text, columns);
}

/** Text broken at its spaces into lines of at most so many columns; a longer word stands alone. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let open = "";
  for (const word of text.split(" ")) {
    const joined = open === "" ? word : `${open} ${word}`;
    if (open !== "" && columnsOf(joined) > columns) {
      lines.push(open);
      open = word;
    } else open = joined;
  }
  return [...lines, open];
}

function lettersOf(text: string): readonly string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
