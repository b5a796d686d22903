/** One text for several, such that no two different lists give the same. */
export function scopedKey(...parts: readonly string[]): string {
  return parts.map((part) => `${part.length}:${part}`).join("");
}
