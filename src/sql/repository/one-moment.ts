/** Types of days and times that are written in several ways. */
export type MomentType = 'date' | 'timestamp' | 'timestamptz' | 'time' | 'timetz'

export interface MomentColumn {
  readonly type: MomentType
  /** Digits after the seconds. */
  readonly precision: number
}

const day = /(\d{4})-(\d\d?)-(\d\d?)/
const clock = /(\d\d?):(\d\d?)(?::(\d\d?)(?:\.(\d+))?)?/
const zone = /(Z|[+-]\d\d(?::?\d\d)?)/
const timePattern = new RegExp(`^${clock.source}$`)
const momentPattern = new RegExp(`^${day.source}(?:[T ]${clock.source} ?${zone.source}?)?$`, 'i')

/** One text for all texts of one moment; undefined for one that is written in a way that is not known, or is rounded. */
export function oneMoment(text: string, { type, precision }: MomentColumn): string | undefined {
  if (type === 'timetz') return undefined
  if (type === 'time') {
    const [found, ...parts] = timePattern.exec(text) ?? []
    return found === undefined ? undefined : oneTime(parts, precision)
  }
  const [found, year, month, date, ...rest] = momentPattern.exec(text) ?? []
  if (found === undefined || year === undefined || month === undefined || date === undefined) return undefined
  // A day has no time, whatever is written after it.
  const time = rest[0] === undefined || type === 'date' ? '00:00:00' : oneTime(rest, precision)
  const iso = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
  // There is a year 0 in JavaScript, and there are 31 days in each month.
  const midnight = new Date(`${iso}T00:00:00Z`)
  const isDay = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(iso) && year !== '0000'
  if (!isDay || time === undefined) return undefined
  if (type === 'date') return iso
  // Without a time zone the database does not heed the one that is written; with one, none means its own setting.
  if (type === 'timestamp') return `${iso} ${time}`
  return rest[4] === undefined ? undefined : inUtc(iso, time, rest[4])
}

/** @param parts Hours, minutes, seconds and the digits after them */
function oneTime(parts: readonly (string | undefined)[], precision: number): string | undefined {
  const [hours = '', minutes = '', seconds = '0', digits = ''] = parts
  const fraction = digits.replace(/0+$/, '')
  const isTime = Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60 && fraction.length <= precision
  if (!isTime) return undefined
  const shown = [hours, minutes, seconds].map((part) => part.padStart(2, '0')).join(':')
  return fraction === '' ? shown : `${shown}.${fraction}`
}

function inUtc(iso: string, time: string, offset: string): string {
  const [clockTime, fraction = '0'] = time.split('.', 2)
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset) ?? []
  const away = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1)
  return `${new Date(`${iso}T${clockTime}Z`).getTime() - away}.${fraction}`
}
