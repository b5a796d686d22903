/** A piece of a line: words, or an address that one may go to. */
export type LinkPart = { readonly text: string; readonly href: string | null };

/** Finds the addresses in a text: only those of the web, each as it will be opened. Pure, in one pass. */
export function linkParts(text: string): readonly LinkPart[] {
  const parts: LinkPart[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(/https?:\/\/[^\s"'<>`\\^{|}]{1,2000}/g)) {
    const address = found.replace(/[.,;:!?)\]]+$/, "");
    if (!URL.canParse(address)) continue;
    if (index > from) parts.push({ text: text.slice(from, index), href: null });
    parts.push({ text: address, href: new URL(address).href });
    from = index + address.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), href: null });
  return parts;
}
