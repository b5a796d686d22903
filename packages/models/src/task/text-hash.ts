/**
 * A short, stable hash of a text as 16 hexadecimal digits: for grouping and cache keys, never for secrets. Two runs of
 * FNV-1a over UTF-16 units with different starts, which is fast everywhere and needs no library.
 */
export function textHash(text: string): string {
  return half(text, 0x81_1c_9d_c5) + half(text, 0x2f_0b_44_c7);
}

function half(text: string, start: number): string {
  let hash = start;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01_00_01_93);
    // FNV alone leaves the low bits of short texts alike; folding the high ones in mixes them.
    hash ^= hash >>> 15;
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
