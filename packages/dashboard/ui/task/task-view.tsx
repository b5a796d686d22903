import { bulkTaskKind } from "@millrace/models";
import { useState, type ReactElement } from "react";
import type { Aggregate, ShownTask } from "../api/answers.ts";
import { EmptyNote, Loading, ProblemNote } from "../controls/notes.tsx";
import { Tabs, type Tab } from "../controls/tabs.tsx";
import { atLeastText } from "../format/numbers.ts";
import { useLiveQuery } from "../live/use-live-query.ts";
import { useNow } from "../live/use-now.ts";
import { hrefOf } from "../routes/route.ts";
import { useHotkeys } from "../shell/hotkeys.ts";
import { Glyph } from "../state/glyph.tsx";
import { BulkPanel } from "./bulk-panel.tsx";
import { ErrorView } from "./error-view.tsx";
import { EventsView } from "./events-view.tsx";
import { JsonView } from "./json-view.tsx";
import { LogView } from "./log-view.tsx";
import { TaskFacts } from "./task-facts.tsx";
import { TaskHeader } from "./task-header.tsx";
import { TimelineChart } from "./timeline.tsx";
import { useAttempts, useExplanation, useSteps, useTask } from "./use-task.ts";
import { whatHappened } from "./what-happened.ts";

/** What is known of a task, wherever it is shown: a page of its own, or beside a list. Give each task a view of its own, by `key`. */
export function TaskView({
  taskId,
  isBeside = false,
}: {
  readonly taskId: string;
  /** It stands beside a list, whose page has its own title and its own use for `x`. */
  readonly isBeside?: boolean;
}): ReactElement {
  const { data: task, error, refetch } = useTask(taskId);
  const [wish, choose] = useState<TabName | null>(null);
  // Heard here, so that a key counts that is pressed while the task is still loading.
  useHotkeys({
    ...(isBeside ? {} : { [tabKeys.error]: () => choose("error") }),
    [tabKeys.input]: () => choose("input"),
    [tabKeys.output]: () => choose("output"),
    [tabKeys.log]: () => choose("log"),
    [tabKeys.events]: () => choose("events"),
  });
  if (error?.code === "TASK_NOT_FOUND" || error?.code === "TASK_ID_INVALID")
    return <Missing taskId={taskId} isPage={!isBeside} />;
  if (!task)
    return error ? (
      <ProblemNote problem={error} onAgain={() => void refetch()} />
    ) : (
      <Loading lines={10} label="The task is loading" />
    );
  return (
    <div className="@container flex flex-col gap-4">
      {error ? <ProblemNote problem={error} onAgain={() => void refetch()} /> : null}
      <TaskHeader task={task} isBeside={isBeside} />
      <Story task={task} />
      {task.kind === bulkTaskKind ? <BulkPanel task={task} /> : null}
      <div className="grid items-start gap-4 @min-[1000px]:grid-cols-2 @min-[1000px]:grid-rows-[auto_1fr]">
        <Course task={task} />
        <Values task={task} isBeside={isBeside} wish={wish} onChoose={choose} />
        <section className="panel" aria-label="Facts">
          <div className="panel-head">
            <h2 className="panel-title">Facts</h2>
          </div>
          <TaskFacts task={task} />
        </section>
      </div>
    </div>
  );
}

function Missing({ taskId, isPage }: { readonly taskId: string; readonly isPage: boolean }): ReactElement {
  return (
    <EmptyNote isPage={isPage} title="There is no such task">
      <p className="mono wrap-anywhere">{taskId.toWellFormed().slice(0, 200)}</p>
      <p className="mt-2">
        It was removed, has passed its time, or belongs to a tenant that is not yours.{" "}
        <a href={hrefOf({ page: "tasks" })}>Back to the list</a>.
      </p>
    </EmptyNote>
  );
}

const grounds = {
  bad: "bg-bad-soft",
  ok: "bg-ok-soft",
  warn: "bg-warn-soft",
  run: "bg-run-soft",
  idle: "bg-idle-soft",
};
const glyphs = { bad: "cross", ok: "check", warn: "triangle", run: "half", idle: "circle" } as const;

