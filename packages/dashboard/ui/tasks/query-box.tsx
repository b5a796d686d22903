import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement } from "react";
import type { ApiProblem } from "../api/request.ts";
import { Icon } from "../shell/icons.tsx";
import { termsOf, withoutTerm } from "../query/query-text.ts";
import { suggestionsAt } from "../query/suggestions.ts";
import { tookFocus } from "./query-focus.ts";
import { useSuggestionWorld } from "./use-suggestion-world.ts";

/** Where a query is typed: it suggests, it says where it is wrong, and it never throws away what was typed. */
export function QueryBox({
  q,
  onQuery,
  problem,
}: {
  readonly q: string;
  readonly onQuery: (q: string) => void;
  readonly problem: ApiProblem | null;
}): ReactElement {
  const [text, setText] = useState(q);
  const [cursor, setCursor] = useState(q.length);
  const [isOpen, open] = useState(false);
  const [active, setActive] = useState(-1);
  const listId = useId();
  useEffect(() => setText(q), [q]);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (tookFocus()) box.current?.focus();
  }, []);
  const place = suggestionsAt(text, cursor, useSuggestionWorld());
  const shown = isOpen ? place.suggestions : [];
  const take = (index: number): void => {
    const suggestion = shown[index];
    if (!suggestion) return;
    const next = text.slice(0, place.from) + suggestion.text + text.slice(place.to);
    setText(next);
    setCursor(place.from + suggestion.text.length);
    setActive(-1);
  };
  const onKey = (event: KeyboardEvent): void => {
    const isArrow = event.key === "ArrowDown" || event.key === "ArrowUp";
    if (isArrow && place.suggestions.length > 0) {
      event.preventDefault();
      open(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((now) => (now + step + place.suggestions.length + 1) % (place.suggestions.length + 1) || 0);
    } else if (event.key === "Enter" || (event.key === "Tab" && active >= 0 && shown.length > 0)) {
      event.preventDefault();
      if (active >= 0 && shown[active]) return take(active);
      open(false);
      onQuery(text.trim());
    } else if (event.key === "Escape") {
      open(false);
      setActive(-1);
    }
  };
  return (
    <div className="relative">
      <div className="flex items-center gap-2">
        <label className="relative grow">
          <span className="sr-only">Search tasks</span>
          <span className="absolute top-2 left-2.5 text-text-3">
            <Icon name="search" />
          </span>
          <input
            ref={box}
            id="query"
            type="text"
            className="input mono pl-8!"
            placeholder="kind:billing.* state:failed age:<24h"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            role="combobox"
            aria-expanded={shown.length > 0}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={active >= 0 && shown[active] ? `${listId}-${active}` : undefined}
            aria-invalid={problem !== null}
            aria-describedby={`${listId}-note`}
            value={text}
            onChange={({ target }) => {
              setText(target.value);
              setCursor(target.selectionStart ?? target.value.length);
              open(true);
              setActive(-1);
            }}
            onSelect={({ currentTarget }) => setCursor(currentTarget.selectionStart ?? text.length)}
            onFocus={() => open(true)}
            onBlur={() => {
              open(false);
              if (text.trim() !== q) onQuery(text.trim());
            }}
            onKeyDown={onKey}
          />
        </label>
        {text === "" ? null : (
          <button
            type="button"
            className="button"
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => (setText(""), onQuery(""))}
          >
            Clear
          </button>
        )}
      </div>
      <ul
        id={listId}
        role="listbox"
        aria-label="Suggestions"
        className={`popover absolute top-10 z-20 max-h-80 min-w-72 overflow-auto py-1 ${shown.length === 0 ? "hidden" : ""}`}
      >
        {shown.map((suggestion, index) => (
          <li
            key={suggestion.text}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === active}
            className={`flex cursor-pointer items-baseline gap-4 px-3 py-1 ${index === active ? "bg-accent-soft" : "hover:bg-surface-2"}`}
            onMouseDown={(event) => {
              event.preventDefault();
              take(index);
            }}
          >
            <span className="mono">{suggestion.text}</span>
            <span className="ml-auto text-text-3">{suggestion.about}</span>
          </li>
        ))}
      </ul>
      <p
        id={`${listId}-note`}
        className={`mt-1 ${problem ? "text-bad" : "sr-only"}`}
        role={problem ? "alert" : undefined}
      >
        {problem ? (
          <Mistake problem={problem} q={q} />
        ) : (
          "Terms are joined by and; commas mean or; a minus negates. A free word is how an id begins, a part of the kind, or a tag."
        )}
      </p>
      <Terms q={q} onQuery={onQuery} />
    </div>
  );
}

function Mistake({ problem, q }: { readonly problem: ApiProblem; readonly q: string }): ReactElement {
  const { place } = problem;
  return (
    <>
      {place ? (
        <span className="mono mr-2 rounded-control bg-bad-soft px-1">
          {q.slice(Math.max(0, place.at - 12), place.at)}
          <mark className="bg-transparent font-bold text-bad underline decoration-wavy">
            {q.slice(place.at, place.at + place.length)}
          </mark>
        </span>
      ) : null}
      {problem.message} {problem.fix.includes("`at`") ? "" : problem.fix}
    </>
  );
}

function Terms({ q, onQuery }: { readonly q: string; readonly onQuery: (q: string) => void }): ReactElement | null {
  const terms = termsOf(q);
  if (terms.length < 2) return null;
  return (
    <ul aria-label="Terms of the search" className="mt-1.5 flex flex-wrap gap-1">
      {terms.map(({ text, at }) => (
        <li key={at}>
          <button
            type="button"
            className="chip mono h-6! bg-surface-3 text-text-2 hover:text-text"
            aria-label={`Take ${text} out`}
            onClick={() => onQuery(withoutTerm(q, at))}
          >
            <span className="max-w-64 truncate">{text}</span> <span aria-hidden="true">✕</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
