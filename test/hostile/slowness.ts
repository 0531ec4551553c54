/** Milliseconds of a processor that the work below takes on the machine for which the limits were chosen. */
const usual = 60

/**
 * How many times longer this machine needs for large objects than the one for which the limits were chosen; at least 1.
 * Virtual machines differ by a factor of two, mostly in their memory.
 */
export function slowness(): number {
  const measured = Array.from({ length: 3 }, () => processorTimeOf(useLargeObjects))
  return Math.max(1, Math.min(...measured) / usual)
}

function processorTimeOf(work: () => unknown): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

/** Of the kind that hostile input causes: objects of many fields are made, copied and walked. */
function useLargeObjects(): unknown {
  const made = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`f${index}`, { value: index }]))
  const copied = Object.fromEntries(Object.entries(made).map(([name, { value }]) => [name, { value }]))
  return Object.values(copied).reduce((sum, { value }) => sum + value, 0)
}
