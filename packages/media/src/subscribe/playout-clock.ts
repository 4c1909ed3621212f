/**
 * One for all tracks of a participant: which of its moments is played now. Sound leads, because ears notice more;
 * pictures are shown when the sound of their moment is heard, within what nobody notices.
 */
export class PlayoutClock {}
