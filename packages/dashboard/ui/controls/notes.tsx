import type { ReactElement, ReactNode } from "react";
import type { ApiProblem } from "../api/request.ts";
import { Glyph } from "../state/glyph.tsx";

/** What went wrong, and the way out. */
export function ProblemNote({
  problem,
  onAgain,
}: {
  readonly problem: ApiProblem;
  readonly onAgain?: () => void;
}): ReactElement {
  return (
    <div role="alert" className="flex gap-3 rounded-panel border border-line bg-bad-soft px-4 py-3">
      <span className="pt-0.5">
        <Glyph name="triangle" tone="bad" size={16} />
      </span>
      <div className="min-w-0 grow">
        <p className="font-medium text-bad wrap-anywhere">{problem.message}</p>
        <p className="text-text-2 wrap-anywhere">{problem.fix}</p>
        <p className="mono pt-1 text-text-2">{problem.code}</p>
      </div>
      {onAgain === undefined ? null : (
        <button type="button" className="button self-start" onClick={onAgain}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Nothing is here, and what to do about that. */
export function EmptyNote({
  title,
  children,
  isPage = false,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  /** Nothing else is on the page. */
  readonly isPage?: boolean;
}): ReactElement {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-12 text-center">
      {isPage ? <h1 className="text-lg">{title}</h1> : <p className="text-sm font-semibold">{title}</p>}
      <div className="max-w-[52ch] text-text-2">{children}</div>
    </div>
  );
}

/** Grey lines in place of what is on its way; not for the blink of an eye. */
export function Loading({
  lines = 8,
  label = "Loading",
}: {
  readonly lines?: number;
  readonly label?: string;
}): ReactElement {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-3 p-4">
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className={`skeleton h-3.5 ${["w-full", "w-11/12", "w-4/5", "w-10/12"][index % 4]}`} />
      ))}
    </div>
  );
}
