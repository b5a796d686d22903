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

function lettersOf(text: string): readonly string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
