import { useState, type KeyboardEvent, type PointerEvent, type ReactElement } from "react";
import { usePreferences } from "../settings/preferences.ts";

const [least, most] = [400, 900];
const within = (width: number): number => Math.round(Math.min(most, Math.max(least, width)));

/** How wide the inspector is, and the edge that it is made wider by: with the pointer, or with arrows. */
export function useSplitter(): readonly [width: number, splitter: ReactElement] {
  const [{ inspectorWidth }, change] = usePreferences();
  const [dragged, drag] = useState<number | null>(null);
  const width = within(dragged ?? inspectorWidth);
  const onKey = ({ key }: KeyboardEvent): void => {
    if (key === "ArrowLeft") change({ inspectorWidth: within(width + 20) });
    if (key === "ArrowRight") change({ inspectorWidth: within(width - 20) });
  };
  const onMove = ({ currentTarget, pointerId, clientX }: PointerEvent): void => {
    if (currentTarget.hasPointerCapture(pointerId)) drag(document.documentElement.clientWidth - clientX);
  };
  const onEnd = (): void => {
    change({ inspectorWidth: width });
    drag(null);
  };
  const splitter = (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the inspector"
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      className="absolute inset-y-0 -left-1 z-10 w-2 cursor-col-resize touch-none hover:bg-surface-3"
      onKeyDown={onKey}
      onPointerDown={({ currentTarget, pointerId }) => currentTarget.setPointerCapture(pointerId)}
      onPointerMove={onMove}
      onLostPointerCapture={onEnd}
    />
  );
  return [width, splitter];
}
