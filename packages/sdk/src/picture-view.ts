/** Where a track is shown, as far as it matters for what is received of it. */
export interface PictureView {
  /** False while nobody can see it: hidden, scrolled away, or on a page in the background. Nothing is received then. */
  readonly visible: boolean;
  /** In pixels of the screen; undefined when it is wanted as large as it is. */
  readonly size: { readonly widthPx: number; readonly heightPx: number } | undefined;
}

/** What is not on a screen and has no size of its own: all of it, always. */
export const WHOLE_VIEW: PictureView = { visible: true, size: undefined };

/** One that serves all of them: seen where one is seen, and as large as the largest. */
export function commonView(views: readonly PictureView[]): PictureView {
  const seen = views.filter(({ visible }) => visible);
  if (seen.length === 0) return { visible: false, size: undefined };
  const sizes = seen.map(({ size }) => size);
  if (sizes.includes(undefined)) return WHOLE_VIEW;
  const most = (of: "widthPx" | "heightPx") => Math.max(...sizes.map((size) => size?.[of] ?? 0));
  return { visible: true, size: { widthPx: most("widthPx"), heightPx: most("heightPx") } };
}
