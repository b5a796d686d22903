import type { ResolvedDashboard } from "../dashboard-options.ts";
import { fileAnswer, htmlAnswer, redirectAnswer, textAnswer } from "./page-answers.ts";
import type { PageFiles } from "./page-files.ts";
import { pageHtml } from "./page-html.ts";
import { placeOf, type Place } from "./place-of.ts";

/** Makes the handler; the files of the page are read when somebody first asks for them. */
export function createPageHandler(
  { api, basePath, page }: ResolvedDashboard,
  readFiles: () => Promise<PageFiles>,
): (request: Request) => Promise<Response> {
  let reading: Promise<PageFiles> | null = null;
  const files = async (): Promise<PageFiles> => {
    reading ??= readFiles();
    try {
      return await reading;
    } catch (error) {
      // Whoever builds it later need not start the process again.
      reading = null;
      throw error;
    }
  };
  return async (request) => {
    const { pathname } = new URL(request.url);
    const place = placeOf(pathname, basePath);
    if (place.type === "api") return api(request);
    if (place.type === "unknown") return textAnswer(404, "There is nothing under this path.");
    if (request.method !== "GET" && request.method !== "HEAD") {
      return textAnswer(405, "The page is read with GET.", { allow: "GET, HEAD" });
    }
    try {
      return served(request, place, { files: await files(), page });
    } catch {
      return textAnswer(503, "The page of this dashboard has not been built: run `pnpm build`.");
    }
  };
}

type PagePlace = Extract<Place, { readonly name: string }>;

function served(
  request: Request,
  place: PagePlace,
  { files, page }: { readonly files: PageFiles; readonly page: ResolvedDashboard["page"] },
): Response {
  if (place.type === "page") return htmlAnswer(pageHtml(files.index, page));
  const file = files.byName.get(place.name);
  if (file) return fileAnswer(file, request.headers.get("accept-encoding"));
  const last = place.name.slice(place.name.lastIndexOf("/") + 1);
  // A name without a dot may be the mount itself, asked for without its slash: the page's own links need one.
  return last.includes(".") ? textAnswer(404, "There is no such file.") : redirectAnswer(`./${last}/`);
}
