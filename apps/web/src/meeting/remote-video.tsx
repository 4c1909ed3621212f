import { useEffect, useRef } from "preact/hooks";
import type { Meeting } from "../room/meeting.ts";

/** The element on which the room draws one track of somebody else. */
export function RemoteVideo(props: {
  readonly trackKey: string;
  readonly meeting: Pick<Meeting, "room" | "posters">;
  /** Called with the first picture, and when its shape changes. */
  readonly onAspect: (aspect: number) => void;
}) {
  const element = useRef<HTMLVideoElement>(null);
  const isShowing = useRef(false);
  const { trackKey, onAspect } = props;
  const { room, posters } = props.meeting;
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
      if (isShowing.current) posters.keep(trackKey, video);
      detach();
    };
  }, [room, trackKey]);
  return <video ref={element} muted playsInline disablePictureInPicture onResize={tellAspect} />;
}
