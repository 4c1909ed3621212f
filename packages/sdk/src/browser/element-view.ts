import { type PictureView, WHOLE_VIEW } from "../picture-view.ts";

type PictureElement = HTMLVideoElement | HTMLCanvasElement;

/** A picture in a window of its own is at least as large as its tile; the browser tells its size once, when it opens. */
const DETACHED_EVENTS = ["enterpictureinpicture", "leavepictureinpicture"] as const;

/**
 * Tells where `element` is seen: now, and when that changes, until the signal is aborted. One that is in no document, as a
 * recording's, is always seen, in its `width` and `height`; without these it is for all of the picture.
 */
export function watchView(
  element: PictureElement,
  onView: (view: PictureView) => void,
  { signal }: { readonly signal: AbortSignal },
): void {
  let onScreen = true;
  let told = "";
  const tell = () => {
    const view = viewOf(element, onScreen);
    const text = JSON.stringify(view);
    if (signal.aborted || text === told) return;
    told = text;
    onView(view);
  };
  const size = new ResizeObserver(tell);
  const attributes = new MutationObserver(tell);
  const place = new IntersectionObserver((entries) => {
    onScreen = entries.at(-1)?.isIntersecting ?? true;
    tell();
  });
  size.observe(element);
  attributes.observe(element, { attributeFilter: ["width", "height"] });
  place.observe(element);
  document.addEventListener("visibilitychange", tell, { signal });
  for (const name of DETACHED_EVENTS) element.addEventListener(name, tell, { signal });
  signal.addEventListener("abort", () => {
    size.disconnect();
    attributes.disconnect();
    place.disconnect();
  });
  tell();
}

function viewOf(element: PictureElement, onScreen: boolean): PictureView {
  if (!element.isConnected) return viewInNoDocument(element);
  const { width, height } = element.getBoundingClientRect();
  const { defaultView, visibilityState } = element.ownerDocument;
  const scale = defaultView?.devicePixelRatio ?? 1;
  const size = { widthPx: Math.round(width * scale), heightPx: Math.round(height * scale) };
  if (inOwnWindow(element)) return { visible: true, size };
  // An observer of the page sees nothing of an element that was moved to another window.
  const seen = element.ownerDocument === document ? onScreen : true;
  return { visible: seen && visibilityState !== "hidden", size };
}

/** A canvas has always a width, which says nothing of how large it is wanted. */
function viewInNoDocument(element: PictureElement): PictureView {
  if (!(element instanceof HTMLVideoElement) || element.width === 0 || element.height === 0) return WHOLE_VIEW;
  return { visible: true, size: { widthPx: element.width, heightPx: element.height } };
}

function inOwnWindow(element: PictureElement): boolean {
  return element instanceof HTMLVideoElement && element.ownerDocument.pictureInPictureElement === element;
}
