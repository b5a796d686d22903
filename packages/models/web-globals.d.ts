// The few globals that every supported runtime has (browsers, Node.js, Bun, Deno, workers). This package is checked
// against ECMAScript and this list alone, so that nothing of Node.js or of the DOM slips in. Not part of the build:
// whoever imports the package brings the real declarations.

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  decode(bytes: Uint8Array): string;
}

declare const crypto: {
  getRandomValues<T extends Uint8Array | Uint32Array>(array: T): T;
  randomUUID(): string;
};

declare class URL {
  constructor(url: string, base?: string | URL);
  readonly href: string;
}

declare function atob(text: string): string;
declare function btoa(text: string): string;

declare const performance: { now(): number };

declare function setTimeout(run: () => void, delayMs?: number): object | number;
declare function clearTimeout(timer: unknown): void;
declare function queueMicrotask(run: () => void): void;
declare function structuredClone<T>(value: T): T;
