import { useEffect, useState, type ReactElement } from "react";
import { shortId } from "../format/texts.ts";

/** Puts a text where it can be pasted from; on plain HTTP browsers keep the newer way to themselves. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "sr-only";
    document.body.append(area);
    area.select();
    const isDone = document.execCommand("copy");
    area.remove();
    return isDone;
  }
}

/** Copies, and says so for a moment. */
export function useCopy(): readonly [said: string | null, copy: (text: string) => void] {
  const [said, say] = useState<string | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => say(null), 1_500);
    return () => clearTimeout(timer);
  }, [said]);
  return [said, (text) => void copyText(text).then((isDone) => say(isDone ? "Copied" : "Could not copy"))];
}

/** An id in short; a click copies the whole. */
export function CopyId({ id, label = "id" }: { readonly id: string; readonly label?: string }): ReactElement {
  const [said, copy] = useCopy();
  return (
    <button
      type="button"
      className="mono -mx-1 min-h-6 rounded-control px-1 text-text-2 hover:bg-surface-3"
      title={`${id}, click to copy`}
      aria-label={`${said ?? shortId(id)}, copy ${label}`}
      onClick={() => copy(id)}
    >
      {said ?? shortId(id)}
    </button>
  );
}

/** A button that copies. */
export function CopyButton({
  text,
  children,
}: {
  readonly text: string | (() => string);
  readonly children: string;
}): ReactElement {
  const [said, copy] = useCopy();
  return (
    <button type="button" className="button" onClick={() => copy(typeof text === "string" ? text : text())}>
      <span aria-live="polite">{said ?? children}</span>
    </button>
  );
}
