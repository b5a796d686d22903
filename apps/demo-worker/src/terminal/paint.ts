const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Paint = (style: keyof typeof codes, text: string) => string;

/** Colours text for a terminal, or leaves it as it is. */
export function createPaint(hasColor: boolean): Paint {
  return (style, text) => (hasColor && text !== "" ? `\u001B[${String(codes[style])}m${text}\u001B[0m` : text);
}

/** The part of a process that decides about colour. */
export interface ColorQuestion {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
}

/** `NO_COLOR` wins over `FORCE_COLOR`; without either, colour needs a terminal that knows it. */
export function wantsColor({ environment, isTerminal }: ColorQuestion): boolean {
  if ((environment["NO_COLOR"] ?? "") !== "") return false;
  const forced = environment["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return isTerminal && environment["TERM"] !== "dumb";
}
