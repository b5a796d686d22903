/** The kind whose tasks do something to every task of a query. Kinds that begin with `millrace.` are refused to users. */
export const bulkTaskKind = "millrace.bulk";
