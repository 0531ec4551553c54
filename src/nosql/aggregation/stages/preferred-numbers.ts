/** Two significant digits hold the series up to 24 values a decade, three the finer ones. */
const series = {
  R5: [10, 16, 25, 40, 63],
  R10: [100, 125, 160, 200, 250, 315, 400, 500, 630, 800],
  R20: [100, 112, 125, 140, 160, 180, 200, 224, 250, 280, 315, 355, 400, 450, 500, 560, 630, 710, 800, 900],
  R40: [
    100, 106, 112, 118, 125, 132, 140, 150, 160, 170, 180, 190, 200, 212, 224, 236, 250, 265, 280, 300, 315, 355, 375,
    400, 425, 450, 475, 500, 530, 560, 600, 630, 670, 710, 750, 800, 850, 900, 950,
  ],
  R80: [
    103, 109, 115, 122, 128, 136, 145, 155, 165, 175, 185, 195, 206, 218, 230, 243, 258, 272, 290, 307, 325, 345, 365,
    387, 412, 437, 462, 487, 515, 545, 575, 615, 650, 690, 730, 775, 825, 875, 925, 975,
  ],
  '1-2-5': [10, 20, 50],
  E6: [10, 15, 22, 33, 47, 68],
  E12: [10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82],
  E24: [10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30, 33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91],
  E48: geometric(48),
  E96: geometric(96),
  E192: geometric(192),
} as const

/** `10^(i/n)` in three digits, which is how IEC 60063 defines E48 to E192, but for one value. */
function geometric(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    const value = Math.round(100 * 10 ** (index / count))
    return value === 919 ? 920 : value
  })
}

/** A series of preferred numbers, or powers of two. */
export type Granularity = keyof typeof series | 'POWERSOF2'

/** @see https://en.wikipedia.org/wiki/Preferred_number */
export function isGranularity(name: string): name is Granularity {
  return name === 'POWERSOF2' || Object.hasOwn(series, name)
}

/** The smallest number of the series above a non-negative number; zero stays zero. */
export function nextBoundary(value: number, granularity: Granularity): number {
  if (value === 0 || !Number.isFinite(value)) return value
  if (granularity === 'POWERSOF2') return 2 ** (Math.floor(exactLog2(value)) + 1)
  const base = series[granularity]
  const first = base[0]
  const last = base.at(-1) as number
  let scale = 1
  while (value >= last * scale) scale *= 10
  let above = 0
  while (value < first * scale) {
    above = first * scale
    scale /= 10
    if (value >= last * scale) return above
  }
  return (base.find((step) => step * scale > value) as number) * scale // the value is below the last step
}

/** The largest number of the series below a non-negative number; zero stays zero. */
export function previousBoundary(value: number, granularity: Granularity): number {
  if (value === 0 || !Number.isFinite(value)) return value
  if (granularity === 'POWERSOF2') return 2 ** (Math.ceil(exactLog2(value)) - 1)
  const base = series[granularity]
  const first = base[0]
  const last = base.at(-1) as number
  let scale = 1
  while (value <= first * scale) scale /= 10
  let below = 0
  while (value > last * scale) {
    below = last * scale
    scale *= 10
    if (value <= first * scale) return below
  }
  return (base.findLast((step) => step * scale < value) as number) * scale // the value is above the first step
}

/** `Math.log2` may miss a whole number by an ulp. */
function exactLog2(value: number): number {
  const log = Math.log2(value)
  const whole = Math.round(log)
  return 2 ** whole === value ? whole : log
}
