import type { AuditEntry } from "../api/answers.ts";

const columns = [
  "at",
  "user",
  "tenantId",
  "action",
  "target",
  "before",
  "after",
  "outcome",
  "why",
  "requestId",
] as const;

/** Entries as a table for a spreadsheet, which must not take a text for a formula. Pure. */
export function csvOf(entries: readonly AuditEntry[]): string {
  const rows = entries.map((entry) =>
    columns.map((name) => (name === "target" ? `${entry.target.type}:${entry.target.id}` : (entry[name] ?? ""))),
  );
  return [columns, ...rows].map((row) => row.map(cell).join(",")).join("\r\n");
}

function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
