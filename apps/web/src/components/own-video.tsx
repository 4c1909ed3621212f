import { useEffect, useRef } from "preact/hooks";

/** A camera of our own, straight from the browser. */
export function OwnVideo({ track, label }: { readonly track: MediaStreamTrack; readonly label: string }) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (!video) return;
    video.srcObject = new MediaStream([track]);
    return () => {
      video.srcObject = null;
    };
  }, [track]);
  return <video ref={element} aria-label={label} muted autoPlay playsInline disablePictureInPicture />;
}
