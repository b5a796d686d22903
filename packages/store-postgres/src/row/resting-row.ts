import type { TableNames } from "../connection/table-names.ts";

/** The ids of the tasks that a row of `resting` stands for. */
export const tasksOfRow = (row: string): string => `unnest(coalesce(${row}.ids, array[${row}.id]))`;

/** The tasks at rest, one by one: `t` is the row and `u.id` the task. */
export const restingTasks = (n: TableNames): string => `${n.resting} t cross join lateral ${tasksOfRow("t")} u(id)`;
