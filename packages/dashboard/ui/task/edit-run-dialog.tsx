import { useState, type ReactElement } from "react";
import type { ShownTask } from "../api/answers.ts";
import { pathPart, send, type ApiProblem } from "../api/request.ts";
import { ActionButton } from "../controls/action-button.tsx";
import { Dialog } from "../controls/dialog.tsx";
import { ProblemNote } from "../controls/notes.tsx";
import { navigate } from "../routes/current-route.ts";
import { taskPlace } from "../routes/task-place.ts";

const mostBytes = 262_144;

/** Runs the same kind with another input: a new task, that names this one as where it comes from. */
export function EditRunDialog({
  task,
  onClose,
}: {
  readonly task: ShownTask;
  readonly onClose: () => void;
}): ReactElement {
  const before = JSON.stringify(task.input ?? null, null, 2);
  const isTooLong = before.length > mostBytes;
  const [text, setText] = useState(isTooLong ? "" : before);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const mistake = isTooLong ? "This input is too long to be changed here." : mistakeIn(text);
  const run = (): void => {
    setBusy(true);
    send<{ readonly task: ShownTask }>(`tasks/${pathPart(task.id)}/copy`, { input: JSON.parse(text) as unknown }).then(
      (made) => {
        onClose();
        navigate(taskPlace(made.task.id));
      },
      (error: ApiProblem) => {
        setProblem(error);
        setBusy(false);
      },
    );
  };
  return (
    <Dialog
      title={`Run ${task.kind.slice(0, 80)} with another input`}
      isWide
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Leave it
          </button>
          <ActionButton look="primary" disabled={mistake !== null || isBusy} onClick={run}>
            Run
          </ActionButton>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <label className="flex flex-col gap-1">
          <span className="text-text-2">Input, as JSON</span>
          <textarea
            className="input mono h-72 resize-y"
            spellCheck={false}
            aria-invalid={mistake !== null}
            aria-describedby="edit-mistake"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
        <p id="edit-mistake" className="text-bad" role="status">
          {mistake}
        </p>
        {problem ? <ProblemNote problem={problem} /> : null}
      </div>
    </Dialog>
  );
}

function mistakeIn(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : "This is no JSON.";
  }
}