function Story({ task }: { readonly task: ShownTask }): ReactElement {
  const { data } = useExplanation(task.id);
  const now = useNow();
  const { tone, text, next } = whatHappened(task, data ?? null, now);
  return (
    <section
      aria-label="What happened"
      className={`flex gap-3 rounded-panel border border-line px-4 py-3 ${grounds[tone]}`}
    >
      <span className="pt-0.5">
        <Glyph name={glyphs[tone]} tone={tone} size={16} />
      </span>
      <div className="min-w-0">
        <p className="wrap-anywhere">{text}</p>
        <p className="text-text-2">
          {next}
          {task.state === "failed" && task.failureFingerprint !== null ? (
            <SameWay fingerprint={task.failureFingerprint} />
          ) : null}
        </p>
      </div>
    </section>
  );
}

function SameWay({ fingerprint }: { readonly fingerprint: string }): ReactElement | null {
  const q = `state:failed fingerprint:${fingerprint}`;
  const { data } = useLiveQuery<Aggregate>({
    queryKey: ["aggregate", q],
    path: "aggregate",
    query: { q },
    everyMs: 30_000,
  });
  if (!data || data.total.count < 2) return null;
  return (
    <>
      {" "}
      <a href={hrefOf({ page: "tasks", q })}>{atLeastText(data.total)} tasks failed the same way</a>
    </>
  );
}

function Course({ task }: { readonly task: ShownTask }): ReactElement {
  const now = useNow();
  const attempts = useAttempts(task.id);
  const steps = useSteps(task.id, 200);
  return (
    <TimelineChart
      task={task}
      attempts={attempts.data?.attempts ?? []}
      steps={steps.data?.steps ?? []}
      now={Math.max(now, task.updatedAt)}
    />
  );
}

const tabKeys = { error: "x", input: "i", output: "o", log: "l", events: "v" } as const;
type TabName = keyof typeof tabKeys;

function Values({
  task,
  isBeside,
  wish,
  onChoose,
}: {
  readonly task: ShownTask;
  readonly isBeside: boolean;
  readonly wish: TabName | null;
  readonly onChoose: (name: TabName) => void;
}): ReactElement {
  const [limit, setLimit] = useState(200);
  const steps = useSteps(task.id, limit);
  const lines = steps.data?.steps ?? [];
  const tabs: readonly Tab<TabName>[] = [
    ...(task.failure
      ? [{ name: "error", label: "Error", ...(isBeside ? {} : { hotkey: tabKeys.error }) } as const]
      : []),
    { name: "input", label: "Input", hotkey: tabKeys.input },
    { name: "output", label: "Result", hotkey: tabKeys.output },
    {
      name: "log",
      label: (
        <>
          Log{" "}
          {lines.length > 0 ? (
            <span className="text-text-3">
              {lines.length}
              {steps.data?.hasMore ? "+" : ""}
            </span>
          ) : null}
        </>
      ),
      hotkey: tabKeys.log,
    },
    { name: "events", label: "Events", hotkey: tabKeys.events },
  ];
  const isRunning = task.state === "running" || task.state === "stale";
  const usual =
    task.failure && !isRunning ? "error" : isRunning ? "log" : task.output === undefined ? "input" : "output";
  const chosen = wish !== null && tabs.some(({ name }) => name === wish) ? wish : usual;
  return (
    <section
      className="panel overflow-hidden @min-[1000px]:col-start-2 @min-[1000px]:row-span-2 @min-[1000px]:row-start-1"
      aria-label="Values"
    >
      <Tabs tabs={tabs} chosen={chosen} onChoose={onChoose} label="Values">
        {chosen === "error" && task.failure ? <ErrorView failure={task.failure} /> : null}
        {chosen === "input" ? <Value value={task.input} name="input" missing="It has no input." /> : null}
        {chosen === "output" ? (
          <Value
            value={task.output}
            name="result"
            missing={task.finishedAt === null ? "It has not ended." : "It gave no result."}
          />
        ) : null}
        {chosen === "log" ? (
          <LogView
            steps={lines}
            hasMore={steps.data?.hasMore ?? false}
            onMore={() => setLimit((now) => now + 1_000)}
            isLive={isRunning}
          />
        ) : null}
        {chosen === "events" ? <EventsView taskId={task.id} /> : null}
      </Tabs>
    </section>
  );
}

function Value({
  value,
  name,
  missing,
}: {
  readonly value: unknown;
  readonly name: string;
  readonly missing: string;
}): ReactElement {
  if (value === undefined) return <p className="px-4 py-8 text-center text-text-2">{missing}</p>;
  if (typeof value === "object" && value !== null && "unreadable" in value) {
    return <p className="px-4 py-8 text-center text-text-2">It is encrypted, and this process has no key for it.</p>;
  }
  return <JsonView value={value} name={name} />;
}
