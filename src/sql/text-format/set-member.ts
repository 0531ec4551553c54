/** Sets a member of the row's own, also one called `__proto__`, which assignment would turn into the prototype. */
export function setMember(row: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(row, name, { value, configurable: true, enumerable: true, writable: true })
  } else row[name] = value
}
