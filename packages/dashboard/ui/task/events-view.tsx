import { isTaskEvent } from "@millrace/models";
import type { ReactElement } from "react";
import { Columns, type Column } from "../controls/columns.tsx";
import { Clock } from "../controls/moment.tsx";
import { Loading, ProblemNote } from "../controls/notes.tsx";
import { lineText } from "../format/texts.ts";
import { useEvents } from "./use-task.ts";

const columns: readonly Column[] = [
  { name: "When", look: "w-28" },
  { name: "What" },
  { name: "Attempt", look: "w-20 end" },
  { name: "Host", look: "max-sm:hidden" },
];

/** What the journal has of a task, oldest first. */
export function EventsView({ taskId }: { readonly taskId: string }): ReactElement {
  const { data, error } = useEvents(taskId, true);
  if (error)
    return (
      <div className="p-4">
        <ProblemNote problem={error} />
      </div>
    );
  if (!data) return <Loading lines={5} />;
  if (data.status !== "events" || data.events.length === 0)
    return <p className="px-4 py-8 text-center text-text-2">The journal does not reach back to this task any more.</p>;
  return (
    <div className="max-h-[480px] overflow-auto" tabIndex={0} role="group" aria-label="Events">
      <table className="table">
        <Columns of={columns} />
        <tbody>
          {data.events.filter(isTaskEvent).map((event) => (
            <tr key={`${event.version} ${event.type}`}>
              <td className="text-text-2">
                <Clock at={event.at} />
              </td>
              <th scope="row">{event.type.replaceAll("_", " ")}</th>
              <td className="end">{event.attempt}</td>
              <td className="mono text-text-2 max-sm:hidden" title={event.hostId ?? ""}>
                {event.hostId === null ? "—" : lineText(event.hostId, 60)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
