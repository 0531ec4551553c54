const minute = 60_000
const hour = 60 * minute

/** A duration, with as many digits as can be compared at a glance. */
export function duration(milliseconds: number): string {
  if (milliseconds === 0) return '0 ms'
  if (milliseconds < 1) return `${milliseconds.toFixed(2)} ms`
  if (milliseconds < 100) return `${milliseconds.toFixed(1)} ms`
  if (milliseconds < 1000) return `${milliseconds.toFixed(0)} ms`
  if (milliseconds < 100_000) return `${(milliseconds / 1000).toFixed(2)} s`
  if (milliseconds < 100 * minute) return `${(milliseconds / minute).toFixed(1)} min`
  if (milliseconds < 100 * hour) return `${(milliseconds / hour).toFixed(1)} h`
  return `${Math.round(milliseconds / (24 * hour)).toLocaleString()} days`
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })

export function timeOfDay(milliseconds: number): string {
  return clock.format(milliseconds)
}

export function count(value: number, one: string, many = `${one}s`): string {
  return `${value.toLocaleString()} ${value === 1 ? one : many}`
}
