import type { AttributeValue, Item } from './attribute-values.ts'

const encoder = new TextEncoder()

/**
 * The size of an item as DynamoDB counts it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  let bytes = 0
  for (const [name, value] of Object.entries(item)) bytes += textBytes(name) + valueBytes(value)
  return bytes
}

function valueBytes(value: AttributeValue): number {
  const [[type, inner] = ['NULL', true]] = Object.entries(value)
  switch (type) {
    case 'S':
      return textBytes(String(inner))
    case 'N':
      return numberBytes(String(inner))
    case 'B':
      return (inner as Uint8Array).length
    case 'L':
      return (inner as readonly AttributeValue[]).reduce((sum, each) => sum + 1 + valueBytes(each), 3)
    case 'M':
      return 3 + Object.keys(inner as Item).length + itemBytes(inner as Item)
    default:
      return 1
  }
}

/** One byte for two digits that count, and one more. */
function numberBytes(number: string): number {
  const [digits = ''] = number.toLowerCase().split('e')
  const significant = digits.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length
  return Math.min(21, Math.ceil(significant / 2) + 1 + (number.startsWith('-') ? 1 : 0))
}

function textBytes(text: string): number {
  return encoder.encode(text).length
}
