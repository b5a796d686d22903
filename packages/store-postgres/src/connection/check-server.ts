import { TaskError } from "@millrace/models";
import type { Session } from "./session.ts";

// JSON over lists, `skip locked`, `xid8`: all there since 13; older ones than this are not tested.
const oldestVersion = 150_000;

/**
 * What must be known of a server before the first write.
 *
 * @throws `OPTION_INVALID` when a pooler stands between that was not told of, `STORE_READ_ONLY` when it only follows another, `DRIVER_UNSUPPORTED` when it is too old
 */
export async function checkServer(
  session: Session,
  { where, mayRelax, isPooled }: { readonly where: string; readonly mayRelax: boolean; readonly isPooled: boolean },
): Promise<void> {
  const [row] = await session.text(
    `select pg_is_in_recovery(), current_setting('synchronous_commit'), current_setting('server_version_num')::integer,
       current_setting('plan_cache_mode')`,
  );
  if (!isPooled && row?.[3] !== "force_generic_plan") {
    throw new TaskError("OPTION_INVALID", `Between here and ${where} something drops the settings of a connection.`, {
      details: { path: "pooler" },
      fix: 'Say pooler: "transaction", and give `listen` an address that leads past the pooler.',
    });
  }
  if (row?.[0] === true) {
    throw new TaskError("STORE_READ_ONLY", `${where} only follows another server, or is still recovering.`, {
      fix: "Connect to the primary server, or wait until this one is promoted.",
    });
  }
  if (Number(row?.[2]) < oldestVersion) {
    throw new TaskError("DRIVER_UNSUPPORTED", `${where} is older than Postgres 15.`, {
      fix: "Use Postgres 15 or newer.",
    });
  }
  if (row?.[1] === "off" && !mayRelax) {
    process.emitWarning(
      `${where} has synchronous_commit=off: a crash of the server may take tasks with it that were acknowledged.`,
      {
        code: "MILLRACE_SYNCHRONOUS_COMMIT_OFF",
        detail: "Set it to on for this user, or say relaxedDurability: true.",
      },
    );
  }
}
