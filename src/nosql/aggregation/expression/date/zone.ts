import type { Meter } from '../../../query/meter.ts'
import { fail } from '../failure.ts'
import { typeName } from '../kinds.ts'
import type { Result } from '../scope.ts'

/** Milliseconds to add to UTC for the local time of a zone at a moment. */
export interface Zone {
  (utc: number): number
  /** Set for UTC itself, and for an offset of nothing: the zone where no other is named. */
  readonly isUtc?: true
}

export const UTC: Zone = Object.assign(() => 0, { isUtc: true as const })

/** Reads time zones, remembering those it met: a formatter is slow to make. One per compiled operator. */
export type ZoneReader = (id: Result, meter: Meter) => Zone

const MOST_ZONES = 64
/** What it takes to make a formatter of a named zone, which holds tables that JavaScript does not see. */
const ZONE_STEPS = 5000
const ZONE_BYTES = 50_000

export function zoneReader(): ZoneReader {
  const known = new Map<string, Zone>()
  return (id, meter) => {
    if (typeof id !== 'string') return fail(40517, `a time zone must be a string, not ${typeName(id)}`)
    let zone = known.get(id)
    if (zone === undefined) {
      zone = fixedZone(id)
      if (zone === undefined) {
        meter.work(ZONE_STEPS)
        meter.holdBytes(ZONE_BYTES)
        zone = namedZone(id)
      }
      if (known.size >= MOST_ZONES) known.clear()
      known.set(id, zone)
    }
    return zone
  }
}

/** `UTC`, `GMT`, `+hh`, `+hhmm` and `+hh:mm`. */
function fixedZone(id: string): Zone | undefined {
  if (id === 'UTC') return UTC
  if (id === 'GMT') return () => 0
  const match = /^([+-])(\d\d)(?::?(\d\d))?$/.exec(id)
  if (match === null) return undefined
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
  const offset = (match[1] === '-' ? -minutes : minutes) * 60_000
  return offset === 0 ? UTC : () => offset
}

/** An Olson name, as the platform's own time zone data knows it. Upper and lower case count, as in MongoDB. */
function namedZone(id: string): Zone {
  const format = formatter(id)
  const canonical = format?.resolvedOptions().timeZone ?? ''
  const misspelt = canonical !== id && canonical.toLowerCase() === id.toLowerCase()
  if (format === undefined || misspelt || !/^[A-Z]/.test(id) || /^[A-Z]{4,}\//.test(id)) {
    return fail(
      40485,
      'a time zone must be a known name or an offset',
      'Use an Olson name such as Europe/Paris, or an offset such as +02:00.',
    )
  }
  return remembering((utc) => offsetAt(format, utc))
}

function offsetAt(format: Intl.DateTimeFormat, utc: number): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(utc)) parts[type] = Number(value)
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts
  const local = new Date(0)
  local.setUTCFullYear(utc < YEAR_ONE ? 1 - year : year, month - 1, day)
  local.setUTCHours(hour, minute, second)
  return local.getTime() - Math.floor(utc / 1000) * 1000
}

const QUARTER_HOUR = 900_000
const MOST_QUARTERS = 512
/** Since then, clocks change at quarters of an hour only. */
const YEAR_1972 = 63_072_000_000

/** Asking the platform takes microseconds; dates that are computed together are often near each other. */
function remembering(ask: Zone): Zone {
  const known = new Map<number, number>()
  return (utc) => {
    const quarter = Math.floor(utc / QUARTER_HOUR)
    const found = known.get(quarter)
    if (found !== undefined) return found
    const offset = ask(utc)
    if (known.size >= MOST_QUARTERS) known.clear()
    if (utc >= YEAR_1972) known.set(quarter, offset)
    return offset
  }
}

/** Before it, the platform counts years backwards. */
const YEAR_ONE = -62_135_596_800_000

function formatter(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return undefined
  }
}

const DAY = 86_400_000

/** The moment at which a zone's clocks show `local`; an hour that is skipped moves on, one that repeats is the first. */
export function toUtc(local: number, zone: Zone): number {
  const before = zone(local - DAY)
  if (zone(local - before) === before) return local - before
  const after = zone(local + DAY)
  return zone(local - after) === after ? local - after : local - before
}
