/**
 * What we let come of the others' pictures: "automatic" as large as they are shown and as our connection carries, "saving" of
 * each the smallest size that is offered, "sound-only" none.
 */
export type Reception = "automatic" | "saving" | "sound-only";
