/** Resolves after so many milliseconds, and cannot be stopped. */
export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
