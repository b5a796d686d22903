export interface GeneratedFile {
  /** From the root. */
  readonly path: string;
  readonly text: string;
}

/** The first line of every generated Markdown file. */
export function generatedFrom(source: string): string {
  return `<!-- Generated from ${source} by \`pnpm gen\`. Do not edit. -->`;
}

/** A Markdown table; pipes and line breaks in cells are made harmless. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
