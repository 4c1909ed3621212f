/** What understands speech. */
export interface Speech {
  /** Listens to the microphone until the signal is aborted; what is heard of a sentence may change until it is final. */
  listen(options: {
    readonly track: MediaStreamTrack;
    /** As BCP 47 tag. */
    readonly language: string;
    readonly onWords: (words: string, options: { readonly isFinal: boolean }) => void;
    /** It cannot be had, and is not tried again. */
    readonly onProblem: () => void;
    readonly signal: AbortSignal;
  }): void;
}

/** What is used of the browser's interface, which TypeScript does not know everywhere. */
interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  start(track?: MediaStreamTrack): void;
  abort(): void;
}

interface RecognitionEvent extends Event {
  readonly resultIndex: number;
  readonly results: ArrayLike<ArrayLike<{ readonly transcript: string }> & { readonly isFinal: boolean }>;
}

/** After these nothing will come, however often it is tried. */
const HOPELESS: ReadonlySet<string> = new Set([
  "not-allowed",
  "service-not-allowed",
  "language-not-supported",
  "network",
]);
/** It ends by itself when nobody speaks for a while; so soon after another end it is not begun again. */
const PAUSE_MS = 1_000;

/** The browser's own recognition of speech; undefined where there is none. */
export function browserSpeech(): Speech | undefined {
  const { SpeechRecognition, webkitSpeechRecognition } = globalThis as {
    SpeechRecognition?: new () => Recognition;
    webkitSpeechRecognition?: new () => Recognition;
  };
  const Constructor = SpeechRecognition ?? webkitSpeechRecognition;
  if (Constructor === undefined) return undefined;
  return {
    listen: ({ track, language, onWords, onProblem, signal }) => {
      const recognition = new Constructor();
      Object.assign(recognition, { lang: language, continuous: true, interimResults: true });
      const begin = () => {
        if (!signal.aborted) recognition.start(track);
      };
      recognition.addEventListener("result", (event) => tell(event as RecognitionEvent, onWords), { signal });
      recognition.addEventListener("end", () => setTimeout(begin, PAUSE_MS), { signal });
      recognition.addEventListener(
        "error",
        (event) => {
          if (HOPELESS.has((event as Event & { readonly error: string }).error)) onProblem();
        },
        { signal },
      );
      signal.addEventListener("abort", () => recognition.abort(), { once: true });
      begin();
    },
  };
}

function tell(
  { resultIndex, results }: RecognitionEvent,
  onWords: (words: string, options: { readonly isFinal: boolean }) => void,
): void {
  for (const result of Array.from(results).slice(resultIndex)) {
    onWords(result[0]?.transcript ?? "", { isFinal: result.isFinal });
  }
}
