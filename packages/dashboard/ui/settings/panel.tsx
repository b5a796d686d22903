import type { ReactElement, ReactNode } from "react";

/** A panel of settings. */
export function Panel({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className="panel" aria-label={title}>
      <div className="panel-head">
        <h2 className="panel-title">{title}</h2>
      </div>
      <div className="flex flex-col gap-3 p-4">{children}</div>
    </section>
  );
}

/** A fact of a panel. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className="grid grid-cols-[112px_1fr] gap-2">
      <span className="text-text-2">{name}</span>
      <div className="min-w-0 wrap-anywhere">{children}</div>
    </div>
  );
}
