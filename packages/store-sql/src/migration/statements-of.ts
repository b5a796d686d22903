/** The statements of a migration, one by one: none of ours holds a semicolon but at its end. */
export function statementsOf(sql: string): readonly string[] {
  return sql
    .replaceAll(/--.*$/gm, "")
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}
