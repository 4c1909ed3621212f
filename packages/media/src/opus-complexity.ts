/**
 * How hard the encoder of Opus tries, 0 to 10. 5 is what WebRTC's own encoder takes where processors are weak: about half
 * the time of 10, and at 32 kbit/s hardly a difference to hear.
 */
export const OPUS_COMPLEXITY = 5;
