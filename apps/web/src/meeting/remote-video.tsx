import type { BrowserRoom } from "@mqtt-meet/sdk/browser";
import { useEffect, useRef } from "preact/hooks";

/** The element on which the room draws one track of somebody else. */
export function RemoteVideo(props: {
  readonly trackKey: string;
  readonly room: Pick<BrowserRoom, "attachVideo">;
  /** Called with the first picture, and when its shape changes. */
  readonly onAspect: (aspect: number) => void;
}) {
  const element = useRef<HTMLVideoElement>(null);
  const { room, trackKey, onAspect } = props;
  useEffect(() => {
    const video = element.current;
    return video ? room.attachVideo(trackKey, video) : undefined;
  }, [room, trackKey]);
  const tellAspect = () => {
    const { videoWidth = 0, videoHeight = 0 } = element.current ?? {};
    if (videoWidth > 0 && videoHeight > 0) onAspect(videoWidth / videoHeight);
  };
  return (
    <video ref={element} muted playsInline disablePictureInPicture onLoadedData={tellAspect} onResize={tellAspect} />
  );
}
