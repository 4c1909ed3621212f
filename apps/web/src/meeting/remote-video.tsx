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
  const isShowing = useRef(false);
  const { room, trackKey, onAspect } = props;
  const tellAspect = () => {
    const { videoWidth = 0, videoHeight = 0 } = element.current ?? {};
    if (isShowing.current && videoWidth > 0 && videoHeight > 0) onAspect(videoWidth / videoHeight);
  };
  useEffect(() => {
    const video = element.current;
    if (!video) return;
    // The size is known before anything can be seen: until the first picture is on the screen, the initials stay.
    const request = video.requestVideoFrameCallback(() => {
      isShowing.current = true;
      tellAspect();
    });
    const detach = room.attachVideo(trackKey, video);
    return () => {
      video.cancelVideoFrameCallback(request);
      detach();
    };
  }, [room, trackKey]);
  return <video ref={element} muted playsInline disablePictureInPicture onResize={tellAspect} />;
}
