/** Keeps tasks in Postgres, many processes and hosts at once. */
export function storePostgres(): string {
  return "@millrace/store-postgres";
}
