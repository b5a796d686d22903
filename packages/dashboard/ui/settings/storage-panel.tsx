import type { ReactElement } from "react";
import type { Storage, TaskPage } from "../api/answers.ts";
import { useOverview } from "../api/use-overview.ts";
import { Ago } from "../controls/moment.tsx";
import { atLeastText, sizeText } from "../format/numbers.ts";
import { useLiveQuery } from "../live/use-live-query.ts";
import { hrefOf } from "../routes/route.ts";
import { Doctor } from "./doctor.tsx";
import { Fact } from "./panel.tsx";
import { Said } from "./said.tsx";
import { StorePanel } from "./store-panel.tsx";

const names: Readonly<Record<string, string>> = { memory: "In memory", sqlite: "SQLite", postgres: "Postgres" };

/** What the tasks are kept in. */
export function StoragePanel(): ReactElement {
  return (
    <StorePanel<Storage> title="Storage" path="storage">
      {(answer) => <Facts {...answer} />}
    </StorePanel>
  );
}

function Facts({ storage, findings }: Storage): ReactElement {
  const total = useOverview("1h").data?.counts.total;
  const { data: oldest } = useLiveQuery<TaskPage>({
    queryKey: ["oldest"],
    path: "tasks",
    query: { order: "created_asc", limit: 1 },
    everyMs: 30_000,
  });
  const [first] = oldest?.tasks ?? [];
  return (
    <>
      {storage ? (
        <Fact name="Kept in">
          {names[storage.type] ?? storage.type} {storage.version}
          {storage.type === "memory" ? ", and gone with the process" : ""}
        </Fact>
      ) : null}
      {total ? (
        <Fact name="Tasks">
          <p>
            <a href={hrefOf({ page: "tasks" })}>{atLeastText(total)}</a>
            {first ? (
              <>
                , the oldest made{" "}
                <a href={hrefOf({ page: "task", taskId: first.id })}>
                  <Ago at={first.createdAt} />
                </a>
              </>
            ) : null}
          </p>
        </Fact>
      ) : null}
      {typeof storage?.sizeBytes === "number" ? <Fact name="Size">{sizeText(storage.sizeBytes)}</Fact> : null}
      {storage && storage.schemaVersion !== null ? (
        <Fact name="Schema">
          {storage.schemaVersion === storage.schemaNeeded ? (
            <Said>Version {storage.schemaVersion}, as this process needs it</Said>
          ) : (
            <Said verdict="warning" fix="Deploy one version everywhere.">
              Version {storage.schemaVersion}; this process needs {storage.schemaNeeded}.
            </Said>
          )}
        </Fact>
      ) : null}
      {findings ? (
        <Fact name="Health">
          {findings.length === 0 ? <Said>Nothing to be done</Said> : null}
          {findings.map(({ message, fix }) => (
            <Said key={message} verdict="warning" fix={fix}>
              {message}
            </Said>
          ))}
        </Fact>
      ) : null}
      <Doctor />
    </>
  );
}
