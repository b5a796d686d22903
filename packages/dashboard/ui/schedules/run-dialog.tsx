import { useState, type ReactElement } from "react";
import type { ShownSchedule } from "../api/answers.ts";
import { ActionButton } from "../controls/action-button.tsx";
import { Dialog } from "../controls/dialog.tsx";
import { lineText } from "../format/texts.ts";

/** Runs a schedule now, beside its times, with its own input or another. */
export function RunDialog({
  schedule,
  onClose,
  onRun,
}: {
  readonly schedule: ShownSchedule;
  readonly onClose: () => void;
  readonly onRun: (body: Readonly<Record<string, unknown>>) => void;
}): ReactElement {
  const [text, setText] = useState("");
  const input = parsed(text);
  return (
    <Dialog
      title={`Run ${lineText(schedule.id, 80)} now?`}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Leave it
          </button>
          <ActionButton
            look="primary"
            disabled={input === undefined}
            onClick={() => onRun(input ? { input: input.value } : {})}
          >
            Run now
          </ActionButton>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p>It runs once, beside its times: they stay as they are.</p>
        <label className="flex flex-col gap-1">
          <span className="text-text-2">Another input, as JSON; nothing = its own</span>
          <textarea
            className="input mono h-32 resize-y"
            spellCheck={false}
            aria-invalid={input === undefined}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
        {input === undefined ? <p className="text-bad">This is no JSON.</p> : null}
      </div>
    </Dialog>
  );
}

/** Null: nothing was said. Undefined: what was said is no JSON. */
function parsed(text: string): { readonly value: unknown } | null | undefined {
  if (text.trim() === "") return null;
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
