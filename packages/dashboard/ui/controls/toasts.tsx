import { createContext, use, useCallback, useMemo, useRef, useState, type ReactElement, type ReactNode } from "react";

/** What is said for a while at the edge of the page. */
export interface Toast {
  readonly text: ReactNode;
  readonly tone?: "plain" | "bad";
  readonly action?: { readonly label: string; readonly run: () => void };
  /** @defaultValue 6_000 */
  readonly ms?: number;
}

const ToastContext = createContext<(toast: Toast) => void>(() => {});

/** Says something at the edge of the page. */
export function useToast(): (toast: Toast) => void {
  return use(ToastContext);
}

/** Room for what is said, above everything but a dialog. */
export function ToastProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const [toasts, setToasts] = useState<readonly (Toast & { readonly id: number })[]>([]);
  const last = useRef(0);
  const drop = useCallback((id: number) => setToasts((all) => all.filter((one) => one.id !== id)), []);
  const say = useCallback(
    (toast: Toast) => {
      last.current += 1;
      const id = last.current;
      setToasts((all) => [...all.slice(-2), { ...toast, id }]);
      setTimeout(() => drop(id), toast.ms ?? 6_000);
    },
    [drop],
  );
  const value = useMemo(() => say, [say]);
  return (
    <ToastContext value={value}>
      {children}
      <div
        role="status"
        aria-live="polite"
        className="pointer-events-none fixed inset-x-4 bottom-16 z-40 flex flex-col items-center gap-2 md:bottom-6"
      >
        {toasts.map(({ id, text, tone = "plain", action }) => (
          <div
            key={id}
            className={`popover appear pointer-events-auto flex max-w-xl items-center gap-3 px-4 py-2.5 ${tone === "bad" ? "text-bad" : ""}`}
          >
            <span className="wrap-anywhere">{text}</span>
            {action ? (
              <button
                type="button"
                className="button shrink-0"
                onClick={() => {
                  action.run();
                  drop(id);
                }}
              >
                {action.label}
              </button>
            ) : null}
            <button
              type="button"
              aria-label="Close"
              className="min-h-6 min-w-6 text-text-3 hover:text-text"
              onClick={() => drop(id)}
            >
              ✕
            </button>
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
