/**
 * The moment of a statement, in milliseconds: what the parameter says (tests), else the database's clock. It is read when
 * it is asked for, so that whatever was waited for before lies behind it.
 */
export function nowSql(parameter: number): string {
  return `coalesce($${parameter}::bigint, ${databaseNow})`;
}

/** The database's clock in milliseconds. */
export const databaseNow = "floor(extract(epoch from clock_timestamp()) * 1000)::bigint";
