/** An id as lists show it: the first four and the last three characters. */
export function shortId(id: string): string {
  return id.length <= 10 ? id : `${id.slice(0, 4)}…${id.slice(-3)}`;
}

/** A long name, cut in the middle: both ends of one tell it from others. */
export function middleText(text: string, most: number): string {
  const characters = Array.from(text);
  if (characters.length <= most) return text;
  const end = Math.floor((most - 1) / 2);
  return `${characters.slice(0, most - 1 - end).join("")}…${characters.slice(-end).join("")}`;
}

/**
 * A text from outside as one line: half characters become the sign for what cannot be shown, what would move the cursor or turn the
 * direction of writing becomes visible, and what comes after the end is counted.
 */
export function lineText(text: string, most: number = 2_000): string {
  const cut = text.length > most ? text.slice(0, most) : text;
  const shown = cut.toWellFormed().replaceAll(hidden, visible);
  return text.length > most ? `${shown}… +${(text.length - most).toLocaleString("en-US")}` : shown;
}

// Controls, marks that turn the direction of writing, and those that take no room.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 0x0a || code === 0x0d) return "⏎";
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "␡";
  return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
}
