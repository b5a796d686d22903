import { useRef, useState, type PointerEvent } from "react";

/** A part of a width, from 0 to 1. */
export type Share = readonly [from: number, to: number];

/** What a span is dragged over. */
export interface Brush {
  /** What is dragged over now. */
  readonly dragged: Share | null;
  readonly handlers: Readonly<
    Record<"onPointerDown" | "onPointerMove" | "onPointerUp" | "onPointerCancel", (event: PointerEvent) => void>
  >;
}

/** Before that many px it is a click. */
const leastPx = 5;

/** A span that is dragged with the pointer over what bears `data-brush` within an element, or over the element itself. */
export function useBrush(onSpan: (span: Share) => void): Brush {
  const startX = useRef<number | null>(null);
  // The pointer may be lifted before what it was moved to has been drawn.
  const latest = useRef<Share | null>(null);
  const [dragged, draw] = useState<Share | null>(null);
  const drag = (span: Share | null): void => {
    latest.current = span;
    draw(span);
  };
  const end = (): void => {
    startX.current = null;
    drag(null);
  };
  return {
    dragged,
    handlers: {
      onPointerDown(event) {
        const { left, right } = areaOf(event);
        const isOver = event.clientX >= left && event.clientX <= right;
        startX.current = isOver && event.button === 0 ? event.clientX : null;
      },
      onPointerMove(event) {
        const { current: start } = startX;
        if (start === null || (latest.current === null && Math.abs(event.clientX - start) < leastPx)) return;
        // Not before it is a drag: whoever captures the pointer gets its clicks too.
        event.currentTarget.setPointerCapture(event.pointerId);
        const { left, width } = areaOf(event);
        const share = (x: number): number => Math.min(1, Math.max(0, (x - left) / width));
        drag([share(Math.min(start, event.clientX)), share(Math.max(start, event.clientX))]);
      },
      onPointerUp() {
        if (latest.current) onSpan(latest.current);
        end();
      },
      onPointerCancel: end,
    },
  };
}

function areaOf({ currentTarget }: PointerEvent): DOMRect {
  return (currentTarget.querySelector("[data-brush]") ?? currentTarget).getBoundingClientRect();
}
