/** What a base path may look like: `/meet`, `/tools/meet`. */
const BASE_PATH = /^(?:\/[A-Za-z0-9._~-]+)+$/;

/** `text` without a slash at the end; empty for the root. Throws RangeError when it is no path. */
export function checkedBasePath(text: string): string {
  const path = text.replace(/\/+$/, "");
  if (path !== "" && (!BASE_PATH.test(path) || /\/\.{1,2}(?:\/|$)/.test(path))) {
    throw new RangeError(`${text} is no path: it looks like /meet.`);
  }
  return path;
}

/**
 * The part of a request's URL behind the base path, which begins with a slash; undefined for the base path itself without
 * one: relative addresses on the page would lead elsewhere then. What is not below it stays: some proxies take it off.
 */
export function belowBasePath(url: string, basePath: string): string | undefined {
  if (basePath === "" || !url.startsWith(basePath)) return url;
  const rest = url.slice(basePath.length);
  if (rest === "" || rest.startsWith("?")) return undefined;
  return rest.startsWith("/") ? rest : url;
}
