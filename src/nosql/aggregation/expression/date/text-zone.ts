/** Hours east of UTC of the zones that a text may name; each letter alone is one too. */
const HOURS: Readonly<Record<string, number>> = {
  utc: 0,
  gmt: 0,
  wet: 0,
  west: 1,
  bst: 1,
  cet: 1,
  cest: 2,
  eet: 2,
  eest: 3,
  msk: 3,
  jst: 9,
  aest: 10,
  aedt: 11,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
  akst: -9,
  akdt: -8,
  hst: -10,
}

/** Letters of military zones: A is one hour east of UTC, J is not used, N is one hour west. */
const EAST = 'zabcdefghiklm'
const WEST = 'znopqrstuvwxy'

const HOUR = 3_600_000
const MINUTE = 60_000

/**
 * Milliseconds east of UTC of a zone such as `Z`, `EST`, `+hh`, `+hhmm` or `GMT+hh:mm`; undefined for an unknown name.
 */
export function zoneOffset(text: string): number | undefined {
  const name = text.replace(/^[ \t(]*(?:GMT(?=[+-]))?|\)+$/g, '')
  const match = /^([+-])(?:(\d\d?)|(\d\d?):(\d\d?)|(\d{1,2}?)(\d\d)|(\d\d):?(\d\d):?(\d\d))$/.exec(name)
  if (match !== null) {
    const [, sign, ...parts] = match
    const [hours = 0, minutes = 0, seconds = 0] = parts.filter((part) => part !== undefined).map(Number)
    return (sign === '-' ? -1 : 1) * (hours * HOUR + minutes * MINUTE + seconds * 1000)
  }
  const known = name.toLowerCase()
  if (known.length === 1) {
    const east = EAST.indexOf(known)
    const west = WEST.indexOf(known)
    return east >= 0 ? east * HOUR : west >= 0 ? -west * HOUR : undefined
  }
  const hours = Object.hasOwn(HOURS, known) ? HOURS[known] : undefined
  return hours === undefined ? undefined : hours * HOUR
}
