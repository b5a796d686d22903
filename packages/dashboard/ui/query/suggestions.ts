import { taskStates } from "@millrace/models";
import { quoted } from "./query-text.ts";

/** Something that may stand where somebody types. */
export interface Suggestion {
  /** What takes the place of the word. */
  readonly text: string;
  readonly about: string;
}

/** What is known for suggestions. */
export interface SuggestionWorld {
  readonly kinds: readonly string[];
  readonly hosts: readonly string[];
  readonly tags: readonly string[];
  readonly schedules: readonly string[];
}

/** What the suggestions are for. */
export interface SuggestionPlace {
  /** What they take the place of. */
  readonly from: number;
  readonly to: number;
  readonly suggestions: readonly Suggestion[];
}

const fields: readonly (readonly [name: string, about: string])[] = [
  ["kind:", "a kind; * stands for anything"],
  ["state:", "where it stands"],
  ["tag:", "a tag"],
  ["age:", "since it was made: <24h, 1h..2h"],
  ["took:", "how long it ran: >30s"],
  ["waited:", "how long it waited: >1m"],
  ["error:", "name, code or part of the message"],
  ["payload.", "payload.PATH: what stands in its input"],
  ["result.", "result.PATH: what stands in its output"],
  ["attempts:", "a number: 3, >2, 2..4"],
  ["host:", "who holds it"],
  ["key:", "a dedupe, concurrency or supersede key"],
  ["schedule:", "the schedule that made it"],
  ["parent:", "the task that made it"],
  ["id:", "an id, or how one begins"],
  ["reason:", "the code beside its status"],
  ["fingerprint:", "failures of one making"],
  ["priority:", "a number"],
];
const most = 8;

/** What may come next where the cursor stands. Pure. */
export function suggestionsAt(text: string, cursor: number, world: SuggestionWorld): SuggestionPlace {
  const before = text.slice(0, cursor);
  const from = Math.max(before.lastIndexOf(" "), before.lastIndexOf("\n")) + 1;
  const word = before.slice(from);
  const sign = word.startsWith("-") ? "-" : "";
  const bare = word.slice(sign.length);
  const colon = bare.indexOf(":");
  const found = colon === -1 ? ofFields(bare) : ofValues(bare.slice(0, colon), bare.slice(colon + 1), world);
  return { from, to: cursor, suggestions: found.slice(0, most).map((one) => ({ ...one, text: sign + one.text })) };
}

function ofFields(word: string): readonly Suggestion[] {
  return fields
    .filter(([name]) => name.startsWith(word.toLowerCase()) && name !== word)
    .map(([text, about]) => ({ text, about }));
}

function ofValues(field: string, value: string, world: SuggestionWorld): readonly Suggestion[] {
  const comma = value.lastIndexOf(",") + 1;
  const [head, part] = [value.slice(0, comma), value.slice(comma).replaceAll('"', "").toLowerCase()];
  return valuesOf(field, world)
    .filter((one) => one.toLowerCase().includes(part) && one !== part)
    .toSorted((one, other) => Number(other.toLowerCase().startsWith(part)) - Number(one.toLowerCase().startsWith(part)))
    .map((one) => ({ text: `${field}:${head}${quoted(one)} `, about: field }));
}

function valuesOf(field: string, { kinds, hosts, tags, schedules }: SuggestionWorld): readonly string[] {
  switch (field) {
    case "kind":
      return kinds;
    case "state":
      return taskStates;
    case "host":
      return hosts;
    case "tag":
      return tags;
    case "schedule":
      return schedules;
    case "age":
      return ["<15m", "<1h", "<24h", "<7d", ">1d"];
    case "took":
    case "waited":
      return [">1s", ">10s", ">1m", ">10m"];
    case "attempts":
      return [">1", ">=3", "0"];
    default:
      return [];
  }
}
