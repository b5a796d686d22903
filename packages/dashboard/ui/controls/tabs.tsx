import { useId, type KeyboardEvent, type ReactElement, type ReactNode } from "react";

/** One of several views of a thing. */
export interface Tab<Name extends string> {
  readonly name: Name;
  readonly label: ReactNode;
  readonly hotkey?: string;
}

/** Tabs as the keyboard knows them: one stop, arrows between. */
export function Tabs<Name extends string>({
  tabs,
  chosen,
  onChoose,
  label,
  children,
}: {
  readonly tabs: readonly Tab<Name>[];
  readonly chosen: Name;
  readonly onChoose: (name: Name) => void;
  readonly label: string;
  readonly children: ReactNode;
}): ReactElement {
  const id = useId();
  const move = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const at = tabs.findIndex(({ name }) => name === chosen);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    onChoose(next.name);
    document.getElementById(`${id}-${next.name}`)?.focus();
  };
  return (
    <>
      <div role="tablist" aria-label={label} className="scroll-x flex gap-1 border-b border-line px-2" onKeyDown={move}>
        {tabs.map(({ name, label: text, hotkey }) => (
          <button
            key={name}
            id={`${id}-${name}`}
            role="tab"
            type="button"
            aria-selected={name === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={name === chosen ? 0 : -1}
            {...(hotkey ? { "aria-keyshortcuts": hotkey } : {})}
            className={`-mb-px flex h-10 items-center gap-1.5 border-b-2 px-2.5 font-medium whitespace-nowrap ${name === chosen ? "border-accent text-text" : "border-transparent text-text-2 hover:text-text"}`}
            onClick={() => onChoose(name)}
          >
            {text}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`} tabIndex={-1}>
        {children}
      </div>
    </>
  );
}
