import { useEffect, useId, useRef, type ReactElement, type ReactNode } from "react";

/** A dialog that keeps the focus until it closes, and gives it back. */
export function Dialog({
  title,
  onClose,
  children,
  footer,
  tone = "plain",
  isWide = false,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  readonly tone?: "plain" | "danger";
  readonly isWide?: boolean;
}): ReactElement {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      className={`dialog appear ${isWide ? "w-[min(760px,calc(100vw-32px))]!" : ""}`}
      onClose={onClose}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      <div className="flex max-h-[calc(100dvh-34px)] flex-col">
        <h2
          id={titleId}
          className={`border-b border-line px-5 py-3.5 text-lg ${tone === "danger" ? "bg-bad-soft text-bad" : ""}`}
        >
          {title}
        </h2>
        <div className="min-h-0 overflow-auto px-5 py-4">{children}</div>
        {footer === undefined ? null : (
          <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</div>
        )}
      </div>
    </dialog>
  );
}
