type Run = () => number | Promise<number>

/** A case that is made ready with its first run, in its own process. */
export function prepared(make: () => Run | Promise<Run>): () => Promise<number> {
  let run: Run | undefined
  return async () => (run ??= await make())()
}
