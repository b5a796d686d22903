/** How many bytes a text has in UTF-8, without making them. A lone surrogate counts as the three bytes it is written as. */
export function byteLength(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      bytes += 1;
    } else if (unit >= 0xd800 && unit <= 0xdbff && isLow(text.charCodeAt(index + 1))) {
      // A pair: two units, four bytes.
      bytes += 2;
      index += 1;
    } else {
      bytes += 2;
    }
  }
  return bytes;
}

/** The text, or as much of its beginning as fits into so many UTF-8 bytes with an ellipsis; no character is broken. */
export function truncateBytes(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || byteLength(text) <= maxBytes) return text;
  const ellipsis = "…";
  let left = maxBytes - 3;
  let end = 0;
  for (const character of text) {
    left -= byteLength(character);
    if (left < 0) break;
    end += character.length;
  }
  return text.slice(0, end) + ellipsis;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
