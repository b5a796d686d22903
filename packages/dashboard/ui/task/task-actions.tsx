import { useState, type ReactElement } from "react";
import type { ShownTask, TaskAction } from "../api/answers.ts";
import { apiUrl, pathPart } from "../api/request.ts";
import { useObstacle } from "../api/use-about.ts";
import { ActionButton } from "../controls/action-button.tsx";
import { CopyButton } from "../controls/copy.tsx";
import { Dialog } from "../controls/dialog.tsx";
import { useHotkeys } from "../shell/hotkeys.ts";
import { asCurl, asCurlAction, asEnqueue, asTest } from "./copy-as.ts";
import { EditRunDialog } from "./edit-run-dialog.tsx";
import { useAct } from "./use-act.ts";

const words: Readonly<Record<TaskAction, string>> = {
  retry: "Retry",
  cancel: "Cancel",
  terminate: "Force to stop",
  remove: "Remove",
  signal: "Signal",
  pause: "Pause",
  resume: "Resume",
  reschedule: "Reschedule",
  "replace-input": "Replace input",
};
const inMenu: readonly TaskAction[] = ["retry", "cancel", "pause", "resume", "terminate", "remove"];

/** What can be done to a task: what the API allows as buttons, the rest with its reason. */
export function TaskActions({ task }: { readonly task: ShownTask }): ReactElement {
  const { can } = task.actions;
  const { busy, act } = useAct(task);
  const [open, setOpen] = useState<"more" | "remove" | "terminate" | "copy" | "edit" | null>(null);
  const noEnqueue = useObstacle("enqueue");
  const doIt = (action: TaskAction): void => {
    if (!can.includes(action)) return;
    if (action === "remove" || action === "terminate") setOpen(action);
    else act(action);
  };
  useHotkeys({ r: () => doIt("retry"), c: () => doIt("cancel"), e: () => setOpen(noEnqueue === null ? "edit" : null) });
  const main = (["resume", "retry", "cancel"] as const).filter((action) => can.includes(action)).slice(0, 2);
  const needsForce = task.cancelRequestedAt !== null && can.includes("terminate");
  return (
    <div className="flex flex-wrap items-center gap-2">
      {main.map((action, index) => (
        <ActionButton
          key={action}
          look={index === 0 && action !== "cancel" ? "primary" : "plain"}
          hotkey={action === "retry" ? "R" : action === "cancel" ? "C" : undefined}
          disabled={busy !== null}
          onClick={() => doIt(action)}
        >
          {words[action]}
        </ActionButton>
      ))}
      {needsForce ? (
        <ActionButton look="danger" disabled={busy !== null} onClick={() => setOpen("terminate")}>
          {words.terminate}
        </ActionButton>
      ) : null}
      <ActionButton hotkey="E" why={noEnqueue ?? undefined} onClick={() => setOpen("edit")}>
        Edit &amp; run
      </ActionButton>
      <ActionButton onClick={() => setOpen("copy")}>Copy as</ActionButton>
      <ActionButton aria-haspopup="dialog" onClick={() => setOpen("more")}>
        More
      </ActionButton>
      {open === "more" ? (
        <MoreDialog task={task} onAct={(action) => (setOpen(null), doIt(action))} onClose={() => setOpen(null)} />
      ) : null}
      {open === "copy" ? <CopyDialog task={task} onClose={() => setOpen(null)} /> : null}
      {open === "edit" ? <EditRunDialog task={task} onClose={() => setOpen(null)} /> : null}
      {open === "remove" || open === "terminate" ? (
        <SureDialog action={open} task={task} onClose={() => setOpen(null)} onAct={() => (setOpen(null), act(open))} />
      ) : null}
    </div>
  );
}

function MoreDialog({
  task,
  onAct,
  onClose,
}: {
  readonly task: ShownTask;
  readonly onAct: (action: TaskAction) => void;
  readonly onClose: () => void;
}): ReactElement {
  const { can, cannot } = task.actions;
  return (
    <Dialog title="What can be done" onClose={onClose}>
      <ul className="flex flex-col gap-2">
        {inMenu.map((action) => (
          <li key={action} className="flex items-center gap-3">
            <ActionButton
              className="w-36"
              look={action === "remove" || action === "terminate" ? "danger" : "plain"}
              disabled={!can.includes(action)}
              onClick={() => onAct(action)}
            >
              {words[action]}
            </ActionButton>
            <span className="text-text-2">{can.includes(action) ? "" : (cannot[action] ?? "Not now.")}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

const abouts = {
  remove: "The task is deleted with its steps and attempts. This cannot be taken back.",
  terminate:
    "It loses its lease now, and counts as cancelled. Its handler may still be at work on what it began: nobody can stop that from here.",
};

function SureDialog({
  action,
  task,
  onAct,
  onClose,
}: {
  readonly action: "remove" | "terminate";
  readonly task: ShownTask;
  readonly onAct: () => void;
  readonly onClose: () => void;
}): ReactElement {
  return (
    <Dialog
      title={`${words[action]}: ${task.kind.slice(0, 80)}?`}
      tone="danger"
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Leave it
          </button>
          <ActionButton look="danger" onClick={onAct}>
            {words[action]}
          </ActionButton>
        </>
      }
    >
      <p>{abouts[action]}</p>
    </Dialog>
  );
}

function CopyDialog({ task, onClose }: { readonly task: ShownTask; readonly onClose: () => void }): ReactElement {
  const url = apiUrl(`tasks/${pathPart(task.id)}`);
  const forms: readonly (readonly [name: string, about: string, text: string])[] = [
    ["Address", "This page, with this task.", location.href],
    ["cURL", "Reads the task. Add what signs you in.", asCurl(url)],
    ["cURL, retry", "Runs it again.", asCurlAction(`${url}/retry`)],
    ["Code", "Enqueues the same again.", asEnqueue(task)],
    ["Test", "Runs the same input through your handler.", asTest(task)],
  ];
  return (
    <Dialog title="Copy as" onClose={onClose} isWide>
      <ul className="flex flex-col gap-3">
        {forms.map(([name, about, text]) => (
          <li key={name} className="flex flex-col gap-1.5">
            <div className="flex items-center gap-3">
              <span className="font-medium">{name}</span>
              <span className="text-text-2">{about}</span>
              <span className="ml-auto">
                <CopyButton text={text}>Copy</CopyButton>
              </span>
            </div>
            <pre className="mono max-h-32 overflow-auto rounded-panel bg-surface-2 p-2" tabIndex={0}>
              {text.toWellFormed().slice(0, 4_000)}
            </pre>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
