import type { PageFile } from "./page-files.ts";

/** Nothing inline, nothing from elsewhere, framed by nobody. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const everywhere: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/** The page itself: what it says of its mount may change with the next start, so nobody keeps it. */
export function htmlAnswer(html: string): Response {
  return new Response(html, {
    headers: {
      ...everywhere,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "cross-origin-opener-policy": "same-origin",
      "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
      "x-frame-options": "DENY",
      "cache-control": "no-store",
    },
  });
}

/** A file of the page, packed where there is a packed form and whoever asks reads that. */
export function fileAnswer({ type, bytes, gzipped, isLasting }: PageFile, acceptEncoding: string | null): Response {
  const isPacked = gzipped !== null && /\bgzip\b/.test(acceptEncoding ?? "");
  return new Response(isPacked ? gzipped : bytes, {
    headers: {
      ...everywhere,
      "content-type": type,
      "cache-control": isLasting ? "public, max-age=31536000, immutable" : "no-cache",
      ...(gzipped === null ? {} : { vary: "accept-encoding" }),
      ...(isPacked ? { "content-encoding": "gzip" } : {}),
    },
  });
}

/** `to` is relative: what a proxy has put before the path stays there. */
export function redirectAnswer(to: string): Response {
  return new Response(null, { status: 307, headers: { ...everywhere, location: to, "cache-control": "no-store" } });
}

/** A few words. */
export function textAnswer(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { ...everywhere, ...headers, "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  });
}
