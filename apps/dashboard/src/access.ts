import { createHash, timingSafeEqual } from "node:crypto";
import type { TaskHttpGrant } from "@millrace/http";

/** Who asks; null = nobody we know. */
export type Doorkeeper = (request: Request) => TaskHttpGrant | null;

const loopbackNames: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether an address is reached from this machine only. */
export function isLoopback(hostname: string): boolean {
  return loopbackNames.has(hostname) || hostname === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

/**
 * Lets in whoever brings the token, as `Authorization: Bearer` or as the password of a browser's own dialog, whose name is then the
 * user's. Without a token it lets in whoever asks for this machine by a name of its own: a page elsewhere may have its name
 * resolve to this machine, but its requests carry that name.
 */
export function createDoorkeeper(token: string | null): Doorkeeper {
  if (token === null) return (request) => (isOwnName(request) ? { user: "local", can: "everything" } : null);
  const wanted = digest(token);
  return (request) => {
    const given = credentials(request.headers.get("authorization") ?? "");
    if (given === null || !timingSafeEqual(digest(given.token), wanted)) return null;
    return { user: given.user, can: "everything" };
  };
}

function isOwnName(request: Request): boolean {
  const host = request.headers.get("host") ?? new URL(request.url).host;
  return URL.canParse(`http://${host}`) && isLoopback(new URL(`http://${host}`).hostname);
}

function credentials(header: string): { readonly user: string; readonly token: string } | null {
  const [, scheme = "", value = ""] = /^(Bearer|Basic) +(\S{1,4000})$/i.exec(header) ?? [];
  if (scheme.toLowerCase() === "bearer") return { user: "token", token: value };
  if (scheme === "") return null;
  const text = Buffer.from(value, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon === -1) return null;
  const user = text.slice(0, Math.min(colon, 200)).replaceAll(/[^\p{L}\p{N}@._ -]/gu, "?");
  return { user: user === "" ? "token" : user, token: text.slice(colon + 1) };
}

/** Of equal length, so that comparing takes the same time whatever was given. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
