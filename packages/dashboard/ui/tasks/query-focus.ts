import { navigate } from "../routes/current-route.ts";

let isAsked = false;

/** Puts the keyboard where a query is typed, and goes there first where that is on another page. */
export function focusQuery(): void {
  const box = document.getElementById("query");
  if (box) {
    box.focus();
    return;
  }
  isAsked = true;
  navigate({ page: "tasks" });
}

/** Whether somebody came for the query; told once. */
export function tookFocus(): boolean {
  const was = isAsked;
  isAsked = false;
  return was;
}
