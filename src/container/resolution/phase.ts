/** In use. */
export const OPEN = 0
/** In use by an answered request: no caller will end it, so it may make nothing that has to be released. */
export const ANSWERED = 1
/** Resolves nothing any more; waits for what is still in the making. */
export const ENDED = 2
/** Its instances are being released or were: whatever arrives now has to be released by who made it. */
export const RELEASED = 3

/** How far a scope has come in its life; numbers, because every creation compares it. */
export type Phase = typeof OPEN | typeof ANSWERED | typeof ENDED | typeof RELEASED
