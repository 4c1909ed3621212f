/** Browsers by where they hide the permission of a page. */
export type BrowserFamily = "chromium" | "firefox" | "safari" | "ios" | "android";

/** The family of a browser by its user agent string: good enough to say where to click, and for nothing else. */
export function browserFamily(userAgent: string): BrowserFamily {
  if (/Android/.test(userAgent)) return "android";
  if (/iPhone|iPad|iPod/.test(userAgent)) return "ios";
  if (/Firefox\//.test(userAgent)) return "firefox";
  return /Safari\//.test(userAgent) && !/Chrom(?:e|ium)\//.test(userAgent) ? "safari" : "chromium";
}
