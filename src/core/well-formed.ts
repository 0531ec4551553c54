/** Whether a text is proper Unicode: no half of a surrogate pair stands alone in it. */
export function isWellFormed(text: string): boolean {
  return text.isWellFormed()
}
