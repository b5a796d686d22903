import { thinOutline } from "./thin-outline.ts";

/**
 * Makes a drawing of Vega fit to stand inside a page: the page's fonts instead of its own, no fixed size, no names and
 * roles (the page says in words what the drawing shows), nothing invisible, and no detail finer than eyes can tell
 * apart. It takes the text as Vega writes it, attributes in double quotes; it is no general reader of SVG.
 */
export function cleanSvg(svg: string): string {
  return svg
    .replace(/^[^]*?<svg[^>]*? viewBox="([^"]+)"[^>]*>/, '<svg viewBox="$1" aria-hidden="true">')
    .replaceAll(invisibleElements, "")
    .replaceAll(emptyPaths, "")
    .replaceAll(/<[a-z][^>]*>/g, cleanTag)
    .replaceAll(circlePaths, '<circle cx="$1" cy="$2" r="$3"$4/>')
    .replaceAll(likeCircles, (run, attributes: string) => `<g${attributes}>${run.replaceAll(attributes, "")}</g>`)
    .replaceAll(/ d="(M[^"]{200,})"/g, (_whole, path: string) => ` d="${thinOutline(path)}"`);
}

/** Labels that Vega laid out and then hid because another one is in their place, and what it never shows. */
const invisibleElements = /<text[^>]* opacity="0"[^>]*>[^<]*<\/text>|<path[^>]* display="none"\/>/g;
/** Backgrounds and groups that are drawn with neither fill nor stroke. */
const emptyPaths = /<path(?=[^>]* d="(?:M0,0h[^"]*)?")(?![^>]* (?:fill|stroke)="(?!none"))[^>]*\/>/g;
/** Vega draws a dot as two arcs around the origin, moved into place. */
const circlePaths =
  /<path transform="translate\(([-\d.]+),([-\d.]+)\)" d="M([\d.]+),0A\3,\3,0,1,1,-\3,0A\3,\3,0,1,1,\3,0"([^>]*)\/>/g;

/** Neighbours that look the same say so once, around all of them: a map has thousands. */
const likeCircles =
  /<circle cx="[-\d.]+" cy="[-\d.]+" r="[\d.]+"([^>]*)\/>(?:<circle cx="[-\d.]+" cy="[-\d.]+" r="[\d.]+"\1\/>)+/g;

const unwantedAttributes =
  / (?:class|role|aria-roledescription|aria-label|font-family|xmlns(?::xlink)?|pointer-events|stroke-miterlimit)="[^"]*"/g;
const defaultAttributes = / (?:opacity="1"|stroke-width="0"|[xy]2="0"|transform="translate\(0,0\)")/g;

function cleanTag(tag: string): string {
  if (tag.startsWith("<svg")) return tag;
  const visible = tag.includes(" stroke=") ? tag : tag.replace(/ stroke-width="[^"]*"/, "");
  return visible
    .replaceAll(unwantedAttributes, "")
    .replaceAll(/ aria-hidden="true"/g, "")
    .replaceAll(/-?\d+\.\d{2,}(?:e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(1)) || 0))
    .replaceAll(defaultAttributes, "");
}
