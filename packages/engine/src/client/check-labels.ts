import { normalizeTaskChannels, toJsonText, type EnqueueOptions, type JsonObject } from "@millrace/models";
import { checkText, hasControl, optionError, shown } from "./option-check.ts";
import { fits } from "./value-codec.ts";

const maxMetadataBytes = 4_096;
const maxTags = 16;
const maxTagLength = 200;
const maxChannels = 32;
const maxContextBytes = 4_096;
const maxLogKeys = 10;
const maxLogBytes = 1_024;

/** @throws `METADATA_INVALID` unless it is a JSON object of at most 4 KiB. */
export function checkMetadata(metadata: JsonObject, path: string = "options.metadata"): JsonObject {
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) {
    throw optionError(path, `must be an object, got ${shown(metadata)}`, "METADATA_INVALID");
  }
  const answer = toJsonText(metadata, { path });
  if ("problem" in answer) throw optionError(answer.problem.path, answer.problem.why, "METADATA_INVALID");
  if (!fits(answer.text, maxMetadataBytes)) {
    throw optionError(path, `is larger than ${maxMetadataBytes} bytes as JSON`, "METADATA_INVALID");
  }
  // What is kept is what JSON says of it: the caller may change its object at once.
  return JSON.parse(answer.text) as JsonObject;
}

/** @throws `METADATA_INVALID` for more than 16 tags, or one that is empty or longer than 200 characters. */
export function checkTags(tags: readonly string[]): readonly string[] {
  const once = [
    ...new Set(
      tags.map((tag, index) =>
        checkText(`options.tags[${index}]`, tag, { maxLength: maxTagLength, code: "METADATA_INVALID" }),
      ),
    ),
  ];
  if (once.length <= maxTags) return once;
  throw optionError(
    "options.tags",
    `may hold at most ${maxTags} tags with those of searchable paths, got ${once.length}`,
    "METADATA_INVALID",
  );
}

/** @throws `METADATA_INVALID` */
export function checkChannels(channels: readonly string[]): readonly string[] {
  for (const [index, channel] of channels.entries()) {
    if (typeof channel !== "string") {
      throw optionError(`options.channels[${index}]`, `must be a text, got ${shown(channel)}`, "METADATA_INVALID");
    }
  }
  const once = normalizeTaskChannels(channels);
  if (once.length <= maxChannels) return once;
  throw optionError(
    "options.channels",
    `may hold at most ${maxChannels} channels, got ${once.length}`,
    "METADATA_INVALID",
  );
}

type Strings = Readonly<Record<string, string>>;

/** Named strings restored around the handler: at most 4 KiB. @throws `METADATA_INVALID` */
export function checkContext(context: Strings): Strings {
  return checkStrings("options.context", context, maxContextBytes);
}

/** Named strings for log lines: at most 10, at most 1 KiB. @throws `METADATA_INVALID` */
export function checkLogContext(context: Strings): Strings {
  const kept = checkStrings("options.logContext", context, maxLogBytes);
  const count = Object.keys(kept).length;
  if (count <= maxLogKeys) return kept;
  throw optionError("options.logContext", `may hold at most ${maxLogKeys} names, got ${count}`, "METADATA_INVALID");
}

/** @throws `METADATA_INVALID` unless it is a W3C trace parent. */
export function checkTraceParent(value: EnqueueOptions["traceParent"]): string | null {
  if (value === undefined) return null;
  if (typeof value === "string" && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(value)) return value;
  throw optionError(
    "options.traceParent",
    "must be a W3C traceparent such as 00-<32 hex>-<16 hex>-01",
    "METADATA_INVALID",
  );
}

function checkStrings(path: string, value: Strings, maxBytes: number): Strings {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw optionError(path, `must be an object of texts, got ${shown(value)}`, "METADATA_INVALID");
  }
  const kept: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    if (name === "__proto__" || hasControl(name))
      throw optionError(path, "has a name that is not allowed", "METADATA_INVALID");
    if (typeof text !== "string" || !text.isWellFormed()) {
      throw optionError(`${path}.${name}`, `must be a text, got ${shown(text)}`, "METADATA_INVALID");
    }
    kept[name] = text;
  }
  if (fits(JSON.stringify(kept), maxBytes)) return kept;
  throw optionError(path, `is larger than ${maxBytes} bytes as JSON`, "METADATA_INVALID");
}
