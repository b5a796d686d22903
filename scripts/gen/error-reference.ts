import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { ROOT } from "../workspace/read-workspace.ts";
import { type GeneratedFile, generatedFrom, markdownTable } from "./generated-file.ts";

const SOURCE = "packages/models/src/errors/error-codes.ts";

interface ErrorCodes {
  readonly errorCodes: Readonly<
    Record<
      string,
      { readonly status: number | null; readonly retryable: boolean; readonly summary: string; readonly fix: string }
    >
  >;
}

/** Every error code: what it means and how to get out of it. */
export async function errorReference(): Promise<readonly GeneratedFile[]> {
  if (!existsSync(`${ROOT}/${SOURCE}`)) return [];
  const { errorCodes } = (await import(pathToFileURL(`${ROOT}/${SOURCE}`).href)) as ErrorCodes;
  const rows = Object.entries(errorCodes)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, { status, retryable, summary, fix }]) => [
      `\`${code}\``,
      status === null ? "–" : String(status),
      retryable ? "yes" : "no",
      summary,
      fix,
    ]);
  const text = [
    generatedFrom(SOURCE),
    "",
    "# Error codes",
    "",
    "A `TaskError` and a `TaskFailure` carry one of these codes. Test by code, never by message.",
    "",
    markdownTable(["Code", "HTTP status", "Retryable", "Meaning", "What to do"], rows),
    "",
  ].join("\n");
  return [{ path: "docs/reference/errors.md", text }];
}
