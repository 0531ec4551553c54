/** 64 MiB, as much as a call may send: an edge runtime may have 128 MiB, and rows take more than their bytes. */
export const defaultMaxAnswerBytes = 64 * 1024 * 1024

/** Most open connections of a pool; over Neon, of a session. */
export const defaultPoolSize = 20
