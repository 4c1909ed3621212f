/** The brightness of a picture that was shown, without padding, in base64. */
export interface PictureSample {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly luma: string;
}

/** Formats whose first plane is the brightness. */
const PLANAR = /^(I420|NV12)/;

/** What `element` shows now; undefined where there is nothing, or nothing that can be read without colours being changed. */
export async function samplePicture(element: HTMLVideoElement): Promise<PictureSample | undefined> {
  if (element.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return undefined;
  const frame = new VideoFrame(element);
  try {
    if (!frame.visibleRect || !PLANAR.test(frame.format ?? "")) return undefined;
    const { width: widthPx, height: heightPx } = frame.visibleRect;
    const data = new Uint8Array(frame.allocationSize());
    const [plane] = await frame.copyTo(data);
    if (plane === undefined) return undefined;
    const luma = new Uint8Array(widthPx * heightPx);
    for (let row = 0; row < heightPx; row++) {
      const start = plane.offset + row * plane.stride;
      luma.set(data.subarray(start, start + widthPx), row * widthPx);
    }
    return { widthPx, heightPx, luma: await base64(luma) };
  } finally {
    frame.close();
  }
}

async function base64(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const reader = new FileReader();
  reader.readAsDataURL(new Blob([bytes]));
  await new Promise((resolve) => {
    reader.onload = resolve;
  });
  return String(reader.result).replace(/^[^,]*,/, "");
}
